/*
 * Work that may take long, in a thread and on a session of its own, so that the
 * keys go on meanwhile.
 */
#ifndef TUI_REVIEW_ASIDE_H
#define TUI_REVIEW_ASIDE_H

#include "queue/session.h"

struct aside;
/* Runs in the thread; the session only reads. */
typedef enum status aside_fn(struct session *, void *arg, struct error *);

/*
 * Begins it on the store of a session.  arg is dropped by whoever is last with
 * it, the thread or the caller; not at all where an error is returned.
 */
enum status	aside_start(struct aside **, const struct session *,
		    aside_fn *, void *arg, void (*drop)(void *), struct error *)
		    MUST_CHECK;
/* True once it has ended, with what it said. */
bool		aside_ended(struct aside *, enum status *, struct error *);
/* Done with it, whether it has ended or not; NULL is harmless. */
void		aside_leave(struct aside *);

#endif
