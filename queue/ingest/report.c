#include "queue/ingest/report.h"

#include <stdio.h>

#include "core/judge/verdict.h"
#include "db/clock.h"
#include "queue/review/item_detail.h"

#define PENDING_MAX	((size_t)4 << 20)	/* bytes of verdicts */
#define PROGRESS_MS	200

enum status
ingest_report_open(struct ingest_report *r, struct session *s,
    const struct ingest_options *o, struct ingest_counts *counts,
    struct error *err)
{
	const char *store = store_path(s->store);
	enum status st;

	memset(r, 0, sizeof(*r));
	r->s = s;
	r->o = o;
	r->counts = counts;
	if ((st = ingest_out_open(&r->rejects, o->rejects_path, o, store,
	    err)) != STATUS_OK)
		return st;
	return ingest_out_open(&r->verdicts, o->verdicts_path, o, store, err);
}

enum status
ingest_report_close(struct ingest_report *r, struct error *err)
{
	enum status st, end;

	if (r->rejects.f != NULL && r->rejects_open)
		(void)putc('\n', r->rejects.f);
	st = ingest_out_close(&r->rejects, err);
	end = ingest_out_close(&r->verdicts, err);
	arena_release(&r->known);
	alike_release(&r->alike);
	doubted_release(&r->doubted);
	return st != STATUS_OK ? st : end;
}

/* n: lines of the file of which the same is to be said. */
static void
person_tell(void *arg, const char *file, uint64_t line, const char *why,
    uint64_t n)
{
	struct ingest_report *r = arg;
	char text[2048], more[48] = "";

	if (n > 1)
		(void)snprintf(more, sizeof(more), " (and %llu more like it)",
		    (unsigned long long)n - 1);
	(void)snprintf(text, sizeof(text), "%s:%llu: %s%s",
	    strcmp(file, "-") == 0 ? "standard input" : file,
	    (unsigned long long)line, why, more);
	r->o->report(r->o->arg, text);
}

/* alike_all(); where that ends, what was held back is told before what comes. */
static bool
all_alike(struct ingest_report *r, const struct judged *j)
{
	bool before = r->alike.mixed, all = alike_all(&r->alike, j);

	if (r->alike.mixed && !before && r->alike.plain)
		alike_tell(&r->alike, person_tell, r);
	return all;
}

/* Where anybody asked for one. */
static void
verdict_add(struct ingest_report *r, struct slice text)
{
	if (r->verdicts.f != NULL && text.n > 0)
		buf_add_slice(&r->verdicts.pending, text);
}

void
ingest_report_refused(struct ingest_report *r, const struct judged *j)
{
	FILE *f = r->rejects.f;

	if (!j->more) {
		r->counts->refused++;
		if (!all_alike(r, j) && !j->alike)
			person_tell(r, j->file, j->line, j->refused, 1);
		else
			(void)alike_add(&r->alike, j, person_tell, r);
		if (f != NULL && r->rejects_open)
			(void)putc('\n', f);
	}
	if (f != NULL && j->record.n > 0)
		(void)fwrite(j->record.p, 1, j->record.n, f);
	r->rejects_open = true;
	verdict_add(r, j->text);
}

void
ingest_report_stored(struct ingest_report *r, const struct judged *j)
{
	uint64_t *count[] = {
		[ROUTE_APPROVE] = &r->counts->approved,
		[ROUTE_FLAG] = &r->counts->flagged,
		[ROUTE_ESCALATE] = &r->counts->escalated
	};

	(void)all_alike(r, j);
	doubted_note(&r->doubted, r->s->policy, j->item->queue, r->o->report,
	    r->o->arg);
	++*count[j->verdict->route];
	r->counts->sampled += j->verdict->sampled;
	verdict_add(r, j->text);
}

void
ingest_report_conflict(struct ingest_report *r, const struct judged *j)
{
	struct buf why = BUF_INIT, text = BUF_INIT;

	(void)all_alike(r, j);
	r->counts->conflicts++;
	buf_puts(&why, "conflict: ");
	buf_add_slice(&why, j->item->id);
	buf_puts(&why, " is in queue ");
	buf_add_slice(&why, j->item->queue);
	buf_puts(&why, " already, with other bytes; give it another id");
	person_tell(r, j->file, j->line, buf_str(&why), 1);
	refusal_json(&text, j->line, buf_str(&why));
	verdict_add(r, buf_slice(&text));
	buf_release(&text);
	buf_release(&why);
}

/* The stored item as a verdict: how it was routed, what is in force now. */
static enum status
stored_verdict(const struct item_detail *d, struct arena *arena,
    struct verdict *v, struct error *err)
{
	static const enum route routes[] = {
		ROUTE_APPROVE, ROUTE_FLAG, ROUTE_ESCALATE
	};
	size_t i;

	*v = (struct verdict){
		.route = ROUTE_FLAG, .rule = arena_str(arena, d->row.rule),
		.findings = d->findings, .nfindings = d->nfindings,
		.released = d->released, .release = d->release
	};
	for (i = 0; i < sizeof(routes) / sizeof(routes[0]); i++)
		if (slice_is(d->row.route, route_name(routes[i])))
			v->route = routes[i];
	return v->rule == NULL ? error_nomem(err) : STATUS_OK;
}

static enum status
verdict_add_stored(struct ingest_report *r, int64_t key, struct error *err)
{
	struct item item = { .queue = SLICE_NONE };
	struct buf text = BUF_INIT;
	struct verdict v;
	struct item_detail d;
	enum status st;

	arena_reset(&r->known);
	arena_reset(&r->s->arena);
	if ((st = item_detail_load_within(r->s, key, &r->known, &d, err)) !=
	    STATUS_OK || (st = stored_verdict(&d, &r->known, &v, err)) !=
	    STATUS_OK)
		return st;
	item.id = d.row.id;
	item.queue = d.row.queue;
	item.output = d.item.output;
	verdict_json(&text, &item, &v, d.row.policy);
	st = buf_check(&text, err);
	verdict_add(r, buf_slice(&text));
	buf_release(&text);
	return st;
}

enum status
ingest_report_duplicate(struct ingest_report *r, const struct judged *j,
    int64_t item, bool as_now, struct error *err)
{
	(void)all_alike(r, j);
	r->counts->duplicates++;
	if (r->verdicts.f != NULL && !as_now)
		return verdict_add_stored(r, item, err);
	verdict_add(r, j->text);
	return STATUS_OK;
}

void
ingest_report_progress(struct ingest_report *r,
    const struct pipeline_progress *progress)
{
	int64_t now = clock_boot_ms(NULL);

	if (r->o->progress == NULL || now - r->told_ms < PROGRESS_MS)
		return;
	r->told_ms = now;
	r->o->progress(r->o->arg, r->counts, progress);
}

bool
ingest_report_full(const struct ingest_report *r)
{
	return r->verdicts.pending.n > PENDING_MAX;
}

enum status
ingest_report_settled(struct ingest_report *r, struct error *err)
{
	return ingest_out_tell(&r->verdicts, err);
}

enum status
ingest_report_flush(struct ingest_report *r, struct error *err)
{
	alike_tell(&r->alike, person_tell, r);
	return ingest_out_flush(&r->verdicts, err);
}
