#include "core/guard/pii/decode.h"

#include "core/base/arena.h"
#include "core/base/utf8.h"

#define BASE64_MIN	12	/* characters; shorter ones hold nothing */

/* UTF-8 without controls but for TAB, LF and CR? */
static bool
is_text(const char *p, size_t n)
{
	unsigned char c;
	size_t i;

	for (i = 0; i < n; i++) {
		c = (unsigned char)p[i];
		if (c == 0x7f || (c < 0x20 && c != '\t' && c != '\n' &&
		    c != '\r'))
			return false;
	}
	return n > 0 && utf8_valid(p, n) == n;
}

static enum status
decode_base64(struct slice part, struct arena *a, struct pii_decoded *d)
{
	uint32_t bits = 0;
	unsigned have = 0;
	size_t i, n = 0;
	char *p;

	if ((p = arena_alloc(a, part.n)) == NULL)
		return STATUS_NOMEM;
	for (i = 0; i < part.n && part.p[i] != '='; i++) {
		bits = bits << 6 | (uint32_t)base64_digit(part.p[i]);
		have += 6;
		if (have >= 8) {
			have -= 8;
			p[n++] = (char)(bits >> have & 0xff);
		}
	}
	if (is_text(p, n))
		d->text = (struct slice){ p, n };
	d->how = " (in base64)";
	d->from = NULL;
	return STATUS_OK;
}

static enum status
decode_percent(struct slice t, size_t start, size_t end, struct arena *a,
    struct pii_decoded *d)
{
	uint32_t *from;
	size_t i, n = 0;
	char *p;
	int high, low;

	p = arena_alloc(a, end - start);
	from = arena_alloc(a, (end - start + 1) * sizeof(*from));
	if (p == NULL || from == NULL)
		return STATUS_NOMEM;
	for (i = start; i < end; i++) {
		from[n] = (uint32_t)i;
		p[n] = t.p[i];
		if (t.p[i] == '%' && i + 2 < end &&
		    (high = hex_digit(t.p[i + 1])) >= 0 &&
		    (low = hex_digit(t.p[i + 2])) >= 0) {
			p[n] = (char)(high << 4 | low);
			i += 2;
		}
		n++;
	}
	from[n] = (uint32_t)end;
	if (is_text(p, n))
		d->text = (struct slice){ p, n };
	d->how = " (percent-encoded)";
	d->from = from;
	return STATUS_OK;
}

static bool
has_percent(struct slice t, size_t start, size_t end)
{
	size_t i;

	for (i = start; i + 2 < end; i++)
		if (t.p[i] == '%' && hex_digit(t.p[i + 1]) >= 0 &&
		    hex_digit(t.p[i + 2]) >= 0)
			return true;
	return false;
}

static bool
ends_part(char c)
{
	return (unsigned char)c <= ' ' || c == '"' || c == '\'' || c == '<' ||
	    c == '>' || c == '`' || c == ',' || c == ';';
}

/* The run of base64 at or after *at, decoded if it is long enough. */
static enum status
next_base64(struct slice t, size_t *at, struct arena *a, struct pii_decoded *d)
{
	size_t start = *at, end, n;

	while (start < t.n && base64_digit(t.p[start]) < 0)
		start++;
	for (end = start; end < t.n && base64_digit(t.p[end]) >= 0;)
		end++;
	n = end - start;
	while (end < t.n && t.p[end] == '=')
		end++;
	*at = end;
	if (n < BASE64_MIN)
		return STATUS_OK;
	d->start = start;
	d->end = end;
	return decode_base64((struct slice){ t.p + start, n }, a, d);
}

/* The part at or after *at, decoded if it has something percent-encoded. */
static enum status
next_percent(struct slice t, size_t *at, struct arena *a,
    struct pii_decoded *d)
{
	size_t start = *at, end;

	while (start < t.n && ends_part(t.p[start]))
		start++;
	for (end = start; end < t.n && !ends_part(t.p[end]);)
		end++;
	*at = end;
	if (!has_percent(t, start, end))
		return STATUS_OK;
	d->start = start;
	d->end = end;
	return decode_percent(t, start, end, a, d);
}

enum status
decode_next(struct slice t, size_t *at, enum pii_encoding how, struct arena *a,
    struct pii_decoded *d, struct error *err)
{
	enum status st = STATUS_OK;

	memset(d, 0, sizeof(*d));
	while (*at < t.n && st == STATUS_OK && d->text.p == NULL)
		st = how == PII_BASE64 ? next_base64(t, at, a, d) :
		    next_percent(t, at, a, d);
	return st == STATUS_OK ? STATUS_OK : error_nomem(err);
}

void
decoded_span(const struct pii_decoded *d, size_t *start, size_t *end)
{
	*start = d->from == NULL ? d->start : d->from[*start];
	*end = d->from == NULL ? d->end : d->from[*end];
}
