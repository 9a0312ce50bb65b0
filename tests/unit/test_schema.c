/* Schemas that are wrong, values that are hostile, and what is said of both. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/base/cpu.h"
#include "core/json/number.h"
#include "core/schema/asks.h"
#include "core/schema/compile.h"
#include "core/schema/regex.h"
#include "core/schema/schema.h"
#include "core/schema/uri.h"
#include "tests/unit/values.h"
#include "core/schema/validate.h"

static const struct schema_options plain = { SCHEMA_2020_12, false, NULL, NULL };

/* From one look at the clock to the next, however slow the machine is. */
static int64_t tick_ns = 100000000;

int64_t
cpu_ns(void)
{
	static int64_t ns;

	return ns += tick_ns;
}

/* The failures of one run, a line each: "pointer keyword: message". */
struct told {
	char	text[4000];
	size_t	n;
};

static enum status
tell(void *arg, const struct schema_failure *f, struct error *err)
{
	struct told *t = arg;

	(void)err;
	t->n += (size_t)snprintf(t->text + t->n, sizeof(t->text) - t->n,
	    "%.*s %s: %.*s\n", SLICE_ARG(f->pointer), f->keyword,
	    SLICE_ARG(f->message));
	assert_op(t->n, <, sizeof(t->text));
	return STATUS_OK;
}

static struct schema *
compile(const char *text, const struct schema_options *o)
{
	struct error err = { STATUS_OK, "" };
	struct schema *s;

	if (schema_compile(&s, slice_of(text), o, &err) != STATUS_OK)
		fail_msg("%s", err.text);
	return s;
}

static enum status
run(const struct schema *s, struct slice value, struct told *told, bool *valid)
{
	struct json d = JSON_INIT;
	struct json_error why;
	struct arena arena = ARENA_INIT;
	struct error err = { STATUS_OK, "" };
	enum status st;

	told->n = 0;
	told->text[0] = '\0';
	assert_int_equal(json_parse(&d, value, 4000, JSON_NUL_ALLOWED, &why),
	    STATUS_OK);
	st = schema_validate(s, &d, &arena, tell, told, valid, &err);
	assert_int_equal(st, err.code);
	arena_release(&arena);
	json_release(&d);
	return st;
}

static void
says(const char *schema, const char *value, const char *expected)
{
	struct schema *s = compile(schema, &plain);
	struct told told;
	bool valid;

	assert_int_equal(run(s, slice_of(value), &told, &valid), STATUS_OK);
	assert_string_equal(told.text, expected);
	assert_int_equal(valid, *expected == '\0');
	schema_free(s);
}

static void
test_messages(void **state)
{
	(void)state;
	says("{\"type\":[\"string\",\"null\"]}", "[1, 2]",
	    " type: expected string or null, got array [1, 2]\n");
	says("{\"const\":{\"a\":1}}", "{\"a\": 2}",
	    " const: expected {\"a\":1}, got object {\"a\": 2}\n");
	says("{\"enum\":[\"a\",1]}", "true",
	    " enum: expected one of [\"a\",1], got true\n");
	says("{\"items\":{\"maxLength\":2}}", "[\"\\u00e9\\u00e9\", \"abc\"]",
	    "/1 maxLength: expected 2 or fewer characters, got 3\n");
	says("{\"prefixItems\":[true],\"items\":false}", "[1, 2]",
	    "/1 items: expected no more elements, got number 2\n");
	says("{\"uniqueItems\":true}", "[1, {\"a\":[2]}, {\"a\":[2.0]}]",
	    "/2 uniqueItems: expected elements that differ, got the one at 1 "
	    "again\n");
	says("{\"contains\":{\"type\":\"null\"}}", "[1]",
	    " contains: expected 1 or more elements that match \"contains\", "
	    "got 0\n");
	says("{\"dependentRequired\":{\"a\":[\"b\"]}}", "{\"a\":1}",
	    " dependentRequired: the property \"b\" is missing, which \"a\" "
	    "needs\n");
	says("{\"not\":{\"type\":\"null\"}}", "null",
	    " not: expected a value that the schema in \"not\" does not take, "
	    "got null\n");
	says("{\"properties\":{\"a\":true},\"unevaluatedProperties\":false}",
	    "{\"a\":1,\"b\":2}", "/b unevaluatedProperties: the property \"b\" "
	    "is not allowed\n");
	says("{\"type\":\"integer\"}",
	    "\"0123456789012345678901234567890123456789\"", " type: expected "
	    "integer, got string \"012345678901234567890123456789012345678...\n");
}

/* Failures come in the order of the instance, whatever the schema's is. */
static void
test_order(void **state)
{
	(void)state;
	says("{\"required\":[\"z\"],\"properties\":{\"b\":{\"type\":\"null\"},"
	    "\"a\":{\"minimum\":3,\"multipleOf\":2}}}", "{\"a\":1,\"b\":2}",
	    " required: the property \"z\" is missing\n"
	    "/a minimum: expected a number of at least 3, got number 1\n"
	    "/a multipleOf: expected a multiple of 2, got number 1\n"
	    "/b type: expected null, got number 2\n");
}

static void
test_one_failure_of_many_branches(void **state)
{
	static const char shapes[] = "{\"oneOf\":[{\"type\":\"null\"},"
	    "{\"properties\":{\"kind\":{\"const\":\"a\"},\"x\":{\"type\":"
	    "\"integer\"}}},{\"properties\":{\"kind\":{\"const\":\"b\"},"
	    "\"y\":{\"type\":\"string\"}},\"required\":[\"y\"],"
	    "\"type\":\"object\"}]}";

	(void)state;
	says("{\"anyOf\":[{\"type\":\"string\"},{\"type\":\"null\"}]}", "3",
	    " anyOf: expected string or null, got number 3\n");
	says(shapes, "{\"kind\":\"b\",\"y\":1}", "/y oneOf: expected string, got "
	    "number 1 (the nearest of 3 schemas)\n");
	says(shapes, "{\"kind\":\"a\",\"x\":\"1\"}", "/x oneOf: expected integer, "
	    "got string \"1\" (the nearest of 3 schemas)\n");
	says("{\"oneOf\":[{\"minimum\":1},{\"maximum\":5}]}", "3",
	    " oneOf: expected a value that one of 2 schemas takes (both number "
	    "1 and number 2 do), got number 3\n");
}

static void
refused(const char *schema, const char *why)
{
	struct error err = { STATUS_OK, "" };
	struct schema *s;

	assert_int_equal(schema_compile(&s, slice_of(schema), &plain, &err),
	    STATUS_INVALID);
	assert_null(s);
	assert_string_equal(err.text, why);
}

static void
test_wrong_schemas(void **state)
{
	(void)state;
	refused("{\"type\":}", "byte 8: expected a value");
	refused("3", "#: expected a schema");
	refused("{\"properties\":{\"a/b\":{\"minLength\":-1}}}",
	    "#/properties/a~1b/minLength: expected a whole number of 0 or more");
	refused("{\"type\":\"text\"}", "#/type: expected array, boolean, integer,"
	    " null, number, object or string");
	refused("{\"pattern\":\"a(\"}",
	    "#/pattern: pattern: missing closing parenthesis");
	refused("{\"pattern\":\"\\\\Ax\"}",
	    "#/pattern: pattern: an escape that ECMA-262 does not have");
	refused("{\"$ref\":\"#/$defs/a\"}", "#/$ref: #/$defs/a is not there");
	refused("{\"$ref\":\"http://x.y/z\"}", "#/$ref: no schema has the URI "
	    "http://x.y/z, and none was given for it");
	refused("{\"$schema\":\"http://x.y/z\"}",
	    "#/$schema: the metaschema http://x.y/z is not known");
	refused("{\"$ref\":\"#\"}",
	    "#: leads back to itself without a step into the value");
	refused("{\"$defs\":{\"a\":{\"allOf\":[{\"$ref\":\"#/$defs/b\"}]},"
	    "\"b\":{\"$ref\":\"#/$defs/a\"}},\"$ref\":\"#/$defs/a\"}",
	    "#/$defs/b: leads back to itself without a step into the value");
	refused("{\"items\":[{}]}", "#/items: expected a schema; a list of them "
	    "is prefixItems since 2020-12, or names an older draft by $schema "
	    "or the option draft");
	refused("{\"multipleOf\":0}",
	    "#/multipleOf: expected a number over 0 of 64 digits or less");
}

static void
limited(const char *schema, struct slice value)
{
	struct schema *s = compile(schema, &plain);
	struct told told;
	bool valid = true;

	assert_int_equal(run(s, value, &told, &valid), STATUS_LIMIT);
	assert_false(valid);
	schema_free(s);
}

/* In a long text each place is still tried. */
static void
found_late(struct slice value)
{
	static const char *const schema[] = {
		"{\"pattern\":\"x\"}", "{\"pattern\":\"a+x$\"}",
		"{\"pattern\":\"(?<=a)x\"}", "{\"pattern\":\"^a+x$\"}",
		"{\"not\":{\"pattern\":\"x[^]\"}}", "{\"not\":{\"pattern\":\"^x\"}}"
	};
	struct schema *s;
	struct told told;
	bool valid;
	size_t i;

	for (i = 0; i < sizeof(schema) / sizeof(schema[0]); i++) {
		s = compile(schema[i], &plain);
		valid = false;
		assert_int_equal(run(s, value, &told, &valid), STATUS_OK);
		if (!valid)
			fail_msg("%s", schema[i]);
		schema_free(s);
	}
}

static void
test_what_has_no_end_is_stopped(void **state)
{
	struct buf b = BUF_INIT;

	(void)state;
	/* Deeper than nodes may lie in nodes. */
	for (int i = 0; i < 600; i++)
		buf_putc(&b, '[');
	for (int i = 0; i < 600; i++)
		buf_putc(&b, ']');
	limited("{\"items\":{\"$ref\":\"#\"},\"type\":\"array\"}", buf_slice(&b));
	/* The same value again and again, where only running shows it. */
	limited("{\"anyOf\":[{\"type\":\"null\"},{\"$ref\":\"#\"}]}", SLICE("1"));
	limited("{\"$dynamicAnchor\":\"a\",\"$dynamicRef\":\"#a\"}", SLICE("1"));
	/* A pattern that runs away. */
	buf_clear(&b);
	buf_putc(&b, '"');
	for (int i = 0; i < 100; i++)
		buf_puts(&b, "aaaaaaaaaaaaaaaaaaaa");
	buf_puts(&b, "!\"");
	limited("{\"pattern\":\"^(a+)+$\"}", buf_slice(&b));
	/* Ways of which compiled code counts no step. */
	limited("{\"pattern\":\"(((a|a|a|a|a|a|a|a|a){2}){2}){3}[;:]\"}",
	    buf_slice(&b));
	/* One that looks at all that follows from every place. */
	buf_clear(&b);
	buf_putc(&b, '"');
	for (int i = 0; i < 10000; i++)
		buf_puts(&b, "aaaaaaaaaaaaaaaaaaaa");
	buf_puts(&b, "x\"");
	limited("{\"pattern\":\"(?=.*b)a\"}", buf_slice(&b));
	tick_ns = 0;
	found_late(buf_slice(&b));
	tick_ns = 100000000;
	/* Many short matches, each within its limit. */
	buf_clear(&b);
	buf_puts(&b, "[\"");
	for (int i = 0; i < 40000; i++)
		buf_puts(&b, "aaaaaaaaaaaaaaa!\",\"");
	buf_puts(&b, "\"]");
	limited("{\"contains\":{\"pattern\":\"^(a+)+$\"}}", buf_slice(&b));
	/* 2^40 applications of a schema that is small. */
	buf_clear(&b);
	buf_puts(&b, "{\"$ref\":\"#/$defs/d40\",\"$defs\":{\"d0\":{\"type\":"
	    "\"number\",\"maximum\":9}");
	for (int i = 1; i <= 40; i++)
		buf_printf(&b, ",\"d%d\":{\"allOf\":[{\"$ref\":\"#/$defs/d%d\"},"
		    "{\"$ref\":\"#/$defs/d%d\"}]}", i, i - 1, i - 1);
	buf_puts(&b, "}}");
	limited(buf_str(&b), SLICE("1"));
	buf_release(&b);
}

/* What a value of this size may cost: work that is bounded, not cut short. */
static void
test_effort(void **state)
{
	static const char tree[] = "{\"$ref\":\"#/$defs/t\",\"$defs\":{\"t\":{"
	    "\"anyOf\":[{\"type\":\"array\",\"items\":{\"$ref\":\"#/$defs/t\"}},"
	    "{\"type\":\"array\",\"minItems\":1,\"items\":{\"$ref\":"
	    "\"#/$defs/t\"}},{\"type\":\"string\"}]}}}";
	struct buf b = BUF_INIT;
	struct schema *s;
	struct told told;
	bool valid;

	(void)state;
	/* Twice as much at every level, and nothing fits: half a million steps. */
	for (int i = 0; i < 17; i++)
		buf_putc(&b, '[');
	buf_putc(&b, '1');
	for (int i = 0; i < 17; i++)
		buf_putc(&b, ']');
	limited(tree, buf_slice(&b));
	/* Three hundred matches, of which each takes a while. */
	buf_clear(&b);
	buf_putc(&b, '[');
	for (int i = 0; i < 300; i++)
		buf_puts(&b, "\"word word word word word\",");
	buf_puts(&b, "1]");
	tick_ns = 2000000;
	limited("{\"items\":{\"pattern\":\"^(\\\\w+ ?)+$\"}}", buf_slice(&b));
	/* The same where they do not. */
	tick_ns = 1000;
	s = compile("{\"items\":{\"pattern\":\"^(\\\\w+ ?)+$\"}}", &plain);
	assert_int_equal(run(s, buf_slice(&b), &told, &valid), STATUS_OK);
	assert_true(valid);
	schema_free(s);
	tick_ns = 100000000;
	/* Fifty branches for each of five hundred values are no such thing. */
	buf_clear(&b);
	buf_puts(&b, "{\"items\":{\"anyOf\":[");
	for (int i = 0; i < 50; i++)
		buf_printf(&b, "{\"type\":\"object\",\"required\":[\"k%d\"]},", i);
	buf_puts(&b, "{\"required\":[\"kind\"]}]}}");
	s = compile(buf_str(&b), &plain);
	buf_clear(&b);
	buf_putc(&b, '[');
	for (int i = 0; i < 500; i++)
		buf_puts(&b, "{\"kind\":1},");
	buf_puts(&b, "{\"kind\":1}]");
	assert_int_equal(run(s, buf_slice(&b), &told, &valid), STATUS_OK);
	assert_true(valid);
	schema_free(s);
	buf_release(&b);
}

static void
test_numbers(void **state)
{
	static const struct {
		const char *a, *b;
		int order;
		bool multiple;		/* a of b */
	} rows[] = {
		{ "0", "-0.0e5", 0, true }, { "1", "1.0", 0, true },
		{ "10", "1e1", 0, true }, { "0.1", "0.10000000000000001", -1,
		    false }, { "19.99", "0.01", 1, true },
		{ "9223372036854775808", "9223372036854775807", 1, false },
		{ "1e308", "0.123456789", 1, false },
		{ "1e999999999999", "1e999999999998", 1, true },
		{ "1e-999999999999", "1", -1, false },
		{ "-1e400", "1e400", -1, true }, { "-3", "-2", -1, false },
		{ "1e999999999", "8", 1, true }, { "1e999999999", "3", 1,
		    false }, { "7.50", "2.5", 1, true },
		{ "123456789012345678901234567890",
		    "1234567890123456789012345678.9", 1, true },
		{ "123456789012345678901234567891",
		    "1234567890123456789012345678.9", 1, false },
		{ "0.000", "5", -1, true }, { "100e-2", "1", 0, true },
		{ "0.5", "0.25", 1, true }, { "5e-1", "0.3", 1, false }
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct number a, b;

		number_read(&a, slice_of(rows[i].a));
		number_read(&b, slice_of(rows[i].b));
		if (number_compare(&a, &b) != rows[i].order ||
		    number_compare(&b, &a) != -rows[i].order ||
		    (b.sign > 0 && number_multiple(&a, &b) != rows[i].multiple))
			fail_msg("%s and %s", rows[i].a, rows[i].b);
		if (rows[i].order == 0)
			assert_op(number_hash(&a, 1), ==, number_hash(&b, 1));
	}
}

static void
test_references(void **state)
{
	/* RFC 3986, section 5.4. */
	static const char *const rows[][2] = {
		{ "g:h", "g:h" }, { "g", "http://a/b/c/g" },
		{ "./g", "http://a/b/c/g" }, { "g/", "http://a/b/c/g/" },
		{ "/g", "http://a/g" }, { "//g", "http://g" },
		{ "?y", "http://a/b/c/d;p?y" }, { "g?y", "http://a/b/c/g?y" },
		{ "#s", "http://a/b/c/d;p?q" }, { "g#s", "http://a/b/c/g" },
		{ ";x", "http://a/b/c/;x" }, { "", "http://a/b/c/d;p?q" },
		{ ".", "http://a/b/c/" }, { "./", "http://a/b/c/" },
		{ "..", "http://a/b/" }, { "../g", "http://a/b/g" },
		{ "../..", "http://a/" }, { "../../g", "http://a/g" },
		{ "../../../g", "http://a/g" }, { "/./g", "http://a/g" },
		{ "/../g", "http://a/g" }, { "g.", "http://a/b/c/g." },
		{ "..g", "http://a/b/c/..g" }, { "./../g", "http://a/b/g" },
		{ "./g/.", "http://a/b/c/g/" }, { "g/./h", "http://a/b/c/g/h" },
		{ "g/../h", "http://a/b/c/h" }
	};
	struct arena arena = ARENA_INIT;
	struct slice uri, fragment;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_true(uri_resolve(&arena, SLICE("http://a/b/c/d;p?q"),
		    slice_of(rows[i][0]), &uri, &fragment));
		if (!slice_is(uri, rows[i][1]))
			fail_msg("%s: %.*s", rows[i][0], SLICE_ARG(uri));
	}
	arena_release(&arena);
}

/* A schema of an older draft, copied into one of 2020-12, is read as what it says
 * it is; what stands around it is not. */
static void
test_older_draft_within(void **state)
{
#define OLD	"\"$schema\":\"http://json-schema.org/draft-0"
	static const struct {
		const char	*schema, *value;
		bool		 valid;
	} rows[] = {
		{ "{\"properties\":{\"a\":{" OLD "7/schema#\",\"items\":["
		    "{\"type\":\"string\"}],\"additionalItems\":false}}}",
		    "{\"a\":[\"x\",1]}", false },
		{ "{\"properties\":{\"a\":{" OLD "4/schema#\",\"minimum\":1,"
		    "\"exclusiveMinimum\":true}},\"exclusiveMinimum\":9}",
		    "{\"a\":1}", false },
		/* Its references: to what is around it, else to its own. */
		{ "{\"$ref\":\"#/$defs/o\",\"$defs\":{\"o\":{" OLD "7/schema\","
		    "\"$ref\":\"#/definitions/t\",\"definitions\":{\"t\":"
		    "{\"items\":[{\"type\":\"string\"}]}}}}}", "[1]", false },
		{ "{\"definitions\":{\"t\":{\"type\":\"null\"}},\"allOf\":[{"
		    OLD "7/schema#\",\"properties\":{\"a\":{\"$ref\":"
		    "\"#/definitions/t\",\"type\":\"array\"}},\"definitions\":"
		    "{\"t\":{\"type\":\"string\"}}}]}", "{\"a\":null}", true },
		{ "{\"$anchor\":\"top\",\"type\":\"object\",\"properties\":"
		    "{\"a\":{" OLD "6/schema#\",\"items\":[{\"$ref\":\"#top\"}]"
		    "}}}", "{\"a\":[1]}", false },
		/* https is as good as http; what is none of the drafts is passed
		 * over, and const holds no schema. */
		{ "{\"$schema\":\"https://json-schema.org/draft-07/schema#\","
		    "\"items\":[{\"type\":\"string\"}]}", "[1]", false },
		{ "{\"items\":{\"$schema\":\"urn:mine\",\"type\":\"null\"}}",
		    "[1]", false },
		{ "{\"const\":{" OLD "7/schema#\"}}", "1", false }
	};
	struct schema *s;
	struct told told;
	bool valid;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		s = compile(rows[i].schema, &plain);
		assert_int_equal(run(s, slice_of(rows[i].value), &told, &valid),
		    STATUS_OK);
		if (valid != rows[i].valid)
			fail_msg("%s: %s", rows[i].schema, told.text);
		schema_free(s);
	}
#undef OLD
}

static void
test_what_asks_for_nothing(void **state)
{
	static const struct {
		const char	*schema;
		bool		 asks;
	} rows[] = {
		{ "{}", false }, { "true", false }, { "false", true },
		{ "{\"title\":\"x\",\"parameters\":{\"type\":\"object\"}}", false },
		{ "{\"type\":\"object\"}", true }, { "{\"enum\":[1]}", true },
		{ "{\"properties\":{\"a\":{\"items\":{}}}}", false },
		{ "{\"properties\":{\"a\":{\"items\":false}}}", true },
		{ "{\"$defs\":{\"a\":{\"type\":\"null\"}}}", false },
		{ "{\"$ref\":\"#/$defs/a\",\"$defs\":{\"a\":{\"properties\":"
		    "{\"b\":{\"$ref\":\"#/$defs/a\"}}}}}", false },
		{ "{\"$ref\":\"#/$defs/a\",\"$defs\":{\"a\":{\"properties\":"
		    "{\"b\":{\"$ref\":\"#/$defs/a\"},\"c\":{\"maximum\":1}}}}}",
		    true },
		{ "{\"anyOf\":[{\"type\":\"null\"},{}]}", false },
		{ "{\"anyOf\":[{\"type\":\"null\"}]}", true },
		{ "{\"oneOf\":[{},{}]}", true }, { "{\"not\":{}}", true },
		{ "{\"not\":false}", false }, { "{\"if\":{\"type\":\"null\"}}",
		    false }, { "{\"if\":true,\"else\":{\"minimum\":1}}", true },
		{ "{\"format\":\"email\"}", false }, { "{\"pattern\":\"\"}", true },
		{ "{\"contains\":{}}", true }, { "{\"uniqueItems\":true}", true },
		{ "{\"minItems\":0,\"minLength\":0}", false },
		{ "{\"dependentRequired\":{\"a\":[\"b\"]}}", true },
		{ "{\"patternProperties\":{\"a\":{\"type\":\"null\"}}}", true },
		{ "{\"unevaluatedProperties\":false}", true },
		{ "{\"type\":[\"null\",\"boolean\",\"number\",\"string\","
		    "\"array\",\"object\"]}", false }
	};
	struct schema *s;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		s = compile(rows[i].schema, &plain);
		if (schema_asks(s) != rows[i].asks)
			fail_msg("%s", rows[i].schema);
		schema_free(s);
	}
}

static void
test_nul_and_escapes(void **state)
{
	struct schema *s = compile("{\"properties\":{\"a\\u0000b\":{\"pattern\":"
	    "\"^\\\\u0000\\\\x41$\"}},\"required\":[\"a\\u0000b\"]}", &plain);
	struct told told;
	bool valid;

	(void)state;
	assert_int_equal(run(s, SLICE("{\"a\\u0000\\u0062\":\"\\u0000A\"}"),
	    &told, &valid), STATUS_OK);
	assert_true(valid);
	assert_int_equal(run(s, SLICE("{\"a\":1}"), &told, &valid), STATUS_OK);
	assert_false(valid);
	schema_free(s);
}

static void *
worker(void *arg)
{
	const struct schema *s = arg;
	struct told told;
	bool valid;

	for (int i = 0; i < 200; i++) {
		if (run(s, SLICE("{\"a\":\"ab12\",\"b\":[1,\"two\"]}"), &told,
		    &valid) != STATUS_OK || valid || strcmp(told.text,
		    "/b/1 type: expected integer, got string \"two\"\n") != 0)
			return arg;
	}
	return NULL;
}

static void
test_threads_share_a_schema(void **state)
{
	struct schema *s = compile("{\"properties\":{\"a\":{\"pattern\":"
	    "\"^[a-z]+[0-9]+$\"},\"b\":{\"items\":{\"type\":\"integer\"}}},"
	    "\"unevaluatedProperties\":false}", &plain);
	pthread_t thread[4];
	void *wrong;

	(void)state;
	for (int i = 0; i < 4; i++)
		assert_int_equal(pthread_create(&thread[i], NULL, worker, s), 0);
	for (int i = 0; i < 4; i++) {
		assert_int_equal(pthread_join(thread[i], &wrong), 0);
		assert_null(wrong);
	}
	schema_free(s);
}

/* Each refers to another: "a/b" under every URL it is loaded from. */
static struct slice
another(void *arg, const char *uri)
{
	(void)arg;
	(void)uri;
	return SLICE("{\"$ref\":\"a/b\"}");
}

static void
test_schemas_without_end(void **state)
{
	const struct schema_options o = { SCHEMA_2020_12, false, another, NULL };
	struct error err = { 0 };
	struct schema *s = NULL;

	(void)state;
	assert_int_equal(schema_compile(&s,
	    SLICE("{\"$ref\":\"http://localhost/a\"}"), &o, &err), STATUS_LIMIT);
	assert_non_null(strstr(err.text, "more than 1000 other schemas"));
	schema_free(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_messages),
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_one_failure_of_many_branches),
		cmocka_unit_test(test_wrong_schemas),
		cmocka_unit_test(test_what_has_no_end_is_stopped),
		cmocka_unit_test(test_effort),
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_references),
		cmocka_unit_test(test_older_draft_within),
		cmocka_unit_test(test_what_asks_for_nothing),
		cmocka_unit_test(test_nul_and_escapes),
		cmocka_unit_test(test_threads_share_a_schema),
		cmocka_unit_test(test_schemas_without_end)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
