/* URLs, domains, IP and MAC addresses. */
#include "core/guard/pii/net.h"
#include "core/guard/pii/ascii.h"
#include "core/guard/pii/hit.h"
#include "core/guard/pii/kinds.h"
#include "core/guard/pii/tld.h"
#include "core/guard/pii/version.h"
#include "core/guard/pii/words.h"

/* Of what is no one's; below what a policy asks for unless it says so. */
#define SCORE_NOBODY	0.3

static bool
is_hex(char c)
{
	return is_digit(c) || (to_lower(c) >= 'a' && to_lower(c) <= 'f');
}

static bool
in_host(char c)
{
	return is_alnum(c) || c == '-' || c == '.' || (unsigned char)c >= 0x80;
}

static bool
starts(struct slice t, size_t at, const char *s)
{
	size_t n = strlen(s);

	return at <= t.n && t.n - at >= n && memcmp(t.p + at, s, n) == 0;
}

/* Four decimal bytes at `at`; their end, or 0. */
static size_t
ipv4_parse(struct slice t, size_t at, unsigned char out[4])
{
	unsigned v, k, n;

	for (k = 0; k < 4; k++) {
		if (k > 0 && byte_at(t, at++) != '.')
			return 0;
		for (v = n = 0; n < 4 && is_digit(byte_at(t, at)); n++)
			v = v * 10 + (unsigned)(t.p[at++] - '0');
		if (n == 0 || n > 3 || v > 255 ||
		    (n > 1 && t.p[at - n] == '0'))
			return 0;
		out[k] = (unsigned char)v;
	}
	return at;
}

/* The last label of a host. */
static struct slice
last_label(struct slice host)
{
	size_t i = host.n;

	while (i > 0 && host.p[i - 1] != '.')
		i--;
	return (struct slice){ host.p + i, host.n - i };
}

/* Labels of 1 to 63, none beginning or ending with '-', at least two. */
static bool
host_ok(struct slice h)
{
	size_t i, start = 0, labels = 0;

	if (h.n > 253)
		return false;
	for (i = 0; i <= h.n; i++)
		if (i == h.n || h.p[i] == '.') {
			if (i == start || i - start > 63 ||
			    h.p[start] == '-' || h.p[i - 1] == '-')
				return false;
			labels++;
			start = i + 1;
		}
	return labels >= 2;
}

/* Where a URL's rest ends: at a blank, a quote, or punctuation before one. */
static size_t
url_rest(struct slice t, size_t from, size_t at)
{
	int open = 0;
	size_t end;

	while (at < t.n && (unsigned char)t.p[at] > ' ' &&
	    strchr("\"<>`{}|\\^", t.p[at]) == NULL) {
		open += (t.p[at] == '(') - (t.p[at] == ')');
		at++;
	}
	for (end = at; end > from; end--) {
		char c = t.p[end - 1];

		if (c == ')' && open < 0)
			open++;
		else if (strchr(".,;:!?'*]", c) == NULL)
			break;
	}
	return end;
}

/* The scheme of a network that ends at the colon; `colon`: none. */
static size_t
scheme_start(struct slice t, size_t colon)
{
	static const char *const schemes[] = { "http", "https", "ftp", "ftps",
	    "sftp", "ws", "wss", "ssh", "git", "ldap", "rtsp" };
	size_t start = colon, i;

	while (start > 0 && is_letter(t.p[start - 1]) && colon - start < 6)
		start--;
	for (i = 0; i < sizeof(schemes) / sizeof(schemes[0]); i++)
		if (strlen(schemes[i]) == colon - start &&
		    strncasecmp(schemes[i], t.p + start, colon - start) == 0)
			return start;
	return colon;
}

/* Behind "user:password@" at `at`, or `at`. */
static size_t
skip_user(struct slice t, size_t at)
{
	size_t i, host = at;

	for (i = at; i < t.n && (unsigned char)t.p[i] > ' ' &&
	    strchr("/\"'<>?#", t.p[i]) == NULL; i++)
		if (t.p[i] == '@')
			host = i + 1;
	return host;
}

void
find_url(struct pii_scan *s, size_t colon)
{
	struct slice t = s->text, host;
	size_t start, at, end;
	unsigned char ip[4];

	if (colon < s->url_end || !starts(t, colon, "://") ||
	    (start = scheme_start(t, colon)) == colon)
		return;
	at = end = skip_user(t, colon + 3);
	while (end < t.n && in_host(t.p[end]))
		end++;
	while (end > at && t.p[end - 1] == '.')
		end--;
	host = (struct slice){ t.p + at, end - at };
	s->authority_end = end;
	s->url_end = url_rest(t, end, end);
	if (ipv4_parse(t, at, ip) == end || (host_ok(host) &&
	    tld_find(last_label(host)) != TLD_NONE))
		pii_hit(s, PII_URL, start, s->url_end, 0.6, false,
		    "known top-level domain");
}

/* A word that only looks like a host: a file, a method, a missing blank. */
static double
host_score(struct pii_scan *s, struct slice host, size_t at)
{
	static const char *const sure[] = { "com", "org", "net", "edu", "gov",
	    "mil", "biz", "xyz", "dev", "online", "aero", "museum", "mobi" };
	struct slice tld = last_label(host);
	enum tld known = tld_find(tld);
	double score = known == TLD_COUNTRY ? 0.45 : 0.2;
	size_t i;

	for (i = 0; i < sizeof(sure) / sizeof(sure[0]); i++)
		if (slice_is(tld, sure[i]))
			score = 0.55;
	if (known == TLD_NONE || is_digit(tld.p[0]) ||
	    (tld.p[0] < 'a' && host.p[0] >= 'a'))
		return 0;
	words_around(s, at, at + host.n);
	if (score < 0.4 && words_speak(&s->words,
	    pii_kind_rows[PII_DOMAIN_NAME].context))
		score = 0.5;
	return score;
}

/* A host's characters around the dot, none of them read before. */
static struct slice
host_around(struct pii_scan *s, size_t dot)
{
	struct slice t = s->text;
	size_t start = dot, end = dot;

	while (start > s->domain_end && in_host(t.p[start - 1]))
		start--;
	while (end < t.n && in_host(t.p[end]))
		end++;
	s->domain_end = end;
	while (end > dot && (t.p[end - 1] == '.' || t.p[end - 1] == '-'))
		end--;
	return (struct slice){ t.p + start, end - start };
}

/* Part of an address, a path or code? */
static bool
host_stands(struct slice t, size_t start, size_t end)
{
	char before = start == 0 ? ' ' : t.p[start - 1];
	char after = byte_at(t, end);

	return strchr("@/_\\$", before) == NULL &&
	    (after == '\0' || strchr("@_(=", after) == NULL);
}

void
find_domain(struct pii_scan *s, size_t dot)
{
	struct slice t = s->text, host;
	size_t start, end;
	double score;

	if (dot < s->domain_end || dot < s->url_end || dot == 0 ||
	    !in_host(t.p[dot - 1]) || !is_letter(byte_at(t, dot + 1)))
		return;
	host = host_around(s, dot);
	start = (size_t)(host.p - t.p);
	end = start + host.n;
	if (!host_stands(t, start, end) || !host_ok(host))
		return;
	if (host.n > 4 && strncasecmp(host.p, "www.", 4) == 0 &&
	    tld_find(last_label(host)) != TLD_NONE) {
		s->url_end = url_rest(t, end, end);
		pii_hit(s, PII_URL, start, s->url_end, 0.6, false,
		    "known top-level domain");
	} else if ((score = host_score(s, host, start)) > 0) {
		pii_hit(s, PII_DOMAIN_NAME, start, end, score, false,
		    "known top-level domain");
	}
}

/*
 * This machine, any machine, a mask; many machines; given by a machine to itself
 * (RFC 3927); kept for tests and for what is written about addresses (RFC 5737,
 * 2544): nobody's.
 */
static bool
ipv4_reserved(const unsigned char b[4])
{
	static const unsigned char kept[][3] = { { 192, 0, 2 },
	    { 198, 51, 100 }, { 203, 0, 113 } };
	size_t i;

	for (i = 0; i < sizeof(kept) / sizeof(kept[0]); i++)
		if (memcmp(kept[i], b, 3) == 0)
			return true;
	return b[0] == 0 || b[0] == 127 || b[0] >= 224 ||
	    (b[0] == 169 && b[1] == 254) ||
	    (b[0] == 198 && (b[1] & 0xfe) == 18);
}

/* May an address stand here: not in a longer number, a name or a file's? */
static bool
ipv4_stands(struct slice t, size_t at, size_t end)
{
	char before = at == 0 ? ' ' : t.p[at - 1], after = byte_at(t, end);
	char left = at < 2 ? ' ' : t.p[at - 2], right = byte_at(t, end + 1);

	if (is_alnum(before) || before == '_' || is_alnum(after) ||
	    after == '_')
		return false;
	if ((before == '.' || before == '-' || before == ',') &&
	    is_alnum(left))
		return false;
	return !(after == '.' && is_alnum(right)) &&
	    !(after == '-' && is_letter(right));
}

void
find_ipv4(struct pii_scan *s, size_t at)
{
	unsigned char b[4];
	double score = 0.95;
	struct pii_hit *h;
	bool reserved;
	size_t end;

	if (at < s->net_end || (end = ipv4_parse(s->text, at, b)) == 0 ||
	    !ipv4_stands(s->text, at, end))
		return;
	words_around(s, at, end);
	reserved = ipv4_reserved(b);
	if (reserved || pii_is_version(s, at, end, b))
		score = SCORE_NOBODY;
	s->net_end = end;
	h = pii_hit(s, PII_IP_ADDRESS, at, end, score, true, "parsed as IPv4");
	if (h != NULL)
		h->open = reserved;
}

struct ipv6 {
	size_t		end;
	unsigned	groups, longest, first;	/* first: digits of group 0 */
	unsigned	head[2];		/* the first two groups */
	bool		gap;
};

static unsigned
hex_value(const char *p, unsigned n)
{
	unsigned v = 0, i;

	for (i = 0; i < n; i++)
		v = v << 4 | (is_digit(p[i]) ? (unsigned)(p[i] - '0') :
		    (unsigned)(to_lower(p[i]) - 'a') + 10);
	return v;
}

/* Of many machines, or kept for what is written about addresses (RFC 3849). */
static bool
ipv6_reserved(const struct ipv6 *x)
{
	return x->head[0] >> 8 == 0xff || (x->head[0] == 0x2001 &&
	    x->head[1] == 0xdb8);
}

/* One group of hex digits or a dotted IPv4 at `at`; behind it, or 0. */
static size_t
ipv6_group(struct slice t, size_t at, struct ipv6 *x)
{
	unsigned char v4[4];
	unsigned n = 0;
	size_t end;

	if (x->groups > 0 && x->groups <= 6 &&
	    (end = ipv4_parse(t, at, v4)) != 0) {
		x->groups += 2;
		x->first = 4;	/* no code looks like that */
		return end;
	}
	while (n < 5 && is_hex(byte_at(t, at + n)))
		n++;
	if (n == 0 || n > 4)
		return 0;
	if (x->groups == 0 && !x->gap)
		x->first = n;
	x->longest = n > x->longest ? n : x->longest;
	if (x->groups < 2 && !x->gap)
		x->head[x->groups] = hex_value(t.p + at, n);
	x->groups++;
	return at + n;
}

static bool
ipv6_parse(struct slice t, size_t at, struct ipv6 *x)
{
	size_t next;

	*x = (struct ipv6){ .end = at };
	if (starts(t, at, "::")) {
		x->gap = true;
		at += 2;
		x->end = at;
	}
	while (x->groups < 8 && (next = ipv6_group(t, at, x)) != 0) {
		x->end = at = next;
		if (starts(t, at, "::")) {
			if (x->gap)
				return false;
			x->gap = true;
			x->end = at += 2;
		} else if (byte_at(t, at) == ':' &&
		    is_hex(byte_at(t, at + 1))) {
			at++;
		} else {
			break;
		}
	}
	return x->gap ? x->groups < 8 : x->groups == 8;
}

static bool
ipv6_ends(struct slice t, size_t end)
{
	char c = byte_at(t, end), next = byte_at(t, end + 1);

	return !is_alnum(c) && c != '_' &&
	    (c != ':' || (!is_alnum(next) && next != ':'));
}

static void
find_ipv6(struct pii_scan *s, size_t start)
{
	struct slice t = s->text;
	struct ipv6 x;
	double score = 0.95;
	bool digits = false, reserved;
	struct pii_hit *h;
	size_t i;

	if (!ipv6_parse(t, start, &x) || !ipv6_ends(t, x.end))
		return;
	for (i = start; i < x.end; i++)
		digits |= is_digit(t.p[i]);
	words_around(s, start, x.end);
	/* "std::b", "1::2", "face::": code more often than an address. */
	if (x.gap && (x.groups < 2 || x.first < 3 || !digits) && x.groups < 4 &&
	    !(words_of_net(&s->words) && x.groups > 1))
		score = SCORE_NOBODY;
	reserved = ipv6_reserved(&x);
	s->net_end = x.end;
	h = pii_hit(s, PII_IP_ADDRESS, start, x.end, reserved ? SCORE_NOBODY :
	    score, true, "parsed as IPv6");
	if (h != NULL)
		h->open = reserved;
}

/* Six pairs, or three fours parted by dots, of hex digits; their end, or 0. */
static size_t
mac_parse(struct slice t, size_t at, char separator)
{
	unsigned groups = separator == '.' ? 3 : 6, k, n;
	unsigned width = 12 / groups;
	bool zero = true, ones = true;

	for (k = 0; k < groups; k++) {
		if (k > 0 && byte_at(t, at++) != separator)
			return 0;
		for (n = 0; n < width; n++, at++) {
			if (!is_hex(byte_at(t, at)))
				return 0;
			zero &= t.p[at] == '0';
			ones &= to_lower(t.p[at]) == 'f';
		}
	}
	if (is_alnum(byte_at(t, at)) || (byte_at(t, at) == separator &&
	    is_alnum(byte_at(t, at + 1))) || zero || ones)
		return 0;
	return at;
}

static bool
find_mac_at(struct pii_scan *s, size_t start, char separator)
{
	size_t end = mac_parse(s->text, start, separator);

	if (end == 0)
		return false;
	s->net_end = end;
	pii_hit(s, PII_MAC_ADDRESS, start, end, 0.95, true, "parsed");
	return true;
}

void
find_mac(struct pii_scan *s, size_t start, size_t end)
{
	struct slice t = s->text;
	char separator = byte_at(t, end);
	size_t width = separator == '.' ? 4 : 2, low;

	if (start < s->net_end || (separator != '-' && separator != '.') ||
	    end - start != width)
		return;
	/* The pairs before this one may hold no digit. */
	low = start > 18 ? start - 18 : 0;
	while (start > low + width && t.p[start - 1] == separator &&
	    is_hex(t.p[start - 2]) && is_hex(t.p[start - width - 1]))
		start -= width + 1;
	if (start > 0 && (is_alnum(t.p[start - 1]) || t.p[start - 1] ==
	    separator))
		return;
	(void)find_mac_at(s, start, separator);
}

void
find_colons(struct pii_scan *s, size_t colon)
{
	struct slice t = s->text;
	size_t start = colon;
	char before;

	if (colon < s->net_end || (!is_hex(byte_at(t, colon + 1)) &&
	    byte_at(t, colon + 1) != ':'))
		return;
	while (start > 0 && colon - start < 5 && is_hex(t.p[start - 1]))
		start--;
	before = start == 0 ? ' ' : t.p[start - 1];
	if (is_alnum(before) || before == ':' || before == '_' ||
	    before == '.' || colon - start > 4)
		return;
	if (colon - start == 2 && find_mac_at(s, start, ':'))
		return;
	find_ipv6(s, start);
}
