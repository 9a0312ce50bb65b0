/* What a command prints, kept up to a limit while it runs. */
#ifndef TUI_REVIEW_PRINTED_H
#define TUI_REVIEW_PRINTED_H

#include "core/base/buf.h"

#define PRINTED_MAX	((size_t)1 << 20)

struct printed;
/* *fd is what the command writes to.  Once it has printed more than PRINTED_MAX nobody
 * reads on, and SIGPIPE ends it. */
enum status	printed_begin(struct printed **, int *fd, struct error *)
		    MUST_CHECK;
/* The command has ended: closes the descriptor, and gives what came.  What it left
 * running is not waited for.  True: there was more. */
bool		printed_end(struct printed *, int fd, struct buf *);

#endif
