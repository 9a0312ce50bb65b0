#include "core/base/text.h"

#include <utf8proc.h>

#include "core/base/text_cells.h"
#include "core/base/utf8.h"

#define MARKS_MAX	4	/* on one base; further ones are shown */

static bool
is_blank(uint32_t cp)
{
	return cp == 0xa0 || cp == 0x1680 || (cp >= 0x2000 && cp <= 0x200a) ||
	    cp == 0x202f || cp == 0x205f || cp == 0x2800 || cp == 0x3000;
}

enum text_class
text_class(uint32_t cp)
{
	const utf8proc_property_t *p;

	if (cp < 0x20)
		return cp == '\t' || cp == '\n' ? TEXT_PLAIN : TEXT_CONTROL;
	if (cp < 0x7f)
		return TEXT_PLAIN;
	if (cp == 0x7f)
		return TEXT_CONTROL;
	if (is_blank(cp))
		return TEXT_BLANK;
	p = utf8proc_get_property((utf8proc_int32_t)cp);
	if (p->ignorable)
		return TEXT_HIDDEN;
	switch (p->category) {
	case UTF8PROC_CATEGORY_CN: case UTF8PROC_CATEGORY_CC:
	case UTF8PROC_CATEGORY_CF: case UTF8PROC_CATEGORY_CS:
	case UTF8PROC_CATEGORY_CO: case UTF8PROC_CATEGORY_ZL:
	case UTF8PROC_CATEGORY_ZP: case UTF8PROC_CATEGORY_ZS:
		return TEXT_HIDDEN;
	case UTF8PROC_CATEGORY_MN: case UTF8PROC_CATEGORY_MC:
	case UTF8PROC_CATEGORY_ME:
		return TEXT_MARK;
	default:
		return TEXT_PLAIN;
	}
}

bool
text_blank(struct slice s)
{
	uint32_t cp;
	size_t i, len;

	for (i = 0; i < s.n; i += len) {
		if ((len = utf8_decode(s.p + i, s.n - i, &cp)) == 0)
			return false;
		switch (text_class(cp)) {
		case TEXT_PLAIN:
			if (cp == ' ' || cp == '\t' || cp == '\n')
				continue;
			return false;
		case TEXT_MARK:
			return false;
		case TEXT_CONTROL: case TEXT_HIDDEN: case TEXT_BLANK:
			continue;
		}
	}
	return true;
}

/*
 * A text that goes by, one code point after the other.  `marks` counts those on
 * the last base; where there is no base, it is full.
 */
struct flow {
	unsigned	marks;
};

static bool
flow_hides(struct flow *f, uint32_t cp)
{
	switch (text_class(cp)) {
	case TEXT_PLAIN:
		f->marks = cp < 0x20 ? MARKS_MAX : 0;
		return false;
	case TEXT_MARK:
		if (f->marks == MARKS_MAX)
			return true;
		f->marks++;
		return false;
	case TEXT_CONTROL: case TEXT_HIDDEN: case TEXT_BLANK:
		break;
	}
	f->marks = MARKS_MAX;
	return true;
}

/* Are all 8 bytes plain?  It may say no of some that are. */
static bool
all_plain(uint64_t x)
{
	const uint64_t ones = 0x0101010101010101u, tops = ones * 0x80;
	uint64_t del = x ^ ones * 0x7f, quote = x ^ ones * '"',
	    slash = x ^ ones * '\\';

	return ((x | (x - ones * 0x20) | (del - ones) | (quote - ones) |
	    (slash - ones)) & tops) == 0;
}

static bool
eight_plain(const char *p)
{
	uint64_t x;

	memcpy(&x, p, 8);
	return all_plain(x);
}

/* Of 4 to 7: the first four and the last four. */
static bool
few_plain(const char *p, size_t n)
{
	uint32_t first, last;

	memcpy(&first, p, 4);
	memcpy(&last, p + n - 4, 4);
	return all_plain(first | (uint64_t)last << 32);
}

size_t
text_plain(const char *p, size_t n)
{
	size_t i = 0;

	while (n - i >= 8 && eight_plain(p + i))
		i += 8;
	/* The last few with those before them. */
	if (n >= 8 ? n - i < 8 && eight_plain(p + n - 8) :
	    n >= 4 && few_plain(p, n))
		return n;
	while (i < n && p[i] >= 0x20 && p[i] < 0x7f && p[i] != '"' &&
	    p[i] != '\\')
		i++;
	return i;
}

static void
json_escape(struct buf *out, uint32_t cp)
{
	if (cp > 0xffff) {
		cp -= 0x10000;
		buf_printf(out, "\\u%04x\\u%04x", 0xd800u + (cp >> 10),
		    0xdc00u + (cp & 0x3ff));
		return;
	}
	buf_printf(out, "\\u%04x", cp);
}

/* What JSON has a short form for, or NULL. */
static const char *
json_short(uint32_t cp)
{
	switch (cp) {
	case '"':
		return "\\\"";
	case '\\':
		return "\\\\";
	case '\n':
		return "\\n";
	case '\t':
		return "\\t";
	case '\r':
		return "\\r";
	default:
		return NULL;
	}
}

/* One code point (n bytes at p) or, with n 0, one byte that is none. */
static void
add_json(struct buf *out, struct flow *f, const char *p, size_t n, uint32_t cp)
{
	const char *named;

	if (n == 0) {
		f->marks = MARKS_MAX;
		buf_puts(out, "\\ufffd");
	} else if ((named = json_short(cp)) != NULL) {
		f->marks = MARKS_MAX;
		buf_puts(out, named);
	} else if (flow_hides(f, cp)) {
		json_escape(out, cp);
	} else {
		buf_add(out, p, n);
	}
}

/* The code point at `at`, of n bytes, or, with n 0, a byte that is none. */
static void
add_cli(struct buf *out, struct flow *f, struct slice s, size_t at, size_t n,
    uint32_t cp)
{
	const char *p = s.p + at;

	if (n == 0) {
		f->marks = MARKS_MAX;
		buf_printf(out, "\\x%02x", (unsigned char)*p);
	} else if ((cp & ~1u) == 0x200c && text_joins(s, at)) {
		buf_add(out, p, n);
	} else if (cp == '\\') {
		f->marks = 0;
		buf_puts(out, "\\\\");
	} else if (!flow_hides(f, cp)) {
		buf_add(out, p, n);
	} else if (cp < 0x80) {
		buf_printf(out, "\\x%02x", cp);
	} else {
		buf_printf(out, "\\u{%x}", cp);
	}
}

static void
add_screen(struct buf *out, struct slice s)
{
	struct text_cell cell;
	size_t at = 0, column = 0;

	while (at < s.n) {
		if (!text_cell(s, at, column, &cell)) {
			buf_putc(out, ' ');	/* a LF */
			at++;
			column++;
			continue;
		}
		buf_puts(out, cell.draw);
		at += cell.bytes;
		column += cell.width;
	}
}

void
text_sanitize(struct buf *out, struct slice s, enum text_form form)
{
	struct flow f = { MARKS_MAX };
	size_t at = 0, n;
	uint32_t cp = 0;

	if (form == TEXT_SCREEN) {
		add_screen(out, s);
		return;
	}
	while (at < s.n) {
		if ((n = text_plain(s.p + at, s.n - at)) > 0) {
			buf_add(out, s.p + at, n);
			f.marks = 0;
			at += n;
			continue;
		}
		n = utf8_decode(s.p + at, s.n - at, &cp);
		if (form == TEXT_JSON)
			add_json(out, &f, s.p + at, n, cp);
		else
			add_cli(out, &f, s, at, n, cp);
		at += n == 0 ? 1 : n;
	}
}

void
text_sanitize_line(struct buf *out, struct slice s, size_t columns)
{
	struct flow f = { MARKS_MAX };
	struct buf one = BUF_INIT;
	size_t at = 0, n, width, room = columns;
	uint32_t cp = 0;

	while (at < s.n && !out->failed) {
		n = utf8_decode(s.p + at, s.n - at, &cp);
		buf_clear(&one);
		if (n == 1 && (cp == '\n' || cp == '\t')) {
			f.marks = MARKS_MAX;
			buf_putc(&one, ' ');
		} else {
			add_cli(&one, &f, s, at, n, cp);
		}
		width = text_width(buf_slice(&one));
		if (one.failed || (columns > 0 && width > room))
			break;
		buf_add(out, one.p, one.n);
		room -= width;
		at += n == 0 ? 1 : n;
	}
	out->failed |= one.failed;
	buf_release(&one);
}

void
text_json(struct buf *out, struct slice s)
{
	size_t plain = s.p == NULL ? 0 : text_plain(s.p, s.n);

	if (s.p == NULL) {
		buf_puts(out, "null");
		return;
	}
	if (!buf_reserve(out, s.n + 2))
		return;
	buf_putc(out, '"');
	/* Most is plain to its end. */
	if (plain == s.n)
		buf_add_slice(out, s);
	else
		text_sanitize(out, s, TEXT_JSON);
	buf_putc(out, '"');
}

/* A backslash and what it escapes, as it stands: 2 or 6 bytes. */
static size_t
add_escape(struct buf *out, const char *p, size_t n)
{
	size_t len = n >= 6 && p[1] == 'u' ? 6 : n >= 2 ? 2 : n;

	buf_add(out, p, len);
	return len;
}

/* Outside of strings there is nothing but ASCII, in what is JSON: other bytes do
 * not get through.  White space becomes blanks. */
static void
add_structure(struct buf *out, char c)
{
	if (c == '\n' || c == '\r' || c == '\t')
		c = ' ';
	buf_putc(out, c < ' ' || c > '~' ? '?' : c);
}

bool
text_is_safe(struct slice s)
{
	size_t i;

	for (i = 0; i < s.n; i++)
		if (((unsigned char)s.p[i] < 0x20 && s.p[i] != '\n' &&
		    s.p[i] != '\t') || (unsigned char)s.p[i] >= 0x7f)
			return false;
	return true;
}

void
text_make_safe(struct buf *out, struct slice s)
{
	struct flow f = { MARKS_MAX };
	size_t at = 0, n;
	uint32_t cp = 0;

	while (at < s.n) {
		if ((n = text_plain(s.p + at, s.n - at)) == 0)
			n = utf8_decode(s.p + at, s.n - at, &cp);
		else
			cp = 'a';
		if (n > 0 && (cp == '\\' || text_joins(s, at) ||
		    !flow_hides(&f, cp)))
			buf_add(out, s.p + at, n);
		else
			add_cli(out, &f, s, at, n, cp);
		at += n == 0 ? 1 : n;
	}
}

void
text_json_raw(struct buf *out, struct slice s)
{
	struct flow f = { MARKS_MAX };
	bool inside = false;
	size_t at = 0, n;
	uint32_t cp = 0;

	while (at < s.n) {
		if ((n = text_plain(s.p + at, s.n - at)) > 0) {
			buf_add(out, s.p + at, n);
			f.marks = 0;
			at += n;
			continue;
		}
		if (s.p[at] == '"' || !inside) {
			inside ^= s.p[at] == '"';
			f.marks = MARKS_MAX;
			add_structure(out, s.p[at++]);
		} else if (s.p[at] == '\\') {
			f.marks = MARKS_MAX;
			at += add_escape(out, s.p + at, s.n - at);
		} else {
			n = utf8_decode(s.p + at, s.n - at, &cp);
			add_json(out, &f, s.p + at, n, cp);
			at += n == 0 ? 1 : n;
		}
	}
}
