#include "tui/review/prompts_view.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/time.h"
#include "queue/prompt/prompts.h"
#include "tui/review/diff_view.h"
#include "tui/review/review.h"
#include "tui/review/roll.h"

struct version_at {
	struct slice	name;
	int64_t		version;
};

struct prompts_view {
	struct roll	 roll;		/* its keys count versions */
	struct version_at *versions;	/* in its arena */
	size_t		 n, cap;
	struct store	*store;
	char		 against[300];	/* "NAME@3", the tagged one; "": none */
};

static void
when_text(int64_t ms, char out[TIME_LOCAL])
{
	time_local(ms, out);
	out[16] = '\0';	/* the minute is enough */
	out[10] = ' ';
}

/* One move of a label a line, below the name's first line. */
static enum status
moves_put(struct prompts_view *v, struct slice name, struct error *err)
{
	struct arena *a = &v->roll.arena;
	struct prompt_move *m;
	char when[TIME_LOCAL];
	enum status st;
	size_t i, n;

	if ((st = prompts_moves(v->store, name, a, &m, &n, err)) != STATUS_OK)
		return st;
	for (i = 0; i < n; i++) {
		when_text(m[i].ts_ms, when);
		if (m[i].from == 0)
			roll_line(&v->roll, FACE_HINT, ROLL_NOTHING,
			    "     %s  %s set %s to @%" PRId64, when,
			    roll_fit(a, m[i].by, 12),
			    roll_fit(a, m[i].label, m[i].label.n), m[i].to);
		else
			roll_line(&v->roll, FACE_HINT, ROLL_NOTHING,
			    "     %s  %s moved %s from @%" PRId64 " to @%"
			    PRId64, when, roll_fit(a, m[i].by, 12),
			    roll_fit(a, m[i].label, m[i].label.n), m[i].from,
			    m[i].to);
	}
	return STATUS_OK;
}

static void
version_name(struct slice name, int64_t version, char out[300])
{
	(void)snprintf(out, 300, "%.*s@%" PRId64, SLICE_ARG(name), version);
}

static bool
version_keep(struct prompts_view *v, const struct prompt_version *p)
{
	struct arena *a = &v->roll.arena;
	struct version_at *grown;

	if (v->n == v->cap) {
		v->cap = v->cap == 0 ? 64 : v->cap * 2;
		if ((grown = arena_alloc(a, v->cap * sizeof(*grown))) == NULL)
			return false;
		if (v->n > 0)
			memcpy(grown, v->versions, v->n * sizeof(*grown));
		v->versions = grown;
	}
	v->versions[v->n].name = (struct slice){ arena_str(a, p->name),
	    p->name.n };
	v->versions[v->n].version = p->version;
	return v->versions[v->n].name.p != NULL;
}

static enum status
version_put(void *arg, const struct prompt_version *p, struct error *err)
{
	struct prompts_view *v = arg;
	struct arena *a = &v->roll.arena;
	struct buf labels = BUF_INIT;
	struct prompt_label *l;
	char when[TIME_LOCAL], named[300];
	enum status st;
	size_t i, n;

	if (v->n == 0 || !slice_eq(v->versions[v->n - 1].name, p->name)) {
		roll_line(&v->roll, FACE_HEADING, ROLL_NOTHING, "%s",
		    roll_fit(a, p->name, p->name.n));
		if ((st = moves_put(v, p->name, err)) != STATUS_OK)
			return st;
	}
	if (!version_keep(v, p))
		return error_nomem(err);
	if ((st = prompts_labels(v->store, p->name, SLICE_NONE, a, &l, &n,
	    err)) != STATUS_OK)
		return st;
	for (i = 0; i < n; i++)
		if (l[i].version == p->version)
			buf_printf(&labels, " [%s]", roll_fit(a, l[i].label,
			    l[i].label.n));
	buf_putc(&labels, '\0');
	when_text(p->ts_ms, when);
	version_name(p->name, p->version, named);
	roll_line(&v->roll, FACE_TEXT, (int64_t)v->n++, "%c@%-4" PRId64 "%s  %s %s%s",
	    strcmp(named, v->against) == 0 ? '+' : ' ', p->version, when, roll_fit(a, p->by, 12), p->note.n == 0 ? "" :
	    roll_fit(a, p->note, 30), labels.n > 1 ? labels.p : "");
	st = buf_check(&labels, err);
	buf_release(&labels);
	return st;
}

static void
prompts_fill(struct view *view)
{
	struct prompts_view *v = view->data;
	struct error err = { STATUS_OK, "" };
	size_t at = v->roll.pane.cur;
	bool first = v->roll.nkeys == 0;

	v->n = v->cap = 0;
	v->versions = NULL;
	roll_clear(&v->roll);
	if (prompts_each(v->store, SLICE_NONE, version_put, v, &err) !=
	    STATUS_OK)
		screen_fail(view->scr, "prompts: %s", err.text);
	else if (v->n == 0)
		roll_line(&v->roll, FACE_TEXT, ROLL_NOTHING,
		    "There is no prompt yet: handrail prompt add NAME FILE");
	if (first)
		roll_first(&v->roll);
	else
		v->roll.pane.cur = at;
}

/* Config and template as one text. */
static enum status
version_text(struct prompts_view *v, const char *named, struct arena *a,
    struct buf *out, struct error *err)
{
	const struct prompt_message *m;
	struct prompt_version p;
	enum status st;
	size_t i;

	st = prompts_get(v->store, slice_of(named), a, &p, err);
	if (st != STATUS_OK)
		return st;
	if (!slice_is(p.body.config, "{}"))
		buf_printf(out, "config %.*s\n\n", SLICE_ARG(p.body.config));
	for (i = 0; i < p.body.n; i++) {
		m = &p.body.messages[i];
		if (p.body.chat)
			buf_printf(out, "[%.*s]\n", SLICE_ARG(m->role));
		buf_add_slice(out, m->content);
		buf_putc(out, '\n');
	}
	return buf_check(out, err);
}

/* Beside the tagged version, else the one before it; the first one as it is. */
static void
prompts_open(struct view *view, enum action action)
{
	struct prompts_view *v = view->data;
	struct buf old = BUF_INIT, new = BUF_INIT;
	struct arena arena = ARENA_INIT;
	struct error err = { STATUS_OK, "" };
	int64_t at = roll_key(&v->roll);
	const struct version_at *one = &v->versions[at];
	char named[300], before[300];
	enum status st;

	(void)action;
	version_name(one->name, one->version, named);
	(void)snprintf(before, sizeof(before), "%s", v->against[0] != '\0' ?
	    v->against : named);
	if (v->against[0] == '\0' && at > 0 && slice_eq(one[-1].name, one->name))
		version_name(one[-1].name, one[-1].version, before);
	st = version_text(v, before, &arena, &old, &err);
	if (st == STATUS_OK)
		st = version_text(v, named, &arena, &new, &err);
	if (st == STATUS_OK)
		diff_view_show(view->scr, NULL, buf_slice(&old),
		    buf_slice(&new));
	else
		screen_fail(view->scr, "%s", err.text);
	buf_release(&old);
	buf_release(&new);
	arena_release(&arena);
}

/* The version that others are then compared with, of whatever prompt. */
static void
prompts_tag(struct view *view, enum action action)
{
	struct prompts_view *v = view->data;
	const struct version_at *one = &v->versions[roll_key(&v->roll)];
	char named[300];

	(void)action;
	version_name(one->name, one->version, named);
	if (strcmp(named, v->against) == 0)
		v->against[0] = '\0';
	else {
		(void)snprintf(v->against, sizeof(v->against), "%s", named);
		screen_say(view->scr, "Enter on another compares it with %s", named);
	}
	prompts_fill(view);
}

static void
prompts_draw(struct view *view, int top, int bottom)
{
	roll_draw(view, top, bottom, "Prompts: versions, labels, and who moved "
	    "them");
}

static void
prompts_close(struct view *view)
{
	struct prompts_view *v = view->data;

	roll_release(&v->roll);
	free(v);
}

static const struct view_action prompts_actions[] = {
	{ ACTION_OPEN, NEED_TOP, prompts_open },
	{ ACTION_TAG, NEED_TOP | NEED_ITEM, prompts_tag },
	{ ACTION_BACK, NEED_TOP, roll_back },
	{ ACTION_STOP, NEED_TOP, roll_back },
	{ ACTION_NONE, 0, NULL }
};

static const enum action prompts_hints[] = {
	ACTION_OPEN, ACTION_TAG, ACTION_SEARCH, ACTION_BACK, ACTION_HELP,
	ACTION_NONE
};

static const struct view_ops prompts_ops = {
	.keys = KEYS_QUEUE, .actions = prompts_actions, .pane = roll_pane,
	.draw = prompts_draw, .holds = roll_holds, .refresh = prompts_fill,
	.close = prompts_close, .hints = prompts_hints
};

void
prompts_view_show(struct screen *scr)
{
	struct prompts_view *v;

	view_leave(scr, &prompts_ops);
	if ((v = calloc(1, sizeof(*v))) == NULL ||
	    view_push(scr, &prompts_ops, v) == NULL) {
		free(v);
		screen_fail(scr, "prompts: out of memory");
		return;
	}
	roll_init(&v->roll);
	v->store = review_of(scr)->session->store;
	prompts_fill(view_top(scr));
}
