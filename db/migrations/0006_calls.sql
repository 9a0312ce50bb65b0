-- Each time that a gateway asked a model service, and what keys have spent.
CREATE TABLE calls (
  id TEXT NOT NULL,               -- of the item: call-UUID
  attempt INTEGER NOT NULL,       -- from 1
  queue TEXT NOT NULL,
  gateway TEXT NOT NULL,
  key TEXT NOT NULL,
  model TEXT NOT NULL,            -- these three as the policy names them
  upstream TEXT NOT NULL,
  region TEXT,
  state TEXT NOT NULL,            -- asked, answered, next, failed, left
  status INTEGER,                 -- of HTTP
  reason TEXT,                    -- why it failed
  asked_ms INTEGER NOT NULL,      -- since 1970
  first_ms INTEGER,               -- after it was asked: its first token
  took_ms INTEGER,
  input_tokens INTEGER,
  output_tokens INTEGER,
  cached_tokens INTEGER,
  reasoning_tokens INTEGER,
  estimated INTEGER NOT NULL DEFAULT 0,
  usd REAL,
  PRIMARY KEY (id, attempt)
) STRICT, WITHOUT ROWID;
CREATE TABLE spend (
  key TEXT NOT NULL,
  span TEXT NOT NULL,             -- "2026-11-27" or "2026-11", of UTC
  tokens INTEGER NOT NULL,        -- with what is set aside for calls under way
  usd REAL NOT NULL,
  PRIMARY KEY (key, span)
) STRICT, WITHOUT ROWID;
