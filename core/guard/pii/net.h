/*
 * Addresses of the net, at an '@', ':' or '.' that the scan stopped at.
 */
#ifndef CORE_GUARD_PII_NET_H
#define CORE_GUARD_PII_NET_H

#include "core/guard/pii/hit.h"

void	find_url(struct pii_scan *, size_t colon);
void	find_domain(struct pii_scan *, size_t dot);
void	find_ipv4(struct pii_scan *, size_t at);
void	find_mac(struct pii_scan *, size_t start, size_t end);
void	find_colons(struct pii_scan *, size_t colon);	/* IPv6, MAC */

#endif
