/*
 * A node while it is being made, and how a keyword reads its value.
 */
#ifndef CORE_SCHEMA_BUILD_H
#define CORE_SCHEMA_BUILD_H

#include "core/schema/document.h"

struct compiler {
	struct library	 lib;
	struct schema	*schema;
	struct place	*pending;	/* by node number */
	uint32_t	 npending, cap_pending, cap_node;
	bool		 dynamic;	/* a $dynamicRef or $recursiveRef is used */
};

struct build {
	struct compiler		*c;
	struct document		*doc;
	uint32_t		 object, resource;
	struct dialect		 dialect;
	struct node		 node;
	struct apply		 apply[16];	/* one a keyword; there are fewer */
	struct number_part	*number;
	struct string_part	*string;
	struct array_part	*array;
	struct object_part	*members;
};

/* The number of the node of a subschema, compiled now or later. */
enum status	node_of(struct compiler *, struct document *, uint32_t token,
		    uint32_t *node, struct error *) MUST_CHECK;

/* What they read a value with; errors name the value's place. */
struct arena	*build_arena(struct build *);
bool		 build_is(struct build *, uint32_t token, enum json_kind);
uint32_t	 build_sibling(struct build *, const char *key);
enum status	 build_wrong(struct build *, uint32_t value, const char *expected,
		    struct error *);
enum status	 build_count(struct build *, uint32_t value, uint64_t *,
		    struct error *) MUST_CHECK;
enum status	 build_bool(struct build *, uint32_t value, bool *,
		    struct error *) MUST_CHECK;
enum status	 build_string(struct build *, uint32_t value, struct slice *,
		    struct error *) MUST_CHECK;
enum status	 build_regex(struct build *, uint32_t at, struct slice text,
		    const struct regex **, struct error *) MUST_CHECK;
enum status	build_apply(struct build *, enum apply_kind, const uint32_t *,
		    uint32_t n, uint32_t anchor, struct error *) MUST_CHECK;

#endif
