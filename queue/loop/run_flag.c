#include "queue/loop/run_flag.h"

#include <inttypes.h>
#include <stdio.h>

#include "core/json/value.h"
#include "core/json/write.h"
#include "db/query.h"
#include "queue/ingest/items.h"
#include "queue/loop/run_results.h"
#include "queue/review/item_detail.h"
#include "queue/review/list.h"

/* What an item of a case is made of. */
struct made {
	struct arena	 arena;
	struct buf	 record;
	struct slice	 output;
	struct slice	 messages, context;	/* of the item that it came of */
	struct slice	 line;			/* of the suite's cases */
	char		 queue[ITEM_NAME_MAX + 1];
};

/* The input of the item that the result came of, where that is still there. */
static enum status
input_of_item(struct session *s, const struct run_flagged *f, struct made *m,
    struct error *err)
{
	const char *id = arena_str(&m->arena, f->result->item);
	struct item_detail d;
	enum status st;
	int64_t item;

	if (id == NULL)
		return error_nomem(err);
	if ((st = list_find(s, id, NULL, &item, err)) == STATUS_OK)
		st = item_detail_load(s, item, &m->arena, &d, err);
	if (st == STATUS_NOT_FOUND || st == STATUS_INVALID) {
		error_clear(err);
		return STATUS_OK;
	}
	if (st != STATUS_OK)
		return st;
	m->messages = d.item.messages;
	m->context = d.item.context;
	(void)snprintf(m->queue, sizeof(m->queue), "%.*s",
	    SLICE_ARG(d.row.queue));
	return STATUS_OK;
}

/* Is this line a case of that id? */
static bool
line_is(struct slice line, struct slice id, struct arena *a)
{
	struct json doc = JSON_INIT;
	struct json_error why;
	uint32_t at = JSON_NONE;
	bool is;

	if (line.n == 0 || line.p[0] != '{' || id.n == 0 ||
	    memmem(line.p, line.n, id.p, id.n) == NULL)
		return false;
	if (json_parse(&doc, line, JSON_DEPTH_MAX, 0, &why) == STATUS_OK)
		at = json_get(&doc, 0, "id");
	is = at != JSON_NONE && slice_eq(json_text(&doc, at, a), id);
	json_release(&doc);
	return is;
}

/* The case's line in one of the suite's files. */
static enum status
case_of_file(struct slice bytes, const struct run_flagged *f, struct made *m,
    struct error *err)
{
	struct slice line;
	const char *end;

	for (; bytes.n > 0; bytes.p += line.n, bytes.n -= line.n) {
		end = memchr(bytes.p, '\n', bytes.n);
		line = (struct slice){ bytes.p, end == NULL ? bytes.n :
		    (size_t)(end - bytes.p) + 1 };
		if (!line_is(line, f->result->id, &m->arena))
			continue;
		m->line = (struct slice){ arena_str(&m->arena, line), line.n };
		return m->line.p == NULL ? error_nomem(err) : STATUS_OK;
	}
	return STATUS_OK;
}

static enum status
input_of_suite(struct session *s, const struct run_flagged *f, struct made *m,
    struct error *err)
{
	struct query *q;
	enum status st;
	bool row;

	if ((st = query_get(&q, s->store, QUERY_SUITE_FILES, err)) != STATUS_OK)
		return st;
	query_bind_text(q, SUITE_FILES_suite, f->suite);
	while (m->line.p == NULL && (st = query_step(q, &row, err)) ==
	    STATUS_OK && row)
		st = case_of_file(query_blob(q, SUITE_FILES_BYTES), f, m, err);
	query_done(q);
	return st;
}

/* The checks that it fell short of, as results that the caller brings. */
static void
checks_write(struct writer *w, const struct result *r)
{
	size_t i;

	write_array(w, "guards");
	for (i = 0; i < r->nchecks; i++) {
		if (r->checks[i].state != CHECK_FAILED || r->checks[i].name.n == 0 ||
		    r->checks[i].name.n > ITEM_NAME_MAX)
			continue;
		write_object(w, NULL);
		write_text(w, "name", r->checks[i].name);
		write_word(w, "result", "fail");
		write_text(w, "message", r->checks[i].reason);
		write_end(w);
	}
	write_end(w);
}

static void
record_write(struct run_flagged *f, struct made *m)
{
	const struct result *r = f->result;
	struct writer w = WRITER(&m->record, WRITE_KEPT);

	write_object(&w, NULL);
	write_word(&w, "id", f->id);
	write_text(&w, "output", m->output);
	if (m->messages.p != NULL)
		write_raw(&w, "messages", m->messages);
	if (m->context.p != NULL)
		write_raw(&w, "context", m->context);
	else if (m->line.p != NULL) {
		write_array(&w, "context");
		write_object(&w, NULL);
		write_word(&w, "title", "the case");
		write_text(&w, "text", m->line);
		write_end(&w);
		write_end(&w);
	}
	checks_write(&w, r);
	write_object(&w, "metadata");
	write_int(&w, "run", f->run);
	write_text(&w, "suite", f->name);
	write_text(&w, "case", r->id);
	write_text(&w, "item", r->item);
	write_end(&w);
	write_end(&w);
}

/* A person wants it looked at: no rule of the policy lets it pass. */
static void
force_flag(struct verdict *v, const struct run_flagged *f, struct arena *a)
{
	const char *rule = arena_printf(a, "case of run %" PRId64, f->run).p;

	v->route = ROUTE_FLAG;
	v->rule = rule == NULL ? "case of a run" : rule;
	v->suggest = NULL;
	v->sampled = v->released = false;
	v->release = slice_of(v->queue->fallback);
}

static enum status
item_store(struct session *s, struct run_flagged *f, struct made *m,
    struct error *err)
{
	struct judge_request q = { .record = buf_slice(&m->record),
	    .format = "native", .queue = slice_of(m->queue[0] == '\0' ? NULL :
	    m->queue) };
	const struct judged_item *out;
	struct judged_item *one;
	struct ingest_item *item;
	enum status st;
	size_t n;

	if ((st = buf_check(&m->record, err)) != STATUS_OK ||
	    (st = session_judge(s, err)) != STATUS_OK ||
	    (st = judge_record(s->judge, &q, &m->arena, &out, err)) != STATUS_OK)
		return st;
	if ((one = arena_zalloc(&m->arena, sizeof(*one))) == NULL)
		return error_nomem(err);
	*one = *out;
	one->next = NULL;
	force_flag(&one->verdict, f, &m->arena);
	if ((st = ingest_items_new(one, &m->arena, &item, &n, err)) !=
	    STATUS_OK || (st = ingest_items_store(s->store, s->policy,
	    session_actor(s), item, n, &m->arena, err)) != STATUS_OK)
		return st;
	f->again = item->outcome != OUTCOME_NEW;
	return STATUS_OK;
}

enum status
run_flag(struct session *s, struct run_flagged *f, struct error *err)
{
	struct made m = { .arena = ARENA_INIT, .record = BUF_INIT };
	enum status st;

	(void)snprintf(f->id, sizeof(f->id), "run-%" PRId64 ":%.*s#%d", f->run,
	    f->result->id.n > 200 ? 200 : (int)f->result->id.n,
	    f->result->id.p, f->result->repeat);
	if ((st = session_require(s, MAY_REVIEW, "flag a case", err)) !=
	    STATUS_OK || (st = run_text(s, f->run, f->n, &m.arena, &m.output,
	    err)) != STATUS_OK)
		return st;
	if (m.output.p == NULL)
		st = error_set(err, STATUS_INVALID, "run %" PRId64 " did not keep "
		    "the text of this case", f->run);
	if (st == STATUS_OK && f->result->item.p != NULL)
		st = input_of_item(s, f, &m, err);
	if (st == STATUS_OK && m.messages.p == NULL && f->suite.p != NULL)
		st = input_of_suite(s, f, &m, err);
	if (st == STATUS_OK) {
		record_write(f, &m);
		st = item_store(s, f, &m, err);
	}
	buf_release(&m.record);
	arena_release(&m.arena);
	return st;
}
