-- Why the model stopped: end, length, filter, refusal, tool or error; NULL where
-- it is not known.
ALTER TABLE items ADD COLUMN stop TEXT;
