-- Scores, moderated scores, and the evaluators' declarations.

-- An evaluator's declaration to have no conflict of interest with this bid; without it nothing is scored.
CREATE TABLE conflict_declarations (
    bid_id UUID NOT NULL REFERENCES bids (id),
    evaluator_id UUID NOT NULL REFERENCES people (id),
    declared_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (bid_id, evaluator_id)
);
CREATE INDEX conflict_declarations_by_evaluator ON conflict_declarations (evaluator_id);

CREATE TABLE scores (
    bid_id UUID NOT NULL REFERENCES bids (id),
    criterion_id UUID NOT NULL REFERENCES criteria (id),
    evaluator_id UUID NOT NULL REFERENCES people (id),
    score INTEGER NOT NULL CHECK (score >= 0 AND score <= 5),
    reason TEXT NOT NULL,
    scored_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (bid_id, criterion_id, evaluator_id)
);
CREATE INDEX scores_by_criterion ON scores (criterion_id);
CREATE INDEX scores_by_evaluator ON scores (evaluator_id);

CREATE TABLE moderated_scores (
    bid_id UUID NOT NULL REFERENCES bids (id),
    criterion_id UUID NOT NULL REFERENCES criteria (id),
    score INTEGER NOT NULL CHECK (score >= 0 AND score <= 5),
    reason TEXT NOT NULL,
    moderated_by UUID NOT NULL REFERENCES people (id),
    moderated_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (bid_id, criterion_id)
);
CREATE INDEX moderated_scores_by_criterion ON moderated_scores (criterion_id);
CREATE INDEX moderated_scores_by_moderator ON moderated_scores (moderated_by);
