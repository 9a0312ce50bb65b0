/* The kinds that are looked for only where a policy names them. */
#include "tests/unit/test_pii.h"

static const char *const asked[] = { "default", "PERSON", "AGE",
    "STREET_ADDRESS", "US_ZIP_CODE" };

static void
check_asked(const struct pii_case *cases, size_t n)
{
	struct guard_test t;
	size_t i;

	guard_test_init(&t, "pii");
	guard_test_list(&t, "kinds", asked, 5);
	for (i = 0; i < n; i++)
		pii_check(&t, &cases[i]);
	guard_test_release(&t);
}
#define CHECK_ASKED(cases)	\
	check_asked(cases, sizeof(cases) / sizeof((cases)[0]))

static const char letter[] = "Dear Mr. Thompson, Anna Kowalska, 34 years old, "
    "of 12 Maple Road, Austin, TX 78701, has zip code 35350.";

static void
only_where_they_are_named(void **state)
{
	struct guard_test t;
	size_t n, i;

	(void)state;
	guard_test_init(&t, "pii");
	guard_test_none(&t, letter);
	guard_test_release(&t);

	guard_test_init(&t, "pii");
	guard_test_list(&t, "kinds", asked, 1);
	guard_test_none(&t, letter);
	guard_test_one(&t, "Mail ana@example.com", "EMAIL_ADDRESS", NULL);
	guard_test_release(&t);

	guard_test_init(&t, "pii");
	guard_test_list(&t, "kinds", asked + 1, 1);
	for (n = guard_test_run(&t, letter), i = 0; i < n; i++)
		assert_slice(t.found.v[i].kind, "PERSON");
	assert_int_equal(n, 2);
	guard_test_none(&t, "Mail ana@example.com");
	guard_test_release(&t);

	guard_test_init(&t, "pii");
	guard_test_list(&t, "kinds", asked, 5);
	assert_int_equal(guard_test_run(&t, letter), 5);
	guard_test_release(&t);
}

static void
finds_names_of_persons(void **state)
{
	static const struct pii_case cases[] = {
		{ "PERSON", "My name is Anna Kowalska.", "Anna Kowalska" },
		{ "PERSON", "Her maiden name is Grzelczyk.", "Grzelczyk" },
		{ "PERSON", "but they call me Oliver", "Oliver" },
		{ "PERSON", "The file name is Readme.", NULL },
		{ "PERSON", "Best regards,\nElena Petrova", "Elena Petrova" },
		{ "PERSON", "for Mr. Okonkwo, please", "Okonkwo" },
		{ "PERSON", "Herr Dr. Klaus Becker-Lang kam", "Klaus Becker-Lang" },
		{ "PERSON", "of Michael J. O'Brien's car", "Michael J. O'Brien" },
		{ "PERSON", "Mijn naam is Pieter de Vries.", "Pieter de Vries" },
		{ "PERSON", "\320\220\320\275\320\275\320\260 "
		    "\320\230\320\262\320\260\320\275\320\276\320\262\320\260 "
		    "\320\266\320\270\320\262\321\221\321\202",
		    "\320\220\320\275\320\275\320\260 "
		    "\320\230\320\262\320\260\320\275\320\276\320\262\320\260" },
		{ "PERSON", "Karen Xylotani paid", "Karen Xylotani" },
		{ "PERSON", "Robert Miller Jr. signed", "Robert Miller Jr" },
		{ "PERSON", "\"No\", said Emma.", "Emma" },
		{ "PERSON", "name: roberto garcia", "roberto garcia" },
		/* One word alone never, nor what is named after somebody. */
		{ "PERSON", "Then Emma.", NULL },
		{ "PERSON", "We met in Victoria Station.", NULL },
		{ "PERSON", "at Martin Foster University", NULL },
		{ "PERSON", "San Antonio, Saint Helena Bay", NULL },
		{ "PERSON", "Hurricane Maria Fell", NULL },
		{ "PERSON", "Dear Customer, Dear Hiring Manager", NULL },
		{ "PERSON", "the Mark of Grace, May Hope rise", NULL },
		{ "PERSON", "The file name is Report Final", NULL },
		{ "PERSON", "Mr. President, Dr Pepper", NULL },
		{ "PERSON", "Morgan Freeman Street", NULL }
	};
	static const struct { const char *text; size_t n; } rows[] = {
		{ "They are Daisy, Christina, Jonathan and Sarah.", 3 },
		{ "Alice and Robert left", 2 },
		{ "Paris, Texas and London", 0 }
	};
	static const char *const kinds[] = { "PERSON" };
	struct guard_test t;
	size_t i;

	(void)state;
	CHECK_ASKED(cases);
	guard_test_init(&t, "pii");
	guard_test_list(&t, "kinds", kinds, 1);
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_int_equal(guard_test_run(&t, rows[i].text), rows[i].n);
	guard_test_release(&t);
}

static void
finds_street_addresses(void **state)
{
	static const struct pii_case cases[] = {
		{ "STREET_ADDRESS", "I live at 12 Maple Road.", "12 Maple Road" },
		{ "STREET_ADDRESS", "to 908 N. Elm St., Apt. 12, Denver, CO 80203.",
		    "908 N. Elm St., Apt. 12, Denver, CO 80203" },
		{ "STREET_ADDRESS", "an Hauptstra\303\237e 5, 10115 Berlin.",
		    "Hauptstra\303\237e 5, 10115 Berlin" },
		{ "STREET_ADDRESS", "Unter den Linden 77, 10117 Berlin ist es",
		    "Unter den Linden 77, 10117 Berlin" },
		{ "STREET_ADDRESS", "au 12 rue de la Paix, 75002 Paris.",
		    "12 rue de la Paix, 75002 Paris" },
		{ "STREET_ADDRESS", "en Calle de Alcal\303\241 45, 28014 Madrid",
		    "Calle de Alcal\303\241 45, 28014 Madrid" },
		{ "STREET_ADDRESS", "in Via Garibaldi 10, 20121 Milano",
		    "Via Garibaldi 10, 20121 Milano" },
		{ "STREET_ADDRESS", "op Kerkstraat 45 in Utrecht", "Kerkstraat 45" },
		{ "STREET_ADDRESS", "p\303\245 Storgatan 12, 111 29",
		    "Storgatan 12" },
		{ "STREET_ADDRESS", "przy ul. D\305\202ugiej 5 w",
		    "ul. D\305\202ugiej 5" },
		{ "STREET_ADDRESS", "Rua das Flores, 25, Lisboa",
		    "Rua das Flores, 25, Lisboa" },
		{ "STREET_ADDRESS", "at P.O. Box 1234, Austin, TX 78701",
		    "P.O. Box 1234, Austin, TX 78701" },
		{ "STREET_ADDRESS", "lives at 96 Cais Novo 90, Porto",
		    "96 Cais Novo 90, Porto" },
		{ "STREET_ADDRESS", "from 2914 184th Street today",
		    "2914 184th Street" },
		{ "STREET_ADDRESS", "> 7 Birch Lane\n> Flat 3\n> Leeds",
		    "7 Birch Lane\n> Flat 3\n> Leeds" },
		{ "STREET_ADDRESS", "To 31 N. Perrin, Suite 9, Leeds",
		    "31 N. Perrin, Suite 9, Leeds" },
		{ "STREET_ADDRESS", "i live at 52 birch street apt 3 now",
		    "52 birch street apt 3" },
		{ "STREET_ADDRESS", "\303\240 3, place de la Gare, 33000 Bordeaux",
		    "3, place de la Gare, 33000 Bordeaux" },
		{ "STREET_ADDRESS", "we drove 5 miles down the road home", NULL },
		{ "STREET_ADDRESS", "Chapter 5 Main Road", NULL },
		{ "STREET_ADDRESS", "In 2019 Wall Street fell.", NULL },
		{ "STREET_ADDRESS", "He visited Central Park 3 times.", NULL },
		{ "STREET_ADDRESS", "2. Nature Walk\n3. Volunteering", NULL },
		{ "STREET_ADDRESS", "Top 10 Places to visit, Section 12 Drive", NULL },
		{ "STREET_ADDRESS", "Am 5. Mai 2024 im Park", NULL },
		{ "STREET_ADDRESS", "The office:\nCar 1: a Civic", NULL },
		{ "STREET_ADDRESS", "RTX 4090 Ti, Suite 3 in D, Boeing 747", NULL }
	};

	(void)state;
	CHECK_ASKED(cases);
}

static void
finds_ages_and_zip_codes(void **state)
{
	static const struct pii_case cases[] = {
		{ "AGE", "He is 42 years old.", "42 years old" },
		{ "AGE", "a 3-year-old boy", "3-year-old" },
		{ "AGE", "forty-two years of age", "forty-two years of age" },
		{ "AGE", "the suspect, aged 17, ran", "17" },
		{ "AGE", "F, 30yo, well", "30yo" },
		{ "AGE", "Age: 31", "31" },
		{ "AGE", "tiene 34 a\303\261os de edad", "34 a\303\261os de edad" },
		{ "AGE", "5 years of experience, page 12", NULL },
		{ "AGE", "40 years ago, a 30% rise", NULL },
		{ "AGE", "a 450-year-old oak", NULL },
		{ "US_ZIP_CODE", "my zip code is 35350", "35350" },
		{ "US_ZIP_CODE", "ZIP: 35350-1234", "35350-1234" },
		{ "US_ZIP_CODE", "in Springfield, Illinois 62704", "62704" },
		{ "US_ZIP_CODE", "Austin TX 78701-1234", "78701-1234" },
		{ "US_ZIP_CODE", "it costs 35350", NULL },
		{ "US_ZIP_CODE", "OR 12345 items", NULL },
		{ "US_ZIP_CODE", "in Texas 78,701 cows", NULL }
	};

	(void)state;
	CHECK_ASKED(cases);
}

/* Any text: in order, not overlapping, never cutting a character. */
static void
holds_on_any_text(void **state)
{
	static const char *const pieces[] = { "Anna ", "Mr. ", "Smith", "name is ",
	    ", ", "and ", "12 ", "Main ", "Street", "rue ", "\303\211", "-", "'s ",
	    "\342\200\231s", "P.O. Box ", "78701", "TX ", "\n", ":", "aged ",
	    "years old", "forty", "\344\272\272", "\330\271", "Apt. 3", ".", " ",
	    "von ", "J. ", "2nd ", "\302\240", "e", "PhD", "Dear ", "regards,\n" };
	char text[400];
	struct guard_test t;
	uint32_t seed = 7;
	size_t round, n;
	const char *p;

	(void)state;
	guard_test_init(&t, "pii");
	guard_test_list(&t, "kinds", asked, 5);
	guard_test_number(&t, "min_score", 0);
	for (round = 0; round < 5000; round++) {
		for (n = 0; n < 300; n += strlen(p)) {
			seed = seed * 1664525u + 1013904223u;
			if ((seed >> 8) % 40 == 0)
				break;
			p = pieces[(seed >> 8) % (sizeof(pieces) /
			    sizeof(pieces[0]))];
			memcpy(text + n, p, strlen(p) + 1);
		}
		text[n] = '\0';
		(void)guard_test_run(&t, text);
		findings_hold(&t, text, n);
	}
	guard_test_release(&t);
}

/* Long runs of what a reader stops at cost time in proportion. */
static void
long_runs_end(void **state)
{
	static const char *const unit[] = { "Anna ", "Anna, ", "Anna and ", "12 ",
	    "Mr. ", "rue ", "Apt. 1 ", "J. ", "a-", "name ", "van ", "12 Main ",
	    "Main Street, ", "\344\272\272", "P.O. ", "forty-", "1 A, ", "\n" };
	struct guard_test t;
	char *text;
	size_t i, k, n = 1 << 20, len;

	(void)state;
	text = malloc(n + 1);
	assert_non_null(text);
	guard_test_init(&t, "pii");
	guard_test_list(&t, "kinds", asked, 5);
	for (i = 0; i < sizeof(unit) / sizeof(unit[0]); i++) {
		len = strlen(unit[i]);
		for (k = 0; k < n; k++)
			text[k] = unit[i][k % len];
		assert_int_equal(guard_test_try(&t, (struct slice){ text,
		    n / len * len }), STATUS_OK);
	}
	guard_test_release(&t);
	free(text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_where_they_are_named),
		cmocka_unit_test(finds_names_of_persons),
		cmocka_unit_test(finds_street_addresses),
		cmocka_unit_test(finds_ages_and_zip_codes),
		cmocka_unit_test(holds_on_any_text),
		cmocka_unit_test(long_runs_end)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
