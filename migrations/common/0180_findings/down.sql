DROP TABLE application_findings;
