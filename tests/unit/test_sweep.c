/* Patterns looked for in one pass give what each guard alone gives. */
#include "policy_test.h"

#include "core/route.h"

struct fixture {
	struct policy	*policy;
	struct judge	*judge;
	struct arena	 arena;
	struct item	 item;
	struct verdict	 v;
	struct error	 err;
};

static int64_t
no_time(void)
{
	return 0;
}

/* Guards that are timed run by themselves, so `timed` gives what to expect. */
static void
fixture_init(struct fixture *f, const char *policy, bool alone)
{
	struct judge_options o = { .timed = alone, .clock_ns = no_time };

	memset(f, 0, sizeof(*f));
	f->policy = policy_of(policy);
	assert_int_equal(judge_new(&f->judge, f->policy, &o, &f->err),
	    STATUS_OK);
	f->item.id = SLICE("a");
	f->item.queue = SLICE("default");
	f->item.output_is_string = true;
	f->item.has_confidence = true;
	f->item.confidence = 1;
	f->item.input_tokens = f->item.output_tokens = -1;
	f->item.cost_usd = f->item.latency_ms = -1;
}

static void
fixture_release(struct fixture *f)
{
	judge_free(f->judge);
	policy_free(f->policy);
	arena_release(&f->arena);
}

static void
judge(struct fixture *f, const char *output)
{
	f->item.output = slice_of(output);
	arena_reset(&f->arena);
	assert_int_equal(judge_item(f->judge, &f->item, &f->arena, &f->v,
	    &f->err), STATUS_OK);
}

static void
verdict_of(const char *policy, bool alone, const char *output, struct buf *b)
{
	struct fixture f;

	fixture_init(&f, policy, alone);
	judge(&f, "aa bb key-1 and more of it: key-2, key-3");	/* another first */
	judge(&f, output);
	verdict_json(b, &f.item, &f.v, f.policy);
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
	fixture_init(&f,
	    "guard \"keys\" { kind = regex pattern = 'key-\\d' }\n"
	    "guard \"wild\" { kind = regex pattern = '(a+)+$' }\n"
	    "queue \"default\" { guards = { \"keys\", \"wild\" } "
	    "rule \"r\" { when = \"failed('keys')\" route = approve } }\n",
	    false);
	judge(&f, "key-1 aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!");
	assert_int_equal(f.v.nfindings, 1);
	assert_string_equal(f.v.findings[0].guard, "keys");
	assert_int_equal(f.v.errors, 1);
	assert_string_equal(f.v.guard_errors[0].guard, "wild");
	assert_string_equal(f.v.rule, "guard error: wild");
	judge(&f, "key-1");		/* and the next item is swept again */
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
