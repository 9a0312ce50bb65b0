#include "queue/export/tools.h"

#include <math.h>
#include <openssl/sha.h>
#include <stdio.h>

#include "core/base/csv_cell.h"
#include "core/base/time.h"
#include "core/base/utf8.h"
#include "core/json/value.h"
#include "core/json/write.h"
#include "queue/review/item_json.h"
#include "queue/review/rating.h"

struct slice
export_input_text(const struct item *item, struct arena *arena)
{
	struct json d = JSON_INIT;
	struct buf b = BUF_INIT;
	struct json_error why;
	struct slice out;
	uint32_t t, role, content;

	if (item->messages.p == NULL)
		return SLICE("");
	if (json_parse(&d, item->messages, JSON_DEPTH_MAX, 0, &why) !=
	    STATUS_OK || json_kind(&d, 0) != TOKEN_ARRAY) {
		json_release(&d);
		return item->messages;
	}
	for (t = json_first(&d, 0); t != JSON_NONE; t = json_next(&d, 0, t)) {
		if (b.n > 0)
			buf_puts(&b, "\n\n");
		role = json_kind(&d, t) == TOKEN_OBJECT ?
		    json_get(&d, t, "role") : JSON_NONE;
		content = role == JSON_NONE ? JSON_NONE :
		    json_get(&d, t, "content");
		if (content == JSON_NONE || json_kind(&d, role) != TOKEN_STRING) {
			buf_add_slice(&b, json_raw(&d, t));
			continue;
		}
		buf_add_slice(&b, json_text(&d, role, arena));
		buf_puts(&b, ": ");
		buf_add_slice(&b, json_kind(&d, content) == TOKEN_STRING ?
		    json_text(&d, content, arena) : json_raw(&d, content));
	}
	out = (struct slice){ arena_copy(arena, buf_str(&b), b.n), b.n };
	buf_release(&b);
	json_release(&d);
	return out;
}

const char *
export_csv_row(struct buf *b, const struct export_row *r, struct arena *arena)
{
	const struct list_row *row = &r->d->row;
	const struct item_decision *x = r->last;
	char at[TIME_TEXT], confidence[32] = "";
	struct slice cells[] = {
		row->id, row->queue, row->state, row->route, row->rule,
		row->model, row->prompt, SLICE_NONE, x->decision, x->by,
		SLICE_NONE, x->reason, x->labels, x->note,
		export_input_text(&r->d->item, arena), r->d->item.output,
		r->final, x->ratings, x->evidence
	};
	size_t i, n = sizeof(cells) / sizeof(cells[0]) - (r->besides ? 0 : 2);

	time_format(x->ts_ms, at);
	if (!isnan(row->confidence))
		(void)snprintf(confidence, sizeof(confidence), "%.6g",
		    row->confidence);
	cells[7] = slice_of(confidence);
	cells[10] = slice_of(at);
	for (i = 0; i < n; i++)
		csv_cell(b, cells[i], i == 0);
	return NULL;
}

static void
task_data(struct writer *w, const struct export_row *r, struct arena *arena)
{
	const struct list_row *row = &r->d->row;

	write_object(w, "data");
	write_text(w, "id", row->id);
	write_text(w, "queue", row->queue);
	write_text(w, "input", export_input_text(&r->d->item, arena));
	write_text(w, "output", r->d->item.output);
	write_text(w, "model", row->model);
	write_text(w, "prompt", row->prompt);
	write_text(w, "rule", row->rule);
	write_double(w, "confidence", row->confidence);
	write_end(w);
}

/* A result begins; its value is begun too, and the caller fills and ends both. */
static void
task_result(struct writer *w, struct slice from, const char *type)
{
	write_object(w, NULL);
	write_text(w, "from_name", from);
	write_word(w, "to_name", "output");
	write_word(w, "type", type);
	write_object(w, "value");
}

static void
task_result_end(struct writer *w)
{
	write_end(w);
	write_end(w);
}

static void
task_span(struct writer *w, const char *from, const struct evidence *at,
    struct slice text, struct slice label)
{
	task_result(w, slice_of(from), "labels");
	write_int(w, "start", at->start);
	write_int(w, "end", at->end);
	write_text(w, "text", text);
	write_texts(w, "labels", &label, 1);
	task_result_end(w);
}

/* The findings with a place in the output, as labelled spans. */
static void
task_spans(struct writer *w, const struct item_detail *d)
{
	struct utf8_cursor c = { d->item.output, 0, 0 };
	const struct finding *f;
	struct evidence at;
	size_t i;

	for (i = 0; i < d->nfindings; i++) {
		f = &d->findings[i];
		if (f->on.p != NULL || f->end > d->item.output.n ||
		    f->start > f->end)
			continue;
		at.start = (int64_t)utf8_point(&c, f->start);
		at.end = (int64_t)utf8_point(&c, f->end);
		task_span(w, "finding", &at, (struct slice){ d->item.output.p +
		    f->start, f->end - f->start }, f->kind);
	}
}

static void
task_predictions(struct writer *w, const struct item_detail *d)
{
	write_array(w, "predictions");
	write_object(w, NULL);
	write_text(w, "model_version", d->row.model.p == NULL ? SLICE("") :
	    d->row.model);
	if (!isnan(d->row.confidence))
		write_double(w, "score", d->row.confidence);
	write_array(w, "result");
	task_spans(w, d);
	write_end(w);
	write_end(w);
	write_end(w);
}

/* The byte at which a code point begins, or the end. */
static size_t
point_byte(struct slice s, int64_t point)
{
	size_t at;

	for (at = 0; at < s.n && point > 0; point--)
		for (at++; at < s.n && ((unsigned char)s.p[at] & 0xc0) == 0x80;)
			at++;
	return at;
}

/* What a rating is called beside the names that are ours in a row. */
static struct slice
rating_name(struct slice name, struct arena *arena)
{
	static const char *const ours[] = { "decision", "final", "label", "finding",
	    "evidence" };
	size_t i;

	for (i = 0; i < sizeof(ours) / sizeof(ours[0]); i++)
		if (slice_is(name, ours[i]))
			return arena_printf(arena, "rating-%s", ours[i]);
	return name;
}

static void
task_besides(struct writer *w, const struct export_row *r, struct arena *arena)
{
	struct rated rated[RATINGS_MAX];
	struct evidence at[EVIDENCE_MAX];
	struct slice output = r->d->item.output;
	size_t i, n, from, end;

	n = rated_read(r->last->ratings, arena, rated);
	for (i = 0; i < n; i++) {
		task_result(w, rating_name(rated[i].name, arena), "rating");
		write_int(w, "rating", rated[i].value);
		task_result_end(w);
	}
	n = evidence_read(r->last->evidence, at);
	for (i = 0; i < n; i++) {
		from = point_byte(output, at[i].start);
		end = point_byte(output, at[i].end);
		task_span(w, "evidence", &at[i], (struct slice){ output.p + from,
		    end - from }, SLICE("evidence"));
	}
}

static void
task_annotations(struct writer *w, const struct export_row *r,
    struct arena *arena)
{
	const struct item_decision *x = r->last;

	write_array(w, "annotations");
	write_object(w, NULL);
	write_array(w, "result");
	task_result(w, SLICE("decision"), "choices");
	write_texts(w, "choices", &x->decision, 1);
	task_result_end(w);
	if (x->labels.p != NULL) {
		task_result(w, SLICE("label"), "choices");
		write_stored(w, "choices", x->labels);
		task_result_end(w);
	}
	if (slice_is(x->decision, "edit")) {
		task_result(w, SLICE("final"), "textarea");
		write_texts(w, "text", &r->final, 1);
		task_result_end(w);
	}
	task_besides(w, r, arena);
	write_end(w);
	write_bool(w, "was_cancelled", false);
	write_bool(w, "ground_truth", false);
	if (x->review_ms >= 0)
		write_double(w, "lead_time", (double)x->review_ms / 1000.0);
	write_end(w);
	write_end(w);
}

const char *
export_labelstudio_row(struct buf *b, const struct export_row *r,
    struct arena *arena)
{
	struct writer w = WRITER(b, WRITE_SHOWN);

	write_object(&w, NULL);
	task_data(&w, r, arena);
	task_predictions(&w, r->d);
	task_annotations(&w, r, arena);
	write_end(&w);
	return NULL;
}

/* A reviewer has no account there: a UUID made of the name stands for one
 * (RFC 9562, version 8), the same in every export. */
#define UUID_TEXT	37

static void
reviewer_uuid(struct slice name, char out[UUID_TEXT])
{
	static const char digit[] = "0123456789abcdef";
	unsigned char h[SHA256_DIGEST_LENGTH];
	size_t i;

	(void)SHA256((const unsigned char *)name.p, name.n, h);
	h[6] = (unsigned char)((h[6] & 0x0f) | 0x80);
	h[8] = (unsigned char)((h[8] & 0x3f) | 0x80);
	for (i = 0; i < 16; i++) {
		if (i == 4 || i == 6 || i == 8 || i == 10)
			*out++ = '-';
		*out++ = digit[h[i] >> 4];
		*out++ = digit[h[i] & 15];
	}
	*out = '\0';
}

static void
record_metadata(struct writer *w, const struct list_row *row)
{
	write_object(w, "metadata");
	write_text(w, "queue", row->queue);
	write_text(w, "rule", row->rule);
	if (row->model.p != NULL)
		write_text(w, "model", row->model);
	if (!isnan(row->confidence))
		write_double(w, "confidence", row->confidence);
	write_end(w);
}

/* What a question got for an answer: "name":{"value":...} */
static void
record_value(struct writer *w, const char *name, struct slice v)
{
	write_object(w, name);
	write_text(w, "value", v);
	write_end(w);
}

/* A rating question's value is a number, a span question's a list of spans. */
static void
record_besides(struct writer *w, const struct item_decision *x,
    struct arena *arena)
{
	struct rated rated[RATINGS_MAX];
	struct evidence at[EVIDENCE_MAX];
	size_t i, n = rated_read(x->ratings, arena, rated);

	for (i = 0; i < n; i++) {
		write_object(w, arena_str(arena, rating_name(rated[i].name,
		    arena)));
		write_int(w, "value", rated[i].value);
		write_end(w);
	}
	if ((n = evidence_read(x->evidence, at)) == 0)
		return;
	write_object(w, "evidence");
	write_array(w, "value");
	for (i = 0; i < n; i++) {
		write_object(w, NULL);
		write_int(w, "start", at[i].start);
		write_int(w, "end", at[i].end);
		write_word(w, "label", "evidence");
		write_end(w);
	}
	write_end(w);
	write_end(w);
}

const char *
export_argilla_row(struct buf *b, const struct export_row *r,
    struct arena *arena)
{
	struct writer w = WRITER(b, WRITE_SHOWN);
	const struct item *item = &r->d->item;
	char uuid[UUID_TEXT];

	reviewer_uuid(r->last->by, uuid);
	write_object(&w, NULL);
	write_object(&w, "fields");
	write_text(&w, "input", export_input_text(item, arena));
	write_text(&w, "output", item->output);
	write_end(&w);
	record_metadata(&w, &r->d->row);
	write_text(&w, "external_id", r->d->row.id);
	write_texts(&w, "suggestions", NULL, 0);
	write_array(&w, "responses");
	write_object(&w, NULL);
	write_word(&w, "user_id", uuid);
	write_word(&w, "status", "submitted");
	write_object(&w, "values");
	record_value(&w, "decision", r->last->decision);
	record_value(&w, "final", r->final.p == NULL ? SLICE("") : r->final);
	record_besides(&w, r->last, arena);
	write_end(&w);
	write_end(&w);
	write_end(&w);
	write_end(&w);
	return NULL;
}
