#include "tests/unit/guard_test.h"

static void
tells_what_breaks_off(void **state)
{
	static const char *const cut[] = {
		"The reason for this is that the parser never saw the",
		"First we open the file, then we read the header and",
		"You need three things: flour, sugar,",
		"Here are the steps:",
		"Run this:\n```sh\nmake all",
		"{\"name\": \"Ana\", \"tags\": [\"a\", \"b\"",
		"{\"text\": \"and then",
		"1. Fill the kettle with water.\n\n2. Put in the tea and let it draw",
		"- Salt: it keeps food. Use it with care when you cook",
		"Do this:\n* Call the office first. Then wait until they answer your",
		"a) the first one is red\nb) the second one is as blue as the",
		"It was built in 1889 by an engineer whose name was Gust",
		"- the first\n- the second,",
		"He opened the box (which was old and",
		"Das Haus steht am Fluss und die T\xc3\xbcr ist seit gestern offen, weil der Wind"
	};
	struct guard_test t;
	size_t i;

	(void)state;
	guard_test_init(&t, "ending");
	for (i = 0; i < sizeof(cut) / sizeof(cut[0]); i++)
		guard_test_one(&t, cut[i], "cut-off", NULL);
	guard_test_one(&t, "All good.\nBut then the second line stops in the",
	    "cut-off", "But then the second line stops in the");
	guard_test_release(&t);
}

static void
tells_what_is_whole(void **state)
{
	static const char *const whole[] = {
		"", "  \n", "positive", "42", "New York City", "Yes.",
		"It is done.", "Is it done?", "He said \"it is done.\"",
		"Steps:\n1. open the file\n2. read the header of the file",
		"- milk\n- bread and butter from the shop around the corner",
		"# A heading with many words in it here",
		"Come to our summer party on the third of July! #party #summer2024",
		"Time: 5 pm\nPlace: the old mill behind the market square",
		"The rain falls down on every street,\nThe lamps are low, the night is sweet\n"
		    "I hear your steps along the lane\nAnd know that you are home again",
		"I. Beginning\n   A. How the village came to have its name\n"
		    "   B. How the river was made to turn the mill",
		"Name\tTown\nAnna of the old mill\tthe village by the river",
		"int x;\nx = compute(a, b, c, d, e, f);",
		"| a | b |\n|---|---|\n| 1 | 2 |",
		"```c\nint main(void);\n```", "{\"a\": [1, \"x]\"]}",
		"You can find more about all of this at https://example.com/a",
		"Have a nice day and see you soon \xf0\x9f\x98\x80",
		"\xe4\xbb\x8a\xe6\x97\xa5\xe3\x81\xaf\xe3\x80\x82",
		"That is all there is to say about it (really).",
		"It is **bold.**", "To be or not to be\xe2\x80\xa6"
	};
	struct guard_test t;
	size_t i;

	(void)state;
	guard_test_init(&t, "ending");
	for (i = 0; i < sizeof(whole) / sizeof(whole[0]); i++)
		guard_test_none(&t, whole[i]);
	guard_test_release(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tells_what_breaks_off),
		cmocka_unit_test(tells_what_is_whole)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
