/* Assertions: what each says of an output, beside the program they come from. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/arena.h"
#include "core/json/value.h"
#include "core/json/write.h"
#include "core/pattern/pattern.h"
#include "core/suite/assert.h"
#include "core/suite/fill.h"

#define INNER_MAX	8

static struct arena arena;
static struct scratch *scratch;
static struct json json;

static struct slice
text_of(const char *key, uint32_t object)
{
	uint32_t t = json_get_value(&json, object, key);

	return t == JSON_NONE ? SLICE_NONE : json_text(&json, t, &arena);
}

static double
number_of(const char *key, uint32_t object, double otherwise)
{
	uint32_t t = json_get_value(&json, object, key);

	return t == JSON_NONE ? otherwise : json_double(&json, t);
}

/* The assertion of one object of the oracle's form. */
static enum status
assertion_read(uint32_t t, struct assertion *a, struct error *err)
{
	struct slice type = text_of("type", t);
	uint32_t v = json_get(&json, t, "value"), list, i;
	struct assertion *inner;
	enum status st;

	memset(a, 0, sizeof(*a));
	a->name = arena_str(&arena, type);
	a->row = assert_find(a->name, &a->inverse);
	assert_non_null(a->row);
	a->threshold = number_of("threshold", t, NAN);
	a->weight = number_of("weight", t, 1);
	if (v != JSON_NONE)
		a->value = json_raw(&json, v);
	if ((list = json_get_value(&json, t, "assert")) != JSON_NONE) {
		inner = arena_zalloc(&arena, INNER_MAX * sizeof(*inner));
		for (i = json_first(&json, list); i != JSON_NONE;
		    i = json_next(&json, list, i))
			if ((st = assertion_read(i, &inner[a->ninner++],
			    err)) != STATUS_OK)
				return st;
		a->inner = inner;
	}
	return assert_make(a, &arena, err);
}

/* One test: its verdict and score. */
static enum status
test_read(struct slice output, uint32_t asserts, double threshold, bool *pass,
    double *score, struct error *err)
{
	struct item item = { .output = output, .output_is_string = true,
	    .cost_usd = 0, .latency_ms = 1, .stop = STOP_END };
	struct assert_subject s = { &item, output, &arena, scratch };
	struct assert_sum sum = { 0, 0, false };
	struct assert_verdict v;
	struct assertion a;
	enum status st = STATUS_OK;
	uint32_t t;

	for (t = json_first(&json, asserts); t != JSON_NONE && st == STATUS_OK;
	    t = json_next(&json, asserts, t)) {
		if ((st = assertion_read(t, &a, err)) == STATUS_OK &&
		    (st = assert_run(&a, &s, &v, err)) == STATUS_OK)
			assert_count(&sum, a.weight, &v);
		assert_release(&a);
	}
	assert_sum_end(&sum, threshold, pass, score);
	return st;
}

static int
setup(void **state)
{
	struct error err = { 0 };

	(void)state;
	return scratch_new(&scratch, &err) == STATUS_OK ? 0 : -1;
}

static int
teardown(void **state)
{
	(void)state;
	scratch_free(scratch);
	json_release(&json);
	arena_release(&arena);
	return 0;
}

/* "OUTPUT | ASSERTS | PASS SCORE" of what is not told by the oracle. */
static void
test_each_kind(void **state)
{
	static const struct {
		const char	*output, *asserts;
		bool		 pass;
		double		 score;
	} rows[] = {
		{ "Zürich", "[{'type':'icontains','value':'ZÜRICH'}]", true, 1 },
		{ "a b", "[{'type':'not-contains','value':'c'}]", true, 1 },
		{ "{'a':[1,2]}", "[{'type':'equals','value':{'a':[1,2.0]}}]",
		    true, 1 },
		{ "{'a':[2,1]}", "[{'type':'equals','value':{'a':[1,2]}}]",
		    false, 0 },
		{ "no", "[{'type':'not-equals','value':{'a':1}}]", true, 1 },
		{ "abc", "[{'type':'regex','value':'^a.c$'}]", true, 1 },
		{ "kitten", "[{'type':'levenshtein','value':'sitting',"
		    "'threshold':3}]", true, 1 },
		{ "kitten", "[{'type':'levenshtein','value':'sitting',"
		    "'threshold':2}]", false, 0 },
		{ "the cat sat", "[{'type':'rouge-n','value':'the cat ran',"
		    "'threshold':0.6}]", true, 2.0 / 3 },
		{ "so: {'a':'}'} ok", "[{'type':'contains-json','value':"
		    "{'required':['a']}}]", true, 1 },
		{ "{'b':1} {'a':1}", "[{'type':'contains-json','value':"
		    "{'required':['a']}}]", true, 1 },
		{ "{{{{", "[{'type':'not-contains-json'}]", true, 1 },
		{ "{'a':'x'}", "[{'type':'is-json','value':"
		    "'properties:\\n  a: {type: number}'}]", false, 0 },
		{ "see <b>this</b> & that", "[{'type':'contains-xml'}]", true,
		    1 },
		{ "a < b and c > d", "[{'type':'contains-html'}]", false, 0 },
		{ "one two", "[{'type':'word-count','value':{'max':2}}]", true,
		    1 },
		{ "x", "[{'type':'finish-reason','value':'stop'}]", true, 1 },
		{ "x", "[{'type':'finish-reason','value':'length'}]", false,
		    0 },
		{ "a", "[{'type':'contains','value':'b','weight':0},"
		    "{'type':'contains','value':'a'}]", true, 1 },
		{ "[{'function':{'name':'f','arguments':'{}'}}]",
		    "[{'type':'is-valid-openai-tools-call'}]", true, 1 },
		{ "[{'function':{'name':'f','arguments':'{'}}]",
		    "[{'type':'is-valid-openai-tools-call'}]", false, 0 },
		{ "   ", "[{'type':'is-refusal'}]", true, 1 }
	};
	char asserts[512], output[256], *p;
	struct json_error why;
	struct error err = { 0 };
	double score;
	size_t i;
	bool pass;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		(void)snprintf(asserts, sizeof(asserts), "%s", rows[i].asserts);
		(void)snprintf(output, sizeof(output), "%s", rows[i].output);
		for (p = asserts; (p = strchr(p, '\'')) != NULL;)
			*p = '"';
		for (p = output; (p = strchr(p, '\'')) != NULL;)
			*p = '"';
		assert_int_equal(json_parse(&json, slice_of(asserts), 64, 0,
		    &why), STATUS_OK);
		if (test_read(slice_of(output), 0, NAN, &pass, &score, &err) !=
		    STATUS_OK)
			fail_msg("%s: %s", asserts, err.text);
		if (pass != rows[i].pass || fabs(score - rows[i].score) > 1e-9)
			fail_msg("%s of %s: %d %g", asserts, output, pass,
			    score);
	}
}

static void
test_what_cannot_be_told_is_no_pass(void **state)
{
	static const char asserts[] = "[{\"type\":\"not-cost\","
	    "\"threshold\":1}]";
	struct item item = { .cost_usd = -1, .latency_ms = -1 };
	struct assert_subject s = { &item, SLICE("x"), &arena, scratch };
	struct assert_verdict v;
	struct json_error why;
	struct error err = { 0 };
	struct assertion a;
	bool inverse;

	(void)state;
	assert_int_equal(json_parse(&json, slice_of(asserts), 64, 0, &why),
	    STATUS_OK);
	assert_int_equal(assertion_read(1, &a, &err), STATUS_OK);
	assert_int_equal(assert_run(&a, &s, &v, &err), STATUS_NOT_FOUND);
	assert_string_equal(err.text, "cost: the output came without a cost");
	assert_false(v.pass);
	assert_int_equal(assert_find("trajectory:step-count", &inverse)->how,
	    ASSERT_NOT);
	assert_null(assert_find("is-jsn", &inverse));
	error_clear(&err);
	assert_int_equal(json_parse(&json, SLICE("[{\"type\":\"contains\"}]"),
	    64, 0, &why), STATUS_OK);
	assert_int_equal(assertion_read(1, &a, &err), STATUS_INVALID);
}

/*
 * All verdicts of the real program.  Where ours differ, and should, the line says
 * why.
 */
static const struct {
	const char	*type, *output;	/* the output begins so */
	const char	*why;
} differ[] = {
	{ NULL, NULL, NULL }
};

static bool
may_differ(const char *type, struct slice output)
{
	size_t i;

	for (i = 0; differ[i].type != NULL; i++)
		if (strcmp(type, differ[i].type) == 0 && strncmp(output.p,
		    differ[i].output, strlen(differ[i].output)) == 0)
			return true;
	return false;
}

/* The variable o was the output. */
static void
template_fill(char *line, size_t size, struct slice output)
{
	struct buf b = BUF_INIT, vars = BUF_INIT;
	struct writer w = WRITER(&vars, WRITE_KEPT);
	struct json j = JSON_INIT;
	struct json_error why;
	struct error err = { 0 };

	write_object(&w, NULL);
	write_text(&w, "o", output);
	write_end(&w);
	assert_int_equal(json_parse(&j, buf_slice(&vars), 64, 0, &why),
	    STATUS_OK);
	assert_int_equal(fill_json(slice_of(line), &j, &b, &err), STATUS_OK);
	assert_true(b.n < size);
	memcpy(line, buf_str(&b), b.n + 1);
	json_release(&j);
	buf_release(&b);
	buf_release(&vars);
}

static void
test_verdicts_are_theirs(void **state)
{
	const char *dir = getenv("HANDRAIL_SHARED");
	static char line[65536];
	struct slice output, type;
	struct json_error why;
	struct error err;
	char path[4096];
	double score, want;
	int wrong = 0, n = 0;
	uint32_t asserts;
	bool pass;
	FILE *f;

	(void)state;
	(void)snprintf(path, sizeof(path),
	    "%s/data/loop/promptfoo_assertions.jsonl",
	    dir == NULL ? "../shared" : dir);
	if ((f = fopen(path, "r")) == NULL) {
		print_message("skipped: no data under $HANDRAIL_SHARED\n");
		skip();
	}
	for (; fgets(line, sizeof(line), f) != NULL; n++) {
		memset(&err, 0, sizeof(err));
		assert_int_equal(json_parse(&json, slice_of(line), 64,
		    JSON_NUL_ALLOWED, &why), STATUS_OK);
		output = text_of("output", 0);
		asserts = json_get_value(&json, 0, "assert");
		type = text_of("type", asserts + 1);
		if (strstr(line, "{{") != NULL) {
			template_fill(line, sizeof(line), output);
			assert_int_equal(json_parse(&json, slice_of(line), 64,
			    JSON_NUL_ALLOWED, &why), STATUS_OK);
			output = text_of("output", 0);
			asserts = json_get_value(&json, 0, "assert");
			type = text_of("type", asserts + 1);
		}
		want = number_of("score", 0, 0);
		if (test_read(output, asserts, number_of("threshold", 0, NAN),
		    &pass, &score, &err) == STATUS_OK &&
		    pass == (json_kind(&json, json_get(&json, 0, "pass")) ==
		    TOKEN_TRUE) && fabs(score - want) < 1e-6)
			continue;
		if (may_differ(arena_str(&arena, type), output))
			continue;
		print_error("%d: %.*s of %.*s: %d %g %s\n", n + 1,
		    SLICE_ARG(type), SLICE_ARG(output), pass, score, err.text);
		wrong++;
	}
	(void)fclose(f);
	assert_int_equal(n, 387);
	assert_int_equal(wrong, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_kind),
		cmocka_unit_test(test_what_cannot_be_told_is_no_pass),
		cmocka_unit_test(test_verdicts_are_theirs)
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
