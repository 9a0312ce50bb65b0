/*
 * Ranges of a long log verified at once, by threads that each read the same state of
 * the store through a handle of their own.
 */
#ifndef DB_AUDIT_VERIFY_MANY_H
#define DB_AUDIT_VERIFY_MANY_H

#include "db/audit/verify_run.h"

struct verify_many;

/* Begins to read the store, here and in the others; NULL, and nothing begun: the log
 * is too short, or others cannot read it too. */
struct verify_many *verify_many_begin(struct store *, const struct audit_asked *);
/*
 * All of the log and its rows.  *sound: no problem, and the report is told what there
 * was to note.  Else nobody was told anything, and somebody else must look.
 */
enum status	verify_many_run(struct verify_many *, struct verify *, bool *sound,
		    struct error *) MUST_CHECK;
void		verify_many_end(struct verify_many *);		/* NULL is fine */

#endif
