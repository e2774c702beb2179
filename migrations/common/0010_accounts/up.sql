-- Organisations, people and how they sign in.

CREATE TABLE organisations (
    id UUID NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('cooperative', 'authority', 'provider')),
    name TEXT NOT NULL,
    -- The authority's GSS code; only authorities have one.
    gss_code TEXT UNIQUE CHECK ((kind = 'authority') = (gss_code IS NOT NULL)),
    company_number TEXT,
    charity_number TEXT,
    -- pending: registered, but nobody has joined by the mailed link yet.
    state TEXT NOT NULL CHECK (state IN ('pending', 'active', 'deactivated')),
    created_at TIMESTAMPTZ NOT NULL,
    version BIGINT NOT NULL DEFAULT 1
);
CREATE INDEX organisations_by_kind ON organisations (kind, id);
-- Only an active provider holds its number: a registration nobody confirmed must not keep the real one out.
CREATE UNIQUE INDEX organisations_one_company ON organisations (company_number) WHERE state = 'active';
CREATE UNIQUE INDEX organisations_one_charity ON organisations (charity_number) WHERE state = 'active';

CREATE TABLE memberships (
    id UUID NOT NULL PRIMARY KEY,
    cooperative_id UUID NOT NULL REFERENCES organisations (id),
    authority_id UUID NOT NULL REFERENCES organisations (id),
    from_date DATE NOT NULL,
    -- The last day of membership; NULL while it goes on.
    to_date DATE CHECK (to_date >= from_date),
    created_at TIMESTAMPTZ NOT NULL,
    version BIGINT NOT NULL DEFAULT 1,
    UNIQUE (cooperative_id, authority_id, from_date)
);
CREATE UNIQUE INDEX memberships_one_current ON memberships (cooperative_id, authority_id) WHERE to_date IS NULL;
CREATE INDEX memberships_by_authority ON memberships (authority_id, cooperative_id);

CREATE TABLE people (
    id UUID NOT NULL PRIMARY KEY,
    organisation_id UUID NOT NULL REFERENCES organisations (id),
    name TEXT NOT NULL,
    email TEXT NOT NULL UNIQUE CHECK (email = lower(email)),
    role TEXT NOT NULL
        CHECK (role IN ('operator', 'commissioner', 'approver', 'provider_admin', 'bidder', 'auditor')),
    -- The argon2id hash as a PHC string; NULL until the person has joined.
    password_hash TEXT,
    state TEXT NOT NULL CHECK (state IN ('invited', 'active', 'deactivated')),
    -- The second factor's secret, encrypted.
    totp_secret BYTEA,
    -- How the person wants market news by email.
    alert_preference TEXT NOT NULL DEFAULT 'immediate' CHECK (alert_preference IN ('immediate', 'daily', 'off')),
    created_at TIMESTAMPTZ NOT NULL,
    version BIGINT NOT NULL DEFAULT 1
);
CREATE INDEX people_by_organisation ON people (organisation_id, id);

CREATE TABLE one_time_links (
    id UUID NOT NULL PRIMARY KEY,
    token_hash BYTEA NOT NULL UNIQUE,
    person_id UUID NOT NULL REFERENCES people (id),
    purpose TEXT NOT NULL CHECK (purpose IN ('join', 'reset', 'confirm_vacancy')),
    -- What else the link is about, by its id as text (the vacancy to confirm).
    subject TEXT,
    created_at TIMESTAMPTZ NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL,
    used_at TIMESTAMPTZ
);
CREATE INDEX one_time_links_by_person ON one_time_links (person_id, purpose);
CREATE INDEX one_time_links_by_expiry ON one_time_links (expires_at);

CREATE TABLE sessions (
    id UUID NOT NULL PRIMARY KEY,
    person_id UUID NOT NULL REFERENCES people (id),
    created_at TIMESTAMPTZ NOT NULL,
    last_used_at TIMESTAMPTZ NOT NULL,
    revoked_at TIMESTAMPTZ,
    revoked_reason TEXT
        CHECK (revoked_reason IN ('signed_out', 'token_reused', 'password_changed', 'deactivated', 'expired'))
);
CREATE INDEX sessions_by_person ON sessions (person_id, id);

-- One family of rotating refresh tokens a session; a spent one used again revokes the session.
CREATE TABLE refresh_tokens (
    id UUID NOT NULL PRIMARY KEY,
    session_id UUID NOT NULL REFERENCES sessions (id),
    token_hash BYTEA NOT NULL UNIQUE,
    issued_at TIMESTAMPTZ NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL,
    spent_at TIMESTAMPTZ,
    -- The spent token it was given for; NULL for the first of a session.
    replaces UUID UNIQUE REFERENCES refresh_tokens (id)
);
-- One token of a session is good at a time.
CREATE UNIQUE INDEX refresh_tokens_one_unspent ON refresh_tokens (session_id) WHERE spent_at IS NULL;
CREATE INDEX refresh_tokens_by_session ON refresh_tokens (session_id, id);
CREATE INDEX refresh_tokens_by_expiry ON refresh_tokens (expires_at);

-- Throttles sign-in by account and by address; the key is a hash, so the table names nobody.
CREATE TABLE sign_in_attempts (
    key_hash BYTEA NOT NULL PRIMARY KEY,
    window_started_at TIMESTAMPTZ NOT NULL,
    failures INTEGER NOT NULL CHECK (failures >= 0),
    blocked_until TIMESTAMPTZ
);
CREATE INDEX sign_in_attempts_by_window ON sign_in_attempts (window_started_at);
