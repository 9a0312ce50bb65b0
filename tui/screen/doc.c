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
	free(d->sections);
	free(d->notes);
	doc_init(d);
}

void
doc_clear(struct doc *d)
{
	d->nparas = d->nrows = d->nmarks = d->hidden = d->width = 0;
	d->nsections = d->nnotes = 0;
	d->when = DOC_ALWAYS;
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

/* One line more; NULL: out of memory. */
static struct doc_para *
para_add(struct doc *d, enum face face, unsigned indent, struct slice line)
{
	struct doc_para *v;

	v = grown(d->paras, d->nparas, &d->para_cap, sizeof(*v));
	if (v == NULL) {
		d->failed = true;
		return NULL;
	}
	d->paras = v;
	d->width = 0;
	v += d->nparas++;
	*v = (struct doc_para){
		.text = line, .face = face, .indent = (uint16_t)indent,
		.section = (uint16_t)d->nsections, .when = (uint8_t)d->when,
		.base = DOC_UNMARKED
	};
	return v;
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
		if ((v = para_add(d, face, indent, line)) == NULL)
			return;
		if (base != DOC_UNMARKED)
			v->base = base + (uint32_t)at;
		at += line.n + 1;
	} while (lf != NULL);
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

void
doc_add_labelled(struct doc *d, enum face face, unsigned indent,
    struct slice label, struct slice text)
{
	size_t first = d->nparas;

	add(d, face, indent, text, DOC_UNMARKED);
	if (d->nparas > first)
		d->paras[first].label = label;
}

void
doc_add_hanging(struct doc *d, enum face face, unsigned indent, unsigned hang,
    struct slice text)
{
	struct doc_para *p = para_add(d, face, indent, text);

	if (p != NULL)
		p->hang = (uint16_t)hang;
}

size_t
doc_hang(const struct doc_para *p, size_t columns)
{
	return p->hang + 20u < columns ? p->hang : 0;
}

void
doc_add_cut(struct doc *d, enum face face, unsigned indent, struct slice label,
    struct slice text)
{
	struct doc_para *v = para_add(d, face, indent, text);

	if (v == NULL)
		return;
	v->label = label;
	v->cut = true;
}

void
doc_add_note(struct doc *d, uint32_t byte, enum face face, unsigned indent,
    struct slice text)
{
	struct doc_note *v = grown(d->notes, d->nnotes, &d->note_cap,
	    sizeof(*v));
	struct doc_para *p;

	if (v != NULL)
		d->notes = v;
	p = v == NULL ? NULL : para_add(d, face, indent, text);
	if (p == NULL) {
		d->failed = true;
		return;
	}
	p->note = true;
	v[d->nnotes++] = (struct doc_note){ byte, (uint32_t)d->nparas - 1 };
}

size_t
doc_section(struct doc *d, struct slice title)
{
	struct doc_section *v = grown(d->sections, d->nsections,
	    &d->section_cap, sizeof(*v));
	struct doc_para *p;

	if (v != NULL)
		d->sections = v;
	d->when = DOC_ALWAYS;
	p = v == NULL ? NULL : para_add(d, FACE_HEADING, 0, title);
	if (p == NULL) {
		d->failed = true;
		return 0;
	}
	memset(&v[d->nsections], 0, sizeof(*v));
	p->section = (uint16_t)++d->nsections;
	p->heading = true;
	return d->nsections;
}

void
doc_when(struct doc *d, enum doc_when when)
{
	d->when = when;
}

void
doc_folds(struct doc *d, size_t section, struct slice aside, size_t most)
{
	struct doc_section *s;

	if (section == 0 || section > d->nsections)
		return;
	s = &d->sections[section - 1];
	if (s->most != most)
		d->width = 0;
	s->folds = true;
	s->aside = aside;
	s->most = most;
}

void
doc_fold(struct doc *d, size_t section, bool folded)
{
	struct doc_section *s;

	if (section == 0 || section > d->nsections)
		return;
	s = &d->sections[section - 1];
	if (s->folded == folded)
		return;
	s->folded = folded;
	d->width = 0;
}

void
doc_spreads(struct doc *d, size_t section)
{
	if (section > 0 && section <= d->nsections)
		d->sections[section - 1].spreads = true;
}

void
doc_reveal(struct doc *d, size_t para)
{
	if (para < d->nparas)
		doc_fold(d, d->paras[para].section, false);
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

/* Of a line, whose indent goes where it would leave too little. */
static size_t
room_of(const struct doc_para *p, size_t width)
{
	return p->indent + 8u < width ? width - p->indent : width;
}

/* One row of a line, its end left out. */
static void
row_cut(struct doc *d, size_t i, size_t room)
{
	struct slice text = d->paras[i].text;

	(void)row_add(d, i, 0, cell_fit(text, SIZE_MAX, NULL) == text.n &&
	    cell_fit(text, room, NULL) == text.n ? text.n :
	    cell_fit(text, room > 4 ? room - 4 : room, NULL));
}

static void	wrap_para(struct doc *d, size_t i, size_t width);

/* The row of a line, and below it what is noted of it. */
static bool
row_end(struct doc *d, size_t i, size_t start, size_t end, size_t width)
{
	const struct doc_para *p = &d->paras[i];
	size_t last = end == p->text.n ? end + 1 : end;

	if (d->nrows >= d->row_limit || !row_add(d, i, start, end))
		return false;
	while (p->base != DOC_UNMARKED && d->noted < d->nnotes &&
	    d->notes[d->noted].byte < p->base + last)
		wrap_para(d, d->notes[d->noted++].para, width);
	return !d->failed;
}

/* Breaks one paragraph: after the last blank that fits, else anywhere. */
static void
wrap_para(struct doc *d, size_t i, size_t width)
{
	const struct doc_para *p = &d->paras[i];
	size_t at = 0, start = 0, column = 0, blank = 0, end;
	size_t room = room_of(p, width);
	struct text_cell c;

	if (p->cut || p->heading) {
		row_cut(d, i, room);
		return;
	}
	while (cell_next(p->text, at, column, &c)) {
		if (p->base != DOC_UNMARKED && cell_hidden(p->text, at, &c))
			d->hidden++;
		if (column + c.width > room && at > start) {
			end = blank > start ? blank : at;
			if (!row_end(d, i, start, end, width))
				return;
			if (start == 0)
				room -= doc_hang(p, room);
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
	(void)row_end(d, i, start, p->text.n, width);
}

/* Is it among what its section shows now? */
static bool
para_shown(const struct doc *d, const struct doc_para *p)
{
	const struct doc_section *s;

	if (p->section == 0 || p->heading || p->when == DOC_ALWAYS)
		return true;
	s = &d->sections[p->section - 1];
	return s->folded == (p->when == DOC_FOLDED);
}

/* What a folded section has no room for is counted. */
static void
section_limit(struct doc *d, struct doc_section *s)
{
	size_t most = s->row + 1 + s->most;

	d->row_limit = SIZE_MAX;
	s->hidden = 0;
	if (s->folded && s->most > 0 && d->nrows > most) {
		s->hidden = d->nrows - most;
		d->nrows = most;
	}
	s->nrows = d->nrows - s->row;
}

void
doc_wrap(struct doc *d, size_t width)
{
	struct doc_section *s = NULL;
	size_t i;

	if (width < 1)
		width = 1;
	if (d->width == width)
		return;
	d->nrows = d->hidden = d->noted = 0;
	d->row_limit = SIZE_MAX;
	for (i = 0; i < d->nparas && !d->failed; i++) {
		if (d->paras[i].heading) {
			if (s != NULL)
				section_limit(d, s);
			s = &d->sections[d->paras[i].section - 1];
			s->row = d->nrows;
			if (s->folded && s->most > 0)
				d->row_limit = s->row + 1 + s->most +
				    DOC_HIDDEN_MAX;
		}
		if (!d->paras[i].note && para_shown(d, &d->paras[i]))
			wrap_para(d, i, width);
	}
	if (s != NULL)
		section_limit(d, s);
	d->width = width;
}

size_t
doc_unfolded_rows(struct doc *d, size_t section, size_t max)
{
	size_t nrows = d->nrows, hidden = d->hidden, noted = d->noted, i, n;

	d->sections[section - 1].folded = false;
	d->row_limit = nrows + max;
	for (i = 0; i < d->nparas && d->nrows < d->row_limit && !d->failed; i++) {
		if (d->paras[i].section == section && !d->paras[i].note &&
		    para_shown(d, &d->paras[i]))
			wrap_para(d, i, d->width);
	}
	d->sections[section - 1].folded = true;
	n = d->nrows - nrows;
	d->nrows = nrows;
	d->hidden = hidden;
	d->noted = noted;
	return n < max ? n : max;
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
	size_t i, before = 0;

	for (i = 0; i < d->nrows; i++) {
		if (d->rows[i].para == place->para &&
		    (place->start < d->rows[i].end || place->start == 0))
			return i;
		if (d->rows[i].para <= place->para)
			before = i;
	}
	return before;
}
