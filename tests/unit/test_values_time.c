/* How long a pattern may look at the values of one output. */
#include "core/base/cpu.h"
#include "core/judge/judge.h"
#include "tests/unit/policy_test.h"

static int64_t tick_ns;		/* from one look at the clock to the next */

int64_t
cpu_ns(void)
{
	static int64_t ns;

	return ns += tick_ns;
}

/* A hundred strings of a hundred bytes, of which the last holds what is found. */
static struct slice
output(struct buf *b)
{
	int i;

	buf_putc(b, '[');
	for (i = 0; i < 99; i++)
		buf_printf(b, "\"%0100d\",", 0);
	buf_printf(b, "\"%099dx\"]", 0);
	return buf_slice(b);
}

static void
judged(const char *policy, int64_t tick, int findings, const char *message)
{
	struct buf b = BUF_INIT;
	struct policy *p = policy_of(policy);
	struct arena arena = ARENA_INIT;
	struct item it = { .id = SLICE("a"), .queue = SLICE("q"),
	    .output = output(&b), .output_is_string = true,
	    .input_tokens = -1, .output_tokens = -1, .cost_usd = -1,
	    .latency_ms = -1 };
	struct error err = { STATUS_OK, "" };
	struct verdict v;
	struct judge *j;

	tick_ns = tick;
	assert_int_equal(judge_new(&j, p, NULL, &err), STATUS_OK);
	assert_int_equal(judge_item(j, &it, &arena, &v, &err), STATUS_OK);
	assert_op(v.nfindings, ==, (size_t)findings);
	assert_op(v.nguard_errors, ==, message == NULL ? 0u : 1u);
	if (message != NULL)
		assert_slice(v.guard_errors[0].message, message);
	judge_free(j);
	policy_free(p);
	arena_release(&arena);
	buf_release(&b);
}

static void
test_values_have_their_time_together(void **state)
{
	static const char each[] = "guard \"g\" { kind = regex pattern = 'x'"
	    " on = leaves }\nqueue \"q\" { guards = { \"g\" } }\n";
	static const char own[] = "guard \"g\" { kind = pii kinds = { URL }"
	    " own \"X\" { pattern = '0x' } }\nqueue \"q\" { guards = { \"g\" } }\n";
	static const char late[] = "no answer in the time that the values of an "
	    "output of this length have";

	(void)state;
	judged(each, 1000, 1, NULL);
	judged(each, 5000000, 0, late);
	judged(own, 1000, 1, NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_values_have_their_time_together)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
