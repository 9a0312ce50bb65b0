/*
 * Is there an answer, why did the model stop, and what went wrong?  As parts.h, for
 * the readers of other programs' records.
 */
#ifndef CORE_SHAPE_ANSWER_H
#define CORE_SHAPE_ANSWER_H

#include "core/shape/shape.h"

/* Is there an answer in the value: a text, a call, a number or the like? */
bool		part_says(struct reading *, const struct json *d, uint32_t t);
bool		part_message_says(struct reading *, const struct json *d,
		    uint32_t message);
/* Why the model stopped, by an object's finish_reason, stop_reason and so on. */
enum stop	part_stop(struct reading *, const struct json *d,
		    uint32_t object);
/* "CODE: MESSAGE" of an error as APIs write it; absent: it says nothing. */
struct slice	part_error(struct reading *, const struct json *d,
		    uint32_t error);
/* MiniMax's, which stands in a base_resp with a code other than 0; false: none. */
bool		part_base_error(struct reading *, struct slice *why);
/* What an object's `status` says went wrong, in words: "is queued". */
enum item_fault	part_status(struct reading *, const struct json *d,
		    uint32_t object, const char **is);
/* The item has this fault; the first one counts.  t is of the record. */
void		part_fault(struct reading *, struct item *, uint32_t t,
		    enum item_fault, const char *, ...) PRINTF(5, 6);

#endif
