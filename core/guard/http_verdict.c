#include "core/guard/http_verdict.h"

#include <ctype.h>
#include <strings.h>

/* Words with their opposites: where one is listed, the other is known too. */
static const char *const opposites[][2] = {
	{ "true", "false" }, { "yes", "no" }, { "y", "n" }, { "1", "0" },
	{ "safe", "unsafe" }, { "pass", "fail" }, { "passed", "failed" },
	{ "valid", "invalid" }, { "allow", "block" }, { "allowed", "blocked" },
	{ "allow", "deny" }, { "allowed", "denied" }, { "accept", "reject" },
	{ "accepted", "rejected" }, { "positive", "negative" },
	{ "compliant", "non-compliant" }
};

static const char *const bad[] = {
	"fail", "failed", "flag", "flagged", "block", "blocked", "deny",
	"denied", "reject", "rejected", "unsafe", NULL
};
static const char *const good[] = {
	"pass", "passed", "ok", "safe", "allow", "allowed", "clean",
	"none", NULL
};

/* The first line of what was said, without blanks around it. */
static struct slice
first_line(const char *s)
{
	size_t n;

	s += strspn(s, " \t\r\n");
	for (n = strcspn(s, "\r\n"); n > 0 && strchr(" \t", s[n - 1]) != NULL;)
		n--;
	return (struct slice){ s, n };
}

static bool
word_is(struct slice s, const char *word)
{
	return strlen(word) == s.n && strncasecmp(word, s.p, s.n) == 0;
}

static bool
is_one_of(struct slice s, const char *const *words)
{
	for (; *words != NULL; words++)
		if (word_is(s, *words))
			return true;
	return false;
}

static struct slice
first_word(struct slice s)
{
	size_t n = 0;

	while (n < s.n && !isspace((unsigned char)s.p[n]) &&
	    strchr(",.;:!", s.p[n]) == NULL)
		n++;
	return (struct slice){ s.p, n };
}

static bool
is_listed(const struct http_words *w, struct slice s)
{
	struct slice want;
	size_t i;

	for (i = 0; i < w->n; i++) {
		want = first_line(w->v[i]);
		if (want.n == s.n && strncasecmp(want.p, s.p, s.n) == 0)
			return true;
	}
	return false;
}

/* Is the opposite of what is said in the list? */
static bool
is_opposed(const struct http_words *w, struct slice s)
{
	size_t i, side;

	for (i = 0; i < sizeof(opposites) / sizeof(opposites[0]); i++)
		for (side = 0; side < 2; side++)
			if (word_is(s, opposites[i][side]) && is_listed(w,
			    slice_of(opposites[i][1 - side])))
				return true;
	return false;
}

/* What the lists say.  A word before others, "unsafe S1", can fail, not pass. */
static bool
listed(const struct http_guard *g, struct slice s, bool *fails)
{
	if (is_listed(&g->fails, s) || is_listed(&g->fails, first_word(s))) {
		*fails = true;
		return true;
	}
	*fails = false;
	if (is_listed(&g->passes, s))
		return true;
	if (g->fails.n == 0 && g->passes.n > 0) {
		*fails = true;
		return true;
	}
	return g->passes.n == 0 && is_opposed(&g->fails, s);
}

/* Without lists, or where they do not say. */
static bool
known(const struct http_guard *g, json_t *result, struct slice s, bool *fails)
{
	bool both = g->fails.n > 0 && g->passes.n > 0;

	*fails = json_is_true(result) || (json_is_number(result) &&
	    json_number_value(result) >= 0.5) || is_one_of(s, bad) ||
	    is_one_of(first_word(s), bad);
	return *fails || (!both && (json_is_boolean(result) ||
	    json_is_number(result) || is_one_of(s, good)));
}

enum status
http_verdict(const struct http_guard *g, json_t *result, bool *fails,
    struct error *err)
{
	char number[32];
	struct slice s;

	*fails = false;
	if (json_is_string(result))
		s = first_line(json_string_value(result));
	else if (json_is_boolean(result))
		s = json_is_true(result) ? SLICE("true") : SLICE("false");
	else if (json_is_number(result)) {
		(void)snprintf(number, sizeof(number), "%.15g",
		    json_number_value(result));
		s = slice_of(number);
	} else
		return http_unexpected("its result is neither true nor false, "
		    "a number nor a word", err);
	if (listed(g, s, fails) || known(g, result, s, fails))
		return STATUS_OK;
	if (s.n > 40)
		s = (struct slice){ s.p, 40 };
	return error_set(err, STATUS_IO, "the answer is not of its shape: its "
	    "result \"%.*s\" says neither pass nor fail (the options fails and "
	    "passes can say which)", SLICE_ARG(s));
}

/* The words of a name, split at what is no letter and before capitals. */
bool
http_names_pass(const char *pointer)
{
	static const char *const passes[] = {
		"valid", "passed", "pass", "safe", "ok", "allowed", "compliant",
		NULL
	};
	const char *p = strrchr(pointer, '/');
	bool pass = false;
	size_t n;

	for (p = p == NULL ? pointer : p + 1; *p != '\0'; p += n) {
		n = 1;
		if (!isalpha((unsigned char)*p))
			continue;
		while (isalpha((unsigned char)p[n]) &&
		    (!isupper((unsigned char)p[n]) ||
		    isupper((unsigned char)p[n - 1])))
			n++;
		if (word_is((struct slice){ p, n }, "not"))
			return false;
		pass = is_one_of((struct slice){ p, n }, passes);
	}
	return pass;
}
