#include "core/wire/gather.h"

#include <stdlib.h>

#include "core/json/value.h"

static bool
grow(void **p, uint32_t *cap, size_t size)
{
	uint32_t next = *cap == 0 ? 8 : *cap * 2;
	void *more = realloc(*p, next * size);

	if (more == NULL)
		return false;
	*p = more;
	*cap = next;
	return true;
}

uint32_t
gather_part(struct wire_stream *s)
{
	return s->nparts++;
}

uint32_t
gather_text(struct wire_stream *s, enum wire_kind kind, uint32_t choice,
    uint32_t part)
{
	void *text = s->text, *place = s->place;
	uint32_t cap = s->text_cap;
	struct buf kept = BUF_INIT;

	if (s->ntexts == TEXTS_MAX) {
		s->too_long = true;
		return TEXT_NONE;
	}
	if (s->ntexts == s->text_cap) {
		if (!grow(&text, &cap, sizeof(*s->text))) {
			s->failed = true;
			return TEXT_NONE;
		}
		s->text = text;
		cap = s->text_cap;
		if (!grow(&place, &cap, sizeof(*s->place))) {
			s->failed = true;
			return TEXT_NONE;
		}
		s->place = place;
		s->text_cap = cap;
	}
	if (s->ntexts < s->text_made)
		kept = s->text[s->ntexts].text;
	else
		s->text_made++;
	buf_clear(&kept);
	s->text[s->ntexts] = (struct wire_text){ .kind = kind,
	    .choice = choice, .part = part, .text = kept };
	s->place[s->ntexts] = TEXT_NONE;
	s->text_bytes += sizeof(*s->text);
	return s->ntexts++;
}

static void
add_piece(struct wire_stream *s, const struct piece *p)
{
	void *v = s->piece;

	if (s->npieces == s->piece_cap && !grow(&v, &s->piece_cap,
	    sizeof(*s->piece))) {
		s->failed = true;
		return;
	}
	s->piece = v;
	s->piece[s->npieces++] = *p;
}

/* Onto the end of the buffer, decoded. */
static void
decode(const struct json *d, uint32_t t, struct buf *b)
{
	struct slice raw = json_raw(d, t);

	raw = (struct slice){ raw.p + 1, raw.n - 2 };
	if (d->tok[t].escaped)
		json_decode(raw, b);
	else
		buf_add_slice(b, raw);
}

void
gather_add(struct wire_stream *s, uint32_t text, uint32_t t)
{
	struct piece p = { .t = t, .text = text };
	struct buf *b;

	if (text == TEXT_NONE)
		return;
	b = &s->text[text].text;
	p.start = b->n;
	decode(&s->d, t, b);
	p.end = b->n;
	s->failed |= b->failed;
	s->text_bytes += p.end - p.start;
	add_piece(s, &p);
}

void
gather_whole(struct wire_stream *s, uint32_t text, uint32_t t)
{
	struct piece p = { .t = t, .text = text };
	struct buf whole = BUF_INIT, *b;

	if (text == TEXT_NONE)
		return;
	b = &s->text[text].text;
	decode(&s->d, t, &whole);
	p.end = whole.n;
	if (b->n < whole.n && (b->n == 0 || memcmp(b->p, whole.p, b->n) == 0)) {
		s->text_bytes += whole.n - b->n;
		buf_add(b, whole.p + b->n, whole.n - b->n);
	} else if (whole.n > b->n || (whole.n > 0 && memcmp(b->p, whole.p,
	    whole.n) != 0)) {
		p.end = b->n;
		p.other = true;
	}
	s->failed |= whole.failed || b->failed;
	buf_release(&whole);
	add_piece(s, &p);
}

void
gather_choice_ends(struct wire_stream *s, uint32_t choice)
{
	uint32_t i;

	for (i = 0; i < s->ntexts; i++)
		if (s->text[i].choice == choice)
			s->text[i].ended = true;
}

void
gather_write_text(const void *arg, uint32_t text, struct writer *w)
{
	const struct wire_stream *s = arg;
	const struct buf *b = &s->text[text].text;

	write_text(w, NULL, b->n == 0 ? SLICE("") : buf_slice(b));
}

enum wire_outcome
gather_outcome(const struct wire_stream *s, const char *why, struct error *err)
{
	if (why != NULL) {
		(void)error_set(err, STATUS_INVALID, "%s", why);
		return WIRE_BAD;
	}
	return s->done ? WIRE_DONE : WIRE_MORE;
}
