/* JSON as it is written: shapes, commas, every kind of value, numbers as ECMAScript
 * has them, what is misused. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <locale.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/json/number.h"
#include "core/json/parse.h"
#include "core/json/write.h"

/* What was written, which must be JSON. */
static void
is_json(struct buf *b, const char *want)
{
	struct json d = JSON_INIT;
	struct json_error why;

	assert_false(b->failed);
	assert_string_equal(buf_str(b), want);
	assert_int_equal(json_parse(&d, buf_slice(b), WRITE_DEPTH, 0, &why),
	    STATUS_OK);
	json_release(&d);
	buf_release(b);
}

static void
test_shapes(void **state)
{
	const struct slice labels[] = { SLICE("x"), SLICE("y") };
	struct buf b = BUF_INIT;
	struct writer w = WRITER(&b, WRITE_SHOWN);

	(void)state;
	write_object(&w, NULL);
	write_word(&w, "id", "a-1");
	write_object(&w, "lease");
	write_end(&w);
	write_array(&w, "rows");
	write_object(&w, NULL);
	write_int(&w, "n", 1);
	write_end(&w);
	write_array(&w, NULL);
	write_array(&w, NULL);
	write_end(&w);
	write_end(&w);
	write_bool(&w, NULL, true);
	write_end(&w);
	write_texts(&w, "labels", labels, 2);
	write_texts(&w, "none", labels, 0);
	write_end(&w);
	is_json(&b, "{\"id\":\"a-1\",\"lease\":{},\"rows\":[{\"n\":1},[[]],true],"
	    "\"labels\":[\"x\",\"y\"],\"none\":[]}");
}

static void
test_values(void **state)
{
	struct buf b = BUF_INIT;
	struct writer w = WRITER(&b, WRITE_SHOWN);

	(void)state;
	write_array(&w, NULL);
	write_null(&w, NULL);
	write_bool(&w, NULL, false);
	write_int(&w, NULL, 0);
	write_int(&w, NULL, INT64_MIN);
	write_int(&w, NULL, INT64_MAX);
	write_uint(&w, NULL, UINT64_MAX);
	write_count(&w, NULL, 7);
	write_double(&w, NULL, 0.25);
	write_time(&w, NULL, 1764000000123);
	write_text(&w, NULL, SLICE(""));
	write_raw(&w, NULL, SLICE("{\"a\": 1.0}"));
	write_end(&w);
	is_json(&b, "[null,false,0,-9223372036854775808,9223372036854775807,"
	    "18446744073709551615,7,0.25,\"2025-11-24T16:00:00.123Z\",\"\","
	    "{\"a\": 1.0}]");
}

static void
test_absent_is_null(void **state)
{
	struct buf b = BUF_INIT;
	struct writer w = WRITER(&b, WRITE_SHOWN);

	(void)state;
	write_object(&w, NULL);
	write_text(&w, "text", SLICE_NONE);
	write_word(&w, "word", NULL);
	write_raw(&w, "raw", SLICE_NONE);
	write_count(&w, "count", -1);
	write_time(&w, "time", -1);
	write_double(&w, "nan", (double)NAN);
	write_double(&w, "much", (double)-INFINITY);
	write_end(&w);
	is_json(&b, "{\"text\":null,\"word\":null,\"raw\":null,\"count\":null,"
	    "\"time\":null,\"nan\":null,\"much\":null}");
}

static double
from_bits(uint64_t bits)
{
	double v;

	memcpy(&v, &bits, sizeof(v));
	return v;
}

static void
number_is(double v, const char *want)
{
	char text[NUMBER_TEXT];

	assert_int_equal(number_text(v, text), strlen(want));
	assert_string_equal(text, want);
}

/* What has few places is written without printf; %.15g has the same digits. */
static void
test_short_decimals(void **state)
{
	static const double scale[] = { 10, 100, 1000, 1e5, 1e6, 1e7, 1e8 };
	char want[40];
	size_t i;
	int n;

	(void)state;
	for (i = 0; i < sizeof(scale) / sizeof(scale[0]); i++)
		for (n = 1; n < 1000003; n += 977) {
			double v = n / scale[i] + (n % 7) * 1234.0;

			if (v < 1e-4)
				continue;
			(void)snprintf(want, sizeof(want), "%.15g", v);
			if (strtod(want, NULL) >= v && strtod(want, NULL) <= v)
				number_is(v, want);
		}
	number_is(0.000001, "0.000001");
	number_is(0.0000015, "0.0000015");
	number_is(999999999.999999, "999999999.999999");
	number_is(-0.1, "-0.1");
}

/* RFC 8785, appendix B: all of its samples that are numbers. */
static void
test_numbers_of_rfc8785(void **state)
{
	static const struct {
		uint64_t	 bits;
		const char	*text;
	} rows[] = {
		{ 0x0000000000000000, "0" },
		{ 0x8000000000000000, "0" },
		{ 0x0000000000000001, "5e-324" },
		{ 0x8000000000000001, "-5e-324" },
		{ 0x7fefffffffffffff, "1.7976931348623157e+308" },
		{ 0xffefffffffffffff, "-1.7976931348623157e+308" },
		{ 0x4340000000000000, "9007199254740992" },
		{ 0xc340000000000000, "-9007199254740992" },
		{ 0x4430000000000000, "295147905179352830000" },
		{ 0x44b52d02c7e14af5, "9.999999999999997e+22" },
		{ 0x44b52d02c7e14af6, "1e+23" },
		{ 0x44b52d02c7e14af7, "1.0000000000000001e+23" },
		{ 0x444b1ae4d6e2ef4e, "999999999999999700000" },
		{ 0x444b1ae4d6e2ef4f, "999999999999999900000" },
		{ 0x444b1ae4d6e2ef50, "1e+21" },
		{ 0x3eb0c6f7a0b5ed8c, "9.999999999999997e-7" },
		{ 0x3eb0c6f7a0b5ed8d, "0.000001" },
		{ 0x41b3de4355555553, "333333333.3333332" },
		{ 0x41b3de4355555554, "333333333.33333325" },
		{ 0x41b3de4355555555, "333333333.3333333" },
		{ 0x41b3de4355555556, "333333333.3333334" },
		{ 0x41b3de4355555557, "333333333.33333343" },
		{ 0xbecbf647612f3696, "-0.0000033333333333333333" },
		{ 0x43143ff3c1cb0959, "1424953923781206.2" }
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		number_is(from_bits(rows[i].bits), rows[i].text);
}

/* Ours, from a score to a sum of money; and a power of two, where the nearest
 * decimal of 16 digits does not read back and the next one does. */
static void
test_numbers_of_ours(void **state)
{
	static const char *const locales[] = {
		"C", "de_DE.UTF-8", "ps_AF.UTF-8"
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(locales) / sizeof(locales[0]); i++) {
		if (setlocale(LC_ALL, locales[i]) == NULL)
			continue;
		number_is(1.0, "1");
		number_is(0.95, "0.95");
		number_is(1100, "1100");
		number_is(-1.5, "-1.5");
		number_is(1e20, "100000000000000000000");
		number_is(123456789012345680000.0, "123456789012345680000");
		number_is(1e-7, "1e-7");
		number_is(1.25e-7, "1.25e-7");
		number_is(0.1 + 0.2, "0.30000000000000004");
		number_is(0x1p-44, "5.684341886080802e-14");
	}
	(void)setlocale(LC_ALL, "C");
}

static void
reads_back(double v, struct json *d)
{
	char text[NUMBER_TEXT];
	struct json_error why;
	double again;
	size_t n;

	if (!isfinite(v))
		return;
	n = number_text(v, text);
	assert_int_equal(json_parse(d, (struct slice){ text, n }, 1, 0, &why),
	    STATUS_OK);
	again = strtod(text, NULL);
	if (v != 0)		/* -0 has no sign any more */
		assert_memory_equal(&again, &v, sizeof(v));
}

static void
test_numbers_read_back(void **state)
{
	struct json d = JSON_INIT;
	uint64_t r = 88172645463325252u;
	int i;

	(void)state;
	for (i = -1074; i < 1024; i++) {
		reads_back(ldexp(1, i), &d);
		reads_back(nextafter(ldexp(1, i), 0), &d);
		reads_back(-nextafter(ldexp(1, i), (double)INFINITY), &d);
	}
	for (i = 0; i < 20000; i++) {
		r ^= r << 13;
		r ^= r >> 7;
		r ^= r << 17;
		reads_back(from_bits(r), &d);
		reads_back((double)(r % 1000000) / 1000, &d);
	}
	json_release(&d);
}

/* An override of the writing direction, a tab, U+0001 and both that JSON escapes. */
#define ODD	"\xe2\x80\xae\t\x01\"\\\b"
#define MORE	"\"more than eight \\\"plain\\\" ones\""

static void
test_forms(void **state)
{
	static const struct {
		enum write_form	 form;
		const char	*want;
	} rows[] = {
		{ WRITE_SHOWN, "[\"\\u202e\\t\\u0001\\\"\\\\\\u0008\","
		    MORE ",\"\\u202e\",{\"\\u202e\":1.0}]" },
		{ WRITE_KEPT, "[\"\\u202e\\t\\u0001\\\"\\\\\\u0008\","
		    MORE ",\"\xe2\x80\xae\",{\"\xe2\x80\xae\":1.0}]" },
		{ WRITE_CANONICAL, "[\"\xe2\x80\xae\\t\\u0001\\\"\\\\\\b\","
		    MORE ",\"\xe2\x80\xae\",{\"\xe2\x80\xae\":1.0}]" }
	};
	struct buf b = BUF_INIT;
	struct writer w;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		w = WRITER(&b, rows[i].form);
		write_array(&w, NULL);
		write_text(&w, NULL, SLICE(ODD));
		write_text(&w, NULL, SLICE("more than eight \"plain\" ones"));
		write_raw(&w, NULL, SLICE("\"\xe2\x80\xae\""));
		write_object(&w, NULL);
		write_name(&w, SLICE("\"\xe2\x80\xae\""));
		write_raw(&w, NULL, SLICE("1.0"));
		write_end(&w);
		write_end(&w);
		is_json(&b, rows[i].want);
	}
}

static void
test_inside(void **state)
{
	struct buf b = BUF_INIT;
	struct writer w = WRITER(&b, WRITE_KEPT);

	(void)state;
	write_object(&w, NULL);
	write_inside(&w, SLICE("{ }"));
	write_inside(&w, SLICE("{\"a\": [1]}"));
	write_int(&w, "b", 2);
	write_array(&w, "c");
	write_inside(&w, SLICE("[1,{}]"));
	write_inside(&w, SLICE("[]"));
	write_inside(&w, SLICE("[3]"));
	write_end(&w);
	write_end(&w);
	is_json(&b, "{\"a\": [1],\"b\":2,\"c\":[1,{},3]}");
}

static void
test_lines(void **state)
{
	struct buf b = BUF_INIT;
	struct writer w = WRITER(&b, WRITE_SHOWN);

	(void)state;
	write_object(&w, NULL);
	write_end(&w);
	write_line(&w);
	write_int(&w, NULL, 1);
	write_line(&w);
	assert_string_equal(buf_str(&b), "{}\n1\n");
	buf_release(&b);

	w.lines = true;		/* as in a manifest */
	write_object(&w, NULL);
	write_int(&w, "a", 1);
	write_object(&w, "b");
	write_int(&w, "c", 2);
	write_int(&w, "d", 3);
	write_end(&w);
	write_null(&w, "e");
	write_end(&w);
	is_json(&b, "{\"a\":1,\n \"b\":{\"c\":2,\"d\":3},\n \"e\":null}");
}

static void
test_depth(void **state)
{
	char want[2 * WRITE_DEPTH + 1];
	struct buf b = BUF_INIT;
	struct writer w = WRITER(&b, WRITE_SHOWN);
	unsigned i;

	(void)state;
	/* Both kinds at every level, and again where the other kind was. */
	for (i = 0; i < WRITE_DEPTH; i++)
		write_array(&w, NULL);
	for (i = 0; i < WRITE_DEPTH; i++)
		write_end(&w);
	memset(want, '[', WRITE_DEPTH);
	memset(want + WRITE_DEPTH, ']', WRITE_DEPTH);
	want[2 * WRITE_DEPTH] = '\0';
	is_json(&b, want);
	write_line(&w);
	buf_clear(&b);
	for (i = 0; i < 70; i++)
		write_object(&w, i == 0 ? NULL : "k");
	for (i = 0; i < 70; i++)
		write_end(&w);
	assert_int_equal(b.n, 70 * 2 + 69 * 4);
	buf_release(&b);
}

/* A buffer that went without memory stays quiet; the writer keeps its place. */
static void
test_no_memory(void **state)
{
	struct buf b = { .failed = true };
	struct writer w = WRITER(&b, WRITE_SHOWN);
	struct error err = { 0 };

	(void)state;
	write_object(&w, NULL);
	write_word(&w, "id", "a");
	write_double(&w, "score", 0.5);
	write_end(&w);
	write_line(&w);
	assert_int_equal(b.n, 0);
	assert_int_equal(buf_check(&b, &err), STATUS_NOMEM);
}

static void
no_name(struct writer *w)
{
	write_object(w, NULL);
	write_int(w, NULL, 1);
}

static void
name_in_array(struct writer *w)
{
	write_array(w, NULL);
	write_int(w, "n", 1);
}

static void
name_outermost(struct writer *w)
{
	write_int(w, "n", 1);
}

static void
two_values(struct writer *w)
{
	write_int(w, NULL, 1);
	write_int(w, NULL, 2);
}

static void
end_too_many(struct writer *w)
{
	write_object(w, NULL);
	write_end(w);
	write_end(w);
}

static void
end_after_name(struct writer *w)
{
	write_object(w, NULL);
	write_name(w, SLICE("\"n\""));
	write_end(w);
}

static void
two_names(struct writer *w)
{
	write_object(w, NULL);
	write_name(w, SLICE("\"n\""));
	write_int(w, "n", 1);
}

static void
line_too_early(struct writer *w)
{
	write_object(w, NULL);
	write_line(w);
}

static void
odd_name(struct writer *w)
{
	write_object(w, NULL);
	write_int(w, "a\"b", 1);
}

static void
bare_name(struct writer *w)
{
	write_object(w, NULL);
	write_name(w, SLICE("n"));
}

static void
inside_of_other(struct writer *w)
{
	write_object(w, NULL);
	write_inside(w, SLICE("[1]"));
}

static void
too_deep(struct writer *w)
{
	for (int i = 0; i <= WRITE_DEPTH; i++)
		write_array(w, NULL);
}

/* Is it stopped by an assertion? */
static void
is_asserted(void (*misuse)(struct writer *))
{
	struct buf b = BUF_INIT;
	struct writer w = WRITER(&b, WRITE_SHOWN);
	int status = 0;
	pid_t pid;

	assert_true((pid = fork()) != -1);
	if (pid == 0) {
		(void)freopen("/dev/null", "w", stderr);
		(void)signal(SIGABRT, SIG_DFL);
		misuse(&w);
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), SIGABRT);
}

static void
test_misuse(void **state)
{
	static void (*const rows[])(struct writer *) = {
		no_name, name_in_array, name_outermost, two_values,
		end_too_many, end_after_name, two_names, line_too_early,
		odd_name, bare_name, inside_of_other, too_deep
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		is_asserted(rows[i]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_shapes),
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_absent_is_null),
		cmocka_unit_test(test_short_decimals),
		cmocka_unit_test(test_numbers_of_rfc8785),
		cmocka_unit_test(test_numbers_of_ours),
		cmocka_unit_test(test_numbers_read_back),
		cmocka_unit_test(test_forms),
		cmocka_unit_test(test_inside),
		cmocka_unit_test(test_lines),
		cmocka_unit_test(test_depth),
		cmocka_unit_test(test_no_memory),
		cmocka_unit_test(test_misuse)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
