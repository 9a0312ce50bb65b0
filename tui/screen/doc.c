#include "tui/screen/doc.h"

#include <ctype.h>
#include <stdlib.h>

#include "core/base/text_cells.h"
#include "tui/screen/cell.h"

void
doc_init(struct doc *d)
{
	memset(d, 0, sizeof(*d));
}

void
doc_release(struct doc *d)
{
	free(d->paras);
	free(d->rows);
	doc_init(d);
}

void
doc_clear(struct doc *d)
{
	d->nparas = d->nrows = d->nmarks = d->hidden = d->width = 0;
	d->marks = NULL;
	d->failed = false;
}

/* Room for one more element of an array of n, doubling. */
static void *
grown(void *v, size_t n, size_t *cap, size_t size)
{
	size_t more;
	void *p;

	if (n < *cap)
		return v;
	more = *cap == 0 ? 64 : *cap * 2;
	p = realloc(v, more * size);
	if (p != NULL)
		*cap = more;
	return p;
}

static void
add(struct doc *d, enum face face, unsigned indent, struct slice text,
    uint32_t base)
{
	struct doc_para *v;
	struct slice line;
	const char *lf;
	size_t at = 0;

	do {
		line.p = text.n == 0 ? "" : text.p + at;
		lf = text.n == at ? NULL : memchr(line.p, '\n', text.n - at);
		line.n = lf == NULL ? text.n - at : (size_t)(lf - line.p);
		v = grown(d->paras, d->nparas, &d->para_cap, sizeof(*v));
		if (v == NULL) {
			d->failed = true;
			return;
		}
		d->paras = v;
		v[d->nparas++] = (struct doc_para){ line, face,
		    (uint16_t)indent, base == DOC_UNMARKED ? base :
		    base + (uint32_t)at };
		at += line.n + 1;
	} while (lf != NULL);
	d->width = 0;
}

void
doc_add(struct doc *d, enum face face, unsigned indent, struct slice text)
{
	add(d, face, indent, text, DOC_UNMARKED);
}

void
doc_add_marked(struct doc *d, enum face face, unsigned indent,
    struct slice text)
{
	add(d, face, indent, text, 0);
}

static bool
row_add(struct doc *d, size_t para, size_t start, size_t end)
{
	struct doc_row *v;

	v = grown(d->rows, d->nrows, &d->row_cap, sizeof(*v));
	if (v == NULL) {
		d->failed = true;
		return false;
	}
	d->rows = v;
	v[d->nrows++] = (struct doc_row){ (uint32_t)para, (uint32_t)start,
	    (uint32_t)end };
	return true;
}

/* Breaks one paragraph: after the last blank that fits, else anywhere. */
static void
wrap_para(struct doc *d, size_t i, size_t width)
{
	const struct doc_para *p = &d->paras[i];
	struct text_cell c;
	size_t at = 0, start = 0, column = 0, blank = 0, end;

	while (cell_next(p->text, at, column, &c)) {
		if (p->base != DOC_UNMARKED && cell_hidden(p->text, at, &c))
			d->hidden++;
		if (column + c.width > width && at > start) {
			end = blank > start ? blank : at;
			if (!row_add(d, i, start, end))
				return;
			start = end;
			/* What follows the blank moves to the next row. */
			(void)cell_fit((struct slice){ p->text.p + start,
			    at - start }, SIZE_MAX, &column);
			blank = start;
		}
		column += c.width;
		at += c.bytes;
		if (c.width == 1 && c.draw[0] == ' ')
			blank = at;
	}
	(void)row_add(d, i, start, p->text.n);
}

void
doc_wrap(struct doc *d, size_t width)
{
	size_t i, room;

	if (width < 1)
		width = 1;
	if (d->width == width)
		return;
	d->nrows = d->hidden = 0;
	for (i = 0; i < d->nparas && !d->failed; i++) {
		room = d->paras[i].indent + 8u < width ?
		    width - d->paras[i].indent : width;
		wrap_para(d, i, room);
	}
	d->width = width;
}

/* The first byte of the marked text that a row shows; DOC_UNMARKED: none. */
static uint32_t
doc_byte_of(const struct doc *d, size_t row)
{
	const struct doc_row *r;

	if (row >= d->nrows)
		return DOC_UNMARKED;
	r = &d->rows[row];
	if (d->paras[r->para].base == DOC_UNMARKED)
		return DOC_UNMARKED;
	return d->paras[r->para].base + r->start;
}

size_t
doc_row_of(const struct doc *d, uint32_t byte)
{
	size_t i, found = 0;
	uint32_t first;

	for (i = 0; i < d->nrows; i++) {
		first = doc_byte_of(d, i);
		if (first == DOC_UNMARKED)
			continue;
		if (first > byte)
			break;
		found = i;
	}
	return found;
}

const struct doc_mark *
doc_mark_at(const struct doc *d, uint32_t byte)
{
	const struct doc_mark *m, *best = NULL;
	size_t i;

	for (i = 0; i < d->nmarks && d->marks[i].start <= byte; i++) {
		m = &d->marks[i];
		if (byte < m->end && (best == NULL || m->face >= best->face))
			best = m;
	}
	return best;
}

uint32_t
doc_row_number(const struct doc *d, size_t row)
{
	const struct doc_row *r = &d->rows[row];
	uint32_t base = d->paras[r->para].base;
	size_t i;

	if (base == DOC_UNMARKED)
		return 0;
	for (i = 0; i < d->nmarks; i++) {
		if (d->marks[i].start > base + r->end)
			break;
		if (d->marks[i].number != 0 &&
		    d->marks[i].start >= base + r->start &&
		    (d->marks[i].start < base + r->end || r->start == r->end))
			return d->marks[i].number;
	}
	return 0;
}

size_t
doc_search(struct slice text, size_t at, struct slice needle)
{
	bool fold = true;
	size_t i, k;

	for (k = 0; k < needle.n; k++) {
		if (isupper((unsigned char)needle.p[k]))
			fold = false;
	}
	for (i = at; needle.n > 0 && i + needle.n <= text.n; i++) {
		for (k = 0; k < needle.n; k++) {
			unsigned char c = (unsigned char)text.p[i + k];

			if ((fold ? tolower(c) : c) !=
			    (unsigned char)needle.p[k])
				break;
		}
		if (k == needle.n)
			return i;
	}
	return (size_t)-1;
}

/* The last place in a text before `limit`. */
static size_t
search_before(struct slice text, size_t limit, struct slice needle)
{
	size_t at, last = (size_t)-1;

	for (at = doc_search(text, 0, needle); at != (size_t)-1 && at < limit;
	    at = doc_search(text, at + 1, needle))
		last = at;
	return last;
}

bool
doc_find(const struct doc *d, struct slice needle, bool backward,
    struct doc_place *place)
{
	size_t i, n, para, found;
	struct slice text;

	if (d->nparas == 0 || needle.n == 0)
		return false;
	n = d->nparas;
	for (i = 0; i <= n; i++) {
		para = backward ? (place->para + n * 2 - i) % n :
		    (place->para + i) % n;
		text = d->paras[para].text;
		if (backward)
			found = search_before(text, i == 0 ? place->start :
			    SIZE_MAX, needle);
		else
			found = doc_search(text, i == 0 ? place->end : 0, needle);
		if (found == (size_t)-1)
			continue;
		*place = (struct doc_place){ (uint32_t)para, (uint32_t)found,
		    (uint32_t)(found + needle.n) };
		return true;
	}
	return false;
}

size_t
doc_row_of_place(const struct doc *d, const struct doc_place *place)
{
	size_t i;

	for (i = 0; i < d->nrows; i++) {
		if (d->rows[i].para == place->para &&
		    place->start < d->rows[i].end)
			return i;
		if (d->rows[i].para > place->para)
			break;
	}
	return i == 0 ? 0 : i - 1;
}
