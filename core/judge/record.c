#include "core/judge/record.h"

#include <assert.h>
#include <stdlib.h>

#include "core/base/arena.h"
#include "core/shape/read.h"

struct judge_scratch {
	struct judge	*judge;
	struct item_reader reader;
	/* The current record. */
	const struct judge_request *request;
	struct arena	*arena;
	struct judged_item *first, **end;
};

enum status
judge_scratch_new(struct judge_scratch **out, const struct policy *policy,
    const struct judge_options *o, struct error *err)
{
	struct judge_scratch *s;
	enum status st;

	*out = NULL;
	if ((s = calloc(1, sizeof(*s))) == NULL)
		return error_nomem(err);
	if ((st = judge_new(&s->judge, policy, o, err)) != STATUS_OK) {
		free(s);
		return st;
	}
	*out = s;
	return STATUS_OK;
}

void
judge_scratch_free(struct judge_scratch *s)
{
	if (s == NULL)
		return;
	judge_free(s->judge);
	item_reader_release(&s->reader);
	free(s);
}

struct judge *
judge_scratch_judge(struct judge_scratch *s)
{
	return s->judge;
}

static enum status
item_judge(void *arg, const struct item *item, struct error *err)
{
	struct judge_scratch *s = arg;
	const struct judge_request *r = s->request;
	struct judged_item *j;
	enum status st;

	if ((j = arena_alloc(s->arena, sizeof(*j))) == NULL)
		return error_nomem(err);
	j->next = NULL;
	j->item = *item;
	if (r->queue.p != NULL)
		j->item.queue = r->queue;
	st = r->edit == NULL ?
	    judge_item(s->judge, &j->item, s->arena, &j->verdict, err) :
	    judge_edit(s->judge, &j->item, *r->edit, s->arena, &j->verdict, err);
	if (st != STATUS_OK)
		return st;
	*s->end = j;
	s->end = &j->next;
	return STATUS_OK;
}

enum status
judge_record(struct judge_scratch *s, const struct judge_request *r,
    struct arena *arena, const struct judged_item **out, struct error *err)
{
	enum status st;

	assert(r->item == NULL || r->record.p == NULL);
	*out = NULL;
	s->request = r;
	s->arena = arena;
	s->first = NULL;
	s->end = &s->first;
	judge_what(s->judge, r->what);
	if (r->item != NULL)
		st = item_judge(s, r->item, err);
	else {
		s->reader.arena = arena;
		s->reader.format = r->format;
		s->reader.inputs = r->inputs;
		s->reader.inputs_arg = r->inputs_arg;
		memcpy(s->reader.known, r->known, sizeof(r->known));
		st = item_read(&s->reader, r->record, item_judge, s, err);
	}
	if (st == STATUS_OK)
		*out = s->first;
	return st;
}
