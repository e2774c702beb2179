-- What long lists are narrowed to. Names and references are looked for within: no index serves that, and the rows of the scope are read.

CREATE INDEX homes_by_grade ON homes (grade, id);
