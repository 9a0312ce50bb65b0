/* The parser: what is taken, what is refused and where, what values read as. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <dirent.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/json/parse.h"
#include "tests/unit/values.h"
#include "core/json/value.h"

static const char *
shared(const char *rest)
{
	static char path[4096];
	const char *dir = getenv("HANDRAIL_SHARED");

	(void)snprintf(path, sizeof(path), "%s/%s", dir == NULL ? "../shared" :
	    dir, rest);
	return path;
}

/* A file's bytes in exactly so much memory, so that ASan sees the end. */
static char *
slurp(const char *path, size_t *n)
{
	FILE *f = fopen(path, "rb");
	char *p = NULL;
	long size;

	assert_non_null(f);
	assert_int_equal(fseek(f, 0, SEEK_END), 0);
	size = ftell(f);
	rewind(f);
	*n = (size_t)size;
	p = malloc(*n + (*n == 0));
	assert_non_null(p);
	assert_int_equal(fread(p, 1, *n, f), *n);
	(void)fclose(f);
	return p;
}

static enum status
parse(struct json *d, const char *text, struct json_error *why)
{
	return json_parse(d, slice_of(text), JSON_DEPTH_MAX, 0, why);
}

/* Those of the suite that are refused on purpose (handrail-record(5)). */
static const char *const on_purpose[] = {
	"y_object_duplicated_key.json",
	"y_object_duplicated_key_and_value.json",
	"y_object_escaped_null_in_key.json",
	"y_string_null_escape.json"
};

static bool
is_on_purpose(const char *name)
{
	size_t i;

	for (i = 0; i < sizeof(on_purpose) / sizeof(on_purpose[0]); i++)
		if (strcmp(name, on_purpose[i]) == 0)
			return true;
	return false;
}

static void
test_suite(void **state)
{
	struct json d = JSON_INIT;
	struct json_error why;
	struct dirent *e;
	const char *dir = shared("vectors/JSONTestSuite/test_parsing");
	char path[8192];
	int taken = 0, refused = 0, purpose = 0;
	enum status st;
	size_t n;
	char *p;
	DIR *at;

	(void)state;
	if ((at = opendir(dir)) == NULL) {
		print_message("no %s: skipped\n", dir);
		skip();
	}
	while ((e = readdir(at)) != NULL) {
		if (strstr(e->d_name, ".json") == NULL)
			continue;
		(void)snprintf(path, sizeof(path), "%s/%s", dir, e->d_name);
		p = slurp(path, &n);
		st = json_parse(&d, (struct slice){ p, n }, JSON_DEPTH_MAX, 0,
		    &why);
		if (st != STATUS_OK)
			assert_true(why.reason != NULL && why.offset <= n);
		if (e->d_name[0] == 'y' && is_on_purpose(e->d_name)) {
			purpose++;
			assert_int_equal(st, STATUS_INVALID);
		} else if (e->d_name[0] == 'y') {
			taken++;
			if (st != STATUS_OK)
				fail_msg("%s: byte %zu: %s", e->d_name,
				    why.offset, why.reason);
		} else if (e->d_name[0] == 'n') {
			refused++;
			if (st != STATUS_INVALID)
				fail_msg("%s was taken", e->d_name);
		}
		free(p);
	}
	(void)closedir(at);
	json_release(&d);
	assert_int_equal(purpose, 4);
	assert_int_equal(taken, 91);
	assert_int_equal(refused, 188);
}

static void
test_refusals_have_a_place(void **state)
{
	static const struct {
		const char	*text;
		size_t		 offset;
		const char	*reason;
	} rows[] = {
		{ "", 0, "unexpected end" },
		{ "{\"a\":1", 6, "unexpected end" },
		{ "{\"a\":1,}", 7, "expected a key" },
		{ "{\"a\" 1}", 5, "expected a colon" },
		{ "[1 2]", 3, "expected a comma or ]" },
		{ "{\"a\":1 ]", 7, "expected a comma or }" },
		{ "[1] x", 4, "text after the value" },
		{ "[01]", 1, "a number with a leading zero" },
		{ "[1.]", 3, "invalid number" },
		{ "[nul]", 1, "expected a value" },
		{ "[\"a\tb\"]", 3, "control character in a string" },
		{ "[\"a\\u0000\"]", 3, "NUL in a string" },
		{ "[\"\\x\"]", 2, "invalid escape in a string" },
		{ "[\"\\ud800\\u0041\"]", 2, "lone surrogate in a string" },
		{ "[\"\\udc00\"]", 2, "lone surrogate in a string" },
		{ "[\"\\ud800\\n1234\"]", 2, "lone surrogate in a string" },
		{ "[\"\\ud800\\ue000\"]", 2, "lone surrogate in a string" },
		{ "[\v1]", 1, "expected a value" },
		{ "[\"\xc0\xaf\"]", 2, "invalid UTF-8" },
		{ "[\"ab\xed\xa0\x80\"]", 4, "invalid UTF-8" },
		{ "\xef\xbb\xbf{}", 0, "a byte order mark" },
		{ "{\"a\":1,\"b\":2,\"a\":3}", 13, "duplicate key" },
		{ "{\"\\u0061\":1,\"a\":3}", 12, "duplicate key" },
		{ "{\"x\":{\"k\":[],\"\\u006b\":0}}", 13, "duplicate key" },
	};
	struct json d = JSON_INIT;
	struct json_error why;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_int_equal(parse(&d, rows[i].text, &why),
		    STATUS_INVALID);
		assert_string_equal(why.reason, rows[i].reason);
		assert_int_equal(why.offset, rows[i].offset);
	}
	assert_int_equal(json_parse(&d, SLICE("\"\\u0000\""), 1,
	    JSON_NUL_ALLOWED, &why), STATUS_OK);
	assert_int_equal(json_parse(&d, SLICE("\"\0\""), 1, 0, &why),
	    STATUS_INVALID);
	/* Nobody reads so far: there is nothing behind the text. */
	assert_int_equal(json_parse(&d, (struct slice){ "1", JSON_LEN_MAX + 1 },
	    1, 0, &why), STATUS_INVALID);
	assert_string_equal(why.reason, "longer than 1 GiB");
	json_release(&d);
}

/* Of several keys that come twice among many the first is told. */
static void
test_the_first_key_that_comes_twice(void **state)
{
	struct json d = JSON_INIT;
	struct json_error why;
	struct buf b = BUF_INIT;
	size_t second;
	int i;

	(void)state;
	buf_puts(&b, "{\"zz\":0,\"aa\":0,\"mm\":0");
	for (i = 0; i < 100; i++)
		buf_printf(&b, ",\"k%d\":0", i);
	second = b.n + 1;
	buf_puts(&b, ",\"mm\":0,\"zz\":0,\"aa\":0}");
	assert_int_equal(json_parse(&d, buf_slice(&b), 4, 0, &why),
	    STATUS_INVALID);
	assert_int_equal(why.offset, second);
	buf_release(&b);
	json_release(&d);
}

static void
test_depth(void **state)
{
	struct json d = JSON_INIT;
	struct json_error why;
	char text[131];

	(void)state;
	memset(text, '[', 65);
	memset(text + 65, ']', 65);
	text[130] = '\0';
	assert_int_equal(parse(&d, text, &why), STATUS_INVALID);
	assert_string_equal(why.reason, "nested too deeply");
	assert_int_equal(why.offset, 64);
	assert_int_equal(json_parse(&d, (struct slice){ text + 1, 128 },
	    JSON_DEPTH_MAX, 0, &why), STATUS_OK);
	json_release(&d);
}

/* Keys that look alike are told apart, also when there are very many. */
static void
test_many_keys(void **state)
{
	struct json d = JSON_INIT;
	struct json_error why;
	struct buf b = BUF_INIT;
	size_t last = 0;
	int i, round;

	(void)state;
	for (round = 0; round < 2; round++) {
		buf_clear(&b);
		buf_putc(&b, '{');
		for (i = 0; i < 200000; i++)
			buf_printf(&b, "\"k%06d\":0,", i);
		last = b.n;
		buf_printf(&b, "\"k%s\":1}", round == 0 ? "x" :
		    "\\u0030\\u0030\\u0030099");
		assert_int_equal(json_parse(&d, buf_slice(&b), 4, 0, &why),
		    round == 0 ? STATUS_OK : STATUS_INVALID);
	}
	assert_string_equal(why.reason, "duplicate key");
	assert_int_equal(why.offset, last);
	buf_release(&b);
	json_release(&d);
}

static void
test_walks(void **state)
{
	static const char text[] = "{\"a\":[1,[2,3],{\"b\":null}],"
	    "\"c\\u0064\":\"x\\ny\",\"e\":null}";
	struct json d = JSON_INIT;
	struct arena arena = ARENA_INIT;
	struct json_error why;
	uint32_t a, t, n = 0;

	(void)state;
	assert_int_equal(parse(&d, text, &why), STATUS_OK);
	assert_int_equal(json_kind(&d, 0), TOKEN_OBJECT);
	assert_int_equal(d.tok[0].count, 3);
	a = json_get(&d, 0, "a");
	assert_int_equal(json_kind(&d, a), TOKEN_ARRAY);
	for (t = json_first(&d, a); t != JSON_NONE; t = json_next(&d, a, t))
		n++;
	assert_int_equal(n, 3);
	assert_slice(json_raw(&d, json_at(&d, a, 1)), "[2,3]");
	assert_int_equal(json_at(&d, a, 3), JSON_NONE);
	t = json_get(&d, 0, "cd");
	assert_slice(json_text(&d, t, &arena), "x\ny");
	assert_true(json_string_is(&d, t, "x\ny"));
	assert_false(json_string_is(&d, t, "x\nyz"));
	assert_false(json_string_is(&d, t, "x\n"));
	assert_int_not_equal(json_get(&d, 0, "e"), JSON_NONE);
	assert_int_equal(json_get_value(&d, 0, "e"), JSON_NONE);
	assert_int_equal(json_get(&d, 0, "f"), JSON_NONE);
	assert_int_equal(json_get(&d, JSON_NONE, "a"), JSON_NONE);
	assert_int_equal(json_get(&d, a, "a"), JSON_NONE);
	assert_int_equal(json_at(&d, JSON_NONE, 0), JSON_NONE);
	assert_int_equal(json_kind(&d, JSON_NONE), TOKEN_NULL);
	assert_int_equal(json_at(&d, 0, 0), JSON_NONE);
	assert_true(json_get_is(&d, 0, "cd", "x\ny"));
	assert_false(json_get_is(&d, 0, "cd", "x"));
	assert_false(json_get_is(&d, 0, "a", "x"));
	assert_false(json_get_is(&d, 0, "none", "x"));
	assert_int_equal(json_get_kind(&d, 0, "a", TOKEN_ARRAY), a);
	assert_false(json_int64(&d, a, &(int64_t){ 0 }));
	assert_int_equal(parse(&d, "{}", &why), STATUS_OK);
	assert_int_equal(json_first(&d, 0), JSON_NONE);
	arena_release(&arena);
	json_release(&d);
}

static void
test_decoding(void **state)
{
	struct json d = JSON_INIT;
	struct arena arena = ARENA_INIT;
	struct json_error why;

	(void)state;
	assert_int_equal(parse(&d, "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00E9"
	    "\\ud83d\\ude00\\u20ac~\"", &why), STATUS_OK);
	assert_slice(json_text(&d, 0, &arena),
	    "\"\\/\b\f\n\r\t\xc3\xa9\xf0\x9f\x98\x80\xe2\x82\xac~");
	arena_release(&arena);
	json_release(&d);
}

/* Half a pair is U+FFFD, whatever stands where the other half would. */
static void
test_half_pairs(void **state)
{
	static const struct {
		const char	*inside, *text;
	} rows[] = {
		{ "\\ude00", "\xef\xbf\xbd" }, { "\\ud83dabcdef", "\xef\xbf\xbd" "abcdef" },
		{ "\\ud83d\\nbcdef", "\xef\xbf\xbd\nbcdef" },
		{ "\\ud83d\\u0041", "\xef\xbf\xbd" "A" },
		{ "\\ud83d\\ue000", "\xef\xbf\xbd\xee\x80\x80" },
		{ "\\ud83d\\ude00", "\xf0\x9f\x98\x80" }
	};
	struct buf b = BUF_INIT;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		buf_clear(&b);
		json_decode(slice_of(rows[i].inside), &b);
		assert_string_equal(buf_str(&b), rows[i].text);
	}
	buf_release(&b);
}

/* What cannot be an escape is blanks; a pair at the end is one. */
static void
test_loosened(void **state)
{
	static const struct {
		const char	*text, *want;
	} rows[] = {
		{ "", "" }, { "a", "a" }, { "\\", " " }, { "a\\", "a " }, { "\\b\\f", "    " },
		{ "\\q", " q" }, { "\\n\\\"\\\\\\/\\t\\r", "\\n\\\"\\\\\\/\\t\\r" },
		{ "\\u00e9", "\\u00e9" }, { "\\u00e", " u00e" }, { "\\u00eg", " u00eg" },
		{ "x\\ud83d\\ude00", "x\\ud83d\\ude00" }, { "\\ude00", "\\ude00" },
		{ "x\\ud83d", "x ud83d" }, { "\\ud83d12345", " ud83d12345" },
		{ "\\ud83d123456", "\\ud83d123456" }
	};
	char text[64];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		(void)snprintf(text, sizeof(text), "%s", rows[i].text);
		json_loosen(text, strlen(text));
		assert_string_equal(text, rows[i].want);
	}
	memcpy(text, "\\\0a", 3);
	json_loosen(text, 3);
	assert_memory_equal(text, " \0a", 3);
}

static void
test_numbers(void **state)
{
	static const struct {
		const char	*text;
		bool		 fits;
		int64_t		 value;
	} rows[] = {
		{ "0", true, 0 }, { "-0", true, 0 }, { "0.0", true, 0 },
		{ "1e3", true, 1000 }, { "3.0", true, 3 },
		{ "12.5e1", true, 125 }, { "1.5", false, 0 },
		{ "9223372036854775807", true, INT64_MAX },
		{ "9223372036854775808", false, 0 },
		{ "-9223372036854775808", true, INT64_MIN },
		{ "1e19", false, 0 }, { "1e-2", false, 0 },
		{ "100e-2", true, 1 }, { "1e99999999999999999999", false, 0 },
		{ "0e99999999999999999999", true, 0 },
		{ "9300000000000000000", false, 0 }, { "9999999999999999999", false, 0 },
		{ "-9223372036854775809", false, 0 }, { "93000000000000000000", false, 0 },
		{ "-12", true, -12 }
	};
	static const char *const doubles[] = { "0e99", "-0E-9", "-0.00000000000000000000",
	    "1e99999999999", "-1e-99999999999", "12345678901234567e-1", "0.1", "-0.87", "1e308", "5e-324",
	    "2.2250738585072011e-308", "9007199254740993", "1e400", "1e-400",
	    "0.30000000000000004", "123456789012345678901234567890",
	    "8.5e-3", "-1.0E+2", "4503599627370496.5", "0.000001" };
	struct json d = JSON_INIT;
	struct json_error why;
	int64_t value;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_int_equal(parse(&d, rows[i].text, &why), STATUS_OK);
		assert_int_equal(json_int64(&d, 0, &value), rows[i].fits);
		if (rows[i].fits)
			assert_op(value, ==, rows[i].value);
	}
	for (i = 0; i < sizeof(doubles) / sizeof(doubles[0]); i++) {
		assert_int_equal(parse(&d, doubles[i], &why), STATUS_OK);
		assert_op(json_double(&d, 0), ==, strtod(doubles[i], NULL));
	}
	json_release(&d);
}

/* A number of very many digits is rounded right. */
static void
test_long_number(void **state)
{
	struct json d = JSON_INIT;
	struct json_error why;
	struct buf b = BUF_INIT;
	int i;

	(void)state;
	/* Just above the middle of 1 and the next double. */
	buf_puts(&b, "1.00000000000000011102230246251565404236316680908203125");
	for (i = 0; i < 2000; i++)
		buf_putc(&b, '0');
	assert_int_equal(json_parse(&d, buf_slice(&b), 1, 0, &why), STATUS_OK);
	assert_op(json_double(&d, 0), ==, 1.0);
	buf_putc(&b, '1');
	assert_int_equal(json_parse(&d, buf_slice(&b), 1, 0, &why), STATUS_OK);
	assert_op(json_double(&d, 0), ==, nextafter(1.0, 2.0));
	buf_release(&b);
	json_release(&d);
}

/* Every cut of a text, in memory that ends there, is refused, never read past. */
static void
test_cut_anywhere(void **state)
{
	static const char text[] = "{\"key of some length\":[1.5e+3,true,null,"
	    "\"\xe2\x82\xac\\u20ac\\ud83d\\ude00 and so on and so on\"]}";
	struct json d = JSON_INIT;
	struct json_error why;
	size_t n;
	char *p;

	(void)state;
	for (n = 0; n < sizeof(text) - 1; n++) {
		p = malloc(n + (n == 0));
		assert_non_null(p);
		memcpy(p, text, n);
		assert_int_equal(json_parse(&d, (struct slice){ p, n }, 4, 0,
		    &why), STATUS_INVALID);
		assert_op(why.offset, <=, n);
		free(p);
	}
	assert_int_equal(parse(&d, text, &why), STATUS_OK);
	json_release(&d);
}

/* Any key may be asked for, however it is written and whatever else is there. */
static void
test_key_asked(void **state)
{
	struct json d = JSON_INIT;
	struct json_error why;
	struct buf b = BUF_INIT;
	char key[16];
	int n, i;

	(void)state;
	for (n = 0; n <= 40; n++) {
		buf_clear(&b);
		buf_putc(&b, '{');
		for (i = 0; i < n; i++)
			buf_printf(&b, "%s\"%s%d\":%d", i == 0 ? "" : ",",
			    i == 7 ? "\\u006b" : "k", i * 3, i);
		buf_putc(&b, '}');
		assert_int_equal(parse(&d, buf_str(&b), &why), STATUS_OK);
		for (i = 0; i <= 41 * 3; i++) {
			(void)snprintf(key, sizeof(key), "k%d", i);
			assert_op(json_get(&d, 0, key) != JSON_NONE, ==,
			    i % 3 == 0 && i / 3 < n);
		}
	}
	assert_int_equal(parse(&d, "{\"\":1,\"\\u0000x\":{\"a\":2}}", &why),
	    STATUS_INVALID);
	assert_int_equal(parse(&d, "{\"\":1,\"x\":{\"a\":2}}", &why), STATUS_OK);
	assert_int_not_equal(json_get(&d, 0, ""), JSON_NONE);
	assert_int_equal(json_get(&d, 0, "a"), JSON_NONE);
	assert_int_not_equal(json_get(&d, json_get(&d, 0, "x"), "a"), JSON_NONE);
	json_release(&d);
	buf_release(&b);
}

static void
tokens_equal(const struct json *a, const struct json *b)
{
	uint32_t i;

	assert_op(a->n, ==, b->n);
	assert_op(a->depth, ==, b->depth);
	for (i = 0; i < a->n; i++) {
		assert_op(a->tok[i].start, ==, b->tok[i].start);
		assert_op(a->tok[i].end, ==, b->tok[i].end);
		assert_op(a->tok[i].next, ==, b->tok[i].next);
		assert_op(a->tok[i].type, ==, b->tok[i].type);
		assert_op(a->tok[i].escaped, ==, b->tok[i].escaped);
		assert_op(a->tok[i].count, ==, b->tok[i].count);
	}
}

/* What is known changes nothing but the work. */
static void
test_known(void **state)
{
	static const char *const parts[] = { "{\"a\":[1,{\"b\":\"\\n\"}]}",
	    " [ [[]], \"x\" ] ", "{}", "7", "[0]" };
	static const char *const forms[] = { "{\"p\":%s,\"q\":%s}",
	    "[%s,%s]", "{\"p\":[%s],\"q\":{\"r\":%s}}", "{\"p\":%s%s}",
	    "{\"p\":%s,\"p\":%s}" };
	struct json one = JSON_INIT, two = JSON_INIT, a = JSON_INIT,
	    b = JSON_INIT;
	const struct json *known[JSON_KNOWN] = { &one, &two };
	struct json_error why, why_known;
	struct buf text = BUF_INIT;
	enum status st;
	size_t i, k, f;
	int depth;

	(void)state;
	for (i = 0; i < 5; i++)
		for (k = 0; k < 5; k++)
			for (f = 0; f < 5; f++)
				for (depth = 1; depth < 7; depth++) {
		assert_int_equal(parse(&one, parts[i], &why), STATUS_OK);
		assert_int_equal(parse(&two, parts[k], &why), STATUS_OK);
		buf_clear(&text);
		/* Every other time the second is not what is known. */
		buf_printf(&text, forms[f], parts[i], depth % 2 == 0 ?
		    parts[k] : parts[(k + 1) % 5]);
		st = json_parse(&a, buf_slice(&text), depth, 0, &why);
		assert_int_equal(json_parse_known(&b, buf_slice(&text), depth, 0,
		    known, &why_known), st);
		if (st == STATUS_OK) {
			tokens_equal(&a, &b);
		} else {
			assert_op(why.offset, ==, why_known.offset);
			assert_string_equal(why.reason, why_known.reason);
		}
	}
	json_release(&one);
	json_release(&two);
	json_release(&a);
	json_release(&b);
	buf_release(&text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_suite),
		cmocka_unit_test(test_refusals_have_a_place),
		cmocka_unit_test(test_the_first_key_that_comes_twice),
		cmocka_unit_test(test_depth),
		cmocka_unit_test(test_many_keys),
		cmocka_unit_test(test_walks),
		cmocka_unit_test(test_decoding),
		cmocka_unit_test(test_half_pairs),
		cmocka_unit_test(test_loosened),
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_long_number),
		cmocka_unit_test(test_cut_anywhere),
		cmocka_unit_test(test_key_asked),
		cmocka_unit_test(test_known),
	};

	return cmocka_run_group_tests_name("json", tests, NULL, NULL);
}
