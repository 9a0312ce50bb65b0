/*
 * OpenAI's moderations: {"input":"..."} or a list to {"id","model","results":[...]},
 * one for each text, or one for a list of parts.  A guard that failed sets the
 * category that its section names; what would not go out as it is, is flagged.
 */
#include "core/json/value.h"
#include "core/policy/policy.h"
#include "core/protocol/content.h"
#include "core/protocol/protocol.h"

/* Those of OpenAI's, which clients expect to be there. */
static const char *const categories[] = {
	"harassment", "harassment/threatening", "hate", "hate/threatening",
	"illicit", "illicit/violent", "self-harm", "self-harm/intent",
	"self-harm/instructions", "sexual", "sexual/minors", "violence",
	"violence/graphic"
};
#define CATEGORIES	(sizeof(categories) / sizeof(categories[0]))

static enum status
moderations_read(struct asked *a, struct error *err)
{
	const struct json *d = &a->json;
	uint32_t input = json_get_value(d, 0, "input"), t;
	uint32_t model = json_get_value(d, 0, "model");
	enum json_kind kind;

	if (model != JSON_NONE && json_kind(d, model) == TOKEN_STRING)
		a->model = value_string(d, model, a->arena);
	kind = input == JSON_NONE ? TOKEN_NULL : json_kind(d, input);
	if (kind != TOKEN_STRING && kind != TOKEN_ARRAY)
		return error_set(err, STATUS_INVALID,
		    "input is a text, a list of texts or a list of parts");
	if (kind == TOKEN_STRING) {
		(void)asked_add(a, input, true);
		a->inputs = 1;
		return STATUS_OK;
	}
	if (d->tok[input].count > ASKED_TEXTS_MAX)
		return error_set(err, STATUS_INVALID, "input has more than %d",
		    ASKED_TEXTS_MAX);
	if ((t = json_first(d, input)) == JSON_NONE ||
	    json_kind(d, t) != TOKEN_STRING) {
		content_parts(a, input);
		a->inputs = t != JSON_NONE;
		return STATUS_OK;
	}
	for (; t != JSON_NONE; t = json_next(d, input, t)) {
		if (json_kind(d, t) != TOKEN_STRING)
			return error_set(err, STATUS_INVALID, "input is a list "
			    "of texts or of parts, not of both");
		(void)asked_add(a, t, true);
		a->inputs++;
	}
	return STATUS_OK;
}

static bool
has_failed(const struct verdict *v, const char *guard)
{
	size_t i;

	for (i = 0; i < v->nfailed; i++)
		if (strcmp(v->failed[i], guard) == 0)
			return true;
	return false;
}

struct score {
	bool	failed;
	double	most;		/* of what such guards found */
};

static void
verdict_score(const struct verdict *v, const char *category, struct score *s)
{
	const struct guard *g;
	size_t i, k;

	for (i = 0; i < v->queue->nguards; i++) {
		g = v->queue->guards[i];
		if (g->category == NULL || strcmp(g->category, category) != 0 ||
		    !has_failed(v, g->name))
			continue;
		s->failed = true;
		for (k = 0; k < v->nfindings; k++)
			if (strcmp(v->findings[k].guard, g->name) == 0 &&
			    v->findings[k].score > s->most)
				s->most = v->findings[k].score;
	}
}

static struct score
input_score(const struct asked *a, uint32_t of, const char *category)
{
	struct score s = { false, 0 };
	size_t i, end;

	for (asked_texts(a, of, &i, &end); i < end; i++)
		if (a->v[i].verdict != NULL)
			verdict_score(a->v[i].verdict, category, &s);
	return s;
}

static bool
is_usual(const char *category)
{
	size_t i;

	for (i = 0; i < CATEGORIES; i++)
		if (strcmp(categories[i], category) == 0)
			return true;
	return false;
}

/* Has a guard before it the same one? */
static bool
is_named_before(const struct queue_policy *q, size_t guard)
{
	size_t i;

	for (i = 0; i < guard; i++)
		if (q->guards[i]->category != NULL &&
		    strcmp(q->guards[i]->category,
		    q->guards[guard]->category) == 0)
			return true;
	return false;
}

enum what { WHAT_FLAG, WHAT_SCORE, WHAT_TYPES };

static void
category_write(const struct asked *a, struct writer *w, uint32_t of,
    const char *category, enum what what)
{
	struct score score = input_score(a, of, category);

	write_name_text(w, slice_of(category));
	if (what == WHAT_FLAG)
		write_bool(w, NULL, score.failed);
	else if (what == WHAT_SCORE)
		write_double(w, NULL, score.most);
	else {
		write_array(w, NULL);
		if (score.failed)
			write_word(w, NULL, "text");
		write_end(w);
	}
}

static const struct queue_policy *
queue_of(const struct asked *a)
{
	size_t i;

	for (i = 0; i < a->n; i++)
		if (a->v[i].verdict != NULL)
			return a->v[i].verdict->queue;
	return NULL;
}

static void
categories_write(const struct asked *a, struct writer *w, uint32_t of,
    const char *name, enum what what)
{
	const struct queue_policy *q = queue_of(a);
	size_t i;

	write_object(w, name);
	for (i = 0; i < CATEGORIES; i++)
		category_write(a, w, of, categories[i], what);
	for (i = 0; q != NULL && i < q->nguards; i++)
		if (q->guards[i]->category != NULL &&
		    !is_usual(q->guards[i]->category) && !is_named_before(q, i))
			category_write(a, w, of, q->guards[i]->category, what);
	write_end(w);
}

static bool
is_flagged(const struct asked *a, uint32_t of)
{
	const struct queue_policy *q = queue_of(a);
	size_t i;

	if (asked_input_fate(a, of) != FATE_PASS)
		return true;
	for (i = 0; q != NULL && i < q->nguards; i++)
		if (q->guards[i]->category != NULL &&
		    input_score(a, of, q->guards[i]->category).failed)
			return true;
	return false;
}

static enum status
moderations_answer(struct asked *a, struct writer *w, struct error *err)
{
	uint32_t of;

	(void)err;
	write_object(w, NULL);
	write_text(w, "id", a->id);
	write_text(w, "model", a->model.p == NULL ? SLICE("handrail") : a->model);
	write_array(w, "results");
	for (of = 0; of < a->inputs; of++) {
		write_object(w, NULL);
		write_bool(w, "flagged", is_flagged(a, of));
		categories_write(a, w, of, "categories", WHAT_FLAG);
		categories_write(a, w, of, "category_scores", WHAT_SCORE);
		categories_write(a, w, of, "category_applied_input_types",
		    WHAT_TYPES);
		write_end(w);
	}
	write_end(w);
	write_end(w);
	return STATUS_OK;
}

const struct protocol protocol_moderations = {
	.name = "moderations",
	.read = moderations_read,
	.answer = moderations_answer
};
