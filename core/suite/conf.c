#include "core/suite/conf.h"

#include <math.h>
#include <stdlib.h>

#include "core/json/value.h"
#include "core/policy/parse.h"
#include "core/policy/value.h"
#include "core/suite/cases.h"
#include "core/suite/probe.h"

#define IN_FLIGHT_MAX	1000
#define RETRIES_MAX	20

static const struct setting_row suite_settings[] = {
	{ "cases", false }, { "queue", false }, { "prompt", false },
	{ "prompt_file", false }, { "repeat", false },
	{ "probes", VALUE_LIST }, { NULL, false }
};
static const struct setting_row endpoint_settings[] = {
	{ "url", false }, { "model", false }, { "token_env", false },
	{ "proxy", false }, { "params", false }, { "usd_in", false },
	{ "usd_out", false }, { "in_flight", false }, { "retries", false },
	{ "timeout", false }, { NULL, false }
};
static const struct setting_row check_settings[] = {
	{ "when", false }, { "guard", false }, { "rubric", false },
	{ "judge", false }, { "endpoint", false }, { "min", false },
	{ "weight", false }, { "trust", false }, { NULL, false }
};
static const struct setting_row gate_settings[] = {
	{ "pass_rate", false }, { "confidence", false }, { "each", false },
	{ "p95_ms", false }, { "mean_usd", false }, { "baseline", false },
	{ "alpha", false }, { "margin", false }, { "undecided", false },
	{ NULL, false }
};
static const struct section_row gate_row = {
	.name = "gate", .settings = gate_settings, .untitled = true
};
static const struct section_row check_row = {
	.name = "check", .settings = check_settings, .beside = &gate_row
};
static const struct section_row endpoint_row = {
	.name = "endpoint", .settings = endpoint_settings,
	.beside = &check_row
};
static const struct section_row suite_rows[] = {
	{ .name = "suite", .settings = suite_settings, .inner = &endpoint_row }
};

static enum status
refuse(struct error *err, const struct section *s, const struct setting *set)
{
	(void)error_prefix(err, "%s", set->name);
	return position_prefix(err, setting_position(set, 0), s->row->name,
	    s->title);
}

static enum status
missing(struct error *err, const struct section *s, const char *what)
{
	return position_error(err, s->at, "%s \"%s\": %s", s->row->name,
	    s->title, what);
}

static const char *
text(const struct section *s, const char *name)
{
	const struct setting *set = conf_get(s, name);

	return set == NULL ? NULL : set->v[0];
}

/* A number in its bounds; *to stays as it was where it is not set. */
struct bounded {
	const char	*name;
	double		 min, max;
	double		*to;
};

static enum status
numbers(const struct section *s, const struct bounded *b, size_t n,
    struct error *err)
{
	const struct setting *set;
	size_t i;

	for (i = 0; i < n; i++) {
		if ((set = conf_get(s, b[i].name)) == NULL)
			continue;
		if (value_number(set->v[0], b[i].to, err) != STATUS_OK)
			return refuse(err, s, set);
		if (*b[i].to < b[i].min || *b[i].to > b[i].max) {
			(void)error_set(err, STATUS_INVALID,
			    "it is not between %g and %g", b[i].min, b[i].max);
			return refuse(err, s, set);
		}
	}
	return STATUS_OK;
}
#define COUNT(a)	(sizeof(a) / sizeof((a)[0]))

/* A whole number from 1 up; where none will do, 0 too. */
static enum status
whole(const struct section *s, const char *name, bool none, uint64_t max,
    int *to, struct error *err)
{
	const struct setting *set = conf_get(s, name);
	uint64_t n;

	if (set == NULL)
		return STATUS_OK;
	n = 0;
	if (!(none && strcmp(set->v[0], "0") == 0) &&
	    value_count(set->v[0], max, &n, err) != STATUS_OK)
		return refuse(err, s, set);
	*to = (int)n;
	return STATUS_OK;
}

/* An object, whose members go into every request. */
static enum status
params_read(struct suite_reading *r, const struct section *s,
    struct suite_endpoint *e, struct error *err)
{
	const struct setting *set = conf_get(s, "params");
	struct json j = JSON_INIT;
	struct json_error why;
	enum status st = STATUS_OK;

	(void)r;
	if (set == NULL)
		return STATUS_OK;
	e->params = slice_of(set->v[0]);
	if (json_parse(&j, e->params, JSON_DEPTH_MAX, 0, &why) != STATUS_OK)
		st = error_set(err, STATUS_INVALID, "byte %zu: %s", why.offset,
		    why.reason);
	else if (json_kind(&j, 0) != TOKEN_OBJECT)
		st = error_set(err, STATUS_INVALID, "it is no JSON object");
	json_release(&j);
	return st == STATUS_OK ? st : refuse(err, s, set);
}

static enum status
endpoint_make(struct suite_reading *r, const struct section *s,
    struct error *err)
{
	struct suite_endpoint e = { .name = s->title, .usd_in = NAN,
	    .usd_out = NAN, .in_flight = 4, .retries = 3, .timeout_ms = 120000 };
	const struct bounded prices[] = {
		{ "usd_in", 0, 1e6, &e.usd_in }, { "usd_out", 0, 1e6, &e.usd_out }
	};
	const struct setting *set;
	enum status st;
	size_t n;

	e.url = text(s, "url");
	e.model = text(s, "model");
	e.token_env = text(s, "token_env");
	e.proxy = text(s, "proxy");
	if (e.url == NULL || (strncmp(e.url, "http://", 7) != 0 &&
	    strncmp(e.url, "https://", 8) != 0))
		return missing(err, s, "url is wanted, of http or https");
	if ((st = numbers(s, prices, COUNT(prices), err)) != STATUS_OK ||
	    (st = whole(s, "in_flight", false, IN_FLIGHT_MAX, &e.in_flight,
	    err)) != STATUS_OK ||
	    (st = whole(s, "retries", true, RETRIES_MAX, &e.retries, err)) !=
	    STATUS_OK || (st = params_read(r, s, &e, err)) != STATUS_OK)
		return st;
	if ((set = conf_get(s, "timeout")) != NULL &&
	    value_duration(set->v[0], &e.timeout_ms, err) != STATUS_OK)
		return refuse(err, s, set);
	return suite_endpoint_add(r, &e, &n, err);
}

static const struct section *
inner_find(const struct section *s, const char *kind, const char *title)
{
	size_t i;

	for (i = 0; i < s->inner.n; i++)
		if (strcmp(s->inner.v[i].row->name, kind) == 0 &&
		    strcmp(s->inner.v[i].title, title) == 0)
			return &s->inner.v[i];
	return NULL;
}

/* Does some check ask it? */
static bool
judges(const struct section *suite, const char *endpoint)
{
	const char *named;
	size_t i;

	for (i = 0; i < suite->inner.n; i++)
		if ((named = text(&suite->inner.v[i], "endpoint")) != NULL &&
		    strcmp(named, endpoint) == 0)
			return true;
	return false;
}

/* Those that judge come last. */
static enum status
endpoints_make(struct suite_reading *r, const struct section *s,
    struct error *err)
{
	const struct section *e;
	enum status st;
	size_t i;
	int turn;

	for (turn = 0; turn < 2; turn++) {
		for (i = 0; i < s->inner.n; i++) {
			e = &s->inner.v[i];
			if (strcmp(e->row->name, "endpoint") == 0 &&
			    judges(s, e->title) == (turn == 1) &&
			    (st = endpoint_make(r, e, err)) != STATUS_OK)
				return st;
		}
		if (turn == 0)
			r->suite->nvariants = r->nendpoints;
	}
	if (r->suite->nvariants == 0)
		r->suite->nvariants = r->nendpoints;
	return STATUS_OK;
}

static enum status
check_judge(struct suite_reading *r, const struct section *s,
    struct suite_check *c, struct error *err)
{
	const char *named = text(s, "endpoint");

	if (named == NULL)
		return missing(err, s, "a judge needs an endpoint");
	for (c->endpoint = 0; c->endpoint < r->nendpoints; c->endpoint++)
		if (strcmp(r->endpoints[c->endpoint].name, named) == 0)
			return STATUS_OK;
	(void)error_set(err, STATUS_INVALID, "no endpoint of this suite is "
	    "called '%s'", named);
	return refuse(err, s, conf_get(s, "endpoint"));
}

static enum status
check_make(struct suite_reading *r, const struct section *s,
    struct suite_check *c, struct error *err)
{
	const struct bounded bounds[] = {
		{ "min", 0, 1, &c->min }, { "weight", 0, 1e6, &c->weight },
		{ "trust", 0, 1, &c->trust }
	};
	const char *guard = text(s, "guard");
	struct position at;

	*c = (struct suite_check){ .name = s->title, .min = 0.5, .weight = 1,
	    .trust = NAN, .when = text(s, "when"),
	    .rubric = text(s, "rubric"), .judge = text(s, "judge") };
	if ((c->when != NULL) + (guard != NULL) + (c->rubric != NULL) +
	    (c->judge != NULL) != 1)
		return missing(err, s,
		    "one of when, guard, rubric and judge is wanted");
	at = setting_position(&s->settings[0], 0);
	if (c->when != NULL)
		at = setting_position(conf_get(s, "when"), 0);
	if (guard != NULL) {
		at = setting_position(conf_get(s, "guard"), 0);
		if (strchr(guard, '\'') != NULL)
			return missing(err, s, "no guard is called so");
		c->when = arena_printf(r->arena, "NOT failed('%s') AND NOT "
		    "errored('%s')", guard, guard).p;
		if (c->when == NULL)
			return error_nomem(err);
	}
	c->file = at.file;
	c->line = at.line;
	c->column = at.column;
	if (numbers(s, bounds, COUNT(bounds), err) != STATUS_OK)
		return err->code;
	if (c->when != NULL && conf_get(s, "endpoint") != NULL)
		return missing(err, s, "only a judge has an endpoint");
	return c->when == NULL ? check_judge(r, s, c, err) : STATUS_OK;
}

static enum status
checks_make(struct suite_reading *r, const struct section *s,
    struct error *err)
{
	struct suite_check *v = arena_zalloc(r->arena, (s->inner.n + 1) *
	    sizeof(*v));
	enum status st = STATUS_OK;
	size_t i, n = 0;

	if (v == NULL)
		return error_nomem(err);
	for (i = 0; i < s->inner.n && st == STATUS_OK; i++)
		if (strcmp(s->inner.v[i].row->name, "check") == 0)
			st = check_make(r, &s->inner.v[i], &v[n++], err);
	r->suite->checks = v;
	r->suite->nchecks = n;
	return st;
}

static enum status
gate_make(struct suite_reading *r, const struct section *s, struct error *err)
{
	struct suite_gate *g = &r->suite->gate;
	const struct section *gate = inner_find(s, "gate", "");
	const struct bounded bounds[] = {
		{ "pass_rate", 0, 1, &g->pass_rate },
		{ "confidence", 0.5, 0.9999, &g->confidence },
		{ "each", 0, 1, &g->each }, { "p95_ms", 0, 1e9, &g->p95_ms },
		{ "mean_usd", 0, 1e6, &g->mean_usd },
		{ "alpha", 1e-6, 0.5, &g->alpha },
		{ "margin", 0, 1, &g->margin }
	};
	const struct setting *set;
	int choice = UNDECIDED_FAIL;

	if (gate == NULL)
		return STATUS_OK;
	g->set = true;
	g->baseline = text(gate, "baseline");
	if (numbers(gate, bounds, COUNT(bounds), err) != STATUS_OK)
		return err->code;
	if (!isnan(g->confidence) && isnan(g->pass_rate))
		return missing(err, gate, "confidence goes with pass_rate");
	if ((set = conf_get(gate, "undecided")) != NULL &&
	    value_choice(set->v[0], "fail|pass", &choice, err) != STATUS_OK)
		return refuse(err, gate, set);
	g->undecided = (enum undecided)choice;
	return STATUS_OK;
}

/* The text that is sent: of the store, or of a file. */
static enum status
prompt_make(struct suite_reading *r, const struct section *s,
    struct error *err)
{
	const char *stored = text(s, "prompt"), *name = text(s, "prompt_file");
	struct suite_prompt p = { .name = stored, .stored = stored };
	const struct policy_file *f;
	enum status st;
	size_t i;

	if (stored != NULL && name != NULL)
		return missing(err, s, "prompt or prompt_file, not both");
	if (name != NULL) {
		if ((st = load_file(&r->load, s->at.named, name, &f, err)) !=
		    STATUS_OK)
			return refuse(err, s, conf_get(s, "prompt_file"));
		p.name = name;
		p.text = f->bytes;
		for (i = 0; i < p.text.n && (unsigned char)p.text.p[i] <= ' ';)
			i++;
		p.chat = i < p.text.n && p.text.p[i] == '[';
	} else if (stored == NULL)
		return STATUS_OK;
	return suite_prompt_add(r, &p, err);
}

static enum status
probes_read(struct suite_reading *r, const struct section *s,
    struct error *err)
{
	const struct setting *set = conf_get(s, "probes");

	return set == NULL || probe_set(set->v, set->n, &r->suite->probes,
	    err) == STATUS_OK ? STATUS_OK : refuse(err, s, set);
}

enum status
suite_conf_read(struct suite_reading *r, const struct policy_file *file,
    struct error *err)
{
	struct suite *suite = r->suite;
	const struct section *s;
	enum status st;

	r->load.rows = suite_rows;
	r->load.nrows = COUNT(suite_rows);
	if ((st = conf_read(&r->load, file, err)) != STATUS_OK)
		return st;
	if (r->load.top[0].n != 1)
		return error_set(err, STATUS_INVALID, "%s: a suite file has one "
		    "suite", load_shown(&r->load, file->path));
	s = &r->load.top[0].v[0];
	suite->name = s->title;
	suite->queue = text(s, "queue");
	if ((st = whole(s, "repeat", false, SUITE_REPEAT_MAX, &suite->repeat,
	    err)) !=
	    STATUS_OK || (st = prompt_make(r, s, err)) != STATUS_OK ||
	    (st = probes_read(r, s, err)) != STATUS_OK ||
	    (st = endpoints_make(r, s, err)) != STATUS_OK ||
	    (st = checks_make(r, s, err)) != STATUS_OK ||
	    (st = gate_make(r, s, err)) != STATUS_OK)
		return st;
	if (text(s, "cases") == NULL)
		return STATUS_OK;
	if ((st = cases_load(r, s->at.named, text(s, "cases"), err)) ==
	    STATUS_NOT_FOUND)
		return refuse(err, s, conf_get(s, "cases"));
	return st;
}
