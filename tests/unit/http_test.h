/*
 * What a connection's bytes are read as, as text, whatever pieces they come in:
 * for the unit test, the fuzzer and the run beside another parser.
 */
#ifndef TESTS_HTTP_TEST_H
#define TESTS_HTTP_TEST_H

#include <assert.h>
#include <stdlib.h>

#include "core/http/request.h"

static const struct http_limits http_test_limits = {
	.head_max = 16384, .fields_max = 100, .target_max = 8192,
	.body_max = 1 << 20
};

/* Where the connection's bytes are cut: how many of n come next. */
struct cuts {
	size_t	(*next)(struct cuts *, size_t n);
	size_t	 at;		/* of cut_at(); a seed of cut_random() */
};

static inline size_t
cut_never(struct cuts *c, size_t n)
{
	(void)c;
	return n;
}

static inline size_t
cut_each(struct cuts *c, size_t n)
{
	(void)c, (void)n;
	return 1;
}

static inline size_t
cut_at(struct cuts *c, size_t n)
{
	size_t k = c->at == 0 ? n : c->at;

	c->at = 0;
	return k < n ? k : n;
}

static inline size_t
cut_random(struct cuts *c, size_t n)
{
	c->at = c->at * 6364136223846793005u + 1442695040888963407u;
	return 1 + (size_t)(c->at >> 33) % (n < 40 ? n : 40);
}

static inline void
transcribe_text(struct buf *out, struct slice s)
{
	size_t i;

	for (i = 0; i < s.n; i++) {
		if (s.p[i] >= ' ' && s.p[i] < 0x7f && strchr("\\<", s.p[i]) == NULL)
			buf_putc(out, s.p[i]);
		else
			buf_printf(out, "\\x%02x", (unsigned char)s.p[i]);
	}
}

static inline void
transcribe_head(struct buf *out, const struct http_request *r)
{
	static const char *const names[] = {
		"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"
	};
	size_t i;

	buf_printf(out, "%s ", names[r->method]);
	transcribe_text(out, r->target.raw);
	buf_printf(out, " 1.%d%s%s\n", r->minor, r->closes ? " close" : "",
	    r->expects ? " expect" : "");
	for (i = 0; i < r->nfields; i++) {
		transcribe_text(out, http_field_name(r, i));
		buf_puts(out, ": ");
		transcribe_text(out, http_field_value(r, i));
		buf_putc(out, '\n');
	}
	buf_putc(out, '>');
}

struct transcript {
	struct http_request	 r;
	struct buf		*out;
	size_t			 taken;		/* bytes, of the connection */
	size_t			 ends;		/* requests that were whole */
	bool			 over;
};

/* Reads what came; true while the connection goes on. */
static inline bool
transcribe_piece(struct transcript *t, struct slice in)
{
	struct slice piece;
	enum http_event event;
	size_t n = in.n;

	while (!t->over &&
	    (event = http_request_read(&t->r, &in, &piece)) != HTTP_MORE) {
		if (event == HTTP_HEAD)
			transcribe_head(t->out, &t->r);
		else if (event == HTTP_DATA)
			transcribe_text(t->out, piece);
		else if (event == HTTP_END) {
			t->ends++;
			t->over = t->r.closes;
			buf_puts(t->out, t->over ? "<\nend\n" : "<\n");
			http_request_next(&t->r);
		} else {
			t->over = true;
			buf_printf(t->out, "%s%d %s\n", t->out->n > 0 &&
			    t->out->p[t->out->n - 1] != '\n' ? "\n" : "",
			    t->r.fault->status, t->r.fault->reason);
		}
	}
	assert(t->over || in.n == 0);
	t->taken += n - in.n;
	return !t->over;
}

/* Each piece lies in memory of its size, so that a sanitizer sees its end. */
static inline void
transcribe(struct transcript *t, struct slice bytes,
    const struct http_limits *limits, struct cuts cuts)
{
	size_t at, n;
	char *copy;

	http_request_init(&t->r, limits);
	for (at = 0; at < bytes.n && !t->over; at += n) {
		n = cuts.next(&cuts, bytes.n - at);
		copy = malloc(n);
		assert(copy != NULL);
		memcpy(copy, bytes.p + at, n);
		(void)transcribe_piece(t, (struct slice){ copy, n });
		free(copy);
	}
	if (!t->over)
		buf_puts(t->out, http_request_idle(&t->r) ? "idle\n" : "\nmore\n");
	http_request_release(&t->r);
}

#endif
