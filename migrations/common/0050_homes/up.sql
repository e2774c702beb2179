-- Homes with the structured Statement of Purpose that matching reads, and their inspections.
-- A column named …_mask holds a set of codes: bit n stands for the n-th code of the list in values/codes.rs.

CREATE TABLE homes (
    id UUID NOT NULL PRIMARY KEY,
    provider_id UUID NOT NULL REFERENCES organisations (id),
    name TEXT NOT NULL,
    ofsted_urn TEXT NOT NULL UNIQUE CHECK (length(ofsted_urn) IN (7, 8)),
    provision_type TEXT NOT NULL CHECK (provision_type IN (
        'ChildrensHome', 'IndependentFosteringAgency', 'SupportedAccommodation', 'ResidentialSpecialSchool',
        'ResidentialFamilyCentre', 'SecureChildrensHome')),
    placement_type TEXT NOT NULL CHECK (placement_type IN ('Foster', 'Residential', 'SupportedAccommodation')),
    -- Where it is, as everybody may know it.
    postcode_district TEXT NOT NULL,
    local_authority_code TEXT NOT NULL,
    -- British National Grid, metres: of the postcode itself, or the middle of its sector or district.
    easting INTEGER NOT NULL,
    northing INTEGER NOT NULL,
    location_precision TEXT NOT NULL CHECK (location_precision IN ('full', 'sector', 'district')),
    -- The Statement of Purpose.
    registered_places INTEGER NOT NULL CHECK (registered_places >= 1),
    -- Places of open vacancies, and places taken by confirmed awards: counted here, on the row that both lock, so that
    -- together they can't pass the registered ones.
    places_open INTEGER NOT NULL DEFAULT 0 CHECK (places_open >= 0),
    places_taken INTEGER NOT NULL DEFAULT 0 CHECK (places_taken >= 0),
    age_min INTEGER NOT NULL CHECK (age_min >= 0),
    age_max INTEGER NOT NULL CHECK (age_max >= age_min),
    sexes_mask INTEGER NOT NULL CHECK (sexes_mask > 0),
    needs_mask INTEGER NOT NULL CHECK (needs_mask >= 0),
    risks_not_accepted_mask INTEGER NOT NULL CHECK (risks_not_accepted_mask >= 0),
    additional_support_mask INTEGER NOT NULL CHECK (additional_support_mask >= 0),
    solo_placements BOOLEAN NOT NULL,
    education_on_site BOOLEAN NOT NULL,
    step_free BOOLEAN NOT NULL,
    pets BOOLEAN NOT NULL,
    deprivation_of_liberty BOOLEAN NOT NULL,
    living_arrangement TEXT CHECK (living_arrangement IN ('alone', 'group', 'family', 'self_contained')),
    statement TEXT NOT NULL,
    -- JSON: staffing ratio, qualified share, vacancy share; NULL where the provider has not said.
    staffing TEXT,
    -- The newest inspection's, set with it.
    grade TEXT NOT NULL DEFAULT 'NotYetInspected'
        CHECK (grade IN ('Outstanding', 'Good', 'RequiresImprovement', 'Inadequate', 'NotYetInspected')),
    active BOOLEAN NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    version BIGINT NOT NULL DEFAULT 1,
    CHECK (places_open + places_taken <= registered_places)
);
CREATE INDEX homes_by_provider ON homes (provider_id, id);
CREATE INDEX homes_by_local_authority ON homes (local_authority_code, id);
-- Covers what matching filters by: the box first, then the facts, without a visit to the table.
CREATE INDEX homes_matching ON homes (
    placement_type, easting, northing, active, age_min, age_max, sexes_mask, risks_not_accepted_mask, needs_mask,
    provider_id, id);

-- Confidential: the public register redacts the address of a children's home.
CREATE TABLE home_addresses (
    home_id UUID NOT NULL PRIMARY KEY REFERENCES homes (id),
    line1 TEXT NOT NULL,
    line2 TEXT,
    town TEXT NOT NULL,
    postcode TEXT NOT NULL
);

-- The authorities that have awarded a place in the home, and so may know its address.
CREATE TABLE home_disclosures (
    home_id UUID NOT NULL REFERENCES homes (id),
    authority_id UUID NOT NULL REFERENCES organisations (id),
    disclosed_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (home_id, authority_id)
);
CREATE INDEX home_disclosures_by_authority ON home_disclosures (authority_id, home_id);

CREATE TABLE inspections (
    id UUID NOT NULL PRIMARY KEY,
    home_id UUID NOT NULL REFERENCES homes (id),
    event_number TEXT NOT NULL,
    inspected_on DATE NOT NULL,
    grade TEXT NOT NULL
        CHECK (grade IN ('Outstanding', 'Good', 'RequiresImprovement', 'Inadequate', 'NotYetInspected')),
    -- The three judgements; NULL where the report gives none.
    overall TEXT CHECK (overall IN ('Outstanding', 'Good', 'RequiresImprovement', 'Inadequate')),
    protection TEXT CHECK (protection IN ('Outstanding', 'Good', 'RequiresImprovement', 'Inadequate')),
    leadership TEXT CHECK (leadership IN ('Outstanding', 'Good', 'RequiresImprovement', 'Inadequate')),
    source TEXT NOT NULL CHECK (source IN ('entered', 'imported')),
    recorded_by UUID REFERENCES people (id),
    created_at TIMESTAMPTZ NOT NULL,
    UNIQUE (home_id, event_number)
);
CREATE INDEX inspections_newest ON inspections (home_id, inspected_on, id);
CREATE INDEX inspections_by_home ON inspections (home_id, id);
CREATE INDEX inspections_by_person ON inspections (recorded_by);
