/*
 * The patterns of a file with exact spans over the outputs of a corpus: a set's
 * one pass against PCRE2-JIT one pattern after the other, in turn in one run.
 * Usage: bench_pattern RECORDS PATTERNS
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "core/json/parse.h"
#include "core/json/value.h"
#include "core/pattern/pattern.h"

#define RUNS	5
#define TEXT	64000000u	/* bytes of output that are enough */

/* The outputs, one after the other; at[i] is where the ith ends. */
struct outputs {
	struct buf	 text;
	size_t		*at, n, cap;
};

static enum status
count(void *arg, const struct pattern_match *m, struct error *err)
{
	(void)err;
	*(size_t *)arg += m->span[0][1] - m->span[0][0] + m->id;
	return STATUS_OK;
}

static double
run(struct pattern_set *set, struct scratch *s, const struct outputs *o,
    enum filter_form form, size_t *sum)
{
	struct timespec from, to;
	struct error err = { STATUS_OK, "" };
	size_t i, start = 0;

	scratch_form(s, form);
	*sum = 0;
	(void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &from);
	for (i = 0; i < o->n; start = o->at[i++])
		if (pattern_scan(set, (struct slice){ o->text.p + start,
		    o->at[i] - start }, s, count, sum, &err) != STATUS_OK) {
			(void)fprintf(stderr, "%s\n", err.text);
			exit(1);
		}
	(void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &to);
	return (double)(to.tv_sec - from.tv_sec) +
	    (double)(to.tv_nsec - from.tv_nsec) / 1e9;
}

static FILE *
open_or_end(const char *path)
{
	FILE *f = fopen(path, "r");

	if (f != NULL)
		return f;
	perror(path);
	exit(1);
}

static void
output_add(struct outputs *o, struct json *d, struct slice line)
{
	struct arena a = ARENA_INIT;
	struct json_error why;
	uint32_t t;

	if (json_parse(d, line, JSON_DEPTH_MAX, 0, &why) != STATUS_OK ||
	    (t = json_get(d, 0, "output")) == JSON_NONE ||
	    json_kind(d, t) != TOKEN_STRING)
		return;
	if (o->n == o->cap) {
		o->cap = o->cap == 0 ? 4096 : o->cap * 2;
		if ((o->at = realloc(o->at, o->cap * sizeof(*o->at))) == NULL)
			exit(1);
	}
	buf_add_slice(&o->text, json_text(d, t, &a));
	o->at[o->n++] = o->text.n;
	arena_release(&a);
}

static void
outputs_read(struct outputs *o, const char *path)
{
	FILE *f = open_or_end(path);
	struct json d = JSON_INIT;
	char *line = NULL;
	size_t cap = 0;
	ssize_t n;

	while (o->text.n < TEXT && (n = getline(&line, &cap, f)) > 0)
		output_add(o, &d, (struct slice){ line, (size_t)n });
	free(line);
	json_release(&d);
	(void)fclose(f);
}

/* Lines of a name, a tabulator and a pattern. */
static void
patterns_read(struct pattern_set *set, const char *path)
{
	struct error err = { STATUS_OK, "" };
	FILE *f = open_or_end(path);
	char *line, *pattern;
	size_t cap;
	ssize_t n;
	unsigned id;

	/* The set points into the lines. */
	while (line = NULL, cap = 0, (n = getline(&line, &cap, f)) > 0) {
		line[n - 1] = '\0';
		if ((pattern = strchr(line, '\t')) == NULL ||
		    pattern_add(set, pattern + 1, 0, 0, &id, &err) ==
		    STATUS_OK)
			continue;
		(void)fprintf(stderr, "%s: %s\n", pattern + 1, err.text);
		exit(1);
	}
	free(line);
	(void)fclose(f);
}

int
main(int argc, char **argv)
{
	static const struct {
		const char	*name;
		enum filter_form form;
	} row[] = {
		{ "one by one", FILTER_NONE }, { "plain C", FILTER_PLAIN },
		{ "SSSE3", FILTER_SSSE3 }, { "AVX2", FILTER_AVX2 }
	};
	struct outputs o = { BUF_INIT, NULL, 0, 0 };
	double best[4] = { 1e9, 1e9, 1e9, 1e9 }, t;
	struct error err = { STATUS_OK, "" };
	struct pattern_set *set;
	struct scratch *s;
	size_t sum[4], i, k;

	if (argc != 3) {
		(void)fprintf(stderr, "usage: bench_pattern RECORDS PATTERNS\n");
		return 2;
	}
	if (pattern_set_new(&set, &err) != STATUS_OK ||
	    scratch_new(&s, &err) != STATUS_OK)
		return 1;
	outputs_read(&o, argv[1]);
	patterns_read(set, argv[2]);
	for (k = 0; k < RUNS; k++)
		for (i = 0; i < 4; i++) {
			t = run(set, s, &o, row[i].form, &sum[i]);
			best[i] = t < best[i] ? t : best[i];
		}
	for (i = 0; i < 4; i++)
		printf("%-12s %7.1f MB/s  %5.1fx  sum %zu\n", row[i].name,
		    (double)o.text.n / best[i] / 1e6, best[0] / best[i], sum[i]);
	free(o.at);
	buf_release(&o.text);
	scratch_free(s);
	pattern_set_free(set);
	return sum[0] == sum[1] && sum[1] == sum[2] && sum[2] == sum[3] ? 0 : 1;
}
