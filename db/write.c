#include "db/write.h"

#include <time.h>

#include "db/clock.h"

static enum status
write_once(struct store *s, enum durability d, store_fn *fn, void *arg,
    struct error *err)
{
	enum status st;

	if ((st = store_begin(s, d, err)) != STATUS_OK)
		return st;
	if ((st = fn(arg, err)) == STATUS_OK)
		return store_commit(s, err);
	store_rollback(s);
	return st;
}

/* 1 ms, then twice as long each time: the others need it to be done. */
static void
pause_before(int try)
{
	const struct timespec t = { 0, 1000000L << try };

	(void)nanosleep(&t, NULL);
}

enum status
store_write(struct store *s, enum durability d, store_fn *fn, void *arg,
    struct error *err)
{
	int64_t begun = clock_boot_ms(NULL);
	enum status st;
	int try;

	for (try = 0; (st = write_once(s, d, fn, arg, err)) == STATUS_AGAIN;
	    try++) {
		error_clear(err);
		if (try + 1 == WRITE_TRIES ||
		    clock_boot_ms(NULL) - begun > store_wait(s))
			return error_set(err, STATUS_BUSY, "%s: others were "
			    "always first; try again", store_path(s));
		pause_before(try);
	}
	return st;
}
