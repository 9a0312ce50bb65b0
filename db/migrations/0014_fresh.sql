-- Answers kept before then are none of the run's, which asks anew; NULL: all are.
ALTER TABLE runs ADD COLUMN since_ms INTEGER;
