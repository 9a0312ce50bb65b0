/*
 * The guard "pii" against labelled sentences: what the bench prints and the
 * unit test asserts.
 */
#ifndef TESTS_BENCH_PII_H
#define TESTS_BENCH_PII_H

#include <stdio.h>
#include <stdlib.h>

#include "core/guard/guard.h"
#include "core/json/parse.h"
#include "core/pattern/pattern.h"
#include "core/base/text.h"
#include "core/base/utf8.h"
#include "core/json/value.h"

enum { SCORE_CARD, SCORE_IBAN, SCORE_EMAIL, SCORE_IP, SCORE_SSN, SCORE_PHONE,
    SCORE_DOMAIN, SCORE_DATE, SCORE_LICENSE, SCORE_KINDS };

struct score_row {
	const char	*kind, *also;	/* `also` counts as the same kind */
	const char	*published;
	double		 precision, recall;	/* to be reached */
};
static const struct score_row score_rows[SCORE_KINDS] = {
	{ "CREDIT_CARD", NULL, "1.00 / 0.77", 0.95, 0.99 },
	{ "IBAN_CODE", NULL, "1.00 / 1.00", 0.99, 0.99 },
	{ "EMAIL_ADDRESS", NULL, "1.00 / 1.00", 0.99, 0.99 },
	{ "IP_ADDRESS", NULL, "1.00 / 0.93", 0.99, 0.99 },
	{ "US_SSN", NULL, "1.00 / 1.00", 0.90, 0.99 },
	{ "PHONE_NUMBER", NULL, "0.41 / 0.25", 0.80, 0.80 },
	{ "DOMAIN_NAME", "URL", "", 0, 0 },
	{ "DATE_TIME", NULL, "", 0, 0 },
	{ "US_DRIVER_LICENSE", NULL, "", 0, 0 }
};

struct score {
	size_t	found, right, truth;	/* right: the very same span */
	size_t	caught;			/* truths that a finding overlaps */
};

struct score_run {
	struct score		 score[SCORE_KINDS];
	size_t			 items, others;	/* findings of other kinds */
	bool			 verbose;
	struct guard_run	 run;
	struct findings		 found;
	struct arena		 arena;
	struct scratch		*scratch;
	void			*compiled;
	const struct guard_kind	*kind;
};

static inline int
score_kind(struct slice kind)
{
	int k;

	for (k = 0; k < SCORE_KINDS; k++)
		if (slice_is(kind, score_rows[k].kind) || (score_rows[k].also !=
		    NULL && slice_is(kind, score_rows[k].also)))
			return k;
	return -1;
}

static inline void
score_say(const struct score_run *x, const char *what, struct slice kind,
    struct slice text, size_t start, size_t end)
{
	if (x->verbose)
		printf("%s\t%.*s\t%.*s\t%.*s\n", what, SLICE_ARG(kind),
		    (int)(end - start), text.p + start, SLICE_ARG(text));
}

/* One item's findings against its labels. */
static inline void
score_item(struct score_run *x, const struct json *truth, struct slice text)
{
	struct utf8_cursor c = { text, 0, 0 };
	uint32_t spans = json_get(truth, 0, "spans"), t;
	bool *used = calloc(x->found.n + 1, sizeof(*used));
	size_t i, start, end;
	struct slice kind;
	int k, best;

	for (i = 0; i < x->found.n && used != NULL; i++) {
		k = score_kind(x->found.v[i].kind);
		if (k >= 0)
			x->score[k].found++;
	}
	for (t = json_first(truth, spans); used != NULL && t != JSON_NONE;
	    t = json_next(truth, spans, t)) {
		kind = json_text(truth, json_get(truth, t, "kind"),
		    &x->arena);
		if ((k = score_kind(kind)) < 0)
			continue;
		start = utf8_byte(&c, (size_t)json_double(truth,
		    json_get(truth, t, "start")));
		end = utf8_byte(&c, (size_t)json_double(truth,
		    json_get(truth, t, "end")));
		x->score[k].truth++;
		best = 0;
		for (i = 0; i < x->found.n; i++) {
			const struct finding *f = &x->found.v[i];

			if (score_kind(f->kind) != k || f->end <= start ||
			    f->start >= end)
				continue;
			best = best < 1 ? 1 : best;
			if (f->start == start && f->end == end) {
				best = 2;
				used[i] = true;
			}
		}
		x->score[k].right += best == 2;
		x->score[k].caught += best > 0;
		if (best < 2)
			score_say(x, "missed", kind, text, start, end);
	}
	for (i = 0; i < x->found.n && used != NULL; i++) {
		x->others += score_kind(x->found.v[i].kind) < 0;
		if (!used[i])
			score_say(x, "wrong", x->found.v[i].kind, text,
			    x->found.v[i].start, x->found.v[i].end);
	}
	free(used);
}

static inline bool
score_open(struct score_run *x, struct error *err)
{
	static struct option_value values[16];
	struct guard_config config;

	memset(x, 0, sizeof(*x));
	x->kind = guard_kind_find("pii");
	config = (struct guard_config){ "pii", x->kind, values, NULL,
	    NULL, 0, false, false };
	return x->kind != NULL && scratch_new(&x->scratch, err) == STATUS_OK &&
	    x->kind->compile(&config, &x->compiled, err) == STATUS_OK;
}

static inline void
score_close(struct score_run *x)
{
	if (x->kind != NULL)
		x->kind->free(x->compiled);
	scratch_free(x->scratch);
	arena_release(&x->arena);
	free(x->found.v);
}

static inline bool
score_text(struct score_run *x, struct slice text, struct error *err)
{
	struct guard_run r = { text, true, NULL, x->scratch, &x->arena,
	    &x->found, "pii", x->kind };

	x->found.n = 0;
	return x->kind->run(x->compiled, &r, err) == STATUS_OK;
}

/* Both files line by line: the same ids in the same order. */
static inline bool
score_files(struct score_run *x, FILE *items, FILE *truths, struct error *err)
{
	struct json item = JSON_INIT, truth = JSON_INIT;
	struct json_error why;
	char *a = NULL, *b = NULL;
	size_t acap = 0, bcap = 0;
	ssize_t na, nb;
	struct slice text;
	bool ok = true;

	while (ok && (na = getline(&a, &acap, items)) > 0 &&
	    (nb = getline(&b, &bcap, truths)) > 0) {
		arena_reset(&x->arena);
		ok = json_parse(&item, (struct slice){ a, (size_t)na }, 64, 0,
		    &why) == STATUS_OK && json_parse(&truth,
		    (struct slice){ b, (size_t)nb }, 64, 0, &why) ==
		    STATUS_OK;
		if (!ok)
			break;
		text = json_text(&item, json_get(&item, 0, "output"),
		    &x->arena);
		ok = text.p != NULL && score_text(x, text, err);
		if (ok)
			score_item(x, &truth, text);
		x->items++;
	}
	json_release(&item);
	json_release(&truth);
	free(a);
	free(b);
	return ok;
}

static inline FILE *
score_file(const char *name)
{
	const char *dir = getenv("HANDRAIL_SHARED");
	char path[4096];

	(void)snprintf(path, sizeof(path), "%s/data/%s",
	    dir == NULL ? "../shared" : dir, name);
	return fopen(path, "r");
}

static inline double
share(size_t part, size_t all)
{
	return all == 0 ? 1 : (double)part / (double)all;
}

#endif
