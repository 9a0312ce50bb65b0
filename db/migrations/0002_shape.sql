-- The shape to read a record again by, where --format forced one that its bytes
-- bear no mark of; NULL: they say it themselves.
ALTER TABLE payloads ADD COLUMN shape TEXT;
