/* What keys may spend, as several loops ask for it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "queue/serve/budget.h"
#include "tests/unit/store_test.h"

#define DAY_MS	((int64_t)86400000)

static const struct service_key key = { .name = "shop", .tokens_day = 100,
    .usd_month = -1 };

static enum status
reserve(struct budgets *b, int64_t tokens, int64_t now_ms)
{
	struct reservation r;
	struct error err = { 0 };

	return budget_reserve(b, store, &key, tokens, 0, now_ms, &r, &err);
}

static void
a_day_that_has_begun_does_not_end_again(void **state)
{
	struct budgets *b = budgets_new();

	(void)state;
	assert_non_null(b);
	assert_int_equal(reserve(b, 90, 20000 * DAY_MS - 10), STATUS_OK);
	assert_int_equal(reserve(b, 60, 20000 * DAY_MS + 3), STATUS_OK);
	/* It looked at the clock before midnight, and asks after it. */
	assert_int_equal(reserve(b, 30, 20000 * DAY_MS - 2), STATUS_OK);
	assert_int_equal(reserve(b, 20, 20000 * DAY_MS + 4), STATUS_DENIED);
	assert_int_equal(reserve(b, 10, 20000 * DAY_MS + 5), STATUS_OK);
	budgets_free(b);
}

static void
a_clock_that_is_set_back_is_followed(void **state)
{
	struct budgets *b = budgets_new();

	(void)state;
	assert_non_null(b);
	assert_int_equal(reserve(b, 100, 20003 * DAY_MS), STATUS_OK);
	assert_int_equal(reserve(b, 1, 20003 * DAY_MS), STATUS_DENIED);
	assert_int_equal(reserve(b, 100, 20000 * DAY_MS), STATUS_OK);
	budgets_free(b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_day_that_has_begun_does_not_end_again,
		    store_setup, store_teardown),
		cmocka_unit_test_setup_teardown(a_clock_that_is_set_back_is_followed,
		    store_setup, store_teardown)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
