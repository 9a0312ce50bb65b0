/* The forms of other tools' results, one function each. */
#include <math.h>

#include "core/base/utf8.h"
#include "core/json/value.h"
#include "queue/loop/import_rows.h"

#define EACH(x, t, list)	(t) = json_first(&(x)->json, (list));	\
	(t) != JSON_NONE; (t) = json_next(&(x)->json, (list), (t))

static bool
is_list(const struct importing *x, uint32_t t)
{
	return t != JSON_NONE && json_kind(&x->json, t) == TOKEN_ARRAY;
}

static bool
is_object(const struct importing *x, uint32_t t)
{
	return t != JSON_NONE && json_kind(&x->json, t) == TOKEN_OBJECT;
}

static enum status
wrong(const struct importing *x, const char *what, struct error *err)
{
	(void)x;
	return error_set(err, STATUS_INVALID, "%s", what);
}

static int64_t
count_of(double v)
{
	return v >= 0 && v < 1e15 ? (int64_t)v : -1;
}

/* promptfoo: {"success","score","provider","prompt","vars","response",...} */

static uint32_t
promptfoo_list(const struct importing *x)
{
	uint32_t t = row_at(x, 0, "results.results");

	return t != JSON_NONE ? t : row_at(x, 0, "results");
}

static bool
promptfoo_is(const struct importing *x)
{
	uint32_t list;

	if (row_at(x, 0, "gradingResult") != JSON_NONE ||
	    (row_at(x, 0, "success") != JSON_NONE &&
	    row_at(x, 0, "provider") != JSON_NONE))
		return true;
	list = promptfoo_list(x);
	return is_list(x, list) && (x->json.tok[list].count == 0 ||
	    row_at(x, list + 1, "success") != JSON_NONE);
}

static struct slice
promptfoo_variant(struct importing *x, uint32_t t)
{
	struct slice provider = row_text(x, t, "provider.label");
	struct slice prompt = row_text(x, t, "prompt.label");

	if (provider.n == 0)
		provider = row_text(x, t, "provider.id");
	if (provider.n == 0)
		provider = row_text(x, t, "provider");
	if (prompt.n == 0)
		return provider;
	prompt = utf8_clip(prompt, 80);
	return arena_printf(&x->arena, "%.*s/%.*s", SLICE_ARG(prompt),
	    SLICE_ARG(provider));
}

static enum status
promptfoo_checks(struct importing *x, uint32_t t, struct error *err)
{
	uint32_t list = row_at(x, t, "gradingResult.componentResults"), c;
	struct slice name;
	enum status st = STATUS_OK;
	uint32_t pass;

	if (!is_list(x, list) || x->json.tok[list].count == 0)
		return row_check(x, SLICE("success"), row_at(x, t, "success"),
		    row_text(x, t, "gradingResult.reason"), err);
	for (EACH(x, c, list)) {
		name = row_text(x, c, "assertion.metric");
		if (name.p == NULL)
			name = row_text(x, c, "assertion.type");
		pass = row_at(x, c, "pass");
		st = row_check_is(x, name.p == NULL ? SLICE("assertion") : name,
		    pass == JSON_NONE ? CHECK_ERROR :
		    json_kind(&x->json, pass) == TOKEN_TRUE ? CHECK_PASSED :
		    CHECK_FAILED, row_number(x, c, "score"),
		    row_text(x, c, "reason"), err);
		if (st != STATUS_OK)
			break;
	}
	return st;
}

static enum status
promptfoo_row(struct importing *x, uint32_t t, struct error *err)
{
	struct slice id = row_text(x, t, "testCase.description");
	uint32_t success = row_at(x, t, "success");
	uint32_t vars = row_at(x, t, "vars");
	struct result *r;
	enum status st;

	if (!is_object(x, t) || success == JSON_NONE)
		return wrong(x, "a result without success", err);
	if (id.n == 0)
		id = row_text(x, t, "description");
	if (id.n == 0 && vars != JSON_NONE)
		id = row_digest(x, json_raw(&x->json, vars), err);
	if (id.n == 0)
		id = row_text(x, t, "testIdx");
	if (id.n == 0)
		return wrong(x, "a result without vars, testIdx or description",
		    err);
	if ((st = row_add(x, promptfoo_variant(x, t), id, &r, err)) !=
	    STATUS_OK)
		return st;
	r->output = row_text(x, t, "response.output");
	r->latency_ms = row_number(x, t, "latencyMs");
	r->cost_usd = row_number(x, t, "cost");
	r->input_tokens = count_of(row_number(x, t,
	    "response.tokenUsage.prompt"));
	r->output_tokens = count_of(row_number(x, t,
	    "response.tokenUsage.completion"));
	if ((st = promptfoo_checks(x, t, err)) != STATUS_OK)
		return st;
	/* A failed assertion is an error to promptfoo too: 2 is one of the call. */
	if (count_of(row_number(x, t, "failureReason")) == 2)
		r->error = row_text(x, t, "error");
	if ((st = row_end(x, r, err)) != STATUS_OK)
		return st;
	if (x->o->score == NULL)
		r->pass = r->error.p == NULL &&
		    json_kind(&x->json, success) == TOKEN_TRUE;
	return STATUS_OK;
}

static enum status
promptfoo_read(struct importing *x, struct error *err)
{
	uint32_t list, t;
	enum status st = STATUS_OK;

	if (row_at(x, 0, "success") != JSON_NONE)
		return promptfoo_row(x, 0, err);
	list = promptfoo_list(x);
	if (!is_list(x, list))
		return wrong(x, "no results.results", err);
	for (EACH(x, t, list))
		if ((st = promptfoo_row(x, t, err)) != STATUS_OK)
			break;
	return st;
}

/* inspect_ai: {"eval":{"task","model"},"samples":[{"id","epoch","scores"}]} */

static bool
inspect_is(const struct importing *x)
{
	return row_at(x, 0, "eval.task") != JSON_NONE &&
	    is_list(x, row_at(x, 0, "samples"));
}

static enum status
inspect_sample(struct importing *x, uint32_t t, struct error *err)
{
	uint32_t scores = row_at(x, t, "scores"), m, value;
	struct slice id = row_text(x, t, "id"), why;
	double seconds = row_number(x, t, "total_time");
	struct result *r;
	enum status st;

	if (id.p == NULL)
		return wrong(x, "a sample without id", err);
	if ((st = row_add(x, row_text(x, 0, "eval.model"), id, &r, err)) !=
	    STATUS_OK)
		return st;
	r->output = row_text(x, t, "output.completion");
	r->error = row_text(x, t, "error.message");
	r->latency_ms = seconds < 0 ? -1 : seconds * 1000;
	if (is_object(x, scores))
		for (EACH(x, m, scores)) {
			value = m + 1;
			if (is_object(x, value))
				value = row_at(x, m + 1, "value");
			why = row_text(x, m + 1, "explanation");
			if ((st = row_check(x, row_value(x, m), value, why,
			    err)) != STATUS_OK)
				return st;
		}
	return row_end(x, r, err);
}

static enum status
inspect_read(struct importing *x, struct error *err)
{
	uint32_t list = row_at(x, 0, "samples"), t;
	enum status st = STATUS_OK;

	x->name = row_text(x, 0, "eval.task").p;
	if (!is_list(x, list))
		return wrong(x, "no samples", err);
	for (EACH(x, t, list))
		if ((st = inspect_sample(x, t, err)) != STATUS_OK)
			break;
	return st;
}

/* The rows of a document: itself, or what its "data" lists. */
static uint32_t
rows_list(const struct importing *x)
{
	return json_kind(&x->json, 0) == TOKEN_ARRAY ? 0 : row_at(x, 0, "data");
}

/* OpenAI: {"object":"eval.run.output_item","status","results","sample"}; a list too */

static bool
is_output_item(const struct importing *x, uint32_t t)
{
	uint32_t o = row_at(x, t, "object");

	return o != JSON_NONE && json_kind(&x->json, o) == TOKEN_STRING &&
	    json_string_is(&x->json, o, "eval.run.output_item");
}

static bool
openai_is(const struct importing *x)
{
	uint32_t list = rows_list(x);

	return is_output_item(x, 0) || (is_list(x, list) &&
	    x->json.tok[list].count > 0 && is_output_item(x, list + 1));
}

/* The text of the last message that the model gave. */
static struct slice
openai_output(struct importing *x, uint32_t t)
{
	uint32_t list = row_at(x, t, "sample.output"), m, last = JSON_NONE;

	if (is_list(x, list))
		for (EACH(x, m, list))
			last = m;
	return last == JSON_NONE ? SLICE_NONE : row_text(x, last, "content");
}

static enum status
openai_checks(struct importing *x, uint32_t t, struct error *err)
{
	uint32_t list = row_at(x, t, "results"), c, passed;
	struct slice name;
	enum status st = STATUS_OK;

	if (!is_list(x, list))
		return STATUS_OK;
	for (EACH(x, c, list)) {
		passed = row_at(x, c, "passed");
		name = row_text(x, c, "name");
		st = row_check(x, name.p == NULL ? SLICE("result") : name,
		    passed != JSON_NONE ? passed : row_at(x, c, "score"),
		    SLICE_NONE, err);
		if (st != STATUS_OK)
			break;
	}
	return st;
}

static enum status
openai_row(struct importing *x, uint32_t t, struct error *err)
{
	struct slice id = row_text(x, t, "datasource_item_id"), status;
	struct slice variant = row_text(x, t, "sample.model");
	struct result *r;
	enum status st;

	if (!is_output_item(x, t) || id.p == NULL)
		return wrong(x, "no eval.run.output_item with a "
		    "datasource_item_id", err);
	if ((st = row_add(x, variant, id, &r, err)) != STATUS_OK)
		return st;
	r->output = openai_output(x, t);
	r->input_tokens = count_of(row_number(x, t,
	    "sample.usage.prompt_tokens"));
	r->output_tokens = count_of(row_number(x, t,
	    "sample.usage.completion_tokens"));
	if ((st = openai_checks(x, t, err)) != STATUS_OK)
		return st;
	status = row_text(x, t, "status");
	if (slice_is(status, "error") || slice_is(status, "errored")) {
		r->error = row_text(x, t, "sample.error.message");
		if (r->error.p == NULL)
			r->error = SLICE("it ended with an error");
	}
	if (x->nchecks == 0 && r->error.p == NULL && (st = row_check_is(x,
	    SLICE("status"), slice_is(status, "pass") ||
	    slice_is(status, "passed") ? CHECK_PASSED : CHECK_FAILED, -1,
	    SLICE_NONE, err)) != STATUS_OK)
		return st;
	return row_end(x, r, err);
}

static enum status
openai_read(struct importing *x, struct error *err)
{
	uint32_t list = rows_list(x), t;
	enum status st = STATUS_OK;

	if (!is_list(x, list))
		return openai_row(x, 0, err);
	for (EACH(x, t, list))
		if ((st = openai_row(x, t, err)) != STATUS_OK)
			break;
	return st;
}

/* oaieval's log: a line with the spec, then events with "type" and "data". */

static bool
oaieval_is(const struct importing *x)
{
	return row_at(x, 0, "spec.eval_name") != JSON_NONE ||
	    (row_at(x, 0, "sample_id") != JSON_NONE && row_at(x, 0,
	    "event_id") != JSON_NONE && row_at(x, 0, "type") != JSON_NONE);
}

static enum status
oaieval_read(struct importing *x, struct error *err)
{
	uint32_t fns = row_at(x, 0, "spec.completion_fns");
	struct slice id = row_text(x, 0, "sample_id");
	struct slice type = row_text(x, 0, "type");
	struct result *r;
	enum status st;

	if (row_at(x, 0, "spec") != JSON_NONE) {
		x->name = row_text(x, 0, "spec.eval_name").p;
		if (is_list(x, fns) && x->json.tok[fns].count > 0)
			x->model = row_value(x, fns + 1).p;
		return STATUS_OK;
	}
	if (!slice_is(type, "match") || id.p == NULL)
		return STATUS_OK;	/* sampling, metrics, the report */
	if ((st = row_add(x, SLICE_NONE, id, &r, err)) != STATUS_OK)
		return st;
	r->output = row_text(x, 0, "data.sampled");
	if ((st = row_check(x, SLICE("match"), row_at(x, 0, "data.correct"),
	    SLICE_NONE, err)) != STATUS_OK)
		return st;
	return row_end(x, r, err);
}

/* Langfuse: {"data":[{"traceId","name","value","dataType"}]}, or a list, or lines. */

static bool
is_score(const struct importing *x, uint32_t t)
{
	return row_at(x, t, "traceId") != JSON_NONE &&
	    row_at(x, t, "name") != JSON_NONE &&
	    (row_at(x, t, "value") != JSON_NONE ||
	    row_at(x, t, "stringValue") != JSON_NONE);
}

static bool
langfuse_is(const struct importing *x)
{
	uint32_t list = rows_list(x);

	return is_score(x, 0) || (is_list(x, list) &&
	    x->json.tok[list].count > 0 && is_score(x, list + 1));
}

static enum status
langfuse_row(struct importing *x, uint32_t t, struct error *err)
{
	struct slice id = row_text(x, t, "traceId");
	struct slice part = row_text(x, t, "observationId");
	uint32_t value = row_at(x, t, "stringValue");
	struct result *r;
	enum status st;

	if (!is_score(x, t))
		return wrong(x, "a score has traceId, name and value", err);
	if (part.n > 0)
		id = arena_printf(&x->arena, "%.*s/%.*s", SLICE_ARG(id),
		    SLICE_ARG(part));
	if (value == JSON_NONE || slice_is(row_text(x, t, "dataType"),
	    "BOOLEAN"))
		value = row_at(x, t, "value");
	if ((st = row_find(x, row_text(x, t, "environment"), id, &r, err)) !=
	    STATUS_OK || (st = row_check(x, row_text(x, t, "name"), value,
	    row_text(x, t, "comment"), err)) != STATUS_OK)
		return st;
	return row_end(x, r, err);
}

static enum status
langfuse_read(struct importing *x, struct error *err)
{
	uint32_t list = rows_list(x), t;
	enum status st = STATUS_OK;

	if (!is_list(x, list))
		return langfuse_row(x, 0, err);
	for (EACH(x, t, list))
		if ((st = langfuse_row(x, t, err)) != STATUS_OK)
			break;
	return st;
}

/* MLflow: {"columns":[...],"data":[[...]]}; columns NAME/score, NAME/v1/score. */

#define COLUMNS_MAX	1000

struct mlflow {
	struct slice	 name[COLUMNS_MAX];
	bool		 score[COLUMNS_MAX];
	size_t		 n;
};

static bool
mlflow_is(const struct importing *x)
{
	return is_list(x, row_at(x, 0, "columns")) &&
	    is_list(x, row_at(x, 0, "data"));
}

static bool
ends_with(struct slice s, const char *end)
{
	return s.n > strlen(end) && memcmp(s.p + s.n - strlen(end), end,
	    strlen(end)) == 0;
}

static enum status
mlflow_row(struct importing *x, const struct mlflow *m, uint32_t row,
    struct error *err)
{
	struct slice id = SLICE_NONE, output = SLICE_NONE, name;
	struct result *r;
	enum status st;
	uint32_t t;
	size_t i = 0;

	for (EACH(x, t, row)) {
		if (i == m->n)
			return wrong(x, "a row with more cells than columns",
			    err);
		name = m->name[i++];
		if (slice_is(name, "inputs") || slice_is(name, "request"))
			id = row_digest(x, json_raw(&x->json, t), err);
		else if (slice_is(name, "id") || slice_is(name, "request_id"))
			id = row_value(x, t);
		else if (slice_is(name, "outputs") || slice_is(name, "response"))
			output = row_value(x, t);
	}
	if (id.p == NULL)
		id = row_digest(x, json_raw(&x->json, row), err);
	if ((st = row_add(x, SLICE_NONE, id, &r, err)) != STATUS_OK)
		return st;
	r->output = output;
	i = 0;
	for (EACH(x, t, row)) {
		if (m->score[i] && json_kind(&x->json, t) != TOKEN_NULL &&
		    (st = row_check(x, m->name[i], t, SLICE_NONE, err)) !=
		    STATUS_OK)
			return st;
		i++;
	}
	return row_end(x, r, err);
}

static enum status
mlflow_read(struct importing *x, struct error *err)
{
	uint32_t columns = row_at(x, 0, "columns"), data = row_at(x, 0, "data");
	struct mlflow *m = arena_zalloc(&x->arena, sizeof(*m));
	enum status st = STATUS_OK;
	uint32_t t;

	if (m == NULL)
		return error_nomem(err);
	if (!is_list(x, columns) || !is_list(x, data))
		return wrong(x, "no columns and data", err);
	for (EACH(x, t, columns)) {
		if (m->n == COLUMNS_MAX)
			return wrong(x, "more than 1000 columns", err);
		m->name[m->n] = row_value(x, t);
		if (ends_with(m->name[m->n], "/score") ||
		    ends_with(m->name[m->n], "/value")) {
			m->score[m->n] = true;
			m->name[m->n].n -= 6;
		}
		m->n++;
	}
	for (EACH(x, t, data)) {
		if (!is_list(x, t))
			return wrong(x, "a row is no list", err);
		if ((st = mlflow_row(x, m, t, err)) != STATUS_OK)
			break;
	}
	return st;
}

const struct import_format import_formats[] = {
	{ "promptfoo", true, promptfoo_is, promptfoo_read },
	{ "inspect", false, inspect_is, inspect_read },
	{ "openai", true, openai_is, openai_read },
	{ "oaieval", true, oaieval_is, oaieval_read },
	{ "langfuse", true, langfuse_is, langfuse_read },
	{ "mlflow", false, mlflow_is, mlflow_read },
	{ NULL, false, NULL, NULL }
};
