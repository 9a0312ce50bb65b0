#include "tui/cmd/plain_many.h"

#include <stdlib.h>

#include "tui/review/plan.h"

enum status
plain_many_plan(struct session *s, const struct list_filter *f,
    enum decision decision, struct plan **out, struct buf *text,
    struct error *err)
{
	const struct tags all = { .all = true };
	struct plan *p = plan_new(decision, f, &all);
	enum status st;

	if (p == NULL)
		return error_nomem(err);
	if ((st = plan_make(s, p, err)) != STATUS_OK) {
		plan_free(p);
		return st;
	}
	buf_printf(text, "%s ", decision_name(decision));
	plan_text(p, "", text);
	*out = p;
	return STATUS_OK;
}

static enum status
chunk_decide(struct session *s, const struct decide *d, int64_t *item,
    size_t at, size_t n, size_t *done, int64_t *seq, void (*fail)(const char *),
    struct error *err)
{
	struct decided_one *one = calloc(DECIDE_MANY, sizeof(*one));
	enum status st;
	size_t i;

	if (one == NULL)
		return error_nomem(err);
	st = review_decide_many(s, d, item + at, n, one, err);
	for (i = 0; st == STATUS_OK && i < n; i++) {
		if (one[i].status == STATUS_OK) {
			item[(*done)++] = item[at + i];
			*seq = one[i].decided.seq;
		} else
			fail(one[i].err.text);
	}
	free(one);
	return st;
}

enum status
plain_many_decide(struct session *s, const struct decide *d, int64_t *item,
    size_t n, size_t *done, int64_t *seq, void (*fail)(const char *),
    struct error *err)
{
	enum status st = STATUS_OK;
	size_t at, chunk;

	*done = 0;
	for (at = 0; at < n && st == STATUS_OK; at += chunk) {
		chunk = n - at < DECIDE_MANY ? n - at : DECIDE_MANY;
		st = chunk_decide(s, d, item, at, chunk, done, seq, fail, err);
	}
	return st;
}
