#include "queue/export/tools.h"

#include <math.h>
#include <openssl/sha.h>
#include <stdio.h>

#include "core/base/text.h"
#include "core/base/time.h"
#include "core/base/utf8.h"
#include "core/json/value.h"
#include "queue/review/item_json.h"

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

/*
 * Would a spreadsheet take the cell for a formula?  Blanks before the sign are
 * passed over as some programs do, and full-width signs are folded by others.
 */
static bool
is_formula(struct slice s)
{
	static const char *const wide[] = {
		"\xef\xbc\x9d", "\xef\xbc\x8b", "\xef\xbc\x8d", "\xef\xbc\xa0"
	};
	size_t i, at = 0;

	if (s.n > 0 && (s.p[0] == '\t' || s.p[0] == '\r' || s.p[0] == '\n'))
		return true;
	while (at < s.n && (s.p[at] == ' ' || s.p[at] == '\t'))
		at++;
	if (at == s.n)
		return false;
	if (memchr("=+-@|", s.p[at], 5) != NULL)
		return true;
	for (i = 0; i < sizeof(wide) / sizeof(wide[0]); i++)
		if (s.n - at >= 3 && memcmp(s.p + at, wide[i], 3) == 0)
			return true;
	return s.n - at >= 3 && strncasecmp(s.p + at, "DDE", 3) == 0;
}

static void
csv_cell(struct buf *b, struct slice s, bool first)
{
	size_t i, run = 0;

	if (!first)
		buf_putc(b, ',');
	buf_putc(b, '"');
	if (is_formula(s))
		buf_putc(b, '\'');
	for (i = 0; i < s.n; i++)
		if (s.p[i] == '"') {
			buf_add(b, s.p + run, i + 1 - run);
			run = i;		/* the quote once more */
		}
	if (s.n > run)
		buf_add(b, s.p + run, s.n - run);
	buf_putc(b, '"');
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
		r->final
	};
	size_t i;

	time_format(x->ts_ms, at);
	if (!isnan(row->confidence))
		(void)snprintf(confidence, sizeof(confidence), "%.6g",
		    row->confidence);
	cells[7] = slice_of(confidence);
	cells[10] = slice_of(at);
	for (i = 0; i < sizeof(cells) / sizeof(cells[0]); i++)
		csv_cell(b, cells[i], i == 0);
	return NULL;
}

static void
task_data(struct buf *b, const struct export_row *r, struct arena *arena)
{
	const struct list_row *row = &r->d->row;

	buf_puts(b, "{\"id\":");
	text_json(b, row->id);
	buf_puts(b, ",\"queue\":");
	text_json(b, row->queue);
	buf_puts(b, ",\"input\":");
	text_json(b, export_input_text(&r->d->item, arena));
	buf_puts(b, ",\"output\":");
	text_json(b, r->d->item.output);
	buf_puts(b, ",\"model\":");
	text_json(b, row->model);
	buf_puts(b, ",\"prompt\":");
	text_json(b, row->prompt);
	buf_puts(b, ",\"rule\":");
	text_json(b, row->rule);
	buf_puts(b, ",\"confidence\":");
	json_number(b, row->confidence);
	buf_putc(b, '}');
}

/* The findings with a place in the output, as labelled spans. */
static void
task_spans(struct buf *b, const struct item_detail *d)
{
	struct utf8_cursor c = { d->item.output, 0, 0 };
	const struct finding *f;
	size_t i, start, end, n = 0;

	for (i = 0; i < d->nfindings; i++) {
		f = &d->findings[i];
		if (f->on.p != NULL || f->end > d->item.output.n ||
		    f->start > f->end)
			continue;
		start = utf8_point(&c, f->start);
		end = utf8_point(&c, f->end);
		buf_printf(b, "%s{\"from_name\":\"finding\",\"to_name\":"
		    "\"output\",\"type\":\"labels\",\"value\":{\"start\":%zu,"
		    "\"end\":%zu,\"text\":", n++ == 0 ? "" : ",", start, end);
		text_json(b, (struct slice){ d->item.output.p + f->start,
		    f->end - f->start });
		buf_puts(b, ",\"labels\":[");
		text_json(b, f->kind);
		buf_puts(b, "]}}");
	}
}

const char *
export_labelstudio_row(struct buf *b, const struct export_row *r,
    struct arena *arena)
{
	const struct item_decision *x = r->last;

	buf_puts(b, "{\"data\":");
	task_data(b, r, arena);
	buf_puts(b, ",\"predictions\":[{\"model_version\":");
	text_json(b, r->d->row.model.p == NULL ? SLICE("") : r->d->row.model);
	if (!isnan(r->d->row.confidence)) {
		buf_puts(b, ",\"score\":");
		json_number(b, r->d->row.confidence);
	}
	buf_puts(b, ",\"result\":[");
	task_spans(b, r->d);
	buf_puts(b, "]}],\"annotations\":[{\"result\":[{\"from_name\":"
	    "\"decision\",\"to_name\":\"output\",\"type\":\"choices\","
	    "\"value\":{\"choices\":[");
	text_json(b, x->decision);
	buf_puts(b, "]}}");
	if (x->labels.p != NULL) {
		buf_puts(b, ",{\"from_name\":\"label\",\"to_name\":\"output\","
		    "\"type\":\"choices\",\"value\":{\"choices\":");
		json_stored(b, x->labels);
		buf_puts(b, "}}");
	}
	if (slice_is(x->decision, "edit")) {
		buf_puts(b, ",{\"from_name\":\"final\",\"to_name\":\"output\","
		    "\"type\":\"textarea\",\"value\":{\"text\":[");
		text_json(b, r->final);
		buf_puts(b, "]}}");
	}
	buf_puts(b, "],\"was_cancelled\":false,\"ground_truth\":false");
	if (x->review_ms >= 0) {
		buf_puts(b, ",\"lead_time\":");
		json_number(b, (double)x->review_ms / 1000.0);
	}
	buf_puts(b, "}]}");
	return NULL;
}

/* A reviewer has no account there: a UUID made of the name stands for one
 * (RFC 9562, version 8), the same in every export. */
static void
reviewer_uuid(struct buf *b, struct slice name)
{
	static const char digit[] = "0123456789abcdef";
	unsigned char h[SHA256_DIGEST_LENGTH];
	size_t i;

	(void)SHA256((const unsigned char *)name.p, name.n, h);
	h[6] = (unsigned char)((h[6] & 0x0f) | 0x80);
	h[8] = (unsigned char)((h[8] & 0x3f) | 0x80);
	for (i = 0; i < 16; i++) {
		if (i == 4 || i == 6 || i == 8 || i == 10)
			buf_putc(b, '-');
		buf_putc(b, digit[h[i] >> 4]);
		buf_putc(b, digit[h[i] & 15]);
	}
}

const char *
export_argilla_row(struct buf *b, const struct export_row *r,
    struct arena *arena)
{
	const struct item_decision *x = r->last;
	const struct list_row *row = &r->d->row;

	buf_puts(b, "{\"fields\":{\"input\":");
	text_json(b, export_input_text(&r->d->item, arena));
	buf_puts(b, ",\"output\":");
	text_json(b, r->d->item.output);
	buf_puts(b, "},\"metadata\":{\"queue\":");
	text_json(b, row->queue);
	buf_puts(b, ",\"rule\":");
	text_json(b, row->rule);
	if (row->model.p != NULL) {
		buf_puts(b, ",\"model\":");
		text_json(b, row->model);
	}
	if (!isnan(row->confidence)) {
		buf_puts(b, ",\"confidence\":");
		json_number(b, row->confidence);
	}
	buf_puts(b, "},\"external_id\":");
	text_json(b, row->id);
	buf_puts(b, ",\"suggestions\":[],\"responses\":[{\"user_id\":\"");
	reviewer_uuid(b, x->by);
	buf_puts(b, "\",\"status\":\"submitted\",\"values\":{\"decision\":"
	    "{\"value\":");
	text_json(b, x->decision);
	buf_puts(b, "},\"final\":{\"value\":");
	text_json(b, r->final.p == NULL ? SLICE("") : r->final);
	buf_puts(b, "}}}]}");
	return NULL;
}
