#include "core/wire/window.h"

#include <stdlib.h>

#include "core/base/text.h"
#include "core/json/value.h"
#include "core/wire/api.h"
#include "core/wire/gather.h"
#include "core/wire/get.h"
#include "core/wire/hold.h"

struct wire_window *
wire_window_new(enum wire_api api, const struct wire_release *r)
{
	struct wire_window *w = calloc(1, sizeof(*w));

	if (w == NULL)
		return NULL;
	w->api = api;
	w->release = r;
	if (r->id.p != NULL)
		text_json(&w->names, r->id);
	w->id_n = w->names.n;
	if (r->model.p != NULL)
		text_json(&w->names, r->model);
	if (w->names.failed) {
		wire_window_free(w);
		return NULL;
	}
	return w;
}

static void
held_free(struct held_event *e)
{
	buf_release(&e->bytes);
	free(e->spot);
}

void
wire_window_free(struct wire_window *w)
{
	size_t i;

	if (w == NULL)
		return;
	for (i = w->first; i < w->n; i++)
		held_free(&w->held[i]);
	for (i = 0; i < w->ntexts; i++)
		buf_release(&w->text[i].told);
	free(w->held);
	free(w->text);
	free(w->opened);
	buf_release(&w->names);
	free(w);
}

size_t
wire_window_held(const struct wire_window *w)
{
	return w->bytes;
}

int64_t
wire_window_sequence(const struct wire_window *w)
{
	return w->sequence;
}

size_t
wire_window_sent(const struct wire_window *w, size_t text)
{
	return text < w->ntexts ? w->text[text].n : 0;
}

/* An event being taken in. */
struct taking {
	struct wire_window	*w;
	const struct json	*d;
	struct held_event	*e;
	size_t			 cap;
	bool			 failed;
};

static struct wire_spot *
add_spot(struct taking *t, uint32_t token, enum spot_kind kind)
{
	size_t cap = t->cap == 0 ? 4 : t->cap * 2;
	struct wire_spot *s;

	if (t->e->n == t->cap) {
		if ((s = realloc(t->e->spot, cap * sizeof(*s))) == NULL) {
			t->failed = true;
			return NULL;
		}
		t->e->spot = s;
		t->cap = cap;
	}
	s = &t->e->spot[t->e->n++];
	*s = (struct wire_spot){ .kind = kind, .at = t->d->tok[token].start,
	    .end = t->d->tok[token].end, .text = TEXT_NONE };
	return s;
}

static void
add_fixed(struct taking *t, uint32_t token, struct slice with)
{
	struct wire_spot *s;

	if (token != JSON_NONE && (s = add_spot(t, token, SPOT_FIXED)) != NULL)
		s->with = with;
}

/* Wherever logprobs stand in an event. */
static void
add_logprobs(struct taking *t, uint32_t value, struct slice none)
{
	const struct json *d = t->d;
	bool object = json_kind(d, value) == TOKEN_OBJECT;
	struct wire_spot *s;
	uint32_t e;

	if (!object && json_kind(d, value) != TOKEN_ARRAY)
		return;
	for (e = json_first(d, value); e != JSON_NONE;
	    e = json_next(d, value, e)) {
		if (!object || !json_string_is(d, e, "logprobs")) {
			add_logprobs(t, object ? e + 1 : e, none);
			continue;
		}
		if (json_kind(d, e + 1) == TOKEN_NULL ||
		    slice_eq(json_raw(d, e + 1), none))
			continue;
		s = add_spot(t, e + 1, t->w->release->cut_logprobs ?
		    SPOT_FIXED : SPOT_LOGPROBS);
		if (s != NULL)
			s->with = none;
	}
}

static void
add_names(struct taking *t, const char *within)
{
	const struct wire_window *w = t->w;
	uint32_t in = within == NULL ? 0 : json_get_kind(t->d, 0, within,
	    TOKEN_OBJECT);

	if (w->release->id.p != NULL)
		add_fixed(t, json_get_kind(t->d, in, "id", TOKEN_STRING),
		    (struct slice){ w->names.p, w->id_n });
	if (w->release->model.p != NULL)
		add_fixed(t, json_get_kind(t->d, in, "model", TOKEN_STRING),
		    (struct slice){ w->names.p + w->id_n,
		    w->names.n - w->id_n });
}

static int
spot_order(const void *a, const void *b)
{
	const struct wire_spot *x = a, *y = b;

	if (x->at != y->at)
		return x->at < y->at ? -1 : 1;
	return x->end > y->end ? -1 : x->end < y->end;
}

static void
add_spots(struct taking *t, const struct wire_stream *s)
{
	const struct wire_row *row = wire_row(t->w->api);
	struct wire_spot *spot;
	uint32_t i;

	for (i = 0; i < s->npieces; i++) {
		spot = add_spot(t, s->piece[i].t, SPOT_TEXT);
		if (spot == NULL)
			return;
		spot->text = s->piece[i].text;
		spot->from = s->piece[i].start;
		spot->to = s->piece[i].end;
		spot->other = s->piece[i].other;
	}
	add_names(t, row->names_in);
	if (row->no_logprobs.p != NULL)
		add_logprobs(t, 0, row->no_logprobs);
	if (row->asks.asks_usage && t->w->release->cut_usage)
		add_fixed(t, json_get_kind(t->d, 0, "usage", TOKEN_OBJECT),
		    SLICE("null"));
	if (t->e->n > 1)
		qsort(t->e->spot, t->e->n, sizeof(*t->e->spot), spot_order);
}

/* A chunk that says the usage and nothing else, to a client that did not ask. */
static bool
is_left_out(const struct wire_window *w, const struct json *d)
{
	uint32_t choices = json_get(d, 0, "choices");

	return wire_row(w->api)->asks.asks_usage && w->release->cut_usage &&
	    json_get_kind(d, 0, "usage", TOKEN_OBJECT) != JSON_NONE &&
	    (choices == JSON_NONE || json_kind(d, choices) == TOKEN_NULL ||
	    (json_kind(d, choices) == TOKEN_ARRAY &&
	    d->tok[choices].count == 0));
}

static struct held_event *
held_new(struct wire_window *w)
{
	size_t cap = w->cap == 0 ? 16 : w->cap * 2;
	struct held_event *held;

	if (w->first == w->n || (w->n == w->cap && w->first >= w->cap / 2)) {
		if (w->first < w->n)
			memmove(w->held, w->held + w->first, (w->n - w->first) *
			    sizeof(*held));
		w->n -= w->first;
		w->first = 0;
	}
	if (w->n == w->cap) {
		if ((held = realloc(w->held, cap * sizeof(*held))) == NULL)
			return NULL;
		w->held = held;
		w->cap = cap;
	}
	held = &w->held[w->n];
	memset(held, 0, sizeof(*held));
	return held;
}

/* The event's own name: one that is known, and that its data does not contradict;
 * nobody looks at any other.  Chat has none. */
static bool
name_goes_out(const struct wire_window *w, const struct wire_stream *s,
    struct slice name)
{
	uint32_t t = json_get_kind(&s->d, 0, "type", TOKEN_STRING);

	if (w->api == WIRE_CHAT || s->unknown)
		return false;
	return t == JSON_NONE || (name.n + 2 == json_raw(&s->d, t).n &&
	    memcmp(json_raw(&s->d, t).p + 1, name.p, name.n) == 0);
}

enum status
wire_window_event(struct wire_window *w, const struct wire_stream *s,
    const struct sse_event *e, struct error *err)
{
	const struct wire_row *row = wire_row(w->api);
	struct taking t = { .w = w, .d = &s->d };
	/* The data of one that is no JSON left no tokens. */
	bool json = s->d.n > 0;

	if (json && is_left_out(w, &s->d))
		return STATUS_OK;
	if ((t.e = held_new(w)) == NULL)
		return error_nomem(err);
	if (json && name_goes_out(w, s, e->type)) {
		buf_add_slice(&t.e->bytes, e->type);
		t.e->type_n = e->type.n;
	}
	buf_add_slice(&t.e->bytes, e->data);
	t.e->ends = s->ends;
	t.e->sequence = json ? wire_count(&s->d, 0, "sequence_number") : -1;
	if (json) {
		add_spots(&t, s);
		if (row->opening != NULL)
			row->opening(&s->d, &t.e->opening);
	}
	if (t.failed || t.e->bytes.failed) {
		held_free(t.e);
		return error_nomem(err);
	}
	w->n++;
	w->bytes += e->data.n;
	return STATUS_OK;
}

/* All texts that there are have their place. */
static enum status
texts_grow(struct wire_window *w, size_t n, struct error *err)
{
	struct sent_text *text;

	if (n <= w->ntexts)
		return STATUS_OK;
	if ((text = realloc(w->text, n * sizeof(*text))) == NULL)
		return error_nomem(err);
	memset(text + w->ntexts, 0, (n - w->ntexts) * sizeof(*text));
	w->text = text;
	w->ntexts = n;
	return STATUS_OK;
}

static size_t
edits_before(const struct wire_passage *p, size_t at)
{
	size_t n = 0;

	while (n < p->n && p->edit[n].start < at)
		n++;
	return n;
}

/* What went out cannot be taken back. */
static enum status
passages_check(const struct wire_window *w, const struct wire_passage *p,
    size_t n, struct error *err)
{
	size_t i;

	for (i = 0; i < n && i < w->ntexts; i++)
		if (edits_before(&p[i], w->text[i].n) != w->text[i].edits)
			return error_set(err, STATUS_CONFLICT, "an edit begins "
			    "in what went out before");
	return STATUS_OK;
}

/* A call of wire_window_out(). */
struct outing {
	struct wire_window	*w;
	const struct wire_stream *s;
	const struct wire_passage *p;
	size_t			 n;
	bool			 ends;
	struct buf		*out;
	struct buf		 data, piece;
};

static bool
may_go(const struct outing *o, const struct held_event *e)
{
	const struct wire_spot *s;
	size_t i;

	if (o->ends)
		return true;
	if (e->ends)
		return false;
	for (i = 0; i < e->n; i++) {
		s = &e->spot[i];
		if (s->kind == SPOT_TEXT && (s->text >= o->n ||
		    s->to > o->p[s->text].upto))
			return false;
	}
	return true;
}

/* The piece as it goes out, on o->piece; false: as it came. */
static bool
piece_edit(struct outing *o, const struct wire_spot *s)
{
	static const struct wire_passage none;
	const struct wire_passage *p = s->text < o->n ? &o->p[s->text] : &none;
	const char *text = o->s->text[s->text].text.p;
	size_t at = s->from, i, start, end;
	bool edited = s->other;

	buf_clear(&o->piece);
	for (i = 0; i < p->n && p->edit[i].start < s->to; i++) {
		if (p->edit[i].end <= s->from && p->edit[i].start < s->from)
			continue;
		start = p->edit[i].start < s->from ? s->from : p->edit[i].start;
		end = p->edit[i].end > s->to ? s->to : p->edit[i].end;
		if (start > at)
			buf_add(&o->piece, text + at, start - at);
		if (p->edit[i].start >= s->from)
			buf_add_slice(&o->piece, p->edit[i].mark);
		if (end > at)
			at = end;
		edited = true;
	}
	if (s->to > at)
		buf_add(&o->piece, text + at, s->to - at);
	return edited;
}

static void
piece_sent(struct outing *o, const struct wire_spot *s)
{
	static const struct wire_passage none;
	const struct wire_passage *p = s->text < o->n ? &o->p[s->text] : &none;
	struct sent_text *t = &o->w->text[s->text];
	struct wire_spot rest = *s;

	if (s->to <= t->n)
		return;
	/* What is said again was told; the rest of it is new. */
	rest.from = t->n;
	(void)piece_edit(o, &rest);
	buf_add_slice(&t->told, buf_slice(&o->piece));
	t->n = s->to;
	t->edits = edits_before(p, t->n);
	o->out->failed |= t->told.failed;
}

/* The data with other values in its spots, on o->data; false: as it came. */
static bool
event_edit(struct outing *o, const struct held_event *e)
{
	const char *data = e->bytes.p + e->type_n;
	size_t n = e->bytes.n - e->type_n, at = 0;
	bool touched = false, edited = false, piece;
	const struct wire_spot *s;
	size_t i;

	for (i = 0; i < e->n; i++)
		if (e->spot[i].kind == SPOT_TEXT)
			touched |= piece_edit(o, &e->spot[i]);
	buf_clear(&o->data);
	for (i = 0; i < e->n; i++) {
		s = &e->spot[i];
		piece = s->kind == SPOT_TEXT;
		if (s->at < at)
			continue;	/* in one that was written already */
		if (piece ? !piece_edit(o, s) : s->kind == SPOT_LOGPROBS &&
		    !touched)
			continue;
		buf_add(&o->data, data + at, s->at - at);
		if (piece && o->piece.n == 0)
			buf_add(&o->data, "\"\"", 2);
		else if (piece)
			text_json(&o->data, buf_slice(&o->piece));
		else
			buf_add_slice(&o->data, s->with);
		at = s->end;
		edited = true;
	}
	buf_add(&o->data, data + at, n - at);
	o->out->failed |= o->data.failed || o->piece.failed;
	return edited;
}

static bool
opened_add(struct wire_window *w, const struct opening *o)
{
	size_t cap = w->opened_cap == 0 ? 8 : w->opened_cap * 2, i;
	enum opens what = o->what < CLOSES_ITEM ? o->what :
	    OPENS_ITEM + (o->what - CLOSES_ITEM);
	void *p;

	if (o->what == OPENS_ANSWER)
		w->begun = true;
	if (o->what == OPENS_NOTHING || o->what == OPENS_ANSWER)
		return true;
	for (i = 0; i < w->nopened; i++)
		if (w->opened[i].what == what && w->opened[i].item == o->item &&
		    w->opened[i].part == o->part) {
			w->opened[i].closed |= o->what >= CLOSES_ITEM;
			return true;
		}
	if (w->nopened == w->opened_cap) {
		if ((p = realloc(w->opened, cap * sizeof(*w->opened))) == NULL)
			return false;
		w->opened = p;
		w->opened_cap = cap;
	}
	w->opened[w->nopened++] = (struct opened){ what, o->item, o->part,
	    o->what >= CLOSES_ITEM };
	return true;
}

static void
event_out(struct outing *o, const struct held_event *e)
{
	struct sse_event event = { .type = { e->bytes.p, e->type_n },
	    .data = { e->bytes.p + e->type_n, e->bytes.n - e->type_n } };
	size_t i;

	if (e->type_n == 0 || slice_is(event.type, "message"))
		event.type = SLICE_NONE;	/* none was named */
	if (event_edit(o, e))
		event.data = buf_slice(&o->data);
	sse_write(o->out, &event);
	for (i = 0; i < e->n; i++)
		if (e->spot[i].kind == SPOT_TEXT)
			piece_sent(o, &e->spot[i]);
	if (!opened_add(o->w, &e->opening))
		o->out->failed = true;
	for (i = 0; i < WIRE_CHOICES_MAX / 64; i++)
		o->w->choices[i] |= e->opening.choices[i];
	if (e->sequence >= o->w->sequence)
		o->w->sequence = e->sequence + 1;
}

enum status
wire_window_out(struct wire_window *w, const struct wire_stream *s,
    const struct wire_passage *p, size_t n, bool ends, struct buf *out,
    struct error *err)
{
	struct outing o = { .w = w, .s = s, .p = p, .n = n, .ends = ends,
	    .out = out };
	enum status st;

	if ((st = texts_grow(w, s->ntexts, err)) != STATUS_OK ||
	    (st = passages_check(w, p, n, err)) != STATUS_OK)
		return st;
	while (w->first < w->n && may_go(&o, &w->held[w->first])) {
		struct held_event *e = &w->held[w->first++];

		event_out(&o, e);
		w->bytes -= e->bytes.n - e->type_n;
		held_free(e);
	}
	buf_release(&o.data);
	buf_release(&o.piece);
	return buf_check(out, err);
}

enum status
wire_window_cut(struct wire_window *w, const struct wire_stream *s,
    struct buf *out, struct error *err)
{
	enum status st = texts_grow(w, s->ntexts, err);

	if (st != STATUS_OK)
		return st;
	while (w->first < w->n)
		held_free(&w->held[w->first++]);
	w->bytes = 0;
	if ((st = wire_row(w->api)->cut(w, s, out, err)) != STATUS_OK)
		return st;
	return buf_check(out, err);
}
