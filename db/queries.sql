-- Every statement of the program, by name.  A reader of this file knows all
-- that the store is asked.  WHERE_CONDITION marks where a user's condition goes;
-- "-- columns:" under such a statement's name says what the condition may see.

-- db/store, db/transaction, db/migrate

-- name: STORE_META
SELECT (SELECT value FROM meta WHERE name = 'key'),
  (SELECT value FROM meta WHERE name = 'log'),
  (SELECT value FROM meta WHERE name = 'group');

-- name: STORE_META_SET
INSERT OR REPLACE INTO meta (name, value) VALUES (?1, ?2);

-- name: STORE_VERSION
PRAGMA data_version;

-- name: STORE_BEGIN
BEGIN IMMEDIATE;

-- name: STORE_BEGIN_READ
BEGIN;

-- name: STORE_COMMIT
COMMIT;

-- name: STORE_ROLLBACK
ROLLBACK;

-- db/audit

-- name: AUDIT_LAST
SELECT seq, substr(hashes, 1, 32) FROM leaves ORDER BY seq DESC LIMIT 1;

-- name: AUDIT_HASHES
SELECT hashes FROM leaves WHERE seq = ?1;

-- name: AUDIT_INSERT
INSERT INTO leaves (seq, leaf, hashes) VALUES (?1, ?2, ?3);
