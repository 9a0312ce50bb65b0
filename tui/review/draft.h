/* Typed text that could not be stored, in files below the state folder. */
#ifndef TUI_REVIEW_DRAFT_H
#define TUI_REVIEW_DRAFT_H

#include "core/base/buf.h"

#define DRAFT_KEY	64

/* What names an item of a store in the names of its drafts: "tkt-4711-2-1f3a9c00".
 * The id is for people; the digits tell apart what has the same one. */
void		draft_key(char key[DRAFT_KEY], const char *store,
		    struct slice queue, struct slice id);
/* path: the file that it is in. */
enum status	draft_save(const char *what, const char *key, struct slice text,
		    char *path, size_t n, struct error *) MUST_CHECK;
/* The latest of an item: its file, or for an edit its folder; false: none. */
bool		draft_find(const char *key, char *path, size_t n, bool *edit,
		    int64_t *ms);
/* How many of earlier sessions there are, and in which folder. */
size_t		draft_left(char *path, size_t n);
/* A new private folder for an edit, below the state folder. */
enum status	draft_folder(const char *key, char *path, size_t n,
		    struct error *) MUST_CHECK;

#endif
