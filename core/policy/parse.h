/* The grammar of a policy file. */
#ifndef CORE_POLICY_PARSE_H
#define CORE_POLICY_PARSE_H

#include "core/policy/load.h"

#define POLICY_INCLUDES_MAX	10	/* one within the other */

/* Reads the policy's first file, and what it includes, into load->top. */
enum status	conf_read(struct load *, const struct policy_file *,
		    struct error *) MUST_CHECK;

#endif
