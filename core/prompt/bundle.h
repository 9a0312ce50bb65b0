/*
 * What a bundle is: a policy, and the versions of prompts that a label points at,
 * with the models, the data and the run that they were tried with; named by the
 * SHA-256 of its canonical bytes (RFC 8785):
 *
 *	{"data":{"bytes":9,"sha256":"..."},"label":"production","models":["m"],
 *	 "note":null,"policy":"...","prompts":[{"prompt":"refund","sha256":"...",
 *	 "version":3}],"run":null}
 */
#ifndef CORE_PROMPT_BUNDLE_H
#define CORE_PROMPT_BUNDLE_H

#include <stdint.h>

#include "core/base/arena.h"

#define BUNDLE_BYTES_MAX	((size_t)8 << 20)

struct bundle_prompt {
	struct slice	name, sha256;
	int64_t		version;
};

struct bundle_body {
	struct slice		 label, note, policy;	/* note: may be absent */
	const struct slice	*models;
	size_t			 nmodels;
	const struct bundle_prompt *prompts;		/* by name */
	size_t			 nprompts;
	struct slice		 data_sha256;		/* absent: no data */
	int64_t			 data_bytes;
	int64_t			 run;			/* 0: none */
};

/* STATUS_INVALID where a text is not UTF-8; STATUS_LIMIT. */
enum status	bundle_write(struct buf *, const struct bundle_body *,
		    struct error *) MUST_CHECK;
/* STATUS_INVALID where the bytes are not a bundle in its one form. */
enum status	bundle_read(struct bundle_body *, struct slice bytes,
		    struct arena *, struct error *) MUST_CHECK;

/* Adds the line of one move of a label (from 0: it was not set); the leaf of a use
 * has the SHA-256 of all its lines. */
void		bundle_move(struct buf *, struct slice name, struct slice label,
		    int64_t from, int64_t to);

#endif
