-- Free places and listed prices.

CREATE TABLE vacancies (
    id UUID NOT NULL PRIMARY KEY,
    home_id UUID NOT NULL REFERENCES homes (id),
    -- As opened; places_left counts down as awards are confirmed.
    places INTEGER NOT NULL CHECK (places >= 1),
    places_left INTEGER NOT NULL CHECK (places_left >= 0 AND places_left <= places),
    available_from DATE NOT NULL,
    -- Narrower than the home's own, where the children living there now require it; else NULL.
    age_min INTEGER CHECK (age_min >= 0),
    age_max INTEGER CHECK (age_max >= 0),
    sexes_mask INTEGER CHECK (sexes_mask > 0),
    confirmed_at TIMESTAMPTZ NOT NULL,
    -- When the provider was asked to confirm it again, after it had gone stale; NULL since the last confirmation.
    reminded_at TIMESTAMPTZ,
    state TEXT NOT NULL CHECK (state IN ('open', 'filled', 'closed')),
    closed_at TIMESTAMPTZ,
    created_by UUID NOT NULL REFERENCES people (id),
    created_at TIMESTAMPTZ NOT NULL,
    version BIGINT NOT NULL DEFAULT 1,
    CHECK (state <> 'filled' OR places_left = 0),
    CHECK (state <> 'open' OR places_left > 0)
);
CREATE INDEX vacancies_by_home ON vacancies (home_id, id);
CREATE INDEX vacancies_open ON vacancies (home_id, available_from) WHERE state = 'open';
CREATE INDEX vacancies_to_remind_of ON vacancies (confirmed_at, id) WHERE state = 'open' AND reminded_at IS NULL;
CREATE INDEX vacancies_by_creator ON vacancies (created_by);

-- Pence a week, excluding VAT. Never rewritten (triggers in the migrations of each engine): a new price has a later date.
CREATE TABLE prices (
    id UUID NOT NULL PRIMARY KEY,
    home_id UUID NOT NULL REFERENCES homes (id),
    lot_id UUID NOT NULL REFERENCES lots (id),
    effective_from DATE NOT NULL,
    core BIGINT NOT NULL CHECK (core >= 0),
    additional_support BIGINT NOT NULL CHECK (additional_support >= 0),
    education BIGINT NOT NULL CHECK (education >= 0),
    other BIGINT NOT NULL CHECK (other >= 0),
    -- Over a ceiling of the lot that only warns.
    over_ceiling BOOLEAN NOT NULL,
    created_by UUID NOT NULL REFERENCES people (id),
    created_at TIMESTAMPTZ NOT NULL,
    UNIQUE (home_id, lot_id, effective_from)
);
CREATE INDEX prices_by_home ON prices (home_id, id);
CREATE INDEX prices_by_lot ON prices (lot_id, home_id, effective_from);
CREATE INDEX prices_by_creator ON prices (created_by);
