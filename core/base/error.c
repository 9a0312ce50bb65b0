#include "core/base/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum status
error_set(struct error *err, enum status code, const char *fmt, ...)
{
	va_list ap;

	if (err == NULL)
		return code;
	if (err->code != STATUS_OK)
		return err->code;
	err->code = code;
	va_start(ap, fmt);
	(void)vsnprintf(err->text, sizeof(err->text), fmt, ap);
	va_end(ap);
	return code;
}

enum status
error_prefix(struct error *err, const char *fmt, ...)
{
	char old[sizeof(err->text)];
	va_list ap;
	int n;

	if (err == NULL || err->code == STATUS_OK)
		return err == NULL ? STATUS_OK : err->code;
	memcpy(old, err->text, sizeof(old));
	va_start(ap, fmt);
	n = vsnprintf(err->text, sizeof(err->text), fmt, ap);
	va_end(ap);
	if (n >= 0 && (size_t)n < sizeof(err->text))
		(void)snprintf(err->text + n, sizeof(err->text) - (size_t)n,
		    ": %s", old);
	return err->code;
}

enum status
error_nomem(struct error *err)
{
	return error_set(err, STATUS_NOMEM, "out of memory");
}

void
error_clear(struct error *err)
{
	err->code = STATUS_OK;
	err->text[0] = '\0';
}
