/*
 * Answers and streams as core/wire makes them, for the clients of others to read:
 * wire_events chat|responses|messages HOW <input.  HOW: of a whole answer its events
 * (plain), withheld (withheld); an error (error); of a stream the answer (gather),
 * what comes out of a window (window), or of one cut behind N events (cut N).
 */
#include <stdio.h>
#include <stdlib.h>

#include "core/http/sse.h"
#include "core/wire/errors.h"
#include "core/wire/release.h"
#include "core/wire/stream.h"
#include "core/wire/window.h"

#define MAX	((size_t)1 << 22)
#define TEXTS	64

static struct error err;

static void
must(enum status st)
{
	if (st == STATUS_OK)
		return;
	(void)fprintf(stderr, "wire_events: %s\n", err.text);
	exit(1);
}

/* All texts may go out as they come. */
static void
let_out(struct wire_window *w, const struct wire_stream *s, bool ends,
    struct buf *out)
{
	struct wire_passage p[TEXTS];
	size_t i, n;

	(void)wire_stream_texts(s, &n);
	for (i = 0; i < TEXTS; i++)
		p[i] = (struct wire_passage){ MAX, NULL, 0 };
	must(wire_window_out(w, s, p, n < TEXTS ? n : TEXTS, ends, out, &err));
}

/* cut: behind so many events; -1: not at all. */
static void
pass(enum wire_api api, struct slice in, long cut, bool gather, struct buf *out)
{
	static const struct wire_release as_it_came;
	struct wire_stream *s = wire_stream_new(api, MAX);
	struct wire_window *w = wire_window_new(api, &as_it_came);
	enum wire_outcome outcome = WIRE_MORE;
	struct sse_reader r;
	struct sse_event e;

	if (s == NULL || w == NULL)
		exit(1);
	sse_init(&r, MAX);
	while (outcome == WIRE_MORE && cut != 0 &&
	    sse_read(&r, &in, &e) == SSE_EVENT) {
		outcome = wire_stream_event(s, &e, &err);
		if (outcome > WIRE_DONE)
			must(STATUS_INVALID);
		must(wire_window_event(w, s, &e, &err));
		let_out(w, s, outcome == WIRE_DONE && cut < 0, out);
		cut--;
	}
	if (gather)
		buf_clear(out);
	if (gather)
		must(wire_stream_response(s, out, &err));
	else if (cut == 0)
		must(wire_window_cut(w, s, out, &err));
	sse_release(&r);
	wire_stream_free(s);
	wire_window_free(w);
}

static enum wire_api
api_of(const char *name)
{
	return strcmp(name, "chat") == 0 ? WIRE_CHAT :
	    strcmp(name, "responses") == 0 ? WIRE_RESPONSES : WIRE_MESSAGES;
}

int
main(int argc, char *argv[])
{
	static const struct wire_error refused = { 400, NULL, "content_filter",
		"a rule says no", 0 };
	const char *how = argc < 3 ? "plain" : argv[2];
	const struct wire_choice choice = { .withheld = strcmp(how,
	    "withheld") == 0 };
	const struct wire_release r = { .choice = &choice, .n = 1,
	    .fallback = SLICE("A person will answer.") };
	enum wire_api api = api_of(argc < 2 ? "" : argv[1]);
	struct buf in = BUF_INIT, out = BUF_INIT;
	char piece[4096];
	size_t n;

	while ((n = fread(piece, 1, sizeof(piece), stdin)) > 0)
		buf_add(&in, piece, n);
	if (strcmp(how, "error") == 0)
		wire_error_event(&out, api, &refused);
	else if (strcmp(how, "plain") == 0 || choice.withheld)
		must(wire_release_events(&out, api, buf_slice(&in), &r, &err));
	else
		pass(api, buf_slice(&in), argc > 3 ? strtol(argv[3], NULL, 10) :
		    -1, strcmp(how, "gather") == 0, &out);
	(void)fwrite(out.p, 1, out.n, stdout);
	buf_release(&in);
	buf_release(&out);
	return 0;
}
