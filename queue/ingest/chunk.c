#include "queue/ingest/chunk.h"

#include "core/shape/unknown.h"

void
chunk_clear(struct chunk *c)
{
	arena_reset(&c->arena);
	buf_clear(&c->text);
	c->first = c->last = NULL;
	c->err.code = STATUS_OK;
}

void
chunk_release(struct chunk *c)
{
	line_block_release(&c->lines);
	arena_release(&c->arena);
	buf_release(&c->text);
}

enum status
chunk_worker_init(struct chunk_worker *w, const struct pipeline_options *o,
    struct batch_requests *requests, struct error *err)
{
	enum status st;

	memset(w, 0, sizeof(*w));
	w->o = o;
	w->request.format = o->format;
	if (o->queue != NULL)
		w->request.queue = slice_of(o->queue);
	if (requests != NULL) {
		w->request.inputs = batch_requests_find;
		w->request.inputs_arg = requests;
	}
	if ((st = hasher_new(&w->hasher, err)) != STATUS_OK)
		return st;
	return judge_scratch_new(&w->scratch, o->policy, &o->judge, err);
}

void
chunk_worker_release(struct chunk_worker *w)
{
	judge_scratch_free(w->scratch);
	hasher_free(w->hasher);
}

/* Renders the current one and adds it, whole, to the results. */
static enum status
result_add(struct chunk_worker *w, struct error *err)
{
	const struct pipeline_options *o = w->o;
	struct chunk *c = w->chunk;
	size_t at = c->text.n;
	struct judged *j;
	enum status st;

	if ((j = arena_copy(&c->arena, &w->at, sizeof(*j))) == NULL)
		return error_nomem(err);
	if (o->render != NULL)
		o->render(o->arg, &c->text, j);
	if ((st = buf_check(&c->text, err)) != STATUS_OK)
		return st;
	j->text.n = c->text.n - at;
	if (c->first == NULL)
		c->first = j;
	else
		c->last->next = j;
	c->last = j;
	return STATUS_OK;
}

static enum status
item_add(struct chunk_worker *w, const struct judged_item *i, struct error *err)
{
	const struct pipeline_options *o = w->o;
	enum status st = STATUS_OK;

	w->at.item = &i->item;
	w->at.verdict = &i->verdict;
	if (o->prepare != NULL)
		st = o->prepare(o->arg, w->hasher, &i->item, &i->verdict,
		    &w->chunk->arena, &w->at.prepared, err);
	return st == STATUS_OK ? result_add(w, err) : st;
}

static enum status
refusal_add(struct chunk_worker *w, const char *reason, struct error *err)
{
	w->at.refused = arena_str(&w->chunk->arena, slice_of(reason));
	w->at.alike = shape_is_unknown(reason);
	return w->at.refused == NULL ? error_nomem(err) : result_add(w, err);
}

static bool
blank(struct slice line)
{
	size_t i;

	for (i = 0; i < line.n; i++)
		if (line.p[i] != ' ' && line.p[i] != '\t' && line.p[i] != '\r')
			return false;
	return true;
}

static enum status
line_judge(struct chunk_worker *w, struct slice line, struct error *err)
{
	const struct judged_item *i;
	struct error why = { 0 };
	enum status st;

	w->request.record = line;
	w->at = (struct judged){ .file = w->at.file, .line = w->at.line,
	    .record = line };
	st = judge_record(w->scratch, &w->request, &w->chunk->arena, &i, &why);
	if (st == STATUS_INVALID)
		return refusal_add(w, why.text, err);
	for (; st == STATUS_OK && i != NULL; i = i->next)
		st = item_add(w, i, &why);
	return st == STATUS_OK ? st : error_set(err, st, "%s:%llu: %s",
	    w->at.file, (unsigned long long)w->at.line, why.text);
}

static enum status
lines_judge(struct chunk_worker *w, const struct line_block *b,
    struct error *err)
{
	const char *p = b->bytes, *end = b->bytes + b->n, *lf;
	enum status st = STATUS_OK;
	struct slice line;
	size_t i = 0;

	for (; p < end && st == STATUS_OK; p = lf + 1, w->at.line++, i++) {
		if (i < b->nlines)
			w->at.line = b->lines[i];
		if ((lf = memchr(p, '\n', (size_t)(end - p))) == NULL)
			lf = end;
		line = (struct slice){ p, (size_t)(lf - p) };
		if (!blank(line))
			st = line_judge(w, line, err);
	}
	return st;
}

static enum status
piece_refuse(struct chunk_worker *w, const struct line_block *b,
    struct error *err)
{
	w->at.record = (struct slice){ b->bytes, b->n };
	w->at.more = b->more;
	if (b->refused != NULL)
		return refusal_add(w, b->refused, err);
	return refusal_add(w, b->bytes[0] == '[' ? "the line is over 8 MiB; "
	    "jq -c '.[]' makes a line of each record in it" :
	    "the line is over 8 MiB", err);
}

static enum status
block_judge(struct chunk_worker *w, const struct line_block *b,
    struct error *err)
{
	return b->overlong ? piece_refuse(w, b, err) : lines_judge(w, b, err);
}

/* Once the text grows, and moves, no more. */
static void
texts_place(struct chunk *c)
{
	const char *at = c->text.p;
	struct judged *j;

	for (j = c->first; j != NULL; j = j->next)
		if (j->text.n > 0) {
			j->text.p = at;
			at += j->text.n;
		}
}

void
chunk_judge(struct chunk_worker *w, struct chunk *c)
{
	w->chunk = c;
	w->at = (struct judged){ .file = c->lines.file, .line = c->lines.line };
	(void)block_judge(w, &c->lines, &c->err);
	texts_place(c);
}
