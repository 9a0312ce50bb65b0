/*
 * Guard kind "secrets": keys, tokens and passwords that should not be in a text.
 *
 * One row is one shape.  What the pattern finds (its group 1 where it has one)
 * is a finding only when it also looks random enough and is no placeholder.  So
 * is the value of what is named as a secret.
 * Messages name the shape and never the secret.
 */
#include "core/base/arena.h"
#include "core/guard/guard.h"
#include "core/guard/secrets.h"

#include <stdlib.h>

#include "core/pattern/pattern.h"
#include "core/guard/secrets_assign.h"
#include "core/guard/secrets_value.h"

extern const struct guard_kind guard_secrets;

struct secrets {
	struct pattern_set	*set;
	const char *const	*allow;
	size_t			 nallow;
	double			 min_entropy;	/* below 0: each shape's own */
};

static bool
is_allowed(const struct secrets *x, const char *kind, struct slice s,
    struct slice whole)
{
	size_t i;

	for (i = 0; i < x->nallow; i++)
		if (slice_is(s, x->allow[i]) || slice_is(whole, x->allow[i]) ||
		    strcmp(kind, x->allow[i]) == 0)
			return true;
	return false;
}

static bool
is_secret(const struct secrets *x, const struct secret_shape *shape,
    struct slice s)
{
	double min = shape->entropy;

	if (x->min_entropy >= 0 && min > 0)
		min = x->min_entropy;
	return (min <= 0 || secret_entropy(s) >= min) &&
	    secret_flags_hold(shape->flags, s) && !secret_is_placeholder(s);
}

struct hit {
	uint32_t	start, end;
	unsigned	shape;		/* from nsecret_shapes on: a name */
};

struct secrets_scan {
	const struct secrets	*secrets;
	struct guard_run	*run;
	struct hit		*v;	/* in the arena */
	size_t			 n, cap;
	size_t			 value_end;	/* of the last name's */
	unsigned		 nested;	/* names within it so far */
};
#define NESTED_MAX	4	/* more names in one value are none */

static enum status
hit_add(struct secrets_scan *s, struct hit h, struct error *err)
{
	size_t cap = s->cap == 0 ? 16 : s->cap * 2;
	struct hit *v;

	if (s->n == s->cap) {
		if ((v = arena_alloc(s->run->arena, cap * sizeof(*v))) == NULL)
			return error_nomem(err);
		if (s->n > 0)
			memcpy(v, s->v, s->n * sizeof(*v));
		s->v = v;
		s->cap = cap;
	}
	s->v[s->n++] = h;
	return STATUS_OK;
}

/* A name was found: is there a secret behind it? */
static enum status
name_found(struct secrets_scan *s, const struct pattern_match *m,
    struct error *err)
{
	const struct secret_named *n = &secret_names[m->id - nsecret_shapes];
	struct slice text = s->run->text;
	enum secret_name names = n->names;
	struct secret_value v;
	size_t start;

	if (m->span[0][0] >= s->value_end)
		s->nested = 0;
	else if (++s->nested > NESTED_MAX)
		return STATUS_OK;
	if (!secret_assigned(text, m->span[0][0], m->span[0][1], &names, &v))
		return STATUS_OK;
	s->value_end = (size_t)(v.text.p - text.p) + v.text.n;
	if (!secret_is_likely(&v, names, s->secrets->min_entropy) ||
	    is_allowed(s->secrets, n->name, v.text, v.text))
		return STATUS_OK;
	start = (size_t)(v.text.p - text.p);
	return hit_add(s, (struct hit){ (uint32_t)start,
	    (uint32_t)(start + v.text.n), m->id }, err);
}

/* Where a match that begins at `at` begins with what belongs to it before. */
static size_t
whole_start(struct slice text, size_t at, int before)
{
	size_t from = at;
	char c;

	if (before != SECRET_WORD)
		return at - (size_t)before;
	for (; from > 0 && at - from < 40; from--) {
		c = text.p[from - 1];
		if (!(c >= '0' && c <= '9') && !(c >= 'a' && c <= 'z') &&
		    !(c >= 'A' && c <= 'Z') && c != '_' && c != '-')
			break;
	}
	return from;
}

static enum status
secrets_found(void *arg, const struct pattern_match *m, struct error *err)
{
	struct secrets_scan *s = arg;
	const struct secret_shape *shape;
	size_t group = m->nspan > 1 && m->span[1][0] != SIZE_MAX ? 1 : 0;
	struct slice text = s->run->text, value, whole;
	size_t start;

	if (m->id >= nsecret_shapes)
		return name_found(s, m, err);
	shape = &secret_shapes[m->id];
	start = whole_start(text, m->span[group][0], shape->before);
	value.p = text.p + start;
	value.n = m->span[group][1] - start;
	whole.p = text.p + m->span[0][0];
	whole.n = m->span[0][1] - m->span[0][0];
	if (!is_secret(s->secrets, shape, value) ||
	    is_allowed(s->secrets, shape->name, value, whole))
		return STATUS_OK;
	return hit_add(s, (struct hit){ (uint32_t)start,
	    (uint32_t)m->span[group][1], m->id }, err);
}

static int
hit_cmp(const void *pa, const void *pb)
{
	const struct hit *a = pa, *b = pb;

	if (a->start != b->start)
		return a->start < b->start ? -1 : 1;
	return a->shape < b->shape ? -1 : a->shape > b->shape;
}

/* Of hits that overlap the one whose shape stands first; the rest goes. */
static size_t
hits_settle(struct hit *v, size_t n)
{
	size_t i, kept = 0;

	qsort(v, n, sizeof(*v), hit_cmp);
	for (i = 0; i < n; i++) {
		if (kept == 0 || v[i].start >= v[kept - 1].end)
			v[kept++] = v[i];
		else if (v[i].shape < v[kept - 1].shape)
			v[kept - 1] = v[i];
	}
	return kept;
}

static enum status
hit_report(struct guard_run *r, const struct hit *h, bool *full,
    struct error *err)
{
	bool named = h->shape >= nsecret_shapes;
	const struct secret_named *n =
	    &secret_names[named ? h->shape - nsecret_shapes : 0];
	const struct secret_shape *shape = &secret_shapes[named ? 0 : h->shape];
	enum severity severity = named ? SEVERITY_MEDIUM : shape->severity;
	struct finding *f = finding_add(r, named ? n->name : shape->name,
	    h->start, h->end, "looks like %s", named ? n->what : shape->what);

	*full = f == NULL;
	if (f == NULL)
		return finding_stop(r, err);
	if (severity != SEVERITY_INFO)
		f->severity = severity;
	return STATUS_OK;
}

static enum status
secrets_run(const void *compiled, struct guard_run *r, struct error *err)
{
	struct secrets_scan s = { .secrets = compiled, .run = r };
	bool full = false;
	enum status st;
	size_t i;

	st = pattern_scan(s.secrets->set, r->text, r->scratch, secrets_found,
	    &s, err);
	if (st != STATUS_OK || s.n == 0)
		return st;
	s.n = hits_settle(s.v, s.n);
	for (i = 0; st == STATUS_OK && !full && i < s.n; i++)
		st = hit_report(r, &s.v[i], &full, err);
	return st;
}

static void
secrets_free(void *compiled)
{
	struct secrets *x = compiled;

	if (x == NULL)
		return;
	pattern_set_free(x->set);
	free(x);
}

/* Row i of both tables. */
static void
row_of(unsigned i, const char **name, const char **pattern)
{
	if (i < nsecret_shapes) {
		*name = secret_shapes[i].name;
		*pattern = secret_shapes[i].pattern;
	} else {
		*name = secret_names[i - nsecret_shapes].name;
		*pattern = secret_names[i - nsecret_shapes].pattern;
	}
}

static enum status
secrets_compile(const struct guard_config *c, void **out, struct error *err)
{
	const struct option_value *allow = guard_option(c, "allow");
	const struct option_value *min = guard_option(c, "min_entropy");
	struct secrets *x;
	const char *name, *pattern;
	enum status st;
	unsigned id, i;

	if (min->set && !(min->number >= 0 && min->number <= 8))
		return error_set(err, STATUS_INVALID,
		    "min_entropy: %g is not from 0 to 8", min->number);
	if ((x = calloc(1, sizeof(*x))) == NULL)
		return error_nomem(err);
	x->allow = allow->list;
	x->nallow = allow->nlist;
	x->min_entropy = min->set ? min->number : -1;
	st = pattern_set_new(&x->set, err);
	for (i = 0; st == STATUS_OK && i < nsecret_shapes + nsecret_names; i++) {
		row_of(i, &name, &pattern);
		st = pattern_add(x->set, pattern,
		    PATTERN_ASCII | PATTERN_KNOWN, 0, &id, err);
		if (st != STATUS_OK)
			(void)error_prefix(err, "%s", name);
	}
	if (st != STATUS_OK) {
		secrets_free(x);
		return st;
	}
	*out = x;
	return STATUS_OK;
}

static const char *
secrets_finds(const void *compiled, size_t i)
{
	const char *name, *pattern;

	(void)compiled;
	if (i >= nsecret_shapes + nsecret_names)
		return NULL;
	row_of((unsigned)i, &name, &pattern);
	return name;
}

static const struct option_row secrets_options[] = {
	{ "allow", OPTION_LIST, NULL, false },
	{ "min_entropy", OPTION_NUMBER, NULL, false },
	{ NULL, OPTION_STRING, NULL, false }
};

const struct guard_kind guard_secrets = {
	.name = "secrets",
	.options = secrets_options,
	.severity = SEVERITY_HIGH,
	.cost = 30,
	.reads = READS_EACH,
	.leaves = READS_EACH,
	.private = true,
	.window = guard_window_word,
	.finds = secrets_finds,
	.compile = secrets_compile,
	.run = secrets_run,
	.free = secrets_free
};
