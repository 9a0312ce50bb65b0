#include "queue/ingest/alike.h"

void
alike_tell(struct alike_lines *a, alike_fn *tell, void *arg)
{
	unsigned i;

	for (i = 0; i < a->n; i++)
		tell(arg, buf_str(&a->file), a->reason[i].line,
		    buf_str(&a->reason[i].why), a->reason[i].n);
	a->n = 0;
}

/* Behind "byte N: ", which is where the record begins. */
static const char *
reason_of(const char *why)
{
	const char *colon = strchr(why, ':');

	return colon == NULL ? why : colon;
}

bool
alike_all(struct alike_lines *a, const struct judged *j)
{
	if (a->all.n == 0 || strcmp(buf_str(&a->all), j->file) != 0) {
		buf_clear(&a->all);
		buf_puts(&a->all, j->file);
		buf_clear(&a->why);
		a->mixed = false;
	}
	if (a->mixed)
		return false;
	if (j->refused != NULL && a->why.n == 0) {
		buf_puts(&a->why, j->refused);
		a->plain = !j->alike;
	}
	a->mixed = j->refused == NULL || a->why.n == 0 ||
	    strcmp(reason_of(j->refused), reason_of(buf_str(&a->why))) != 0;
	return !a->mixed;
}

bool
alike_add(struct alike_lines *a, const struct judged *j, alike_fn *tell, void *arg)
{
	unsigned i;

	if (a->file.n == 0 || strcmp(buf_str(&a->file), j->file) != 0) {
		alike_tell(a, tell, arg);
		buf_clear(&a->file);
		buf_puts(&a->file, j->file);
	}
	for (i = 0; i < a->n; i++)
		if (i + 1 == ALIKE_MAX || strcmp(reason_of(j->refused),
		    reason_of(buf_str(&a->reason[i].why))) == 0) {
			a->reason[i].n++;
			return false;
		}
	buf_clear(&a->reason[i].why);
	buf_puts(&a->reason[i].why, j->refused);
	a->reason[i].line = j->line;
	a->reason[i].n = 1;
	a->n++;
	return true;
}

void
alike_release(struct alike_lines *a)
{
	unsigned i;

	buf_release(&a->file);
	buf_release(&a->all);
	buf_release(&a->why);
	for (i = 0; i < ALIKE_MAX; i++)
		buf_release(&a->reason[i].why);
}
