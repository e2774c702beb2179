DROP TABLE due_items;
DROP TABLE letters;
DROP TABLE approvals;
DROP TABLE awards;
