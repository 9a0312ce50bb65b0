-- Every statement of the program, by name.  A reader of this file knows all
-- that the store is asked.  WHERE_CONDITION marks where a user's condition goes.

-- name: STORE_META_GET
SELECT value FROM meta WHERE name = ?1;
