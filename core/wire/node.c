#include "core/wire/node.h"

#include "core/base/text.h"
#include "core/json/value.h"

void
nodes_release(struct nodes *n)
{
	arena_release(&n->arena);
	memset(n, 0, sizeof(*n));
}

struct slice
nodes_copy(struct nodes *n, struct slice s)
{
	const char *p = arena_copy(&n->arena, s.p, s.n);

	n->used += s.n;
	n->failed |= p == NULL;
	return p == NULL ? SLICE("null") : (struct slice){ p, s.n };
}

struct wire_node *
node_new(struct nodes *n, enum node_kind kind)
{
	struct wire_node *node = arena_zalloc(&n->arena, sizeof(*node));

	n->used += sizeof(*node);
	if (node == NULL) {
		n->failed = true;
		return NULL;
	}
	node->kind = kind;
	node->raw = SLICE("null");
	return node;
}

static struct wire_node *
link_last(struct wire_node *to, struct wire_node *node)
{
	if (to->last == NULL)
		to->first = node;
	else
		to->last->next = node;
	return to->last = node;
}

static struct wire_node *
add_named(struct nodes *n, struct wire_node *to, struct slice name,
    enum node_kind kind)
{
	struct wire_node *node = node_new(n, kind);

	if (node == NULL)
		return NULL;
	node->name = name;
	return link_last(to, node);
}

/* In quotes; there is nothing to escape in it. */
static struct slice
own_name(struct nodes *n, const char *name)
{
	const size_t len = strlen(name);
	char *p = arena_alloc(&n->arena, len + 2);

	n->used += len + 2;
	if (p == NULL) {
		n->failed = true;
		return SLICE("null");
	}
	p[0] = p[len + 1] = '"';
	memcpy(p + 1, name, len);
	return (struct slice){ p, len + 2 };
}

struct wire_node *
node_add(struct nodes *n, struct wire_node *to, const char *name,
    enum node_kind kind)
{
	return add_named(n, to, name == NULL ? SLICE_NONE : own_name(n, name),
	    kind);
}

struct wire_node *
node_get(const struct wire_node *object, const char *name)
{
	size_t n = strlen(name);
	struct wire_node *m;

	if (object == NULL || object->kind != NODE_OBJECT)
		return NULL;
	for (m = object->first; m != NULL; m = m->next)
		if (m->name.n == n + 2 && memcmp(m->name.p + 1, name, n) == 0)
			return m;
	return NULL;
}

/* A key that is written with escapes is the same one without. */
static struct slice
plain_key(struct nodes *n, const struct json *d, uint32_t key)
{
	struct buf decoded = BUF_INIT, quoted = BUF_INIT;
	struct slice raw = json_raw(d, key);

	if (!d->tok[key].escaped)
		return nodes_copy(n, raw);
	json_decode((struct slice){ raw.p + 1, raw.n - 2 }, &decoded);
	text_json(&quoted, buf_slice(&decoded));
	n->failed |= decoded.failed || quoted.failed;
	raw = nodes_copy(n, buf_slice(&quoted));
	buf_release(&decoded);
	buf_release(&quoted);
	return raw;
}

static struct wire_node *
find_key(const struct wire_node *object, const struct json *d, uint32_t key)
{
	struct slice raw = json_raw(d, key);
	struct wire_node *m;

	for (m = object->first; m != NULL; m = m->next)
		if (slice_eq(m->name, raw))
			return m;
	return NULL;
}

struct wire_node *
node_member(struct nodes *n, struct wire_node *object, const struct json *d,
    uint32_t key)
{
	struct wire_node *m = find_key(object, d, key);
	struct slice name;

	if (m != NULL)
		return m;
	name = plain_key(n, d, key);
	if (d->tok[key].escaped)
		for (m = object->first; m != NULL; m = m->next)
			if (slice_eq(m->name, name))
				return m;
	return add_named(n, object, name, NODE_RAW);
}

void
node_become(struct wire_node *node, enum node_kind kind)
{
	node->kind = kind;
	node->raw = SLICE("null");
	node->first = node->last = NULL;
}

void
node_become_raw(struct nodes *n, struct wire_node *node, struct slice raw)
{
	/* Many a member comes with each chunk of a stream. */
	if (node->kind == NODE_RAW && slice_eq(node->raw, raw))
		return;
	node_become(node, NODE_RAW);
	node->raw = nodes_copy(n, raw);
}

void
node_set(struct nodes *n, struct wire_node *object, const char *name,
    const struct json *d, uint32_t value)
{
	struct wire_node *m = node_get(object, name);

	if (m == NULL && (m = node_add(n, object, name, NODE_RAW)) == NULL)
		return;
	node_become_raw(n, m, json_raw(d, value));
}

void
node_set_word(struct nodes *n, struct wire_node *object, const char *name,
    const char *raw)
{
	struct wire_node *m = node_get(object, name);

	if (m == NULL && (m = node_add(n, object, name, NODE_RAW)) == NULL)
		return;
	node_become(m, NODE_RAW);
	m->raw = slice_of(raw);
}

void
node_append(struct nodes *n, struct wire_node *array, struct slice raw)
{
	struct wire_node *e = node_add(n, array, NULL, NODE_RAW);

	if (e != NULL)
		e->raw = nodes_copy(n, raw);
}

void
node_open(struct nodes *n, struct wire_node *node, const struct json *d,
    uint32_t value, unsigned levels)
{
	enum json_kind kind = json_kind(d, value);
	bool object = kind == TOKEN_OBJECT;
	struct wire_node *e;
	uint32_t t;

	if (levels == 0 || (!object && kind != TOKEN_ARRAY)) {
		node_become_raw(n, node, json_raw(d, value));
		return;
	}
	node_become(node, object ? NODE_OBJECT : NODE_ARRAY);
	for (t = json_first(d, value); t != JSON_NONE;
	    t = json_next(d, value, t)) {
		e = add_named(n, node, object ? plain_key(n, d, t) : SLICE_NONE,
		    NODE_RAW);
		if (e == NULL)
			return;
		node_open(n, e, d, object ? t + 1 : t, levels - 1);
	}
}

bool
node_is(const struct wire_node *node, const char *raw)
{
	return node != NULL && node->kind == NODE_RAW &&
	    slice_is(node->raw, raw);
}

static bool
is_one_of(struct slice name, const char *const *names)
{
	for (; names != NULL && *names != NULL; names++)
		if (name.n == strlen(*names) + 2 &&
		    memcmp(name.p + 1, *names, name.n - 2) == 0)
			return true;
	return false;
}

void
node_write_members(const struct wire_node *object, struct writer *w,
    node_text_fn *text, const void *arg, const char *const *but)
{
	const struct wire_node *m;

	for (m = object->first; m != NULL; m = m->next) {
		if (is_one_of(m->name, but))
			continue;
		write_name(w, m->name);
		node_write(m, w, text, arg);
	}
}

void
node_write(const struct wire_node *node, struct writer *w, node_text_fn *text,
    const void *arg)
{
	const struct wire_node *e;

	switch (node->kind) {
	case NODE_RAW:
		write_raw(w, NULL, node->raw);
		break;
	case NODE_TEXT:
		text(arg, node->text, w);
		break;
	case NODE_OBJECT:
		write_object(w, NULL);
		node_write_members(node, w, text, arg, NULL);
		write_end(w);
		break;
	case NODE_ARRAY:
		write_array(w, NULL);
		for (e = node->first; e != NULL; e = e->next)
			node_write(e, w, text, arg);
		write_end(w);
		break;
	}
}
