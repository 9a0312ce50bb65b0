/* One record judged: its bytes in, a verdict for each item in it out. */
#include "tests/unit/policy_test.h"

#include "core/judge/record.h"
#include "tests/unit/values.h"

#define POLICY \
	"guard \"tone\" { kind = regex pattern = 'guarantee' }\n" \
	"queue \"default\" { guards = { tone }\n" \
	"rule \"toned\" { when = \"failed('tone')\" route = escalate }\n" \
	"rule \"sure\" { when = \"failures = 0\" route = approve } }\n" \
	"queue \"slow\" { fallback = \"soon\"\n" \
	"rule \"all\" { when = \"1\" route = flag priority = 4 } }"

struct fixture {
	struct policy	*policy;
	struct judge_scratch *scratch;
	struct arena	 arena;
	struct judge_request request;
	const struct judged_item *first;
	struct error	 err;
};

static void
setup(struct fixture *f, const char *policy)
{
	struct judge_options o = { .key = SLICE("k") };

	memset(f, 0, sizeof(*f));
	f->policy = policy_of(policy);
	assert_int_equal(judge_scratch_new(&f->scratch, f->policy, &o,
	    &f->err), STATUS_OK);
}

static void
teardown(struct fixture *f)
{
	judge_scratch_free(f->scratch);
	policy_free(f->policy);
	arena_release(&f->arena);
}

static enum status
run(struct fixture *f)
{
	error_clear(&f->err);
	return judge_record(f->scratch, &f->request, &f->arena, &f->first,
	    &f->err);
}

static void
judged(struct fixture *f, const char *record)
{
	f->request.record = slice_of(record);
	if (run(f) != STATUS_OK)
		fail_msg("%s", f->err.text);
	assert_non_null(f->first);
}

static void
is_judged(const struct judged_item *i, const char *id, enum route route,
    const char *rule)
{
	char got[64];

	(void)snprintf(got, sizeof(got), "%.*s", SLICE_ARG(i->item.id));
	assert_string_equal(got, id);
	assert_string_equal(route_name(i->verdict.route), route_name(route));
	assert_string_equal(i->verdict.rule, rule);
}

static void
a_record_has_a_verdict(void **state)
{
	struct fixture f;

	(void)state;
	setup(&f, POLICY);
	judged(&f, "{\"id\":\"a\",\"output\":\"We guarantee it.\"}");
	is_judged(f.first, "a", ROUTE_ESCALATE, "toned");
	assert_null(f.first->next);
	assert_int_equal(f.first->verdict.nfindings, 1);
	assert_int_equal(f.first->verdict.findings[0].start, 3);
	assert_false(f.first->verdict.released);
	teardown(&f);
}

static void
each_choice_is_judged_by_itself(void **state)
{
	struct fixture f;

	(void)state;
	setup(&f, POLICY);
	judged(&f, "{\"id\":\"c\",\"object\":\"chat.completion\",\"choices\":["
	    "{\"index\":0,\"message\":{\"content\":\"It may.\"}},"
	    "{\"index\":1,\"message\":{\"content\":\"We guarantee it.\"}},"
	    "{\"index\":2,\"message\":{\"content\":\"It will.\"}}]}");
	is_judged(f.first, "c#1", ROUTE_APPROVE, "sure");
	is_judged(f.first->next, "c#2", ROUTE_ESCALATE, "toned");
	is_judged(f.first->next->next, "c#3", ROUTE_APPROVE, "sure");
	assert_null(f.first->next->next->next);
	assert_int_equal(f.first->next->item.choice, 2);
	assert_slice(f.first->verdict.release, "It may.");
	teardown(&f);
}

static void
a_refused_record_says_why(void **state)
{
	static const struct {
		const char	*record, *why;
	} rows[] = {
		{ "", "byte 0: unexpected end; a record is one line (jq -c . "
		    "makes it one)" },
		{ "{\"output\":\"a\",\"output\":\"b\"}",
		    "byte 14: duplicate key" },
		{ "[]", "byte 0: an empty array" },
		{ "{\"object\":\"chat.completion\",\"choices\":[]}", NULL }
	};
	struct fixture f;
	size_t i;

	(void)state;
	setup(&f, POLICY);
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		judged(&f, "{\"id\":\"a\",\"output\":\"fine\"}");
		f.request.record = slice_of(rows[i].record);
		assert_int_equal(run(&f), STATUS_INVALID);
		assert_null(f.first);
		if (rows[i].why != NULL)
			assert_string_equal(f.err.text, rows[i].why);
		/* And the next is judged as if nothing had been. */
		judged(&f, "{\"id\":\"b\",\"output\":\"fine\"}");
		is_judged(f.first, "b", ROUTE_APPROVE, "sure");
	}
	/* A request's body that is not there at all. */
	f.request.record = SLICE_NONE;
	assert_int_equal(run(&f), STATUS_INVALID);
	assert_string_equal(f.err.text, rows[0].why);
	teardown(&f);
}

static void
the_request_names_queue_and_shape(void **state)
{
	struct fixture f;

	(void)state;
	setup(&f, POLICY);
	f.request.queue = SLICE("slow");
	judged(&f, "{\"id\":\"a\",\"queue\":\"default\",\"output\":\"fine\"}");
	is_judged(f.first, "a", ROUTE_FLAG, "all");
	assert_slice(f.first->item.queue, "slow");
	assert_int_equal(f.first->verdict.priority, 4);
	assert_slice(f.first->verdict.release, "soon");
	f.request.queue = SLICE_NONE;
	f.request.format = "openai-chat";
	f.request.record = SLICE("{\"id\":\"a\",\"output\":\"fine\"}");
	assert_int_equal(run(&f), STATUS_INVALID);
	teardown(&f);
}

static enum status
find_request(void *arg, struct slice id, struct arena *arena,
    struct slice *out, struct error *err)
{
	(void)arena;
	if (arg != NULL && slice_is(id, "r1")) {
		*out = slice_of(arg);
		return STATUS_OK;
	}
	return error_set(err, STATUS_IO, "the requests changed");
}

static void
a_batch_line_is_joined_with_its_request(void **state)
{
	static char request[] = "{\"custom_id\":\"r1\",\"body\":{\"messages\":"
	    "[{\"role\":\"user\",\"content\":\"Will it?\"}]}}";
	static const char line[] = "{\"id\":\"b1\",\"custom_id\":\"r1\","
	    "\"response\":{\"status_code\":200,\"body\":{\"object\":"
	    "\"chat.completion\",\"choices\":[{\"message\":{\"content\":"
	    "\"It may.\"}}]}},\"error\":null}";
	struct fixture f;

	(void)state;
	setup(&f, POLICY);
	f.request.inputs = find_request;
	f.request.inputs_arg = request;
	judged(&f, line);
	assert_slice(f.first->item.input, request);
	assert_slice(f.first->item.messages,
	    "[{\"role\":\"user\",\"content\":\"Will it?\"}]");
	f.request.inputs_arg = NULL;
	assert_int_equal(run(&f), STATUS_IO);
	assert_string_equal(f.err.text, "the requests changed");
	assert_null(f.first);
	teardown(&f);
}

/* What is judged again is an item as it was read, under its own id and queue. */
static void
an_edit_is_judged_in_the_outputs_place(void **state)
{
	struct slice text = SLICE("So: we guarantee it."), empty = SLICE("");
	struct fixture f;
	struct item item;

	(void)state;
	setup(&f, "guard \"tone\" { kind = regex pattern = 'guarantee' }\n"
	    "queue \"default\" { guards = { tone } expects = { judge }\n"
	    "rule \"toned\" { when = \"failed('tone')\" route = escalate }\n"
	    "rule \"sure\" { when = \"failures = 0\" route = approve } }");
	judged(&f, "{\"id\":\"a\",\"output\":\"It may.\",\"guards\":[{\"name\":"
	    "\"judge\",\"result\":\"fail\",\"severity\":\"high\"}]}");
	is_judged(f.first, "a", ROUTE_FLAG, "no rule matched");
	item = f.first->item;
	item.id = SLICE("stored");
	f.request = (struct judge_request){ .item = &item, .edit = &text };
	assert_int_equal(run(&f), STATUS_OK);
	is_judged(f.first, "stored", ROUTE_ESCALATE, "toned");
	assert_int_equal(f.first->verdict.nfindings, 1);
	assert_int_equal(f.first->verdict.findings[0].start, 7);
	assert_slice(f.first->item.output, "It may.");
	/* An empty text is one too, and no answer. */
	f.request.edit = &empty;
	assert_int_equal(run(&f), STATUS_OK);
	is_judged(f.first, "stored", ROUTE_FLAG, "no answer");
	/* The same item with the output it came with. */
	f.request.edit = NULL;
	assert_int_equal(run(&f), STATUS_OK);
	is_judged(f.first, "stored", ROUTE_FLAG, "no rule matched");
	teardown(&f);
}

static void
results_outlive_the_next_record_and_the_scratch(void **state)
{
	const struct judged_item *first;
	struct fixture f;

	(void)state;
	setup(&f, POLICY);
	judged(&f, "{\"id\":\"a\",\"output\":\"We guar\\u0061ntee it.\"}");
	first = f.first;
	judged(&f, "{\"id\":\"b\",\"output\":\"fine\"}");
	judge_scratch_free(f.scratch);
	f.scratch = NULL;
	is_judged(first, "a", ROUTE_ESCALATE, "toned");
	assert_slice(first->item.output, "We guarantee it.");
	assert_string_equal(first->verdict.failed[0], "tone");
	teardown(&f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_record_has_a_verdict),
		cmocka_unit_test(each_choice_is_judged_by_itself),
		cmocka_unit_test(a_refused_record_says_why),
		cmocka_unit_test(the_request_names_queue_and_shape),
		cmocka_unit_test(a_batch_line_is_joined_with_its_request),
		cmocka_unit_test(an_edit_is_judged_in_the_outputs_place),
		cmocka_unit_test(results_outlive_the_next_record_and_the_scratch)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
