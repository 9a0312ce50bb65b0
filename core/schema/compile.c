/* schema_compile(): documents into nodes; references; what is then known. */
#include "core/schema/compile.h"

#include <stdlib.h>

#include "core/base/arena.h"
#include "core/json/value.h"
#include "core/schema/applicators.h"
#include "core/schema/build.h"
#include "core/schema/keywords.h"
#include "core/schema/names.h"

static enum status
compile_keywords(struct build *b, struct error *err)
{
	const struct json *j = &b->doc->json;
	const struct keyword *k;
	struct slice name;
	uint32_t t;

	if (b->dialect.draft <= SCHEMA_DRAFT_7 &&
	    (t = json_get(j, b->object, "$ref")) != JSON_NONE &&
	    json_kind(j, t) == TOKEN_STRING)
		return compile_ref(b, t, err);
	for (t = json_first(j, b->object); t != JSON_NONE;
	    t = json_next(j, b->object, t)) {
		name = value_string(j, t, &b->c->schema->arena);
		if (name.p == NULL)
			return error_nomem(err);
		k = keyword_find(b->dialect.draft, name);
		if (k == NULL || k->compile == NULL ||
		    (k->vocab != 0 && !(b->dialect.vocab & k->vocab)))
			continue;
		if (k->compile(b, t + 1, err) != STATUS_OK)
			return err->code;
	}
	return STATUS_OK;
}

/* Members have to be looked at one by one only where something asks for it. */
static void
finish_members(struct object_part *m)
{
	m->nrequired = 0;
	for (uint32_t i = 0; i < m->names.n; i++)
		m->nrequired += m->names.v[i].required;
	m->walk = m->names.n > 0 || m->npattern > 0 ||
	    m->additional != NODE_NONE || m->property_names != NODE_NONE;
}

static const struct number *
tighter(const struct number *incl, const struct number *excl, int side)
{
	if (incl == NULL || (excl != NULL &&
	    number_compare(excl, incl) * side >= 0))
		return excl;
	return incl;
}

/* Whole numbers between which every number is valid. */
static void
finish_number(struct number_part *p)
{
	const struct number *low = tighter(p->min, p->above, 1);
	const struct number *high = tighter(p->max, p->below, -1);

	p->lo = INT64_MIN;
	p->hi = INT64_MAX;
	if (p->multiple != NULL || (low != NULL && !number_small(low, &p->lo)) ||
	    (high != NULL && !number_small(high, &p->hi))) {
		p->lo = 1;
		p->hi = 0;
		return;
	}
	p->lo += low != NULL && low == p->above;
	p->hi -= high != NULL && high == p->below;
}

/* The kinds of value of which a node asks nothing beside their type. */
static uint32_t
plain_kinds(const struct node *n)
{
	uint32_t kinds = TYPE_ALL;

	if (n->constant != NULL || n->enumeration != NULL || n->napply > 0)
		return 0;
	if (n->number != NULL)
		kinds &= ~TYPE_BIT(TOKEN_NUMBER);
	if (n->string != NULL)
		kinds &= ~TYPE_BIT(TOKEN_STRING);
	if (n->array != NULL || n->unevaluated_items != NODE_NONE)
		kinds &= ~TYPE_BIT(TOKEN_ARRAY);
	if (n->object != NULL || n->unevaluated_properties != NODE_NONE)
		kinds &= ~TYPE_BIT(TOKEN_OBJECT);
	return kinds;
}

static enum status
finish_node(struct build *b, struct error *err)
{
	struct node *n = &b->node;

	if (b->members != NULL) {
		finish_members(b->members);
		if (names_index(&b->members->names, &b->c->schema->arena,
		    err) != STATUS_OK)
			return err->code;
	}
	if (b->number != NULL)
		finish_number(b->number);
	n->number = b->number;
	n->string = b->string;
	n->array = b->array;
	n->object = b->members;
	n->apply = arena_copy(&b->c->schema->arena, b->apply,
	    (n->napply + 1u) * sizeof(b->apply[0]));
	n->plain = plain_kinds(n);
	n->accept = n->never ? 0 : n->types & n->plain;
	return n->apply == NULL ? error_nomem(err) : STATUS_OK;
}

static enum status
compile_node(struct compiler *c, uint32_t number, struct error *err)
{
	struct build b;
	struct place at = c->pending[number];
	enum json_kind type = json_kind(&at.doc->json, at.token);

	memset(&b, 0, sizeof(b));
	b.c = c;
	b.doc = at.doc;
	b.object = at.token;
	b.resource = at.doc->resource[at.token];
	b.dialect = c->lib.resource[b.resource].dialect;
	b.node.types = TYPE_ALL;
	b.node.resource = b.resource;
	b.node.draft4 = b.dialect.draft == SCHEMA_DRAFT_4;
	b.node.unevaluated_items = b.node.unevaluated_properties = NODE_NONE;
	if (type == TOKEN_OBJECT) {
		if (compile_keywords(&b, err) != STATUS_OK)
			return err->code;
	} else if (type == TOKEN_FALSE) {
		b.node.never = true;
	} else if (type != TOKEN_TRUE) {
		return schema_error(&c->lib, at.doc, at.token, err,
		    "expected a schema");
	}
	if (finish_node(&b, err) != STATUS_OK)
		return err->code;
	if (!array_room((void **)&c->schema->node, number, &c->cap_node,
	    sizeof(b.node)))
		return error_nomem(err);
	c->schema->node[number] = b.node;
	c->schema->nnode = number + 1;
	return STATUS_OK;
}

/* Every dynamic anchor may be what a $dynamicRef comes to mean. */
static enum status
compile_dynamic(struct compiler *c, struct error *err)
{
	struct library *lib = &c->lib;
	uint32_t node;

	for (uint32_t i = 0; c->dynamic && i < lib->nanchor; i++) {
		struct anchor a = lib->anchor[i];

		if (a.dynamic && node_of(c, lib->resource[a.resource].doc,
		    a.token, &node, err) != STATUS_OK)
			return err->code;
	}
	return STATUS_OK;
}

static enum status
compile_all(struct compiler *c, struct error *err)
{
	struct library *lib = &c->lib;
	struct schema *s = c->schema;
	uint32_t done = 0;

	while (done < c->npending) {
		if (compile_node(c, done++, err) != STATUS_OK)
			return err->code;
		if (done == c->npending && compile_dynamic(c, err) != STATUS_OK)
			return err->code;
	}
	if (!c->dynamic)
		return STATUS_OK;
	s->dynamic = arena_alloc(&s->arena,
	    (lib->nanchor + 1u) * sizeof(*s->dynamic));
	if (s->dynamic == NULL)
		return error_nomem(err);
	for (uint32_t i = 0; i < lib->nanchor; i++) {
		struct anchor *a = &lib->anchor[i];

		if (a->dynamic)
			s->dynamic[s->ndynamic++] = (struct dynamic_anchor){
			    a->resource, a->name,
			    lib->resource[a->resource].doc->node[a->token] };
	}
	return STATUS_OK;
}

/* The k-th subschema that is always applied to the same value, or NODE_NONE. */
static uint32_t
same_value(const struct node *n, uint32_t k)
{
	for (uint32_t i = 0; i < n->napply; i++) {
		const struct apply *a = &n->apply[i];

		if (a->kind != APPLY_REF && a->kind != APPLY_ALL)
			continue;
		if (k < a->n)
			return a->node[k];
		k -= a->n;
	}
	return NODE_NONE;
}

/* A schema that comes back to itself without a step into the value never ends. */
static enum status
refuse_loops(struct compiler *c, struct error *err)
{
	struct schema *s = c->schema;
	uint32_t *stack, *edge, depth, next;
	uint8_t *seen;		/* 1: on the stack, 2: done */
	enum status st = STATUS_OK;

	stack = malloc(s->nnode * sizeof(*stack));
	edge = malloc(s->nnode * sizeof(*edge));
	seen = calloc(s->nnode, 1);
	if (stack == NULL || edge == NULL || seen == NULL)
		st = error_nomem(err);
	for (uint32_t i = 0; i < s->nnode && st == STATUS_OK; i++) {
		if (seen[i] != 0)
			continue;
		stack[0] = i;
		edge[0] = 0;
		seen[i] = 1;
		for (depth = 1; depth > 0 && st == STATUS_OK;) {
			uint32_t v = stack[depth - 1];

			next = same_value(&s->node[v], edge[depth - 1]++);
			if (next == NODE_NONE) {
				seen[v] = 2;
				depth--;
			} else if (seen[next] == 1) {
				st = schema_error(&c->lib, c->pending[v].doc,
				    c->pending[v].token, err, "leads back to "
				    "itself without a step into the value");
			} else if (seen[next] == 0) {
				seen[next] = 1;
				stack[depth] = next;
				edge[depth++] = 0;
			}
		}
	}
	free(stack);
	free(edge);
	free(seen);
	return st;
}

static bool
mere_ref(const struct node *n)
{
	return n->napply == 1 && n->apply->kind == APPLY_REF &&
	    n->types == TYPE_ALL && n->constant == NULL &&
	    n->enumeration == NULL && n->number == NULL && n->string == NULL &&
	    n->array == NULL && n->object == NULL &&
	    n->unevaluated_items == NODE_NONE &&
	    n->unevaluated_properties == NODE_NONE;
}

/* Where no reference is dynamic, a node that only refers becomes its target. */
static void
shorten_refs(struct schema *s)
{
	for (uint32_t i = 0; i < s->nnode; i++) {
		uint32_t at = i;

		while (mere_ref(&s->node[at]))
			at = s->node[at].apply->node[0];
		if (at != i)
			s->node[i] = s->node[at];
	}
}

static enum status
compile(struct compiler *c, struct slice text, struct error *err)
{
	struct dialect d = { c->lib.options->draft, VOCAB_ALL };
	struct document *doc;

	if (library_add(&c->lib, text, SLICE(""), d, &doc, err) != STATUS_OK ||
	    node_of(c, doc, 0, &c->schema->root, err) != STATUS_OK ||
	    compile_all(c, err) != STATUS_OK ||
	    refuse_loops(c, err) != STATUS_OK)
		return err->code;
	if (!c->dynamic)
		shorten_refs(c->schema);
	return STATUS_OK;
}

enum status
schema_compile(struct schema **out, struct slice text,
    const struct schema_options *options, struct error *err)
{
	struct error why = { STATUS_OK, "" };
	struct compiler c;

	*out = NULL;
	memset(&c, 0, sizeof(c));
	if ((c.schema = calloc(1, sizeof(*c.schema))) == NULL)
		return error_nomem(err);
	library_init(&c.lib, c.schema, options);
	if (compile(&c, text, &why) != STATUS_OK) {
		schema_free(c.schema);
		error_set(err, why.code, "%s", why.text);
	} else {
		*out = c.schema;
	}
	library_release(&c.lib);
	free(c.pending);
	return why.code;
}

void
schema_free(struct schema *s)
{
	struct document *doc;

	if (s == NULL)
		return;
	for (doc = s->documents; doc != NULL; doc = doc->next)
		json_release(&doc->json);
	regex_free_all(s->regexes);
	free(s->node);
	arena_release(&s->arena);
	free(s);
}
