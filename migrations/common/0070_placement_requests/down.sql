DROP TABLE screening_confirmations;
DROP TABLE questions;
DROP TABLE deadline_extensions;
DROP TABLE criteria;
DROP TABLE confidential_details;
DROP TABLE placement_requests;
