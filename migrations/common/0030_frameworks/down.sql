DROP TABLE contract_versions;
DROP TABLE quality_standards;
DROP TABLE lots;
DROP TABLE frameworks;
