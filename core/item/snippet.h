/* First words of a text, white space folded, for a list's last column. */
#ifndef CORE_ITEM_SNIPPET_H
#define CORE_ITEM_SNIPPET_H

#include "core/base/arena.h"

/* In the arena; p is NULL where there is no memory. */
struct slice	snippet_make(struct slice output, struct arena *);

#endif
