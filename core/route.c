#include "core/route.h"

#include <math.h>
#include <stdlib.h>

#include "core/pattern.h"
#include "core/sweep.h"
#include "core/text.h"

#define NO_RULE		"no rule matched"

/* What became of one guard, ours or the caller's, on the item at hand. */
struct outcome {
	const char	*name;
	bool		 failed, errored, brought;
	double		 score;		/* NAN: none */
};

/* A queue's rules, made ready for this thread. */
struct ready {
	const struct queue_policy *queue;
	struct expr_set		*rules;
	enum expr_value		*values;
	const char		**names;	/* guards, then expects */
	size_t			 nnames;
};

struct judge {
	const struct policy	*policy;
	struct judge_options	 options;
	struct arena		 arena;		/* names of the queues */
	struct ready		*ready;
	size_t			 nready;
	struct scratch		*scratch;
	struct findings		 found;
	struct sweep_found	 swept;
	struct json		 messages;
	/* The item at hand. */
	const struct item	*item;
	struct arena		*out;
	struct verdict		*verdict;
	struct outcome		*outcomes;	/* of the queue's names first */
	size_t			 noutcomes, nknown;
	size_t			 errors_cap;
	bool			 fatal_error;	/* one that may not approve */
	const char		*fatal_name;
	bool			 messages_read;
	bool			 is_swept;	/* `swept` is of this output */
};

static enum status
ready_make(struct judge *j, const struct queue_policy *q, struct ready *r,
    struct error *err)
{
	struct expr_names names;
	const char **when;
	size_t i, bad;
	enum status st;

	if ((st = policy_names(&j->arena, q, &names, err)) != STATUS_OK)
		return st;
	r->queue = q;
	r->nnames = names.n;
	r->names = arena_copy(&j->arena, names.v, names.n * sizeof(*names.v));
	r->values = arena_alloc(&j->arena, (q->nrules + 1) *
	    sizeof(*r->values));
	when = arena_alloc(&j->arena, (q->nrules + 1) * sizeof(*when));
	if (r->names == NULL || r->values == NULL || when == NULL)
		return error_nomem(err);
	for (i = 0; i < q->nrules; i++)
		when[i] = q->rules[i].when;
	return expr_set_new(&r->rules, when, q->nrules, &names, &bad, err);
}

enum status
judge_new(struct judge **out, const struct policy *p,
    const struct judge_options *o, struct error *err)
{
	struct judge *j;
	enum status st;
	size_t i;

	*out = NULL;
	if ((j = calloc(1, sizeof(*j))) == NULL)
		return error_nomem(err);
	j->policy = p;
	if (o != NULL)
		j->options = *o;
	/* One more for the queue of a policy that has no default. */
	j->ready = calloc(p->nqueues + 1, sizeof(*j->ready));
	if (j->ready == NULL) {
		st = error_nomem(err);
		goto out;
	}
	if ((st = scratch_new(&j->scratch, err)) != STATUS_OK)
		goto out;
	for (i = 0; i < p->nqueues && st == STATUS_OK; i++) {
		j->nready = i + 1;
		st = ready_make(j, &p->queues[i], &j->ready[i], err);
	}
out:
	if (st != STATUS_OK) {
		judge_free(j);
		return st;
	}
	*out = j;
	return STATUS_OK;
}

void
judge_free(struct judge *j)
{
	size_t i;

	if (j == NULL)
		return;
	for (i = 0; i < j->nready; i++)
		expr_set_free(j->ready[i].rules);
	free(j->ready);
	scratch_free(j->scratch);
	free(j->found.v);
	sweep_found_release(&j->swept);
	json_release(&j->messages);
	arena_release(&j->arena);
	free(j);
}

static struct outcome *
outcome_known(struct judge *j, const char *name)
{
	size_t i;

	for (i = 0; i < j->nknown; i++)
		if (strcmp(j->outcomes[i].name, name) == 0)
			return &j->outcomes[i];
	return NULL;
}

static bool
fact_failed(void *arg, const char *guard)
{
	const struct outcome *o = outcome_known(arg, guard);

	return o != NULL && o->failed;
}

static bool
fact_errored(void *arg, const char *guard)
{
	const struct outcome *o = outcome_known(arg, guard);

	return o != NULL && o->errored;
}

static double
fact_score(void *arg, const char *guard)
{
	const struct outcome *o = outcome_known(arg, guard);

	return o == NULL ? NAN : o->score;
}

static bool
fact_kind(void *arg, const char *guard, const char *kind)
{
	const struct judge *j = arg;
	size_t i;

	for (i = 0; i < j->found.n; i++)
		if (slice_is(j->found.v[i].kind, kind) &&
		    strcmp(j->found.v[i].guard, guard) == 0)
			return true;
	return false;
}

/* The outcome failed where a finding says so, and has the highest score. */
static void
outcome_add(struct outcome *o, const struct finding *f)
{
	if (f->severity >= SEVERITY_LOW)
		o->failed = true;
	if (isnan(o->score) || f->score > o->score)
		o->score = f->score;
}

static enum status
guard_error_add(struct judge *j, struct outcome *o, struct slice message,
    bool fail_open, struct error *err)
{
	struct verdict *v = j->verdict;
	struct guard_error *e;
	size_t cap;

	o->errored = true;
	if (!fail_open && !j->fatal_error) {
		j->fatal_error = true;
		j->fatal_name = o->name;
	}
	if (v->nguard_errors == j->errors_cap) {
		cap = j->errors_cap == 0 ? 8 : j->errors_cap * 2;
		if ((e = arena_alloc(j->out, cap * sizeof(*e))) == NULL)
			return error_nomem(err);
		if (v->nguard_errors > 0)
			memcpy(e, v->guard_errors, v->nguard_errors *
			    sizeof(*e));
		v->guard_errors = e;
		j->errors_cap = cap;
	}
	v->guard_errors[v->nguard_errors++] = (struct guard_error){ o->name,
	    message, fail_open };
	return STATUS_OK;
}

/*
 * Outcomes by name.  A record may bring a hundred thousand results, so beyond a
 * few they are found through a table.
 */
#define OUTCOMES_LINEAR	32
struct outcome_table {
	uint32_t	*slots;		/* index plus one; NULL: few */
	size_t		 mask;
};

static size_t
name_hash(struct slice s)
{
	uint64_t h = 14695981039346656037u;	/* FNV-1a */
	size_t i;

	for (i = 0; i < s.n; i++)
		h = (h ^ (unsigned char)s.p[i]) * 1099511628211u;
	return (size_t)(h ^ h >> 32);
}

static enum status
outcomes_begin(struct judge *j, const struct ready *r,
    struct outcome_table *t, struct error *err)
{
	size_t i, at, cap = r->nnames + j->item->nguards, size;

	t->slots = NULL;
	j->outcomes = arena_alloc(j->out, (cap + 1) * sizeof(*j->outcomes));
	if (j->outcomes == NULL)
		return error_nomem(err);
	j->nknown = j->noutcomes = r->nnames;
	for (i = 0; i < r->nnames; i++)
		j->outcomes[i] = (struct outcome){ r->names[i], false, false,
		    false, NAN };
	if (cap <= OUTCOMES_LINEAR)
		return STATUS_OK;
	for (size = 64; size < 2 * cap; size *= 2)
		;
	t->mask = size - 1;
	t->slots = arena_zalloc(j->out, size * sizeof(*t->slots));
	if (t->slots == NULL)
		return error_nomem(err);
	for (i = 0; i < j->noutcomes; i++) {
		for (at = name_hash(slice_of(r->names[i])) & t->mask;
		    t->slots[at] != 0; at = (at + 1) & t->mask)
			;
		t->slots[at] = (uint32_t)i + 1;
	}
	return STATUS_OK;
}

/* The outcome of that name, made where there is none; NULL: no memory. */
static struct outcome *
outcome_named(struct judge *j, struct outcome_table *t, struct slice name)
{
	struct outcome *o;
	size_t i, at = 0;

	if (t->slots != NULL) {
		for (at = name_hash(name) & t->mask; t->slots[at] != 0;
		    at = (at + 1) & t->mask) {
			o = &j->outcomes[t->slots[at] - 1];
			if (slice_is(name, o->name))
				return o;
		}
	} else {
		for (i = 0; i < j->noutcomes; i++)
			if (slice_is(name, j->outcomes[i].name))
				return &j->outcomes[i];
	}
	o = &j->outcomes[j->noutcomes];
	*o = (struct outcome){ arena_str(j->out, name), false, false, false,
	    NAN };
	if (o->name == NULL)
		return NULL;
	j->noutcomes++;
	if (t->slots != NULL)
		t->slots[at] = (uint32_t)j->noutcomes;
	return o;
}

static struct finding *
found_push(struct judge *j)
{
	struct findings *f = &j->found;
	struct finding *v;
	size_t cap;

	if (f->n == f->cap) {
		cap = f->cap == 0 ? 32 : f->cap * 2;
		if ((v = realloc(f->v, cap * sizeof(*v))) == NULL)
			return NULL;
		f->v = v;
		f->cap = cap;
	}
	return &f->v[f->n++];
}

/* A caller's fail: one finding a span, still in code points. */
static enum status
caller_failed(struct judge *j, const struct caller_guard *g,
    struct outcome *o, struct error *err)
{
	size_t i, n = g->nspans > FINDINGS_MAX ? FINDINGS_MAX : g->nspans;
	struct finding *f;

	o->failed = true;
	for (i = 0; i < n || i == 0; i++) {
		if ((f = found_push(j)) == NULL)
			return error_nomem(err);
		memset(f, 0, sizeof(*f));
		f->guard = o->name;
		f->kind = g->kind;
		f->severity = g->severity == SEVERITY_NONE ? SEVERITY_MEDIUM :
		    g->severity;
		f->score = isnan(g->score) ? 1 : g->score;
		f->message = g->message;
		f->end = UINT32_MAX;	/* no place: all of it */
		if (n > 0) {
			f->start = g->spans[i][0];
			f->end = g->spans[i][1];
		}
	}
	return STATUS_OK;
}

static enum status
caller_take(struct judge *j, struct outcome_table *t, struct error *err)
{
	const struct caller_guard *g = j->item->guards;
	struct outcome *o;
	enum status st = STATUS_OK;
	size_t i;

	for (i = 0; i < j->item->nguards && st == STATUS_OK; i++, g++) {
		if ((o = outcome_named(j, t, g->name)) == NULL)
			return error_nomem(err);
		o->brought = true;
		if (!isnan(g->score) &&
		    (isnan(o->score) || g->score > o->score))
			o->score = g->score;
		if (g->result == RESULT_FAIL)
			st = caller_failed(j, g, o, err);
		else if (g->result == RESULT_ERROR && !o->errored)
			st = guard_error_add(j, o, g->message, false, err);
	}
	return st;
}

struct point {
	uint32_t	point, at;
};

static int
point_compare(const void *a, const void *b)
{
	uint32_t x = ((const struct point *)a)->point;
	uint32_t y = ((const struct point *)b)->point;

	return x < y ? -1 : x > y;
}

/* The callers' spans in bytes, in one pass over the output. */
static enum status
caller_spans(struct judge *j, struct error *err)
{
	struct utf8_cursor c = { j->item->output, 0, 0 };
	size_t i, n = j->found.n;
	struct finding *f = j->found.v;
	struct point *p;
	uint32_t byte;

	if (n == 0)
		return STATUS_OK;
	if ((p = arena_alloc(j->out, 2 * n * sizeof(*p))) == NULL)
		return error_nomem(err);
	for (i = 0; i < n; i++) {
		p[2 * i] = (struct point){ f[i].start, (uint32_t)(2 * i) };
		p[2 * i + 1] = (struct point){ f[i].end,
		    (uint32_t)(2 * i + 1) };
	}
	qsort(p, 2 * n, sizeof(*p), point_compare);
	for (i = 0; i < 2 * n; i++) {
		byte = (uint32_t)utf8_byte(&c, p[i].point);
		if (p[i].at % 2 == 0)
			f[p[i].at / 2].start = byte;
		else
			f[p[i].at / 2].end = byte;
	}
	for (i = 0; i < n; i++)
		if (f[i].end < f[i].start)
			f[i].end = f[i].start;
	return STATUS_OK;
}

/* What the caller expected to bring and has not is an error of that guard. */
static enum status
expects_check(struct judge *j, const struct ready *r, struct error *err)
{
	static const char missing[] = "the record brings no result of it";
	enum status st = STATUS_OK;
	size_t i;

	for (i = r->queue->nguards; i < r->nnames && st == STATUS_OK; i++)
		if (!j->outcomes[i].brought)
			st = guard_error_add(j, &j->outcomes[i],
			    SLICE(missing), false, err);
	return st;
}

/*
 * Runs guard n of the queue over one text; what it finds gets the policy's
 * severity.
 */
static enum status
guard_text(struct judge *j, size_t n, struct slice text, bool is_string,
    struct slice on, struct error *err)
{
	const struct queue_policy *q = j->verdict->queue;
	const struct guard *g = q->guards[n];
	struct guard_run run = {
		.text = text, .is_string = is_string, .item = j->item,
		.scratch = j->scratch, .arena = j->out, .out = &j->found,
		.guard = g->name, .kind = g->kind
	};
	struct utf8_cursor c = { text, 0, 0 };
	size_t i = j->found.n;
	struct finding *f;
	enum status st;

	st = j->is_swept && sweep_has(q->sweep, n) ?
	    sweep_report(q->sweep, &j->swept, n, &run, err) :
	    g->kind->run(g->compiled, &run, err);
	for (; i < j->found.n; i++) {
		f = &j->found.v[i];
		if (g->severity != SEVERITY_NONE)
			f->severity = g->severity;
		f->redact = (int)g->redact;
		if (on.p != NULL) {
			f->on = on;
			f->start = (uint32_t)utf8_point(&c, f->start);
			f->end = (uint32_t)utf8_point(&c, f->end);
		}
		outcome_add(&j->outcomes[n], f);
	}
	return st;
}

/* A message's content: a string, or parts of which some have a text. */
static enum status
guard_content(struct judge *j, size_t n, uint32_t content, uint32_t message,
    struct error *err)
{
	const struct json *d = &j->messages;
	struct slice on, text;
	uint32_t t, part = 0;
	enum status st = STATUS_OK;

	if (json_kind(d, content) == TOKEN_ARRAY) {
		for (t = json_first(d, content); t != JSON_NONE &&
		    st == STATUS_OK; t = json_next(d, content, t), part++) {
			uint32_t s = json_kind(d, t) == TOKEN_OBJECT ?
			    json_get(d, t, "text") : JSON_NONE;
			if (s == JSON_NONE || json_kind(d, s) != TOKEN_STRING)
				continue;
			on = arena_printf(j->out, "/messages/%u/content/%u/text",
			    message, part);
			text = json_text(d, s, j->out);
			if (on.p == NULL || text.p == NULL)
				return error_nomem(err);
			st = guard_text(j, n, text, true, on, err);
		}
		return st;
	}
	if (json_kind(d, content) != TOKEN_STRING)
		return STATUS_OK;
	on = arena_printf(j->out, "/messages/%u/content", message);
	text = json_text(d, content, j->out);
	if (on.p == NULL || text.p == NULL)
		return error_nomem(err);
	return guard_text(j, n, text, true, on, err);
}

static enum status
guard_input(struct judge *j, size_t n, struct error *err)
{
	struct json_error why;
	struct json *d = &j->messages;
	uint32_t t, content, message = 0;
	enum status st = STATUS_OK;

	if (j->item->messages.p == NULL)
		return STATUS_OK;
	if (!j->messages_read) {
		st = json_parse(d, j->item->messages, JSON_DEPTH_MAX,
		    JSON_NUL_ALLOWED, &why);
		if (st != STATUS_OK)
			return error_set(err, st, "messages: %s", why.reason);
		j->messages_read = true;
	}
	if (json_kind(d, 0) != TOKEN_ARRAY)
		return STATUS_OK;
	for (t = json_first(d, 0); t != JSON_NONE && st == STATUS_OK;
	    t = json_next(d, 0, t), message++) {
		if (json_kind(d, t) != TOKEN_OBJECT)
			continue;
		content = json_get(d, t, "content");
		if (content != JSON_NONE)
			st = guard_content(j, n, content, message, err);
	}
	return st;
}

/*
 * The patterns that can be looked for together.  Where one of them runs away
 * (or each guard is timed) every guard runs by itself, so that only that one
 * has errored.
 */
static enum status
guards_sweep(struct judge *j, const struct queue_policy *q, struct error *err)
{
	struct error why;
	enum status st;

	j->is_swept = false;
	if (q->sweep == NULL || j->verdict->guard_ns != NULL)
		return STATUS_OK;
	error_clear(&why);
	st = sweep_run(q->sweep, j->item->output, j->scratch, &j->swept, &why);
	if (st == STATUS_NOMEM)
		return error_nomem(err);
	j->is_swept = st == STATUS_OK;
	return STATUS_OK;
}

static enum status
guards_run(struct judge *j, const struct queue_policy *q, struct error *err)
{
	const struct guard *g;
	struct error why;
	struct slice message;
	enum status st;
	int64_t start = 0;
	size_t i;

	if ((st = guards_sweep(j, q, err)) != STATUS_OK)
		return st;
	for (i = 0; i < q->nguards; i++) {
		g = q->guards[i];
		error_clear(&why);
		if (j->verdict->guard_ns != NULL)
			start = j->options.clock_ns();
		st = g->on_input ? guard_input(j, i, &why) :
		    guard_text(j, i, j->item->output,
		    j->item->output_is_string, SLICE_NONE, &why);
		if (j->verdict->guard_ns != NULL)
			j->verdict->guard_ns[i] = j->options.clock_ns() -
			    start;
		if (st == STATUS_OK)
			continue;
		if (st == STATUS_NOMEM)
			return error_nomem(err);
		message = arena_printf(j->out, "%s", why.text);
		if (message.p == NULL)
			return error_nomem(err);
		if ((st = guard_error_add(j, &j->outcomes[i], message,
		    g->fail_open, err)) != STATUS_OK)
			return st;
	}
	return STATUS_OK;
}

/* Counts what failed, and keeps the findings in the verdict's arena. */
static enum status
verdict_count(struct judge *j, struct error *err)
{
	struct verdict *v = j->verdict;
	size_t i;

	v->failed = arena_alloc(j->out, (j->noutcomes + 1) *
	    sizeof(*v->failed));
	v->findings = arena_copy(j->out, j->found.v,
	    j->found.n * sizeof(*v->findings));
	if (v->failed == NULL || v->findings == NULL)
		return error_nomem(err);
	v->nfindings = j->found.n;
	for (i = 0; i < j->noutcomes; i++) {
		if (j->outcomes[i].failed)
			v->failed[v->nfailed++] = j->outcomes[i].name;
		v->errors += j->outcomes[i].errored;
	}
	v->failures = (int)v->nfailed;
	v->severity = SEVERITY_NONE;
	for (i = 0; i < v->nfindings; i++)
		if (v->findings[i].severity > v->severity)
			v->severity = v->findings[i].severity;
	return STATUS_OK;
}

static enum status
rules_run(struct judge *j, const struct ready *r, const struct rule **broken,
    const struct rule **match, struct error *err)
{
	struct verdict *v = j->verdict;
	const struct expr_facts facts = { fact_failed, fact_errored,
	    fact_score, fact_kind, j };
	const struct expr_row row = { j->item, v->failures, v->errors,
	    v->severity, &facts };
	enum status st;
	size_t i;

	*broken = *match = NULL;
	if (r->rules == NULL)
		return STATUS_OK;
	st = expr_set_run(r->rules, &row, j->options.all_rules, r->values,
	    &v->nrules, err);
	if (st != STATUS_OK)
		return st;
	v->rules = arena_alloc(j->out, (v->nrules + 1) * sizeof(*v->rules));
	if (v->rules == NULL)
		return error_nomem(err);
	for (i = 0; i < v->nrules; i++) {
		v->rules[i].name = r->queue->rules[i].name;
		v->rules[i].value = r->values[i];
		if (*match == NULL && r->values[i] == EXPR_TRUE)
			*match = &r->queue->rules[i];
		/* Only those before the match had to be passed by. */
		if (*match == NULL && *broken == NULL &&
		    r->values[i] == EXPR_ERROR)
			*broken = &r->queue->rules[i];
	}
	return STATUS_OK;
}

/* An approval that something could not be asked about becomes a flag. */
static enum status
approve_check(struct judge *j, const struct rule *broken, struct error *err)
{
	struct verdict *v = j->verdict;
	struct slice rule;

	if (v->route != ROUTE_APPROVE || (!j->fatal_error && broken == NULL))
		return STATUS_OK;
	v->route = ROUTE_FLAG;
	rule = j->fatal_error ?
	    arena_printf(j->out, "guard error: %s", j->fatal_name) :
	    arena_printf(j->out, "rule error: %s", broken->name);
	v->rule = rule.p;
	return rule.p == NULL ? error_nomem(err) : STATUS_OK;
}

/* The draw is the same on every run: a number made of the key and the id. */
static enum status
sample_draw(struct judge *j, const struct queue_policy *q, struct error *err)
{
	struct verdict *v = j->verdict;
	uint64_t draw = 0;
	struct hash h;
	enum status st;
	size_t i;

	if (v->route != ROUTE_APPROVE || !(q->sample > 0) ||
	    j->options.key.p == NULL)
		return STATUS_OK;
	st = hash_hmac(j->options.key, j->item->id, &h, err);
	if (st != STATUS_OK)
		return st;
	for (i = 0; i < 8; i++)
		draw = draw << 8 | h.b[i];
	v->sample_p = q->sample;
	v->sampled = ldexp((double)(draw >> 11), -53) < q->sample;
	return STATUS_OK;
}

static enum status
release_make(struct judge *j, const struct queue_policy *q, struct error *err)
{
	struct verdict *v = j->verdict;

	v->released = v->route == ROUTE_APPROVE;
	v->release = slice_of(q->fallback);
	if (!v->released)
		return STATUS_OK;
	return redact_apply(j->item->output, v->findings, v->nfindings,
	    j->options.key, j->out, &v->release, err);
}

static enum status
item_route(struct judge *j, const struct ready *r, struct error *err)
{
	struct verdict *v = j->verdict;
	const struct rule *broken, *match;
	enum status st;

	if ((st = verdict_count(j, err)) != STATUS_OK ||
	    (st = rules_run(j, r, &broken, &match, err)) != STATUS_OK)
		return st;
	v->route = match == NULL ? ROUTE_FLAG : match->route;
	v->rule = match == NULL ? NO_RULE : match->name;
	v->priority = match == NULL ? 0 : match->priority;
	if ((st = approve_check(j, broken, err)) != STATUS_OK ||
	    (st = sample_draw(j, r->queue, err)) != STATUS_OK)
		return st;
	return release_make(j, r->queue, err);
}

/* The last one is for the queue that flags everything: no rules, no names. */
static const struct ready *
ready_find(struct judge *j, struct slice name)
{
	const struct queue_policy *q = policy_queue(j->policy, name);
	size_t i;

	for (i = 0; i < j->nready; i++)
		if (j->ready[i].queue == q)
			return &j->ready[i];
	j->ready[j->nready].queue = q;
	return &j->ready[j->nready];
}

/* What the caller brought with the record, and what it should have brought. */
static enum status
caller_results(struct judge *j, const struct ready *r, struct outcome_table *t,
    struct error *err)
{
	enum status st;

	if ((st = caller_take(j, t, err)) != STATUS_OK ||
	    (st = caller_spans(j, err)) != STATUS_OK)
		return st;
	return expects_check(j, r, err);
}

static enum status
judge_run(struct judge *j, const struct item *it, bool edited,
    struct arena *arena, struct verdict *v, struct error *err)
{
	const struct ready *r = ready_find(j, it->queue);
	struct outcome_table table;
	enum status st;

	memset(v, 0, sizeof(*v));
	v->queue = r->queue;
	j->item = it;
	j->out = arena;
	j->verdict = v;
	j->found.n = 0;
	j->errors_cap = 0;
	j->fatal_error = j->messages_read = false;
	j->fatal_name = NULL;
	if (j->options.timed && j->options.clock_ns != NULL) {
		v->guard_ns = arena_zalloc(arena, (r->queue->nguards + 1) *
		    sizeof(*v->guard_ns));
		if (v->guard_ns == NULL)
			return error_nomem(err);
	}
	if ((st = outcomes_begin(j, r, &table, err)) != STATUS_OK)
		return st;
	if (!edited &&
	    (st = caller_results(j, r, &table, err)) != STATUS_OK)
		return st;
	if ((st = guards_run(j, r->queue, err)) != STATUS_OK)
		return st;
	return item_route(j, r, err);
}

enum status
judge_item(struct judge *j, const struct item *it, struct arena *arena,
    struct verdict *v, struct error *err)
{
	return judge_run(j, it, false, arena, v, err);
}

enum status
judge_edit(struct judge *j, const struct item *it, struct slice text,
    struct arena *arena, struct verdict *v, struct error *err)
{
	struct item *edited;

	if ((edited = arena_copy(arena, it, sizeof(*it))) == NULL)
		return error_nomem(err);
	edited->output = text;
	edited->nguards = 0;
	return judge_run(j, edited, true, arena, v, err);
}
