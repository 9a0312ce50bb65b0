/* What is compared once all leaves were seen. */
#ifndef DB_AUDIT_VERIFY_END_H
#define DB_AUDIT_VERIFY_END_H

#include "db/audit/verify_run.h"

/* In this order.  apart: it needs nothing that the leaves left in struct verify. */
struct verify_end {
	enum status	(*run)(struct verify *, struct error *);
	bool		 apart;
};
extern const struct verify_end verify_ends[];
extern const size_t verify_ends_count;

/* Is the log as long as is known; how far is it signed?  Its root. */
void		verify_size(struct verify *);

#endif
