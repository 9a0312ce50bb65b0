#include "queue/ingest/batch_requests.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "core/base/text.h"
#include "core/json/parse.h"
#include "core/json/value.h"
#include "queue/ingest/input_stream.h"

#define INPUTS_DEPTH	64
#define INPUTS_READ	((size_t)256 * 1024)
#define INPUTS_LINE_MAX	((size_t)64 << 20)	/* bytes of one request */
#define BUCKETS_FIRST	1024

struct request_line {
	struct slice	 id;
	uint64_t	 at, check;	/* where the line stands, its hash */
	unsigned long	 line;
	size_t		 n;
	bool		 score;		/* others may have the same id */
	atomic_bool	 used;		/* a record asked for the score */
	struct request_line	*next;
};

struct batch_requests {
	const char	*path;
	int		 fd;		/* of the file, or of its copy */
	bool		 copied;
	struct arena	 arena;
	struct request_line	**bucket;
	size_t		 nbucket, n;	/* a power of two */
	size_t		 of_many;	/* scores that are left out */
};

/* What is read on the way through the file. */
struct loading {
	struct batch_requests	*in;
	struct buf	 buf;		/* a line not yet whole, and behind it */
	uint64_t	 at;		/* where buf begins in the file */
	unsigned long	 line;
	struct json	 json;
};

static struct request_line **
bucket_of(const struct batch_requests *in, struct slice id)
{
	return &in->bucket[slice_hash(id) & (in->nbucket - 1)];
}

static struct request_line *
entry_find(const struct batch_requests *in, struct slice id)
{
	struct request_line *e;

	for (e = *bucket_of(in, id); e != NULL; e = e->next)
		if (slice_eq(e->id, id))
			return e;
	return NULL;
}

/* Twice as many buckets, each entry in its new one. */
static enum status
buckets_grow(struct batch_requests *in, struct error *err)
{
	struct request_line **old = in->bucket, *e, *next, **slot;
	size_t i, n = in->nbucket;

	in->bucket = calloc(n * 2, sizeof(*in->bucket));
	if (in->bucket == NULL) {
		in->bucket = old;
		return error_nomem(err);
	}
	in->nbucket = n * 2;
	for (i = 0; i < n; i++)
		for (e = old[i]; e != NULL; e = next) {
			next = e->next;
			slot = bucket_of(in, e->id);
			e->next = *slot;
			*slot = e;
		}
	free(old);
	return STATUS_OK;
}

/* A line's id: of a request or, with *score, of what was scored; JSON_NONE. */
static uint32_t
line_id(const struct json *d, bool *score)
{
	static const char *const requests[] = { "custom_id", "recordId",
	    "key" };
	static const char *const scores[] = { "observationId",
	    "observation_id", "traceId", "trace_id" };
	uint32_t t;
	size_t i;

	*score = false;
	if (json_kind(d, 0) != TOKEN_OBJECT)
		return JSON_NONE;
	for (i = 0; i < sizeof(requests) / sizeof(requests[0]); i++)
		if ((t = json_get(d, 0, requests[i])) != JSON_NONE)
			return json_kind(d, t) == TOKEN_STRING ? t : JSON_NONE;
	*score = json_get(d, 0, "name") != JSON_NONE;
	for (i = 0; *score && i < sizeof(scores) / sizeof(scores[0]); i++)
		if ((t = json_get_value(d, 0, scores[i])) != JSON_NONE &&
		    json_kind(d, t) == TOKEN_STRING &&
		    !json_string_is(d, t, ""))
			return t;
	return JSON_NONE;
}

/* Of a session or a run over a data set: of no one answer. */
static bool
is_of_many(const struct json *d)
{
	return json_kind(d, 0) == TOKEN_OBJECT && json_get(d, 0, "name") !=
	    JSON_NONE && (json_get_value(d, 0, "sessionId") != JSON_NONE ||
	    json_get_value(d, 0, "session_id") != JSON_NONE ||
	    json_get_value(d, 0, "datasetRunId") != JSON_NONE);
}

static enum status
entry_refuse(const struct json *d, struct error *err)
{
	if (json_kind(d, 0) == TOKEN_ARRAY)
		return error_set(err, STATUS_INVALID, "an array: jq -c '.[]' "
		    "makes a line of each");
	if (json_kind(d, 0) == TOKEN_OBJECT && json_get_kind(d, 0, "data",
	    TOKEN_ARRAY) != JSON_NONE)
		return error_set(err, STATUS_INVALID, "a page of an API: jq -c "
		    "'.data[]' makes a line of each");
	return error_set(err, STATUS_INVALID, "neither a batch's request line "
	    "(\"custom_id\", \"recordId\" or \"key\") nor a score "
	    "(\"name\", with \"observationId\" or \"traceId\")");
}

static enum status
entry_add(struct loading *l, struct slice line, uint64_t at, struct error *err)
{
	struct batch_requests *in = l->in;
	struct json *d = &l->json;
	struct json_error why;
	struct request_line *e, **slot;
	struct slice id;
	enum status st;
	bool score;
	uint32_t t;

	st = json_parse(d, line, INPUTS_DEPTH, 0, &why);
	if (st == STATUS_INVALID)
		return error_set(err, st, "byte %zu: %s", why.offset, why.reason);
	if (st != STATUS_OK)
		return error_nomem(err);
	if ((t = line_id(d, &score)) == JSON_NONE && !is_of_many(d))
		return entry_refuse(d, err);
	if (t == JSON_NONE) {
		in->of_many++;
		return STATUS_OK;
	}
	if ((id = json_text(d, t, &in->arena)).p == NULL ||
	    (id.p = arena_copy(&in->arena, id.p, id.n)) == NULL ||
	    (e = arena_alloc(&in->arena, sizeof(*e))) == NULL)
		return error_nomem(err);
	if (!score && entry_find(in, id) != NULL)
		return error_set(err, STATUS_INVALID, "this custom_id is on "
		    "an earlier line too");
	if (in->n == in->nbucket && (st = buckets_grow(in, err)) != STATUS_OK)
		return st;
	slot = bucket_of(in, id);
	*e = (struct request_line){ .id = id, .at = at,
	    .check = slice_hash(line), .line = l->line, .n = line.n,
	    .score = score, .next = *slot };
	*slot = e;
	in->n++;
	return STATUS_OK;
}

/* Indexes the whole lines of the buffer; at the end also what is left. */
static enum status
lines_index(struct loading *l, bool end, struct error *err)
{
	char *p = l->buf.p, *stop = p + l->buf.n, *lf;
	struct slice line;
	enum status st;

	for (; p < stop; p = lf + 1, l->line++) {
		if ((lf = memchr(p, '\n', (size_t)(stop - p))) == NULL) {
			if (!end)
				break;
			lf = stop;
		}
		line = (struct slice){ p, (size_t)(lf - p) };
		if (text_blank(line))
			continue;
		st = entry_add(l, line,
		    l->at + (uint64_t)(p - l->buf.p), err);
		if (st != STATUS_OK)
			return error_prefix(err, "%s:%lu", l->in->path, l->line);
	}
	if (p > stop)
		p = stop;
	l->at += (uint64_t)(p - l->buf.p);
	l->buf.n = (size_t)(stop - p);
	if (l->buf.n > INPUTS_LINE_MAX)
		return error_set(err, STATUS_LIMIT, "%s:%lu: the line is over "
		    "64 MiB", l->in->path, l->line);
	if (l->buf.n > 0)
		memmove(l->buf.p, p, l->buf.n);
	return STATUS_OK;
}

static enum status
io_error(const struct batch_requests *in, struct error *err)
{
	return error_set(err, STATUS_IO, "%s: %s", in->path, strerror(errno));
}

static enum status
copy_write(const struct batch_requests *in, struct slice s, struct error *err)
{
	ssize_t n;

	for (; in->copied && s.n > 0; s.p += n, s.n -= (size_t)n)
		while ((n = write(in->fd, s.p, s.n)) == -1)
			if (errno != EINTR)
				return io_error(in, err);
	return STATUS_OK;
}

static enum status
batch_requests_index(struct loading *l, struct input_stream *s,
    struct error *err)
{
	enum status st = STATUS_OK;
	size_t got = 1, from;

	while (st == STATUS_OK && got > 0) {
		from = l->buf.n;
		if (!buf_reserve(&l->buf, INPUTS_READ))
			return error_nomem(err);
		st = input_stream_read(s, l->buf.p + from, INPUTS_READ, &got,
		    err);
		if (st != STATUS_OK)
			break;
		l->buf.n += got;
		st = copy_write(l->in, (struct slice){ l->buf.p + from, got },
		    err);
		if (st == STATUS_OK)
			st = lines_index(l, got == 0, err);
	}
	return st;
}

/* A file that has no name, so that nothing is left of it whatever happens. */
static enum status
copy_open(struct batch_requests *in, struct error *err)
{
	const char *tmp = getenv("TMPDIR");
	char path[512];

	(void)snprintf(path, sizeof(path), "%s/handrail.XXXXXX",
	    tmp == NULL || tmp[0] == '\0' ? "/tmp" : tmp);
	if ((in->fd = mkostemp(path, O_CLOEXEC)) == -1)
		return error_set(err, STATUS_IO, "%s: %s", path,
		    strerror(errno));
	(void)unlink(path);
	in->copied = true;
	return STATUS_OK;
}

static enum status
batch_requests_read(struct batch_requests *in, struct error *err)
{
	struct loading l = { .in = in, .line = 1 };
	struct input_stream *s;
	enum status st;

	if ((st = input_stream_open(&s, in->path, err)) != STATUS_OK)
		return st;
	if ((in->fd = input_stream_dup(s)) == -1)
		st = copy_open(in, err);
	if (st == STATUS_OK)
		st = batch_requests_index(&l, s, err);
	input_stream_close(s);
	json_release(&l.json);
	buf_release(&l.buf);
	return st;
}

enum status
batch_requests_load(struct batch_requests **out, const char *path,
    struct error *err)
{
	struct batch_requests *in;
	enum status st;

	*out = NULL;
	if ((in = calloc(1, sizeof(*in))) == NULL)
		return error_nomem(err);
	in->path = path;
	in->fd = -1;
	in->nbucket = BUCKETS_FIRST;
	in->bucket = calloc(in->nbucket, sizeof(*in->bucket));
	st = in->bucket == NULL ? error_nomem(err) : batch_requests_read(in,
	    err);
	if (st == STATUS_OK)
		*out = in;
	else
		batch_requests_free(in);
	return st;
}

void
batch_requests_free(struct batch_requests *in)
{
	if (in == NULL)
		return;
	if (in->fd != -1)
		(void)close(in->fd);
	arena_release(&in->arena);
	free(in->bucket);
	free(in);
}

static enum status
entry_read(const struct batch_requests *in, const struct request_line *e,
    char *p, struct error *err)
{
	size_t got = 0;
	ssize_t n = 1;

	for (; got < e->n && n != 0; got += (size_t)n)
		while ((n = pread(in->fd, p + got, e->n - got,
		    (off_t)(e->at + got))) == -1)
			if (errno != EINTR)
				return io_error(in, err);
	if (got < e->n || slice_hash((struct slice){ p, got }) != e->check)
		return error_set(err, STATUS_IO, "%s: changed while it was "
		    "read", in->path);
	return STATUS_OK;
}

/* The newest stands first in its bucket, and is to be the last of the array. */
static enum status
scores_read(const struct batch_requests *in, struct slice id,
    struct arena *arena, struct slice *out, struct error *err)
{
	struct request_line *e;
	enum status st = STATUS_OK;
	size_t n = 1;
	char *p;

	for (e = *bucket_of(in, id); e != NULL; e = e->next)
		if (e->score && slice_eq(e->id, id))
			n += e->n + 1;
	if ((p = arena_alloc(arena, n)) == NULL)
		return error_nomem(err);
	*out = (struct slice){ p, n };
	p[0] = '[';
	p += n;
	for (e = *bucket_of(in, id); e != NULL && st == STATUS_OK;
	    e = e->next) {
		if (!e->score || !slice_eq(e->id, id))
			continue;
		p--;
		*p = p + 1 == out->p + n ? ']' : ',';
		p -= e->n;
		atomic_store_explicit(&e->used, true, memory_order_relaxed);
		st = entry_read(in, e, p, err);
	}
	return st;
}

enum status
batch_requests_unused(const struct batch_requests *in, struct buf *out,
    struct error *err)
{
	const struct request_line *e, *first = NULL;
	size_t i, unused = 0, scores = in->of_many;

	for (i = 0; i < in->nbucket; i++)
		for (e = in->bucket[i]; e != NULL; e = e->next) {
			scores += e->score;
			if (!e->score || atomic_load_explicit(&e->used,
			    memory_order_relaxed))
				continue;
			unused++;
			if (first == NULL || e->line < first->line)
				first = e;
		}
	if (unused + in->of_many == 0)
		return STATUS_OK;
	buf_printf(out, "%s: %zu of %zu scores went to no record", in->path,
	    unused + in->of_many, scores);
	if (first != NULL)
		buf_printf(out, ": there is none with the id \"%.*s\" of line "
		    "%lu", SLICE_ARG(first->id), first->line);
	if (in->of_many > 0)
		buf_printf(out, "; %zu of a session or a data set's run, which "
		    "is no one answer's", in->of_many);
	return buf_check(out, err);
}

enum status
batch_requests_find(void *arg, struct slice custom_id, struct arena *arena,
    struct slice *out, struct error *err)
{
	const struct batch_requests *in = arg;
	const struct request_line *e = entry_find(in, custom_id);
	char *p;

	*out = SLICE_NONE;
	if (e == NULL)
		return STATUS_OK;
	if (e->score)
		return scores_read(in, custom_id, arena, out, err);
	if ((p = arena_alloc(arena, e->n)) == NULL)
		return error_nomem(err);
	*out = (struct slice){ p, e->n };
	return entry_read(in, e, p, err);
}
