#include "queue/metrics/series.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

struct one_series {
	struct one_series *next;
	char		*values;	/* of the n labels, a NUL behind each */
	size_t		 n;
	char		*labels;	/* a="b",c="d" */
	double		 value;		/* of a histogram: the sum */
	double		 bucket[METRIC_BUCKETS_MAX];
};

static void
one_free(struct one_series *x)
{
	free(x->values);
	free(x->labels);
	free(x);
}

void
series_clear(struct series *s, enum metric m)
{
	struct one_series *x;

	while ((x = s->first[m]) != NULL) {
		s->first[m] = x->next;
		one_free(x);
	}
}

void
series_release(struct series *s)
{
	int i;

	for (i = 0; i < METRICS; i++)
		series_clear(s, (enum metric)i);
}

static void
label_value(struct buf *b, const char *s)
{
	for (; *s != '\0'; s++) {
		if (*s == '\n') {
			buf_puts(b, "\\n");
			continue;
		}
		if (*s == '"' || *s == '\\')
			buf_putc(b, '\\');
		buf_putc(b, *s);
	}
}

/* The names are in the table, one word each. */
static void
labels_make(struct buf *b, enum metric m, va_list values)
{
	const char *name = metric_rows[m].labels;
	size_t n;

	for (; *name != '\0'; name += n + (name[n] == ' ')) {
		n = strcspn(name, " ");
		buf_printf(b, "%s%.*s=\"", b->n == 0 ? "" : ",", (int)n, name);
		label_value(b, va_arg(values, const char *));
		buf_putc(b, '"');
	}
}

static size_t
labels_count(enum metric m)
{
	const char *name = metric_rows[m].labels;
	size_t n;

	for (n = *name != '\0'; *name != '\0'; name++)
		n += *name == ' ';
	return n;
}

/* Its values one behind the other, for the next who asks. */
static struct one_series *
one_new(enum metric m, size_t n, va_list values)
{
	struct one_series *x = calloc(1, sizeof(*x));
	struct buf labels = BUF_INIT, all = BUF_INIT;
	const char *v;
	va_list ap;

	if (x == NULL)
		return NULL;
	x->n = n;
	va_copy(ap, values);
	labels_make(&labels, m, ap);
	va_end(ap);
	va_copy(ap, values);
	for (; n > 0; n--) {
		v = va_arg(ap, const char *);
		buf_add(&all, v, strlen(v) + 1);
	}
	va_end(ap);
	buf_putc(&labels, '\0');
	buf_putc(&all, '\0');
	x->labels = labels.p;
	x->values = all.p;
	if (labels.failed || all.failed) {
		one_free(x);
		return NULL;
	}
	return x;
}

static bool
one_is(const struct one_series *x, va_list values)
{
	const char *at = x->values, *v;
	size_t n = x->n;
	va_list ap;
	bool same = true;

	va_copy(ap, values);
	for (; n > 0 && same; n--) {
		v = va_arg(ap, const char *);
		same = strcmp(at, v) == 0;
		at += strlen(at) + 1;
	}
	va_end(ap);
	return same;
}

/* The one with these labels, made on first sight behind the others. */
static struct one_series *
series_get(struct series *s, enum metric m, va_list values)
{
	struct one_series **at = &s->first[m];

	while (*at != NULL && !one_is(*at, values))
		at = &(*at)->next;
	if (*at == NULL)
		*at = one_new(m, labels_count(m), values);
	s->failed |= *at == NULL;
	return *at;
}

void
series_add(struct series *s, enum metric m, double v, ...)
{
	struct one_series *x;
	va_list ap;

	va_start(ap, v);
	if ((x = series_get(s, m, ap)) != NULL)
		x->value += v;
	va_end(ap);
}

void
series_set(struct series *s, enum metric m, double v, ...)
{
	struct one_series *x;
	va_list ap;

	va_start(ap, v);
	if ((x = series_get(s, m, ap)) != NULL)
		x->value = v;
	va_end(ap);
}

void
series_observe(struct series *s, enum metric m, double seconds, ...)
{
	struct one_series *x;
	va_list ap;
	size_t i = 0;

	va_start(ap, seconds);
	if ((x = series_get(s, m, ap)) != NULL) {
		while (seconds > metric_rows[m].bounds[i])
			i++;
		x->bucket[i]++;
		x->value += seconds;
	}
	va_end(ap);
}

void
series_bucket(struct series *s, enum metric m, size_t bucket, double n,
    double sum, ...)
{
	struct one_series *x;
	va_list ap;

	va_start(ap, sum);
	if ((x = series_get(s, m, ap)) != NULL) {
		x->bucket[bucket] += n;
		x->value += sum;
	}
	va_end(ap);
}

static size_t
values_length(const struct one_series *x)
{
	const char *at = x->values;
	size_t n;

	for (n = x->n; n > 0; n--)
		at += strlen(at) + 1;
	return (size_t)(at - x->values) + 1;
}

/* The one with the same labels, made behind the others where there is none. */
static struct one_series *
same_get(struct series *s, enum metric m, const struct one_series *x)
{
	const size_t values = values_length(x), labels = strlen(x->labels) + 1;
	struct one_series **at = &s->first[m], *new;

	for (; *at != NULL; at = &(*at)->next)
		if (strcmp((*at)->labels, x->labels) == 0)
			return *at;
	if ((new = calloc(1, sizeof(*new))) == NULL)
		return NULL;
	new->n = x->n;
	new->values = malloc(values);
	new->labels = malloc(labels);
	if (new->values == NULL || new->labels == NULL) {
		one_free(new);
		return NULL;
	}
	memcpy(new->values, x->values, values);
	memcpy(new->labels, x->labels, labels);
	return *at = new;
}

void
series_merge(struct series *to, const struct series *from)
{
	const struct one_series *x;
	struct one_series *sum;
	size_t i;
	int m;

	to->failed |= from->failed;
	for (m = 0; m < METRICS; m++)
		for (x = from->first[m]; x != NULL; x = x->next) {
			if ((sum = same_get(to, (enum metric)m, x)) == NULL) {
				to->failed = true;
				continue;
			}
			sum->value += x->value;
			for (i = 0; i < METRIC_BUCKETS_MAX; i++)
				sum->bucket[i] += x->bucket[i];
		}
}

static void
head_print(struct buf *b, enum metric m, bool open_metrics)
{
	static const char *const types[] = { "counter", "gauge", "histogram" };
	const struct metric_row *r = &metric_rows[m];
	const char *total = r->type == METRIC_COUNTER && !open_metrics ?
	    "_total" : "";

	buf_printf(b, "# HELP %s%s %s\n# TYPE %s%s %s\n", r->name, total,
	    r->help, r->name, total, types[r->type]);
}

static void
histogram_print(struct buf *b, const struct metric_row *r,
    const struct one_series *x)
{
	const char *comma = x->labels[0] == '\0' ? "" : ",";
	double n = 0;
	size_t i;

	for (i = 0; i == 0 || r->bounds[i - 1] < 1e300; i++) {
		n += x->bucket[i];
		buf_printf(b, "%s_bucket{%s%sle=\"", r->name, x->labels, comma);
		if (r->bounds[i] > 1e300)
			buf_puts(b, "+Inf");
		else
			buf_printf(b, "%g", r->bounds[i]);
		buf_printf(b, "\"} %.15g\n", n);
	}
	buf_printf(b, "%s_sum%s%s%s %.15g\n%s_count%s%s%s %.15g\n", r->name,
	    *comma ? "{" : "", x->labels, *comma ? "}" : "", x->value, r->name,
	    *comma ? "{" : "", x->labels, *comma ? "}" : "", n);
}

void
series_print(struct buf *b, const struct series *s, enum metric from,
    enum metric to, bool open_metrics)
{
	const struct one_series *x;
	const struct metric_row *r;
	bool labels;
	enum metric m;

	for (m = from; m < to; m++) {
		r = &metric_rows[m];
		head_print(b, m, open_metrics);
		for (x = s->first[m]; x != NULL; x = x->next) {
			labels = x->labels[0] != '\0';
			if (r->type == METRIC_HISTOGRAM) {
				histogram_print(b, r, x);
				continue;
			}
			buf_printf(b, "%s%s%s%s%s %.15g\n", r->name,
			    r->type == METRIC_COUNTER ? "_total" : "",
			    labels ? "{" : "", x->labels, labels ? "}" : "",
			    x->value);
		}
	}
}
