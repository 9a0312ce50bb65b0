/*
 * JSON that grows: an answer as its events add to it.
 */
#ifndef CORE_WIRE_NODE_H
#define CORE_WIRE_NODE_H

#include "core/base/arena.h"
#include "core/json/parse.h"
#include "core/json/write.h"

enum node_kind { NODE_RAW, NODE_TEXT, NODE_OBJECT, NODE_ARRAY };

struct wire_node {
	struct wire_node	*next, *first, *last;
	struct slice	 name;	/* of a member, with its quotes */
	struct slice	 raw;	/* NODE_RAW: in the arena, or static */
	uint32_t	 text;	/* NODE_TEXT; else a number that is the owner's own */
	uint32_t	 part;	/* the same */
	enum node_kind	 kind;
};

/* All nodes of an answer, which are freed together.  A failed allocation sets
 * `failed`, and what could not be made is NULL or left out. */
struct nodes {
	struct arena	 arena;
	size_t		 used;		/* bytes */
	bool		 failed;
};

void		 nodes_release(struct nodes *);
struct slice	 nodes_copy(struct nodes *, struct slice);

struct wire_node	*node_new(struct nodes *, enum node_kind);
/* At the end of an object, by a name that needs no escapes where it is written; of an
 * array, NULL. */
struct wire_node	*node_add(struct nodes *, struct wire_node *to, const char *name,
		    enum node_kind);
/* The member, or NULL. */
struct wire_node	*node_get(const struct wire_node *object, const char *name);
/* The member of the key of an object d, which is added, as null, where there is
 * none.  NULL: out of memory. */
struct wire_node	*node_member(struct nodes *, struct wire_node *object,
		    const struct json *d, uint32_t key);
/* The member is a value of d now, copied. */
void		 node_set(struct nodes *, struct wire_node *object, const char *name,
		    const struct json *d, uint32_t value);
/* The member is this value now, which is JSON and static. */
void		 node_set_word(struct nodes *, struct wire_node *object,
		    const char *name, const char *raw);
/* Makes another kind of it, an empty one. */
void		 node_become(struct wire_node *, enum node_kind);
void		 node_become_raw(struct nodes *, struct wire_node *, struct slice raw);
/* Copies a value to the end of an array. */
void		 node_append(struct nodes *, struct wire_node *array, struct slice raw);
/* Opens a value: objects and arrays as nodes, so many levels of them. */
void		 node_open(struct nodes *, struct wire_node *, const struct json *d,
		    uint32_t value, unsigned levels);
bool		 node_is(const struct wire_node *, const char *raw);

/* How the owner writes a NODE_TEXT: as one value into the writer. */
typedef void	 node_text_fn(const void *arg, uint32_t text, struct writer *);
/* Its name is written already where it has one. */
void		 node_write(const struct wire_node *, struct writer *, node_text_fn *,
		    const void *arg);
void		 node_write_members(const struct wire_node *object, struct writer *,
		    node_text_fn *, const void *arg, const char *const *but);

#endif
