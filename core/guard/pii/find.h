/*
 * Readers of what has a form of its own.  Each looks at one place that the scan
 * stopped at, left and right of it as far as needed.
 */
#ifndef CORE_GUARD_PII_FIND_H
#define CORE_GUARD_PII_FIND_H

#include "core/guard/pii/pii.h"

/* May a code begin or end here?  Strong ones may have more beside them. */
bool	pii_left_ok(struct slice, size_t at, bool strong);
bool	pii_right_ok(struct slice, size_t end, bool strong);
/* Is it what a sum comes to, "2 * 3 = 6"? */
bool	pii_is_result(struct slice, size_t at);

/* pii_code.c: runs of letters and digits, start to end. */
void	find_iban(struct pii_scan *, size_t start, size_t end);
void	find_crypto(struct pii_scan *, size_t start, size_t end);
size_t	find_bic(struct pii_scan *, size_t at);	/* where to go on */

/* pii_phone.c, pii_date.c: numbers, at their first digit. */
void	find_phone(struct pii_scan *, size_t at);
void	find_date(struct pii_scan *, size_t start, size_t end);

/* pii_net.c: at an '@', ':' or '.'. */
void	find_url(struct pii_scan *, size_t colon);
void	find_domain(struct pii_scan *, size_t dot);
void	find_ipv4(struct pii_scan *, size_t at);
void	find_mac(struct pii_scan *, size_t start, size_t end);
void	find_colons(struct pii_scan *, size_t colon);	/* IPv6, MAC */

/* pii_email.c */
void	find_email(struct pii_scan *, size_t at);
void	find_email_spelt(struct pii_scan *, size_t bracket);
void	find_email_words(struct pii_scan *);	/* "x at y dot com", whole text */

#endif
