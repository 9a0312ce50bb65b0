#include "core/judge/verdict.h"
/* Patterns looked for in one pass give what each guard alone gives. */
#include "tests/unit/judge_test.h"

static int64_t
no_time(void)
{
	return 0;
}

/* Guards that are timed run by themselves: what to expect. */
static void
sweep_init(struct fixture *f, const char *policy, bool alone)
{
	struct judge_options o = { .timed = alone, .clock_ns = no_time };

	fixture_init(f, policy, &o);
	f->item.queue = SLICE("default");
}

static void
look_at(struct fixture *f, const char *output)
{
	f->item.output = slice_of(output);
	judge(f);
}

static void
verdict_of(const char *policy, bool alone, const char *output, struct buf *b)
{
	struct fixture f;

	sweep_init(&f, policy, alone);
	look_at(&f, "aa bb key-1 and more of it: key-2, key-3");	/* another first */
	look_at(&f, output);
	verdict_json(b, &f.item, &f.v, slice_of(f.policy->id));
	fixture_release(&f);
}

static void
same_both_ways(const char *policy, const char *output)
{
	struct buf alone = BUF_INIT, swept = BUF_INIT;

	verdict_of(policy, true, output, &alone);
	verdict_of(policy, false, output, &swept);
	assert_string_equal(buf_str(&swept), buf_str(&alone));
	buf_release(&alone);
	buf_release(&swept);
}

static const char three[] =
    "guard \"keys\" { kind = regex pattern = 'key-\\d' }\n"
    "guard \"needed\" { kind = regex pattern = 'source' must = present }\n"
    "guard \"doubled\" { kind = regex pattern = '(\\w)\\1' severity = high }\n"
    "guard \"empty\" { kind = regex pattern = 'z?' }\n"
    "queue \"default\" { guards = { \"keys\", \"needed\", \"doubled\", "
    "\"empty\" } rule \"r\" { when = \"failures = 0\" route = approve } }\n";

static void
finds_what_each_alone_finds(void **state)
{
	static const char *const texts[] = {
		"", "key-1", "key-1key-2 aa", "source: aabbcc key-9",
		"nothing of it", "\xc3\xa4\xc3\xa4 key-7 \xe2\x82\xac key-8"
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		same_both_ways(three, texts[i]);
}

static void
both_stop_at_the_same_finding(void **state)
{
	static char text[5 * (FINDINGS_MAX + 2) + 1];
	size_t i;

	(void)state;
	for (i = 0; i < FINDINGS_MAX - 1; i++)
		memcpy(text + 5 * i, "key-1", 5);
	for (; i < FINDINGS_MAX + 2; i++) {
		memcpy(text + 5 * i, "key-1", 5);
		same_both_ways(three, text);
	}
}

static void
only_the_runaway_has_errored(void **state)
{
	struct fixture f;

	(void)state;
	sweep_init(&f,
	    "guard \"keys\" { kind = regex pattern = 'key-\\d' }\n"
	    "guard \"wild\" { kind = regex pattern = '(a+)+$' }\n"
	    "queue \"default\" { guards = { \"keys\", \"wild\" } "
	    "rule \"r\" { when = \"failed('keys')\" route = approve } }\n",
	    false);
	look_at(&f, "key-1 aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!");
	assert_int_equal(f.v.nfindings, 1);
	assert_string_equal(f.v.findings[0].guard, "keys");
	assert_int_equal(f.v.errors, 1);
	assert_string_equal(f.v.guard_errors[0].guard, "wild");
	assert_string_equal(f.v.rule, "guard error: wild");
	look_at(&f, "key-1");		/* and the next item is swept again */
	assert_int_equal(f.v.errors, 0);
	assert_int_equal(f.v.nfindings, 1);
	fixture_release(&f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_what_each_alone_finds),
		cmocka_unit_test(both_stop_at_the_same_finding),
		cmocka_unit_test(only_the_runaway_has_errored)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
