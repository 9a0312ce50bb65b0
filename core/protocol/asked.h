/*
 * What a caller asks of a guard service, whatever its protocol: a body of JSON with
 * texts in it, each of which passes, goes on covered, or is blocked.
 *
 * Every text is judged as an item of its own, by the guards and rules of one queue:
 * an approved one passes, covered where the policy redacts; any other is blocked.
 * What is to be sent to a model is looked at by the guards of inputs too.
 */
#ifndef CORE_PROTOCOL_ASKED_H
#define CORE_PROTOCOL_ASKED_H

#include "core/json/parse.h"
#include "core/json/write.h"
#include "core/judge/record.h"

enum fate { FATE_PASS, FATE_COVER, FATE_BLOCK };	/* the worse, the higher */

struct asked_text {
	struct slice	 text;		/* a string's, or JSON bytes */
	bool		 is_string;
	bool		 covers;	/* the answer has a place for it, covered */
	uint32_t	 token;		/* where it stands in the body */
	uint32_t	 of;		/* which of several inputs it belongs to */
	enum fate	 fate;
	struct slice	 covered;	/* of FATE_COVER */
	const struct verdict *verdict;	/* NULL: it is empty, and was not judged */
};

#define ASKED_TEXTS_MAX	4096	/* in one body */
#define ASKED_ANSWER_MAX	((size_t)64 << 20)	/* bytes */

struct asked {
	/* Set by the caller. */
	struct arena	*arena;
	struct slice	 queue;		/* one of the policy's */
	struct slice	 id;		/* for answers that have one */
	struct slice	 key;		/* the store's, for hashes */

	/* From the body. */
	struct json	 json;
	const char	*protocol;
	bool		 response;	/* of a model; else what goes to it */
	struct slice	 model, messages;	/* or absent */
	struct slice	 about[2];	/* objects for conditions, or absent */
	struct asked_text *v;
	size_t		 n, cap;
	uint32_t	 inputs;	/* how many `of` there are */
	/* Something in it is nothing that guards can read, such as an image. */
	bool		 unread;
	bool		 judged;	/* there is no need to */
	bool		 failed;	/* no memory */
	void		*options;	/* the protocol's own, in the arena */
};

#define ASKED_INIT	{ .json = JSON_INIT }

/* Adds the string, or other JSON, at a token; `of` is asked->inputs. */
struct asked_text *asked_add(struct asked *, uint32_t token, bool covers);
/* Judges them all.  STATUS_NOMEM, STATUS_INTERRUPTED. */
enum status	asked_judge(struct asked *, struct judge_scratch *, struct error *)
		    MUST_CHECK;
/* The worst of all texts, or of those of one input; what was not read is blocked. */
enum fate	asked_fate(const struct asked *);
enum fate	asked_input_fate(const struct asked *, uint32_t of);
/* The texts of one input: from *begin up to *end. */
void		asked_texts(const struct asked *, uint32_t of, size_t *begin,
		    size_t *end);
/* Why the first text that is blocked is: the rule and the guards that failed; in
 * the arena, absent where none is. */
struct slice	asked_why(const struct asked *);
/* The value at a token as it came, but for the texts in it that are covered. */
void		asked_write(const struct asked *, struct writer *, const char *name,
		    uint32_t token);
/* STATUS_INVALID where so many bytes of an answer are too many. */
enum status	asked_answer_size(size_t, struct error *) MUST_CHECK;
void		asked_release(struct asked *);

#endif
