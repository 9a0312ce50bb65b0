/* Points in time as people write them. */
#ifndef CORE_BASE_WHEN_H
#define CORE_BASE_WHEN_H

#include <stdbool.h>
#include <stdint.h>

/* How people are told what may be written. */
#define WHEN_FORMS	"2026-11-01, 2026-11-01T10:00:00Z, 7d, 24h, now, " \
	"today, yesterday or monday"

/* "90s", "30m", "24h", "7d", "2w": so long. */
bool	when_age(const char *, int64_t *ms);
/*
 * An age before now, now, a date (UTC) or a time of RFC 3339, or where local
 * days begin: today, yesterday, and of monday to sunday the last that began.
 */
bool	when_parse(const char *, int64_t now_ms, int64_t *ms);

#endif
