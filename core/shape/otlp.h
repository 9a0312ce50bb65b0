/* What the files of the OTLP/JSON shape have from one another. */
#ifndef CORE_SHAPE_OTLP_H
#define CORE_SHAPE_OTLP_H

#include "core/shape/parts.h"

#define NAMES(...)	((const char *const[]){ __VA_ARGS__, NULL })

/* The value of the owner's first attribute of these names, or JSON_NONE. */
uint32_t	otlp_attribute(const struct json *d, uint32_t owner,
		    const char *const *names);
/* Of a value, which may be JSON_NONE: absent, -1, NAN where it is no such. */
struct slice	otlp_string(struct reading *, uint32_t value);
int64_t		otlp_count(const struct json *d, uint32_t value);
double		otlp_number(const struct json *d, uint32_t value);
/* As plain JSON; no deeper than the record itself is. */
void		otlp_write(const struct json *d, uint32_t value, struct buf *);
/*
 * A structured value or one that is JSON in a string, parsed into the reader's
 * second document; false where it is neither an array nor an object.  *text is
 * what was parsed, or the string.
 */
bool		otlp_json(struct reading *, uint32_t value, struct slice *text);

/* The texts of parts as the inside of a string; false if there is one of another
 * kind (what was only thought set aside). */
bool		otlp_parts_text(const struct json *d, uint32_t parts,
		    struct buf *);

#define OTLP_PROMPT	SLICE("gen_ai.prompt.")
#define OTLP_COMPLETION	SLICE("gen_ai.completion.")
/* The messages whose fields are attributes of their own, as members of an array
 * of messages of a chat; role: of one that names none.  Uses reader->inner. */
void		otlp_indexed(struct reading *, uint32_t span,
		    struct slice prefix, struct slice role, struct buf *);
bool		otlp_is_indexed(struct reading *, uint32_t key);

/* What was asked, as messages of a chat; absent: nothing. */
struct slice	otlp_messages(struct reading *, uint32_t span);

/* Why the model stopped in the span's choice i of n (from 0), by the attributes
 * of the span. */
enum stop	otlp_stop(struct reading *, uint32_t span, uint32_t i,
		    uint32_t n);
/* What the span's status says went wrong; absent: nothing. */
struct slice	otlp_failure(struct reading *, uint32_t span);

/* Where a span's answer stands. */
struct otlp_answer {
	uint32_t	value;		/* of an attribute, or JSON_NONE */
	struct slice	indexed;	/* then: messages, or absent */
	uint32_t	events;		/* then it is in these */
};
/* False where the span holds none. */
bool		otlp_answer(struct reading *, uint32_t span,
		    struct otlp_answer *);
/* One item, a copy of base, for each choice of the answer. */
enum status	otlp_choices(struct reading *, const struct otlp_answer *,
		    const struct item *base) MUST_CHECK;
/* Is the attribute of this key one of those that the messages are made of? */
bool		otlp_is_text(const struct json *d, uint32_t key);

#endif
