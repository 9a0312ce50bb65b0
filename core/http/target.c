#include "core/http/target.h"

#include <arpa/inet.h>

#include "core/base/utf8.h"
#include "core/http/chars.h"

static inline char
lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* Eight bytes at once: they may differ by the bit of a letter's case alone. */
static inline bool
eight_same(const char *p, const char *q)
{
	const uint64_t ones = 0x0101010101010101u, tops = ones * 0x80;
	uint64_t x, y, differ, low, letters;

	memcpy(&x, p, 8);
	memcpy(&y, q, 8);
	differ = x ^ y;
	if ((differ & ~(ones * 0x20)) != 0)
		return false;
	low = (x | ones * 0x20) & ~tops;
	letters = (low + ones * (0x80 - 'a')) & ~(low + ones * (0x7f - 'z')) &
	    ~x & tops;
	return (differ << 2 & ~letters) == 0;
}

bool
http_same(struct slice a, struct slice b)
{
	size_t i = 0;

	if (a.n != b.n)
		return false;
	if (a.n >= 8) {
		for (; a.n - i > 8; i += 8)
			if (!eight_same(a.p + i, b.p + i))
				return false;
		return eight_same(a.p + a.n - 8, b.p + a.n - 8);
	}
	for (; i < a.n; i++)
		if (lower(a.p[i]) != lower(b.p[i]))
			return false;
	return true;
}

struct slice
http_trim(struct slice s)
{
	while (s.n > 0 && (s.p[0] == ' ' || s.p[0] == '\t'))
		s.p++, s.n--;
	while (s.n > 0 && (s.p[s.n - 1] == ' ' || s.p[s.n - 1] == '\t'))
		s.n--;
	return s;
}

static struct slice
from(struct slice s, size_t at)
{
	return (struct slice){ s.p + at, s.n - at };
}

/* Up to where the byte stands, or all. */
static struct slice
until(struct slice s, char c)
{
	const char *p = s.n == 0 ? NULL : memchr(s.p, c, s.n);

	if (p != NULL)
		s.n = (size_t)(p - s.p);
	return s;
}

static bool
port_parse(struct slice s, int *port)
{
	size_t i;

	if (s.n == 0 || s.n > 5 || s.p[0] == '0')
		return false;
	for (*port = 0, i = 0; i < s.n; i++) {
		if (s.p[i] < '0' || s.p[i] > '9')
			return false;
		*port = *port * 10 + (s.p[i] - '0');
	}
	return *port <= 65535;
}

static bool
ipv6_parse(struct slice s)
{
	unsigned char address[16];
	char text[INET6_ADDRSTRLEN];

	if (s.n == 0 || s.n >= sizeof(text) || memchr(s.p, '\0', s.n) != NULL)
		return false;
	memcpy(text, s.p, s.n);
	text[s.n] = '\0';
	return inet_pton(AF_INET6, text, address) == 1;
}

bool
http_authority_parse(struct slice s, struct http_authority *out)
{
	*out = (struct http_authority){ .name = until(s, ':') };
	if (s.n > 0 && s.p[0] == '[') {
		out->ipv6 = true;
		out->name = until(from(s, 1), ']');
		if (out->name.n == s.n - 1 || !ipv6_parse(out->name))
			return false;
		s = from(s, out->name.n + 2);
	} else {
		if (out->name.n == 0 || !http_chars_are(out->name, CHAR_HOST))
			return false;
		s = from(s, out->name.n);
	}
	return s.n == 0 || (s.p[0] == ':' && port_parse(from(s, 1), &out->port));
}

bool
http_authority_same(const struct http_authority *a,
    const struct http_authority *b, int port_default)
{
	return a->ipv6 == b->ipv6 && http_same(a->name, b->name) &&
	    (a->port == 0 ? port_default : a->port) ==
	    (b->port == 0 ? port_default : b->port);
}

static bool
escapes_are_whole(struct slice s)
{
	size_t i;

	for (i = 0; i < s.n; i++)
		if (s.p[i] == '%' && (s.n - i < 3 || hex_digit(s.p[i + 1]) < 0 ||
		    hex_digit(s.p[i + 2]) < 0))
			return false;
	return true;
}

static bool
path_and_query(struct slice s, struct http_target *t)
{
	t->path = until(s, '?');
	t->query = t->path.n == s.n ? SLICE_NONE : from(s, t->path.n + 1);
	if (t->path.n == 0)
		t->path = SLICE("/");
	return t->path.p[0] == '/' && http_chars_are(t->path, CHAR_PATH) &&
	    http_chars_are(t->query, CHAR_QUERY) && escapes_are_whole(s);
}

static const struct scheme {
	struct slice	begins;
	int		port;
} schemes[] = {
	{ { "http://", 7 }, 80 }, { { "https://", 8 }, 443 }
};

bool
http_target_parse(struct slice s, struct http_target *t)
{
	struct slice rest;
	size_t i, n;

	*t = (struct http_target){ .raw = s, .path = s };
	if (slice_is(s, "*")) {
		t->form = HTTP_ASTERISK;
		return true;
	}
	if (s.n > 0 && s.p[0] == '/')
		return path_and_query(s, t);
	t->form = HTTP_ABSOLUTE;
	for (i = 0; i < sizeof(schemes) / sizeof(schemes[0]); i++) {
		n = schemes[i].begins.n;
		if (s.n < n || !http_same((struct slice){ s.p, n },
		    schemes[i].begins))
			continue;
		t->port_default = schemes[i].port;
		rest = from(s, n);
		n = until(until(rest, '/'), '?').n;
		return http_authority_parse((struct slice){ rest.p, n },
		    &t->authority) && path_and_query(from(rest, n), t);
	}
	return false;
}

/* What was added from `begin` on is text that others may be given. */
static bool
decoded_well(const struct buf *out, size_t begin)
{
	return out->n == begin ||
	    (memchr(out->p + begin, '\0', out->n - begin) == NULL &&
	    utf8_valid(out->p + begin, out->n - begin) == out->n - begin);
}

bool
http_decode(struct slice s, bool form, struct buf *out)
{
	size_t begin = out->n, i;

	if (!escapes_are_whole(s))
		return false;
	for (i = 0; i < s.n; i++) {
		if (s.p[i] == '%') {
			buf_putc(out, (char)(hex_digit(s.p[i + 1]) << 4 |
			    hex_digit(s.p[i + 2])));
			i += 2;
		} else {
			buf_putc(out, form && s.p[i] == '+' ? ' ' : s.p[i]);
		}
	}
	if (decoded_well(out, begin))
		return true;
	out->n = begin;
	out->p[begin] = '\0';
	return false;
}

void
http_encode(struct slice s, struct buf *out)
{
	size_t i;

	for (i = 0; i < s.n; i++) {
		if (http_char_is(s.p[i], CHAR_PLAIN))
			buf_putc(out, s.p[i]);
		else
			buf_printf(out, "%%%02X", (unsigned char)s.p[i]);
	}
}

bool
http_query_next(struct slice *rest, struct slice *name, struct slice *value)
{
	struct slice pair;

	while (rest->n > 0) {
		pair = until(*rest, '&');
		*rest = from(*rest, pair.n == rest->n ? pair.n : pair.n + 1);
		if (pair.n == 0)
			continue;
		*name = until(pair, '=');
		*value = from(pair, name->n == pair.n ? pair.n : name->n + 1);
		return true;
	}
	return false;
}

/* A name that does not decode is none that anyone asks for. */
static bool
name_is(struct slice raw, const char *name, struct buf *scratch)
{
	size_t begin = scratch->n, i;
	bool same;

	for (i = 0; i < raw.n && raw.p[i] != '%' && raw.p[i] != '+'; i++)
		;
	if (i == raw.n)
		return slice_is(raw, name);
	if (!http_decode(raw, true, scratch) || scratch->n == begin)
		return false;
	same = slice_is((struct slice){ scratch->p + begin, scratch->n - begin },
	    name);
	scratch->n = begin;
	return same;
}

enum status
http_query_get(struct slice query, const char *name, struct buf *out,
    struct slice *value, const char **why)
{
	struct slice rest = query, key, raw, found = SLICE_NONE;
	size_t begin = out->n;

	*value = SLICE_NONE;
	while (http_query_next(&rest, &key, &raw)) {
		if (!name_is(key, name, out))
			continue;
		if (found.p != NULL) {
			*why = "it is there twice";
			return STATUS_INVALID;
		}
		found = raw;
	}
	if (found.p != NULL && !http_decode(found, true, out)) {
		*why = "it is not valid UTF-8";
		return STATUS_INVALID;
	}
	if (out->failed) {
		*why = "out of memory";
		return STATUS_NOMEM;
	}
	if (found.p != NULL)
		*value = out->n == begin ? SLICE("") :
		    (struct slice){ out->p + begin, out->n - begin };
	return STATUS_OK;
}

bool
http_list_next(struct slice *rest, struct slice *element)
{
	bool quoted;
	size_t i;

	while (rest->n > 0) {
		for (quoted = false, i = 0; i < rest->n &&
		    (quoted || rest->p[i] != ','); i++) {
			if (quoted && rest->p[i] == '\\' && i + 1 < rest->n)
				i++;
			else if (rest->p[i] == '"')
				quoted = !quoted;
		}
		*element = http_trim((struct slice){ rest->p, i });
		*rest = from(*rest, i < rest->n ? i + 1 : i);
		if (element->n > 0)
			return true;
	}
	return false;
}
