/* Tests as promptfoo writes them. */
#ifndef CORE_SUITE_TEST_H
#define CORE_SUITE_TEST_H

#include "core/suite/reading.h"

/*
 * Adds the cases of a test: one, or one for each combination of the lists among its
 * variables.  What it has of r->defaults comes first.  A test with something that
 * cannot be run here is dropped, and `where` ("test 3") begins what is said of it.
 */
enum status	test_read(struct suite_reading *, const struct json *,
		    uint32_t object, const char *where, const char *file,
		    int line, struct error *) MUST_CHECK;
/* JSON of a file: YAML and JSON as they are, another as one text; false: a file of
 * a kind that is code. */
enum status	test_file(struct suite_reading *, const char *from,
		    struct slice name, struct slice *json, bool *taken,
		    struct error *) MUST_CHECK;

#endif
