/*
 * Removes from texts what `export --redact` promises to: personal data and secrets
 * as the built-in policy finds them, each replaced by its kind.
 */
#ifndef QUEUE_EXPORT_REDACTOR_H
#define QUEUE_EXPORT_REDACTOR_H

#include "queue/review/item_detail.h"

struct redactor;
enum status	redactor_new(struct redactor **, struct error *) MUST_CHECK;
void		redactor_free(struct redactor *);
/*
 * Everything of an item that an export may write; in its output, what the
 * policy's guards marked too.  The findings' places are those of the new output.
 * STATUS_LIMIT and others: a guard could not run, and the item must not go out.
 */
enum status	redactor_detail(struct redactor *, struct item_detail *,
		    struct arena *, struct error *) MUST_CHECK;

#endif
