/*
 * Judging one record: its bytes, a policy and a scratch in, verdicts out.  A line
 * of a batch, the body of a request, an edit and a case of a policy's tests all
 * go through this one function.  It starts no thread, opens no file and writes
 * no store; only a guard that asks a service waits for anything (the policy's
 * guard kinds say so: kind->waits).
 *
 *	struct judge_scratch *s;	one a thread, for as long as the policy
 *	struct arena arena = { 0 };	one a record, or one for many
 *	struct judge_request r = { .record = body, .queue = SLICE("support") };
 *	const struct judged_item *i;
 *
 *	st = judge_record(s, &r, &arena, &i, &err);
 *	for (; st == STATUS_OK && i != NULL; i = i->next)
 *		...i->item.id, i->verdict.route, i->verdict.release...
 *
 * Threads: a scratch serves one thread at a time; any number of scratches may
 * use one policy, which is only read.
 *
 * What lives how long: the policy at least as long as the scratch.  The results
 * are in the arena and point into the record's bytes, into the texts of the
 * request and into the policy: they end with whichever ends first.  They do not
 * depend on the scratch, which may judge the next record meanwhile.
 */
#ifndef CORE_JUDGE_RECORD_H
#define CORE_JUDGE_RECORD_H

#include "core/base/arena.h"
#include "core/json/parse.h"
#include "core/judge/judge.h"

struct judge_scratch;

struct judge_request {
	struct slice	 record;	/* as it came; over ITEM_RECORD_MAX is refused */
	const char	*format;	/* a shape's name; NULL: by the record's marks */
	struct slice	 queue;		/* every item's; absent: as the record says */
	/* Members of the record that are parsed already, or NULL; their texts must
	 * still be there (json_parse_known()). */
	const struct json *known[JSON_KNOWN];
	/* Finds the request that a batch line answers (item.h), or NULL. */
	enum status	(*inputs)(void *, struct slice custom_id,
			    struct arena *, struct slice *, struct error *);
	void		*inputs_arg;
	/*
	 * Instead of a record: an item that was read before, as the store has
	 * it.  It is judged under its own id and queue.
	 */
	const struct item *item;
	enum judge_what	 what;
	/*
	 * A text that a person put in the output's place, or NULL.  The results
	 * that the caller brought were of the old one: they are neither taken
	 * nor expected.  The item keeps its output; the verdict's findings and
	 * release are of this text.
	 */
	const struct slice *edit;
};

/* One item of the record with its verdict. */
struct judged_item {
	struct judged_item *next;	/* in the record's order */
	struct item	 item;
	struct verdict	 verdict;
};

/*
 * Compiles the policy's rules for one thread, which costs far more than a record:
 * keep it.  It is of this policy for good; a new policy needs a new scratch.
 */
enum status	judge_scratch_new(struct judge_scratch **, const struct policy *,
		    const struct judge_options *, struct error *) MUST_CHECK;
void		judge_scratch_free(struct judge_scratch *);
/* Its judge, for judge_redact(). */
struct judge	*judge_scratch_judge(struct judge_scratch *);

/*
 * Gives the items of the record: one, but for a response with several choices
 * or an array of records; each is routed on its own.
 *
 * STATUS_INVALID: the record is refused, with the reason for whoever made it,
 * "byte 17: duplicate key"; nothing of it is judged.  STATUS_NOMEM, and what
 * `inputs` returned, end the work.  A guard that cannot run is no error: the
 * verdict has it in guard_errors, and does not approve.  *out is NULL on any
 * error.
 */
enum status	judge_record(struct judge_scratch *,
		    const struct judge_request *, struct arena *,
		    const struct judged_item **out, struct error *) MUST_CHECK;

#endif
