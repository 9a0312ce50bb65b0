/*
 * What each kind of writing looks like.  The default background is never
 * painted; every face that means something has an attribute beside its colour.
 */
#ifndef TUI_SCREEN_THEME_H
#define TUI_SCREEN_THEME_H

#include "core/base/buf.h"

/* Severities in rising order: the later face wins where marks overlap. */
enum face {
	FACE_TEXT, FACE_HEADER, FACE_HEADING, FACE_SELECTED, FACE_HINT,
	FACE_MESSAGE, FACE_ERROR, FACE_MARKED, FACE_CODE, FACE_OLD, FACE_NEW,
	FACE_INFO, FACE_LOW, FACE_MEDIUM, FACE_HIGH, FACE_CRITICAL, FACE_MATCH,
	FACE_CURRENT, FACE_COUNT
};

/* Colours as terminals number them; -1: the terminal's own. */
struct look {
	short	color;
	bool	bold, underline, reverse, dim;
};

#define THEMES	3

struct theme {
	struct look	look[FACE_COUNT];
	struct look	own[FACE_COUNT];	/* without any theme */
	/* What the themes have in place of that; said: where they have anything. */
	struct {
		struct look	look;
		bool		said;
	}		 named[THEMES][FACE_COUNT];
};

/*
 * A line of handrail.conf that begins with "color" or "theme"; false where the words
 * are about another thing, or with *why where they are wrong.  arg: a struct theme.
 */
bool	theme_word(void *arg, struct slice word[], size_t n, const char **why);
/* "red" for 1; NULL: it has no name. */
const char *theme_color(short color);
/* FACE_INFO for SEVERITY_INFO and so on. */
enum face theme_severity(int severity);

#endif
