-- Sealed bids, their versions, what opening made readable, and declines.

-- The key that seals every bid of a request, wrapped by the server's key.
CREATE TABLE sealing_keys (
    placement_request_id UUID NOT NULL PRIMARY KEY REFERENCES placement_requests (id),
    wrapped_key BYTEA NOT NULL,
    created_at TIMESTAMPTZ NOT NULL
);

CREATE TABLE bids (
    id UUID NOT NULL PRIMARY KEY,
    placement_request_id UUID NOT NULL REFERENCES placement_requests (id),
    home_id UUID NOT NULL REFERENCES homes (id),
    provider_id UUID NOT NULL REFERENCES organisations (id),
    state TEXT NOT NULL CHECK (state IN (
        'draft', 'submitted', 'withdrawn', 'opened', 'non_compliant', 'compliant', 'successful', 'unsuccessful')),
    -- The newest sealed version, and the newest one submitted: what opening will open.
    sealed_version INTEGER NOT NULL CHECK (sealed_version >= 1),
    submitted_version INTEGER CHECK (submitted_version >= 1 AND submitted_version <= sealed_version),
    submitted_at TIMESTAMPTZ CHECK ((submitted_at IS NULL) = (submitted_version IS NULL)),
    -- The receipt: SHA-256 of the canonical content of the submitted version, lower-case hex.
    sha256 TEXT CHECK ((sha256 IS NULL) = (submitted_version IS NULL)),
    withdrawn_at TIMESTAMPTZ,
    opened_at TIMESTAMPTZ CHECK ((opened_at IS NULL) = (state IN ('draft', 'submitted', 'withdrawn'))),
    non_compliance_reason TEXT CHECK (state <> 'non_compliant' OR non_compliance_reason IS NOT NULL),
    created_by UUID NOT NULL REFERENCES people (id),
    created_at TIMESTAMPTZ NOT NULL,
    version BIGINT NOT NULL DEFAULT 1,
    CHECK (state IN ('draft', 'withdrawn') OR submitted_version IS NOT NULL)
);
CREATE UNIQUE INDEX bids_one_live ON bids (placement_request_id, home_id) WHERE state <> 'withdrawn';
CREATE INDEX bids_by_request ON bids (placement_request_id, id);
CREATE INDEX bids_by_request_state ON bids (placement_request_id, state);
CREATE INDEX bids_by_provider ON bids (provider_id, id);
CREATE INDEX bids_by_home ON bids (home_id, id);
CREATE INDEX bids_by_creator ON bids (created_by);

-- Every version as sealed. One that was submitted is never changed (triggers in the migrations of each engine).
CREATE TABLE bid_versions (
    bid_id UUID NOT NULL REFERENCES bids (id),
    number INTEGER NOT NULL CHECK (number >= 1),
    -- Nonce and ciphertext of the canonical content.
    sealed BYTEA NOT NULL,
    sealed_by UUID NOT NULL REFERENCES people (id),
    sealed_at TIMESTAMPTZ NOT NULL,
    submitted_at TIMESTAMPTZ,
    sha256 TEXT CHECK ((sha256 IS NULL) = (submitted_at IS NULL)),
    PRIMARY KEY (bid_id, number)
);
CREATE INDEX bid_versions_by_person ON bid_versions (sealed_by);

-- The content of a submitted bid once opened, and what is searched of it; pence a week. Never changed (triggers in the migrations of each engine).
CREATE TABLE opened_bids (
    bid_id UUID NOT NULL PRIMARY KEY REFERENCES bids (id),
    core BIGINT NOT NULL CHECK (core >= 0),
    additional_support BIGINT NOT NULL CHECK (additional_support >= 0),
    education BIGINT NOT NULL CHECK (education >= 0),
    other BIGINT NOT NULL CHECK (other >= 0),
    weekly_total BIGINT NOT NULL CHECK (weekly_total = core + additional_support + education + other),
    starts_on DATE NOT NULL,
    -- The canonical content, byte for byte what the receipt's SHA-256 is of.
    content TEXT NOT NULL,
    opened_at TIMESTAMPTZ NOT NULL
);

CREATE TABLE declines (
    id UUID NOT NULL PRIMARY KEY,
    placement_request_id UUID NOT NULL REFERENCES placement_requests (id),
    home_id UUID NOT NULL REFERENCES homes (id),
    provider_id UUID NOT NULL REFERENCES organisations (id),
    reason TEXT NOT NULL CHECK (reason IN (
        'need', 'matching', 'staffing', 'no_vacancy', 'location', 'price', 'referral_incomplete', 'inspection_risk',
        'other')),
    note TEXT,
    declined_by UUID NOT NULL REFERENCES people (id),
    created_at TIMESTAMPTZ NOT NULL,
    UNIQUE (placement_request_id, home_id)
);
CREATE INDEX declines_by_request ON declines (placement_request_id, id);
CREATE INDEX declines_by_provider ON declines (provider_id, id);
CREATE INDEX declines_by_home ON declines (home_id);
CREATE INDEX declines_by_person ON declines (declined_by);
