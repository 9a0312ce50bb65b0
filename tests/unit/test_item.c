/* The native record: what is read of it, and every refusal with its place. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "core/base/time.h"
#include "core/item/item.h"
#include "tests/unit/values.h"
#include "core/shape/read.h"

struct fixture {
	struct arena		arena;
	struct item_reader	reader;
	struct item		item;
	unsigned		n;
	struct error		err;
};

static void
setup(struct fixture *f)
{
	memset(f, 0, sizeof(*f));
	f->reader.arena = &f->arena;
}

static void
teardown(struct fixture *f)
{
	item_reader_release(&f->reader);
	arena_release(&f->arena);
}

static enum status
take(void *arg, const struct item *item, struct error *err)
{
	struct fixture *f = arg;

	(void)err;
	f->item = *item;
	f->n++;
	return STATUS_OK;
}

static enum status
read_one(struct fixture *f, struct slice record)
{
	f->n = 0;
	error_clear(&f->err);
	return item_read(&f->reader, record, take, f, &f->err);
}

static void
test_whole_record(void **state)
{
	static const char text[] = "{\"id\":\"tkt-4711-2\",\"queue\":\"support\","
	    "\"model\":\"gpt-4o-2024-11-20\",\"prompt\":\"refund-reply@3\","
	    "\"variant\":\"A\",\"messages\":[{\"role\":\"user\",\"content\":"
	    "\"...\"}],\"context\":[{\"title\":\"refund policy\",\"text\":"
	    "\"...\"}],\"output\":\"You will get 30 EUR back.\\n\","
	    "\"confidence\":0.87,\"confidence_source\":\"ours\",\"logprobs\":"
	    "[-0.01,-0.5],\"guards\":[{\"name\":\"toxicity\",\"result\":\"fail\","
	    "\"score\":0.91,\"severity\":\"high\",\"spans\":[[3,9]],\"message\":"
	    "\"rude\"},{\"name\":\"x\",\"result\":\"pass\",\"severity\":null}],"
	    "\"usage\":{\"input_tokens\":812,\"output_tokens\":64},\"cost_usd\":"
	    "0.0021,\"latency_ms\":640,\"created_at\":\"2026-11-23T10:00:00Z\","
	    "\"metadata\":{\"amount\":30,\"lang\":\"en\"},\"other\":[1]}";
	struct fixture f;
	struct item *i = &f.item;
	char time[TIME_TEXT];

	(void)state;
	setup(&f);
	assert_int_equal(read_one(&f, SLICE(text)), STATUS_OK);
	assert_int_equal(f.n, 1);
	assert_slice(i->record, text);
	assert_int_equal(i->choice, 0);
	assert_null(i->input.p);
	assert_string_equal(i->shape, "native");
	assert_slice(i->id, "tkt-4711-2");
	assert_slice(i->queue, "support");
	assert_slice(i->model, "gpt-4o-2024-11-20");
	assert_slice(i->prompt, "refund-reply@3");
	assert_slice(i->variant, "A");
	assert_true(i->output_is_string);
	assert_slice(i->output, "You will get 30 EUR back.\n");
	assert_true(i->has_confidence);
	assert_op(i->confidence, ==, 0.87);
	assert_slice(i->confidence_source, "ours");
	assert_slice(i->messages, "[{\"role\":\"user\",\"content\":\"...\"}]");
	assert_slice(i->metadata, "{\"amount\":30,\"lang\":\"en\"}");
	assert_int_equal(i->nguards, 2);
	assert_slice(i->guards[0].name, "toxicity");
	assert_int_equal(i->guards[0].result, RESULT_FAIL);
	assert_int_equal(i->guards[0].severity, SEVERITY_HIGH);
	assert_op(i->guards[0].score, ==, 0.91);
	assert_int_equal(i->guards[0].nspans, 1);
	assert_int_equal(i->guards[0].spans[0][1], 9);
	assert_slice(i->guards[0].message, "rude");
	assert_int_equal(i->guards[1].result, RESULT_PASS);
	assert_int_equal(i->guards[1].severity, SEVERITY_NONE);
	assert_true(isnan(i->guards[1].score));
	assert_null(i->guards[1].message.p);
	assert_int_equal(i->input_tokens, 812);
	assert_int_equal(i->output_tokens, 64);
	assert_op(i->cost_usd, ==, 0.0021);
	assert_op(i->latency_ms, ==, 640);
	time_format(i->created_ms, time);
	assert_string_equal(time, "2026-11-23T10:00:00.000Z");
	teardown(&f);
}

static void
test_bare_record(void **state)
{
	struct fixture f;
	struct item *i = &f.item;

	(void)state;
	setup(&f);
	assert_int_equal(read_one(&f, SLICE("{\"output\":null,\"id\":null,"
	    "\"confidence\":null,\"guards\":null,\"usage\":{\"input_tokens\":"
	    "null}}")), STATUS_OK);
	assert_false(i->output_is_string);
	assert_slice(i->output, "null");
	assert_slice(i->queue, "default");
	assert_int_equal(i->id.n, 7 + 32);
	assert_memory_equal(i->id.p, "sha256:", 7);
	assert_false(i->has_confidence);
	assert_null(i->model.p);
	assert_null(i->metadata.p);
	assert_int_equal(i->input_tokens, -1);
	assert_int_equal(i->created_ms, -1);
	assert_op(i->cost_usd, ==, -1);
	/* printf '%s' '{"output":""}' | sha256sum */
	assert_int_equal(read_one(&f, SLICE("{\"output\":\"\"}")), STATUS_OK);
	assert_slice(i->id, "sha256:f28a27b01532278ae73c5c57ecb30575");
	assert_non_null(i->output.p);
	assert_int_equal(i->output.n, 0);
	teardown(&f);
}

static void
test_confidence_of_logprobs(void **state)
{
	struct fixture f;

	(void)state;
	setup(&f);
	assert_int_equal(read_one(&f, SLICE("{\"output\":{\"a\":[1]},"
	    "\"logprobs\":[-0.1,-0.3,null,-9999.0]}")), STATUS_OK);
	assert_op(fabs(f.item.confidence - exp(-0.2)), <, 1e-12);
	assert_slice(f.item.confidence_source, "logprobs");
	assert_slice(f.item.output, "{\"a\":[1]}");
	assert_int_equal(read_one(&f, SLICE("{\"output\":1,\"logprobs\":[]}")),
	    STATUS_OK);
	assert_false(f.item.has_confidence);
	teardown(&f);
}

/* Of what others' guards found, and of counts and times: why it is refused. */
static void
test_refused_members(void **state)
{
	static const struct {
		const char	*record, *why;
	} rows[] = {
		{ "{\"output\":1,\"guards\":[{\"name\":\"x\",\"result\":\"fail\","
		    "\"severity\":7}]}", "severity is not a string" },
		{ "{\"output\":1,\"guards\":[{\"name\":\"x\",\"result\":\"fail\","
		    "\"kind\":7}]}", "kind is not a string" },
		{ "{\"output\":1,\"guards\":[{\"name\":\"x\",\"result\":\"fail\","
		    "\"message\":7}]}", "message is not a string" },
		{ "{\"output\":1,\"guards\":[{\"name\":\"x\",\"result\":\"fail\","
		    "\"score\":\"x\"}]}", "score is not a number" },
		{ "{\"output\":1,\"guards\":[{\"name\":\"x\",\"result\":\"fail\","
		    "\"spans\":7}]}", "a guard's spans are not an array" },
		{ "{\"output\":1,\"guards\":[{\"name\":\"x\",\"result\":\"fail\","
		    "\"spans\":[7]}]}", "a guard's span is not [start,end]" },
		{ "{\"output\":1,\"guards\":[{\"name\":\"x\",\"result\":\"fail\","
		    "\"spans\":[[1]]}]}", "a guard's span is not [start,end]" },
		{ "{\"output\":1,\"guards\":[{\"name\":\"x\",\"result\":\"fail\","
		    "\"spans\":[[1,2,3]]}]}", "a guard's span is not [start,end]" },
		{ "{\"output\":1,\"guards\":[{\"name\":\"x\",\"result\":\"fail\","
		    "\"spans\":[[\"a\",1]]}]}", "a guard's span is not [start,end]" },
		{ "{\"output\":1,\"guards\":[{\"name\":\"x\",\"result\":\"fail\","
		    "\"spans\":[[-1,2]]}]}", "a guard's span is not [start,end]" },
		{ "{\"output\":1,\"guards\":[{\"name\":\"x\",\"result\":\"fail\","
		    "\"spans\":[[0,99999999999]]}]}", "a guard's span is not [start,end]" },
		{ "{\"output\":1,\"guards\":[{\"name\":\"x\",\"result\":\"fail\","
		    "\"spans\":[[0.5,2]]}]}", "a guard's span is not [start,end]" },
		{ "{\"output\":1,\"guards\":7}",
		    "guards is not an array" },
		{ "{\"output\":1,\"guards\":[7]}",
		    "a guard is not an object" },
		{ "{\"output\":1,\"guards\":[{\"name\":7}]}",
		    "name is not a string" },
		{ "{\"output\":1,\"guards\":[{\"name\":\"\",\"result\":\"pass\"}]}",
		    "a guard without" },
		{ "{\"output\":1,\"guards\":[{\"name\":\"x\",\"result\":7}]}",
		    "is not pass, fail or error" },
		{ "{\"output\":1,\"guards\":[{\"name\":\"x\",\"result\":null}]}",
		    "without" },
		{ "{\"output\":1,\"usage\":7}",
		    "usage is not an object" },
		{ "{\"output\":1,\"usage\":{\"output_tokens\":-1}}",
		    "output_tokens is not a count" },
		{ "{\"output\":1,\"logprobs\":7}",
		    "logprobs is not an array" },
		{ "{\"output\":1,\"created_at\":7}",
		    "created_at is not a string" },
		{ "{\"output\":1,\"created_at\":\"soon\"}",
		    "created_at is not an RFC 3339 time" },
		{ "{\"output\":1,\"context\":[7]}",
		    "context holds what is not an object" },
	};
	struct fixture f;
	size_t i;

	(void)state;
	setup(&f);
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_int_equal(read_one(&f, slice_of(rows[i].record)), STATUS_INVALID);
		if (strstr(f.err.text, rows[i].why) == NULL)
			fail_msg("%s: %s", rows[i].record, f.err.text);
	}
	teardown(&f);
}

static void
test_refusals(void **state)
{
	static const struct {
		const char	*record, *why;
	} rows[] = {
		{ "nope", "byte 0: expected a value" },
		{ "3", "byte 0: not an object" },
		{ "[]", "byte 0: an empty array" },
		{ "[3]", "byte 1: not an object" },
		{ "[{\"output\":1}]", "byte 0: an array of records that come "
		    "one a line (jq -c '.[]' makes lines of it)" },
		{ "[{\"a\":1}]", "byte 1: no \"output\" and no known shape: its "
		    "keys are a" },
		{ "{\"output\":1,\"output\":2}", "byte 12: duplicate key" },
		{ "{\"output\":\"\xff\"}", "byte 11: invalid "
		    "UTF-8; if it is Windows-1252: iconv -f WINDOWS-1252 -t UTF-8" },
		{ "{\"output\":\"\\u0000\"}", "byte 11: NUL in a string" },
		{ "{\"output\":1,\"confidence\":1.1}",
		    "byte 25: confidence is outside 0..1" },
		{ "{\"output\":1,\"confidence\":-0.1}",
		    "byte 25: confidence is outside 0..1" },
		{ "{\"output\":1,\"confidence\":\"0.5\"}",
		    "byte 25: confidence is not a number" },
		{ "{\"output\":1,\"confidence\":1e999}",
		    "byte 25: confidence is too large a number" },
		{ "{\"output\":1,\"id\":7}", "byte 17: id is not a string" },
		{ "{\"output\":1,\"model\":[]}",
		    "byte 20: model is not a string" },
		{ "{\"output\":1,\"messages\":{}}",
		    "byte 23: messages is not an array" },
		{ "{\"output\":1,\"messages\":[\"x\"]}",
		    "byte 24: messages holds what is not an object" },
		{ "{\"output\":1,\"metadata\":[]}",
		    "byte 23: metadata is not an object" },
		{ "{\"output\":1,\"usage\":{\"input_tokens\":1.5}}",
		    "byte 36: input_tokens is not a count" },
		{ "{\"output\":1,\"cost_usd\":-1}",
		    "byte 23: cost_usd is below 0" },
		{ "{\"output\":1,\"latency_ms\":true}",
		    "byte 25: latency_ms is not a number" },
		{ "{\"output\":1,\"logprobs\":[\"a\"]}",
		    "byte 24: logprobs is not a number" },
		{ "{\"output\":1,\"created_at\":\"yesterday\"}",
		    "byte 25: created_at is not an RFC 3339 time" },
		{ "{\"output\":1,\"guards\":[{\"name\":\"x\"}]}",
		    "byte 22: a guard without \"result\"" },
		{ "{\"output\":1,\"guards\":[{\"result\":\"pass\"}]}",
		    "byte 22: a guard without \"name\"" },
		{ "{\"output\":1,\"guards\":[{\"name\":\"x\",\"result\":\"ok\"}]}",
		    "byte 43: a guard's result is not pass, fail or error" },
		{ "{\"output\":1,\"guards\":[{\"name\":\"x\",\"result\":\"fail\","
		    "\"severity\":\"bad\"}]}", "byte 61: a guard's severity is "
		    "not info, low, medium, high or critical" },
		{ "{\"output\":1,\"guards\":[{\"name\":\"x\",\"result\":\"fail\","
		    "\"spans\":[[2,1]]}]}", "byte 59: a guard's span is not "
		    "[start,end]" },
		{ "{\"a\":1}", "byte 0: no \"output\" and no known shape: its "
		    "keys are a" }
	};
	struct fixture f;
	size_t i;

	(void)state;
	setup(&f);
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_int_equal(read_one(&f, slice_of(rows[i].record)),
		    STATUS_INVALID);
		assert_string_equal(f.err.text, rows[i].why);
		assert_int_equal(f.n, 0);
	}
	teardown(&f);
}

static void
test_limits(void **state)
{
	struct buf b = BUF_INIT;
	struct fixture f;
	int n;

	(void)state;
	setup(&f);
	for (n = 256; n <= 257; n++) {
		buf_clear(&b);
		buf_printf(&b, "{\"output\":1,\"prompt\":\"%0*d\"}", n, 0);
		assert_int_equal(read_one(&f, buf_slice(&b)), n == 256 ?
		    STATUS_OK : STATUS_INVALID);
	}
	assert_string_equal(f.err.text, "byte 21: prompt is over 256 bytes");
	buf_clear(&b);
	buf_printf(&b, "{\"output\":\"%0*d\"}", 8 << 20, 0);
	assert_int_equal(read_one(&f, buf_slice(&b)), STATUS_INVALID);
	assert_string_equal(f.err.text, "the record is over 8 MiB");
	buf_clear(&b);
	buf_printf(&b, "{\"output\":%s%s}",
	    "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[",
	    "]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]");
	assert_int_equal(read_one(&f, buf_slice(&b)), STATUS_INVALID);
	assert_string_equal(f.err.text, "byte 73: depth over 64");
	buf_release(&b);
	teardown(&f);
}

/* Names of other shapes too have an end, and are not cut to it. */
static void
test_names_have_an_end(void **state)
{
	static const struct {
		const char	*before, *after, *why;
	} rows[] = {
		{ "{\"choices\":[{\"message\":{\"content\":\"a\"}}],\"id\":\"",
		    "\"}", "is over 256 bytes" },
		{ "{\"choices\":[{\"message\":{\"content\":\"a\"}}],\"model\":\"",
		    "\"}", "is over 256 bytes" },
		{ "{\"output\":1,\"guards\":[{\"result\":\"pass\",\"name\":\"",
		    "\"}]}", "a guard's name is over 256 bytes" },
	};
	char name[ITEM_NAME_MAX + 2], text[1024];
	struct fixture f;
	size_t i;

	(void)state;
	setup(&f);
	memset(name, 'n', sizeof(name));
	name[ITEM_NAME_MAX + 1] = '\0';
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		(void)snprintf(text, sizeof(text), "%s%s%s", rows[i].before, name,
		    rows[i].after);
		assert_int_equal(read_one(&f, slice_of(text)), STATUS_INVALID);
		if (strstr(f.err.text, rows[i].why) == NULL)
			fail_msg("%s: %s", text, f.err.text);
		(void)snprintf(text, sizeof(text), "%s%s%s", rows[i].before,
		    name + 1, rows[i].after);
		assert_int_equal(read_one(&f, slice_of(text)), STATUS_OK);
	}
	teardown(&f);
}

/* No answer is none whatever its text is: where it failed, or was kept back. */
static void
test_what_is_an_answer(void **state)
{
	static const char kept_back[] = "{\"output\":{\"type\":\"x\",\"text\":"
	    "\"redacted-by-litellm\"}}";
	static const char quoted[] = "{\"output\":\"<a redacted-by-litellm text>\"}";
	static const char listed[] = "{\"output\":{\"t\":\"redacted-by-litellm\"}}";
	static const char said[] = "{\"output\":\"a\",\"tools\":[{\"name\":\"f\"}],"
	    "\"context\":[\"as text\",{\"text\":\"b\"}]}";
	struct fixture f;

	(void)state;
	setup(&f);
	assert_int_equal(read_one(&f, SLICE(said)), STATUS_OK);
	assert_slice(f.item.tools, "[{\"name\":\"f\"}]");
	assert_true(item_answers(&f.item));
	f.item.stop = STOP_FILTER;
	assert_false(item_answers(&f.item));
	f.item.stop = STOP_ERROR;
	assert_false(item_answers(&f.item));
	f.item.stop = STOP_LENGTH;
	assert_true(item_answers(&f.item));
	f.item.fault = FAULT_BROKEN;
	assert_false(item_answers(&f.item));
	f.item.fault = FAULT_NONE;
	f.item.silent = true;
	assert_false(item_answers(&f.item));
	assert_int_equal(read_one(&f, SLICE(kept_back)), STATUS_INVALID);
	assert_non_null(strstr(f.err.text, "the sender redacted the answer"));
	assert_int_equal(read_one(&f, SLICE(quoted)), STATUS_OK);
	assert_int_equal(read_one(&f, SLICE(listed)), STATUS_OK);
	teardown(&f);
}

static void
test_reread(void **state)
{
	struct fixture f;
	struct item_stored stored = { .choice = 0 };
	struct item again;

	(void)state;
	setup(&f);
	assert_int_equal(read_one(&f, SLICE("{\"output\":\"a\",\"id\":\"x\"}")),
	    STATUS_OK);
	stored.record = f.item.record;
	assert_int_equal(item_reread(&f.reader, &stored, &again, &f.err),
	    STATUS_OK);
	assert_slices(again.id, f.item.id);
	stored.choice = 2;
	assert_int_equal(item_reread(&f.reader, &stored, &again, &f.err),
	    STATUS_NOT_FOUND);
	teardown(&f);
}

static void
test_time(void **state)
{
	static const struct {
		const char	*text;
		int64_t		 ms;
	} good[] = {
		{ "1970-01-01T00:00:00Z", 0 },
		{ "2026-11-23T10:00:00Z", 1795428000000 },
		{ "2026-11-23t10:00:00.1239z", 1795428000123 },
		{ "2026-11-23 12:00:00+02:00", 1795428000000 },
		{ "2026-11-22T23:30:00-10:30", 1795428000000 },
		{ "2000-02-29T00:00:00Z", 951782400000 },
		{ "1969-12-31T23:59:59.000Z", -1000 }
	};
	static const char *const bad[] = { "", "2026-11-23", "2026-11-23T10:00Z",
	    "2026-02-29T00:00:00Z", "2026-13-01T00:00:00Z",
	    "2026-11-23T24:00:00Z", "2026-11-23T10:00:00", "2026-11-23T10:00:00.Z",
	    "2026-11-23T10:00:00Zx", "2026-11-23T10:00:00+0200",
	    "1900-02-29T00:00:00Z", "26-11-23T10:00:00Z" };
	char out[TIME_TEXT];
	int64_t ms, back;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		assert_true(time_parse(slice_of(good[i].text), &ms));
		assert_op(ms, ==, good[i].ms);
	}
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(time_parse(slice_of(bad[i]), &ms));
	for (ms = -62167219200000; ms < 253402300799999; ms += 98765432101) {
		time_format(ms, out);
		assert_true(time_parse(slice_of(out), &back));
		assert_op(back, ==, ms);
	}
	time_format(INT64_MAX, out);
	assert_string_equal(out, "9999-12-31T23:59:59.999Z");
	/* What a damaged store says goes as far as there are numbers. */
	assert_op(time_between(INT64_MIN, 5), ==, INT64_MAX);
	assert_op(time_between(5, INT64_MIN), ==, -INT64_MAX);
	assert_op(time_between(7, 5), ==, -2);
	assert_op(time_after(INT64_MAX, 5), ==, INT64_MAX);
	assert_op(time_after(INT64_MIN, -5), ==, -INT64_MAX);
	assert_op(time_after(5, -7), ==, -2);
}

static void
test_local_time(void **state)
{
	static const struct { const char *zone, *text; } row[] = {
		{ "UTC0", "2026-07-01T12:00:00Z" },
		{ "CET-1CEST,M3.5.0,M10.5.0/3", "2026-07-01T14:00:00+02:00" },
		{ "NST3:30", "2026-07-01T08:30:00-03:30" }
	};
	char out[TIME_LOCAL];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
		assert_int_equal(setenv("TZ", row[i].zone, 1), 0);
		tzset();
		time_local(1782907200000, out);
		assert_string_equal(out, row[i].text);
	}
	time_local(INT64_MAX, out);
	assert_string_equal(out, "");
	assert_int_equal(unsetenv("TZ"), 0);
}

/* Every record of the real data goes in, and keeps its id. */
static void
test_real_data(void **state)
{
	static const char *const files[] = { "faithbench", "halueval",
	    "pii-generated-large", "xstest-gpt4", "xstest-mistralguard" };
	const char *dir = getenv("HANDRAIL_SHARED");
	char path[4096], *line = NULL;
	size_t i, cap = 0, n = 0;
	struct fixture f;
	ssize_t len;
	FILE *in;

	(void)state;
	setup(&f);
	for (i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		(void)snprintf(path, sizeof(path), "%s/data/%s.items.jsonl",
		    dir == NULL ? "../shared" : dir, files[i]);
		if ((in = fopen(path, "r")) == NULL) {
			print_message("no %s: skipped\n", path);
			teardown(&f);
			skip();
		}
		while ((len = getline(&line, &cap, in)) > 0) {
			assert_int_equal(read_one(&f, (struct slice){ line,
			    (size_t)len }), STATUS_OK);
			n += f.n;
			arena_reset(&f.arena);
		}
		(void)fclose(in);
	}
	free(line);
	assert_int_equal(n, 6418);
	teardown(&f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_whole_record),
		cmocka_unit_test(test_bare_record),
		cmocka_unit_test(test_confidence_of_logprobs),
		cmocka_unit_test(test_refusals),
		cmocka_unit_test(test_refused_members),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_names_have_an_end),
		cmocka_unit_test(test_what_is_an_answer),
		cmocka_unit_test(test_reread),
		cmocka_unit_test(test_time),
		cmocka_unit_test(test_local_time),
		cmocka_unit_test(test_real_data),
	};

	return cmocka_run_group_tests_name("item", tests, NULL, NULL);
}
