/*
 * Kinds of personal data that a policy adds: a pattern over the folded text, a
 * check, and its context words.
 */
#ifndef CORE_GUARD_PII_OWN_H
#define CORE_GUARD_PII_OWN_H

#include "core/guard/guard.h"
#include "core/guard/pii/hit.h"

extern const struct option_row pii_own_options[];

struct pii_own;
/* *out stays NULL where the guard has none. */
enum status	pii_own_new(struct pii_own **out, const struct guard_config *,
		    struct error *) MUST_CHECK;
void		pii_own_free(struct pii_own *);
/* Adds hits, the first of its kinds as PII_NKINDS and so on; takes NULL. */
enum status	pii_own_scan(const struct pii_own *, struct pii_scan *,
		    struct scratch *, struct error *) MUST_CHECK;
/* NULL behind the last. */
const char	*pii_own_name(const struct pii_own *, unsigned kind);

#endif
