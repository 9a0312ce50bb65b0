-- Webhooks.  A delivery is written in the transaction of its release, for each hook
-- that the policy in force has then, whichever policy the writer knows.

-- Every hook that was ever in force; its address and secrets are the policy's.
CREATE TABLE hooks (
  hook      TEXT PRIMARY KEY,
  in_force  INTEGER NOT NULL,
  paused_ms INTEGER,                          -- NULL: not paused
  asked     INTEGER NOT NULL,                 -- grows: try all that waits now
  taken     INTEGER NOT NULL,                 -- deliveries, so far
  failed    INTEGER NOT NULL,                 -- tries, so far
  taken_ms  INTEGER                           -- the last
) STRICT, WITHOUT ROWID;

-- What those in force are for; an empty queue stands for all.
CREATE TABLE hook_queues (
  hook  TEXT NOT NULL,
  queue TEXT NOT NULL,
  PRIMARY KEY (hook, queue)
) STRICT, WITHOUT ROWID;

CREATE TABLE deliveries (
  hook   TEXT NOT NULL,
  n      INTEGER NOT NULL,                    -- the release's
  item   INTEGER NOT NULL,
  state  TEXT NOT NULL DEFAULT 'waiting' CHECK (state = 'waiting'
    OR state = 'taken' OR state = 'dropped'),
  tries  INTEGER NOT NULL DEFAULT 0,
  due_ms INTEGER NOT NULL,                    -- the next try
  done_ms INTEGER,                            -- taken or dropped
  error  TEXT,                                -- of the last try
  PRIMARY KEY (hook, n)
) STRICT, WITHOUT ROWID;
CREATE INDEX deliveries_due ON deliveries (hook, due_ms, n)
  WHERE state = 'waiting';
CREATE INDEX deliveries_item ON deliveries (hook, item, n)
  WHERE state = 'waiting';
