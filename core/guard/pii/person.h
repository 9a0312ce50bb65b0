/*
 * Names of persons.
 */
#ifndef CORE_GUARD_PII_PERSON_H
#define CORE_GUARD_PII_PERSON_H

#include "core/guard/pii/hit.h"
#include "core/guard/pii/tokens.h"

/* A name that begins at the token; where to go on. */
size_t	find_person(struct pii_scan *, const struct tokens *, size_t at);

#endif
