/* The sections upstream, model and gateway. */
#ifndef CORE_POLICY_GATEWAY_H
#define CORE_POLICY_GATEWAY_H

#include "core/policy/load.h"

/* The queues must be there. */
enum status	policy_gateways(struct load *, struct service_policy *,
		    struct error *) MUST_CHECK;

#endif
