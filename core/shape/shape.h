/*
 * The shapes that a record may come in.  Each is one row of the table in
 * shape.c and one file here; handrail-record.5 says how its keys are mapped.
 */
#ifndef CORE_SHAPE_SHAPE_H
#define CORE_SHAPE_SHAPE_H

#include "core/base/arena.h"
#include "core/item/item.h"
#include "core/json/value.h"
#include "core/shape/read.h"

/* The top-level keys that any shape is known by, or that every shape reads. */
#define SHAPE_KEYS(X) \
	X(id) X(queue) X(model) X(prompt) X(variant) X(messages) X(context) \
	X(output) X(confidence) X(confidence_source) X(logprobs) X(guards) \
	X(usage) X(cost_usd) X(latency_ms) X(created_at) X(metadata) \
	X(object) X(choices) X(type) X(content) X(custom_id) X(response) \
	X(error) X(result) X(call_type) X(startTime) X(endTime) X(trace_id) \
	X(response_cost) X(model_group) X(resourceSpans) X(traceId) X(spanId) \
	X(attributes) X(action_request) X(action_requests) X(config) \
	X(review_configs) X(stop_reason) X(role) X(status) X(created) X(cost) \
	X(start_time) X(span_id) X(request) X(tools) \
	X(candidates) X(promptFeedback) X(prompt_feedback) X(usageMetadata) \
	X(usage_metadata) X(results) X(generation) X(generations) \
	X(completions) X(completion) X(outputs) X(recordId) X(modelInput) \
	X(modelOutput) X(schemaType) X(message) X(finish_reason) X(text) \
	X(generation_id) X(response_id) X(done) X(tokens_predicted) \
	X(stop_type) X(generated_text) X(request_id) X(version) X(urls) \
	X(logs) X(resourceLogs) X(run_type) X(inputs) X(dotted_order) \
	X(hook_event_name) X(tool_name) X(tool_input) X(jsonrpc) X(method) \
	X(params) X(__interrupt__) X(value) X(body) X(eventName) X(data) \
	X(embedding) X(embeddings) X(detail) X(errors) X(Error) X(Output) \
	X(feedback_scores) X(input) X(timestamp) X(sessionId) X(processed_time) \
	X(answer) X(reply) X(prediction) X(delta) X(event) X(stopReason) \
	X(responses) X(Response) X(completion_message) X(output_message) \
	X(kind) X(assessments) \
	X(metrics) X(event_name) X(__type) X(errorCode) X(predictions) \
	X(values) X(agent) X(output_text) X(replies) X(raw) X(items) \
	X(Role) X(delayTime) \
	X(base_resp) X(audio_url) X(last_message) X(chatResponse) \
	X(final_result) X(orchestration_result) X(aiMessage) X(text_output) \
	X(textResponse) X(summary_text) X(translation_text) X(final_output) \
	X(flowOutputEvent) X(summary) X(combinedPhrases)

enum shape_key {
#define X(name) KEY_##name,
	SHAPE_KEYS(X)
#undef X
	KEY_COUNT
};

/* One record (or one element of a record that is an array) being read. */
struct reading {
	struct item_reader	*reader;
	const struct json	*d;
	uint32_t		 root;		/* the object */
	uint32_t		 at[KEY_COUNT];	/* the values' tokens, or JSON_NONE */
	struct slice		 record, input;
	struct slice		 format;	/* the shape forced, or absent */
	bool			 joined;	/* input is what there is to know: it is
						 * read again */
	unsigned		 mapping;	/* the version to read by */
	bool			 element;	/* of an array, not the whole */
	bool			 failed;	/* out of memory on the way */
	struct slice		 failure;	/* of a call that has no output */
	uint64_t		 maybe;		/* shapes that have one of the keys */
	struct caller_guard	*guards;	/* being added to (part_guard) */
	size_t			 guards_cap, guards_total;
	struct item		*item;
	size_t			 n, cap;
	struct error		*err;
};

enum shape_decision { SHAPE_ACCEPT, SHAPE_EDIT, SHAPE_REJECT };

/* What was decided about an action, and where the answer to it goes. */
struct answer {
	enum shape_decision	 decision;
	struct json		 record, output, edited;	/* parsed */
	struct slice		 text;		/* of a reject: the reason */
	struct buf		*out;
	struct arena		 arena;
};

struct shape {
	const char	*name;
	bool		 in_array;	/* a record may be an array of these */
	/* Does a record bear this shape's own marks?  NULL: never by itself.  Asked
	 * of those that have one of the keys `by`. */
	bool		(*marks)(const struct reading *);
	enum shape_key	 by[64];		/* ends with COUNT */
	unsigned	 since;		/* the mapping that has it first; 0: all */
	const char	*mark;		/* the marks in words, for a refusal */
	/* Adds the record's items; on an error nothing of it is used. */
	enum status	(*read)(struct reading *);
	/* Writes the answer that the record's sender waits for, or NULL. */
	enum status	(*answer)(struct answer *, struct error *);
	bool		 heeds_0;	/* an answer only of a program that ends with 0 */
	/* Keys that a record of this shape has, for a hint; ends with COUNT. */
	enum shape_key	 hints[6];
};

/* By name, or NULL. */
const struct shape *shape_find(struct slice name);
/* The shapes' names one after the other; NULL behind the last. */
const char	*shape_name(size_t i);
/* Reads what is at r->root with the shape given, or the one it bears. */
enum status	shape_read(struct reading *, const struct shape *) MUST_CHECK;
/* The shape that the object at r->root is read with when none is given; NULL:
 * it is no record. */
const struct shape *shape_of(const struct reading *);

/*
 * What an application that asked for a person's decision expects as its answer
 * (the human-in-the-loop shapes; shape_answers() tells).
 */
bool		shape_answers(const char *name);	/* may be NULL */
/* Would its sender pass over a refusal where the exit status is not 0? */
bool		shape_heeds_0(const char *name);
/*
 * text: of an accept the output as it may go out (where that is not the output
 * itself, the answer is an edit), of an edit the new one (the action as JSON), of
 * a reject the reason or absent.  STATUS_INVALID where the text is no such
 * action, STATUS_CONFLICT where the request does not allow that answer.
 */
enum status	shape_release(const struct item *, enum shape_decision,
		    struct slice text, struct buf *, struct error *) MUST_CHECK;

const char	*shape_key_name(enum shape_key);
/* The shape that shares the most keys with the record, or NULL. */
const struct shape *shape_nearest(const struct reading *);
/* For the shapes' readers; what is common to several of them is in parts.h. */

/* STATUS_INVALID, "byte N: ..." where token t begins; NONE: without a place. */
enum status	reading_refuse(struct reading *, uint32_t t, const char *, ...)
		    PRINTF(3, 4);
/* A new item, empty; NULL when out of memory (the error is set).  It moves when
 * the next one is added. */
struct item	*reading_item(struct reading *);
/* Fills r->at from the keys of the object at root. */
void		reading_keys(struct reading *, uint32_t root);
/* True for a string equal to s. */
bool		reading_is(const struct reading *, enum shape_key, const char *s);
bool		reading_has(const struct reading *, enum shape_key,
		    enum json_kind);
/* The text of a string; wrong types are refused by the key's name. */
enum status	reading_text(struct reading *, uint32_t t, const char *key,
		    struct slice *) MUST_CHECK;

#endif
