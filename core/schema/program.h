/*
 * What a schema is compiled to: one node a subschema, each with what it asks of
 * every type of value, so that running it looks no keyword up by name.  Nodes
 * name each other by index; everything lies in the schema's own arena and is
 * never written again after schema_compile().
 */
#ifndef CORE_SCHEMA_PROGRAM_H
#define CORE_SCHEMA_PROGRAM_H

#include "core/base/arena.h"
#include "core/json/number.h"
#include "core/schema/names.h"
#include "core/schema/regex.h"
#include "core/schema/schema.h"

#define NODE_NONE	UINT32_MAX
#define SCHEMA_DEPTH	512	/* nodes in nodes, while running */
#define SCHEMA_TEXT_DEPTH 256	/* of a schema's own JSON */

/* Bit n of a type mask is enum json_kind n; bit 7 is an integral number. */
#define TYPE_BIT(t)	(1u << (t))
#define TYPE_INTEGER	(1u << 7)
#define TYPE_ALL	0x7fu

struct any_of_values {			/* enum and const */
	const char		*keyword;
	const struct json	*doc;
	uint32_t		 array;		/* the enum, or NODE_NONE */
	uint32_t		 value;		/* the const */
	struct names		 strings;	/* those of the enum */
	uint32_t		 types;		/* of the values, a mask */
};

struct number_part {
	const struct number	*min, *max, *above, *below, *multiple;
	/* What is surely within the limits; none where lo > hi. */
	int64_t			 lo, hi;
};

struct string_part {
	uint64_t		 min, max;	/* code points; UINT64_MAX: none */
	const struct regex	*pattern;
	struct slice		 pattern_text;
	const struct format	*format;
};

struct array_part {
	const uint32_t	*prefix;
	uint32_t	 nprefix;
	uint32_t	 rest;			/* NODE_NONE: anything */
	const char	*rest_keyword;		/* "items" or "additionalItems" */
	uint32_t	 contains;
	bool		 contains_marks;	/* they count as evaluated */
	bool		 unique;
	uint64_t	 contains_min, contains_max;
	uint64_t	 min, max;
};

struct pattern_node {
	const struct regex	*regex;
	uint32_t		 node;
};
struct dependency {
	struct slice		 key;
	const struct slice	*required;
	uint32_t		 nrequired;
	uint32_t		 node;
	const char		*keyword;
};

struct object_part {
	struct names			 names;
	uint32_t			 nrequired;
	uint32_t			 additional;
	uint32_t			 property_names;
	const struct pattern_node	*pattern;
	const struct dependency		*depend;
	uint32_t			 npattern, ndepend;
	bool				 walk;	/* members must be looked at */
	uint64_t			 min, max;
};

enum apply_kind {
	APPLY_REF, APPLY_DYNAMIC, APPLY_ALL, APPLY_ANY, APPLY_ONE, APPLY_NOT,
	APPLY_IF
};
struct apply {
	enum apply_kind	 kind;
	uint32_t	 n;
	uint32_t	 anchor;	/* DYNAMIC: its name's number */
	const uint32_t	*node;		/* IF: if, then, else */
};

struct node {
	uint32_t			 types;		/* mask */
	uint32_t			 plain;		/* of which no more is asked */
	uint32_t			 accept;	/* taken at a glance: both */
	uint32_t			 resource;
	bool				 draft4;	/* 1.0 is no integer */
	bool				 never;		/* false */
	struct slice			 type_text;	/* for messages */
	const struct any_of_values	*constant, *enumeration;
	const struct number_part	*number;
	const struct string_part	*string;
	const struct array_part		*array;
	const struct object_part	*object;
	const struct apply		*apply;
	uint32_t			 napply;
	uint32_t			 unevaluated_items;
	uint32_t			 unevaluated_properties;
};

struct dynamic_anchor {
	uint32_t	 resource, anchor, node;
};

struct schema {
	struct arena		 arena;
	struct node		*node;
	uint32_t		 nnode, root;
	struct dynamic_anchor	*dynamic;
	uint32_t		 ndynamic;
	struct regex		*regexes;	/* a list; all to free */
	struct document		*documents;	/* a list; their tokens */
};

#endif
