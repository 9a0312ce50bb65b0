#include "db/audit/bound.h"

#include "core/json/write.h"

static void
write_value(struct writer *w, const char *name, const struct value *v)
{
	switch (v->type) {
	case VALUE_NULL:
		write_null(w, name);
		break;
	case VALUE_INT:
		write_int(w, name, v->number);
		break;
	case VALUE_REAL:
		write_double(w, name, v->real);
		break;
	case VALUE_TEXT:
	case VALUE_BLOB:
		write_text(w, name, (struct slice){ v->bytes, v->n });
		break;
	}
}

struct bound_member {
	const char	*name;
	const struct value *value;
};

static void
write_members(struct buf *b, const struct bound_member *m, size_t n)
{
	struct writer w = WRITER(b, WRITE_CANONICAL);
	size_t i;

	write_object(&w, NULL);
	for (i = 0; i < n; i++)
		write_value(&w, m[i].name, m[i].value);
	write_end(&w);
}

void
bound_row(struct buf *b, const union items_insert *v, int64_t due_in_ms)
{
	const struct value due = value_int(due_in_ms);
	const struct bound_member m[] = {
		{ "confidence", &v->confidence },
		{ "cost_usd", &v->cost_usd },
		{ "created_ms", &v->created_ms },
		{ "due_in_ms", &due },
		{ "failures", &v->failures },
		{ "guards", &v->guards },
		{ "input_tokens", &v->input_tokens },
		{ "latency_ms", &v->latency_ms },
		{ "model", &v->model },
		{ "output_tokens", &v->output_tokens },
		{ "priority", &v->priority },
		{ "prompt", &v->prompt },
		{ "rules", &v->rules },
		{ "sample_p", &v->sample_p },
		{ "sent", &v->sent },
		{ "severity", &v->severity },
		{ "stop", &v->stop },
		{ "variant", &v->variant }
	};

	/* Once, so that most rows grow nothing. */
	if (buf_reserve(b, 600))
		write_members(b, m, sizeof(m) / sizeof(m[0]));
}

void
bound_finding(struct buf *b, const union findings_insert *v)
{
	const struct bound_member m[] = {
		{ "end", &v->end },
		{ "guard", &v->guard },
		{ "kind", &v->kind },
		{ "message", &v->message },
		{ "n", &v->n },
		{ "place", &v->place },
		{ "pointer", &v->pointer },
		{ "redact", &v->redact },
		{ "score", &v->score },
		{ "severity", &v->severity },
		{ "start", &v->start }
	};

	write_members(b, m, sizeof(m) / sizeof(m[0]));
	buf_putc(b, '\n');
}

void
bound_error(struct buf *b, const union errors_insert *v)
{
	const struct bound_member m[] = {
		{ "fail_open", &v->fail_open },
		{ "guard", &v->guard },
		{ "message", &v->message },
		{ "n", &v->n }
	};

	write_members(b, m, sizeof(m) / sizeof(m[0]));
	buf_putc(b, '\n');
}

void
bound_note(struct buf *b, struct slice by, int64_t uid, int64_t ts_ms,
    struct slice text)
{
	struct writer w = WRITER(b, WRITE_CANONICAL);

	write_object(&w, NULL);
	write_text(&w, "by", by);
	write_text(&w, "text", text);
	write_int(&w, "ts_ms", ts_ms);
	write_int(&w, "uid", uid);
	write_end(&w);
	buf_putc(b, '\n');
}

static struct value
int_of(struct query *q, enum query_column c)
{
	return query_null(q, c) ? value_null() : value_int(query_int(q, c));
}

static struct value
real_of(struct query *q, enum query_column c)
{
	return value_real(query_double(q, c));
}

static struct value
text_of(struct query *q, enum query_column c)
{
	return value_text(query_text(q, c));
}

void
bound_row_read(struct buf *b, struct query *q)
{
	const union items_insert v = {
		.confidence = real_of(q, AUDIT_ITEMS_CONFIDENCE),
		.cost_usd = real_of(q, AUDIT_ITEMS_COST_USD),
		.created_ms = int_of(q, AUDIT_ITEMS_CREATED_MS),
		.failures = int_of(q, AUDIT_ITEMS_FAILURES),
		.guards = text_of(q, AUDIT_ITEMS_GUARDS),
		.input_tokens = int_of(q, AUDIT_ITEMS_INPUT_TOKENS),
		.latency_ms = real_of(q, AUDIT_ITEMS_LATENCY_MS),
		.model = text_of(q, AUDIT_ITEMS_MODEL),
		.output_tokens = int_of(q, AUDIT_ITEMS_OUTPUT_TOKENS),
		.priority = int_of(q, AUDIT_ITEMS_PRIORITY),
		.prompt = text_of(q, AUDIT_ITEMS_PROMPT),
		.rules = text_of(q, AUDIT_ITEMS_RULES),
		.sample_p = real_of(q, AUDIT_ITEMS_SAMPLE_P),
		.sent = int_of(q, AUDIT_ITEMS_SENT),
		.severity = int_of(q, AUDIT_ITEMS_SEVERITY),
		.stop = text_of(q, AUDIT_ITEMS_STOP),
		.variant = text_of(q, AUDIT_ITEMS_VARIANT)
	};

	/* Modulo 2^64: numbers that somebody altered must not run over. */
	bound_row(b, &v, (int64_t)((uint64_t)query_int(q, AUDIT_ITEMS_DUE_MS) -
	    (uint64_t)query_int(q, AUDIT_ITEMS_INGESTED_MS)));
}

enum status
bound_run(struct store *s, int64_t run, struct hasher *hasher, struct hash *h,
    struct error *err)
{
	struct buf row = BUF_INIT;
	struct query *q;
	enum status st = query_get(&q, s, QUERY_RUN_BOUND, err);

	if (st != STATUS_OK)
		return st;
	query_bind_int(q, OF_RUN_run, run);
	if ((st = query_row(q, err)) == STATUS_OK) {
		const struct value by = text_of(q, RUN_BOUND_BY),
		    cases = int_of(q, RUN_BOUND_CASES),
		    cost = real_of(q, RUN_BOUND_COST_USD),
		    since = int_of(q, RUN_BOUND_SINCE_MS),
		    started = int_of(q, RUN_BOUND_STARTED_MS);
		const struct bound_member m[] = {
			{ "by", &by },
			{ "cases", &cases },
			{ "cost_usd", &cost },
			{ "since_ms", &since },
			{ "started_ms", &started }
		};

		write_members(&row, m, sizeof(m) / sizeof(m[0]));
		if ((st = buf_check(&row, err)) == STATUS_OK)
			hash_bytes(hasher, buf_slice(&row), h);
	}
	query_done(q);
	buf_release(&row);
	return st;
}

static enum status
findings_read(struct store *s, int64_t item, struct buf *b, size_t *n,
    struct error *err)
{
	union findings_insert v;
	struct query *q;
	enum status st;
	bool row;

	if ((st = query_get(&q, s, QUERY_BOUND_FINDINGS, err)) != STATUS_OK)
		return st;
	query_bind_int(q, BOUND_OF_item, item);
	while ((st = query_step(q, &row, err)) == STATUS_OK && row) {
		v = (union findings_insert){
			.n = int_of(q, BOUND_FINDINGS_N),
			.guard = text_of(q, BOUND_FINDINGS_GUARD),
			.kind = text_of(q, BOUND_FINDINGS_KIND),
			.severity = int_of(q, BOUND_FINDINGS_SEVERITY),
			.score = real_of(q, BOUND_FINDINGS_SCORE),
			.start = int_of(q, BOUND_FINDINGS_START),
			.end = int_of(q, BOUND_FINDINGS_END),
			.redact = int_of(q, BOUND_FINDINGS_REDACT),
			.place = text_of(q, BOUND_FINDINGS_PLACE),
			.message = text_of(q, BOUND_FINDINGS_MESSAGE),
			.pointer = text_of(q, BOUND_FINDINGS_POINTER)
		};
		bound_finding(b, &v);
		++*n;
	}
	query_done(q);
	return st;
}

static enum status
errors_read(struct store *s, int64_t item, struct buf *b, size_t *n,
    struct error *err)
{
	union errors_insert v;
	struct query *q;
	enum status st;
	bool row;

	if ((st = query_get(&q, s, QUERY_BOUND_ERRORS, err)) != STATUS_OK)
		return st;
	query_bind_int(q, BOUND_OF_item, item);
	while ((st = query_step(q, &row, err)) == STATUS_OK && row) {
		v = (union errors_insert){
			.n = int_of(q, BOUND_ERRORS_N),
			.guard = text_of(q, BOUND_ERRORS_GUARD),
			.message = text_of(q, BOUND_ERRORS_MESSAGE),
			.fail_open = int_of(q, BOUND_ERRORS_FAIL_OPEN)
		};
		bound_error(b, &v);
		++*n;
	}
	query_done(q);
	return st;
}

enum status
bound_found_read(struct store *s, int64_t item, struct buf *b, size_t *n,
    struct error *err)
{
	enum status st;

	*n = 0;
	st = findings_read(s, item, b, n, err);
	return st == STATUS_OK ? errors_read(s, item, b, n, err) : st;
}

void
bound_hash(struct hasher *h, struct slice row, struct slice salt,
    struct slice found, struct bound_hashes *out)
{
	hash_bytes(h, row, &out->row);
	out->any = found.n > 0;
	if (out->any)
		hash_parts(h, (struct slice[]){ salt, found }, 2, &out->found);
}

enum status
bound_item(struct store *s, struct hasher *h, int64_t item,
    struct bound_hashes *out, struct error *err)
{
	struct buf row = BUF_INIT, found = BUF_INIT;
	struct query *q;
	enum status st;
	size_t n;

	if ((st = bound_found_read(s, item, &found, &n, err)) != STATUS_OK ||
	    (st = query_get(&q, s, QUERY_AUDIT_ITEM_KEY, err)) != STATUS_OK)
		goto out;
	query_bind_int(q, BOUND_OF_item, item);
	if ((st = query_row(q, err)) == STATUS_OK) {
		bound_row_read(&row, q);
		bound_hash(h, buf_slice(&row), query_blob(q, AUDIT_ITEMS_SALT),
		    buf_slice(&found), out);
	}
	query_done(q);
	if (st == STATUS_OK && (st = buf_check(&row, err)) == STATUS_OK)
		st = buf_check(&found, err);
out:
	buf_release(&row);
	buf_release(&found);
	return st;
}
