DROP TABLE invitation_homes;
DROP TABLE invitations;
