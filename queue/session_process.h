/*
 * A session that lives as long as its process: its id tells which one that is, so that
 * what it held is not waited for once the process is gone (killed, out of memory).
 */
#ifndef QUEUE_SESSION_PROCESS_H
#define QUEUE_SESSION_PROCESS_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/buf.h"

#define SESSION_ID	16	/* bytes */

/* Puts this process into an id of random bytes; where /proc tells too little it stays
 * as it is. */
void	session_process_mark(uint8_t id[SESSION_ID]);
/*
 * Is the process that an id tells of known to be gone?  For ids of this boot only.
 * false also for an id that tells of none, or of a process in another PID namespace.
 */
bool	session_process_gone(struct slice id);

#endif
