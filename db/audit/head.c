#include "db/audit/head.h"

#include <assert.h>

#include "db/audit/audit.h"
#include "db/audit/edge.h"

enum status
head_next(struct store *s, enum head_of of, int64_t *n, struct error *err)
{
	static const char *const named[] = {
		[HEAD_ITEM] = "items", [HEAD_RELEASE] = "feed"
	};
	enum status st;
	int64_t seq;

	if ((st = audit_next(s, &seq, err)) != STATUS_OK)
		return st;
	if (__builtin_add_overflow(store_edge(s)->last[of], 1, n))
		return error_set(err, STATUS_CORRUPT, "%s: the numbers of the "
		    "%s were altered; see handrail audit verify", store_path(s),
		    named[of]);
	return STATUS_OK;
}

void
head_take(struct store *s, enum head_of of, int64_t n)
{
	struct audit_edge *e = store_edge(s);

	assert(e->checked);
	e->last[of] += n;
}
