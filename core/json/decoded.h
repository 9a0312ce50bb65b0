/*
 * What a JSON output says, decoded: its keys, strings and numbers, and those of
 * JSON that stands in a string (a tool call's arguments), in the order in which
 * they are written.  Each knows its place in the output and its JSON pointer.
 */
#ifndef CORE_JSON_DECODED_H
#define CORE_JSON_DECODED_H

#include "core/base/arena.h"
#include "core/json/parse.h"
#include "core/json/value.h"

#define DECODED_NEST	8		/* JSON in a string in JSON ... */
#define DECODED_NONE	UINT32_MAX

enum decoded_kind {
	DECODED_KEY, DECODED_STRING, DECODED_NUMBER,
	DECODED_WORD,		/* true, false or null */
	DECODED_HELD,		/* a string that holds JSON, whose values follow */
	DECODED_LOOSE		/* a text that no reader takes as JSON, once more
				 * with its escapes read */
};

struct decoded_value {
	const char	*text;		/* decoded; not NUL-terminated */
	uint32_t	 n;
	uint32_t	 start, end;	/* in its layer, without the quotes */
	uint32_t	 layer;
	uint32_t	 key;		/* nearest key above it, or DECODED_NONE */
	uint32_t	 node, step;	/* the container, and where in it */
	uint32_t	 check, nchecks; /* places known by now */
	uint8_t		 kind;		/* enum decoded_kind */
	bool		 escaped;
	bool		 listed;	/* an element of an array */
};

/* Zeroed: empty.  Kept from text to text; one thread's own. */
struct decoded {
	bool			 is_json;	/* else one loose value at most */
	bool			 deeper;	/* there is JSON below DECODED_NEST */
	struct decoded_value	*v;
	uint32_t		 n, cap;
	struct decoded_node	*node;
	uint32_t		 nnodes, node_cap;
	struct decoded_layer	*layer;
	uint32_t		 nlayers, layer_cap;
	struct json_place	*check;
	uint32_t		 nchecks, check_cap;
	struct json		 json[DECODED_NEST + 1];	/* by depth */
	struct arena		 arena;
};

/*
 * A string is JSON where it is an object or array as a whole; any other output
 * is.  Read as lenient readers do, so that no key given twice hides the rest.
 * A string that only has JSON in it (in a fence, several lines of it, one that
 * breaks off) is one value, DECODED_LOOSE; so is one in JSON, behind itself.
 * The text must live as long as what is asked of the values.
 */
enum status	decoded_read(struct decoded *, struct slice text, bool is_string,
		    struct error *) MUST_CHECK;
void		decoded_release(struct decoded *);
/* Can it be JSON at all, by its first and last byte? */
bool		decoded_looks(struct slice text, bool is_string);
/* Can there be a value in it of which decoded_is_other() is true? */
bool		decoded_differs(struct slice text, bool is_string);

static inline bool
decoded_is_leaf(const struct decoded_value *v)
{
	return v->kind <= DECODED_NUMBER;
}

/* Does the value stand in a string of the output by itself? */
static inline bool
decoded_is_own(const struct decoded_value *v)
{
	return v->kind != DECODED_HELD && v->kind != DECODED_LOOSE;
}

/* Does it stand in the output otherwise than as its key and what it says: with
 * an escape, or as a text in an array that has the key? */
static inline bool
decoded_is_other(const struct decoded *d, const struct decoded_value *v)
{
	return v->layer > 0 || v->escaped || (v->key != DECODED_NONE &&
	    (d->v[v->key].escaped ||
	    (v->kind == DECODED_STRING && v->listed)));
}

/* The bytes of the output that the value's bytes from..to came from. */
enum status	decoded_place(struct decoded *, const struct decoded_value *,
		    size_t from, size_t to, uint32_t *start, uint32_t *end,
		    struct error *) MUST_CHECK;
/* The value, or the string that holds it, in which the span of the output lies;
 * *at is NULL where it lies in none. */
enum status	decoded_at(struct decoded *, uint32_t start, uint32_t end,
		    const struct decoded_value **at, struct error *) MUST_CHECK;
/* The other way round, rounded outwards to whole characters, for a span of the
 * output that has bytes in common with the value. */
enum status	decoded_within(struct decoded *, const struct decoded_value *,
		    uint32_t start, uint32_t end, size_t *from, size_t *to,
		    struct error *) MUST_CHECK;
/* In how many strings it stands as JSON: 0 for the output's own. */
uint32_t	decoded_depth(const struct decoded *,
		    const struct decoded_value *);
/* "/calls/0/arguments/to"; of a key that of its value.  p is NULL only when out
 * of memory. */
struct slice	decoded_pointer(const struct decoded *,
		    const struct decoded_value *, struct arena *);

#endif
