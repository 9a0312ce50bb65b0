/* What the panels of an item say, as documents. */
#ifndef TUI_REVIEW_PANELS_H
#define TUI_REVIEW_PANELS_H

#include "queue/review/item_detail.h"
#include "tui/screen/doc.h"
#include "tui/review/indent.h"

enum panel {
	PANEL_OUTPUT, PANEL_INPUT, PANEL_FINDINGS, PANEL_METADATA,
	PANEL_HISTORY, PANEL_RECORD, PANEL_COUNT
};
extern const char *const panel_titles[PANEL_COUNT];

/*
 * Fills a panel's document; texts that are made live in the arena.  The output
 * is laid out by in where it is JSON; marks are made by panel_marks().
 */
void	panel_fill(enum panel, struct doc *, const struct item_detail *,
		    struct indented *in, struct arena *);
/* A text with its findings marked, as the output and an edit are shown. */
void	panel_text(struct doc *, struct slice text, const struct finding *,
		    size_t n, struct indented *, struct arena *);
/* One finding in a line, and the text it is about. */
void	panel_finding(struct doc *, size_t number, const struct finding *,
		    struct slice text, struct arena *);
/* "flag: large refund | stop: length | tried: leaked secret no, large refund yes" */
void	panel_why(struct doc *, const struct item_detail *, struct arena *);

#endif
