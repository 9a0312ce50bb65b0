/* Records without memory, each allocation in turn: told, and nothing is leaked; the
 * next record needs none that the last one did not. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "core/item/item.h"
#include "core/shape/read.h"
#include "tests/unit/memory_test.h"

#define CALLS_MAX	4000L	/* more than any of these needs */

/* A text, a call beside one, parts with sources, a system prompt. */
static const char *const records[] = {
	"{\"id\":\"i\",\"request\":{\"messages\":[{\"role\":\"user\","
	    "\"content\":\"q\"}]},\"metadata\":{\"a\":1},"
	    "\"response\":{\"object\":\"chat.completion\",\"choices\":[{"
	    "\"message\":{\"content\":\"a\\u00e9\"},\"finish_reason\":"
	    "\"stop\"}]}}",
	"{\"id\":\"i\",\"object\":\"chat.completion\",\"choices\":[{\"message\":{\"content\":"
	    "\"a\",\"tool_calls\":[{\"id\":\"x\",\"type\":\"function\","
	    "\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}]}}]}",
	"{\"id\":\"i\",\"request\":{\"system\":\"s\",\"messages\":[{\"role\":\"user\","
	    "\"content\":\"q\"}]},"
	    "\"response\":{\"type\":\"message\",\"role\":\"assistant\","
	    "\"content\":[{\"type\":\"text\",\"text\":\"b\",\"citations\":[{"
	    "\"cited_text\":\"c\",\"title\":\"t\"}]}],\"stop_reason\":"
	    "\"end_turn\"}}"
};
#define RECORDS	(sizeof(records) / sizeof(records[0]))

static enum status
each(void *arg, const struct item *item, struct error *err)
{
	(void)err;
	assert_true(item->output.n > 0);
	++*(int *)arg;
	return STATUS_OK;
}

static bool
is_read(struct item_reader *reader, size_t i)
{
	struct error err = { STATUS_OK, "" };
	enum status st;
	int n = 0;

	arena_reset(reader->arena);
	st = item_read(reader, slice_of(records[i]), each, &n, &err);
	if (st != STATUS_OK && st != STATUS_NOMEM)
		fail_msg("record %zu: %s", i, err.text);
	assert_int_equal(n, st == STATUS_OK);
	return st == STATUS_OK;
}

static void
each_in_turn(void **state)
{
	const long before = live;
	struct arena arena = ARENA_INIT;
	struct item_reader reader = { .arena = &arena };
	bool done;
	size_t i;
	long n;

	(void)state;
	for (i = 0; i < RECORDS; i++)
		for (done = false, n = 0; !done && n < CALLS_MAX; n++) {
			left = n;
			done = is_read(&reader, i);
			left = -1;
			item_reader_release(&reader);
			arena_release(&arena);
			assert_int_equal(live, before);
		}
	assert_true(done);
}

static void
next_needs_no_more(void **state)
{
	struct arena arena = ARENA_INIT;
	struct item_reader reader = { .arena = &arena };
	size_t i;

	(void)state;
	/* Which of the buffers a record finds first depends on the one before. */
	for (i = 0; i < 4 * RECORDS; i++)
		assert_true(is_read(&reader, i % RECORDS));
	left = 0;
	for (i = 0; i < 2 * RECORDS; i++)
		assert_true(is_read(&reader, i % RECORDS));
	left = -1;
	item_reader_release(&reader);
	arena_release(&arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_in_turn),
		cmocka_unit_test(next_needs_no_more)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
