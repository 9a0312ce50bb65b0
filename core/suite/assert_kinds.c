#include "core/suite/assert_kinds.h"

#include <stdarg.h>
#include <stdio.h>

#include "core/base/arena.h"

#define REASON_MAX	400	/* bytes */

enum status
assert_miss(struct assert_verdict *v, const struct assert_subject *s,
    struct error *err, const char *fmt, ...)
{
	char text[REASON_MAX];
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	v->reason.n = n < 0 ? 0 : strlen(text);
	/* Cut off within a character: it goes with the rest. */
	while (n >= (int)sizeof(text) && v->reason.n > 0 &&
	    (text[v->reason.n - 1] & 0x80) != 0)
		v->reason.n--;
	v->reason.p = arena_copy(s->arena, text, v->reason.n + 1);
	return v->reason.p == NULL ? error_nomem(err) : STATUS_OK;
}
