-- By what audit query finds leaves without reading all: which blocks of 16 leaves
-- have one with that value.  Behind the log: `end` says how far it goes, and whoever
-- asks brings it on (db/audit/index.h).  Taking in an item writes nothing here.
CREATE TABLE leaf_index (
  key   TEXT NOT NULL,    -- by, event, queue, rule; hour; item; end
  value TEXT NOT NULL,
  block INTEGER NOT NULL, -- seq / 16
  PRIMARY KEY (key, value, block)
) STRICT, WITHOUT ROWID;
INSERT INTO leaf_index VALUES ('end', '', 0);
