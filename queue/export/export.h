/*
 * Labelled data: one line for each item that people decided on, written whole or
 * not at all, with a manifest beside the file and a leaf in the log.
 */
#ifndef QUEUE_EXPORT_EXPORT_H
#define QUEUE_EXPORT_EXPORT_H

#include <signal.h>

#include "queue/export/format.h"

#define EXPORT_SPLITS_MAX	16
#define EXPORT_SKIPS_MAX	16

struct export_options {
	const struct export_format *format;
	int64_t		 since_ms, until_ms;	/* of the decision; -1: open */
	const char	*where;			/* NULL: all */
	const char	*split;			/* "train=0.9,test=0.1", or NULL */
	const char	*path;			/* NULL: standard output */
	bool		 redact;
	const volatile sig_atomic_t *stop;
};

struct export_skip {
	const char	*reason;
	int64_t		 n;
};
struct export_counts {
	int64_t			rows, nskips;
	struct export_skip	skip[EXPORT_SKIPS_MAX];
};

/*
 * STATUS_DENIED without MAY_EXPORT; STATUS_INVALID for a bad split or
 * condition.  No row leaves, not even through standard output, before the leaf is
 * written; an error before that leaves neither.
 */
enum status	export_run(struct session *, const struct export_options *,
		    struct export_counts *, struct error *) MUST_CHECK;

#endif
