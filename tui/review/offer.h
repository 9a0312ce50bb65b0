/* A text of an earlier session that was not stored, offered with its item. */
#ifndef TUI_REVIEW_OFFER_H
#define TUI_REVIEW_OFFER_H

struct screen;

/* Sets the key of the open item's drafts. */
void	task_key(struct screen *);
/* Asks about the latest draft of the item that was just opened, if there is one. */
void	offer_draft(struct screen *);

#endif
