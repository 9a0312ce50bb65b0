-- Prompts: versions that never change, and each move of a label that points at one.
CREATE TABLE prompts (
  n       INTEGER PRIMARY KEY,                -- order of arrival
  name    TEXT NOT NULL,
  version INTEGER NOT NULL,
  sha256  TEXT NOT NULL,                      -- of bytes
  bytes   TEXT NOT NULL,                      -- template and config, RFC 8785
  note    TEXT,
  tags    TEXT,                               -- JSON, RFC 8785
  seq     INTEGER NOT NULL,                   -- its prompt.add leaf
  ts_ms   INTEGER NOT NULL,
  by      TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX prompts_version ON prompts (name, version);

-- The last row of a name and label says where it points.
CREATE TABLE prompt_labels (
  n            INTEGER PRIMARY KEY,           -- order of moves
  name         TEXT NOT NULL,
  label        TEXT NOT NULL,
  from_version INTEGER,                       -- NULL: it was not set
  version      INTEGER NOT NULL,
  seq          INTEGER NOT NULL,              -- its prompt.label or bundle.use leaf
  ts_ms        INTEGER NOT NULL,
  by           TEXT NOT NULL
) STRICT;
CREATE INDEX prompt_labels_name ON prompt_labels (name, label, n);

-- Bundles: a policy, prompts by version, and what vouches for them; and which was
-- put in force when.
CREATE TABLE bundles (
  bundle INTEGER PRIMARY KEY,
  sha256 TEXT NOT NULL,                       -- of bytes
  bytes  TEXT NOT NULL,                       -- JSON, RFC 8785
  seq    INTEGER NOT NULL,                    -- its bundle.make leaf
  ts_ms  INTEGER NOT NULL,
  by     TEXT NOT NULL
) STRICT;
CREATE TABLE bundle_uses (
  n           INTEGER PRIMARY KEY,
  bundle      INTEGER NOT NULL,
  from_bundle INTEGER,                        -- NULL: none was in force
  seq         INTEGER NOT NULL,               -- its bundle.use leaf
  ts_ms       INTEGER NOT NULL,
  by          TEXT NOT NULL
) STRICT;

-- Against mistakes; the proof is the tree.
CREATE TRIGGER prompts_update BEFORE UPDATE ON prompts
  BEGIN SELECT RAISE(ABORT, 'versions of a prompt never change'); END;
CREATE TRIGGER prompts_delete BEFORE DELETE ON prompts
  BEGIN SELECT RAISE(ABORT, 'versions of a prompt never change'); END;
CREATE TRIGGER prompts_insert BEFORE INSERT ON prompts
  WHEN NEW.n IS NOT (SELECT coalesce(max(n) + 1, 1) FROM prompts)
  BEGIN SELECT RAISE(ABORT, 'prompts are numbered without a gap'); END;
CREATE TRIGGER prompt_labels_update BEFORE UPDATE ON prompt_labels
  BEGIN SELECT RAISE(ABORT, 'moves of labels are append-only'); END;
CREATE TRIGGER prompt_labels_delete BEFORE DELETE ON prompt_labels
  BEGIN SELECT RAISE(ABORT, 'moves of labels are append-only'); END;
CREATE TRIGGER prompt_labels_insert BEFORE INSERT ON prompt_labels
  WHEN NEW.n IS NOT (SELECT coalesce(max(n) + 1, 1) FROM prompt_labels)
  BEGIN SELECT RAISE(ABORT, 'moves of labels are numbered without a gap'); END;
CREATE TRIGGER bundles_update BEFORE UPDATE ON bundles
  BEGIN SELECT RAISE(ABORT, 'bundles never change'); END;
CREATE TRIGGER bundles_delete BEFORE DELETE ON bundles
  BEGIN SELECT RAISE(ABORT, 'bundles never change'); END;
CREATE TRIGGER bundles_insert BEFORE INSERT ON bundles
  WHEN NEW.bundle IS NOT (SELECT coalesce(max(bundle) + 1, 1) FROM bundles)
  BEGIN SELECT RAISE(ABORT, 'bundles are numbered without a gap'); END;
CREATE TRIGGER bundle_uses_update BEFORE UPDATE ON bundle_uses
  BEGIN SELECT RAISE(ABORT, 'uses of bundles are append-only'); END;
CREATE TRIGGER bundle_uses_delete BEFORE DELETE ON bundle_uses
  BEGIN SELECT RAISE(ABORT, 'uses of bundles are append-only'); END;
CREATE TRIGGER bundle_uses_insert BEFORE INSERT ON bundle_uses
  WHEN NEW.n IS NOT (SELECT coalesce(max(n) + 1, 1) FROM bundle_uses)
  BEGIN SELECT RAISE(ABORT, 'uses of bundles are numbered without a gap'); END;
