/*
 * Presidio's analyzer (microsoft/presidio, docs/api-docs/api-docs.yml): POST /analyze,
 * {"text":"...","language":"en"} to [{"entity_type","start","end","score"}], positions
 * being code points; of a list of texts a list of such lists.
 */
#include <math.h>

#include "core/json/value.h"
#include "core/protocol/analyze.h"
#include "core/protocol/entities.h"
#include "core/protocol/protocol.h"

struct analyze {
	struct entity_filter	 filter;
	bool			 several;	/* a list of texts */
	bool			 explain;
};

static enum status
list_of_texts(const struct json *d, const char *key, uint32_t *list,
    struct error *err)
{
	uint32_t t;

	*list = json_get_value(d, 0, key);
	if (*list == JSON_NONE)
		return STATUS_OK;
	if (json_kind(d, *list) != TOKEN_ARRAY)
		return error_set(err, STATUS_INVALID, "%s is a list of texts", key);
	for (t = json_first(d, *list); t != JSON_NONE;
	    t = json_next(d, *list, t))
		if (json_kind(d, t) != TOKEN_STRING)
			return error_set(err, STATUS_INVALID,
			    "%s is a list of texts", key);
	if (d->tok[*list].count == 0)
		*list = JSON_NONE;
	return STATUS_OK;
}

/* What would have to be found otherwise than the policy says. */
static enum status
foreign_check(const struct json *d, struct error *err)
{
	uint32_t own = json_get_value(d, 0, "ad_hoc_recognizers");
	uint32_t match = json_get_value(d, 0, "allow_list_match");

	if (own != JSON_NONE && !(json_kind(d, own) == TOKEN_ARRAY &&
	    d->tok[own].count == 0))
		return error_set(err, STATUS_INVALID, "ad_hoc_recognizers are "
		    "not taken; the policy's guards say what is found");
	if (match != JSON_NONE && !(json_kind(d, match) == TOKEN_STRING &&
	    json_string_is(d, match, "exact")))
		return error_set(err, STATUS_INVALID,
		    "allow_list_match is \"exact\"");
	return STATUS_OK;
}

enum status
analyze_texts(struct asked *a, bool *several, struct error *err)
{
	const struct json *d = &a->json;
	uint32_t text = json_get_value(d, 0, "text"), t;
	static const char why[] = "text is a text, or a list of texts";

	if (text == JSON_NONE || (json_kind(d, text) != TOKEN_STRING &&
	    json_kind(d, text) != TOKEN_ARRAY))
		return error_set(err, STATUS_INVALID, "%s", why);
	*several = json_kind(d, text) == TOKEN_ARRAY;
	if (!*several) {
		(void)asked_add(a, text, true);
		return STATUS_OK;
	}
	if (d->tok[text].count > ASKED_TEXTS_MAX)
		return error_set(err, STATUS_INVALID, "text has more than %d",
		    ASKED_TEXTS_MAX);
	for (t = json_first(d, text); t != JSON_NONE; t = json_next(d, text, t)) {
		if (json_kind(d, t) != TOKEN_STRING)
			return error_set(err, STATUS_INVALID, "%s", why);
		(void)asked_add(a, t, true);
	}
	return STATUS_OK;
}

static enum status
analyze_read(struct asked *a, struct error *err)
{
	const struct json *d = &a->json;
	uint32_t score = json_get_value(d, 0, "score_threshold");
	uint32_t explain = json_get_value(d, 0, "return_decision_process");
	struct analyze *o = arena_zalloc(a->arena, sizeof(*o));
	enum status st;

	if ((a->options = o) == NULL)
		return error_nomem(err);
	if ((st = foreign_check(d, err)) != STATUS_OK ||
	    (st = list_of_texts(d, "entities", &o->filter.types, err)) !=
	    STATUS_OK ||
	    (st = list_of_texts(d, "allow_list", &o->filter.allowed, err)) !=
	    STATUS_OK)
		return st;
	if (score != JSON_NONE && json_kind(d, score) != TOKEN_NUMBER)
		return error_set(err, STATUS_INVALID,
		    "score_threshold is a number");
	o->filter.score = score == JSON_NONE ? 0 : json_double(d, score);
	o->explain = explain != JSON_NONE &&
	    json_kind(d, explain) == TOKEN_TRUE;
	return analyze_texts(a, &o->several, err);
}

static void
explanation_write(struct writer *w, const struct finding *f)
{
	write_object(w, "analysis_explanation");
	write_word(w, "recognizer", f->guard);
	write_null(w, "pattern_name");
	write_null(w, "pattern");
	write_double(w, "original_score", f->score);
	write_double(w, "score", f->score);
	write_text(w, "textual_explanation", f->message);
	write_int(w, "score_context_improvement", 0);
	write_word(w, "supportive_context_word", "");
	write_null(w, "validation_result");
	write_end(w);
}

static void
entity_write(struct writer *w, const struct entity *e, bool explain)
{
	write_object(w, NULL);
	write_text(w, "entity_type", e->type);
	write_uint(w, "start", e->start);
	write_uint(w, "end", e->end);
	write_double(w, "score", e->score);
	if (explain)
		explanation_write(w, e->found);
	else
		write_null(w, "analysis_explanation");
	write_end(w);
}

static enum status
analyze_answer(struct asked *a, struct writer *w, struct error *err)
{
	const struct analyze *o = a->options;
	struct entities e;
	enum status st;
	size_t i, k;

	if (o->several)
		write_array(w, NULL);
	for (i = 0; i < a->n; i++) {
		if ((st = entities_found(a, &a->v[i], &o->filter, &e, err)) !=
		    STATUS_OK)
			return st;
		write_array(w, NULL);
		for (k = 0; k < e.n && w->b->n <= ASKED_ANSWER_MAX; k++)
			entity_write(w, &e.v[k], o->explain);
		if ((st = asked_answer_size(w->b->n, err)) != STATUS_OK)
			return st;
		write_end(w);
	}
	if (o->several)
		write_end(w);
	return STATUS_OK;
}

const struct protocol protocol_analyze = {
	.name = "presidio",
	.read = analyze_read,
	.answer = analyze_answer
};
