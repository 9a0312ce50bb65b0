-- What a queue asks its reviewers for beside a decision, and why an item was passed
-- over.
ALTER TABLE decisions ADD COLUMN ratings TEXT;   -- a JSON object, "helpful": 4
ALTER TABLE decisions ADD COLUMN evidence TEXT;  -- a JSON array of start and end
CREATE TABLE skips (
  seq    INTEGER PRIMARY KEY,                 -- of its leaf
  item   INTEGER NOT NULL,
  ts_ms  INTEGER NOT NULL,
  uid    INTEGER NOT NULL,
  by     TEXT NOT NULL,
  role   TEXT NOT NULL,
  via    TEXT NOT NULL,
  reason TEXT                                 -- NULL: erased with the item
) STRICT;
CREATE INDEX skips_item ON skips (item, seq);
