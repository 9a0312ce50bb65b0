/*
 * A strict JSON reader (RFC 8259) over bytes that stay where they are.
 *
 * One pass checks the whole text, UTF-8 and duplicate keys included, and leaves
 * a flat array of tokens with byte offsets: no tree, nothing copied, numbers as
 * they were written.  Token 0 is the value itself; a container is followed by
 * its members (an object's as key, value, key, value), and `next` is the index
 * just past the whole value, so that skipping costs one load.
 *
 * Refused beside what the grammar refuses: a byte order mark, invalid UTF-8,
 * a lone surrogate (written as an escape), duplicate keys (compared decoded),
 * depth over `depth_max`, and, unless JSON_NUL_ALLOWED, NUL in a string.
 */
#ifndef CORE_JSON_PARSE_H
#define CORE_JSON_PARSE_H

#include "core/base/arena.h"
#include "core/base/buf.h"

/* No name here is one of jansson's: a file may include both. */
enum json_kind {
	TOKEN_NULL, TOKEN_FALSE, TOKEN_TRUE, TOKEN_NUMBER, TOKEN_STRING,
	TOKEN_ARRAY, TOKEN_OBJECT
};

struct json_token {
	uint32_t	start, end;	/* bytes, half open; a string's quotes too */
	uint32_t	next;		/* the token after this value */
	uint32_t	type : 3;	/* enum json_kind */
	uint32_t	escaped : 1;	/* a string that holds a backslash */
	uint32_t	count : 28;	/* members of an array or object */
};

/* Reused from text to text: parsing allocates only while `tok` still grows. */
struct json {
	const char		*text;
	size_t			 len;
	struct json_token	*tok;
	uint32_t		 n, cap;
	void			*scratch;	/* the parser's own */
};

#define JSON_INIT	{ NULL, 0, NULL, 0, 0, NULL }
#define JSON_NONE	UINT32_MAX	/* no such token */
#define JSON_DEPTH_MAX	64		/* of a record (handrail-record.5) */
#define JSON_LEN_MAX	((size_t)1 << 30)

/* Flags of json_parse().  What others read in spite of the grammar: a key that
 * is there twice, and half a surrogate pair, which is decoded to U+FFFD. */
enum { JSON_NUL_ALLOWED = 1, JSON_LENIENT = 2 };

/* Where and why a text is not taken: the reason needs no prefix. */
struct json_error {
	size_t		 offset;	/* byte in the text */
	const char	*reason;	/* static */
};

/*
 * STATUS_INVALID with *why filled; STATUS_NOMEM, with why->reason "out of
 * memory".  The text must live and stay unchanged as long as the tokens.
 */
enum status	json_parse(struct json *, struct slice text, int depth_max,
		    int flags, struct json_error *why) MUST_CHECK;
void		json_release(struct json *);

/* The value of an object's key (compared decoded), or JSON_NONE. */
uint32_t	json_get(const struct json *, uint32_t object, const char *key);
/* The same, but JSON_NONE also where the value is null. */
uint32_t	json_get_value(const struct json *, uint32_t object,
		    const char *key);
/* Element i of an array, or JSON_NONE. */
uint32_t	json_at(const struct json *, uint32_t array, uint32_t i);

/*
 * Walks: for (t = json_first(d, c); t != JSON_NONE; t = json_next(d, c, t)).
 * In an object t is the key's token and t + 1 the value's.
 */
uint32_t	json_first(const struct json *, uint32_t container);
uint32_t	json_next(const struct json *, uint32_t container, uint32_t t);

static inline enum json_kind
json_kind(const struct json *d, uint32_t t)
{
	return (enum json_kind)d->tok[t].type;
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
/* Decodes the inside of a string token's quotes onto the end of a buffer. */
void		json_decode(struct slice inside, struct buf *);
/* Is the string token equal to s, decoded? */
bool		json_string_is(const struct json *, uint32_t, const char *s);
/* The byte of the raw text that byte `at` of the decoded string came from. */
uint32_t	json_string_offset(const struct json *, uint32_t, size_t at);


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

double		json_double(const struct json *, uint32_t);
/* False unless the number is an integer (1e3 and 3.0 are) that fits. */
bool		json_int64(const struct json *, uint32_t, int64_t *);

#endif
