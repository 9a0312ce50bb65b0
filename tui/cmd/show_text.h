/* An item for people, as `show` prints it; and an age in few characters. */
#ifndef TUI_CMD_SHOW_TEXT_H
#define TUI_CMD_SHOW_TEXT_H

#include "queue/review/item_detail.h"

void	show_text(struct buf *, const struct item_detail *);
/* "5m", "3h", "12d", "-2h": minutes, hours or days of that many ms. */
void	age_text(struct buf *, int64_t ms);

#endif
