/*
 * Text that somebody else wrote, and how it may be shown.
 *
 * text_sanitize() is the only way from stored text to a terminal; nothing else
 * may print item text.
 */
#ifndef CORE_BASE_TEXT_H
#define CORE_BASE_TEXT_H

#include "core/base/buf.h"

/*
 * Decodes one code point at p (n > 0 bytes): its length in bytes, or 0 where
 * the first byte begins no valid sequence (overlong, surrogate, cut off).
 */
size_t	utf8_decode(const char *p, size_t n, uint32_t *cp);
size_t	utf8_encode(uint32_t cp, char out[4]);		/* its length */
/* The byte offset of the first invalid byte, or n. */
size_t	utf8_valid(const char *p, size_t n);
/* Code points in n bytes of valid UTF-8. */
size_t	utf8_count(const char *p, size_t n);

/*
 * Turns ascending byte offsets into code point offsets in one pass over the
 * text; begin with { text, 0, 0 }.  An offset behind the last one starts anew.
 */
struct utf8_cursor {
	struct slice	text;
	size_t		byte, point;
};
size_t	utf8_point(struct utf8_cursor *, size_t byte);
size_t	utf8_byte(struct utf8_cursor *, size_t point);

/* What has to happen to a code point before a terminal may have it. */
enum text_class {
	TEXT_PLAIN,		/* shown as it is */
	TEXT_CONTROL,		/* C0 but TAB and LF; DEL */
	TEXT_HIDDEN,		/* C1, Cf, ignorable, bidi, private, unassigned... */
	TEXT_BLANK,		/* blank look-alikes, U+00A0 and U+3000 too */
	TEXT_MARK		/* a combining mark */
};
enum text_class	text_class(uint32_t cp);

/* Is there nothing to be seen in it: white space, what is hidden, no text? */
bool		text_blank(struct slice);

enum text_form {
	TEXT_CLI,	/* \x1b \u{202e} \xHH, and \\ for a backslash */
	TEXT_JSON,	/* inside a JSON string's quotes: \uXXXX */
	TEXT_SCREEN	/* ^[ <U+202E> \xHH; ends at a LF; TAB to 8 columns */
};

/*
 * Appends text in a form that is safe on any terminal.  TEXT_CLI keeps TAB and
 * LF and can be reversed; TEXT_JSON gives exactly the value back to a JSON
 * reader (invalid UTF-8, which a record cannot hold, becomes U+FFFD).
 * TEXT_SCREEN is for one-line uses of the screen (messages, headers, cells of
 * the list): LF is drawn as a space.
 */
void	text_sanitize(struct buf *, struct slice, enum text_form);
/* The same for one line of a command's table: LF and TAB become spaces too. */
void	text_sanitize_line(struct buf *, struct slice, size_t columns);
/* "..." in JSON with the quotes; null for an absent slice. */
void	text_json(struct buf *, struct slice);
/* Raw JSON (already checked by core/json) with every unsafe class inside its
 * strings rewritten as \uXXXX. */
void	text_json_raw(struct buf *, struct slice);

/* Columns a terminal gives a valid, sanitized text (utf8proc's widths). */
size_t	text_width(struct slice);

/*
 * The screen's cells.  text_cell() takes the next grapheme cluster of a text
 * (LF excluded) and gives what to draw for it.
 */
struct text_cell {
	char	draw[64];	/* UTF-8, NUL-terminated, safe */
	uint8_t	width;		/* columns of draw */
	uint16_t bytes;		/* of the text that it stands for */
	bool	marked;		/* drawn in place of what it is: show reversed */
};
/* False at the end of the text and at a LF.  column: for TAB stops. */
bool	text_cell(struct slice text, size_t at, size_t column,
	    struct text_cell *);

#endif
