#include "core/item/snippet.h"

#include "core/base/utf8.h"

#define SNIPPET_BYTES	120

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* Copies up to a blank, `full` or what is no UTF-8; where the output goes on. */
static const char *
copy_word(const char *p, const char *end, char **to, const char *full)
{
	uint32_t cp;
	size_t len;

	while (p < end && *to < full && !is_blank(*p)) {
		if ((signed char)*p > 0) {
			*(*to)++ = *p++;
			continue;
		}
		if ((len = utf8_decode(p, (size_t)(end - p), &cp)) == 0)
			return end;
		memcpy(*to, p, len);
		*to += len;
		p += len;
	}
	return p;
}

struct slice
snippet_make(struct slice output, struct arena *arena)
{
	const char *p = output.p, *end = output.p + output.n;
	char *out = arena_alloc(arena, SNIPPET_BYTES + 4), *to = out;

	if (out == NULL)
		return SLICE_NONE;
	while (p < end && to < out + SNIPPET_BYTES) {
		if (!is_blank(*p)) {
			p = copy_word(p, end, &to, out + SNIPPET_BYTES);
			continue;
		}
		while (p < end && is_blank(*p))
			p++;
		if (to > out && p < end)
			*to++ = ' ';
	}
	if (to > out && to[-1] == ' ')
		to--;
	return (struct slice){ out, (size_t)(to - out) };
}
