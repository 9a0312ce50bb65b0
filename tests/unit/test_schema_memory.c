/* Each allocation of a guard's compiling and running fails in turn. */
#include "tests/unit/guard_test.h"
#include "tests/unit/memory_test.h"

static const char schema_text[] =
    "{\"$schema\":\"http://json-schema.org/draft-07/schema#\","
    "\"$id\":\"http://a/b\",\"definitions\":{\"x\":{\"$id\":\"c\","
    "\"type\":\"object\",\"patternProperties\":{\"^a\\\\d\":{\"type\":"
    "[\"integer\",\"null\"]}},\"required\":[\"q\"]}},\"properties\":{"
    "\"k\\u0041\":{\"enum\":[\"a\\u0041\",[1,2]]},\"l\":{\"uniqueItems\":true,"
    "\"items\":{\"anyOf\":[{\"$ref\":\"c\"},{\"type\":\"null\"},{\"pattern\":"
    "\"x\"}]}},\"m\":{\"$ref\":\"http://json-schema.org/draft-07/schema#\"}},"
    "\"dependencies\":{\"l\":[\"z\"]}}";
static const char output[] =
    "{\"k\\u0041\":\"b\\n\",\"l\":[1,2,3,4,5,6,7,8,9,10,{\"a1\":\"s\"},"
    "{\"b\\n\":[]},\"y\"],\"m\":{\"minLength\":-1}}";

/* Everything once, with n allocations; true when they were enough. */
static bool
run_with(const struct guard_kind *kind, long n)
{
	static struct policy_file file = { "a.json",
	    { schema_text, sizeof(schema_text) - 1 } };
	struct option_value values[GUARD_OPTIONS_MAX] = { { 0 } };
	struct guard_config config = { "test", kind, values, NULL, NULL, 0,
	    false, false };
	struct arena arena = ARENA_INIT;
	struct findings found = { NULL, 0, 0 };
	struct guard_run r = { .text = { output, sizeof(output) - 1 },
	    .is_string = true, .arena = &arena, .out = &found, .guard = "test",
	    .kind = kind };
	struct error err = { STATUS_OK, "" };
	void *compiled = NULL;
	enum status st;
	bool enough;

	values[0].set = true;
	values[0].files = &file;
	values[0].nfiles = 1;
	left = n;
	st = kind->compile(&config, &compiled, &err);
	if (st == STATUS_OK)
		st = kind->run(compiled, &r, &err);
	enough = left != 0;
	left = -1;
	if (st == STATUS_OK)
		assert_int_equal(found.n, 4);
	else
		assert_int_equal(st, STATUS_NOMEM);
	assert_int_equal(st, err.code);
	kind->free(compiled);
	arena_release(&arena);
	free(found.v);
	return enough;
}

static void
test_every_allocation_may_fail(void **state)
{
	const struct guard_kind *kind = guard_kind_find("json-schema");
	long n, before, grown = 0;

	(void)state;
#ifdef SANITIZED
	print_message("skipped: the sanitizer has its own allocator\n");
	skip();
#endif
	for (n = 0; n < 2000; n++) {
		before = live;
		if (run_with(kind, n))
			break;
		grown += live - before;
	}
	assert_in_range(n, 50, 1999);
	/* What a thread keeps from run to run, and no more. */
	assert_in_range(grown, 0, 20);
	before = live;
	assert_true(run_with(kind, -1));
	assert_true(run_with(kind, -1));
	assert_in_range(live - before, 0, 20);
	before = live;
	assert_true(run_with(kind, -1));
	assert_int_equal(live, before);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_allocation_may_fail),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
