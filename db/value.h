/* A value of a row in memory: what a batch puts into the store. */
#ifndef DB_VALUE_H
#define DB_VALUE_H

#include <stdint.h>

#include "core/base/buf.h"

enum value_type { VALUE_NULL, VALUE_INT, VALUE_REAL, VALUE_TEXT, VALUE_BLOB };

/* What it points to must live as long. */
struct value {
	union {
		int64_t		 number;
		double		 real;
		const char	*bytes;
	};
	uint32_t	 n;		/* of bytes */
	enum value_type	 type;
};

struct value	value_null(void);
struct value	value_int(int64_t);
struct value	value_real(double);		/* NAN: NULL */
struct value	value_text(struct slice);	/* p NULL: NULL */
struct value	value_blob(struct slice);

#endif
