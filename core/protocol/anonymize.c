/*
 * Presidio's anonymizer (microsoft/presidio, docs/api-docs/api-docs.yml): POST
 * /anonymize, {"text","analyzer_results":[...],"anonymizers":{...}} to {"text","items"};
 * of a list of texts a list of these.  Without analyzer_results our own guards find
 * what is covered.
 */
#include "core/base/hash.h"
#include "core/base/utf8.h"
#include "core/json/value.h"
#include "core/protocol/analyze.h"
#include "core/protocol/entities.h"
#include "core/protocol/protocol.h"

#define SALT_LEAST	16	/* bytes */

struct anonymize {
	bool		several;
	uint32_t	results, operators;	/* or JSON_NONE */
};

/* How one entity is covered. */
struct covered_entity {
	const struct asked	*asked;
	uint32_t		 config;	/* its object, or JSON_NONE */
	const struct entity	*entity;
	struct slice		 text;		/* of the entity */
	struct buf		*out;
};

typedef enum status cover_fn(const struct covered_entity *, struct error *);

static uint32_t
param(const struct covered_entity *c, const char *name)
{
	return json_get_value(&c->asked->json, c->config, name);
}

static struct slice
param_text(const struct covered_entity *c, const char *name)
{
	uint32_t t = param(c, name);

	return t == JSON_NONE || json_kind(&c->asked->json, t) != TOKEN_STRING ?
	    SLICE_NONE : value_string(&c->asked->json, t, c->asked->arena);
}

static enum status
cover_replace(const struct covered_entity *c, struct error *err)
{
	struct slice value = param_text(c, "new_value");

	(void)err;
	if (value.n > 0)
		buf_add_slice(c->out, value);
	else
		buf_printf(c->out, "<%.*s>", SLICE_ARG(c->entity->type));
	return STATUS_OK;
}

static enum status
cover_redact(const struct covered_entity *c, struct error *err)
{
	(void)c;
	(void)err;
	return STATUS_OK;
}

static enum status
cover_keep(const struct covered_entity *c, struct error *err)
{
	(void)err;
	buf_add_slice(c->out, c->text);
	return STATUS_OK;
}

static enum status
cover_mask(const struct covered_entity *c, struct error *err)
{
	const struct json *d = &c->asked->json;
	struct slice mask = param_text(c, "masking_char");
	uint32_t count = param(c, "chars_to_mask"), end = param(c, "from_end");
	struct utf8_cursor at = { c->text, 0, 0 };
	size_t points = utf8_count(c->text.p, c->text.n), i, n, first;
	int64_t wanted;

	if (mask.p == NULL || utf8_count(mask.p, mask.n) != 1 ||
	    count == JSON_NONE || json_kind(d, count) != TOKEN_NUMBER ||
	    !json_int64(d, count, &wanted) || wanted < 0)
		return error_set(err, STATUS_INVALID, "mask has a masking_char "
		    "of one character and a number chars_to_mask");
	n = (uint64_t)wanted > points ? points : (size_t)wanted;
	first = end != JSON_NONE && json_kind(d, end) == TOKEN_TRUE ?
	    points - n : 0;
	i = utf8_byte(&at, first);
	buf_add(c->out, c->text.p, i);
	for (points = 0; points < n; points++)
		buf_add_slice(c->out, mask);
	i = utf8_byte(&at, first + n);
	buf_add(c->out, c->text.p + i, c->text.n - i);
	return STATUS_OK;
}

/* With a salt as Presidio has it; without one under the store's key, which nobody
 * else has, so that the same value has the same hash and cannot be guessed. */
static enum status
cover_hash(const struct covered_entity *c, struct error *err)
{
	struct slice kind = param_text(c, "hash_type");
	struct slice parts[] = { c->text, param_text(c, "salt") };
	struct hasher *hasher;
	char hex[HASH_HEX];
	struct hash hash;
	enum status st;

	if (kind.p != NULL && !slice_is(kind, "sha256"))
		return error_set(err, STATUS_INVALID, "hash_type is \"sha256\"");
	if (parts[1].p != NULL && parts[1].n < SALT_LEAST)
		return error_set(err, STATUS_INVALID, "a salt has %d bytes or "
		    "more", SALT_LEAST);
	if (parts[1].p == NULL)
		st = hash_hmac(c->asked->key, c->text, &hash, err);
	else if ((st = hasher_new(&hasher, err)) == STATUS_OK) {
		hash_parts(hasher, parts, 2, &hash);
		hasher_free(hasher);
	}
	if (st != STATUS_OK)
		return st;
	hash_hex(&hash, hex);
	buf_puts(c->out, hex);
	return STATUS_OK;
}

static const struct operator_row {
	const char	*name;
	cover_fn	*cover;
} operator_rows[] = {
	{ "replace", cover_replace }, { "redact", cover_redact },
	{ "mask", cover_mask }, { "hash", cover_hash }, { "keep", cover_keep }
};

/* The one for a type, or DEFAULT's; JSON_NONE: neither is there. */
static uint32_t
operator_of(const struct asked *a, uint32_t operators, struct slice type)
{
	const struct json *d = &a->json;
	uint32_t t, otherwise = JSON_NONE;

	if (operators == JSON_NONE)
		return JSON_NONE;
	for (t = json_first(d, operators); t != JSON_NONE;
	    t = json_next(d, operators, t)) {
		if (slice_eq(value_string(d, t, a->arena), type))
			return t + 1;
		if (json_string_is(d, t, "DEFAULT"))
			otherwise = t + 1;
	}
	return otherwise;
}

static enum status
operator_row(const struct asked *a, uint32_t config,
    const struct operator_row **row, struct error *err)
{
	const struct json *d = &a->json;
	uint32_t type = json_get_value(d, config, "type");
	size_t i;

	*row = &operator_rows[0];
	if (config == JSON_NONE)
		return STATUS_OK;
	for (i = 0; i < sizeof(operator_rows) / sizeof(operator_rows[0]); i++)
		if (type != JSON_NONE && json_kind(d, type) == TOKEN_STRING &&
		    json_string_is(d, type, operator_rows[i].name)) {
			*row = &operator_rows[i];
			return STATUS_OK;
		}
	return error_set(err, STATUS_INVALID, "an anonymizer's type is replace, "
	    "redact, mask, hash or keep");
}

static enum status
anonymize_read(struct asked *a, struct error *err)
{
	const struct json *d = &a->json;
	struct anonymize *o = arena_zalloc(a->arena, sizeof(*o));
	const struct operator_row *row;
	enum status st;
	uint32_t t;

	if ((a->options = o) == NULL)
		return error_nomem(err);
	o->results = json_get_value(d, 0, "analyzer_results");
	o->operators = json_get_value(d, 0, "anonymizers");
	if (o->operators != JSON_NONE &&
	    json_kind(d, o->operators) != TOKEN_OBJECT)
		return error_set(err, STATUS_INVALID,
		    "anonymizers is an object");
	for (t = o->operators == JSON_NONE ? JSON_NONE :
	    json_first(d, o->operators); t != JSON_NONE;
	    t = json_next(d, o->operators, t))
		if ((st = operator_row(a, t + 1, &row, err)) != STATUS_OK)
			return st;
	if ((st = analyze_texts(a, &o->several, err)) != STATUS_OK)
		return st;
	if (o->several && o->results != JSON_NONE &&
	    (json_kind(d, o->results) != TOKEN_ARRAY ||
	    d->tok[o->results].count != a->n))
		return error_set(err, STATUS_INVALID,
		    "analyzer_results has a list for each text");
	a->judged = o->results != JSON_NONE;
	return STATUS_OK;
}

/* What stands in the new text, in the order of the old one. */
struct item_out {
	size_t		 start, end;	/* code points of the new text */
	struct slice	 type, text;
	const char	*method;
	double		 score;
};

/* One entity's text covered; what a later one overlaps is that one's. */
static enum status
entity_cover(const struct asked *a, const struct entity *e, struct slice text,
    struct buf *out, struct item_out *item, struct error *err)
{
	const struct anonymize *o = a->options;
	struct covered_entity c = { a, operator_of(a, o->operators, e->type), e,
	    text, out };
	const struct operator_row *row;
	size_t from = out->n;
	enum status st;

	if ((st = operator_row(a, c.config, &row, err)) != STATUS_OK ||
	    (st = row->cover(&c, err)) != STATUS_OK)
		return st;
	if (out->failed)
		return error_nomem(err);
	item->type = e->type;
	item->method = row->name;
	item->score = e->score;
	item->text = (struct slice){ arena_copy(a->arena, out->p + from,
	    out->n - from), out->n - from };
	item->start = item->end;
	item->end += utf8_count(item->text.p, item->text.n);
	return item->text.p == NULL ? error_nomem(err) : STATUS_OK;
}

/* written: bytes of the answer that are there already. */
static enum status
text_cover(const struct asked *a, struct slice text, const struct entities *e,
    size_t written, struct buf *out, struct item_out *items, struct error *err)
{
	struct utf8_cursor starts = { text, 0, 0 }, ends = starts;
	size_t i, at = 0, points = 0, start, end;
	enum status st;

	for (i = 0; i < e->n; i++) {
		start = utf8_byte(&starts, e->v[i].start);
		end = utf8_byte(&ends, e->v[i].end);
		if (start > at) {
			buf_add(out, text.p + at, start - at);
			points += utf8_count(text.p + at, start - at);
		}
		items[i].end = points;
		st = entity_cover(a, &e->v[i], (struct slice){ text.p + start,
		    end - start }, out, &items[i], err);
		if (st != STATUS_OK || (st = asked_answer_size(written +
		    2 * out->n, err)) != STATUS_OK)
			return st;
		points = items[i].end;
		at = end;
	}
	buf_add(out, text.p + at, text.n - at);
	return out->failed ? error_nomem(err) : STATUS_OK;
}

static void
result_write(struct writer *w, struct slice text, const struct item_out *items,
    size_t n)
{
	write_object(w, NULL);
	write_text(w, "text", text);
	write_array(w, "items");
	/* The last one first, as Presidio has them. */
	for (; n > 0; n--) {
		write_object(w, NULL);
		write_uint(w, "start", items[n - 1].start);
		write_uint(w, "end", items[n - 1].end);
		write_text(w, "entity_type", items[n - 1].type);
		write_text(w, "text", items[n - 1].text);
		write_word(w, "operator", items[n - 1].method);
		write_double(w, "score", items[n - 1].score);
		write_end(w);
	}
	write_end(w);
	write_end(w);
}

static enum status
text_answer(struct asked *a, size_t i, struct writer *w, struct error *err)
{
	static const struct entity_filter all = { JSON_NONE, JSON_NONE, 0 };
	const struct anonymize *o = a->options;
	const struct asked_text *t = &a->v[i];
	struct buf b = BUF_INIT;
	struct item_out *items;
	struct entities e;
	enum status st;

	st = o->results == JSON_NONE ? entities_found(a, t, &all, &e, err) :
	    entities_given(a, o->several ? json_at(&a->json, o->results,
	    (uint32_t)i) : o->results, t->text, &e, err);
	if (st != STATUS_OK)
		return st;
	entities_settle(&e, t->text);
	if ((items = arena_zalloc(a->arena, (e.n + 1) * sizeof(*items))) == NULL)
		return error_nomem(err);
	/* There is a text, be it empty. */
	st = !buf_reserve(&b, t->text.n + 1) ? error_nomem(err) :
	    text_cover(a, t->text, &e, w->b->n, &b, items, err);
	if (st == STATUS_OK)
		result_write(w, buf_slice(&b), items, e.n);
	buf_release(&b);
	return st;
}

static enum status
anonymize_answer(struct asked *a, struct writer *w, struct error *err)
{
	const struct anonymize *o = a->options;
	enum status st = STATUS_OK;
	size_t i;

	if (o->several)
		write_array(w, NULL);
	for (i = 0; i < a->n && st == STATUS_OK; i++)
		st = text_answer(a, i, w, err);
	if (o->several && st == STATUS_OK)
		write_end(w);
	return st;
}

const struct protocol protocol_anonymize = {
	.name = "presidio",
	.read = anonymize_read,
	.answer = anonymize_answer
};
