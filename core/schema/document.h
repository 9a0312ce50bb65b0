/*
 * The documents a schema is made of: where each subschema lies, which resource
 * ($id) it belongs to, and what a reference means.  Lives while compiling, but
 * for the documents themselves, whose values enum and const go on to use.
 */
#ifndef CORE_SCHEMA_DOCUMENT_H
#define CORE_SCHEMA_DOCUMENT_H

#include "core/schema/program.h"

enum vocabulary {
	VOCAB_APPLICATOR = 1,
	VOCAB_VALIDATION = 2,
	VOCAB_UNEVALUATED = 4,
	VOCAB_FORMAT_ASSERTION = 8,
	VOCAB_OTHER = 16,		/* core, meta-data, content, format */
	VOCAB_ALL = VOCAB_APPLICATOR | VOCAB_VALIDATION | VOCAB_UNEVALUATED |
	    VOCAB_OTHER
};

struct dialect {
	enum schema_draft	draft;
	unsigned		vocab;
};

/* Which values of a keyword are schemas. */
enum subschemas {
	SUB_NONE,
	SUB_SCHEMA,
	SUB_LIST,
	SUB_MAP,
	SUB_SCHEMA_OR_LIST,
	SUB_MAP_MIXED		/* dependencies: names' lists among them */
};

struct document {
	struct document	*next;
	struct json	 json;
	struct slice	 uri;
	uint32_t	*resource;	/* by token; NODE_NONE: not a schema yet */
	uint32_t	*node;		/* by token; NODE_NONE: not compiled yet */
};

struct resource {
	struct slice	 uri;
	struct document	*doc;
	uint32_t	 token;
	struct dialect	 dialect;
	/* Only a $schema of its own sets it apart: its URI and what references
	 * in it mean are those of the resource around it. */
	bool		 island;
	uint32_t	 outer;
};

struct uri_entry {
	struct slice	 uri;
	uint32_t	 resource;
};

struct anchor {
	uint32_t	 resource, token;
	uint32_t	 name;		/* number in library.names */
	bool		 dynamic;
};

struct library {
	struct schema			*schema;
	const struct schema_options	*options;
	struct resource			*resource;
	uint32_t			 nresource, cap_resource;
	struct uri_entry		*uri;
	uint32_t			 nuri, cap_uri;
	struct anchor			*anchor;
	uint32_t			 nanchor, cap_anchor;
	struct slice			*name;		/* of anchors; 0 is "" */
	uint32_t			 nname, cap_name;
	int				 loading;	/* metaschemas in metaschemas */
	unsigned			 remotes;	/* loaded */
};

struct place {
	struct document	*doc;
	uint32_t	 token;
	uint32_t	 anchor;	/* name of the dynamic anchor it is, or NODE_NONE */
};

void		library_init(struct library *, struct schema *,
		    const struct schema_options *);
void		library_release(struct library *);
/* Reads and indexes a document, which becomes known by uri. */
enum status	library_add(struct library *, struct slice text,
		    struct slice uri, struct dialect, struct document **,
		    struct error *) MUST_CHECK;
/* What a reference in a resource means; loads what it has to. */
enum status	library_resolve(struct library *, uint32_t resource,
		    struct slice reference, struct place *, struct error *)
		    MUST_CHECK;
/* The token of a dynamic anchor of a resource, or NODE_NONE. */
uint32_t	library_dynamic(const struct library *, uint32_t resource,
		    uint32_t name);
/* Room for one more in an array of *n elements: grows it; false: no memory. */
bool		array_room(void **v, uint32_t n, uint32_t *cap, size_t size);

/* "#/pointer: " or "URI#/pointer: ", and what is wrong there. */
enum status	schema_error(struct library *, const struct document *, uint32_t,
		    struct error *, const char *, ...) PRINTF(5, 6);

#endif
