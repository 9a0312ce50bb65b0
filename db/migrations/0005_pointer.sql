-- Which value of a JSON output was found, beside its place in the output.
ALTER TABLE findings ADD COLUMN pointer TEXT;
