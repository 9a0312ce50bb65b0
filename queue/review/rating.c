#include "queue/review/rating.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/utf8.h"
#include "core/json/value.h"
#include "core/json/write.h"

/* The next piece between commas, without the blanks around it; false: no more. */
static bool
piece_next(const char **at, struct slice *piece)
{
	const char *p = *at + strspn(*at, " ,");

	piece->p = p;
	piece->n = strcspn(p, ",");
	*at = p + piece->n;
	while (piece->n > 0 && p[piece->n - 1] == ' ')
		piece->n--;
	return piece->n > 0;
}

/* A number that goes on to the end of a piece. */
static bool
number_in(struct slice text, int64_t *n)
{
	char digits[20], *end;

	if (text.n == 0 || text.n >= sizeof(digits) || text.p[0] < '0' ||
	    text.p[0] > '9')
		return false;
	memcpy(digits, text.p, text.n);
	digits[text.n] = '\0';
	errno = 0;
	*n = strtoll(digits, &end, 10);
	return errno == 0 && *end == '\0';
}

/* Splits "a=4" or "3-9"; false where the mark is not there. */
static bool
halves(struct slice piece, char mark, struct slice *before, struct slice *after)
{
	const char *at = memrchr(piece.p, mark, piece.n);

	if (at == NULL)
		return false;
	*before = (struct slice){ piece.p, (size_t)(at - piece.p) };
	*after = (struct slice){ at + 1, piece.n - before->n - 1 };
	return true;
}

enum status
rated_parse(const char *text, struct rated *out, size_t max, size_t *n,
    struct error *err)
{
	struct slice piece, number;

	*n = 0;
	while (text != NULL && piece_next(&text, &piece)) {
		if (*n == max)
			return error_set(err, STATUS_INVALID, "more than %zu "
			    "ratings", max);
		if (!halves(piece, '=', &out[*n].name, &number) ||
		    !number_in(number, &out[*n].value))
			return error_set(err, STATUS_INVALID, "%.*s: a rating is "
			    "NAME=NUMBER", SLICE_ARG(piece));
		++*n;
	}
	return STATUS_OK;
}

enum status
evidence_parse(const char *text, struct evidence *out, size_t max, size_t *n,
    struct error *err)
{
	struct slice piece, start, end;

	*n = 0;
	while (text != NULL && piece_next(&text, &piece)) {
		if (*n == max)
			return error_set(err, STATUS_INVALID, "more than %zu "
			    "spans of evidence", max);
		if (!halves(piece, '-', &start, &end) ||
		    !number_in(start, &out[*n].start) ||
		    !number_in(end, &out[*n].end))
			return error_set(err, STATUS_INVALID, "%.*s: evidence is "
			    "START-END, in characters of the output",
			    SLICE_ARG(piece));
		++*n;
	}
	return STATUS_OK;
}

static const struct rating *
rating_find(const struct queue_policy *q, struct slice name)
{
	size_t i;

	for (i = 0; i < q->nratings; i++) {
		if (slice_is(name, q->ratings[i].name))
			return &q->ratings[i];
	}
	return NULL;
}

static enum status
rated_check(const struct queue_policy *q, const struct rated *r,
    const struct rated *before, struct error *err)
{
	const struct rating *asked = rating_find(q, r->name);

	if (asked == NULL)
		return error_set(err, STATUS_INVALID, "queue %s asks for no rating "
		    "\"%.*s\"", q->name, SLICE_ARG(r->name));
	if (r->value < 1 || r->value > asked->max)
		return error_set(err, STATUS_INVALID, "rating %s: %lld is not from "
		    "1 to %d", asked->name, (long long)r->value, asked->max);
	for (; before < r; before++) {
		if (slice_eq(before->name, r->name))
			return error_set(err, STATUS_INVALID, "rating %s: given "
			    "twice", asked->name);
	}
	return STATUS_OK;
}

/* What was written, in the arena. */
static enum status
kept(struct buf *b, struct arena *arena, struct slice *out, struct error *err)
{
	*out = (struct slice){ arena_copy(arena, buf_str(b), b->n), b->n };
	if (b->failed || out->p == NULL)
		(void)error_nomem(err);
	buf_release(b);
	return err->code;
}

enum status
rated_text(const struct queue_policy *q, const struct rated *v, size_t n,
    struct arena *arena, struct slice *out, struct error *err)
{
	struct buf b = BUF_INIT;
	struct writer w = WRITER(&b, WRITE_KEPT);
	enum status st;
	size_t i;

	*out = SLICE_NONE;
	for (i = 0; i < n; i++)
		if ((st = rated_check(q, &v[i], v, err)) != STATUS_OK)
			return st;
	if (n == 0)
		return STATUS_OK;
	write_object(&w, NULL);
	for (i = 0; i < n; i++) {
		write_name_text(&w, v[i].name);
		write_int(&w, NULL, v[i].value);
	}
	write_end(&w);
	return kept(&b, arena, out, err);
}

enum status
evidence_text(const struct queue_policy *q, const struct evidence *v, size_t n,
    struct slice output, struct arena *arena, struct slice *out,
    struct error *err)
{
	struct buf b = BUF_INIT;
	struct writer w = WRITER(&b, WRITE_KEPT);
	int64_t length = (int64_t)utf8_count(output.p, output.n);
	size_t i;

	*out = SLICE_NONE;
	if (n == 0)
		return STATUS_OK;
	if (!q->evidence)
		return error_set(err, STATUS_INVALID, "queue %s asks for no "
		    "evidence", q->name);
	write_array(&w, NULL);
	for (i = 0; i < n; i++) {
		if (v[i].start < 0 || v[i].start >= v[i].end ||
		    v[i].end > length) {
			buf_release(&b);
			return error_set(err, STATUS_INVALID, "evidence %lld-%lld: "
			    "the output has %lld characters", (long long)v[i].start,
			    (long long)v[i].end, (long long)length);
		}
		write_object(&w, NULL);
		write_int(&w, "start", v[i].start);
		write_int(&w, "end", v[i].end);
		write_end(&w);
	}
	write_end(&w);
	return kept(&b, arena, out, err);
}

/* The first of what is stored as that kind of JSON; JSON_NONE where there is none. */
static uint32_t
stored_first(struct json *d, struct slice stored, enum json_kind kind)
{
	struct json_error why;

	if (stored.p == NULL || json_parse(d, stored, JSON_DEPTH_MAX, 0, &why) !=
	    STATUS_OK || json_kind(d, 0) != kind)
		return JSON_NONE;
	return json_first(d, 0);
}

size_t
rated_read(struct slice stored, struct arena *arena, struct rated *out)
{
	struct json d = JSON_INIT;
	size_t n = 0;
	uint32_t t = stored_first(&d, stored, TOKEN_OBJECT);

	for (; t != JSON_NONE && n < RATINGS_MAX; t = json_next(&d, 0, t)) {
		out[n].name = json_text(&d, t, arena);
		if (out[n].name.p != NULL && json_int64(&d, t + 1, &out[n].value))
			n++;
	}
	json_release(&d);
	return n;
}

/* A span as it may be stored, of what need not be one. */
static bool
span_read(const struct json *d, uint32_t t, struct evidence *out)
{
	uint32_t start, end;

	if (json_kind(d, t) != TOKEN_OBJECT)
		return false;
	start = json_get_kind(d, t, "start", TOKEN_NUMBER);
	end = json_get_kind(d, t, "end", TOKEN_NUMBER);
	return start != JSON_NONE && end != JSON_NONE &&
	    json_int64(d, start, &out->start) && json_int64(d, end, &out->end) &&
	    out->start >= 0 && out->start < out->end;
}

size_t
evidence_read(struct slice stored, struct evidence *out)
{
	struct json d = JSON_INIT;
	size_t n = 0;
	uint32_t t = stored_first(&d, stored, TOKEN_ARRAY);

	for (; t != JSON_NONE && n < EVIDENCE_MAX; t = json_next(&d, 0, t))
		n += span_read(&d, t, &out[n]);
	json_release(&d);
	return n;
}
