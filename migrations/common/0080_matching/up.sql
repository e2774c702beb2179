-- Who was invited to a placement request, with which homes, and why.

CREATE TABLE invitations (
    id UUID NOT NULL PRIMARY KEY,
    placement_request_id UUID NOT NULL REFERENCES placement_requests (id),
    provider_id UUID NOT NULL REFERENCES organisations (id),
    -- Of its best home; NULL when it was invited without one that fits.
    rank INTEGER CHECK (rank >= 1),
    created_at TIMESTAMPTZ NOT NULL,
    first_looked_at TIMESTAMPTZ,
    first_looked_by UUID REFERENCES people (id),
    UNIQUE (placement_request_id, provider_id)
);
CREATE INDEX invitations_by_request ON invitations (placement_request_id, id);
CREATE INDEX invitations_by_provider ON invitations (provider_id, id);
CREATE INDEX invitations_by_looker ON invitations (first_looked_by);

CREATE TABLE invitation_homes (
    invitation_id UUID NOT NULL REFERENCES invitations (id),
    home_id UUID NOT NULL REFERENCES homes (id),
    rank INTEGER NOT NULL CHECK (rank >= 1),
    -- JSON: the match's reasons, by code and in words, as they stood at publication.
    reasons TEXT NOT NULL,
    PRIMARY KEY (invitation_id, home_id)
);
CREATE INDEX invitation_homes_by_home ON invitation_homes (home_id);
