#include "queue/ingest/lines.h"

#include <stdlib.h>
#include <string.h>

#include "queue/ingest/frames.h"
#include "queue/ingest/input_stream.h"

#define STOP_POLL_MS	100
#define READ_SLACK	16		/* bytes: one reading is never less */

struct lines {
	struct lines_options o;
	struct input_list list;
	size_t		 at;		/* the current file, of the list */
	uint64_t	 before;	/* bytes of the files already done */
	char		*carry;		/* the beginning of a line not yet whole */
	size_t		 ncarry, carry_cap;

	/* The current file. */
	struct frames	*frames;	/* NULL: none yet */
	uint64_t	 line;		/* number of the next line */
	bool		 in_overlong;	/* a line over the limit goes on */
	bool		 eof;
};

void
line_block_release(struct line_block *b)
{
	free(b->bytes);
	free(b->lines);
	*b = (struct line_block){ 0 };
}

enum status
lines_new(struct lines **out, const struct lines_options *o, struct error *err)
{
	struct lines *l;
	enum status st;

	*out = NULL;
	if ((l = calloc(1, sizeof(*l))) == NULL)
		return error_nomem(err);
	l->o = *o;
	if ((st = input_list_make(&l->list, o->paths, o->npaths, err)) !=
	    STATUS_OK) {
		lines_free(l);
		return st;
	}
	*out = l;
	return STATUS_OK;
}

static void
file_close(struct lines *l)
{
	if (l->frames == NULL)
		return;
	l->before += frames_offset(l->frames);
	frames_close(l->frames);
	l->frames = NULL;
}

void
lines_free(struct lines *l)
{
	if (l == NULL)
		return;
	file_close(l);
	input_list_release(&l->list);
	free(l->carry);
	free(l);
}

uint64_t
lines_total(const struct lines *l)
{
	return l->list.bytes;
}

static enum status
grow(char **p, size_t *cap, size_t want, struct error *err)
{
	char *q;

	if (want <= *cap)
		return STATUS_OK;
	if ((q = realloc(*p, want)) == NULL)
		return error_nomem(err);
	*p = q;
	*cap = want;
	return STATUS_OK;
}

static enum status
input_wait(struct lines *l)
{
	bool stop = false;

	l->o.waiting(l->o.arg, true);
	while (!stop && !frames_ready(l->frames, STOP_POLL_MS))
		stop = l->o.stopped(l->o.arg);
	l->o.waiting(l->o.arg, false);
	return stop ? STATUS_INTERRUPTED : STATUS_OK;
}

/*
 * Appends what can be read now, up to that size; waits only while there
 * is no whole line, so that what has come is judged at once.
 */
static enum status
block_append(struct lines *l, struct line_block *b, size_t size,
    struct error *err)
{
	enum status st;
	size_t got;

	while (b->n < size && !l->eof) {
		if (!frames_ready(l->frames, 0)) {
			if (memchr(b->bytes, '\n', b->n) != NULL)
				break;
			if ((st = input_wait(l)) != STATUS_OK)
				return st;
		}
		st = frames_read(l->frames, b->bytes + b->n, size - b->n +
		    READ_SLACK, &got, err);
		if (st != STATUS_OK)
			return st;
		l->eof = frames_ended(l->frames);
		b->n += got;
	}
	return STATUS_OK;
}

/* Fills the block until it holds a whole line, the file's end, or so much of a
 * line that it is over the limit. */
static enum status
block_fill(struct lines *l, struct line_block *b, struct error *err)
{
	size_t size = l->o.block;
	enum status st;

	while (size < l->ncarry + 1)
		size *= 2;
	if ((st = grow(&b->bytes, &b->cap, size + READ_SLACK,
	    err)) != STATUS_OK)
		return st;
	if (l->ncarry > 0)
		memcpy(b->bytes, l->carry, l->ncarry);
	b->n = l->ncarry;
	l->ncarry = 0;
	for (;;) {
		if ((st = block_append(l, b, size, err)) != STATUS_OK)
			return st;
		if (l->eof || l->in_overlong || b->n > l->o.line_max ||
		    memchr(b->bytes, '\n', b->n) != NULL)
			return STATUS_OK;
		size = size * 2 > l->o.line_max ? l->o.line_max + 1 : size * 2;
		if ((st = grow(&b->bytes, &b->cap, size + READ_SLACK,
	    err)) != STATUS_OK)
			return st;
	}
}

static uint64_t
count_lines(const char *p, size_t n)
{
	const char *end = p + n;
	uint64_t lines = 0;

	while (p < end && (p = memchr(p, '\n', (size_t)(end - p))) != NULL) {
		lines++;
		p++;
	}
	return lines;
}

/* Where each of its lines began in the file, where that is not told by counting. */
static enum status
block_lines(struct lines *l, struct line_block *b, struct error *err)
{
	uint64_t n, *grown;

	b->nlines = 0;
	if (!frames_lines(l->frames, NULL, 0))
		return STATUS_OK;
	n = count_lines(b->bytes, b->n);
	if (n + 1 > b->lines_cap) {
		grown = realloc(b->lines, (n + 1) * sizeof(*grown));
		if (grown == NULL)
			return error_nomem(err);
		b->lines = grown;
		b->lines_cap = n + 1;
	}
	(void)frames_lines(l->frames, b->lines, n);
	b->lines[n] = frames_line(l->frames);
	b->nlines = n + 1;
	return STATUS_OK;
}

/* How much of the block is whole lines, or a piece of one; *lf: its first or last
 * line end, NULL: none counts. */
static size_t
whole_lines(struct lines *l, struct line_block *b, const char **lf)
{
	bool first = l->in_overlong || l->o.single;

	*lf = NULL;
	if ((b->refused = frames_refused(l->frames)) != NULL)
		return b->n;
	*lf = first ? memchr(b->bytes, '\n', b->n) :
	    memrchr(b->bytes, '\n', b->n);
	return *lf != NULL && (first || !l->eof) ?
	    (size_t)(*lf + 1 - b->bytes) : b->n;
}

/* Leaves whole lines in the block and carries the rest over to the next. */
static enum status
block_cut(struct lines *l, struct line_block *b, struct error *err)
{
	const char *lf;
	size_t keep = whole_lines(l, b, &lf);
	enum status st;

	b->line = l->line;
	b->overlong = l->in_overlong || b->refused != NULL || (lf == NULL &&
	    b->n > l->o.line_max);
	b->more = l->in_overlong;
	l->in_overlong = b->overlong && lf == NULL && !l->eof;
	l->ncarry = b->n - keep;
	if ((st = grow(&l->carry, &l->carry_cap, l->ncarry, err)) != STATUS_OK)
		return st;
	if (l->ncarry > 0)
		memcpy(l->carry, b->bytes + keep, l->ncarry);
	b->n = keep;
	if ((st = block_lines(l, b, err)) != STATUS_OK)
		return st;
	l->line += count_lines(b->bytes, b->n);
	if (b->overlong && lf != NULL)
		b->n--;				/* the piece without its LF */
	return STATUS_OK;
}

/* The file that the next line is in; none is left where stream is NULL. */
static enum status
file_next(struct lines *l, struct error *err)
{
	enum status st;

	if (l->frames != NULL && l->eof && l->ncarry == 0) {
		file_close(l);
		l->at++;
	}
	if (l->frames != NULL || l->at == l->list.n)
		return STATUS_OK;
	if ((st = frames_open(&l->frames, l->list.path[l->at], err)) !=
	    STATUS_OK)
		return st;
	l->line = 1;
	l->in_overlong = l->eof = false;
	return STATUS_OK;
}

enum status
lines_next(struct lines *l, struct line_block *b, bool *more, struct error *err)
{
	enum status st;

	for (;;) {
		if ((st = file_next(l, err)) != STATUS_OK)
			return st;
		if (!(*more = l->frames != NULL))
			return STATUS_OK;
		if ((st = block_fill(l, b, err)) != STATUS_OK ||
		    (st = block_cut(l, b, err)) != STATUS_OK)
			return st;
		b->file = l->list.path[l->at];
		b->offset = l->before + frames_offset(l->frames);
		if (b->n > 0 || b->overlong)
			return STATUS_OK;
	}
}
