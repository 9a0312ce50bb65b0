/* Typed text that could not be stored, in files below the state folder. */
#ifndef TUI_REVIEW_DRAFT_H
#define TUI_REVIEW_DRAFT_H

#include "core/base/buf.h"

/* path: the file that it is in. */
enum status	draft_save(const char *what, int64_t item, struct slice text,
		    char *path, size_t n, struct error *) MUST_CHECK;
/* How many of earlier sessions there are, and in which folder. */
size_t		draft_left(char *path, size_t n);
/* A new private folder for an edit, below the state folder. */
enum status	draft_folder(char *path, size_t n, struct error *) MUST_CHECK;

#endif
