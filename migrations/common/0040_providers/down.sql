DROP TABLE contract_acceptances;
DROP TABLE admission_history;
DROP TABLE admissions;
DROP TABLE application_answers;
DROP TABLE application_lots;
DROP TABLE applications;
DROP TABLE provider_profiles;
