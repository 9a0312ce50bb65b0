/*
 * The head of the store: the numbers that the next rows get, inside a transaction
 * that writes.  SQLite lets one write at a time, so that they follow from the rows
 * that are there: a row to keep them in would cost each decision a page.
 */
#ifndef DB_AUDIT_HEAD_H
#define DB_AUDIT_HEAD_H

#include "db/store.h"

enum head_of { HEAD_ITEM, HEAD_RELEASE, HEAD_COUNT };

/* The number of the next.  STATUS_CORRUPT where there is none behind the last. */
enum status	head_next(struct store *, enum head_of, int64_t *, struct error *)
		    MUST_CHECK;
/* So many were inserted with the numbers from that one on. */
void		head_take(struct store *, enum head_of, int64_t n);

#endif
