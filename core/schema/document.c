#include "core/schema/document.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/base/arena.h"
#include "core/json/value.h"
#include "core/schema/keywords.h"
#include "core/schema/meta.h"
#include "core/schema/names.h"
#include "core/schema/uri.h"

#define REMOTES_MAX	1000u
#define LOADING_MAX	8	/* metaschemas of metaschemas of ... */

bool
array_room(void **v, uint32_t n, uint32_t *cap, size_t size)
{
	uint32_t want = *cap == 0 ? 16 : *cap * 2;
	void *p;

	if (n < *cap)
		return true;
	if (want > UINT32_MAX / 4 || (p = realloc(*v, want * size)) == NULL)
		return false;
	*v = p;
	*cap = want;
	return true;
}

void
library_init(struct library *lib, struct schema *schema,
    const struct schema_options *options)
{
	memset(lib, 0, sizeof(*lib));
	lib->schema = schema;
	lib->options = options;
}

void
library_release(struct library *lib)
{
	free(lib->resource);
	free(lib->uri);
	free(lib->anchor);
	free(lib->name);
}

enum status
schema_error(struct library *lib, const struct document *doc, uint32_t token,
    struct error *err, const char *fmt, ...)
{
	struct slice at = json_pointer_of(&doc->json, token,
	    &lib->schema->arena);
	char what[512];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(what, sizeof(what), fmt, ap);
	va_end(ap);
	return error_set(err, STATUS_INVALID, "%.*s#%.*s: %s",
	    SLICE_ARG(doc->uri), SLICE_ARG(at), what);
}

static enum status
add_uri(struct library *lib, struct slice uri, uint32_t resource,
    struct error *err)
{
	for (uint32_t i = 0; i < lib->nuri; i++) {
		if (slice_eq(lib->uri[i].uri, uri))
			return STATUS_OK;	/* the first keeps it */
	}
	if (!array_room((void **)&lib->uri, lib->nuri, &lib->cap_uri,
	    sizeof(*lib->uri)))
		return error_nomem(err);
	lib->uri[lib->nuri++] = (struct uri_entry){ uri, resource };
	return STATUS_OK;
}

static enum status
add_resource(struct library *lib, const struct resource *r, uint32_t *number,
    struct error *err)
{
	if (!array_room((void **)&lib->resource, lib->nresource,
	    &lib->cap_resource, sizeof(*lib->resource)))
		return error_nomem(err);
	*number = lib->nresource++;
	lib->resource[*number] = *r;
	return add_uri(lib, r->uri, *number, err);
}

/* The number of an anchor's name; 0 stands for $recursiveAnchor. */
static enum status
name_number(struct library *lib, struct slice name, uint32_t *number,
    struct error *err)
{
	for (*number = 0; *number < lib->nname; ++*number) {
		if (slice_eq(lib->name[*number], name))
			return STATUS_OK;
	}
	if (!array_room((void **)&lib->name, lib->nname, &lib->cap_name,
	    sizeof(*lib->name)))
		return error_nomem(err);
	lib->name[lib->nname++] = name;
	return STATUS_OK;
}

static enum status
add_anchor(struct library *lib, uint32_t resource, uint32_t token,
    struct slice name, bool dynamic, struct error *err)
{
	uint32_t number;

	if (name_number(lib, name, &number, err) != STATUS_OK)
		return err->code;
	if (!array_room((void **)&lib->anchor, lib->nanchor, &lib->cap_anchor,
	    sizeof(*lib->anchor)))
		return error_nomem(err);
	lib->anchor[lib->nanchor++] = (struct anchor){ resource, token, number,
	    dynamic };
	return STATUS_OK;
}

uint32_t
library_dynamic(const struct library *lib, uint32_t resource, uint32_t name)
{
	for (uint32_t i = 0; i < lib->nanchor; i++) {
		const struct anchor *a = &lib->anchor[i];

		if (a->dynamic && a->resource == resource && a->name == name)
			return a->token;
	}
	return NODE_NONE;
}

/* A string member's text, or absent. */
static struct slice
get_string(struct library *lib, struct document *doc, uint32_t object,
    const char *key)
{
	uint32_t t = json_get(&doc->json, object, key);

	if (t == JSON_NONE || json_kind(&doc->json, t) != TOKEN_STRING)
		return SLICE_NONE;
	return value_string(&doc->json, t, &lib->schema->arena);
}

static struct slice
without_empty_fragment(struct slice uri)
{
	if (uri.n > 0 && uri.p[uri.n - 1] == '#')
		uri.n--;
	return uri;
}

/* Many write https for the drafts' http, and the other way round. */
static struct slice
without_scheme(struct slice uri)
{
	const char *p = memmem(uri.p, uri.n, "://", 3);

	return p == NULL ? uri : (struct slice){ p, uri.n -
	    (size_t)(p - uri.p) };
}

static const struct meta *
meta_find(struct slice uri)
{
	if (uri.n < 4 || memcmp(uri.p, "http", 4) != 0)
		return NULL;
	for (const struct meta *m = metaschemas; m->uri != NULL; m++) {
		if (slice_eq(without_scheme(uri),
		    without_scheme(slice_of(m->uri))))
			return m;
	}
	return NULL;
}

/* What a metaschema's $vocabulary gives and requires. */
static enum status
read_vocabulary(struct library *lib, struct document *doc, struct dialect *d,
    struct error *err)
{
	const struct json *j = &doc->json;
	uint32_t v = json_get(j, 0, "$vocabulary");

	if (v == JSON_NONE || json_kind(j, v) != TOKEN_OBJECT)
		return STATUS_OK;
	d->vocab = 0;
	for (uint32_t t = json_first(j, v); t != JSON_NONE;
	    t = json_next(j, v, t)) {
		struct slice uri = value_string(j, t, &lib->schema->arena);
		unsigned known = 0;

		if (uri.p == NULL)
			return error_nomem(err);
		for (const struct meta *m = metaschemas; m->uri != NULL; m++) {
			const char *tail = strstr(m->uri, "/meta/");
			size_t n = tail == NULL ? 0 : (size_t)(tail - m->uri);

			/* .../2020-12/meta/core describes .../2020-12/vocab/core */
			if (n > 0 && uri.n == strlen(m->uri) + 1 &&
			    memcmp(uri.p, m->uri, n) == 0 &&
			    memcmp(uri.p + n, "/vocab/", 7) == 0 &&
			    memcmp(uri.p + n + 7, tail + 6, uri.n - n - 7) == 0)
				known = m->vocab;
		}
		if (known == 0 && json_kind(j, t + 1) == TOKEN_TRUE)
			return schema_error(lib, doc, t + 1, err,
			    "an unknown vocabulary is required: %.*s",
			    SLICE_ARG(uri));
		d->vocab |= known;
	}
	return STATUS_OK;
}

static enum status	find_resource(struct library *, struct slice,
			    struct dialect, uint32_t *, struct error *);

static enum status
find_dialect(struct library *lib, struct document *doc, uint32_t token,
    struct slice uri, struct dialect *d, struct error *err)
{
	const struct meta *m;
	uint32_t r;

	uri = without_empty_fragment(uri);
	if ((m = meta_find(uri)) != NULL) {
		*d = (struct dialect){ m->draft, VOCAB_ALL };
		return STATUS_OK;
	}
	if (++lib->loading > LOADING_MAX)
		return schema_error(lib, doc, token, err,
		    "$schema leads from one metaschema to another too often");
	if (find_resource(lib, uri, *d, &r, err) != STATUS_OK)
		return err->code;
	lib->loading--;
	if (r == NODE_NONE)
		return schema_error(lib, doc, token, err,
		    "the metaschema %.*s is not known", SLICE_ARG(uri));
	*d = lib->resource[r].dialect;
	return read_vocabulary(lib, lib->resource[r].doc, d, err);
}

static const char *
id_keyword(enum schema_draft draft)
{
	return draft == SCHEMA_DRAFT_4 ? "id" : "$id";
}

/* Begins a resource where an object has its own $id, or names its #anchor. */
static enum status
index_id(struct library *lib, struct document *doc, uint32_t token,
    struct dialect d, uint32_t *resource, struct error *err)
{
	struct slice id = get_string(lib, doc, token, id_keyword(d.draft));
	struct slice uri, fragment;

	if (id.p == NULL)
		return STATUS_OK;
	if (!uri_resolve(&lib->schema->arena, lib->resource[*resource].uri, id,
	    &uri, &fragment))
		return error_nomem(err);
	if (id.n > 0 && *id.p != '#' && token != 0) {
		struct resource r = { uri, doc, token, d, false, 0 };

		if (add_resource(lib, &r, resource, err) != STATUS_OK)
			return err->code;
	} else if (id.n > 0 && *id.p != '#') {
		lib->resource[*resource].uri = uri;
		if (add_uri(lib, uri, *resource, err) != STATUS_OK)
			return err->code;
	}
	if (d.draft <= SCHEMA_DRAFT_7 && fragment.n > 0)
		return add_anchor(lib, *resource, token, fragment, false, err);
	return STATUS_OK;
}

static enum status
index_anchors(struct library *lib, struct document *doc, uint32_t token,
    uint32_t resource, struct error *err)
{
	enum schema_draft draft = lib->resource[resource].dialect.draft;
	struct slice name;
	uint32_t t;

	if (draft < SCHEMA_2019_09)
		return STATUS_OK;
	name = get_string(lib, doc, token, "$anchor");
	if (name.p != NULL && add_anchor(lib, resource, token, name, false,
	    err) != STATUS_OK)
		return err->code;
	if (draft == SCHEMA_2019_09) {
		t = json_get(&doc->json, token, "$recursiveAnchor");
		if (t == JSON_NONE || json_kind(&doc->json, t) != TOKEN_TRUE)
			return STATUS_OK;
		return add_anchor(lib, resource, token, SLICE(""), true, err);
	}
	name = get_string(lib, doc, token, "$dynamicAnchor");
	if (name.p == NULL)
		return STATUS_OK;
	return add_anchor(lib, resource, token, name, true, err);
}

/* A schema of another draft within a resource, which is none of its own. */
static enum status
add_island(struct library *lib, struct document *doc, uint32_t token,
    struct dialect d, uint32_t *resource, struct error *err)
{
	struct resource r = { lib->resource[*resource].uri, doc, token, d, true,
	    *resource };

	if (lib->resource[*resource].dialect.draft == d.draft)
		return STATUS_OK;
	return add_resource(lib, &r, resource, err);
}

static enum status	index_schema(struct library *, struct document *,
			    uint32_t, uint32_t, struct error *);

static enum status
index_value(struct library *lib, struct document *doc, uint32_t value,
    enum subschemas sub, uint32_t resource, struct error *err)
{
	const struct json *j = &doc->json;
	enum json_kind type = json_kind(j, value);
	uint32_t t;

	if (sub == SUB_NONE)
		return STATUS_OK;
	if (sub == SUB_SCHEMA || (sub == SUB_SCHEMA_OR_LIST &&
	    type != TOKEN_ARRAY))
		return index_schema(lib, doc, value, resource, err);
	if (type != (sub == SUB_MAP || sub == SUB_MAP_MIXED ? TOKEN_OBJECT :
	    TOKEN_ARRAY))
		return STATUS_OK;	/* the compiler says so, if it is used */
	for (t = json_first(j, value); t != JSON_NONE;
	    t = json_next(j, value, t)) {
		uint32_t one = type == TOKEN_OBJECT ? t + 1 : t;

		if (sub == SUB_MAP_MIXED && json_kind(j, one) == TOKEN_ARRAY)
			continue;
		if (index_schema(lib, doc, one, resource, err) != STATUS_OK)
			return err->code;
	}
	return STATUS_OK;
}

/* A schema within another one that has no $id (or id) of its own may name one of
 * the drafts; what else it names there is passed over. */
static enum status
index_dialect(struct library *lib, struct document *doc, uint32_t token,
    struct dialect *d, struct error *err)
{
	struct slice schema = get_string(lib, doc, token, "$schema");

	if (schema.p == NULL || (token != 0 &&
	    json_get(&doc->json, token, "$id") == JSON_NONE &&
	    json_get(&doc->json, token, "id") == JSON_NONE &&
	    meta_find(without_empty_fragment(schema)) == NULL))
		return STATUS_OK;
	return find_dialect(lib, doc, json_get(&doc->json, token, "$schema"),
	    schema, d, err);
}

/* Recurses as deep as the document is, which the parser bounds. */
static enum status
index_schema(struct library *lib, struct document *doc, uint32_t token,
    uint32_t resource, struct error *err)
{
	const struct json *j = &doc->json;
	struct dialect d = lib->resource[resource].dialect;
	uint32_t t;
	bool ref;

	if (doc->resource[token] != NODE_NONE)
		return STATUS_OK;
	doc->resource[token] = resource;
	if (json_kind(j, token) != TOKEN_OBJECT)
		return STATUS_OK;
	if (index_dialect(lib, doc, token, &d, err) != STATUS_OK)
		return err->code;
	if (token == 0)
		lib->resource[resource].dialect = d;
	t = json_get(j, token, "$ref");
	ref = d.draft <= SCHEMA_DRAFT_7 && t != JSON_NONE &&
	    json_kind(j, t) == TOKEN_STRING;
	if ((!ref && index_id(lib, doc, token, d, &resource, err) !=
	    STATUS_OK) ||
	    add_island(lib, doc, token, d, &resource, err) != STATUS_OK)
		return err->code;
	doc->resource[token] = resource;
	if (index_anchors(lib, doc, token, resource, err) != STATUS_OK)
		return err->code;
	for (t = json_first(j, token); t != JSON_NONE;
	    t = json_next(j, token, t)) {
		struct slice name = value_string(j, t, &lib->schema->arena);

		if (name.p == NULL)
			return error_nomem(err);
		if (index_value(lib, doc, t + 1, keyword_subschemas(
		    lib->resource[resource].dialect.draft, name), resource,
		    err) != STATUS_OK)
			return err->code;
	}
	return STATUS_OK;
}

enum status
library_add(struct library *lib, struct slice text, struct slice uri,
    struct dialect dialect, struct document **out, struct error *err)
{
	struct arena *arena = &lib->schema->arena;
	struct json_error why = { 0, "" };
	struct document *doc;
	struct slice copy;
	uint32_t r;
	enum status st;

	if ((doc = arena_zalloc(arena, sizeof(*doc))) == NULL ||
	    (copy.p = arena_copy(arena, text.p == NULL ? "" : text.p,
	    text.n)) == NULL)
		return error_nomem(err);
	copy.n = text.n;
	doc->uri = uri;
	st = json_parse(&doc->json, copy, SCHEMA_TEXT_DEPTH, JSON_NUL_ALLOWED,
	    &why);
	doc->next = lib->schema->documents;
	lib->schema->documents = doc;
	if (st != STATUS_OK)
		return error_set(err, st, "%.*s%sbyte %zu: %s", SLICE_ARG(uri),
		    uri.n > 0 ? ": " : "", why.offset, why.reason);
	doc->resource = arena_alloc(arena, doc->json.n * sizeof(uint32_t));
	doc->node = arena_alloc(arena, doc->json.n * sizeof(uint32_t));
	if (doc->resource == NULL || doc->node == NULL)
		return error_nomem(err);
	memset(doc->resource, 0xff, doc->json.n * sizeof(uint32_t));
	memset(doc->node, 0xff, doc->json.n * sizeof(uint32_t));
	if (name_number(lib, SLICE(""), &r, err) != STATUS_OK ||
	    add_resource(lib, &(struct resource){ uri, doc, 0, dialect, false,
	    0 }, &r, err) != STATUS_OK)
		return err->code;
	*out = doc;
	return index_schema(lib, doc, 0, r, err);
}

/* The resource of an absolute URI, loaded where it has to be, or NODE_NONE. */
static enum status
find_resource(struct library *lib, struct slice uri, struct dialect dialect,
    uint32_t *resource, struct error *err)
{
	const struct meta *m;
	struct document *doc;
	struct slice text = SLICE_NONE, known;

	*resource = NODE_NONE;
	for (uint32_t i = 0; i < lib->nuri; i++) {
		if (slice_eq(lib->uri[i].uri, uri)) {
			*resource = lib->uri[i].resource;
			return STATUS_OK;
		}
	}
	if ((known.p = arena_str(&lib->schema->arena, uri)) == NULL)
		return error_nomem(err);
	known.n = uri.n;
	if ((m = meta_find(uri)) != NULL) {
		text = slice_of(m->text);
		dialect = (struct dialect){ m->draft, VOCAB_ALL };
	} else if (lib->options->remote != NULL) {
		text = lib->options->remote(lib->options->remote_arg, known.p);
		/* One that refers to "a/b" under every URL would never end. */
		if (text.p != NULL && ++lib->remotes > REMOTES_MAX)
			return error_set(err, STATUS_LIMIT, "more than %u other "
			    "schemas are referred to, the last is %.*s",
			    REMOTES_MAX, SLICE_ARG(uri));
	}
	if (text.p == NULL)
		return STATUS_OK;
	if (library_add(lib, text, known, dialect, &doc, err) != STATUS_OK)
		return err->code;
	*resource = doc->resource[0];
	return STATUS_OK;
}

/* One step of a pointer; JSON_NONE where there is nothing. */
static uint32_t
pointer_step(const struct json *j, uint32_t at, const char *key, size_t n)
{
	uint32_t index = 0;

	if (json_kind(j, at) == TOKEN_OBJECT)
		return strlen(key) == n ? json_get(j, at, key) : JSON_NONE;
	if (json_kind(j, at) != TOKEN_ARRAY || n == 0 || n > 8 ||
	    (n > 1 && *key == '0'))
		return JSON_NONE;
	for (size_t i = 0; i < n; i++) {
		if (key[i] < '0' || key[i] > '9')
			return JSON_NONE;
		index = index * 10 + (uint32_t)(key[i] - '0');
	}
	return json_at(j, at, index);
}

/* Follows a decoded pointer from a resource's root; *token or JSON_NONE. */
static enum status
follow(struct library *lib, uint32_t resource, struct slice pointer,
    uint32_t *token, struct error *err)
{
	struct resource r = lib->resource[resource];
	const char *p = pointer.p, *end = pointer.p + pointer.n;
	struct buf key = BUF_INIT;

	*token = r.token;
	while (p < end && *token != JSON_NONE) {
		buf_clear(&key);
		for (p++; p < end && *p != '/'; p++) {
			bool tilde = *p == '~' && end - p > 1 &&
			    (p[1] == '0' || p[1] == '1');

			buf_putc(&key, !tilde ? *p : *++p == '0' ? '~' : '/');
		}
		*token = pointer_step(&r.doc->json, *token, buf_str(&key),
		    key.n);
		if (*token != JSON_NONE && r.doc->resource[*token] != NODE_NONE)
			resource = r.doc->resource[*token];
	}
	if (buf_check(&key, err) == STATUS_OK && *token != JSON_NONE)
		(void)index_schema(lib, r.doc, *token, resource, err);
	buf_release(&key);
	return err->code;
}

/* The resource that an island lies in; of others themselves. */
static uint32_t
around(const struct library *lib, uint32_t resource)
{
	while (lib->resource[resource].island)
		resource = lib->resource[resource].outer;
	return resource;
}

static uint32_t
find_anchor(struct library *lib, uint32_t resource, struct slice name,
    uint32_t *dynamic)
{
	uint32_t token = NODE_NONE;

	for (uint32_t i = 0; i < lib->nanchor; i++) {
		struct anchor *a = &lib->anchor[i];

		if (around(lib, a->resource) != resource || name.n == 0 ||
		    !slice_eq(lib->name[a->name], name))
			continue;
		token = a->token;
		if (a->dynamic)
			*dynamic = a->name;
	}
	return token;
}

enum status
library_resolve(struct library *lib, uint32_t resource, struct slice reference,
    struct place *place, struct error *err)
{
	struct arena *arena = &lib->schema->arena;
	struct slice uri, fragment;
	uint32_t r, root;

	place->anchor = NODE_NONE;
	if (!uri_resolve(arena, lib->resource[resource].uri, reference, &uri,
	    &fragment))
		return error_nomem(err);
	if ((fragment = uri_decode(arena, fragment)).p == NULL)
		return error_nomem(err);
	if (reference.n == 0 || *reference.p == '#')
		r = resource;		/* whatever its URI is */
	else if (find_resource(lib, uri, lib->resource[resource].dialect, &r,
	    err) != STATUS_OK)
		return err->code;
	if (r == NODE_NONE)
		return error_set(err, STATUS_NOT_FOUND, "no schema has the URI "
		    "%.*s, and none was given for it", SLICE_ARG(uri));
	root = around(lib, r);
	place->doc = lib->resource[root].doc;
	place->token = lib->resource[root].token;
	if (fragment.n > 0 && *fragment.p == '/') {
		if (follow(lib, root, fragment, &place->token, err) != STATUS_OK)
			return err->code;
		/* A whole schema that was copied in means its own. */
		if (place->token == JSON_NONE && r != root &&
		    follow(lib, r, fragment, &place->token, err) != STATUS_OK)
			return err->code;
	} else if (fragment.n > 0) {
		place->token = find_anchor(lib, root, fragment, &place->anchor);
	}
	if (place->token == JSON_NONE)
		return error_set(err, STATUS_NOT_FOUND,
		    "%.*s#%.*s is not there", SLICE_ARG(uri),
		    SLICE_ARG(fragment));
	return STATUS_OK;
}
