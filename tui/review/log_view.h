/*
 * What was decided (what, who, when, why, how long it took) and what is in the audit
 * log, the latest first.
 */
#ifndef TUI_REVIEW_LOG_VIEW_H
#define TUI_REVIEW_LOG_VIEW_H

#include <stdbool.h>
#include <stdint.h>

struct screen;

enum log_list { LOG_DECIDED, LOG_AUDIT };

void	log_view_show(struct screen *, enum log_list);
/* The item of the next row that is about one, after or before the cursor, which
 * moves there; false: there is none, or no such view. */
bool	log_view_beside(struct screen *, bool backward, int64_t *item);

#endif
