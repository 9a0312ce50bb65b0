/* The formats of `export` (handrail-export.1). */
#ifndef QUEUE_EXPORT_FORMAT_H
#define QUEUE_EXPORT_FORMAT_H

#include "queue/review/item_detail.h"

/* An item as a format sees it. */
struct export_row {
	const struct item_detail		*d;
	const struct item_decision	*last;	/* the latest that stands */
	struct slice			 final;	/* accept, edit: the text; else absent */
	bool				 besides;	/* the head names ratings and evidence */
};

/* One row of export_formats[] a format. */
struct export_format {
	const char	*name;
	bool		 undone;	/* items whose decisions were all undone too */
	const char	*extension;	/* of a split's file */
	const char	*eol;		/* after each row; or, with between, none */
	const char	*head, *between, *tail;	/* of a file; each may be NULL */
	const char	*head_besides;	/* where the policy asks for ratings or evidence */
	bool		 array;		/* the rows are the elements of one, */
	const char	*member;	/* which is this of an object, or NULL */
	/* NULL, or why the row cannot be expressed (static; nothing kept). */
	const char	*(*row)(struct buf *, const struct export_row *,
			    struct arena *);
};
extern const struct export_format export_formats[];	/* ends with a null name */
const struct export_format *export_format_find(const char *name);

#endif
