DROP TABLE inspections;
DROP TABLE home_disclosures;
DROP TABLE home_addresses;
DROP TABLE homes;
