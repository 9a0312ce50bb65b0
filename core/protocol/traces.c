#include "core/protocol/traces.h"

#include "core/json/value.h"

static const char *const levels[] = { "resourceSpans", "scopeSpans", "spans" };
#define LEVELS	3

/* A list, or JSON_NONE for what is missing, null or an empty list. */
static enum status
list_first(const struct json *d, uint32_t owner, const char *name,
    uint32_t *first, struct error *err)
{
	uint32_t list;

	*first = JSON_NONE;
	if (json_kind(d, owner) != TOKEN_OBJECT)
		return error_set(err, STATUS_INVALID, "byte %u: an object is "
		    "wanted", (unsigned)d->tok[owner].start);
	if ((list = json_get_value(d, owner, name)) == JSON_NONE)
		return STATUS_OK;
	if (json_kind(d, list) != TOKEN_ARRAY)
		return error_set(err, STATUS_INVALID, "byte %u: %s is no list",
		    (unsigned)d->tok[list].start, name);
	*first = json_first(d, list);
	return STATUS_OK;
}

/* The lists above the spans are checked at once, so that a walk cannot fail. */
static enum status
lists_check(const struct json *d, uint32_t owner, size_t level,
    struct error *err)
{
	uint32_t list, t;
	enum status st = list_first(d, owner, levels[level], &t, err);

	if (st != STATUS_OK || t == JSON_NONE || level + 1 == LEVELS)
		return st;
	list = json_get_value(d, owner, levels[level]);
	for (; t != JSON_NONE && st == STATUS_OK; t = json_next(d, list, t))
		st = lists_check(d, t, level + 1, err);
	return st;
}

static uint32_t
list_of(const struct json *d, uint32_t owner, size_t level)
{
	return json_get_value(d, owner, levels[level]);
}

/* Is it the owner's first, or the one behind t? */
static uint32_t
step(const struct json *d, uint32_t owner, size_t level, uint32_t t)
{
	uint32_t list = list_of(d, owner, level);

	if (list == JSON_NONE)
		return JSON_NONE;
	return t == JSON_NONE ? json_first(d, list) : json_next(d, list, t);
}

enum status
traces_read(struct traces *r, struct slice body, struct error *err)
{
	struct json_error why;
	enum status st;
	size_t i;

	for (i = 0; i < LEVELS; i++)
		r->at[i] = JSON_NONE;
	st = json_parse(&r->json, body, TRACES_DEPTH, JSON_NUL_ALLOWED, &why);
	/* Half a pair, where a text was cut, is its span's fault alone. */
	if (st == STATUS_INVALID && strcmp(why.reason, "duplicate key") != 0)
		st = json_parse(&r->json, body, TRACES_DEPTH,
		    JSON_NUL_ALLOWED | JSON_LENIENT, &why);
	if (st == STATUS_NOMEM)
		return error_nomem(err);
	if (st != STATUS_OK)
		return error_set(err, st, "byte %zu: %s", why.offset,
		    why.reason);
	if ((st = lists_check(&r->json, 0, 0, err)) == STATUS_OK)
		r->at[0] = step(&r->json, 0, 0, JSON_NONE);
	return st;
}

/* Goes on to the next span that there is. */
static bool
walk(struct traces *r)
{
	const struct json *d = &r->json;

	while (r->at[0] != JSON_NONE) {
		if (r->at[1] != JSON_NONE) {
			r->at[2] = step(d, r->at[1], 2, r->at[2]);
			if (r->at[2] != JSON_NONE)
				return true;
		}
		r->at[1] = step(d, r->at[0], 1, r->at[1]);
		if (r->at[1] == JSON_NONE)
			r->at[0] = step(d, 0, 0, r->at[0]);
	}
	return false;
}

static bool
is_one_of(const struct json *d, uint32_t t, const char *const *words)
{
	if (t == JSON_NONE || json_kind(d, t) != TOKEN_STRING)
		return false;
	for (; *words != NULL; words++)
		if (json_string_is(d, t, *words))
			return true;
	return false;
}

/* By the operation that it names (GenAI conventions); one that names none has what
 * only such a call has. */
static bool
is_model_call(const struct json *d, uint32_t span)
{
	static const char *const operation[] = { "gen_ai.operation.name", NULL };
	static const char *const calls[] = { "chat", "text_completion",
	    "generate_content", NULL };
	static const char *const marks[] = { "gen_ai.output.messages",
	    "gen_ai.completion", "gen_ai.request.model", NULL };
	uint32_t all, t, key, value;
	bool marked = false;

	all = json_kind(d, span) == TOKEN_OBJECT ?
	    json_get_value(d, span, "attributes") : JSON_NONE;
	if (all == JSON_NONE || json_kind(d, all) != TOKEN_ARRAY)
		return false;
	for (t = json_first(d, all); t != JSON_NONE; t = json_next(d, all, t)) {
		if (json_kind(d, t) != TOKEN_OBJECT)
			continue;
		key = json_get_value(d, t, "key");
		value = json_get_value(d, t, "value");
		marked |= is_one_of(d, key, marks);
		if (is_one_of(d, key, operation) && value != JSON_NONE &&
		    json_kind(d, value) == TOKEN_OBJECT)
			return is_one_of(d, json_get_value(d, value,
			    "stringValue"), calls);
	}
	return marked;
}

bool
traces_next(struct traces *r, struct slice *span, bool *model)
{
	if (!walk(r))
		return false;
	*span = json_raw(&r->json, r->at[2]);
	*model = is_model_call(&r->json, r->at[2]);
	return true;
}

void
traces_release(struct traces *r)
{
	json_release(&r->json);
}
