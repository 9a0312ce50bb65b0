/*
 * Patterns over 10 kB that they are bad at: how long each takes until it has an
 * answer or meets its limit.  Lines of a pattern, a tabulator and what the text
 * is filled with, '_' for a blank.  Ends with 1 where one takes over 50 ms.
 * Usage: bench_hostile PATTERNS
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/pattern/pattern.h"

#define TEXT	10000	/* bytes */
#define RUNS	3
#define MOST_MS	50

static enum status
pass(void *arg, const struct pattern_match *m, struct error *err)
{
	(void)arg;
	(void)m;
	(void)err;
	return STATUS_OK;
}

static double
scan_ms(const struct pattern_set *set, struct slice text, struct scratch *s,
    enum status *st)
{
	struct error err = { STATUS_OK, "" };
	struct timespec from, to;

	(void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &from);
	*st = pattern_scan(set, text, s, pass, NULL, &err);
	(void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &to);
	return (double)(to.tv_sec - from.tv_sec) * 1e3 +
	    (double)(to.tv_nsec - from.tv_nsec) / 1e6;
}

/* The best of the runs over the text that the line describes. */
static double
line_ms(char *line, struct scratch *s, enum status *st)
{
	char text[TEXT], *fill = strchr(line, '\t');
	struct error err = { STATUS_OK, "" };
	struct pattern_set *set = NULL;
	double best = 1e9, ms;
	size_t i, n;
	unsigned id;

	if (fill == NULL || fill[1] == '\0')
		exit(1);
	*fill++ = '\0';
	n = strlen(fill);
	for (i = 0; i < TEXT; i++)
		text[i] = fill[i % n] == '_' ? ' ' : fill[i % n];
	/* Ends in no match, with the marks without which some are not tried. */
	memcpy(text + TEXT - 4, "#@:x", 4);
	if (pattern_set_new(&set, &err) != STATUS_OK ||
	    pattern_add(set, line, 0, 0, &id, &err) != STATUS_OK ||
	    pattern_compile(set, &err) != STATUS_OK) {
		(void)fprintf(stderr, "%s: %s\n", line, err.text);
		exit(1);
	}
	for (i = 0; i < RUNS; i++)
		if ((ms = scan_ms(set, (struct slice){ text, TEXT }, s, st)) <
		    best)
			best = ms;
	pattern_set_free(set);
	return best;
}

int
main(int argc, char **argv)
{
	struct error err = { STATUS_OK, "" };
	unsigned n = 0, limits = 0;
	struct scratch *s;
	double worst = 0, ms;
	char *line = NULL;
	enum status st;
	size_t cap = 0;
	ssize_t len;
	FILE *f;

	if (argc != 2 || (f = fopen(argv[1], "r")) == NULL ||
	    scratch_new(&s, &err) != STATUS_OK) {
		(void)fprintf(stderr, "usage: bench_hostile PATTERNS\n");
		return 1;
	}
	while ((len = getline(&line, &cap, f)) > 0) {
		line[len - 1] = '\0';
		ms = line_ms(line, s, &st);
		n++;
		limits += st == STATUS_LIMIT;
		worst = ms > worst ? ms : worst;
		(void)printf("%-32s %6.1f ms, %s\n", line, ms,
		    st == STATUS_LIMIT ? "met its limit" : "an answer");
	}
	(void)printf("%u patterns over %d bytes: at most %.1f ms (budget %d), "
	    "%u met their limit\n", n, TEXT, worst, MOST_MS, limits);
	free(line);
	(void)fclose(f);
	scratch_free(s);
	return worst > MOST_MS || n == 0;
}
