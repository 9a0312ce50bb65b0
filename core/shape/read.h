/*
 * Reading a record: its bytes into items.
 */
#ifndef CORE_SHAPE_READ_H
#define CORE_SHAPE_READ_H

#include "core/base/arena.h"
#include "core/item/item.h"
#include "core/json/parse.h"

/*
 * A reader begins as all zero with an arena and what else is wanted set.
 *
 * Reads one record and gives each item in it to `each` (one, but for a response
 * with several choices).  What each() returns other than STATUS_OK ends the
 * record and is returned.  `format` forces a shape; NULL recognises it by its
 * marks.  `inputs` may be NULL.
 *
 * STATUS_INVALID: refused, with the reason and, where it has a place, the byte
 * offset: "byte 17: duplicate key"; nothing was given to each() then.
 */
#define ITEM_BUFS	4
struct item_reader {
	struct json	 json;		/* kept from record to record */
	struct json	 inner;		/* of JSON held in a string, or joined */
	/* What the record has as it is, parsed already; or NULL. */
	const struct json *known[JSON_KNOWN];
	struct hasher	*hasher;	/* made when first needed */
	struct arena	*arena;		/* reset by the owner, never here */
	/* What was made in them is in the arena: kept for what is made next. */
	struct buf	 spare[ITEM_BUFS];
	size_t		 nspare;
	const char	*format;
	/* Finds the request that a batch line answers; absent: not found.  Its
	 * bytes live as long as what is in the arena. */
	enum status	(*inputs)(void *, struct slice custom_id,
			    struct arena *, struct slice *, struct error *);
	void		*inputs_arg;
};
typedef enum status item_fn(void *arg, const struct item *, struct error *);

enum status	item_read(struct item_reader *, struct slice record,
		    item_fn *each, void *arg, struct error *) MUST_CHECK;
/*
 * What is stored of an item is its record; its output and the rest are read out of
 * that again whenever they are needed, and must stay what was judged.  So each item
 * keeps the version of the mapping that it was read by.  A change that reads a record
 * otherwise which was taken before is one more version, and asks for it: a shape by
 * its `since`, a reader by reading.mapping.  One that refuses what was taken asks
 * whether the record is read again (reading.joined).
 */
enum mapping {
	MAPPING_FIRST = 1,
	MAPPING_STATES,		/* LangChain's states, chains and messages */
	MAPPING_CALLS,		/* calls of MiniMax, of an Assistant's run */
	MAPPING_FILES,		/* files beside a text; calls in additional_kwargs */
	MAPPING_WRAPPED,	/* answers within what others wrap around them */
	MAPPING_END,
	MAPPING_NOW = MAPPING_END - 1
};

/* An item as the store keeps it: the members of the same names. */
struct item_stored {
	struct slice	record, input;
	struct slice	shape;		/* of one that was forced, or absent */
	uint32_t	choice;		/* the column `part` */
	unsigned	mapping;	/* 0: the first */
};
/* Reads it again; used by whoever shows or exports what is in the store. */
enum status	item_reread(struct item_reader *, const struct item_stored *,
		    struct item *, struct error *) MUST_CHECK;
void		item_reader_release(struct item_reader *);

#endif
