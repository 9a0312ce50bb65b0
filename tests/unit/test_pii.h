/* Tables of texts with what the guard "pii" must and must not find in them. */
#ifndef TESTS_UNIT_TEST_PII_H
#define TESTS_UNIT_TEST_PII_H

#include "tests/unit/guard_test.h"

struct pii_case {
	const char	*kind, *text;
	const char	*span;		/* NULL: nothing of the kind is there */
};

static inline void
pii_check(struct guard_test *t, const struct pii_case *c)
{
	size_t n = guard_test_run(t, c->text), i, of_kind = 0;
	const struct finding *f = t->found.v;

	for (i = 0; i < n; i++) {
		if (i > 0 && f[i].start < f[i - 1].end)
			fail_msg("findings overlap in: %s", c->text);
		if (!slice_is(f[i].kind, c->kind))
			continue;
		of_kind++;
		if (c->span == NULL)
			fail_msg("%s '%.*s' in: %s", c->kind,
			    (int)(f[i].end - f[i].start), c->text + f[i].start,
			    c->text);
		if (f[i].end - f[i].start != strlen(c->span) ||
		    memcmp(c->text + f[i].start, c->span, strlen(c->span)) != 0)
			fail_msg("%s '%.*s', not '%s', in: %s", c->kind,
			    (int)(f[i].end - f[i].start), c->text + f[i].start,
			    c->span, c->text);
		if (memmem(f[i].message.p, f[i].message.n, c->span,
		    strlen(c->span)) != NULL)
			fail_msg("the message repeats the value: %.*s",
			    SLICE_ARG(f[i].message));
	}
	if (c->span != NULL && of_kind != 1)
		fail_msg("%zu of %s (%zu findings; first %.*s) in: %s",
		    of_kind, c->kind, n, n == 0 ? 0 : (int)f->kind.n,
		    n == 0 ? "" : f->kind.p, c->text);
}

static inline void
pii_check_all(const struct pii_case *cases, size_t n)
{
	struct guard_test t;
	size_t i;

	guard_test_init(&t, "pii");
	for (i = 0; i < n; i++)
		pii_check(&t, &cases[i]);
	guard_test_release(&t);
}

/* Whatever the text is: whole characters within it, none over another. */
static inline void
findings_hold(const struct guard_test *t, const char *text, size_t n)
{
	const struct finding *f = t->found.v;
	size_t i;

	for (i = 0; i < t->found.n; i++) {
		assert_op(f[i].start, <, f[i].end);
		assert_op(f[i].end, <=, n);
		if (i > 0)
			assert_op(f[i - 1].end, <=, f[i].start);
		assert_op((text[f[i].start] & 0xc0), !=, 0x80);
		assert_op((text[f[i].end] & 0xc0), !=, 0x80);
	}
}

#endif
