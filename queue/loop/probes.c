#include "queue/loop/probes.h"

#include <math.h>
#include <stdlib.h>

#include "core/judge/record.h"
#include "core/json/value.h"
#include "core/json/write.h"

/* One text changed, in the arena; absent: nothing of it is. */
static struct slice
changed(struct answers *a, enum probe p, struct slice text, bool is_output,
    struct error *err)
{
	struct buf b = BUF_INIT;
	struct slice out = SLICE_NONE;

	if (probe_text(p, text, is_output, &b) &&
	    buf_check(&b, err) == STATUS_OK) {
		out = (struct slice){ arena_str(&a->arena, buf_slice(&b)), b.n };
		if (out.p == NULL)
			(void)error_nomem(err);
	}
	buf_release(&b);
	return out;
}

/* JSON with the texts that are wanted changed; *any says whether one was. */
struct rewriting {
	struct answers	*a;
	enum probe	 probe;
	const struct json *j;
	struct writer	 w;
	bool		 any;
	struct error	*err;
};

static void
value_put(struct rewriting *r, const char *name, uint32_t t)
{
	struct slice text, out = SLICE_NONE;

	if (json_kind(r->j, t) == TOKEN_STRING) {
		text = json_text(r->j, t, &r->a->arena);
		out = changed(r->a, r->probe, text, false, r->err);
	}
	if (out.p == NULL)
		write_raw(&r->w, name, json_raw(r->j, t));
	else {
		write_text(&r->w, name, out);
		r->any = true;
	}
}

static void
vars_put(struct rewriting *r)
{
	uint32_t t;

	write_object(&r->w, NULL);
	for (t = json_first(r->j, 0); t != JSON_NONE; t = json_next(r->j, 0, t)) {
		write_name(&r->w, json_raw(r->j, t));
		value_put(r, NULL, t + 1);
	}
	write_end(&r->w);
}

/* What the user said last; where nobody is called so, the last message. */
static uint32_t
last_of_user(const struct json *j)
{
	uint32_t t, role, last = JSON_NONE, user = JSON_NONE;

	for (t = json_first(j, 0); t != JSON_NONE; t = json_next(j, 0, t)) {
		last = t;
		role = json_get_value(j, t, "role");
		if (role != JSON_NONE && json_string_is(j, role, "user"))
			user = t;
	}
	return user == JSON_NONE ? last : user;
}

static void
messages_put(struct rewriting *r)
{
	uint32_t t, m, user = last_of_user(r->j);

	write_array(&r->w, NULL);
	for (m = json_first(r->j, 0); m != JSON_NONE; m = json_next(r->j, 0, m)) {
		if (m != user || json_kind(r->j, m) != TOKEN_OBJECT) {
			write_raw(&r->w, NULL, json_raw(r->j, m));
			continue;
		}
		write_object(&r->w, NULL);
		for (t = json_first(r->j, m); t != JSON_NONE;
		    t = json_next(r->j, m, t)) {
			write_name(&r->w, json_raw(r->j, t));
			if (json_string_is(r->j, t, "content"))
				value_put(r, NULL, t + 1);
			else
				write_raw(&r->w, NULL, json_raw(r->j, t + 1));
		}
		write_end(&r->w);
	}
	write_end(&r->w);
}

static enum status
rewrite(struct answers *a, enum probe p, struct slice *json,
    enum json_kind kind, void (*put)(struct rewriting *), bool *any,
    struct error *err)
{
	struct json j = JSON_INIT;
	struct json_error why;
	struct buf b = BUF_INIT;
	struct rewriting r = { .a = a, .probe = p, .j = &j,
	    .w = WRITER(&b, WRITE_KEPT), .err = err };
	enum status st = STATUS_OK;

	*any = false;
	if (json->p != NULL && json_parse(&j, *json, JSON_DEPTH_MAX,
	    JSON_NUL_ALLOWED, &why) == STATUS_OK && json_kind(&j, 0) == kind) {
		put(&r);
		if ((st = buf_check(&b, err)) == STATUS_OK &&
		    (st = err->code) == STATUS_OK && r.any) {
			*json = (struct slice){ arena_copy(&a->arena, b.p, b.n),
			    b.n };
			*any = true;
			if (json->p == NULL)
				st = error_nomem(err);
		}
	}
	buf_release(&b);
	json_release(&j);
	return st;
}

static enum status
input_change(struct answers *a, struct suite_case *c, enum probe p, bool *any,
    struct error *err)
{
	return c->messages.n > 2 ? rewrite(a, p, &c->messages, TOKEN_ARRAY,
	    messages_put, any, err) : rewrite(a, p, &c->vars, TOKEN_OBJECT,
	    vars_put, any, err);
}

/* Whoever calls this frees what was there. */
static struct suite_case *
cases_take(struct answers *a, size_t *n)
{
	struct suite_case *v = a->cases;

	*n = a->ncases;
	a->cases = NULL;
	a->ncases = a->cases_cap = 0;
	titles_release(&a->ids);
	a->ids = (struct titles)TITLES_INIT;
	return v;
}

enum status
probes_cases(struct answers *a, struct probe_report *r, struct error *err)
{
	enum status st = STATUS_OK;
	struct suite_case *old, c;
	size_t n, i, at;
	bool any = false;
	unsigned p;

	old = cases_take(a, &n);
	for (i = 0; i < n; i++)
		for (p = 0; p < PROBES && st == STATUS_OK; p++) {
			if ((r->set & 1u << p) == 0)
				continue;
			c = old[i];
			c.id = arena_printf(&a->arena, "%s/%s", old[i].id,
			    probe_name((enum probe)p)).p;
			st = c.id == NULL ? error_nomem(err) :
			    input_change(a, &c, (enum probe)p, &any, err);
			if (st == STATUS_OK && !any)
				r->count[p].same++;
			else if (st == STATUS_OK)
				st = answers_case(a, &c, &at, err);
		}
	free(old);
	return st;
}

static enum status
output_change(struct answers *a, const struct suite_case *from,
    const struct eval_answer *answer, enum probe p, struct probe_report *r,
    struct error *err)
{
	struct slice text = changed(a, p, answer->item.output, true, err);
	struct suite_case c = *from;
	struct eval_answer *v;
	enum status st;
	uint32_t known;
	size_t at = 0;

	if (err->code != STATUS_OK)
		return err->code;
	if (text.p == NULL) {
		r->count[p].same++;
		return STATUS_OK;
	}
	c.id = arena_printf(&a->arena, "%s/%s", from->id, probe_name(p)).p;
	if (c.id == NULL)
		return error_nomem(err);
	c.output = text;
	/* A repeat of the case is one of its probe. */
	if (titles_find(&a->ids, 0, slice_of(c.id), &known))
		at = known;
	else if ((st = answers_case(a, &c, &at, err)) != STATUS_OK)
		return st;
	if ((v = answers_add(a, at, answer->repeat)) == NULL)
		return error_nomem(err);
	v->item = answer->item;
	v->item.output = text;
	v->item.output_is_string = true;
	v->item.silent = false;
	return STATUS_OK;
}

enum status
probes_outputs(struct answers *a, struct probe_report *r, struct error *err)
{
	struct eval_answer *answers = a->v;
	enum status st = STATUS_OK;
	struct suite_case *old;
	size_t n, nanswers = a->n, i;
	unsigned p;

	r->outputs = true;
	old = cases_take(a, &n);
	a->v = NULL;
	a->n = a->cap = 0;
	for (i = 0; i < nanswers; i++)
		for (p = 0; p < PROBES && st == STATUS_OK; p++)
			if ((r->set & 1u << p) != 0 &&
			    answers[i].error.p == NULL)
				st = output_change(a, &old[answers[i].at],
				    &answers[i], (enum probe)p, r, err);
	free(answers);
	free(old);
	return st;
}

/* What judges, and what it says. */
struct probing {
	const struct answers *a;
	struct judge_scratch *judge;
	struct probe_report *report;
	struct arena	*arena;
	struct arena	 one;		/* of the answer in turn */
	size_t		 cap;
};

static enum status
culprit_add(struct probing *x, const char *name, bool is_guard,
    struct error *err)
{
	struct probe_report *r = x->report;
	struct probe_culprit *v;
	size_t i;

	for (i = 0; i < r->nculprits; i++)
		if (r->culprits[i].is_guard == is_guard &&
		    strcmp(r->culprits[i].name, name) == 0) {
			r->culprits[i].n++;
			return STATUS_OK;
		}
	if (r->nculprits == x->cap) {
		x->cap = x->cap == 0 ? 16 : x->cap * 2;
		v = arena_alloc(x->arena, x->cap * sizeof(*v));
		if (v == NULL)
			return error_nomem(err);
		if (r->nculprits > 0)
			memcpy(v, r->culprits, r->nculprits * sizeof(*v));
		r->culprits = v;
	}
	r->culprits[r->nculprits++] = (struct probe_culprit){ name, is_guard, 1 };
	return STATUS_OK;
}

static bool
found_nothing(const struct verdict *v, const char *guard)
{
	size_t i;

	for (i = 0; i < v->nfailed; i++)
		if (strcmp(v->failed[i], guard) == 0)
			return false;
	return true;
}

/* Which probe made the case: its id ends with the name. */
static enum probe
probe_of(struct slice id)
{
	const char *name;
	unsigned p;
	size_t n;

	for (p = 0; p + 1 < PROBES; p++) {
		name = probe_name((enum probe)p);
		n = strlen(name);
		if (id.n > n && id.p[id.n - n - 1] == '/' &&
		    memcmp(id.p + id.n - n, name, n) == 0)
			break;
	}
	return (enum probe)p;
}

/* rule "all" let numbers through, failing amount; pii, secrets found nothing */
static enum status
blame(struct probing *x, const struct result *r, const struct verdict *v,
    struct arena *keep, struct slice *reason, struct error *err)
{
	struct buf b = BUF_INIT;
	const char *sep = ", failing ";
	enum status st;
	size_t i;

	buf_printf(&b, "rule \"%s\" let %s through", v->rule,
	    probe_name(probe_of(r->id)));
	st = culprit_add(x, v->rule, false, err);
	for (i = 0; i < r->nchecks; i++)
		if (r->checks[i].state == CHECK_FAILED) {
			buf_puts(&b, sep);
			buf_add_slice(&b, r->checks[i].name);
			sep = ", ";
		}
	sep = "; ";
	for (i = 0; i < v->queue->nguards && st == STATUS_OK; i++)
		if (found_nothing(v, v->queue->guards[i]->name)) {
			buf_printf(&b, "%s%s", sep, v->queue->guards[i]->name);
			st = culprit_add(x, v->queue->guards[i]->name, true,
			    err);
			sep = ", ";
		}
	if (strcmp(sep, ", ") == 0)
		buf_puts(&b, " found nothing");
	if (st == STATUS_OK && (st = buf_check(&b, err)) == STATUS_OK) {
		*reason = (struct slice){ arena_str(keep, buf_slice(&b)), b.n };
		if (reason->p == NULL)
			st = error_nomem(err);
	}
	buf_release(&b);
	return st;
}

static bool
has_error(const struct result *r)
{
	size_t i;

	for (i = 0; i < r->nchecks; i++)
		if (r->checks[i].state == CHECK_ERROR && r->checks[i].weight > 0)
			return true;
	return false;
}

/* The first of its checks: is it held back? */
static enum status
check_fill(struct probing *x, struct result *r, const struct verdict *v,
    struct probe_count *n, struct arena *keep, struct check_result *c,
    struct error *err)
{
	bool spoilt = x->report->outputs && probe_spoils(probe_of(r->id));
	enum status st = STATUS_OK;

	*c = (struct check_result){ .name = SLICE(PROBE_CHECK), .weight = 1,
	    .state = CHECK_PASSED, .score = 1 };
	if (r->pass && !spoilt)
		n->well++;
	else if (has_error(r)) {
		n->errors++;
		c->state = CHECK_ERROR;
		c->reason = SLICE("a check could not tell whether it should be");
	} else if (v->route != ROUTE_APPROVE) {
		n->held++;
		c->reason = arena_printf(keep, "rule \"%s\": %s", v->rule,
		    route_name(v->route));
		if (c->reason.p == NULL)
			st = error_nomem(err);
		r->pass = true;
	} else {
		n->through++;
		x->report->through++;
		c->state = CHECK_FAILED;
		r->pass = false;
		st = blame(x, r, v, keep, &c->reason, err);
	}
	c->score = r->score = r->pass;
	return st;
}

static enum status
one_judge(struct probing *x, const struct eval_answer *answer,
    struct results *all, struct result *r, struct error *err)
{
	const struct suite_case *c = &x->a->cases[answer->at];
	struct probe_count *n = &x->report->count[probe_of(r->id)];
	struct item it = answer->item;
	struct judge_request request = { .item = &it };
	const struct judged_item *judged;
	struct check_result *checks;
	enum status st;

	n->n++;
	if (r->error.p != NULL) {
		n->errors++;
		return STATUS_OK;
	}
	it.queue = slice_of(x->a->suite->queue == NULL ? ITEM_QUEUE :
	    x->a->suite->queue);
	if (it.metadata.p == NULL)
		it.metadata = c->metadata;
	if (it.messages.p == NULL)
		it.messages = c->messages;
	arena_reset(&x->one);
	if ((st = judge_record(x->judge, &request, &x->one, &judged, err)) !=
	    STATUS_OK)
		return st;
	checks = arena_alloc(&all->arena, (r->nchecks + 1) * sizeof(*checks));
	if (checks == NULL)
		return error_nomem(err);
	if (r->nchecks > 0)
		memcpy(checks + 1, r->checks, r->nchecks * sizeof(*checks));
	st = check_fill(x, r, &judged->verdict, n, &all->arena, &checks[0], err);
	r->checks = checks;
	r->nchecks++;
	return st;
}

static int
by_number(const void *a, const void *b)
{
	const struct probe_culprit *x = a, *y = b;

	return x->is_guard != y->is_guard ? x->is_guard - y->is_guard :
	    x->n != y->n ? (x->n < y->n ? 1 : -1) : strcmp(x->name, y->name);
}

enum status
probes_judge(const struct answers *a, const struct policy *policy,
    struct results *all, struct probe_report *r, struct arena *arena,
    struct error *err)
{
	const struct judge_options o = { .all_rules = false };
	struct probing x = { .a = a, .report = r, .arena = arena };
	enum status st;
	size_t i;

	st = judge_scratch_new(&x.judge, policy, &o, err);
	for (i = 0; i < all->n && st == STATUS_OK; i++)
		st = one_judge(&x, &a->v[i], all, &all->v[i], err);
	if (r->nculprits > 1)
		qsort(r->culprits, r->nculprits, sizeof(*r->culprits), by_number);
	judge_scratch_free(x.judge);
	arena_release(&x.one);
	return st;
}

void
probes_write(struct buf *b, const struct answers *a, bool outputs)
{
	struct writer w = WRITER(b, WRITE_KEPT);
	const struct suite_case *c;
	size_t i;

	for (i = 0; i < a->ncases; i++) {
		c = &a->cases[i];
		write_object(&w, NULL);
		write_word(&w, "id", c->id);
		if (c->vars.p != NULL)
			write_raw(&w, "vars", c->vars);
		if (c->messages.p != NULL)
			write_raw(&w, "messages", c->messages);
		if (c->expect.p != NULL)
			write_raw(&w, "expect", c->expect);
		if (c->metadata.p != NULL)
			write_raw(&w, "metadata", c->metadata);
		if (outputs && c->output.p != NULL)
			write_text(&w, "output", c->output);
		write_end(&w);
		write_line(&w);
	}
}
