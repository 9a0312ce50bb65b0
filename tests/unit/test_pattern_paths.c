/* Ways through a pattern's alternatives, of which compiled code counts none. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "core/pattern/paths.h"

static void
test_ways_are_counted(void **state)
{
	static const struct {
		const char	*pattern;
		uint32_t	 ways;
	} row[] = {
		{ "", 1 }, { "abc", 1 }, { "a*b+c?d{2,5}", 1 },
		{ "\\bfoo\\b|bar", 2 }, { "foo|fob|bar", 2 },
		{ "(a|a)(a|a)(a|a)", 8 }, { "(?:a|a){10}", 1025 },
		{ "(?:a|a){3,}", 17 }, { "(?:a|a){,3}", 9 },
		{ "(?:a|a)?b", 3 }, { "((a|a){2}|a){2}", 37 },
		/* Only one of these can begin where it is tried. */
		{ "(?:Jan|Feb|Mar|Apr|Sep) (?:1|2|3)", 1 },
		{ "(?:Jan|Jun|Jul) (?:1|2|3)", 3 },
		{ "(?:a?b|c)(?:[d]|e)", 4 },
		/* What is text, not alternatives. */
		{ "[(|]|[]|a]|[^]|(]|[[:alpha:]|(]", 4 }, { "\\(\\|\\|", 1 },
		{ "\\Q(a|a)(a|a)\\E", 1 }, { "(?#a|b)x", 1 }, { "a{|a}", 2 },
		{ "(?i)(?<n>a|a)(?=b|b)(?!c|c)(?>d|d)", 16 },
		{ "(a)(?(1)b|b)", 2 },
		/* Calls, and far too many. */
		{ "(a|b)(?1)", UINT32_MAX }, { "(?<n>a)(?&n)", UINT32_MAX },
		{ "(?<n>a)(?P>n)", UINT32_MAX }, { "(a)(?-1)", UINT32_MAX },
		{ "(?R)?a", UINT32_MAX }, { "(a)\\g<1>", UINT32_MAX },
		{ "((((a|a){9}){9}){9}){9}", UINT32_MAX },
		/* No pattern at all, but no harm either. */
		{ "(", UINT32_MAX }, { "a)", UINT32_MAX }, { "(?", UINT32_MAX },
		{ "[", 1 }, { "[^", 1 }, { "\\", 1 }, { "a{2", 1 },
		{ "[[:", 1 }, { "\\Q", 1 }, { "(*", UINT32_MAX }
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(row) / sizeof(row[0]); i++)
		if (pattern_paths(row[i].pattern) != row[i].ways)
			fail_msg("%s: %u, not %u", row[i].pattern,
			    pattern_paths(row[i].pattern), row[i].ways);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ways_are_counted)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
