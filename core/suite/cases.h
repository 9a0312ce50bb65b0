/* Files of cases: JSON Lines of three kinds, CSV, and lists of tests. */
#ifndef CORE_SUITE_CASES_H
#define CORE_SUITE_CASES_H

#include "core/suite/reading.h"

/*
 * Adds every case of a file that `from` names.  By its name it is CSV, a list in
 * YAML or JSON, or else JSON Lines, each an object:
 *	{"id","vars"|"messages","expect","metadata","output"}
 *	{"input":[messages]|"text","ideal":...}	OpenAI evals
 *	{"item":{...}}				OpenAI evals
 *	{"vars","assert",...}			promptfoo
 */
enum status	cases_load(struct suite_reading *, const char *from,
		    const char *name, struct error *) MUST_CHECK;

#endif
