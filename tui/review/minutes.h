/* How long ago, or until when, for a list that is looked at all day. */
#ifndef TUI_REVIEW_MINUTES_H
#define TUI_REVIEW_MINUTES_H

#include <stdint.h>

/* "3m", "4h", "2d": never seconds, so that an idle screen has nothing to say. */
void	minutes_text(int64_t ms, char out[16]);

#endif
