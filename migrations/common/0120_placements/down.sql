DROP TABLE placement_terms;
DROP TABLE placements;
