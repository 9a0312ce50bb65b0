/*
 * Attributes of OTLP/JSON, and their values.
 */
#ifndef CORE_SHAPE_OTLP_VALUE_H
#define CORE_SHAPE_OTLP_VALUE_H

#include "core/json/write.h"
#include "core/shape/shape.h"

#define NAMES(...)	((const char *const[]){ __VA_ARGS__, NULL })

/* The value of the owner's first attribute of these names, or JSON_NONE. */
uint32_t	otlp_attribute(const struct json *d, uint32_t owner,
		    const char *const *names);
/* Is it a log record, and no span? */
bool		otlp_is_log(const struct json *d, uint32_t record);
/* The same of a span's own, else of an event's that carries what was said. */
uint32_t	otlp_said(const struct json *d, uint32_t span,
		    const char *const *names);
/* Of a value, which may be JSON_NONE: absent, -1, NAN where it is no such. */
struct slice	otlp_string(struct reading *, uint32_t value);
int64_t		otlp_count(const struct json *d, uint32_t value);
double		otlp_number(const struct json *d, uint32_t value);
/* As plain JSON; no deeper than the record itself is. */
void		otlp_write(const struct json *d, uint32_t value,
		    struct writer *);
/*
 * A structured value or one that is JSON in a string, parsed into the reader's
 * second document; false where it is neither an array nor an object.  *text is
 * what was parsed, or the string.
 */
bool		otlp_json(struct reading *, uint32_t value, struct slice *text);

#endif
