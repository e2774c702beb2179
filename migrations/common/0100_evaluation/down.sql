DROP TABLE moderated_scores;
DROP TABLE scores;
DROP TABLE conflict_declarations;
