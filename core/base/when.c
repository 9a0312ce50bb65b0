#include "core/base/when.h"

#include <stdlib.h>
#include <strings.h>
#include <time.h>

#include "core/base/buf.h"
#include "core/base/time.h"

#define DATE	"2026-11-01"

bool
when_age(const char *text, int64_t *ms)
{
	static const struct {
		char	unit;
		int64_t	ms;
	} units[] = {
		{ 's', 1000 }, { 'm', 60000 }, { 'h', 3600000 },
		{ 'd', 86400000 }, { 'w', 604800000 }
	};
	char *end;
	long v = strtol(text, &end, 10);
	size_t i;

	if (end == text || v < 0 || v > 1000000 || end[0] == '\0' ||
	    end[1] != '\0')
		return false;
	for (i = 0; i < sizeof(units) / sizeof(units[0]); i++)
		if (units[i].unit == end[0]) {
			*ms = v * units[i].ms;
			return true;
		}
	return false;
}

/* The day that a word names, as days before today; -1: it is none. */
static int
days_back(const char *word, int weekday)
{
	static const char *const days[] = {
		"sunday", "monday", "tuesday", "wednesday", "thursday",
		"friday", "saturday"
	};
	int i;

	if (strcasecmp(word, "today") == 0)
		return 0;
	if (strcasecmp(word, "yesterday") == 0)
		return 1;
	for (i = 0; i < 7; i++) {
		if (strcasecmp(word, days[i]) == 0)
			return (weekday - i + 7) % 7;
	}
	return -1;
}

static bool
day_begins(const char *word, int64_t now_ms, int64_t *ms)
{
	time_t t = (time_t)(now_ms / 1000);
	struct tm tm;
	int back;

	if (localtime_r(&t, &tm) == NULL ||
	    (back = days_back(word, tm.tm_wday)) < 0)
		return false;
	tm.tm_mday -= back;
	tm.tm_hour = tm.tm_min = tm.tm_sec = 0;
	tm.tm_isdst = -1;
	t = mktime(&tm);
	*ms = (int64_t)t * 1000;
	return t != (time_t)-1;
}

bool
when_parse(const char *text, int64_t now_ms, int64_t *ms)
{
	struct buf b = BUF_INIT;
	int64_t age;
	bool ok;

	if (when_age(text, &age)) {
		*ms = now_ms - age;
		return true;
	}
	if (strcasecmp(text, "now") == 0) {
		*ms = now_ms;
		return true;
	}
	if (day_begins(text, now_ms, ms))
		return true;
	buf_puts(&b, text);
	if (strlen(text) == strlen(DATE))
		buf_puts(&b, "T00:00:00Z");
	ok = time_parse(buf_slice(&b), ms);
	buf_release(&b);
	return ok;
}
