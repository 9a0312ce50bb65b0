/*
 * JSON Schema: drafts 4, 6, 7, 2019-09 and 2020-12, compiled once, then run over
 * core/json tokens.  Knows nothing of items, guards or policies.
 */
#ifndef CORE_SCHEMA_SCHEMA_H
#define CORE_SCHEMA_SCHEMA_H

#include "core/base/buf.h"

enum schema_draft {
	SCHEMA_DRAFT_4, SCHEMA_DRAFT_6, SCHEMA_DRAFT_7, SCHEMA_2019_09,
	SCHEMA_2020_12
};

struct schema;			/* immutable; shared by workers */

struct schema_options {
	enum schema_draft	 draft;		/* where there is no $schema */
	bool			 assert_format;
	/* A document by its absolute URI (without fragment), or absent. */
	struct slice		(*remote)(void *, const char *uri);
	void			*remote_arg;
};

/* One failure: the instance's place, and what was expected there. */
struct schema_failure {
	uint32_t	 token;		/* of the instance, the failing value */
	struct slice	 pointer;	/* RFC 6901, of the instance; arena */
	const char	*keyword;	/* "required", "maximum" ... */
	struct slice	 message;	/* arena */
	struct slice	 missing;	/* the property that is not there, or absent */
};
typedef enum status schema_fn(void *, const struct schema_failure *,
		    struct error *);

#define SCHEMA_FAILURES_MAX	50	/* that one call reports */

#endif
