#include "tests/unit/guard_test.h"

static void
finds_the_common_kinds(void **state)
{
	static const char *const row[][3] = {
		{ "Mail ana.b@example.com now.", "EMAIL_ADDRESS",
		    "ana.b@example.com" },
		{ "Call (415) 555-2671 x12.", "PHONE_NUMBER",
		    "(415) 555-2671 x12" },
		{ "My card: 4111 1111 1111 1111", "CREDIT_CARD",
		    "4111 1111 1111 1111" },
		{ "SSN 308-63-0237", "US_SSN", "308-63-0237" },
		{ "to DE89 3704 0044 0532 0130 00 please", "IBAN_CODE",
		    "DE89 3704 0044 0532 0130 00" },
		{ "from 86.231.85.193.", "IP_ADDRESS", "86.231.85.193" }
	};
	struct guard_test t;
	size_t i;

	(void)state;
	guard_test_init(&t, "pii");
	for (i = 0; i < sizeof(row) / sizeof(row[0]); i++)
		guard_test_one(&t, row[i][0], row[i][1], row[i][2]);
	guard_test_release(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_the_common_kinds)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
