/* The locale that text is shown in. */
#ifndef TUI_SCREEN_LOCALE_H
#define TUI_SCREEN_LOCALE_H

#include <stdbool.h>

/*
 * Takes the one that the environment asks for; C.UTF-8 where it asks for none, or for
 * one that is not installed: its name is returned then, which stays until the next
 * call, else NULL.
 */
const char	*locale_take(void);
/* Has it the characters of Unicode? */
bool		 locale_unicode(void);

#endif
