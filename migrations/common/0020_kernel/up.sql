-- What every slice writes to: the audit log, events, mails, answers kept for repeated posts, settings, postcodes.

-- Append-only (triggers in the migrations of each engine) and hash-chained.
CREATE TABLE audit_events (
    seq BIGINT NOT NULL PRIMARY KEY,
    id UUID NOT NULL UNIQUE,
    at TIMESTAMPTZ NOT NULL,
    -- Who: NULL for the system itself, or for a visitor who has not signed in.
    person_id UUID REFERENCES people (id),
    organisation_id UUID REFERENCES organisations (id),
    role TEXT CHECK (role IN ('operator', 'commissioner', 'approver', 'provider_admin', 'bidder', 'auditor')),
    verb TEXT NOT NULL,
    subject_kind TEXT NOT NULL,
    subject_id TEXT NOT NULL,
    -- The call it was done by, and the network address it came from.
    request_id TEXT,
    origin TEXT,
    -- JSON; confidential fields stand in it as hashes.
    before TEXT,
    after TEXT,
    previous_hash TEXT NOT NULL,
    hash TEXT NOT NULL UNIQUE
);
CREATE INDEX audit_events_by_subject ON audit_events (subject_kind, subject_id, seq);
CREATE INDEX audit_events_by_subject_id ON audit_events (subject_id, seq);
CREATE INDEX audit_events_by_person ON audit_events (person_id, seq);
CREATE INDEX audit_events_by_organisation ON audit_events (organisation_id, seq);
CREATE INDEX audit_events_by_time ON audit_events (at, seq);

-- The chain's last link, one row: updating it takes the chain's lock.
CREATE TABLE audit_head (
    id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    seq BIGINT NOT NULL,
    hash TEXT NOT NULL
);
INSERT INTO audit_head (id, seq, hash)
VALUES (1, 0, '0000000000000000000000000000000000000000000000000000000000000000');

-- What happened, written in the transaction of the change, and the queue of what is to be done about it.
CREATE TABLE events (
    id UUID NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    payload TEXT NOT NULL,
    -- For what time drives: the same key is never written twice.
    dedupe TEXT UNIQUE,
    state TEXT NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'done', 'failed')),
    attempts INTEGER NOT NULL DEFAULT 0,
    run_after TIMESTAMPTZ NOT NULL,
    last_error TEXT,
    created_at TIMESTAMPTZ NOT NULL,
    processed_at TIMESTAMPTZ
);
CREATE INDEX events_due ON events (run_after, id) WHERE state = 'pending';
CREATE INDEX events_by_state ON events (state, id);

CREATE TABLE mails (
    id UUID NOT NULL PRIMARY KEY,
    person_id UUID NOT NULL REFERENCES people (id),
    event_id UUID NOT NULL REFERENCES events (id),
    -- Whose framework it concerns: that cooperative's operators may see it. NULL for what concerns none, as an account.
    cooperative_id UUID REFERENCES organisations (id),
    to_name TEXT NOT NULL,
    to_address TEXT NOT NULL,
    template TEXT NOT NULL,
    subject TEXT NOT NULL,
    text_body TEXT NOT NULL,
    html_body TEXT NOT NULL,
    -- Where the notice leads, for the digest.
    link TEXT NOT NULL,
    -- The token of a one-time link, encrypted until it is sent and forgotten then.
    sealed_token BYTEA,
    -- The stable Message-ID: the same for every attempt.
    message_id TEXT NOT NULL UNIQUE,
    state TEXT NOT NULL CHECK (state IN ('queued', 'sending', 'sent', 'given_up', 'held', 'digested')),
    attempts INTEGER NOT NULL DEFAULT 0,
    -- While it is being sent: when the worker that has it is taken to be dead.
    next_attempt_at TIMESTAMPTZ NOT NULL,
    last_error TEXT,
    -- The digest that told of it.
    digest_mail_id UUID REFERENCES mails (id) CHECK ((digest_mail_id IS NOT NULL) = (state = 'digested')),
    created_at TIMESTAMPTZ NOT NULL,
    sent_at TIMESTAMPTZ CHECK ((sent_at IS NOT NULL) = (state = 'sent')),
    version BIGINT NOT NULL DEFAULT 1,
    UNIQUE (event_id, person_id)
);
CREATE INDEX mails_due ON mails (next_attempt_at, id) WHERE state IN ('queued', 'sending');
CREATE INDEX mails_held ON mails (created_at, person_id) WHERE state = 'held';
CREATE INDEX mails_by_state ON mails (state, id);
CREATE INDEX mails_by_cooperative ON mails (cooperative_id, id);
CREATE INDEX mails_by_person ON mails (person_id, id);
CREATE INDEX mails_by_digest ON mails (digest_mail_id);

-- The first answer to each Idempotency-Key, encrypted, kept for 24 hours.
CREATE TABLE idempotency_answers (
    scope TEXT NOT NULL,
    key TEXT NOT NULL,
    body_hash BYTEA NOT NULL,
    status INTEGER NOT NULL,
    answer BYTEA NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (scope, key)
);
CREATE INDEX idempotency_answers_by_age ON idempotency_answers (created_at);

CREATE TABLE settings (
    key TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL
);

-- The full directory, where it was imported; without it the carried sectors answer.
CREATE TABLE postcodes (
    postcode TEXT NOT NULL PRIMARY KEY,
    easting INTEGER NOT NULL,
    northing INTEGER NOT NULL,
    local_authority_code TEXT NOT NULL,
    -- The start of the import that wrote the row last: a finished import takes away what it did not bring.
    imported_at TIMESTAMPTZ NOT NULL
);
