DROP INDEX homes_by_grade;
