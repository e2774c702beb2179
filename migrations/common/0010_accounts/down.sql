DROP TABLE sign_in_attempts;
DROP TABLE refresh_tokens;
DROP TABLE sessions;
DROP TABLE one_time_links;
DROP TABLE people;
DROP TABLE memberships;
DROP TABLE organisations;
