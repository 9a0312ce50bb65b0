/*
 * Guard kind "hidden": what a reader does not see: bidirectional controls, TAG
 * characters, zero-width characters, letters of another script, control
 * characters and escape sequences, comments, addresses that carry text out.
 *
 * What writing needs passes: ZWJ in emoji, ZWJ and ZWNJ in the scripts that
 * join, marks and isolates where right-to-left text stands, a byte order mark
 * at the start, variation selectors, flags made of TAG characters.
 */
#include <stdio.h>
#include <stdlib.h>
#include <utf8proc.h>

#include "core/guard/hidden.h"
#include "core/base/utf8.h"
#include "core/guard/hidden_markup.h"

extern const struct guard_kind guard_hidden;

#define HYPHENATED	12	/* letters of a word with a soft hyphen */
#define SHOWN_MAX	200	/* bytes of decoded text in a message */

bool
hidden_allows(const struct hidden *h, const char *name, size_t n)
{
	size_t i, len;

	for (i = 0; i < h->nallow; i++) {
		len = strlen(h->allow[i]);
		if (len == n && strncasecmp(h->allow[i], name, n) == 0)
			return true;
		if (n > len && name[n - len - 1] == '.' &&
		    strncasecmp(h->allow[i], name + n - len, len) == 0)
			return true;	/* a host below an allowed one */
	}
	return false;
}

enum status
hidden_add(struct hidden_scan *s, const char *kind, enum severity severity,
    size_t start, size_t end, struct slice message, struct error *err)
{
	struct finding *f;

	if (hidden_allows(s->hidden, kind, strlen(kind)))
		return STATUS_OK;
	f = finding_add(s->run, kind, start, end, "%.*s", SLICE_ARG(message));
	if (f == NULL) {
		s->full = true;
		return finding_stop(s->run, err);
	}
	f->severity = severity;
	return STATUS_OK;
}

static uint32_t
point_at(struct slice text, size_t at, size_t *len)
{
	uint32_t cp = 0;
	size_t n = at < text.n ? utf8_decode(text.p + at, text.n - at, &cp) : 0;

	*len = n == 0 ? 1 : n;
	return n == 0 ? 0 : cp;
}

static uint32_t
point_before(struct slice text, size_t at)
{
	size_t from = at, len;

	if (at == 0)
		return 0;
	do
		from--;
	while (from > 0 && utf8_is_tail(text.p[from]));
	return point_at(text, from, &len);
}

struct code_range {
	uint32_t	from, to;
};

static bool
in_ranges(const struct code_range *r, uint32_t cp)
{
	for (; r->to != 0; r++)
		if (cp >= r->from && cp <= r->to)
			return true;
	return false;
}

static const struct code_range right_to_left[] = {
	{ 0x590, 0x61b }, { 0x61d, 0x8ff }, { 0xfb1d, 0xfdff },
	{ 0xfe70, 0xfefc }, { 0x10800, 0x10fff }, { 0x1e800, 0x1efff }, { 0, 0 }
};
/* Scripts in which ZWJ and ZWNJ shape letters. */
static const struct code_range joining[] = {
	{ 0x600, 0xdff }, { 0xf00, 0x109f }, { 0x1780, 0x18af },
	{ 0x1a20, 0x1cff }, { 0xa840, 0xabff }, { 0xfb50, 0xfefc },
	{ 0x10a00, 0x11fff }, { 0, 0 }
};
/* Scripts that break lines at U+200B. */
static const struct code_range unspaced[] = {
	{ 0xe00, 0x109f }, { 0x1780, 0x17ff }, { 0x2e80, 0xa4cf },
	{ 0xac00, 0xd7a3 }, { 0, 0 }
};
static const struct code_range pictographs[] = {
	{ 0x1f000, 0x1faff }, { 0x2190, 0x2bff }, { 0xa9, 0xa9 },
	{ 0xae, 0xae }, { 0x203c, 0x203c }, { 0x2049, 0x2049 },
	{ 0x3030, 0x3030 }, { 0xfe0f, 0xfe0f }, { 0x20e3, 0x20e3 }, { 0, 0 }
};
static const struct code_range zero_widths[] = {
	{ 0xad, 0xad }, { 0x34f, 0x34f }, { 0x115f, 0x1160 },
	{ 0x17b4, 0x17b5 }, { 0x180b, 0x180f }, { 0x200b, 0x200d },
	{ 0x2028, 0x2029 }, { 0x2060, 0x2065 }, { 0x206a, 0x206f }, { 0x2800, 0x2800 }, { 0x3164, 0x3164 },
	{ 0xfeff, 0xfeff }, { 0xffa0, 0xffa0 }, { 0xfff0, 0xfffc },
	{ 0x1bca0, 0x1bca3 }, { 0x1d159, 0x1d159 }, { 0x1d173, 0x1d17a },
	{ 0, 0 }
};
static const struct code_range braille[] = { { 0x2801, 0x28ff }, { 0, 0 } };
static const struct code_range private_use[] = {
	{ 0xe000, 0xf8ff }, { 0xf0000, 0xffffd }, { 0x100000, 0x10fffd }, { 0, 0 }
};
/* What a selector of U+E0100 and on chooses a form of. */
static const struct code_range ideographs[] = {
	{ 0x2e80, 0x9fff }, { 0xf900, 0xfaff }, { 0x20000, 0x3ffff }, { 0, 0 }
};
static const struct code_range mongolian[] = { { 0x1800, 0x18af }, { 0, 0 } };

static bool
is_letter(uint32_t cp)
{
	utf8proc_category_t c = utf8proc_category((utf8proc_int32_t)cp);

	return c >= UTF8PROC_CATEGORY_LU && c <= UTF8PROC_CATEGORY_LO;
}

static bool
is_mark(uint32_t cp)
{
	utf8proc_category_t c = utf8proc_category((utf8proc_int32_t)cp);

	return c == UTF8PROC_CATEGORY_MN || c == UTF8PROC_CATEGORY_MC;
}

/* Is a soft hyphen at [at, end) in a word so long that it may have to be broken? */
static bool
hyphen_fits(struct slice text, size_t at, size_t end)
{
	size_t letters = 0, len;
	uint32_t cp;

	for (; end < text.n && letters < HYPHENATED; end += len) {
		cp = point_at(text, end, &len);
		if (cp != 0xad && !is_letter(cp))
			break;
		letters += cp != 0xad;
	}
	while (at > 0 && letters < HYPHENATED) {
		cp = point_before(text, at);
		if (cp != 0xad && !is_letter(cp))
			break;
		letters += cp != 0xad;
		do
			at--;
		while (utf8_is_tail(text.p[at]));
	}
	return letters >= HYPHENATED;
}

/* Does writing need this zero-width character between these two? */
static bool
zero_width_fits(uint32_t cp, uint32_t before, uint32_t after, size_t at)
{
	switch (cp) {
	case 0xfeff:
		return at == 0;
	case 0x200c:
		return in_ranges(joining, before) || in_ranges(joining, after);
	case 0x200d:
		return in_ranges(joining, before) || in_ranges(joining, after) ||
		    (in_ranges(pictographs, before) &&
		    in_ranges(pictographs, after));
	case 0x200b:
		return in_ranges(unspaced, before) || in_ranges(unspaced, after);
	case 0x34f:
		return is_mark(after);
	case 0x2800:
		return in_ranges(braille, before) || in_ranges(braille, after);
	default:
		return in_ranges(mongolian, cp) && in_ranges(mongolian, before);
	}
}

static const char *
zero_width_name(uint32_t cp)
{
	switch (cp) {
	case 0xad:
		return "soft hyphen";
	case 0x200b:
		return "zero width space";
	case 0x200c:
		return "zero width non-joiner";
	case 0x200d:
		return "zero width joiner";
	case 0x2028:
		return "line separator";
	case 0x2029:
		return "paragraph separator";
	case 0x2060:
		return "word joiner";
	case 0x2800:
		return "blank of Braille";
	case 0xfeff:
		return "byte order mark";
	case 0x3164:
	case 0xffa0:
	case 0x115f:
	case 0x1160:
		return "Hangul filler";
	default:
		return "invisible character";
	}
}

/*
 * Bits written as two zero-width characters, eight to a letter, the first one
 * seen being 0 or 1: the text, where it is printable ASCII.
 */
static size_t
bits_decode(struct slice text, size_t at, size_t end, unsigned invert,
    char out[SHOWN_MAX])
{
	uint32_t zero = 0, one = 0, cp;
	size_t len, n = 0, bits = 0;
	unsigned value = 0;

	for (; at < end && n < SHOWN_MAX; at += len) {
		cp = point_at(text, at, &len);
		if (zero == 0)
			zero = cp;
		else if (cp != zero && one == 0)
			one = cp;
		if (cp != zero && cp != one)
			return 0;
		value = value << 1 | ((cp == one ? 1u : 0u) ^ invert);
		if (++bits % 8 != 0)
			continue;
		if ((value & 0xff) < 0x20 || (value & 0xff) > 0x7e)
			return 0;
		out[n++] = (char)(value & 0xff);
		value = 0;
	}
	return n;
}

static enum status
zero_width(struct hidden_scan *s, size_t at, size_t *next, struct error *err)
{
	uint32_t cp, first = point_at(s->text, at, next), before, after;
	size_t end = at, len = *next, count = 0, n;
	char shown[SHOWN_MAX], code[16];
	struct slice message;

	before = point_before(s->text, at);
	for (cp = first; in_ranges(zero_widths, cp); cp = point_at(s->text, end, &len)) {
		end += len;
		count++;
	}
	after = end < s->text.n ? cp : 0;
	*next = end;
	if (count == 1 && (first == 0xad ? hyphen_fits(s->text, at, end) :
	    zero_width_fits(first, before, after, at)))
		return STATUS_OK;
	n = (size_t)snprintf(code, sizeof(code), "U+%04X", first);
	if (count == 1 && hidden_allows(s->hidden, code, n))
		return STATUS_OK;
	n = bits_decode(s->text, at, end, 0, shown);
	if (n == 0)
		n = bits_decode(s->text, at, end, 1, shown);
	if (n > 0)
		message = arena_printf(s->run->arena, "%zu zero-width characters "
		    "that spell \"%.*s\"", count, (int)n, shown);
	else if (count > 1)
		message = arena_printf(s->run->arena,
		    "%zu zero-width characters", count);
	else
		message = arena_printf(s->run->arena, "%s: %s", code,
		    zero_width_name(first));
	if (message.p == NULL)
		return error_nomem(err);
	return hidden_add(s, "zero-width", n > 0 || count >= 8 ? SEVERITY_HIGH :
	    count > 1 ? SEVERITY_MEDIUM : SEVERITY_LOW, at, end, message, err);
}

static bool
is_tag(uint32_t cp)
{
	return cp >= 0xe0000 && cp <= 0xe007f;
}

/* U+1F3F4, three to six letters or digits, U+E007F: England, Texas. */
static bool
is_flag(uint32_t before, const char *shown, size_t n, uint32_t last)
{
	size_t i;

	for (i = 0; i < n; i++)
		if ((shown[i] < 'a' || shown[i] > 'z') &&
		    (shown[i] < '0' || shown[i] > '9'))
			return false;
	return before == 0x1f3f4 && last == 0xe007f && n >= 3 && n <= 6;
}

static enum status
tags(struct hidden_scan *s, size_t at, size_t *next, struct error *err)
{
	uint32_t cp, last = 0;
	char shown[SHOWN_MAX];
	size_t end = at, len, n = 0;
	struct slice message;

	for (cp = point_at(s->text, at, &len); is_tag(cp);
	    cp = point_at(s->text, end, &len)) {
		if (cp >= 0xe0020 && cp < 0xe007f && n < SHOWN_MAX)
			shown[n++] = (char)(cp - 0xe0000);
		last = cp;
		end += len;
	}
	*next = end;
	if (is_flag(point_before(s->text, at), shown, n, last))
		return STATUS_OK;
	message = arena_printf(s->run->arena,
	    "hidden text in TAG characters: \"%.*s\"", (int)n, shown);
	return message.p == NULL ? error_nomem(err) :
	    hidden_add(s, "tag-text", SEVERITY_CRITICAL, at, end, message, err);
}

/* Which byte a variation selector stands for where they hide text, or -1. */
static int
selector_byte(uint32_t cp)
{
	if (cp >= 0xfe00 && cp <= 0xfe0f)
		return (int)(cp - 0xfe00);
	if (cp >= 0xe0100 && cp <= 0xe01ef)
		return (int)(cp - 0xe0100) + 16;
	return -1;
}

/* May a variation selector follow it?  No letter below Myanmar has other forms. */
static bool
selector_fits(uint32_t cp, uint32_t before)
{
	if (cp >= 0xe0100)
		return in_ranges(ideographs, before);
	return before > ' ' && !(before < 0x1000 && is_letter(before));
}

static enum status
selectors(struct hidden_scan *s, size_t at, size_t *next, struct error *err)
{
	char shown[SHOWN_MAX];
	size_t end = at, len, n = 0, count = 0;
	struct slice message;
	uint32_t first = point_at(s->text, at, &len);
	int b;

	while (end < s->text.n &&
	    (b = selector_byte(point_at(s->text, end, &len))) >= 0) {
		if (n < SHOWN_MAX)
			shown[n++] = (char)(b >= 0x20 && b < 0x7f ? b : '.');
		end += len;
		count++;
	}
	*next = end;
	if (count == 1 && selector_fits(first, point_before(s->text, at)))
		return STATUS_OK;
	message = count == 1 ? arena_printf(s->run->arena, "U+%04X: a variation "
	    "selector behind what has no variant", first) :
	    arena_printf(s->run->arena, "%zu variation selectors running, "
	    "read as bytes: \"%.*s\"", count, (int)n, shown);
	return message.p == NULL ? error_nomem(err) :
	    hidden_add(s, "selector-text", count == 1 ? SEVERITY_MEDIUM :
	    SEVERITY_HIGH, at, end, message, err);
}

static const struct {
	uint16_t	cp;
	int8_t		depth;		/* opens 1, closes -1 */
	bool		override;
	const char	*message;
} bidi[] = {
	{ 0x61c, 0, false, "U+061C: Arabic letter mark without Arabic" },
	{ 0x200e, 0, false, "U+200E: left-to-right mark without right-to-left text" },
	{ 0x200f, 0, false, "U+200F: right-to-left mark without right-to-left text" },
	{ 0x202a, 1, false, "U+202A: left-to-right embedding" },
	{ 0x202b, 1, false, "U+202B: right-to-left embedding" },
	{ 0x202c, -1, false, "U+202C: pop directional formatting" },
	{ 0x202d, 1, true, "U+202D: left-to-right override changes the order shown" },
	{ 0x202e, 1, true, "U+202E: right-to-left override changes the order shown" },
	{ 0x2066, 1, false, "U+2066: left-to-right isolate" },
	{ 0x2067, 1, false, "U+2067: right-to-left isolate" },
	{ 0x2068, 1, false, "U+2068: first strong isolate" },
	{ 0x2069, -1, false, "U+2069: pop directional isolate" }
};
#define NBIDI	(sizeof(bidi) / sizeof(bidi[0]))

static size_t
bidi_find(uint32_t cp)
{
	size_t i;

	for (i = 0; i < NBIDI && bidi[i].cp != cp; i++)
		;
	return i;
}

/* Is there right-to-left text on the line of `at`, and are its controls even? */
static bool
bidi_fits(struct hidden_scan *s, size_t at)
{
	struct slice text = s->text;
	size_t from = at, len, k;
	bool rtl = false;
	uint32_t cp;
	int depth = 0;

	if (at >= s->line_start && at < s->line_end)
		return s->line_fits;
	while (from > 0 && text.p[from - 1] != '\n')
		from--;
	s->line_start = from;
	for (; from < text.n && text.p[from] != '\n'; from += len) {
		cp = point_at(text, from, &len);
		rtl |= in_ranges(right_to_left, cp);
		if ((k = bidi_find(cp)) < NBIDI)
			depth += bidi[k].depth;
	}
	s->line_end = from;
	s->line_fits = rtl && depth == 0;
	return s->line_fits;
}

static enum status
bidi_control(struct hidden_scan *s, size_t k, size_t at, size_t *next,
    struct error *err)
{
	char code[16];
	size_t n;

	(void)point_at(s->text, at, next);
	*next += at;
	n = (size_t)snprintf(code, sizeof(code), "U+%04X", bidi[k].cp);
	if (hidden_allows(s->hidden, code, n) ||
	    (!bidi[k].override && bidi_fits(s, at)))
		return STATUS_OK;
	return hidden_add(s, "bidi-control", bidi[k].override ? SEVERITY_HIGH :
	    bidi[k].depth == 0 ? SEVERITY_LOW : SEVERITY_MEDIUM, at, *next,
	    slice_of(bidi[k].message), err);
}

/* Letters of other scripts that look like Latin ones. */
static bool
is_lookalike(uint32_t cp)
{
	static const uint16_t looks[] = {
		0x391, 0x392, 0x395, 0x396, 0x397, 0x399, 0x39a, 0x39c, 0x39d,
		0x39f, 0x3a1, 0x3a4, 0x3a5, 0x3a7, 0x3bf, 0x3bd, 0x3c1, 0x3f2,
		0x405, 0x406, 0x408, 0x410, 0x412, 0x415, 0x41a, 0x41c, 0x41d,
		0x41e, 0x420, 0x421, 0x422, 0x423, 0x425, 0x430, 0x435, 0x43e,
		0x440, 0x441, 0x443, 0x445, 0x455, 0x456, 0x458, 0x4bb, 0x4cf,
		0x501, 0x51b, 0x51d, 0x570, 0x578, 0x57d, 0x585
	};
	size_t i;

	for (i = 0; i < sizeof(looks) / sizeof(looks[0]); i++)
		if (looks[i] == cp)
			return true;
	return false;
}

static bool
is_latin(uint32_t cp)
{
	return (cp >= 'a' && cp <= 'z') || (cp >= 'A' && cp <= 'Z') ||
	    (cp >= 0xc0 && cp <= 0x24f && cp != 0xd7 && cp != 0xf7);
}

static bool
is_other_script(uint32_t cp)
{
	return (cp >= 0x370 && cp <= 0x3ff) || (cp >= 0x400 && cp <= 0x52f) ||
	    (cp >= 0x531 && cp <= 0x587);
}

/* Looks once which letters the text has. */
static void
letters_count(struct hidden_scan *s)
{
	size_t at, len;
	uint32_t cp;

	if (s->counted)
		return;
	s->counted = true;
	for (at = 0; at < s->text.n && !(s->latin && s->plain_other);
	    at += len) {
		cp = point_at(s->text, at, &len);
		s->latin |= is_latin(cp);
		s->plain_other |= is_other_script(cp) && is_letter(cp) &&
		    !is_lookalike(cp);
	}
}

/*
 * Is a word all of doubles meant to be read as Latin?  It is where it is part of
 * an address, or nothing else in a Latin text is of its script.
 */
static bool
is_disguised(struct hidden_scan *s, size_t start, size_t end, size_t letters)
{
	static const char joins[] = ".@-_/";
	char before = start > 0 ? s->text.p[start - 1] : ' ';
	char after = end < s->text.n ? s->text.p[end] : ' ';
	size_t len;

	if (letters < 3)
		return false;
	if ((memchr(joins, before, sizeof(joins) - 1) != NULL && start > 1 &&
	    is_latin(point_before(s->text, start - 1))) ||
	    (memchr(joins, after, sizeof(joins) - 1) != NULL &&
	    is_latin(point_at(s->text, end + 1, &len))))
		return true;
	letters_count(s);
	return letters > 3 && s->latin && !s->plain_other;
}

/* A word that mixes Latin letters with their doubles from other scripts, or is
 * all of those. */
static enum status
mixed_word(struct hidden_scan *s, size_t at, size_t *next, struct error *err)
{
	size_t start = at, end = at, len, latin = 0, other = 0;
	bool doubles = true;
	uint32_t cp;

	while (start > 0 && is_latin(point_before(s->text, start))) {
		do
			start--;
		while (utf8_is_tail(s->text.p[start]));
		latin++;
	}
	for (; end < s->text.n; end += len) {
		cp = point_at(s->text, end, &len);
		if (is_latin(cp))
			latin++;
		else if (is_other_script(cp) && ++other > 0)
			doubles &= is_lookalike(cp);
		else
			break;
	}
	*next = end;
	if (doubles && latin == 0 && is_disguised(s, start, end, other))
		return hidden_add(s, "mixed-script", SEVERITY_HIGH, start, end,
		    SLICE("a word of another script's doubles of Latin letters"),
		    err);
	if (!doubles || latin == 0 || (latin == 1 && other < 3))
		return STATUS_OK;
	return hidden_add(s, "mixed-script", SEVERITY_HIGH, start, end, SLICE(
	    "a word of Latin letters and their doubles from another script"),
	    err);
}

/* The end of the escape sequence whose introducer ends at `at`. */
static size_t
escape_end(struct slice text, size_t at, char kind)
{
	unsigned char c;

	if (kind == '[') {
		while (at < text.n && (c = (unsigned char)text.p[at]) >= 0x20 &&
		    c < 0x40)
			at++;
		return at < text.n && text.p[at] >= 0x40 && text.p[at] < 0x7f ?
		    at + 1 : at;
	}
	for (; at < text.n && text.p[at] != '\n'; at++) {
		if (text.p[at] == '\a')
			return at + 1;
		if (text.p[at] == 0x1b && at + 1 < text.n &&
		    text.p[at + 1] == '\\')
			return at + 2;
	}
	return at;
}

/* The end of the escape sequence at `at`, or `at` where none begins there. */
static size_t
escape_at(struct slice text, uint32_t cp, size_t at)
{
	char kind = at + 1 < text.n ? text.p[at + 1] : '\0';

	if (cp == 0x9b)
		return escape_end(text, at + 2, '[');
	if (cp != 0x1b)
		return at;
	if (kind != '\0' && strchr("[]P_^X", kind) != NULL)
		return escape_end(text, at + 2, kind);
	return kind >= 0x30 && kind < 0x7f ? at + 2 : at;
}

static enum status
control(struct hidden_scan *s, uint32_t cp, size_t at, size_t *next,
    struct error *err)
{
	struct slice message, text = s->text;
	size_t end = escape_at(text, cp, at);

	*next = end;
	if (end > at)
		return hidden_add(s, "escape-sequence", SEVERITY_HIGH, at, end,
		    SLICE("an escape sequence for a terminal"), err);
	*next = at + (cp < 0x80 ? 1 : 2);
	if (cp == '\r' && *next < text.n && text.p[*next] == '\n')
		return STATUS_OK;
	message = arena_printf(s->run->arena, "U+%04X: control character", cp);
	return message.p == NULL ? error_nomem(err) : hidden_add(s, "control",
	    cp == '\r' || cp == '\f' || cp == '\v' ? SEVERITY_LOW :
	    SEVERITY_MEDIUM, at, *next, message, err);
}

/* Private use: what is shown depends on the font. */
static enum status
private_points(struct hidden_scan *s, size_t at, size_t *next,
    struct error *err)
{
	uint32_t first = point_at(s->text, at, next);
	size_t end = at, len = *next, count = 0;
	struct slice message;
	char code[16];

	for (; end < s->text.n && in_ranges(private_use,
	    point_at(s->text, end, &len)); end += len)
		count++;
	*next = end;
	(void)snprintf(code, sizeof(code), "U+%04X", first);
	if (hidden_allows(s->hidden, code, strlen(code)))
		return STATUS_OK;
	message = arena_printf(s->run->arena, "%zu of private use, from %s on: "
	    "no font need show %s", count, code, count == 1 ? "it" : "them");
	return message.p == NULL ? error_nomem(err) : hidden_add(s,
	    "private-use", count > 2 ? SEVERITY_MEDIUM : SEVERITY_LOW, at, end,
	    message, err);
}

/* "\x1b[31m" spelt out: what prints it makes an escape sequence of it. */
static enum status
escape_text(struct hidden_scan *s, size_t at, size_t *next, struct error *err)
{
	static const char *const forms[] = {
		"\\x1b", "\\u001b", "\\u{1b}", "\\033", "\\e", "\\x9b", "\\u009b"
	};
	size_t i, n = 0;

	for (i = 0; i < sizeof(forms) / sizeof(forms[0]) && n == 0; i++)
		if (s->text.n - at > strlen(forms[i]) &&
		    strncasecmp(s->text.p + at, forms[i], strlen(forms[i])) == 0)
			n = strlen(forms[i]);
	*next = at + 1;
	if (n == 0 || at + n >= s->text.n ||
	    memchr("[]P", s->text.p[at + n], 3) == NULL)
		return STATUS_OK;
	*next = escape_end(s->text, at + n + 1, '[');
	return hidden_add(s, "escape-text", SEVERITY_INFO, at, *next,
	    SLICE("an escape sequence for a terminal, spelt out"), err);
}

static enum status
wide(struct hidden_scan *s, size_t at, size_t *next, struct error *err)
{
	size_t len, k;
	uint32_t cp = point_at(s->text, at, &len);

	if (cp < 0xa0 && cp >= 0x80)
		return control(s, cp, at, next, err);
	if (is_lookalike(cp))
		return mixed_word(s, at, next, err);
	if (is_tag(cp))
		return tags(s, at, next, err);
	if (selector_byte(cp) >= 0)
		return selectors(s, at, next, err);
	if ((k = bidi_find(cp)) < NBIDI)
		return bidi_control(s, k, at, next, err);
	if (in_ranges(zero_widths, cp))
		return zero_width(s, at, next, err);
	if (in_ranges(private_use, cp))
		return private_points(s, at, next, err);
	*next = at + len;
	return STATUS_OK;
}

static const bool markup[0x80] = {
	['<'] = true, ['!'] = true, ['['] = true, ['('] = true, ['='] = true,
	['`'] = true, ['~'] = true
};

static enum status
hidden_run(const void *compiled, struct guard_run *r, struct error *err)
{
	struct hidden_scan s = { .hidden = compiled, .run = r, .text = r->text };
	const bool *look = s.hidden->look;
	enum status st = STATUS_OK;
	unsigned char c;
	size_t at = 0;

	while (st == STATUS_OK && !s.full) {
		while (at < r->text.n && !look[(unsigned char)r->text.p[at]])
			at++;
		if (at >= r->text.n)
			break;
		c = (unsigned char)r->text.p[at];
		if (c >= 0x80)
			st = wide(&s, at, &at, err);
		else if (c == '\\')
			st = escape_text(&s, at, &at, err);
		else if (markup[c])
			st = hidden_markup(&s, at, &at, err);
		else
			st = control(&s, c, at, &at, err);
	}
	return st;
}

static enum status
hidden_compile(const struct guard_config *c, void **out, struct error *err)
{
	const struct option_value *allow = guard_option(c, "allow");
	struct hidden *h;
	unsigned i;

	if ((h = malloc(sizeof(*h))) == NULL)
		return error_nomem(err);
	h->allow = allow->list;
	h->nallow = allow->nlist;
	for (i = 0; i < 256; i++)
		h->look[i] = i >= 0x7f || markup[i] || i == '\\' ||
		    (i < 0x20 && i != '\t' && i != '\n');
	*out = h;
	return STATUS_OK;
}

static const struct option_row hidden_options[] = {
	{ "allow", OPTION_LIST, NULL, false },
	{ NULL, OPTION_STRING, NULL, false }
};

const struct guard_kind guard_hidden = {
	.name = "hidden",
	.options = hidden_options,
	.severity = SEVERITY_MEDIUM,
	.cost = 5,
	.reads = READS_EACH,
	.leaves = READS_EACH,
	.hides = true,
	.window = guard_window_word,
	.compile = hidden_compile,
	.run = hidden_run,
	.free = free
};
