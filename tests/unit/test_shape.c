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
	    i->part == 0 ? " " : " part ", i->part == 0 ? 0 : 1,
	    i->part == 1 ? "1" : "2", i->output_is_string ? "text " : "json ",
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
	buf_printf(b, "  %.*s|%.*s|%.*s|%.*s|%.*s|%.*s|%lld|%lld|%g|%g|%lld\n",
	    SLICE_ARG(i->queue), SLICE_ARG(i->model), SLICE_ARG(i->prompt),
	    SLICE_ARG(i->messages), SLICE_ARG(i->context),
	    SLICE_ARG(i->metadata), (long long)i->input_tokens,
	    (long long)i->output_tokens, i->cost_usd, i->latency_ms,
	    (long long)i->created_ms);
}

/* Whoever reads the stored bytes again gets the same item. */
static enum status
take(void *arg, const struct item *item, struct error *err)
{
	struct fixture *f = arg;
	struct item_stored stored = { item->record, item->input,
	    item->forced ? slice_of(item->shape) : SLICE_NONE, item->part };
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
	char path[256], want[16384];
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
	assert_int_equal(i, 11);
	teardown(&f);
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
	    "its keys are object, choices, created; nearest is openai-chat");
	assert_string_equal(read_text(&f, "[{\"object\":\"response\","
	    "\"output\":[]}]"), "byte 0: not an object");
	teardown(&f);
}

static struct slice
find_input(void *arg, struct slice custom_id)
{
	return slice_is(custom_id, "r1") ? slice_of(arg) : SLICE_NONE;
}

static void
test_batch_is_joined(void **state)
{
	static char openai[] = "{\"custom_id\":\"r1\",\"method\":\"POST\","
	    "\"body\":{\"model\":\"m\",\"messages\":[{\"role\":\"user\","
	    "\"content\":\"q\"}]}}";
	static char claude[] = "{\"custom_id\":\"r1\",\"params\":{\"system\":"
	    "\"s\",\"messages\":[{\"role\":\"user\",\"content\":\"q\"}]}}";
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
	assert_string_equal(read_text(&f, "{\"custom_id\":\"r1\",\"result\":"
	    "{\"type\":\"succeeded\",\"message\":{\"content\":[{\"type\":"
	    "\"text\",\"text\":\"a\"}]}}}"), "anthropic-batch r1  text a\n"
	    "  default|||[{\"role\":\"system\",\"content\":\"s\"},"
	    "{\"role\":\"user\",\"content\":\"q\"}]|||-1|-1|-1|-1|-1\n");
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

static void
test_answers(void **state)
{
	static const struct {
		const char		*shape;
		enum shape_decision	 decision;
		const char		*output, *text, *answer;
	} rows[] = {
#define INBOX	"{\"action\":\"send\",\"args\":{\"to\":\"a\"}}"
		{ "agent-inbox", SHAPE_ACCEPT, INBOX, NULL,
		    "[{\"type\":\"accept\",\"args\":" INBOX "}]" },
		{ "agent-inbox", SHAPE_EDIT, INBOX, "{\"to\":\"b\"}",
		    "[{\"type\":\"edit\",\"args\":{\"action\":\"send\",\"args\":"
		    "{\"to\":\"b\"}}}]" },
		{ "agent-inbox", SHAPE_EDIT, INBOX,
		    "{\"action\":\"draft\",\"args\":{}}",
		    "[{\"type\":\"edit\",\"args\":{\"action\":\"draft\",\"args\":"
		    "{}}}]" },
		{ "agent-inbox", SHAPE_REJECT, INBOX, "not \"now\"",
		    "[{\"type\":\"response\",\"args\":\"not \\\"now\\\"\"}]" },
		{ "agent-inbox", SHAPE_REJECT, INBOX, NULL,
		    "[{\"type\":\"ignore\",\"args\":null}]" },
		{ "agent-inbox", SHAPE_EDIT, INBOX, "send it", NULL },
		{ "agent-inbox", SHAPE_EDIT, INBOX, "[]", NULL },
#define ONE	"{\"name\":\"f\",\"args\":{\"x\":1}}"
		{ "langchain", SHAPE_ACCEPT, ONE, NULL,
		    "{\"decisions\":[{\"type\":\"approve\"}]}" },
		{ "langchain", SHAPE_EDIT, ONE, "{\"name\":\"f\",\"args\":{\"x\":"
		    "2}}", "{\"decisions\":[{\"type\":\"edit\",\"edited_action\":"
		    "{\"name\":\"f\",\"args\":{\"x\":2}}}]}" },
		{ "langchain", SHAPE_REJECT, ONE, "no",
		    "{\"decisions\":[{\"type\":\"reject\",\"message\":\"no\"}]}" },
#define TWO	"[" ONE ",{\"name\":\"g\",\"arguments\":{\"y\":1}}]"
		{ "langchain", SHAPE_ACCEPT, TWO, NULL, "{\"decisions\":["
		    "{\"type\":\"approve\"},{\"type\":\"approve\"}]}" },
		{ "langchain", SHAPE_EDIT, TWO, "[" ONE ",{\"name\":\"g\","
		    "\"arguments\":{\"y\":2}}]", "{\"decisions\":[{\"type\":"
		    "\"approve\"},{\"type\":\"edit\",\"edited_action\":{\"name\":"
		    "\"g\",\"args\":{\"y\":2}}}]}" },
		{ "langchain", SHAPE_EDIT, TWO, "[" ONE "]", NULL },
		{ "native", SHAPE_ACCEPT, "{}", NULL, NULL }
	};
	struct buf out = BUF_INIT;
	struct error err = { 0 };
	enum status st;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		buf_clear(&out);
		error_clear(&err);
		st = shape_release(rows[i].shape, rows[i].decision,
		    slice_of(rows[i].output), slice_of(rows[i].text), &out,
		    &err);
		if (rows[i].answer == NULL) {
			assert_int_equal(st, STATUS_INVALID);
			continue;
		}
		assert_int_equal(st, STATUS_OK);
		assert_string_equal(buf_str(&out), rows[i].answer);
	}
	assert_true(shape_answers("langchain"));
	assert_false(shape_answers("openai-chat"));
	buf_release(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_examples),
		cmocka_unit_test(test_marks_and_format),
		cmocka_unit_test(test_batch_is_joined),
		cmocka_unit_test(test_choices_without_id),
		cmocka_unit_test(test_answers),
	};

	return cmocka_run_group_tests_name("shape", tests, NULL, NULL);
}
