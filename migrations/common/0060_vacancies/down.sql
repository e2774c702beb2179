DROP TABLE prices;
DROP TABLE vacancies;
