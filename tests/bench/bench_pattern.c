/*
 * 25 patterns with exact spans over real outputs: a set's one pass against
 * PCRE2-JIT one pattern after the other, in turn in one run.
 * Usage: bench_pattern FILE (any text; default: outputs made up here)
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "core/pattern.h"

#define RUNS	5
#define CHUNK	2000	/* bytes of one output */

static const char *const patterns[] = {
	"\\b[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9.-]{1,255}\\.[A-Za-z]{2,24}\\b",
	"\\b\\d{3}-\\d{2}-\\d{4}\\b",
	"\\b(?:\\d[ -]?){13,19}\\b",
	"\\b[A-Z]{2}\\d{2}[A-Z0-9]{11,30}\\b",
	"\\b(?:\\d{1,3}\\.){3}\\d{1,3}\\b",
	"\\b(?:\\+\\d{1,3}[ .-]?)?\\(?\\d{3}\\)?[ .-]\\d{3}[ .-]\\d{4}\\b",
	"\\bhttps?://[^\\s<>\"]+",
	"\\bAKIA[0-9A-Z]{16}\\b",
	"\\bgh[pousr]_[A-Za-z0-9]{36}\\b",
	"\\bsk-[A-Za-z0-9]{32,}\\b",
	"\\bxox[abpr]-[A-Za-z0-9-]{10,}",
	"-----BEGIN [A-Z ]*PRIVATE KEY-----",
	"\\beyJ[\\w-]+\\.[\\w-]+\\.[\\w-]+",
	"\\bAIza[\\w-]{35}\\b",
	"\\b[sr]k_live_[A-Za-z0-9]{24,}",
	"(?i)\\bpassword\\s*[:=]\\s*\\S+",
	"(?i)\\bguarantee[ds]?\\b",
	"(?i)\\bignore (?:all )?previous instructions\\b",
	"(?i)\\bas an ai(?: language model)?\\b",
	"(?i)\\bI (?:cannot|can't) (?:help|assist)\\b",
	"\\b\\d{4}-\\d{2}-\\d{2}\\b",
	"\\$\\d[\\d,]*(?:\\.\\d{2})?",
	"\\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\\b",
	"<script\\b",
	"\\b(?:[0-9A-Fa-f]{2}:){5}[0-9A-Fa-f]{2}\\b"
};
#define NPATTERNS	(sizeof(patterns) / sizeof(patterns[0]))

static enum status
count(void *arg, const struct pattern_match *m, struct error *err)
{
	(void)err;
	*(size_t *)arg += m->span[0][1] - m->span[0][0] + m->id;
	return STATUS_OK;
}

static double
run(const struct pattern_set *set, struct scratch *s, struct slice text,
    enum filter_form form, size_t *sum)
{
	struct timespec from, to;
	struct error err = { STATUS_OK, "" };
	size_t at, n;

	scratch_form(s, form);
	*sum = 0;
	(void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &from);
	for (at = 0; at < text.n; at += n) {
		n = text.n - at < CHUNK ? text.n - at : CHUNK;
		while (at + n < text.n &&
		    ((unsigned char)text.p[at + n] & 0xc0) == 0x80)
			n++;
		if (pattern_scan(set, (struct slice){ text.p + at, n }, s, count,
		    sum, &err) != STATUS_OK) {
			(void)fprintf(stderr, "%s\n", err.text);
			exit(1);
		}
	}
	(void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &to);
	return (double)(to.tv_sec - from.tv_sec) +
	    (double)(to.tv_nsec - from.tv_nsec) / 1e9;
}

static struct slice
text_read(const char *path)
{
	static const char made[] = "Thank you for writing to us. Your order of "
	    "2026-03-04 (invoice $1,240.50) was sent on Monday and should be "
	    "with you within five days; write to help@example.com or see "
	    "https://example.com/orders where anything is unclear.\n";
	struct buf b = BUF_INIT;
	FILE *f = path == NULL ? NULL : fopen(path, "r");
	char block[65536];
	size_t n;

	while (f != NULL && (n = fread(block, 1, sizeof(block), f)) > 0)
		buf_add(&b, block, n);
	while (f == NULL && b.n < 8000000 && !b.failed)
		buf_puts(&b, made);
	if (f != NULL)
		(void)fclose(f);
	return buf_slice(&b);
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
	struct slice text = text_read(argc > 1 ? argv[1] : NULL);
	double best[4] = { 1e9, 1e9, 1e9, 1e9 }, t;
	struct error err = { STATUS_OK, "" };
	struct pattern_set *set;
	struct scratch *s;
	size_t sum[4], i, k;
	unsigned id;

	if (pattern_set_new(&set, &err) != STATUS_OK ||
	    scratch_new(&s, &err) != STATUS_OK)
		return 1;
	for (i = 0; i < NPATTERNS; i++)
		if (pattern_add(set, patterns[i], PATTERN_ASCII, 0, &id, &err) !=
		    STATUS_OK)
			return 1;
	if (pattern_compile(set, &err) != STATUS_OK)
		return 1;
	for (k = 0; k < RUNS; k++)
		for (i = 0; i < 4; i++) {
			t = run(set, s, text, row[i].form, &sum[i]);
			best[i] = t < best[i] ? t : best[i];
		}
	for (i = 0; i < 4; i++)
		printf("%-12s %7.1f MB/s  %5.1fx  sum %zu\n", row[i].name,
		    (double)text.n / best[i] / 1e6, best[0] / best[i], sum[i]);
	scratch_free(s);
	pattern_set_free(set);
	return sum[0] == sum[1] && sum[1] == sum[2] && sum[2] == sum[3] ? 0 : 1;
}
