-- Award decisions, their approvals, the letters, and what is due because of them.

CREATE TABLE awards (
    id UUID NOT NULL PRIMARY KEY,
    placement_request_id UUID NOT NULL REFERENCES placement_requests (id),
    -- NULL for a direct award without competition.
    bid_id UUID REFERENCES bids (id),
    lot_id UUID NOT NULL REFERENCES lots (id),
    home_id UUID NOT NULL REFERENCES homes (id),
    provider_id UUID NOT NULL REFERENCES organisations (id),
    authority_id UUID NOT NULL REFERENCES organisations (id),
    procurement_route TEXT NOT NULL CHECK (procurement_route IN (
        'pcr2015_dps', 'pcr2015_light_touch_dps', 'pa2023_dynamic_market', 'pa2023_open_framework', 'pa2023_framework',
        'block_contract', 'direct_award_user_choice', 'direct_award_urgency', 'direct_award_other', 'spot')),
    -- What waits or stands still is derived from the approvals and standstill_ends_at, never stored.
    state TEXT NOT NULL CHECK (state IN (
        'proposed', 'approved', 'refused', 'withdrawn', 'confirmed', 'accepted', 'declined')),
    -- The bid's rank on the sheet; NULL for a direct award.
    rank INTEGER CHECK (rank >= 1),
    -- Whether other bids share that rank: the reason then says how the tie was broken.
    tied BOOLEAN NOT NULL,
    reason TEXT CHECK (bid_id IS NOT NULL OR reason IS NOT NULL),
    -- What the chosen bid offers, in words for the other bidders.
    characteristics TEXT,
    starts_on DATE NOT NULL,
    -- The child's and those of siblings placed with it.
    places INTEGER NOT NULL CHECK (places >= 1),
    -- The price awarded, pence a week.
    core BIGINT NOT NULL CHECK (core >= 0),
    additional_support BIGINT NOT NULL CHECK (additional_support >= 0),
    education BIGINT NOT NULL CHECK (education >= 0),
    other BIGINT NOT NULL CHECK (other >= 0),
    -- Where the home lies, seen from the authority: at a distance is outside and not adjoining.
    area TEXT NOT NULL CHECK (area IN ('in_area', 'out_of_area', 'at_a_distance')),
    out_of_area_reason TEXT
        CHECK (out_of_area_reason IN ('SafeguardingConcerns', 'BailConditions', 'CourtOrder', 'Other')),
    -- Hundredths of a mile between the child's home area and the home.
    distance INTEGER NOT NULL CHECK (distance >= 0),
    -- Set with the last approval, where the framework has a standstill.
    standstill_ends_at TIMESTAMPTZ,
    proposed_by UUID NOT NULL REFERENCES people (id),
    confirmed_by UUID REFERENCES people (id),
    confirmed_at TIMESTAMPTZ,
    -- The vacancy whose place it took when confirmed.
    vacancy_id UUID REFERENCES vacancies (id),
    -- How it ended: the approver's refusal, the authority's withdrawal, the provider's answer.
    closed_by UUID REFERENCES people (id),
    closed_at TIMESTAMPTZ,
    closed_reason TEXT,
    created_at TIMESTAMPTZ NOT NULL,
    version BIGINT NOT NULL DEFAULT 1,
    CHECK ((bid_id IS NULL) = (rank IS NULL)),
    CHECK ((confirmed_at IS NOT NULL) = (state IN ('confirmed', 'accepted', 'declined'))),
    CHECK ((confirmed_at IS NULL) = (confirmed_by IS NULL) AND (confirmed_at IS NULL) = (vacancy_id IS NULL)),
    CHECK ((closed_at IS NOT NULL) = (state IN ('refused', 'withdrawn', 'accepted', 'declined'))),
    CHECK ((closed_at IS NULL) = (closed_by IS NULL))
);
-- One award of a request is alive at a time.
CREATE UNIQUE INDEX awards_one_live ON awards (placement_request_id)
    WHERE state NOT IN ('refused', 'declined', 'withdrawn');
CREATE INDEX awards_standing_still ON awards (standstill_ends_at) WHERE state = 'approved';
CREATE INDEX awards_by_request ON awards (placement_request_id, id);
CREATE INDEX awards_by_bid ON awards (bid_id);
CREATE INDEX awards_by_lot ON awards (lot_id);
CREATE INDEX awards_by_home ON awards (home_id, id);
CREATE INDEX awards_by_provider ON awards (provider_id, id);
CREATE INDEX awards_by_authority ON awards (authority_id, id);
CREATE INDEX awards_by_vacancy ON awards (vacancy_id);
CREATE INDEX awards_by_proposer ON awards (proposed_by);
CREATE INDEX awards_by_confirmer ON awards (confirmed_by);
CREATE INDEX awards_by_closer ON awards (closed_by);

CREATE TABLE approvals (
    id UUID NOT NULL PRIMARY KEY,
    award_id UUID NOT NULL REFERENCES awards (id),
    kind TEXT NOT NULL CHECK (kind IN ('not_first_rank', 'out_of_area', 'at_a_distance', 'price', 'direct_award')),
    state TEXT NOT NULL CHECK (state IN ('pending', 'approved', 'refused')),
    reason TEXT,
    decided_by UUID REFERENCES people (id),
    decided_at TIMESTAMPTZ,
    UNIQUE (award_id, kind),
    CHECK ((decided_at IS NULL) = (state = 'pending') AND (decided_at IS NULL) = (decided_by IS NULL))
);
CREATE INDEX approvals_by_decider ON approvals (decided_by);

-- Kept as sent (triggers in the migrations of each engine).
CREATE TABLE letters (
    id UUID NOT NULL PRIMARY KEY,
    award_id UUID NOT NULL REFERENCES awards (id),
    recipient_id UUID NOT NULL REFERENCES organisations (id),
    -- NULL for a direct award.
    bid_id UUID REFERENCES bids (id),
    kind TEXT NOT NULL CHECK (kind IN ('successful', 'unsuccessful')),
    subject TEXT NOT NULL,
    body TEXT NOT NULL,
    sent_at TIMESTAMPTZ NOT NULL,
    UNIQUE (award_id, bid_id)
);
CREATE INDEX letters_by_award ON letters (award_id, id);
CREATE INDEX letters_by_recipient ON letters (recipient_id, id);
CREATE INDEX letters_by_bid ON letters (bid_id);
CREATE UNIQUE INDEX letters_one_successful ON letters (award_id) WHERE kind = 'successful';

CREATE TABLE due_items (
    id UUID NOT NULL PRIMARY KEY,
    award_id UUID NOT NULL REFERENCES awards (id),
    authority_id UUID NOT NULL REFERENCES organisations (id),
    kind TEXT NOT NULL CHECK (kind IN ('area_authority_notice')),
    -- The authority that must be told, by its GSS code.
    area_gss_code TEXT NOT NULL,
    due_on DATE NOT NULL,
    note TEXT,
    done_by UUID REFERENCES people (id),
    done_at TIMESTAMPTZ,
    created_at TIMESTAMPTZ NOT NULL,
    version BIGINT NOT NULL DEFAULT 1,
    UNIQUE (award_id, kind),
    CHECK ((done_at IS NULL) = (done_by IS NULL))
);
CREATE INDEX due_items_by_authority ON due_items (authority_id, id);
CREATE INDEX due_items_open ON due_items (authority_id, due_on) WHERE done_at IS NULL;
CREATE INDEX due_items_by_doer ON due_items (done_by);
