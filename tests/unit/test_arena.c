/* Arenas: what one holds, and for how long. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "core/base/arena.h"

static void
holds_what_it_handed_out(void **state)
{
	struct arena a = ARENA_INIT;
	const char *first, *large, *last;
	char other = 'x';

	(void)state;
	assert_true(arena_holds(&a, NULL));
	assert_false(arena_holds(&a, &other));
	first = arena_str(&a, SLICE("first"));
	large = arena_zalloc(&a, 300000);	/* a block of its own */
	last = arena_str(&a, SLICE("last"));
	assert_non_null(first);
	assert_non_null(large);
	assert_non_null(last);
	assert_true(arena_holds(&a, first));
	assert_true(arena_holds(&a, large + 299999));
	assert_true(arena_holds(&a, last));
	assert_false(arena_holds(&a, &other));

	arena_reset(&a);
	assert_false(arena_holds(&a, last));
	assert_false(arena_holds(&a, large));
	assert_string_equal(arena_str(&a, SLICE("again")), "again");
	assert_true(arena_holds(&a, first));	/* where "again" is now */
	assert_false(arena_holds(&a, last));
	arena_release(&a);
	assert_false(arena_holds(&a, first));
}

static void
trimmed_keeps_what_is_small(void **state)
{
	struct arena a = ARENA_INIT;
	const char *first, *large;
	const struct arena_block *block;
	int i;

	(void)state;
	arena_trim(&a);
	assert_null(a.first);
	first = arena_str(&a, SLICE("first"));
	(void)arena_zalloc(&a, 5000);
	block = a.current;		/* the second */
	for (i = 0; i < 100; i++)
		(void)arena_zalloc(&a, 5000);
	large = arena_zalloc(&a, 300000);
	arena_trim(&a);
	assert_false(arena_holds(&a, large));
	assert_ptr_equal(arena_str(&a, SLICE("again")), first);
	(void)arena_zalloc(&a, 5000);
	assert_ptr_equal(a.current, block);
	arena_release(&a);
	large = arena_zalloc(&a, 300000);
	assert_non_null(large);
	arena_trim(&a);
	assert_null(a.first);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(holds_what_it_handed_out),
		cmocka_unit_test(trimmed_keeps_what_is_small)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
