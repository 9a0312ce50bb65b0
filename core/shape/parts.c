#include "core/shape/parts.h"

#include <math.h>
#include <strings.h>

#include "core/base/arena.h"
#include "core/base/time.h"
#include "core/json/value.h"
#include "core/json/write.h"
#include "core/shape/answer.h"
#include "core/shape/native.h"
#include "core/shape/part_kind.h"
#include "core/shape/part_value.h"

#define GUARDS_MAX	((size_t)1 << 19)	/* of one record, in all */

#define SECONDS_MAX	253402300800.0	/* year 10000 */

/* A whole number that came as text; -1: it is none. */
static double
digits(struct slice s)
{
	double n = 0;
	size_t i;

	for (i = 0; i < s.n; i++) {
		if (s.p[i] < '0' || s.p[i] > '9')
			return -1;
		n = n * 10 + (s.p[i] - '0');
	}
	return s.n == 0 || s.n > 12 ? -1 : n;
}

int64_t
part_time(struct reading *r, const struct json *d, uint32_t object,
    const char *key)
{
	double seconds = part_number(d, object, key);
	struct slice text;
	int64_t ms;

	if (seconds >= 0 && seconds < SECONDS_MAX)
		return (int64_t)(seconds * 1000 + 0.5);
	text = part_string(r, d, object, key);
	if (time_parse(text, &ms))
		return ms;
	seconds = digits(text);
	return seconds >= 0 && seconds < SECONDS_MAX ?
	    (int64_t)(seconds * 1000 + 0.5) : -1;
}

enum status
part_base(struct reading *r, struct item *base)
{
	struct item *item = reading_item(r);

	if (item == NULL)
		return r->err->code;
	r->n--;			/* a form to copy, not an item itself */
	*base = *item;
	return native_extras(r, base);
}

struct item *
part_item(struct reading *r, const struct item *base)
{
	struct item *item = reading_item(r);

	if (item != NULL)
		*item = *base;
	r->guards = NULL;
	return item;
}

/*
 * Results are added in place where the array is this item's own; one taken over
 * from the base is copied first, since other items may share it.
 */
struct caller_guard *
part_guard(struct reading *r, struct item *item, struct slice name,
    enum guard_result result)
{
	struct caller_guard *all = item->guards, *g;
	size_t cap;

	if (all == NULL || all != r->guards || item->nguards == r->guards_cap) {
		cap = item->nguards < 4 ? 8 : item->nguards * 2;
		r->guards_total += cap;
		if (r->guards_total > GUARDS_MAX) {
			r->failed = true;
			(void)error_set(r->err, STATUS_INVALID,
			    "too many guard results");
			return NULL;
		}
		all = arena_alloc(r->reader->arena, cap * sizeof(*all));
		if (all == NULL) {
			r->failed = true;
			return NULL;
		}
		if (item->nguards > 0)
			memcpy(all, item->guards, item->nguards * sizeof(*all));
		item->guards = r->guards = all;
		r->guards_cap = cap;
	}
	g = &all[item->nguards++];
	*g = (struct caller_guard){ .name = name, .result = result,
	    .severity = SEVERITY_NONE, .score = NAN };
	return g;
}

void
part_output(struct reading *r, const struct json *d, uint32_t t,
    struct item *item)
{
	item->output_is_string = json_kind(d, t) == TOKEN_STRING;
	item->output = item->output_is_string ? part_text(r, d, t) :
	    json_raw(d, t);
	item->silent = !item->output_is_string && !part_says(r, d, t);
}

struct slice
part_keep(struct reading *r, struct buf *b)
{
	struct slice s = SLICE_NONE;

	if (!b->failed && (s.p = arena_copy(r->reader->arena, b->p, b->n)) !=
	    NULL)
		s.n = b->n;
	else
		r->failed = true;
	part_give(r, b);
	return s;
}

struct slice
part_keep_json(struct reading *r, struct buf *b)
{
	struct slice s = part_keep(r, b);
	struct json_error why;
	enum status st;

	if (s.p == NULL)
		return s;
	st = json_parse(&r->reader->inner, s, JSON_DEPTH_MAX, 0, &why);
	r->failed |= st == STATUS_NOMEM;
	return st == STATUS_OK ? s : SLICE_NONE;
}

void
part_inside(struct buf *b, struct slice raw)
{
	if (raw.n >= 2)
		buf_add(b, raw.p + 1, raw.n - 2);
}

bool
part_texts(const struct json *d, uint32_t parts, struct buf *b)
{
	enum part_kind kind;
	uint32_t t, s;

	for (t = json_first(d, parts); t != JSON_NONE;
	    t = json_next(d, parts, t)) {
		kind = part_kind(d, t, MAPPING_FIRST);	/* what was asked */
		if (kind == PART_THOUGHT)
			continue;
		if (kind != PART_TEXT || (s = part_words(d, t)) == JSON_NONE)
			return false;
		part_inside(b, json_raw(d, s));
	}
	return true;
}

/* An object, or the JSON text of one (then parsed, in inner); else JSON_NONE. */
static const struct json *
own_metadata(struct reading *r, const struct json *d, uint32_t *own)
{
	struct json *inner = &r->reader->inner;
	struct slice text = SLICE_NONE;
	struct json_error why;
	enum status st;

	if (*own == JSON_NONE || json_kind(d, *own) == TOKEN_OBJECT)
		return d;
	if (d != inner)
		text = part_text(r, d, *own);
	*own = JSON_NONE;
	if (text.n == 0 || text.p[0] != '{')
		return d;
	st = json_parse(inner, text, JSON_DEPTH_MAX - 1, 0, &why);
	r->failed |= st == STATUS_NOMEM;
	if (st != STATUS_OK)
		return d;
	*own = 0;
	return inner;
}

int64_t
part_time_utc(struct reading *r, const struct json *d, uint32_t object,
    const char *key)
{
	int64_t ms = part_time(r, d, object, key);
	struct slice text;

	if (ms >= 0)
		return ms;
	text = part_string(r, d, object, key);
	if (text.n == 0)
		return -1;
	text = arena_printf(r->reader->arena, "%.*sZ", SLICE_ARG(text));
	r->failed |= text.p == NULL;
	return time_parse(text, &ms) ? ms : -1;
}

static bool
has_key(const struct json *d, uint32_t object, const char *key)
{
	return object != JSON_NONE && json_get(d, object, key) != JSON_NONE;
}

/* Ends what was begun; absent where it is empty. */
static struct slice
members_keep(struct reading *r, struct buf *b, struct writer *w)
{
	if (write_is_empty(w)) {
		part_give(r, b);
		return SLICE_NONE;
	}
	write_end(w);
	return part_keep(r, b);
}

struct slice
part_metadata(struct reading *r, const struct json *d, uint32_t own,
    const struct slice (*add)[2], size_t n)
{
	struct buf b = part_buf(r);
	struct writer w = WRITER(&b, WRITE_KEPT);
	size_t i;

	write_object(&w, NULL);
	d = own_metadata(r, d, &own);
	if (own != JSON_NONE)
		write_inside(&w, json_raw(d, own));
	for (i = 0; i < n; i++)
		if (add[i][1].p != NULL && !has_key(d, own, add[i][0].p))
			write_raw(&w, add[i][0].p, add[i][1]);
	return members_keep(r, &b, &w);
}

/* The tokens of an object that the item has: those of the record where it is that
 * record's as it stands, else parsed in inner; NULL: it is none. */
static const struct json *
had_metadata(struct reading *r, struct slice metadata, uint32_t *at)
{
	struct json *inner = &r->reader->inner;
	struct json_error why;
	enum status st;

	*at = json_get_kind(r->d, r->root, "metadata", TOKEN_OBJECT);
	if (*at != JSON_NONE && json_raw(r->d, *at).p == metadata.p &&
	    json_raw(r->d, *at).n == metadata.n)
		return r->d;
	*at = 0;
	st = json_parse(inner, metadata, JSON_DEPTH_MAX, 0, &why);
	r->failed |= st == STATUS_NOMEM;
	return st == STATUS_OK && json_kind(inner, 0) == TOKEN_OBJECT ? inner :
	    NULL;
}

/* The members of own that the object at `at` has not. */
static void
others_write(struct reading *r, uint32_t own, const struct json *had,
    uint32_t at, struct writer *w)
{
	const struct json *d = r->d;
	struct slice key;
	const char *name;
	uint32_t t;

	for (t = json_first(d, own); t != JSON_NONE; t = json_next(d, own, t)) {
		key = part_text(r, d, t);
		name = key.p == NULL ? NULL : arena_str(r->reader->arena, key);
		if (name == NULL || has_key(had, at, name))
			continue;
		write_name(w, json_raw(d, t));
		write_raw(w, NULL, json_raw(d, t + 1));
	}
}

void
part_metadata_join(struct reading *r, struct item *item, uint32_t own,
    const struct slice (*add)[2], size_t n)
{
	const struct json *had;
	uint32_t at;
	struct buf b;
	struct writer w;
	size_t i;

	if (item->metadata.p == NULL) {
		item->metadata = part_metadata(r, r->d, own, add, n);
		return;
	}
	if ((had = had_metadata(r, item->metadata, &at)) == NULL)
		return;
	b = part_buf(r);
	w = WRITER(&b, WRITE_KEPT);
	write_object(&w, NULL);
	write_inside(&w, item->metadata);
	if (own != JSON_NONE && json_kind(r->d, own) == TOKEN_OBJECT)
		others_write(r, own, had, at, &w);
	for (i = 0; i < n; i++)
		if (add[i][1].p != NULL && !has_key(had, at, add[i][0].p) &&
		    !(own != JSON_NONE && json_kind(r->d, own) ==
		    TOKEN_OBJECT && has_key(r->d, own, add[i][0].p)))
			write_raw(&w, add[i][0].p, add[i][1]);
	item->metadata = members_keep(r, &b, &w);
}

static void
message_write(struct writer *w, const char *role, struct slice content)
{
	write_object(w, NULL);
	write_word(w, "role", role);
	write_raw(w, "content", content);
	write_end(w);
}

struct slice
part_asked(struct reading *r, struct slice content)
{
	struct buf b = part_buf(r);
	struct writer w = WRITER(&b, WRITE_KEPT);

	write_array(&w, NULL);
	message_write(&w, "user", content);
	write_end(&w);
	return part_keep(r, &b);
}

struct slice
part_messages(struct reading *r, struct slice system_string,
    struct slice messages)
{
	struct buf b;
	struct writer w;

	if (system_string.p == NULL)
		return messages;
	b = part_buf(r);
	w = WRITER(&b, WRITE_KEPT);
	write_array(&w, NULL);
	message_write(&w, "system", system_string);
	if (messages.p != NULL)
		write_inside(&w, messages);
	write_end(&w);
	return part_keep(r, &b);
}

static bool
one_of(struct slice s, const char *const *names)
{
	for (; *names != NULL; names++)
		if (s.n == strlen(*names) && strncasecmp(s.p, *names, s.n) == 0)
			return true;
	return false;
}

static bool
evaluation_result(const struct evaluation *e, bool more_is_better,
    enum guard_result *result)
{
	static const char *const pass[] = { "pass", "passed", NULL };
	static const char *const bad[] = { "fail", "failed", NULL };

	if (one_of(e->label, bad) || (e->yes_no && more_is_better &&
	    e->score == 0)) {
		*result = RESULT_FAIL;
		return true;
	}
	*result = RESULT_PASS;
	return one_of(e->label, pass) || (e->yes_no && more_is_better &&
	    !isnan(e->score));
}

bool
part_evaluation(struct reading *r, struct item *item,
    const struct evaluation *e, const char *prefix)
{
	static const char *const better[] = { "confidence", "quality",
	    "accuracy", "correctness", "relevance", "faithfulness",
	    "groundedness", "helpfulness", "completeness", "coherence", NULL };
	bool more_is_better = one_of(e->name, better);
	enum guard_result result;
	struct caller_guard *g;

	if (e->name.n == 0)
		return false;
	if (evaluation_result(e, more_is_better, &result)) {
		g = part_guard(r, item, e->name, result);
		if (g != NULL) {
			g->score = e->score;
			g->message = e->message;
		}
		return false;
	}
	if (e->label.p != NULL || item->has_confidence || !(e->score >= 0 &&
	    e->score <= 1) || !more_is_better)
		return true;
	item->confidence = e->score;
	item->has_confidence = true;
	item->confidence_source = arena_printf(r->reader->arena, "%s.%.*s",
	    prefix, SLICE_ARG(e->name));
	r->failed |= item->confidence_source.p == NULL;
	return false;
}
