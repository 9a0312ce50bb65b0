/*
 * What an editor that was killed left in an edit's folder beside its file: nano
 * "output.txt.save", Emacs "#output.txt#", vim its swap file.  Backups ("...~"), links
 * and what the edit's file holds word for word are none.
 */
#ifndef TUI_REVIEW_EDIT_LEFT_H
#define TUI_REVIEW_EDIT_LEFT_H

#include "core/base/buf.h"

#define EDIT_LEFT	256	/* bytes of a name, with its NUL */

/* Is a file of that name such a one?  own: what the edit's file holds. */
bool		edit_left_is(const char *folder, const char *name,
		    struct slice own);
/* What the edit's file holds; nothing where there is none. */
void		edit_left_own(const char *folder, struct buf *out);
bool		edit_left_any(const char *folder);
/* The newest of them that is text, and when that was written; false: there is none, or
 * the edit's file is newer. */
bool		edit_left_text(const char *folder, char name[EDIT_LEFT], int64_t *ms);
/*
 * It becomes the edit's file, and that gets its name (*swapped), unless it holds no more
 * than what it was made with (before).
 */
enum status	edit_left_take(const char *folder, const char *name, bool json,
		    struct slice before, bool *swapped, struct error *) MUST_CHECK;

#endif
