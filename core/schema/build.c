#include "core/schema/build.h"

#include "core/json/value.h"

#define NODES_MAX	1000000u

enum status
node_of(struct compiler *c, struct document *doc, uint32_t token,
    uint32_t *node, struct error *err)
{
	if ((*node = doc->node[token]) != NODE_NONE)
		return STATUS_OK;
	if (c->npending == NODES_MAX)
		return error_set(err, STATUS_LIMIT,
		    "the schema has more than %u subschemas", NODES_MAX);
	if (!array_room((void **)&c->pending, c->npending, &c->cap_pending,
	    sizeof(*c->pending)))
		return error_nomem(err);
	*node = c->npending++;
	c->pending[*node] = (struct place){ doc, token, NODE_NONE };
	doc->node[token] = *node;
	return STATUS_OK;
}

enum status
build_apply(struct build *b, enum apply_kind kind, const uint32_t *node,
    uint32_t n, uint32_t anchor, struct error *err)
{
	uint32_t *copy;

	copy = arena_copy(&b->c->schema->arena, node, n * sizeof(*node));
	if (copy == NULL)
		return error_nomem(err);
	b->apply[b->node.napply++] = (struct apply){ kind, n, anchor, copy };
	return STATUS_OK;
}

struct arena *
build_arena(struct build *b)
{
	return &b->c->schema->arena;
}

enum status
build_wrong(struct build *b, uint32_t value, const char *expected, struct error *err)
{
	return schema_error(&b->c->lib, b->doc, value, err, "expected %s",
	    expected);
}

uint32_t
build_sibling(struct build *b, const char *key)
{
	return json_get(&b->doc->json, b->object, key);
}

bool
build_is(struct build *b, uint32_t t, enum json_kind type)
{
	return t != JSON_NONE && json_kind(&b->doc->json, t) == type;
}

enum status
build_count(struct build *b, uint32_t value, uint64_t *count, struct error *err)
{
	struct number n;

	if (build_is(b, value, TOKEN_NUMBER)) {
		number_read(&n, json_raw(&b->doc->json, value));
		if (number_count(&n, count))
			return STATUS_OK;
	}
	return build_wrong(b, value, "a whole number of 0 or more", err);
}

enum status
build_bool(struct build *b, uint32_t value, bool *out, struct error *err)
{
	*out = build_is(b, value, TOKEN_TRUE);
	return *out || build_is(b, value, TOKEN_FALSE) ? STATUS_OK :
	    build_wrong(b, value, "true or false", err);
}

enum status
build_string(struct build *b, uint32_t value, struct slice *out,
    struct error *err)
{
	if (!build_is(b, value, TOKEN_STRING))
		return build_wrong(b, value, "a string", err);
	*out = value_string(&b->doc->json, value, build_arena(b));
	return out->p == NULL ? error_nomem(err) : STATUS_OK;
}

enum status
build_regex(struct build *b, uint32_t at, struct slice text,
    const struct regex **out, struct error *err)
{
	struct error why = { STATUS_OK, "" };

	if (regex_new(&b->c->schema->regexes, text, &why) != STATUS_OK) {
		if (why.code == STATUS_NOMEM)
			return error_nomem(err);
		return schema_error(&b->c->lib, b->doc, at, err, "%s", why.text);
	}
	*out = b->c->schema->regexes;
	return STATUS_OK;
}
