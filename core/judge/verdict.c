#include "core/judge/verdict.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/base/text.h"
#include "core/base/utf8.h"
#include "core/judge/judge.h"

/*
 * Code points of the spans, two a finding.  Offsets are taken in ascending
 * order, so that the text is gone over once however many there are.
 */
struct offset {
	uint32_t	byte, at;	/* at: which of the results it is */
};
#define OFFSETS_STACK	64

static int
offset_compare(const void *a, const void *b)
{
	uint32_t x = ((const struct offset *)a)->byte;
	uint32_t y = ((const struct offset *)b)->byte;

	return x < y ? -1 : x > y;
}

static void
offsets_map(struct slice text, struct offset *v, size_t n, size_t *points)
{
	struct utf8_cursor c = { text, 0, 0 };
	size_t i;

	qsort(v, n, sizeof(*v), offset_compare);
	for (i = 0; i < n; i++)
		points[v[i].at] = utf8_point(&c, v[i].byte);
}

/* A double as JSON, and in as few digits as say which one it is. */
static void
put_number(struct buf *b, double v)
{
	char text[32], *comma;
	int digits;

	if (!isfinite(v)) {
		buf_puts(b, "null");
		return;
	}
	for (digits = 6; digits < 17; digits++) {
		(void)snprintf(text, sizeof(text), "%.*g", digits, v);
		if (strtod(text, NULL) == v)
			break;
	}
	if (digits == 17)
		(void)snprintf(text, sizeof(text), "%.17g", v);
	/* Whatever the user's locale writes there. */
	if ((comma = strpbrk(text, ",")) != NULL)
		*comma = '.';
	buf_puts(b, text);
	if (strpbrk(text, ".e") == NULL)
		buf_puts(b, ".0");
}

static void
put_finding(struct buf *b, const struct finding *f, size_t start, size_t end)
{
	const char *severity = severity_name(f->severity);

	buf_puts(b, "{\"guard\":");
	text_json(b, slice_of(f->guard));
	buf_puts(b, ",\"kind\":");
	text_json(b, f->kind);
	buf_puts(b, ",\"severity\":");
	text_json(b, slice_of(severity));
	buf_puts(b, ",\"score\":");
	put_number(b, f->score);
	if (f->on.p != NULL) {
		buf_puts(b, ",\"on\":");
		text_json(b, f->on);
	}
	if (f->pointer.p != NULL) {
		buf_puts(b, ",\"pointer\":");
		text_json(b, f->pointer);
	}
	buf_printf(b, ",\"start\":%zu,\"end\":%zu,\"message\":", start, end);
	text_json(b, f->message);
	buf_putc(b, '}');
}

void
findings_json(struct buf *b, struct slice output, const struct finding *f,
    size_t n)
{
	struct offset stack[OFFSETS_STACK], *v = stack;
	size_t stack_points[OFFSETS_STACK], *points = stack_points, i;

	if (n == 0) {
		buf_puts(b, "[]");
		return;
	}
	if (2 * n > OFFSETS_STACK) {
		v = calloc(2 * n, sizeof(*v));
		points = calloc(2 * n, sizeof(*points));
		if (v == NULL || points == NULL) {
			b->failed = true;
			goto out;
		}
	}
	for (i = 0; i < n; i++) {
		v[2 * i] = (struct offset){ f[i].start, (uint32_t)(2 * i) };
		v[2 * i + 1] = (struct offset){ f[i].end,
		    (uint32_t)(2 * i + 1) };
	}
	offsets_map(output, v, 2 * n, points);
	buf_putc(b, '[');
	for (i = 0; i < n; i++) {
		if (i > 0)
			buf_putc(b, ',');
		if (f[i].on.p == NULL)
			put_finding(b, &f[i], points[2 * i],
			    points[2 * i + 1]);
		else
			put_finding(b, &f[i], f[i].start, f[i].end);
	}
	buf_putc(b, ']');
out:
	if (v != stack)
		free(v);
	if (points != stack_points)
		free(points);
}

void
verdict_json(struct buf *b, const struct item *it, const struct verdict *v,
    struct slice policy)
{
	buf_puts(b, "{\"id\":");
	text_json(b, it->id);
	buf_puts(b, ",\"queue\":");
	text_json(b, it->queue);
	buf_puts(b, ",\"route\":\"");
	buf_puts(b, route_name(v->route));
	buf_puts(b, "\",\"rule\":");
	text_json(b, slice_of(v->rule));
	buf_puts(b, ",\"policy\":\"");
	buf_add(b, policy.p, policy.n < POLICY_SHORT ? policy.n : POLICY_SHORT);
	buf_puts(b, "\",\"findings\":");
	findings_json(b, it->output, v->findings, v->nfindings);
	buf_puts(b, v->released ? ",\"released\":true,\"release\":" :
	    ",\"released\":false,\"release\":");
	text_json(b, v->release);
	buf_puts(b, "}\n");
}
