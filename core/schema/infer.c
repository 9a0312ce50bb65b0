#include "core/schema/infer.h"

#include <stdlib.h>

#include "core/json/value.h"
#include "core/json/write.h"

#define SEEN_EACH	5	/* times, for an enum */

enum infer_kind {
	INFER_NULL, INFER_BOOLEAN, INFER_INTEGER, INFER_NUMBER, INFER_STRING,
	INFER_ARRAY, INFER_OBJECT
};
#define INFER_KINDS	7
static const char *const kind_names[INFER_KINDS] = {
	"null", "boolean", "integer", "number", "string", "array", "object"
};

struct infer_value {
	struct slice	 text;
	uint64_t	 n;
};
struct infer_property {
	struct slice	 name;		/* decoded */
	uint64_t	 hash;
	struct infer_node *node;
};
struct infer_node {
	uint64_t	 kind[INFER_KINDS];	/* how often each came */
	struct infer_value *values;	/* of strings; NULL: none yet */
	size_t		 nvalues;	/* over INFER_VALUES_MAX: too many */
	struct infer_property *properties;
	size_t		 nproperties, cap;
	struct infer_node *items;	/* of arrays, and of an object that is a map */
	bool		 map;
};

void
infer_release(struct infer *in)
{
	arena_release(&in->arena);
	*in = (struct infer){ .root = NULL };
}

static enum infer_kind
kind_of(const struct json *j, uint32_t t)
{
	int64_t whole;

	switch (json_kind(j, t)) {
	case TOKEN_NULL:
		return INFER_NULL;
	case TOKEN_FALSE:
	case TOKEN_TRUE:
		return INFER_BOOLEAN;
	case TOKEN_NUMBER:
		return json_int64(j, t, &whole) ? INFER_INTEGER : INFER_NUMBER;
	case TOKEN_STRING:
		return INFER_STRING;
	case TOKEN_ARRAY:
		return INFER_ARRAY;
	case TOKEN_OBJECT:
		break;
	}
	return INFER_OBJECT;
}

static struct infer_node *
node_of(struct infer *in, struct infer_node **at)
{
	if (*at == NULL)
		*at = arena_zalloc(&in->arena, sizeof(**at));
	return *at;
}

/* A string's value, kept while there are few. */
static enum status
value_count(struct infer *in, struct infer_node *node, struct slice s,
    struct error *err)
{
	size_t i;
	char *kept;

	if (node->nvalues > INFER_VALUES_MAX)
		return STATUS_OK;
	for (i = 0; i < node->nvalues; i++)
		if (slice_eq(node->values[i].text, s)) {
			node->values[i].n++;
			return STATUS_OK;
		}
	if (node->nvalues == INFER_VALUES_MAX || s.n > INFER_VALUE_BYTES) {
		node->nvalues = INFER_VALUES_MAX + 1;
		return STATUS_OK;
	}
	if (node->values == NULL)
		node->values = arena_alloc(&in->arena, INFER_VALUES_MAX *
		    sizeof(*node->values));
	kept = arena_str(&in->arena, s);
	if (node->values == NULL || kept == NULL)
		return error_nomem(err);
	node->values[node->nvalues++] = (struct infer_value){ { kept, s.n }, 1 };
	return STATUS_OK;
}

static struct infer_node *
property(struct infer *in, struct infer_node *node, struct slice name)
{
	uint64_t hash = slice_hash(name);
	struct infer_property *v;
	size_t i;

	for (i = 0; i < node->nproperties; i++)
		if (node->properties[i].hash == hash &&
		    slice_eq(node->properties[i].name, name))
			return node->properties[i].node;
	if (node->nproperties == node->cap) {
		node->cap = node->cap == 0 ? 8 : node->cap * 2;
		v = arena_alloc(&in->arena, node->cap * sizeof(*v));
		if (v == NULL)
			return NULL;
		if (node->nproperties > 0)
			memcpy(v, node->properties, node->nproperties *
			    sizeof(*v));
		node->properties = v;
	}
	v = &node->properties[node->nproperties];
	v->name = (struct slice){ arena_str(&in->arena, name), name.n };
	v->hash = hash;
	v->node = arena_zalloc(&in->arena, sizeof(*v->node));
	if (v->name.p == NULL || v->node == NULL)
		return NULL;
	node->nproperties++;
	return v->node;
}

/* What was seen of the one was seen of the other too. */
static enum status
node_merge(struct infer *in, struct infer_node *to, const struct infer_node *from,
    struct error *err)
{
	struct infer_node *inner;
	enum status st = STATUS_OK;
	size_t i;

	for (i = 0; i < INFER_KINDS; i++)
		to->kind[i] += from->kind[i];
	to->nvalues = INFER_VALUES_MAX + 1;	/* keys of a map take any */
	to->map |= from->map;
	for (i = 0; i < from->nproperties && st == STATUS_OK; i++) {
		inner = to->map ? node_of(in, &to->items) :
		    property(in, to, from->properties[i].name);
		st = inner == NULL ? error_nomem(err) : node_merge(in, inner,
		    from->properties[i].node, err);
	}
	if (st == STATUS_OK && from->items != NULL) {
		inner = node_of(in, &to->items);
		st = inner == NULL ? error_nomem(err) : node_merge(in, inner,
		    from->items, err);
	}
	return st;
}

/* So many names are keys: what stands under one may stand under any. */
static enum status
map_make(struct infer *in, struct infer_node *node, struct error *err)
{
	struct infer_node *all = node_of(in, &node->items);
	enum status st = all == NULL ? error_nomem(err) : STATUS_OK;
	size_t i;

	node->map = true;
	for (i = 0; i < node->nproperties && st == STATUS_OK; i++)
		st = node_merge(in, all, node->properties[i].node, err);
	node->nproperties = 0;
	return st;
}

static enum status
node_add(struct infer *in, struct infer_node *node, const struct json *j,
    uint32_t t, struct error *err);

static enum status
members_add(struct infer *in, struct infer_node *node, const struct json *j,
    uint32_t t, struct error *err)
{
	struct arena names = ARENA_INIT;
	struct infer_node *inner;
	enum status st = STATUS_OK;
	uint32_t m;

	for (m = json_first(j, t); m != JSON_NONE && st == STATUS_OK;
	    m = json_next(j, t, m)) {
		inner = node->map ? node_of(in, &node->items) :
		    property(in, node, value_string(j, m, &names));
		st = inner == NULL ? error_nomem(err) :
		    node_add(in, inner, j, m + 1, err);
		if (st == STATUS_OK && !node->map &&
		    node->nproperties > INFER_PROPERTIES_MAX)
			st = map_make(in, node, err);
	}
	arena_release(&names);
	return st;
}

static enum status
node_add(struct infer *in, struct infer_node *node, const struct json *j,
    uint32_t t, struct error *err)
{
	enum infer_kind kind = kind_of(j, t);
	struct arena text = ARENA_INIT;
	enum status st = STATUS_OK;
	uint32_t m;

	node->kind[kind]++;
	if (kind == INFER_STRING) {
		st = value_count(in, node, value_string(j, t, &text), err);
		arena_release(&text);
	} else if (kind == INFER_OBJECT)
		st = members_add(in, node, j, t, err);
	else if (kind == INFER_ARRAY)
		for (m = json_first(j, t); m != JSON_NONE && st == STATUS_OK;
		    m = json_next(j, t, m))
			st = node_of(in, &node->items) == NULL ?
			    error_nomem(err) : node_add(in, node->items, j, m,
			    err);
	return st;
}

enum status
infer_add(struct infer *in, const struct json *j, struct error *err)
{
	if (node_of(in, &in->root) == NULL)
		return error_nomem(err);
	in->n++;
	return node_add(in, in->root, j, 0, err);
}

static uint64_t
seen(const struct infer_node *node)
{
	uint64_t n = 0;
	size_t i;

	for (i = 0; i < INFER_KINDS; i++)
		n += node->kind[i];
	return n;
}

static void
types_write(struct writer *w, const struct infer_node *node)
{
	bool number = node->kind[INFER_NUMBER] > 0;
	size_t i, n = 0;
	const char *only = NULL;

	for (i = 0; i < INFER_KINDS; i++)
		if (node->kind[i] > 0 && !(i == INFER_INTEGER && number)) {
			only = kind_names[i];
			n++;
		}
	if (n == 1)
		write_word(w, "type", only);
	if (n < 2)
		return;
	write_array(w, "type");
	for (i = 0; i < INFER_KINDS; i++)
		if (node->kind[i] > 0 && !(i == INFER_INTEGER && number))
			write_word(w, NULL, kind_names[i]);
	write_end(w);
}

/* Only strings, or nothing: few, each often. */
static void
enum_write(struct writer *w, const struct infer_node *node,
    const struct infer_options *o)
{
	uint64_t strings = node->kind[INFER_STRING];
	size_t i;

	if (strings == 0 || node->nvalues > o->values ||
	    strings + node->kind[INFER_NULL] != seen(node) ||
	    strings < SEEN_EACH * node->nvalues)
		return;
	write_array(w, "enum");
	for (i = 0; i < node->nvalues; i++)
		write_text(w, NULL, node->values[i].text);
	if (node->kind[INFER_NULL] > 0)
		write_null(w, NULL);
	write_end(w);
}

static void	node_write(struct writer *, const struct infer_node *,
		    const struct infer_options *);

static void
object_write(struct writer *w, const struct infer_node *node,
    const struct infer_options *o)
{
	const struct infer_property *p;
	size_t i;

	write_array(w, "required");
	for (i = 0; i < node->nproperties; i++)
		if (seen(node->properties[i].node) == node->kind[INFER_OBJECT])
			write_text(w, NULL, node->properties[i].name);
	write_end(w);
	write_object(w, "properties");
	for (i = 0; i < node->nproperties; i++) {
		p = &node->properties[i];
		write_name_text(w, p->name);
		write_object(w, NULL);
		node_write(w, p->node, o);
		write_end(w);
	}
	write_end(w);
	if (o->closed)
		write_bool(w, "additionalProperties", false);
}

static void
node_write(struct writer *w, const struct infer_node *node,
    const struct infer_options *o)
{
	types_write(w, node);
	enum_write(w, node, o);
	if (node->kind[INFER_OBJECT] > 0 && !node->map)
		object_write(w, node, o);
	if (node->items == NULL)
		return;
	if (node->map) {
		write_object(w, "additionalProperties");
		node_write(w, node->items, o);
		write_end(w);
	}
	if (node->kind[INFER_ARRAY] > 0) {
		write_object(w, "items");
		node_write(w, node->items, o);
		write_end(w);
	}
}

void
infer_write(const struct infer *in, const struct infer_options *o, struct buf *b)
{
	struct writer w = WRITER(b, WRITE_SHOWN);

	w.lines = true;
	write_object(&w, NULL);
	write_word(&w, "$schema",
	    "https://json-schema.org/draft/2020-12/schema");
	if (o->comment.p != NULL)
		write_text(&w, "$comment", o->comment);
	if (in->root != NULL)
		node_write(&w, in->root, o);
	write_end(&w);
	write_line(&w);
}
