-- Frameworks, lots, quality standards, contract versions.

CREATE TABLE frameworks (
    id UUID NOT NULL PRIMARY KEY,
    cooperative_id UUID NOT NULL REFERENCES organisations (id),
    reference TEXT NOT NULL,
    title TEXT NOT NULL,
    procurement_route TEXT NOT NULL CHECK (procurement_route IN (
        'pcr2015_dps', 'pcr2015_light_touch_dps', 'pa2023_dynamic_market', 'pa2023_open_framework', 'pa2023_framework',
        'block_contract', 'direct_award_user_choice', 'direct_award_urgency', 'direct_award_other', 'spot')),
    state TEXT NOT NULL CHECK (state IN ('draft', 'open', 'suspended', 'closed')),
    -- Why it is suspended; only then there is a reason.
    suspended_reason TEXT CHECK ((state = 'suspended') = (suspended_reason IS NOT NULL)),
    starts_on DATE NOT NULL,
    ends_on DATE NOT NULL CHECK (ends_on >= starts_on),
    admission TEXT NOT NULL CHECK (admission IN ('continuous', 'windowed')),
    -- The days on which a windowed framework takes applications, both included; NULL while they are not known.
    applications_open_on DATE CHECK (admission = 'windowed' OR applications_open_on IS NULL),
    applications_close_on DATE CHECK (applications_close_on >= applications_open_on),
    -- JSON: the rules that the route leaves to the cooperative.
    policy TEXT NOT NULL,
    opened_at TIMESTAMPTZ,
    closed_at TIMESTAMPTZ,
    created_at TIMESTAMPTZ NOT NULL,
    version BIGINT NOT NULL DEFAULT 1,
    UNIQUE (cooperative_id, reference)
);
CREATE INDEX frameworks_by_cooperative ON frameworks (cooperative_id, id);
CREATE INDEX frameworks_by_state ON frameworks (state, id);

CREATE TABLE lots (
    id UUID NOT NULL PRIMARY KEY,
    framework_id UUID NOT NULL REFERENCES frameworks (id),
    code TEXT NOT NULL,
    title TEXT NOT NULL,
    placement_type TEXT NOT NULL CHECK (placement_type IN ('Foster', 'Residential', 'SupportedAccommodation')),
    -- A set of provision types: bit n for the n-th of the code list.
    provision_types INTEGER NOT NULL CHECK (provision_types > 0),
    -- Ceilings in pence a week; NULL where there is none.
    weekly_ceiling BIGINT CHECK (weekly_ceiling >= 0),
    core_ceiling BIGINT CHECK (core_ceiling >= 0),
    additional_support_ceiling BIGINT CHECK (additional_support_ceiling >= 0),
    education_ceiling BIGINT CHECK (education_ceiling >= 0),
    other_ceiling BIGINT CHECK (other_ceiling >= 0),
    created_at TIMESTAMPTZ NOT NULL,
    version BIGINT NOT NULL DEFAULT 1,
    UNIQUE (framework_id, code)
);
CREATE INDEX lots_by_framework ON lots (framework_id, id);

CREATE TABLE quality_standards (
    id UUID NOT NULL PRIMARY KEY,
    framework_id UUID NOT NULL REFERENCES frameworks (id),
    code TEXT NOT NULL,
    title TEXT NOT NULL,
    requirement TEXT NOT NULL,
    applies_to TEXT NOT NULL CHECK (applies_to IN ('provider', 'home')),
    evidence TEXT NOT NULL CHECK (evidence IN ('statement', 'document')),
    mandatory BOOLEAN NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    version BIGINT NOT NULL DEFAULT 1,
    UNIQUE (framework_id, code)
);
CREATE INDEX quality_standards_by_framework ON quality_standards (framework_id, id);

-- Published text is never edited (triggers in the migrations of each engine).
CREATE TABLE contract_versions (
    id UUID NOT NULL PRIMARY KEY,
    framework_id UUID NOT NULL REFERENCES frameworks (id),
    number INTEGER NOT NULL CHECK (number >= 1),
    title TEXT NOT NULL,
    text TEXT NOT NULL,
    sha256 TEXT NOT NULL CHECK (length(sha256) = 64),
    effective_on DATE NOT NULL,
    published_by UUID NOT NULL REFERENCES people (id),
    created_at TIMESTAMPTZ NOT NULL,
    UNIQUE (framework_id, number)
);
CREATE INDEX contract_versions_by_framework ON contract_versions (framework_id, id);
CREATE INDEX contract_versions_in_force ON contract_versions (framework_id, effective_on, number);
CREATE INDEX contract_versions_by_publisher ON contract_versions (published_by);
