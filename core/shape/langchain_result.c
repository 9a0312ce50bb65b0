/*
 * What a graph or chain of LangChain's gave back (langgraph, MessagesState, StateSnapshot
 * as its platform's API has it; langchain, create_retrieval_chain() and the chains before
 * it): a state, whose messages end with the answer, or an answer beside its documents.
 */
#include "core/json/value.h"
#include "core/json/write.h"
#include "core/shape/asked.h"
#include "core/shape/body.h"
#include "core/shape/lc.h"
#include "core/shape/part_value.h"
#include "core/shape/parts.h"
#include "core/shape/shapes.h"
#include "core/shape/traced.h"

/* The object that has the messages: the record, a state within it, what one node gave
 * back; JSON_NONE: none. */
static uint32_t
state_of(const struct reading *r)
{
	static const enum shape_key keys[] = { KEY_values, KEY_outputs,
	    KEY_agent, KEY_model };
	const struct json *d = r->d;
	uint32_t t = r->root;
	size_t i;

	if (lc_answer(d, json_get_value(d, t, "messages")) != JSON_NONE)
		return t;
	for (i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		t = r->at[keys[i]];
		if (t != JSON_NONE && json_kind(d, t) == TOKEN_OBJECT &&
		    lc_answer(d, json_get_value(d, t, "messages")) != JSON_NONE)
			return t;
	}
	return JSON_NONE;
}

static bool
result_marks(const struct reading *r)
{
	struct lc_chain c;

	/* A graph that waits for a decision has its state beside what it asks. */
	return r->at[KEY_output] == JSON_NONE && r->at[KEY_response] ==
	    JSON_NONE && r->at[KEY_choices] == JSON_NONE &&
	    r->at[KEY___interrupt__] == JSON_NONE &&
	    (state_of(r) != JSON_NONE || lc_chain(r->d,
	    r->root, &c));
}

static void
state_read(struct reading *r, uint32_t state, struct item *item)
{
	const struct json *d = r->d;
	uint32_t all = json_get_value(d, state, "messages");
	uint32_t answer = lc_answer(d, all), about, usage;
	struct lc_message m;

	lc_read(r, d, answer, item);
	item->messages = asked_before(r, d, all, answer);
	if (item->created_ms < 0)
		item->created_ms = part_time_utc(r, d, r->root, "created_at");
	if (!lc_message(d, answer, &m))
		return;
	about = json_get_kind(d, m.data, "response_metadata", TOKEN_OBJECT);
	usage = json_get_kind(d, m.data, "usage_metadata", TOKEN_OBJECT);
	body_metadata(r, r->root, about == JSON_NONE ? SLICE_NONE : part_json(d,
	    about, "finish_reason", TOKEN_STRING), usage, item);
}

/* The conversation before, and the question. */
static struct slice
question_of(struct reading *r, const struct lc_chain *c)
{
	const struct json *d = r->d;
	uint32_t history = json_get_kind(d, r->root, "chat_history",
	    TOKEN_ARRAY);
	struct slice before = history == JSON_NONE ? SLICE_NONE :
	    asked_messages(r, d, history), asked = SLICE_NONE;
	struct buf b = BUF_INIT;
	struct writer w = WRITER(&b, WRITE_KEPT);

	if (c->question != JSON_NONE)
		asked = part_asked(r, json_raw(d, c->question));
	if (before.p == NULL || asked.p == NULL)
		return asked.p == NULL ? before : asked;
	write_array(&w, NULL);
	write_inside(&w, before);
	write_inside(&w, asked);
	write_end(&w);
	return part_keep(r, &b);
}

static void
chain_read(struct reading *r, const struct lc_chain *c, struct item *item)
{
	struct slice found = lc_documents(r, r->d, c->documents);

	traced_output(r, c->answer, item);
	item->messages = question_of(r, c);
	if (found.p != NULL)
		item->context = found;
}

static enum status
result_read(struct reading *r)
{
	uint32_t state = state_of(r);
	struct lc_chain c;
	bool chain = lc_chain(r->d, r->root, &c);
	struct item base, *item;
	enum status st = part_base(r, &base);

	if (st != STATUS_OK)
		return st;
	if (state == JSON_NONE && !chain)
		return reading_refuse(r, r->root, "no answer in \"messages\", "
		    "and none beside documents");
	base.id = part_string(r, r->d, r->root, "id");
	if ((item = part_item(r, &base)) == NULL)
		return r->err->code;
	if (state != JSON_NONE)
		state_read(r, state, item);
	else
		chain_read(r, &c, item);
	return STATUS_OK;
}

const struct shape shape_langchain_result = {
	.name = "langchain-result",
	.marks = result_marks,
	.by = { KEY_messages, KEY_values, KEY_outputs, KEY_agent, KEY_model,
	    KEY_answer, KEY_result, KEY_output_text, KEY_COUNT },
	.since = MAPPING_STATES,
	.mark = "messages of type human and ai, or answer beside documents as "
	    "context",
	.read = result_read,
	.hints = { KEY_COUNT }
};
