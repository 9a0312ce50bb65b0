#include "queue/ingest/judged.h"

#include "core/json/write.h"
#include "core/judge/verdict.h"

void
refusal_json(struct buf *b, uint64_t line, const char *why)
{
	struct writer w = WRITER(b, WRITE_SHOWN);

	write_object(&w, NULL);
	write_uint(&w, "line", line);
	write_word(&w, "error", why);
	write_end(&w);
	write_line(&w);
}

void
judged_json(struct buf *b, const struct judged *j, struct slice policy)
{
	if (j->refused == NULL)
		verdict_json(b, j->item, j->verdict, policy);
	else if (!j->more)
		refusal_json(b, j->line, j->refused);
}
