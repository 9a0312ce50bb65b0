/* What makes a key's press deliberate: times handed in, answers out. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tui/screen/deliberate.h"

/* A key of a person: it is read when it comes. */
static const char *
pressed(struct deliberate *d, int64_t ms)
{
	(void)deliberate_key(d, ms, ms);
	return deliberate_refusal(d, QUIET_MS);
}

static void
test_reads_then_presses(void **state)
{
	struct deliberate d;
	int64_t now;

	(void)state;
	deliberate_init(&d, 0);
	for (now = 0; now < 10000; now += 1000) {
		deliberate_new(&d);
		deliberate_painted(&d, now + 150);
		assert_null(pressed(&d, now + 1000));
		deliberate_wait(&d, AFTER_MS);
		assert_false(deliberate_due(&d, now + 1099));
		assert_true(deliberate_due(&d, now + 1100));
		assert_false(deliberate_due(&d, now + 1101));
	}
}

static void
test_shown(void **state)
{
	struct deliberate d;

	(void)state;
	deliberate_init(&d, 0);
	assert_non_null(pressed(&d, 5000));	/* not painted at all */
	deliberate_painted(&d, 6000);
	deliberate_painted(&d, 6300);		/* again: it stands since 6000 */
	assert_non_null(pressed(&d, 6399));
	deliberate_init(&d, 0);
	deliberate_painted(&d, 6000);
	assert_null(pressed(&d, 6400));
	deliberate_new(&d);
	assert_non_null(pressed(&d, 7000));
	/* Read late, but it may have come before. */
	deliberate_painted(&d, 8000);
	(void)deliberate_key(&d, 7990, 9000);
	assert_non_null(deliberate_refusal(&d, QUIET_MS));
}

static void
test_quiet(void **state)
{
	struct deliberate d;

	(void)state;
	deliberate_init(&d, 0);
	deliberate_painted(&d, 0);
	assert_null(pressed(&d, 1000));
	assert_non_null(pressed(&d, 1249));
	assert_null(pressed(&d, 1499));
	/* The time between two keys is what it was at the least. */
	(void)deliberate_key(&d, 1700, 2000);
	(void)deliberate_key(&d, 2200, 2300);
	assert_non_null(deliberate_refusal(&d, QUIET_MS));
	assert_null(deliberate_refusal(&d, TYPED_MS));
}

static void
test_stopped(void **state)
{
	struct deliberate d;

	(void)state;
	deliberate_init(&d, 0);
	deliberate_painted(&d, 0);
	assert_false(deliberate_key(&d, 1000, 1000));
	deliberate_wait(&d, AFTER_MS);
	assert_int_equal(deliberate_left(&d, 1040, 2000), 60);
	assert_int_equal(deliberate_left(&d, 1040, 20), 20);
	assert_true(deliberate_key(&d, 1099, 1099));
	assert_false(deliberate_due(&d, 5000));
	assert_int_equal(deliberate_left(&d, 5000, 2000), 2000);
	/* One that came in time stops it, however late it is read. */
	assert_false(deliberate_key(&d, 6000, 6000));
	deliberate_wait(&d, AFTER_MS);
	assert_true(deliberate_key(&d, 6050, 7000));
	/* Nothing is waited for longer than that when its time is over. */
	deliberate_wait(&d, AFTER_MS);
	assert_int_equal(deliberate_left(&d, 9000, 2000), 0);
}

/* A key held down for 3 s, at 30 a second after a while: how often it decides. */
static int
held(int64_t delay_ms)
{
	struct deliberate d;
	int64_t now, next = 1000, i = 0;
	int decided = 0;

	deliberate_init(&d, 0);
	deliberate_painted(&d, 0);
	for (now = 1000; now < 5000; now++) {
		if (now == next && now < 4000) {
			if (pressed(&d, now) == NULL)
				deliberate_wait(&d, AFTER_MS);
			next = 1000 + delay_ms + i * 1000 / 30;
			i++;
		}
		if (deliberate_due(&d, now)) {
			decided++;
			deliberate_new(&d);
			deliberate_painted(&d, now + 5);
		}
	}
	return decided;
}

static void
test_held(void **state)
{
	int64_t delay;

	(void)state;
	/* The press itself, and not one of its repeats. */
	for (delay = 250; delay <= 660; delay++)
		assert_int_equal(held(delay), 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_reads_then_presses),
		cmocka_unit_test(test_shown),
		cmocka_unit_test(test_quiet),
		cmocka_unit_test(test_stopped),
		cmocka_unit_test(test_held)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
