#include "tui/screen/theme.h"

static const char *const face_names[FACE_COUNT] = {
	[FACE_TEXT] = "text", [FACE_HEADER] = "header",
	[FACE_HEADING] = "heading", [FACE_SELECTED] = "selected",
	[FACE_HINT] = "hint", [FACE_MESSAGE] = "message",
	[FACE_ERROR] = "error", [FACE_MARKED] = "marked",
	[FACE_CODE] = "code", [FACE_OLD] = "old",
	[FACE_NEW] = "new", [FACE_INFO] = "info",
	[FACE_LOW] = "low", [FACE_MEDIUM] = "medium", [FACE_HIGH] = "high",
	[FACE_CRITICAL] = "critical", [FACE_MATCH] = "match",
	[FACE_CURRENT] = "current"
};

static const char *const theme_names[THEMES] = { "dark", "light", "contrast" };

static const char *const color_names[] = {
	"black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"
};
#define NCOLORS	(sizeof(color_names) / sizeof(color_names[0]))

static bool
color_from(struct slice word, short *out)
{
	size_t i;

	*out = -1;
	if (slice_is(word, "default"))
		return true;
	for (i = 0; i < NCOLORS; i++) {
		if (slice_is(word, color_names[i])) {
			*out = (short)i;
			return true;
		}
	}
	return false;
}

static bool
attribute_from(struct slice word, struct look *look)
{
	const struct {
		const char	*name;
		bool		*flag;
	} rows[] = {
		{ "bold", &look->bold }, { "underline", &look->underline },
		{ "reverse", &look->reverse }, { "dim", &look->dim }
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (slice_is(word, rows[i].name)) {
			*rows[i].flag = true;
			return true;
		}
	}
	return false;
}

/* color FACE COLOUR [bold] ...; why not, or NULL. */
static const char *
color_line(struct slice word[], size_t n, int *face, struct look *look)
{
	size_t i;

	*look = (struct look){ -1, false, false, false, false };
	if (n < 3 || !slice_is(word[0], "color"))
		return "use: color FACE COLOUR [bold] [underline] [reverse] [dim]";
	for (*face = 0; *face < FACE_COUNT; ++*face) {
		if (slice_is(word[1], face_names[*face]))
			break;
	}
	if (*face == FACE_COUNT)
		return "no such face";
	if (!color_from(word[2], &look->color))
		return "no such colour";
	for (i = 3; i < n; i++) {
		if (!attribute_from(word[i], look))
			return "no such attribute";
	}
	return NULL;
}

static bool
theme_find(struct slice name, int *t)
{
	for (*t = 0; *t < THEMES; ++*t) {
		if (slice_is(name, theme_names[*t]))
			return true;
	}
	return false;
}

/* theme = NAME takes one over, theme NAME color ... says what it is. */
static const char *
theme_line(struct theme *theme, struct slice word[], size_t n)
{
	bool take = n == 3 && slice_is(word[1], "=");
	struct look look;
	const char *why;
	int t, face;

	if (n < 3 || !theme_find(word[take ? 2 : 1], &t))
		return "use: theme = dark, light or contrast";
	if (!take) {
		if ((why = color_line(word + 2, n - 2, &face, &look)) != NULL)
			return why;
		theme->named[t][face].look = look;
		theme->named[t][face].said = true;
		return NULL;
	}
	/* Nothing is left of one that was taken before. */
	for (face = 0; face < FACE_COUNT; face++)
		theme->look[face] = theme->named[t][face].said ?
		    theme->named[t][face].look : theme->own[face];
	return NULL;
}

bool
theme_word(void *arg, struct slice word[], size_t n, const char **why)
{
	struct theme *theme = arg;
	struct look look;
	int face;

	if (slice_is(word[0], "theme")) {
		*why = theme_line(theme, word, n);
		return *why == NULL;
	}
	if (!slice_is(word[0], "color"))
		return false;
	*why = color_line(word, n, &face, &look);
	if (*why == NULL)
		theme->look[face] = theme->own[face] = look;
	return *why == NULL;
}

const char *
theme_color(short color)
{
	return color < 0 || (size_t)color >= NCOLORS ? NULL : color_names[color];
}

enum face
theme_severity(int severity)
{
	if (severity < 0)
		return FACE_TEXT;
	return severity > 4 ? FACE_CRITICAL : (enum face)(FACE_INFO + severity);
}
