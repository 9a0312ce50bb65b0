/* Names that a mistyped one may have meant. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "core/base/near.h"

static const char *
column(void *arg, size_t i)
{
	static const char *const names[] = { "id", "queue", "severity",
	    "confidence", "cost_usd", "latency_ms", "input_tokens",
	    "output_tokens", "output", "by", "queue", "a-1", "a-2", "a-3", "a-4",
	    "a_name_that_is_longer_than_any_that_somebody_types", NULL };

	(void)arg;
	return names[i];
}

static void
hint(const char *word, const char *want)
{
	char out[NEAR_TEXT];

	assert_string_equal(near_hint(out, slice_of(word), column, NULL), want);
}

static void
names_are_found(void **state)
{
	(void)state;
	hint("confidnce", "; did you mean confidence?");
	hint("ocnfidence", "; did you mean confidence?");
	hint("cnofidecne", "; did you mean confidence?");
	hint("Confidence", "; did you mean confidence?");
	hint("conf", "; did you mean confidence?");
	hint("sev", "; did you mean severity?");
	hint("bu", "; did you mean by?");
	hint("ouptut", "; did you mean output?");
	hint("out", "; did you mean output_tokens or output?");
	hint("tokens", "; did you mean input_tokens or output_tokens?");
	hint("severity_level", "; did you mean severity?");
	hint("queu", "; did you mean queue?");
	hint("a-5", "; did you mean a-1, a-2 or a-3?");
}

static void
others_are_not(void **state)
{
	(void)state;
	hint("quantum", "");
	hint("amount", "");
	hint("c", "");
	hint("b", "");
	hint("xyz", "");
	hint("", "");
	hint("a_name_that_is_longer_than_any_that_somebody_type", "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_are_found),
		cmocka_unit_test(others_are_not)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
