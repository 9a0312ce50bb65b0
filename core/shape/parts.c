#include "core/shape/parts.h"

#include <math.h>
#include <strings.h>

#include "core/base/arena.h"
#include "core/base/time.h"
#include "core/json/value.h"
#include "core/json/write.h"
#include "core/shape/answer.h"
#include "core/shape/native.h"
#include "core/shape/part_value.h"

#define GUARDS_MAX	((size_t)1 << 19)	/* of one record, in all */

#define SECONDS_MAX	253402300800.0	/* year 10000 */

int64_t
part_time(struct reading *r, const struct json *d, uint32_t object,
    const char *key)
{
	double seconds = part_number(d, object, key);
	int64_t ms;

	if (seconds >= 0 && seconds < SECONDS_MAX)
		return (int64_t)(seconds * 1000 + 0.5);
	return time_parse(part_string(r, d, object, key), &ms) ? ms : -1;
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
	buf_release(b);
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

static bool
has_key(const struct json *d, uint32_t object, const char *key)
{
	return object != JSON_NONE && json_get(d, object, key) != JSON_NONE;
}

/* What stands beside a body, then the body's own members that it does not name. */
static void
beside_write(struct reading *r, const struct json *d, uint32_t own,
    struct writer *w)
{
	struct slice key;
	uint32_t t;

	if (own != JSON_NONE && json_kind(d, own) != TOKEN_OBJECT)
		own = JSON_NONE;
	if (r->beside != JSON_NONE)
		write_inside(w, json_raw(r->d, r->beside));
	if (r->beside == JSON_NONE && own != JSON_NONE) {
		write_inside(w, json_raw(d, own));
		return;
	}
	for (t = own == JSON_NONE ? JSON_NONE : json_first(d, own);
	    t != JSON_NONE; t = json_next(d, own, t)) {
		key = part_text(r, d, t);
		key.p = key.p == NULL ? NULL : arena_str(r->reader->arena, key);
		if (key.p == NULL || has_key(r->d, r->beside, key.p))
			continue;
		write_name(w, json_raw(d, t));
		write_raw(w, NULL, json_raw(d, t + 1));
	}
}

struct slice
part_metadata(struct reading *r, const struct json *d, uint32_t own,
    const struct slice (*add)[2], size_t n)
{
	struct buf b = BUF_INIT;
	struct writer w = WRITER(&b, WRITE_KEPT);
	size_t i;

	write_object(&w, NULL);
	beside_write(r, d, own, &w);
	for (i = 0; i < n; i++)
		if (add[i][1].p != NULL && !has_key(d, own, add[i][0].p) &&
		    !has_key(r->d, r->beside, add[i][0].p))
			write_raw(&w, add[i][0].p, add[i][1]);
	if (write_is_empty(&w)) {
		buf_release(&b);
		return SLICE_NONE;
	}
	write_end(&w);
	return part_keep(r, &b);
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
	struct buf b = BUF_INIT;
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
	struct buf b = BUF_INIT;
	struct writer w = WRITER(&b, WRITE_KEPT);

	if (system_string.p == NULL)
		return messages;
	write_array(&w, NULL);
	message_write(&w, "system", system_string);
	if (messages.p != NULL)
		write_inside(&w, messages);
	write_end(&w);
	return part_keep(r, &b);
}

void
part_request_body(struct reading *r, const struct json *d, uint32_t body,
    struct item *base)
{
	struct slice system, messages;
	uint32_t t;

	messages = part_json(d, body, "messages", TOKEN_ARRAY);
	t = json_get_value(d, body, "input");
	if (messages.p == NULL && t != JSON_NONE && json_kind(d, t) ==
	    TOKEN_ARRAY) {
		messages = json_raw(d, t);
	} else if (messages.p == NULL && t != JSON_NONE &&
	    json_kind(d, t) == TOKEN_STRING) {
		messages = part_asked(r, json_raw(d, t));
	}
	if ((t = json_get_value(d, body, "system")) == JSON_NONE)
		t = json_get_value(d, body, "instructions");
	system = t == JSON_NONE ? SLICE_NONE : json_raw(d, t);
	if (base->messages.p == NULL)
		base->messages = part_messages(r, system, messages);
	base->tools = part_json(d, body, "tools", TOKEN_ARRAY);
}

enum status
part_request(struct reading *r, struct slice custom_id, struct item *base)
{
	struct json *d = &r->reader->inner;
	struct json_error why;
	enum status st;
	uint32_t body;

	if (!r->joined && r->reader->inputs != NULL &&
	    (st = r->reader->inputs(r->reader->inputs_arg, custom_id,
	    r->reader->arena, &base->input, r->err)) != STATUS_OK)
		return st;
	if (base->input.p == NULL)
		return STATUS_OK;
	st = json_parse(d, base->input, JSON_DEPTH_MAX, 0, &why);
	if (st == STATUS_NOMEM)
		return error_nomem(r->err);
	if (st != STATUS_OK)
		return reading_refuse(r, JSON_NONE, "its request: byte %zu: %s",
		    why.offset, why.reason);
	/* OpenAI's lines hold a body, Anthropic's requests params. */
	body = json_get_value(d, 0, "body");
	if (body == JSON_NONE)
		body = json_get_value(d, 0, "params");
	if (body != JSON_NONE)
		part_request_body(r, d, body, base);
	return STATUS_OK;
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
