/* A suite read from its files: our own form, or promptfoo's. */
#ifndef CORE_SUITE_READ_H
#define CORE_SUITE_READ_H

#include "core/policy/loader.h"
#include "core/suite/suite.h"

/*
 * grader is promptfoo's provider for the judges of a config that names none, or NULL.
 * A path that ends in .yaml, .yml or .json is a promptfoo config.  What cannot be run
 * here is no error: it is in suite->skipped.  Errors: "x.conf:3:12: check ...".
 */
enum status	suite_load(struct suite **, const char *path,
		    const char *grader, const struct loader *, struct error *)
		    MUST_CHECK;

#endif
