/* The keywords that apply schemas: to the same value, to elements, to members. */
#include "core/schema/applicators.h"

#include "core/base/arena.h"
#include "core/json/value.h"
#include "core/schema/build.h"
#include "core/schema/names.h"

static struct array_part *
array_part(struct build *b)
{
	if (b->array == NULL && (b->array = arena_zalloc(build_arena(b),
	    sizeof(*b->array))) != NULL) {
		b->array->max = b->array->contains_max = UINT64_MAX;
		b->array->rest = b->array->contains = NODE_NONE;
	}
	return b->array;
}

static struct object_part *
object_part(struct build *b)
{
	if (b->members == NULL && (b->members = arena_zalloc(build_arena(b),
	    sizeof(*b->members))) != NULL) {
		b->members->max = UINT64_MAX;
		b->members->additional = NODE_NONE;
		b->members->property_names = NODE_NONE;
	}
	return b->members;
}

static enum status
read_node(struct build *b, uint32_t value, uint32_t *node, struct error *err)
{
	/* Where a keyword lies in something that no keyword refers to. */
	if (b->doc->resource[value] == NODE_NONE)
		b->doc->resource[value] = b->resource;
	return node_of(b->c, b->doc, value, node, err);
}

/* The nodes of an array of schemas. */
static enum status
read_nodes(struct build *b, uint32_t value, uint32_t **node, uint32_t *n,
    struct error *err)
{
	const struct json *j = &b->doc->json;

	if (!build_is(b, value, TOKEN_ARRAY))
		return build_wrong(b, value, "an array of schemas", err);
	*node = arena_alloc(build_arena(b),
	    (j->tok[value].count + 1u) * sizeof(**node));
	if (*node == NULL)
		return error_nomem(err);
	*n = 0;
	for (uint32_t t = json_first(j, value); t != JSON_NONE;
	    t = json_next(j, value, t)) {
		if (read_node(b, t, &(*node)[(*n)++], err) != STATUS_OK)
			return err->code;
	}
	return STATUS_OK;
}

static enum status
read_strings(struct build *b, uint32_t value, struct slice **v, uint32_t *n,
    struct error *err)
{
	const struct json *j = &b->doc->json;

	if (!build_is(b, value, TOKEN_ARRAY))
		return build_wrong(b, value, "an array of strings", err);
	*v = arena_alloc(build_arena(b), (j->tok[value].count + 1u) * sizeof(**v));
	if (*v == NULL)
		return error_nomem(err);
	*n = 0;
	for (uint32_t t = json_first(j, value); t != JSON_NONE;
	    t = json_next(j, value, t)) {
		if (build_string(b, t, &(*v)[(*n)++], err) != STATUS_OK)
			return err->code;
	}
	return STATUS_OK;
}

enum status
kw_prefix_items(struct build *b, uint32_t value, struct error *err)
{
	struct array_part *a = array_part(b);
	uint32_t *node;

	if (a == NULL)
		return error_nomem(err);
	if (read_nodes(b, value, &node, &a->nprefix, err) != STATUS_OK)
		return err->code;
	a->prefix = node;
	return STATUS_OK;
}

enum status
kw_items(struct build *b, uint32_t value, struct error *err)
{
	struct array_part *a = array_part(b);

	if (a == NULL)
		return error_nomem(err);
	a->rest_keyword = "items";
	if (build_is(b, value, TOKEN_ARRAY))
		return build_wrong(b, value, "a schema; a list of them is "
		    "prefixItems since 2020-12, or names an older draft by "
		    "$schema or the option draft", err);
	return read_node(b, value, &a->rest, err);
}

enum status
kw_items_or_list(struct build *b, uint32_t value, struct error *err)
{
	uint32_t more = build_sibling(b, "additionalItems");

	if (!build_is(b, value, TOKEN_ARRAY))
		return kw_items(b, value, err);
	if (kw_prefix_items(b, value, err) != STATUS_OK)
		return err->code;
	if (more == JSON_NONE)
		return STATUS_OK;
	b->array->rest_keyword = "additionalItems";
	return read_node(b, more, &b->array->rest, err);
}

enum status
kw_contains(struct build *b, uint32_t value, struct error *err)
{
	struct array_part *a = array_part(b);
	bool counts = b->dialect.draft >= SCHEMA_2019_09 &&
	    (b->dialect.vocab & VOCAB_VALIDATION);
	uint32_t min = counts ? build_sibling(b, "minContains") : JSON_NONE;
	uint32_t max = counts ? build_sibling(b, "maxContains") : JSON_NONE;

	if (a == NULL)
		return error_nomem(err);
	a->contains_min = 1;
	a->contains_marks = b->dialect.draft >= SCHEMA_2020_12;
	if ((min != JSON_NONE && build_count(b, min, &a->contains_min,
	    err) != STATUS_OK) || (max != JSON_NONE && build_count(b, max,
	    &a->contains_max, err) != STATUS_OK))
		return err->code;
	return read_node(b, value, &a->contains, err);
}

enum status
kw_min_items(struct build *b, uint32_t value, struct error *err)
{
	struct array_part *a = array_part(b);

	return a == NULL ? error_nomem(err) :
	    build_count(b, value, &a->min, err);
}

enum status
kw_max_items(struct build *b, uint32_t value, struct error *err)
{
	struct array_part *a = array_part(b);

	return a == NULL ? error_nomem(err) :
	    build_count(b, value, &a->max, err);
}

enum status
kw_unique_items(struct build *b, uint32_t value, struct error *err)
{
	struct array_part *a = array_part(b);

	return a == NULL ? error_nomem(err) :
	    build_bool(b, value, &a->unique, err);
}

enum status
kw_unevaluated_items(struct build *b, uint32_t value, struct error *err)
{
	return read_node(b, value, &b->node.unevaluated_items, err);
}

enum status
kw_unevaluated_properties(struct build *b, uint32_t value, struct error *err)
{
	return read_node(b, value, &b->node.unevaluated_properties, err);
}

enum status
kw_all_of(struct build *b, uint32_t value, struct error *err)
{
	uint32_t *node, n;

	if (read_nodes(b, value, &node, &n, err) != STATUS_OK)
		return err->code;
	return build_apply(b, APPLY_ALL, node, n, NODE_NONE, err);
}

enum status
kw_any_of(struct build *b, uint32_t value, struct error *err)
{
	uint32_t *node, n;

	if (read_nodes(b, value, &node, &n, err) != STATUS_OK)
		return err->code;
	return build_apply(b, APPLY_ANY, node, n, NODE_NONE, err);
}

enum status
kw_one_of(struct build *b, uint32_t value, struct error *err)
{
	uint32_t *node, n;

	if (read_nodes(b, value, &node, &n, err) != STATUS_OK)
		return err->code;
	return build_apply(b, APPLY_ONE, node, n, NODE_NONE, err);
}

enum status
kw_not(struct build *b, uint32_t value, struct error *err)
{
	uint32_t node;

	if (read_node(b, value, &node, err) != STATUS_OK)
		return err->code;
	return build_apply(b, APPLY_NOT, &node, 1, NODE_NONE, err);
}

enum status
kw_if(struct build *b, uint32_t value, struct error *err)
{
	uint32_t node[3] = { NODE_NONE, NODE_NONE, NODE_NONE };
	uint32_t yes = build_sibling(b, "then"), no = build_sibling(b, "else");

	if (read_node(b, value, &node[0], err) != STATUS_OK ||
	    (yes != JSON_NONE && read_node(b, yes, &node[1], err)) ||
	    (no != JSON_NONE && read_node(b, no, &node[2], err)))
		return err->code;
	return build_apply(b, APPLY_IF, node, 3, NODE_NONE, err);
}


/* Names of required that properties does not have come after those it has. */
static enum status
add_required(struct build *b, struct names *n, uint32_t required,
    struct error *err)
{
	struct slice *list;
	uint32_t count, at, more = n->n;

	if (read_strings(b, required, &list, &count, err) != STATUS_OK)
		return err->code;
	for (uint32_t i = 0; i < count; i++) {
		at = name_find(n, list[i],
		    name_head(list[i].p, list[i].n));
		for (uint32_t k = n->n; k < more && at == NODE_NONE; k++) {
			if (slice_eq(n->v[k].key, list[i]))
				at = k;
		}
		if (at == NODE_NONE) {
			at = more++;
			n->v[at] = (struct name){ list[i], 0, NODE_NONE,
			    false };
		}
		n->v[at].required = true;
	}
	n->n = more;
	return STATUS_OK;
}

static enum status
add_names(struct build *b, uint32_t properties, uint32_t required,
    struct error *err)
{
	const struct json *j = &b->doc->json;
	struct names *n = &b->members->names;
	uint32_t room = 1;

	if (properties != JSON_NONE && !build_is(b, properties, TOKEN_OBJECT))
		return build_wrong(b, properties, "an object of schemas", err);
	if (required != JSON_NONE && !build_is(b, required, TOKEN_ARRAY))
		return build_wrong(b, required, "an array of strings", err);
	room += properties == JSON_NONE ? 0 : j->tok[properties].count;
	room += required == JSON_NONE ? 0 : j->tok[required].count;
	if ((n->v = arena_zalloc(build_arena(b), room * sizeof(*n->v))) == NULL)
		return error_nomem(err);
	for (uint32_t t = properties == JSON_NONE ? JSON_NONE :
	    json_first(j, properties); t != JSON_NONE;
	    t = json_next(j, properties, t)) {
		struct name *name = &n->v[n->n++];

		if (build_string(b, t, &name->key, err) != STATUS_OK ||
		    read_node(b, t + 1, &name->node, err) != STATUS_OK)
			return err->code;
	}
	if (names_index(n, build_arena(b), err) != STATUS_OK)
		return err->code;
	return required == JSON_NONE ? STATUS_OK :
	    add_required(b, n, required, err);
}

/* properties and required share a table, made when the first of them comes. */
enum status
kw_names(struct build *b, uint32_t value, struct error *err)
{
	uint32_t properties = build_sibling(b, "properties");
	uint32_t required = build_sibling(b, "required");
	struct object_part *o = object_part(b);

	(void)value;
	if (o == NULL)
		return error_nomem(err);
	if (o->names.v != NULL)
		return STATUS_OK;
	if (!(b->dialect.vocab & VOCAB_APPLICATOR))
		properties = JSON_NONE;
	if (!(b->dialect.vocab & VOCAB_VALIDATION))
		required = JSON_NONE;
	return add_names(b, properties, required, err);
}

enum status
kw_pattern_properties(struct build *b, uint32_t value, struct error *err)
{
	const struct json *j = &b->doc->json;
	struct object_part *o = object_part(b);
	struct pattern_node *p;
	struct slice text;

	if (o == NULL)
		return error_nomem(err);
	if (!build_is(b, value, TOKEN_OBJECT))
		return build_wrong(b, value, "an object of schemas", err);
	p = arena_alloc(build_arena(b),
	    (j->tok[value].count + 1u) * sizeof(*p));
	if (p == NULL)
		return error_nomem(err);
	o->pattern = p;
	for (uint32_t t = json_first(j, value); t != JSON_NONE;
	    t = json_next(j, value, t), p++, o->npattern++) {
		if (build_string(b, t, &text, err) != STATUS_OK ||
		    build_regex(b, t + 1, text, &p->regex, err) != STATUS_OK ||
		    read_node(b, t + 1, &p->node, err) != STATUS_OK)
			return err->code;
	}
	return STATUS_OK;
}

enum status
kw_additional_properties(struct build *b, uint32_t value, struct error *err)
{
	struct object_part *o = object_part(b);

	return o == NULL ? error_nomem(err) :
	    read_node(b, value, &o->additional, err);
}

enum status
kw_property_names(struct build *b, uint32_t value, struct error *err)
{
	struct object_part *o = object_part(b);

	return o == NULL ? error_nomem(err) :
	    read_node(b, value, &o->property_names, err);
}

enum status
kw_min_properties(struct build *b, uint32_t value, struct error *err)
{
	struct object_part *o = object_part(b);

	return o == NULL ? error_nomem(err) :
	    build_count(b, value, &o->min, err);
}

enum status
kw_max_properties(struct build *b, uint32_t value, struct error *err)
{
	struct object_part *o = object_part(b);

	return o == NULL ? error_nomem(err) :
	    build_count(b, value, &o->max, err);
}

/* Adds what an object's keyword says of other keys, once for each. */
static enum status
add_dependencies(struct build *b, uint32_t value, const char *keyword,
    bool lists, bool schemas, struct error *err)
{
	const struct json *j = &b->doc->json;
	struct object_part *o = object_part(b);
	struct dependency *d;
	struct slice *names;

	if (o == NULL)
		return error_nomem(err);
	if (!build_is(b, value, TOKEN_OBJECT))
		return build_wrong(b, value, "an object", err);
	d = arena_zalloc(build_arena(b),
	    (o->ndepend + j->tok[value].count + 1u) * sizeof(*d));
	if (d == NULL)
		return error_nomem(err);
	if (o->ndepend > 0)
		memcpy(d, o->depend, o->ndepend * sizeof(*d));
	o->depend = d;
	for (uint32_t t = json_first(j, value); t != JSON_NONE;
	    t = json_next(j, value, t), o->ndepend++) {
		d = (struct dependency *)&o->depend[o->ndepend];
		d->node = NODE_NONE;
		d->keyword = keyword;
		if (build_string(b, t, &d->key, err) != STATUS_OK)
			return err->code;
		if (lists && (!schemas || build_is(b, t + 1, TOKEN_ARRAY))) {
			if (read_strings(b, t + 1, &names, &d->nrequired,
			    err) != STATUS_OK)
				return err->code;
			d->required = names;
		} else if (read_node(b, t + 1, &d->node, err) != STATUS_OK) {
			return err->code;
		}
	}
	return STATUS_OK;
}

enum status
kw_dependencies(struct build *b, uint32_t value, struct error *err)
{
	return add_dependencies(b, value, "dependencies", true, true, err);
}

enum status
kw_dependent_required(struct build *b, uint32_t value, struct error *err)
{
	return add_dependencies(b, value, "dependentRequired", true, false, err);
}

enum status
kw_dependent_schemas(struct build *b, uint32_t value, struct error *err)
{
	return add_dependencies(b, value, "dependentSchemas", false, true, err);
}

static enum status
resolve(struct build *b, uint32_t value, struct place *place, uint32_t *node,
    struct error *err)
{
	struct library *lib = &b->c->lib;
	struct error why = { STATUS_OK, "" };
	struct slice ref;

	if (json_kind(&b->doc->json, value) != TOKEN_STRING)
		return schema_error(lib, b->doc, value, err,
		    "expected a reference");
	ref = value_string(&b->doc->json, value, &b->c->schema->arena);
	if (ref.p == NULL)
		return error_nomem(err);
	if (library_resolve(lib, b->resource, ref, place, &why) == STATUS_OK)
		return node_of(b->c, place->doc, place->token, node, err);
	if (why.code != STATUS_NOT_FOUND)
		return error_set(err, why.code, "%s", why.text);
	return schema_error(lib, b->doc, value, err, "%s", why.text);
}

enum status
compile_ref(struct build *b, uint32_t value, struct error *err)
{
	struct place place;
	uint32_t node;

	if (resolve(b, value, &place, &node, err) != STATUS_OK)
		return err->code;
	return build_apply(b, APPLY_REF, &node, 1, NODE_NONE, err);
}

enum status
compile_dynamic_ref(struct build *b, uint32_t value, struct error *err)
{
	struct place place;
	uint32_t node;

	if (resolve(b, value, &place, &node, err) != STATUS_OK)
		return err->code;
	if (place.anchor == NODE_NONE)
		return build_apply(b, APPLY_REF, &node, 1, NODE_NONE, err);
	b->c->dynamic = true;
	return build_apply(b, APPLY_DYNAMIC, &node, 1, place.anchor, err);
}

enum status
compile_recursive_ref(struct build *b, uint32_t value, struct error *err)
{
	struct library *lib = &b->c->lib;
	struct place place;
	uint32_t node, resource;

	if (resolve(b, value, &place, &node, err) != STATUS_OK)
		return err->code;
	resource = place.doc->resource[place.token];
	if (lib->resource[resource].token != place.token ||
	    library_dynamic(lib, resource, 0) != place.token)
		return build_apply(b, APPLY_REF, &node, 1, NODE_NONE, err);
	b->c->dynamic = true;
	return build_apply(b, APPLY_DYNAMIC, &node, 1, 0, err);
}
