#include "queue/ingest/judged.h"

#include "core/base/text.h"
#include "core/judge/verdict.h"

void
refusal_json(struct buf *b, uint64_t line, const char *why)
{
	buf_printf(b, "{\"line\":%llu,\"error\":", (unsigned long long)line);
	text_json(b, slice_of(why));
	buf_puts(b, "}\n");
}

void
judged_json(struct buf *b, const struct judged *j, struct slice policy)
{
	if (j->refused == NULL)
		verdict_json(b, j->item, j->verdict, policy);
	else if (!j->more)
		refusal_json(b, j->line, j->refused);
}
