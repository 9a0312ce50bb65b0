/* Numbers by their decimal text. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "core/json/number.h"
#include "tests/unit/values.h"

static struct number
number(const char *text)
{
	struct number n;

	number_read(&n, slice_of(text));
	return n;
}

static void
test_compared(void **state)
{
	static const struct {
		const char	*a, *b;
		int		 is;
	} rows[] = {
		{ "0", "-0", 0 }, { "0.0", "0e9", 0 }, { "1", "1.0", 0 }, { "1e2", "100", 0 },
		{ "1.50", "15e-1", 0 }, { "-1", "1", -1 }, { "0", "1", -1 }, { "1", "0", 1 },
		{ "-2", "-1", -1 }, { "10", "9", 1 }, { "1.25", "1.2", 1 },
		{ "1.2", "1.25", -1 }, { "-1.25", "-1.2", -1 }, { "1E+2", "1e2", 0 },
		{ "1e99999999999999999999", "1e9", 1 }, { "1e-99999999999999999999", "1e-9", -1 },
		{ "0.001", "1e-3", 0 }, { "12.5", "1.25", 1 }, { "1.25", "12.5", -1 }
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct number a = number(rows[i].a), b = number(rows[i].b);
		int is = number_compare(&a, &b);

		if (is != rows[i].is || number_compare(&b, &a) != -is)
			fail_msg("%s and %s: %d", rows[i].a, rows[i].b, is);
		if (is == 0)
			assert_op(number_hash(&a, 1), ==, number_hash(&b, 1));
	}
}

static void
test_multiples(void **state)
{
	static const struct {
		const char	*a, *b;
		bool		 is;
	} rows[] = {
		{ "0", "3", true }, { "9", "3", true }, { "10", "3", false },
		{ "0.3", "0.1", true }, { "0.35", "0.1", false }, { "1e30", "7", false },
		{ "7e30", "7", true }, { "1e-9", "1", false },
		{ "1000000000000000000000000000000", "1000000000000000000000", true },
		{ "1000000000000000000000000000001", "1234567890123456789012", false },
		{ "2469135780246913578024", "1234567890123456789012", true },
		{ "1e400", "1234567890123456789012", false }
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct number a = number(rows[i].a), b = number(rows[i].b);

		if (number_multiple(&a, &b) != rows[i].is)
			fail_msg("%s of %s", rows[i].a, rows[i].b);
	}
}

static void
test_whole(void **state)
{
	static const struct {
		const char	*text;
		bool		 count, small;
		uint64_t	 n;
	} rows[] = {
		{ "0", true, true, 0 }, { "-0", true, true, 0 }, { "1.0", true, true, 1 },
		{ "12e2", true, true, 1200 }, { "1.5", false, false, 0 },
		{ "-3", false, true, 0 }, { "999999999999999999", true, true, 999999999999999999 },
		{ "1234567890123456789", true, false, 1234567890123456789 },
		{ "1e18", true, false, 1000000000000000000 }, { "1e17", true, true, 100000000000000000 },
		{ "1e19", true, false, UINT64_MAX - 1 }, { "99e30", true, false, UINT64_MAX - 1 }
	};
	uint64_t n;
	int64_t small;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct number v = number(rows[i].text);

		if (number_count(&v, &n) != rows[i].count ||
		    number_small(&v, &small) != rows[i].small)
			fail_msg("%s", rows[i].text);
		if (rows[i].count)
			assert_op(n, ==, rows[i].n);
		if (rows[i].count && rows[i].small)
			assert_op(small, ==, rows[i].n);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_compared),
		cmocka_unit_test(test_multiples),
		cmocka_unit_test(test_whole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
