DROP TABLE postcodes;
DROP TABLE settings;
DROP TABLE idempotency_answers;
DROP TABLE mails;
DROP TABLE events;
DROP TABLE audit_head;
DROP TABLE audit_events;
