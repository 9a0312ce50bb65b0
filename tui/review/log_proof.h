/* The audit log verified aside, once its view is opened; it goes on when that is left. */
#ifndef TUI_REVIEW_LOG_PROOF_H
#define TUI_REVIEW_LOG_PROOF_H

#include "queue/review/verified.h"
#include "tui/review/aside.h"

struct screen;

struct log_proof {
	struct aside	*aside;		/* NULL: not begun */
	struct verified	*verified;	/* lives as long as that */
	bool		 running;
	bool		 watched;	/* counted among the screen's asides */
};

/* The view is opened: begins, or watches what runs. */
void	log_proof_begin(struct screen *);
/* The view is left. */
void	log_proof_leave(struct screen *);
void	log_proof_tick(struct screen *);
/* "verified up to leaf 4,894" */
void	log_proof_text(const struct log_proof *, struct buf *);
/* The review ends. */
void	log_proof_end(struct log_proof *);

#endif
