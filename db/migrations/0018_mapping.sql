-- The version of the mapping by which the record was read, and is read again
-- (core/shape/read.h); 1: before there were several.
ALTER TABLE payloads ADD COLUMN mapping INTEGER NOT NULL DEFAULT 1;
