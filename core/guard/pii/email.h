/*
 * Email addresses, also spelt out.
 */
#ifndef CORE_GUARD_PII_EMAIL_H
#define CORE_GUARD_PII_EMAIL_H

#include "core/guard/pii/hit.h"

void	find_email(struct pii_scan *, size_t at);
void	find_email_spelt(struct pii_scan *, size_t bracket);
void	find_email_words(struct pii_scan *);	/* "x at y dot com", whole text */

#endif
