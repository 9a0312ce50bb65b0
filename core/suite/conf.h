/* The suite file of our own (handrail-suite.5), in the policy's grammar. */
#ifndef CORE_SUITE_CONF_H
#define CORE_SUITE_CONF_H

#include "core/suite/reading.h"

/* Fills r->suite with all but what the arrays of the reading hold. */
enum status	suite_conf_read(struct suite_reading *,
		    const struct policy_file *, struct error *) MUST_CHECK;

#endif
