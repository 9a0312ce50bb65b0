/* Kinds of personal data that a policy adds. */
#include "tests/unit/policy_test.h"

#include "core/pattern/pattern.h"

#define GUARD	"guard \"pii\" { kinds = { \"EMAIL_ADDRESS\" }\n"

struct own_test {
	struct policy	*policy;
	struct scratch	*scratch;
	struct arena	 arena;
	struct findings	 found;
};

static void
setup(struct own_test *t, const char *policy)
{
	struct error err = { 0 };

	memset(t, 0, sizeof(*t));
	t->policy = policy_of(policy);
	assert_int_equal(scratch_new(&t->scratch, &err), STATUS_OK);
}

static void
teardown(struct own_test *t)
{
	policy_free(t->policy);
	scratch_free(t->scratch);
	arena_release(&t->arena);
	free(t->found.v);
}

/* What was found of the kind, its values one after the other with blanks. */
static void
finds(struct own_test *t, const char *kind, const char *text, const char *want)
{
	const struct guard *g = &t->policy->guards[0];
	struct guard_run r = { slice_of(text), true, NULL, t->scratch,
	    &t->arena, &t->found, g->name, g->kind };
	struct error err = { 0 };
	struct buf got = BUF_INIT;
	const struct finding *f;

	t->found.n = 0;
	if (g->kind->run(g->compiled, &r, &err) != STATUS_OK)
		fail_msg("%s", err.text);
	for (f = t->found.v; f < t->found.v + t->found.n; f++)
		if (slice_is(f->kind, kind)) {
			if (got.n > 0)
				buf_putc(&got, ',');
			buf_add(&got, text + f->start, f->end - f->start);
		}
	assert_string_equal(buf_str(&got), want);
	buf_release(&got);
}

static void
a_pattern_is_a_kind(void **state)
{
	struct own_test t;

	(void)state;
	setup(&t, GUARD " own \"EMPLOYEE\" { pattern = '\\bE-\\d{6}\\b' } }\n");
	finds(&t, "EMPLOYEE", "ask E-123456 or E-1234567, then E-654321",
	    "E-123456,E-654321");
	/* Folded as every kind's text is, and in the original's place. */
	finds(&t, "EMPLOYEE", "ask \xef\xbc\xa5-\xef\xbc\x91" "23456 now",
	    "\xef\xbc\xa5-\xef\xbc\x91" "23456");
	finds(&t, "EMPLOYEE", "ask E-\xef\xbc\x91" "23456 now",
	    "E-\xef\xbc\x91" "23456");
	finds(&t, "EMPLOYEE", "E-12\xe2\x80\x8b" "3456",
	    "E-12\xe2\x80\x8b" "3456");
	finds(&t, "EMAIL_ADDRESS", "E-123456 is a@example.com",
	    "a@example.com");
	teardown(&t);
}

static void
a_validator_drops_what_fails(void **state)
{
	static const struct {
		const char	*validator, *pattern, *good, *bad;
	} cases[] = {
		{ "luhn", "\\d{4}-\\d{4}", "1234-5674", "1234-5675" },
		{ "verhoeff", "\\d{4}", "2363", "2364" },
		{ "mod97", "[A-Z]{2}\\d+", "AB5452", "AB5453" },
		{ "mod11-10", "\\d{11}", "86095742719", "86095742718" }
	};
	struct own_test t;
	char policy[512];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		(void)snprintf(policy, sizeof(policy), GUARD " own \"X\" { "
		    "pattern = '%s' validator = %s } }\n", cases[i].pattern,
		    cases[i].validator);
		setup(&t, policy);
		finds(&t, "X", cases[i].good, cases[i].good);
		finds(&t, "X", cases[i].bad, "");
		teardown(&t);
	}
}

static void
a_context_must_be_near(void **state)
{
	struct own_test t;

	(void)state;
	setup(&t, GUARD " own \"BADGE\" { pattern = '\\b\\d{5}\\b' "
	    "context = { \"badge\", \"Door Card\" } } }\n");
	finds(&t, "BADGE", "his badge is 12345", "12345");
	finds(&t, "BADGE", "door card: 12345", "12345");
	finds(&t, "BADGE", "his badges 12345", "12345");
	finds(&t, "BADGE", "a badger weighs 12345", "");
	finds(&t, "BADGE", "the car card 12345", "");
	finds(&t, "BADGE", "it cost 12345", "");
	teardown(&t);
	setup(&t, GUARD " own \"BADGE\" { pattern = '\\b\\d{5}\\b' "
	    "context = { \"badge\" } score = 0.5 } }\n");
	finds(&t, "BADGE", "it cost 12345", "12345");
	teardown(&t);
	setup(&t, "guard \"pii\" { min_score = 0.6\n own \"BADGE\" { pattern = "
	    "'\\b\\d{5}\\b' context = { \"badge\" } score = 0.5 } }\n");
	finds(&t, "BADGE", "it cost 12345", "");
	finds(&t, "BADGE", "badge 12345", "12345");
	teardown(&t);
}

/* One that was checked wins over one that was not, whatever its length. */
static void
overlaps_are_settled(void **state)
{
	struct own_test t;

	(void)state;
	setup(&t, "guard \"pii\" { own \"ANY\" { pattern = "
	    "'card [\\d ]+' score = 1 }\n"
	    " own \"PART\" { pattern = '\\d{4}' } }\n");
	finds(&t, "CREDIT_CARD", "card 4111 1111 1111 1111",
	    "4111 1111 1111 1111");
	finds(&t, "ANY", "card 4111 1111 1111 1111", "");
	finds(&t, "PART", "card 4111 1111 1111 1111", "");
	finds(&t, "ANY", "card 4111 1111", "card 4111 1111");
	teardown(&t);
}

static void
refused(const char *policy, const char *why)
{
	struct memory_file files[] = { { "p", policy }, { NULL, NULL } };
	struct error err;
	struct policy *p;

	assert_int_equal(memory_policy(&p, files, "p", &err), STATUS_INVALID);
	assert_string_equal(err.text, why);
}

static void
mistakes_are_named(void **state)
{
	(void)state;
	refused(GUARD "own \"X\" { score = 1 } }", "p:2:5: own \"X\": a kind "
	    "of your own needs pattern");
	refused(GUARD "own \"X\" { pattern = '(' } }", "p:2:21: guard \"pii\": "
	    "own \"X\": pattern: byte 1: missing closing parenthesis");
	refused(GUARD "own \"X\" { pattern = 'a' validator = sum } }",
	    "p:2:37: own \"X\": validator: 'sum' is none of luhn|verhoeff|mod97|"
	    "mod11-10");
	refused(GUARD "own \"X\" { pattern = 'a' score = 2 } }",
	    "p:2:33: guard \"pii\": own \"X\": score: 2 is not between 0 and 1");
	refused(GUARD "own \"us_ssn\" { pattern = 'a' } }", "p:2:5: guard \"pii\": "
	    "own \"us_ssn\": there is a kind of that name already");
	refused(GUARD "own \"a b\" { pattern = 'a' } }", "p:2:5: guard \"pii\": "
	    "own \"a b\": its name has letters, digits, '_' and '-' only");
	refused("guard \"secrets\" { own \"X\" { pattern = 'a' } }",
	    "p:1:23: guard \"secrets\": secrets takes no kinds of your own");
	refused(GUARD "own \"X\" { pattern = 'a' }\nown \"X\" { pattern = 'b' "
	    "} }", "p:3:5: own \"X\" is there already");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_pattern_is_a_kind),
		cmocka_unit_test(a_validator_drops_what_fails),
		cmocka_unit_test(a_context_must_be_near),
		cmocka_unit_test(overlaps_are_settled),
		cmocka_unit_test(mistakes_are_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
