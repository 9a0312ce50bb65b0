/* The reader of policy files: the place of each mistake, and its limits. */
#include "tests/unit/memory_test.h"

#include "policy_test.h"

/* Text, of one file, that must be refused with a message that begins so. */
static const struct {
	const char	*text, *message;
} places[] = {
	/* A column is a character, a tab one too; a line ends with a LF. */
	{ "queue \"é日\" { x = 1 }", "policy.conf:1:14: no such option 'x'" },
	{ "\tqueue a {\r\n\t\tx = 1 }", "policy.conf:2:3: no such option 'x'" },
	{ "\xef\xbb\xbfqueu a {}", "policy.conf:1:1: no such section 'queu'" },
	{ "/* é\n é */ queu a {}", "policy.conf:2:7: no such section 'queu'" },
	{ "# é\n/**/ queu a {}", "policy.conf:2:6: no such section 'queu'" },
	{ "queue a { fallback = \"é\n\n é\" x = 1 }",
	    "policy.conf:3:5: no such option 'x'" },
	{ "queue a { fallback = 'é\\\né' x = 1 }",
	    "policy.conf:2:4: no such option 'x'" },
	{ "queue a {\n lease =\n  5 }", "policy.conf:3:3: queue \"a\": lease: " },
	{ "queue a { rule b { when =\n \"confidnce\" route = flag } }",
	    "policy.conf:2:2: rule \"b\": no such column: confidnce" },
	{ "queue a { rule b { route = flag\n when = \"failed('x')\" } }",
	    "policy.conf:2:9: rule \"b\": failed('x'): no guard" },
	{ "queue a { reasons = { x,\n y, x } }",
	    "policy.conf:2:5: queue \"a\": reasons: \"x\" is there twice" },
	{ "queue a { guards = { length-1, \"pi\" }\n}",
	    "policy.conf:1:22: queue \"a\": no guard \"length-1\"" },
	{ "guard g\n{ kind = regex\n pattern = '(' }",
	    "policy.conf:3:12: guard \"g\": pattern: " },
	{ "guard g\n{ kind = regex }",
	    "policy.conf:1:7: guard \"g\": regex needs pattern" },
	{ "guard pii { own a { pattern = 'x'\n score = x } }",
	    "policy.conf:2:10: own \"a\": score: 'x' is not a number" },
	{ "guard p { kind = profanity words = { a.words,\n none } }",
	    "policy.conf:2:2: guard \"p\": words: none: no such file" },
	/* What stands where something else must. */
	{ "queue a { lease 1m }",
	    "policy.conf:1:17: found 1m where = after lease is expected" },
	{ "queue a b {}", "policy.conf:1:9: found b where { after the title "
	    "of a queue is expected" },
	{ "queue a", "policy.conf:1:8: the file ends where { after" },
	{ "queue {}", "policy.conf:1:7: found { where the title of a queue" },
	{ "queue a {\n guards = { x\n", "policy.conf:3:1: the file ends where a "
	    "comma or } of guards is expected" },
	{ "queue a { guards = { x y } }", "policy.conf:1:24: found y where a "
	    "comma or } of guards is expected" },
	{ "queue a { guards = { , } }",
	    "policy.conf:1:22: found , where a value of guards is expected" },
	{ "queue a { lease = 1m, sla = 2h }",
	    "policy.conf:1:21: found , where a setting of the queue" },
	{ "queue a { rule b { rule c {} } }",
	    "policy.conf:1:20: no such option 'rule'" },
	{ "queue a {\n\n", "policy.conf:1:9: this section is never closed" },
	{ "queue a {} queue|lease = 1m",
	    "policy.conf:1:12: no such section 'queue|lease'" },
	{ "\"queue\" a {}", "policy.conf:1:1: no such section '\"queue\"'" },
	{ "include \"a\"", "policy.conf:1:9: found \"a\" where ( after" },
	{ "queue a { lease = 1m; }", "policy.conf:1:21: ; is out of place" }
};

static void
a_mistake_has_line_and_column(void **state)
{
	struct memory_file files[] = { { "policy.conf", NULL },
	    { "a.words", "x\n" }, { NULL, NULL } };
	struct error err;
	struct policy *p;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		files[0].text = places[i].text;
		if (memory_policy(&p, files, "policy.conf", &err) == STATUS_OK)
			fail_msg("taken: %s", places[i].text);
		if (strncmp(err.text, places[i].message,
		    strlen(places[i].message)) != 0)
			fail_msg("%s\n  says: %s\n  not:  %s", places[i].text,
			    err.text, places[i].message);
	}
}

static void
long_tokens_are_cut_in_messages(void **state)
{
	struct memory_file files[] = { { "policy.conf", NULL },
	    { NULL, NULL } };
	struct buf b = BUF_INIT;
	struct error err;
	struct policy *p;
	int i;

	(void)state;
	for (i = 0; i < 100; i++)
		buf_puts(&b, "日");
	files[0].text = buf_str(&b);
	assert_int_equal(memory_policy(&p, files, "policy.conf", &err),
	    STATUS_INVALID);
	assert_string_equal(err.text, "policy.conf:1:1: no such section "
	    "'日日日日日日日日日日日日日日日日日日日日'; there "
	    "are guard, queue, role, serve, key, upstream, model, gateway, hook, "
	    "include");
	buf_release(&b);
}

/* "f0" includes "f1" and so on, n files in all. */
static enum status
chain(int n, struct error *err)
{
	static char names[16][8], texts[16][32];
	struct memory_file files[17] = { { NULL, NULL } };
	struct policy *p;
	enum status st;
	int i;

	for (i = 0; i < n; i++) {
		(void)snprintf(names[i], sizeof(names[i]), "f%d", i);
		(void)snprintf(texts[i], sizeof(texts[i]), i + 1 < n ?
		    "include(f%d)" : "# %d", i + 1);
		files[i] = (struct memory_file){ names[i], texts[i] };
	}
	st = memory_policy(&p, files, "f0", err);
	policy_free(p);
	return st;
}

static void
includes_have_limits(void **state)
{
	struct memory_file files[] = { { "policy.conf", NULL },
	    { "a", "# nothing" }, { NULL, NULL } };
	struct buf b = BUF_INIT;
	struct error err;
	struct policy *p;
	int i;

	(void)state;
	assert_int_equal(chain(10, &err), STATUS_OK);
	assert_int_equal(chain(11, &err), STATUS_INVALID);
	assert_string_equal(err.text,
	    "f9:1:9: more than 10 files include one another");
	for (i = 1; i < 100; i++)
		buf_puts(&b, "include(a) ");
	files[0].text = buf_str(&b);
	assert_int_equal(memory_policy(&p, files, "policy.conf", &err),
	    STATUS_OK);
	policy_free(p);
	buf_puts(&b, "include(a) ");
	files[0].text = buf_str(&b);
	assert_int_equal(memory_policy(&p, files, "policy.conf", &err),
	    STATUS_INVALID);
	assert_string_equal(err.text,
	    "policy.conf:1:1098: more than 100 files are included");
	buf_release(&b);
}

static void
a_file_has_four_mebibytes(void **state)
{
	struct memory_file files[] = { { "policy.conf", NULL },
	    { NULL, NULL } };
	size_t n = (size_t)4 << 20;
	char *text = malloc(n + 2);
	struct error err;
	struct policy *p;

	(void)state;
	memset(text, ' ', n + 1);
	text[n] = text[n + 1] = '\0';
	files[0].text = text;
	assert_int_equal(memory_policy(&p, files, "policy.conf", &err),
	    STATUS_OK);
	policy_free(p);
	text[n] = ' ';
	assert_int_equal(memory_policy(&p, files, "policy.conf", &err),
	    STATUS_INVALID);
	assert_string_equal(err.text,
	    "policy.conf:1:1: a policy file has at most 4194304 bytes");
	free(text);
}

/* With a look through all for each, it would not end while one waits. */
static void
a_hundred_thousand_queues_load(void **state)
{
	struct memory_file files[] = { { "policy.conf", NULL },
	    { NULL, NULL } };
	struct buf b = BUF_INIT;
	struct error err;
	struct policy *p;
	char name[16];
	int i;

	(void)state;
	for (i = 0; i < 100000; i++)
		buf_printf(&b, "queue %d{rule r{when=1 route=flag}}\n", i);
	files[0].text = buf_str(&b);
	if (memory_policy(&p, files, "policy.conf", &err) != STATUS_OK)
		fail_msg("%s", err.text);
	for (i = 0; i < 100000; i += 101) {
		(void)snprintf(name, sizeof(name), "%d", i);
		assert_ptr_equal(policy_queue(p, slice_of(name)),
		    &p->queues[i]);
	}
	assert_int_equal(policy_queue(p, SLICE("100000"))->nrules, 0);
	policy_free(p);
	buf_puts(&b, "queue 99999{}");
	files[0].text = buf_str(&b);
	assert_int_equal(memory_policy(&p, files, "policy.conf", &err),
	    STATUS_INVALID);
	assert_string_equal(err.text,
	    "policy.conf:100001:7: queue \"99999\" is there already");
	buf_release(&b);
}

/* The reader takes a name for a list or not before it knows the kind. */
static void
kinds_agree_on_what_is_a_list(void **state)
{
	const struct option_row *a, *b;
	size_t i, k;

	(void)state;
	for (i = 0; guard_kinds[i] != NULL; i++)
		for (k = 0; k < i; k++)
			for (a = guard_kinds[i]->options; a->name; a++)
				for (b = guard_kinds[k]->options; b->name; b++)
					if (strcmp(a->name, b->name) == 0)
						assert_int_equal(
						    a->type == OPTION_LIST ||
						    a->type == OPTION_FILES,
						    b->type == OPTION_LIST ||
						    b->type == OPTION_FILES);
}

#ifndef SANITIZED
static const struct memory_file whole[] = {
	{ "policy.conf", "include(sub/a.conf)\nguard l { kind = length max = "
	    "9 }\nqueue q { guards = { l, m } expects = { t }\n rule r { when "
	    "= \"failed('l') OR confidence > 0.5\" route = flag priority = 5 }"
	    "\n rule s { when = \"errors\" route = escalate }\n sample = 0.5 "
	    "lease = 5m guidelines = g.md fallback = 'a\\\\b' }\n"
	    "role r { group = g may = { review } }" },
	{ "sub/a.conf", "guard m { kind = contains pattern = 'x' }" },
	{ "g.md", "Be kind." },
	{ NULL, NULL }
};

static void
every_allocation_may_fail(void **state)
{
	struct error err;
	struct policy *p;
	enum status st;
	bool enough = false;
	long n, before;

	(void)state;
	for (n = -1; !enough; n++) {	/* first with all that it wants */
		before = live;
		left = n;
		st = memory_policy(&p, whole, "policy.conf", &err);
		enough = n >= 0 && left != 0;
		left = -1;
		if (st != STATUS_OK)
			assert_int_equal(st, STATUS_NOMEM);
		policy_free(p);
		if (n >= 0)
			assert_int_equal(live, before);
	}
	assert_op(n, >, 30);
	assert_int_equal(st, STATUS_OK);
}
#endif

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_mistake_has_line_and_column),
		cmocka_unit_test(long_tokens_are_cut_in_messages),
		cmocka_unit_test(includes_have_limits),
		cmocka_unit_test(a_file_has_four_mebibytes),
		cmocka_unit_test(a_hundred_thousand_queues_load),
		cmocka_unit_test(kinds_agree_on_what_is_a_list),
#ifndef SANITIZED
		cmocka_unit_test(every_allocation_may_fail),
#endif
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
