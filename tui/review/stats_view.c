#include "tui/review/stats_view.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "queue/stats.h"
#include "tui/review/aside.h"
#include "tui/review/review.h"
#include "tui/screen/cell.h"
#include "tui/screen/draw.h"
#include "tui/screen/pane.h"

#define BAR_WIDTH	30
#define NAME_WIDTH	24
#define HOURS_SHOWN	12
#define TABLE_ROWS	20	/* of one table */

/* What the thread fills. */
struct figures {
	struct stats	 stats;
	struct arena	 arena;
	char		*queue;		/* NULL: all */
};

struct stats_view {
	struct pane	 pane;
	struct arena	 arena;		/* the lines */
	struct aside	*aside;		/* counting; NULL: it is done */
	struct figures	*figures;	/* what aside fills */
	struct list_counts seen;	/* when it was begun */
};

static enum status
figures_get(struct session *s, void *arg, struct error *err)
{
	struct figures *f = arg;

	return stats_get(s, f->queue, -1, -1, &f->arena, &f->stats, err);
}

static void
figures_drop(void *arg)
{
	struct figures *f = arg;

	arena_release(&f->arena);
	free(f->queue);
	free(f);
}

static void
line(struct stats_view *v, enum face face, struct slice text)
{
	doc_add(&v->pane.doc, face, 0, text);
}

/* A block where the terminal's locale can write one. */
static void
bar(struct stats_view *v, const char *name, int64_t n, int64_t most)
{
	int64_t i, width = most == 0 ? 0 : (n * BAR_WIDTH + most - 1) / most;
	char blocks[BAR_WIDTH * 3 + 1];

	blocks[0] = '\0';
	for (i = 0; i < width; i++)
		(void)strncat(blocks, MB_CUR_MAX > 1 ? "\xe2\x96\x88" : "#",
		    sizeof(blocks) - strlen(blocks) - 1);
	line(v, FACE_TEXT, arena_printf(&v->arena, "  %-12s %9lld  %s", name,
	    (long long)n, blocks));
}

static void
bars(struct stats_view *v, const char *title, const char *const *names,
    const int64_t *n, size_t count)
{
	int64_t most = 0;
	size_t i;

	line(v, FACE_HEADING, slice_of(title));
	for (i = 0; i < count; i++)
		most = n[i] > most ? n[i] : most;
	for (i = 0; i < count; i++)
		bar(v, names[i], n[i], most);
	line(v, FACE_TEXT, SLICE(""));
}

static void
table_row(struct stats_view *v, const struct stats_row *r)
{
	double share = stats_override(r->accept, r->edit, r->reject);
	size_t used, n = cell_fit(r->name, NAME_WIDTH, &used);
	struct slice percent = isnan(share) ? SLICE("      -") :
	    arena_printf(&v->arena, "%6.1f%%", 100 * share);

	line(v, FACE_TEXT, arena_printf(&v->arena,
	    "  %.*s%*s %8lld %7lld %6lld %7lld %9lld %.*s", (int)n, r->name.p,
	    (int)(NAME_WIDTH - used), "", (long long)r->items,
	    (long long)r->accept, (long long)r->edit, (long long)r->reject,
	    (long long)r->escalate, SLICE_ARG(percent)));
}

static void
table(struct stats_view *v, const char *title, const struct stats_table *t)
{
	size_t i;

	if (t->n == 0)
		return;
	line(v, FACE_HEADING, arena_printf(&v->arena,
	    "%-*s %8s %7s %6s %7s %9s %7s", NAME_WIDTH + 2, title, "items",
	    "accept", "edit", "reject", "escalate", "changed"));
	for (i = 0; i < t->n && i < TABLE_ROWS; i++)
		table_row(v, &t->v[i]);
	if (t->n > TABLE_ROWS)
		line(v, FACE_HINT, arena_printf(&v->arena, "  and %zu more",
		    t->n - TABLE_ROWS));
	line(v, FACE_TEXT, SLICE(""));
}

static void
quantiles(struct stats_view *v, const char *title,
    const struct stats_quantiles *q)
{
	if (!isnan(q->p50))
		line(v, FACE_TEXT, arena_printf(&v->arena,
		    "%-14s p50 %.0f ms  p95 %.0f ms  p99 %.0f ms", title,
		    q->p50, q->p95, q->p99));
}

/* The latest hours with a decision, by the local clock. */
static void
hours(struct stats_view *v, const struct stats *s)
{
	int64_t most = 0;
	char name[16];
	struct tm tm;
	time_t t;
	size_t i;

	if (s->nhours == 0)
		return;
	line(v, FACE_HEADING, SLICE("Decided by hour"));
	for (i = 0; i < s->nhours; i++)
		most = s->hour[i].items > most ? s->hour[i].items : most;
	for (i = s->nhours < HOURS_SHOWN ? s->nhours : HOURS_SHOWN; i-- > 0;) {
		t = (time_t)(s->hour[i].from_ms / 1000);
		if (localtime_r(&t, &tm) != NULL && strftime(name,
		    sizeof(name), "%b %e %H:00", &tm) > 0)
			bar(v, name, s->hour[i].items, most);
	}
	line(v, FACE_TEXT, SLICE(""));
}

/* How many items came with which confidence, and how many of those that people
 * decided they changed. */
static void
histogram(struct stats_view *v, const struct stats_table *t)
{
	int64_t most = 0;
	double share;
	char name[24];
	size_t i;

	line(v, FACE_HEADING, SLICE("Items by confidence (share changed)"));
	for (i = 0; i < t->n; i++)
		most = t->v[i].items > most ? t->v[i].items : most;
	for (i = 0; i < t->n; i++) {
		share = stats_override(t->v[i].accept, t->v[i].edit,
		    t->v[i].reject);
		if (isnan(share))
			(void)snprintf(name, sizeof(name), "%.*s",
			    SLICE_ARG(t->v[i].name));
		else
			(void)snprintf(name, sizeof(name), "%.*s  %.0f%%",
			    SLICE_ARG(t->v[i].name), 100 * share);
		bar(v, name, t->v[i].items, most);
	}
	line(v, FACE_TEXT, SLICE(""));
}

/* How far second looks agree, and where they do not. */
static void
looks(struct stats_view *v, const struct stats *s)
{
	struct stats_agreement a = stats_agreement(s);
	size_t i, j;

	if (a.of == 0)
		return;
	line(v, FACE_HEADING, arena_printf(&v->arena, "Second looks: %lld of %lld "
	    "agree, %.0f%%", (long long)a.agreed, (long long)a.of,
	    100 * (double)a.agreed / (double)a.of));
	if (!isnan(a.kappa))
		line(v, FACE_TEXT, arena_printf(&v->arena, "  kappa %.2f (1: "
		    "always; 0: no more than by chance)", a.kappa));
	for (i = 0; i < STATS_LOOKS; i++) {
		for (j = 0; j < STATS_LOOKS; j++) {
			if (i != j && s->looks[i][j] > 0)
				line(v, FACE_TEXT, arena_printf(&v->arena,
				    "  %-8s then %-8s %9lld", stats_decisions[i],
				    stats_decisions[j],
				    (long long)s->looks[i][j]));
		}
	}
	line(v, FACE_TEXT, SLICE(""));
}

static void
ratings(struct stats_view *v, const struct stats *s)
{
	size_t i;

	if (s->nratings == 0)
		return;
	line(v, FACE_HEADING, SLICE("Ratings (average, how many)"));
	for (i = 0; i < s->nratings; i++)
		line(v, FACE_TEXT, arena_printf(&v->arena, "  %4.2f %9lld  %.*s",
		    s->rating[i].mean, (long long)s->rating[i].given,
		    SLICE_ARG(s->rating[i].name)));
	line(v, FACE_TEXT, SLICE(""));
}

static void
stats_fill(struct stats_view *v, const struct stats *s)
{
	static const char *const routes[] = { "approve", "flag", "escalate" };

	doc_clear(&v->pane.doc);
	arena_reset(&v->arena);
	bars(v, "Items by state", stats_states, s->states, 6);
	bars(v, "Routed to", routes, s->routes, 3);
	bars(v, "Decisions", stats_decisions, s->decisions, 5);
	hours(v, s);
	histogram(v, &s->by_confidence);
	table(v, "Rule", &s->by_rule);
	table(v, "Guard", &s->by_guard);
	table(v, "Model", &s->by_model);
	table(v, "Prompt", &s->by_prompt);
	table(v, "Reviewer", &s->by_reviewer);
	looks(v, s);
	ratings(v, s);
	quantiles(v, "Review time", &s->review_ms);
	quantiles(v, "Model latency", &s->latency_ms);
	line(v, FACE_TEXT, arena_printf(&v->arena, "%-14s %.4f USD", "Cost",
	    s->cost_usd));
	if (s->sla_breached > 0)
		line(v, FACE_TEXT, arena_printf(&v->arena, "%-14s %lld",
		    "Past due", (long long)s->sla_breached));
}

/* Begins to count; the figures come while the keys go on. */
static void
stats_begin(struct screen *scr, struct stats_view *v)
{
	struct review *r = review_of(scr);
	struct figures *f = calloc(1, sizeof(*f));
	struct error err = { STATUS_OK, "" };

	if (f == NULL || (r->filter.queue != NULL &&
	    (f->queue = strdup(r->filter.queue)) == NULL))
		(void)error_nomem(&err);
	else if (list_counts_get(r->session, r->filter.queue, &v->seen,
	    &err) == STATUS_OK && aside_start(&v->aside, r->session,
	    figures_get, f, figures_drop, &err) == STATUS_OK) {
		v->figures = f;
		scr->asides++;
		return;
	}
	if (f != NULL)
		figures_drop(f);
	screen_fail(scr, "stats: %s", err.text);
}

static void
stats_end(struct screen *scr, struct stats_view *v)
{
	if (v->aside != NULL)
		scr->asides--;
	aside_leave(v->aside);
	v->aside = NULL;
	v->figures = NULL;
}

/* Takes over what was counted; begins again where the counts have changed. */
static void
stats_tick(struct view *view)
{
	struct review *r = review_of(view->scr);
	struct stats_view *v = view->data;
	struct error err = { STATUS_OK, "" };
	struct list_counts now;
	enum status st;

	if (v->aside == NULL) {
		if (list_counts_get(r->session,
		    r->filter.queue, &now, &err) == STATUS_OK &&
		    memcmp(&now, &v->seen, sizeof(now)) != 0)
			stats_begin(view->scr, v);
		return;
	}
	if (!aside_ended(v->aside, &st, &err))
		return;
	if (st == STATUS_OK)
		stats_fill(v, &v->figures->stats);
	else
		screen_fail(view->scr, "stats: %s", err.text);
	stats_end(view->scr, v);
}

static void
stats_draw(struct view *view, int top, int bottom)
{
	struct review *r = review_of(view->scr);
	struct stats_view *v = view->data;
	int rows, columns;

	draw_size(&rows, &columns);
	(void)draw_label(top, 0, columns, FACE_HEADER, "Statistics: %s%s",
	    r->filter.queue == NULL ? "all queues" :
	    r->filter.queue, v->aside != NULL ? "  (counting)" : "");
	pane_draw(&v->pane, top + 1, 0, columns, bottom - top - 1, &view->row,
	    &view->column);
}

static struct pane *
stats_pane(struct view *view)
{
	struct stats_view *v = view->data;

	return &v->pane;
}

static void
stats_close(struct view *view)
{
	struct stats_view *v = view->data;

	stats_end(view->scr, v);
	pane_release(&v->pane);
	arena_release(&v->arena);
	free(v);
}

static const enum action stats_hints[] = {
	ACTION_DOWN, ACTION_PAGE_DOWN, ACTION_SEARCH, ACTION_BACK, ACTION_HELP,
	ACTION_NONE
};

static const struct view_ops stats_ops = {
	.keys = KEYS_PAGER, .pane = stats_pane, .draw = stats_draw,
	.tick = stats_tick, .close = stats_close, .hints = stats_hints
};

void
stats_view_show(struct screen *scr)
{
	struct stats_view *v = calloc(1, sizeof(*v));

	if (v == NULL || view_push(scr, &stats_ops, v) == NULL) {
		free(v);
		screen_fail(scr, "stats: out of memory");
		return;
	}
	pane_init(&v->pane);
	stats_begin(scr, v);
}
