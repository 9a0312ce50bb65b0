/*
 * Guard kind "regex": a PCRE2 pattern that must be absent (each match is a
 * finding) or present (no match is one).
 */
#include "core/guard/guard.h"

#include <stdlib.h>

#include "core/pattern/pattern.h"

extern const struct guard_kind guard_regex;

struct regex_guard {
	struct pattern_set	*set;
	const char		*pattern;	/* the policy's */
	uint32_t		 limit;
	char			*source;	/* cut, for messages */
	bool			 present;
};
#define SOURCE_MAX	80	/* bytes of the pattern in a message */

static void
regex_free(void *compiled)
{
	struct regex_guard *x = compiled;

	if (x == NULL)
		return;
	pattern_set_free(x->set);
	free(x->source);
	free(x);
}

static char *
pattern_cut(const char *pattern)
{
	size_t n = strlen(pattern);
	char *s;

	if (n > SOURCE_MAX)
		for (n = SOURCE_MAX; (pattern[n] & 0xc0) == 0x80; n--)
			;
	if ((s = malloc(n + sizeof("..."))) == NULL)
		return NULL;
	memcpy(s, pattern, n);
	memcpy(s + n, pattern[n] == '\0' ? "" : "...",
	    pattern[n] == '\0' ? 1 : sizeof("..."));
	return s;
}

static enum status
regex_compile(const struct guard_config *c, void **out, struct error *err)
{
	const char *pattern = guard_option(c, "pattern")->string;
	struct regex_guard *x;
	size_t limit = 0;
	unsigned id;
	enum status st;

	if (pattern == NULL)
		return error_set(err, STATUS_INVALID, "pattern is needed");
	if ((x = calloc(1, sizeof(*x))) == NULL)
		return error_nomem(err);
	x->present = guard_must_be_there(c);
	if ((x->source = pattern_cut(pattern)) == NULL) {
		st = error_nomem(err);
		goto out;
	}
	if ((st = guard_option_size(c, "match_limit", 1, &limit, err)) !=
	    STATUS_OK || (st = pattern_set_new(&x->set, err)) != STATUS_OK)
		goto out;
	x->pattern = pattern;
	x->limit = (uint32_t)limit;
	st = pattern_add(x->set, pattern, 0, x->limit, &id, err);
	if (st != STATUS_OK)
		(void)error_prefix(err, "pattern");
out:
	if (st != STATUS_OK) {
		regex_free(x);
		return st;
	}
	*out = x;
	return STATUS_OK;
}

struct regex_scan {
	struct guard_run	*run;
	const struct regex_guard	*regex;
};

static enum status
regex_found(const void *compiled, struct guard_run *r, size_t start, size_t end,
    struct error *err)
{
	const struct regex_guard *x = compiled;

	if (finding_add(r, "match", start, end, "matches %s", x->source) ==
	    NULL)
		return finding_stop(r, err);
	return STATUS_OK;
}

static enum status
regex_each(void *arg, const struct pattern_match *m, struct error *err)
{
	struct regex_scan *s = arg;

	return regex_found(s->regex, s->run, m->span[0][0], m->span[0][1], err);
}

static bool
regex_pattern(const void *compiled, struct guard_pattern *out)
{
	const struct regex_guard *x = compiled;

	*out = (struct guard_pattern){ x->pattern, 0, x->limit };
	return !x->present;
}

static enum status
regex_run(const void *compiled, struct guard_run *r, struct error *err)
{
	struct regex_scan s = { r, compiled };
	enum status st;
	bool found;

	if (!s.regex->present)
		return pattern_scan(s.regex->set, r->text, r->scratch,
		    regex_each, &s, err);
	st = pattern_test(s.regex->set, 0, r->text, r->scratch, &found, err);
	if (st == STATUS_OK && !found && finding_add(r, "missing", 0,
	    r->text.n, "nothing matches %s", s.regex->source) == NULL)
		return finding_stop(r, err);
	return st;
}

static const struct option_row regex_options[] = {
	{ "pattern", OPTION_STRING, NULL, true },
	{ "must", OPTION_CHOICE, "absent|present", false },
	{ "max_match", OPTION_NUMBER, NULL, false },
	{ "match_limit", OPTION_NUMBER, NULL, false },
	{ NULL, OPTION_STRING, NULL, false }
};

const struct guard_kind guard_regex = {
	.name = "regex",
	.options = regex_options,
	.severity = SEVERITY_MEDIUM,
	.cost = 20,
	.leaves = READS_EACH,
	.joins = guard_must_be_there,
	.window = guard_window_said,
	.compile = regex_compile,
	.run = regex_run,
	.free = regex_free,
	.pattern = regex_pattern,
	.found = regex_found
};
