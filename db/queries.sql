-- Every statement of the program, by name.  A reader of this file knows all
-- that the store is asked.  WHERE_CONDITION marks where a user's condition goes;
-- "-- columns:" under such a statement's name says what the condition may see.

-- db/store, db/transaction, db/migrate

-- name: STORE_META
SELECT (SELECT value FROM meta WHERE name = 'key'),
  (SELECT value FROM meta WHERE name = 'log'),
  (SELECT value FROM meta WHERE name = 'group'),
  EXISTS (SELECT 1 FROM meta WHERE name = 'erased');

-- Text was erased, and may still stand in the file or in -wal.
-- name: STORE_ERASED
INSERT OR REPLACE INTO meta (name, value) VALUES ('erased', 1);

-- name: STORE_UNSETTLED
SELECT 1 FROM meta WHERE name = 'erased';

-- name: STORE_SETTLED
DELETE FROM meta WHERE name = 'erased';

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

-- name: AUDIT_FIRST
SELECT leaf, substr(hashes, 1, 32), (SELECT leaf FROM leaves WHERE seq = 1)
  FROM leaves WHERE seq = 0;

-- name: AUDIT_HASHES
SELECT hashes FROM leaves WHERE seq = ?1;

-- name: AUDIT_INSERT
INSERT INTO leaves (seq, leaf, hashes) VALUES (?1, ?2, ?3);

-- name: AUDIT_INSERT_ALL
INSERT OR FAIL INTO leaves (seq, leaf, hashes) SELECT v1, v2, v3 FROM batch;

-- Two of the keys are words of SQL: a condition writes them "from" and "to".

-- name: AUDIT_QUERY
-- columns: seq ts event item queue decision route rule policy state from to
-- columns: confidence_ppm by role uid via
SELECT seq, leaf, hash FROM (
  SELECT seq, leaf, substr(hashes, 1, 32) AS hash,
    leaf ->> '$.ts' AS ts, leaf ->> '$.event' AS event,
    leaf ->> '$.item' AS item, leaf ->> '$.queue' AS queue,
    leaf ->> '$.decision' AS decision, leaf ->> '$.route' AS route,
    leaf ->> '$.rule' AS rule, leaf ->> '$.policy' AS policy,
    leaf ->> '$.state' AS state, leaf ->> '$.from' AS "from",
    leaf ->> '$.to' AS "to", leaf ->> '$.confidence_ppm' AS confidence_ppm,
    leaf ->> '$.actor.name' AS by, leaf ->> '$.actor.role' AS role,
    leaf ->> '$.actor.uid' AS uid, leaf ->> '$.actor.via' AS via
  FROM leaves WHERE seq > ?7 AND seq <= ?8)
WHERE (?1 IS NULL OR ts >= ?1) AND (?2 IS NULL OR ts < ?2)
  AND (?3 IS NULL OR item = ?3) AND (?4 IS NULL OR by = ?4)
  AND (?5 IS NULL OR event = ?5) AND WHERE_CONDITION
ORDER BY seq LIMIT ?6;

-- db/audit_verify

-- name: AUDIT_LEAVES
SELECT seq, leaf, hashes FROM leaves ORDER BY seq;

-- name: AUDIT_LEAF
SELECT leaf FROM leaves WHERE seq = ?1;

-- The items in order of arrival, which is nearly that of their leaves ...
-- name: AUDIT_ITEMS
SELECT i.item, i.queue, i.id, i.seq, i.state, i.route, i.rule, i.policy,
  i.confidence, i.sample_p IS NOT NULL, i.salt, i.content_sha256, p.part,
  p.record, p.input, p.shape, i.review
FROM items i LEFT JOIN payloads p ON p.item = i.item
WHERE i.item > ?1 ORDER BY i.item;

-- ... and one of them, the same columns, where it is not.
-- name: AUDIT_ITEM
SELECT i.item, i.queue, i.id, i.seq, i.state, i.route, i.rule, i.policy,
  i.confidence, i.sample_p IS NOT NULL, i.salt, i.content_sha256, p.part,
  p.record, p.input, p.shape, i.review
FROM items i LEFT JOIN payloads p ON p.item = i.item
WHERE i.queue = ?1 AND i.id = ?2;

-- name: AUDIT_ITEM_LEAVES
SELECT queue, id, seq FROM items;

-- name: AUDIT_DECISIONS
SELECT d.seq, d.item, d.ts_ms, d.uid, d.by, d.role, d.via, d.decision,
  d.from_state, d.to_state, d.policy, d.undoes, d.reason, d.labels, d.note,
  d.output, i.queue, i.id, i.salt, i.content_sha256, d.from_review
FROM decisions d LEFT JOIN items i ON i.item = d.item
ORDER BY d.seq;

-- name: AUDIT_DECIDED_SINCE
SELECT 1 FROM decisions WHERE item = ?1 AND seq > ?2 LIMIT 1;

-- name: AUDIT_UNDONE
SELECT 1 FROM decisions WHERE undoes = ?1;

-- Items whose state is not that of their last decision.
-- name: AUDIT_STATES
SELECT i.queue, i.id, i.state, d.to_state, d.seq
FROM decisions d JOIN items i ON i.item = d.item
WHERE d.seq = (SELECT max(seq) FROM decisions WHERE item = d.item)
  AND d.seq > i.seq AND i.state <> d.to_state
ORDER BY d.seq;

-- name: AUDIT_OUTBOX
SELECT seq, item, state, kind, text, n FROM outbox ORDER BY n;

-- name: AUDIT_OUTPUT
SELECT item_output(record, input, part, shape) FROM payloads WHERE item = ?1;

-- Was a later release of the same item, by its leaf, given out before this one?
-- name: AUDIT_OVERTAKEN
SELECT 1 FROM outbox WHERE item = ?1 AND n < ?2
  AND (seq > ?3 OR (seq = ?3 AND state = 'approved')) LIMIT 1;

-- name: AUDIT_RELEASES
SELECT state, kind, text FROM outbox WHERE item = ?1 AND seq = ?2
UNION ALL
SELECT state, kind, text FROM held WHERE seq = ?2 AND item = ?1;

-- name: AUDIT_GAVE_OUT
SELECT 1 FROM outbox WHERE item = ?1 AND seq = ?2 AND state <> 'recalled'
UNION ALL
SELECT 1 FROM held WHERE seq = ?2 AND item = ?1;

-- name: AUDIT_CALLED_BACK
SELECT 1 FROM outbox WHERE item = ?1 AND seq = ?2 AND state = 'recalled';

-- Was a release said again word for word as it was before?
-- name: AUDIT_RESTATED
SELECT 1 FROM outbox a JOIN outbox b ON b.item = a.item AND b.n < a.n
  AND b.state = 'approved' AND b.kind = a.kind AND b.text IS a.text
WHERE a.item = ?1 AND a.seq = ?2 AND a.state = 'approved' LIMIT 1;

-- name: AUDIT_POLICIES
SELECT seq, policy, ts_ms, by FROM policies ORDER BY n;

-- name: AUDIT_POLICY_FILES
SELECT policy, path, bytes FROM policy_files ORDER BY policy, n;

-- name: AUDIT_COUNTS
SELECT (SELECT count(*) FROM items),
  (SELECT count(*) FROM outbox) + (SELECT count(*) FROM held);

-- db/doctor

-- Kept counts that are not those of the items.
-- How far the log goes, and how far the rows that name its leaves say it does.
-- name: DOCTOR_LOG
SELECT (SELECT coalesce(max(seq), -1) + 1 FROM leaves),
  (SELECT coalesce(max(seq), -1) + 1 FROM (
    SELECT max(seq) AS seq FROM items UNION ALL
    SELECT max(seq) FROM decisions UNION ALL
    SELECT max(seq) FROM outbox UNION ALL
    SELECT max(seq) FROM held UNION ALL
    SELECT max(seq) FROM policies));

-- name: DOCTOR_BACKUP
SELECT leaf ->> '$.ts', leaf ->> '$.actor.name' FROM leaves
WHERE leaf ->> '$.event' = 'backup' ORDER BY seq DESC LIMIT 1;

-- name: DOCTOR_TOTALS
SELECT queue, state, sum(kept), sum(there) FROM (
  SELECT queue, state, n AS kept, 0 AS there FROM totals
  UNION ALL
  SELECT queue, state, 0, count(*) FROM items GROUP BY queue, state
  UNION ALL
  SELECT queue, 'review', 0, count(*) FROM items WHERE review = 1 GROUP BY queue)
GROUP BY queue, state HAVING sum(kept) <> sum(there);

-- queue/

-- name: LIST_ROW
SELECT item, id, queue, state, route, rule, guards, policy, model, prompt, variant,
  snippet, priority, due_ms, created_ms, ingested_ms, confidence, severity,
  failures, review, lease_uid, lease_by, lease_session, lease_until, lease_boot,
  sample_p, stop FROM items WHERE item = ?1;

-- name: ITEM_FIND
SELECT item, queue FROM items WHERE id = ?1 AND (?2 IS NULL OR queue = ?2)
ORDER BY queue;

-- Pages of the list.  ?1 rank, ?2 due or the sort's key, ?3 item: the row to
-- go on from; ?4 the number of rows; ?5 the queue.  The literal in WHERE and the
-- named index belong together.

-- name: LIST_FLAGGED_ON
-- columns: id queue state route rule guards policy model prompt variant snippet stop priority confidence severity failures errors sampled created_at ingested_at due_at cost_usd latency_ms input_tokens output_tokens metadata output
SELECT item, id, queue, state, route, rule, guards, policy, model, prompt, variant,
  snippet, priority, due_ms, created_ms, ingested_ms, confidence, severity,
  failures, review, lease_uid, lease_by, lease_session, lease_until, lease_boot,
  sample_p, stop
FROM (SELECT i.rank, i.confidence_key, i.item, i.id, i.queue, i.state, i.route, i.rule, i.guards, i.policy,
    i.model, i.prompt, i.variant, i.snippet, i.priority, i.due_ms, i.created_ms,
    i.ingested_ms, i.confidence, i.severity, i.failures, i.review, i.lease_uid,
    i.lease_by, i.lease_session, i.lease_until, i.lease_boot, i.sample_p, i.stop,
    i.cost_usd, i.latency_ms, i.input_tokens, i.output_tokens,
    i.sample_p IS NOT NULL AS sampled,
    rfc3339(i.created_ms) AS created_at, rfc3339(i.ingested_ms) AS ingested_at,
    rfc3339(i.due_ms) AS due_at,
    (SELECT count(*) FROM guard_errors e WHERE e.item = i.item) AS errors,
    (SELECT item_metadata(p.record, p.input, p.part, p.shape) FROM payloads p
     WHERE p.item = i.item) AS metadata,
    (SELECT item_output(p.record, p.input, p.part, p.shape) FROM payloads p
     WHERE p.item = i.item) AS output
  FROM items i INDEXED BY items_flagged
  WHERE i.state = 'flagged' AND ?5 IS NULL AND (i.rank, i.due_ms, i.item) > (?1, ?2, ?3)) AS found
WHERE WHERE_CONDITION ORDER BY rank, due_ms, item LIMIT ?4;

-- name: LIST_FLAGGED_BACK
-- columns: id queue state route rule guards policy model prompt variant snippet stop priority confidence severity failures errors sampled created_at ingested_at due_at cost_usd latency_ms input_tokens output_tokens metadata output
SELECT item, id, queue, state, route, rule, guards, policy, model, prompt, variant,
  snippet, priority, due_ms, created_ms, ingested_ms, confidence, severity,
  failures, review, lease_uid, lease_by, lease_session, lease_until, lease_boot,
  sample_p, stop
FROM (SELECT i.rank, i.confidence_key, i.item, i.id, i.queue, i.state, i.route, i.rule, i.guards, i.policy,
    i.model, i.prompt, i.variant, i.snippet, i.priority, i.due_ms, i.created_ms,
    i.ingested_ms, i.confidence, i.severity, i.failures, i.review, i.lease_uid,
    i.lease_by, i.lease_session, i.lease_until, i.lease_boot, i.sample_p, i.stop,
    i.cost_usd, i.latency_ms, i.input_tokens, i.output_tokens,
    i.sample_p IS NOT NULL AS sampled,
    rfc3339(i.created_ms) AS created_at, rfc3339(i.ingested_ms) AS ingested_at,
    rfc3339(i.due_ms) AS due_at,
    (SELECT count(*) FROM guard_errors e WHERE e.item = i.item) AS errors,
    (SELECT item_metadata(p.record, p.input, p.part, p.shape) FROM payloads p
     WHERE p.item = i.item) AS metadata,
    (SELECT item_output(p.record, p.input, p.part, p.shape) FROM payloads p
     WHERE p.item = i.item) AS output
  FROM items i INDEXED BY items_flagged
  WHERE i.state = 'flagged' AND ?5 IS NULL AND (i.rank, i.due_ms, i.item) < (?1, ?2, ?3)) AS found
WHERE WHERE_CONDITION ORDER BY rank DESC, due_ms DESC, item DESC LIMIT ?4;

-- name: LIST_FLAGGED_QUEUE_ON
-- columns: id queue state route rule guards policy model prompt variant snippet stop priority confidence severity failures errors sampled created_at ingested_at due_at cost_usd latency_ms input_tokens output_tokens metadata output
SELECT item, id, queue, state, route, rule, guards, policy, model, prompt, variant,
  snippet, priority, due_ms, created_ms, ingested_ms, confidence, severity,
  failures, review, lease_uid, lease_by, lease_session, lease_until, lease_boot,
  sample_p, stop
FROM (SELECT i.rank, i.confidence_key, i.item, i.id, i.queue, i.state, i.route, i.rule, i.guards, i.policy,
    i.model, i.prompt, i.variant, i.snippet, i.priority, i.due_ms, i.created_ms,
    i.ingested_ms, i.confidence, i.severity, i.failures, i.review, i.lease_uid,
    i.lease_by, i.lease_session, i.lease_until, i.lease_boot, i.sample_p, i.stop,
    i.cost_usd, i.latency_ms, i.input_tokens, i.output_tokens,
    i.sample_p IS NOT NULL AS sampled,
    rfc3339(i.created_ms) AS created_at, rfc3339(i.ingested_ms) AS ingested_at,
    rfc3339(i.due_ms) AS due_at,
    (SELECT count(*) FROM guard_errors e WHERE e.item = i.item) AS errors,
    (SELECT item_metadata(p.record, p.input, p.part, p.shape) FROM payloads p
     WHERE p.item = i.item) AS metadata,
    (SELECT item_output(p.record, p.input, p.part, p.shape) FROM payloads p
     WHERE p.item = i.item) AS output
  FROM items i INDEXED BY items_flagged_queue
  WHERE i.state = 'flagged' AND i.queue = ?5 AND (i.rank, i.due_ms, i.item) > (?1, ?2, ?3)) AS found
WHERE WHERE_CONDITION ORDER BY rank, due_ms, item LIMIT ?4;

-- name: LIST_FLAGGED_QUEUE_BACK
-- columns: id queue state route rule guards policy model prompt variant snippet stop priority confidence severity failures errors sampled created_at ingested_at due_at cost_usd latency_ms input_tokens output_tokens metadata output
SELECT item, id, queue, state, route, rule, guards, policy, model, prompt, variant,
  snippet, priority, due_ms, created_ms, ingested_ms, confidence, severity,
  failures, review, lease_uid, lease_by, lease_session, lease_until, lease_boot,
  sample_p, stop
FROM (SELECT i.rank, i.confidence_key, i.item, i.id, i.queue, i.state, i.route, i.rule, i.guards, i.policy,
    i.model, i.prompt, i.variant, i.snippet, i.priority, i.due_ms, i.created_ms,
    i.ingested_ms, i.confidence, i.severity, i.failures, i.review, i.lease_uid,
    i.lease_by, i.lease_session, i.lease_until, i.lease_boot, i.sample_p, i.stop,
    i.cost_usd, i.latency_ms, i.input_tokens, i.output_tokens,
    i.sample_p IS NOT NULL AS sampled,
    rfc3339(i.created_ms) AS created_at, rfc3339(i.ingested_ms) AS ingested_at,
    rfc3339(i.due_ms) AS due_at,
    (SELECT count(*) FROM guard_errors e WHERE e.item = i.item) AS errors,
    (SELECT item_metadata(p.record, p.input, p.part, p.shape) FROM payloads p
     WHERE p.item = i.item) AS metadata,
    (SELECT item_output(p.record, p.input, p.part, p.shape) FROM payloads p
     WHERE p.item = i.item) AS output
  FROM items i INDEXED BY items_flagged_queue
  WHERE i.state = 'flagged' AND i.queue = ?5 AND (i.rank, i.due_ms, i.item) < (?1, ?2, ?3)) AS found
WHERE WHERE_CONDITION ORDER BY rank DESC, due_ms DESC, item DESC LIMIT ?4;

-- name: LIST_REVIEW_ON
-- columns: id queue state route rule guards policy model prompt variant snippet stop priority confidence severity failures errors sampled created_at ingested_at due_at cost_usd latency_ms input_tokens output_tokens metadata output
SELECT item, id, queue, state, route, rule, guards, policy, model, prompt, variant,
  snippet, priority, due_ms, created_ms, ingested_ms, confidence, severity,
  failures, review, lease_uid, lease_by, lease_session, lease_until, lease_boot,
  sample_p, stop
FROM (SELECT i.rank, i.confidence_key, i.item, i.id, i.queue, i.state, i.route, i.rule, i.guards, i.policy,
    i.model, i.prompt, i.variant, i.snippet, i.priority, i.due_ms, i.created_ms,
    i.ingested_ms, i.confidence, i.severity, i.failures, i.review, i.lease_uid,
    i.lease_by, i.lease_session, i.lease_until, i.lease_boot, i.sample_p, i.stop,
    i.cost_usd, i.latency_ms, i.input_tokens, i.output_tokens,
    i.sample_p IS NOT NULL AS sampled,
    rfc3339(i.created_ms) AS created_at, rfc3339(i.ingested_ms) AS ingested_at,
    rfc3339(i.due_ms) AS due_at,
    (SELECT count(*) FROM guard_errors e WHERE e.item = i.item) AS errors,
    (SELECT item_metadata(p.record, p.input, p.part, p.shape) FROM payloads p
     WHERE p.item = i.item) AS metadata,
    (SELECT item_output(p.record, p.input, p.part, p.shape) FROM payloads p
     WHERE p.item = i.item) AS output
  FROM items i INDEXED BY items_review
  WHERE i.review = 1 AND ?5 IS NULL AND (i.rank, i.due_ms, i.item) > (?1, ?2, ?3)) AS found
WHERE WHERE_CONDITION ORDER BY rank, due_ms, item LIMIT ?4;

-- name: LIST_REVIEW_BACK
-- columns: id queue state route rule guards policy model prompt variant snippet stop priority confidence severity failures errors sampled created_at ingested_at due_at cost_usd latency_ms input_tokens output_tokens metadata output
SELECT item, id, queue, state, route, rule, guards, policy, model, prompt, variant,
  snippet, priority, due_ms, created_ms, ingested_ms, confidence, severity,
  failures, review, lease_uid, lease_by, lease_session, lease_until, lease_boot,
  sample_p, stop
FROM (SELECT i.rank, i.confidence_key, i.item, i.id, i.queue, i.state, i.route, i.rule, i.guards, i.policy,
    i.model, i.prompt, i.variant, i.snippet, i.priority, i.due_ms, i.created_ms,
    i.ingested_ms, i.confidence, i.severity, i.failures, i.review, i.lease_uid,
    i.lease_by, i.lease_session, i.lease_until, i.lease_boot, i.sample_p, i.stop,
    i.cost_usd, i.latency_ms, i.input_tokens, i.output_tokens,
    i.sample_p IS NOT NULL AS sampled,
    rfc3339(i.created_ms) AS created_at, rfc3339(i.ingested_ms) AS ingested_at,
    rfc3339(i.due_ms) AS due_at,
    (SELECT count(*) FROM guard_errors e WHERE e.item = i.item) AS errors,
    (SELECT item_metadata(p.record, p.input, p.part, p.shape) FROM payloads p
     WHERE p.item = i.item) AS metadata,
    (SELECT item_output(p.record, p.input, p.part, p.shape) FROM payloads p
     WHERE p.item = i.item) AS output
  FROM items i INDEXED BY items_review
  WHERE i.review = 1 AND ?5 IS NULL AND (i.rank, i.due_ms, i.item) < (?1, ?2, ?3)) AS found
WHERE WHERE_CONDITION ORDER BY rank DESC, due_ms DESC, item DESC LIMIT ?4;

-- name: LIST_REVIEW_QUEUE_ON
-- columns: id queue state route rule guards policy model prompt variant snippet stop priority confidence severity failures errors sampled created_at ingested_at due_at cost_usd latency_ms input_tokens output_tokens metadata output
SELECT item, id, queue, state, route, rule, guards, policy, model, prompt, variant,
  snippet, priority, due_ms, created_ms, ingested_ms, confidence, severity,
  failures, review, lease_uid, lease_by, lease_session, lease_until, lease_boot,
  sample_p, stop
FROM (SELECT i.rank, i.confidence_key, i.item, i.id, i.queue, i.state, i.route, i.rule, i.guards, i.policy,
    i.model, i.prompt, i.variant, i.snippet, i.priority, i.due_ms, i.created_ms,
    i.ingested_ms, i.confidence, i.severity, i.failures, i.review, i.lease_uid,
    i.lease_by, i.lease_session, i.lease_until, i.lease_boot, i.sample_p, i.stop,
    i.cost_usd, i.latency_ms, i.input_tokens, i.output_tokens,
    i.sample_p IS NOT NULL AS sampled,
    rfc3339(i.created_ms) AS created_at, rfc3339(i.ingested_ms) AS ingested_at,
    rfc3339(i.due_ms) AS due_at,
    (SELECT count(*) FROM guard_errors e WHERE e.item = i.item) AS errors,
    (SELECT item_metadata(p.record, p.input, p.part, p.shape) FROM payloads p
     WHERE p.item = i.item) AS metadata,
    (SELECT item_output(p.record, p.input, p.part, p.shape) FROM payloads p
     WHERE p.item = i.item) AS output
  FROM items i INDEXED BY items_review_queue
  WHERE i.review = 1 AND i.queue = ?5 AND (i.rank, i.due_ms, i.item) > (?1, ?2, ?3)) AS found
WHERE WHERE_CONDITION ORDER BY rank, due_ms, item LIMIT ?4;

-- name: LIST_REVIEW_QUEUE_BACK
-- columns: id queue state route rule guards policy model prompt variant snippet stop priority confidence severity failures errors sampled created_at ingested_at due_at cost_usd latency_ms input_tokens output_tokens metadata output
SELECT item, id, queue, state, route, rule, guards, policy, model, prompt, variant,
  snippet, priority, due_ms, created_ms, ingested_ms, confidence, severity,
  failures, review, lease_uid, lease_by, lease_session, lease_until, lease_boot,
  sample_p, stop
FROM (SELECT i.rank, i.confidence_key, i.item, i.id, i.queue, i.state, i.route, i.rule, i.guards, i.policy,
    i.model, i.prompt, i.variant, i.snippet, i.priority, i.due_ms, i.created_ms,
    i.ingested_ms, i.confidence, i.severity, i.failures, i.review, i.lease_uid,
    i.lease_by, i.lease_session, i.lease_until, i.lease_boot, i.sample_p, i.stop,
    i.cost_usd, i.latency_ms, i.input_tokens, i.output_tokens,
    i.sample_p IS NOT NULL AS sampled,
    rfc3339(i.created_ms) AS created_at, rfc3339(i.ingested_ms) AS ingested_at,
    rfc3339(i.due_ms) AS due_at,
    (SELECT count(*) FROM guard_errors e WHERE e.item = i.item) AS errors,
    (SELECT item_metadata(p.record, p.input, p.part, p.shape) FROM payloads p
     WHERE p.item = i.item) AS metadata,
    (SELECT item_output(p.record, p.input, p.part, p.shape) FROM payloads p
     WHERE p.item = i.item) AS output
  FROM items i INDEXED BY items_review_queue
  WHERE i.review = 1 AND i.queue = ?5 AND (i.rank, i.due_ms, i.item) < (?1, ?2, ?3)) AS found
WHERE WHERE_CONDITION ORDER BY rank DESC, due_ms DESC, item DESC LIMIT ?4;

-- name: LIST_ESCALATED_ON
-- columns: id queue state route rule guards policy model prompt variant snippet stop priority confidence severity failures errors sampled created_at ingested_at due_at cost_usd latency_ms input_tokens output_tokens metadata output
SELECT item, id, queue, state, route, rule, guards, policy, model, prompt, variant,
  snippet, priority, due_ms, created_ms, ingested_ms, confidence, severity,
  failures, review, lease_uid, lease_by, lease_session, lease_until, lease_boot,
  sample_p, stop
FROM (SELECT i.rank, i.confidence_key, i.item, i.id, i.queue, i.state, i.route, i.rule, i.guards, i.policy,
    i.model, i.prompt, i.variant, i.snippet, i.priority, i.due_ms, i.created_ms,
    i.ingested_ms, i.confidence, i.severity, i.failures, i.review, i.lease_uid,
    i.lease_by, i.lease_session, i.lease_until, i.lease_boot, i.sample_p, i.stop,
    i.cost_usd, i.latency_ms, i.input_tokens, i.output_tokens,
    i.sample_p IS NOT NULL AS sampled,
    rfc3339(i.created_ms) AS created_at, rfc3339(i.ingested_ms) AS ingested_at,
    rfc3339(i.due_ms) AS due_at,
    (SELECT count(*) FROM guard_errors e WHERE e.item = i.item) AS errors,
    (SELECT item_metadata(p.record, p.input, p.part, p.shape) FROM payloads p
     WHERE p.item = i.item) AS metadata,
    (SELECT item_output(p.record, p.input, p.part, p.shape) FROM payloads p
     WHERE p.item = i.item) AS output
  FROM items i INDEXED BY items_escalated
  WHERE i.state = 'escalated' AND ?5 IS NULL AND (i.rank, i.due_ms, i.item) > (?1, ?2, ?3)) AS found
WHERE WHERE_CONDITION ORDER BY rank, due_ms, item LIMIT ?4;

-- name: LIST_ESCALATED_BACK
-- columns: id queue state route rule guards policy model prompt variant snippet stop priority confidence severity failures errors sampled created_at ingested_at due_at cost_usd latency_ms input_tokens output_tokens metadata output
SELECT item, id, queue, state, route, rule, guards, policy, model, prompt, variant,
  snippet, priority, due_ms, created_ms, ingested_ms, confidence, severity,
  failures, review, lease_uid, lease_by, lease_session, lease_until, lease_boot,
  sample_p, stop
FROM (SELECT i.rank, i.confidence_key, i.item, i.id, i.queue, i.state, i.route, i.rule, i.guards, i.policy,
    i.model, i.prompt, i.variant, i.snippet, i.priority, i.due_ms, i.created_ms,
    i.ingested_ms, i.confidence, i.severity, i.failures, i.review, i.lease_uid,
    i.lease_by, i.lease_session, i.lease_until, i.lease_boot, i.sample_p, i.stop,
    i.cost_usd, i.latency_ms, i.input_tokens, i.output_tokens,
    i.sample_p IS NOT NULL AS sampled,
    rfc3339(i.created_ms) AS created_at, rfc3339(i.ingested_ms) AS ingested_at,
    rfc3339(i.due_ms) AS due_at,
    (SELECT count(*) FROM guard_errors e WHERE e.item = i.item) AS errors,
    (SELECT item_metadata(p.record, p.input, p.part, p.shape) FROM payloads p
     WHERE p.item = i.item) AS metadata,
    (SELECT item_output(p.record, p.input, p.part, p.shape) FROM payloads p
     WHERE p.item = i.item) AS output
  FROM items i INDEXED BY items_escalated
  WHERE i.state = 'escalated' AND ?5 IS NULL AND (i.rank, i.due_ms, i.item) < (?1, ?2, ?3)) AS found
WHERE WHERE_CONDITION ORDER BY rank DESC, due_ms DESC, item DESC LIMIT ?4;

-- name: LIST_ESCALATED_QUEUE_ON
-- columns: id queue state route rule guards policy model prompt variant snippet stop priority confidence severity failures errors sampled created_at ingested_at due_at cost_usd latency_ms input_tokens output_tokens metadata output
SELECT item, id, queue, state, route, rule, guards, policy, model, prompt, variant,
  snippet, priority, due_ms, created_ms, ingested_ms, confidence, severity,
  failures, review, lease_uid, lease_by, lease_session, lease_until, lease_boot,
  sample_p, stop
FROM (SELECT i.rank, i.confidence_key, i.item, i.id, i.queue, i.state, i.route, i.rule, i.guards, i.policy,
    i.model, i.prompt, i.variant, i.snippet, i.priority, i.due_ms, i.created_ms,
    i.ingested_ms, i.confidence, i.severity, i.failures, i.review, i.lease_uid,
    i.lease_by, i.lease_session, i.lease_until, i.lease_boot, i.sample_p, i.stop,
    i.cost_usd, i.latency_ms, i.input_tokens, i.output_tokens,
    i.sample_p IS NOT NULL AS sampled,
    rfc3339(i.created_ms) AS created_at, rfc3339(i.ingested_ms) AS ingested_at,
    rfc3339(i.due_ms) AS due_at,
    (SELECT count(*) FROM guard_errors e WHERE e.item = i.item) AS errors,
    (SELECT item_metadata(p.record, p.input, p.part, p.shape) FROM payloads p
     WHERE p.item = i.item) AS metadata,
    (SELECT item_output(p.record, p.input, p.part, p.shape) FROM payloads p
     WHERE p.item = i.item) AS output
  FROM items i INDEXED BY items_escalated_queue
  WHERE i.state = 'escalated' AND i.queue = ?5 AND (i.rank, i.due_ms, i.item) > (?1, ?2, ?3)) AS found
WHERE WHERE_CONDITION ORDER BY rank, due_ms, item LIMIT ?4;

-- name: LIST_ESCALATED_QUEUE_BACK
-- columns: id queue state route rule guards policy model prompt variant snippet stop priority confidence severity failures errors sampled created_at ingested_at due_at cost_usd latency_ms input_tokens output_tokens metadata output
SELECT item, id, queue, state, route, rule, guards, policy, model, prompt, variant,
  snippet, priority, due_ms, created_ms, ingested_ms, confidence, severity,
  failures, review, lease_uid, lease_by, lease_session, lease_until, lease_boot,
  sample_p, stop
FROM (SELECT i.rank, i.confidence_key, i.item, i.id, i.queue, i.state, i.route, i.rule, i.guards, i.policy,
    i.model, i.prompt, i.variant, i.snippet, i.priority, i.due_ms, i.created_ms,
    i.ingested_ms, i.confidence, i.severity, i.failures, i.review, i.lease_uid,
    i.lease_by, i.lease_session, i.lease_until, i.lease_boot, i.sample_p, i.stop,
    i.cost_usd, i.latency_ms, i.input_tokens, i.output_tokens,
    i.sample_p IS NOT NULL AS sampled,
    rfc3339(i.created_ms) AS created_at, rfc3339(i.ingested_ms) AS ingested_at,
    rfc3339(i.due_ms) AS due_at,
    (SELECT count(*) FROM guard_errors e WHERE e.item = i.item) AS errors,
    (SELECT item_metadata(p.record, p.input, p.part, p.shape) FROM payloads p
     WHERE p.item = i.item) AS metadata,
    (SELECT item_output(p.record, p.input, p.part, p.shape) FROM payloads p
     WHERE p.item = i.item) AS output
  FROM items i INDEXED BY items_escalated_queue
  WHERE i.state = 'escalated' AND i.queue = ?5 AND (i.rank, i.due_ms, i.item) < (?1, ?2, ?3)) AS found
WHERE WHERE_CONDITION ORDER BY rank DESC, due_ms DESC, item DESC LIMIT ?4;

-- name: LIST_STATE_ON
-- columns: id queue state route rule guards policy model prompt variant snippet stop priority confidence severity failures errors sampled created_at ingested_at due_at cost_usd latency_ms input_tokens output_tokens metadata output
SELECT item, id, queue, state, route, rule, guards, policy, model, prompt, variant,
  snippet, priority, due_ms, created_ms, ingested_ms, confidence, severity,
  failures, review, lease_uid, lease_by, lease_session, lease_until, lease_boot,
  sample_p, stop
FROM (SELECT i.rank, i.confidence_key, i.item, i.id, i.queue, i.state, i.route, i.rule, i.guards, i.policy,
    i.model, i.prompt, i.variant, i.snippet, i.priority, i.due_ms, i.created_ms,
    i.ingested_ms, i.confidence, i.severity, i.failures, i.review, i.lease_uid,
    i.lease_by, i.lease_session, i.lease_until, i.lease_boot, i.sample_p, i.stop,
    i.cost_usd, i.latency_ms, i.input_tokens, i.output_tokens,
    i.sample_p IS NOT NULL AS sampled,
    rfc3339(i.created_ms) AS created_at, rfc3339(i.ingested_ms) AS ingested_at,
    rfc3339(i.due_ms) AS due_at,
    (SELECT count(*) FROM guard_errors e WHERE e.item = i.item) AS errors,
    (SELECT item_metadata(p.record, p.input, p.part, p.shape) FROM payloads p
     WHERE p.item = i.item) AS metadata,
    (SELECT item_output(p.record, p.input, p.part, p.shape) FROM payloads p
     WHERE p.item = i.item) AS output
  FROM items i
  WHERE (?6 IS NULL OR i.state = ?6) AND (?5 IS NULL OR i.queue = ?5) AND (i.rank, i.due_ms, i.item) > (?1, ?2, ?3)) AS found
WHERE WHERE_CONDITION ORDER BY rank, due_ms, item LIMIT ?4;

-- name: LIST_STATE_BACK
-- columns: id queue state route rule guards policy model prompt variant snippet stop priority confidence severity failures errors sampled created_at ingested_at due_at cost_usd latency_ms input_tokens output_tokens metadata output
SELECT item, id, queue, state, route, rule, guards, policy, model, prompt, variant,
  snippet, priority, due_ms, created_ms, ingested_ms, confidence, severity,
  failures, review, lease_uid, lease_by, lease_session, lease_until, lease_boot,
  sample_p, stop
FROM (SELECT i.rank, i.confidence_key, i.item, i.id, i.queue, i.state, i.route, i.rule, i.guards, i.policy,
    i.model, i.prompt, i.variant, i.snippet, i.priority, i.due_ms, i.created_ms,
    i.ingested_ms, i.confidence, i.severity, i.failures, i.review, i.lease_uid,
    i.lease_by, i.lease_session, i.lease_until, i.lease_boot, i.sample_p, i.stop,
    i.cost_usd, i.latency_ms, i.input_tokens, i.output_tokens,
    i.sample_p IS NOT NULL AS sampled,
    rfc3339(i.created_ms) AS created_at, rfc3339(i.ingested_ms) AS ingested_at,
    rfc3339(i.due_ms) AS due_at,
    (SELECT count(*) FROM guard_errors e WHERE e.item = i.item) AS errors,
    (SELECT item_metadata(p.record, p.input, p.part, p.shape) FROM payloads p
     WHERE p.item = i.item) AS metadata,
    (SELECT item_output(p.record, p.input, p.part, p.shape) FROM payloads p
     WHERE p.item = i.item) AS output
  FROM items i
  WHERE (?6 IS NULL OR i.state = ?6) AND (?5 IS NULL OR i.queue = ?5) AND (i.rank, i.due_ms, i.item) < (?1, ?2, ?3)) AS found
WHERE WHERE_CONDITION ORDER BY rank DESC, due_ms DESC, item DESC LIMIT ?4;

-- name: LIST_AGE_ON
-- columns: id queue state route rule guards policy model prompt variant snippet stop priority confidence severity failures errors sampled created_at ingested_at due_at cost_usd latency_ms input_tokens output_tokens metadata output
SELECT item, id, queue, state, route, rule, guards, policy, model, prompt, variant,
  snippet, priority, due_ms, created_ms, ingested_ms, confidence, severity,
  failures, review, lease_uid, lease_by, lease_session, lease_until, lease_boot,
  sample_p, stop
FROM (SELECT i.rank, i.confidence_key, i.item, i.id, i.queue, i.state, i.route, i.rule, i.guards, i.policy,
    i.model, i.prompt, i.variant, i.snippet, i.priority, i.due_ms, i.created_ms,
    i.ingested_ms, i.confidence, i.severity, i.failures, i.review, i.lease_uid,
    i.lease_by, i.lease_session, i.lease_until, i.lease_boot, i.sample_p, i.stop,
    i.cost_usd, i.latency_ms, i.input_tokens, i.output_tokens,
    i.sample_p IS NOT NULL AS sampled,
    rfc3339(i.created_ms) AS created_at, rfc3339(i.ingested_ms) AS ingested_at,
    rfc3339(i.due_ms) AS due_at,
    (SELECT count(*) FROM guard_errors e WHERE e.item = i.item) AS errors,
    (SELECT item_metadata(p.record, p.input, p.part, p.shape) FROM payloads p
     WHERE p.item = i.item) AS metadata,
    (SELECT item_output(p.record, p.input, p.part, p.shape) FROM payloads p
     WHERE p.item = i.item) AS output
  FROM items i INDEXED BY items_flagged_age
  WHERE i.state = 'flagged' AND (?5 IS NULL OR i.queue = ?5) AND (i.ingested_ms, i.item) > (?2, ?3) AND ?1 IS NOT NULL) AS found
WHERE WHERE_CONDITION ORDER BY ingested_ms, item LIMIT ?4;

-- name: LIST_AGE_BACK
-- columns: id queue state route rule guards policy model prompt variant snippet stop priority confidence severity failures errors sampled created_at ingested_at due_at cost_usd latency_ms input_tokens output_tokens metadata output
SELECT item, id, queue, state, route, rule, guards, policy, model, prompt, variant,
  snippet, priority, due_ms, created_ms, ingested_ms, confidence, severity,
  failures, review, lease_uid, lease_by, lease_session, lease_until, lease_boot,
  sample_p, stop
FROM (SELECT i.rank, i.confidence_key, i.item, i.id, i.queue, i.state, i.route, i.rule, i.guards, i.policy,
    i.model, i.prompt, i.variant, i.snippet, i.priority, i.due_ms, i.created_ms,
    i.ingested_ms, i.confidence, i.severity, i.failures, i.review, i.lease_uid,
    i.lease_by, i.lease_session, i.lease_until, i.lease_boot, i.sample_p, i.stop,
    i.cost_usd, i.latency_ms, i.input_tokens, i.output_tokens,
    i.sample_p IS NOT NULL AS sampled,
    rfc3339(i.created_ms) AS created_at, rfc3339(i.ingested_ms) AS ingested_at,
    rfc3339(i.due_ms) AS due_at,
    (SELECT count(*) FROM guard_errors e WHERE e.item = i.item) AS errors,
    (SELECT item_metadata(p.record, p.input, p.part, p.shape) FROM payloads p
     WHERE p.item = i.item) AS metadata,
    (SELECT item_output(p.record, p.input, p.part, p.shape) FROM payloads p
     WHERE p.item = i.item) AS output
  FROM items i INDEXED BY items_flagged_age
  WHERE i.state = 'flagged' AND (?5 IS NULL OR i.queue = ?5) AND (i.ingested_ms, i.item) < (?2, ?3) AND ?1 IS NOT NULL) AS found
WHERE WHERE_CONDITION ORDER BY ingested_ms DESC, item DESC LIMIT ?4;

-- name: LIST_CONFIDENCE_ON
-- columns: id queue state route rule guards policy model prompt variant snippet stop priority confidence severity failures errors sampled created_at ingested_at due_at cost_usd latency_ms input_tokens output_tokens metadata output
SELECT item, id, queue, state, route, rule, guards, policy, model, prompt, variant,
  snippet, priority, due_ms, created_ms, ingested_ms, confidence, severity,
  failures, review, lease_uid, lease_by, lease_session, lease_until, lease_boot,
  sample_p, stop
FROM (SELECT i.rank, i.confidence_key, i.item, i.id, i.queue, i.state, i.route, i.rule, i.guards, i.policy,
    i.model, i.prompt, i.variant, i.snippet, i.priority, i.due_ms, i.created_ms,
    i.ingested_ms, i.confidence, i.severity, i.failures, i.review, i.lease_uid,
    i.lease_by, i.lease_session, i.lease_until, i.lease_boot, i.sample_p, i.stop,
    i.cost_usd, i.latency_ms, i.input_tokens, i.output_tokens,
    i.sample_p IS NOT NULL AS sampled,
    rfc3339(i.created_ms) AS created_at, rfc3339(i.ingested_ms) AS ingested_at,
    rfc3339(i.due_ms) AS due_at,
    (SELECT count(*) FROM guard_errors e WHERE e.item = i.item) AS errors,
    (SELECT item_metadata(p.record, p.input, p.part, p.shape) FROM payloads p
     WHERE p.item = i.item) AS metadata,
    (SELECT item_output(p.record, p.input, p.part, p.shape) FROM payloads p
     WHERE p.item = i.item) AS output
  FROM items i INDEXED BY items_flagged_confidence
  WHERE i.state = 'flagged' AND (?5 IS NULL OR i.queue = ?5) AND (i.confidence_key, i.item) > (?2, ?3) AND ?1 IS NOT NULL) AS found
WHERE WHERE_CONDITION ORDER BY confidence_key, item LIMIT ?4;

-- name: LIST_CONFIDENCE_BACK
-- columns: id queue state route rule guards policy model prompt variant snippet stop priority confidence severity failures errors sampled created_at ingested_at due_at cost_usd latency_ms input_tokens output_tokens metadata output
SELECT item, id, queue, state, route, rule, guards, policy, model, prompt, variant,
  snippet, priority, due_ms, created_ms, ingested_ms, confidence, severity,
  failures, review, lease_uid, lease_by, lease_session, lease_until, lease_boot,
  sample_p, stop
FROM (SELECT i.rank, i.confidence_key, i.item, i.id, i.queue, i.state, i.route, i.rule, i.guards, i.policy,
    i.model, i.prompt, i.variant, i.snippet, i.priority, i.due_ms, i.created_ms,
    i.ingested_ms, i.confidence, i.severity, i.failures, i.review, i.lease_uid,
    i.lease_by, i.lease_session, i.lease_until, i.lease_boot, i.sample_p, i.stop,
    i.cost_usd, i.latency_ms, i.input_tokens, i.output_tokens,
    i.sample_p IS NOT NULL AS sampled,
    rfc3339(i.created_ms) AS created_at, rfc3339(i.ingested_ms) AS ingested_at,
    rfc3339(i.due_ms) AS due_at,
    (SELECT count(*) FROM guard_errors e WHERE e.item = i.item) AS errors,
    (SELECT item_metadata(p.record, p.input, p.part, p.shape) FROM payloads p
     WHERE p.item = i.item) AS metadata,
    (SELECT item_output(p.record, p.input, p.part, p.shape) FROM payloads p
     WHERE p.item = i.item) AS output
  FROM items i INDEXED BY items_flagged_confidence
  WHERE i.state = 'flagged' AND (?5 IS NULL OR i.queue = ?5) AND (i.confidence_key, i.item) < (?2, ?3) AND ?1 IS NOT NULL) AS found
WHERE WHERE_CONDITION ORDER BY confidence_key DESC, item DESC LIMIT ?4;

-- name: COUNTS
SELECT coalesce(sum(CASE state WHEN 'approved' THEN n END), 0),
  coalesce(sum(CASE state WHEN 'flagged' THEN n END), 0),
  coalesce(sum(CASE state WHEN 'escalated' THEN n END), 0),
  coalesce(sum(CASE state WHEN 'accepted' THEN n END), 0),
  coalesce(sum(CASE state WHEN 'edited' THEN n END), 0),
  coalesce(sum(CASE state WHEN 'rejected' THEN n END), 0),
  coalesce(sum(CASE state WHEN 'review' THEN n END), 0)
FROM totals WHERE ?1 IS NULL OR queue = ?1;

-- name: COUNT_MINE
SELECT count(*) FROM items INDEXED BY items_leased
WHERE lease_uid = ?1 AND lease_session = ?2 AND lease_boot = ?3
  AND lease_until > ?4 AND lease_uid IS NOT NULL;

-- name: OLDEST_FLAGGED
SELECT ingested_ms FROM items INDEXED BY items_flagged_age
WHERE state = 'flagged' AND (?1 IS NULL OR queue = ?1)
ORDER BY ingested_ms, item LIMIT 1;

-- Within one rank the rows come by due time, so each rank is one short range.

-- name: COUNT_BREACHED
WITH RECURSIVE r (rank) AS (
  SELECT min(rank) FROM items INDEXED BY items_flagged WHERE state = 'flagged'
  UNION ALL
  SELECT (SELECT min(i.rank) FROM items i INDEXED BY items_flagged
    WHERE i.state = 'flagged' AND i.rank > r.rank)
  FROM r WHERE r.rank IS NOT NULL)
SELECT coalesce(sum((SELECT count(*) FROM (SELECT 1
  FROM items i INDEXED BY items_flagged
  WHERE i.state = 'flagged' AND i.rank = r.rank AND i.due_ms < ?1 LIMIT 1000))),
  0) FROM r;

-- name: COUNT_BREACHED_QUEUE
WITH RECURSIVE r (rank) AS (
  SELECT min(rank) FROM items INDEXED BY items_flagged_queue
  WHERE state = 'flagged' AND queue = ?2
  UNION ALL
  SELECT (SELECT min(i.rank) FROM items i INDEXED BY items_flagged_queue
    WHERE i.state = 'flagged' AND i.queue = ?2 AND i.rank > r.rank)
  FROM r WHERE r.rank IS NOT NULL)
SELECT coalesce(sum((SELECT count(*) FROM (SELECT 1
  FROM items i INDEXED BY items_flagged_queue
  WHERE i.state = 'flagged' AND i.queue = ?2 AND i.rank = r.rank
    AND i.due_ms < ?1 LIMIT 1000))), 0) FROM r;

-- Everything behind one item.

-- name: DETAIL_PAYLOAD
SELECT p.record, p.input, p.part, p.shape, i.rules, i.salt FROM payloads p
JOIN items i USING (item) WHERE p.item = ?1;

-- name: DETAIL_FINDINGS
SELECT guard, kind, severity, score, start, end, redact, place, message, pointer
FROM findings WHERE item = ?1 ORDER BY n;

-- name: DETAIL_ERRORS
SELECT guard, message, fail_open FROM guard_errors WHERE item = ?1 ORDER BY n;

-- name: DETAIL_RULES
SELECT name FROM policy_rules WHERE policy = ?1 AND queue = ?2 ORDER BY n;

-- name: DETAIL_DECISIONS
SELECT d.seq, d.ts_ms, d.uid, d.by, d.role, d.via, d.decision, d.from_state,
  d.to_state, d.reason, d.labels, d.note, d.output, d.undoes, u.seq, d.review_ms,
  d.from_review
FROM decisions d LEFT JOIN decisions u ON u.undoes = d.seq
WHERE d.item = ?1 ORDER BY d.seq;

-- name: DETAIL_NOTES
SELECT ts_ms, by, text FROM notes WHERE item = ?1 ORDER BY n;

-- name: RELEASE_LAST
SELECT n, state, kind, text, seq FROM outbox WHERE item = ?1
ORDER BY n DESC LIMIT 1;

-- Ingest.

-- The rows before one whose (id, queue) is there stay.

-- name: ITEMS_INSERT
INSERT OR FAIL INTO items (queue, id, state, review, route, rule, rules, policy,
  priority, due_ms, confidence, severity, failures, guards, sample_p, model,
  prompt, variant, created_ms, ingested_ms, input_tokens, output_tokens,
  cost_usd, latency_ms, salt, content_sha256, snippet, seq, stop)
SELECT v1, v2, v3, v4, v5, v6, v7, v8, v9, v10, v11, v12, v13, v14, v15, v16,
  v17, v18, v19, v20, v21, v22, v23, v24, v25, v26, v27, v28, v29 FROM batch;

-- name: ITEM_CONTENT
SELECT salt, content_sha256, item, policy, state FROM items
WHERE queue = ?1 AND id = ?2;

-- name: PAYLOADS_INSERT
INSERT OR FAIL INTO payloads (item, part, record, input, shape)
SELECT v1, v2, v3, v4, v5 FROM batch;

-- name: FINDINGS_INSERT
INSERT OR FAIL INTO findings (item, n, guard, kind, severity, score, start, end, redact,
  place, message, pointer)
SELECT v1, v2, v3, v4, v5, v6, v7, v8, v9, v10, v11, v12 FROM batch;

-- name: ERRORS_INSERT
INSERT OR FAIL INTO guard_errors (item, n, guard, message, fail_open)
SELECT v1, v2, v3, v4, v5 FROM batch;

-- Reroute.

-- name: ITEM_REROUTE
UPDATE items SET state = ?2, review = ?3, route = ?4, rule = ?5, rules = ?6,
  policy = ?7, priority = ?8, due_ms = ?9, severity = ?10, failures = ?11,
  guards = ?12, sample_p = ?13, seq = ?14, stop = ?15
WHERE item = ?1;

-- name: FINDINGS_CLEAR
DELETE FROM findings WHERE item = ?1;

-- name: ERRORS_CLEAR
DELETE FROM guard_errors WHERE item = ?1;

-- name: TOTALS_ADD
INSERT INTO totals (queue, state, n) VALUES (?1, ?2, ?3)
ON CONFLICT (queue, state) DO UPDATE SET n = n + excluded.n;

-- Releases.

-- name: OUTBOX_INSERT
INSERT INTO outbox (n, item, seq, state, kind, text, ts_ms)
VALUES ((SELECT coalesce(max(n) + 1, 1) FROM outbox), ?1, ?2, ?3, ?4, ?5, ?6);

-- name: OUTBOX_INSERT_ALL
INSERT OR FAIL INTO outbox (n, item, seq, state, kind, text, ts_ms)
SELECT v1, v2, v3, v4, v5, v6, v7 FROM batch;

-- name: OUTBOX_END
SELECT coalesce(max(n), 0) FROM outbox;

-- name: OUTBOX_AFTER
SELECT o.n, i.id, i.queue, o.state, o.kind, o.text, o.ts_ms, o.item
FROM outbox o JOIN items i USING (item)
WHERE o.n > ?1 AND (?2 IS NULL OR i.queue = ?2) ORDER BY o.n LIMIT 1;

-- name: HELD_INSERT
INSERT INTO held (seq, item, state, kind, text, due_ms)
VALUES (?1, ?2, ?3, ?4, ?5, ?6);

-- name: HELD_DELETE
DELETE FROM held WHERE seq = ?1;

-- name: HELD_DUE
SELECT seq, item, state, kind, text FROM held INDEXED BY held_due
WHERE due_ms <= ?1 ORDER BY due_ms, seq LIMIT 1;

-- Leases and decisions.

-- name: REVIEW_ITEM
SELECT queue, id, state, review, lease_uid, lease_by, lease_session, lease_token,
  lease_until, lease_boot, lease_from_ms, salt, content_sha256
FROM items WHERE item = ?1;

-- name: LEASE_TAKE
UPDATE items SET lease_uid = ?2, lease_by = ?3, lease_session = ?4,
  lease_token = lease_token + 1, lease_until = ?5, lease_boot = ?6,
  lease_from_ms = ?7
WHERE item = ?1;

-- name: LEASE_RENEW
UPDATE items SET lease_until = ?3 WHERE item = ?1 AND lease_token = ?2
  AND lease_session = ?4;

-- name: LEASE_END
UPDATE items SET lease_uid = NULL, lease_by = NULL, lease_session = NULL,
  lease_until = NULL, lease_boot = NULL, lease_from_ms = NULL
WHERE item = ?1 AND (?2 IS NULL OR (lease_token = ?2 AND lease_session = ?3));

-- name: LEASE_END_SESSION
UPDATE items SET lease_uid = NULL, lease_by = NULL, lease_session = NULL,
  lease_until = NULL, lease_boot = NULL, lease_from_ms = NULL
WHERE item IN (SELECT item FROM items INDEXED BY items_leased
  WHERE lease_uid = ?1 AND lease_session = ?2 AND lease_uid IS NOT NULL);

-- name: DECISION_INSERT
INSERT INTO decisions (seq, item, ts_ms, uid, by, role, via, decision,
  from_state, to_state, from_review, policy, reason, labels, note, output,
  undoes, review_ms)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16,
  ?17, ?18);

-- name: DECISION_LAST
SELECT d.seq, d.uid, d.by, d.decision, d.from_state, d.to_state, d.from_review,
  d.ts_ms
FROM decisions d
WHERE d.item = ?1 AND d.decision <> 'undo'
  AND d.seq > (SELECT seq FROM items WHERE item = ?1)
  AND NOT EXISTS (SELECT 1 FROM decisions u WHERE u.undoes = d.seq)
ORDER BY d.seq DESC LIMIT 1;

-- name: OUTBOX_OF
SELECT state FROM outbox WHERE item = ?1 AND seq = ?2;

-- name: OUTBOX_BEFORE
SELECT state, kind, text FROM outbox WHERE item = ?1 AND seq < ?2
ORDER BY n DESC LIMIT 1;

-- name: ITEM_DECIDED
UPDATE items SET state = ?2, review = ?3, lease_uid = NULL, lease_by = NULL,
  lease_session = NULL, lease_until = NULL, lease_boot = NULL,
  lease_from_ms = NULL, lease_token = lease_token + 1
WHERE item = ?1;

-- name: NOTE_INSERT
INSERT INTO notes (item, ts_ms, uid, by, text) VALUES (?1, ?2, ?3, ?4, ?5);

-- Policies.

-- name: POLICY_CURRENT
SELECT policy, seq FROM policies ORDER BY n DESC LIMIT 1;

-- name: POLICY_INSERT
INSERT INTO policies (policy, seq, ts_ms, by) VALUES (?1, ?2, ?3, ?4);

-- name: POLICY_LIST
SELECT n, policy, seq, ts_ms, by FROM policies ORDER BY n;

-- name: POLICY_KNOWN
SELECT 1 FROM policy_files WHERE policy = ?1 LIMIT 1;

-- name: POLICY_LIKE
SELECT DISTINCT policy FROM policy_files WHERE policy >= ?1 AND policy < ?1 || 'g';

-- name: POLICY_FILES
SELECT path, bytes FROM policy_files WHERE policy = ?1 ORDER BY n;

-- name: POLICY_FILE_INSERT
INSERT INTO policy_files (policy, n, path, bytes) VALUES (?1, ?2, ?3, ?4);

-- name: POLICY_RULE_INSERT
INSERT INTO policy_rules (policy, queue, n, name) VALUES (?1, ?2, ?3, ?4);

-- name: META_SET
INSERT INTO meta (name, value) VALUES (?1, ?2)
ON CONFLICT (name) DO UPDATE SET value = excluded.value;

-- Figures.  ?1 since, ?2 until, ?3 the queue.

-- name: STATS_ITEMS
SELECT i.route, count(*), coalesce(sum(i.cost_usd), 0) FROM items i
WHERE i.ingested_ms >= ?1 AND i.ingested_ms < ?2 AND (?3 IS NULL OR i.queue = ?3)
GROUP BY i.route;

-- name: STATS_LATENCY
SELECT latency_ms FROM items WHERE latency_ms IS NOT NULL
  AND ingested_ms >= ?1 AND ingested_ms < ?2 AND (?3 IS NULL OR queue = ?3)
ORDER BY latency_ms;

-- name: STATS_REVIEW
SELECT d.review_ms FROM decisions d JOIN items i USING (item)
WHERE d.review_ms IS NOT NULL AND d.ts_ms >= ?1 AND d.ts_ms < ?2
  AND (?3 IS NULL OR i.queue = ?3)
ORDER BY d.review_ms;

-- name: STATS_DECISIONS
SELECT d.decision, count(*) FROM decisions d JOIN items i USING (item)
WHERE d.decision <> 'undo' AND d.ts_ms >= ?1 AND d.ts_ms < ?2
  AND (?3 IS NULL OR i.queue = ?3)
  AND NOT EXISTS (SELECT 1 FROM decisions u WHERE u.undoes = d.seq)
GROUP BY d.decision;

-- name: STATS_BY_RULE
SELECT i.rule, count(DISTINCT i.item),
  sum(d.decision IS 'accept'), sum(d.decision IS 'edit'),
  sum(d.decision IS 'reject'), sum(d.decision IS 'escalate')
FROM items i LEFT JOIN decisions d ON d.item = i.item AND d.decision <> 'undo'
  AND NOT EXISTS (SELECT 1 FROM decisions u WHERE u.undoes = d.seq)
WHERE i.ingested_ms >= ?1 AND i.ingested_ms < ?2 AND (?3 IS NULL OR i.queue = ?3)
GROUP BY 1 ORDER BY 2 DESC, 1;

-- name: STATS_BY_MODEL
SELECT i.model, count(DISTINCT i.item),
  sum(d.decision IS 'accept'), sum(d.decision IS 'edit'),
  sum(d.decision IS 'reject'), sum(d.decision IS 'escalate')
FROM items i LEFT JOIN decisions d ON d.item = i.item AND d.decision <> 'undo'
  AND NOT EXISTS (SELECT 1 FROM decisions u WHERE u.undoes = d.seq)
WHERE i.ingested_ms >= ?1 AND i.ingested_ms < ?2 AND (?3 IS NULL OR i.queue = ?3)
GROUP BY 1 ORDER BY 2 DESC, 1;

-- name: STATS_BY_PROMPT
SELECT i.prompt, count(DISTINCT i.item),
  sum(d.decision IS 'accept'), sum(d.decision IS 'edit'),
  sum(d.decision IS 'reject'), sum(d.decision IS 'escalate')
FROM items i LEFT JOIN decisions d ON d.item = i.item AND d.decision <> 'undo'
  AND NOT EXISTS (SELECT 1 FROM decisions u WHERE u.undoes = d.seq)
WHERE i.ingested_ms >= ?1 AND i.ingested_ms < ?2 AND (?3 IS NULL OR i.queue = ?3)
GROUP BY 1 ORDER BY 2 DESC, 1;

-- name: STATS_BY_GUARD
SELECT g.value, count(DISTINCT i.item),
  sum(d.decision IS 'accept'), sum(d.decision IS 'edit'),
  sum(d.decision IS 'reject'), sum(d.decision IS 'escalate')
FROM items i, json_each(i.guards) g
LEFT JOIN decisions d ON d.item = i.item AND d.decision <> 'undo'
  AND NOT EXISTS (SELECT 1 FROM decisions u WHERE u.undoes = d.seq)
WHERE i.ingested_ms >= ?1 AND i.ingested_ms < ?2 AND (?3 IS NULL OR i.queue = ?3)
GROUP BY 1 ORDER BY 2 DESC, 1;

-- name: STATS_BY_REVIEWER
SELECT d.by, count(DISTINCT i.item),
  sum(d.decision IS 'accept'), sum(d.decision IS 'edit'),
  sum(d.decision IS 'reject'), sum(d.decision IS 'escalate')
FROM decisions d JOIN items i USING (item)
WHERE d.decision <> 'undo' AND d.ts_ms >= ?1 AND d.ts_ms < ?2
  AND (?3 IS NULL OR i.queue = ?3)
  AND NOT EXISTS (SELECT 1 FROM decisions u WHERE u.undoes = d.seq)
GROUP BY 1 ORDER BY 2 DESC, 1;

-- Labelled data.  ?1 since, ?2 until, ?3: undone ones too.

-- name: EXPORT_ROWS
-- columns: id queue state route rule guards policy model prompt variant snippet stop priority confidence severity failures errors sampled created_at ingested_at due_at cost_usd latency_ms input_tokens output_tokens metadata output decision by decided_at reason labels note input final
SELECT item, seq, decision, policy FROM (SELECT i.item, i.id, i.queue, i.state, i.route, i.rule, i.guards, i.policy,
    i.model, i.prompt, i.variant, i.snippet, i.stop, i.priority, i.confidence,
    i.severity, i.failures, i.cost_usd, i.latency_ms, i.input_tokens,
    i.output_tokens, i.sample_p IS NOT NULL AS sampled,
    rfc3339(i.created_ms) AS created_at, rfc3339(i.ingested_ms) AS ingested_at,
    rfc3339(i.due_ms) AS due_at,
    (SELECT count(*) FROM guard_errors e WHERE e.item = i.item) AS errors,
    (SELECT item_metadata(p.record, p.input, p.part, p.shape) FROM payloads p
     WHERE p.item = i.item) AS metadata,
    (SELECT item_output(p.record, p.input, p.part, p.shape) FROM payloads p
     WHERE p.item = i.item) AS output,
    (SELECT item_messages(p.record, p.input, p.part, p.shape) FROM payloads p
     WHERE p.item = i.item) AS input,
    CASE d.decision WHEN 'edit' THEN d.output WHEN 'accept' THEN
      (SELECT item_output(p.record, p.input, p.part, p.shape) FROM payloads p
       WHERE p.item = i.item) END AS final,
    d.seq, d.decision, d.by, rfc3339(d.ts_ms) AS decided_at, d.reason, d.labels,
    d.note
  FROM decisions d JOIN items i USING (item)
  WHERE d.ts_ms >= ?1 AND d.ts_ms < ?2 AND d.seq = coalesce(
    (SELECT max(x.seq) FROM decisions x WHERE x.item = d.item
      AND x.decision IN ('accept', 'edit', 'reject', 'escalate', 'return')
      AND NOT EXISTS (SELECT 1 FROM decisions u WHERE u.undoes = x.seq)),
    CASE WHEN ?3 THEN (SELECT max(x.seq) FROM decisions x
      WHERE x.item = d.item) END)) AS found
WHERE WHERE_CONDITION ORDER BY seq;

-- Erasing: every text of an item and the salt of its hashes.

-- name: ERASE_ITEM
UPDATE items SET salt = NULL, snippet = '' WHERE item = ?1;

-- name: ERASE_PAYLOAD
DELETE FROM payloads WHERE item = ?1;

-- name: ERASE_DECISIONS
UPDATE decisions SET reason = NULL, labels = NULL, note = NULL, output = NULL
WHERE item = ?1;

-- name: ERASE_RELEASES
UPDATE outbox SET text = NULL WHERE item = ?1 AND text IS NOT NULL;

-- name: ERASE_HELD
UPDATE held SET text = NULL WHERE item = ?1 AND text IS NOT NULL;

-- name: ERASE_NOTES
DELETE FROM notes WHERE item = ?1;

-- name: PURGE_NEXT
SELECT item FROM items WHERE item > ?1 AND ingested_ms < ?2
  AND salt IS NOT NULL AND review = 0
  AND state NOT IN ('flagged', 'escalated')
ORDER BY item LIMIT ?3;
