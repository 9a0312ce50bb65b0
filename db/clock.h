/*
 * The time.  Only a test store may be given a clock from outside (store_now_ms() in
 * db/store.h); what concerns no store, or only measures how long something takes,
 * asks the system's.
 */
#ifndef DB_CLOCK_H
#define DB_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

/* "WALL" or "WALL,BOOT" in milliseconds, or "@FILE", which holds one of these and
 * is read at every call.  What is missing, or no number, comes from the system. */
struct clock {
	const char	*outside;	/* NULL: nothing is given */
};

/* Takes what HANDRAIL_CLOCK says: for a store known to be a test store. */
void		clock_from_outside(struct clock *);
/* Milliseconds since 1970 UTC; NULL: the system's. */
int64_t		clock_now_ms(const struct clock *);
/* CLOCK_BOOTTIME. */
int64_t		clock_boot_ms(const struct clock *);
const char	*clock_boot_id(void);

#endif
