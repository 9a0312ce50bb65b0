#include "db/value.h"

#include <math.h>

struct value
value_null(void)
{
	return (struct value){ .type = VALUE_NULL };
}

struct value
value_int(int64_t v)
{
	return (struct value){ .number = v, .type = VALUE_INT };
}

struct value
value_real(double v)
{
	return (struct value){ .real = v, .type = isnan(v) ? VALUE_NULL :
	    VALUE_REAL };
}

struct value
value_text(struct slice s)
{
	return (struct value){ .bytes = s.p, .n = (uint32_t)s.n,
	    .type = s.p == NULL ? VALUE_NULL : VALUE_TEXT };
}

struct value
value_blob(struct slice s)
{
	return (struct value){ .bytes = s.p, .n = (uint32_t)s.n,
	    .type = s.p == NULL ? VALUE_NULL : VALUE_BLOB };
}
