/* Guard kind "length": fewer code points than `min`, or more than `max`. */
#include "core/guard/guard.h"

#include <stdlib.h>

#include "core/base/utf8.h"

extern const struct guard_kind guard_length;

struct length {
	size_t	min, max;
};

static enum status
length_compile(const struct guard_config *c, void **out, struct error *err)
{
	struct length *l;
	enum status st;

	if (!guard_option(c, "min")->set && !guard_option(c, "max")->set)
		return error_set(err, STATUS_INVALID, "min or max is needed");
	if ((l = malloc(sizeof(*l))) == NULL)
		return error_nomem(err);
	l->min = 0;
	l->max = SIZE_MAX;
	if ((st = guard_option_size(c, "min", 0, &l->min, err)) == STATUS_OK)
		st = guard_option_size(c, "max", 0, &l->max, err);
	if (st == STATUS_OK && l->min > l->max)
		st = error_set(err, STATUS_INVALID,
		    "min: %zu is more than max, %zu", l->min, l->max);
	if (st != STATUS_OK) {
		free(l);
		return st;
	}
	*out = l;
	return STATUS_OK;
}

static enum status
length_run(const void *compiled, struct guard_run *r, struct error *err)
{
	const struct length *l = compiled;
	struct utf8_cursor at = { r->text, 0, 0 };
	struct finding *f;
	size_t n = utf8_count(r->text.p, r->text.n);

	if (n < l->min)
		f = finding_add(r, "short", 0, r->text.n,
		    "%zu characters, at least %zu are needed", n, l->min);
	else if (n > l->max)
		f = finding_add(r, "long", utf8_byte(&at, l->max), r->text.n,
		    "%zu characters, at most %zu are allowed", n, l->max);
	else
		return STATUS_OK;
	return f == NULL ? finding_stop(r, err) : STATUS_OK;
}

static const struct option_row length_options[] = {
	{ "min", OPTION_NUMBER, NULL, false },
	{ "max", OPTION_NUMBER, NULL, false },
	{ NULL, OPTION_STRING, NULL, false }
};

const struct guard_kind guard_length = {
	.name = "length",
	.options = length_options,
	.severity = SEVERITY_MEDIUM,
	.cost = 1,
	.leaves = READS_JOINED,
	.compile = length_compile,
	.run = length_run,
	.free = free
};
