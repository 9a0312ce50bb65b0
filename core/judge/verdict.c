#include "core/judge/verdict.h"

#include <stdlib.h>

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

static void
put_finding(struct writer *w, const struct finding *f, size_t start, size_t end)
{
	write_object(w, NULL);
	write_word(w, "guard", f->guard);
	write_text(w, "kind", f->kind);
	write_word(w, "severity", severity_name(f->severity));
	write_double(w, "score", f->score);
	if (f->on.p != NULL)
		write_text(w, "on", f->on);
	if (f->pointer.p != NULL)
		write_text(w, "pointer", f->pointer);
	write_uint(w, "start", start);
	write_uint(w, "end", end);
	write_text(w, "message", f->message);
	write_end(w);
}

static void
put_findings(struct writer *w, struct slice output, const struct finding *f,
    size_t n, struct offset *v, size_t *points)
{
	size_t i;

	for (i = 0; i < n; i++) {
		v[2 * i] = (struct offset){ f[i].start, (uint32_t)(2 * i) };
		v[2 * i + 1] = (struct offset){ f[i].end,
		    (uint32_t)(2 * i + 1) };
	}
	offsets_map(output, v, 2 * n, points);
	for (i = 0; i < n; i++) {
		if (f[i].on.p == NULL)
			put_finding(w, &f[i], points[2 * i],
			    points[2 * i + 1]);
		else
			put_finding(w, &f[i], f[i].start, f[i].end);
	}
}

void
findings_json(struct writer *w, const char *name, struct slice output,
    const struct finding *f, size_t n)
{
	struct offset stack[OFFSETS_STACK], *v = stack;
	size_t stack_points[OFFSETS_STACK], *points = stack_points;

	write_array(w, name);
	if (2 * n > OFFSETS_STACK) {
		v = calloc(2 * n, sizeof(*v));
		points = calloc(2 * n, sizeof(*points));
	}
	if (v == NULL || points == NULL)
		w->b->failed = true;
	else if (n > 0)
		put_findings(w, output, f, n, v, points);
	write_end(w);
	if (v != stack)
		free(v);
	if (points != stack_points)
		free(points);
}

void
verdict_json(struct buf *b, const struct item *it, const struct verdict *v,
    struct slice policy)
{
	struct writer w = WRITER(b, WRITE_SHOWN);

	write_object(&w, NULL);
	write_text(&w, "id", it->id);
	write_text(&w, "queue", it->queue);
	write_word(&w, "route", route_name(v->route));
	write_word(&w, "rule", v->rule);
	if (v->suggest != NULL)
		write_word(&w, "suggest", v->suggest);
	write_text(&w, "policy", (struct slice){ policy.p,
	    policy.n < POLICY_SHORT ? policy.n : POLICY_SHORT });
	findings_json(&w, "findings", it->output, v->findings, v->nfindings);
	write_bool(&w, "released", v->released);
	write_text(&w, "release", v->release);
	write_end(&w);
	write_line(&w);
}
