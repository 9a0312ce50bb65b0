/*
 * Where a request goes: targets and their queries, hosts and ports, and the lists
 * in values of fields.  Strict: what RFC 3986 does not allow is refused.
 */
#ifndef CORE_HTTP_TARGET_H
#define CORE_HTTP_TARGET_H

#include "core/base/buf.h"

/* "example.org:8080", "[::1]": name without brackets, lower and upper case as
 * they came. */
struct http_authority {
	struct slice	name;
	int		port;		/* 1 to 65535; 0: none was given */
	bool		ipv6;		/* it stood in brackets */
};

/* False where it is none: an empty name, user information, a port that is empty
 * or out of range, an address in brackets that is none, blanks, escapes. */
bool		http_authority_parse(struct slice, struct http_authority *);
/* The same host and port, letters of either case; port_default where none is. */
bool		http_authority_same(const struct http_authority *,
		    const struct http_authority *, int port_default);

enum http_form { HTTP_ORIGIN, HTTP_ABSOLUTE, HTTP_ASTERISK };

/* Its bytes are checked, escapes too; nothing is decoded. */
struct http_target {
	enum http_form		form;
	struct slice		raw;
	struct slice		path;		/* from "/" on; "*" of HTTP_ASTERISK */
	struct slice		query;		/* without "?"; absent: SLICE_NONE */
	struct http_authority	authority;	/* of HTTP_ABSOLUTE */
	int			port_default;	/* 80 or 443, by its scheme */
};

/* False where it is none.  Whether "*" may be asked for is the caller's: it is for
 * OPTIONS. */
bool		http_target_parse(struct slice, struct http_target *);

/*
 * Adds the text with its escapes decoded, a "+" as a blank where `form` is true;
 * false, out being as it was, for a bad escape, NUL or invalid UTF-8.  As ever,
 * the one who uses the bytes asks buf_check().
 */
bool		http_decode(struct slice, bool form, struct buf *out);
/* Adds the text with all but RFC 3986's unreserved characters escaped. */
void		http_encode(struct slice, struct buf *out);

/*
 * The parameter of this name, its value decoded at the end of *out and *value
 * pointing to it until out is changed; SLICE_NONE where there is none (a name
 * without "=" has an empty value).  STATUS_INVALID, why being static: it is there
 * twice, or its value does not decode.
 */
enum status	http_query_get(struct slice query, const char *name, struct buf *out,
		    struct slice *value, const char **why) MUST_CHECK;
/* Goes through all: takes the next off *rest, neither part decoded; false at the
 * end. */
bool		http_query_next(struct slice *rest, struct slice *name,
		    struct slice *value);

/* Takes the next element off a value that is a list, by its commas, trimmed;
 * empty ones are passed over; a quoted comma parts nothing.  False at the end. */
bool		http_list_next(struct slice *rest, struct slice *element);
/* Equal but for the case of ASCII letters. */
bool		http_same(struct slice, struct slice);
/* Without blanks and tabs at either end. */
struct slice	http_trim(struct slice);

#endif
