#include "core/http/basic.h"

#include "core/http/target.h"

static bool
base64(struct slice s, struct buf *out)
{
	uint32_t bits = 0;
	size_t i;
	int d;

	if (s.n == 0 || s.n % 4 != 0)
		return false;
	/* Padding says where the last byte ends. */
	for (i = 0; i < 2 && s.p[s.n - 1] == '='; i++)
		s.n--;
	if (s.n % 4 == 1)
		return false;
	for (i = 0; i < s.n; i++) {
		d = base64_digit(s.p[i]);
		if (d == -1 || s.p[i] == '-' || s.p[i] == '_')
			return false;
		bits = bits << 6 | (uint32_t)d;
		if (i % 4 != 0)
			buf_putc(out, (char)(bits >> (6 - i % 4 * 2)));
	}
	return true;
}

bool
http_basic_password(struct slice value, struct buf *out)
{
	struct buf b = BUF_INIT;
	const char *colon = NULL;

	if (value.n > 6 && http_same((struct slice){ value.p, 6 },
	    SLICE("basic ")) && base64(http_trim((struct slice){ value.p + 6,
	    value.n - 6 }), &b) && b.n > 0)
		colon = memchr(b.p, ':', b.n);
	if (colon != NULL)
		buf_add(out, colon + 1, (size_t)(b.p + b.n - colon - 1));
	out->failed |= b.failed;
	buf_release(&b);
	return colon != NULL;
}
