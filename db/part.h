/*
 * Copies of a store on their way: "NAME.part-PID" beside the name they will
 * have, with -wal, -shm, -lock and -journal of their own while they are worked
 * on.  Whoever makes one removes it; what a kill left is swept later.
 */
#ifndef DB_PART_H
#define DB_PART_H

#include <stdbool.h>

struct error;

/* "PATH.part-PID", to be freed; NULL: no memory. */
char		*part_name(const char *path);
/* Takes ".part-PID" out of a message, which names the file that was asked for. */
void		part_unname(struct error *);
/* Removes what stands beside a copy that is whole ... */
void		part_settled(const char *part);
/* ... or the copy with it. */
void		part_drop(const char *part);

/*
 * Removes what killed ones left in the folder that the path stands in: copies of
 * stores by their name, their first bytes and our uid, which nobody has written
 * to for PART_AGE_S.  Those that may still be at work are left alone.  tell, if
 * any, is called with each one's name; sweep false: only that.
 */
#define PART_AGE_S	3600
typedef void	part_fn(void *arg, const char *name);
void		part_sweep(const char *path, bool sweep, part_fn *tell, void *arg);

#endif
