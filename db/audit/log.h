/* A log as its lines, without a store. */
#ifndef DB_AUDIT_LOG_H
#define DB_AUDIT_LOG_H

#include <stdio.h>

#include "db/audit/known.h"

/*
 * Checks leaves, one a line, as far as their bytes and what is known say: "edited
 * 3", "3 missing", "3 and 4 swapped", "differs from checkpoint 7", "shorter than
 * checkpoint 7", "unsigned from 7".  STATUS_OK also where there are problems.
 */
enum status	audit_log_check(FILE *, const char *path, struct known_roots *,
		    audit_problem_fn *, void *arg, struct audit_report *,
		    struct error *) MUST_CHECK;

#endif
