#include "core/shape/read.h"

#include <stdlib.h>

#include "core/base/arena.h"
#include "core/base/hash.h"
#include "core/item/item.h"
#include "core/json/value.h"
#include "core/shape/not_json.h"
#include "core/shape/shape.h"

static enum status
id_default(struct item_reader *reader, struct item *item, struct error *err)
{
	char hex[HASH_HEX];
	struct hash hash;
	enum status st;

	if (reader->hasher == NULL &&
	    (st = hasher_new(&reader->hasher, err)) != STATUS_OK)
		return st;
	hash_bytes(reader->hasher, item->record, &hash);
	hash_hex(&hash, hex);
	if (item->choice == 0)
		item->id = arena_printf(reader->arena, "sha256:%.32s", hex);
	else
		item->id = arena_printf(reader->arena, "sha256:%.32s#%u", hex,
		    (unsigned)item->choice);
	return item->id.p == NULL ? error_nomem(err) : STATUS_OK;
}

/* Of a record with several items each is a choice, counted from 1. */
static void
choices_number(struct reading *r, size_t from, struct slice record)
{
	size_t i;

	for (i = from; i < r->n; i++) {
		if (r->item[i].record.p != NULL)
			continue;
		r->item[i].record = record;
		r->item[i].choice = r->n - from > 1 ? (uint32_t)(i - from) + 1 : 0;
	}
}

/* What gateways put where they were told to keep an answer to themselves: alone,
 * or as the text of an object. */
static bool
is_withheld(struct slice output)
{
	static const char *const texts[] = { "redacted-by-litellm",
	    "<fully redacted due to failed mask function>" };
	static const char member[] = "\"text\"";
	const char *at;
	size_t i;

	if (output.n > 64 || output.n < 19 || memchr("r<{", output.p[0], 3) ==
	    NULL)
		return false;
	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		if (slice_is(output, texts[i]))
			return true;
		at = memmem(output.p, output.n, texts[i], strlen(texts[i]));
		if (at != NULL && output.p[0] == '{' && memmem(output.p,
		    output.n, member, sizeof(member) - 1) != NULL)
			return true;
	}
	return false;
}

/* What all shapes have in common, once the items are known. */
static enum status
items_finish(struct reading *r)
{
	struct slice *name[4];
	struct item *item;
	enum status st;
	size_t i, k;

	choices_number(r, 0, r->record);
	for (i = 0; i < r->n; i++) {
		item = &r->item[i];
		if (is_withheld(item->output) && item->fault == FAULT_NONE) {
			item->fault = FAULT_FAILED;
			item->fault_text = SLICE("the sender redacted the "
			    "answer: there is nothing to judge");
		}
		name[0] = &item->id;
		name[1] = &item->model;
		name[2] = &item->prompt;
		name[3] = &item->queue;
		for (k = 0; k < 4; k++)
			if (name[k]->n > ITEM_NAME_MAX)
				return reading_refuse(r, JSON_NONE, "id, model, "
				    "prompt or queue is over %d bytes",
				    ITEM_NAME_MAX);
		if (item->id.n == 0 && (st = id_default(r->reader, item,
		    r->err)) != STATUS_OK)
			return st;
		if (item->queue.n == 0)
			item->queue = SLICE(ITEM_QUEUE);
	}
	return STATUS_OK;
}

/* Each element of an array is a record of its own. */
static enum status
array_read(struct reading *r, const struct shape *shape)
{
	uint32_t e;
	enum status st;
	size_t from;

	r->element = true;
	for (e = json_first(r->d, 0); e != JSON_NONE; e = json_next(r->d, 0, e)) {
		if (json_kind(r->d, e) != TOKEN_OBJECT)
			return reading_refuse(r, e, "not an object");
		reading_keys(r, e);
		from = r->n;
		if ((st = shape_read(r, shape)) != STATUS_OK)
			return st;
		choices_number(r, from, json_raw(r->d, e));
	}
	return r->n == 0 ? reading_refuse(r, 0, "an empty array") : STATUS_OK;
}

static enum status
record_read(struct reading *r)
{
	const struct shape *shape = NULL;
	struct json *d = &r->reader->json;
	struct json_error why;
	enum status st;

	if (r->record.n > ITEM_RECORD_MAX)
		return error_set(r->err, STATUS_INVALID,
		    "the record is over 8 MiB");
	if (r->format.p != NULL && (shape = shape_find(r->format)) == NULL)
		return error_set(r->err, STATUS_INVALID, "no shape \"%.*s\"",
		    SLICE_ARG(r->format));
	st = json_parse_known(d, r->record, JSON_DEPTH_MAX, 0,
	    r->reader->known, &why);
	if (st == STATUS_NOMEM)
		return error_nomem(r->err);
	if (st != STATUS_OK)
		return error_set(r->err, st, "byte %zu: %s", why.offset,
		    not_json(r->record, &why));
	r->d = d;
	if (json_kind(d, 0) == TOKEN_ARRAY)
		st = array_read(r, shape);
	else if (json_kind(d, 0) != TOKEN_OBJECT)
		st = reading_refuse(r, 0, "not an object");
	else {
		reading_keys(r, 0);
		st = shape_read(r, shape);
	}
	return st == STATUS_OK ? items_finish(r) : st;
}

/* Of several choices, one that broke off is kept beside those that did not. */
static enum status
faults_refuse(struct reading *r)
{
	const struct item *item;
	bool text = false;
	size_t i;

	for (i = 0; i < r->n; i++) {
		item = &r->item[i];
		if (item->fault > FAULT_BROKEN)
			return error_set(r->err, STATUS_INVALID, "%.*s",
			    SLICE_ARG(item->fault_text));
		text = text || item->fault == FAULT_NONE || item_has_text(item);
	}
	return text ? STATUS_OK : error_set(r->err, STATUS_INVALID, "%.*s",
	    SLICE_ARG(r->item[0].fault_text));
}

enum status
item_read(struct item_reader *reader, struct slice record, item_fn *each,
    void *arg, struct error *err)
{
	struct reading r = { .reader = reader, .record = record,
	    .format = slice_of(reader->format), .mapping = MAPPING_NOW,
	    .err = err };
	enum status st;
	size_t i;

	st = record_read(&r);
	if (st == STATUS_OK)
		st = faults_refuse(&r);
	for (i = 0; st == STATUS_OK && i < r.n; i++)
		st = each(arg, &r.item[i], err);
	return st;
}

enum status
item_reread(struct item_reader *reader, const struct item_stored *stored,
    struct item *out, struct error *err)
{
	struct reading r = { .reader = reader, .record = stored->record,
	    .input = stored->input, .joined = true, .format = stored->shape,
	    .mapping = stored->mapping == 0 ? MAPPING_FIRST : stored->mapping,
	    .err = err };
	enum status st;
	size_t i;

	if ((st = record_read(&r)) != STATUS_OK)
		return st;
	for (i = 0; i < r.n; i++) {
		if (r.item[i].choice == stored->choice) {
			*out = r.item[i];
			return STATUS_OK;
		}
	}
	return error_set(err, STATUS_NOT_FOUND,
	    "the stored record has no choice %u", (unsigned)stored->choice);
}

void
item_reader_release(struct item_reader *reader)
{
	json_release(&reader->json);
	json_release(&reader->inner);
	while (reader->nspare > 0)
		buf_release(&reader->spare[--reader->nspare]);
	hasher_free(reader->hasher);
	reader->hasher = NULL;
}
