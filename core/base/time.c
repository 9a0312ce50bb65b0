/* RFC 3339. */
#include "core/base/time.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define DAY_MS	((int64_t)86400000)

/* Days from 1970-01-01 (Howard Hinnant, "chrono-Compatible Low-Level Date
 * Algorithms"); years begin in March, so that the leap day comes last. */
static int64_t
days_from_civil(int64_t y, int64_t m, int64_t d)
{
	int64_t era, yoe, doy;

	y -= m <= 2;
	era = (y >= 0 ? y : y - 399) / 400;
	yoe = y - era * 400;
	doy = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1;
	return era * 146097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719468;
}

static void
civil_from_days(int64_t z, int *y, int *m, int *d)
{
	int64_t era, doe, yoe, doy, mp;

	z += 719468;
	era = (z >= 0 ? z : z - 146096) / 146097;
	doe = z - era * 146097;
	yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	mp = (5 * doy + 2) / 153;
	*d = (int)(doy - (153 * mp + 2) / 5 + 1);
	*m = (int)(mp < 10 ? mp + 3 : mp - 9);
	*y = (int)(yoe + era * 400 + (*m <= 2));
}

/* Takes exactly n digits off the front. */
static bool
take_digits(struct slice *s, size_t n, int *out)
{
	size_t i;

	if (s->n < n)
		return false;
	for (*out = 0, i = 0; i < n; i++) {
		if (s->p[i] < '0' || s->p[i] > '9')
			return false;
		*out = *out * 10 + (s->p[i] - '0');
	}
	s->p += n;
	s->n -= n;
	return true;
}

static bool
take_char(struct slice *s, const char *one_of)
{
	if (s->n == 0 || *s->p == '\0' || strchr(one_of, *s->p) == NULL)
		return false;
	s->p++;
	s->n--;
	return true;
}

static int
month_days(int y, int m)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30,
	    31 };

	if (m == 2 && y % 4 == 0 && (y % 100 != 0 || y % 400 == 0))
		return 29;
	return days[m - 1];
}

static bool
take_date(struct slice *s, int64_t *days)
{
	int y, m, d;

	if (!take_digits(s, 4, &y) || !take_char(s, "-") ||
	    !take_digits(s, 2, &m) || !take_char(s, "-") ||
	    !take_digits(s, 2, &d) || m < 1 || m > 12 || d < 1 ||
	    d > month_days(y, m))
		return false;
	*days = days_from_civil(y, m, d);
	return true;
}

/* Milliseconds of the day; what is finer is cut off. */
static bool
take_clock(struct slice *s, int64_t *ms)
{
	int h, m, sec, digit, scale = 100;

	if (!take_digits(s, 2, &h) || !take_char(s, ":") ||
	    !take_digits(s, 2, &m) || !take_char(s, ":") ||
	    !take_digits(s, 2, &sec) || h > 23 || m > 59 || sec > 60)
		return false;
	*ms = ((int64_t)h * 3600 + m * 60 + sec) * 1000;
	if (!take_char(s, "."))
		return true;
	if (!take_digits(s, 1, &digit))
		return false;
	do {
		*ms += digit * scale;
		scale /= 10;
	} while (take_digits(s, 1, &digit));
	return true;
}

static bool
take_zone(struct slice *s, int64_t *ms)
{
	bool west;
	int h, m;

	*ms = 0;
	if (take_char(s, "Zz"))
		return true;
	west = s->n > 0 && *s->p == '-';
	if (!take_char(s, "+-") || !take_digits(s, 2, &h) ||
	    !take_char(s, ":") || !take_digits(s, 2, &m) || h > 23 || m > 59)
		return false;
	*ms = ((int64_t)h * 60 + m) * 60000 * (west ? -1 : 1);
	return true;
}

bool
time_parse(struct slice s, int64_t *ms)
{
	int64_t days, clock, zone;

	if (!take_date(&s, &days) || !take_char(&s, "Tt ") ||
	    !take_clock(&s, &clock) || !take_zone(&s, &zone) || s.n != 0)
		return false;
	*ms = days * DAY_MS + clock - zone;
	return true;
}

void
time_format(int64_t ms, char out[TIME_TEXT])
{
	static const int64_t last = 253402300799999;	/* end of year 9999 */
	static const int64_t first = -62167219200000;	/* begin of year 0 */
	unsigned rest;
	int64_t days;
	int y, m, d;

	ms = ms < first ? first : ms > last ? last : ms;
	days = (ms - (ms < 0 ? DAY_MS - 1 : 0)) / DAY_MS;
	rest = (unsigned)(ms - days * DAY_MS);
	civil_from_days(days, &y, &m, &d);
	(void)snprintf(out, TIME_TEXT, "%04u-%02u-%02uT%02u:%02u:%02u.%03uZ",
	    (unsigned)y % 10000, (unsigned)m % 100, (unsigned)d % 100,
	    rest / 3600000 % 100, rest / 60000 % 60, rest / 1000 % 60,
	    rest % 1000);
}

void
time_local(int64_t ms, char out[TIME_LOCAL])
{
	time_t t = (time_t)(ms / 1000);
	struct tm tm;
	size_t n;

	if (localtime_r(&t, &tm) == NULL || (n = strftime(out, TIME_LOCAL - 8,
	    "%Y-%m-%dT%H:%M:%S", &tm)) == 0) {
		out[0] = '\0';
		return;
	}
	if (tm.tm_gmtoff == 0)
		(void)snprintf(out + n, TIME_LOCAL - n, "Z");
	else
		(void)snprintf(out + n, TIME_LOCAL - n, "%c%02ld:%02ld",
		    tm.tm_gmtoff < 0 ? '-' : '+', labs(tm.tm_gmtoff) / 3600 % 100,
		    labs(tm.tm_gmtoff) / 60 % 60);
}

int64_t
time_between(int64_t from, int64_t to)
{
	int64_t n;

	if (__builtin_sub_overflow(to, from, &n) || n == INT64_MIN)
		return to > from ? INT64_MAX : -INT64_MAX;
	return n;
}

int64_t
time_after(int64_t from, int64_t ms)
{
	int64_t n;

	if (__builtin_add_overflow(from, ms, &n) || n == INT64_MIN)
		return ms > 0 ? INT64_MAX : -INT64_MAX;
	return n;
}
