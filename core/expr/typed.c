#include "core/expr/typed.h"

#include <stdio.h>
#include <stdlib.h>

#include "core/expr/scan.h"
#include "core/item/severity.h"

#define TEXT_MAX	64	/* bytes of a text worth showing */

static const char *const columns[] = { "confidence", "cost_usd", "latency_ms",
    "input_tokens", "output_tokens", "failures", "errors", "severity",
    "priority", "first_token_ms", "attempts", NULL };
static const char *const functions[] = { "score", "num", "words", "length",
    "levenshtein", "rouge1", "instr", "abs", "round", NULL };

/* The token behind the signs that compare; *any: there is one. */
static struct expr_token
behind_signs(struct slice s, size_t *at, bool *any)
{
	struct expr_token t = expr_token_next(s, at);

	for (*any = false; expr_token_compares(&t); t = expr_token_next(s, at))
		*any = true;
	return t;
}

/* Passes over "(...)" where it stands there; false: it does not. */
static bool
call_pass(struct slice s, size_t *at)
{
	size_t behind = *at;
	struct expr_token t = expr_token_next(s, &behind);

	if (!expr_token_sign(&t, '(') || !expr_token_close(s, &behind))
		return false;
	*at = behind;
	return true;
}

static bool
tell(const struct expr_token *number, bool call, const struct expr_token *text,
    char *out)
{
	char said[TEXT_MAX + 1], *end;
	enum severity severity;
	int n = number->text.n > 40 ? 40 : (int)number->text.n;

	if (!expr_token_string(text, said, sizeof(said)))
		(void)snprintf(said, sizeof(said), "...");
	(void)strtod(said, &end);
	if (!call && expr_token_is(number, "severity") &&
	    severity_from(slice_of(said), &severity))
		(void)snprintf(out, TYPED_TEXT, "severity is a number from 0 to "
		    "4: '%s' is %d", said, (int)severity);
	else
		(void)snprintf(out, TYPED_TEXT, "%.*s%s is a number, which '%s' "
		    "is not%s%s", n, number->text.p, call ? "()" : "", said,
		    end != said && *end == '\0' ? ": write " : "",
		    end != said && *end == '\0' ? said : "");
	return true;
}

/* A column or a call at the token before *at; false: neither. */
static bool
is_number(struct slice s, const struct expr_token *t, size_t *at, bool *call)
{
	*call = expr_token_is_one(t, functions) && call_pass(s, at);
	return *call || expr_token_is_one(t, columns);
}

bool
typed_wrong(const char *condition, char out[TYPED_TEXT])
{
	struct slice s = slice_of(condition);
	struct expr_token t, other, before = { EXPR_END, SLICE_NONE };
	size_t at = 0, behind;
	bool call, any, compared = false, dash = false;

	for (; (t = expr_token_next(s, &at)).type != EXPR_END; ) {
		if (expr_token_compares(&t)) {
			compared = !dash;	/* no arrow */
			continue;
		}
		behind = at;
		if (t.type == EXPR_NAME && is_number(s, &t, &behind, &call)) {
			/* 'x' < confidence, and nothing reckoned with it */
			if (compared && before.type == EXPR_STRING)
				return tell(&t, call, &before, out);
			other = behind_signs(s, &behind, &any);
			if (any && other.type == EXPR_STRING)
				return tell(&t, call, &other, out);
		}
		/* The key behind an arrow is not what is compared. */
		if (dash && t.type == EXPR_STRING)
			t.type = EXPR_END;
		compared = false;
		dash = expr_token_sign(&t, '-');
		before = t;
	}
	return false;
}
