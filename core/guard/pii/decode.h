/* Parts of a text that are encoded, base64 or percent, as what they stand for. */
#ifndef CORE_GUARD_PII_DECODE_H
#define CORE_GUARD_PII_DECODE_H

#include "core/base/arena.h"
#include "core/base/buf.h"

struct pii_decoded {
	struct slice	 text;		/* valid UTF-8; absent: no more parts */
	const char	*how;		/* " (in base64)", for messages */
	size_t		 start, end;	/* of the encoded part */
	/* Where each byte came from; NULL: from the part as a whole. */
	const uint32_t	*from;
};

enum pii_encoding { PII_BASE64, PII_PERCENT };

/*
 * The next part at or after *at that decodes to text; *at is moved behind it.
 * STATUS_OK or STATUS_NOMEM.
 */
enum status	decode_next(struct slice, size_t *at, enum pii_encoding,
		    struct arena *, struct pii_decoded *, struct error *)
		    MUST_CHECK;
/* A part of the decoded text as a part of the text it stood in. */
void		decoded_span(const struct pii_decoded *, size_t *start,
		    size_t *end);

#endif
