/*
 * A strict JSON reader (RFC 8259) over bytes that stay where they are.
 *
 * One pass checks the whole text, UTF-8 and duplicate keys included, and leaves
 * a flat array of tokens with byte offsets: no tree, nothing copied, numbers as
 * they were written.  Token 0 is the value itself; a container is followed by
 * its members (an object's as key, value, key, value), and `next` is the index
 * just past the whole value, so that skipping costs one load.  `count` of an object's
 * first key tells which keys may be there (json_key_bit()).
 *
 * Refused beside what the grammar refuses: a byte order mark, invalid UTF-8,
 * a lone surrogate (written as an escape), duplicate keys (compared decoded),
 * depth over `depth_max`, and, unless JSON_NUL_ALLOWED, NUL in a string.
 */
#ifndef CORE_JSON_PARSE_H
#define CORE_JSON_PARSE_H

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

/* A number of a key, below 64, by its length and some of its bytes. */
static inline unsigned
json_key_hash(const char *key, size_t n)
{
	const unsigned char *u = (const unsigned char *)key;

	return (unsigned)(n * 7 + (n == 0 ? 0 : u[0] * 5u + u[n / 2] * 11u +
	    u[n - 1])) & 63;
}

/* The bit of a key among those of its object. */
static inline uint32_t
json_key_bit(const char *key, size_t n)
{
	return (uint32_t)1 << json_key_hash(key, n) % 28;
}

/* Reused from text to text: parsing allocates only while `tok` still grows. */
struct json {
	const char		*text;
	size_t			 len;
	struct json_token	*tok;
	uint32_t		 n, cap;
	int			 depth;		/* how deep containers are nested */
	int			 flags;		/* that it was parsed with */
	void			*scratch;	/* the parser's own */
};

#define JSON_INIT	{ NULL, 0, NULL, 0, 0, 0, 0, NULL }
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

#define JSON_KNOWN	2

/*
 * The same of a text that is one container around others which are parsed already:
 * a member or element that is one of `known`, byte for byte, is not read again, but
 * has its tokens.  Known ones may be NULL, or empty; their texts must still be there
 * meanwhile.  What comes of it is what json_parse() gives.
 */
enum status	json_parse_known(struct json *, struct slice text, int depth_max,
		    int flags, const struct json *const known[JSON_KNOWN],
		    struct json_error *why) MUST_CHECK;
void		json_release(struct json *);

#endif
