#include "core/http/request.h"

#include <assert.h>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include "core/http/chars.h"

#define FIRST_BYTES	1024u	/* of a head: mostly there is no more */
#define KEPT_BYTES	4096u	/* from one request to the next */
#define BLANKS_LINE	32u	/* of a request line beside its target, at most */
#define LENGTH_DIGITS	15u

enum stage {
	STAGE_FIRST,		/* in the request line */
	STAGE_FIELDS,
	STAGE_BODY,		/* the head was told */
	STAGE_LENGTH,
	STAGE_CHUNKS,
	STAGE_END,
	STAGE_BAD
};

static const struct http_fault
	fault_blank_line = { 400, "empty lines before the request" },
	fault_control = { 400, "a control character in the head" },
	fault_bare_cr = { 400, "CR without LF in the head" },
	fault_bare_lf = { 400, "LF without CR in the head" },
	fault_line = { 400, "the request line is not METHOD TARGET HTTP/1.1" },
	fault_version = { 505, "only HTTP/1.1 and HTTP/1.0 are spoken here" },
	fault_method = { 501, "the method is not known here" },
	fault_target = { 400, "the target is malformed" },
	fault_target_long = { 414, "the target is too long" },
	fault_asterisk = { 400, "the target * is for OPTIONS alone" },
	fault_folded = { 400, "a line of the head begins with a blank" },
	fault_colon = { 400, "a line of the head has no colon" },
	fault_name = { 400, "a field's name is empty or has a character that "
	    "no name has" },
	fault_head_long = { 431, "the head is too long" },
	fault_fields = { 431, "the head has too many fields" },
	fault_blanks = { 400, "blanks after Content-Length or Transfer-Encoding, "
	    "or a tab before it" },
	fault_twice = { 400, "Host, Content-Length or Transfer-Encoding is there "
	    "twice" },
	fault_no_host = { 400, "Host is missing" },
	fault_host = { 400, "Host is malformed" },
	fault_other_host = { 400, "Host and target name different hosts" },
	fault_length = { 400, "Content-Length is not a plain number" },
	fault_coding = { 501, "Transfer-Encoding other than chunked" },
	fault_old_coding = { 400, "Transfer-Encoding in HTTP/1.0" },
	fault_both = { 400, "Content-Length beside Transfer-Encoding" },
	fault_expect = { 417, "Expect other than 100-continue" },
	fault_body_long = { 413, "the body is too long" };

static const struct slice methods[] = {
	[METHOD_GET] = { "GET", 3 }, [METHOD_HEAD] = { "HEAD", 4 },
	[METHOD_POST] = { "POST", 4 }, [METHOD_PUT] = { "PUT", 3 },
	[METHOD_PATCH] = { "PATCH", 5 }, [METHOD_DELETE] = { "DELETE", 6 },
	[METHOD_OPTIONS] = { "OPTIONS", 7 }
};

void
http_request_init(struct http_request *r, const struct http_limits *limits)
{
	assert(limits->head_max <= UINT16_MAX &&
	    limits->fields_max <= HTTP_FIELDS_MAX);
	memset(r, 0, sizeof(*r));
	r->limits = limits;
	r->body_max = limits->body_max;
}

void
http_request_release(struct http_request *r)
{
	buf_release(&r->head);
}

void
http_request_next(struct http_request *r)
{
	const struct http_limits *limits = r->limits;
	struct buf head = r->head;

	assert(r->stage == STAGE_END);
	if (head.cap > KEPT_BYTES)
		buf_release(&head);
	buf_clear(&head);
	http_request_init(r, limits);
	r->head = head;
}

bool
http_request_idle(const struct http_request *r)
{
	return r->stage == STAGE_FIRST && r->head.n == 0;
}

struct slice
http_field_name(const struct http_request *r, size_t i)
{
	return (struct slice){ r->head.p + r->fields[i].name,
	    r->fields[i].name_len };
}

struct slice
http_field_value(const struct http_request *r, size_t i)
{
	return (struct slice){ r->head.p + r->fields[i].value,
	    r->fields[i].value_len };
}

size_t
http_request_seek(const struct http_request *r, struct slice wanted,
    struct slice *value)
{
	size_t i, n = 0;

	for (i = 0; i < r->nfields; i++)
		if (r->fields[i].name_len == wanted.n &&
		    http_same(http_field_name(r, i), wanted) && n++ == 0)
			*value = http_field_value(r, i);
	return n;
}

static enum http_event
bad(struct http_request *r, const struct http_fault *fault)
{
	r->stage = STAGE_BAD;
	r->fault = fault;
	return HTTP_BAD;
}

/*
 * The fields that say where a request ends or where it goes.  Each row's function
 * is called for every field of its name, in their order; a second one is refused
 * where there may be one.
 */
static const struct http_fault *
take_length(struct http_request *r, struct slice v)
{
	size_t i;

	if (v.n == 0 || v.n > LENGTH_DIGITS || (v.n > 1 && v.p[0] == '0'))
		return &fault_length;
	for (i = 0; i < v.n; i++) {
		if (v.p[i] < '0' || v.p[i] > '9')
			return &fault_length;
		r->length = r->length * 10 + (uint64_t)(v.p[i] - '0');
	}
	r->framing = HTTP_LENGTH;
	return NULL;
}

static const struct http_fault *
take_coding(struct http_request *r, struct slice v)
{
	if (!http_same(v, SLICE("chunked")))
		return &fault_coding;
	r->framing = HTTP_CHUNKED;
	return r->minor == 0 ? &fault_old_coding : NULL;
}

static const struct http_fault *
take_host(struct http_request *r, struct slice v)
{
	return http_authority_parse(v, &r->host) ? NULL : &fault_host;
}

/* Nothing is quoted in it: a quote hides no close. */
static const struct http_fault *
take_connection(struct http_request *r, struct slice v)
{
	const char *comma;
	size_t n;

	for (; v.n > 0; v.p += n, v.n -= n) {
		comma = memchr(v.p, ',', v.n);
		n = comma == NULL ? v.n : (size_t)(comma - v.p);
		if (http_same(http_trim((struct slice){ v.p, n }), SLICE("close")))
			r->closes = true;
		n += comma != NULL;
	}
	return NULL;
}

static const struct http_fault *
take_expect(struct http_request *r, struct slice v)
{
	if (r->minor == 0)
		return NULL;
	r->expects = true;
	return http_same(v, SLICE("100-continue")) ? NULL : &fault_expect;
}

enum { HOST, LENGTH, CODING, CONNECTION, EXPECT, NKNOWN };

static const struct known {
	struct slice		 name;
	bool			 once;
	bool			 plain;		/* see blanks_are_plain() */
	const struct http_fault	*(*take)(struct http_request *, struct slice);
} known[NKNOWN] = {
	[HOST] = { { "host", 4 }, true, false, take_host },
	[LENGTH] = { { "content-length", 14 }, true, true, take_length },
	[CODING] = { { "transfer-encoding", 17 }, true, true, take_coding },
	[CONNECTION] = { { "connection", 10 }, false, false, take_connection },
	[EXPECT] = { { "expect", 6 }, false, false, take_expect }
};

static inline bool
has(const struct http_request *r, unsigned row)
{
	return (r->seen & 1u << row) != 0;
}

/* No TAB before the value, and nothing after it: RFC 9110 allows them, but there
 * are readers to whom such a coding is another one, or such a length none. */
static bool
blanks_are_plain(struct slice rest, struct slice value)
{
	return value.p + value.n == rest.p + rest.n && (value.p == rest.p ||
	    memchr(rest.p, '\t', (size_t)(value.p - rest.p)) == NULL);
}

/* rest is all that follows the colon, value is it trimmed. */
static const struct http_fault *
take_known(struct http_request *r, struct slice name, struct slice rest,
    struct slice value)
{
	unsigned i;

	for (i = 0; i < NKNOWN; i++) {
		if (name.n != known[i].name.n || !http_same(name, known[i].name))
			continue;
		if (known[i].once && has(r, i))
			return &fault_twice;
		if (known[i].plain && !blanks_are_plain(rest, value))
			return &fault_blanks;
		r->seen |= 1u << i;
		return known[i].take(r, value);
	}
	return NULL;
}

static const struct http_fault *
version_parse(struct http_request *r, struct slice s)
{
	if (s.n != 8 || memcmp(s.p, "HTTP/", 5) != 0 || s.p[6] != '.' ||
	    s.p[5] < '0' || s.p[5] > '9' || s.p[7] < '0' || s.p[7] > '9')
		return &fault_line;
	if (s.p[5] != '1' || s.p[7] > '1')
		return &fault_version;
	r->minor = s.p[7] - '0';
	r->closes = r->minor == 0;
	return NULL;
}

static const struct http_fault *
method_parse(struct http_request *r, struct slice s)
{
	unsigned i;

	for (i = 0; i < sizeof(methods) / sizeof(methods[0]); i++) {
		if (slice_eq(s, methods[i])) {
			r->method = (enum http_method)i;
			return NULL;
		}
	}
	return &fault_method;
}

/* The target is looked at when the head is whole, and does not move any more. */
static const struct http_fault *
request_line(struct http_request *r, struct slice s)
{
	const struct http_fault *fault;
	const char *first = memchr(s.p, ' ', s.n), *second;
	struct slice method;
	size_t left;

	if (first == NULL)
		return &fault_line;
	method = (struct slice){ s.p, (size_t)(first - s.p) };
	left = s.n - method.n - 1;
	if (method.n == 0 || !http_chars_are(method, CHAR_TOKEN) || left == 0 ||
	    (second = memchr(first + 1, ' ', left)) == NULL ||
	    second == first + 1)
		return &fault_line;
	r->target.raw.n = (size_t)(second - first - 1);
	left -= r->target.raw.n + 1;
	if ((fault = version_parse(r, (struct slice){ second + 1, left })) != NULL ||
	    (fault = method_parse(r, method)) != NULL)
		return fault;
	return r->target.raw.n > r->limits->target_max ? &fault_target_long : NULL;
}

static const struct http_fault *
field_line(struct http_request *r, struct slice s)
{
	const char *colon;
	struct slice name, rest, value;

	if (s.p[0] == ' ' || s.p[0] == '\t')
		return &fault_folded;
	if ((colon = memchr(s.p, ':', s.n)) == NULL)
		return &fault_colon;
	name = (struct slice){ s.p, (size_t)(colon - s.p) };
	if (name.n == 0 || !http_chars_are(name, CHAR_TOKEN))
		return &fault_name;
	if (r->nfields == r->limits->fields_max)
		return &fault_fields;
	rest = (struct slice){ colon + 1, s.n - name.n - 1 };
	value = http_trim(rest);
	r->fields[r->nfields++] = (struct http_field){
	    (uint16_t)(name.p - r->head.p), (uint16_t)name.n,
	    (uint16_t)(value.p - r->head.p), (uint16_t)value.n };
	r->lengths |= http_length_bit(name.n);
	return take_known(r, name, rest, value);
}

/* From here on the head does not move, so that slices may point into it. */
static const struct http_fault *
head_whole(struct http_request *r)
{
	struct slice raw = { r->head.p + methods[r->method].n + 1,
	    r->target.raw.n }, value;

	if (!http_target_parse(raw, &r->target))
		return &fault_target;
	if (r->target.form == HTTP_ASTERISK && r->method != METHOD_OPTIONS)
		return &fault_asterisk;
	if (has(r, LENGTH) && has(r, CODING))
		return &fault_both;
	if (!has(r, HOST))
		return &fault_no_host;
	(void)http_request_field(r, "host", &value);
	(void)http_authority_parse(value, &r->host);	/* good, it was taken */
	if (r->target.form == HTTP_ABSOLUTE && !http_authority_same(&r->host,
	    &r->target.authority, r->target.port_default))
		return &fault_other_host;
	if (r->length > r->body_max)
		return &fault_body_long;
	r->expects = r->expects && (r->length > 0 || r->framing == HTTP_CHUNKED);
	return NULL;
}

static const struct http_fault *
line_whole(struct http_request *r)
{
	struct slice s = { r->head.p + r->line, r->head.n - r->line - 2 };
	const struct http_fault *fault;

	if (s.n == 0 && r->stage == STAGE_FIRST) {
		buf_clear(&r->head);
		if (r->blank)
			return &fault_blank_line;
		r->blank = true;
		return NULL;
	}
	r->line = r->head.n;
	if (r->stage == STAGE_FIRST) {
		r->stage = STAGE_FIELDS;
		return request_line(r, s);
	}
	if (s.n > 0)
		return field_line(r, s);
	if ((fault = head_whole(r)) == NULL)
		r->stage = STAGE_BODY;
	return fault;
}

#if defined(__SSE2__)
/* Bits of what http_char_is_text() is false of, and of TAB. */
static inline unsigned
controls16(const char *p)
{
	__m128i x = _mm_loadu_si128((const __m128i *)(const void *)p);
	__m128i low = _mm_cmpeq_epi8(_mm_min_epu8(x, _mm_set1_epi8(0x1f)), x);

	return (unsigned)_mm_movemask_epi8(_mm_or_si128(low,
	    _mm_cmpeq_epi8(x, _mm_set1_epi8(0x7f))));
}
#endif

/* How many bytes may stand in a line. */
static size_t
text_run(const char *p, size_t n)
{
	size_t i = 0;

#if defined(__SSE2__)
	unsigned mask;

	while (n - i >= 16) {
		if ((mask = controls16(p + i)) == 0) {
			i += 16;
			continue;
		}
		i += (size_t)__builtin_ctz(mask);
		if (p[i] != '\t')
			return i;
		i++;
	}
#endif
	while (i < n && http_char_is_text(p[i]))
		i++;
	return i;
}

/* How many bytes the head may still take. */
static size_t
head_room(const struct http_request *r)
{
	size_t max = r->limits->head_max;

	if (r->stage == STAGE_FIRST && r->limits->target_max + BLANKS_LINE < max)
		max = r->limits->target_max + BLANKS_LINE;
	return max - r->head.n;
}

static inline bool
after_cr(const struct http_request *r)
{
	return r->head.n > r->line && r->head.p[r->head.n - 1] == '\r';
}

/* Why the byte may not be the next one, which is neither text nor, after CR, LF. */
static const struct http_fault *
byte_fault(const struct http_request *r, char c)
{
	if (after_cr(r))
		return &fault_bare_cr;
	return c == '\n' ? &fault_bare_lf : &fault_control;
}

/* How many bytes of the line can be taken at once, at most up to its end.  0: the
 * next one may not be there. */
static size_t
head_span(const struct http_request *r, struct slice in)
{
	size_t room = head_room(r), n;

	if (room > in.n)
		room = in.n;
	if (after_cr(r))
		return in.p[0] == '\n' ? 1 : 0;
	n = text_run(in.p, room);
	if (n < room && in.p[n] == '\r')
		n += n + 1 < room && in.p[n + 1] == '\n' ? 2 : 1;
	return n;
}

static enum http_event
head_read(struct http_request *r, struct slice *in)
{
	const struct http_fault *fault;
	size_t n;

	while (in->n > 0) {
		if (head_room(r) == 0)
			return bad(r, r->stage == STAGE_FIRST ?
			    &fault_target_long : &fault_head_long);
		if ((n = head_span(r, *in)) == 0)
			return bad(r, byte_fault(r, in->p[0]));
		if (r->head.p == NULL)
			(void)buf_reserve(&r->head, FIRST_BYTES);
		buf_add(&r->head, in->p, n);
		if (r->head.failed)
			return HTTP_NO_MEMORY;
		in->p += n;
		in->n -= n;
		if (r->head.p[r->head.n - 1] != '\n')
			continue;
		if ((fault = line_whole(r)) != NULL)
			return bad(r, fault);
		if (r->stage == STAGE_BODY)
			return HTTP_HEAD;
	}
	return HTTP_MORE;
}

/* The caller may have lowered body_max since the head was told. */
static enum http_event
body_begin(struct http_request *r)
{
	if (r->length > r->body_max)
		return bad(r, &fault_body_long);
	r->left = r->length;
	r->stage = r->framing == HTTP_CHUNKED ? STAGE_CHUNKS : STAGE_LENGTH;
	return HTTP_MORE;
}

static enum http_event
length_read(struct http_request *r, struct slice *in, struct slice *piece)
{
	if (r->left == 0)
		return HTTP_END;
	if (in->n == 0)
		return HTTP_MORE;
	*piece = *in;
	if (piece->n > r->left)
		piece->n = (size_t)r->left;
	r->left -= piece->n;
	in->p += piece->n;
	in->n -= piece->n;
	return HTTP_DATA;
}

static enum http_event
body_read(struct http_request *r, struct slice *in, struct slice *piece)
{
	const struct http_fault *fault = NULL;
	enum http_event event;

	if (r->stage == STAGE_BODY && (event = body_begin(r)) != HTTP_MORE)
		return event;
	event = r->stage == STAGE_LENGTH ? length_read(r, in, piece) :
	    http_chunks_read(&r->chunks, r->body_max, in, piece, &fault);
	if (event == HTTP_END)
		r->stage = STAGE_END;
	return event == HTTP_BAD ? bad(r, fault) : event;
}

enum http_event
http_request_read(struct http_request *r, struct slice *in, struct slice *piece)
{
	*piece = SLICE_NONE;
	switch (r->stage) {
	case STAGE_FIRST:
	case STAGE_FIELDS:
		return head_read(r, in);
	case STAGE_END:
		return HTTP_END;
	case STAGE_BAD:
		return HTTP_BAD;
	default:
		return body_read(r, in, piece);
	}
}
