/*
 * What 10 kB can cost, in CPU time: patterns over texts that they are bad at,
 * until they have an answer or meet their limit (PATTERNS: lines of a pattern,
 * a tabulator and what the text is filled with, '_' for a blank); then every
 * kind of guard, through the judge, over texts made of hostile.h's parts.  The
 * worst of each is printed; ends with 1 where one takes over 50 ms.
 * Usage: bench_hostile PATTERNS [MIXED]
 * MIXED is how many texts are mixed of parts by chance, 300 unless given.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/cpu.h"
#include "core/json/write.h"
#include "core/judge/judge.h"
#include "core/pattern/pattern.h"
#include "core/policy/loader.h"
#include "core/policy/read.h"
#include "tests/bench/hostile.h"

#define TEXT	10000	/* bytes */
#define RUNS	3
#define MOST_MS	50
#define MIXED	300
#define COUNT(v)	(sizeof(v) / sizeof((v)[0]))

static enum status
pass(void *arg, const struct pattern_match *m, struct error *err)
{
	(void)arg;
	(void)m;
	(void)err;
	return STATUS_OK;
}

static double
scan_ms(struct pattern_set *set, struct slice text, struct scratch *s,
    enum status *st)
{
	struct error err = { STATUS_OK, "" };
	int64_t from = cpu_ns();

	*st = pattern_scan(set, text, s, pass, NULL, &err);
	return (double)(cpu_ns() - from) / 1e6;
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
	    pattern_add(set, line, 0, 0, &id, &err) != STATUS_OK) {
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

/* The worst of the patterns, or more than any budget where there are none. */
static double
patterns(FILE *f)
{
	struct error err = { STATUS_OK, "" };
	unsigned n = 0, limits = 0;
	struct scratch *s;
	double worst = 0, ms;
	char *line = NULL;
	enum status st;
	size_t cap = 0;
	ssize_t len;

	if (scratch_new(&s, &err) != STATUS_OK)
		exit(1);
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
	scratch_free(s);
	return n == 0 ? 1e9 : worst;
}

static enum status
memory_load(void *arg, const char *path, struct buf *out, struct error *err)
{
	const struct hostile_file *f;

	(void)arg;
	for (f = hostile_files; *f->path != '\0'; f++) {
		if (strcmp(f->path, path) == 0) {
			buf_puts(out, f->text);
			return STATUS_OK;
		}
	}
	return error_set(err, STATUS_NOT_FOUND, "%s: no such file", path);
}

/* A service that finds nothing, at once. */
static enum status
answer(void *arg, const struct guard_request *r, struct buf *out,
    struct error *err)
{
	(void)arg;
	(void)r;
	buf_puts(out, "{\"result\":false}");
	return buf_check(out, err);
}

/* What each queue's guard took at most, and over which text. */
struct worst {
	int64_t	ns;
	char	what[64];
};

struct bench {
	struct policy	*policy;
	struct judge	*judge;
	struct arena	 arena;
	struct worst	*worst;		/* beside policy->queues */
	unsigned	 ntexts;
};

static int64_t
judge_ns(struct bench *b, struct item *it)
{
	struct error err = { STATUS_OK, "" };
	struct verdict v;
	int64_t from;

	arena_reset(&b->arena);
	from = cpu_ns();
	if (judge_item(b->judge, it, &b->arena, &v, &err) != STATUS_OK) {
		(void)fprintf(stderr, "%s\n", err.text);
		exit(1);
	}
	return cpu_ns() - from;
}

/* One text for every guard.  What is slow is run again: the best counts. */
static void
judge_text(struct bench *b, struct slice text, const char *what)
{
	struct item it = { .id = SLICE("a"), .output = text,
	    .output_is_string = true, .input_tokens = -1, .output_tokens = -1,
	    .cost_usd = -1, .latency_ms = -1 };
	int64_t ns, again;
	size_t q;
	int i;

	b->ntexts++;
	for (q = 0; q < b->policy->nqueues; q++) {
		it.queue = slice_of(b->policy->queues[q].name);
		ns = judge_ns(b, &it);
		for (i = 1; i < RUNS && ns > b->worst[q].ns; i++)
			if ((again = judge_ns(b, &it)) < ns)
				ns = again;
		if (ns <= b->worst[q].ns)
			continue;
		b->worst[q].ns = ns;
		(void)snprintf(b->worst[q].what, sizeof(b->worst[q].what),
		    "%s", what);
	}
}

/* Control characters as a person can read them. */
static void
show(struct buf *b, const char *part)
{
	for (; *part != '\0'; part++)
		if ((unsigned char)*part < 0x20 || *part == 0x7f ||
		    (unsigned char)*part > 0x7f)
			buf_printf(b, "\\x%02x", (unsigned char)*part);
		else
			buf_putc(b, *part);
}

/* A part again and again within a frame. */
static void
judge_part(struct bench *b, size_t part, size_t frame)
{
	const char *const *f = hostile_frames[frame], *p = hostile_parts[part];
	size_t end = TEXT - strlen(f[1]);
	struct buf text = BUF_INIT, what = BUF_INIT;

	buf_puts(&text, f[0]);
	while (text.n + strlen(p) <= end)
		buf_puts(&text, p);
	buf_puts(&text, f[1]);
	show(&what, f[0]);
	buf_puts(&what, " | ");
	show(&what, p);
	judge_text(b, buf_slice(&text), buf_str(&what));
	buf_release(&text);
	buf_release(&what);
}

/* A JSON array of strings of that length, each the part again and again and a
 * mark. */
static void
judge_leaves(struct bench *b, size_t part, size_t length)
{
	const char *p = hostile_parts[part];
	struct buf one = BUF_INIT, text = BUF_INIT, what = BUF_INIT;
	struct writer w = WRITER(&text, WRITE_KEPT);

	while (one.n + strlen(p) <= length)
		buf_puts(&one, p);
	buf_putc(&one, '!');
	write_array(&w, NULL);
	do
		write_text(&w, NULL, buf_slice(&one));
	while (text.n + one.n + 3 < TEXT);
	write_end(&w);
	buf_printf(&what, "strings of %zu, ", length);
	show(&what, p);
	judge_text(b, buf_slice(&text), buf_str(&what));
	buf_release(&one);
	buf_release(&text);
	buf_release(&what);
}

/* As many values one within another as there is room for, one after another. */
static void
judge_nested(struct bench *b, size_t pair, size_t depth)
{
	const char *const *p = hostile_pairs[pair];
	size_t one = depth * (strlen(p[0]) + strlen(p[2])) + strlen(p[1]) + 1;
	struct buf text = BUF_INIT;
	char what[64];
	size_t i;

	buf_putc(&text, '[');
	do {
		for (i = 0; i < depth; i++)
			buf_puts(&text, p[0]);
		buf_puts(&text, p[1]);
		for (i = 0; i < depth; i++)
			buf_puts(&text, p[2]);
		buf_putc(&text, ',');
	} while (text.n + one < TEXT);
	buf_puts(&text, "1]");
	(void)snprintf(what, sizeof(what), "%s, %zu deep", p[0], depth);
	judge_text(b, buf_slice(&text), what);
	buf_release(&text);
}

/* Runs of one to a hundred of parts drawn by a fixed sequence. */
static void
judge_mixed(struct bench *b, unsigned seed)
{
	uint64_t x = seed * 2654435761u + 1;
	struct buf text = BUF_INIT;
	const char *p;
	char what[64];
	size_t n;

	for (;;) {
		x = x * 6364136223846793005u + 1442695040888963407u;
		p = hostile_parts[(x >> 33) % COUNT(hostile_parts)];
		n = (x >> 24) % 4 == 0 ? (x >> 26) % 100 + 1 : 1;
		if (text.n + n * strlen(p) > TEXT)
			break;
		while (n-- > 0)
			buf_puts(&text, p);
	}
	(void)snprintf(what, sizeof(what), "mixed %u", seed);
	judge_text(b, buf_slice(&text), what);
	buf_release(&text);
}

static void
judge_all(struct bench *b, unsigned nmixed)
{
	size_t i, k;
	unsigned n;

	for (i = 0; i < COUNT(hostile_parts); i++) {
		for (k = 0; k < COUNT(hostile_frames); k++)
			judge_part(b, i, k);
		for (k = 30; k < TEXT / 2; k *= 5)
			judge_leaves(b, i, k);
	}
	for (i = 0; i < COUNT(hostile_pairs); i++)
		for (k = 4; k <= 1024; k *= 2) {
			judge_nested(b, i, k);
			judge_nested(b, i, k - 2);
		}
	for (n = 0; n < nmixed; n++)
		judge_mixed(b, n);
}

/* The worst of the guards. */
static double
guards(unsigned nmixed)
{
	static const struct guard_outside outside = { answer, NULL };
	static const struct loader loader = { memory_load, NULL, NULL };
	struct error err = { STATUS_OK, "" };
	struct bench b = { .ntexts = 0 };
	double worst = 0, ms;
	size_t i;

	if (policy_load(&b.policy, "policy.conf", &loader, &outside, &err) !=
	    STATUS_OK || judge_new(&b.judge, b.policy, NULL, &err) !=
	    STATUS_OK) {
		(void)fprintf(stderr, "%s\n", err.text);
		exit(1);
	}
	if ((b.worst = calloc(b.policy->nqueues, sizeof(*b.worst))) == NULL)
		exit(1);
	judge_all(&b, nmixed);
	for (i = 0; i < b.policy->nqueues; i++) {
		ms = (double)b.worst[i].ns / 1e6;
		worst = ms > worst ? ms : worst;
		(void)printf("%-16s %6.1f ms of %d: %s\n",
		    b.policy->queues[i].name, ms, MOST_MS, b.worst[i].what);
	}
	(void)printf("%zu guards over %u texts of %d bytes: at most %.1f ms "
	    "(budget %d)\n", b.policy->nqueues, b.ntexts, TEXT, worst, MOST_MS);
	judge_free(b.judge);
	policy_free(b.policy);
	arena_release(&b.arena);
	free(b.worst);
	return worst;
}

int
main(int argc, char **argv)
{
	double pattern, guard;
	FILE *f;

	if (argc < 2 || argc > 3 || (f = fopen(argv[1], "r")) == NULL) {
		(void)fprintf(stderr, "usage: bench_hostile PATTERNS [MIXED]\n");
		return 1;
	}
	pattern = patterns(f);
	(void)fclose(f);
	guard = guards(argc == 3 ? (unsigned)strtoul(argv[2], NULL, 10) : MIXED);
	return pattern > MOST_MS || guard > MOST_MS;
}
