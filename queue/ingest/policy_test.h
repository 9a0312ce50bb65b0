/*
 * `policy test`: cases of a policy, one JSON object a line:
 *	{"name":"...","record":{...},"expect":{"route":"flag","rule":"unsure",
 *	 "findings":[{"guard":"pii","kind":"EMAIL_ADDRESS"}]}}
 * `record` is any record that ingest takes.  Only the keys that
 * `expect` has are compared; each finding named must be there, and "findings":[]
 * means none.
 */
#ifndef QUEUE_INGEST_POLICY_TEST_H
#define QUEUE_INGEST_POLICY_TEST_H

#include "core/base/buf.h"

struct policy;

struct case_result {
	struct slice	name;		/* or "line N" */
	uint64_t	line;
	bool		passed;
	struct slice	why;		/* of a miss */
};
typedef enum status case_fn(void *, const struct case_result *, struct error *);

/* STATUS_INVALID names the line that is no case: then nothing was tested. */
enum status	policy_test_run(const struct policy *, const char *path,
		    struct slice cases, case_fn *, void *arg, struct error *)
		    MUST_CHECK;

#endif
