/*
 * Guard kind "contains": a literal text that must be absent (each occurrence is
 * a finding) or present.
 */
#include "core/guard/guard.h"

#include <stdlib.h>

extern const struct guard_kind guard_contains;

struct contains {
	struct slice	pattern;	/* of the policy */
	bool		present;
};

static enum status
contains_compile(const struct guard_config *c, void **out, struct error *err)
{
	struct slice pattern = slice_of(guard_option(c, "pattern")->string);
	struct contains *x;

	if (pattern.n == 0)
		return error_set(err, STATUS_INVALID, "pattern is needed");
	if ((x = malloc(sizeof(*x))) == NULL)
		return error_nomem(err);
	x->pattern = pattern;
	x->present = guard_must_be_there(c);
	*out = x;
	return STATUS_OK;
}

static enum status
contains_run(const void *compiled, struct guard_run *r, struct error *err)
{
	const struct contains *x = compiled;
	const char *p = r->text.p, *end = p + r->text.n, *at;
	bool found = false;

	while (p < end && (at = memmem(p, (size_t)(end - p), x->pattern.p,
	    x->pattern.n)) != NULL) {
		if (x->present)
			return STATUS_OK;
		found = true;
		p = at + x->pattern.n;
		if (finding_add(r, "match", (size_t)(at - r->text.p),
		    (size_t)(p - r->text.p), "contains \"%.*s\"",
		    SLICE_ARG(x->pattern)) == NULL)
			return finding_stop(r, err);
	}
	if (x->present && !found && finding_add(r, "missing", 0, r->text.n,
	    "does not contain \"%.*s\"", SLICE_ARG(x->pattern)) == NULL)
		return finding_stop(r, err);
	return STATUS_OK;
}

static const struct option_row contains_options[] = {
	{ "pattern", OPTION_STRING, NULL, true },
	{ "must", OPTION_CHOICE, "absent|present", false },
	{ "max_match", OPTION_NUMBER, NULL, false },
	{ NULL, OPTION_STRING, NULL, false }
};

const struct guard_kind guard_contains = {
	.name = "contains",
	.options = contains_options,
	.severity = SEVERITY_MEDIUM,
	.cost = 2,
	.leaves = READS_EACH,
	.joins = guard_must_be_there,
	.window = guard_window_said,
	.compile = contains_compile,
	.run = contains_run,
	.free = free
};
