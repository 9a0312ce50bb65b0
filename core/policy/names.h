/* The sections of a policy file and the settings that each may hold. */
#ifndef CORE_POLICY_NAMES_H
#define CORE_POLICY_NAMES_H

#include "core/base/buf.h"

enum section_kind {
	SECTION_GUARD, SECTION_QUEUE, SECTION_ROLE, SECTION_SERVE, SECTION_KEY,
	SECTION_UPSTREAM, SECTION_MODEL, SECTION_GATEWAY, SECTION_HOOK,
	SECTION_TOP
};

struct setting_row {
	const char	*name;		/* NULL: the last */
	enum { VALUE_ONE, VALUE_LIST, VALUE_EITHER } list;	/* or a bool */
};

struct section_row {
	const char		*name;
	const struct setting_row	*settings;
	bool			 kinds;	/* and the options of guards' kinds */
	bool			 untitled;	/* there is one at most */
	const struct section_row *inner;	/* that may stand in it, or NULL */
	const struct section_row *beside;	/* that may too, with this one */
};

/* By enum section_kind. */
extern const struct section_row section_rows[SECTION_TOP];

/* A setting that every guard has, whatever its kind. */
bool	setting_is_common(const char *);

/* The setting of that name in such a section; false: there is none. */
bool	setting_find(const struct section_row *, struct slice name,
	    struct setting_row *);
/* The section that may stand in such a one, or NULL. */
const struct section_row *section_inner(const struct section_row *,
	    struct slice name);
/* The i-th name that may begin a statement in such a section, NULL after the
 * last; for near_hint().  The section is a const struct section_row *. */
const char *statement_candidate(void *section, size_t i);

#endif
