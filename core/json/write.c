#include "core/json/write.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>

#include "core/base/text.h"
#include "core/base/time.h"
#include "core/json/number.h"

static bool
in_object(const struct writer *w)
{
	unsigned level = w->depth - 1;

	return w->depth > 0 && (w->objects[level / 64] >> level % 64 & 1) != 0;
}

#define LEAD	6	/* comma, LF, blank; quotes and colon of the name */

/*
 * The comma that is due and the name, straight into the buffer: this is most of
 * what a line is made of.
 */
static void
put_lead(struct writer *w, const char *name)
{
	size_t n = name == NULL ? 0 : strlen(name);
	char *to;

	if (!buf_reserve(w->b, n + LEAD))
		return;
	to = w->b->p + w->b->n;
	if (w->comma)
		*to++ = ',';
	if (w->comma && w->lines && w->depth == 1) {
		*to++ = '\n';
		*to++ = ' ';
	}
	if (name != NULL) {
		/* Nothing that JSON, or a terminal, would want escaped. */
		assert(text_plain(name, n) == n);
		*to++ = '"';
		memcpy(to, name, n);
		to += n;
		*to++ = '"';
		*to++ = ':';
	}
	*to = '\0';
	w->b->n = (size_t)(to - w->b->p);
}

static void
value_begins(struct writer *w, const char *name)
{
	assert((name != NULL) == (in_object(w) && !w->named));
	/* One value, outermost; write_line() makes room for the next. */
	assert(w->depth > 0 || !w->comma);
	put_lead(w, name);
	w->named = false;
	w->comma = true;
}

static void
begin(struct writer *w, const char *name, bool object)
{
	uint64_t bit = (uint64_t)1 << w->depth % 64;

	value_begins(w, name);
	assert(w->depth < WRITE_DEPTH);
	if (object)
		w->objects[w->depth / 64] |= bit;
	else
		w->objects[w->depth / 64] &= ~bit;
	w->depth++;
	w->comma = false;
	buf_putc(w->b, object ? '{' : '[');
}

void
write_object(struct writer *w, const char *name)
{
	begin(w, name, true);
}

void
write_array(struct writer *w, const char *name)
{
	begin(w, name, false);
}

void
write_end(struct writer *w)
{
	assert(w->depth > 0 && !w->named);
	buf_putc(w->b, in_object(w) ? '}' : ']');
	w->depth--;
	w->comma = true;
}

void
write_line(struct writer *w)
{
	assert(w->depth == 0 && w->comma);
	buf_putc(w->b, '\n');
	w->comma = false;
}

void
write_null(struct writer *w, const char *name)
{
	value_begins(w, name);
	buf_add(w->b, "null", 4);
}

void
write_bool(struct writer *w, const char *name, bool v)
{
	value_begins(w, name);
	buf_puts(w->b, v ? "true" : "false");
}

static void
put_digits(struct buf *b, uint64_t v, bool negative)
{
	if (negative)
		buf_putc(b, '-');
	buf_uint(b, v);
}

void
write_int(struct writer *w, const char *name, int64_t v)
{
	value_begins(w, name);
	put_digits(w->b, v < 0 ? 0 - (uint64_t)v : (uint64_t)v, v < 0);
}

void
write_uint(struct writer *w, const char *name, uint64_t v)
{
	value_begins(w, name);
	put_digits(w->b, v, false);
}

void
write_count(struct writer *w, const char *name, int64_t v)
{
	if (v < 0)
		write_null(w, name);
	else
		write_int(w, name, v);
}

void
write_double(struct writer *w, const char *name, double v)
{
	char text[NUMBER_TEXT];

	if (!isfinite(v)) {
		write_null(w, name);
		return;
	}
	value_begins(w, name);
	buf_add(w->b, text, number_text(v, text));
}

void
write_time(struct writer *w, const char *name, int64_t ms)
{
	char text[TIME_TEXT];

	if (ms < 0) {
		write_null(w, name);
		return;
	}
	time_format(ms, text);
	value_begins(w, name);
	buf_putc(w->b, '"');
	buf_puts(w->b, text);
	buf_putc(w->b, '"');
}

/* Only what must be escaped is, and always the same way. */
static void
put_canonical(struct buf *b, struct slice s)
{
	static const char letter[] = "btn.fr";
	char escape[7];
	size_t i, from = 0;
	unsigned char c;

	buf_putc(b, '"');
	for (i = 0; (i += text_plain(s.p + i, s.n - i)) < s.n; i++) {
		c = (unsigned char)s.p[i];
		if (c >= 0x20 && c != '"' && c != '\\')
			continue;
		buf_add(b, s.p + from, i - from);
		from = i + 1;
		if (c == '"' || c == '\\')
			(void)snprintf(escape, sizeof(escape), "\\%c", c);
		else if (c >= '\b' && c <= '\r' && c != '\v')
			(void)snprintf(escape, sizeof(escape), "\\%c",
			    letter[c - '\b']);
		else
			(void)snprintf(escape, sizeof(escape), "\\u%04x", c);
		buf_puts(b, escape);
	}
	buf_add(b, s.p + from, s.n - from);
	buf_putc(b, '"');
}

static void
put_text(struct writer *w, struct slice s)
{
	if (w->form == WRITE_CANONICAL)
		put_canonical(w->b, s);
	else
		text_json(w->b, s);
}

void
write_text(struct writer *w, const char *name, struct slice s)
{
	if (s.p == NULL) {
		write_null(w, name);
		return;
	}
	value_begins(w, name);
	put_text(w, s);
}

void
write_word(struct writer *w, const char *name, const char *s)
{
	write_text(w, name, slice_of(s));
}

void
write_texts(struct writer *w, const char *name, const struct slice *v, size_t n)
{
	size_t i;

	write_array(w, name);
	for (i = 0; i < n; i++)
		write_text(w, NULL, v[i]);
	write_end(w);
}

static void
put_raw(struct writer *w, struct slice raw)
{
	if (w->form == WRITE_SHOWN)
		text_json_raw(w->b, raw);
	else
		buf_add_slice(w->b, raw);
}

void
write_raw(struct writer *w, const char *name, struct slice raw)
{
	if (raw.p == NULL) {
		write_null(w, name);
		return;
	}
	value_begins(w, name);
	put_raw(w, raw);
}

static void
name_ends(struct writer *w)
{
	buf_putc(w->b, ':');
	w->named = true;
	w->comma = false;
}

void
write_name(struct writer *w, struct slice raw)
{
	assert(in_object(w) && !w->named);
	assert(raw.n >= 2 && raw.p[0] == '"' && raw.p[raw.n - 1] == '"');
	put_lead(w, NULL);
	put_raw(w, raw);
	name_ends(w);
}

void
write_name_text(struct writer *w, struct slice s)
{
	assert(in_object(w) && !w->named && s.p != NULL);
	put_lead(w, NULL);
	put_text(w, s);
	name_ends(w);
}

void
write_inside(struct writer *w, struct slice raw)
{
	size_t i;

	assert(w->depth > 0 && !w->named && raw.n >= 2 &&
	    raw.p[0] == (in_object(w) ? '{' : '['));
	raw = (struct slice){ raw.p + 1, raw.n - 2 };
	for (i = 0; i < raw.n && strchr(" \t\r\n", raw.p[i]) != NULL; i++)
		;
	if (i == raw.n)
		return;		/* there are none */
	put_lead(w, NULL);
	put_raw(w, raw);
	w->comma = true;
}
