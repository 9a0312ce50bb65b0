#include "core/schema/asks.h"

#include <stdlib.h>

#include "core/schema/program.h"

#define PASSES_MAX	64	/* over all nodes, until nothing changes */

static bool
node_asks(const bool *asks, uint32_t node)
{
	return node != NODE_NONE && asks[node];
}

static bool
any_asks(const bool *asks, const uint32_t *node, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		if (node_asks(asks, node[i]))
			return true;
	return false;
}

static bool
all_ask(const bool *asks, const uint32_t *node, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		if (!node_asks(asks, node[i]))
			return false;
	return true;
}

static bool
array_asks(const bool *asks, const struct array_part *a)
{
	return a->min > 0 || a->max < UINT64_MAX || a->unique ||
	    (a->contains != NODE_NONE && (a->contains_min > 0 ||
	    a->contains_max < UINT64_MAX)) ||
	    any_asks(asks, a->prefix, a->nprefix) || node_asks(asks, a->rest);
}

static bool
object_asks(const bool *asks, const struct object_part *o)
{
	if (o->min > 0 || o->max < UINT64_MAX || o->nrequired > 0 ||
	    node_asks(asks, o->additional) ||
	    node_asks(asks, o->property_names))
		return true;
	for (uint32_t i = 0; i < o->names.n; i++)
		if (node_asks(asks, o->names.v[i].node))
			return true;
	for (uint32_t i = 0; i < o->npattern; i++)
		if (node_asks(asks, o->pattern[i].node))
			return true;
	for (uint32_t i = 0; i < o->ndepend; i++)
		if (o->depend[i].nrequired > 0 ||
		    node_asks(asks, o->depend[i].node))
			return true;
	return false;
}

static bool
apply_asks(const struct schema *s, const bool *asks, const struct apply *a)
{
	switch (a->kind) {
	case APPLY_ANY:
		return all_ask(asks, a->node, a->n);
	case APPLY_ONE:
		return a->n != 1 || node_asks(asks, a->node[0]);
	case APPLY_NOT:
		return !s->node[a->node[0]].never;
	case APPLY_IF:
		return node_asks(asks, a->node[1]) ||
		    node_asks(asks, a->node[2]);
	case APPLY_DYNAMIC:
		return true;	/* nobody knows yet what it will mean */
	default:
		return any_asks(asks, a->node, a->n);
	}
}

static bool
string_asks(const struct string_part *p)
{
	return p->min > 0 || p->max < UINT64_MAX || p->pattern != NULL ||
	    p->format != NULL;
}

/* Whatever the nodes that it names ask for. */
static bool
values_ask(const struct node *n)
{
	return n->never || (n->types & TYPE_ALL) != TYPE_ALL ||
	    n->constant != NULL || n->enumeration != NULL ||
	    n->number != NULL || (n->string != NULL && string_asks(n->string));
}

/* By what is known so far of the nodes that it names. */
static bool
asks_now(const struct schema *s, const bool *asks, const struct node *n)
{
	if (values_ask(n) || node_asks(asks, n->unevaluated_items) ||
	    node_asks(asks, n->unevaluated_properties) ||
	    (n->array != NULL && array_asks(asks, n->array)) ||
	    (n->object != NULL && object_asks(asks, n->object)))
		return true;
	for (uint32_t i = 0; i < n->napply; i++)
		if (apply_asks(s, asks, &n->apply[i]))
			return true;
	return false;
}

/* One that only leads back to itself asks for nothing: all begin so. */
bool
schema_asks(const struct schema *s)
{
	bool *asks = calloc(s->nnode, sizeof(*asks)), more = true, root;
	unsigned pass;

	if (asks == NULL)
		return true;
	for (pass = 0; more && pass < PASSES_MAX; pass++) {
		more = false;
		/* What a node names mostly stands behind it. */
		for (uint32_t i = s->nnode; i-- > 0;) {
			if (asks[i] || !asks_now(s, asks, &s->node[i]))
				continue;
			asks[i] = more = true;
		}
	}
	root = more || asks[s->root];
	free(asks);
	return root;
}
