-- What older leaves do not bind, by hash: of one item its row's columns and its
-- findings (where its leaf says neither) and its notes.  The leaf log.bind names all of
-- it (handrail-audit.7); no row is ever changed.
CREATE TABLE bound (
  item  INTEGER PRIMARY KEY,
  row   BLOB,                                 -- of the columns
  found BLOB,                                 -- salted: findings, errors, snippet
  notes BLOB                                  -- salted: notes without a leaf
) STRICT;
CREATE TRIGGER bound_update BEFORE UPDATE ON bound
  BEGIN SELECT RAISE(ABORT, 'what was bound never changes'); END;
CREATE TRIGGER bound_delete BEFORE DELETE ON bound
  BEGIN SELECT RAISE(ABORT, 'what was bound never changes'); END;
-- Its leaf; -1: it was noted before notes had leaves.
ALTER TABLE notes ADD COLUMN seq INTEGER NOT NULL DEFAULT -1;
CREATE UNIQUE INDEX notes_seq ON notes (seq) WHERE seq >= 0;
