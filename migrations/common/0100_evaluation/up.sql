-- Scores, moderated scores, and the evaluators' declarations.

CREATE TABLE conflict_declarations (
    id UUID NOT NULL PRIMARY KEY,
    placement_request_id UUID NOT NULL REFERENCES placement_requests (id),
    evaluator_id UUID NOT NULL REFERENCES people (id),
    no_conflict_of_interest BOOLEAN NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    UNIQUE (placement_request_id, evaluator_id)
);
CREATE INDEX conflict_declarations_by_evaluator ON conflict_declarations (evaluator_id);

CREATE TABLE scores (
    id UUID NOT NULL PRIMARY KEY,
    bid_id UUID NOT NULL REFERENCES bids (id),
    criterion_id UUID NOT NULL REFERENCES criteria (id),
    evaluator_id UUID NOT NULL REFERENCES people (id),
    score INTEGER NOT NULL CHECK (score >= 0 AND score <= 5),
    reason TEXT NOT NULL,
    scored_at TIMESTAMPTZ NOT NULL,
    version BIGINT NOT NULL DEFAULT 1,
    UNIQUE (bid_id, criterion_id, evaluator_id)
);
CREATE INDEX scores_by_criterion ON scores (criterion_id);
CREATE INDEX scores_by_evaluator ON scores (evaluator_id);

CREATE TABLE moderated_scores (
    id UUID NOT NULL PRIMARY KEY,
    bid_id UUID NOT NULL REFERENCES bids (id),
    criterion_id UUID NOT NULL REFERENCES criteria (id),
    score INTEGER NOT NULL CHECK (score >= 0 AND score <= 5),
    reason TEXT NOT NULL,
    moderated_by UUID NOT NULL REFERENCES people (id),
    moderated_at TIMESTAMPTZ NOT NULL,
    version BIGINT NOT NULL DEFAULT 1,
    UNIQUE (bid_id, criterion_id)
);
CREATE INDEX moderated_scores_by_criterion ON moderated_scores (criterion_id);
CREATE INDEX moderated_scores_by_moderator ON moderated_scores (moderated_by);
