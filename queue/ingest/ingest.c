#include "queue/ingest/ingest.h"

#include "queue/ingest/report.h"
#include "queue/ingest/row.h"
#include "queue/ingest/store.h"

struct ingest {
	struct session	*s;
	struct ingest_rows rows;	/* what they have in common */
	struct ingest_store *store;
	struct ingest_report report;
	struct pipeline_progress progress;
};

/* Both are run by workers. */

static enum status
row_prepare(void *arg, struct hasher *h, const struct item *item,
    const struct verdict *v, struct arena *arena, void **prepared,
    struct error *err)
{
	const struct ingest *in = arg;
	struct ingest_row *r = NULL;
	enum status st = ingest_row_make(&in->rows, h, item, v, arena, &r, err);

	*prepared = r;
	return st;
}

static void
row_render(void *arg, struct buf *b, const struct judged *j)
{
	const struct ingest *in = arg;

	judged_json(b, j, slice_of(in->s->policy->id));
}

/* Reports n stored items, and the lines refused among them and behind; gives the
 * item after them, or NULL. */
static const struct judged *
stored_report(struct ingest *in, const struct judged *j, size_t n)
{
	for (; j != NULL; j = j->next) {
		if (j->refused != NULL)
			ingest_report_refused(&in->report, j);
		else if (n-- == 0)
			break;
		else
			ingest_report_stored(&in->report, j);
	}
	return j;
}

/* The same (queue, id) is there: with the same bytes a duplicate. */
static enum status
item_again(struct ingest *in, const struct judged *j, struct error *err)
{
	struct ingest_known known;
	enum status st;

	if ((st = ingest_store_known(in->store, j, &known, err)) != STATUS_OK)
		return st;
	if (known.same)
		return ingest_report_duplicate(&in->report, j, known.item,
		    known.as_now, err);
	ingest_report_conflict(&in->report, j);
	return STATUS_OK;
}

/* Lets another process in when it is time, and reports what is committed. */
static enum status
ingest_yield(struct ingest *in, struct error *err)
{
	bool settled;
	enum status st = ingest_store_yield(in->store,
	    ingest_report_full(&in->report), &settled, err);

	return st == STATUS_OK && settled ?
	    ingest_report_settled(&in->report, err) : st;
}

static enum status
ingest_consume(void *arg, const struct judged *j, struct error *err)
{
	struct ingest *in = arg;
	enum status st = STATUS_OK;
	bool again;
	size_t n;

	while (j != NULL && st == STATUS_OK) {
		if ((st = ingest_store_add(in->store, j, &n, &again, err)) !=
		    STATUS_OK)
			return st;
		j = stored_report(in, j, n);
		if (again) {
			st = item_again(in, j, err);
			j = j->next;
		}
		if (st == STATUS_OK)
			st = ingest_yield(in, err);
	}
	ingest_report_progress(&in->report, &in->progress);
	return st;
}

/* The next are still being judged. */
static enum status
ingest_pause(void *arg, struct error *err)
{
	struct ingest *in = arg;
	bool settled;
	enum status st = ingest_store_pause(in->store, &settled, err);

	return st == STATUS_OK && settled ?
	    ingest_report_settled(&in->report, err) : st;
}

static void
ingest_tell(void *arg, const char *line)
{
	const struct ingest *in = arg;

	in->report.o->report(in->report.o->arg, line);
}

/* No more input for now: what was read is committed and handed on. */
static enum status
ingest_idle(void *arg, struct error *err)
{
	struct ingest *in = arg;
	enum status st;

	if ((st = ingest_store_commit(in->store, err)) != STATUS_OK ||
	    (st = ingest_report_settled(&in->report, err)) != STATUS_OK)
		return st;
	ingest_report_progress(&in->report, &in->progress);
	return ingest_report_flush(&in->report, err);
}

static enum status
ingest_begin(struct ingest *in, const struct ingest_options *o,
    struct ingest_counts *counts, struct error *err)
{
	enum status st;

	if ((st = store_random(in->rows.seed, SEED_LEN, err)) != STATUS_OK ||
	    (st = ingest_report_open(&in->report, in->s, o, counts, err)) !=
	    STATUS_OK)
		return st;
	if ((st = ingest_store_new(&in->store, in->s->store, DURABLE_BULK,
	    err)) != STATUS_OK ||
	    (st = ingest_store_policy(in->store, in->s->policy, err)) !=
	    STATUS_OK)
		return st;
	return ingest_store_commit(in->store, err);
}

/* st: how it went so far.  An error stands, whatever comes after it. */
static enum status
ingest_end(struct ingest *in, enum status st, struct error *err)
{
	struct error ignored = { 0 };
	bool well = st == STATUS_OK || st == STATUS_INTERRUPTED;
	struct error *e = well ? err : &ignored;
	enum status end = STATUS_OK, closed;

	if (well)
		end = ingest_store_sync(in->store, e);
	ingest_store_free(in->store);
	if ((closed = ingest_report_close(&in->report, e)) != STATUS_OK &&
	    end == STATUS_OK)
		end = closed;
	return well && end != STATUS_OK ? end : st;
}

enum status
ingest_run(struct session *s, const struct ingest_options *o,
    struct ingest_counts *counts, struct error *err)
{
	struct ingest in = { .s = s, .rows = { .store = s->store,
	    .policy = s->policy, .who = session_actor(s) } };
	struct pipeline_options po = {
		.policy = s->policy,
		.judge = { .key = store_key(s->store), .stop = o->stop },
		.paths = o->paths, .npaths = o->npaths, .format = o->format,
		.inputs_path = o->inputs_path, .queue = o->queue,
		.stop = o->stop, .prepare = row_prepare,
		.render = o->verdicts_path == NULL ? NULL : row_render,
		.consume = ingest_consume, .pause = ingest_pause,
		.idle = ingest_idle, .tell = ingest_tell, .arg = &in
	};
	enum status st;

	memset(counts, 0, sizeof(*counts));
	if ((st = ingest_begin(&in, o, counts, err)) == STATUS_OK)
		st = pipeline_run(&po, &in.progress, err);
	return ingest_end(&in, st, err);
}
