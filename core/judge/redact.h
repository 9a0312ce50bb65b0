/*
 * A text with its findings covered: label: <KIND>; mask: * but for the last four
 * characters; hash: <KIND:8 hex of HMAC(key, value)>, without a key as label.
 *
 * JSON stays JSON: what is covered is the decoded value, and the mark is written
 * as the string, or the JSON in a string, that it stands in has it; a number, or
 * true, false and null, becomes a string.  Nothing else changes by a byte.
 */
#ifndef CORE_JUDGE_REDACT_H
#define CORE_JUDGE_REDACT_H

#include "core/base/arena.h"
#include "core/guard/guard.h"

struct redact_text {
	struct slice	text;
	bool		is_string;	/* else JSON of any kind */
	bool		keys_too;	/* cover what is in keys as well */
	struct slice	key;		/* for hash; or absent */
};

struct redacted {
	struct slice	 text;
	struct redact_edit {
		uint32_t	start, end;	/* of the text before */
		uint32_t	at, n;		/* what stands for it now */
	}		*edit;			/* in order, apart */
	size_t		 nedits;
	bool		 whole;	/* false: in a key, or between the values, some
				 * of it still stands */
};

/*
 * Only findings on the output that are to be redacted.  Of overlapping ones the
 * union is covered, by the one with the higher score, then the longer.  Where
 * nothing is redacted the very same slice comes back.
 */
enum status	redact_apply(const struct redact_text *, const struct finding *,
		    size_t n, struct arena *, struct redacted *,
		    struct error *) MUST_CHECK;
/* Where a place of the text before is now; one that is covered goes to the
 * beginning, or the end, of what stands for it. */
uint32_t	redact_place(const struct redacted *, uint32_t at, bool end);

#endif
