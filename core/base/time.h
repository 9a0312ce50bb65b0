/*
 * Points in time: milliseconds since 1970, UTC.
 */
#ifndef CORE_BASE_TIME_H
#define CORE_BASE_TIME_H

#include "core/base/buf.h"

/* "2026-11-23T10:00:00Z" and the other forms of RFC 3339; false if not one. */
bool		time_parse(struct slice, int64_t *ms);
#define TIME_TEXT	25
/* "2026-11-23T10:00:00.000Z" */
void		time_format(int64_t ms, char out[TIME_TEXT]);
/* Local time for people, "2026-11-01T11:00:00+01:00", with Z where it is UTC. */
#define TIME_LOCAL	32
void		time_local(int64_t ms, char out[TIME_LOCAL]);
/* From one to the other, and so long behind one, at most as far as there are
 * numbers: what a damaged store holds may lie anywhere.  Never INT64_MIN. */
int64_t		time_between(int64_t from_ms, int64_t to_ms);
int64_t		time_after(int64_t from_ms, int64_t ms);

#endif
