#include "tests/unit/guard_test.h"

static void
finds_words_however_written(void **state)
{
	static const struct {
		const char	*text, *kind, *span;
	} row[] = {
		{ "Well, damn it.", "mild", "damn" },
		{ "What the fuck?", "strong", "fuck" },
		{ "FUCKING hell", "strong", "FUCKING" },
		{ "it is f*cking late", "strong", "f*cking" },
		{ "f**k that", "strong", "f**k" },
		{ "oh sh1t!", "strong", "sh1t" },
		{ "oh $hit!", "strong", "$hit" },
		{ "you b1tch", "strong", "b1tch" },
		{ "you @sshole", "strong", "@sshole" },
		{ "that is fuuuuuck", "strong", "fuuuuuck" },
		{ "shiiit", "strong", "shiiit" },
		{ "assssss", "mild", "assssss" },
		{ "s h i t happens", "strong", "s h i t" },
		{ "f.u.c.k off", "strong", "f.u.c.k" },
		{ "F-U-C-K", "strong", "F-U-C-K" },
		{ "**bullshit**", "strong", "bullshit" },
		{ "(shit)", "strong", "shit" },
		{ "#shit", "strong", "shit" },
		{ "f\xc3\xbc""ck", "strong", "f\xc3\xbc""ck" },
		{ "sh\xe2\x80\x8bit", "strong", "sh\xe2\x80\x8bit" },
		{ "\xd1\x81unt", "strong", "\xd1\x81unt" },
		{ "\xef\xbd\x86\xef\xbd\x95\xef\xbd\x83\xef\xbd\x8b", "strong",
		    "\xef\xbd\x86\xef\xbd\x95\xef\xbd\x83\xef\xbd\x8b" },
		{ "don't be a dick about it", "mild", "dick" },
		{ "those faggots", "slur", "faggots" },
		{ "a retarded idea", "slur", "retarded" },
		/* what strong words are built into */
		{ "those fuckwads", "strong", "fuckwads" },
		{ "what a shitholehood", "strong", "shitholehood" },
		{ "absofuckinglutely", "strong", "absofuckinglutely" },
		{ "a MOTHERFUCKINGLY long line", "strong", "MOTHERFUCKINGLY" },
		{ "motherf---ing car", "strong", "motherf---ing" },
		{ "ratshitty", "strong", "ratshitty" },
		{ "you cuntwaffle", "strong", "cuntwaffle" },
		{ "bitchfest", "strong", "bitchfest" },
		{ "oh fcuk", "strong", "fcuk" },
		{ "wtf_fuck_this", "strong", "fuck" },
		{ "https://x.example/fuck/you", "strong", "fuck" }
	};
	struct guard_test t;
	size_t i;

	(void)state;
	guard_test_init(&t, "profanity");
	for (i = 0; i < sizeof(row) / sizeof(row[0]); i++)
		guard_test_one(&t, row[i].text, row[i].kind, row[i].span);
	guard_test_one(&t, "damn", "mild", NULL);
	assert_int_equal(t.found.v[0].severity, SEVERITY_LOW);
	guard_test_one(&t, "shit", "strong", NULL);
	assert_int_equal(t.found.v[0].severity, SEVERITY_MEDIUM);
	guard_test_one(&t, "kike", "slur", NULL);
	assert_int_equal(t.found.v[0].severity, SEVERITY_HIGH);
	assert_int_equal(guard_test_run(&t, "shit, damn, fuck"), 3);
	guard_test_release(&t);
}

static void
passes_clean_words(void **state)
{
	static const char *const clean[] = {
		"", "a", "Scunthorpe and Penistone are towns in England.",
		"We assess the class and pass the grass to the bass player.",
		"Dick Cheney met Dick Van Dyke; we saw it with Dick.",
		"Moby Dick, Hancock, Cockburn, Cocker and the cockpit",
		"Essex, Sussex and Middlesex", "shiitake mushrooms, shifting",
		"cumulative analysis by a therapist and an analyst",
		"She graduated magna cum laude.", "A Maine Coon cat",
		"the chink in the armour", "spic and span", "Pussy Riot sang",
		"Take the A55 and then the B4455 to 5h1",
		"0x455 455 8008 1337", "U S A", "A. S. Byatt", "4 5 5",
		"hello, shell, Shitake, Matsushita, Fukushima, Yoshitaka",
		"a*b*c and 2*3*4 and **bold** and *this*",
		"document, button, butter, titanic, title, country",
		"fire retardant and retardation", "snigger and niggardly",
		"user@assets.example.com", "raccoon, cocoon, tycoon",
		"Peacock, woodcock, shuttlecock", "Wangaratta, Wankhede Stadium",
		"Harshit, Akshit and Shital watch BitChute in Slutsk",
		"a Wankel engine, Cyril Wankhede, rabbitChar, pushItem, hashIt",
		"Jaap Stam", "codes AB80 and FA25, %4$s",
		/* names in programs, and base64 */
		"choices(k=5, cum_weights=range(4))", "np.cum(x)", "y**5 + k**3", "yID := m**0", "x_ass = 1",
		"integrity: sha512-IZ+t3U2WUQUA64S/e+MaGSjmt4alzBCsK9E8gh+fag==",
		"aGVsbG8gd29ybGQK/cum/aBcD34eFgHiJkL5mNoP+fuckQ7",
		"\xe4\xbd\xa0\xe5\xa5\xbd\xef\xbc\x8c\xe4\xb8\x96\xe7\x95\x8c"
	};
	struct guard_test t;
	size_t i;

	(void)state;
	guard_test_init(&t, "profanity");
	for (i = 0; i < sizeof(clean) / sizeof(clean[0]); i++)
		guard_test_none(&t, clean[i]);
	guard_test_release(&t);
}

static void
speaks_other_languages(void **state)
{
	static const char *const german[] = { "de" };
	static const char *const both[] = { "es", "fr" };
	static const char *const unknown[] = { "tlh" };
	struct guard_test t;

	(void)state;
	guard_test_init(&t, "profanity");
	guard_test_none(&t, "So eine Schei\xc3\x9f""e, il a dit merde.");
	guard_test_release(&t);

	guard_test_init(&t, "profanity");
	guard_test_list(&t, "languages", german, 1);
	guard_test_one(&t, "So eine Schei\xc3\x9f""e!", "strong",
	    "Schei\xc3\x9f""e");
	guard_test_one(&t, "SCHEISSE", "strong", NULL);
	guard_test_one(&t, "dieses Schei\xc3\x9f""wetter", "strong",
	    "Schei\xc3\x9f""wetter");
	guard_test_one(&t, "du Oberfotze", "strong", "Oberfotze");
	guard_test_one(&t, "so ein Drecksarsch", "strong", "Drecksarsch");
	guard_test_none(&t, "Der Barsch schwamm im Marsch bei Warschau.");
	guard_test_none(&t, "fuck, er will es wissen");
	guard_test_release(&t);

	guard_test_init(&t, "profanity");
	guard_test_list(&t, "languages", both, 2);
	guard_test_one(&t, "Eres un cabr\xc3\xb3n.", "strong",
	    "cabr\xc3\xb3n");
	guard_test_one(&t, "Quel connard", "strong", "connard");
	guard_test_release(&t);

	guard_test_init(&t, "profanity");
	guard_test_list(&t, "languages", unknown, 1);
	assert_int_equal(guard_test_compile(&t), STATUS_INVALID);
	guard_test_release(&t);
}

static void
takes_words_from_files_and_allows(void **state)
{
	static const char *const allow[] = { "Damn" };
	const struct policy_file file = { "words.txt", SLICE(
	    "\xef\xbb\xbf# ours\nbarnacle high\r\nBlister\n"
	    "\xd1\x82\xd0\xb5\xd1\x81\xd1\x82 low\n\nshit info\n") };
	const struct policy_file bad = { "bad.txt", SLICE(
	    "fine\nword dreadful\n") };
	struct guard_test t;
	struct option_value *v;

	(void)state;
	guard_test_init(&t, "profanity");
	v = guard_test_option(&t, "words");
	v->files = &file;
	v->nfiles = 1;
	guard_test_list(&t, "allow", allow, 1);
	guard_test_one(&t, "You barnacle!", "word", "barnacle");
	assert_int_equal(t.found.v[0].severity, SEVERITY_HIGH);
	guard_test_one(&t, "BLISTER", "word", "BLISTER");
	assert_int_equal(t.found.v[0].severity, SEVERITY_MEDIUM);
	guard_test_one(&t, "\xd0\xa2\xd0\x95\xd0\xa1\xd0\xa2!", "word",
	    "\xd0\xa2\xd0\x95\xd0\xa1\xd0\xa2");
	guard_test_one(&t, "shit", "word", NULL);
	assert_int_equal(t.found.v[0].severity, SEVERITY_INFO);
	guard_test_none(&t, "Damn, blistering barnacles");
	guard_test_release(&t);

	guard_test_init(&t, "profanity");
	v = guard_test_option(&t, "words");
	v->files = &bad;
	v->nfiles = 1;
	assert_int_equal(guard_test_compile(&t), STATUS_INVALID);
	assert_string_equal(t.err.text, "bad.txt:2: \"dreadful\" is no "
	    "severity (info, low, medium, high, critical)");
	guard_test_release(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_words_however_written),
		cmocka_unit_test(passes_clean_words),
		cmocka_unit_test(speaks_other_languages),
		cmocka_unit_test(takes_words_from_files_and_allows)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
