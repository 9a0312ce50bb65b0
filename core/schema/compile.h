/*
 * What compile.c and keywords.c share: a node while it is being made.
 */
#ifndef CORE_SCHEMA_COMPILE_H
#define CORE_SCHEMA_COMPILE_H

#include "core/base/arena.h"
#include "core/json/value.h"
#include "core/schema/document.h"
#include "core/schema/format.h"

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

/* The number of the node of a subschema, compiled now or later. */
enum status	node_of(struct compiler *, struct document *, uint32_t token,
		    uint32_t *node, struct error *) MUST_CHECK;

keyword_fn	kw_type, kw_enum, kw_const, kw_minimum, kw_maximum,
		kw_exclusive_minimum, kw_exclusive_maximum, kw_multiple_of,
		kw_min_length, kw_max_length, kw_pattern, kw_format,
		kw_prefix_items, kw_items, kw_items_or_list, kw_contains,
		kw_min_items, kw_max_items, kw_unique_items,
		kw_unevaluated_items, kw_unevaluated_properties, kw_all_of,
		kw_any_of, kw_one_of, kw_not, kw_if, kw_names,
		kw_pattern_properties, kw_additional_properties,
		kw_property_names, kw_min_properties, kw_max_properties,
		kw_dependencies, kw_dependent_required, kw_dependent_schemas;

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

keyword_fn	compile_ref, compile_dynamic_ref, compile_recursive_ref;
enum status	build_apply(struct build *, enum apply_kind, const uint32_t *,
		    uint32_t n, uint32_t anchor, struct error *) MUST_CHECK;

#endif
