#include "core/json/decoded.h"

#include <stdlib.h>

#include "core/base/arena.h"
#include "core/base/utf8.h"
#include "core/json/value.h"

#define DEPTH_MAX	512	/* of JSON in a string: its record has 64 */
#define CHECK_EVERY	1024	/* decoded bytes between places kept */
#define POINTER_MAX	4096	/* bytes of a pointer, about */
#define FLAGS		(JSON_NUL_ALLOWED | JSON_LENIENT)

struct decoded_node {
	uint32_t	in, step;	/* its own place; in: a node or NONE */
	bool		object;		/* steps within are keys, else numbers */
};

struct decoded_layer {
	struct slice	text;
	uint32_t	holder;		/* the value whose text it is, or NONE */
	uint32_t	depth;
};

/* Where a value stands. */
struct value_spot {
	uint32_t	node, step, key;
};

static bool
fit(void **v, uint32_t n, uint32_t *cap, size_t size)
{
	uint32_t more = *cap == 0 ? 64 : *cap * 2;
	void *p;

	if (n < *cap)
		return true;
	if (more < *cap || (p = realloc(*v, more * size)) == NULL)
		return false;
	*v = p;
	*cap = more;
	return true;
}

void
decoded_release(struct decoded *d)
{
	size_t i;

	for (i = 0; i <= DECODED_NEST; i++)
		json_release(&d->json[i]);
	free(d->v);
	free(d->node);
	free(d->layer);
	free(d->check);
	arena_release(&d->arena);
	memset(d, 0, sizeof(*d));
}

static bool
is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* Whether it can be an object or array, by its first and its last byte. */
static bool
looks_like_json(struct slice s)
{
	size_t i = 0, n = s.n;

	while (i < n && is_space(s.p[i]))
		i++;
	if (i == n || (s.p[i] != '{' && s.p[i] != '['))
		return false;
	while (is_space(s.p[n - 1]))
		n--;
	return s.p[n - 1] == (s.p[i] == '{' ? '}' : ']');
}

/* Escapes, and something that they may be of: a string first of all, behind a
 * bracket, or before a colon. */
static bool
loose_looks(struct slice s)
{
	const char *object, *list, *quote;
	size_t i = 0;

	if (s.n == 0 || memchr(s.p, '\\', s.n) == NULL ||
	    (quote = memrchr(s.p, '"', s.n)) == NULL)
		return false;
	while (is_space(s.p[i]) || (s.p[i] & 0x80) != 0)
		i++;
	object = memchr(s.p, '{', s.n);
	list = memchr(s.p, '[', s.n);
	return s.p[i] == '"' || (object != NULL && object < quote) ||
	    (list != NULL && list < quote) ||
	    memmem(s.p, s.n, "\":", 2) != NULL ||
	    memmem(s.p, s.n, "\" :", 3) != NULL;
}

bool
decoded_looks(struct slice s, bool is_string)
{
	return s.n > 0 && (!is_string || looks_like_json(s));
}

/* The byte behind p that is no space, or NUL. */
static char
byte_after(struct slice s, const char *p)
{
	const char *end = s.p + s.n;

	for (p++; p < end && is_space(*p); p++)
		;
	return p < end ? *p : '\0';
}

/*
 * Can a string be an element of an array?  Then it is the first, or behind one
 * that is no container, or behind an object; but so may a key be.
 */
static bool
has_listed(struct slice s)
{
	const char *p, *end = s.p + s.n, *first;

	first = memchr(s.p, '[', s.n);
	for (p = first; p != NULL; p = memchr(p, '[', (size_t)(end - p))) {
		if (strchr("{[]", byte_after(s, p)) == NULL)
			return true;
		p++;
	}
	for (p = first; p != NULL; p = memchr(p, '}', (size_t)(end - p))) {
		if (*p == '}' && byte_after(s, p) == ',')
			return true;
		p++;
	}
	return false;
}

bool
decoded_differs(struct slice s, bool is_string)
{
	return loose_looks(s) ||
	    (decoded_looks(s, is_string) &&
	    (memchr(s.p, '\\', s.n) != NULL || has_listed(s)));
}

static bool	walk(struct decoded *, uint32_t layer, uint32_t t, struct value_spot);

/*
 * The text once more with its escapes read, and again with those that come of
 * it.  Its layer is the text with the escapes of JSON alone, byte beside byte.
 */
static bool
loose_add(struct decoded *d, struct slice text, uint32_t holder,
    uint32_t depth, struct value_spot at)
{
	struct decoded_value *v;
	struct slice said;
	char *p, *out;

	if (!loose_looks(text))
		return true;
	if (depth > DECODED_NEST) {
		d->deeper = true;
		return true;
	}
	p = arena_copy(&d->arena, text.p, text.n);
	out = arena_alloc(&d->arena, text.n);
	if (p == NULL || out == NULL ||
	    !fit((void **)&d->v, d->n, &d->cap, sizeof(*d->v)) ||
	    !fit((void **)&d->layer, d->nlayers, &d->layer_cap,
	    sizeof(*d->layer)))
		return false;
	json_loosen(p, text.n);
	text.p = p;
	said = (struct slice){ out, json_decode_into(text, out) };
	d->layer[d->nlayers] = (struct decoded_layer){ text, holder, depth };
	v = &d->v[d->n++];
	*v = (struct decoded_value){ .text = said.p, .n = (uint32_t)said.n,
	    .start = 0, .end = (uint32_t)text.n, .layer = d->nlayers++,
	    .key = at.key, .node = at.node, .step = at.step,
	    .kind = DECODED_LOOSE, .escaped = true };
	return said.n == text.n || loose_add(d, said, d->n - 1, depth + 1, at);
}

/* A further text of values; false only where there is no memory. */
static bool
layer_read(struct decoded *d, struct slice text, uint32_t holder,
    uint32_t depth, struct value_spot at, bool *is_json)
{
	struct json_error why;
	enum status st;

	st = json_parse(&d->json[depth], text, DEPTH_MAX, FLAGS, &why);
	*is_json = st == STATUS_OK;
	if (st != STATUS_OK)
		return st != STATUS_NOMEM;
	if (!fit((void **)&d->layer, d->nlayers, &d->layer_cap,
	    sizeof(*d->layer)))
		return false;
	d->layer[d->nlayers] = (struct decoded_layer){ text, holder, depth };
	return walk(d, d->nlayers++, 0, at);
}

static struct decoded_value *
value_add(struct decoded *d, uint32_t layer, uint32_t t, struct value_spot at,
    enum decoded_kind kind)
{
	const struct json *j = &d->json[d->layer[layer].depth];
	const struct json_token *tok = &j->tok[t];
	bool string = tok->type == TOKEN_STRING;
	struct decoded_value *v;
	struct slice text;

	if (!fit((void **)&d->v, d->n, &d->cap, sizeof(*d->v)))
		return NULL;
	text = string ? json_text(j, t, &d->arena) : json_raw(j, t);
	if (text.p == NULL)
		return NULL;
	v = &d->v[d->n++];
	*v = (struct decoded_value){ .text = text.p, .n = (uint32_t)text.n,
	    .start = tok->start + string, .end = tok->end - string,
	    .layer = layer, .key = at.key, .node = at.node, .step = at.step,
	    .kind = (uint8_t)kind, .escaped = tok->escaped,
	    .listed = at.node != DECODED_NONE && !d->node[at.node].object };
	return v;
}

static bool
walk_string(struct decoded *d, uint32_t layer, uint32_t t, struct value_spot at)
{
	uint32_t depth = d->layer[layer].depth, holder = d->n;
	struct decoded_value *v;
	struct slice text;
	bool is_json;

	if ((v = value_add(d, layer, t, at, DECODED_STRING)) == NULL)
		return false;
	text = (struct slice){ v->text, v->n };
	is_json = looks_like_json(text);
	d->deeper = d->deeper || (is_json && depth == DECODED_NEST);
	if (!is_json || depth == DECODED_NEST)
		return loose_add(d, text, holder, depth + 1, at);
	/* Its values are added behind it: no pointer into v[] stays good. */
	v->kind = DECODED_HELD;
	if (!layer_read(d, text, holder, depth + 1, at, &is_json))
		return false;
	if (is_json)
		return true;
	d->v[holder].kind = DECODED_STRING;
	return loose_add(d, text, holder, depth + 1, at);
}

static bool
walk_container(struct decoded *d, uint32_t layer, uint32_t t, struct value_spot at)
{
	const struct json *j = &d->json[d->layer[layer].depth];
	bool object = j->tok[t].type == TOKEN_OBJECT;
	struct value_spot inner = { d->nnodes, 0, at.key };
	uint32_t i, n = 0;

	if (!fit((void **)&d->node, d->nnodes, &d->node_cap, sizeof(*d->node)))
		return false;
	d->node[d->nnodes++] = (struct decoded_node){ at.node, at.step,
	    object };
	for (i = json_first(j, t); i != JSON_NONE; i = json_next(j, t, i)) {
		inner.step = n++;
		if (object) {
			inner.step = d->n;
			inner.key = DECODED_NONE;
			if (value_add(d, layer, i, inner, DECODED_KEY) == NULL)
				return false;
			inner.key = inner.step;
		}
		if (!walk(d, layer, i + object, inner))
			return false;
	}
	return true;
}

static bool
walk(struct decoded *d, uint32_t layer, uint32_t t, struct value_spot at)
{
	switch (json_kind(&d->json[d->layer[layer].depth], t)) {
	case TOKEN_OBJECT:
	case TOKEN_ARRAY:
		return walk_container(d, layer, t, at);
	case TOKEN_STRING:
		return walk_string(d, layer, t, at);
	case TOKEN_NUMBER:
		return value_add(d, layer, t, at, DECODED_NUMBER) != NULL;
	case TOKEN_NULL:
	case TOKEN_FALSE:
	case TOKEN_TRUE:
		break;
	}
	return value_add(d, layer, t, at, DECODED_WORD) != NULL;
}

enum status
decoded_read(struct decoded *d, struct slice text, bool is_string,
    struct error *err)
{
	struct value_spot top = { DECODED_NONE, 0, DECODED_NONE };

	d->is_json = d->deeper = false;
	d->n = d->nnodes = d->nlayers = d->nchecks = 0;
	arena_reset(&d->arena);
	if ((decoded_looks(text, is_string) &&
	    !layer_read(d, text, DECODED_NONE, 0, top, &d->is_json)) ||
	    (!d->is_json && !loose_add(d, text, DECODED_NONE, 0, top)))
		return error_nomem(err);
	return STATUS_OK;
}

static struct slice
value_inside(const struct decoded *d, const struct decoded_value *v)
{
	return (struct slice){ d->layer[v->layer].text.p + v->start,
	    v->end - v->start };
}

/* Keeps a place every now and then, so that none is far from one that is. */
static bool
checks_make(struct decoded *d, struct decoded_value *v)
{
	struct slice inside = value_inside(d, v);
	struct json_place p = { 0, 0 };
	size_t at;

	v->check = d->nchecks;
	for (at = 0; at <= v->n; at += CHECK_EVERY) {
		json_place_decoded(inside, &p, at);
		if (!fit((void **)&d->check, d->nchecks, &d->check_cap,
		    sizeof(*d->check)))
			return false;
		d->check[d->nchecks++] = p;
	}
	v->nchecks = d->nchecks - v->check;
	return true;
}

/* The last place kept that is not behind `at`. */
static struct json_place
check_before(const struct decoded *d, const struct decoded_value *v, size_t at,
    bool raw)
{
	const struct json_place *p = &d->check[v->check];
	uint32_t low = 0, high = v->nchecks, mid;

	while (high - low > 1) {
		mid = low + (high - low) / 2;
		if ((raw ? p[mid].raw : p[mid].decoded) <= at)
			low = mid;
		else
			high = mid;
	}
	return p[low];
}

/* Begins with a place near `at`; false where there is no memory. */
static bool
place_near(struct decoded *d, const struct decoded_value *v, size_t at,
    bool raw, struct json_place *p)
{
	*p = (struct json_place){ 0, 0 };
	if (v->n <= CHECK_EVERY)
		return true;
	if (v->nchecks == 0 && !checks_make(d, &d->v[v - d->v]))
		return false;
	*p = check_before(d, v, at, raw);
	return true;
}

/* From a byte of the value to one of the layer that it is written in. */
static bool
value_out(struct decoded *d, const struct decoded_value *v, size_t at,
    size_t *out)
{
	struct json_place p;

	*out = v->start + at;
	if (!v->escaped)
		return true;
	if (!place_near(d, v, at, false, &p))
		return false;
	json_place_decoded(value_inside(d, v), &p, at);
	*out = v->start + p.raw;
	return true;
}

/* And back; up: to the end of the character that is cut, else its beginning. */
static bool
value_in(struct decoded *d, const struct decoded_value *v, size_t at, bool up,
    size_t *in)
{
	struct slice inside = value_inside(d, v);
	struct json_place p;
	size_t from;

	at = at < v->start ? 0 : at > v->end ? inside.n : at - v->start;
	*in = at;
	if (!v->escaped)
		return true;
	if (!place_near(d, v, at, true, &p))
		return false;
	json_place_raw(inside, &p, at);
	*in = p.decoded;
	if (up && p.raw < at) {
		/* Within an escape: its characters are decoded as one. */
		from = p.decoded;
		while (*in < v->n && p.decoded == from)
			json_place_decoded(inside, &p, ++*in);
		*in = p.decoded;
	}
	return true;
}

static bool
place_out(struct decoded *d, const struct decoded_value *v, size_t at,
    uint32_t *out)
{
	uint32_t holder;

	for (;;) {
		if (!value_out(d, v, at, &at))
			return false;
		holder = d->layer[v->layer].holder;
		if (holder == DECODED_NONE)
			break;
		v = &d->v[holder];
	}
	*out = (uint32_t)at;
	return true;
}

static bool
place_in(struct decoded *d, const struct decoded_value *v, uint32_t at,
    bool up, size_t *in)
{
	const struct decoded_value *chain[DECODED_NEST + 1];
	uint32_t holder, n = 0;
	size_t place = at;

	for (;;) {
		chain[n++] = v;
		holder = d->layer[v->layer].holder;
		if (holder == DECODED_NONE)
			break;
		v = &d->v[holder];
	}
	while (n > 0)
		if (!value_in(d, chain[--n], place, up, &place))
			return false;
	*in = place;
	return true;
}

enum status
decoded_place(struct decoded *d, const struct decoded_value *v, size_t from,
    size_t to, uint32_t *start, uint32_t *end, struct error *err)
{
	if (!place_out(d, v, from, start) || !place_out(d, v, to, end))
		return error_nomem(err);
	return STATUS_OK;
}

enum status
decoded_at(struct decoded *d, uint32_t start, uint32_t end,
    const struct decoded_value **at, struct error *err)
{
	uint32_t low = 0, high = d->n, mid, place;

	*at = NULL;
	while (low < high) {
		mid = low + (high - low) / 2;
		if (!place_out(d, &d->v[mid], 0, &place))
			return error_nomem(err);
		if (place <= start)
			low = mid + 1;
		else
			high = mid;
	}
	if (low == 0)
		return STATUS_OK;
	if (!place_out(d, &d->v[low - 1], d->v[low - 1].n, &place))
		return error_nomem(err);
	if (end <= place)
		*at = &d->v[low - 1];
	return STATUS_OK;
}

enum status
decoded_within(struct decoded *d, const struct decoded_value *v,
    uint32_t start, uint32_t end, size_t *from, size_t *to, struct error *err)
{
	if (!place_in(d, v, start, false, from) ||
	    !place_in(d, v, end, true, to))
		return error_nomem(err);
	return STATUS_OK;
}

uint32_t
decoded_depth(const struct decoded *d, const struct decoded_value *v)
{
	return d->layer[v->layer].depth;
}

static void
put_key(struct buf *b, const struct decoded_value *key)
{
	uint32_t i;

	for (i = 0; i < key->n && b->n < POINTER_MAX; i++) {
		if (key->text[i] == '~')
			buf_puts(b, "~0");
		else if (key->text[i] == '/')
			buf_puts(b, "~1");
		else
			buf_putc(b, key->text[i]);
	}
}

static void
put_steps(struct buf *b, const struct decoded *d, uint32_t node, uint32_t step)
{
	const struct decoded_node *n;

	if (node == DECODED_NONE)
		return;
	n = &d->node[node];
	put_steps(b, d, n->in, n->step);
	if (b->n >= POINTER_MAX)
		return;
	buf_putc(b, '/');
	if (n->object)
		put_key(b, &d->v[step]);
	else
		buf_printf(b, "%u", (unsigned)step);
}

struct slice
decoded_pointer(const struct decoded *d, const struct decoded_value *v,
    struct arena *arena)
{
	struct buf b = BUF_INIT;
	struct slice out;

	put_steps(&b, d, v->node, v->step);
	/* One that was cut ends with a whole character, and says so. */
	if (b.n >= POINTER_MAX) {
		b.n = utf8_valid(b.p, b.n);
		buf_puts(&b, "...");
	}
	out = (struct slice){ arena_copy(arena, buf_str(&b), b.n), b.n };
	if (b.failed)
		out.p = NULL;
	buf_release(&b);
	return out;
}
