/*
 * What the tests of guards share: a guard compiled from options, run over a
 * text, and its findings.
 */
#ifndef TESTS_GUARD_TEST_H
#define TESTS_GUARD_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "core/guard/guard.h"
#include "core/pattern/pattern.h"
#include "tests/unit/cpu_stands.h"
#include "tests/unit/values.h"

#define GUARD_OPTIONS_MAX	16

struct guard_test {
	const struct guard_kind	*kind;
	struct option_value	 values[GUARD_OPTIONS_MAX];
	struct guard_config	 config;
	void			*compiled;
	struct scratch		*scratch;
	struct arena		 arena;
	struct findings		 found;
	struct error		 err;
};

static inline struct option_value *
guard_test_option(struct guard_test *t, const char *name)
{
	size_t i;

	for (i = 0; t->kind->options[i].name != NULL; i++) {
		assert_op(i, <, GUARD_OPTIONS_MAX);
		if (strcmp(t->kind->options[i].name, name) == 0) {
			t->values[i].set = true;
			return &t->values[i];
		}
	}
	fail_msg("no option %s", name);
	return NULL;
}

static inline void
guard_test_init(struct guard_test *t, const char *kind)
{
	memset(t, 0, sizeof(*t));
	t->kind = guard_kind_find(kind);
	assert_non_null(t->kind);
	t->config = (struct guard_config){ "test", t->kind, t->values, NULL,
	    NULL, 0, false, false };
	assert_int_equal(scratch_new(&t->scratch, &t->err), STATUS_OK);
}

static inline void
guard_test_string(struct guard_test *t, const char *name, const char *value)
{
	guard_test_option(t, name)->string = value;
}

static inline void
guard_test_number(struct guard_test *t, const char *name, double value)
{
	guard_test_option(t, name)->number = value;
}

static inline void
guard_test_list(struct guard_test *t, const char *name,
    const char *const *list, size_t n)
{
	struct option_value *v = guard_test_option(t, name);

	v->list = list;
	v->nlist = n;
}

static inline enum status
guard_test_compile(struct guard_test *t)
{
	return t->kind->compile(&t->config, &t->compiled, &t->err);
}

/* Runs over text (after compiling with the options so far, once). */
static inline enum status
guard_test_try(struct guard_test *t, struct slice text)
{
	struct guard_run r = { text, true, NULL, t->scratch, &t->arena,
	    &t->found, "test", t->kind };

	if (t->compiled == NULL && guard_test_compile(t) != STATUS_OK)
		fail_msg("compile: %s", t->err.text);
	t->found.n = 0;
	arena_reset(&t->arena);
	error_clear(&t->err);
	return t->kind->run(t->compiled, &r, &t->err);
}

static inline size_t
guard_test_run(struct guard_test *t, const char *text)
{
	if (guard_test_try(t, slice_of(text)) != STATUS_OK)
		fail_msg("run: %s", t->err.text);
	return t->found.n;
}

/* Exactly one finding of that kind, over that part of the text. */
static inline void
guard_test_one(struct guard_test *t, const char *text, const char *kind,
    const char *span)
{
	size_t n = guard_test_run(t, text);
	const struct finding *f = t->found.v;

	if (n != 1)
		fail_msg("%zu findings in: %s", n, text);
	if (!slice_is(f->kind, kind))
		fail_msg("%.*s, not %s, in: %s", SLICE_ARG(f->kind), kind,
		    text);
	assert_op(f->start, <=, f->end);
	assert_op(f->end, <=, strlen(text));
	if (span != NULL && (f->end - f->start != strlen(span) ||
	    memcmp(text + f->start, span, strlen(span)) != 0))
		fail_msg("found '%.*s', not '%s', in: %s",
		    (int)(f->end - f->start), text + f->start, span, text);
}

static inline void
guard_test_none(struct guard_test *t, const char *text)
{
	size_t n = guard_test_run(t, text);
	const struct finding *f = t->found.v;

	if (n != 0)
		fail_msg("%.*s '%.*s' in: %s", SLICE_ARG(f->kind),
		    (int)(f->end - f->start), text + f->start, text);
}

static inline void
guard_test_release(struct guard_test *t)
{
	t->kind->free(t->compiled);
	scratch_free(t->scratch);
	arena_release(&t->arena);
	free(t->found.v);
}

#endif
