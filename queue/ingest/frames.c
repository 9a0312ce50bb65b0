#include "queue/ingest/frames.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "core/http/sse.h"
#include "queue/ingest/file_kind.h"
#include "queue/ingest/input_stream.h"
#include "queue/ingest/joiner.h"

#define EVENT_MAX	((size_t)16 << 20)	/* bytes of one event */
#define READ_SIZE	((size_t)64 << 10)

/* Where in a value a byte stands. */
struct value_place {
	unsigned	depth;		/* of arrays and objects, the outer one too */
	bool		array;		/* in one whose elements are records */
	bool		opened;		/* its bracket waits for what comes next */
	bool		string, escape;
	bool		lf;		/* a line end waits for what comes next */
	bool		begun;		/* the record has a byte */
	char		last;		/* that was neither blank nor in a string */
	uint64_t	objects;	/* which of the depths are objects, a bit each */
};

struct frames {
	struct input_stream *stream;
	enum file_kind	 kind;
	const char	*what;
	struct buf	 head;		/* read, and not handed on yet */
	size_t		 at;		/* of it is handed on */
	bool		 begun;		/* what begins it is no byte order mark */
	bool		 eof;		/* of the stream */
	bool		 finished;	/* nothing more is to be joined */

	struct value_place	 v;
	uint64_t	 line;		/* of the file, that the next byte is in */
	uint64_t	 first;		/* in which the record began */
	uint64_t	*lines;		/* in which each line handed on began */
	size_t		 nlines, cap;

	struct sse_reader sse;
	struct joiner	*joined;
	char		*raw;		/* of the stream, before it is joined */
	struct buf	 piece;		/* a line of it that is not yet whole */
};

enum status
frames_open(struct frames **out, const char *path, struct error *err)
{
	struct frames *f;
	enum status st;

	*out = NULL;
	if ((f = calloc(1, sizeof(*f))) == NULL)
		return error_nomem(err);
	f->kind = FILE_MORE;
	f->line = f->first = 1;
	if ((st = input_stream_open(&f->stream, path, err)) != STATUS_OK) {
		frames_close(f);
		return st;
	}
	*out = f;
	return STATUS_OK;
}

void
frames_close(struct frames *f)
{
	if (f == NULL)
		return;
	if (f->stream != NULL)
		input_stream_close(f->stream);
	if (f->kind == FILE_EVENTS)
		sse_release(&f->sse);
	joiner_free(f->joined);
	buf_release(&f->head);
	buf_release(&f->piece);
	free(f->lines);
	free(f->raw);
	free(f);
}

static bool
is_joined(const struct frames *f)
{
	return f->kind == FILE_EVENTS || f->kind == FILE_PIECES ||
	    f->kind == FILE_CHUNKS;
}

bool
frames_ended(const struct frames *f)
{
	if (f->kind == FILE_BINARY)
		return true;
	return (is_joined(f) ? f->finished : f->eof) && f->at == f->head.n && !f->v.opened;
}

bool
frames_ready(const struct frames *f, int timeout_ms)
{
	return (f->kind != FILE_MORE && f->at < f->head.n) || f->eof ||
	    input_stream_ready(f->stream, timeout_ms);
}

const char *
frames_refused(const struct frames *f)
{
	return f->kind == FILE_BINARY ? f->what : NULL;
}

uint64_t
frames_offset(const struct frames *f)
{
	return input_stream_offset(f->stream);
}

static enum status	frames_join(struct frames *, struct slice, struct error *);

/* What is to be joined is read apart from what comes of it. */
static enum status
kind_begin(struct frames *f, struct error *err)
{
	struct slice bytes = buf_slice(&f->head);

	if (!is_joined(f))
		return STATUS_OK;
	if (f->kind == FILE_EVENTS)
		sse_init(&f->sse, EVENT_MAX);
	if ((f->raw = malloc(bytes.n > READ_SIZE ? bytes.n : READ_SIZE)) ==
	    NULL || (f->joined = joiner_new()) == NULL)
		return error_nomem(err);
	memcpy(f->raw, bytes.p, bytes.n);
	buf_clear(&f->head);
	return frames_join(f, (struct slice){ f->raw, bytes.n }, err);
}

/* A byte order mark at the very beginning is no part of any kind.  False: it may
 * still become one. */
static bool
mark_pass(struct frames *f)
{
	static const char bom[] = "\xef\xbb\xbf";
	const size_t whole = sizeof(bom) - 1;
	size_t n = f->head.n < whole ? f->head.n : whole;

	if (f->begun || n == 0)
		return true;
	if (memcmp(f->head.p, bom, n) == 0) {
		if (n < whole)
			return f->eof;
		f->head.n -= whole;
		memmove(f->head.p, f->head.p + whole, f->head.n);
	}
	f->begun = true;
	return true;
}

static enum status
head_read(struct frames *f, struct error *err)
{
	char bytes[4096];
	enum status st;
	size_t got;

	st = input_stream_read(f->stream, bytes, sizeof(bytes), &got, err);
	if (st != STATUS_OK)
		return st;
	f->eof = got == 0;
	if (got > 0)
		buf_add(&f->head, bytes, got);
	if ((st = buf_check(&f->head, err)) != STATUS_OK)
		return st;
	if (!mark_pass(f))
		return STATUS_OK;
	f->kind = file_kind(buf_slice(&f->head), f->eof, &f->what);
	return f->kind == FILE_MORE ? STATUS_OK : kind_begin(f, err);
}

static enum status
bytes_take(struct frames *f, char *p, size_t n, size_t *got, struct error *err)
{
	enum status st = STATUS_OK;

	*got = 0;
	if (f->at < f->head.n) {
		*got = f->head.n - f->at < n ? f->head.n - f->at : n;
		memcpy(p, f->head.p + f->at, *got);
		f->at += *got;
		return STATUS_OK;
	}
	if (!f->eof)
		st = input_stream_read(f->stream, p, n, got, err);
	f->eof = *got == 0;
	return st;
}

/* A line is handed on: in which line of the file it began. */
static bool
line_add(struct frames *f)
{
	uint64_t *grown;
	size_t cap;

	if (f->nlines == f->cap) {
		cap = f->cap == 0 ? 64 : f->cap * 2;
		if ((grown = realloc(f->lines, cap * sizeof(*grown))) == NULL)
			return false;
		f->lines = grown;
		f->cap = cap;
	}
	f->lines[f->nlines++] = f->first;
	f->first = f->line;
	f->v.begun = false;
	return true;
}

uint64_t
frames_line(const struct frames *f)
{
	return f->nlines > 0 ? f->lines[0] : f->first;
}

bool
frames_lines(struct frames *f, uint64_t *lines, size_t n)
{
	size_t i;

	if (f->kind != FILE_VALUES)
		return false;
	for (i = 0; i < n; i++)
		lines[i] = i < f->nlines ? f->lines[i] : f->first;
	n = n < f->nlines ? n : f->nlines;
	f->nlines -= n;
	if (f->nlines > 0)
		memmove(f->lines, f->lines + n, f->nlines *
		    sizeof(*f->lines));
	return true;
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

/* May an object begin here?  Where it cannot, at the beginning of a line, the
 * record before is broken, and a new one begins. */
static bool
object_fits(const struct value_place *v)
{
	bool in_object = v->depth > 0 && v->depth <= 64 &&
	    (v->objects >> (v->depth - 1) & 1) != 0;

	if (v->string)
		return false;
	return in_object ? v->last == ':' : v->last == '[' || v->last == ',';
}

static void
depth_enter(struct value_place *v, bool object)
{
	if (v->depth < 64) {
		v->objects &= ~((uint64_t)1 << v->depth);
		v->objects |= (uint64_t)object << v->depth;
	}
	v->depth++;
}

/* The line end before c: within a record a blank. */
static bool
line_end(struct frames *f, char c, char **out)
{
	struct value_place *v = &f->v;

	v->lf = false;
	if (v->depth > v->array && !(c == '{' && !object_fits(v))) {
		*(*out)++ = v->string ? '\t' : ' ';
		return true;
	}
	if (v->depth > v->array) {
		v->depth = v->array;
		v->string = v->escape = false;
	}
	*(*out)++ = '\n';
	return line_add(f);
}

/* An array: are its elements records? */
static void
bracket_end(struct value_place *v, char c, char **out)
{
	v->opened = false;
	v->array = c == '{';
	if (!v->array)
		*(*out)++ = '[';
	depth_enter(v, false);
	v->last = '[';
}

static void
string_byte(struct value_place *v, char c)
{
	if (v->escape)
		v->escape = false;
	else if (c == '\\')
		v->escape = true;
	else if (c == '"')
		v->string = false;
}

/* Outside of strings.  What is handed on for it; '\n' ends a record. */
static char
plain_byte(struct value_place *v, char c)
{
	switch (c) {
	case '"':
		v->string = true;
		break;
	case '{': case '[':
		if (v->depth == 0 && c == '[') {
			v->opened = true;
			return '\0';
		}
		depth_enter(v, c == '{');
		break;
	case '}': case ']':
		if (v->depth > 0)
			v->depth--;
		if (v->array && v->depth == 0) {
			v->array = false;
			return '\n';
		}
		break;
	case ',':
		if (v->array && v->depth == 1)
			return '\n';
		break;
	default:
		break;
	}
	v->last = c;
	return c;
}

static bool
value_byte(struct frames *f, char c, char **out)
{
	struct value_place *v = &f->v;

	if (c == '\n') {
		if (v->lf && !line_end(f, ' ', out))
			return false;
		f->line++;
		v->lf = true;
		return true;
	}
	if (v->lf && !line_end(f, c, out))
		return false;
	if (!is_blank(c) && !v->begun) {
		v->begun = true;
		f->first = f->line;
	}
	if (v->string) {
		string_byte(v, c);
		*(*out)++ = c;
		return true;
	}
	if (is_blank(c)) {
		*(*out)++ = ' ';
		return true;
	}
	if (v->opened)
		bracket_end(v, c, out);
	if ((c = plain_byte(v, c)) == '\0')
		return true;
	*(*out)++ = c;
	return c != '\n' || line_add(f);
}

/* A record's bytes move to the front by at most the two that wait. */
static enum status
values_read(struct frames *f, char *p, size_t n, size_t *got, struct error *err)
{
	char *in = p + 2, *out = p;
	enum status st;
	size_t i, m = 0;

	assert(n >= 16);
	st = bytes_take(f, in, n - 2, &m, err);
	if (st != STATUS_OK)
		return st;
	if (f->eof && m == 0) {
		f->v.lf = false;
		if (f->v.opened)
			bracket_end(&f->v, ']', &out);
	}
	for (i = 0; i < m; i++)
		if (!value_byte(f, in[i], &out))
			return error_nomem(err);
	*got = (size_t)(out - p);
	return STATUS_OK;
}

static enum status
events_join(struct frames *f, struct slice in, struct error *err)
{
	enum sse_outcome outcome;
	struct sse_event event;

	while ((outcome = sse_read(&f->sse, &in, &event)) == SSE_EVENT)
		joiner_add(f->joined, event.data, &f->head);
	if (outcome == SSE_NO_MEMORY)
		return error_nomem(err);
	if (outcome == SSE_TOO_LONG)
		return error_set(err, STATUS_INVALID, "an event of the stream "
		    "is over 16 MiB");
	return STATUS_OK;
}

static enum status
pieces_join(struct frames *f, struct slice in, struct error *err)
{
	const char *lf;
	size_t n;

	for (; in.n > 0; in.p += n, in.n -= n) {
		lf = memchr(in.p, '\n', in.n);
		n = lf == NULL ? in.n : (size_t)(lf - in.p) + 1;
		buf_add(&f->piece, in.p, n);
		if (f->piece.n > EVENT_MAX)
			return error_set(err, STATUS_INVALID, "a line of the "
			    "stream is over 16 MiB");
		if (lf == NULL)
			continue;
		joiner_add(f->joined, buf_slice(&f->piece), &f->head);
		buf_clear(&f->piece);
	}
	return buf_check(&f->piece, err);
}

/* The elements of an array are its pieces. */
static enum status
chunks_join(struct frames *f, struct slice in, struct error *err)
{
	char made[8], *out;
	enum status st;
	size_t i;

	for (i = 0; i < in.n; i++) {
		out = made;
		if (!value_byte(f, in.p[i], &out))
			return error_nomem(err);
		f->nlines = 0;
		st = pieces_join(f, (struct slice){ made, (size_t)(out - made) },
		    err);
		if (st != STATUS_OK)
			return st;
	}
	return STATUS_OK;
}

static enum status
frames_join(struct frames *f, struct slice in, struct error *err)
{
	enum status st = f->kind == FILE_EVENTS ? events_join(f, in, err) :
	    f->kind == FILE_CHUNKS ? chunks_join(f, in, err) :
	    pieces_join(f, in, err);

	return st == STATUS_OK ? buf_check(&f->head, err) : st;
}

/* The last event may lack the blank line behind it. */
static enum status
join_end(struct frames *f, struct error *err)
{
	enum status st = f->kind == FILE_EVENTS ?
	    events_join(f, SLICE("\n\n"), err) : STATUS_OK;

	if (st != STATUS_OK)
		return st;
	f->v.opened = false;
	if (f->piece.n > 0)
		joiner_add(f->joined, buf_slice(&f->piece), &f->head);
	buf_clear(&f->piece);
	joiner_end(f->joined, &f->head);
	return buf_check(&f->head, err);
}

/* The responses that are whole by now, from where they are joined. */
static enum status
joined_read(struct frames *f, char *p, size_t n, size_t *got, struct error *err)
{
	enum status st;
	size_t m;

	if (f->at == f->head.n && !f->finished) {
		buf_clear(&f->head);
		f->at = 0;
		st = input_stream_read(f->stream, f->raw, READ_SIZE, &m, err);
		if (st != STATUS_OK)
			return st;
		f->eof = f->finished = m == 0;
		st = f->eof ? join_end(f, err) : frames_join(f,
		    (struct slice){ f->raw, m }, err);
		if (st != STATUS_OK)
			return st;
	}
	*got = f->head.n - f->at < n ? f->head.n - f->at : n;
	if (*got > 0)
		memcpy(p, f->head.p + f->at, *got);
	f->at += *got;
	return STATUS_OK;
}

enum status
frames_read(struct frames *f, char *p, size_t n, size_t *got, struct error *err)
{
	enum status st = STATUS_OK;

	*got = 0;
	if (f->kind == FILE_MORE)
		st = head_read(f, err);
	if (st != STATUS_OK || f->kind == FILE_MORE || f->kind == FILE_BINARY)
		return st;
	if (f->kind == FILE_VALUES)
		return values_read(f, p, n, got, err);
	if (is_joined(f))
		return joined_read(f, p, n, got, err);
	return bytes_take(f, p, n, got, err);
}
