/* Names of cases, and what is said of them, in files for CI. */
#ifndef TUI_CMD_CASE_TEXT_H
#define TUI_CMD_CASE_TEXT_H

#include "core/base/buf.h"

/* Text inside an XML attribute: safe on a terminal, and in XML. */
void	xml_text(struct buf *, struct slice);
/* A test's description in TAP: no directive begins in it. */
void	tap_text(struct buf *, struct slice);
/* A cell of a Markdown table: no markup, no end of the cell. */
void	markdown_text(struct buf *, struct slice);

#endif
