-- Suites by the hash of their files; their runs, each with its leaf; the results.
CREATE TABLE suites (
  suite  TEXT NOT NULL,
  n      INTEGER NOT NULL,              -- 0: the suite's own file
  path   TEXT NOT NULL,
  bytes  BLOB NOT NULL,
  PRIMARY KEY (suite, n)
) STRICT, WITHOUT ROWID;

CREATE TABLE runs (
  run           INTEGER PRIMARY KEY,
  seq           INTEGER,                -- its leaf; NULL: broken off
  name          TEXT NOT NULL,          -- the suite's
  suite         TEXT,                   -- its files; NULL: taken in from elsewhere
  variant       TEXT NOT NULL,
  source        TEXT NOT NULL,          -- records, items, live, or a tool's name
  by            TEXT NOT NULL,
  started_ms    INTEGER NOT NULL,
  ended_ms      INTEGER,
  cases         INTEGER NOT NULL,
  results       INTEGER NOT NULL,
  passed        INTEGER NOT NULL,       -- results that passed
  errors        INTEGER NOT NULL,
  verdict       TEXT,                   -- of the gate: met, not met; NULL: none
  cost_usd      REAL,
  sha256        BLOB                    -- of the lines of its results
) STRICT;
CREATE INDEX runs_seq ON runs (seq);

-- Append-only: the last row of a label holds.
CREATE TABLE run_labels (
  n      INTEGER PRIMARY KEY,
  seq    INTEGER NOT NULL,              -- its leaf
  label  TEXT NOT NULL,
  run    INTEGER NOT NULL
) STRICT;
CREATE INDEX run_labels_label ON run_labels (label, n);

-- Small rows, so that two runs are soon compared; texts stand in result_texts.
CREATE TABLE results (
  run           INTEGER NOT NULL,
  n             INTEGER NOT NULL,       -- in the order of its lines
  case_id       TEXT NOT NULL,
  repeat        INTEGER NOT NULL,
  pass          INTEGER NOT NULL,
  score         REAL,
  error         TEXT,                   -- NULL: there was an answer
  item          TEXT,                   -- an item's id, where it came of one
  output_sha256 BLOB NOT NULL,
  input_tokens  INTEGER,
  output_tokens INTEGER,
  cost_usd      REAL,
  latency_ms    REAL,
  PRIMARY KEY (run, n)
) STRICT, WITHOUT ROWID;

CREATE TABLE result_texts (
  run     INTEGER NOT NULL,
  n       INTEGER NOT NULL,
  output  TEXT NOT NULL,
  PRIMARY KEY (run, n)
) STRICT, WITHOUT ROWID;

CREATE TABLE result_checks (
  run     INTEGER NOT NULL,
  n       INTEGER NOT NULL,
  k       INTEGER NOT NULL,
  name    TEXT NOT NULL,
  state   INTEGER NOT NULL,             -- passed, failed, error, untrusted
  score   REAL,
  reason  TEXT,
  PRIMARY KEY (run, n, k)
) STRICT, WITHOUT ROWID;

-- Answers of models by SHA-256 of endpoint, request and repeat.
CREATE TABLE eval_cache (
  key         BLOB PRIMARY KEY,
  ts_ms       INTEGER NOT NULL,
  latency_ms  REAL NOT NULL,
  answer      TEXT NOT NULL
) STRICT, WITHOUT ROWID;
