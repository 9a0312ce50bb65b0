#include "queue/ingest/file_stream.h"

#include "core/json/parse.h"
#include "core/json/value.h"

#define FIRST_MAX	((size_t)1 << 20)	/* of two elements; longer ones are none */

static struct slice
skip(struct slice s)
{
	while (s.n > 0 && memchr(" \t\r\n", s.p[0], 4) != NULL) {
		s.p++;
		s.n--;
	}
	return s;
}

/* The object that s begins with; 0: it does not end. */
static size_t
object_length(struct slice s)
{
	bool string = false;
	unsigned depth = 0;
	size_t i;

	for (i = 0; i < s.n; i++) {
		if (string && s.p[i] == '\\')
			i++;
		else if (s.p[i] == '"')
			string = !string;
		else if (string)
			continue;
		else if (s.p[i] == '{')
			depth++;
		else if (s.p[i] == '}' && --depth == 0)
			return i + 1;
	}
	return 0;
}

/* Only what begins so is waited for. */
static bool
is_candidates(struct slice s, bool *more)
{
	static const char key[] = "\"candidates\"";
	const size_t n = sizeof(key) - 1;
	struct slice inner = skip((struct slice){ s.p + 1, s.n - 1 });

	*more = inner.n < n && memcmp(inner.p, key, inner.n) == 0;
	return inner.n >= n && memcmp(inner.p, key, n) == 0;
}

static bool
value_is(const struct json *d, uint32_t object, const char *camel,
    const char *snake)
{
	return json_get_value(d, object, camel) != JSON_NONE ||
	    json_get_value(d, object, snake) != JSON_NONE;
}

/* A response of which a candidate has no reason to end, though it says something. */
static bool
is_open(const struct json *d)
{
	uint32_t all = json_get_kind(d, 0, "candidates", TOKEN_ARRAY), t;

	if (all == JSON_NONE || json_get(d, 0, "request") != JSON_NONE)
		return false;
	for (t = json_first(d, all); t != JSON_NONE; t = json_next(d, all, t))
		if (json_get_kind(d, t, "content", TOKEN_OBJECT) != JSON_NONE &&
		    !value_is(d, t, "finishReason", "finish_reason"))
			return true;
	return false;
}

static bool
is_next(const struct json *a, const struct json *b)
{
	static const char *const ids[] = { "responseId", "response_id" };
	uint32_t one, two;
	size_t i;

	if (json_get(b, 0, "request") != JSON_NONE ||
	    (json_get_kind(b, 0, "candidates", TOKEN_ARRAY) == JSON_NONE &&
	    !value_is(b, 0, "usageMetadata", "usage_metadata")))
		return false;
	for (i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
		one = json_get_kind(a, 0, ids[i], TOKEN_STRING);
		two = json_get_kind(b, 0, ids[i], TOKEN_STRING);
		if ((one == JSON_NONE) != (two == JSON_NONE) ||
		    (one != JSON_NONE && !slice_eq(json_raw(a, one),
		    json_raw(b, two))))
			return false;
	}
	return true;
}

/* The second begins at s, which was cut off where it does not end. */
static enum file_kind
second_read(const struct json *first, struct slice s)
{
	struct json second = JSON_INIT;
	enum file_kind kind = FILE_CHUNKS;
	struct json_error why;
	size_t n = object_length(s);

	if (n > 0 && json_parse(&second, (struct slice){ s.p, n },
	    JSON_DEPTH_MAX, JSON_LENIENT, &why) == STATUS_OK &&
	    !is_next(first, &second))
		kind = FILE_VALUES;
	json_release(&second);
	return kind;
}

/* lines: nothing stands between them but the end of a line. */
static enum file_kind
rest_read(const struct json *first, struct slice s, bool lines, bool ended)
{
	s = skip(s);
	if (s.n > 0 && !lines && s.p[0] != ',')
		return FILE_VALUES;
	if (s.n > 0 && !lines)
		s = skip((struct slice){ s.p + 1, s.n - 1 });
	if (s.n > 0 && s.p[0] != '{')
		return FILE_VALUES;
	if (!ended && (s.n == 0 || object_length(s) == 0))
		return FILE_MORE;
	return second_read(first, s);
}

static enum file_kind
stream_kind(struct slice s, bool lines, bool ended)
{
	enum file_kind kind = FILE_VALUES;
	struct json first = JSON_INIT;
	struct json_error why;
	bool more;
	size_t n;

	ended |= s.n > FIRST_MAX;
	if (!is_candidates(s, &more))
		return more && !ended ? FILE_MORE : FILE_VALUES;
	if ((n = object_length(s)) == 0)
		return ended ? FILE_VALUES : FILE_MORE;
	if (lines && memchr(s.p, '\n', n) != NULL)
		return FILE_VALUES;
	if (json_parse(&first, (struct slice){ s.p, n }, JSON_DEPTH_MAX,
	    JSON_LENIENT, &why) == STATUS_OK && is_open(&first))
		kind = rest_read(&first, (struct slice){ s.p + n, s.n - n },
		    lines, ended);
	json_release(&first);
	return kind;
}

enum file_kind
file_stream(struct slice s, bool ended)
{
	return stream_kind(s, false, ended);
}

enum file_kind
file_stream_lines(struct slice s, bool ended)
{
	enum file_kind kind = stream_kind(s, true, ended);

	return kind == FILE_CHUNKS ? FILE_PIECES : kind == FILE_VALUES ?
	    FILE_LINES : kind;
}
