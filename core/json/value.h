/*
 * The values of a text that json_parse() has taken.
 */
#ifndef CORE_JSON_VALUE_H
#define CORE_JSON_VALUE_H

#include "core/base/arena.h"
#include "core/json/parse.h"

/* The value of an object's key (compared decoded), or JSON_NONE; of JSON_NONE, or of
 * what is no object, too, so that a path is asked for step by step. */
static inline uint32_t json_get(const struct json *, uint32_t object,
		    const char *key);
/* The same, but JSON_NONE also where the value is null. */
static inline uint32_t json_get_value(const struct json *, uint32_t object,
		    const char *key);
/* The same, but JSON_NONE also where the value is of another kind. */
static inline uint32_t json_get_kind(const struct json *, uint32_t object,
		    const char *key, enum json_kind);
/* Whether the value is this string. */
bool		json_get_is(const struct json *, uint32_t object, const char *key,
		    const char *value);
/* Element i of an array, or JSON_NONE. */
uint32_t	json_at(const struct json *, uint32_t array, uint32_t i);

/*
 * Walks: for (t = json_first(d, c); t != JSON_NONE; t = json_next(d, c, t)).
 * In an object t is the key's token and t + 1 the value's.
 */
static inline uint32_t
json_first(const struct json *d, uint32_t container)
{
	return d->tok[container].count == 0 ? JSON_NONE : container + 1;
}

static inline uint32_t
json_next(const struct json *d, uint32_t container, uint32_t t)
{
	if (d->tok[container].type == TOKEN_OBJECT)
		t++;
	t = d->tok[t].next;
	return t < d->tok[container].next ? t : JSON_NONE;
}

/* JSON_NONE counts as null. */
static inline enum json_kind
json_kind(const struct json *d, uint32_t t)
{
	return t == JSON_NONE ? TOKEN_NULL : (enum json_kind)d->tok[t].type;
}

/* The bytes as they came; of a string with its quotes. */
static inline struct slice
json_raw(const struct json *d, uint32_t t)
{
	return (struct slice){ d->text + d->tok[t].start,
	    d->tok[t].end - d->tok[t].start };
}

/*
 * A string's text: the very bytes where nothing is escaped, else decoded into
 * the arena.  p is NULL only when out of memory.
 */
struct slice	json_text(const struct json *, uint32_t, struct arena *);
/* A string token's text, without a call where nothing is escaped. */
static inline struct slice
value_string(const struct json *d, uint32_t t, struct arena *a)
{
	const struct json_token *k = &d->tok[t];

	if (!k->escaped)
		return (struct slice){ d->text + k->start + 1,
		    k->end - k->start - 2 };
	return json_text(d, t, a);
}
/* Decodes the inside of a string token's quotes onto the end of a buffer. */
void		json_decode(struct slice inside, struct buf *);
/* Is the string token, which holds escapes, equal to s once it is decoded? */
bool		json_escaped_is(const struct json *, uint32_t, const char *s);
/* Is the string token equal to s, decoded? */
static inline bool
json_string_is(const struct json *d, uint32_t t, const char *s)
{
	const struct json_token *k = &d->tok[t];
	const size_t n = strlen(s);

	if (k->escaped)
		return json_escaped_is(d, t, s);
	return k->end - k->start == n + 2 &&
	    memcmp(d->text + k->start + 1, s, n) == 0;
}

/*
 * A place inside a string's quotes: as it is written, and once it is decoded.
 * Both begin as 0.  The calls move it on from one character of the decoded text
 * to the next, to the last that begins at or before `at`.
 */
struct json_place {
	size_t	raw, decoded;
};
void		json_place_decoded(struct slice inside, struct json_place *,
		    size_t at);
void		json_place_raw(struct slice inside, struct json_place *,
		    size_t at);

/* Decodes what is inside quotes; out has room for as many bytes.  How many came. */
size_t		json_decode_into(struct slice inside, char *out);
/*
 * Makes of any text one that can be inside quotes as far as escapes go: of other
 * backslashes, and of \b and \f, which begin words of TeX, it makes spaces.
 */
void		json_loosen(char *, size_t);

/*
 * What json_get() and the others ask of an object that may have the key of n bytes.
 * Most of the keys that are asked for are not there, which takes no call: of a key
 * that stands in the source the compiler knows the bit.
 */
uint32_t	json_seek(const struct json *, uint32_t object, const char *key,
		    size_t n);
uint32_t	json_seek_value(const struct json *, uint32_t object,
		    const char *key, size_t n);
uint32_t	json_seek_kind(const struct json *, uint32_t object,
		    const char *key, size_t n, enum json_kind);

/* The bits of its keys; 0: it has none. */
static inline uint32_t
json_key_bits(const struct json *d, uint32_t object)
{
	return object != JSON_NONE && json_kind(d, object) == TOKEN_OBJECT &&
	    d->tok[object].count > 0 ? d->tok[object + 1].count : 0;
}

static inline bool
json_may_have(const struct json *d, uint32_t object, const char *key, size_t n)
{
	return (json_key_bits(d, object) & json_key_bit(key, n)) != 0;
}

static inline uint32_t
json_get(const struct json *d, uint32_t object, const char *key)
{
	const size_t n = strlen(key);

	return json_may_have(d, object, key, n) ? json_seek(d, object, key, n) :
	    JSON_NONE;
}

static inline uint32_t
json_get_value(const struct json *d, uint32_t object, const char *key)
{
	const size_t n = strlen(key);

	return json_may_have(d, object, key, n) ? json_seek_value(d, object,
	    key, n) : JSON_NONE;
}

static inline uint32_t
json_get_kind(const struct json *d, uint32_t object, const char *key,
    enum json_kind kind)
{
	const size_t n = strlen(key);

	return json_may_have(d, object, key, n) ? json_seek_kind(d, object, key,
	    n, kind) : JSON_NONE;
}

double		json_double(const struct json *, uint32_t);
/* False unless the number is an integer (1e3 and 3.0 are) that fits. */
bool		json_int64(const struct json *, uint32_t, int64_t *);

#endif
