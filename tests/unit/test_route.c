/* Judging: guards, the caller's results, rules, samples and what is released. */
#include "tests/unit/judge_test.h"
#include "tests/unit/values.h"

#include <unistd.h>

#define HANG_S	60

static void
routed(struct fixture *f, enum route route, const char *rule)
{
	judge(f);
	assert_string_equal(route_name(f->v.route), route_name(route));
	assert_string_equal(f->v.rule, rule);
}

static struct caller_guard
brought(const char *name, enum guard_result result)
{
	struct caller_guard g;

	memset(&g, 0, sizeof(g));
	g.name = slice_of(name);
	g.result = result;
	g.severity = SEVERITY_NONE;
	g.score = NAN;
	return g;
}

#define CONFIDENT \
	"rule \"confident\" { when = \"confidence >= 0.92 AND failures = 0\" " \
	"route = approve }"
#define TONE(more) \
	"guard \"tone\" { kind = regex pattern = 'guarantee' " more " }\n"
/* Runs into its match limit on "aaaa...". */
#define LIMIT(more) \
	"guard \"slow\" { kind = regex pattern = '(a+)+[bc](?=d)' " \
	"match_limit = 10 " more " }\n"
#define SLOW_TEXT SLICE("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa b")

static void
the_first_matching_rule_wins(void **state)
{
	struct fixture f;

	(void)state;
	fixture_init(&f, "queue \"q\" { fallback = \"soon\"\n"
	    "rule \"unsure\" { when = \"confidence < 0.4\" route = escalate "
	    "priority = 9 }\n" CONFIDENT
	    "rule \"all\" { when = \"confidence < 0.5 OR confidence >= 0.5\" "
	    "route = flag priority = 3 } }", NULL);
	routed(&f, ROUTE_APPROVE, "confident");
	assert_true(f.v.released);
	assert_ptr_equal(f.v.release.p, f.item.output.p);
	assert_int_equal(f.v.severity, SEVERITY_NONE);
	assert_int_equal(f.v.nrules, 2);
	assert_string_equal(f.v.rules[0].name, "unsure");
	assert_int_equal(f.v.rules[0].value, EXPR_FALSE);
	f.item.confidence = 0.1;
	routed(&f, ROUTE_ESCALATE, "unsure");
	assert_int_equal(f.v.priority, 9);
	assert_false(f.v.released);
	assert_slice(f.v.release, "soon");
	f.item.confidence = 0.5;
	routed(&f, ROUTE_FLAG, "all");
	assert_int_equal(f.v.priority, 3);
	/* Nothing compares with what is not there. */
	f.item.has_confidence = false;
	routed(&f, ROUTE_FLAG, "no rule matched");
	fixture_release(&f);
}

static void
all_rules_can_be_asked(void **state)
{
	struct judge_options o = { .all_rules = true };
	struct fixture f;

	(void)state;
	fixture_init(&f, "queue \"q\" {" CONFIDENT
	    "rule \"b\" { when = \"model = 'x'\" route = flag }"
	    "rule \"c\" { when = \"1\" route = escalate } }", &o);
	routed(&f, ROUTE_APPROVE, "confident");
	assert_int_equal(f.v.nrules, 3);
	assert_int_equal(f.v.rules[0].value, EXPR_TRUE);
	assert_int_equal(f.v.rules[1].value, EXPR_NULL);
	assert_int_equal(f.v.rules[2].value, EXPR_TRUE);
	fixture_release(&f);
}

static void
a_guard_fails_from_low_up(void **state)
{
	static const struct {
		const char	*severity;
		int		 failures;
	} rows[] = {
		{ "", 1 }, { "severity = low", 1 }, { "severity = info", 0 },
		{ "severity = critical", 1 }
	};
	struct fixture f;
	char text[512];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		(void)snprintf(text, sizeof(text), "guard \"tone\" { kind = "
		    "regex pattern = 'guarantee' %s }\nqueue \"q\" { guards = "
		    "{ tone } rule \"f\" { when = \"failed('tone')\" route = "
		    "escalate }" CONFIDENT "}", rows[i].severity);
		fixture_init(&f, text, NULL);
		routed(&f, rows[i].failures > 0 ? ROUTE_ESCALATE :
		    ROUTE_APPROVE, rows[i].failures > 0 ? "f" : "confident");
		assert_int_equal(f.v.failures, rows[i].failures);
		assert_int_equal(f.v.nfailed, rows[i].failures);
		assert_int_equal(f.v.nfindings, 1);
		assert_int_equal(f.v.findings[0].start, 3);
		assert_int_equal(f.v.findings[0].end, 12);
		assert_string_equal(f.v.findings[0].guard, "tone");
		fixture_release(&f);
	}
}

static void
the_worst_severity_counts(void **state)
{
	struct fixture f;

	(void)state;
	fixture_init(&f, TONE("severity = low")
	    "guard \"it\" { kind = regex pattern = 'it' severity = high }\n"
	    "queue \"q\" { guards = { it, tone }\n"
	    "rule \"bad\" { when = \"severity >= 3 AND failures = 2 AND "
	    "score('it') = 1 AND kind('it', 'match')\" route = escalate } }",
	    NULL);
	routed(&f, ROUTE_ESCALATE, "bad");
	assert_int_equal(f.v.severity, SEVERITY_HIGH);
	fixture_release(&f);
}

static void
results_of_the_caller_count(void **state)
{
	uint32_t spans[2][2] = { { 4, 5 }, { 0, 2 } };
	struct caller_guard g[4];
	struct fixture f;

	(void)state;
	fixture_init(&f, "queue \"q\" { expects = { toxicity }\n"
	    "rule \"toxic\" { when = \"failed('toxicity') AND "
	    "score('toxicity') > 0.9 AND kind('toxicity', 'insult')\" "
	    "route = escalate }" CONFIDENT "}", NULL);
	f.item.output = SLICE("\xc3\xa9\xc3\xa9 x\xe2\x82\xac!");
	f.item.guards = g;
	f.item.nguards = 1;
	g[0] = brought("toxicity", RESULT_PASS);
	g[0].score = 0.1;
	routed(&f, ROUTE_APPROVE, "confident");
	assert_int_equal(f.v.nfindings, 0);
	g[0].result = RESULT_FAIL;
	g[0].score = 0.91;
	g[0].kind = SLICE("insult");
	g[0].message = SLICE("rude");
	g[0].spans = spans;
	g[0].nspans = 2;
	/* Others count too, though no condition may name them. */
	f.item.nguards = 4;
	g[1] = brought("other", RESULT_FAIL);
	g[2] = brought("other", RESULT_FAIL);
	g[3] = brought("third", RESULT_ERROR);
	routed(&f, ROUTE_ESCALATE, "toxic");
	assert_int_equal(f.v.failures, 2);
	assert_int_equal(f.v.errors, 1);
	assert_int_equal(f.v.nfindings, 4);
	assert_int_equal(f.v.findings[0].start, 6);
	assert_int_equal(f.v.findings[0].end, 9);
	assert_int_equal(f.v.findings[1].start, 0);
	assert_int_equal(f.v.findings[1].end, 4);
	assert_int_equal(f.v.findings[0].severity, SEVERITY_MEDIUM);
	assert_slice(f.v.findings[0].message, "rude");
	/* No place: from the beginning to the end. */
	assert_int_equal(f.v.findings[2].start, 0);
	assert_int_equal(f.v.findings[2].end, f.item.output.n);
	assert_string_equal(f.v.findings[2].guard, "other");
	fixture_release(&f);
}

static void
wrong_spans_are_kept_within_the_output(void **state)
{
	uint32_t spans[3][2] = { { 5, 2 }, { 3, 4000000000u },
	    { 100, 200 } };
	struct caller_guard g = brought("x", RESULT_FAIL);
	struct fixture f;
	size_t i;

	(void)state;
	fixture_init(&f, "queue \"q\" {}", NULL);
	g.spans = spans;
	g.nspans = 3;
	f.item.guards = &g;
	f.item.nguards = 1;
	judge(&f);
	assert_int_equal(f.v.nfindings, 3);
	for (i = 0; i < 3; i++) {
		assert_op(f.v.findings[i].start, <=, f.v.findings[i].end);
		assert_op(f.v.findings[i].end, <=, f.item.output.n);
	}
	fixture_release(&f);
}

static void
what_is_expected_and_missing_is_an_error(void **state)
{
	struct caller_guard g = brought("toxicity", RESULT_PASS);
	struct fixture f;

	(void)state;
	fixture_init(&f, "queue \"q\" { expects = { toxicity }\n"
	    "rule \"asked\" { when = \"errored('toxicity') AND confidence < "
	    "0.5\" route = escalate }" CONFIDENT "}", NULL);
	routed(&f, ROUTE_FLAG, "guard error: toxicity");
	assert_int_equal(f.v.errors, 1);
	assert_int_equal(f.v.failures, 0);
	assert_int_equal(f.v.nguard_errors, 1);
	assert_false(f.v.released);
	f.item.confidence = 0.1;
	routed(&f, ROUTE_ESCALATE, "asked");
	f.item.confidence = 0.95;
	f.item.guards = &g;
	f.item.nguards = 1;
	routed(&f, ROUTE_APPROVE, "confident");
	g.result = RESULT_ERROR;
	g.message = SLICE("endpoint down");
	routed(&f, ROUTE_FLAG, "guard error: toxicity");
	assert_int_equal(f.v.nguard_errors, 1);
	assert_slice(f.v.guard_errors[0].message, "endpoint down");
	fixture_release(&f);
}

/* The caller's guards spoke of the old text, and none of them of the new. */
static void
an_edit_is_for_our_guards_alone(void **state)
{
	struct caller_guard g = brought("toxicity", RESULT_FAIL);
	struct fixture f;

	(void)state;
	fixture_init(&f, TONE("") "queue \"q\" { guards = { tone }\n"
	    "expects = { toxicity, grounded }" CONFIDENT "}", NULL);
	f.item.guards = &g;
	f.item.nguards = 1;
	judge(&f);
	assert_int_equal(f.v.nfindings, 2);
	assert_int_equal(f.v.nguard_errors, 1);
	assert_int_equal(judge_edit(f.judge, &f.item, SLICE("We hope so."),
	    &f.arena, &f.v, &f.err), STATUS_OK);
	assert_int_equal(f.v.nfindings + f.v.nguard_errors, 0);
	assert_int_equal(judge_edit(f.judge, &f.item, SLICE("I guarantee it."),
	    &f.arena, &f.v, &f.err), STATUS_OK);
	assert_int_equal(f.v.nfindings, 1);
	assert_string_equal(f.v.findings[0].guard, "tone");
	fixture_release(&f);
}

static void
no_answer_is_never_approved(void **state)
{
	static const struct {
		struct slice	 output;
		enum stop	 stop;
		bool		 answer;
	} rows[] = {
		{ { "Yes.", 4 }, STOP_UNKNOWN, true },
		{ { "Yes.", 4 }, STOP_LENGTH, true },
		{ { "No.", 3 }, STOP_REFUSAL, true },
		{ { "", 0 }, STOP_END, false },
		{ { " \n", 2 }, STOP_UNKNOWN, false },
		{ { "", 0 }, STOP_REFUSAL, false },
		{ { "Ye", 2 }, STOP_FILTER, false },
		{ { "Ye", 2 }, STOP_ERROR, false }
	};
	struct fixture f;
	size_t i;

	(void)state;
	fixture_init(&f, "queue \"q\" { fallback = \"soon\"\n" CONFIDENT
	    "rule \"unsure\" { when = \"confidence < 0.4\" route = escalate }"
	    "rule \"cut\" { when = \"stop = 'filter'\" route = flag } }", NULL);
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		f.item.output = rows[i].output;
		f.item.stop = rows[i].stop;
		f.item.confidence = 0.95;
		routed(&f, rows[i].answer ? ROUTE_APPROVE : ROUTE_FLAG,
		    rows[i].answer ? "confident" : "no answer");
		assert_int_equal(f.v.released, rows[i].answer);
		if (!rows[i].answer)
			assert_slice(f.v.release, "soon");
		f.item.confidence = 0.1;
		routed(&f, ROUTE_ESCALATE, "unsure");
		f.item.confidence = 0.5;
		routed(&f, ROUTE_FLAG, rows[i].stop == STOP_FILTER ? "cut" :
		    "no rule matched");
	}
	/* A person's text is an answer, whatever the model's was. */
	f.item.confidence = 0.95;
	assert_int_equal(judge_edit(f.judge, &f.item, SLICE("We hope so."),
	    &f.arena, &f.v, &f.err), STATUS_OK);
	assert_string_equal(f.v.rule, "confident");
	assert_int_equal(judge_edit(f.judge, &f.item, SLICE(" "), &f.arena,
	    &f.v, &f.err), STATUS_OK);
	assert_string_equal(f.v.rule, "no answer");
	/* One that was stored before it was refused. */
	f.item.stop = STOP_UNKNOWN;
	f.item.fault = FAULT_UNDONE;
	routed(&f, ROUTE_FLAG, "no answer");
	fixture_release(&f);
}

static void
a_guard_that_cannot_run_never_approves(void **state)
{
	struct fixture f;

	(void)state;
	fixture_init(&f, LIMIT("") "queue \"q\" { guards = { slow }\n"
	    "rule \"up\" { when = \"confidence < 0.2\" route = escalate }"
	    "rule \"down\" { when = \"confidence < 0.3\" route = flag }"
	    "rule \"c\" { when = \"1\" route = approve } }", NULL);
	f.item.output = SLOW_TEXT;
	routed(&f, ROUTE_FLAG, "guard error: slow");
	assert_int_equal(f.v.errors, 1);
	assert_op(f.v.guard_errors[0].message.n, >, 0);
	assert_false(f.v.guard_errors[0].fail_open);
	f.item.confidence = 0.1;
	routed(&f, ROUTE_ESCALATE, "up");
	f.item.confidence = 0.25;
	routed(&f, ROUTE_FLAG, "down");
	fixture_release(&f);
	fixture_init(&f, LIMIT("fail_open = true") "queue \"q\" { guards = "
	    "{ slow } rule \"c\" { when = \"1\" route = approve } }", NULL);
	f.item.output = SLOW_TEXT;
	routed(&f, ROUTE_APPROVE, "c");
	assert_int_equal(f.v.errors, 1);
	assert_int_equal(f.v.nguard_errors, 1);
	assert_true(f.v.guard_errors[0].fail_open);
	fixture_release(&f);
}

static void
a_rule_that_cannot_be_evaluated_never_approves(void **state)
{
	struct fixture f;

	(void)state;
	fixture_init(&f, "queue \"q\" {\n"
	    "rule \"x\" { when = \"abs(-9223372036854775807 - failures - 1)\" "
	    "route = escalate }" CONFIDENT
	    "rule \"rest\" { when = \"1\" route = escalate } }", NULL);
	routed(&f, ROUTE_FLAG, "rule error: x");
	f.item.confidence = 0.1;
	routed(&f, ROUTE_ESCALATE, "rest");
	fixture_release(&f);
}

static void
queues_without_rules_flag_everything(void **state)
{
	struct fixture f;

	(void)state;
	fixture_init(&f, "queue \"other\" { rule \"c\" { when = \"1\" "
	    "route = approve } }", NULL);
	routed(&f, ROUTE_FLAG, "no rule matched");
	assert_string_equal(f.v.queue->name, "default");
	assert_null(f.v.release.p);
	fixture_release(&f);
	fixture_init(&f, "queue \"default\" { rule \"c\" { when = "
	    "\"queue = 'q'\" route = approve } }", NULL);
	routed(&f, ROUTE_APPROVE, "c");
	fixture_release(&f);
}

static void
approved_outputs_are_redacted(void **state)
{
	struct fixture f;

	(void)state;
	fixture_init(&f, TONE("redact = label") "queue \"q\" { guards = "
	    "{ tone } fallback = \"soon\"\n rule \"c\" { when = \"confidence > "
	    "0.5\" route = approve } }", NULL);
	routed(&f, ROUTE_APPROVE, "c");
	assert_true(f.v.released);
	assert_slice(f.v.release, "We <match> it.");
	f.item.confidence = 0.1;
	judge(&f);
	assert_slice(f.v.release, "soon");
	fixture_release(&f);
}

static void
samples_are_drawn_alike_on_every_run(void **state)
{
	struct judge_options keyed = { .key = SLICE("0123456789abcdef") };
	struct fixture a, b;
	char id[32];
	int i, drawn = 0;

	(void)state;
	fixture_init(&a, "queue \"q\" { sample = 0.1 rule \"c\" { when = "
	    "\"confidence > 0.5\" route = approve } }", &keyed);
	fixture_init(&b, "queue \"q\" { sample = 0.1 rule \"c\" { when = "
	    "\"1\" route = approve } }", &keyed);
	for (i = 0; i < 5000; i++) {
		(void)snprintf(id, sizeof(id), "item-%d", i);
		a.item.id = b.item.id = slice_of(id);
		judge(&a);
		judge(&b);
		assert_int_equal(a.v.sampled, b.v.sampled);
		assert_int_equal(a.v.route, ROUTE_APPROVE);
		assert_true(a.v.released);
		assert_op(fabs(a.v.sample_p - 0.1), <, 1e-12);
		drawn += a.v.sampled;
	}
	/* Seven standard deviations about 500. */
	assert_in_range(drawn, 350, 650);
	a.item.confidence = 0.1;	/* flagged: nothing to draw */
	judge(&a);
	assert_false(a.v.sampled);
	fixture_release(&a);
	fixture_release(&b);
	/* Without a key (check) nothing is drawn. */
	fixture_init(&a, "queue \"q\" { sample = 1 rule \"c\" { when = \"1\" "
	    "route = approve } }", NULL);
	judge(&a);
	assert_false(a.v.sampled);
	fixture_release(&a);
}

static void
input_guards_look_at_the_messages(void **state)
{
	struct fixture f;

	(void)state;
	fixture_init(&f, "guard \"asked\" { kind = regex pattern = 'secret' "
	    "on = input }\nqueue \"q\" { guards = { asked } rule \"in\" { when "
	    "= \"failed('asked')\" route = escalate } }", NULL);
	f.item.output = SLICE("a secret");
	routed(&f, ROUTE_FLAG, "no rule matched");
	f.item.messages = SLICE("[{\"role\":\"system\",\"content\":\"x\"},"
	    "{\"role\":\"user\",\"content\":\"\\u00e9\\u00e9 secret\"},"
	    "{\"role\":\"user\",\"content\":[{\"type\":\"image\"},"
	    "{\"type\":\"text\",\"text\":\"secret\"}]},"
	    "{\"role\":\"user\",\"content\":null},7]");
	routed(&f, ROUTE_ESCALATE, "in");
	assert_int_equal(f.v.nfindings, 2);
	assert_slice(f.v.findings[0].on, "/messages/1/content");
	assert_int_equal(f.v.findings[0].start, 3);
	assert_int_equal(f.v.findings[0].end, 9);
	assert_slice(f.v.findings[1].on, "/messages/2/content/1/text");
	assert_int_equal(f.v.failures, 1);
	fixture_release(&f);
}

static int64_t now;

static int64_t
ticking(void)
{
	return now += 7;
}

static void
guards_can_be_timed(void **state)
{
	struct judge_options o = { .timed = true, .clock_ns = ticking };
	struct fixture f;

	(void)state;
	fixture_init(&f, TONE("") "queue \"q\" { guards = { tone } }", &o);
	judge(&f);
	assert_non_null(f.v.guard_ns);
	assert_int_equal(f.v.guard_ns[0], 7);
	fixture_release(&f);
}

/* What a record brings is somebody else's to choose.  Compared each with each
 * these would take minutes: the alarm ends a test that hangs. */
static void
very_many_results_are_taken(void **state)
{
	enum { N = 400000 };
	struct caller_guard *g = calloc(N, sizeof(*g));
	char *names = calloc(N, 16);
	struct fixture f;
	size_t i;

	(void)state;
	assert_non_null(g);
	assert_non_null(names);
	(void)alarm(HANG_S);
	fixture_init(&f, "queue \"q\" { expects = { g7 } rule \"seven\" { when "
	    "= \"failed('g7')\" route = escalate } }", NULL);
	for (i = 0; i < N; i++) {
		(void)snprintf(names + i * 16, 16, "g%zu", i / 2);
		g[i] = brought(names + i * 16, RESULT_FAIL);
	}
	f.item.guards = g;
	f.item.nguards = N;
	routed(&f, ROUTE_ESCALATE, "seven");
	assert_int_equal(f.v.failures, N / 2);
	(void)alarm(0);
	fixture_release(&f);
	free(names);
	free(g);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_first_matching_rule_wins),
		cmocka_unit_test(all_rules_can_be_asked),
		cmocka_unit_test(a_guard_fails_from_low_up),
		cmocka_unit_test(the_worst_severity_counts),
		cmocka_unit_test(results_of_the_caller_count),
		cmocka_unit_test(wrong_spans_are_kept_within_the_output),
		cmocka_unit_test(what_is_expected_and_missing_is_an_error),
		cmocka_unit_test(an_edit_is_for_our_guards_alone),
		cmocka_unit_test(no_answer_is_never_approved),
		cmocka_unit_test(a_guard_that_cannot_run_never_approves),
		cmocka_unit_test(a_rule_that_cannot_be_evaluated_never_approves),
		cmocka_unit_test(queues_without_rules_flag_everything),
		cmocka_unit_test(approved_outputs_are_redacted),
		cmocka_unit_test(samples_are_drawn_alike_on_every_run),
		cmocka_unit_test(input_guards_look_at_the_messages),
		cmocka_unit_test(guards_can_be_timed),
		cmocka_unit_test(very_many_results_are_taken),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
