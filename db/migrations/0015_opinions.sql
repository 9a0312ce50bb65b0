-- Second looks: what somebody else would have decided, before seeing what was.  They
-- change no item and no release.
CREATE TABLE opinions (
  seq       INTEGER PRIMARY KEY,              -- of its leaf
  item      INTEGER NOT NULL,
  decision  INTEGER NOT NULL,                 -- seq of the one looked at again
  ts_ms     INTEGER NOT NULL,
  uid       INTEGER NOT NULL,
  by        TEXT NOT NULL,
  role      TEXT NOT NULL,
  via       TEXT NOT NULL,
  value     TEXT NOT NULL CHECK (value = 'accept' OR value = 'edit'
    OR value = 'reject' OR value = 'escalate'),
  review_ms INTEGER                           -- from opening to opinion
) STRICT;
CREATE UNIQUE INDEX opinions_once ON opinions (decision, uid);
CREATE INDEX opinions_item ON opinions (item, seq);
