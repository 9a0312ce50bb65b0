/* What a condition saw, in values. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "core/judge/why.h"
#include "core/json/write.h"

static struct caller_guard caller = {
	.name = { "toxicity", 8 }, .result = RESULT_FAIL, .score = 0.75
};
static const struct finding finding = {
	.guard = "pii", .kind = { "EMAIL_ADDRESS", 13 },
	.severity = SEVERITY_MEDIUM, .score = 0.5
};
static const struct guard_error broken = { .guard = "judge" };

/* {"name":value} of a condition, and the words of what holds in it or does not. */
static void
is(const char *condition, bool holding, const char *json, const char *words)
{
	const struct item item = {
		.has_confidence = true, .confidence = 0.58,
		.metadata = SLICE("{\"amount\":1240,\"who\":{\"tier\":\"gold\"},"
		    "\"tags\":[\"a\",\"b\"],\"text\":\"1240\",\"none\":null}"),
		.output = SLICE("{\"total\":-3}"), .model = SLICE("m-1"),
		.cost_usd = -1, .latency_ms = 640, .input_tokens = -1,
		.output_tokens = 7, .guards = &caller, .nguards = 1
	};
	const struct why_facts facts = { &item, &finding, 1, &broken, 1, 2,
	    SEVERITY_MEDIUM };
	const struct rule rule = { .name = "r", .when = condition };
	static const struct guard pii = { .name = "pii" };
	static const struct guard *guards[] = { &pii };
	static const char *const expects[] = { "toxicity" };
	const struct queue_policy queue = { .rules = &rule, .nrules = 1,
	    .guards = guards, .nguards = 1, .expects = expects,
	    .nexpects = 1 };
	struct error err = { STATUS_OK, "" };
	struct arena arena = ARENA_INIT;
	struct buf b = BUF_INIT;
	struct writer w = WRITER(&b, WRITE_KEPT);
	struct why_rule *why = NULL;
	struct slice text;

	assert_int_equal(why_rules(&queue, &facts, &arena, &why, &err),
	    STATUS_OK);
	write_object(&w, NULL);
	why_write(&w, &why[0]);
	write_end(&w);
	/* {"because": ... } */
	assert_int_equal(b.n > 12, 1);
	assert_string_equal(buf_str(&b) + 11, json);
	text = because_text(why[0].because, why[0].n, holding, &arena);
	buf_clear(&b);
	buf_add_slice(&b, text);
	assert_string_equal(buf_str(&b), words);
	buf_release(&b);
	arena_release(&arena);
}

static void
test_columns(void **state)
{
	(void)state;
	is("confidence < 0.92", true, "{\"confidence\":0.58}}",
	    "confidence 0.58 < 0.92");
	is("confidence >= 0.92", false, "{\"confidence\":0.58}}",
	    "confidence 0.58 < 0.92");
	is("CONFIDENCE >= .92 and failures = 0", false,
	    "{\"confidence\":0.58,\"failures\":2}}",
	    "confidence 0.58 < .92, failures 2 != 0");
	is("confidence < 0.92 OR model = 'm-2'", true,
	    "{\"confidence\":0.58,\"model\":\"m-1\"}}", "confidence 0.58 < 0.92");
	is("model <> 'm-1'", false, "{\"model\":\"m-1\"}}",
	    "model \"m-1\" = 'm-1'");
	is("cost_usd > 1", true, "{\"cost_usd\":null}}", "cost_usd null");
	is("latency_ms BETWEEN 1 AND 2 AND severity = 2", false,
	    "{\"latency_ms\":640,\"severity\":2}}",
	    "latency_ms 640, severity 2 = 2");
	is("(confidence) > 0.1 -- confidence < 9", true,
	    "{\"confidence\":0.58}}", "confidence 0.58 > 0.1");
	is("output LIKE '%x%'", true, "{}}", "");
}

/* Functions have a value, and so have the columns that they take. */
static void
test_functions(void **state)
{
	(void)state;
	is("length(model) > 3", false,
	    "{\"length(model)\":3,\"model\":\"m-1\"}}", "length(model) 3 <= 3");
	is("words(output) >= 1 AND length( output ) < 100", true,
	    "{\"words(output)\":1,\"length( output )\":12}}",
	    "words(output) 1 >= 1, length( output ) 12 < 100");
	is("lower(metadata->'who'->>'tier') = 'gold'", true,
	    "{\"lower(metadata->'who'->>'tier')\":\"gold\","
	    "\"tier\":\"gold\"}}",
	    "lower(metadata->'who'->>'tier') \"gold\" = 'gold'");
	is("coalesce(score('toxicity'), 0) > 0.5", true,
	    "{\"coalesce(score('toxicity'), 0)\":0.75,"
	    "\"score('toxicity')\":0.75}}",
	    "coalesce(score('toxicity'), 0) 0.75 > 0.5");
	is("round(max(confidence, 0.1) * 10) = 6", true,
	    "{\"round(max(confidence, 0.1) * 10)\":6,"
	    "\"max(confidence, 0.1)\":0.58,\"confidence\":0.58}}",
	    "round(max(confidence, 0.1) * 10) 6 = 6");
	/* true by itself */
	is("instr(output, 'total') OR failures > 2", true,
	    "{\"instr(output, 'total')\":3,\"failures\":2}}",
	    "instr(output, 'total') 3");
	is("NOT (instr(output, 'gone')) AND failures > 2", false,
	    "{\"instr(output, 'gone')\":0,\"failures\":2}}",
	    "failures 2 <= 2");
	/* more than one value on a side: what each was, and no comparison */
	is("2 * length(model) > 5", true,
	    "{\"length(model)\":3,\"model\":\"m-1\"}}",
	    "length(model) 3, model \"m-1\"");
	is("-failures < -1", true, "{\"failures\":2}}", "failures 2");
	is("failures > 5 * 10", false, "{\"failures\":2}}", "failures 2");
	is("1 - confidence < 0.5 AND failures = 2", true,
	    "{\"confidence\":0.58,\"failures\":2}}", "failures 2 = 2");
	is("metadata->>'text' > 500", true, "{\"text\":\"1240\"}}",
	    "text \"1240\"");
	/* no functions */
	is("model IN ('m-1', 'm-2') AND (failures) IN (1, 2)", true,
	    "{\"model\":\"m-1\",\"failures\":2}}", "model \"m-1\", "
	    "failures 2");
	/* too long a text, and what fails for this item */
	is("replace(output, 'total', hex(randomblob(9))) = 'x'", true, "{}}",
	    "");
	is("printf('%300d', failures) = ''", true, "{\"failures\":2}}",
	    "failures 2");
	is("json_extract(model, '$.a') = 1 OR failures = 2", true,
	    "{\"model\":\"m-1\",\"failures\":2}}", "failures 2 = 2");
}

static void
test_arrows(void **state)
{
	(void)state;
	is("num(metadata->>'amount') > 500", true, "{\"amount\":1240}}",
	    "amount 1240 > 500");
	is("num(metadata->>'text') > 500", true, "{\"text\":\"1240\"}}",
	    "text \"1240\" > 500");
	is("metadata->>'$.who.tier' = 'gold'", true,
	    "{\"who.tier\":\"gold\"}}", "who.tier \"gold\" = 'gold'");
	is("metadata->'who'->>'tier' = 'silver'", false,
	    "{\"tier\":\"gold\"}}", "tier \"gold\" != 'silver'");
	is("metadata->>'$.tags[1]' = 'b'", true, "{\"tags[1]\":\"b\"}}",
	    "tags[1] \"b\" = 'b'");
	is("metadata->'tags'->>0 = 'a'", true, "{\"0\":\"a\"}}",
	    "0 \"a\" = 'a'");
	is("metadata->>'gone' IS NULL", true, "{\"gone\":null}}", "gone null");
	is("num(output->>'total') > -5", true, "{\"total\":-3}}",
	    "total -3 > -5");
}

static void
test_guards(void **state)
{
	(void)state;
	is("failed('pii') OR failed('toxicity') OR failed('secrets')", true,
	    "{\"failed('pii')\":true,\"failed('toxicity')\":true,"
	    "\"failed('secrets')\":false}}", "pii failed, toxicity failed");
	is("failed('secrets')", false, "{\"failed('secrets')\":false}}",
	    "secrets did not fail");
	is("NOT failed('pii')", false, "{\"failed('pii')\":true}}",
	    "pii failed");
	is("errored('judge')", true, "{\"errored('judge')\":true}}",
	    "judge could not run");
	is("score('toxicity') > 0.5", true, "{\"score('toxicity')\":0.75}}",
	    "score('toxicity') 0.75 > 0.5");
	is("score('other') > 0.5", false, "{\"score('other')\":null}}",
	    "score('other') null");
	is("kind('pii', 'EMAIL_ADDRESS')", true,
	    "{\"kind('pii', 'EMAIL_ADDRESS')\":true}}",
	    "kind('pii', 'EMAIL_ADDRESS') true");
	is("confidence < 1 AND confidence > 0", true, "{\"confidence\":0.58}}",
	    "confidence 0.58 < 1");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_columns), cmocka_unit_test(test_arrows),
		cmocka_unit_test(test_guards),
		cmocka_unit_test(test_functions)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
