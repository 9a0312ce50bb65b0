/* The bytes of a connection: the same requests in any pieces, nothing in them that
 * could end a line or stand for another field, and, written anew in the plainest
 * way, the same requests again. */
#include "core/http/response.h"
#include "tests/fuzz/must.h"
#include "tests/unit/http_test.h"

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/* Half of the inputs meet maxima that are easily reached. */
static const struct http_limits small = {
	.head_max = 200, .fields_max = 4, .target_max = 40, .body_max = 20
};

static struct slice
read_all(struct buf *out, struct slice bytes, const struct http_limits *limits,
    struct cuts cuts, size_t *taken)
{
	struct transcript t = { .out = out };

	buf_clear(out);
	transcribe(&t, bytes, limits, cuts);
	MUST(t.taken <= bytes.n);
	*taken = t.taken;
	return buf_slice(out);
}

static void
must_be_same_in_pieces(struct slice bytes, const struct http_limits *limits)
{
	struct buf whole = BUF_INIT, pieces = BUF_INIT;
	struct slice w, p;
	size_t taken, taken_pieces, i;

	w = read_all(&whole, bytes, limits, (struct cuts){ cut_never, 0 }, &taken);
	/* One by one takes long where there are many. */
	for (i = 0; i < 2; i++) {
		p = read_all(&pieces, bytes, limits, i == 0 && bytes.n <= 400 ?
		    (struct cuts){ cut_each, 0 } :
		    (struct cuts){ cut_random, slice_hash(bytes) + i },
		    &taken_pieces);
		MUST(slice_eq(w, p) && taken == taken_pieces);
	}
	buf_release(&whole);
	buf_release(&pieces);
}

static void
must_be_text(struct slice s)
{
	size_t i;

	for (i = 0; i < s.n; i++)
		MUST((unsigned char)s.p[i] >= ' ' ? s.p[i] != 0x7f :
		    s.p[i] == '\t');
	MUST(s.n == 0 || (strchr(" \t", s.p[0]) == NULL &&
	    strchr(" \t", s.p[s.n - 1]) == NULL));
}

static void
must_be_name(struct slice s)
{
	size_t i;

	MUST(s.n > 0);
	for (i = 0; i < s.n; i++)
		MUST(s.p[i] > ' ' && s.p[i] < 0x7f &&
		    strchr("\"(),/:;<=>?@[\\]{}", s.p[i]) == NULL);
}

static void
must_be_target(const struct http_target *t)
{
	struct slice rest = t->query, name, value;
	struct buf text = BUF_INIT, again = BUF_INIT;
	const char *why = NULL;

	MUST(t->path.n > 0 && (t->path.p[0] == '/' || slice_is(t->raw, "*")));
	if (http_decode(t->path, false, &text)) {
		http_encode(buf_slice(&text), &again);
		buf_clear(&text);
		MUST(http_decode(buf_slice(&again), false, &text));
	}
	while (http_query_next(&rest, &name, &value)) {
		buf_clear(&text);
		if (!http_decode(name, true, &text) || text.n == 0)
			continue;
		buf_putc(&text, '\0');
		buf_clear(&again);
		if (http_query_get(t->query, text.p, &again, &value, &why) ==
		    STATUS_OK)
			MUST(value.p != NULL);
		else
			MUST(why != NULL);
	}
	buf_release(&text);
	buf_release(&again);
}

/* Exactly one framing, exactly one host. */
static void
must_be_request(const struct http_request *r)
{
	struct slice v;
	size_t lengths = http_request_field(r, "content-length", &v), codings, i;
	struct http_authority host;

	codings = http_request_field(r, "transfer-encoding", &v);
	MUST(lengths == (r->framing == HTTP_LENGTH));
	MUST(codings == (r->framing == HTTP_CHUNKED));
	MUST(codings == 0 || (http_same(v, SLICE("chunked")) && r->minor == 1));
	MUST(r->framing == HTTP_LENGTH || r->length == 0);
	MUST(http_request_field(r, "host", &v) == 1 &&
	    http_authority_parse(v, &host) &&
	    http_authority_same(&host, &r->host, 80));
	MUST(r->nfields <= r->limits->fields_max &&
	    r->head.n <= r->limits->head_max &&
	    r->target.raw.n <= r->limits->target_max &&
	    r->length <= r->limits->body_max);
	for (i = 0; i < r->nfields; i++) {
		must_be_name(http_field_name(r, i));
		must_be_text(http_field_value(r, i));
	}
	must_be_target(&r->target);
}

/* The head in the plainest way; its body's framing is that of the body. */
static void
head_write(struct buf *out, const struct http_request *r)
{
	static const char *const names[] = {
		"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"
	};
	size_t i;

	buf_printf(out, "%s ", names[r->method]);
	buf_add_slice(out, r->target.raw);
	buf_printf(out, " HTTP/1.%d\r\n", r->minor);
	for (i = 0; i < r->nfields; i++) {
		buf_add_slice(out, http_field_name(r, i));
		buf_putc(out, ':');
		buf_add_slice(out, http_field_value(r, i));
		buf_puts(out, "\r\n");
	}
	buf_puts(out, "\r\n");
}

/* Reads all, and writes it anew as far as it was good. */
static void
rewrite(struct buf *out, struct slice in, const struct http_limits *limits)
{
	struct http_request r;
	struct slice piece, all = in;
	enum http_event event;
	uint64_t taken = 0;
	size_t begun = 0;
	bool closes = false;

	http_request_init(&r, limits);
	while (!closes && (event = http_request_read(&r, &in, &piece)) < HTTP_BAD &&
	    event != HTTP_MORE) {
		if (event == HTTP_HEAD) {
			must_be_request(&r);
			begun = out->n;
			taken = 0;
			head_write(out, &r);
		} else if (event == HTTP_DATA) {
			MUST(piece.n > 0 && piece.p >= all.p &&
			    piece.p + piece.n == in.p);
			taken += piece.n;
			if (r.framing == HTTP_CHUNKED)
				http_chunk(out, piece);
			else
				buf_add_slice(out, piece);
		} else {
			MUST(taken <= limits->body_max);
			MUST(r.framing != HTTP_LENGTH || taken == r.length);
			if (r.framing == HTTP_CHUNKED)
				http_chunk_end(out);
			begun = out->n;
			closes = r.closes;
			http_request_next(&r);
		}
	}
	out->n = begun;
	http_request_release(&r);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct slice bytes = { (const char *)data, n };
	const struct http_limits *limits = (slice_hash(bytes) & 1) == 0 ? &small :
	    &http_test_limits;
	struct buf once = BUF_INIT, twice = BUF_INIT;

	must_be_same_in_pieces(bytes, limits);
	rewrite(&once, bytes, limits);
	rewrite(&twice, buf_slice(&once), limits);
	MUST(slice_eq(buf_slice(&once), buf_slice(&twice)));
	buf_release(&once);
	buf_release(&twice);
	return 0;
}
