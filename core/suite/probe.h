/*
 * Texts changed in known ways, to see what guards and rules let through: inputs of a
 * model, or outputs as a model could have given them.  The same text is always
 * changed the same way.
 */
#ifndef CORE_SUITE_PROBE_H
#define CORE_SUITE_PROBE_H

#include "core/base/buf.h"

enum probe {
	PROBE_EMPTY,		/* nothing at all */
	PROBE_LONG,		/* the text again and again, PROBE_LONG_MIN bytes */
	PROBE_TYPOS,		/* letters of every third word changed round */
	PROBE_LANGUAGE,		/* asked for, or given, in another language */
	PROBE_INJECTION,	/* orders to whoever reads it */
	PROBE_UNICODE,		/* what nobody sees, and letters that look alike */
	PROBE_TRUNCATED,	/* its first half */
	PROBE_BROKEN_JSON,	/* JSON that nobody can read */
	PROBE_NUMBERS		/* every number another one */
};
#define PROBES		9
#define PROBE_LONG_MIN	((size_t)32 << 10)
#define PROBE_ALL	((1u << PROBES) - 1)

const char	*probe_name(enum probe);	/* "broken-json" */
/* The set of those that a list names; STATUS_INVALID names the first that is none. */
enum status	probe_set(const char *const *names, size_t n, unsigned *set,
		    struct error *) MUST_CHECK;
/* An output so changed goes out to nobody, whatever its checks say: it is empty, or
 * broken, or holds what nobody sees or what orders others about. */
bool		probe_spoils(enum probe);
/*
 * Adds the changed text.  False where that probe changes nothing of it: there is no
 * number, it is short already ...
 */
bool		probe_text(enum probe, struct slice text, bool is_output,
		    struct buf *);

#endif
