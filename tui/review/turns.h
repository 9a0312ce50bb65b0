/* What was asked: the turns of a conversation, and the context. */
#ifndef TUI_REVIEW_TURNS_H
#define TUI_REVIEW_TURNS_H

#include "core/base/arena.h"
#include "tui/screen/doc.h"

/*
 * Adds the turns to a section: the one that was answered always, those before it
 * while the section is unfolded.  How many those are.
 */
size_t	turns_add(struct doc *, struct slice messages, struct arena *);
/*
 * Adds the texts of the context: titles with their first words, or whole while
 * the section is unfolded.  Whether the two differ.
 */
bool	turns_context_add(struct doc *, struct slice context, struct arena *);

#endif
