/* Assertions about figures: of the text, and of the call that it came from. */
#include <math.h>

#include "core/base/likeness.h"
#include "core/json/value.h"
#include "core/suite/assert_kinds.h"

static void
says(struct assert_verdict *v, bool pass)
{
	v->pass = pass;
	v->score = pass;
}

/* A number of the value's object; else `otherwise`. */
static double
member(const struct json *j, const char *name, double otherwise)
{
	uint32_t t = json_get_value(j, 0, name);

	return t != JSON_NONE && json_kind(j, t) == TOKEN_NUMBER ?
	    json_double(j, t) : otherwise;
}

/* One number, or {"min","max"}. */
static enum status
bounds(const struct assertion *a, double *min, double *max, struct error *err)
{
	struct json j = JSON_INIT;
	struct json_error why;
	enum status st = STATUS_OK;

	if (json_parse(&j, a->text, 8, 0, &why) != STATUS_OK ||
	    (json_kind(&j, 0) != TOKEN_NUMBER &&
	    json_kind(&j, 0) != TOKEN_OBJECT))
		st = error_set(err, STATUS_INVALID,
		    "%s takes a number, or min and max", a->row->name);
	else if (json_kind(&j, 0) == TOKEN_NUMBER)
		*min = *max = json_double(&j, 0);
	else {
		*min = member(&j, "min", 0);
		*max = member(&j, "max", INFINITY);
	}
	json_release(&j);
	return st;
}

static enum status
make_words(struct assertion *a, struct error *err)
{
	double min, max;

	return bounds(a, &min, &max, err);
}

static enum status
run_words(const struct assertion *a, const struct assert_subject *s,
    struct assert_verdict *v, struct error *err)
{
	double n = (double)likeness_words(s->output), min = 0, max = 0;
	enum status st = bounds(a, &min, &max, err);

	if (st != STATUS_OK)
		return st;
	says(v, n >= min && n <= max);
	return v->pass ? STATUS_OK : assert_miss(v, s, err,
	    "%g words, wanted %.*s", n, SLICE_ARG(a->text));
}

static enum status
make_threshold(struct assertion *a, struct error *err)
{
	return isnan(a->threshold) ? error_set(err, STATUS_INVALID,
	    "%s needs a threshold", a->row->name) : STATUS_OK;
}

static enum status
unknown(const struct assertion *a, const char *what, struct error *err)
{
	return error_set(err, STATUS_NOT_FOUND, "%s: the output came without "
	    "%s", a->row->name, what);
}

static enum status
run_latency(const struct assertion *a, const struct assert_subject *s,
    struct assert_verdict *v, struct error *err)
{
	double ms = s->item->latency_ms;

	if (!(ms >= 0))
		return unknown(a, "a latency", err);
	says(v, ms <= a->threshold);
	return v->pass ? STATUS_OK : assert_miss(v, s, err,
	    "%g ms is over %g", ms, a->threshold);
}

static enum status
run_cost(const struct assertion *a, const struct assert_subject *s,
    struct assert_verdict *v, struct error *err)
{
	double usd = s->item->cost_usd;

	if (!(usd >= 0))
		return unknown(a, "a cost", err);
	says(v, usd <= a->threshold);
	return v->pass ? STATUS_OK : assert_miss(v, s, err,
	    "%g USD is over %g", usd, a->threshold);
}

/* 1 / exp(mean log probability); false: not known. */
static bool
perplexity(const struct item *it, double *out)
{
	if (!it->has_confidence || !(it->confidence > 0) ||
	    !slice_is(it->confidence_source, "logprobs"))
		return false;
	*out = 1 / it->confidence;
	return true;
}

static enum status
run_perplexity(const struct assertion *a, const struct assert_subject *s,
    struct assert_verdict *v, struct error *err)
{
	double p;

	if (!perplexity(s->item, &p))
		return unknown(a, "log probabilities", err);
	says(v, p <= a->threshold);
	return v->pass ? STATUS_OK : assert_miss(v, s, err,
	    "perplexity %.3f is over %g", p, a->threshold);
}

static enum status
run_perplexity_score(const struct assertion *a,
    const struct assert_subject *s, struct assert_verdict *v,
    struct error *err)
{
	double p;

	if (!perplexity(s->item, &p))
		return unknown(a, "log probabilities", err);
	v->score = 1 / (1 + p);
	v->pass = v->score >= a->threshold;
	return STATUS_OK;
}

static enum status
run_finish(const struct assertion *a, const struct assert_subject *s,
    struct assert_verdict *v, struct error *err)
{
	static const struct {
		const char	*theirs;
		enum stop	 stop;
	} names[] = {
		{ "stop", STOP_END }, { "length", STOP_LENGTH },
		{ "content_filter", STOP_FILTER }, { "tool_calls", STOP_TOOL }
	};
	size_t i;

	if (s->item->stop == STOP_UNKNOWN)
		return unknown(a, "a reason to stop", err);
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (slice_is(a->text, names[i].theirs))
			says(v, s->item->stop == names[i].stop);
	return v->pass ? STATUS_OK : assert_miss(v, s, err,
	    "the model stopped by: %.*s", SLICE_ARG(stop_name(s->item->stop)));
}

/* What held the answer back, the service or the model itself, is why it stopped. */
static enum status
run_guardrails(const struct assertion *a, const struct assert_subject *s,
    struct assert_verdict *v, struct error *err)
{
	if (s->item->stop == STOP_UNKNOWN)
		return unknown(a, "a reason to stop", err);
	says(v, s->item->stop != STOP_FILTER && s->item->stop != STOP_REFUSAL);
	return v->pass ? STATUS_OK : assert_miss(v, s, err,
	    "it was held back: %.*s", SLICE_ARG(stop_name(s->item->stop)));
}

const struct assert_row assert_figure_rows[] = {
	{ .name = "word-count", .wants = true, .threshold = NAN,
	    .make = make_words, .run = run_words },
	{ .name = "latency", .threshold = NAN, .make = make_threshold,
	    .run = run_latency },
	{ .name = "cost", .threshold = NAN, .make = make_threshold,
	    .run = run_cost },
	{ .name = "perplexity", .threshold = NAN, .make = make_threshold,
	    .run = run_perplexity },
	{ .name = "perplexity-score", .threshold = NAN, .make = make_threshold,
	    .run = run_perplexity_score },
	{ .name = "finish-reason", .wants = true, .threshold = NAN,
	    .run = run_finish },
	{ .name = "guardrails", .threshold = NAN, .run = run_guardrails },
	{ .name = NULL }
};
