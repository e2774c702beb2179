ALTER TABLE placement_requests DROP COLUMN answered;
