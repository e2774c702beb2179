-- Provider profiles, applications to lots, admissions, accepted contract versions.

-- What a provider says of itself beside its name and numbers, once for every cooperative. There is no row until it says something.
CREATE TABLE provider_profiles (
    provider_id UUID NOT NULL PRIMARY KEY REFERENCES organisations (id),
    about TEXT,
    website TEXT,
    telephone TEXT,
    -- Its insurance as told last: all three, or none.
    insurance_policy_number TEXT CHECK ((insurance_policy_number IS NULL) = (insurance_expires_on IS NULL)),
    -- What the insurance covers, in pence.
    insurance_cover BIGINT CHECK (insurance_cover >= 0),
    insurance_expires_on DATE CHECK ((insurance_expires_on IS NULL) = (insurance_cover IS NULL)),
    version BIGINT NOT NULL DEFAULT 1
);

CREATE TABLE applications (
    id UUID NOT NULL PRIMARY KEY,
    framework_id UUID NOT NULL REFERENCES frameworks (id),
    provider_id UUID NOT NULL REFERENCES organisations (id),
    state TEXT NOT NULL CHECK (state IN ('draft', 'submitted', 'returned', 'decided', 'withdrawn')),
    no_exclusion_grounds BOOLEAN NOT NULL,
    insurance_policy_number TEXT,
    -- What the insurance covers, in pence.
    insurance_cover BIGINT CHECK (insurance_cover >= 0),
    insurance_expires_on DATE,
    accepted_contract_version_id UUID REFERENCES contract_versions (id),
    created_by UUID NOT NULL REFERENCES people (id),
    submitted_by UUID REFERENCES people (id),
    submitted_at TIMESTAMPTZ,
    -- Ten working days after submission.
    decision_due_on DATE,
    returned_reason TEXT,
    decided_by UUID REFERENCES people (id),
    decided_at TIMESTAMPTZ,
    created_at TIMESTAMPTZ NOT NULL,
    version BIGINT NOT NULL DEFAULT 1
);
-- One application of a provider to a framework is under way at a time.
CREATE UNIQUE INDEX applications_one_live ON applications (framework_id, provider_id) 
    WHERE state IN ('draft', 'submitted', 'returned');
CREATE INDEX applications_by_framework ON applications (framework_id, id);
CREATE INDEX applications_by_provider ON applications (provider_id, id);
CREATE INDEX applications_due ON applications (decision_due_on, id) WHERE state = 'submitted';
CREATE INDEX applications_by_contract_version ON applications (accepted_contract_version_id);
CREATE INDEX applications_by_creator ON applications (created_by);
CREATE INDEX applications_by_submitter ON applications (submitted_by);
CREATE INDEX applications_by_decider ON applications (decided_by);

CREATE TABLE application_lots (
    application_id UUID NOT NULL REFERENCES applications (id),
    lot_id UUID NOT NULL REFERENCES lots (id),
    -- NULL until decided.
    outcome TEXT CHECK (outcome IN ('admitted', 'rejected')),
    reason TEXT CHECK (outcome IS NULL OR outcome <> 'rejected' OR reason IS NOT NULL),
    PRIMARY KEY (application_id, lot_id)
);
CREATE INDEX application_lots_by_lot ON application_lots (lot_id);

CREATE TABLE application_answers (
    application_id UUID NOT NULL REFERENCES applications (id),
    standard_id UUID NOT NULL REFERENCES quality_standards (id),
    statement TEXT NOT NULL,
    PRIMARY KEY (application_id, standard_id)
);
CREATE INDEX application_answers_by_standard ON application_answers (standard_id);

CREATE TABLE admissions (
    id UUID NOT NULL PRIMARY KEY,
    provider_id UUID NOT NULL REFERENCES organisations (id),
    framework_id UUID NOT NULL REFERENCES frameworks (id),
    lot_id UUID NOT NULL REFERENCES lots (id),
    application_id UUID NOT NULL REFERENCES applications (id),
    state TEXT NOT NULL CHECK (state IN ('admitted', 'suspended', 'left', 'removed')),
    -- Why it is suspended or removed.
    reason TEXT,
    -- When a suspension ends by itself; NULL when it lasts until somebody reinstates.
    suspended_until TIMESTAMPTZ,
    -- The last day of the provider's insurance, kept beside the profile's: past it, the admission is suspended by rule.
    insurance_expires_on DATE NOT NULL,
    admitted_at TIMESTAMPTZ NOT NULL,
    version BIGINT NOT NULL DEFAULT 1
);
CREATE UNIQUE INDEX admissions_one_live ON admissions (provider_id, lot_id) WHERE state IN ('admitted', 'suspended');
CREATE INDEX admissions_by_provider ON admissions (provider_id, id);
CREATE INDEX admissions_by_framework ON admissions (framework_id, id);
CREATE INDEX admissions_by_lot ON admissions (lot_id, state, provider_id);
CREATE INDEX admissions_by_application ON admissions (application_id);
CREATE INDEX admissions_by_insurance ON admissions (insurance_expires_on, id) WHERE state IN ('admitted', 'suspended');

CREATE TABLE admission_history (
    id UUID NOT NULL PRIMARY KEY,
    admission_id UUID NOT NULL REFERENCES admissions (id),
    state TEXT NOT NULL CHECK (state IN ('admitted', 'suspended', 'left', 'removed')),
    reason TEXT,
    suspended_until TIMESTAMPTZ,
    -- NULL when a rule did it.
    changed_by UUID REFERENCES people (id),
    created_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX admission_history_by_admission ON admission_history (admission_id, id);
CREATE INDEX admission_history_by_person ON admission_history (changed_by);

CREATE TABLE contract_acceptances (
    id UUID NOT NULL PRIMARY KEY,
    provider_id UUID NOT NULL REFERENCES organisations (id),
    contract_version_id UUID NOT NULL REFERENCES contract_versions (id),
    accepted_by UUID NOT NULL REFERENCES people (id),
    accepted_at TIMESTAMPTZ NOT NULL,
    UNIQUE (provider_id, contract_version_id)
);
CREATE INDEX contract_acceptances_by_contract_version ON contract_acceptances (contract_version_id, provider_id);
CREATE INDEX contract_acceptances_by_person ON contract_acceptances (accepted_by);
