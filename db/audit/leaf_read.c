#include "db/audit/leaf_read.h"
#include "core/json/value.h"
#include "db/audit/leaf.h"

#define DEPTH_MAX	8

const char *const leaf_key_name[LEAF_KEY_COUNT] = {
	"actor", "back_ms", "binds", "confidence_ppm", "content_sha256", "decision",
	"due", "event", "evidence_sha256", "findings_sha256", "from", "hook", "ingested_ms",
	"item", "labels_sha256", "log", "mapping", "n", "note_sha256", "output_sha256", "policy",
	"prev", "queue", "ratings_sha256", "reason_sha256", "recalls", "release_sha256",
	"review_ms", "route", "row_sha256", "rows", "rule", "sampled", "seq", "shape",
	"state", "test", "to", "ts", "undoes",
	"v"
};

/* Without blanks the next token begins where the last one and its sign end. */
struct leaf_walk {
	const struct json	*d;
	uint32_t		 at;	/* byte that the next token must begin at */
	const char		*why;
};

static bool
refuse(struct leaf_walk *w, const char *why)
{
	w->why = why;
	return false;
}

/* -?(0|[1-9][0-9]*) and no "-0"; json_parse has seen to the rest. */
static bool
integer_form(struct slice s)
{
	size_t i;

	if (s.n > 17 || slice_eq(s, SLICE("-0")))
		return false;
	for (i = s.p[0] == '-'; i < s.n; i++)
		if (s.p[i] < '0' || s.p[i] > '9')
			return false;
	return true;
}

/* As leaf_write() escapes: the letter forms, \" and \\, \u00xx in lower case
 * for the other controls, and nothing else. */
static bool
string_form(struct slice s)
{
	size_t i;
	const char *p;

	for (i = 1; i + 1 < s.n; i++) {
		if (s.p[i] != '\\')
			continue;
		p = s.p + ++i;
		/* json_parse saw to it that no NUL comes, and that four digits
		 * follow \u. */
		if (strchr("\"\\bfnrt", *p) != NULL)
			continue;
		if (*p != 'u' || memcmp(p + 1, "00", 2) != 0 || p[3] > '1' ||
		    (p[4] >= 'A' && p[4] <= 'F'))
			return false;
		if (p[3] == '0' && strchr("89acd", p[4]) != NULL)
			return false;
	}
	return true;
}

static bool
key_form(struct leaf_walk *w, uint32_t t, struct slice *last)
{
	struct slice key = json_raw(w->d, t);
	size_t n = key.n < last->n ? key.n : last->n;

	if (w->d->tok[t].escaped)
		return refuse(w, "a key with an escape");
	/* With their quotes: '"' sorts below all letters, and json_parse refuses
	 * two that are the same. */
	if (n > 0 && memcmp(key.p, last->p, n) < 0)
		return refuse(w, "its keys are not sorted");
	*last = key;
	return true;
}

static bool value_form(struct leaf_walk *, uint32_t);

static bool
container_form(struct leaf_walk *w, uint32_t c)
{
	bool object = json_kind(w->d, c) == TOKEN_OBJECT;
	struct slice last = SLICE_NONE;
	uint32_t t;

	w->at = w->d->tok[c].start + 1;
	for (t = json_first(w->d, c); t != JSON_NONE; t = json_next(w->d, c, t)) {
		if (object) {
			if (w->d->tok[t].start != w->at)
				return refuse(w, "blanks between its parts");
			if (!key_form(w, t, &last))
				return false;
			w->at = w->d->tok[t].end + 1;
		}
		if (!value_form(w, object ? t + 1 : t))
			return false;
		w->at++;
	}
	/* The last comma counted is the closing bracket, if anything stood. */
	if (w->d->tok[c].count == 0)
		w->at++;
	return w->at == w->d->tok[c].end ? true :
	    refuse(w, "blanks between its parts");
}

static bool
value_form(struct leaf_walk *w, uint32_t t)
{
	const struct json_token *tok = &w->d->tok[t];

	if (tok->start != w->at)
		return refuse(w, "blanks between its parts");
	switch (json_kind(w->d, t)) {
	case TOKEN_OBJECT:
	case TOKEN_ARRAY:
		return container_form(w, t);
	case TOKEN_NUMBER:
		if (!integer_form(json_raw(w->d, t)))
			return refuse(w, "a number that is no plain integer");
		break;
	case TOKEN_STRING:
		if (tok->escaped && !string_form(json_raw(w->d, t)))
			return refuse(w, "a text with a needless escape");
		break;
	default:
		break;
	}
	w->at = tok->end;
	return true;
}

/* Both lists are sorted: one walk finds all. */
static void
find_keys(const struct json *d, struct leaf_view *v)
{
	enum leaf_key k = LEAF_KEY_ACTOR;
	struct slice key;
	uint32_t t;
	int cmp;

	for (k = LEAF_KEY_ACTOR; k < LEAF_KEY_COUNT; k++)
		v->at[k] = JSON_NONE;
	k = LEAF_KEY_ACTOR;
	for (t = json_first(d, 0); t != JSON_NONE; t = json_next(d, 0, t)) {
		key = json_raw(d, t);
		key.p++;
		key.n -= 2;
		for (; k < LEAF_KEY_COUNT; k++) {
			cmp = strncmp(leaf_key_name[k], key.p, key.n);
			if (cmp == 0 && leaf_key_name[k][key.n] == '\0') {
				v->at[k++] = t + 1;
				break;
			}
			if (cmp >= 0)
				break;
		}
	}
}

static const struct {
	enum leaf_key	key;
	enum json_kind	kind;
} common[] = {
	{ LEAF_KEY_ACTOR, TOKEN_OBJECT }, { LEAF_KEY_EVENT, TOKEN_STRING },
	{ LEAF_KEY_LOG, TOKEN_STRING }, { LEAF_KEY_PREV, TOKEN_STRING },
	{ LEAF_KEY_SEQ, TOKEN_NUMBER }, { LEAF_KEY_TS, TOKEN_STRING },
	{ LEAF_KEY_V, TOKEN_STRING }
};

enum status
leaf_read(struct json *d, struct arena *arena, struct slice leaf,
    struct leaf_view *v, struct error *err)
{
	struct json_error why;
	struct leaf_walk w = { d, 0, NULL };
	enum status st;
	size_t i;

	if (leaf.n > LEAF_MAX)
		return error_set(err, STATUS_INVALID, "it has over %d bytes",
		    LEAF_MAX);
	st = json_parse(d, leaf, DEPTH_MAX, 0, &why);
	if (st == STATUS_NOMEM)
		return error_nomem(err);
	if (st != STATUS_OK)
		return error_set(err, STATUS_INVALID,
		    "not JSON at byte %zu: %s", why.offset, why.reason);
	if (json_kind(d, 0) != TOKEN_OBJECT)
		return error_set(err, STATUS_INVALID, "not an object");
	if (!value_form(&w, 0) || w.at != leaf.n)
		return error_set(err, STATUS_INVALID, "%s", w.why == NULL ?
		    "something behind its end" : w.why);
	v->json = d;
	v->arena = arena;
	find_keys(d, v);
	for (i = 0; i < sizeof(common) / sizeof(common[0]); i++)
		if (v->at[common[i].key] == JSON_NONE ||
		    json_kind(d, v->at[common[i].key]) != common[i].kind)
			return error_set(err, STATUS_INVALID, "no key %s, or "
			    "of another type", leaf_key_name[common[i].key]);
	if (!slice_is(leaf_text(v, LEAF_KEY_V), LEAF_VERSION))
		return error_set(err, STATUS_INVALID, "v is not " LEAF_VERSION);
	if (!leaf_ts_read(leaf_text(v, LEAF_KEY_TS), &v->ts_ms))
		return error_set(err, STATUS_INVALID, "ts is not a time");
	return STATUS_OK;
}

struct slice
leaf_text(const struct leaf_view *v, enum leaf_key k)
{
	if (v->at[k] == JSON_NONE || json_kind(v->json, v->at[k]) != TOKEN_STRING)
		return SLICE_NONE;
	return json_text(v->json, v->at[k], v->arena);
}

uint32_t
leaf_other(const struct leaf_view *v, const char *key)
{
	return json_get(v->json, 0, key);
}

struct slice
leaf_other_text(const struct leaf_view *v, const char *key)
{
	uint32_t t = leaf_other(v, key);

	if (t == JSON_NONE || json_kind(v->json, t) != TOKEN_STRING)
		return SLICE_NONE;
	return json_text(v->json, t, v->arena);
}

bool
leaf_other_is(const struct leaf_view *v, const char *key, int64_t n)
{
	uint32_t t = leaf_other(v, key);
	int64_t there;

	if (t == JSON_NONE)
		return false;
	if (json_kind(v->json, t) == TOKEN_NULL)
		return n == 0;
	return n != 0 && json_int64(v->json, t, &there) && there == n;
}

struct slice
leaf_actor_text(const struct leaf_view *v, const char *key)
{
	uint32_t t = json_get(v->json, v->at[LEAF_KEY_ACTOR], key);

	if (t == JSON_NONE || json_kind(v->json, t) != TOKEN_STRING)
		return SLICE_NONE;
	return json_text(v->json, t, v->arena);
}

bool
leaf_actor_is(const struct leaf_view *v, int64_t uid)
{
	uint32_t t = json_get(v->json, v->at[LEAF_KEY_ACTOR], "uid");
	int64_t n;

	return t != JSON_NONE && json_int64(v->json, t, &n) && n == uid;
}

bool
leaf_int(const struct leaf_view *v, enum leaf_key k, int64_t *out)
{
	return v->at[k] != JSON_NONE && json_int64(v->json, v->at[k], out);
}

bool
leaf_hash_value(const struct leaf_view *v, enum leaf_key k, struct hash *out)
{
	return hash_from_hex(leaf_text(v, k), out);
}

bool
leaf_null(const struct leaf_view *v, enum leaf_key k)
{
	return v->at[k] == JSON_NONE ||
	    json_kind(v->json, v->at[k]) == TOKEN_NULL;
}

bool
leaf_true(const struct leaf_view *v, enum leaf_key k)
{
	return v->at[k] != JSON_NONE &&
	    json_kind(v->json, v->at[k]) == TOKEN_TRUE;
}

enum status
leaf_follows(const struct leaf_view *v, const char *log,
    const struct hash *prev, int64_t seq, struct error *err)
{
	struct hash named;
	int64_t n = -1;

	if (!slice_is(leaf_text(v, LEAF_KEY_LOG), log))
		return error_set(err, STATUS_CORRUPT,
		    "it belongs to another log");
	/* leaf_read() saw to it that it is a number. */
	(void)leaf_int(v, LEAF_KEY_SEQ, &n);
	if (n != seq)
		return error_set(err, STATUS_CORRUPT,
		    "its seq is not %lld", (long long)seq);
	if (!leaf_hash_value(v, LEAF_KEY_PREV, &named) || !hash_eq(&named, prev))
		return error_set(err, STATUS_CORRUPT,
		    "its prev is not the hash of the leaf before it");
	return STATUS_OK;
}
