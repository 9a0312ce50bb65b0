/* Guard kind "json-schema": what a reviewer is told of an output. */
#include "tests/unit/guard_test.h"
#include "tests/unit/values.h"

static const char order[] =
    "{\"type\":\"object\",\"required\":[\"id\",\"lines\"],"
    "\"additionalProperties\":false,\"properties\":{"
    "\"id\":{\"type\":\"string\",\"pattern\":\"^[A-Z]{2}-[0-9]+$\"},"
    "\"mail\":{\"type\":\"string\",\"format\":\"email\"},"
    "\"lines\":{\"type\":\"array\",\"minItems\":1,\"items\":{"
    "\"type\":\"object\",\"required\":[\"qty\"],\"properties\":{"
    "\"qty\":{\"type\":\"integer\",\"minimum\":1}}}}}}";

static struct policy_file schema_file = { "order.schema.json", { NULL, 0 } };

static void
begin(struct guard_test *t, const char *schema)
{
	struct option_value *v;

	guard_test_init(t, "json-schema");
	schema_file.bytes = slice_of(schema);
	v = guard_test_option(t, "schema");
	v->files = &schema_file;
	v->nfiles = 1;
}

static void
expect(struct guard_test *t, size_t i, const char *text, const char *kind,
    const char *span, const char *message)
{
	const struct finding *f = &t->found.v[i];

	assert_op(i, <, t->found.n);
	if (!slice_is(f->kind, kind) || !slice_is(f->message, message) ||
	    !slice_eq(slice_of(span), (struct slice){ text + f->start,
	    f->end - f->start }))
		fail_msg("%.*s: %.*s, over %.*s", SLICE_ARG(f->kind),
		    SLICE_ARG(f->message), (int)(f->end - f->start),
		    text + f->start);
}

static void
test_valid_output_passes(void **state)
{
	struct guard_test t;

	(void)state;
	begin(&t, order);
	assert_int_equal(guard_test_run(&t,
	    " {\"id\": \"AB-1\", \"lines\": [{\"qty\": 2}]}\n"), 0);
	guard_test_release(&t);
}

static void
test_failures_name_their_place(void **state)
{
	static const char text[] =
	    "{\"id\": \"ab\", \"x/y\": 1, \"lines\": [{\"qty\": 2}, "
	    "{\"qty\": \"three\"}, {}, {\"qty\": 0}]}";
	struct guard_test t;

	(void)state;
	begin(&t, order);
	assert_int_equal(guard_test_run(&t, text), 5);
	expect(&t, 0, text, "pattern", "\"ab\"", "/id: expected a match of the "
	    "pattern ^[A-Z]{2}-[0-9]+$, got string \"ab\"");
	expect(&t, 1, text, "additionalProperties", "1",
	    "/x~1y: the property \"x/y\" is not allowed");
	expect(&t, 2, text, "type", "\"three\"",
	    "/lines/1/qty: expected integer, got string \"three\"");
	expect(&t, 3, text, "required", "{}",
	    "/lines/2: the property \"qty\" is missing");
	expect(&t, 4, text, "minimum", "0",
	    "/lines/3/qty: expected a number of at least 1, got number 0");
	guard_test_release(&t);
}

static void
test_what_is_no_json(void **state)
{
	struct guard_test t;

	(void)state;
	begin(&t, order);
	guard_test_one(&t, "I cannot help.", "not-json", "I");
	guard_test_one(&t, "{\"id\": \"AB-1\", \"id\": 2}", "duplicate-key",
	    "\"");
	guard_test_one(&t, "{\"id\": 1} thanks", "not-json", "t");
	assert_int_equal(guard_test_run(&t, ""), 1);
	assert_slice(t.found.v[0].kind, "not-json");
	guard_test_release(&t);
}

static void
test_cut_off_is_said_and_not_mended(void **state)
{
	static const char *const cut[] = { "{", "{\"id\"", "{\"id\": \"A",
	    "{\"id\": tr", "[1, 2", "{\"a\": \"\\u00", "[\"\\ud83d",
	    "[\"\\ud83d\\ud" };
	struct guard_test t;

	(void)state;
	begin(&t, order);
	for (size_t i = 0; i < sizeof(cut) / sizeof(cut[0]); i++)
		guard_test_one(&t, cut[i], "cut-off", cut[i]);
	guard_test_release(&t);
}

static void
test_other_json_is_the_instance(void **state)
{
	struct guard_test t;
	struct guard_run r;

	(void)state;
	begin(&t, "{\"type\": \"object\"}");
	assert_int_equal(guard_test_compile(&t), STATUS_OK);
	r = (struct guard_run){ SLICE("[1]"), false, NULL, t.scratch, &t.arena,
	    &t.found, "test", t.kind };
	assert_int_equal(t.kind->run(t.compiled, &r, &t.err), STATUS_OK);
	assert_int_equal(t.found.n, 1);
	expect(&t, 0, "[1]", "type", "[1]", "expected object, got array [1]");
	guard_test_release(&t);
}

static void
test_extract(void **state)
{
	struct guard_test t;

	(void)state;
	begin(&t, "{\"type\": \"object\", \"properties\": {\"a\": "
	    "{\"type\": \"integer\"}}}");
	guard_test_number(&t, "extract", 1);
	assert_int_equal(guard_test_run(&t, "{\"a\": 1}"), 0);
	assert_int_equal(guard_test_run(&t, "Sure! Here {it} is:\n"
	    "```json\n{\"a\": 1}\n```\nAnything else?"), 0);
	assert_int_equal(guard_test_run(&t, "The answer: {\"a\": 1}."), 0);
	guard_test_one(&t, "So:\n```json\n{\"a\": \"one\"}\n```\n", "type",
	    "\"one\"");
	guard_test_one(&t, "The answer: {\"a\": false}.", "type", "false");
	guard_test_one(&t, "None here.", "not-json", "None here.");
	guard_test_one(&t, "Either {\"a\": 1} or {\"a\": 2}.", "several",
	    "{\"a\": 2}");
	guard_test_one(&t, "```json\n{\"a\": 1,\n", "cut-off", "{\"a\": 1,");
	guard_test_one(&t, "It is {\"a\": [{\"b\": 1}, {", "cut-off",
	    "{\"a\": [{\"b\": 1}, {");
	guard_test_release(&t);
}

static void
test_formats_only_where_asked(void **state)
{
	static const char text[] = "{\"id\": \"AB-1\", \"mail\": \"nobody\", "
	    "\"lines\": [{\"qty\": 1}]}";
	struct guard_test t;

	(void)state;
	begin(&t, order);
	assert_int_equal(guard_test_run(&t, text), 0);
	guard_test_release(&t);
	begin(&t, order);
	guard_test_number(&t, "format", 1);
	guard_test_one(&t, text, "format", "\"nobody\"");
	guard_test_release(&t);
}

static void
test_remotes_come_from_the_folder(void **state)
{
	static const struct policy_file folder[] = {
		{ "sub/count.json", { "{\"type\": \"integer\"}", 19 } }
	};
	struct option_value *v;
	struct guard_test t;

	(void)state;
	begin(&t, "{\"$ref\": \"https://example.com/schemas/sub/count.json\"}");
	assert_int_equal(guard_test_compile(&t), STATUS_INVALID);
	assert_string_equal(t.err.text, "order.schema.json: #/$ref: no schema "
	    "has the URI https://example.com/schemas/sub/count.json, and none "
	    "was given for it");
	error_clear(&t.err);
	guard_test_string(&t, "remotes_base", "https://example.com/schemas/");
	v = guard_test_option(&t, "remotes");
	v->files = folder;
	v->nfiles = 1;
	assert_int_equal(guard_test_run(&t, "3"), 0);
	assert_int_equal(guard_test_run(&t, "3.5"), 1);
	guard_test_release(&t);
}

/* One of many schemas that is wrong is named by its file and its place there. */
static void
test_a_wrong_remote_is_named(void **state)
{
	const struct policy_file folder[] = {
		{ "a.json", SLICE("{\"type\": \"integer\"}") },
		{ "sub/b.json", SLICE("{\"items\": {\"type\": \"int\"}}") },
		{ "sub/c.json", SLICE("{\"items\"}") }
	};
	struct option_value *v;
	struct guard_test t;

	(void)state;
	begin(&t, "{\"$ref\": \"https://example.com/s/sub/b.json\"}");
	guard_test_string(&t, "remotes_base", "https://example.com/s");
	v = guard_test_option(&t, "remotes");
	v->string = "parts";
	v->files = folder;
	v->nfiles = 3;
	assert_int_equal(guard_test_compile(&t), STATUS_INVALID);
	assert_string_equal(t.err.text, "order.schema.json: parts/sub/b.json"
	    "#/items/type: expected array, boolean, integer, null, number, "
	    "object or string");
	error_clear(&t.err);
	schema_file.bytes =
	    SLICE("{\"$ref\": \"https://example.com/s/sub/c.json\"}");
	assert_int_equal(guard_test_compile(&t), STATUS_INVALID);
	assert_non_null(strstr(t.err.text,
	    "order.schema.json: parts/sub/c.json: byte "));
	guard_test_release(&t);
}

/* What OpenAI's API wants around a schema is not the schema. */
static void
test_wrapper(void **state)
{
	static const char *const before[] = {
		"{\"name\":\"answer\",\"strict\":true,\"schema\":",
		"{\"strict\":false,\"schema\":",
		"{\"name\":\"answer\",\"description\":\"x\",\"schema\":",
		"{\"type\":\"json_schema\",\"name\":\"answer\",\"schema\":",
		"{\"type\":\"json_schema\",\"json_schema\":{\"strict\":true,\"schema\":"
	};
	struct guard_test t;
	char text[300];

	(void)state;
	for (size_t i = 0; i < sizeof(before) / sizeof(before[0]); i++) {
		(void)snprintf(text, sizeof(text), "%s%s%s", before[i],
		    "{\"$ref\":\"#/$defs/a\",\"$defs\":{\"a\":{\"type\":"
		    "\"object\",\"required\":[\"a\"]}}}",
		    i == 4 ? "}}" : "}");
		begin(&t, text);
		guard_test_one(&t, "{\"b\":1}", "required", NULL);
		guard_test_none(&t, "{\"a\":1}");
		assert_null(t.kind->doubt(t.compiled));
		guard_test_release(&t);
	}
	begin(&t, "{\"name\":\"a\",\"strict\":true,\"schema\":"
	    "{\"required\":1}}");
	assert_int_equal(guard_test_compile(&t), STATUS_INVALID);
	assert_string_equal(t.err.text, "order.schema.json: the schema in it: "
	    "#/required: expected an array of strings");
	guard_test_release(&t);
	/* One of whose properties is named so is none. */
	begin(&t, "{\"name\":\"a\",\"required\":[\"b\"],\"schema\":{}}");
	guard_test_one(&t, "{}", "required", NULL);
	guard_test_release(&t);
}

static void
test_a_schema_that_checks_nothing(void **state)
{
	struct guard_test t;

	(void)state;
	begin(&t, "{\"name\":\"f\",\"parameters\":{\"type\":\"object\"}}");
	assert_int_equal(guard_test_compile(&t), STATUS_OK);
	assert_string_equal(t.kind->doubt(t.compiled), "schema: "
	    "order.schema.json: no JSON can fail it, since no keyword of JSON "
	    "Schema in it asks for anything (is the schema in "
	    "\"parameters\"?)");
	guard_test_release(&t);
	begin(&t, order);
	assert_int_equal(guard_test_compile(&t), STATUS_OK);
	assert_null(t.kind->doubt(t.compiled));
	guard_test_release(&t);
}

static void
test_draft_where_the_schema_names_none(void **state)
{
	static const char schema[] =
	    "{\"minimum\": 1, \"exclusiveMinimum\": true}";
	struct guard_test t;

	(void)state;
	begin(&t, schema);
	assert_int_equal(guard_test_compile(&t), STATUS_INVALID);
	assert_string_equal(t.err.text, "order.schema.json: "
	    "#/exclusiveMinimum: expected a number");
	error_clear(&t.err);
	guard_test_number(&t, "draft", 0);	/* 4 */
	assert_int_equal(guard_test_run(&t, "1"), 1);
	assert_int_equal(guard_test_run(&t, "1.5"), 0);
	guard_test_release(&t);
}

static void
test_a_flood_of_failures_is_cut(void **state)
{
	struct guard_test t;
	struct buf b = BUF_INIT;

	(void)state;
	begin(&t, "{\"items\": {\"type\": \"string\"}}");
	buf_putc(&b, '[');
	for (int i = 0; i < 5000; i++)
		buf_printf(&b, "%d,", i);
	buf_puts(&b, "0]");
	assert_int_equal(guard_test_run(&t, buf_str(&b)), 50);
	buf_release(&b);
	guard_test_release(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_valid_output_passes),
		cmocka_unit_test(test_failures_name_their_place),
		cmocka_unit_test(test_what_is_no_json),
		cmocka_unit_test(test_cut_off_is_said_and_not_mended),
		cmocka_unit_test(test_other_json_is_the_instance),
		cmocka_unit_test(test_extract),
		cmocka_unit_test(test_formats_only_where_asked),
		cmocka_unit_test(test_remotes_come_from_the_folder),
		cmocka_unit_test(test_a_wrong_remote_is_named),
		cmocka_unit_test(test_wrapper),
		cmocka_unit_test(test_a_schema_that_checks_nothing),
		cmocka_unit_test(test_draft_where_the_schema_names_none),
		cmocka_unit_test(test_a_flood_of_failures_is_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
