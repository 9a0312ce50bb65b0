/*
 * Answers in events, of each API: bytes as they come, or events made of what the
 * bytes choose.  Whatever they are: cut into any pieces they give the same answer;
 * nothing goes out of a window beyond what may; what went out is the beginning of
 * the text, edited; made into events again the answer stays the same; one that is
 * withheld says none of its texts.
 */
#include "core/http/sse.h"
#include "core/json/equal.h"
#include "core/shape/read.h"
#include "core/wire/release.h"
#include "core/wire/request.h"
#include "core/wire/stream.h"
#include "core/wire/window.h"
#include "tests/fuzz/must.h"

#define MAX	((size_t)1 << 18)

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/* $ is a text, # a small number; the texts alone have an @. */
static const char *const chat[] = {
	"{\"id\":\"c\",\"choices\":[{\"index\":#,\"delta\":{\"content\":\"$\"}}]}",
	"{\"id\":\"c\",\"choices\":[{\"index\":#,\"delta\":{\"role\":\"assistant\","
	    "\"refusal\":\"$\"},\"logprobs\":{\"content\":[{\"token\":\"$\"}]}}]}",
	"{\"choices\":[{\"index\":0,\"delta\":{\"tool_calls\":[{\"index\":#,"
	    "\"id\":\"#\",\"function\":{\"name\":\"f\",\"arguments\":\"$\"}}]}}]}",
	"{\"choices\":[{\"index\":#,\"delta\":{\"tool_calls\":[{\"index\":#,"
	    "\"function\":{\"arguments\":\"$\"}}]}}]}",
	"{\"choices\":[{\"index\":0,\"delta\":{\"function_call\":{\"name\":\"$\","
	    "\"arguments\":\"$\"}}}]}",
	"{\"choices\":[{\"delta\":{\"reasoning_content\":\"$\",\"new\":{\"a\":["
	    "\"$\"],\"b\":\"$\"}}}]}",
	"{\"choices\":[{\"delta\":{\"content\":[{\"type\":\"text\",\"text\":"
	    "\"$\"}]}}]}",
	"{\"choices\":[{\"delta\":{\"reasoning_details\":[{\"index\":#,"
	    "\"text\":\"$\"}]}}]}",
	"{\"choices\":[{\"index\":#,\"delta\":null,\"finish_reason\":\"stop\"}]}",
	"{\"choices\":[{\"index\":#,\"delta\":{\"content\":\"$\"},"
	    "\"finish_reason\":\"stop\"}]}",
	"{\"choices\":[],\"usage\":{\"prompt_tokens\":#}}",
	"{\"choices\":null,\"usage\":{\"completion_tokens\":#}}",
	"{\"error\":{\"message\":\"$\"}}", "[DONE]", "{\"ping\":1}"
};
static const char *const messages[] = {
	"{\"type\":\"message_start\",\"message\":{\"id\":\"m\",\"content\":[],"
	    "\"stop_reason\":null,\"stop_sequence\":null,\"usage\":{"
	    "\"input_tokens\":#,\"output_tokens\":1}}}",
	"{\"type\":\"content_block_start\",\"index\":#,\"content_block\":{"
	    "\"type\":\"text\",\"text\":\"\"}}",
	"{\"type\":\"content_block_start\",\"index\":#,\"content_block\":{"
	    "\"type\":\"thinking\",\"thinking\":\"$\",\"signature\":\"\"}}",
	"{\"type\":\"content_block_start\",\"index\":#,\"content_block\":{"
	    "\"type\":\"tool_use\",\"id\":\"t\",\"name\":\"f\",\"input\":{}}}",
	"{\"type\":\"content_block_delta\",\"index\":#,\"delta\":{\"type\":"
	    "\"text_delta\",\"text\":\"$\"}}",
	"{\"type\":\"content_block_delta\",\"index\":#,\"delta\":{\"type\":"
	    "\"thinking_delta\",\"thinking\":\"$\"}}",
	"{\"type\":\"content_block_delta\",\"index\":#,\"delta\":{\"type\":"
	    "\"input_json_delta\",\"partial_json\":\"{\\\"a\\\":\\\"$\\\"}\"}}",
	"{\"type\":\"content_block_delta\",\"index\":#,\"delta\":{\"type\":"
	    "\"citations_delta\",\"citation\":{\"cited_text\":\"$\"}}}",
	"{\"type\":\"content_block_delta\",\"index\":#,\"delta\":{\"type\":"
	    "\"new\",\"new\":\"$\"}}",
	"{\"type\":\"content_block_stop\",\"index\":#}",
	"{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\","
	    "\"stop_sequence\":null},\"usage\":{\"output_tokens\":#}}",
	"{\"type\":\"message_stop\"}", "{\"type\":\"ping\"}",
	"{\"type\":\"news\",\"says\":\"$\"}"
};
static const char *const responses[] = {
	"{\"type\":\"response.created\",\"response\":{\"id\":\"r\",\"object\":"
	    "\"response\",\"status\":\"in_progress\",\"output\":[]}}",
	"{\"type\":\"response.output_item.added\",\"output_index\":#,\"item\":{"
	    "\"id\":\"i\",\"type\":\"message\",\"role\":\"assistant\","
	    "\"status\":\"in_progress\",\"content\":[]}}",
	"{\"type\":\"response.output_item.added\",\"output_index\":#,\"item\":{"
	    "\"type\":\"function_call\",\"name\":\"f\",\"arguments\":\"\"}}",
	"{\"type\":\"response.output_item.added\",\"output_index\":#,\"item\":{"
	    "\"type\":\"reasoning\",\"summary\":[]}}",
	"{\"type\":\"response.content_part.added\",\"output_index\":#,"
	    "\"content_index\":#,\"part\":{\"type\":\"output_text\",\"text\":"
	    "\"\",\"annotations\":[],\"logprobs\":[]}}",
	"{\"type\":\"response.output_text.delta\",\"output_index\":#,"
	    "\"content_index\":#,\"delta\":\"$\"}",
	"{\"type\":\"response.output_text.done\",\"output_index\":#,"
	    "\"content_index\":#,\"text\":\"$\"}",
	"{\"type\":\"response.refusal.delta\",\"output_index\":#,"
	    "\"content_index\":#,\"delta\":\"$\"}",
	"{\"type\":\"response.reasoning_summary_text.delta\",\"output_index\":#,"
	    "\"summary_index\":#,\"delta\":\"$\"}",
	"{\"type\":\"response.function_call_arguments.delta\",\"output_index\":#,"
	    "\"delta\":\"$\"}",
	"{\"type\":\"response.output_item.done\",\"output_index\":#,\"item\":{"
	    "\"type\":\"message\",\"content\":[{\"type\":\"output_text\","
	    "\"text\":\"$\",\"logprobs\":[{\"token\":\"$\"}]}]}}",
	"{\"type\":\"response.content_part.done\",\"output_index\":#,"
	    "\"content_index\":#,\"part\":{\"type\":\"output_text\",\"text\":"
	    "\"$\"}}",
	"{\"type\":\"response.song.delta\",\"output_index\":#,\"delta\":\"$\"}",
	"{\"type\":\"response.completed\",\"response\":{\"id\":\"r\","
	    "\"status\":\"completed\",\"output\":[{\"type\":\"message\","
	    "\"content\":[{\"type\":\"output_text\",\"text\":\"$\"}]}]}}",
	"{\"type\":\"response.incomplete\",\"response\":{\"id\":\"r\","
	    "\"status\":\"incomplete\",\"output\":[]}}",
	"{\"type\":\"response.failed\",\"response\":{\"status\":\"failed\"}}"
};
static const struct {
	const char *const *form;
	size_t		 n;
} forms[] = {
	[WIRE_CHAT] = { chat, sizeof(chat) / sizeof(chat[0]) },
	[WIRE_RESPONSES] = { responses,
	    sizeof(responses) / sizeof(responses[0]) },
	[WIRE_MESSAGES] = { messages, sizeof(messages) / sizeof(messages[0]) }
};

static void
add_form(struct buf *b, const char *form, uint8_t with)
{
	static const char *const texts[] = { "@", "a@", "",
	    "@\\u00e9\xf0\x9f\x98\x80", "@@@@@@@@", "\\n@\\\"" };

	buf_puts(b, "data: ");
	for (; *form != '\0'; form++, with = (uint8_t)(with / 2 + 1))
		if (*form == '$')
			buf_puts(b, texts[with % 6]);
		else if (*form == '#')
			buf_printf(b, "%u", with / 7 % 3u);
		else
			buf_putc(b, *form);
	buf_puts(b, "\n\n");
}

static void
make(struct buf *b, enum wire_api api, const uint8_t *data, size_t n)
{
	size_t i;

	for (i = 0; i + 1 < n; i += 2)
		add_form(b, forms[api].form[data[i] % forms[api].n],
		    data[i + 1]);
}

struct run {
	enum wire_api		 api;
	struct wire_stream	*s;
	struct wire_window	*w;	/* or NULL */
	struct buf		 out;
	uint64_t		 seed;
	size_t			 upto[64];
	struct wire_edit	 edit;	/* of every text; none where start is 0 */
	size_t			 sent_end;
};

static uint64_t
next(uint64_t *seed)
{
	*seed = *seed * 6364136223846793005u + 1442695040888963407u;
	return *seed >> 33;
}

/* Of each text a little more may go out, or not. */
static enum status
let_out(struct run *r, bool ends)
{
	struct wire_passage p[64];
	struct error err = { STATUS_OK, "" };
	const struct wire_text *t;
	size_t n, i;

	t = wire_stream_texts(r->s, &n);
	if (n > 64)
		n = 64;
	for (i = 0; i < n; i++) {
		if (next(&r->seed) % 3 != 0)
			r->upto[i] += next(&r->seed) % 8;
		if (r->upto[i] > t[i].text.n)
			r->upto[i] = t[i].text.n;
		p[i] = (struct wire_passage){ r->upto[i], NULL, 0 };
		if (r->edit.start > 0) {
			p[i].edit = &r->edit;
			p[i].n = 1;
		}
	}
	return wire_window_out(r->w, r->s, p, n, ends, &r->out, &err);
}

static enum wire_outcome
feed(struct run *r, struct slice bytes, bool pieces)
{
	enum wire_outcome outcome = WIRE_MORE;
	struct error err = { STATUS_OK, "" };
	struct sse_reader reader;
	struct sse_event e;
	struct slice in;
	size_t n;

	sse_init(&reader, MAX);
	for (; bytes.n > 0 && outcome == WIRE_MORE; bytes.p += n, bytes.n -= n) {
		n = pieces ? 1 + (size_t)next(&r->seed) % 40 : bytes.n;
		n = n > bytes.n ? bytes.n : n;
		in = (struct slice){ bytes.p, n };
		while (outcome == WIRE_MORE && sse_read(&reader, &in, &e) ==
		    SSE_EVENT) {
			outcome = wire_stream_event(r->s, &e, &err);
			MUST((outcome == WIRE_BAD) <= (err.code ==
			    STATUS_INVALID));
			if (r->w == NULL || outcome > WIRE_DONE)
				continue;
			MUST(wire_window_event(r->w, r->s, &e, &err) ==
			    STATUS_OK);
			MUST(let_out(r, false) == STATUS_OK);
		}
	}
	sse_release(&reader);
	return outcome;
}

static void
begin(struct run *r, enum wire_api api, const struct wire_release *release)
{
	memset(r, 0, sizeof(*r));
	r->api = api;
	r->s = wire_stream_new(api, MAX);
	r->w = release == NULL ? NULL : wire_window_new(api, release);
	MUST(r->s != NULL && (r->w != NULL || release == NULL));
}

static void
end(struct run *r)
{
	wire_stream_free(r->s);
	wire_window_free(r->w);
	buf_release(&r->out);
}

static bool
response_of(const struct run *r, struct buf *b)
{
	struct error err = { STATUS_OK, "" };
	struct json d = JSON_INIT;
	struct json_error why;
	enum status st = wire_stream_response(r->s, b, &err);

	MUST(st == STATUS_OK || st == STATUS_NOT_FOUND);
	if (st == STATUS_OK) {
		/* Two levels and more stand around what an event had. */
		st = json_parse(&d, buf_slice(b), 128, 0, &why);
		MUST(st == STATUS_OK);
		json_release(&d);
	}
	return b->n > 0;
}

static bool
json_equal(struct slice a, struct slice b)
{
	struct json x = JSON_INIT, y = JSON_INIT;
	struct arena arena = ARENA_INIT;
	struct json_error why;
	bool nomem = false, equal;

	equal = json_parse(&x, a, 128, 0, &why) == STATUS_OK &&
	    json_parse(&y, b, 128, 0, &why) == STATUS_OK &&
	    value_equal(&x, 0, &y, 0, &arena, &nomem) && !nomem;
	json_release(&x);
	json_release(&y);
	arena_release(&arena);
	return equal;
}

/* What of a text goes out up to a byte of it. */
static void
edited(struct buf *b, struct slice text, size_t upto, const struct wire_edit *e)
{
	buf_clear(b);
	if (e->start == 0 || e->start >= upto) {
		buf_add(b, text.p, upto);
		return;
	}
	buf_add(b, text.p, e->start);
	buf_add_slice(b, e->mark);
	if (e->end < upto)
		buf_add(b, text.p + e->end, upto - e->end);
}

/* The texts that a client has now are what may have gone out of the first ones. */
static void
must_be_told(struct run *r, bool all)
{
	const struct wire_text *t, *got;
	struct run client;
	struct buf want = BUF_INIT;
	size_t n, k, i;

	begin(&client, r->api, NULL);
	MUST(feed(&client, buf_slice(&r->out), false) <= WIRE_DONE);
	t = wire_stream_texts(r->s, &n);
	got = wire_stream_texts(client.s, &k);
	MUST(k <= n);
	for (i = 0; i < k && i < 64; i++) {
		MUST(got[i].kind == t[i].kind);
		MUST(all ? wire_window_sent(r->w, i) == t[i].text.n :
		    wire_window_sent(r->w, i) <= r->upto[i]);
		edited(&want, buf_slice(&t[i].text), wire_window_sent(r->w, i),
		    &r->edit);
		if (t[i].kind != WIRE_TOOL_NAME)
			MUST(slice_eq(buf_slice(&want),
			    buf_slice(&got[i].text)));
	}
	buf_release(&want);
	end(&client);
}

static void
through_window(enum wire_api api, struct slice bytes, uint64_t seed)
{
	const struct wire_release as_it_came = { .cut_logprobs = true,
	    .cut_usage = (seed & 4) != 0 };
	enum wire_outcome outcome;
	struct error err = { STATUS_OK, "" };
	struct run r, client;

	begin(&r, api, &as_it_came);
	r.seed = seed;
	if ((seed & 1) != 0)
		r.edit = (struct wire_edit){ 1 + seed % 5, 2 + seed % 9,
		    SLICE("<M>") };
	if (r.edit.end <= r.edit.start)
		r.edit.start = 0;
	outcome = feed(&r, bytes, false);
	if (outcome <= WIRE_DONE) {
		must_be_told(&r, false);
		if ((seed & 2) != 0) {
			MUST(let_out(&r, true) == STATUS_OK);
			MUST(wire_window_held(r.w) == 0);
			must_be_told(&r, true);
		} else {
			MUST(wire_window_cut(r.w, r.s, &r.out, &err) ==
			    STATUS_OK);
			begin(&client, api, NULL);
			MUST(feed(&client, buf_slice(&r.out), false) ==
			    WIRE_DONE);
			end(&client);
		}
	}
	end(&r);
}

static void
again(enum wire_api api, struct slice answer, struct buf *out)
{
	static const struct wire_release as_it_came;
	struct error err = { STATUS_OK, "" };
	struct buf events = BUF_INIT;
	struct run r;

	begin(&r, api, NULL);
	MUST(wire_release_events(&events, api, answer, &as_it_came, &err) ==
	    STATUS_OK);
	MUST(feed(&r, buf_slice(&events), false) == WIRE_DONE);
	MUST(response_of(&r, out));
	buf_release(&events);
	end(&r);
}

static void
as_whole(enum wire_api api, struct slice answer, struct buf *out)
{
	struct error err = { STATUS_OK, "" };
	struct run r;

	begin(&r, api, NULL);
	MUST(wire_stream_whole(r.s, answer, &err) == WIRE_DONE);
	MUST(response_of(&r, out));
	end(&r);
}

static void
must_be_equal(struct slice a, struct slice b)
{
	if (json_equal(a, b))
		return;
	(void)fprintf(stderr, "%.*s\n%.*s\n", SLICE_ARG(a), SLICE_ARG(b));
	abort();
}

/* As events, and gathered again, the answer is what it was; one that lacked what
 * every answer has, the first time on. */
static void
must_be_same_again(enum wire_api api, struct slice answer, bool made)
{
	static const struct wire_release as_it_came;
	struct error err = { STATUS_OK, "" };
	struct buf first = BUF_INIT, second = BUF_INIT, out = BUF_INIT;

	as_whole(api, answer, &out);
	must_be_equal(answer, buf_slice(&out));
	buf_clear(&out);
	again(api, answer, &first);
	again(api, buf_slice(&first), &second);
	must_be_equal(buf_slice(&first), buf_slice(&second));
	if (made)
		must_be_equal(answer, buf_slice(&first));
	MUST(wire_release_write(&out, api, answer, &as_it_came, &err) ==
	    STATUS_OK);
	MUST(slice_eq(buf_slice(&out), answer));
	buf_release(&first);
	buf_release(&second);
	buf_release(&out);
}

static void
must_be_withheld(enum wire_api api, const struct buf *answer, bool made)
{
	struct wire_choice choice[4] = { { .withheld = true },
	    { .withheld = true }, { .withheld = true }, { .withheld = true } };
	const struct wire_release r = { .choice = choice, .n = 4 };
	struct error err = { STATUS_OK, "" };
	struct buf out = BUF_INIT;

	MUST(wire_release_events(&out, api, buf_slice(answer), &r, &err) ==
	    STATUS_OK);
	if (made)
		MUST(memchr(out.p, '@', out.n) == NULL);
	buf_release(&out);
}

static enum status
item_taken(void *arg, const struct item *item, struct error *err)
{
	(void)arg;
	(void)err;
	MUST(item->output.p != NULL);
	return STATUS_OK;
}

/* As a record it is an item, or is refused. */
static void
read_record(struct slice answer)
{
	struct arena arena = ARENA_INIT;
	struct item_reader reader = { .arena = &arena };
	struct error err = { STATUS_OK, "" };
	enum status st = item_read(&reader, answer, item_taken, NULL, &err);

	MUST(st == STATUS_OK || st == STATUS_INVALID);
	item_reader_release(&reader);
	arena_release(&arena);
}

static void
read_request(enum wire_api api, struct slice body)
{
	struct wire_request r = { .api = api };
	struct arena arena = ARENA_INIT;
	struct error err = { STATUS_OK, "" };
	struct slice *texts;
	size_t n;

	if (wire_request_read(&r, api, body, &arena, &err) == STATUS_OK)
		MUST(wire_request_texts(&r, &arena, &texts, &n, &err) ==
		    STATUS_OK);
	wire_request_release(&r);
	arena_release(&arena);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	enum wire_api api;
	struct buf made = BUF_INIT, answer = BUF_INIT, other = BUF_INIT;
	struct slice bytes;
	struct run r, pieces;
	enum wire_outcome outcome;
	bool is_made;

	if (n < 2)
		return 0;
	api = (enum wire_api)(data[0] % WIRE_APIS);
	is_made = data[0] >= 128;
	if (is_made)
		make(&made, api, data + 2, n - 2);
	else
		buf_add(&made, data + 2, n - 2);
	bytes = buf_slice(&made);
	begin(&r, api, NULL);
	begin(&pieces, api, NULL);
	pieces.seed = data[1];
	outcome = feed(&r, bytes, false);
	MUST(feed(&pieces, bytes, true) == outcome);
	if (response_of(&r, &answer)) {
		MUST(response_of(&pieces, &other));
		MUST(slice_eq(buf_slice(&answer), buf_slice(&other)));
		read_record(buf_slice(&answer));
	}
	if (outcome == WIRE_DONE) {
		must_be_same_again(api, buf_slice(&answer), is_made);
		must_be_withheld(api, &answer, is_made);
	}
	through_window(api, bytes, data[1]);
	read_request(api, bytes);
	end(&r);
	end(&pieces);
	buf_release(&made);
	buf_release(&answer);
	buf_release(&other);
	return 0;
}
