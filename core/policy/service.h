/* The sections of the service: serve, and the keys of those who call it. */
#ifndef CORE_POLICY_SERVICE_H
#define CORE_POLICY_SERVICE_H

#include "core/policy/load.h"

/* The queues must be there. */
enum status	policy_service(struct load *, struct error *) MUST_CHECK;

#endif
