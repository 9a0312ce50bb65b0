#include "core/schema/report.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/base/arena.h"
#include "core/base/utf8.h"
#include "core/json/value.h"

#define SHOWN_MAX	40	/* bytes of a value in a message */

static const char *const kind_names[] = {
	[TOKEN_NULL] = "", [TOKEN_FALSE] = "", [TOKEN_TRUE] = "",
	[TOKEN_NUMBER] = "number ", [TOKEN_STRING] = "string ",
	[TOKEN_ARRAY] = "array ", [TOKEN_OBJECT] = "object "
};

bool
report_init(struct report *r, const struct json *doc, struct arena *arena,
    uint32_t cap)
{
	r->doc = doc;
	r->arena = arena;
	r->n = 0;
	r->cap = cap;
	r->v = arena_alloc(arena, cap * sizeof(*r->v));
	r->nomem = r->v == NULL;
	return !r->nomem;
}

static void
add(struct report *r, uint32_t token, const char *keyword, struct slice message)
{
	if (message.p == NULL)
		r->nomem = true;
	if (report_full(r))
		return;
	r->v[r->n++] = (struct schema_failure){ token, SLICE_NONE, keyword,
	    message, SLICE_NONE };
}

/* The value's text, cut between two characters where it is long. */
static struct slice
shown(const struct report *r, uint32_t token, const char **dots)
{
	struct slice s = json_raw(r->doc, token);

	*dots = "";
	if (s.n <= SHOWN_MAX)
		return s;
	*dots = "...";
	for (s.n = SHOWN_MAX; s.n > 0 && utf8_is_tail(s.p[s.n]);
	    s.n--)
		;
	return s;
}

void
report_expected(struct report *r, uint32_t token, const char *keyword,
    const char *what, ...)
{
	char text[512];
	const char *dots;
	struct slice value = shown(r, token, &dots);
	va_list ap;

	if (report_full(r))
		return;
	va_start(ap, what);
	(void)vsnprintf(text, sizeof(text), what, ap);
	va_end(ap);
	add(r, token, keyword, arena_printf(r->arena,
	    "expected %s, got %s%.*s%s", text,
	    kind_names[json_kind(r->doc, token)], SLICE_ARG(value), dots));
}

void
report_message(struct report *r, uint32_t token, const char *keyword,
    const char *message, ...)
{
	char text[512];
	va_list ap;

	if (report_full(r))
		return;
	va_start(ap, message);
	(void)vsnprintf(text, sizeof(text), message, ap);
	va_end(ap);
	add(r, token, keyword, arena_printf(r->arena, "%s", text));
}

uint64_t
report_distance(const struct report *r, uint32_t token)
{
	uint64_t far = 0;

	for (uint32_t i = 0; i < r->n; i++) {
		const char *k = r->v[i].keyword;
		bool fixed = strcmp(k, "const") == 0 || strcmp(k, "enum") == 0;

		if (r->v[i].token == token && (fixed || strcmp(k, "type") == 0))
			far += 1u << 30;
		else
			far += fixed ? 1u << 10 : 1;
	}
	return far;
}

void
report_sort(struct report *r)
{
	/* Few at most, and nearly in order: by insertion, which is stable. */
	for (uint32_t i = 1; i < r->n; i++) {
		struct schema_failure f = r->v[i];
		uint32_t at = i;

		for (; at > 0 && r->v[at - 1].token > f.token; at--)
			r->v[at] = r->v[at - 1];
		r->v[at] = f;
	}
}
