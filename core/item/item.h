/*
 * An item: one AI output with its input, context and metadata (handrail-record.5,
 * which also says how each key of each shape is mapped).
 *
 * Every slice points into the record's bytes or into the arena that parsing was
 * given; an absent value has p == NULL, an absent number is -1 (or has_* false).
 */
#ifndef CORE_ITEM_ITEM_H
#define CORE_ITEM_ITEM_H

#include "core/base/buf.h"
#include "core/item/severity.h"
#include "core/item/stop.h"

#define ITEM_RECORD_MAX	((size_t)8 << 20)	/* bytes of one record */
#define ITEM_NAME_MAX	256	/* bytes of id, queue, model, prompt, variant */
#define ITEM_QUEUE	"default"

enum guard_result { RESULT_PASS, RESULT_FAIL, RESULT_ERROR };

/* A guardrail result that came with the record. */
struct caller_guard {
	struct slice	 name;
	enum guard_result result;
	enum severity	 severity;	/* SEVERITY_NONE: not named */
	double		 score;		/* NAN: not given */
	struct slice	 kind;		/* absent: not given */
	struct slice	 message;
	uint32_t	(*spans)[2];	/* code points of the output */
	size_t		 nspans;
};

/*
 * What went wrong on the way to an output.  An item with a fault is refused when
 * it is first read: always, or (FAULT_BROKEN) where none of its record's items
 * has a text; one that is stored already is read as it was.
 */
enum item_fault {
	FAULT_NONE,
	FAULT_BROKEN,	/* an error broke it off */
	FAULT_FAILED,	/* it failed or was cancelled */
	FAULT_UNDONE	/* it is not done yet */
};

struct item {
	struct slice	 record;	/* the bytes as they came */
	struct slice	 input;		/* a joined request's bytes, or absent */
	uint32_t	 choice;	/* 0, or the choice's number from 1 */
	const char	*shape;		/* "native", "openai-chat", ... */
	bool		 forced;	/* the record's bytes bear no mark of it */
	unsigned	 mapping;	/* by which it was read (core/shape/read.h) */

	struct slice	 id, queue;	/* never absent after parsing */
	struct slice	 model, prompt, variant;
	struct slice	 output;	/* a string's text, else JSON bytes */
	bool		 output_is_string;
	bool		 silent;	/* JSON in which nothing is an answer */
	enum stop	 stop;		/* why the model stopped */
	enum item_fault	 fault;
	struct slice	 fault_text;	/* "byte 17: ...", or absent */
	bool		 has_confidence;
	double		 confidence;
	struct slice	 confidence_source;
	struct slice	 messages, context, metadata;	/* JSON, or absent */
	struct slice	 tools;		/* JSON array as the request had it, or absent */
	struct slice	 expect;	/* JSON: a case's, of a suite; else absent */
	struct caller_guard *guards;
	size_t		 nguards;
	int64_t		 input_tokens, output_tokens;
	double		 cost_usd, latency_ms;
	int64_t		 created_ms;	/* since 1970, UTC; -1: not given */
	int64_t		 sent;		/* code points that were out when it was cut;
					 * 0: none */
};

/* Does it have a text, a call or another value, whole or not? */
bool		item_has_text(const struct item *);
/* Is that an answer: neither held back nor broken off by an error? */
bool		item_answers(const struct item *);

#endif
