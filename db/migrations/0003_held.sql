-- What is due is found, and moved to the feed, without reading what is not.
CREATE INDEX held_due ON held (due_ms, seq);
