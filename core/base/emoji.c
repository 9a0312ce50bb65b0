#include "core/base/emoji.h"

#include <stdlib.h>

#include <utf8proc.h>

#include "core/base/utf8.h"

#define ZWJ		0x200d
#define AS_EMOJI	0xfe0f
#define KEYCAP		0x20e3
#define BLACK_FLAG	0x1f3f4
#define TAG_END		0xe007f

/* A text that is read code point by code point. */
struct points {
	struct slice	text;
	size_t		at;
	uint32_t	cp;	/* the one at `at`; 0 at the end */
	size_t		n;	/* its bytes */
};

static void
points_at(struct points *r, size_t at)
{
	r->at = at;
	r->cp = 0;
	r->n = at < r->text.n ? utf8_decode(r->text.p + at, r->text.n - at,
	    &r->cp) : 0;
	if (r->n == 0)
		r->cp = 0;
}

static bool
points_take(struct points *r, uint32_t cp)
{
	if (r->cp != cp)
		return false;
	points_at(r, r->at + r->n);
	return true;
}

static bool
is_regional(uint32_t cp)
{
	return cp >= 0x1f1e6 && cp <= 0x1f1ff;
}

static bool
is_skin(uint32_t cp)
{
	return cp >= 0x1f3fb && cp <= 0x1f3ff;
}

static bool
is_pictograph(uint32_t cp)
{
	return (cp == 0xa9 || cp == 0xae || cp >= 0x203c) && !is_skin(cp) &&
	    utf8proc_get_property((utf8proc_int32_t)cp)->boundclass ==
	    UTF8PROC_BOUNDCLASS_EXTENDED_PICTOGRAPHIC;
}

/* A region's flag: three to six letters or digits as TAG characters, and the end. */
static bool
tags_take(struct points *r)
{
	size_t from = r->at, n = 0;

	while ((r->cp >= 0xe0030 && r->cp <= 0xe0039) ||
	    (r->cp >= 0xe0061 && r->cp <= 0xe007a)) {
		points_at(r, r->at + r->n);
		n++;
	}
	if (n >= 3 && n <= 6 && points_take(r, TAG_END))
		return true;
	points_at(r, from);
	return false;
}

/* Two letters, a sign with a keycap around it: two columns, or none of these. */
static size_t
pair_take(struct points *r)
{
	size_t from = r->at;
	uint32_t cp = r->cp;

	points_at(r, r->at + r->n);
	if (is_regional(cp) && is_regional(r->cp)) {
		points_at(r, r->at + r->n);
		return 2;
	}
	if (((cp >= '0' && cp <= '9') || cp == '#' || cp == '*') &&
	    points_take(r, AS_EMOJI) && points_take(r, KEYCAP))
		return 2;
	points_at(r, from);
	return 0;
}

/* The columns of one picture with what is said of it; *sure: of all terminals. */
static size_t
picture_take(struct points *r, bool *sure)
{
	size_t width;
	uint32_t cp = r->cp;

	*sure = false;
	if (!is_pictograph(cp))
		return pair_take(r);
	width = utf8proc_charwidth((utf8proc_int32_t)cp) == 2 ? 2 : 1;
	*sure = width == 2;
	points_at(r, r->at + r->n);
	if (points_take(r, AS_EMOJI))
		width = 2;
	else if (width == 1)
		*sure = r->cp != ZWJ && !is_skin(r->cp);
	if (is_skin(r->cp)) {
		points_at(r, r->at + r->n);
		*sure = false;
		return width + 2;
	}
	if (cp == BLACK_FLAG && tags_take(r))
		*sure = false;
	return width;
}

size_t
emoji_sequence(struct slice text, size_t at, size_t *columns)
{
	struct points r = { .text = text };
	size_t width, end, more;
	bool sure, ignored;

	points_at(&r, at);
	if ((width = picture_take(&r, &sure)) == 0)
		return 0;
	for (end = r.at; points_take(&r, ZWJ) &&
	    is_pictograph(r.cp) && (more = picture_take(&r, &ignored)) > 0 &&
	    r.at - at <= EMOJI_BYTES; end = r.at) {
		sure = false;
		width += more;
	}
	*columns = width;
	return sure ? 0 : end - at;
}
