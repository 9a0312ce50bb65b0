/* Other programs' records: how each is read, read again, and answered. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/shape/shape.h"

struct fixture {
	struct arena		arena, again;
	struct item_reader	reader;
	struct item_reader	rereader;
	struct buf		told;		/* every item, a line each */
	struct error		err;
};

static void
setup(struct fixture *f)
{
	memset(f, 0, sizeof(*f));
	f->reader.arena = &f->arena;
	f->rereader.arena = &f->again;
}

static void
teardown(struct fixture *f)
{
	item_reader_release(&f->reader);
	item_reader_release(&f->rereader);
	arena_release(&f->arena);
	arena_release(&f->again);
	buf_release(&f->told);
}

static void
tell_guards(struct buf *b, const struct item *i)
{
	static const char *const results[] = { "pass", "fail", "error" };
	const struct caller_guard *g;
	size_t n;

	for (n = 0; n < i->nguards; n++) {
		g = &i->guards[n];
		buf_printf(b, " %.*s=%s", SLICE_ARG(g->name),
		    results[g->result]);
		if (!isnan(g->score))
			buf_printf(b, "/%.2f", g->score);
		if (g->kind.p != NULL)
			buf_printf(b, "/%.*s", SLICE_ARG(g->kind));
		if (g->message.p != NULL)
			buf_printf(b, "/%.*s", SLICE_ARG(g->message));
	}
}

static void
tell(struct buf *b, const struct item *i)
{
	buf_printf(b, "%s %.*s%s%.*s %s%.*s", i->shape, SLICE_ARG(i->id),
	    i->choice == 0 ? " " : " part ", i->choice == 0 ? 0 : 1,
	    i->choice == 1 ? "1" : "2", i->output_is_string ? "text " : "json ",
	    SLICE_ARG(i->output));
	if (i->has_confidence)
		buf_printf(b, " ~%.4f %.*s", i->confidence,
		    SLICE_ARG(i->confidence_source));
	tell_guards(b, i);
	buf_putc(b, '\n');
}

/* Everything else that is read, for the few that look at it. */
static void
tell_rest(struct buf *b, const struct item *i)
{
	buf_printf(b, "  %.*s|%.*s|%.*s|%.*s|%.*s|%.*s|%lld|%lld|%g|%g|%lld"
	    "%s%.*s\n",
	    SLICE_ARG(i->queue), SLICE_ARG(i->model), SLICE_ARG(i->prompt),
	    SLICE_ARG(i->messages), SLICE_ARG(i->context),
	    SLICE_ARG(i->metadata), (long long)i->input_tokens,
	    (long long)i->output_tokens, i->cost_usd, i->latency_ms,
	    (long long)i->created_ms, i->tools.p == NULL ? "" : "|",
	    SLICE_ARG(i->tools));
}

/* Whoever reads the stored bytes again gets the same item. */
static enum status
take(void *arg, const struct item *item, struct error *err)
{
	struct fixture *f = arg;
	struct item_stored stored = { item->record, item->input,
	    item->forced ? slice_of(item->shape) : SLICE_NONE, item->choice,
	    item->mapping };
	struct buf one = BUF_INIT, two = BUF_INIT;
	struct item again;

	assert_int_equal(item_reread(&f->rereader, &stored, &again, err),
	    STATUS_OK);
	tell(&one, item);
	tell_rest(&one, item);
	tell(&two, &again);
	tell_rest(&two, &again);
	assert_string_equal(buf_str(&one), buf_str(&two));
	buf_release(&one);
	buf_release(&two);
	tell(&f->told, item);
	tell_rest(&f->told, item);
	return STATUS_OK;
}

/* Every line of an example; a refusal is told as its reason. */
static const char *
read_example(struct fixture *f, const char *name)
{
	char path[256], *line = NULL;
	size_t cap = 0;
	ssize_t n;
	FILE *in;

	(void)snprintf(path, sizeof(path), "tests/data/shapes/%s.jsonl", name);
	in = fopen(path, "r");
	assert_non_null(in);
	buf_clear(&f->told);
	while ((n = getline(&line, &cap, in)) > 0) {
		error_clear(&f->err);
		if (item_read(&f->reader, (struct slice){ line, (size_t)n },
		    take, f, &f->err) != STATUS_OK)
			buf_printf(&f->told, "! %s\n", f->err.text);
		arena_reset(&f->arena);
	}
	free(line);
	(void)fclose(in);
	return buf_str(&f->told);
}

/* NAME.items holds what is to be made of NAME.jsonl. */
static void
test_examples(void **state)
{
	char path[256], want[65536];
	struct fixture f;
	const char *got;
	size_t i, n;
	FILE *in;

	(void)state;
	setup(&f);
	for (i = 0; strcmp(shape_name(i), "native") != 0; i++) {
		got = read_example(&f, shape_name(i));
		(void)snprintf(path, sizeof(path), "tests/data/shapes/%s.items",
		    shape_name(i));
		in = fopen(path, "r");
		assert_non_null(in);
		n = fread(want, 1, sizeof(want) - 1, in);
		want[n] = '\0';
		(void)fclose(in);
		assert_string_equal(got, want);
	}
	assert_true(i > 11);
	teardown(&f);
}

/* ".Ss A, B" is a section of both. */
static bool
has_section(const char *page, const char *name)
{
	size_t n = strlen(name);
	const char *at = page, *end, *word;

	for (; (at = strstr(at, "\n.Ss ")) != NULL; at = end) {
		end = strchr(at + 1, '\n');
		assert_non_null(end);
		for (word = at + 5; (word = strstr(word, name)) != NULL &&
		    word < end; word += n)
			if (word[-1] == ' ' && strchr(",\n", word[n]) != NULL)
				return true;
	}
	return false;
}

/* Each has its keys in the manual: a row among the marks, and a mapping. */
static void
test_documented(void **state)
{
	static char page[128 << 10];
	FILE *in = fopen("man/handrail-record.5", "r");
	char want[64];
	size_t i, n;

	(void)state;
	assert_non_null(in);
	n = fread(page, 1, sizeof(page) - 1, in);
	page[n] = '\0';
	(void)fclose(in);
	for (i = 0; strcmp(shape_name(i), "native") != 0; i++) {
		(void)snprintf(want, sizeof(want), "\n.It %s\n", shape_name(i));
		if (strstr(page, want) == NULL)
			fail_msg("no mark of %s", shape_name(i));
		if (!has_section(page, shape_name(i)))
			fail_msg("no mapping of %s", shape_name(i));
	}
}

static const char *
read_text(struct fixture *f, const char *record)
{
	error_clear(&f->err);
	buf_clear(&f->told);
	if (item_read(&f->reader, slice_of(record), take, f, &f->err) !=
	    STATUS_OK)
		return f->err.text;
	return buf_str(&f->told);
}

static void
test_marks_and_format(void **state)
{
	static const char both[] = "{\"object\":\"response\",\"output\":[]}";
	struct fixture f;

	(void)state;
	setup(&f);
	/* A shape's own marks win over the native one. */
	assert_int_equal(strncmp(read_text(&f, both), "openai-responses ", 17),
	    0);
	f.reader.format = "native";
	assert_int_equal(strncmp(read_text(&f, both), "native ", 7), 0);
	f.reader.format = "nothing";
	assert_string_equal(read_text(&f, both), "no shape \"nothing\"");
	f.reader.format = "anthropic";
	assert_string_equal(read_text(&f, both),
	    "byte 0: a message without content");
	f.reader.format = NULL;
	assert_string_equal(read_text(&f, "{\"object\":\"list\",\"choices\":"
	    "[],\"created\":1}"), "byte 0: no \"output\" and no known shape: "
	    "its keys are object, choices, created; nearest is openai-chat "
	    "(object is chat.completion, or none, and choices hold a message)");
	assert_string_equal(read_text(&f, "[{\"object\":\"response\","
	    "\"output\":[]}]"), "byte 0: an array of records that come one a "
	    "line (jq -c '.[]' makes lines of it)");
	teardown(&f);
}

static enum status
find_input(void *arg, struct slice custom_id, struct arena *arena,
    struct slice *out, struct error *err)
{
	(void)arena;
	(void)err;
	*out = slice_is(custom_id, "r1") ? slice_of(arg) : SLICE_NONE;
	return STATUS_OK;
}

static void
test_batch_is_joined(void **state)
{
	static char openai[] = "{\"custom_id\":\"r1\",\"method\":\"POST\","
	    "\"body\":{\"model\":\"m\",\"messages\":[{\"role\":\"user\","
	    "\"content\":\"q\"}]}}";
	static char claude[] = "{\"custom_id\":\"r1\",\"params\":{\"system\":"
	    "\"s\",\"messages\":[{\"role\":\"user\",\"content\":\"q\"}]}}";
	static char no_messages[] = "{\"custom_id\":\"r1\",\"params\":"
	    "{\"system\":\"s\",\"messages\":[ ]}}";
	static const char message[] = "{\"custom_id\":\"r1\",\"result\":"
	    "{\"type\":\"succeeded\",\"message\":{\"content\":[{\"type\":"
	    "\"text\",\"text\":\"a\"}]}}}";
	static const char line[] = "{\"custom_id\":\"%s\",\"response\":"
	    "{\"status_code\":200,\"body\":{\"choices\":[{\"message\":"
	    "{\"content\":\"a\"}}]}},\"error\":null}";
	char record[256];
	struct fixture f;

	(void)state;
	setup(&f);
	f.reader.inputs = find_input;
	f.reader.inputs_arg = openai;
	(void)snprintf(record, sizeof(record), line, "r1");
	assert_string_equal(read_text(&f, record), "openai-batch r1  text a\n"
	    "  default|||[{\"role\":\"user\",\"content\":\"q\"}]||"
	    "|-1|-1|-1|-1|-1\n");
	(void)snprintf(record, sizeof(record), line, "r2");
	assert_string_equal(read_text(&f, record), "openai-batch r2  text a\n"
	    "  default||||||-1|-1|-1|-1|-1\n");
	f.reader.inputs_arg = claude;
	assert_string_equal(read_text(&f, message), "anthropic-batch r1  text a\n"
	    "  default|||[{\"role\":\"system\",\"content\":\"s\"},"
	    "{\"role\":\"user\",\"content\":\"q\"}]|||-1|-1|-1|-1|-1\n");
	f.reader.inputs_arg = no_messages;
	assert_string_equal(read_text(&f, message), "anthropic-batch r1  text a\n"
	    "  default|||[{\"role\":\"system\",\"content\":\"s\"}]"
	    "|||-1|-1|-1|-1|-1\n");
	teardown(&f);
}

/* No id, several choices: each has one of its own all the same. */
static void
test_choices_without_id(void **state)
{
	struct fixture f;
	const char *told;

	(void)state;
	setup(&f);
	told = read_text(&f, "{\"object\":\"chat.completion\",\"choices\":["
	    "{\"message\":{\"content\":\"a\"}},{\"message\":{\"content\":\"b\"}}"
	    "]}");
	assert_non_null(strstr(told, "#1 part 1 text a"));
	assert_non_null(strstr(told, "#2 part 2 text b"));
	teardown(&f);
}

/* A span with attributes {"key":K,"value":{"stringValue":V}}, given in turn. */
static const char *
read_span(struct fixture *f, const char *const *pairs)
{
	struct buf b = BUF_INIT;
	const char *told;

	buf_puts(&b, "{\"traceId\":\"t\",\"spanId\":\"s\",\"attributes\":[");
	for (; *pairs != NULL; pairs += 2)
		buf_printf(&b, "%s{\"key\":\"%s\",\"value\":{\"stringValue\":"
		    "\"%s\"}}", b.p[b.n - 1] == '[' ? "" : ",", pairs[0],
		    pairs[1]);
	buf_puts(&b, "]}");
	arena_reset(&f->arena);
	told = read_text(f, buf_str(&b));
	buf_release(&b);
	return told;
}

#define SPAN(...)	read_span(&f, (const char *const[]){ __VA_ARGS__, NULL })
#define PROMPT		"gen_ai.prompt."
#define COMPLETION	"gen_ai.completion."

/* OpenLLMetry's attributes with a number in their name. */
static void
test_indexed_attributes(void **state)
{
	struct fixture f;

	(void)state;
	setup(&f);
	/* By number, not as text; what is not named is what it mostly is. */
	assert_string_equal(SPAN(COMPLETION "100.content", "c",
	    COMPLETION "20.content", "b", COMPLETION "3.role", "assistant",
	    COMPLETION "3.content", "a", PROMPT "11.content", "y",
	    PROMPT "2.user", "x"),
	    "otlp-span s#1 part 1 text a\n"
	    "  default|||[{\"role\":\"user\",\"content\":\"x\"},{\"role\":"
	    "\"user\",\"content\":\"y\"}]|||-1|-1|-1|-1|-1\n"
	    "otlp-span s#2 part 2 text b\n"
	    "  default|||[{\"role\":\"user\",\"content\":\"x\"},{\"role\":"
	    "\"user\",\"content\":\"y\"}]|||-1|-1|-1|-1|-1\n"
	    "otlp-span s#3 part 2 text c\n"
	    "  default|||[{\"role\":\"user\",\"content\":\"x\"},{\"role\":"
	    "\"user\",\"content\":\"y\"}]|||-1|-1|-1|-1|-1\n");
	/* JSON that the model wrote stays its text; parts are theirs. */
	assert_string_equal(SPAN(COMPLETION "0.content", "[1, {\\\"a\\\": 2}]"),
	    "otlp-span s  text [1, {\"a\": 2}]\n  default||||||-1|-1|-1|-1|-1\n");
	assert_string_equal(SPAN(COMPLETION "0.content", "[{\\\"type\\\": "
	    "\\\"text\\\", \\\"text\\\": \\\"hi\\\"}]"),
	    "otlp-span s  text hi\n  default||||||-1|-1|-1|-1|-1\n");
	assert_string_equal(SPAN(COMPLETION "0.content", "[{\\\"type\\\": "
	    "\\\"image\\\"}]"), "the answer is an image: it has no text to "
	    "judge");
	assert_string_equal(SPAN(COMPLETION "0.refusal", "No."),
	    "otlp-span s  text No.\n  default||||||-1|-1|-1|-1|-1\n");
	/* A role alone is no answer, nor is a thought. */
	assert_string_equal(SPAN(COMPLETION "0.role", "assistant",
	    COMPLETION "1.role", "thinking", COMPLETION "1.content", "hm",
	    "traceloop.entity.output", "out"),
	    "otlp-span s  text out\n  default||||||-1|-1|-1|-1|-1\n");
	/* The conventions' own attributes go first; other names stay. */
	assert_string_equal(SPAN(COMPLETION "0.content", "old",
	    "gen_ai.output.messages", "new", PROMPT "name", "n",
	    PROMPT "1234567890.role", "r", COMPLETION "0.finish_reason",
	    "stop", PROMPT "0.tool_calls.0.content", "c"),
	    "otlp-span s  text new\n  default||n|||{\"gen_ai.prompt.name\":"
	    "\"n\",\"gen_ai.prompt.1234567890.role\":\"r\","
	    "\"gen_ai.completion.0.finish_reason\":\"stop\","
	    "\"gen_ai.prompt.0.tool_calls.0.content\":\"c\"}"
	    "|-1|-1|-1|-1|-1\n");
	/* A text with a call is the whole message. */
	assert_string_equal(SPAN(COMPLETION "0.content", "ok",
	    COMPLETION "0.tool_calls.7.name", "f"),
	    "otlp-span s  json {\"role\":\"assistant\",\"content\":\"ok\","
	    "\"tool_calls\":[{\"type\":\"function\",\"function\":{\"name\":"
	    "\"f\"}}]}\n  default||||||-1|-1|-1|-1|-1\n");
	teardown(&f);
}

/* Steps of a trace are passed over; what was once taken in can still be read. */
static void
test_steps(void **state)
{
	static const char step[] = "{\"traceId\":\"t\",\"spanId\":\"s\","
	    "\"attributes\":[{\"key\":\"openinference.span.kind\",\"value\":"
	    "{\"stringValue\":\"RETRIEVER\"}},{\"key\":\"output.value\","
	    "\"value\":{\"stringValue\":\"found\"}}]}";
	static const char run[] = "{\"run_type\":\"tool\",\"start_time\":"
	    "\"2026-11-28T10:00:00Z\",\"outputs\":{\"output\":\"found\"}}";
	const char *const records[] = { step, run };
	struct item_stored stored = { .shape = SLICE_NONE };
	struct fixture f;
	struct item again;
	struct buf b = BUF_INIT;
	size_t i;

	(void)state;
	setup(&f);
	buf_printf(&b, "{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":[%s,"
	    "{\"traceId\":\"t\",\"spanId\":\"c\",\"attributes\":[{\"key\":"
	    "\"openinference.span.kind\",\"value\":{\"stringValue\":\"CHAIN\"}},"
	    "{\"key\":\"output.value\",\"value\":{\"stringValue\":\"said\"}}"
	    "]}]}]}]}", step);
	assert_string_equal(read_text(&f, buf_str(&b)), "otlp-span c  text said\n"
	    "  default|||||{\"openinference.span.kind\":\"CHAIN\"}"
	    "|-1|-1|-1|-1|-1\n");
	for (i = 0; i < 2; i++) {
		stored.record = slice_of(records[i]);
		assert_int_equal(item_reread(&f.rereader, &stored, &again,
		    &f.err), STATUS_OK);
		assert_true(slice_is(again.output, "found"));
	}
	buf_release(&b);
	teardown(&f);
}

/* What was taken by an earlier mapping is read by that for ever. */
static void
test_mapping_kept(void **state)
{
#define TEXT	"{\"type\":\"text\",\"text\":\"hi\"}"
#define DATA	"{\"type\":\"file\",\"url\":\"data:text/plain,a\"}"
#define CALL	"{\"name\":\"refund\",\"arguments\":\"{}\"}"
#define JOB	"[{\"choices\":[{\"tokens\":[\"hi\"]}]}]"
#define AI	"{\"type\":\"ai\",\"content\":\"hi\"}"
	static const struct {
		const char	*record, *first, *now;
		unsigned	 since;
	} cases[] = {
		{ "{\"output\":" AI "}", AI, "hi", MAPPING_STATES },
		{ "{\"run_type\":\"chain\",\"start_time\":1,\"outputs\":"
		    "{\"messages\":[{\"type\":\"human\",\"content\":\"q\"},"
		    AI "]}}", "[{\"type\":\"human\",\"content\":\"q\"}," AI
		    "]", "hi", MAPPING_STATES },
		{ "{\"traceId\":\"t\",\"spanId\":\"s\",\"attributes\":[{"
		    "\"key\":\"traceloop.entity.output\",\"value\":{"
		    "\"stringValue\":\"{\\\"outputs\\\":\\\"hi\\\","
		    "\\\"kwargs\\\":{}}\"}}]}",
		    "{\"outputs\":\"hi\",\"kwargs\":{}}", "hi",
		    MAPPING_STATES },
		{ "{\"role\":\"assistant\",\"parts\":[" TEXT "," DATA "]}",
		    "[" TEXT "," DATA "]", "hi", MAPPING_FILES },
		{ "{\"type\":\"ai\",\"content\":\"hi\",\"additional_kwargs\":"
		    "{\"function_call\":" CALL "}}", "hi", "[\"hi\"," CALL "]",
		    MAPPING_FILES },
		{ "{\"text\":\"\",\"finishReason\":\"tool-calls\",\"usage\":"
		    "{},\"toolCalls\":[" CALL "]}", "", "[" CALL "]",
		    MAPPING_WRAPPED },
		{ "{\"delayTime\":1,\"output\":" JOB "}", JOB, "hi",
		    MAPPING_FILES },
	};
#undef AI
#undef TEXT
#undef DATA
#undef CALL
#undef JOB
	struct item_stored stored = { .shape = SLICE_NONE };
	struct fixture f;
	struct item again;
	size_t i;

	(void)state;
	setup(&f);
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		stored.record = slice_of(cases[i].record);
		for (stored.mapping = 0; stored.mapping <= MAPPING_NOW;
		    stored.mapping++) {
			assert_int_equal(item_reread(&f.rereader, &stored,
			    &again, &f.err), STATUS_OK);
			assert_true(slice_is(again.output, stored.mapping <
			    cases[i].since ? cases[i].first : cases[i].now));
		}
	}
	/* A shape that it does not know yet. */
	stored.record = SLICE("{\"messages\":[{\"type\":\"ai\","
	    "\"content\":\"hi\"}]}");
	stored.mapping = MAPPING_FIRST;
	assert_int_equal(item_reread(&f.rereader, &stored, &again, &f.err),
	    STATUS_INVALID);
	teardown(&f);
}

static void
test_too_many_choices(void **state)
{
	static const char event[] = "{\"name\":\"gen_ai.choice\","
	    "\"attributes\":[{\"key\":\"message\",\"value\":{\"stringValue\":"
	    "\"a\"}}]}";
	const char *pairs[2 * 129 + 1];
	char names[129][40];
	struct buf b = BUF_INIT;
	struct fixture f;
	size_t i;

	(void)state;
	setup(&f);
	buf_puts(&b, "{\"traceId\":\"t\",\"spanId\":\"s\",\"attributes\":[],"
	    "\"events\":[");
	for (i = 0; i < 129; i++) {
		(void)snprintf(names[i], sizeof(names[i]),
		    COMPLETION "%zu.content", i);
		pairs[2 * i] = names[i];
		pairs[2 * i + 1] = "a";
		buf_printf(&b, "%s%s", i == 0 ? "" : ",", event);
	}
	buf_puts(&b, "]}");
	pairs[2 * 129] = NULL;
	assert_string_equal(read_span(&f, pairs), "over 128 choices");
	pairs[2 * 128] = NULL;
	assert_non_null(strstr(read_span(&f, pairs), "s#128 part"));
	assert_string_equal(read_text(&f, buf_str(&b)),
	    "byte 53: over 128 choices");
	buf_release(&b);
	teardown(&f);
}

struct answer_row {
	const char		*record;
	enum shape_decision	 decision;
	const char		*text;		/* NULL: the output itself */
	enum status		 status;
	const char		*answer;	/* or the error */
};

static enum status
answer_item(void *arg, const struct item *item, struct error *err)
{
	const struct answer_row *row = arg;
	struct buf out = BUF_INIT;
	struct error why = { 0 };
	struct slice text = slice_of(row->text);
	enum status st;

	(void)err;
	if (row->decision == SHAPE_ACCEPT && text.p == NULL)
		text = item->output;
	st = shape_release(item, row->decision, text, &out, &why);
	assert_string_equal(st == STATUS_OK ? buf_str(&out) : why.text,
	    row->answer);
	assert_int_equal(st, row->status);
	buf_release(&out);
	return STATUS_OK;
}

static void
answers_check(const struct answer_row *row, size_t n)
{
	struct fixture f;

	setup(&f);
	for (; n > 0; n--, row++) {
		error_clear(&f.err);
		assert_int_equal(item_read(&f.reader, slice_of(row->record),
		    answer_item, (void *)(uintptr_t)row, &f.err), STATUS_OK);
		arena_reset(&f.arena);
	}
	teardown(&f);
}

#define ROWS(v)	v, sizeof(v) / sizeof((v)[0])

static void
test_inbox_answers(void **state)
{
#define SEND		"{\"action\":\"send\",\"args\":{\"to\":\"a\"}}"
#define INBOX(config)	"{\"action_request\":" SEND ",\"config\":{" config "}}"
#define ALL		INBOX("\"allow_accept\":true")
	static const struct answer_row rows[] = {
		{ ALL, SHAPE_ACCEPT, NULL, STATUS_OK,
		    "[{\"type\":\"accept\",\"args\":" SEND "}]" },
		{ ALL, SHAPE_ACCEPT, "{\"action\":\"send\",\"args\":{\"to\":"
		    "\"<X>\"}}", STATUS_OK, "[{\"type\":\"edit\",\"args\":{"
		    "\"action\":\"send\",\"args\":{\"to\":\"<X>\"}}}]" },
		{ ALL, SHAPE_EDIT, "{\"action\":\"draft\",\"args\":{}}",
		    STATUS_OK, "[{\"type\":\"edit\",\"args\":{\"action\":"
		    "\"draft\",\"args\":{}}}]" },
		{ ALL, SHAPE_EDIT, "{\"action\":\"send\",\"args\":\"b\"}",
		    STATUS_INVALID, "the edited action is not {\"action\": text, "
		    "\"args\": object}" },
		{ ALL, SHAPE_EDIT, "[]", STATUS_INVALID, "the edited action is "
		    "not {\"action\": text, \"args\": object}" },
		{ ALL, SHAPE_EDIT, "send it", STATUS_INVALID, "the edited action "
		    "is not JSON: byte 0: expected a value" },
		{ ALL, SHAPE_REJECT, "not \"now\"", STATUS_OK,
		    "[{\"type\":\"response\",\"args\":\"not \\\"now\\\"\"}]" },
		{ ALL, SHAPE_REJECT, NULL, STATUS_OK,
		    "[{\"type\":\"ignore\",\"args\":null}]" },
		{ INBOX("\"allow_accept\":false"), SHAPE_ACCEPT, NULL,
		    STATUS_CONFLICT, "the request does not allow accept "
		    "(allow_accept)" },
		{ INBOX("\"allow_edit\":false"), SHAPE_EDIT, SEND,
		    STATUS_CONFLICT, "the request does not allow edit "
		    "(allow_edit)" },
		{ INBOX("\"allow_respond\":false"), SHAPE_REJECT, "no",
		    STATUS_OK, "[{\"type\":\"ignore\",\"args\":null}]" },
		{ INBOX("\"allow_ignore\":false"), SHAPE_REJECT, NULL,
		    STATUS_CONFLICT, "the request does not allow ignore "
		    "(allow_ignore): give a reason, it is the response" },
		{ INBOX("\"allow_ignore\":false,\"allow_respond\":false"),
		    SHAPE_REJECT, "no", STATUS_CONFLICT, "the request allows "
		    "neither response nor ignore" }
	};

	(void)state;
	answers_check(ROWS(rows));
}

static void
test_langchain_answers(void **state)
{
#define ONE		"{\"name\":\"f\",\"args\":{\"x\":1}}"
#define CHAIN(all, more) "{\"action_requests\":[" all "]" more "}"
#define TWO		CHAIN(ONE ",{\"name\":\"g\",\"arguments\":{\"y\":1}}", "")
#define ONLY(what)	CHAIN(ONE, ",\"review_configs\":[{\"action_name\":\"g\"," \
			"\"allowed_decisions\":[]},{\"action_name\":\"f\"," \
			"\"allowed_decisions\":[" what "]}]")
	static const struct answer_row rows[] = {
		{ CHAIN(ONE, ""), SHAPE_ACCEPT, NULL, STATUS_OK,
		    "{\"decisions\":[{\"type\":\"approve\"}]}" },
		{ CHAIN(ONE, ""), SHAPE_EDIT, "{\"name\":\"f\",\"args\":{\"x\":"
		    "2}}", STATUS_OK, "{\"decisions\":[{\"type\":\"edit\","
		    "\"edited_action\":{\"name\":\"f\",\"args\":{\"x\":2}}}]}" },
		{ CHAIN(ONE, ""), SHAPE_EDIT, "{\"args\":{\"x\":2}}",
		    STATUS_INVALID, "the edited action is not {\"name\": text, "
		    "\"args\": object}" },
		{ CHAIN(ONE, ""), SHAPE_REJECT, "no", STATUS_OK,
		    "{\"decisions\":[{\"type\":\"reject\",\"message\":\"no\"}]}" },
		{ CHAIN(ONE, ""), SHAPE_REJECT, NULL, STATUS_OK,
		    "{\"decisions\":[{\"type\":\"reject\"}]}" },
		{ TWO, SHAPE_ACCEPT, NULL, STATUS_OK, "{\"decisions\":["
		    "{\"type\":\"approve\"},{\"type\":\"approve\"}]}" },
		/* Written another way, the first is still the same action. */
		{ TWO, SHAPE_EDIT, "[ {\"args\":{\"x\":1.0}, \"name\":\"f\"},"
		    "{\"name\":\"g\",\"arguments\":{\"y\":2}} ]", STATUS_OK,
		    "{\"decisions\":[{\"type\":\"approve\"},{\"type\":\"edit\","
		    "\"edited_action\":{\"name\":\"g\",\"args\":{\"y\":2}}}]}" },
		{ TWO, SHAPE_EDIT, "[" ONE "]", STATUS_INVALID,
		    "the edited actions are not an array of 2" },
		{ ONLY("\"edit\",\"reject\""), SHAPE_ACCEPT, NULL,
		    STATUS_CONFLICT, "the request does not allow approve of f "
		    "(allowed_decisions)" },
		{ ONLY("\"approve\""), SHAPE_EDIT, "{\"name\":\"f\",\"args\":{}}",
		    STATUS_CONFLICT, "the request does not allow edit of f "
		    "(allowed_decisions)" },
		{ ONLY("\"approve\""), SHAPE_REJECT, NULL, STATUS_CONFLICT,
		    "the request does not allow reject of f "
		    "(allowed_decisions)" },
		{ "{\"output\":{}}", SHAPE_ACCEPT, NULL, STATUS_INVALID,
		    "a record of this shape expects no answer" }
	};

	(void)state;
	answers_check(ROWS(rows));
	assert_true(shape_answers("langchain"));
	assert_false(shape_answers("openai-chat"));
	assert_false(shape_answers(NULL));
}

static void
test_hook_answers(void **state)
{
#define HOOK(event)	"{\"hook_event_name\":\"" event "\",\"tool_name\":" \
			"\"Bash\",\"tool_input\":{\"command\":\"ls\"}}"
#define OUTPUT(name, command) "{\"tool_name\":\"" name "\",\"tool_input\":{" \
			"\"command\":\"" command "\"}}"
#define PRE(more)	"{\"hookSpecificOutput\":{\"hookEventName\":" \
			"\"PreToolUse\"," more "}}"
#define ASKED(more)	"{\"hookSpecificOutput\":{\"hookEventName\":" \
			"\"PermissionRequest\",\"decision\":{" more "}}}"
	static const struct answer_row rows[] = {
		{ HOOK("PreToolUse"), SHAPE_ACCEPT, NULL, STATUS_OK,
		    PRE("\"permissionDecision\":\"allow\"") },
		{ HOOK("PreToolUse"), SHAPE_EDIT, OUTPUT("Bash", "pwd"),
		    STATUS_OK, PRE("\"permissionDecision\":\"allow\","
		    "\"updatedInput\":{\"command\":\"pwd\"}") },
		{ HOOK("PreToolUse"), SHAPE_EDIT, OUTPUT("Write", "pwd"),
		    STATUS_INVALID, "the edited action is not {\"tool_name\": "
		    "the same, \"tool_input\": object}" },
		{ HOOK("PreToolUse"), SHAPE_REJECT, "no", STATUS_OK,
		    PRE("\"permissionDecision\":\"deny\","
		    "\"permissionDecisionReason\":\"no\"") },
		{ HOOK("PermissionRequest"), SHAPE_ACCEPT, NULL, STATUS_OK,
		    ASKED("\"behavior\":\"allow\"") },
		{ HOOK("PermissionRequest"), SHAPE_REJECT, "no", STATUS_OK,
		    ASKED("\"behavior\":\"deny\",\"message\":\"no\"") }
	};

	(void)state;
	answers_check(ROWS(rows));
}

static void
test_permission_answers(void **state)
{
#define ACP(options)	"{\"jsonrpc\":\"2.0\",\"id\":\"q\",\"method\":" \
			"\"session/request_permission\",\"params\":{" \
			"\"sessionId\":\"s\",\"toolCall\":{\"title\":\"t\"}," \
			"\"options\":[" options "]}}"
#define OPTION(kind)	"{\"optionId\":\"" kind "-id\",\"kind\":\"" kind "\"}"
#define CHOSEN(more)	"{\"jsonrpc\":\"2.0\",\"id\":\"q\",\"result\":{" \
			"\"outcome\":{\"outcome\":" more "}}}"
	static const struct answer_row rows[] = {
		{ ACP(OPTION("allow_always") "," OPTION("allow_once")),
		    SHAPE_ACCEPT, NULL, STATUS_OK,
		    CHOSEN("\"selected\",\"optionId\":\"allow_once-id\"") },
		{ ACP(OPTION("allow_always")), SHAPE_ACCEPT, NULL, STATUS_OK,
		    CHOSEN("\"selected\",\"optionId\":\"allow_always-id\"") },
		{ ACP(OPTION("reject_once")), SHAPE_REJECT, "no", STATUS_OK,
		    CHOSEN("\"selected\",\"optionId\":\"reject_once-id\"") },
		{ ACP(OPTION("allow_once")), SHAPE_REJECT, NULL, STATUS_OK,
		    CHOSEN("\"cancelled\"") },
		{ ACP(OPTION("reject_once")), SHAPE_ACCEPT, NULL,
		    STATUS_CONFLICT, "the request does not allow accept "
		    "(options)" },
		{ ACP(OPTION("allow_once")), SHAPE_EDIT, "{}", STATUS_CONFLICT,
		    "the request does not allow edit: a permission is given or "
		    "not" }
	};

	(void)state;
	answers_check(ROWS(rows));
}

/* What a graph puts around them changes no answer. */
static void
test_wrapped_answers(void **state)
{
	static const struct answer_row rows[] = {
		{ "{\"id\":\"i\",\"value\":[" INBOX("\"allow_edit\":false")
		    "]}", SHAPE_EDIT, SEND, STATUS_CONFLICT, "the request does "
		    "not allow edit (allow_edit)" },
		{ "{\"__interrupt__\":[{\"id\":\"i\",\"value\":"
		    ONLY("\"approve\"") "}]}", SHAPE_REJECT, NULL,
		    STATUS_CONFLICT, "the request does not allow reject of f "
		    "(allowed_decisions)" },
		{ "{\"__interrupt__\":[{\"id\":\"i\",\"value\":"
		    ONLY("\"approve\"") "}]}", SHAPE_ACCEPT, NULL, STATUS_OK,
		    "{\"decisions\":[{\"type\":\"approve\"}]}" }
	};

	(void)state;
	answers_check(ROWS(rows));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_examples),
		cmocka_unit_test(test_documented),
		cmocka_unit_test(test_marks_and_format),
		cmocka_unit_test(test_batch_is_joined),
		cmocka_unit_test(test_choices_without_id),
		cmocka_unit_test(test_indexed_attributes),
		cmocka_unit_test(test_steps),
		cmocka_unit_test(test_mapping_kept),
		cmocka_unit_test(test_too_many_choices),
		cmocka_unit_test(test_inbox_answers),
		cmocka_unit_test(test_langchain_answers),
		cmocka_unit_test(test_hook_answers),
		cmocka_unit_test(test_permission_answers),
		cmocka_unit_test(test_wrapped_answers),
	};

	return cmocka_run_group_tests_name("shape", tests, NULL, NULL);
}
