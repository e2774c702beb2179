-- What the cooperative finds of an application, standard by standard.

CREATE TABLE application_findings (
    application_id UUID NOT NULL REFERENCES applications (id),
    standard_id UUID NOT NULL REFERENCES quality_standards (id),
    outcome TEXT NOT NULL CHECK (outcome IN ('met', 'not_met')),
    note TEXT CHECK (outcome <> 'not_met' OR note IS NOT NULL),
    -- The provider has changed its answer since: what was found is not of the answer that stands there now.
    of_earlier_answer BOOLEAN NOT NULL,
    found_by UUID NOT NULL REFERENCES people (id),
    found_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (application_id, standard_id)
);
CREATE INDEX application_findings_by_standard ON application_findings (standard_id);
CREATE INDEX application_findings_by_person ON application_findings (found_by);
