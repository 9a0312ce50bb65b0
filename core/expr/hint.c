#include "core/expr/hint.h"

#include <stdio.h>
#include <strings.h>

#include "core/base/near.h"
#include "core/expr/calls.h"
#include "core/expr/comma.h"
#include "core/expr/pure.h"
#include "core/expr/scan.h"
#include "core/item/severity.h"

#define HINT_MAX	600	/* bytes of the columns that are listed */

/* A condition that was not taken, and what it may have. */
struct mistaken {
	struct slice		 text;
	const char *const	*columns;
	size_t			 n;
	bool			 guards;
	struct error		*err;
	struct slice		 name;	/* that there is not */
};

/* What stands before a name, and whether that itself is in quotes. */
struct standing {
	bool	quoted, compared, asked;
};

/* Words that other languages have. */
static const struct {
	const char	*word, *meant;
} foreign[] = {
	{ "&", "&& is AND" },
	{ "!", "not is NOT" },
	{ "~", "a text is matched by LIKE '%x%' or GLOB '*x*'" },
	{ "ILIKE", "LIKE takes small and capital letters for the same" },
	{ "CONTAINS", "it is instr(output, 'x') > 0" },
	{ "regexp", "a text is matched by LIKE '%x%' or GLOB '*x*'" },
	{ "len", "it is length(output)" },
	{ "contains", "it is instr(output, 'x') > 0" },
	{ "now", "a filter has ago('1d')" },
	{ "date", "a filter has ago('1d')" },
	{ "time", "a filter has ago('1d')" },
	{ "datetime", "a filter has ago('1d')" },
	{ "julianday", "a filter has ago('1d')" },
	{ "strftime", "a filter has ago('1d')" },
	{ "unixepoch", "a filter has ago('1d')" }
};

static void
add(struct mistaken *m, const char *hint)
{
	size_t n = strlen(m->err->text);

	(void)snprintf(m->err->text + n, sizeof(m->err->text) - n, "%s", hint);
}

/* What SQLite's message has behind the mark, or in quotes there: later versions give
 * advice of their own behind it. */
static bool
named(struct mistaken *m, const char *mark)
{
	const char *at = strstr(m->err->text, mark);
	const char *end;

	if (at == NULL)
		return false;
	at += strlen(mark);
	at += *at == '"';
	end = at[-1] == '"' ? strchr(at, '"') : NULL;
	m->name = (struct slice){ at, end == NULL ? strlen(at) :
	    (size_t)(end - at) };
	return m->name.n > 0;
}

static bool
foreign_tell(struct mistaken *m)
{
	char hint[128];
	size_t i;

	for (i = 0; i < sizeof(foreign) / sizeof(foreign[0]); i++) {
		if (m->name.n != strlen(foreign[i].word) ||
		    strncasecmp(m->name.p, foreign[i].word, m->name.n) != 0)
			continue;
		(void)snprintf(hint, sizeof(hint), "; %s", foreign[i].meant);
		add(m, hint);
		return true;
	}
	return false;
}

/* How the name stands in the condition, where it does for the first time. */
static struct standing
standing_of(const struct mistaken *m)
{
	struct expr_token t, before = { EXPR_END, SLICE_NONE }, second = before;
	struct standing is = { false, false, false };
	char name[256], function[256];
	size_t at = 0;

	(void)snprintf(name, sizeof(name), "%.*s", SLICE_ARG(m->name));
	for (; (t = expr_token_next(m->text, &at)).type != EXPR_END;
	    second = before, before = t) {
		if (!expr_token_is(&t, name))
			continue;
		is.quoted = strchr("\"`[", t.text.p[0]) != NULL;
		is.compared = expr_token_is(&before, "like") ||
		    expr_token_is(&before, "glob") ||
		    (before.type == EXPR_SIGN &&
		    (strchr("=<>", before.text.p[0]) != NULL ||
		    (before.text.p[0] == '(' &&
		    expr_token_is(&second, "in"))));
		(void)snprintf(function, sizeof(function), "%.*s",
		    SLICE_ARG(second.text));
		is.asked = before.type == EXPR_SIGN && before.text.p[0] == '(' &&
		    second.type == EXPR_NAME && expr_function_asks(function);
		break;
	}
	return is;
}

static const char *
column_name(void *arg, size_t i)
{
	const struct mistaken *m = arg;

	return i < m->n ? m->columns[i] : NULL;
}

static bool
has_column(const struct mistaken *m, const char *name)
{
	size_t i;

	for (i = 0; i < m->n && strcmp(m->columns[i], name) != 0; i++)
		;
	return i < m->n;
}

static void
columns_tell(struct mistaken *m)
{
	char list[HINT_MAX];
	size_t i, n = 0;

	for (i = 0; i < m->n && n + strlen(m->columns[i]) + 14 < sizeof(list);
	    i++)
		n += (size_t)snprintf(list + n, sizeof(list) - n, "%s%s",
		    i == 0 ? "; columns are " : ", ", m->columns[i]);
	if (m->n > 0 && i == m->n)
		add(m, list);
}

/* "severity = high": it is a number. */
static bool
severity_tell(struct mistaken *m)
{
	enum severity severity;
	char hint[128];

	if (!has_column(m, "severity") || !severity_from(m->name, &severity))
		return false;
	(void)snprintf(hint, sizeof(hint), "; severity is a number from 0 to 4: "
	    "%s is %d", severity_name(severity), (int)severity);
	add(m, hint);
	return true;
}

static void
column_tell(struct mistaken *m)
{
	struct standing is = standing_of(m);
	char hint[NEAR_TEXT], more[320];
	int n = m->name.n > 100 ? 100 : (int)m->name.n;

	if (!is.asked && (is.compared || is.quoted) && severity_tell(m))
		return;
	if (!is.asked)
		add(m, near_hint(hint, m->name, column_name, m));
	else
		hint[0] = '\0';
	if (is.quoted || is.asked || (is.compared && hint[0] == '\0')) {
		(void)snprintf(more, sizeof(more), "%s text goes in single "
		    "quotes: '%.*s'", hint[0] == '\0' ? "; a" : " A", n,
		    m->name.p);
		add(m, more);
	} else if (hint[0] == '\0' && has_column(m, "metadata")) {
		(void)snprintf(more, sizeof(more), "; of a record's metadata: "
		    "metadata->>'%.*s'", n, m->name.p);
		add(m, more);
	} else if (hint[0] == '\0')
		columns_tell(m);
}

/* SQLite takes what a comma parts for a list, where it may be one. */
static void
comma_tell(struct mistaken *m, bool list)
{
	char wrong[COMMA_TEXT];
	bool number = comma_wrong(m->text, wrong);
	enum status code = m->err->code;

	if (!number && !list) {
		add(m, "; conditions are joined by AND or OR");
		return;
	}
	error_clear(m->err);
	(void)error_set(m->err, code, "%s", number ? wrong : "a comma stands "
	    "where one value belongs; conditions are joined by AND or OR");
}

/* First those that ask about guards, where they may. */
static const char *
function_name(void *arg, size_t i)
{
	const struct mistaken *m = arg;
	const char *name;
	size_t n = 0;

	for (; m->guards && (name = expr_function_asking(n)) != NULL; n++)
		if (n == i)
			return name;
	return expr_function_pure(i - n);
}

enum status
expr_hint(struct error *err, struct slice text, const char *const *columns,
    size_t n, bool guards)
{
	struct mistaken m = { text, columns, n, guards, err, SLICE_NONE };
	char hint[NEAR_TEXT];

	if (named(&m, "no such column: "))
		column_tell(&m);
	else if ((named(&m, "no such function: ") ||
	    named(&m, "not authorized to use function: ")) &&
	    !foreign_tell(&m))
		add(&m, near_hint(hint, m.name, function_name, &m));
	else if (m.name.n == 0 && strstr(err->text, "row value misused") != NULL)
		comma_tell(&m, true);
	else if (m.name.n == 0 && named(&m, "near \"")) {
		if (slice_is(m.name, ","))
			comma_tell(&m, false);
		else
			(void)foreign_tell(&m);
	}
	else if (m.name.n == 0 && named(&m, "unrecognized token: "))
		add(&m, "; a text goes in single quotes");
	return err->code;
}
