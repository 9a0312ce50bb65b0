/*
 * LangChain's messages (langchain-core, messages/base.py: message_to_dict(), dumpd(), and
 * model_dump()), whoever holds them: {"type":"human",..}, the same with its members in
 * `data`, or serialised, {"lc":1,"id":[..,"HumanMessage"],"kwargs":{..}}.
 */
#ifndef CORE_SHAPE_LC_H
#define CORE_SHAPE_LC_H

#include "core/shape/shape.h"

struct lc_message {
	const char	*role;		/* "assistant": an answer; NULL: its own */
	uint32_t	 data;		/* the object that has the content */
};

/* Is the value one?  Those that have a role, too, are others'. */
bool		lc_message(const struct json *, uint32_t t, struct lc_message *);
bool		lc_is_answer(const struct lc_message *);
/* The members of what is serialised: its kwargs, or the value itself. */
uint32_t	lc_kwargs(const struct json *, uint32_t t);
/* The last answer in a list of nothing but such messages; JSON_NONE: there is none, or
 * the list has others. */
uint32_t	lc_answer(const struct json *, uint32_t list);
/* Output, context and stop of a message; id, model and usage where they are not set. */
void		lc_read(struct reading *, const struct json *, uint32_t message,
		    struct item *);
/*
 * An answer beside the documents that it stands on, as create_retrieval_chain() gives it
 * back and the chains before it; false: the object is none.
 */
struct lc_chain {
	uint32_t	answer, documents;
	uint32_t	question;	/* or JSON_NONE */
};
bool		lc_chain(const struct json *, uint32_t object, struct lc_chain *);
/* A list of documents ({"page_content","metadata":{"source","title"}}) as context, raw;
 * absent: it is none. */
struct slice	lc_documents(struct reading *, const struct json *, uint32_t list);

#endif
