-- The store.  Times are milliseconds since 1970 UTC (_ms); lease ends are
-- milliseconds of CLOCK_BOOTTIME within one boot.  Names are the manual's.
-- What a column may hold is a chain of comparisons: for IN with a list SQLite
-- builds a table in memory at every insert.

-- One row a fact about the store itself: "log" (the audit log's origin),
-- "key" (32 random bytes: draw and redaction hashes), "group".
CREATE TABLE meta (
  name  TEXT PRIMARY KEY,
  value ANY NOT NULL
) STRICT, WITHOUT ROWID;

-- What the screens sort and filter by.  The bytes stand in payloads, so that
-- a page of items is a page of small rows.
CREATE TABLE items (
  item          INTEGER PRIMARY KEY,          -- order of arrival
  queue         TEXT NOT NULL,
  id            TEXT NOT NULL,
  state         TEXT NOT NULL CHECK (state = 'flagged' OR state = 'approved'
    OR state = 'escalated' OR state = 'accepted' OR state = 'edited'
    OR state = 'rejected'),
  review        INTEGER NOT NULL DEFAULT 0,   -- 1: approved, drawn, not decided
  seq           INTEGER NOT NULL DEFAULT -1,  -- its route leaf, the latest
  route         TEXT NOT NULL CHECK (route = 'flag' OR route = 'approve'
    OR route = 'escalate'),
  rule          TEXT NOT NULL,
  rules         TEXT NOT NULL,                -- a digit for each rule tried: 0 1 n e
  policy        TEXT NOT NULL,
  priority      INTEGER NOT NULL,
  rank          INTEGER GENERATED ALWAYS AS (-priority) VIRTUAL,
  due_ms        INTEGER NOT NULL,
  confidence    REAL,
  confidence_key REAL GENERATED ALWAYS AS (coalesce(confidence, -1.0)) VIRTUAL,
  severity      INTEGER,                      -- 0..4, NULL without a finding
  failures      INTEGER NOT NULL,
  guards        TEXT NOT NULL,                -- failed guards, a JSON array
  sample_p      REAL,                         -- set: drawn, with this probability
  model         TEXT,
  prompt        TEXT,
  variant       TEXT,
  created_ms    INTEGER,
  ingested_ms   INTEGER NOT NULL,
  input_tokens  INTEGER,
  output_tokens INTEGER,
  cost_usd      REAL,
  latency_ms    REAL,
  lease_uid     INTEGER,                      -- NULL: free
  lease_by      TEXT,
  lease_session BLOB,
  lease_token   INTEGER NOT NULL DEFAULT 0,   -- grows with every claim
  lease_until   INTEGER,                      -- CLOCK_BOOTTIME
  lease_boot    TEXT,
  lease_from_ms INTEGER,                      -- when it was claimed: review time
  salt          BLOB,                         -- 16 bytes; erased with the text
  content_sha256 BLOB NOT NULL,               -- SHA-256(salt || record || input || part)
  snippet       TEXT NOT NULL                 -- first words of the output
) STRICT;
CREATE UNIQUE INDEX items_id ON items (id, queue);

-- Screen order: priority (high first: rank), due, arrival, all ascending so that
-- a page begins with one seek.  No index leads with
-- state: without ANALYZE the planner would take it.  Statements name these.
CREATE INDEX items_flagged ON items (rank, due_ms, item)
  WHERE state = 'flagged';
CREATE INDEX items_flagged_queue ON items (queue, rank, due_ms, item)
  WHERE state = 'flagged';
CREATE INDEX items_flagged_age ON items (ingested_ms, item)
  WHERE state = 'flagged';
CREATE INDEX items_flagged_confidence ON items (confidence_key, item)
  WHERE state = 'flagged';
CREATE INDEX items_review ON items (rank, due_ms, item)
  WHERE review = 1;
CREATE INDEX items_review_queue ON items (queue, rank, due_ms, item)
  WHERE review = 1;
CREATE INDEX items_escalated ON items (rank, due_ms, item)
  WHERE state = 'escalated';
CREATE INDEX items_escalated_queue ON items (queue, rank, due_ms, item)
  WHERE state = 'escalated';
CREATE INDEX items_leased ON items (lease_uid, item)
  WHERE lease_uid IS NOT NULL;

-- The record's bytes as they came, the request joined to it, and which of the
-- record's choices the item is (0 where there is one output).
CREATE TABLE payloads (
  item   INTEGER PRIMARY KEY,
  part   INTEGER NOT NULL,
  record BLOB NOT NULL,
  input  BLOB
) STRICT;

CREATE TABLE findings (
  item      INTEGER NOT NULL,
  n         INTEGER NOT NULL,
  guard     TEXT NOT NULL,
  kind      TEXT,                             -- NULL: a caller's, not named
  severity  INTEGER NOT NULL,
  score     REAL NOT NULL,
  start     INTEGER NOT NULL,                 -- bytes of the output
  end       INTEGER NOT NULL,
  redact    INTEGER NOT NULL,                 -- 0 off, 1 label, 2 mask, 3 hash
  place     TEXT,                             -- JSON pointer; NULL: the output
  message   TEXT NOT NULL,
  PRIMARY KEY (item, n)
) STRICT, WITHOUT ROWID;

-- Guards that could not run (or whose expected result did not come).
CREATE TABLE guard_errors (
  item      INTEGER NOT NULL,
  n         INTEGER NOT NULL,
  guard     TEXT NOT NULL,
  message   TEXT NOT NULL,
  fail_open INTEGER NOT NULL,
  PRIMARY KEY (item, n)
) STRICT, WITHOUT ROWID;

-- What people said; seq is the leaf's.  Append-only.
CREATE TABLE decisions (
  seq        INTEGER PRIMARY KEY,
  item       INTEGER NOT NULL,
  ts_ms      INTEGER NOT NULL,
  uid        INTEGER NOT NULL,
  by         TEXT NOT NULL,
  role       TEXT NOT NULL,
  via        TEXT NOT NULL,
  decision   TEXT NOT NULL CHECK (decision = 'accept' OR decision = 'edit'
    OR decision = 'reject' OR decision = 'escalate' OR decision = 'return'
    OR decision = 'undo'),
  from_state TEXT NOT NULL,
  to_state   TEXT NOT NULL,
  from_review INTEGER NOT NULL,
  policy     TEXT NOT NULL,
  reason     TEXT,
  labels     TEXT,                            -- a JSON array
  note       TEXT,
  output     TEXT,                            -- the new text of an edit
  undoes     INTEGER,                         -- seq of the decision taken back
  review_ms  INTEGER                          -- from claim to decision
) STRICT;
CREATE INDEX decisions_item ON decisions (item, seq);
CREATE UNIQUE INDEX decisions_undoes ON decisions (undoes)
  WHERE undoes IS NOT NULL;

-- The audit log (handrail-audit.7).  `hashes` are the 32-byte hashes of the
-- complete subtrees that this leaf completes, smallest (its own) first.
CREATE TABLE leaves (
  seq    INTEGER PRIMARY KEY,
  leaf   TEXT NOT NULL,
  hashes BLOB NOT NULL
) STRICT;

-- Policies that were applied; files are kept by their bytes.
CREATE TABLE policies (
  n        INTEGER PRIMARY KEY,               -- order of application
  policy   TEXT NOT NULL,                     -- the id
  seq      INTEGER NOT NULL,                  -- its policy.apply leaf
  ts_ms    INTEGER NOT NULL,
  by       TEXT NOT NULL
) STRICT;
CREATE TABLE policy_files (              -- first: the policy file itself
  policy TEXT NOT NULL,
  n      INTEGER NOT NULL,
  path   TEXT NOT NULL,
  bytes  BLOB NOT NULL,
  PRIMARY KEY (policy, n)
) STRICT, WITHOUT ROWID;
CREATE TABLE policy_rules (
  policy TEXT NOT NULL,
  queue  TEXT NOT NULL,
  n      INTEGER NOT NULL,
  name   TEXT NOT NULL,
  PRIMARY KEY (policy, queue, n)
) STRICT, WITHOUT ROWID;

-- What may go to the end user, in order.  text is NULL with kind 'output'
-- where the release is the item's output itself.
CREATE TABLE outbox (
  n     INTEGER PRIMARY KEY,
  item  INTEGER NOT NULL,
  seq   INTEGER NOT NULL,                     -- the leaf that made it
  state TEXT NOT NULL,                        -- an item's state, or 'recalled'
  kind  TEXT NOT NULL CHECK (kind = 'output' OR kind = 'text' OR kind = 'none'),
  text  TEXT,
  ts_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX outbox_item ON outbox (item, n);
-- Releases that a queue's `hold` keeps back; they move to outbox when due.
CREATE TABLE held (
  seq     INTEGER PRIMARY KEY,
  item    INTEGER NOT NULL,
  state   TEXT NOT NULL,
  kind    TEXT NOT NULL,
  text    TEXT,
  due_ms  INTEGER NOT NULL
) STRICT;

-- What a reviewer noted on an item without deciding.
CREATE TABLE notes (
  n     INTEGER PRIMARY KEY,
  item  INTEGER NOT NULL,
  ts_ms INTEGER NOT NULL,
  uid   INTEGER NOT NULL,
  by    TEXT NOT NULL,
  text  TEXT NOT NULL
) STRICT;
CREATE INDEX notes_item ON notes (item, n);

-- Counts by queue and state ('review': drawn and undecided), kept in the
-- transaction that changes them, so that no screen counts rows.
CREATE TABLE totals (
  queue TEXT NOT NULL,
  state TEXT NOT NULL,
  n     INTEGER NOT NULL,
  PRIMARY KEY (queue, state)
) STRICT, WITHOUT ROWID;

-- Against mistakes; the proof is the tree.
CREATE TRIGGER leaves_update BEFORE UPDATE ON leaves
  BEGIN SELECT RAISE(ABORT, 'leaves are append-only'); END;
CREATE TRIGGER leaves_delete BEFORE DELETE ON leaves
  BEGIN SELECT RAISE(ABORT, 'leaves are append-only'); END;
CREATE TRIGGER leaves_insert BEFORE INSERT ON leaves
  WHEN NEW.seq IS NOT (SELECT coalesce(max(seq) + 1, 0) FROM leaves)
  BEGIN SELECT RAISE(ABORT, 'leaves are numbered without a gap'); END;
CREATE TRIGGER decisions_delete BEFORE DELETE ON decisions
  BEGIN SELECT RAISE(ABORT, 'decisions are append-only'); END;
CREATE TRIGGER decisions_insert BEFORE INSERT ON decisions
  WHEN NEW.seq <= (SELECT max(seq) FROM decisions)
  BEGIN SELECT RAISE(ABORT, 'decisions are numbered upwards'); END;
CREATE TRIGGER decisions_update BEFORE UPDATE OF seq, item, ts_ms, uid, by,
  role, via, decision, from_state, to_state, from_review, policy, undoes,
  review_ms ON decisions
  BEGIN SELECT RAISE(ABORT, 'decisions are append-only'); END;
CREATE TRIGGER outbox_update BEFORE UPDATE OF n, item, seq, state, kind, ts_ms
  ON outbox
  BEGIN SELECT RAISE(ABORT, 'releases are append-only'); END;
-- What somebody wrote may only go away: that is erasing.
CREATE TRIGGER decisions_erase BEFORE UPDATE OF reason, labels, note, output
  ON decisions
  WHEN (NEW.reason IS NOT NULL AND NEW.reason IS NOT OLD.reason)
    OR (NEW.labels IS NOT NULL AND NEW.labels IS NOT OLD.labels)
    OR (NEW.note IS NOT NULL AND NEW.note IS NOT OLD.note)
    OR (NEW.output IS NOT NULL AND NEW.output IS NOT OLD.output)
  BEGIN SELECT RAISE(ABORT, 'decisions are append-only'); END;
CREATE TRIGGER outbox_erase BEFORE UPDATE OF text ON outbox
  WHEN NEW.text IS NOT NULL AND NEW.text IS NOT OLD.text
  BEGIN SELECT RAISE(ABORT, 'releases are append-only'); END;
CREATE TRIGGER outbox_delete BEFORE DELETE ON outbox
  BEGIN SELECT RAISE(ABORT, 'releases are append-only'); END;
CREATE TRIGGER outbox_insert BEFORE INSERT ON outbox
  WHEN NEW.n IS NOT (SELECT coalesce(max(n) + 1, 1) FROM outbox)
  BEGIN SELECT RAISE(ABORT, 'releases are numbered without a gap'); END;
