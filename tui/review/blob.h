/* Bytes in base64, which say nothing to a reader. */
#ifndef TUI_REVIEW_BLOB_H
#define TUI_REVIEW_BLOB_H

#include "core/base/buf.h"

#define BLOB_LEAST	256	/* characters; what is shorter is shown as it is */
#define BLOB_TEXT	32

/*
 * Is a string (what is inside its quotes) nothing but base64, or a data: URL of
 * it?  Then out says what it looks like: "[image, 5 kB]".
 */
bool	blob_text(struct slice string, char out[BLOB_TEXT]);

#endif
