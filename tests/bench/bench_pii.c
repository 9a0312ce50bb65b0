#include "core/json/value.h"
/*
 * Precision, recall and F1 of the guard "pii" on the labelled sentences of
 * pii-generated-large, beside the published figures, and its speed on prose.
 * With an argument: every finding and label that do not agree.
 */
#include <time.h>

#include "tests/bench/bench_pii.h"

static double
now(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void
print_scores(const struct score_run *x)
{
	double p, r;
	int k;

	printf("%-18s %6s %6s %6s %6s  %8s %s\n", "kind", "labels", "P", "R",
	    "F1", "overlap", "published P / R");
	for (k = 0; k < SCORE_KINDS; k++) {
		p = share(x->score[k].right, x->score[k].found);
		r = share(x->score[k].right, x->score[k].truth);
		printf("%-18s %6zu %6.3f %6.3f %6.3f  %8.3f %s\n",
		    score_rows[k].kind, x->score[k].truth, p, r,
		    p + r > 0 ? 2 * p * r / (p + r) : 0,
		    share(x->score[k].caught, x->score[k].truth),
		    score_rows[k].published);
	}
	printf("%zu items, %zu findings of other kinds\n", x->items, x->others);
}

/* The outputs of a file, one after the other, again and again for a second. */
static bool
print_speed(struct score_run *x, const char *name, struct error *err)
{
	struct json item = JSON_INIT;
	struct json_error why;
	struct buf all = BUF_INIT;
	char *line = NULL;
	size_t cap = 0, rounds = 0, findings = 0;
	FILE *f = score_file(name);
	double start;
	ssize_t n;
	bool ok = f != NULL;

	while (ok && (n = getline(&line, &cap, f)) > 0) {
		arena_reset(&x->arena);
		ok = json_parse(&item, (struct slice){ line, (size_t)n }, 64,
		    0, &why) == STATUS_OK;
		if (!ok)
			break;
		buf_add_slice(&all, json_text(&item, json_get(&item, 0,
		    "output"), &x->arena));
		buf_putc(&all, '\n');
	}
	for (start = now(); ok && now() - start < 1; rounds++) {
		arena_reset(&x->arena);
		ok = score_text(x, buf_slice(&all), err);
		findings = x->found.n;
	}
	if (ok)
		printf("%-30s %8zu bytes %6.0f MB/s, %zu findings\n", name,
		    all.n, (double)(all.n * rounds) / (now() - start) / 1e6,
		    findings);
	if (f != NULL)
		(void)fclose(f);
	json_release(&item);
	buf_release(&all);
	free(line);
	return ok;
}

int
main(int argc, char **argv)
{
	static const char *const prose[] = { "xstest-gpt4.items.jsonl",
	    "halueval.items.jsonl", "faithbench.items.jsonl",
	    "pii-generated-large.items.jsonl" };
	struct error err = { STATUS_OK, "" };
	struct score_run x;
	FILE *items, *truths;
	size_t i;
	bool ok;

	(void)argv;
	items = score_file("pii-generated-large.items.jsonl");
	truths = score_file("pii-generated-large.truth.jsonl");
	if (items == NULL || truths == NULL) {
		printf("skipped: no data\n");
		return 0;
	}
	ok = score_open(&x, &err);
	x.verbose = argc > 1;
	ok = ok && score_files(&x, items, truths, &err);
	if (ok)
		print_scores(&x);
	for (i = 0; ok && i < sizeof(prose) / sizeof(prose[0]); i++)
		ok = print_speed(&x, prose[i], &err);
	if (!ok)
		fprintf(stderr, "bench_pii: %s\n", err.text);
	score_close(&x);
	(void)fclose(items);
	(void)fclose(truths);
	return ok ? 0 : 1;
}
