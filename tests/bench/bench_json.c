/*
 * The parser beside jansson's, on records made here: MB/s of both and the
 * ratio, each the best of several turns taken in turn.
 */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "core/json/parse.h"

#define RECORDS	6000
#define TURNS	7

static const char *const words[] = {
	"the", "refund", "of", "30 EUR", "will", "reach", "you", "within",
	"five", "working", "days", "\\n", "caf\xc3\xa9", "order", "\\\"late\\\"",
	"thanks", "for", "waiting", "\xe2\x82\xac", "parcel", "na\xc3\xafve", "so"
};
#define WORDS	(sizeof(words) / sizeof(words[0]))

static uint32_t
next(uint32_t *seed)
{
	*seed = *seed * 1664525u + 1013904223u;
	return *seed >> 8;
}

static void
add_text(struct buf *b, uint32_t *seed, uint32_t n)
{
	while (n-- > 0) {
		buf_puts(b, words[next(seed) % WORDS]);
		buf_putc(b, ' ');
	}
}

/* One record of 0.6 to 4 KB; its end is put into at[]. */
static void
add_record(struct buf *b, uint32_t *seed, int i)
{
	buf_printf(b, "{\"id\":\"tkt-%d\",\"queue\":\"support\","
	    "\"model\":\"gpt-4o-2024-11-20\",\"prompt\":\"refund-reply@3\","
	    "\"messages\":[{\"role\":\"system\",\"content\":\"", i);
	add_text(b, seed, 20 + next(seed) % 60);
	buf_puts(b, "\"},{\"role\":\"user\",\"content\":\"");
	add_text(b, seed, 10 + next(seed) % 200);
	buf_puts(b, "\"}],\"output\":\"");
	add_text(b, seed, 20 + next(seed) % 300);
	buf_printf(b, "\",\"confidence\":0.%u,\"usage\":{\"input_tokens\":%u,"
	    "\"output_tokens\":%u},\"cost_usd\":0.0021,\"latency_ms\":%u,"
	    "\"created_at\":\"2026-11-23T10:00:00Z\",\"metadata\":{\"amount\":"
	    "%u,\"lang\":\"en\",\"tags\":[\"a\",\"b\",null,true]}}",
	    10 + next(seed) % 90, next(seed) % 1000, next(seed) % 300,
	    next(seed) % 2000, next(seed) % 700);
}

static double
now(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static double
turn_ours(const struct buf *b, const size_t *at)
{
	struct json d = JSON_INIT;
	struct json_error why;
	double from = now();
	size_t i;

	for (i = 0; i < RECORDS; i++)
		if (json_parse(&d, (struct slice){ b->p + at[i], at[i + 1] -
		    at[i] }, JSON_DEPTH_MAX, 0, &why) != STATUS_OK)
			exit(1);
	from = now() - from;
	json_release(&d);
	return from;
}

static double
turn_jansson(const struct buf *b, const size_t *at)
{
	double from = now();
	json_error_t why;
	json_t *j;
	size_t i;

	for (i = 0; i < RECORDS; i++) {
		j = json_loadb(b->p + at[i], at[i + 1] - at[i],
		    JSON_REJECT_DUPLICATES, &why);
		if (j == NULL)
			exit(1);
		json_decref(j);
	}
	return now() - from;
}

int
main(void)
{
	static size_t at[RECORDS + 1];
	struct buf b = BUF_INIT;
	double ours = 1e9, theirs = 1e9, t;
	uint32_t seed = 1;
	int i;

	for (i = 0; i < RECORDS; i++) {
		add_record(&b, &seed, i);
		at[i + 1] = b.n;
	}
	for (i = 0; i < TURNS; i++) {
		if ((t = turn_ours(&b, at)) < ours)
			ours = t;
		if ((t = turn_jansson(&b, at)) < theirs)
			theirs = t;
	}
	printf("json: %.0f MB/s, jansson %.0f MB/s, ratio %.1f\n",
	    (double)b.n / ours / 1e6, (double)b.n / theirs / 1e6,
	    theirs / ours);
	buf_release(&b);
	return 0;
}
