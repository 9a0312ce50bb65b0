/* Queues with their rules, and roles. */
#ifndef CORE_POLICY_QUEUE_H
#define CORE_POLICY_QUEUE_H

#include "core/policy/load.h"

/* The guards must be there. */
enum status	policy_queues(struct load *, struct error *) MUST_CHECK;
enum status	policy_roles(struct load *, struct error *) MUST_CHECK;

#endif
