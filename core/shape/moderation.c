#include "core/shape/moderation.h"

#include "core/base/arena.h"
#include "core/json/value.h"
#include "core/shape/part_value.h"
#include "core/shape/parts.h"

/* One side's moderation results: a guard for each category that was flagged. */
static void
moderation_result(struct reading *r, struct item *item, uint32_t result,
    struct slice name)
{
	const struct json *d = r->d;
	uint32_t flags = json_get_kind(d, result, "categories", TOKEN_OBJECT);
	uint32_t scores = json_get_kind(d, result, "category_scores",
	    TOKEN_OBJECT);
	struct caller_guard *g;
	size_t before = item->nguards;
	struct slice kind;
	uint32_t t;

	for (t = flags == JSON_NONE ? JSON_NONE : json_first(d, flags);
	    t != JSON_NONE; t = json_next(d, flags, t)) {
		if (json_kind(d, t + 1) != TOKEN_TRUE)
			continue;
		if ((g = part_guard(r, item, name, RESULT_FAIL)) == NULL)
			return;
		kind = g->kind = part_text(r, d, t);
		/* Decoded, the key may not be NUL-terminated: copy it. */
		if ((kind.p = arena_str(r->reader->arena, kind)) == NULL)
			r->failed = true;
		else if (scores != JSON_NONE)
			g->score = part_number(d, scores, kind.p);
	}
	if (item->nguards > before)
		return;
	t = json_get_value(d, result, "flagged");
	(void)part_guard(r, item, name, t != JSON_NONE && json_kind(d, t) ==
	    TOKEN_TRUE ? RESULT_FAIL : RESULT_PASS);
}

/* Of results for as many choices, only the choice's own. */
static void
moderation_side(struct reading *r, struct item *item, uint32_t side,
    struct slice name, uint32_t choice, uint32_t choices)
{
	const struct json *d = r->d;
	uint32_t results, t, i = 0;
	struct caller_guard *g;

	if (side == JSON_NONE)
		return;
	results = json_get_kind(d, side, "results", TOKEN_ARRAY);
	if (results == JSON_NONE || json_get_is(d, side, "type", "error")) {
		if ((g = part_guard(r, item, name, RESULT_ERROR)) != NULL)
			g->message = part_string(r, d, side, "message");
		return;
	}
	for (t = json_first(d, results); t != JSON_NONE;
	    t = json_next(d, results, t), i++)
		if (choices == 1 || d->tok[results].count != choices ||
		    i == choice)
			moderation_result(r, item, t, name);
}

void
moderation_read(struct reading *r, uint32_t body, uint32_t choice,
    uint32_t choices, struct item *item)
{
	uint32_t t = json_get_kind(r->d, body, "moderation", TOKEN_OBJECT);

	if (t == JSON_NONE)
		return;
	moderation_side(r, item, json_get_value(r->d, t, "output"),
	    SLICE("moderation"), choice, choices);
	moderation_side(r, item, json_get_value(r->d, t, "input"),
	    SLICE("moderation-input"), 0, 1);
}

static enum severity
severity_read(struct reading *r, uint32_t category)
{
	enum severity severity = SEVERITY_NONE;

	if (!severity_from(part_string(r, r->d, category, "severity"),
	    &severity))
		severity = SEVERITY_NONE;
	return severity;
}

/* {"hate":{"filtered":false,"severity":"safe"},"jailbreak":{"filtered":false,
 * "detected":true},"error":{..}}: what was filtered or detected has failed. */
static void
filter_results(struct reading *r, uint32_t results, struct slice name,
    struct item *item)
{
	const struct json *d = r->d;
	size_t before = item->nguards;
	struct caller_guard *g;
	uint32_t t;

	if (results == JSON_NONE || d->tok[results].count == 0)
		return;
	for (t = json_first(d, results); t != JSON_NONE;
	    t = json_next(d, results, t)) {
		bool error = json_string_is(d, t, "error");

		if (json_kind(d, t + 1) != TOKEN_OBJECT || (!error &&
		    json_get_kind(d, t + 1, "filtered", TOKEN_TRUE) ==
		    JSON_NONE && json_get_kind(d, t + 1, "detected",
		    TOKEN_TRUE) == JSON_NONE))
			continue;
		g = part_guard(r, item, name, error ? RESULT_ERROR :
		    RESULT_FAIL);
		if (g == NULL)
			return;
		if (error)
			g->message = part_string(r, d, t + 1, "message");
		else
			g->kind = part_text(r, d, t);
		g->severity = error ? SEVERITY_NONE : severity_read(r, t + 1);
	}
	if (item->nguards == before)
		(void)part_guard(r, item, name, RESULT_PASS);
}

void
content_filter_read(struct reading *r, uint32_t body, uint32_t choice,
    struct item *item)
{
	const struct json *d = r->d;
	uint32_t asked = json_get_kind(d, body, "prompt_filter_results",
	    TOKEN_ARRAY), t;

	filter_results(r, json_get_kind(d, choice, "content_filter_results",
	    TOKEN_OBJECT), SLICE("content_filter"), item);
	for (t = asked == JSON_NONE ? JSON_NONE : json_first(d, asked);
	    t != JSON_NONE; t = json_next(d, asked, t))
		if (json_kind(d, t) == TOKEN_OBJECT)
			filter_results(r, json_get_kind(d, t,
			    "content_filter_results", TOKEN_OBJECT),
			    SLICE("content_filter-input"), item);
}
