/*
 * A text in the reviewer's own editor.  The file stands in a private
 * folder below the state folder, so that it is the draft itself: whatever goes
 * wrong later, the text is where the message says.
 */
#ifndef TUI_REVIEW_EDIT_H
#define TUI_REVIEW_EDIT_H

#include "core/base/buf.h"

/* The file's name in the folder. */
const char	*edit_file(bool json);
/* Makes the folder, named by a draft's key, and the file, which holds exactly the
 * text. */
enum status	edit_begin(const char *key, char *folder, size_t n, bool json,
		    struct slice text, struct error *) MUST_CHECK;
/*
 * Runs $VISUAL or $EDITOR (else vi) on it and reads it back into out.  A line
 * feed that the editor put at the end of a text that had none (`before`) goes.
 * STATUS_INVALID: the editor failed, or what it left is not UTF-8 text.
 */
enum status	edit_run(const char *folder, bool json, struct slice before,
		    struct buf *out, struct error *) MUST_CHECK;
/* Is there no other text than this very one, in the file or beside it (edit_left.h)? */
bool		edit_untouched(const char *folder, bool json, struct slice text);
/* Removes the folder; false: what a killed editor left in it (edit_left.h) is kept, and
 * so is the folder. */
bool		edit_remove(const char *folder);

#endif
