-- The mini-competition: the request, its criteria, questions and answers.

CREATE TABLE placement_requests (
    id UUID NOT NULL PRIMARY KEY,
    reference TEXT NOT NULL UNIQUE,
    framework_id UUID NOT NULL REFERENCES frameworks (id),
    lot_id UUID NOT NULL REFERENCES lots (id),
    authority_id UUID NOT NULL REFERENCES organisations (id),
    created_by UUID NOT NULL REFERENCES people (id),
    -- Whether bidding is open or closed is derived from bids_close_at, never stored.
    state TEXT NOT NULL
        CHECK (state IN ('draft', 'published', 'opened', 'awarded', 'completed', 'withdrawn', 'unfilled')),
    needed_by TEXT NOT NULL CHECK (needed_by IN ('Today', 'WithinFiveDays', 'MoreThanFiveDays')),
    starts_on DATE NOT NULL,
    -- NULL for a draft, and for one withdrawn or awarded directly without ever having been published.
    published_at TIMESTAMPTZ CHECK (state IN ('draft', 'withdrawn', 'awarded', 'completed') OR published_at IS NOT NULL),
    bids_close_at TIMESTAMPTZ NOT NULL,
    questions_close_at TIMESTAMPTZ NOT NULL,
    -- Points of 100.
    price_weight INTEGER NOT NULL CHECK (price_weight >= 0 AND price_weight <= 100),
    -- The child, anonymous. child_sex NULL: it does not matter.
    child_age INTEGER NOT NULL CHECK (child_age >= 0 AND child_age <= 25),
    child_sex TEXT CHECK (child_sex IN ('M', 'F')),
    siblings_to_place_with INTEGER NOT NULL CHECK (siblings_to_place_with >= 0),
    -- Where the child comes from: British National Grid, metres.
    origin_district TEXT NOT NULL,
    origin_easting INTEGER NOT NULL,
    origin_northing INTEGER NOT NULL,
    origin_precision TEXT NOT NULL CHECK (origin_precision IN ('district', 'sector', 'full')),
    origin_local_authority_code TEXT NOT NULL,
    max_distance_miles INTEGER CHECK (max_distance_miles >= 0),
    -- JSON: the placements standard's needs fields.
    needs TEXT NOT NULL,
    brief TEXT NOT NULL,
    opened_at TIMESTAMPTZ,
    opened_by UUID REFERENCES people (id),
    -- When and why it ended without a placement.
    ended_at TIMESTAMPTZ,
    ended_reason TEXT CHECK (state <> 'withdrawn' OR ended_reason IS NOT NULL),
    created_at TIMESTAMPTZ NOT NULL,
    version BIGINT NOT NULL DEFAULT 1
);
CREATE INDEX placement_requests_by_authority ON placement_requests (authority_id, id);
CREATE INDEX placement_requests_by_authority_state ON placement_requests (authority_id, state, id);
CREATE INDEX placement_requests_by_framework ON placement_requests (framework_id, id);
CREATE INDEX placement_requests_by_lot ON placement_requests (lot_id, id);
CREATE INDEX placement_requests_closing ON placement_requests (bids_close_at, id) WHERE state = 'published';
CREATE INDEX placement_requests_by_creator ON placement_requests (created_by);
CREATE INDEX placement_requests_by_opener ON placement_requests (opened_by);

-- Confidential: what screening must find in the brief and nobody outside the authority sees.
CREATE TABLE confidential_details (
    placement_request_id UUID NOT NULL PRIMARY KEY REFERENCES placement_requests (id),
    -- Encrypted JSON: the origin's full postcode and the names given.
    sealed BYTEA NOT NULL
);

CREATE TABLE criteria (
    id UUID NOT NULL PRIMARY KEY,
    placement_request_id UUID NOT NULL REFERENCES placement_requests (id),
    position INTEGER NOT NULL CHECK (position >= 1),
    title TEXT NOT NULL,
    guidance TEXT,
    -- Points of 100; with the price weight they total 100.
    weight INTEGER NOT NULL CHECK (weight >= 0 AND weight <= 100),
    UNIQUE (placement_request_id, position)
);

CREATE TABLE deadline_extensions (
    id UUID NOT NULL PRIMARY KEY,
    placement_request_id UUID NOT NULL REFERENCES placement_requests (id),
    previously_closing_at TIMESTAMPTZ NOT NULL,
    bids_close_at TIMESTAMPTZ NOT NULL,
    reason TEXT NOT NULL,
    extended_by UUID NOT NULL REFERENCES people (id),
    created_at TIMESTAMPTZ NOT NULL,
    -- A deadline is never shortened.
    CHECK (bids_close_at > previously_closing_at)
);
CREATE INDEX deadline_extensions_by_request ON deadline_extensions (placement_request_id, id);
CREATE INDEX deadline_extensions_by_person ON deadline_extensions (extended_by);

CREATE TABLE questions (
    id UUID NOT NULL PRIMARY KEY,
    placement_request_id UUID NOT NULL REFERENCES placement_requests (id),
    -- Never shown with the answer.
    provider_id UUID NOT NULL REFERENCES organisations (id),
    asked_by UUID NOT NULL REFERENCES people (id),
    text TEXT NOT NULL,
    -- The question in the words that everybody reads, where the authority had to change them.
    shown_as TEXT,
    answer TEXT,
    answered_by UUID REFERENCES people (id),
    answered_at TIMESTAMPTZ,
    created_at TIMESTAMPTZ NOT NULL,
    version BIGINT NOT NULL DEFAULT 1,
    CHECK ((answer IS NULL) = (answered_at IS NULL))
);
CREATE INDEX questions_by_request ON questions (placement_request_id, id);
CREATE INDEX questions_by_provider ON questions (provider_id);
CREATE INDEX questions_by_asker ON questions (asked_by);
CREATE INDEX questions_by_answerer ON questions (answered_by);

-- What screening found and a person let stand, with the reason.
CREATE TABLE screening_confirmations (
    id UUID NOT NULL PRIMARY KEY,
    placement_request_id UUID NOT NULL REFERENCES placement_requests (id),
    -- Where an answer was screened instead of the request's own text.
    question_id UUID REFERENCES questions (id),
    field TEXT NOT NULL,
    finding TEXT NOT NULL CHECK (finding IN ('name', 'date_of_birth', 'postcode', 'phone', 'email', 'nhs_number')),
    -- Hash of the words found, so that other words are not let through.
    found_hash TEXT NOT NULL,
    reason TEXT NOT NULL,
    confirmed_by UUID NOT NULL REFERENCES people (id),
    created_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX screening_confirmations_by_request ON screening_confirmations (placement_request_id, id);
CREATE INDEX screening_confirmations_by_question ON screening_confirmations (question_id);
CREATE INDEX screening_confirmations_by_person ON screening_confirmations (confirmed_by);
