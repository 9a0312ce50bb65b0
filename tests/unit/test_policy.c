/* Policies: what a file means, and each rule of the file where it is broken. */
#include "core/policy/lint.h"
#include "policy_test.h"

#include <locale.h>

static const char whole[] =
    "# The policy of the support desk.\n"
    "guard \"answer\" { kind = \"length\" max = 2000 severity = high\n"
    "    redact = mask }\n"
    "guard \"tone\"   { kind = \"regex\"  pattern = '(?i)\\bguarantee[ds]?\\b'"
    "  severity = low fail_open = true }\n"
    "guard \"asked\" { kind = regex pattern = 'x' on = input }\n"
    "queue \"support\" {\n"
    "    guards   = { \"tone\", \"answer\", \"asked\" } # three\n"
    "    expects  = { \"toxicity\", }    /* results that the\n"
    "       caller sends */\n"
    "    lease    = \"5m\"  // short\n"
    "    sla      = \"4h\"\n"
    "    sample   = 0.02\n"
    "    fallback = \"Thanks - a \\\"colleague\\\" will\n"
    "get back.\"\n"
    "    rule \"toxic\" { when = \"failed('toxicity')\"  route = escalate }\n"
    "    rule \"large\" { when = \"num(metadata->>'amount') > 500\"\n"
    "        route = flag  priority = 5 }\n"
    "    rule \"confident\" { when = \"confidence >= 0.92 AND failures = 0\" "
    "route = approve }\n"
    "    hold = \"30s\"\n"
    "    four_eyes = true\n"
    "    reasons = { \"wrong fact\", tone }\n"
    "    labels = {\n"
    "        \"hallucination\",   # with a comment within\n"
    "        'unsafe'\n"
    "    }\n"
    "    guidelines = \"guidelines/support.md\"\n"
    "}\n"
    "queue \"empty\" {}\n"
    "role \"senior\" { group = \"seniors\" may = { \"review\", \"undo\" } }\n"
    "role \"root\" { group = \"admins\" may = { admin } }\n";

static const struct memory_file whole_files[] = {
	{ "conf/policy.conf", whole },
	{ "conf/guidelines/support.md", "Be kind.\n" },
	{ NULL, NULL }
};

static struct policy *
whole_policy(void)
{
	struct error err;
	struct policy *p;

	if (memory_policy(&p, whole_files, "conf/policy.conf", &err) !=
	    STATUS_OK)
		fail_msg("%s", err.text);
	return p;
}

static void
a_queue_is_read(void **state)
{
	struct policy *p = whole_policy();
	const struct queue_policy *q = policy_queue(p, SLICE("support"));

	(void)state;
	assert_string_equal(q->name, "support");
	assert_int_equal(q->nguards, 3);
	/* The cheap one runs first. */
	assert_string_equal(q->guards[0]->name, "answer");
	assert_string_equal(q->guards[1]->name, "tone");
	assert_int_equal(q->nexpects, 1);
	assert_string_equal(q->expects[0], "toxicity");
	assert_int_equal(q->lease_ms, 300000);
	assert_int_equal(q->sla_ms, 4 * 3600000);
	assert_int_equal(q->hold_ms, 30000);
	assert_op(q->sample, >, 0.0199);
	assert_op(q->sample, <, 0.0201);
	assert_string_equal(q->fallback,
	    "Thanks - a \"colleague\" will\nget back.");
	assert_true(q->four_eyes);
	assert_int_equal(q->nreasons, 2);
	assert_string_equal(q->reasons[1], "tone");
	assert_int_equal(q->nlabels, 2);
	assert_string_equal(q->labels[1], "unsafe");
	assert_string_equal(q->guidelines, "Be kind.\n");
	assert_int_equal(q->nrules, 3);
	assert_string_equal(q->rules[0].name, "toxic");
	assert_int_equal(q->rules[0].route, ROUTE_ESCALATE);
	assert_int_equal(q->rules[1].route, ROUTE_FLAG);
	assert_int_equal(q->rules[1].priority, 5);
	assert_string_equal(q->rules[1].file, "conf/policy.conf");
	assert_int_equal(q->rules[1].line, 16);
	assert_int_equal(q->rules[2].route, ROUTE_APPROVE);
	policy_free(p);
}

static void
guards_and_roles_are_read(void **state)
{
	struct policy *p = whole_policy();

	(void)state;
	assert_int_equal(p->nguards, 3);
	assert_string_equal(p->guards[0].kind->name, "length");
	assert_int_equal(p->guards[0].severity, SEVERITY_HIGH);
	assert_int_equal(p->guards[0].redact, REDACT_MASK);
	assert_int_equal(p->guards[0].line, 2);
	assert_int_equal(p->guards[1].severity, SEVERITY_LOW);
	assert_true(p->guards[1].fail_open);
	assert_string_equal(p->guards[1].values[0].string,
	    "(?i)\\bguarantee[ds]?\\b");
	assert_int_equal(p->guards[1].line, 4);
	assert_true(p->guards[2].on_input);
	assert_int_equal(p->nroles, 2);
	assert_string_equal(p->roles[0].group, "seniors");
	assert_int_equal(p->roles[0].may, MAY_REVIEW | MAY_UNDO);
	assert_int_equal(p->roles[1].may, MAY_ADMIN);
	policy_free(p);
}

static void
unset_values_have_defaults(void **state)
{
	struct policy *p = whole_policy();
	const struct queue_policy *q = policy_queue(p, SLICE("empty"));

	(void)state;
	assert_string_equal(q->name, "empty");
	assert_int_equal(q->lease_ms, 15 * 60000);
	assert_int_equal(q->sla_ms, 24 * 3600000);
	assert_int_equal(q->hold_ms, 0);
	assert_null(q->fallback);
	assert_int_equal(q->nguards + q->nrules + q->nexpects, 0);
	policy_free(p);
}

static void
other_queues_take_the_default(void **state)
{
	struct policy *p = policy_of("queue \"a\" {} queue \"default\" {}");
	struct policy *none = policy_of("queue \"a\" {}");

	(void)state;
	assert_string_equal(policy_queue(p, SLICE("a"))->name, "a");
	assert_ptr_equal(policy_queue(p, SLICE("b")), &p->queues[1]);
	assert_int_equal(policy_queue(none, SLICE("b"))->nrules, 0);
	assert_ptr_not_equal(policy_queue(none, SLICE("b")), &none->queues[0]);
	policy_free(p);
	policy_free(none);
}

/* The error of a policy that must not load. */
static void
refused(const char *text, const char *message)
{
	struct memory_file files[] = {
		{ "policy.conf", text },
		{ "self.conf", "include(\"self.conf\")" },
		{ "a.conf", "\nguard \"g\" { kind = length }\n" },
		{ "sub/b.conf", "include(\"c.conf\")" },
		{ "sub/c.conf", "queue \"q\" {\n leese = 1 }" },
		{ NULL, NULL }
	};
	struct error err;
	struct policy *p;

	if (memory_policy(&p, files, "policy.conf", &err) == STATUS_OK)
		fail_msg("taken: %s", text);
	assert_null(p);
	if (strncmp(err.text, message, strlen(message)) != 0)
		fail_msg("%s\n  says: %s\n  not:  %s", text, err.text,
		    message);
}

#define Q(s)	"queue \"q\" {\n" s "\n}\n"
#define G(s)	"guard \"g\" {\n kind = \"regex\"\n" s "\n}\n"
#define R(s)	"queue \"q\" {\nrule \"r\" {\n" s "\n} }\n"

static void
titles_are_unique(void **state)
{
	(void)state;
	refused("queue \"a\" {}\nqueue \"a\" {}",
	    "policy.conf:2:7: queue \"a\" is there already");
	refused("guard \"length\" { max = 1 }\n\nguard \"length\" { max = 2 }",
	    "policy.conf:3:7: guard \"length\" is there already");
	refused("role \"a\" { group = g may = {} }\n role \"a\" {}",
	    "policy.conf:2:7: role \"a\" is there already");
	refused(Q("rule \"unsure\" { when = \"1\" route = flag }\n"
	    "rule \"unsure\" { when = \"1\" route = flag }"),
	    "policy.conf:3:6: rule \"unsure\" is there already");
	refused("queue \"\" {}", "policy.conf:1:7: a name has 1 to 256 bytes");
}

static void
settings_are_made_once(void **state)
{
	(void)state;
	refused(Q("lease = \"1m\"\nlease = \"2m\""),
	    "policy.conf:3:1: lease is set a second time");
	refused(Q("guards = {}\nguards = {}"),
	    "policy.conf:3:1: guards is set a second time");
	refused(Q("guards += { \"a\" }"), "policy.conf:2:8: += is not taken");
}

static void
names_must_be_known(void **state)
{
	(void)state;
	refused("\nqueu \"a\" {}", "policy.conf:2:1: no such section 'queu'; "
	    "did you mean queue?");
	refused(Q("leese = \"1m\""), "policy.conf:2:1: no such option "
	    "'leese'; did you mean lease?");
	refused(Q("_at = \"1\""), "policy.conf:2:1: no such option '_at'");
	refused(Q("fall = \"x\""), "policy.conf:2:1: no such option 'fall'; did "
	    "you mean fallback?");
	refused(Q("gaurds = {}"), "policy.conf:2:1: no such option 'gaurds'; did "
	    "you mean guards?");
	refused(Q("rule \"r\" { quantum = 1 }"), "policy.conf:2:12: no such option "
	    "'quantum'; of a rule there are when, route, priority, suggest");
	refused("quantum \"a\" {}", "policy.conf:1:1: no such section 'quantum'; "
	    "there are guard, queue, role, ");
	refused(Q("rule \"r\" { when = \"conf > 0\"  route = flag }"),
	    "policy.conf:2:19: rule \"r\": no such column: conf; did you mean "
	    "confidence?");
	refused(Q("guards = { length-of }"), "policy.conf:2:12: queue \"q\": no "
	    "guard \"length-of\"; did you mean length?");
	refused(Q("include(\"a.conf\")"),
	    "policy.conf:2:1: no such option 'include'");
	refused("guard \"length\" {\n  max = 1\n  pattern = 'x' }",
	    "policy.conf:3:3: guard \"length\": length has no option pattern");
	refused("guard \"tone\" {\n}",
	    "policy.conf:1:7: guard \"tone\": its title is no kind of guard");
	refused("guard \"lenght\" {\n}", "policy.conf:1:7: guard \"lenght\": no "
	    "kind of guard is named \"lenght\"; did you mean length?");
	refused("guard \"x\" {\n kind = regexp }", "policy.conf:2:9: guard \"x\": "
	    "no kind of guard is named \"regexp\"; did you mean regex?");
	refused("guard \"answer\" { kind = length max = 9 }\n"
	    Q("guards = { \"answr\" }"), "policy.conf:3:12: queue \"q\": no guard "
	    "\"answr\"; did you mean answer?");
	refused(Q("guards = { \"nothing\" }"),
	    "policy.conf:2:12: queue \"q\": no guard \"nothing\"");
	refused(Q("guards = { length }"),
	    "policy.conf:2:12: guard \"length\": min or max is needed");
}

static void
lists_are_lists(void **state)
{
	(void)state;
	refused(Q("guards = \"pii\""), "policy.conf:2:10: guards takes a list");
	refused(Q("expects = pii"),
	    "policy.conf:2:11: expects takes a list: expects = { pii }");
	refused(Q("lease = { \"15m\" }"),
	    "policy.conf:2:9: lease takes one value, not a list");
	refused(Q("guards = { \"a\" \"b\" }"), "policy.conf:2:16: ");
	refused(Q("expects = { \"a\", \"a\" }"), "policy.conf:2:18: queue \"q\": "
	    "expects: \"a\" is there twice");
	refused("guard \"length\" { max = 1 }\n"
	    Q("guards = { length, length }"), "policy.conf:3:20: queue \"q\": "
	    "guards: \"length\" is there twice");
	refused("guard \"length\" { max = 1 }\n"
	    Q("guards = { length }\nexpects = { length }"), "policy.conf:4:13: "
	    "queue \"q\": \"length\" is a guard of the queue");
	refused(Q("reasons = { \"\" }"), "policy.conf:2:13: queue \"q\": reasons");
}

static void
quotes_keep_patterns_whole(void **state)
{
	struct policy *p;

	(void)state;
	refused(G("pattern = \"\\\\bx\""),
	    "policy.conf:3:11: write a pattern in single quotes");
	refused(G("pattern = abc"),
	    "policy.conf:3:11: write a pattern in single quotes");
	refused(Q("fallback = \"a\\b\""),
	    "policy.conf:2:14: a backslash in double quotes");
	refused(Q("fallback = \"\n${HOME}\""),
	    "policy.conf:3:1: \"${\" is allowed in single quotes");
	refused(Q("fallback = ${HOME}"), "policy.conf:2:12: \"${\"");
	refused(Q("fallback = x${HOME}"), "policy.conf:2:13: \"${\"");
	refused(Q("fallback = \"open"),
	    "policy.conf:2:12: this quote is never closed");
	refused(Q("fallback = 'open"),
	    "policy.conf:2:12: this quote is never closed");
	refused("\n/* open\n", "policy.conf:2:1: this comment has no end");
	p = policy_of(G("pattern = 'a${HOME}|\\\\\\\\|it\\'s|\\d'"));
	assert_string_equal(p->guards[0].values[0].string,
	    "a${HOME}|\\\\|it's|\\d");
	policy_free(p);
}

static void
values_have_ranges(void **state)
{
	(void)state;
	refused(Q("lease = \"15\""), "policy.conf:2:9: queue \"q\": lease: '15' "
	    "is not a duration");
	refused(Q("lease = \"15 m\""), "policy.conf:2:9: queue \"q\": lease:");
	refused(Q("lease = \"-1m\""), "policy.conf:2:9: queue \"q\": lease:");
	refused(Q("lease = \"0s\""), "policy.conf:2:9: queue \"q\": lease:");
	refused(Q("sla = \"4000d\""), "policy.conf:2:7: queue \"q\": sla:");
	refused(Q("hold = \"1w\""), "policy.conf:2:8: queue \"q\": hold:");
	refused(Q("sample = 1.5"), "policy.conf:2:10: queue \"q\": sample: 1.5 is "
	    "not within 0 and 1");
	refused(Q("sample = -0.1"), "policy.conf:2:10: queue \"q\": sample:");
	refused(Q("sample = 0x1"), "policy.conf:2:10: queue \"q\": sample: '0x1' "
	    "is not a number");
	refused(Q("sample = nan"), "policy.conf:2:10: queue \"q\": sample:");
	refused(Q("sample = \"0,5\""), "policy.conf:2:10: queue \"q\": sample:");
	refused(Q("four_eyes = maybe"), "policy.conf:2:13: queue \"q\": four_eyes: "
	    "'maybe' is neither true nor false");
	refused(G("pattern = 'x'\nseverity = bad"), "policy.conf:4:12: guard "
	    "\"g\": severity: 'bad' is none of info|low|medium|high|critical");
	refused(G("pattern = 'x'\nredact = yes"), "policy.conf:4:10: guard \"g\":");
	refused(G("pattern = 'x'\non = both"), "policy.conf:4:6: guard \"g\": on");
	refused(G("pattern = 'x'\nfail_open = 1"), "policy.conf:4:13: guard \"g\"");
	refused(G("pattern = 'x'\nmust = maybe"), "policy.conf:4:8: guard \"g\": "
	    "must: 'maybe' is none of absent|present");
	refused(G("pattern = 'x'\nmatch_limit = many"),
	    "policy.conf:4:15: guard \"g\": match_limit: 'many' is not a number");
	refused(G(""), "policy.conf:1:7: guard \"g\": regex needs pattern");
	refused(G("pattern = '('"), "policy.conf:3:11: guard \"g\": pattern:");
	refused(G("pattern = 'x' on = input redact = label"),
	    "policy.conf:3:35: guard \"g\": what is not the output");
	refused("role \"r\" { group = g may = { review,\n fly } }",
	    "policy.conf:2:2: role \"r\": may: 'fly' is none of");
	refused("role \"r\" { may = { review } }",
	    "policy.conf:1:6: role \"r\": group is missing");
}

static void
rules_are_checked(void **state)
{
	(void)state;
	refused(R("when = \"confidnce < 0.4\"\nroute = escalate"),
	    "policy.conf:3:8: rule \"r\": no such column: confidnce");
	refused(R("route = flag\n\nwhen = \"1) OR (1\""),
	    "policy.conf:5:8: rule \"r\": ");
	refused(R("when = \"failed('tone')\" route = flag"), "policy.conf:3:8: "
	    "rule \"r\": failed('tone'): no guard or expected result of that "
	    "name in queue \"q\"");
	refused(R("when = \"1\" route = aprove"), "policy.conf:3:20: rule \"r\": "
	    "route: 'aprove' is none of approve|flag|escalate");
	refused(R("when = \"1\""), "policy.conf:2:6: rule \"r\": route is missing");
	refused(R("route = flag"), "policy.conf:2:6: rule \"r\": when is missing");
	refused(R("when = \"1\" route = flag priority = 1.5"),
	    "policy.conf:3:36: rule \"r\": priority: 1.5 is no whole number");
	refused(R("when = \"1\" route = flag priority = high"),
	    "policy.conf:3:36: rule \"r\": priority: 'high' is not a number");
}

static void
grammar_is_kept(void **state)
{
	struct policy *p;

	(void)state;
	refused("\nqueue \"q\" {\n", "policy.conf:2:11: this section is never closed");
	refused("queue \"q\" }", "policy.conf:1:11: ");
	refused("}", "policy.conf:1:1: ");
	refused("queue {}", "policy.conf:1:7: ");
	refused("queue \"q\" { lease \"1m\" }", "policy.conf:1:19: ");
	refused("queue \"q\" { lease = }", "policy.conf:1:21: ");
	refused("queue \"q\" { guards = { , } }", "policy.conf:1:24: ");
	refused("queue \"q\" {}\n*", "policy.conf:2:1: * is out of place");
	refused("queue \"q\" {}\n+", "policy.conf:2:1: + is out of place");
	refused("queue \"q\" {}\n\xff", "policy.conf:2:1: this line is not UTF-8");
	refused("queue \"q\" {}\n# \x1b[1m", "policy.conf:2:3: this line is not");
	refused("queue \"a\\nb\" {}", "policy.conf:1:7: a name holds no control");
	refused("\n#\n\n\nqueue \"q\" { x = 1 }", "policy.conf:5:13: ");
	policy_free(policy_of(""));
	policy_free(policy_of("#"));
	policy_free(policy_of("#\n//\n/**/"));
	p = policy_of(Q("fallback = \"a\\n\\\"b\\\"\\t\\\\c\" lease = 1m"));
	assert_string_equal(p->queues[0].fallback, "a\n\"b\"\t\\c");
	policy_free(p);
	policy_free(policy_of("\xef\xbb\xbfqueue \"q\" {\r\n}\r\n"));
}

static void
includes_follow_the_file(void **state)
{
	static const struct memory_file files[] = {
		{ "/etc/h/policy.conf", "include(\"sub/guards.conf\")\n"
		    "queue \"q\" { guards = { g }\n lease = \"1m\" }\n"
		    "include(\"sub/guards2.conf\")" },
		{ "/etc/h/sub/guards.conf", "\nguard \"g\" { kind = length "
		    "max = 9 }\ninclude(\"deep/more.conf\")" },
		{ "/etc/h/sub/deep/more.conf", "queue \"d\" { guidelines = "
		    "\"d.md\" }" },
		{ "/etc/h/sub/deep/d.md", "deep" },
		{ "/etc/h/sub/guards2.conf", "# nothing" },
		{ NULL, NULL }
	};
	struct error err;
	struct policy *p;

	(void)state;
	if (memory_policy(&p, files, "/etc/h/policy.conf", &err) != STATUS_OK)
		fail_msg("%s", err.text);
	assert_string_equal(p->guards[0].file, "/etc/h/sub/guards.conf");
	assert_int_equal(p->guards[0].line, 2);
	assert_string_equal(policy_queue(p, SLICE("d"))->guidelines, "deep");
	assert_int_equal(p->nfiles, 5);
	assert_string_equal(p->files[0].path, "policy.conf");
	assert_string_equal(p->files[1].path, "sub/guards.conf");
	assert_string_equal(p->files[2].path, "sub/deep/more.conf");
	policy_free(p);
	refused("\ninclude(\"none.conf\")",
	    "policy.conf:2:9: none.conf: no such file");
	refused("include(\"self.conf\")", "self.conf:1:9: self.conf includes itself");
	refused("include(\"a.conf\")",
	    "a.conf:2:7: guard \"g\": min or max is needed");
	refused("\n\ninclude(\"sub/b.conf\")",
	    "sub/c.conf:2:2: no such option 'leese'; did you mean lease?");
	refused("include(\"a.conf\"", "policy.conf:1:1: include() is never closed");
	refused("include(\"a.conf\" \"b\")", "policy.conf:1:18: include() takes");
	refused("include(\"a.conf\", \"b\")", "policy.conf:1:17: include() takes");
	refused("include(", "policy.conf:1:1: include() is never closed");
	refused("include()", "policy.conf:1:9: include() takes one file");
	refused("include(\"a.conf\")\nqueue \"q\" {} \n queue \"q\" {}",
	    "policy.conf:3:8: queue \"q\" is there already");
	refused(Q("guidelines = \"none.md\""),
	    "policy.conf:2:14: queue \"q\": guidelines: none.md: no such file");
}

static void
numbers_are_read_in_the_c_locale(void **state)
{
	static const char *const locales[] = {
		"de_DE.UTF-8", "de_DE.utf8", "fr_FR.UTF-8", "ru_RU.UTF-8"
	};
	struct policy *p;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(locales) / sizeof(locales[0]); i++)
		if (setlocale(LC_ALL, locales[i]) != NULL)
			break;
	p = policy_of(Q("sample = 0.25"));
	(void)setlocale(LC_ALL, "C");
	assert_op(p->queues[0].sample, >, 0.24);
	assert_op(p->queues[0].sample, <, 0.26);
	policy_free(p);
}

static void
the_id_is_of_all_files(void **state)
{
	struct memory_file changed[3];
	struct policy *p = whole_policy(), *other;
	struct error err;

	(void)state;
	assert_int_equal(strlen(p->id), 64);
	memcpy(changed, whole_files, sizeof(changed));
	changed[1].text = "Be strict.\n";
	assert_int_equal(memory_policy(&other, changed, "conf/policy.conf",
	    &err), STATUS_OK);
	assert_string_not_equal(p->id, other->id);
	policy_free(other);
	/* The same files elsewhere are the same policy. */
	changed[0].path = "/srv/policy.conf";
	changed[1] = (struct memory_file){ "/srv/guidelines/support.md",
	    "Be kind.\n" };
	assert_int_equal(memory_policy(&other, changed, "/srv/policy.conf",
	    &err), STATUS_OK);
	assert_string_equal(p->id, other->id);
	policy_free(other);
	policy_free(p);
}

static void
the_id_can_be_made_by_hand(void **state)
{
	struct policy *p = policy_of("queue \"q\" {}");
	struct error err = { 0 };
	char hex[HASH_HEX], line[128];
	struct hasher *h;
	struct hash x;

	(void)state;
	assert_int_equal(hasher_new(&h, &err), STATUS_OK);
	hash_bytes(h, SLICE("queue \"q\" {}"), &x);
	hash_hex(&x, hex);
	(void)snprintf(line, sizeof(line), "%s  policy.conf\n", hex);
	hash_bytes(h, slice_of(line), &x);
	hash_hex(&x, hex);
	assert_string_equal(p->id, hex);
	hasher_free(h);
	policy_free(p);
}

static void
a_stored_policy_loads_again(void **state)
{
	static const char *const paths[] = { "policy.conf", "conf/policy.conf",
	    "/elsewhere/policy.conf" };
	struct policy *p = whole_policy(), *again;
	struct policy_stored stored;
	struct loader loader;
	struct error err = { 0 };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		loader = policy_stored_loader(p->files, p->nfiles, &stored);
		if (policy_load(&again, paths[i], &loader, NULL, &err) !=
		    STATUS_OK)
			fail_msg("%s", err.text);
		assert_string_equal(p->id, again->id);
		policy_free(again);
	}
	policy_free(p);
}

static void
a_stored_folder_loads_again(void **state)
{
	static const struct memory_file files[] = {
		{ "/etc/h/policy.conf", "guard \"answer\" { kind = json-schema "
		    "schema = \"a.json\" remotes = \"remotes\" remotes_base = "
		    "\"http://x/\" }" },
		{ "/etc/h/a.json", "{\"$ref\":\"http://x/sub/b.json\"}" },
		{ "/etc/h/remotes/sub/b.json", "{\"type\":\"string\"}" },
		{ "/etc/h/remotes/c.json", "{}" },
		{ NULL, NULL }
	};
	struct policy *p, *again;
	struct policy_stored stored;
	struct loader loader;
	struct error err = { 0 };

	(void)state;
	if (memory_policy(&p, files, "/etc/h/policy.conf", &err) != STATUS_OK)
		fail_msg("%s", err.text);
	assert_int_equal(p->nfiles, 4);
	assert_string_equal(p->files[2].path, "remotes/sub/b.json");
	loader = policy_stored_loader(p->files, p->nfiles, &stored);
	if (policy_load(&again, "/etc/h/policy.conf", &loader, NULL, &err) !=
	    STATUS_OK)
		fail_msg("%s", err.text);
	assert_string_equal(p->id, again->id);
	policy_free(again);
	policy_free(p);
}

static void
the_built_in_policy_loads(void **state)
{
	const struct queue_policy *q;
	struct error err = { 0 };
	struct policy *p;

	(void)state;
	if (policy_builtin(&p, &err) != STATUS_OK)
		fail_msg("%s", err.text);
	assert_string_equal(p->path, "built-in");
	q = policy_queue(p, SLICE("anything"));
	assert_string_equal(q->name, "default");
	assert_int_equal(q->nguards, 3);
	assert_int_equal(q->nrules, 2);
	assert_string_equal(q->rules[0].name, "leaked secret");
	assert_string_equal(q->rules[1].when,
	    "confidence >= 0.92 AND failures = 0");
	assert_int_equal(q->lease_ms, 900000);
	assert_int_equal(q->sla_ms, 86400000);
	policy_free(p);
}

struct warned {
	int	n;
	char	text[8][256];
};

static void
take_warning(void *arg, const char *text)
{
	struct warned *w = arg;

	assert_op(w->n, <, 8);
	(void)snprintf(w->text[w->n++], sizeof(w->text[0]), "%s", text);
}

static void
lint_sees_what_is_dead(void **state)
{
	struct warned w = { 0 };
	struct policy *p = policy_of(
	    "guard \"unused\" { kind = length max = 1 }\n"
	    "queue \"q\" {\n"
	    " rule \"a\" { when = \"confidence > 0.5\" route = flag }\n"
	    " rule \"b\" { when = \"CONFIDENCE>0.5\" route = flag }\n"
	    " rule \"c\" { when = \"confidence > 0.5 AND failures = 0\""
	    " route = flag }\n"
	    " rule \"d\" { when = \"confidence > 0.5 OR failures = 0\""
	    " route = flag }\n"
	    " rule \"e\" { when = \"confidence > 0.5 AND failures OR errors\""
	    " route = flag }\n"
	    " rule \"f\" { when = \"1\" route = flag }\n"
	    " rule \"g\" { when = \"errors\" route = flag }\n"
	    "}\n");

	(void)state;
	assert_int_equal(policy_lint(p, take_warning, &w), 3);
	assert_int_equal(w.n, 4);
	assert_string_equal(w.text[0],
	    "policy.conf:1:7: guard \"unused\" is used by no queue");
	assert_string_equal(w.text[1], "policy.conf:4:20: rule \"b\" can "
	    "never match: \"a\" (line 3) takes all that it would");
	assert_non_null(strstr(w.text[2], "rule \"c\""));
	assert_non_null(strstr(w.text[3], "rule \"g\""));
	policy_free(p);
}

/* Whether a rule with the second condition is dead behind one with the first. */
static void
lint_tells_what_covers_what(void **state)
{
	static const struct {
		const char	*earlier, *later;
		bool		 dead;
	} row[] = {
		{ "1 = 1", "failures", true },
		{ "NOT 0", "failures", true },
		{ "TRUE OR NULL", "failures", true },
		{ "failures", "0", true },
		{ "failures", "NULL AND 1", true },
		{ "failures", "1", false },
		{ "confidence < 0.5", "confidence < 0.4", true },
		{ "confidence < 0.5", "confidence<=0.4", true },
		{ "confidence < 0.5", "confidence = 0.4", true },
		{ "confidence < 0.5", "confidence < 0.6", false },
		{ "confidence < 0.5", "confidence <= 0.5", false },
		{ "confidence <= 0.5", "confidence < 0.5", true },
		{ "confidence <= 0.5", "confidence = 0.5", true },
		{ "confidence < 0.5", "confidence > 0.4", false },
		{ "confidence > -1", "confidence > 0", true },
		{ "confidence > -1", "confidence > -2", false },
		{ "num(metadata->>'a') > 500", "num(metadata->>'a') > 600",
		    true },
		{ "metadata->>'a' > 500", "metadata->>'a' >= 501", true },
		{ "metadata->>'a' > 500", "metadata->>'b' >= 501", false },
		{ "prompt < 10", "prompt < 9", false },
		{ "CAST(prompt AS TEXT) < 10", "CAST(prompt AS TEXT) < 9",
		    false },
		{ "errors", "failures > 1 AND errors", true },
		{ "errors AND failures > 0", "failures > 1 AND errors", true },
		{ "errors AND failures > 2", "failures > 1 AND errors", false },
		{ "errors OR failures > 1", "(failures > 2)", true },
		{ "errors OR failures > 1", "errors OR failures > 0", false },
		{ "(errors OR failures) AND 1=1", "errors", false },
		{ "model = 'a' OR model = 'b'", "model = 'b'", true },
		{ "model = 'a' OR model = 'b'", "model = 'B'", false },
		{ "NOT errors", "errors", false },
		{ "errors", "NOT errors AND failures", false },
		{ "confidence BETWEEN 0.1 AND 0.5 OR errors",
		    "confidence BETWEEN 0.1 AND 0.5", true },
		{ "confidence BETWEEN 0.1 AND 0.5", "confidence BETWEEN 0.1 "
		    "AND 0.6", false },
		{ "0.6", "confidence BETWEEN 0.1 AND 0.6 AND errors", true },
		{ "CASE WHEN errors THEN 0 ELSE 1 END", "errors", false },
		{ "failed('tox')", "kind('tox', 'x') AND FAILED('tox')", true },
		{ "failed('tox')", "failed('secrets')", false }
	};
	struct warned w;
	struct policy *p;
	char text[512];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
		(void)snprintf(text, sizeof(text), "queue \"q\" { expects = { "
		    "tox } guards = { secrets }\n rule \"a\" { when = \"%s\" "
		    "route = flag }\n rule \"b\" { when = \"%s\" route = flag "
		    "} }\n", row[i].earlier, row[i].later);
		p = policy_of(text);
		w.n = 0;
		if ((policy_lint(p, take_warning, &w) > 0) != row[i].dead)
			fail_msg("%s, then %s", row[i].earlier, row[i].later);
		policy_free(p);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_queue_is_read),
		cmocka_unit_test(guards_and_roles_are_read),
		cmocka_unit_test(unset_values_have_defaults),
		cmocka_unit_test(other_queues_take_the_default),
		cmocka_unit_test(titles_are_unique),
		cmocka_unit_test(settings_are_made_once),
		cmocka_unit_test(names_must_be_known),
		cmocka_unit_test(lists_are_lists),
		cmocka_unit_test(quotes_keep_patterns_whole),
		cmocka_unit_test(values_have_ranges),
		cmocka_unit_test(rules_are_checked),
		cmocka_unit_test(grammar_is_kept),
		cmocka_unit_test(includes_follow_the_file),
		cmocka_unit_test(numbers_are_read_in_the_c_locale),
		cmocka_unit_test(the_id_is_of_all_files),
		cmocka_unit_test(the_id_can_be_made_by_hand),
		cmocka_unit_test(a_stored_policy_loads_again),
		cmocka_unit_test(a_stored_folder_loads_again),
		cmocka_unit_test(the_built_in_policy_loads),
		cmocka_unit_test(lint_sees_what_is_dead),
		cmocka_unit_test(lint_tells_what_covers_what),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
