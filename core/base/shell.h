/* Words of a command that somebody is told to type. */
#ifndef CORE_BASE_SHELL_H
#define CORE_BASE_SHELL_H

#include "core/base/buf.h"

/* The word as a shell takes it: quoted where it is no plain name, without the
 * backslash that a message shows as two. */
void		shell_add(struct buf *, struct slice word);

#endif
