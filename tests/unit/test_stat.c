/* Intervals, tests and what they say, beside published numbers. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <zlib.h>

#include "core/stat/agree.h"
#include "core/stat/interval.h"
#include "core/stat/paired.h"
#include "core/stat/special.h"

static int wrong;

static void
near_by(const char *what, double got, double want, double by)
{
	if (fabs(got - want) <= by)
		return;
	print_error("%s: got %.12g, wanted %.12g\n", what, got, want);
	wrong++;
}

static void
near(const char *what, double got, double want)
{
	near_by(what, got, want, 1e-6);
}

static void
test_beta_has_closed_forms(void **state)
{
	double x;

	(void)state;
	wrong = 0;
	for (x = 0.05; x < 1; x += 0.05) {
		near_by("I(1, 1)", stat_beta(1, 1, x), x, 1e-13);
		near_by("I(3, 1)", stat_beta(3, 1, x), x * x * x, 1e-13);
		near_by("I(1, 4)", stat_beta(1, 4, x), 1 - pow(1 - x, 4), 1e-13);
		near_by("I(.5, .5)", stat_beta(0.5, 0.5, x),
		    2 / M_PI * asin(sqrt(x)), 1e-12);
		near_by("and back", stat_beta_inverse(7.5, 2, stat_beta(7.5, 2,
		    x)), x, 1e-10);
	}
	near_by("none of 1000", stat_binomial(0, 1000, 0.5) /
	    pow(0.5, 1000), 1, 1e-9);
	near_by("all", stat_binomial(5, 5, 0.3), 1, 0);
	near_by("t of 1", stat_t_two_sided(1, 1), 0.5, 1e-12);
	near_by("t of 2", stat_t_inverse(0.975, 2), 4.302652729911275, 1e-9);
	near_by("t of 30", stat_t_inverse(0.025, 30), -2.042272456301238, 1e-9);
	near_by("z", stat_normal_inverse(0.975), 1.959963984540054, 1e-12);
	assert_int_equal(wrong, 0);
}

static void
test_intervals_are_the_published_ones(void **state)
{
	struct interval i;

	(void)state;
	wrong = 0;
	near_by("0/59", stat_upper(0, 59, .95), .0495076, 1e-7);
	near_by("0/299", stat_upper(0, 299, .95), .0099691, 1e-7);
	near_by("2/200", stat_upper(2, 200, .95), .0311426, 1e-7);
	near_by("5/100", stat_upper(5, 100, .95), .1022534, 1e-7);
	i = stat_exact(5, 100, .95);
	near_by("5/100 low", i.low, .0164319, 1e-7);
	near_by("5/100 high", i.high, .1128349, 1e-7);
	i = stat_exact(3, 15, .95);
	near_by("3/15 low", i.low, .0433120, 1e-7);
	near_by("3/15 high", i.high, .4808911, 1e-7);
	near("57/60", stat_lower(57, 60, .95), .875813);
	near("96/100", stat_lower(96, 100, .95), .910804);
	near("190/200", stat_lower(190, 200, .95), .916665);
	near("1121/1307", stat_lower(1121, 1307, .95), .840815);
	near("all of 10", stat_lower(10, 10, .95), pow(.05, .1));
	near("none", stat_lower(0, 10, .95), 0);
	near("of nothing", stat_upper(0, 0, .95), 1);
	i = stat_wilson(95, 100, .95);
	near("Wilson low", i.low, .888250);
	near("Wilson high", i.high, .978456);
	assert_int_equal(wrong, 0);
}

static void
test_repeats_count_by_cases(void **state)
{
	static const struct trials thirds[] = {
		{ 1, 3 }, { 1, 3 }, { 1, 3 }, { 3, 3 }, { 2, 3 }
	};
	static const struct trials nine = { 9, 10 }, eight = { 8, 10 };

	(void)state;
	wrong = 0;
	near("three thirds are one", stat_cases_passed(thirds, 3), 1);
	near("the rest is left out", stat_cases_passed(thirds, 5), 2);
	near("pass^4 of 9/10", stat_pass_power(&nine, 1, 4), .6);
	near("pass^3 of 8/10", stat_pass_power(&eight, 1, 3), .466667);
	near("pass^1", stat_pass_power(thirds, 5, 1), 8.0 / 15);
	near("pass^9 of three", stat_pass_power(thirds, 5, 9), .2);
	assert_int_equal(wrong, 0);
}

static void
test_holm_steps_down(void **state)
{
	double p[] = { .04, .01, .03, .005, .9 };
	size_t order[5];

	(void)state;
	wrong = 0;
	stat_holm(p, 5, order);
	near("least", p[3], .025);
	near("second", p[1], .04);
	near("third", p[2], .09);
	near("never under the one before", p[0], .09);
	near("at most what it is", p[4], .9);
	assert_int_equal(wrong, 0);
}

static void
test_nearest_rank(void **state)
{
	double v[100];
	int i;

	(void)state;
	for (i = 0; i < 100; i++)
		v[i] = 100 - i;
	assert_true(stat_percentile(v, 100, .5) == 50);
	assert_true(stat_percentile(v, 100, .95) == 95);
	assert_true(stat_percentile(v, 100, .99) == 99);
	assert_true(isnan(stat_percentile(v, 0, .5)));
}

static size_t
pairs_fill(struct pair *v, size_t broken, size_t fixed, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		v[i] = (struct pair){ i < broken || i >= broken + fixed,
		    i >= broken };
	return n;
}

static const struct paired_options usual = { .05, .02, .8 };

static void
test_pairs_say_what_is_open(void **state)
{
	struct pair v[400];
	struct paired r;

	(void)state;
	wrong = 0;
	r = stat_paired(v, pairs_fill(v, 2, 6, 40), &usual);
	near("diff", r.diff, .1);
	near("low", r.low, -.049494);
	near("high", r.high, .239970);
	near("p", r.p, .289062);
	assert_string_equal(comparison_name(r.verdict), "undecided");
	assert_true(r.need > 0);
	r = stat_paired(v, pairs_fill(v, 0, 30, 400), &usual);
	assert_string_equal(comparison_name(r.verdict), "better");
	near("nothing more is wanted", r.need, 0);
	r = stat_paired(v, pairs_fill(v, 1, 1, 400), &usual);
	assert_string_equal(comparison_name(r.verdict), "not_worse");
	r = stat_paired(v, pairs_fill(v, 60, 2, 400), &usual);
	assert_string_equal(comparison_name(r.verdict), "worse");
	assert_true(isnan(r.need));
	r = stat_paired(v, 0, &usual);
	assert_string_equal(comparison_name(r.verdict), "undecided");
	assert_true(fabs(stat_need(.2, .05, .05, .8) - 625.5473) < 1e-4);
	assert_true(fabs(stat_need(.3, .02, .05, .8) - 5884.3014) < 1e-4);
	assert_true(fabs(stat_need(.1, .03, .05, .8) - 869.7361) < 1e-4);
	assert_int_equal(wrong, 0);
}

/* Shares of repeats: Student's t, here with values worked out by hand. */
static void
test_pairs_of_shares(void **state)
{
	static const struct pair v[] = {
		{ .5, 1 }, { .5, .5 }, { .25, .75 }, { 0, .5 }, { 1, .5 }
	};
	static const struct pair same[] = { { .5, .5 }, { .25, .25 } };
	struct paired r = stat_paired(v, 5, &usual);

	(void)state;
	wrong = 0;
	near("mean", r.diff, .2);
	near("t = 1 with 4", r.p, stat_t_two_sided(1, 4));
	near("p", r.p, .373901);
	near("low", r.low, .2 - .2 * 2.776445);
	assert_int_equal(r.fixed, 3);
	assert_int_equal(r.broken, 1);
	r = stat_paired(same, 2, &usual);
	near("no change", r.p, 1);
	assert_string_equal(comparison_name(r.verdict), "not_worse");
	r = stat_paired(v, 1, &usual);
	assert_string_equal(comparison_name(r.verdict), "undecided");
	assert_int_equal(wrong, 0);
}

static void
test_a_cheap_model_is_worse(void **state)
{
	const char *dir = getenv("HANDRAIL_SHARED");
	static struct pair v[2000];
	struct trials strong = { 0, 0 };
	char path[4096], line[256], *c;
	struct paired r;
	size_t n = 0;
	gzFile f;

	(void)state;
	(void)snprintf(path, sizeof(path), "%s/data/loop/routellm_gsm8k.csv.gz",
	    dir == NULL ? "../shared" : dir);
	if ((f = gzopen(path, "r")) == NULL) {
		print_message("skipped: no data under $HANDRAIL_SHARED\n");
		skip();
	}
	assert_non_null(gzgets(f, line, sizeof(line)));
	while (n < 2000 && gzgets(f, line, sizeof(line)) != NULL) {
		assert_non_null(c = strchr(line, ','));
		v[n].now = strncmp(c + 1, "1", 1) == 0;
		assert_non_null(c = strchr(c + 1, ','));
		v[n].before = strncmp(c + 1, "1", 1) == 0;
		strong.passed += v[n++].before > 0;
	}
	(void)gzclose(f);
	wrong = 0;
	r = stat_paired(v, n, &usual);
	assert_int_equal(n, 1307);
	assert_int_equal(r.broken, 382);
	assert_int_equal(r.fixed, 94);
	near("diff", r.diff, -.220352);
	near("low", r.low, -.250504);
	near("high", r.high, -.189526);
	near_by("p", r.p * 1e42, 3.257, 5e-4);
	near("strong", strong.passed / 1307.0, .857689);
	assert_string_equal(comparison_name(r.verdict), "worse");
	assert_int_equal(wrong, 0);
}

static void
test_kappa_is_the_published_one(void **state)
{
	/* Wikipedia's first example; no better than chance; and of nothing. */
	const double grants[] = { 20, 5, 10, 15 };
	const double chance[] = { 25, 25, 25, 25 };
	const double alike[] = { 9, 0, 0, 0 };
	const double three[] = { 11, 3, 1, 1, 9, 0, 0, 2, 10 };

	(void)state;
	wrong = 0;
	near("grants", stat_kappa(grants, 2), .4);
	near("chance", stat_kappa(chance, 2), 0);
	near("three", stat_kappa(three, 3), .717557251908);
	assert_int_equal(wrong, 0);
	assert_true(isnan(stat_kappa(alike, 2)));
	assert_true(isnan(stat_kappa(alike + 1, 1)));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_beta_has_closed_forms),
		cmocka_unit_test(test_intervals_are_the_published_ones),
		cmocka_unit_test(test_repeats_count_by_cases),
		cmocka_unit_test(test_holm_steps_down),
		cmocka_unit_test(test_nearest_rank),
		cmocka_unit_test(test_pairs_say_what_is_open),
		cmocka_unit_test(test_pairs_of_shares),
		cmocka_unit_test(test_a_cheap_model_is_worse),
		cmocka_unit_test(test_kappa_is_the_published_one)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
