DROP TABLE placement_variations;
DROP TABLE placements;
