#include "core/base/text_cells.h"

#include <stdio.h>

#include <utf8proc.h>

#include "core/base/emoji.h"
#include "core/base/text.h"
#include "core/base/utf8.h"

#define TAB_COLUMNS	8
#define ZWJ		0x200d
#define CLUSTER_BYTES	20	/* of a base and its followers */
#define FOLLOWERS_MAX	4	/* what a cell of ncurses holds beside its base */

struct range {
	uint32_t	first, last;
};

/* Scripts whose spelling needs the joiners, none of which moves the cursor. */
static const struct range joined_scripts[] = {
	{ 0x0600, 0x08ff },	/* Arabic, Syriac, Thaana, N'Ko, Mandaic */
	{ 0x0900, 0x0dff },	/* the Brahmic scripts of India and Sri Lanka */
	{ 0x0f00, 0x109f },	/* Tibetan, Myanmar */
	{ 0x1780, 0x18af },	/* Khmer, Mongolian */
	{ 0xfb50, 0xfdff },	/* Arabic presentation forms */
	{ 0xfe70, 0xfeff },
	{ 0x11000, 0x11fff }	/* further Brahmic scripts */
};

/* Ideographs, which variation selectors are registered for. */
static const struct range ideographs[] = {
	{ 0x3400, 0x4dbf }, { 0x4e00, 0x9fff }, { 0xf900, 0xfaff },
	{ 0x20000, 0x3fffd }
};

static bool
in_ranges(const struct range *r, size_t n, uint32_t cp)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (cp >= r[i].first && cp <= r[i].last)
			return true;
	return false;
}

#define IN(ranges, cp)	in_ranges(ranges, sizeof(ranges) / sizeof(*(ranges)), cp)

/* Vowels and finals of Hangul syllables that are spelt out. */
static bool
is_jamo_tail(uint32_t cp)
{
	return (cp >= 0x1160 && cp <= 0x11ff) || (cp >= 0xd7b0 && cp <= 0xd7ff);
}

static bool
is_emoji_modifier(uint32_t cp)
{
	return cp >= 0x1f3fb && cp <= 0x1f3ff;
}

static bool
is_spacing_mark(uint32_t cp)
{
	return utf8proc_get_property((utf8proc_int32_t)cp)->category ==
	    UTF8PROC_CATEGORY_MC;
}

/*
 * utf8proc's width but for two kinds that terminals treat otherwise: spacing
 * marks take a column, the tails of a spelt-out syllable none.
 */
static size_t
point_width(uint32_t cp)
{
	int width;

	if (cp < 0x300)
		return cp == 0xad ? 0 : 1;
	if (is_jamo_tail(cp))
		return 0;
	width = utf8proc_charwidth((utf8proc_int32_t)cp);
	if (width <= 0)
		return is_spacing_mark(cp) ? 1 : 0;
	return (size_t)width;
}

size_t
text_width(struct slice s)
{
	size_t at = 0, n, width = 0;
	uint32_t cp;

	while (at < s.n) {
		n = utf8_decode(s.p + at, s.n - at, &cp);
		if (n == 0) {		/* cannot be in a sanitized text */
			n = 1;
			cp = '?';
		}
		width += cp == '\n' ? 0 : point_width(cp);
		at += n;
	}
	return width;
}

static bool
is_jamo_head(uint32_t cp)
{
	return (cp >= 0x1100 && cp <= 0x115e) ||
	    (cp >= 0xa960 && cp <= 0xa97c) || (cp >= 0xac00 && cp <= 0xd7a3);
}

static bool
is_selector(uint32_t cp, uint32_t first, uint32_t last)
{
	return cp >= first && cp <= last;
}

/* Is the width known of base followed by a joiner or variation selector? */
static bool
follows_surely(uint32_t base, uint32_t cp)
{
	if (cp == 0x200c || cp == 0x200d)
		return IN(joined_scripts, base);
	if (is_selector(cp, 0xfe00, 0xfe0d))
		return IN(ideographs, base) || IN(joined_scripts, base);
	if (cp == 0xfe0e)	/* as text: narrow if it was narrow before */
		return base > 0x2000 && point_width(base) == 1;
	if (cp == 0xfe0f)	/* as emoji: wide if it was wide before */
		return base > 0x2000 && point_width(base) == 2;
	if (is_selector(cp, 0xe0100, 0xe01ef))
		return IN(ideographs, base);
	return is_jamo_tail(cp) && is_jamo_head(base);
}

static bool
follows(uint32_t base, uint32_t before, uint32_t cp)
{
	if (text_class(cp) == TEXT_MARK)
		return !is_spacing_mark(cp);
	/* One selector or joiner at a time; the tails of a syllable in turn. */
	if (!is_jamo_tail(cp) && before != base &&
	    text_class(before) != TEXT_MARK)
		return false;
	return follows_surely(base, cp);
}

/* Appends to draw, which has room for it by FOLLOWERS_MAX. */
static void
draw_add(struct text_cell *cell, size_t *used, const char *p, size_t n)
{
	memcpy(cell->draw + *used, p, n);
	*used += n;
	cell->draw[*used] = '\0';
	cell->bytes = (uint16_t)(cell->bytes + n);
}

/* A base with what follows it; the last code point. */
static uint32_t
cell_cluster(struct slice text, size_t at, size_t n, uint32_t base,
    struct text_cell *cell, size_t *used)
{
	uint32_t cp, before = base;
	int followers;

	cell->width = (uint8_t)(cell->width + point_width(base));
	draw_add(cell, used, text.p + at, n);
	for (followers = 0; followers < FOLLOWERS_MAX; followers++) {
		at += n;
		if (at >= text.n || (n = utf8_decode(text.p + at, text.n - at,
		    &cp)) == 0 || cp < 0x300 || !follows(base, before, cp))
			break;
		draw_add(cell, used, text.p + at, n);
		before = cp;
	}
	return before;
}

/* A letter, and those that U+200D joins to it: some terminals draw them as one. */
static void
cell_letters(struct slice text, size_t at, size_t n, uint32_t base,
    struct text_cell *cell)
{
	size_t used = 0, from = at, next;

	while (cell_cluster(text, at, n, base, cell, &used) == ZWJ) {
		cell->placed = true;
		next = from + cell->bytes;
		if (used + CLUSTER_BYTES >= sizeof(cell->draw) || next >= text.n ||
		    (n = utf8_decode(text.p + next, text.n - next, &base)) == 0 ||
		    text_class(base) != TEXT_PLAIN || !IN(joined_scripts, base))
			return;
		at = next;
	}
}

/* Is there something before `at` that a spacing mark can belong to? */
static bool
has_base(struct slice text, size_t at)
{
	size_t from = at;
	uint32_t cp;

	while (from > 0 && at - from < 4) {
		from--;
		if (!utf8_is_tail(text.p[from]))
			break;
	}
	if (from == at || utf8_decode(text.p + from, at - from, &cp) !=
	    at - from || cp < 0x20)
		return false;
	return text_class(cp) == TEXT_PLAIN || text_class(cp) == TEXT_MARK ||
	    IN(joined_scripts, cp);
}

static void
cell_named(struct text_cell *cell, uint32_t cp)
{
	cell->width = (uint8_t)snprintf(cell->draw, sizeof(cell->draw),
	    "<U+%04X>", cp);
	cell->marked = true;
}

bool
text_joins(struct slice text, size_t at)
{
	uint32_t cp, before, after;
	size_t n = utf8_decode(text.p + at, text.n - at, &cp), from = at;

	if (n == 0 || (cp != 0x200c && cp != 0x200d) || at == 0)
		return false;
	do
		from--;
	while (from > 0 && utf8_is_tail(text.p[from]));
	return utf8_decode(text.p + from, at - from, &before) == at - from &&
	    utf8_decode(text.p + at + n, text.n - at - n, &after) > 0 &&
	    text_class(after) == TEXT_PLAIN && IN(joined_scripts, before) &&
	    IN(joined_scripts, after);
}

/* What has no place of its own on a screen, or must not have one. */
static void
cell_special(struct text_cell *cell, uint32_t cp)
{
	if (cp == 0xa0 || cp == 0x3000) {
		cell->width = cp == 0xa0 ? 1 : 2;
		memcpy(cell->draw, "  ", cell->width);
		cell->marked = true;
	} else if (cp < 0x80) {
		(void)snprintf(cell->draw, sizeof(cell->draw), "^%c",
		    (char)(cp ^ 0x40));
		cell->width = 2;
		cell->marked = true;
	} else {
		cell_named(cell, cp);
	}
}

/* One picture of several code points, as long as any terminal draws it. */
static bool
cell_emoji(struct slice text, size_t at, struct text_cell *cell)
{
	size_t columns = 0, n = emoji_sequence(text, at, &columns);

	if (n == 0)
		return false;
	memcpy(cell->draw, text.p + at, n);
	cell->bytes = (uint16_t)n;
	cell->width = (uint8_t)columns;
	cell->placed = true;
	return true;
}

static void
cell_tab(struct text_cell *cell, size_t column)
{
	cell->width = (uint8_t)(TAB_COLUMNS - column % TAB_COLUMNS);
	memset(cell->draw, ' ', cell->width);
	cell->bytes = 1;
}

static bool
is_drawn(struct slice text, size_t at, uint32_t cp)
{
	switch (text_class(cp)) {
	case TEXT_PLAIN:
		return !is_emoji_modifier(cp) && !is_jamo_tail(cp);
	case TEXT_MARK:
		return is_spacing_mark(cp) && has_base(text, at);
	default:
		return false;
	}
}

bool
text_cell(struct slice text, size_t at, size_t column, struct text_cell *cell)
{
	uint32_t cp;
	size_t n;

	if (at >= text.n || text.p[at] == '\n')
		return false;
	memset(cell, 0, sizeof(*cell));
	if (text.p[at] == '\t') {
		cell_tab(cell, column);
	} else if ((n = utf8_decode(text.p + at, text.n - at, &cp)) == 0) {
		cell->width = (uint8_t)snprintf(cell->draw, sizeof(cell->draw),
		    "\\x%02x", (unsigned char)text.p[at]);
		cell->bytes = 1;
		cell->marked = true;
	} else if (cell_emoji(text, at, cell)) {
		return true;
	} else if (is_drawn(text, at, cp)) {
		cell_letters(text, at, n, cp, cell);
	} else {
		cell->bytes = (uint16_t)n;
		cell_special(cell, cp);
	}
	return true;
}
