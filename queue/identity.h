/*
 * Who works on a store.  For a program that a person started the kernel says so:
 * the login uid where it is set, else the real uid; the environment is not asked.
 */
#ifndef QUEUE_IDENTITY_H
#define QUEUE_IDENTITY_H

#include "core/base/error.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct identity {
	int64_t		 uid;
	char		 name[64];	/* "uid-N" where the system has none */
	bool		 from_login;	/* the login uid, not the real uid */
};

/* That of this process.  STATUS_DENIED: the login uid may be made up (db/login.h). */
enum status	identity_get(struct identity *, struct error *) MUST_CHECK;
/* Is it in that group, by the system's group database? */
bool		identity_in_group(const struct identity *, const char *group);
/*
 * Are we in a user namespace that the store's owner has no number in?  Anybody can
 * make one and choose the number that they have there, so nobody's is believed.
 */
bool		identity_hides(uid_t owner);

#endif
