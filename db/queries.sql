-- Every statement of the program, by name, in the order of a record's way: taken
-- in, listed, decided on, released, counted, exported, erased, proved.
--
-- :name is a parameter.  db/sql.awk makes STATEMENT_name of it for C, and
-- STATEMENT_NAME of each column that the statement selects, so that no call
-- counts positions.  {PART} stands for the text under "-- part: PART" above it.
-- Statements for the same C code share constants: "-- takes: GROUP" those of
-- their parameters, "-- gives: GROUP" those of their columns, which are then the
-- same ones.  WHERE_CONDITION marks where a user's condition goes, and
-- "-- columns:" says what it may see.  What stands so under a part's name holds
-- for every statement with that part.  ROWS puts the rows of a batch into the
-- columns before it; those before one that cannot be inserted stay.

-- The store

-- name: STORE_META
SELECT (SELECT value FROM meta WHERE name = 'key') AS key,
  (SELECT value FROM meta WHERE name = 'log') AS log,
  (SELECT value FROM meta WHERE name = 'group') AS shared,
  (SELECT count(*) FROM meta WHERE name = 'erased') AS unsettled;

-- name: STORE_META_SET
INSERT INTO meta (name, value) VALUES (:name, :value)
ON CONFLICT (name) DO UPDATE SET value = excluded.value;

-- The two together write, and change nothing.
-- name: STORE_TOUCH
INSERT INTO meta (name, value) VALUES ('touched', 1)
ON CONFLICT (name) DO NOTHING;

-- name: STORE_TOUCHED
DELETE FROM meta WHERE name = 'touched';

-- Text was erased, and may still stand in the file or in -wal.
-- name: STORE_ERASED
INSERT INTO meta (name, value) VALUES ('erased', 1)
ON CONFLICT (name) DO NOTHING;

-- name: STORE_UNSETTLED
SELECT 1 FROM meta WHERE name = 'erased';

-- name: STORE_SETTLED
DELETE FROM meta WHERE name = 'erased';

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

-- Ingest

-- name: ITEMS_INSERT
INSERT OR FAIL INTO items (item, queue, id, state, review, route, rule, rules,
  policy, priority, due_ms, confidence, severity, failures, guards, sample_p,
  model, prompt, variant, created_ms, ingested_ms, input_tokens, output_tokens,
  cost_usd, latency_ms, salt, content_sha256, snippet, seq, stop, sent) ROWS;

-- name: PAYLOADS_INSERT
INSERT OR FAIL INTO payloads (item, part, record, input, shape, mapping) ROWS;

-- name: FINDINGS_INSERT
INSERT OR FAIL INTO findings (item, n, guard, kind, severity, score, start,
  "end", redact, place, message, pointer) ROWS;

-- name: ERRORS_INSERT
INSERT OR FAIL INTO guard_errors (item, n, guard, message, fail_open) ROWS;

-- Is an item that was refused the one that is there?
-- name: ITEM_CONTENT
SELECT salt, content_sha256, item, policy, state FROM items
WHERE queue = :queue AND id = :id;

-- name: TOTALS_ADD
INSERT INTO totals (queue, state, n) VALUES (:queue, :state, :n)
ON CONFLICT (queue, state) DO UPDATE SET n = totals.n + excluded.n;

-- Reroute

-- name: ITEM_REROUTE
UPDATE items SET state = :state, review = :review, route = :route, rule = :rule,
  rules = :rules, policy = :policy, priority = :priority, due_ms = :due_ms,
  severity = :severity, failures = :failures, guards = :guards,
  sample_p = :sample_p, seq = :seq, stop = :stop
WHERE item = :item;

-- name: FINDINGS_CLEAR
-- takes: ERASE
DELETE FROM findings WHERE item = :item;

-- name: ERRORS_CLEAR
-- takes: ERASE
DELETE FROM guard_errors WHERE item = :item;

-- Lists

-- part: LIST_ROW
-- gives: LIST
item, id, queue, state, route, rule, guards, policy, model, prompt, variant,
  snippet, priority, due_ms, created_ms, ingested_ms, confidence, severity,
  failures, review, lease_uid, lease_by, lease_session, lease_until, lease_boot,
  sample_p, stop, input_tokens, output_tokens, cost_usd, sent

-- The last attempt of the call that an item answers; its id is the item's but for
-- the number of a choice.
-- part: CALL_LAST
FROM calls c WHERE c.id = substr(i.id, 1, 41) AND c.queue = i.queue
     AND i.id LIKE 'call-%' ORDER BY c.attempt DESC LIMIT 1

-- What a condition may see of an item, and what the statement itself needs.
-- Metadata and output are read out of the record again, and only where a condition
-- names them: columns of their own would make an ingest write 5 and 30 % more pages.
-- part: ITEM
-- columns: id queue state route rule guards policy model prompt variant snippet
-- columns: stop priority confidence severity failures errors sampled created_at
-- columns: ingested_at due_at cost_usd latency_ms input_tokens output_tokens
-- columns: metadata output first_token_ms attempts tier sent
i.item, i.id, i.queue, i.state, i.route, i.rule, i.guards, i.policy, i.model,
    i.prompt, i.variant, i.snippet, i.stop, i.priority, i.confidence, i.severity,
    i.failures, i.cost_usd, i.latency_ms, i.input_tokens, i.output_tokens, i.sent,
    i.sample_p IS NOT NULL AS sampled,
    rfc3339(i.created_ms) AS created_at, rfc3339(i.ingested_ms) AS ingested_at,
    rfc3339(i.due_ms) AS due_at,
    (SELECT count(*) FROM guard_errors e WHERE e.item = i.item) AS errors,
    (SELECT item_metadata(p.record, p.input, p.part, p.shape, p.mapping) FROM payloads p
     WHERE p.item = i.item) AS metadata,
    (SELECT item_output(p.record, p.input, p.part, p.shape, p.mapping) FROM payloads p
     WHERE p.item = i.item) AS output,
    (SELECT c.first_ms {CALL_LAST}) AS first_token_ms,
    (SELECT c.attempt {CALL_LAST}) AS attempts,
    (SELECT c.model {CALL_LAST}) AS tier

-- The decision that stands, as it is filtered by.
-- part: LAST_DECISION
FROM decisions d WHERE d.item = i.item AND d.decision <> 'undo' AND NOT EXISTS
      (SELECT 1 FROM decisions u WHERE u.undoes = d.seq) ORDER BY d.seq DESC LIMIT 1

-- part: LISTED
-- columns: by decided_at
{ITEM},
    (SELECT d.by {LAST_DECISION}) AS by,
    (SELECT rfc3339(d.ts_ms) {LAST_DECISION}) AS decided_at

-- Of n items, 20 columns each, those for which a condition holds.

-- name: LIST_MATCH
SELECT item FROM (SELECT {LISTED} FROM items i
  WHERE i.item IN (WITH RECURSIVE place(k) AS (SELECT 0 UNION ALL
      SELECT k + 1 FROM place WHERE k + 1 < CAST(:n AS BIGINT))
    SELECT CAST(substr(CAST(:items AS TEXT), k * 20 + 1, 20) AS BIGINT)
    FROM place)) AS found
WHERE WHERE_CONDITION;

-- part: LIST
-- takes: LIST
SELECT {LIST_ROW}
FROM (SELECT {LISTED},
    i.rank, i.confidence_key, i.due_ms, i.created_ms, i.ingested_ms, i.review,
    i.lease_uid, i.lease_by, i.lease_session, i.lease_until, i.lease_boot,
    i.sample_p
  FROM items i

-- A page goes on behind a row in one of three orders, or back before it.

-- part: BY_DUE
  AND (i.rank, i.due_ms, i.item) > (:rank, :due_ms, :item)) AS found
WHERE WHERE_CONDITION ORDER BY rank, due_ms, item LIMIT :limit;

-- part: BY_DUE_BACK
  AND (i.rank, i.due_ms, i.item) < (:rank, :due_ms, :item)) AS found
WHERE WHERE_CONDITION ORDER BY rank DESC, due_ms DESC, item DESC LIMIT :limit;

-- part: BY_AGE
  AND (i.ingested_ms, i.item) > (:ingested_ms, :item)) AS found
WHERE WHERE_CONDITION ORDER BY ingested_ms, item LIMIT :limit;

-- part: BY_AGE_BACK
  AND (i.ingested_ms, i.item) < (:ingested_ms, :item)) AS found
WHERE WHERE_CONDITION ORDER BY ingested_ms DESC, item DESC LIMIT :limit;

-- part: BY_CONFIDENCE
  AND (i.confidence_key, i.item) > (:confidence, :item)) AS found
WHERE WHERE_CONDITION ORDER BY confidence_key, item LIMIT :limit;

-- part: BY_CONFIDENCE_BACK
  AND (i.confidence_key, i.item) < (:confidence, :item)) AS found
WHERE WHERE_CONDITION ORDER BY confidence_key DESC, item DESC LIMIT :limit;

-- The literal in WHERE and the named index belong together.

-- name: LIST_FLAGGED
{LIST} INDEXED BY items_flagged WHERE i.state = 'flagged'
{BY_DUE}

-- name: LIST_FLAGGED_BACK
{LIST} INDEXED BY items_flagged WHERE i.state = 'flagged'
{BY_DUE_BACK}

-- name: LIST_FLAGGED_QUEUE
{LIST} INDEXED BY items_flagged_queue
  WHERE i.state = 'flagged' AND i.queue = :queue
{BY_DUE}

-- name: LIST_FLAGGED_QUEUE_BACK
{LIST} INDEXED BY items_flagged_queue
  WHERE i.state = 'flagged' AND i.queue = :queue
{BY_DUE_BACK}

-- name: LIST_REVIEW
{LIST} INDEXED BY items_review WHERE i.review = 1
{BY_DUE}

-- name: LIST_REVIEW_BACK
{LIST} INDEXED BY items_review WHERE i.review = 1
{BY_DUE_BACK}

-- name: LIST_REVIEW_QUEUE
{LIST} INDEXED BY items_review_queue WHERE i.review = 1 AND i.queue = :queue
{BY_DUE}

-- name: LIST_REVIEW_QUEUE_BACK
{LIST} INDEXED BY items_review_queue WHERE i.review = 1 AND i.queue = :queue
{BY_DUE_BACK}

-- name: LIST_ESCALATED
{LIST} INDEXED BY items_escalated WHERE i.state = 'escalated'
{BY_DUE}

-- name: LIST_ESCALATED_BACK
{LIST} INDEXED BY items_escalated WHERE i.state = 'escalated'
{BY_DUE_BACK}

-- name: LIST_ESCALATED_QUEUE
{LIST} INDEXED BY items_escalated_queue
  WHERE i.state = 'escalated' AND i.queue = :queue
{BY_DUE}

-- name: LIST_ESCALATED_QUEUE_BACK
{LIST} INDEXED BY items_escalated_queue
  WHERE i.state = 'escalated' AND i.queue = :queue
{BY_DUE_BACK}

-- name: LIST_AGE
{LIST} INDEXED BY items_flagged_age
  WHERE i.state = 'flagged' AND (CAST(:queue AS TEXT) IS NULL OR i.queue = :queue)
{BY_AGE}

-- name: LIST_AGE_BACK
{LIST} INDEXED BY items_flagged_age
  WHERE i.state = 'flagged' AND (CAST(:queue AS TEXT) IS NULL OR i.queue = :queue)
{BY_AGE_BACK}

-- name: LIST_CONFIDENCE
{LIST} INDEXED BY items_flagged_confidence
  WHERE i.state = 'flagged' AND (CAST(:queue AS TEXT) IS NULL OR i.queue = :queue)
{BY_CONFIDENCE}

-- name: LIST_CONFIDENCE_BACK
{LIST} INDEXED BY items_flagged_confidence
  WHERE i.state = 'flagged' AND (CAST(:queue AS TEXT) IS NULL OR i.queue = :queue)
{BY_CONFIDENCE_BACK}

-- How far down a row stands, counted to :limit at most.

-- part: BEFORE
-- takes: LIST
-- gives: NUMBER
SELECT count(*) AS value FROM (SELECT 1 FROM items i

-- part: BEFORE_DUE
  AND (i.rank, i.due_ms, i.item) <= (:rank, :due_ms, :item) LIMIT :limit) AS b;

-- name: BEFORE_FLAGGED
{BEFORE} INDEXED BY items_flagged WHERE i.state = 'flagged'
{BEFORE_DUE}

-- name: BEFORE_FLAGGED_QUEUE
{BEFORE} INDEXED BY items_flagged_queue
  WHERE i.state = 'flagged' AND i.queue = :queue
{BEFORE_DUE}

-- name: BEFORE_REVIEW
{BEFORE} INDEXED BY items_review WHERE i.review = 1
{BEFORE_DUE}

-- name: BEFORE_REVIEW_QUEUE
{BEFORE} INDEXED BY items_review_queue WHERE i.review = 1 AND i.queue = :queue
{BEFORE_DUE}

-- name: BEFORE_ESCALATED
{BEFORE} INDEXED BY items_escalated WHERE i.state = 'escalated'
{BEFORE_DUE}

-- name: BEFORE_ESCALATED_QUEUE
{BEFORE} INDEXED BY items_escalated_queue
  WHERE i.state = 'escalated' AND i.queue = :queue
{BEFORE_DUE}

-- name: BEFORE_AGE
{BEFORE} INDEXED BY items_flagged_age
  WHERE i.state = 'flagged' AND (CAST(:queue AS TEXT) IS NULL OR i.queue = :queue)
  AND (i.ingested_ms, i.item) <= (:ingested_ms, :item) LIMIT :limit) AS b;

-- name: BEFORE_CONFIDENCE
{BEFORE} INDEXED BY items_flagged_confidence
  WHERE i.state = 'flagged' AND (CAST(:queue AS TEXT) IS NULL OR i.queue = :queue)
  AND (i.confidence_key, i.item) <= (:confidence, :item) LIMIT :limit) AS b;

-- How many of one priority, counted to :limit at most.

-- part: OF_RANK
  AND i.rank = :rank LIMIT :limit) AS b;

-- name: RANK_FLAGGED
{BEFORE} INDEXED BY items_flagged WHERE i.state = 'flagged'
{OF_RANK}

-- name: RANK_FLAGGED_QUEUE
{BEFORE} INDEXED BY items_flagged_queue
  WHERE i.state = 'flagged' AND i.queue = :queue
{OF_RANK}

-- name: RANK_REVIEW
{BEFORE} INDEXED BY items_review WHERE i.review = 1
{OF_RANK}

-- name: RANK_REVIEW_QUEUE
{BEFORE} INDEXED BY items_review_queue WHERE i.review = 1 AND i.queue = :queue
{OF_RANK}

-- name: RANK_ESCALATED
{BEFORE} INDEXED BY items_escalated WHERE i.state = 'escalated'
{OF_RANK}

-- name: RANK_ESCALATED_QUEUE
{BEFORE} INDEXED BY items_escalated_queue
  WHERE i.state = 'escalated' AND i.queue = :queue
{OF_RANK}

-- Ids by how they begin.

-- name: IDS_FROM
-- takes: IDS
-- gives: IDS
SELECT DISTINCT id FROM items INDEXED BY items_id
WHERE id >= :from AND id < :end ORDER BY id LIMIT :limit;

-- name: IDS_LAST
-- takes: IDS
-- gives: IDS
SELECT id FROM items INDEXED BY items_id
WHERE id >= :from AND id < :end ORDER BY id DESC LIMIT :limit;

-- The other states, and all: no index keeps them in this order.

-- name: LIST_STATE
{LIST} WHERE (CAST(:state AS TEXT) IS NULL OR i.state = :state)
  AND (CAST(:queue AS TEXT) IS NULL OR i.queue = :queue)
{BY_DUE}

-- name: LIST_STATE_BACK
{LIST} WHERE (CAST(:state AS TEXT) IS NULL OR i.state = :state)
  AND (CAST(:queue AS TEXT) IS NULL OR i.queue = :queue)
{BY_DUE_BACK}

-- name: LIST_ROW
SELECT {LIST_ROW} FROM items WHERE item = :item;

-- name: LIST_DECIDED
SELECT d.by, d.ts_ms FROM decisions d
WHERE d.item = :item AND d.decision <> 'undo' AND NOT EXISTS
  (SELECT 1 FROM decisions u WHERE u.undoes = d.seq) ORDER BY d.seq DESC LIMIT 1;

-- name: LIST_CALL
SELECT c.first_ms, c.attempt, c.model FROM calls c
WHERE c.id = :id AND c.queue = :queue ORDER BY c.attempt DESC LIMIT 1;

-- What a person has yet to decide of a gateway's newest calls: their ids begin with
-- the time.  Who was sent a part, or a decision that was undone since, has his answer.
-- name: WAITS
SELECT i.id, i.ingested_ms FROM (SELECT id, queue, gateway, state FROM calls
    WHERE id >= :from ORDER BY id DESC LIMIT :most) c
  JOIN items i ON i.queue = c.queue AND i.id = c.id
WHERE c.gateway = :gateway AND c.state = 'answered'
  AND i.state IN ('flagged', 'escalated') AND i.sent IS NULL AND NOT EXISTS
  (SELECT 1 FROM outbox o WHERE o.item = i.item
   AND o.state IN ('accepted', 'edited', 'rejected'));

-- name: ITEM_FIND
SELECT item, queue FROM items WHERE id = :id AND (CAST(:queue AS TEXT) IS NULL OR queue = :queue)
ORDER BY queue;

-- name: COUNTS
SELECT coalesce(sum(CASE state WHEN 'approved' THEN n END), 0) AS approved,
  coalesce(sum(CASE state WHEN 'flagged' THEN n END), 0) AS flagged,
  coalesce(sum(CASE state WHEN 'escalated' THEN n END), 0) AS escalated,
  coalesce(sum(CASE state WHEN 'accepted' THEN n END), 0) AS accepted,
  coalesce(sum(CASE state WHEN 'edited' THEN n END), 0) AS edited,
  coalesce(sum(CASE state WHEN 'rejected' THEN n END), 0) AS rejected,
  coalesce(sum(CASE state WHEN 'review' THEN n END), 0) AS review
FROM totals WHERE CAST(:queue AS TEXT) IS NULL OR queue = :queue;

-- name: QUEUES
SELECT DISTINCT queue FROM totals ORDER BY queue LIMIT 1000;

-- name: COUNT_MINE
-- gives: NUMBER
SELECT count(*) AS value FROM items INDEXED BY items_leased
WHERE lease_uid = :uid AND lease_session = :session AND lease_boot = :boot
  AND lease_until > :now AND lease_uid IS NOT NULL;

-- name: OLDEST_FLAGGED
-- gives: NUMBER
SELECT ingested_ms AS value FROM items INDEXED BY items_flagged_age
WHERE state = 'flagged' AND (CAST(:queue AS TEXT) IS NULL OR queue = :queue)
ORDER BY ingested_ms, item LIMIT 1;

-- Within one rank the rows come by due time, so each rank is one short range.

-- name: COUNT_BREACHED
-- takes: BREACHED
-- gives: NUMBER
WITH RECURSIVE r (rank) AS (
  SELECT min(rank) FROM items INDEXED BY items_flagged WHERE state = 'flagged'
  UNION ALL
  SELECT (SELECT min(i.rank) FROM items i INDEXED BY items_flagged
    WHERE i.state = 'flagged' AND i.rank > r.rank)
  FROM r WHERE r.rank IS NOT NULL)
SELECT coalesce(sum((SELECT count(*) FROM (SELECT 1
  FROM items i INDEXED BY items_flagged
  WHERE i.state = 'flagged' AND i.rank = r.rank AND i.due_ms < :now LIMIT 1000) AS b)),
  0) AS value FROM r;

-- name: COUNT_BREACHED_QUEUE
-- takes: BREACHED
-- gives: NUMBER
WITH RECURSIVE r (rank) AS (
  SELECT min(rank) FROM items INDEXED BY items_flagged_queue
  WHERE state = 'flagged' AND queue = :queue
  UNION ALL
  SELECT (SELECT min(i.rank) FROM items i INDEXED BY items_flagged_queue
    WHERE i.state = 'flagged' AND i.queue = :queue AND i.rank > r.rank)
  FROM r WHERE r.rank IS NOT NULL)
SELECT coalesce(sum((SELECT count(*) FROM (SELECT 1
  FROM items i INDEXED BY items_flagged_queue
  WHERE i.state = 'flagged' AND i.queue = :queue AND i.rank = r.rank
    AND i.due_ms < :now LIMIT 1000) AS b)), 0) AS value FROM r;

-- name: COUNT_BREACHED_ESCALATED
-- takes: BREACHED
-- gives: NUMBER
WITH RECURSIVE r (rank) AS (
  SELECT min(rank) FROM items INDEXED BY items_escalated WHERE state = 'escalated'
  UNION ALL
  SELECT (SELECT min(i.rank) FROM items i INDEXED BY items_escalated
    WHERE i.state = 'escalated' AND i.rank > r.rank)
  FROM r WHERE r.rank IS NOT NULL)
SELECT coalesce(sum((SELECT count(*) FROM (SELECT 1
  FROM items i INDEXED BY items_escalated
  WHERE i.state = 'escalated' AND i.rank = r.rank AND i.due_ms < :now LIMIT 1000) AS b)),
  0) AS value FROM r;

-- name: COUNT_BREACHED_ESCALATED_QUEUE
-- takes: BREACHED
-- gives: NUMBER
WITH RECURSIVE r (rank) AS (
  SELECT min(rank) FROM items INDEXED BY items_escalated_queue
  WHERE state = 'escalated' AND queue = :queue
  UNION ALL
  SELECT (SELECT min(i.rank) FROM items i INDEXED BY items_escalated_queue
    WHERE i.state = 'escalated' AND i.queue = :queue AND i.rank > r.rank)
  FROM r WHERE r.rank IS NOT NULL)
SELECT coalesce(sum((SELECT count(*) FROM (SELECT 1
  FROM items i INDEXED BY items_escalated_queue
  WHERE i.state = 'escalated' AND i.queue = :queue AND i.rank = r.rank
    AND i.due_ms < :now LIMIT 1000) AS b)), 0) AS value FROM r;

-- All of one item

-- name: DETAIL_PAYLOAD
-- takes: DETAIL
SELECT p.record, p.input, p.part, p.shape, p.mapping, i.rules, i.salt FROM payloads p
JOIN items i USING (item) WHERE p.item = :item;

-- name: DETAIL_FINDINGS
-- takes: DETAIL
SELECT guard, kind, severity, score, start, "end", redact, place, message, pointer
FROM findings WHERE item = :item ORDER BY n;

-- Of the same queue and policy, not too far back, without that finding.
-- name: RECORD_BEFORE
SELECT i.id, i.ingested_ms FROM items n
JOIN items i ON i.item < n.item AND i.item > n.item - 100000
  AND i.queue = n.queue AND i.policy = n.policy
WHERE n.item = :item AND NOT EXISTS (SELECT 1 FROM findings f
  WHERE f.item = i.item AND f.guard = :guard AND f.place = :place)
ORDER BY i.item DESC LIMIT 1;

-- name: DETAIL_ERRORS
-- takes: DETAIL
SELECT guard, message, fail_open FROM guard_errors WHERE item = :item ORDER BY n;

-- name: DETAIL_RULES
SELECT name FROM policy_rules WHERE policy = :policy AND queue = :queue ORDER BY n;

-- name: DETAIL_DECISIONS
-- takes: DETAIL
SELECT d.seq, d.ts_ms, d.uid, d.by, d.role, d.via, d.decision, d.from_state,
  d.to_state, d.reason, d.labels, d.note, d.output, d.undoes,
  u.seq AS undone_by, d.review_ms, d.from_review, d.ratings, d.evidence
FROM decisions d LEFT JOIN decisions u ON u.undoes = d.seq
WHERE d.item = :item ORDER BY d.seq;

-- name: DETAIL_NOTES
-- takes: DETAIL
SELECT ts_ms, by, text FROM notes WHERE item = :item ORDER BY n;

-- name: DETAIL_SKIPS
-- takes: DETAIL
SELECT seq, ts_ms, by, role, reason FROM skips WHERE item = :item ORDER BY seq;

-- name: DETAIL_OPINIONS
-- takes: DETAIL
SELECT o.seq, o.ts_ms, o.by, o.role, o.value, o.decision AS decision_seq,
  d.decision
FROM opinions o JOIN decisions d ON d.seq = o.decision
WHERE o.item = :item ORDER BY o.seq;

-- name: RELEASE_LAST
-- takes: DETAIL
SELECT n, state, kind, text, seq FROM outbox WHERE item = :item
ORDER BY n DESC LIMIT 1;

-- Leases and decisions

-- name: REVIEW_ITEM
SELECT queue, id, state, review, lease_uid, lease_by, lease_session, lease_token,
  lease_until, lease_boot, lease_from_ms, salt, content_sha256
FROM items WHERE item = :item;

-- name: LEASE_TAKE
UPDATE items SET lease_uid = :uid, lease_by = :by, lease_session = :session,
  lease_token = lease_token + 1, lease_until = :until, lease_boot = :boot,
  lease_from_ms = :from_ms
WHERE item = :item;

-- name: LEASE_RENEW
UPDATE items SET lease_until = :until WHERE item = :item AND lease_token = :token
  AND lease_session = :session;

-- part: LEASE_NONE
lease_uid = NULL, lease_by = NULL, lease_session = NULL,
  lease_until = NULL, lease_boot = NULL, lease_from_ms = NULL

-- name: LEASE_END
UPDATE items SET {LEASE_NONE}
WHERE item = :item
  AND (CAST(:token AS BIGINT) IS NULL OR (lease_token = :token AND lease_session = :session));

-- name: LEASE_END_SESSION
UPDATE items SET {LEASE_NONE}
WHERE item IN (SELECT item FROM items INDEXED BY items_leased
  WHERE lease_uid = :uid AND lease_session = :session AND lease_uid IS NOT NULL);

-- name: ITEM_DECIDED
UPDATE items SET state = :state, review = :review, {LEASE_NONE},
  lease_token = lease_token + 1
WHERE item = :item;

-- name: DECISION_INSERT
INSERT INTO decisions (seq, item, ts_ms, uid, by, role, via, decision,
  from_state, to_state, from_review, policy, reason, labels, note, output,
  undoes, review_ms, ratings, evidence)
VALUES (:seq, :item, :ts_ms, :uid, :by, :role, :via, :decision, :from_state,
  :to_state, :from_review, :policy, :reason, :labels, :note, :output, :undoes,
  :review_ms, :ratings, :evidence);

-- name: DECISION_LAST
SELECT d.seq, d.uid, d.by, d.decision, d.from_state, d.to_state, d.from_review,
  d.ts_ms
FROM decisions d
WHERE d.item = :item AND d.decision <> 'undo'
  AND d.seq > (SELECT seq FROM items WHERE item = :item)
  AND NOT EXISTS (SELECT 1 FROM decisions u WHERE u.undoes = d.seq)
ORDER BY d.seq DESC LIMIT 1;

-- name: SKIP_INSERT
INSERT INTO skips (seq, item, ts_ms, uid, by, role, via, reason)
VALUES (:seq, :item, :ts_ms, :uid, :by, :role, :via, :reason);

-- name: NOTE_INSERT
INSERT INTO notes (item, ts_ms, uid, by, text, seq)
VALUES (:item, :ts_ms, :uid, :by, :text, :seq);

-- Releases

-- name: OUTBOX_INSERT
INSERT INTO outbox (n, item, seq, state, kind, text, ts_ms)
VALUES (:n, :item, :seq, :state, :kind, :text, :ts_ms);

-- name: OUTBOX_INSERT_ALL
INSERT OR FAIL INTO outbox (n, item, seq, state, kind, text, ts_ms) ROWS;

-- name: OUTBOX_END
SELECT coalesce(max(n), 0) AS n FROM outbox;

-- part: OUTBOX_ROW
-- gives: OUTBOX_ROW
SELECT o.n, i.id, i.queue, o.state, o.kind, o.text, o.ts_ms, o.item
FROM outbox o JOIN items i USING (item)

-- name: OUTBOX_LAST
{OUTBOX_ROW}
WHERE o.item = :item ORDER BY o.n DESC LIMIT 1;

-- name: OUTBOX_AFTER
{OUTBOX_ROW}
WHERE o.n > :after AND (CAST(:queue AS TEXT) IS NULL OR i.queue = :queue) ORDER BY o.n LIMIT 1;

-- name: OUTBOX_OF
SELECT state FROM outbox WHERE item = :item AND seq = :seq;

-- name: OUTBOX_BEFORE
SELECT state, kind, text FROM outbox WHERE item = :item AND seq < :seq
ORDER BY n DESC LIMIT 1;

-- name: HELD_INSERT
INSERT INTO held (seq, item, state, kind, text, due_ms)
VALUES (:seq, :item, :state, :kind, :text, :due_ms);

-- name: HELD_DELETE
DELETE FROM held WHERE seq = :seq;

-- name: HELD_DUE
SELECT seq, item, state, kind, text, due_ms FROM held INDEXED BY held_due
WHERE due_ms <= :now ORDER BY due_ms, seq LIMIT 1;

-- Calls of gateways, and what keys have spent

-- name: CALLS_PUT
INSERT OR FAIL INTO calls (id, attempt, queue, gateway, key, model, upstream, region,
  state, status, reason, asked_ms, first_ms, took_ms, input_tokens, output_tokens,
  cached_tokens, reasoning_tokens, estimated, usd) ROWS
ON CONFLICT (id, attempt) DO UPDATE SET state = excluded.state,
  status = excluded.status, reason = excluded.reason, first_ms = excluded.first_ms,
  took_ms = excluded.took_ms, input_tokens = excluded.input_tokens,
  output_tokens = excluded.output_tokens, cached_tokens = excluded.cached_tokens,
  reasoning_tokens = excluded.reasoning_tokens, estimated = excluded.estimated,
  usd = excluded.usd;

-- name: SPEND_ADD
INSERT INTO spend (key, span, tokens, usd) VALUES (:key, :span, :tokens, :usd)
ON CONFLICT (key, span) DO UPDATE SET tokens = tokens + excluded.tokens,
  usd = usd + excluded.usd;

-- name: SPEND_OF
SELECT tokens, usd FROM spend WHERE key = :key AND span = :span;
-- Webhooks

-- name: HOOKS_FORGET
UPDATE hooks SET in_force = 0 WHERE in_force = 1;

-- name: HOOK_QUEUES_FORGET
DELETE FROM hook_queues;

-- name: HOOK_PUT
INSERT INTO hooks (hook, in_force, asked, taken, failed) VALUES (:hook, 1, 0, 0, 0)
ON CONFLICT (hook) DO UPDATE SET in_force = 1;

-- name: HOOK_QUEUE_PUT
INSERT INTO hook_queues (hook, queue) VALUES (:hook, :queue);

-- name: HOOK_LIST
SELECT hook, in_force, paused_ms, taken, failed, taken_ms FROM hooks ORDER BY hook;

-- name: HOOK_FIND
-- takes: HOOK
SELECT in_force, paused_ms, asked FROM hooks WHERE hook = :hook;

-- name: HOOK_WAITING
-- takes: HOOK
SELECT count(*) AS waiting, min(n) AS first, min(due_ms) AS due_ms
FROM deliveries INDEXED BY deliveries_due WHERE hook = :hook AND state = 'waiting';

-- name: HOOK_FIRST
SELECT o.ts_ms, d.error FROM deliveries d JOIN outbox o USING (n)
WHERE d.hook = :hook AND d.n = :n;

-- name: HOOK_PAUSE
-- takes: HOOK
UPDATE hooks SET paused_ms = :now WHERE hook = :hook;

-- name: HOOK_RESUME
-- takes: HOOK
UPDATE hooks SET paused_ms = NULL WHERE hook = :hook;

-- Whatever kept its deliveries back is forgotten.
-- name: HOOK_ASK
-- takes: HOOK
UPDATE hooks SET asked = asked + 1 WHERE hook = :hook;

-- name: HOOK_TAKEN
-- takes: HOOK
UPDATE hooks SET taken = taken + 1, taken_ms = :now WHERE hook = :hook;

-- name: HOOK_FAILED
-- takes: HOOK
UPDATE hooks SET failed = failed + 1 WHERE hook = :hook;

-- For every hook in force, of the releases from that number on.
-- name: DELIVERIES_INSERT
INSERT INTO deliveries (hook, n, item, due_ms)
SELECT h.hook, o.n, o.item, o.ts_ms
FROM hook_queues h CROSS JOIN outbox o JOIN items i USING (item)
WHERE o.n >= :from AND (h.queue = '' OR h.queue = i.queue);

-- A later release of an item waits for its earlier one.
-- name: DELIVERIES_DUE
SELECT d.n, d.item, d.tries FROM deliveries d INDEXED BY deliveries_due
WHERE d.hook = :hook AND d.state = 'waiting' AND d.due_ms <= :now
  AND NOT EXISTS (SELECT 1 FROM deliveries e INDEXED BY deliveries_item
    WHERE e.hook = :hook AND e.item = d.item AND e.n < d.n
      AND e.state = 'waiting')
ORDER BY d.due_ms, d.n LIMIT :limit;

-- Those due later than that are due now.
-- name: DELIVERIES_HURRY
UPDATE deliveries SET due_ms = :now
WHERE hook = :hook AND state = 'waiting' AND due_ms > :later;

-- name: DELIVERIES_LIST
SELECT d.n, i.id, i.queue, d.state, d.tries, d.due_ms, d.done_ms, d.error, o.ts_ms
FROM deliveries d JOIN items i USING (item) JOIN outbox o ON o.n = d.n
WHERE d.hook = :hook AND (d.state = 'waiting' OR :every = 1) ORDER BY d.n;

-- name: DELIVERY_STATE
-- takes: DELIVERY
SELECT state FROM deliveries WHERE hook = :hook AND n = :n;

-- part: DELIVERY
-- takes: DELIVERY
WHERE hook = :hook AND n = :n AND state = 'waiting'

-- name: DELIVERY_TAKEN
UPDATE deliveries SET state = 'taken', tries = tries + 1, done_ms = :now, error = NULL
{DELIVERY};

-- name: DELIVERY_DROPPED
UPDATE deliveries SET state = 'dropped', done_ms = :now
{DELIVERY};

-- name: DELIVERY_FAILED
UPDATE deliveries SET tries = tries + 1, due_ms = :now, error = :error
{DELIVERY};

-- Policies

-- name: POLICY_CURRENT
SELECT policy, seq FROM policies ORDER BY n DESC LIMIT 1;

-- name: POLICY_INSERT
INSERT INTO policies (policy, seq, ts_ms, by) VALUES (:policy, :seq, :ts_ms, :by);

-- name: POLICY_LIST
SELECT n, policy, seq, ts_ms, by FROM policies ORDER BY n;

-- name: POLICY_KNOWN
SELECT 1 FROM policy_files WHERE policy = :policy LIMIT 1;

-- name: POLICY_LIKE
SELECT DISTINCT policy FROM policy_files
WHERE policy >= :prefix AND policy < CAST(:prefix AS TEXT) || 'g';

-- name: POLICY_FILES
SELECT path, bytes FROM policy_files WHERE policy = :policy ORDER BY n;

-- name: POLICY_FILE_INSERT
INSERT INTO policy_files (policy, n, path, bytes)
VALUES (:policy, :n, :path, :bytes);

-- name: POLICY_RULE_INSERT
INSERT INTO policy_rules (policy, queue, n, name)
VALUES (:policy, :queue, :n, :name);

-- Prompts and bundles

-- part: PROMPT
-- gives: PROMPT
SELECT n, name, version, sha256, bytes, note, tags, seq, ts_ms, by FROM prompts

-- name: PROMPT_VERSION
-- takes: PROMPT
{PROMPT}
WHERE name = :name AND version = :version;

-- name: PROMPT_NEWEST
-- takes: PROMPT
{PROMPT}
WHERE name = :name ORDER BY version DESC LIMIT 1;

-- name: PROMPT_ALL
-- takes: PROMPT
{PROMPT}
WHERE CAST(:name AS TEXT) IS NULL OR name = :name ORDER BY name, version;

-- name: PROMPT_SAME
SELECT version FROM prompts WHERE name = :name AND sha256 = :sha256
ORDER BY version LIMIT 1;

-- name: PROMPT_ENDS
SELECT (SELECT coalesce(max(n), 0) FROM prompts) AS prompt,
  (SELECT coalesce(max(n), 0) FROM prompt_labels) AS move,
  (SELECT coalesce(max(bundle), 0) FROM bundles) AS bundle,
  (SELECT coalesce(max(n), 0) FROM bundle_uses) AS use;

-- name: PROMPT_INSERT
INSERT INTO prompts (n, name, version, sha256, bytes, note, tags, seq, ts_ms, by)
VALUES (:n, :name, :version, :sha256, :bytes, :note, :tags, :seq, :ts_ms, :by);

-- name: PROMPT_LABEL
SELECT version, seq, ts_ms, by FROM prompt_labels
WHERE name = :name AND label = :label ORDER BY n DESC LIMIT 1;

-- name: PROMPT_LABEL_AT
SELECT version, seq, ts_ms, by FROM prompt_labels
WHERE name = :name AND label = :label AND ts_ms <= :at ORDER BY n DESC LIMIT 1;

-- Where labels point, of one name or with one label.
-- name: PROMPT_LABELS
SELECT l.name, l.label, l.version, l.ts_ms, l.by FROM prompt_labels l
WHERE (CAST(:name AS TEXT) IS NULL OR l.name = :name)
  AND (CAST(:label AS TEXT) IS NULL OR l.label = :label)
  AND l.n = (SELECT max(m.n) FROM prompt_labels m
    WHERE m.name = l.name AND m.label = l.label)
ORDER BY l.name, l.label;

-- name: PROMPT_MOVES
SELECT name, label, from_version, version, ts_ms, by FROM prompt_labels
WHERE name = :name ORDER BY n DESC;

-- name: PROMPT_LABEL_INSERT
INSERT INTO prompt_labels (n, name, label, from_version, version, seq, ts_ms, by)
VALUES (:n, :name, :label, :from_version, :version, :seq, :ts_ms, :by);

-- part: BUNDLE
-- gives: BUNDLE
SELECT bundle, sha256, bytes, seq, ts_ms, by FROM bundles

-- name: BUNDLE_GET
{BUNDLE}
WHERE bundle = :bundle;

-- name: BUNDLE_ALL
{BUNDLE}
ORDER BY bundle;

-- name: BUNDLE_SAME
SELECT bundle FROM bundles WHERE sha256 = :sha256 ORDER BY bundle LIMIT 1;

-- name: BUNDLE_INSERT
INSERT INTO bundles (bundle, sha256, bytes, seq, ts_ms, by)
VALUES (:bundle, :sha256, :bytes, :seq, :ts_ms, :by);

-- name: BUNDLE_USES
SELECT n, bundle, from_bundle, seq, ts_ms, by FROM bundle_uses ORDER BY n;

-- name: BUNDLE_USE_INSERT
INSERT INTO bundle_uses (n, bundle, from_bundle, seq, ts_ms, by)
VALUES (:n, :bundle, :from_bundle, :seq, :ts_ms, :by);

-- Figures

-- part: ITEMS_WITHIN
-- takes: STATS
i.ingested_ms >= :since AND i.ingested_ms < :until
  AND (CAST(:queue AS TEXT) IS NULL OR i.queue = :queue)

-- part: DECISIONS_WITHIN
-- takes: STATS
d.ts_ms >= :since AND d.ts_ms < :until AND (CAST(:queue AS TEXT) IS NULL OR i.queue = :queue)

-- part: NOT_UNDONE
NOT EXISTS (SELECT 1 FROM decisions u WHERE u.undoes = d.seq)

-- name: STATS_ITEMS
SELECT i.route, count(*) AS items, coalesce(sum(i.cost_usd), 0) AS cost_usd,
  coalesce(sum(i.input_tokens), 0) AS input_tokens,
  coalesce(sum(i.output_tokens), 0) AS output_tokens
FROM items i WHERE {ITEMS_WITHIN} GROUP BY i.route;

-- name: STATS_LATENCY
-- gives: STATS_QUANTILE
SELECT i.latency_ms AS ms FROM items i
WHERE i.latency_ms IS NOT NULL AND {ITEMS_WITHIN} ORDER BY i.latency_ms;

-- part: CALLS_WITHIN
-- takes: STATS
c.asked_ms >= :since AND c.asked_ms < :until
  AND (CAST(:queue AS TEXT) IS NULL OR c.queue = :queue)

-- name: STATS_FIRST_TOKEN
-- gives: STATS_QUANTILE
SELECT c.first_ms AS ms FROM calls c
WHERE c.first_ms IS NOT NULL AND {CALLS_WITHIN} ORDER BY c.first_ms;

-- What was asked of each model, as the policy names it.
-- name: STATS_BY_TIER
SELECT c.model AS name, count(*) AS attempts,
  sum(c.attempt = 1) AS calls,
  sum(c.state = 'answered') AS answered,
  sum(c.state = 'next') AS next,
  sum(c.state NOT IN ('answered', 'next')) AS failed,
  coalesce(sum(c.input_tokens), 0) AS input_tokens,
  coalesce(sum(c.output_tokens), 0) AS output_tokens,
  coalesce(sum(c.usd), 0) AS cost_usd
FROM calls c WHERE {CALLS_WITHIN} GROUP BY 1 ORDER BY 2 DESC, 1;

-- name: STATS_REVIEW
-- gives: STATS_QUANTILE
SELECT d.review_ms AS ms FROM decisions d JOIN items i USING (item)
WHERE d.review_ms IS NOT NULL AND {DECISIONS_WITHIN} ORDER BY d.review_ms;

-- name: STATS_DECISIONS
SELECT d.decision, count(*) AS items FROM decisions d JOIN items i USING (item)
WHERE d.decision <> 'undo' AND {DECISIONS_WITHIN} AND {NOT_UNDONE}
GROUP BY d.decision;

-- part: STATS_DECIDED
-- gives: STATS_BY
count(DISTINCT i.item) AS items,
  sum(CASE d.decision WHEN 'accept' THEN 1 ELSE 0 END) AS accept,
  sum(CASE d.decision WHEN 'edit' THEN 1 ELSE 0 END) AS edit,
  sum(CASE d.decision WHEN 'reject' THEN 1 ELSE 0 END) AS reject,
  sum(CASE d.decision WHEN 'escalate' THEN 1 ELSE 0 END) AS escalate

-- part: STATS_DECISION
LEFT JOIN decisions d ON d.item = i.item AND d.decision <> 'undo' AND {NOT_UNDONE}

-- Items are counted without their decisions, which are few: joined to each item they
-- cost most of the time.

-- part: STATS_SUMS
-- gives: STATS_BY
sum(items) AS items, sum(accept) AS accept, sum(edit) AS edit,
  sum(reject) AS reject, sum(escalate) AS escalate

-- part: STATS_COUNTED
count(*) AS items, 0 AS accept, 0 AS edit, 0 AS reject, 0 AS escalate
  FROM items i WHERE {ITEMS_WITHIN} GROUP BY 1

-- part: STATS_JUDGED
0, sum(d.decision = 'accept'), sum(d.decision = 'edit'),
    sum(d.decision = 'reject'), sum(d.decision = 'escalate')
  FROM decisions d CROSS JOIN items i USING (item)
  WHERE d.decision <> 'undo' AND {NOT_UNDONE} AND {ITEMS_WITHIN} GROUP BY 1

-- part: CONFIDENCE_TENTH
CASE WHEN i.confidence IS NULL THEN 'none'
    WHEN i.confidence < 0.1 THEN '0.0' WHEN i.confidence < 0.2 THEN '0.1' WHEN i.confidence < 0.3 THEN '0.2'
    WHEN i.confidence < 0.4 THEN '0.3' WHEN i.confidence < 0.5 THEN '0.4' WHEN i.confidence < 0.6 THEN '0.5'
    WHEN i.confidence < 0.7 THEN '0.6' WHEN i.confidence < 0.8 THEN '0.7' WHEN i.confidence < 0.9 THEN '0.8'
    ELSE '0.9' END

-- name: STATS_BY_RULE
SELECT name, {STATS_SUMS}
FROM (SELECT i.rule AS name, {STATS_COUNTED}
  UNION ALL SELECT i.rule, {STATS_JUDGED})
GROUP BY 1 ORDER BY 2 DESC, 1;

-- name: STATS_BY_MODEL
SELECT name, {STATS_SUMS}
FROM (SELECT i.model AS name, {STATS_COUNTED}
  UNION ALL SELECT i.model, {STATS_JUDGED})
GROUP BY 1 ORDER BY 2 DESC, 1;

-- name: STATS_BY_PROMPT
SELECT name, {STATS_SUMS}
FROM (SELECT i.prompt AS name, {STATS_COUNTED}
  UNION ALL SELECT i.prompt, {STATS_JUDGED})
GROUP BY 1 ORDER BY 2 DESC, 1;

-- name: STATS_BY_GUARD
SELECT g.value AS name, {STATS_DECIDED}
FROM items i, json_each(i.guards) g {STATS_DECISION}
WHERE i.guards <> '[]' AND {ITEMS_WITHIN} GROUP BY 1 ORDER BY 2 DESC, 1;

-- name: STATS_BY_REVIEWER
SELECT d.by AS name, {STATS_DECIDED}
FROM decisions d JOIN items i USING (item)
WHERE d.decision <> 'undo' AND {DECISIONS_WITHIN} AND {NOT_UNDONE}
GROUP BY 1 ORDER BY 2 DESC, 1;

-- What was rated, by its name.
-- name: STATS_RATINGS
-- takes: STATS
SELECT r.key AS name, count(*) AS given, avg(r.value) AS mean
FROM decisions d JOIN items i USING (item), json_each(d.ratings) r
WHERE d.ratings IS NOT NULL AND {DECISIONS_WITHIN} AND {NOT_UNDONE}
GROUP BY 1 ORDER BY 1;

-- name: STATS_BY_CONFIDENCE
SELECT name, {STATS_SUMS}
FROM (SELECT {CONFIDENCE_TENTH} AS name, {STATS_COUNTED}
  UNION ALL SELECT {CONFIDENCE_TENTH}, {STATS_JUDGED})
GROUP BY 1 ORDER BY 1;

-- name: STATS_HOURS
SELECT d.ts_ms / 3600000 AS hour, count(*) AS items
FROM decisions d JOIN items i USING (item)
WHERE d.decision <> 'undo' AND {DECISIONS_WITHIN} AND {NOT_UNDONE}
GROUP BY 1 ORDER BY 1 DESC LIMIT :limit;

-- Second looks by what was decided first; those of undone decisions do not count.
-- name: STATS_AGREEMENT
-- takes: STATS
SELECT d.decision AS first, o.value AS second, count(*) AS items
FROM opinions o JOIN decisions d ON d.seq = o.decision
  JOIN items i ON i.item = o.item
WHERE o.ts_ms >= :since AND o.ts_ms < :until
  AND (CAST(:queue AS TEXT) IS NULL OR i.queue = :queue) AND {NOT_UNDONE}
GROUP BY 1, 2 ORDER BY 1, 2;

-- What was decided, the latest first, undone or not.

-- part: DECIDED_ROW
-- columns: decision by role via decided_at reason labels note dwell_ms undone
SELECT {ITEM}, d.seq, d.decision, d.by, d.role, d.via, d.ts_ms,
    rfc3339(d.ts_ms) AS decided_at, d.reason, d.labels, d.note,
    d.review_ms AS dwell_ms, u.seq IS NOT NULL AS undone
  FROM decisions d JOIN items i USING (item)
  LEFT JOIN decisions u ON u.undoes = d.seq

-- name: DECIDED
SELECT seq, item, id, queue, decision, by, ts_ms, reason, note, dwell_ms, undone
FROM ({DECIDED_ROW}
  WHERE d.seq < :before AND d.decision <> 'undo'
    AND (CAST(:queue AS TEXT) IS NULL OR i.queue = :queue)) AS found
WHERE WHERE_CONDITION ORDER BY seq DESC LIMIT :limit;

-- Second looks

-- part: OPEN_TO_OPINIONS
d.decision IN ('accept', 'edit', 'reject', 'escalate') AND d.seq =
      (SELECT max(x.seq) FROM decisions x WHERE x.item = d.item
       AND x.decision <> 'undo' AND NOT EXISTS
         (SELECT 1 FROM decisions r WHERE r.undoes = x.seq))
    AND i.salt IS NOT NULL AND d.uid <> :uid AND NOT EXISTS
      (SELECT 1 FROM opinions o WHERE o.decision = d.seq AND o.uid = :uid)

-- What others decided and this person has not looked at again, in any order.
-- name: OPINION_DRAW
SELECT item, seq
FROM ({DECIDED_ROW}
  WHERE (CAST(:queue AS TEXT) IS NULL OR i.queue = :queue)
    AND {OPEN_TO_OPINIONS}) AS found
WHERE WHERE_CONDITION ORDER BY random() LIMIT :limit;

-- name: OPINION_OF
SELECT d.decision, d.by, d.reason
FROM decisions d JOIN items i USING (item)
WHERE d.seq = :seq AND d.item = :item AND {OPEN_TO_OPINIONS};

-- name: OPINION_INSERT
INSERT INTO opinions (seq, item, decision, ts_ms, uid, by, role, via, value,
  review_ms)
VALUES (:seq, :item, :decision, :ts_ms, :uid, :by, :role, :via, :value,
  :review_ms);

-- Of one key, of the day and the month that now is, of UTC.
-- name: METRICS_SPENT
SELECT (SELECT coalesce(sum(tokens), 0) FROM spend WHERE key = :key
    AND span = strftime('%Y-%m-%d', :now_s, 'unixepoch')) AS tokens,
  (SELECT coalesce(sum(usd), 0) FROM spend WHERE key = :key
    AND span = strftime('%Y-%m', :now_s, 'unixepoch')) AS usd;

-- What has come since the last look, a page at a time: what /metrics counts.

-- name: METRICS_END
SELECT (SELECT coalesce(max(item), 0) FROM items) AS item,
  (SELECT coalesce(max(seq), -1) FROM decisions) AS seq;

-- Of prompts those that a label points at are told apart: NULL is any other, and none.
-- name: METRICS_ITEMS
-- takes: METRICS
SELECT queue, route, model, CASE WHEN prompt IN (
    SELECT l.name || '@' || l.version FROM prompt_labels l
    WHERE l.n = (SELECT max(m.n) FROM prompt_labels m
      WHERE m.name = l.name AND m.label = l.label)) THEN prompt END AS labelled,
  count(*) AS items,
  coalesce(sum(input_tokens), 0) AS input_tokens,
  coalesce(sum(output_tokens), 0) AS output_tokens,
  coalesce(sum(cost_usd), 0.0) AS cost_usd
FROM items WHERE item > :after AND item <= :upto
GROUP BY queue, route, model, labelled;

-- The bounds are those of queue/metrics/table.c, in milliseconds.
-- name: METRICS_LATENCY
-- takes: METRICS
SELECT model, CASE WHEN latency_ms <= 100 THEN 0 WHEN latency_ms <= 250 THEN 1
    WHEN latency_ms <= 500 THEN 2 WHEN latency_ms <= 1000 THEN 3
    WHEN latency_ms <= 2500 THEN 4 WHEN latency_ms <= 5000 THEN 5
    WHEN latency_ms <= 10000 THEN 6 WHEN latency_ms <= 30000 THEN 7
    WHEN latency_ms <= 60000 THEN 8 WHEN latency_ms <= 120000 THEN 9
    ELSE 10 END AS bucket, count(*) AS items, sum(latency_ms) AS ms
FROM items WHERE item > :after AND item <= :upto AND latency_ms IS NOT NULL
GROUP BY 1, 2;

-- name: METRICS_FINDINGS
-- takes: METRICS
SELECT guard, severity, count(*) AS findings
FROM findings WHERE item > :after AND item <= :upto GROUP BY 1, 2;

-- name: METRICS_DECISIONS
-- takes: METRICS
SELECT i.queue, d.decision, count(*) AS decisions
FROM decisions d JOIN items i USING (item)
WHERE d.seq > :after AND d.seq <= :upto GROUP BY 1, 2;

-- name: METRICS_REVIEWS
-- takes: METRICS
SELECT i.queue, CASE WHEN d.review_ms <= 5000 THEN 0 WHEN d.review_ms <= 15000 THEN 1
    WHEN d.review_ms <= 30000 THEN 2 WHEN d.review_ms <= 60000 THEN 3
    WHEN d.review_ms <= 120000 THEN 4 WHEN d.review_ms <= 300000 THEN 5
    WHEN d.review_ms <= 600000 THEN 6 WHEN d.review_ms <= 1800000 THEN 7
    WHEN d.review_ms <= 3600000 THEN 8 ELSE 9 END AS bucket,
  count(*) AS decisions, sum(d.review_ms) AS ms
FROM decisions d JOIN items i USING (item)
WHERE d.seq > :after AND d.seq <= :upto AND d.review_ms IS NOT NULL GROUP BY 1, 2;

-- Labelled data; :undone takes undone decisions too.

-- name: EXPORT_ROWS
-- columns: decision by decided_at reason labels note input final
SELECT item, seq, decision, policy
FROM (SELECT {ITEM},
    (SELECT item_messages(p.record, p.input, p.part, p.shape, p.mapping) FROM payloads p
     WHERE p.item = i.item) AS input,
    CASE d.decision WHEN 'edit' THEN d.output WHEN 'accept' THEN
      (SELECT item_output(p.record, p.input, p.part, p.shape, p.mapping) FROM payloads p
       WHERE p.item = i.item) END AS final,
    d.seq, d.decision, d.by, rfc3339(d.ts_ms) AS decided_at, d.reason, d.labels,
    d.note
  FROM decisions d JOIN items i USING (item)
  WHERE d.ts_ms >= :since AND d.ts_ms < :until AND d.seq = coalesce(
    (SELECT max(x.seq) FROM decisions x WHERE x.item = d.item
      AND x.decision IN ('accept', 'edit', 'reject', 'escalate', 'return')
      AND NOT EXISTS (SELECT 1 FROM decisions u WHERE u.undoes = x.seq)),
    CASE WHEN CAST(:undone AS BIGINT) = 1 THEN (SELECT max(x.seq) FROM decisions x
      WHERE x.item = d.item) END)) AS found
WHERE WHERE_CONDITION ORDER BY seq;

-- Erasing: every text of an item and the salt of its hashes

-- name: ERASE_ITEM
-- takes: ERASE
UPDATE items SET salt = NULL, snippet = '' WHERE item = :item;

-- name: ERASE_PAYLOAD
-- takes: ERASE
DELETE FROM payloads WHERE item = :item;

-- name: ERASE_DECISIONS
-- takes: ERASE
UPDATE decisions SET reason = NULL, labels = NULL, note = NULL, output = NULL,
  ratings = NULL, evidence = NULL
WHERE item = :item;

-- name: ERASE_SKIPS
-- takes: ERASE
UPDATE skips SET reason = NULL WHERE item = :item;

-- name: ERASE_RELEASES
-- takes: ERASE
UPDATE outbox SET text = NULL WHERE item = :item AND text IS NOT NULL;

-- name: ERASE_HELD
-- takes: ERASE
UPDATE held SET text = NULL WHERE item = :item AND text IS NOT NULL;

-- name: ERASE_NOTES
-- takes: ERASE
DELETE FROM notes WHERE item = :item;

-- name: PURGE_NEXT
SELECT item FROM items WHERE item > :after AND ingested_ms < :before
  AND salt IS NOT NULL AND review = 0
  AND state NOT IN ('flagged', 'escalated')
ORDER BY item LIMIT :limit;

-- Search

-- name: SEARCH_STATE
SELECT (SELECT low FROM search_span) AS low,
  (SELECT high FROM search_span) AS high,
  (SELECT coalesce(min(item), 0) FROM items) AS first,
  (SELECT coalesce(max(item), -1) FROM items) AS last;

-- name: SEARCH_SPAN
INSERT INTO search_span (n, low, high) VALUES (1, :low, :high)
ON CONFLICT (n) DO UPDATE SET low = excluded.low, high = excluded.high;

-- name: SEARCH_OFF
DELETE FROM search_span;

-- name: SEARCH_CLEAR
DELETE FROM search;

-- Merges all of it, so that no word of a text that went is left.
-- name: SEARCH_SETTLE
INSERT INTO search (search) VALUES ('optimize');

-- name: SEARCH_ANEW
INSERT INTO search (search) VALUES ('rebuild');

-- The record's words, and what people said of it.
-- name: SEARCH_FILL
INSERT INTO search (rowid, text)
SELECT i.item, i.id || char(10) ||
  item_text(p.record, p.input, p.part, p.shape, p.mapping) ||
  coalesce((SELECT group_concat(said, char(10)) FROM (
    SELECT coalesce(d.reason, '') || char(10) || coalesce(d.note, '') ||
      char(10) || coalesce(d.output, '') AS said
    FROM decisions d WHERE d.item = i.item)), '') || char(10) ||
  coalesce((SELECT group_concat(t.text, char(10)) FROM notes t
    WHERE t.item = i.item), '')
FROM items i JOIN payloads p ON p.item = i.item
WHERE i.item BETWEEN :from AND :to;

-- name: SEARCH_MORE
UPDATE search SET text = text || char(10) || :more WHERE rowid = :item;

-- name: SEARCH_ERASE
-- takes: ERASE
DELETE FROM search WHERE rowid = :item;

-- name: SEARCH_FIND
SELECT rowid AS item, snippet(search, 0, '', '', ' ... ', 12) AS found
FROM search WHERE search MATCH :match AND rowid < :before
ORDER BY rowid DESC LIMIT :limit;

-- The audit log

-- The last leaf, and the last numbers that were given.
-- name: AUDIT_LAST
SELECT seq, substr(hashes, 1, 32) AS hash,
  (SELECT coalesce(max(item), 0) FROM items) AS item,
  (SELECT coalesce(max(n), 0) FROM outbox) AS release
FROM leaves ORDER BY seq DESC LIMIT 1;

-- name: AUDIT_TIME
SELECT CASE WHEN json_valid(leaf) THEN leaf ->> '$.ts' END AS ts
FROM leaves WHERE seq = :seq;

-- name: AUDIT_FIRST
SELECT leaf, substr(hashes, 1, 32) AS hash,
  (SELECT leaf FROM leaves WHERE seq = 1) AS next
FROM leaves WHERE seq = 0;

-- name: AUDIT_HASHES
SELECT hashes FROM leaves WHERE seq = :seq;

-- name: AUDIT_INSERT
INSERT INTO leaves (seq, leaf, hashes) VALUES (:seq, :leaf, :hashes);

-- name: AUDIT_INSERT_ALL
INSERT OR FAIL INTO leaves (seq, leaf, hashes) ROWS;

-- name: CHECKPOINTS
SELECT size, note FROM checkpoints ORDER BY size;

-- name: CHECKPOINT_LAST
SELECT size, note, key, ts_ms FROM checkpoints ORDER BY size DESC LIMIT 1;

-- name: CHECKPOINT_INSERT
INSERT INTO checkpoints (size, note, key, ts_ms) VALUES (:size, :note, :key, :ts);

-- Two of the keys are words of SQL: a condition writes them "from" and "to".

-- part: LEAF_KEYS
-- columns: seq ts event item queue decision route rule policy state from to
-- columns: confidence_ppm by role uid via prompt label version bundle
leaf ->> '$.ts' AS ts, leaf ->> '$.event' AS event,
    leaf ->> '$.item' AS item, leaf ->> '$.queue' AS queue,
    leaf ->> '$.decision' AS decision, leaf ->> '$.route' AS route,
    leaf ->> '$.rule' AS rule, leaf ->> '$.policy' AS policy,
    leaf ->> '$.state' AS state, leaf ->> '$.from' AS "from",
    leaf ->> '$.to' AS "to", leaf ->> '$.confidence_ppm' AS confidence_ppm,
    leaf ->> '$.actor.name' AS by, leaf ->> '$.actor.role' AS role,
    leaf ->> '$.actor.uid' AS uid, leaf ->> '$.actor.via' AS via,
    leaf ->> '$.prompt' AS prompt, leaf ->> '$.label' AS label,
    leaf ->> '$.version' AS version, leaf ->> '$.bundle' AS bundle

-- What people wrote stands beside its decision, and goes when the item is erased.
-- name: AUDIT_QUERY
SELECT seq, leaf, hash, (SELECT d.reason FROM decisions d WHERE d.seq = found.seq) AS reason,
  (SELECT d.note FROM decisions d WHERE d.seq = found.seq) AS note
FROM (
  SELECT seq, leaf, substr(hashes, 1, 32) AS hash, {LEAF_KEYS}
  FROM leaves WHERE seq >= :from AND seq <= :last) AS found
WHERE (CAST(:since AS TEXT) IS NULL OR ts >= :since) AND (CAST(:until AS TEXT) IS NULL OR ts < :until)
  AND (CAST(:item AS TEXT) IS NULL OR item = :item) AND (CAST(:by AS TEXT) IS NULL OR by = :by)
  AND (CAST(:event AS TEXT) IS NULL OR event = :event) AND (CAST(:queue AS TEXT) IS NULL OR queue = :queue)
  AND (CAST(:rule AS TEXT) IS NULL OR rule = :rule) AND WHERE_CONDITION
ORDER BY seq LIMIT :limit;

-- How far the index goes, in blocks.
-- name: INDEX_END
SELECT max(block) AS "end" FROM leaf_index WHERE key = 'end' AND value = '';

-- name: INDEX_END_SET
UPDATE leaf_index SET block = :end WHERE key = 'end' AND value = '';

-- The leaf that routed an item is found by the item; of those, all others.
-- name: INDEX_ADD
INSERT OR IGNORE INTO leaf_index (key, value, block)
WITH found AS MATERIALIZED (SELECT seq, seq / 16 AS block, leaf ->> '$.ts' AS ts,
    leaf ->> '$.event' AS event, leaf ->> '$.item' AS item, leaf ->> '$.queue' AS queue,
    leaf ->> '$.rule' AS rule, leaf ->> '$.actor.name' AS by
  FROM leaves WHERE seq >= :from AND seq < :to)
SELECT 'by', by, block FROM found WHERE by IS NOT NULL
UNION SELECT 'event', event, block FROM found WHERE event IS NOT NULL
UNION SELECT 'queue', queue, block FROM found WHERE queue IS NOT NULL
UNION SELECT 'rule', rule, block FROM found WHERE rule IS NOT NULL
UNION SELECT 'item', item, block FROM found WHERE item IS NOT NULL AND (event <> 'route' OR seq IS NOT
  (SELECT i.seq FROM items i WHERE i.id = found.item AND i.queue = found.queue))
UNION SELECT 'hour', substr(ts, 1, 13), min(block) FROM found WHERE ts IS NOT NULL GROUP BY 2
UNION SELECT 'hour', substr(ts, 1, 13), max(block) FROM found WHERE ts IS NOT NULL GROUP BY 2;

-- An item is routed anew: the leaf that did so before.
-- name: INDEX_ROUTE
INSERT OR IGNORE INTO leaf_index (key, value, block)
SELECT 'item', id, seq / 16 FROM items WHERE item = :item;

-- name: INDEX_SINCE
SELECT min(block) AS block FROM leaf_index WHERE key = 'hour' AND value >= :hour;

-- name: INDEX_UNTIL
SELECT max(block) AS block FROM leaf_index WHERE key = 'hour' AND value <= :hour;

-- How many blocks, so many at most.
-- name: INDEX_COUNT
SELECT count(*) AS n FROM (SELECT 1 FROM leaf_index
  WHERE key = :key AND value = :value AND block >= :from LIMIT :limit);

-- The blocks that have the one value, and each of the others that are asked for.
-- name: INDEX_BLOCKS
SELECT block FROM leaf_index AS x
WHERE key = :key AND value = :value AND block >= :from AND block <= :to
  AND (CAST(:by AS TEXT) IS NULL OR EXISTS (SELECT 1 FROM leaf_index y
    WHERE y.key = 'by' AND y.value = :by AND y.block = x.block))
  AND (CAST(:event AS TEXT) IS NULL OR EXISTS (SELECT 1 FROM leaf_index y
    WHERE y.key = 'event' AND y.value = :event AND y.block = x.block))
  AND (CAST(:queue AS TEXT) IS NULL OR EXISTS (SELECT 1 FROM leaf_index y
    WHERE y.key = 'queue' AND y.value = :queue AND y.block = x.block))
  AND (CAST(:rule AS TEXT) IS NULL OR EXISTS (SELECT 1 FROM leaf_index y
    WHERE y.key = 'rule' AND y.value = :rule AND y.block = x.block))
ORDER BY block LIMIT :limit;

-- name: INDEX_ITEM_BLOCKS
SELECT block FROM (SELECT seq / 16 AS block FROM items WHERE id = :item
  UNION SELECT block FROM leaf_index WHERE key = 'item' AND value = :item)
WHERE block >= :from AND block <= :to ORDER BY block LIMIT :limit;

-- name: LOG_AUDIT
SELECT seq, ts, event, item, queue, decision, route, rule, "from", "to", by
FROM (SELECT seq, {LEAF_KEYS} FROM leaves WHERE seq < :before) AS found
WHERE (CAST(:only AS TEXT) IS NULL OR queue = :only) AND WHERE_CONDITION
ORDER BY seq DESC LIMIT :limit;

-- Suites and runs

-- name: SUITE_KNOWN
SELECT 1 FROM suites WHERE suite = :suite AND n = 0;

-- name: SUITE_INSERT
INSERT INTO suites (suite, n, path, bytes) VALUES (:suite, :n, :path, :bytes);

-- name: SUITE_FILES
SELECT bytes FROM suites WHERE suite = :suite ORDER BY n;

-- name: RUN_BEGIN
INSERT INTO runs (run, name, suite, variant, source, by, started_ms, since_ms,
  cases, results, passed, errors)
VALUES (:run, :name, :suite, :variant, :source, :by, :started_ms, :since_ms, 0, 0,
  0, 0);

-- name: RUN_NEXT
SELECT coalesce(max(run), 0) + 1 AS run FROM runs;

-- name: RUN_END
UPDATE runs SET ended_ms = :ended_ms, cases = :cases,
  results = :results, passed = :passed, errors = :errors, verdict = :verdict,
  cost_usd = :cost_usd, sha256 = :sha256
WHERE run = :run;

-- name: RUN_ENDED
UPDATE runs SET seq = :seq WHERE run = :run;

-- What its leaf binds in one.
-- name: RUN_BOUND
-- takes: OF_RUN
SELECT by, cases, cost_usd, since_ms, started_ms FROM runs WHERE run = :run;

-- name: RUN_DROP
DELETE FROM runs WHERE run = :run AND seq IS NULL;

-- Those of a suite that did not come to their results, the last first.
-- name: RUN_UNFINISHED
SELECT run, since_ms FROM runs
WHERE seq IS NULL AND suite = :suite AND variant = :variant
ORDER BY run DESC;

-- part: RUN_ROW
-- gives: RUN
run, seq, name, suite, variant, source, by, started_ms, ended_ms, cases,
  results, passed, errors, verdict, cost_usd, sha256

-- name: RUN_GET
SELECT {RUN_ROW} FROM runs WHERE run = :run;

-- name: RUN_LIST
SELECT {RUN_ROW} FROM runs WHERE run < :before ORDER BY run DESC LIMIT :limit;

-- name: RUN_LABELLED
SELECT run FROM run_labels WHERE label = :label ORDER BY n DESC LIMIT 1;

-- name: RUN_LABELS
SELECT label FROM run_labels a WHERE run = :run AND n =
  (SELECT max(n) FROM run_labels b WHERE b.label = a.label)
ORDER BY label;

-- name: RUN_LABEL_INSERT
INSERT INTO run_labels (seq, label, run) VALUES (:seq, :label, :run);

-- name: RESULT_INSERT
INSERT INTO results (run, n, case_id, repeat, pass, score, error, item,
  output_sha256, input_tokens, output_tokens, cost_usd, latency_ms)
VALUES (:run, :n, :case_id, :repeat, :pass, :score, :error, :item,
  :output_sha256, :input_tokens, :output_tokens, :cost_usd, :latency_ms);

-- name: RESULT_TEXT_INSERT
INSERT INTO result_texts (run, n, output) VALUES (:run, :n, :output);

-- name: RESULT_CHECK_INSERT
INSERT INTO result_checks (run, n, k, name, state, score, reason)
VALUES (:run, :n, :k, :name, :state, :score, :reason);

-- name: RESULTS
-- takes: OF_RUN
SELECT n, case_id, repeat, pass, score, error, item, output_sha256,
  input_tokens, output_tokens, cost_usd, latency_ms
FROM results WHERE run = :run ORDER BY n;

-- name: RESULT_TEXT
SELECT output FROM result_texts WHERE run = :run AND n = :n;

-- name: RESULT_CHECKS
-- takes: OF_RUN
SELECT n, name, state, score, reason FROM result_checks WHERE run = :run
ORDER BY n, k;

-- name: CACHE_GET
SELECT latency_ms, answer FROM eval_cache WHERE key = :key AND ts_ms >= :since;

-- name: CACHE_PUT
INSERT INTO eval_cache (key, ts_ms, latency_ms, answer)
VALUES (:key, :ts_ms, :latency_ms, :answer)
ON CONFLICT (key) DO UPDATE SET ts_ms = excluded.ts_ms,
  latency_ms = excluded.latency_ms, answer = excluded.answer;

-- name: EVAL_PAYLOAD
SELECT record, input, part, shape, mapping FROM payloads WHERE item = :item;

-- Stored items as cases.
-- name: EVAL_ITEMS
SELECT item, id FROM (SELECT {ITEM} FROM items i WHERE i.item > :after) AS found
WHERE WHERE_CONDITION ORDER BY item LIMIT :limit;

-- Stored records and what their items are read from, for their form.
-- name: INFER_ITEMS
SELECT found.item, found.ingested_ms, p.record, p.input, p.part, p.shape, p.mapping
FROM (SELECT {ITEM}, i.ingested_ms FROM items i WHERE i.item > :after
  AND i.ingested_ms >= :since AND i.ingested_ms < :until
  AND (CAST(:queue AS TEXT) IS NULL OR i.queue = :queue)) AS found
JOIN payloads p ON p.item = found.item
WHERE WHERE_CONDITION ORDER BY found.item LIMIT :limit;

-- Its verification

-- Rows side by side, each in pages: from a key on, so many.

-- name: AUDIT_LEAVES
-- takes: PAGE
SELECT seq, leaf, hashes FROM leaves WHERE seq >= :from ORDER BY seq LIMIT :limit;

-- name: AUDIT_LEAF
SELECT leaf FROM leaves WHERE seq = :seq;

-- part: AUDIT_ITEM
-- gives: AUDIT_ITEMS
SELECT i.item, i.queue, i.id, i.seq, i.state, i.route, i.rule, i.policy,
  i.confidence, CASE WHEN i.sample_p IS NULL THEN 0 ELSE 1 END AS sampled, i.salt, i.content_sha256,
  p.part, p.record, p.input, p.shape, p.mapping, i.review, i.rules, i.priority, i.due_ms, i.severity,
  i.failures, i.guards, i.sample_p, i.model, i.prompt, i.variant, i.created_ms, i.ingested_ms,
  i.input_tokens, i.output_tokens, i.cost_usd, i.latency_ms, i.stop, i.sent, i.snippet
FROM items i LEFT JOIN payloads p ON p.item = i.item

-- The items in order of arrival, which is nearly that of their leaves ...
-- name: AUDIT_ITEMS
-- takes: PAGE
{AUDIT_ITEM}
WHERE i.item >= :from ORDER BY i.item LIMIT :limit;

-- ... and one of them, where it is not.
-- name: AUDIT_ITEM
{AUDIT_ITEM}
WHERE i.queue = :queue AND i.id = :id;

-- name: AUDIT_ITEM_KEY
-- takes: BOUND_OF
{AUDIT_ITEM}
WHERE i.item = :item;

-- name: BOUND_FINDINGS
-- takes: BOUND_OF
SELECT n, guard, kind, severity, score, start, "end", redact, place, message, pointer
FROM findings WHERE item = :item ORDER BY n;

-- name: BOUND_ERRORS
-- takes: BOUND_OF
SELECT n, guard, message, fail_open FROM guard_errors WHERE item = :item ORDER BY n;

-- name: AUDIT_ITEM_LEAVES
-- takes: PAGE
SELECT item, queue, id, seq FROM items WHERE item >= :from
ORDER BY item LIMIT :limit;

-- name: AUDIT_DECISIONS
-- takes: PAGE
SELECT d.seq, d.item, d.ts_ms, d.uid, d.by, d.role, d.via, d.decision,
  d.from_state, d.to_state, d.policy, d.undoes, d.reason, d.labels, d.note,
  d.output, i.queue, i.id, i.salt, i.content_sha256, d.from_review, d.ratings,
  d.evidence, d.review_ms
FROM decisions d LEFT JOIN items i ON i.item = d.item
WHERE d.seq >= :from ORDER BY d.seq LIMIT :limit;

-- name: AUDIT_DECIDED_SINCE
SELECT 1 FROM decisions WHERE item = :item AND seq > :seq LIMIT 1;

-- Items whose state is not that of their last decision.
-- name: AUDIT_STATES
-- takes: PAGE
SELECT i.queue, i.id, i.state, d.to_state, d.seq
FROM decisions d JOIN items i ON i.item = d.item
WHERE d.seq >= :from
  AND d.seq = (SELECT max(seq) FROM decisions WHERE item = d.item)
  AND d.seq > i.seq AND i.state <> d.to_state
ORDER BY d.seq LIMIT :limit;

-- name: AUDIT_OUTBOX
-- takes: PAGE
SELECT seq, item, state, kind, text, n, ts_ms FROM outbox WHERE n >= :from
ORDER BY n LIMIT :limit;

-- name: AUDIT_OUTPUT
SELECT record, input, part, shape, mapping FROM payloads WHERE item = :item;

-- name: AUDIT_RELEASES
SELECT state, kind, text, ts_ms, n FROM outbox WHERE item = :item AND seq = :seq
UNION ALL
SELECT state, kind, text, due_ms AS ts_ms, NULL AS n FROM held WHERE seq = :seq AND item = :item;

-- name: AUDIT_SKIP
SELECT s.ts_ms, s.uid, s.by, s.role, s.via, s.reason, i.queue, i.id, i.salt,
  i.content_sha256
FROM skips s LEFT JOIN items i ON i.item = s.item WHERE s.seq = :seq;

-- name: AUDIT_OPINION
SELECT o.ts_ms, o.uid, o.by, o.role, o.via, o.value, o.decision, o.review_ms,
  i.queue, i.id, i.content_sha256, d.item = o.item AS of_item
FROM opinions o LEFT JOIN items i ON i.item = o.item
  LEFT JOIN decisions d ON d.seq = o.decision
WHERE o.seq = :seq;

-- name: AUDIT_UNDONE
SELECT 1 FROM decisions WHERE undoes = :seq;

-- Was a later release of the same item, by its leaf, given out before this one?
-- name: AUDIT_OVERTAKEN
SELECT 1 FROM outbox WHERE item = :item AND n < :n
  AND (seq > :seq OR (seq = :seq AND state = 'approved')) LIMIT 1;

-- name: AUDIT_GAVE_OUT
-- takes: AUDIT_ANY
SELECT 1 FROM outbox WHERE item = :item AND seq = :seq AND state <> 'recalled'
UNION ALL
SELECT 1 FROM held WHERE seq = :seq AND item = :item;

-- name: AUDIT_CALLED_BACK
-- takes: AUDIT_ANY
SELECT 1 FROM outbox WHERE item = :item AND seq = :seq AND state = 'recalled';

-- Was a release said again word for word as it was before?
-- name: AUDIT_RESTATED
-- takes: AUDIT_ANY
SELECT 1 FROM outbox a JOIN outbox b ON b.item = a.item AND b.n < a.n
  AND b.state = 'approved' AND b.kind = a.kind
  AND (b.text = a.text OR (b.text IS NULL AND a.text IS NULL))
WHERE a.item = :item AND a.seq = :seq AND a.state = 'approved' LIMIT 1;

-- name: AUDIT_POLICIES
-- takes: PAGE
SELECT n, seq, policy, ts_ms, by FROM policies WHERE n >= :from
ORDER BY n LIMIT :limit;

-- name: AUDIT_RUN
SELECT {RUN_ROW} FROM runs WHERE seq = :seq;

-- name: AUDIT_RUN_LABEL
SELECT label, run FROM run_labels WHERE seq = :seq;

-- Runs and labels that no leaf of their kind stands for.
-- name: AUDIT_RUNS_STRAY
SELECT 'run ' || run AS what FROM runs WHERE seq IS NOT NULL AND coalesce(
  (SELECT leaf ->> '$.event' FROM leaves l WHERE l.seq = runs.seq), '') <> 'run'
UNION ALL
SELECT 'label ' || label FROM run_labels WHERE coalesce(
  (SELECT leaf ->> '$.event' FROM leaves l WHERE l.seq = run_labels.seq), '') <> 'run.label'
UNION ALL
SELECT 'label ' || label FROM run_labels a WHERE EXISTS
  (SELECT 1 FROM run_labels b WHERE b.label = a.label AND b.n < a.n AND b.seq > a.seq);

-- The outputs that a run kept beside their hashes, and those that it should have.
-- name: AUDIT_RESULT_TEXTS
-- takes: OF_RUN
SELECT t.n, t.output, r.output_sha256 FROM result_texts t
LEFT JOIN results r ON r.run = t.run AND r.n = t.n WHERE t.run = :run
UNION ALL
SELECT r.n, NULL, r.output_sha256 FROM results r WHERE r.run = :run AND r.item IS NULL
  AND r.output_sha256 <> zeroblob(32) AND NOT EXISTS
  (SELECT 1 FROM result_texts t WHERE t.run = r.run AND t.n = r.n);

-- Policies and suites are named by their files.
-- name: AUDIT_NAMED_FILES
SELECT 'policy' AS kind, policy AS name, n, path, bytes FROM policy_files
UNION ALL
SELECT 'suite' AS kind, suite AS name, n, path, bytes FROM suites
ORDER BY kind, name, n;

-- name: AUDIT_PROMPTS
-- takes: PAGE
SELECT n, name, version, sha256, bytes, note, tags, seq, ts_ms, by FROM prompts
WHERE n >= :from ORDER BY n LIMIT :limit;

-- name: AUDIT_LABELS
-- takes: PAGE
SELECT n, name, label, from_version, version, seq, ts_ms, by FROM prompt_labels
WHERE n >= :from ORDER BY n LIMIT :limit;

-- name: AUDIT_BUNDLES
-- takes: PAGE
SELECT bundle, sha256, bytes, seq, ts_ms, by FROM bundles
WHERE bundle >= :from ORDER BY bundle LIMIT :limit;

-- name: AUDIT_USES
-- takes: PAGE
SELECT n, bundle, from_bundle, seq, ts_ms, by FROM bundle_uses
WHERE n >= :from ORDER BY n LIMIT :limit;

-- name: AUDIT_COUNTS
SELECT (SELECT count(*) FROM items) AS items,
  (SELECT count(*) FROM outbox) + (SELECT count(*) FROM held) AS releases,
  (SELECT count(*) FROM findings) + (SELECT count(*) FROM guard_errors) AS findings,
  (SELECT count(*) FROM notes WHERE seq >= 0) AS notes;

-- What older leaves do not bind

-- By which leaf the rest of the log was bound: this one, or none so far.
-- name: BOUND_SINCE
SELECT value AS seq FROM meta WHERE name = 'bind';

-- name: BOUND_NEEDED
SELECT NOT EXISTS (SELECT 1 FROM leaves WHERE seq = 0 AND instr(leaf, '"binds":true') > 0)
  AND NOT EXISTS (SELECT 1 FROM meta WHERE name = 'bind') AS needed;

-- Items whose leaf does not bind them, or that were noted on before notes had leaves.
-- name: BOUND_ITEMS
-- takes: PAGE
SELECT i.item, instr(l.leaf, '"row_sha256":') = 0 AS unbound
FROM items i JOIN leaves l ON l.seq = i.seq
WHERE i.item >= :from AND (instr(l.leaf, '"row_sha256":') = 0
  OR EXISTS (SELECT 1 FROM notes n WHERE n.item = i.item AND n.seq < 0))
ORDER BY i.item LIMIT :limit;

-- name: BOUND_NOTES
-- takes: BOUND_OF
SELECT by, uid, ts_ms, text FROM notes WHERE item = :item AND seq < 0 ORDER BY n;

-- name: BOUND_INSERT
INSERT INTO bound (item, row, found, notes) VALUES (:item, :row, :found, :notes);

-- name: BOUND_ALL
SELECT item, row, found, notes FROM bound ORDER BY item;

-- name: BOUND_GET
-- takes: BOUND_OF
SELECT row, found, notes FROM bound WHERE item = :item;

-- Rows that nobody ever changes, of leaves before :seq.
-- name: BOUND_DECISIONS
-- takes: BOUND_BEFORE
SELECT seq, review_ms FROM decisions WHERE seq < :seq ORDER BY seq;

-- name: BOUND_FEED
SELECT n, ts_ms FROM outbox WHERE n <= :n ORDER BY n;

-- name: BOUND_RULES
-- takes: BOUND_BEFORE
-- gives: BOUND_RULE
SELECT policy, queue, n, name FROM policy_rules
WHERE policy IN (SELECT policy FROM policies WHERE seq < :seq) ORDER BY policy, queue, n;

-- name: BOUND_POLICY_RULES
-- gives: BOUND_RULE
SELECT policy, queue, n, name FROM policy_rules WHERE policy = :policy ORDER BY queue, n;

-- Notes that neither a leaf nor the binding one can account for.
-- name: BOUND_STRAY
SELECT n.n, i.id FROM notes n LEFT JOIN items i ON i.item = n.item
WHERE n.seq < 0 AND NOT EXISTS
  (SELECT 1 FROM bound b WHERE b.item = n.item AND b.notes IS NOT NULL) ORDER BY n.n;

-- name: BOUND_NOTED
SELECT b.item, i.id, i.salt, b.notes FROM bound b JOIN items i ON i.item = b.item
WHERE b.notes IS NOT NULL AND i.salt IS NOT NULL ORDER BY b.item;

-- name: AUDIT_NOTE
SELECT n.item, n.ts_ms, n.uid, n.by, n.text, i.queue, i.id, i.salt
FROM notes n LEFT JOIN items i ON i.item = n.item WHERE n.seq = :seq;

-- name: AUDIT_LOOKS
SELECT (SELECT count(*) FROM opinions) AS opinions,
  (SELECT count(*) FROM skips) AS skips;

-- name: AUDIT_DROPS
SELECT count(*) AS n FROM deliveries WHERE state = 'dropped';

-- The doctor

-- How far the log goes, and how far the rows that name its leaves say it does.
-- name: DOCTOR_LOG
SELECT (SELECT coalesce(max(seq), -1) + 1 FROM leaves) AS leaves,
  1 + max(coalesce((SELECT max(seq) FROM items), -1),
    coalesce((SELECT max(seq) FROM decisions), -1),
    coalesce((SELECT max(seq) FROM opinions), -1),
    coalesce((SELECT max(seq) FROM skips), -1),
    coalesce((SELECT max(seq) FROM outbox), -1),
    coalesce((SELECT max(seq) FROM held), -1),
    coalesce((SELECT max(seq) FROM prompts), -1),
    coalesce((SELECT max(seq) FROM prompt_labels), -1),
    coalesce((SELECT max(seq) FROM bundles), -1),
    coalesce((SELECT max(seq) FROM bundle_uses), -1),
    coalesce((SELECT max(seq) FROM runs), -1),
    coalesce((SELECT max(seq) FROM run_labels), -1),
    coalesce((SELECT max(seq) FROM policies), -1)) AS named;

-- name: DOCTOR_POLICIES
SELECT (SELECT count(*) FROM policies) AS there,
  EXISTS (SELECT 1 FROM items) AS needed;

-- Reads the index as a question does; what is found is nothing to it.
-- name: DOCTOR_SEARCH
SELECT count(*) AS n FROM search
WHERE search MATCH '"a"* OR "e"* OR "i"* OR "o"* OR "u"* OR "1"*';

-- name: DOCTOR_BACKUP
SELECT leaf ->> '$.ts' AS ts, leaf ->> '$.actor.name' AS by FROM leaves
WHERE leaf ->> '$.event' = 'backup' ORDER BY seq DESC LIMIT 1;

-- Kept counts that are not those of the items.
-- name: DOCTOR_TOTALS
SELECT queue, state, sum(kept) AS kept, sum(there) AS there FROM (
  SELECT queue, state, n AS kept, 0 AS there FROM totals
  UNION ALL
  SELECT queue, state, 0, count(*) FROM items GROUP BY queue, state
  UNION ALL
  SELECT queue, 'review', 0, count(*) FROM items WHERE review = 1 GROUP BY queue) AS counted
GROUP BY queue, state HAVING sum(kept) <> sum(there);
