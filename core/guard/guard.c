#include "core/guard/guard.h"

#include <assert.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/base/arena.h"

extern const struct guard_kind guard_contains;
extern const struct guard_kind guard_ending;
extern const struct guard_kind guard_format;
extern const struct guard_kind guard_hidden;
extern const struct guard_kind guard_http;
extern const struct guard_kind guard_json_schema;
extern const struct guard_kind guard_length;
extern const struct guard_kind guard_pii;
extern const struct guard_kind guard_profanity;
extern const struct guard_kind guard_refusal;
extern const struct guard_kind guard_regex;
extern const struct guard_kind guard_repetition;
extern const struct guard_kind guard_secrets;

const struct guard_kind *const guard_kinds[] = {
	&guard_contains,
	&guard_ending,
	&guard_format,
	&guard_hidden,
	&guard_http,
	&guard_json_schema,
	&guard_length,
	&guard_pii,
	&guard_profanity,
	&guard_refusal,
	&guard_regex,
	&guard_repetition,
	&guard_secrets,
	NULL
};

const struct guard_kind *
guard_kind_find(const char *name)
{
	size_t i;

	for (i = 0; guard_kinds[i] != NULL; i++)
		if (strcmp(guard_kinds[i]->name, name) == 0)
			return guard_kinds[i];
	return NULL;
}

const struct option_value *
guard_option(const struct guard_config *c, const char *name)
{
	size_t i = 0;

	assert(c->kind->options[i].name != NULL);
	while (strcmp(c->kind->options[i].name, name) != 0) {
		i++;
		assert(c->kind->options[i].name != NULL);	/* it has it */
	}
	return &c->values[i];
}

bool
guard_must_be_there(const struct guard_config *c)
{
	return guard_option(c, "must")->number > 0;
}

size_t
guard_window_word(const struct guard_config *c)
{
	(void)c;
	return 1;
}

size_t
guard_window_said(const struct guard_config *c)
{
	const struct option_value *v = guard_option(c, "max_match");

	return v->set && !guard_must_be_there(c) && v->number >= 1 &&
	    v->number <= GUARD_WINDOW_MAX ? (size_t)v->number : 0;
}

enum status
guard_option_size(const struct guard_config *c, const char *name, size_t min,
    size_t *n, struct error *err)
{
	const struct option_value *v = guard_option(c, name);

	if (!v->set)
		return STATUS_OK;
	if (!(v->number >= (double)min) || v->number > 4294967295.0 ||
	    floor(v->number) < v->number)
		return error_set(err, STATUS_INVALID,
		    "%s: %g is not a whole number from %zu up", name,
		    v->number, min);
	*n = (size_t)v->number;
	return STATUS_OK;
}

/* How many findings of the run's guard end the list, counted to FINDINGS_MAX. */
static bool
findings_reach(const struct guard_run *r, size_t n)
{
	const struct findings *f = r->out;

	return n == 0 || (f->n >= n && f->v[f->n - n].guard == r->guard);
}

static struct finding *
findings_push(struct findings *f)
{
	size_t cap;
	void *v;

	if (f->n == f->cap) {
		cap = f->cap == 0 ? 16 : f->cap * 2;
		if ((v = realloc(f->v, cap * sizeof(*f->v))) == NULL)
			return NULL;
		f->v = v;
		f->cap = cap;
	}
	memset(&f->v[f->n], 0, sizeof(f->v[f->n]));
	return &f->v[f->n];
}

/* The message, printed into the arena; absent where there is no memory. */
static struct slice
message_print(struct arena *a, const char *fmt, va_list ap)
{
	char line[512], *p;
	va_list again;
	int n;

	va_copy(again, ap);
	n = vsnprintf(line, sizeof(line), fmt, ap);
	p = n < 0 ? NULL : arena_alloc(a, (size_t)n + 1);
	if (p != NULL && (size_t)n < sizeof(line))
		memcpy(p, line, (size_t)n + 1);
	else if (p != NULL)
		(void)vsnprintf(p, (size_t)n + 1, fmt, again);
	va_end(again);
	return (struct slice){ p, p == NULL ? 0 : (size_t)n };
}

struct finding *
finding_add(struct guard_run *r, const char *kind, size_t start, size_t end,
    const char *message, ...)
{
	static const char last[] = "the last of 1000 findings; there are more";
	struct finding *f;
	va_list ap;

	_Static_assert(FINDINGS_MAX == 1000, "the last finding names it");
	if (findings_reach(r, FINDINGS_MAX) ||
	    (f = findings_push(r->out)) == NULL)
		return NULL;
	if (findings_reach(r, FINDINGS_MAX - 1)) {
		f->message = SLICE(last);
	} else {
		va_start(ap, message);
		f->message = message_print(r->arena, message, ap);
		va_end(ap);
		if (f->message.p == NULL)
			return NULL;
	}
	f->guard = r->guard;
	f->kind = slice_of(kind);
	f->severity = r->kind == NULL ? SEVERITY_MEDIUM : r->kind->severity;
	f->score = 1;
	f->start = (uint32_t)start;
	f->end = (uint32_t)end;
	r->out->n++;
	return f;
}

enum status
finding_stop(const struct guard_run *r, struct error *err)
{
	return findings_reach(r, FINDINGS_MAX) ? STATUS_OK : error_nomem(err);
}
