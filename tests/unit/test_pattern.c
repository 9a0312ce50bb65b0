#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <pthread.h>

#include "tests/unit/pattern_fuzz.h"

#include "core/base/cpu.h"
#include "core/pattern/first.h"
#include "tests/unit/values.h"

#ifndef ROUNDS
#define ROUNDS	4000
#endif

static struct fuzz_state state;

static int
set_up(void **unused)
{
	struct error err = { STATUS_OK, "" };

	(void)unused;
	return scratch_new(&state.scratch, &err) == STATUS_OK ? 0 : -1;
}

static int
tear_down(void **unused)
{
	unsigned i;

	(void)unused;
	scratch_free(state.scratch);
	buf_release(&state.text);
	for (i = 0; i < FUZZ_PATTERNS; i++)
		buf_release(&state.pattern[i]);
	return 0;
}

static unsigned
draw(void *arg, unsigned n)
{
	uint64_t *x = arg;

	*x ^= *x << 13;
	*x ^= *x >> 7;
	*x ^= *x << 17;
	return (unsigned)(*x >> 33) % n;
}

static void
every_form_finds_what_each_alone_finds(void **unused)
{
	uint64_t seed = 1;
	struct fuzz z = { draw, &seed };
	unsigned i;

	(void)unused;
	for (i = 1; i <= ROUNDS; i++) {
		seed = i * 0x9e3779b97f4a7c15u;
		if (!fuzz_round(&z, &state))
			fail_msg("round %u", i);
	}
}

/* Places at the edges of what one step of the pass looks at. */
static void
finds_at_every_offset_and_length(void **unused)
{
	struct pattern_set *set;
	struct error err = { STATUS_OK, "" };
	enum filter_form form;
	char text[200];
	unsigned id;
	size_t n, at;

	(void)unused;
	assert_int_equal(pattern_set_new(&set, &err), STATUS_OK);
	assert_int_equal(pattern_add(set, "#", 0, 0, &id, &err), STATUS_OK);
	assert_int_equal(pattern_add(set, "#@", 0, 0, &id, &err), STATUS_OK);
	for (form = FILTER_BEST; form <= FILTER_NONE; form++)
		for (n = 1; n < 140; n++)
			for (at = 0; at < n; at++) {
				memset(text, '.', sizeof(text));
				text[at] = '#';
				text[at + 1] = '@';
				state.got.n = 0;
				scratch_form(state.scratch, form);
				assert_int_equal(pattern_scan(set,
				    (struct slice){ text, n }, state.scratch,
				    fuzz_note, &state.got, &err), STATUS_OK);
				assert_int_equal(state.got.n,
				    at + 1 < n ? 2 : 1);
				assert_int_equal(state.got.v[0].start, at);
			}
	scratch_form(state.scratch, FILTER_BEST);
	pattern_set_free(set);
}

static void
knows_what_patterns_begin_with(void **unused)
{
	static const struct {
		const char	*pattern;
		bool		 caseless, anywhere;
		unsigned	 n;		/* sequences */
		const char	*first;		/* bytes of the first's sets */
		int		 required, run_end;	/* -2: either */
	} row[] = {
		{ "ghp_\\w{36}", false, false, 1, "ghp_", '_', -2 },
		{ "\\bgh[op]_x", false, false, 1, "gh", '_', -2 },
		{ "(?:ab|cd)e", false, false, 2, "abe", 'e', -2 },
		{ "\\b[a-z.]+@[a-z]", false, false, 2, NULL, '@', '@' },
		{ "(?<!x)\\w{2,}@", false, false, 2, NULL, '@', '@' },
		{ "[a@]+@", false, false, 2, NULL, '@', -1 },
		{ "[a-z]*@", false, false, 2, NULL, '@', -1 },
		{ "(?:ab)+@", false, false, 2, "ab", '@', -1 },
		{ "[a-z]+@|x", false, false, 3, NULL, -1, -1 },
		{ "https?://x", false, false, 1, "http", '/', -2 },
		{ "[0-9]{1,3}\\.", false, false, 3, NULL, '.', '.' },
		{ "x{3}y", false, false, 1, "xxxy", 'x', -2 },
		{ "(?<=a)b.c", false, false, 2, "b", 'b', -2 },
		{ "a|b@", false, false, 2, "a", -1, -2 },
		{ "Q", true, false, 1, NULL, -1, -2 },
		{ "a*b", false, false, 2, NULL, 'b', -2 },
		{ "a*", false, true, 0, NULL, -1, -2 },
		{ "(?=a)", false, true, 0, NULL, -1, -2 },
		{ "(*UCP)a", false, true, 0, NULL, -1, -2 },
		{ "\\Ka", false, true, 0, NULL, -1, -2 },
		{ "(?x) a", false, true, 0, NULL, -1, -2 },
		{ "(?(1)a|b)", false, true, 0, NULL, -1, -2 }
	};
	struct first *f = malloc(sizeof(*f));
	size_t i, k;

	(void)unused;
	assert_non_null(f);
	for (i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
		first_of(row[i].pattern, row[i].caseless, false, f);
		if (f->anywhere != row[i].anywhere ||
		    (!f->anywhere && f->n != row[i].n) ||
		    f->required != row[i].required)
			fail_msg("%s: anywhere %d, n %u, required %d",
			    row[i].pattern, f->anywhere, f->n, f->required);
		if (row[i].run_end > -2)
			assert_int_equal(f->run_end, row[i].run_end);
		for (k = 0; row[i].first != NULL && row[i].first[k] != '\0';
		    k++) {
			assert_op(k, <, f->seq[0].n);
			assert_true(first_has(&f->seq[0].set[k],
			    (unsigned char)row[i].first[k]));
			assert_false(first_has(&f->seq[0].set[k], '!'));
		}
	}
	free(f);
}

static void
knows_what_patterns_hold(void **unused)
{
	static const struct {
		const char	*pattern;
		unsigned	 n;		/* sequences; 0: not known */
		const char	*first;		/* bytes of the first's sets */
	} row[] = {
		{ "[a-z ]+qz", 1, "qz" },
		{ "\\b\\w+ (?:is|was) q", 2, "is q" },
		{ "[a-z]+(?:qx|zy)", 2, "qx" },
		{ "[a-z]+q|[a-z]+zz", 2, "q" },
		{ "[a-z ]*(?:z|a(?!b))?e{2}", 1, "ee" },
		{ "[a-z]+|zz", 0, NULL },
		{ "[a-z]*|zz", 0, NULL },
		{ "z?", 0, NULL },
		{ "(?(1)a|b)z", 0, NULL }
	};
	struct first *f = malloc(sizeof(*f));
	size_t i, k;

	(void)unused;
	assert_non_null(f);
	for (i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
		first_of(row[i].pattern, false, false, f);
		if (f->ninner != row[i].n)
			fail_msg("%s: %u", row[i].pattern, f->ninner);
		for (k = 0; row[i].first != NULL && row[i].first[k] != '\0';
		    k++) {
			assert_op(k, <, f->inner[0].n);
			assert_true(first_has(&f->inner[0].set[k],
			    (unsigned char)row[i].first[k]));
		}
	}
	free(f);
}

static int64_t tick_ns;		/* from one look at the clock to the next */

int64_t
cpu_ns(void)
{
	static int64_t ns;

	return ns += tick_ns;
}

#define HOSTILE_STEPS	1000000

/* Each over 10 kB that it is bad at: an answer or a limit, after no more steps
 * than a text of that length has.  How long these take, the bench tells. */
static void
hostile_patterns_end_soon(void **unused)
{
	static const struct {
		const char	*pattern, *fill;
	} row[] = {
		{ "(a+)+$", "a" }, { "(a|aa)+$", "a" }, { "(a*)*b", "a" },
		{ "(a|a)*c", "a" }, { "(.*a){12}b", "a" }, { "([a-z]+)*\\d", "ab" },
		{ "(x+x+)+y", "x" }, { "(.*)(.*)(.*)(.*)(.*)[0-9]z", "a" },
		{ "^(a?){60}a{60}$", "a" }, { "a*a*a*a*a*[bc]$", "a" },
		{ "(?:a|b|ab)*[cd]!", "ab" }, { "\\s+$", " " },
		{ "\\s*\\n\\s*x", " " }, { "(\\w+\\s?)*:$", "word " },
		{ "^(([a-z])+.)+[A-Z]([a-z])+$", "a" },
		{ "([a-zA-Z0-9]+)*@", "aB3" }, { "<([^>]*>)*[^<]$", "<>" },
		{ "(?=.*b)(?=.*c)a", "a" }, { "(a?){30}[xy]", "a" },
		{ "(?:(?:a+b?)+c?)+d$", "ab" }, { "[^q]*[^q]*[^q]*q[^q]", "a" },
		{ "(\"[^\"]*\"\\s*,?\\s*)*;;", "\"a\" , " },
		{ "x*x*[yz]", "x" }, { "(\\d+,?)+[;:]", "12," }
	};
	char text[10001];
	struct pattern_set *set;
	struct error err;
	enum status st;
	struct pattern_effort e;
	unsigned id;
	size_t i, k, n;

	(void)unused;
	tick_ns = 1000000;
	for (i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
		n = strlen(row[i].fill);
		for (k = 0; k < sizeof(text) - 1; k++)
			text[k] = row[i].fill[k % n];
		text[sizeof(text) - 2] = '#';
		text[sizeof(text) - 1] = '\0';
		error_clear(&err);
		assert_int_equal(pattern_set_new(&set, &err), STATUS_OK);
		assert_int_equal(pattern_add(set, row[i].pattern, 0, 0, &id,
		    &err), STATUS_OK);
		state.got.n = 0;
		st = pattern_scan(set, slice_of(text), state.scratch,
		    fuzz_note, &state.got, &err);
		scratch_effort(state.scratch, id, &e);
		if (st != STATUS_OK && st != STATUS_LIMIT)
			fail_msg("%s: %s", row[i].pattern, err.text);
		if (e.steps > HOSTILE_STEPS)
			fail_msg("%s: %llu steps", row[i].pattern,
			    (unsigned long long)e.steps);
		printf("%-32s %6llu attempts, %9llu steps%s\n", row[i].pattern,
		    (unsigned long long)e.attempts, (unsigned long long)e.steps,
		    st == STATUS_LIMIT ? ", limit" : "");
		pattern_set_free(set);
	}
}

static void
a_limit_names_the_pattern(void **unused)
{
	struct pattern_set *set;
	struct error err = { STATUS_OK, "" };
	unsigned id;
	bool found;

	(void)unused;
	assert_int_equal(pattern_set_new(&set, &err), STATUS_OK);
	assert_int_equal(pattern_add(set, "fine", 0, 0, &id, &err), STATUS_OK);
	assert_int_equal(pattern_add(set, "(a+)+$", 0, 5000, &id, &err),
	    STATUS_OK);
	assert_int_equal(pattern_test(set, 1, SLICE(
	    "fine aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!"),
	    state.scratch, &found, &err), STATUS_LIMIT);
	assert_string_equal(err.text, "pattern 1: no answer within 5000 steps");
	error_clear(&err);
	assert_int_equal(pattern_test(set, 0, SLICE("so fine"), state.scratch,
	    &found, &err), STATUS_OK);
	assert_true(found);
	assert_int_equal(pattern_test(set, 0, SLICE_NONE, state.scratch,
	    &found, &err), STATUS_OK);
	assert_false(found);
	pattern_set_free(set);
}

#define LONG_ATTEMPTS	3000	/* for 200,000 places */

/* Each looks at all that follows from every place, which counts no steps: an
 * answer would take minutes.  Plain ones find all in a text as long. */
static void
long_looks_ahead_end(void **unused)
{
	static const char *const row[] = {
		"(?=.*b)(?=.*c)a", "a(?=[^z]*z)", "[^q](?=.*)", "a(?=a*?z)"
	};
	size_t n = 200000, i;
	char *text = malloc(n);
	struct pattern_set *set;
	struct pattern_effort e;
	struct error err;
	unsigned id;

	(void)unused;
	assert_non_null(text);
	memset(text, 'a', n);
	tick_ns = 20000000;
	for (i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
		error_clear(&err);
		assert_int_equal(pattern_set_new(&set, &err), STATUS_OK);
		assert_int_equal(pattern_add(set, row[i], 0, 0, &id, &err),
		    STATUS_OK);
		state.got.n = 0;
		if (pattern_scan(set, (struct slice){ text, n }, state.scratch,
		    fuzz_note, &state.got, &err) != STATUS_LIMIT)
			fail_msg("%s: no limit", row[i]);
		scratch_effort(state.scratch, id, &e);
		if (e.attempts > LONG_ATTEMPTS)
			fail_msg("%s: %llu attempts", row[i],
			    (unsigned long long)e.attempts);
		pattern_set_free(set);
	}
	tick_ns = 0;
	for (i = 0; i < n; i += 1000)
		memcpy(text + i, "\nword-9", 7);
	for (i = 0; i < 2; i++) {
		error_clear(&err);
		assert_int_equal(pattern_set_new(&set, &err), STATUS_OK);
		assert_int_equal(pattern_add(set, i == 0 ? "[^a\n]+-\\d" :
		    "\\w+(?=-)", 0, 0, &id, &err), STATUS_OK);
		state.got.n = 0;
		assert_int_equal(pattern_scan(set, (struct slice){ text, n },
		    state.scratch, fuzz_note, &state.got, &err), STATUS_OK);
		assert_int_equal(state.got.n, 200);
		pattern_set_free(set);
	}
	free(text);
}

/* A place that needs more than few steps still gets its answer. */
static void
hard_places_are_answered(void **unused)
{
	char text[4096];
	struct pattern_set *set;
	struct error err = { STATUS_OK, "" };
	unsigned id;

	(void)unused;
	memset(text, 'a', sizeof(text));
	memcpy(text + 100, "!", 1);
	memcpy(text + sizeof(text) - 4, "bzzz", 4);
	assert_int_equal(pattern_set_new(&set, &err), STATUS_OK);
	assert_int_equal(pattern_add(set, "!(?:a|a(?=b))*?bz", 0, 0, &id, &err),
	    STATUS_OK);
	assert_int_equal(pattern_add(set, "(?:a|a(?=b))*?bz", 0, 0, &id, &err),
	    STATUS_OK);
	state.got.n = 0;
	assert_int_equal(pattern_scan(set, (struct slice){ text,
	    sizeof(text) }, state.scratch, fuzz_note, &state.got, &err),
	    STATUS_OK);
	assert_int_equal(state.got.n, 2);
	pattern_set_free(set);
}

static enum status
check_groups(void *arg, const struct pattern_match *m, struct error *err)
{
	(void)err;
	*(unsigned *)arg += 1;
	assert_int_equal(m->nspan, 3);
	assert_int_equal(m->span[0][0], 2);
	assert_int_equal(m->span[0][1], 7);
	assert_int_equal(m->span[1][0], SIZE_MAX);
	assert_int_equal(m->span[2][0], 4);
	assert_int_equal(m->span[2][1], 7);
	return STATUS_OK;
}

static void
groups_come_with_the_match(void **unused)
{
	struct pattern_set *set;
	struct error err = { STATUS_OK, "" };
	unsigned id, n = 0;

	(void)unused;
	assert_int_equal(pattern_set_new(&set, &err), STATUS_OK);
	assert_int_equal(pattern_add(set, "(", 0, 0, &id, &err),
	    STATUS_INVALID);
	assert_string_equal(err.text,
	    "byte 1: missing closing parenthesis");
	error_clear(&err);
	assert_int_equal(pattern_add(set, "#(a)?=(\\d+)", 0, 0, &id, &err),
	    STATUS_OK);
	assert_int_equal(id, 0);
	assert_int_equal(pattern_scan(set, SLICE("x #=123 y"), state.scratch,
	    check_groups, &n, &err), STATUS_OK);
	assert_int_equal(n, 1);
	pattern_set_free(set);
}

#define SHARERS	4
#define SHARED	60	/* patterns; each text asks for the code of one */

struct sharer {
	pthread_t		 thread;
	struct pattern_set	*set;
	pthread_barrier_t	*together;
	unsigned		 found, wrong;
};

static enum status
check_shared(void *arg, const struct pattern_match *m, struct error *err)
{
	struct sharer *s = arg;

	(void)err;
	s->found++;
	/* The last has more groups than there is room for from the start. */
	if (m->nspan != (m->id == SHARED - 1 ? 41 : 1) || m->span[0][0] != 2 ||
	    m->span[0][1] != 6)
		s->wrong++;
	return STATUS_OK;
}

static void *
share(void *arg)
{
	struct sharer *s = arg;
	struct error err = { STATUS_OK, "" };
	struct scratch *scratch;
	char text[16];
	unsigned i;

	if (scratch_new(&scratch, &err) != STATUS_OK)
		return NULL;
	(void)pthread_barrier_wait(s->together);
	for (i = 0; i < SHARED; i++) {
		(void)snprintf(text, sizeof(text), ". #@%02u .", i);
		if (pattern_scan(s->set, slice_of(text), scratch, check_shared, s,
		    &err) != STATUS_OK)
			s->wrong++;
	}
	scratch_free(scratch);
	return NULL;
}

/* What the first scan makes, and the first attempt of each pattern, is made once
 * for all. */
static void
threads_share_what_is_made_at_first_use(void **unused)
{
	static char pattern[SHARED][256];
	struct sharer s[SHARERS] = { 0 };
	pthread_barrier_t together;
	struct pattern_set *set;
	struct error err = { STATUS_OK, "" };
	unsigned i, k, id;
	size_t len;

	(void)unused;
	assert_int_equal(pattern_set_new(&set, &err), STATUS_OK);
	for (i = 0; i < SHARED; i++) {
		len = (size_t)snprintf(pattern[i], sizeof(pattern[i]), "#@%02u",
		    i);
		for (k = 0; i == SHARED - 1 && k < 40; k++, len += 2)
			memcpy(pattern[i] + len, "()", 3);
		assert_int_equal(pattern_add(set, pattern[i], i % 2 == 0 ?
		    PATTERN_KNOWN : 0, 0, &id, &err), STATUS_OK);
	}
	assert_int_equal(pthread_barrier_init(&together, NULL, SHARERS), 0);
	for (i = 0; i < SHARERS; i++) {
		s[i].set = set;
		s[i].together = &together;
		assert_int_equal(pthread_create(&s[i].thread, NULL, share, &s[i]),
		    0);
	}
	for (i = 0; i < SHARERS; i++) {
		assert_int_equal(pthread_join(s[i].thread, NULL), 0);
		assert_int_equal(s[i].wrong, 0);
		assert_int_equal(s[i].found, SHARED);
	}
	(void)pthread_barrier_destroy(&together);
	pattern_set_free(set);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(threads_share_what_is_made_at_first_use),
		cmocka_unit_test(knows_what_patterns_begin_with),
		cmocka_unit_test(knows_what_patterns_hold),
		cmocka_unit_test(finds_at_every_offset_and_length),
		cmocka_unit_test(every_form_finds_what_each_alone_finds),
		cmocka_unit_test(hostile_patterns_end_soon),
		cmocka_unit_test(a_limit_names_the_pattern),
		cmocka_unit_test(long_looks_ahead_end),
		cmocka_unit_test(hard_places_are_answered),
		cmocka_unit_test(groups_come_with_the_match)
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
