/*
 * The keywords of each draft: one table.
 */
#ifndef CORE_SCHEMA_KEYWORDS_H
#define CORE_SCHEMA_KEYWORDS_H

#include "core/schema/build.h"

enum subschemas	keyword_subschemas(enum schema_draft, struct slice name);

/* Compiles one keyword's value into b->node and its parts. */
typedef enum status keyword_fn(struct build *, uint32_t value, struct error *);

struct keyword {
	const char		*name;
	enum schema_draft	 from, to;
	unsigned		 vocab;		/* 0: whatever the vocabulary is */
	enum subschemas		 sub;
	keyword_fn		*compile;	/* NULL: read by another, or none */
};
const struct keyword	*keyword_find(enum schema_draft, struct slice name);

#endif
