/* A list's condition, looked at aside: what is found so far is what the list shows. */
#ifndef TUI_REVIEW_SIFT_H
#define TUI_REVIEW_SIFT_H

#include "queue/review/picks.h"
#include "tui/review/aside.h"

struct screen;

struct sift {
	struct aside	*aside;		/* which keeps the picks; NULL: none */
	struct picks	*picks;
	bool		 running;
};

/* Begins; the sift is empty before, or was ended. */
enum status	sift_begin(struct sift *, struct screen *,
		    const struct list_filter *, struct error *) MUST_CHECK;
/* It looks no further; what it found stays. */
void		sift_stop(struct sift *);
/* Gives all of it up. */
void		sift_end(struct sift *, struct screen *);
/* True once, when it has come to an end by itself or by sift_stop(). */
bool		sift_ended(struct sift *, struct screen *, enum status *,
		    struct error *);

#endif
