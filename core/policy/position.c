#include "core/policy/position.h"

#include <stdarg.h>
#include <stdio.h>

enum status
position_error(struct error *err, struct position at, const char *fmt, ...)
{
	char text[sizeof(err->text)];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	return error_set(err, STATUS_INVALID, "%s:%d:%d: %s", at.file, at.line,
	    at.column, text);
}

enum status
position_prefix(struct error *err, struct position at, const char *what,
    const char *title)
{
	return error_prefix(err, "%s:%d:%d: %s \"%s\"", at.file, at.line,
	    at.column, what, title);
}
