/* Work that may have to wait for others; the keys go on meanwhile. */
#ifndef TUI_SCREEN_OP_H
#define TUI_SCREEN_OP_H

#include <stdbool.h>

#include "core/base/error.h"

struct screen;

/*
 * run is tried again, keys being answered meanwhile, until it says something
 * other than STATUS_BUSY; done gets that.  Esc ends the waiting: done gets
 * STATUS_BUSY then.
 */
struct op {
	const char	*what;		/* "accept" */
	enum status	(*run)(struct screen *, struct error *);
	void		(*done)(struct screen *, enum status, struct error *);
	bool		 works;		/* its time is its own, not the store's */
};

/* Begins work; one at a time, another is refused with a message. */
void		op_run(struct screen *, const struct op *);
/* Tries what waits once more. */
void		op_try(struct screen *);
/* The reviewer would not wait any longer. */
void		op_stop(struct screen *);

#endif
