/* Prompts: templates, the one form, what is filled in, shapes of others, bundles. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "core/prompt/bundle.h"
#include "core/prompt/canonical.h"
#include "core/prompt/ref.h"
#include "core/prompt/render.h"
#include "core/prompt/template.h"
#include "core/json/value.h"
#include "tests/unit/values.h"

static struct arena arena;

static int
setup(void **state)
{
	(void)state;
	arena = (struct arena)ARENA_INIT;
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	arena_release(&arena);
	return 0;
}

static void
parse(struct json *d, const char *text)
{
	struct json_error why;

	if (json_parse(d, slice_of(text), JSON_DEPTH_MAX, 0, &why) != STATUS_OK)
		fail_msg("%s: %s", text, why.reason);
}

static void
made(struct prompt_body *b, const char *text, bool chat)
{
	struct error err = { 0 };

	*b = (struct prompt_body){ 0 };
	if (prompt_parse(b, slice_of(text), chat, &arena, &err) != STATUS_OK)
		fail_msg("%s: %s", text, err.text);
}

static void
a_template_falls_into_parts(void **state)
{
	static const char text[] = "{a} {{x}}{{ y.z-1\n}}}} {";
	struct slice rest = SLICE(text);
	struct template_part part;
	struct buf parts = BUF_INIT;
	struct error err = { 0 };

	(void)state;
	assert_int_equal(template_check(rest, &err), STATUS_OK);
	while (template_next(&rest, &part))
		buf_printf(&parts, part.name.p == NULL ? "[%.*s]" : "<%.*s>",
		    SLICE_ARG(part.name.p == NULL ? part.text : part.name));
	assert_string_equal(buf_str(&parts), "[{a} ]<x><y.z-1>[}} {]");
	buf_release(&parts);
}

/* Members by UTF-16, numbers as ECMAScript has them, only needful escapes. */
static void
json_has_one_form(void **state)
{
	static const struct {
		const char *text, *want;
	} rows[] = {
		{ "{ \"b\" : 1.0, \"a\" : [ 1E2, -0, 0.10 ] }",
		    "{\"a\":[100,0,0.1],\"b\":1}" },
		{ "{\"\xf0\x9f\x98\x80\":1,\"\xef\xac\xb3\":2,\"\\u20ac\":3,\"\\r\":4,"
		    "\"1\":5}", "{\"\\r\":4,\"1\":5,\"\xe2\x82\xac\":3,"
		    "\"\xf0\x9f\x98\x80\":1,\"\xef\xac\xb3\":2}" },
		{ "\"\\u0041\\/\\u001f\\\"\"", "\"A/\\u001f\\\"\"" },
		{ "[true,null,{},[]]", "[true,null,{},[]]" },
		{ "123456789012345678901", NULL }, { "1e400", NULL },
		{ "{\"a\":[0.1000000000000000055]}", NULL }
	};
	struct json d = JSON_INIT;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct buf out = BUF_INIT;
		struct error err = { 0 };
		enum status st;

		parse(&d, rows[i].text);
		st = canonical_json(&out, &d, 0, &arena, &err);
		if (rows[i].want == NULL)
			assert_int_equal(st, STATUS_INVALID);
		else
			assert_string_equal(buf_str(&out), rows[i].want);
		buf_release(&out);
	}
	json_release(&d);
}

static void
a_prompt_reads_back_from_its_bytes(void **state)
{
	static const char chat[] = "{\"config\":{\"z\":1.50,\"a\":\"\\u0041\"},"
	    "\"messages\":[{\"role\":\"user\",\"content\":\"{{q}} \\u00e9\"}]}";
	struct prompt_body b, again;
	struct error err = { 0 };
	char hex[HASH_HEX];

	(void)state;
	made(&b, chat, true);
	assert_slice(b.bytes, "{\"config\":{\"a\":\"A\",\"z\":1.5},"
	    "\"messages\":[{\"content\":\"{{q}} \xc3\xa9\",\"role\":\"user\"}]}");
	assert_int_equal(prompt_read(&again, b.bytes, &arena, &err), STATUS_OK);
	assert_true(hash_eq(&b.sha256, &again.sha256));
	assert_int_equal(again.nvariables, 1);
	made(&b, "\xef\xbb\xbf" "a\n", false);
	assert_slice(b.bytes, "{\"config\":{},\"text\":\"a\\n\"}");
	hash_hex(&b.sha256, hex);
	/* printf '{"config":{},"text":"a\\n"}' | sha256sum */
	assert_string_equal(hex, "78f681274df0fc79c6864a17e2831893"
	    "6269f7bb0b9fd1a29db10398d1f8a027");
	/* Other spellings of the same are not that prompt. */
	assert_int_equal(prompt_read(&again, SLICE("{\"config\":{},\"text\":"
	    "\"\\u0061\"}"), &arena, &err), STATUS_INVALID);
	error_clear(&err);
	assert_int_equal(prompt_read(&again, SLICE("{\"text\":\"a\"}"), &arena,
	    &err), STATUS_INVALID);
}

static void
every_variable_is_told_once(void **state)
{
	struct prompt_body b;

	(void)state;
	made(&b, "{{b}} {{a.c}} {{b}} {{a}} {{ a.c }}", false);
	assert_int_equal(b.nvariables, 3);
	assert_slice(b.variables[0], "b");
	assert_slice(b.variables[1], "a.c");
	assert_slice(b.variables[2], "a");
}

static void
what_is_strict_takes_no_other_variable(void **state)
{
	struct prompt_message *m;
	struct error err = { 0 };
	struct json d = JSON_INIT;
	struct prompt_body b;

	(void)state;
	made(&b, "{{a.b}}", false);
	parse(&d, "{\"a\":{\"b\":\"x\",\"c\":1}}");
	assert_int_equal(prompt_render(&b, &d, true, &arena, &m, &err),
	    STATUS_OK);
	assert_slice(m[0].content, "x");
	assert_null(m[0].role.p);
	parse(&d, "{\"a\":{\"b\":\"x\"},\"d\":1}");
	assert_int_equal(prompt_render(&b, &d, false, &arena, &m, &err),
	    STATUS_OK);
	assert_int_equal(prompt_render(&b, &d, true, &arena, &m, &err),
	    STATUS_INVALID);
	assert_string_equal(err.text, "variable d: the prompt has none of that "
	    "name");
	json_release(&d);
}

/* A little that would become very much. */
static void
what_is_filled_in_has_an_end(void **state)
{
	struct buf text = BUF_INIT, vars = BUF_INIT;
	struct prompt_message *m;
	struct error err = { 0 };
	struct json d = JSON_INIT;
	struct prompt_body b;
	int i;

	(void)state;
	for (i = 0; i < 100000; i++)
		buf_puts(&text, "{{x}}");
	buf_puts(&vars, "{\"x\":\"");
	for (i = 0; i < 1000; i++)
		buf_puts(&vars, "0123456789");
	buf_puts(&vars, "\"}");
	made(&b, buf_str(&text), false);
	parse(&d, buf_str(&vars));
	assert_int_equal(prompt_render(&b, &d, false, &arena, &m, &err),
	    STATUS_LIMIT);
	json_release(&d);
	buf_release(&text);
	buf_release(&vars);
}

static void
limits_are_kept(void **state)
{
	struct prompt_body b = { 0 };
	struct buf text = BUF_INIT;
	struct error err = { 0 };
	int i;

	(void)state;
	for (i = 0; i <= PROMPT_VARIABLES_MAX; i++)
		buf_printf(&text, "{{v%d}}", i);
	assert_int_equal(prompt_parse(&b, buf_slice(&text), false, &arena, &err),
	    STATUS_LIMIT);
	error_clear(&err);
	buf_clear(&text);
	while (text.n <= PROMPT_BYTES_MAX)
		buf_puts(&text, "0123456789abcdef");
	assert_int_equal(prompt_parse(&b, buf_slice(&text), false, &arena, &err),
	    STATUS_LIMIT);
	error_clear(&err);
	/* Each byte of these is six in the form. */
	text.n = PROMPT_BYTES_MAX / 4;
	memset(text.p, '\x01', text.n);
	assert_int_equal(prompt_parse(&b, buf_slice(&text), false, &arena, &err),
	    STATUS_LIMIT);
	error_clear(&err);
	buf_clear(&text);
	buf_putc(&text, '[');
	for (i = 0; i <= PROMPT_MESSAGES_MAX; i++)
		buf_printf(&text, "%s{\"role\":\"user\",\"content\":\"x\"}",
		    i == 0 ? "" : ",");
	buf_putc(&text, ']');
	assert_int_equal(prompt_parse(&b, buf_slice(&text), true, &arena, &err),
	    STATUS_LIMIT);
	buf_release(&text);
}

static void
references(void **state)
{
	static const struct {
		const char *text, *name, *label;
		int64_t version;
	} rows[] = {
		{ "refund", "refund", NULL, 0 },
		{ "refund@3", "refund", NULL, 3 },
		{ "refund@latest", "refund", NULL, 0 },
		{ "a/b c@production", "a/b c", "production", 0 },
		{ "\xd0\xbe\xd1\x82@v.1-a_b", "\xd0\xbe\xd1\x82", "v.1-a_b", 0 },
		{ "refund@999999999", "refund", NULL, 999999999 },
		{ "refund@", NULL, NULL, 0 }, { "@3", NULL, NULL, 0 },
		{ "refund@03", NULL, NULL, 0 }, { "refund@0", NULL, NULL, 0 },
		{ "refund@1000000000", NULL, NULL, 0 },
		{ "refund@99999999999999999999999", NULL, NULL, 0 },
		{ "a@b@3", NULL, NULL, 0 }, { "a@b c", NULL, NULL, 0 },
		{ "-a@3", NULL, NULL, 0 }, { "a\xe2\x80\x8b@3", NULL, NULL, 0 },
		{ "a\xff@3", NULL, NULL, 0 }, { "a\t@3", NULL, NULL, 0 }
	};
	struct prompt_ref ref;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct error err = { 0 };
		enum status st = prompt_ref_parse(slice_of(rows[i].text), &ref,
		    &err);

		if ((st == STATUS_OK) != (rows[i].name != NULL))
			fail_msg("%s: %s", rows[i].text, err.text);
		if (st != STATUS_OK)
			continue;
		assert_true(slice_is(ref.name, rows[i].name));
		assert_int_equal(ref.version, rows[i].version);
		assert_true(rows[i].label == NULL ? ref.label.p == NULL :
		    slice_is(ref.label, rows[i].label));
	}
}

static void
a_bundle_reads_back_from_its_bytes(void **state)
{
	const struct slice models[] = { SLICE("m-1"), SLICE("m\"2") };
	const struct bundle_prompt prompts[] = {
		{ SLICE("refund"), SLICE("ab"), 3 }
	};
	const struct bundle_body b = {
		.label = SLICE("production"), .policy = SLICE("9f"),
		.models = models, .nmodels = 2, .prompts = prompts,
		.nprompts = 1, .data_sha256 = SLICE("cd"), .data_bytes = 7
	};
	struct bundle_body again;
	struct error err = { 0 };
	struct buf out = BUF_INIT;

	(void)state;
	assert_int_equal(bundle_write(&out, &b, &err), STATUS_OK);
	assert_string_equal(buf_str(&out), "{\"data\":{\"bytes\":7,\"sha256\":"
	    "\"cd\"},\"label\":\"production\",\"models\":[\"m-1\",\"m\\\"2\"],"
	    "\"note\":null,\"policy\":\"9f\",\"prompts\":[{\"prompt\":\"refund\","
	    "\"sha256\":\"ab\",\"version\":3}],\"run\":null}");
	assert_int_equal(bundle_read(&again, buf_slice(&out), &arena, &err),
	    STATUS_OK);
	assert_slice(again.models[1], "m\"2");
	assert_int_equal(again.prompts[0].version, 3);
	buf_puts(&out, " ");
	assert_int_equal(bundle_read(&again, buf_slice(&out), &arena, &err),
	    STATUS_INVALID);
	error_clear(&err);
	assert_int_equal(bundle_read(&again, SLICE("{\"models\":{\"a\":1},"
	    "\"prompts\":[1]}"), &arena, &err), STATUS_INVALID);
	error_clear(&err);
	assert_int_equal(bundle_read(&again, SLICE("[]"), &arena, &err),
	    STATUS_INVALID);
	buf_release(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_template_falls_into_parts),
		cmocka_unit_test_setup_teardown(json_has_one_form, setup,
		    teardown),
		cmocka_unit_test_setup_teardown(
		    a_prompt_reads_back_from_its_bytes, setup, teardown),
		cmocka_unit_test_setup_teardown(every_variable_is_told_once,
		    setup, teardown),
		cmocka_unit_test_setup_teardown(
		    what_is_strict_takes_no_other_variable, setup, teardown),
		cmocka_unit_test_setup_teardown(what_is_filled_in_has_an_end,
		    setup, teardown),
		cmocka_unit_test_setup_teardown(limits_are_kept, setup,
		    teardown),
		cmocka_unit_test(references),
		cmocka_unit_test_setup_teardown(
		    a_bundle_reads_back_from_its_bytes, setup, teardown)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
