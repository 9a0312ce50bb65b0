#include "core/expr/calls.h"

#include <stdlib.h>
#include <strings.h>

#include "core/base/near.h"
#include "core/expr/scan.h"

#define NAME_MAX_BYTES	256

static const char *const guard_functions[] = {
	"failed", "errored", "score", "kind"
};
#define COUNT(a)	(sizeof(a) / sizeof((a)[0]))

bool
expr_function_asks(const char *name)
{
	size_t i;

	for (i = 0; i < COUNT(guard_functions); i++)
		if (strcasecmp(guard_functions[i], name) == 0)
			return true;
	return false;
}

const char *
expr_function_asking(size_t i)
{
	return i < COUNT(guard_functions) ? guard_functions[i] : NULL;
}

static const char *
guard_name(void *arg, size_t i)
{
	const struct expr_names *names = arg;

	return i < names->n ? names->v[i] : NULL;
}

static int
guard_compare(const void *name, const void *entry)
{
	return strcmp(name, *(const char *const *)entry);
}

/* Is the call's first argument a string literal that names a guard?  The names
 * are sorted. */
static enum status
check_call(struct slice text, size_t at, const char *function,
    const struct expr_names *names, struct error *err)
{
	struct expr_token open, t, after;
	char guard[NAME_MAX_BYTES + 1], hint[NEAR_TEXT];

	open = expr_token_next(text, &at);
	if (open.type != EXPR_SIGN || open.text.p[0] != '(')
		return STATUS_OK;	/* no call: SQLite will say */
	t = expr_token_next(text, &at);
	after = expr_token_next(text, &at);
	if (t.type != EXPR_STRING || after.type != EXPR_SIGN ||
	    (after.text.p[0] != ')' && after.text.p[0] != ','))
		return error_set(err, STATUS_INVALID,
		    "%s() takes the name of a guard in single quotes",
		    function);
	if (!expr_token_string(&t, guard, sizeof(guard)))
		guard[0] = '\0';
	if (names->n > 0 && bsearch(guard, names->v, names->n,
	    sizeof(names->v[0]), guard_compare) != NULL)
		return STATUS_OK;
	return error_set(err, STATUS_INVALID,
	    "%s(%.*s): no guard or expected result of that name%s%s%s%s",
	    function, t.text.n > 300 ? 300 : (int)t.text.n, t.text.p,
	    names->queue == NULL ? "" : " in queue \"",
	    names->queue == NULL ? "" : names->queue,
	    names->queue == NULL ? "" : "\"", near_hint(hint,
	    slice_of(guard), guard_name, (void *)(uintptr_t)names));
}

enum status
expr_check_calls(struct slice text, const struct expr_names *names,
    struct error *err)
{
	struct expr_token t;
	size_t at = 0, i;
	enum status st;

	while (names != NULL &&
	    (t = expr_token_next(text, &at)).type != EXPR_END)
		for (i = 0; i < COUNT(guard_functions); i++) {
			if (!expr_token_is(&t, guard_functions[i]))
				continue;
			st = check_call(text, at, guard_functions[i], names,
			    err);
			if (st != STATUS_OK)
				return st;
		}
	return STATUS_OK;
}
