/* Guard kind "http": what services are asked, and what is made of their answers. */
#include "tests/unit/guard_test.h"

struct service {
	const char	*answer;
	char		 asked[1000];
	const char	*proxy;
};

static enum status
service_answer(void *arg, const struct guard_request *r, struct buf *out,
    struct error *err)
{
	struct service *s = arg;

	(void)snprintf(s->asked, sizeof(s->asked), "%.*s", SLICE_ARG(r->body));
	s->proxy = r->proxy;
	buf_puts(out, s->answer);
	return buf_check(out, err);
}

struct http_test {
	struct guard_test	 t;
	struct service		 service;
	struct guard_outside	 outside;
	struct item		 item;
};

/* The option's choices are in this order. */
enum shape { PRESIDIO, MODERATION, LITELLM, GUARDRAILS, LLM_GUARD, LLAMA, GENERIC };

static void
begin(struct http_test *h, enum shape shape)
{
	memset(h, 0, sizeof(*h));
	guard_test_init(&h->t, "http");
	h->outside = (struct guard_outside){ service_answer, &h->service };
	h->t.config.outside = &h->outside;
	guard_test_string(&h->t, "url", "http://127.0.0.1/");
	guard_test_number(&h->t, "shape", shape);
}

static enum status
ask(struct http_test *h, const char *text, const char *answer)
{
	struct guard_run r = { slice_of(text), true, &h->item, h->t.scratch,
	    &h->t.arena, &h->t.found, "test", h->t.kind };

	if (h->t.compiled == NULL && guard_test_compile(&h->t) != STATUS_OK)
		fail_msg("compile: %s", h->t.err.text);
	h->service.answer = answer;
	h->t.found.n = 0;
	arena_reset(&h->t.arena);
	error_clear(&h->t.err);
	return h->t.kind->run(h->t.compiled, &r, &h->t.err);
}

/* "kind from-to" of each finding, or "error". */
static const char *
told(struct http_test *h, const char *text, const char *answer)
{
	static char line[500];
	const struct finding *f;
	size_t i, n = 0;

	if (ask(h, text, answer) != STATUS_OK)
		return "error";
	line[0] = '\0';
	for (i = 0; i < h->t.found.n; i++) {
		f = &h->t.found.v[i];
		n += (size_t)snprintf(line + n, sizeof(line) - n, "%s%.*s %u-%u",
		    i == 0 ? "" : ", ", SLICE_ARG(f->kind), f->start, f->end);
		assert_op(n, <, sizeof(line));
	}
	return line;
}

struct answer_row {
	const char	*answer, *told;
};

static void
answers(struct http_test *h, const struct answer_row *row)
{
	for (; row->answer != NULL; row++)
		if (strcmp(told(h, "Hello, you.", row->answer), row->told) != 0)
			fail_msg("%s: %s, not %s (%s)", row->answer, told(h,
			    "Hello, you.", row->answer), row->told,
			    h->t.err.text);
	guard_test_release(&h->t);
}

static void
test_guardrails(void **state)
{
	static const struct answer_row rows[] = {
		{ "{\"callId\":\"1\",\"rawLlmOutput\":\"a\",\"validatedOutput\":"
		    "\"a\",\"validationPassed\":true}", "" },
		{ "{\"callId\":\"1\",\"rawLlmOutput\":\"a\",\"validatedOutput\":"
		    "null,\"validationPassed\":false}", "failed 0-11" },
		{ "{\"rawLlmOutput\":\"a b\",\"validatedOutput\":\"a *\","
		    "\"validationPassed\":true}", "intervened 0-11" },
		{ "{\"validationPassed\":false,\"validationSummaries\":["
		    "{\"validatorName\":\"ValidLength\",\"validatorStatus\":"
		    "\"pass\"},{\"validatorName\":\"DetectPII\","
		    "\"validatorStatus\":\"fail\",\"failureReason\":\"a name\","
		    "\"errorSpans\":[{\"start\":7,\"end\":10,\"reason\":\"x\"}]},"
		    "{\"validatorName\":\"Toxic\",\"validatorStatus\":\"fail\","
		    "\"errorSpans\":[{\"start\":7,\"end\":99,\"reason\":\"x\"}]}]}",
		    "DetectPII 7-10, Toxic 0-11" },
		{ "{\"validationPassed\":true,\"error\":\"no model\"}", "error" },
		{ "{\"validationPassed\":\"yes\"}", "error" },
		{ "{\"detail\":\"not found\"}", "error" }, { "[]", "error" },
		{ NULL, NULL }
	};
	struct http_test h;

	(void)state;
	begin(&h, GUARDRAILS);
	(void)told(&h, "a \"b\"", rows[0].answer);
	assert_string_equal(h.service.asked, "{\"llmOutput\":\"a \\\"b\\\"\"}");
	answers(&h, rows);
}

static void
test_llm_guard(void **state)
{
	static const struct answer_row rows[] = {
		{ "{\"sanitized_output\":\"x\",\"is_valid\":true,\"scanners\":"
		    "{\"Bias\":0.0,\"Toxicity\":0.2}}", "" },
		{ "{\"sanitized_output\":\"x\",\"is_valid\":false,\"scanners\":"
		    "{\"NoRefusal\":-1.0,\"Bias\":0.0,\"Toxicity\":0.9}}",
		    "Toxicity 0-11" },
		{ "{\"is_valid\":false,\"scanners\":{}}", "flagged 0-11" },
		{ "{\"is_valid\":false}", "flagged 0-11" },
		{ "{\"message\":\"Request timeout.\"}", "error" },
		{ "{\"is_valid\":1}", "error" }, { NULL, NULL }
	};
	struct http_test h;

	(void)state;
	begin(&h, LLM_GUARD);
	h.item.messages = SLICE("[{\"role\":\"user\",\"content\":\"first\"},"
	    "{\"role\":\"assistant\",\"content\":\"b\"},{\"role\":\"user\","
	    "\"content\":[{\"type\":\"text\",\"text\":\"last\"}]}]");
	(void)told(&h, "a", rows[0].answer);
	assert_string_equal(h.service.asked,
	    "{\"prompt\":\"last\",\"output\":\"a\"}");
	h.item.messages = SLICE_NONE;
	(void)told(&h, "a", rows[0].answer);
	assert_string_equal(h.service.asked,
	    "{\"prompt\":\"\",\"output\":\"a\"}");
	answers(&h, rows);
	begin(&h, LLM_GUARD);
	h.t.config.on_input = true;
	(void)told(&h, "a", rows[0].answer);
	assert_string_equal(h.service.asked, "{\"prompt\":\"a\"}");
	guard_test_release(&h.t);
}

#define SAID(text)	"{\"choices\":[{\"message\":{\"role\":\"assistant\"," \
	"\"content\":\"" text "\"}}]}"

static void
test_llama_guard(void **state)
{
	static const struct answer_row rows[] = {
		{ SAID("\\n\\nsafe"), "" }, { SAID("safe\\n"), "" },
		{ SAID("\\n\\nunsafe\\nS1"), "S1 0-11" },
		{ SAID("unsafe\\nS1,S10"), "S1 0-11, S10 0-11" },
		{ SAID("unsafe\\nS2, O4"), "S2 0-11, O4 0-11" },
		{ SAID("unsafe"), "unsafe 0-11" },
		{ SAID("safe, I think"), "error" }, { SAID("safe\\nS1"), "error" },
		{ SAID("unsafely"), "error" }, { SAID(""), "error" },
		{ SAID("I cannot assess that."), "error" },
		{ "{\"choices\":[]}", "error" },
		{ "{\"error\":{\"message\":\"no such model\"}}", "error" },
		{ NULL, NULL }
	};
	struct http_test h;

	(void)state;
	begin(&h, LLAMA);
	h.item.messages = SLICE("[{\"role\":\"user\",\"content\":\"how\"}]");
	(void)told(&h, "so", rows[0].answer);
	assert_string_equal(h.service.asked, "{\"model\":"
	    "\"meta-llama/Llama-Guard-3-8B\",\"messages\":[{\"role\":\"user\","
	    "\"content\":\"how\"},{\"role\":\"assistant\",\"content\":\"so\"}],"
	    "\"temperature\":0,\"max_tokens\":100}");
	h.item.messages = SLICE_NONE;
	(void)told(&h, "so", rows[0].answer);
	assert_non_null(strstr(h.service.asked,
	    "\"messages\":[{\"role\":\"user\",\"content\":\"so\"}]"));
	assert_int_equal(ask(&h, "x", SAID("unsafe\\nS14")), STATUS_OK);
	assert_slice(h.t.found.v[0].message, "code interpreter abuse");
	answers(&h, rows);
}

/* Which values fail: as the lists say, and as is known where they do not. */
static void
test_polarity(void **state)
{
	static const char *const no[] = { "false" }, *const yes[] = { "Yes" };
	static const char *const safe[] = { "safe", "0" };
	static const char *const one[] = { "1" };
	static const struct {
		const char *const	*fails, *const *passes;
		const char		*result;
		int			 want;	/* 0 passes, 1 fails, 2 error */
	} rows[] = {
		{ NULL, NULL, "true", 1 }, { NULL, NULL, "false", 0 },
		{ NULL, NULL, "\" Unsafe\\nS1\"", 1 },
		{ NULL, NULL, "\"\\n\\nsafe\\n\"", 0 },
		{ NULL, NULL, "\"safe to say that it fails\"", 2 },
		{ NULL, NULL, "\"unsafe S1\"", 1 }, { NULL, NULL, "\"No\"", 2 },
		{ NULL, NULL, "0.5", 1 }, { NULL, NULL, "0.4", 0 },
		{ NULL, NULL, "{}", 2 }, { NULL, NULL, "null", 2 },
		{ no, NULL, "false", 1 }, { no, NULL, "true", 0 },
		{ no, NULL, "\"False\"", 1 }, { no, NULL, "\"unsafe\"", 1 },
		{ no, NULL, "\"overloaded\"", 2 }, { no, NULL, "null", 2 },
		{ yes, NULL, "\"Yes\"", 1 }, { yes, NULL, "\"yes, it is\"", 1 },
		{ yes, NULL, "\"No\\n<confidence> High\"", 0 },
		{ yes, NULL, "\"Perhaps\"", 2 },
		{ one, NULL, "1", 1 }, { one, NULL, "1.0", 1 },
		{ one, NULL, "0", 0 },
		{ NULL, safe, "\"safe\"", 0 }, { NULL, safe, "0", 0 },
		{ NULL, safe, "\"S4\"", 1 }, { NULL, safe, "1", 1 },
		{ NULL, safe, "\"safe not\"", 1 }, { NULL, safe, "null", 2 },
		{ yes, safe, "\"yes\"", 1 }, { yes, safe, "\"SAFE\"", 0 },
		{ yes, safe, "\"no\"", 2 }, { yes, safe, "false", 2 },
		{ yes, safe, "\"blocked\"", 1 }
	};
	static const char *const words[] = { "", "flagged 0-1", "error" };
	struct http_test h;
	char answer[100];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		begin(&h, GENERIC);
		if (rows[i].fails != NULL)
			guard_test_list(&h.t, "fails", rows[i].fails, 1);
		if (rows[i].passes != NULL)
			guard_test_list(&h.t, "passes", rows[i].passes, 2);
		(void)snprintf(answer, sizeof(answer), "{\"result\":%s}",
		    rows[i].result);
		if (strcmp(told(&h, "x", answer), words[rows[i].want]) != 0)
			fail_msg("row %zu: %s: %s", i, rows[i].result,
			    told(&h, "x", answer));
		guard_test_release(&h.t);
	}
}

static void
refused(enum shape shape, const char *option, const char *const *list, size_t n,
    const char *why)
{
	struct http_test h;

	begin(&h, shape);
	guard_test_list(&h.t, "fails", list, 1);
	guard_test_list(&h.t, option, list, n);
	assert_int_equal(guard_test_compile(&h.t), STATUS_INVALID);
	assert_string_equal(h.t.err.text, why);
	guard_test_release(&h.t);
}

static void
test_options(void **state)
{
	static const char *const list[] = { "Bad" };
	struct http_test h;

	(void)state;
	refused(GENERIC, "passes", list, 1, "passes: \"Bad\" is in fails too");
	refused(GENERIC, "passes", list, 0, "passes: names no value");
	refused(LLAMA, "fails", list, 1, "fails: only the shape generic has it, "
	    "the others know which answers fail");
	begin(&h, GENERIC);
	(void)told(&h, "x", "{\"result\":false}");
	assert_null(h.service.proxy);
	guard_test_release(&h.t);
	begin(&h, GENERIC);
	guard_test_string(&h.t, "proxy", "socks5h://127.0.0.1:9");
	(void)told(&h, "x", "{\"result\":false}");
	assert_string_equal(h.service.proxy, "socks5h://127.0.0.1:9");
	guard_test_release(&h.t);
	begin(&h, GENERIC);
	guard_test_string(&h.t, "proxy", "proxy.example:3128");
	assert_int_equal(guard_test_compile(&h.t), STATUS_INVALID);
	guard_test_release(&h.t);
}

/* A pointer whose name says that true is well. */
static void
test_doubt(void **state)
{
	static const struct {
		const char *pointer;
		bool	    doubt;
	} rows[] = {
		{ "/valid", true }, { "/out/0/passed", true }, { "/safe", true },
		{ "/is_valid", true }, { "/validation_passed", true },
		{ "/validationPassed", true }, { "/IS_SAFE", true },
		{ "/result", false }, { "/unsafe", false }, { "/invalid", false },
		{ "/not_safe", false }, { "/safe/score", false },
		{ "/passed_by", false }, { "", false }
	};
	static const char *const list[] = { "false" };
	struct http_test h;
	size_t i;

	(void)state;
	for (i = 0; i < 2 * sizeof(rows) / sizeof(rows[0]); i++) {
		begin(&h, GENERIC);
		guard_test_string(&h.t, "result", rows[i / 2].pointer);
		if (i % 2 == 1)
			guard_test_list(&h.t, "fails", list, 1);
		assert_int_equal(guard_test_compile(&h.t), STATUS_OK);
		if ((h.t.kind->doubt(h.t.compiled) != NULL) !=
		    (rows[i / 2].doubt && i % 2 == 0))
			fail_msg("%s", rows[i / 2].pointer);
		guard_test_release(&h.t);
	}
}

static void
test_a_key_twice(void **state)
{
	struct http_test h;

	(void)state;
	begin(&h, GENERIC);
	assert_int_equal(ask(&h, "x",
	    "{\"result\":\"unsafe\",\"result\":\"safe\"}"), STATUS_IO);
	assert_non_null(strstr(h.t.err.text, "the answer has a key twice"));
	assert_int_equal(ask(&h, "x",
	    "{\"result\":\"safe\",\"more\":{\"a\":1,\"a\":2}}"), STATUS_IO);
	guard_test_release(&h.t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_guardrails),
		cmocka_unit_test(test_llm_guard),
		cmocka_unit_test(test_llama_guard),
		cmocka_unit_test(test_polarity),
		cmocka_unit_test(test_options),
		cmocka_unit_test(test_doubt),
		cmocka_unit_test(test_a_key_twice)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
