/*
 * References between schemas (RFC 3986, section 5.2).
 */
#ifndef CORE_SCHEMA_URI_H
#define CORE_SCHEMA_URI_H

#include "core/base/arena.h"
#include "core/base/buf.h"

/*
 * Resolves ref against base (absolute or empty, without fragment).  *uri gets
 * no fragment; *fragment is what followed '#', still percent-encoded, with p
 * NULL where there was none.  False when out of memory.
 */
bool	uri_resolve(struct arena *, struct slice base, struct slice ref,
	    struct slice *uri, struct slice *fragment);
/* Undoes %XX; text that is no such sequence stays.  p NULL: no memory. */
struct slice uri_decode(struct arena *, struct slice);

#endif
