#include "queue/loop/import_rows.h"

#include <math.h>
#include <stdlib.h>

#include "core/base/utf8.h"
#include "core/json/value.h"
#include "queue/loop/runs.h"

static enum status
run_of(struct importing *x, struct slice variant, struct import_run **out,
    struct error *err)
{
	struct import_run *r;
	size_t i;

	if (variant.n == 0)
		variant = slice_of(x->model != NULL ? x->model : "imported");
	variant = utf8_clip(variant, RUN_NAME_MAX);
	for (i = 0; i < x->nruns; i++)
		if (slice_is(variant, x->run[i].variant)) {
			*out = &x->run[i];
			return STATUS_OK;
		}
	if (x->nruns == IMPORT_RUNS_MAX)
		return error_set(err, STATUS_LIMIT, "more than %d variants",
		    IMPORT_RUNS_MAX);
	*out = r = &x->run[x->nruns++];
	r->variant = arena_str(&x->arena, variant);
	return r->variant == NULL ? error_nomem(err) : STATUS_OK;
}

/* How often the case came, counted in place. */
static enum status
seen_at(struct import_run *r, const char *id, int **out, struct error *err)
{
	uint32_t at = (uint32_t)r->nseen;
	bool fresh;
	size_t cap;
	int *v;

	if (titles_find(&r->ids, 0, slice_of(id), &at)) {
		*out = &r->seen[at];
		return STATUS_OK;
	}
	if (r->nseen == r->cap) {
		cap = r->cap == 0 ? 256 : r->cap * 2;
		if ((v = realloc(r->seen, cap * sizeof(*v))) == NULL)
			return error_nomem(err);
		r->seen = v;
		r->cap = cap;
	}
	r->seen[r->nseen] = 0;
	*out = &r->seen[r->nseen++];
	return titles_add(&r->ids, 0, id, at, &fresh, err);
}

enum status
row_add(struct importing *x, struct slice variant, struct slice id,
    struct result **out, struct error *err)
{
	struct import_run *r;
	enum status st;
	char *kept;
	int *seen = NULL;

	if ((st = run_of(x, variant, &r, err)) != STATUS_OK)
		return st;
	if ((kept = arena_str(&x->arena, id)) == NULL)
		return error_nomem(err);
	if ((st = seen_at(r, kept, &seen, err)) != STATUS_OK)
		return st;
	if ((*out = results_add(&r->results)) == NULL)
		return error_nomem(err);
	(*out)->id = (struct slice){ kept, id.n };
	(*out)->repeat = ++*seen;
	x->nchecks = 0;
	return STATUS_OK;
}

enum status
row_find(struct importing *x, struct slice variant, struct slice id,
    struct result **out, struct error *err)
{
	struct import_run *r;
	enum status st;
	uint32_t at;

	if ((st = run_of(x, variant, &r, err)) != STATUS_OK)
		return st;
	if (!titles_find(&r->ids, 0, id, &at))
		return row_add(x, variant, id, out, err);
	/* Such a case has one result, and its number. */
	*out = &r->results.v[at];
	x->nchecks = (*out)->nchecks;
	if (x->nchecks > 0)
		memcpy(x->checks, (*out)->checks, x->nchecks *
		    sizeof(*x->checks));
	return STATUS_OK;
}

enum status
row_check_is(struct importing *x, struct slice name, enum check_state state,
    double score, struct slice reason, struct error *err)
{
	struct check_result *c;

	if (x->nchecks == IMPORT_CHECKS_MAX)
		return error_set(err, STATUS_LIMIT, "more than %d scores of one "
		    "case", IMPORT_CHECKS_MAX);
	c = &x->checks[x->nchecks++];
	*c = (struct check_result){ .state = state, .weight = 1,
	    .score = isfinite(score) && score >= 0 ? score : -1,
	    .name = { arena_str(&x->arena, name), name.n } };
	if (state != CHECK_PASSED && reason.p != NULL)
		c->reason = (struct slice){ arena_str(&x->arena, reason),
		    reason.n };
	return c->name.p == NULL || (c->reason.n > 0 && c->reason.p == NULL) ?
	    error_nomem(err) : STATUS_OK;
}

/* Words that tools give as a score; -1: none of them. */
static double
word_score(const struct json *j, uint32_t t)
{
	static const struct {
		const char	*word;
		double		 score;
	} words[] = {
		{ "C", 1 }, { "I", 0 }, { "P", 0.5 }, { "N", 0 },
		{ "pass", 1 }, { "fail", 0 }, { "yes", 1 }, { "no", 0 },
		{ "true", 1 }, { "false", 0 }, { "correct", 1 },
		{ "incorrect", 0 }, { "Y", 1 }, { "True", 1 }, { "False", 0 }
	};
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (json_string_is(j, t, words[i].word))
			return words[i].score;
	return -1;
}

enum status
row_check(struct importing *x, struct slice name, uint32_t value,
    struct slice reason, struct error *err)
{
	double v = -1;
	bool pass = false, known = true;

	switch (value == JSON_NONE ? TOKEN_NULL : json_kind(&x->json, value)) {
	case TOKEN_TRUE:
	case TOKEN_FALSE:
		pass = json_kind(&x->json, value) == TOKEN_TRUE;
		v = pass;
		break;
	case TOKEN_NUMBER:
		v = json_double(&x->json, value);
		pass = v >= x->o->threshold;
		break;
	case TOKEN_STRING:
		v = word_score(&x->json, value);
		known = v >= 0;
		pass = v >= 1;
		break;
	default:
		known = false;
	}
	if (!known && reason.p == NULL)
		reason = SLICE("no score that can be read");
	return row_check_is(x, name, !known ? CHECK_ERROR : pass ?
	    CHECK_PASSED : CHECK_FAILED, v, reason, err);
}

enum status
row_end(struct importing *x, struct result *r, struct error *err)
{
	double sum = 0;
	size_t i, n = 0;
	bool all = true;

	for (i = 0; i < x->nchecks; i++) {
		if (x->o->score != NULL && !slice_is(x->checks[i].name,
		    x->o->score))
			continue;
		n++;
		all = all && x->checks[i].state == CHECK_PASSED;
		sum += x->checks[i].score > 1 ? 1 : x->checks[i].score < 0 ? 0 :
		    x->checks[i].score;
	}
	r->nchecks = x->nchecks;
	r->checks = arena_copy(&x->arena, x->checks, (x->nchecks + 1) *
	    sizeof(*x->checks));
	r->pass = r->error.p == NULL && n > 0 && all;
	r->score = n == 0 ? 0 : sum / (double)n;
	if (n == 0 && r->error.p == NULL)
		r->error = SLICE("it has no score");
	else if (n > 0 && slice_is(r->error, "it has no score"))
		r->error = SLICE_NONE;
	return r->checks == NULL ? error_nomem(err) : STATUS_OK;
}

struct slice
row_value(struct importing *x, uint32_t t)
{
	struct slice s;

	if (t == JSON_NONE || json_kind(&x->json, t) == TOKEN_NULL)
		return SLICE_NONE;
	s = json_kind(&x->json, t) == TOKEN_STRING ?
	    json_text(&x->json, t, &x->arena) : json_raw(&x->json, t);
	s.p = s.p == NULL ? NULL : arena_str(&x->arena, s);
	return s;
}

struct slice
row_text(struct importing *x, uint32_t object, const char *key)
{
	return row_value(x, row_at(x, object, key));
}

uint32_t
row_at(const struct importing *x, uint32_t object, const char *path)
{
	char step[64];
	size_t n;

	while (object != JSON_NONE && json_kind(&x->json, object) ==
	    TOKEN_OBJECT) {
		n = strcspn(path, ".");
		if (n >= sizeof(step))
			return JSON_NONE;
		memcpy(step, path, n);
		step[n] = '\0';
		object = json_get_value(&x->json, object, step);
		if (path[n] == '\0')
			return object;
		path += n + 1;
	}
	return JSON_NONE;
}

double
row_number(const struct importing *x, uint32_t object, const char *path)
{
	uint32_t t = row_at(x, object, path);
	double v;

	if (t == JSON_NONE || json_kind(&x->json, t) != TOKEN_NUMBER)
		return -1;
	v = json_double(&x->json, t);
	return isfinite(v) && v >= 0 ? v : -1;
}

struct slice
row_digest(struct importing *x, struct slice s, struct error *err)
{
	struct hasher *h;
	struct hash sum;
	char hex[HASH_HEX];

	if (hasher_new(&h, err) != STATUS_OK)
		return SLICE_NONE;
	hash_bytes(h, s, &sum);
	hasher_free(h);
	hash_hex(&sum, hex);
	return arena_printf(&x->arena, "row:%.12s", hex);
}
