-- The words of all stored text, where search is on: one row an item, by its key.
CREATE VIRTUAL TABLE search USING fts5 (
  text,
  tokenize = "unicode61 remove_diacritics 2"
);
-- The items whose text is in it, from low to high; no row: search is off.
CREATE TABLE search_span (
  n    INTEGER PRIMARY KEY CHECK (n = 1),
  low  INTEGER NOT NULL,
  high INTEGER NOT NULL
) STRICT;
