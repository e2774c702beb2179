-- Individual placement agreements and their terms.

CREATE TABLE placements (
    id UUID NOT NULL PRIMARY KEY,
    award_id UUID NOT NULL UNIQUE REFERENCES awards (id),
    placement_request_id UUID NOT NULL REFERENCES placement_requests (id),
    framework_id UUID NOT NULL REFERENCES frameworks (id),
    lot_id UUID NOT NULL REFERENCES lots (id),
    home_id UUID NOT NULL REFERENCES homes (id),
    -- The home's, as agreed.
    ofsted_urn TEXT NOT NULL,
    provider_id UUID NOT NULL REFERENCES organisations (id),
    authority_id UUID NOT NULL REFERENCES organisations (id),
    -- Where the places come from, and how many.
    vacancy_id UUID NOT NULL REFERENCES vacancies (id),
    places INTEGER NOT NULL CHECK (places >= 1),
    -- NULL for a spot purchase, which stands on its own.
    contract_version_id UUID REFERENCES contract_versions (id),
    state TEXT NOT NULL CHECK (state IN ('agreed', 'started', 'ended')),
    -- As agreed; started_on is the day on which it did.
    starts_on DATE NOT NULL,
    started_on DATE CHECK (state <> 'agreed' OR started_on IS NULL),
    -- An agreed placement may end without having started.
    ended_on DATE CHECK ((ended_on IS NULL) = (state <> 'ended') AND (started_on IS NULL OR ended_on >= started_on)),
    end_reason TEXT CHECK (end_reason IN (
        'CARPL', 'CLOSE', 'ALLEG', 'STAND', 'APPRR', 'CREQB', 'CREQO', 'CHILD', 'LAREQ', 'PLACE', 'CUSTOD', 'OTHER')),
    created_at TIMESTAMPTZ NOT NULL,
    version BIGINT NOT NULL DEFAULT 1,
    CHECK (state <> 'started' OR started_on IS NOT NULL),
    CHECK ((ended_on IS NULL) = (end_reason IS NULL))
);
CREATE INDEX placements_by_request ON placements (placement_request_id);
CREATE INDEX placements_by_framework ON placements (framework_id, id);
CREATE INDEX placements_by_lot ON placements (lot_id);
CREATE INDEX placements_by_home ON placements (home_id, id);
CREATE INDEX placements_current ON placements (home_id) WHERE state <> 'ended';
CREATE INDEX placements_by_provider ON placements (provider_id, id);
CREATE INDEX placements_by_authority ON placements (authority_id, id);
CREATE INDEX placements_by_vacancy ON placements (vacancy_id);
CREATE INDEX placements_by_contract_version ON placements (contract_version_id);

-- The terms: number 1 is what was agreed, each later one a dated variation with its reason. Pence a week.
-- Never rewritten (triggers in the migrations of each engine).
CREATE TABLE placement_terms (
    id UUID NOT NULL PRIMARY KEY,
    placement_id UUID NOT NULL REFERENCES placements (id),
    number INTEGER NOT NULL CHECK (number >= 1),
    effective_on DATE NOT NULL,
    core BIGINT NOT NULL CHECK (core >= 0),
    additional_support BIGINT NOT NULL CHECK (additional_support >= 0),
    education BIGINT NOT NULL CHECK (education >= 0),
    other BIGINT NOT NULL CHECK (other >= 0),
    weekly_total BIGINT NOT NULL CHECK (weekly_total = core + additional_support + education + other),
    -- Who pays, in percent of the weekly total.
    funding_social_care INTEGER NOT NULL CHECK (funding_social_care >= 0),
    funding_education INTEGER NOT NULL CHECK (funding_education >= 0),
    funding_health INTEGER NOT NULL CHECK (funding_health >= 0),
    reason TEXT CHECK (number = 1 OR reason IS NOT NULL),
    -- The agreement as it reads from these terms on, and its SHA-256 in lower-case hex.
    agreement TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    recorded_by UUID NOT NULL REFERENCES people (id),
    created_at TIMESTAMPTZ NOT NULL,
    UNIQUE (placement_id, number),
    CHECK (funding_social_care + funding_education + funding_health = 100)
);
CREATE INDEX placement_terms_by_person ON placement_terms (recorded_by);
