/*
 * What was asked and answered in a span.
 */
#ifndef CORE_SHAPE_OTLP_MESSAGES_H
#define CORE_SHAPE_OTLP_MESSAGES_H

#include "core/shape/shape.h"

/* What was asked, as messages of a chat; absent: nothing. */
struct slice	otlp_messages(struct reading *, uint32_t span);

/* The records of a list before a log record that it may belong with. */
struct otlp_before {
	uint32_t	list, from;	/* from: JSON_NONE where there are none */
};
/* What the log records before this one, of the same span, asked: a request. */
struct slice	otlp_log_request(struct reading *, uint32_t record,
		    const struct otlp_before *);

/* Where a span's answer stands. */
struct otlp_answer {
	uint32_t	value;		/* of an attribute, or JSON_NONE */
	struct slice	indexed;	/* then: messages, or absent */
	bool		returned;	/* the value is what a function gave back */
	uint32_t	events;		/* then it is in these */
};
/* The same of a log record that is a choice; false: it is none. */
bool		otlp_log_answer(struct reading *, uint32_t record,
		    struct otlp_answer *);
/* Is the span a tool's, a retriever's, an embedding's or a reranker's?  What it gives
 * back is no output. */
bool		otlp_is_step(struct reading *, uint32_t span);
/* False where the span holds none. */
bool		otlp_answer(struct reading *, uint32_t span,
		    struct otlp_answer *);
/* One item, a copy of base, for each choice of the answer. */
enum status	otlp_choices(struct reading *, const struct otlp_answer *,
		    const struct item *base) MUST_CHECK;
/* Is the attribute of this key one of those that the messages are made of? */
bool		otlp_is_text(const struct json *d, uint32_t key);

#endif
