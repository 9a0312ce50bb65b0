/*
 * A judge from within: what its stages share.  judge.c holds it together.
 */
#ifndef CORE_JUDGE_STAGES_H
#define CORE_JUDGE_STAGES_H

#include "core/base/arena.h"
#include "core/guard/sweep.h"
#include "core/json/decoded.h"
#include "core/judge/judge.h"

/* What became of one guard, ours or the caller's, on the current item. */
struct outcome {
	const char	*name;
	bool		 failed, errored, brought;
	double		 score;		/* NAN: none */
};

/* A queue's rules, made ready for this thread. */
struct queue_judge {
	const struct queue_policy *queue;
	struct expr_set		*rules, *conditions;
	enum expr_value		*values;
	const char		**names;	/* guards, then expects */
	size_t			 nnames;
};

/*
 * Outcomes by name.  A record may bring a hundred thousand results, so beyond a
 * few they are found through a table.
 */
struct outcome_table {
	uint32_t	*slots;		/* index plus one; NULL: few */
	size_t		 mask;
};

struct judge {
	const struct policy	*policy;
	struct judge_options	 options;
	struct arena		 arena;		/* names of the queues */
	struct queue_judge		*queues;	/* beside the policy's queues */
	struct scratch		*scratch;
	struct findings		 found;
	struct sweep_found	 swept;
	struct json		 messages;
	struct decoded		 decoded;	/* of the current output */
	bool			 is_decoded, differs;
	struct buf		 value;		/* one value with its key */
	struct joined {
		struct buf	 text;		/* the string values, one a line */
		struct joined_part {
			uint32_t	at, value;
		}		*part;
		uint32_t	 n, cap;
		bool		 made;
	}			 joined;
	enum judge_what		 what;
	/* The current item. */
	const struct item	*item;
	struct arena		*out;
	struct verdict		*verdict;
	struct outcome		*outcomes;	/* of the queue's names first */
	size_t			 noutcomes, nknown;
	struct outcome_table	 table;
	size_t			 errors_cap;
	bool			 fatal_error;	/* one that may not approve */
	const char		*fatal_name;
	bool			 messages_read;
	bool			 whole;		/* the redaction left nothing */
	bool			 is_swept;	/* `swept` is of this output */
};

#endif
