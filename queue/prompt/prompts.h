/*
 * The prompts of a store: versions that never change, each named NAME@VERSION, and
 * labels that point at one.
 *
 *	struct prompt_version v;
 *	struct prompt_message *m;
 *
 *	if (prompts_get(store, SLICE("refund@production"), &arena, &v, err) == STATUS_OK &&
 *	    prompt_render_text(&v.body, vars, true, &arena, &m, err) == STATUS_OK)
 *		... v.ref is "refund@3", v.body.config its JSON, m[0 .. v.body.n) ...
 */
#ifndef QUEUE_PROMPT_PROMPTS_H
#define QUEUE_PROMPT_PROMPTS_H

#include "core/prompt/foreign.h"
#include "queue/session.h"

struct prompt_version {
	struct slice	 name, by;
	struct slice	 ref;		/* NAME@VERSION */
	struct slice	 note, tags;	/* absent: none; tags are JSON */
	int64_t		 version, seq, ts_ms;
	struct prompt_body body;
};

/*
 * By a reference (core/prompt/ref.h), in the arena.  STATUS_NOT_FOUND says which of
 * name, version and label there is not; STATUS_CORRUPT where its bytes are not those
 * that it is named by.
 */
enum status	prompts_get(struct store *, struct slice ref, struct arena *,
		    struct prompt_version *, struct error *) MUST_CHECK;
/* Every version, or those of one name; good until each() returns. */
enum status	prompts_each(struct store *, struct slice name,
		    enum status (*each)(void *, const struct prompt_version *,
		    struct error *), void *arg, struct error *) MUST_CHECK;

/* Where labels point: of one name, or of all with one label (absent: any). */
struct prompt_label {
	struct slice	name, label;
	int64_t		version;
	struct slice	by;		/* who moved it there */
	int64_t		ts_ms;
};
enum status	prompts_labels(struct store *, struct slice name,
		    struct slice label, struct arena *, struct prompt_label **,
		    size_t *n, struct error *) MUST_CHECK;

/* Every move of the labels of one name, the latest first. */
struct prompt_move {
	struct slice	label, by;
	int64_t		from, to;	/* versions; from 0: it was not set */
	int64_t		ts_ms;
};
enum status	prompts_moves(struct store *, struct slice name, struct arena *,
		    struct prompt_move **, size_t *n, struct error *) MUST_CHECK;

/* A version to be added, and what came of it. */
enum prompt_outcome { PROMPT_ADDED, PROMPT_KNOWN, PROMPT_OTHER };
struct prompt_adding {
	struct prompt_record	 record;	/* version 0: the next */
	bool			 move;		/* labels that point elsewhere too */
	/* Set by prompts_add(): added; there already; the version is there with
	 * other bytes, and nothing was done. */
	enum prompt_outcome	 outcome;
	int64_t			 version;
	/* Labels that stay where they were, though the record has them: of them
	 * `stay` is the first. */
	size_t			 nstay;
	struct prompt_label	 stay;
};
/* All in one transaction, each with its leaf; STATUS_DENIED without MAY_POLICY. */
enum status	prompts_add(struct session *, struct prompt_adding *, size_t n,
		    struct error *) MUST_CHECK;
/*
 * Makes the label point at the version of the reference, with its leaf; *from is
 * where it pointed, 0 for nowhere.  Where it does already, nothing is done.
 */
enum status	prompts_label(struct session *, struct slice ref,
		    struct slice label, int64_t *from, int64_t *to,
		    struct error *) MUST_CHECK;

#endif
