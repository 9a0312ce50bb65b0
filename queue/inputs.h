/*
 * The request lines of a batch (`--inputs FILE`), found by custom_id: a batch's
 * output carries no prompt.  The file is held in memory; only its index is made.
 */
#ifndef QUEUE_INPUTS_H
#define QUEUE_INPUTS_H

#include "core/buf.h"

struct inputs;

/* STATUS_INVALID names the line that is no request or repeats a custom_id. */
enum status	inputs_load(struct inputs **, const char *path, struct error *)
		    MUST_CHECK;
void		inputs_free(struct inputs *);
/* The request line of a custom_id, or absent.  arg is a struct inputs; many
 * threads may look at once. */
struct slice	inputs_find(void *arg, struct slice custom_id);

#endif
