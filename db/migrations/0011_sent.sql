-- Code points of an answer that a gateway had let out before it was cut; NULL
-- where nothing was, or all of it may go out.
ALTER TABLE items ADD COLUMN sent INTEGER;
