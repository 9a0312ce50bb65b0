#include "queue/inputs.h"

#include <stdlib.h>

#include "core/json.h"
#include "queue/source.h"

#define INPUTS_DEPTH	64

struct entry {
	struct slice	 id, line;
	struct entry	*next;
};

struct inputs {
	struct buf	 bytes;		/* the whole file */
	struct arena	 arena;
	struct entry	**bucket;
	size_t		 nbucket, n;	/* a power of two */
};

static size_t
id_hash(struct slice id)
{
	uint64_t h = 14695981039346656037u;	/* FNV-1a */
	size_t i;

	for (i = 0; i < id.n; i++)
		h = (h ^ (unsigned char)id.p[i]) * 1099511628211u;
	return (size_t)(h ^ h >> 32);
}

static struct entry *
entry_find(const struct inputs *in, struct slice id)
{
	struct entry *e;

	for (e = in->bucket[id_hash(id) & (in->nbucket - 1)]; e != NULL;
	    e = e->next)
		if (slice_eq(e->id, id))
			return e;
	return NULL;
}

static enum status
entry_add(struct inputs *in, struct json *d, struct slice line,
    struct error *err)
{
	struct json_error why;
	struct entry *e, **slot;
	struct slice id;
	enum status st;
	uint32_t t;

	st = json_parse(d, line, INPUTS_DEPTH, 0, &why);
	if (st == STATUS_INVALID)
		return error_set(err, st, "byte %zu: %s", why.offset, why.reason);
	if (st != STATUS_OK)
		return error_nomem(err);
	if (json_kind(d, 0) != TOKEN_OBJECT || (t = json_get(d, 0, "custom_id"))
	    == JSON_NONE || json_kind(d, t) != TOKEN_STRING)
		return error_set(err, STATUS_INVALID, "no \"custom_id\": this is "
		    "not a batch's request line");
	if ((id = json_text(d, t, &in->arena)).p == NULL ||
	    (e = arena_alloc(&in->arena, sizeof(*e))) == NULL)
		return error_nomem(err);
	if (entry_find(in, id) != NULL)
		return error_set(err, STATUS_INVALID, "this custom_id stands on "
		    "an earlier line too");
	slot = &in->bucket[id_hash(id) & (in->nbucket - 1)];
	*e = (struct entry){ id, line, *slot };
	*slot = e;
	return STATUS_OK;
}

static enum status
inputs_index(struct inputs *in, const char *path, struct error *err)
{
	struct json d = JSON_INIT;
	const char *p = in->bytes.p, *end = p + in->bytes.n, *lf;
	enum status st = STATUS_OK;
	unsigned long line = 1;

	for (; p < end && st == STATUS_OK; p = lf + 1, line++) {
		if ((lf = memchr(p, '\n', (size_t)(end - p))) == NULL)
			lf = end;
		if (lf == p)
			continue;
		st = entry_add(in, &d, (struct slice){ p, (size_t)(lf - p) },
		    err);
		if (st != STATUS_OK)
			(void)error_prefix(err, "%s:%lu", path, line);
	}
	json_release(&d);
	return st;
}

static enum status
inputs_read(struct inputs *in, const char *path, struct error *err)
{
	struct source *s;
	enum status st;
	size_t got = 1;

	if ((st = source_open(&s, path, err)) != STATUS_OK)
		return st;
	while (st == STATUS_OK && got > 0) {
		if (!buf_reserve(&in->bytes, (size_t)1 << 20)) {
			st = error_nomem(err);
			break;
		}
		st = source_read(s, in->bytes.p + in->bytes.n,
		    in->bytes.cap - in->bytes.n - 1, &got, err);
		in->bytes.n += got;
	}
	source_close(s);
	return st;
}

enum status
inputs_load(struct inputs **out, const char *path, struct error *err)
{
	struct inputs *in;
	enum status st;

	*out = NULL;
	if ((in = calloc(1, sizeof(*in))) == NULL)
		return error_nomem(err);
	if ((st = inputs_read(in, path, err)) != STATUS_OK)
		goto fail;
	for (in->nbucket = 1024; in->nbucket < in->bytes.n / 512; )
		in->nbucket *= 2;
	if ((in->bucket = calloc(in->nbucket, sizeof(*in->bucket))) == NULL) {
		st = error_nomem(err);
		goto fail;
	}
	if (in->bytes.n > 0 && (st = inputs_index(in, path, err)) != STATUS_OK)
		goto fail;
	*out = in;
	return STATUS_OK;
fail:
	inputs_free(in);
	return st;
}

void
inputs_free(struct inputs *in)
{
	if (in == NULL)
		return;
	buf_release(&in->bytes);
	arena_release(&in->arena);
	free(in->bucket);
	free(in);
}

struct slice
inputs_find(void *arg, struct slice custom_id)
{
	const struct inputs *in = arg;
	const struct entry *e = entry_find(in, custom_id);

	return e == NULL ? SLICE_NONE : e->line;
}
