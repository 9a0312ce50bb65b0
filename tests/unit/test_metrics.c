/* Series are printed as both formats want them; the bounds of histograms that SQL
 * counts into are those of the table. */
#include <math.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <setjmp.h>
#include <cmocka.h>

#include "db/sql.h"
#include "queries.h"
#include "queue/metrics/series.h"

static void
printed(struct series *s, enum metric m, bool open, const char *wanted)
{
	struct buf b = BUF_INIT;

	series_print(&b, s, m, (enum metric)(m + 1), open);
	assert_string_equal(buf_str(&b), wanted);
	buf_release(&b);
}

static void
test_a_counter_and_its_labels(void **state)
{
	struct series s = { .failed = false };

	(void)state;
	series_add(&s, METRIC_JUDGED, 1, "a\"b\\c\nd");
	series_add(&s, METRIC_JUDGED, 2, "x");
	series_add(&s, METRIC_JUDGED, 2.5, "x");
	printed(&s, METRIC_JUDGED, false,
	    "# HELP handrail_judged_total Records judged, by route.\n"
	    "# TYPE handrail_judged_total counter\n"
	    "handrail_judged_total{route=\"a\\\"b\\\\c\\nd\"} 1\n"
	    "handrail_judged_total{route=\"x\"} 4.5\n");
	printed(&s, METRIC_JUDGED, true,
	    "# HELP handrail_judged Records judged, by route.\n"
	    "# TYPE handrail_judged counter\n"
	    "handrail_judged_total{route=\"a\\\"b\\\\c\\nd\"} 1\n"
	    "handrail_judged_total{route=\"x\"} 4.5\n");
	series_clear(&s, METRIC_JUDGED);
	printed(&s, METRIC_JUDGED, true,
	    "# HELP handrail_judged Records judged, by route.\n"
	    "# TYPE handrail_judged counter\n");
	series_release(&s);
}

static void
test_a_histogram_counts_what_is_below(void **state)
{
	struct series s = { .failed = false };

	(void)state;
	series_observe(&s, METRIC_REVIEW_SECONDS, 5, "q");
	series_observe(&s, METRIC_REVIEW_SECONDS, 5.5, "q");
	series_bucket(&s, METRIC_REVIEW_SECONDS, 9, 2, 9000, "q");
	printed(&s, METRIC_REVIEW_SECONDS, false,
	    "# HELP handrail_review_seconds Time from claiming an item to "
	    "deciding on it.\n"
	    "# TYPE handrail_review_seconds histogram\n"
	    "handrail_review_seconds_bucket{queue=\"q\",le=\"5\"} 1\n"
	    "handrail_review_seconds_bucket{queue=\"q\",le=\"15\"} 2\n"
	    "handrail_review_seconds_bucket{queue=\"q\",le=\"30\"} 2\n"
	    "handrail_review_seconds_bucket{queue=\"q\",le=\"60\"} 2\n"
	    "handrail_review_seconds_bucket{queue=\"q\",le=\"120\"} 2\n"
	    "handrail_review_seconds_bucket{queue=\"q\",le=\"300\"} 2\n"
	    "handrail_review_seconds_bucket{queue=\"q\",le=\"600\"} 2\n"
	    "handrail_review_seconds_bucket{queue=\"q\",le=\"1800\"} 2\n"
	    "handrail_review_seconds_bucket{queue=\"q\",le=\"3600\"} 2\n"
	    "handrail_review_seconds_bucket{queue=\"q\",le=\"+Inf\"} 4\n"
	    "handrail_review_seconds_sum{queue=\"q\"} 9010.5\n"
	    "handrail_review_seconds_count{queue=\"q\"} 4\n");
	series_release(&s);
}

/* What two have counted is the sum of both, in the order of the first. */
static void
test_merge(void **state)
{
	struct series a = { .failed = false }, b = { .failed = false };

	(void)state;
	series_add(&a, METRIC_JUDGED, 1, "x");
	series_add(&b, METRIC_JUDGED, 4, "y");
	series_add(&b, METRIC_JUDGED, 2, "x");
	series_merge(&a, &b);
	series_merge(&a, &b);
	printed(&a, METRIC_JUDGED, false,
	    "# HELP handrail_judged_total Records judged, by route.\n"
	    "# TYPE handrail_judged_total counter\n"
	    "handrail_judged_total{route=\"x\"} 5\n"
	    "handrail_judged_total{route=\"y\"} 8\n");
	/* Who asks by labels finds the one that was merged. */
	series_add(&a, METRIC_JUDGED, 1, "y");
	printed(&a, METRIC_JUDGED, true,
	    "# HELP handrail_judged Records judged, by route.\n"
	    "# TYPE handrail_judged counter\n"
	    "handrail_judged_total{route=\"x\"} 5\n"
	    "handrail_judged_total{route=\"y\"} 9\n");
	assert_false(a.failed);
	series_release(&a);
	series_release(&b);
}

static void
counted_by(enum query_id id, enum metric m)
{
	const double *bounds = metric_rows[m].bounds;
	const char *sql = sql_queries[id].text;
	char when[64];
	size_t i;

	for (i = 0; isfinite(bounds[i]); i++) {
		(void)snprintf(when, sizeof(when), "_ms <= %.0f THEN %zu",
		    bounds[i] * 1000, i);
		if (strstr(sql, when) == NULL)
			fail_msg("%s: no %s", sql_queries[id].name, when);
	}
	(void)snprintf(when, sizeof(when), "ELSE %zu END", i);
	if (strstr(sql, when) == NULL)
		fail_msg("%s: no %s", sql_queries[id].name, when);
}

static void
test_sql_counts_into_the_same_bounds(void **state)
{
	(void)state;
	counted_by(QUERY_METRICS_LATENCY, METRIC_LATENCY);
	counted_by(QUERY_METRICS_REVIEWS, METRIC_REVIEW_SECONDS);
}

static void
test_every_metric_has_its_row(void **state)
{
	int i;

	(void)state;
	for (i = 0; i < METRICS; i++) {
		assert_non_null(metric_rows[i].name);
		assert_non_null(metric_rows[i].labels);
		assert_int_equal(metric_rows[i].type == METRIC_HISTOGRAM,
		    metric_rows[i].bounds != NULL);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_merge),
		cmocka_unit_test(test_a_counter_and_its_labels),
		cmocka_unit_test(test_a_histogram_counts_what_is_below),
		cmocka_unit_test(test_sql_counts_into_the_same_bounds),
		cmocka_unit_test(test_every_metric_has_its_row)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
