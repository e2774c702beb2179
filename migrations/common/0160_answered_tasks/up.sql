-- JSON: the codes of the tasks of a draft that somebody has answered. Of drafts written before this, what they say tells.
ALTER TABLE placement_requests ADD COLUMN answered TEXT NOT NULL DEFAULT '[]';
