#include "tests/unit/guard_test.h"

enum { JSON, XML, MARKDOWN, SQL };

static const struct {
	int		 is;
	const char	*text;
} good[] = {
	{ JSON, "{\"a\":[1,2.5e3,null],\"b\":\"\\u00e9\"}" },
	{ JSON, " 42 \n" },
	{ XML, "<a/>" },
	{ XML, "<?xml version=\"1.0\"?>\n<!DOCTYPE a [<!ELEMENT a ANY>]>\n"
	    "<a b='1' c:d = \"2 &amp; 3\"><!-- <x> --><e>&#10;t</e>"
	    "<![CDATA[ <raw> ]]></a>\n" },
	{ MARKDOWN, "# Title\n\nText with [a link](http://x.y) and `code`.\n\n"
	    "```c\nint a[](;\n```\n\n| a | b |\n|---|---|\n| 1 | `|` |\n\n"
	    "a | b in prose" },
	{ MARKDOWN, "" },
	{ MARKDOWN, "````\n```\n````" },
	{ SQL, "SELECT a, 'it''s' FROM t WHERE (b = \"x;y\") -- why\n;" },
	{ SQL, "/* two */ BEGIN; WITH x AS (SELECT 1) SELECT * FROM x; COMMIT" },
	{ SQL, "(select 1)" }
};

static const struct {
	int		 is;
	const char	*text, *message;
	size_t		 start;
} bad[] = {
	{ JSON, "{\"a\":1,}", NULL, 7 },
	{ JSON, "Here it is: {}", NULL, 0 },
	{ JSON, "", NULL, 0 },
	{ XML, "plain", "no xml: text outside the element", 0 },
	{ XML, "", "no xml: no element", 0 },
	{ XML, "<a><b></a></b>", "no xml: a closing tag that fits no open one",
	    6 },
	{ XML, "<a>", "no xml: an element is not closed", 3 },
	{ XML, "<a b=1/>", "no xml: an attribute's value without quotes", 5 },
	{ XML, "<a b/>", "no xml: an attribute without a value", 3 },
	{ XML, "<a>R&D</a>", "no xml: an & that begins no reference", 4 },
	{ XML, "<a/><b/>", "no xml: a second element at the top", 4 },
	{ XML, "<a><!-- x</a>", "no xml: a comment is not closed", 7 },
	{ XML, "<a b='1'c='2'/>", "no xml: no space before an attribute", 8 },
	{ MARKDOWN, "text\n```c\nint a;\n",
	    "no markdown: a block of code is not closed", 5 },
	{ MARKDOWN, "see [this](http://x\nbye",
	    "no markdown: a link is not closed", 9 },
	{ MARKDOWN, "| a | b |\n|---|\n| 1 | 2 |",
	    "no markdown: a table's head has other columns", 10 },
	{ MARKDOWN, "| a |\n|---|\n| 1 | 2 |",
	    "no markdown: a table's row has more columns", 12 },
	{ SQL, "Here is the query: SELECT 1",
	    "no sql: a statement that begins with no verb", 0 },
	{ SQL, "SELECT 'a", "no sql: a quote is not closed", 7 },
	{ SQL, "SELECT (1", "no sql: a bracket is not closed", 9 },
	{ SQL, "SELECT 1)", "no sql: a bracket that closes nothing", 8 },
	{ SQL, "SELECT 1 /* x", "no sql: a comment is not closed", 9 },
	{ SQL, "-- nothing", "no sql: no statement", 0 }
};

static void
takes_what_is_whole(void **state)
{
	struct guard_test t;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		guard_test_init(&t, "format");
		guard_test_number(&t, "is", good[i].is);
		guard_test_none(&t, good[i].text);
		guard_test_release(&t);
	}
}

static void
says_what_is_wrong_and_where(void **state)
{
	struct guard_test t;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		guard_test_init(&t, "format");
		guard_test_number(&t, "is", bad[i].is);
		guard_test_one(&t, bad[i].text, "format",
		    bad[i].text + bad[i].start);
		if (bad[i].message != NULL &&
		    !slice_is(t.found.v[0].message, bad[i].message))
			fail_msg("%.*s", SLICE_ARG(t.found.v[0].message));
		guard_test_release(&t);
	}
}

/* Every beginning of every text is read without harm. */
static void
survives_cuts(void **state)
{
	struct guard_test t;
	size_t i, n;
	char *cut;
	int is;

	(void)state;
	for (is = JSON; is <= SQL; is++) {
		guard_test_init(&t, "format");
		guard_test_number(&t, "is", is);
		for (i = 0; i < sizeof(good) / sizeof(good[0]); i++)
			for (n = 0; n < strlen(good[i].text); n++) {
				cut = malloc(n + 1);
				assert_non_null(cut);
				memcpy(cut, good[i].text, n);
				assert_int_equal(guard_test_try(&t,
				    (struct slice){ cut, n }), STATUS_OK);
				free(cut);
			}
		guard_test_release(&t);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(takes_what_is_whole),
		cmocka_unit_test(says_what_is_wrong_and_where),
		cmocka_unit_test(survives_cuts)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
