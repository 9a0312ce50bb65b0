/* The keywords that assert something of a value by itself. */
#include "core/schema/assertions.h"

#include "core/base/arena.h"
#include "core/json/value.h"
#include "core/schema/build.h"
#include "core/schema/format.h"
#include "core/schema/names.h"

/* The parts, made when the first keyword needs them. */
static struct string_part *
string_part(struct build *b)
{
	if (b->string == NULL && (b->string = arena_zalloc(build_arena(b),
	    sizeof(*b->string))) != NULL)
		b->string->max = UINT64_MAX;
	return b->string;
}

static enum status
read_number(struct build *b, uint32_t value, const struct number **out,
    struct error *err)
{
	struct number *n;

	if (!build_is(b, value, TOKEN_NUMBER))
		return build_wrong(b, value, "a number", err);
	if ((n = arena_alloc(build_arena(b), sizeof(*n))) == NULL)
		return error_nomem(err);
	number_read(n, json_raw(&b->doc->json, value));
	*out = n;
	return STATUS_OK;
}

static const struct {
	const char	*name;
	uint32_t	 mask;
} types[] = {
	{ "array", TYPE_BIT(TOKEN_ARRAY) },
	{ "boolean", TYPE_BIT(TOKEN_TRUE) | TYPE_BIT(TOKEN_FALSE) },
	{ "integer", TYPE_INTEGER }, { "null", TYPE_BIT(TOKEN_NULL) },
	{ "number", TYPE_BIT(TOKEN_NUMBER) },
	{ "object", TYPE_BIT(TOKEN_OBJECT) },
	{ "string", TYPE_BIT(TOKEN_STRING) }, { NULL, 0 }
};

static enum status
add_type(struct build *b, uint32_t value, struct buf *text, struct error *err)
{
	for (int i = 0; types[i].name != NULL; i++) {
		if (build_is(b, value, TOKEN_STRING) && json_string_is(&b->doc->json,
		    value, types[i].name)) {
			b->node.types |= types[i].mask;
			buf_printf(text, "%s%s", text->n > 0 ? " or " : "",
			    types[i].name);
			return STATUS_OK;
		}
	}
	return build_wrong(b, value, "array, boolean, integer, null, number, object "
	    "or string", err);
}

enum status
kw_type(struct build *b, uint32_t value, struct error *err)
{
	const struct json *j = &b->doc->json;
	struct buf text = BUF_INIT;
	enum status st = STATUS_OK;

	b->node.types = 0;
	if (!build_is(b, value, TOKEN_ARRAY))
		st = add_type(b, value, &text, err);
	for (uint32_t t = build_is(b, value, TOKEN_ARRAY) ? json_first(j, value) :
	    JSON_NONE; t != JSON_NONE && st == STATUS_OK;
	    t = json_next(j, value, t))
		st = add_type(b, t, &text, err);
	if (st == STATUS_OK && (st = buf_check(&text, err)) == STATUS_OK) {
		b->node.type_text.p = arena_str(build_arena(b), buf_slice(&text));
		b->node.type_text.n = text.n;
		if (b->node.type_text.p == NULL)
			st = error_nomem(err);
	}
	buf_release(&text);
	return st;
}

static enum status
add_value(struct build *b, struct any_of_values *v, uint32_t value,
    struct error *err)
{
	const struct json *j = &b->doc->json;
	struct name *name = &v->strings.v[v->strings.n];

	v->types |= TYPE_BIT(json_kind(j, value));
	if (json_kind(j, value) != TOKEN_STRING)
		return STATUS_OK;
	name->key = value_string(j, value, build_arena(b));
	v->strings.n++;
	return name->key.p == NULL ? error_nomem(err) : STATUS_OK;
}

static enum status
read_values(struct build *b, uint32_t value, const char *keyword,
    const struct any_of_values **out, struct error *err)
{
	const struct json *j = &b->doc->json;
	bool list = *keyword == 'e';
	struct any_of_values *v;
	uint32_t room = list ? j->tok[value].count + 1u : 1;

	v = arena_zalloc(build_arena(b), sizeof(*v));
	if (v == NULL || (v->strings.v = arena_zalloc(build_arena(b),
	    room * sizeof(struct name))) == NULL)
		return error_nomem(err);
	v->keyword = keyword;
	v->doc = j;
	v->array = list ? value : NODE_NONE;
	v->value = value;
	if (!list && add_value(b, v, value, err) != STATUS_OK)
		return err->code;
	for (uint32_t t = list ? json_first(j, value) : JSON_NONE;
	    t != JSON_NONE; t = json_next(j, value, t)) {
		if (add_value(b, v, t, err) != STATUS_OK)
			return err->code;
	}
	*out = v;
	return names_index(&v->strings, build_arena(b), err);
}

enum status
kw_enum(struct build *b, uint32_t value, struct error *err)
{
	if (!build_is(b, value, TOKEN_ARRAY))
		return build_wrong(b, value, "an array", err);
	return read_values(b, value, "enum", &b->node.enumeration, err);
}

enum status
kw_const(struct build *b, uint32_t value, struct error *err)
{
	return read_values(b, value, "const", &b->node.constant, err);
}

static struct number_part *
number_part(struct build *b)
{
	if (b->number == NULL)
		b->number = arena_zalloc(build_arena(b), sizeof(*b->number));
	return b->number;
}

/* Draft 4's exclusive* are true or false beside the limit that they sharpen. */
static enum status
read_limit(struct build *b, uint32_t value, const char *exclusive,
    const struct number **incl, const struct number **excl, struct error *err)
{
	bool sharp = false;
	uint32_t t = build_sibling(b, exclusive);

	if (b->dialect.draft == SCHEMA_DRAFT_4 && t != JSON_NONE &&
	    build_bool(b, t, &sharp, err) != STATUS_OK)
		return err->code;
	return read_number(b, value, sharp ? excl : incl, err);
}

enum status
kw_minimum(struct build *b, uint32_t value, struct error *err)
{
	struct number_part *n = number_part(b);

	return n == NULL ? error_nomem(err) : read_limit(b, value,
	    "exclusiveMinimum", &n->min, &n->above, err);
}

enum status
kw_maximum(struct build *b, uint32_t value, struct error *err)
{
	struct number_part *n = number_part(b);

	return n == NULL ? error_nomem(err) : read_limit(b, value,
	    "exclusiveMaximum", &n->max, &n->below, err);
}

enum status
kw_exclusive_minimum(struct build *b, uint32_t value, struct error *err)
{
	struct number_part *n = number_part(b);

	return n == NULL ? error_nomem(err) :
	    read_number(b, value, &n->above, err);
}

enum status
kw_exclusive_maximum(struct build *b, uint32_t value, struct error *err)
{
	struct number_part *n = number_part(b);

	return n == NULL ? error_nomem(err) :
	    read_number(b, value, &n->below, err);
}

enum status
kw_multiple_of(struct build *b, uint32_t value, struct error *err)
{
	struct number_part *n = number_part(b);

	if (n == NULL)
		return error_nomem(err);
	if (read_number(b, value, &n->multiple, err) != STATUS_OK)
		return err->code;
	if (n->multiple->sign <= 0 ||
	    n->multiple->digits > NUMBER_DIVISOR_DIGITS)
		return build_wrong(b, value, "a number over 0 of 64 digits or less",
		    err);
	return STATUS_OK;
}

enum status
kw_min_length(struct build *b, uint32_t value, struct error *err)
{
	struct string_part *s = string_part(b);

	return s == NULL ? error_nomem(err) :
	    build_count(b, value, &s->min, err);
}

enum status
kw_max_length(struct build *b, uint32_t value, struct error *err)
{
	struct string_part *s = string_part(b);

	return s == NULL ? error_nomem(err) :
	    build_count(b, value, &s->max, err);
}

enum status
kw_pattern(struct build *b, uint32_t value, struct error *err)
{
	struct string_part *s = string_part(b);

	if (s == NULL)
		return error_nomem(err);
	if (build_string(b, value, &s->pattern_text, err) != STATUS_OK)
		return err->code;
	return build_regex(b, value, s->pattern_text, &s->pattern, err);
}

enum status
kw_format(struct build *b, uint32_t value, struct error *err)
{
	const struct format *f;
	struct string_part *s;
	struct slice name;

	if (!b->c->lib.options->assert_format &&
	    !(b->dialect.vocab & VOCAB_FORMAT_ASSERTION))
		return STATUS_OK;
	if (build_string(b, value, &name, err) != STATUS_OK)
		return err->code;
	if ((f = format_find(b->dialect.draft, name)) == NULL)
		return STATUS_OK;
	if ((s = string_part(b)) == NULL)
		return error_nomem(err);
	s->format = f;
	return STATUS_OK;
}
