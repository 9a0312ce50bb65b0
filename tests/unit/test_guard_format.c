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
	{ XML, "\xef\xbb\xbf<?xml version='1.0' encoding='ISO-8859-1'?>"
	    "<a>\xc3\xa9</a>" },
	{ XML, "<!DOCTYPE a [<!-- > ] --><!ATTLIST a b CDATA 'x'>]><a/>" },
	{ XML, "<!DOCTYPE a SYSTEM 'file:///etc/passwd'><a>&x;</a>" },
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
	{ XML, "<a><!-- x</a>", "no xml: a comment is not closed", 3 },
	{ XML, "<a b='1'c='2'/>", "no xml: no space before an attribute", 8 },
	{ XML, "<a b='1' b='2'/>", "no xml: an attribute stands there twice",
	    9 },
	{ XML, "<a b='<'/>", "no xml: a < in an attribute's value", 6 },
	{ XML, "<a b='1", "no xml: a tag is not closed", 0 },
	{ XML, "<a>1 < 2</a>", "no xml: a < that begins no tag", 5 },
	{ XML, "<a>&nbsp;</a>",
	    "no xml: a reference to what is not declared", 3 },
	{ XML, "<a>&#0;</a>", "no xml: a reference to no character", 3 },
	{ XML, "<a>\x01</a>", "no xml: a character that XML does not have",
	    3 },
	{ XML, "<a><![CDATA[x</a>", "no xml: CDATA is not closed", 3 },
	{ XML, "<a>]]></a>", "no xml: ]]> outside of CDATA", 3 },
	{ XML, "<a/> and more", "no xml: text outside the element", 5 },
	{ XML, "\n<?xml version='1.0'?><a/>", "no xml: an XML declaration "
	    "that is not at the beginning", 1 },
	{ XML, "<!DOCTYPE a [", "no xml: a declaration is not closed", 13 },
	{ XML, "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>",
	    "no xml: entities of its own are not taken", 24 },
	{ XML, "<!DOCTYPE a [<!ENTITY % b SYSTEM 'http://x/'> %b;]><a/>",
	    "no xml: entities of its own are not taken", 44 },
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

/* So many times between two texts. */
static void
xml_repeats(const char *before, const char *what, int n, const char *after,
    const char *message)
{
	struct guard_test t;
	struct buf b = BUF_INIT;

	buf_puts(&b, before);
	while (n-- > 0)
		buf_puts(&b, what);
	buf_puts(&b, after);
	guard_test_init(&t, "format");
	guard_test_number(&t, "is", XML);
	guard_test_run(&t, buf_str(&b));
	if (message == NULL)
		assert_int_equal(t.found.n, 0);
	else
		assert_true(slice_is(t.found.v[0].message, message));
	guard_test_release(&t);
	buf_release(&b);
}

static void
what_could_grow_is_bounded(void **state)
{
	(void)state;
	xml_repeats("<a>", "<a/>", 10000, "</a>", NULL);
	xml_repeats("", "<a>", 256, "", "no xml: an element is not closed");
	xml_repeats("", "<a>", 257, "",
	    "no xml: elements more than 256 deep");
	xml_repeats("<!DOCTYPE a [<!ATTLIST a ", "b CDATA 'x' ", 64, ">]><a/>",
	    NULL);
	xml_repeats("<!DOCTYPE a [<!ATTLIST a ", "b CDATA 'x' ", 65, ">]><a/>",
	    "no xml: more than 64 attributes are declared");
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
		cmocka_unit_test(what_could_grow_is_bounded),
		cmocka_unit_test(survives_cuts)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
