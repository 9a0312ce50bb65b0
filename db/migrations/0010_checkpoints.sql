-- Signed statements of the log's size and root; `key` is the public half that
-- the leaf log.key named.
CREATE TABLE checkpoints (
  size  INTEGER PRIMARY KEY,
  note  TEXT NOT NULL,
  key   TEXT NOT NULL,
  ts_ms INTEGER NOT NULL
) STRICT;
CREATE TRIGGER checkpoints_update BEFORE UPDATE ON checkpoints
  BEGIN SELECT RAISE(ABORT, 'checkpoints are append-only'); END;
CREATE TRIGGER checkpoints_delete BEFORE DELETE ON checkpoints
  BEGIN SELECT RAISE(ABORT, 'checkpoints are append-only'); END;
