#include "db/audit/verify_run.h"

#include <stdarg.h>
#include <stdio.h>

void
verify_problem(struct verify *v, const char *fmt, ...)
{
	char line[1024];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	v->r->problems++;
	if (v->report != NULL)
		v->report(v->arg, line);
}

enum status
cursor_step(struct cursor *c, struct error *err)
{
	c->row = false;
	return query_step(c->q, &c->row, err);
}
