/* Settings of a section read into a struct, one const row a setting. */
#ifndef CORE_POLICY_FIELD_H
#define CORE_POLICY_FIELD_H

#include <stddef.h>
#include <stdint.h>

#include "core/policy/section.h"

enum field_type {
	FIELD_TEXT,		/* const char *; never empty */
	FIELD_LIST,		/* const char *const *, and how many at `at_n`; none
				 * is empty or there twice */
	FIELD_BOOL,
	FIELD_COUNT,		/* uint64_t, 1 to max */
	FIELD_SIZE,		/* uint64_t, bytes, 1 to max */
	FIELD_DURATION,		/* int64_t, ms, over 0 and up to max */
	FIELD_USD,		/* double, 0 or more */
	FIELD_CHOICE		/* int, its place among `choices` */
};

struct field_row {
	const char	*name;		/* NULL: the last */
	enum field_type	 type;
	size_t		 at, at_n;	/* offsets in the struct */
	uint64_t	 max;
	const char	*choices;	/* "a|b|c" */
};

/* Sets what the section says, and leaves the rest as it is.  `what` is the
 * section's kind, for messages. */
enum status	fields_read(const struct section *, const char *what,
		    const struct field_row *, void *to, struct error *) MUST_CHECK;
/* Puts "FILE:LINE:COLUMN: WHAT "TITLE": SETTING: " before the message that is set,
 * of the setting's value i. */
enum status	field_refuse(struct error *, const struct section *,
		    const char *what, const struct setting *, size_t i);
/* "FILE:LINE:COLUMN: WHAT "TITLE": MESSAGE". */
enum status	section_refuse(struct error *, const struct section *,
		    const char *what, const char *message);

#endif
