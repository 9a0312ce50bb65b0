/*
 * Text that somebody else wrote, and how it may be shown.
 *
 * text_sanitize() is the only way from stored text to a terminal; nothing else
 * may print item text.
 */
#ifndef CORE_BASE_TEXT_H
#define CORE_BASE_TEXT_H

#include "core/base/buf.h"

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
/* Whether text that should be safe already (TEXT_CLI, or JSON made so) is, and
 * the same with what is not in the form of TEXT_CLI. */
bool	text_is_safe(struct slice);
void	text_make_safe(struct buf *, struct slice);
/* The same for one line of a command's table: LF and TAB become spaces too. */
void	text_sanitize_line(struct buf *, struct slice, size_t columns);
/* How many bytes from the front are printable ASCII that no form has to change, in
 * JSON neither. */
size_t	text_plain(const char *, size_t);
/* "..." in JSON with the quotes; null for an absent slice. */
void	text_json(struct buf *, struct slice);
/* Raw JSON (already checked by core/json) with every unsafe class inside its
 * strings rewritten as \uXXXX. */
void	text_json_raw(struct buf *, struct slice);

#endif
