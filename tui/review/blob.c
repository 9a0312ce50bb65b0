#include "tui/review/blob.h"

#include <ctype.h>
#include <stdio.h>

#define MIME_MAX	100	/* of a data: URL, before its comma */

static const struct {
	const char	*begins, *kind;
} kinds[] = {
	{ "data:image/", "image" }, { "data:audio/", "audio" },
	{ "data:video/", "video" }, { "data:application/pdf", "PDF" },
	{ "iVBORw0KGgo", "image" }, { "/9j/", "image" }, { "R0lGOD", "image" },
	{ "Qk0", "image" }, { "JVBERi", "PDF" }, { "SUQz", "audio" },
	{ "T2dnUw", "audio" }, { "UklGR", "image or sound" },
};

static bool
begins(struct slice s, const char *with)
{
	size_t n = strlen(with);

	return s.n >= n && memcmp(s.p, with, n) == 0;
}

static bool
base64(struct slice s)
{
	size_t i;

	for (i = 0; i < s.n; i++) {
		/* JSON may write a slash as \/. */
		if (!isalnum((unsigned char)s.p[i]) &&
		    memchr("+/-_=\\", s.p[i], 6) == NULL)
			return false;
	}
	return true;
}

bool
blob_text(struct slice s, char out[BLOB_TEXT])
{
	const char *kind = "data", *comma;
	struct slice body = s;
	size_t i, bytes;

	if (s.n < BLOB_LEAST)
		return false;
	if (begins(s, "data:")) {
		comma = memchr(s.p, ',', MIME_MAX);
		if (comma == NULL)
			return false;
		body = (struct slice){ comma + 1, s.n - (size_t)(comma + 1 - s.p) };
	}
	if (!base64(body))
		return false;
	for (i = sizeof(kinds) / sizeof(kinds[0]); i-- > 0;) {
		if (begins(s, kinds[i].begins) || begins(body, kinds[i].begins))
			kind = kinds[i].kind;
	}
	bytes = body.n / 4 * 3;
	(void)snprintf(out, BLOB_TEXT, bytes < 1000 ? "[%s, %zu B]" :
	    "[%s, %zu kB]", kind, bytes < 1000 ? bytes : (bytes + 500) / 1000);
	return true;
}
