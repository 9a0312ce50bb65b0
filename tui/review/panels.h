/* What the parts of an item's page say, as sections of documents. */
#ifndef TUI_REVIEW_PANELS_H
#define TUI_REVIEW_PANELS_H

#include "queue/review/item_detail.h"
#include "tui/screen/doc.h"
#include "tui/review/indent.h"

enum panel {
	PANEL_INPUT, PANEL_OUTPUT, PANEL_FINDINGS, PANEL_METADATA,
	PANEL_HISTORY, PANEL_RECORD, PANEL_COUNT
};

/*
 * Adds a part as a section, its title beginning with the part's digit, and what
 * belongs to it; texts that are made live in the arena.  The output is laid out
 * by in where it is JSON.
 */
void	panel_fill(enum panel, struct doc *, const struct item_detail *,
		    struct indented *in, struct arena *);
/* The queue's guidelines, where it has any. */
void	panel_guidelines(struct doc *, const struct item_detail *);
/* A text with its findings marked, as the output and an edit are shown. */
void	panel_text(struct doc *, struct slice text, const struct finding *,
		    size_t n, struct indented *, struct arena *);
/* One finding in a line, and the text it is about. */
void	panel_finding(struct doc *, size_t number, const struct finding *,
		    struct slice text, struct arena *);

#endif
