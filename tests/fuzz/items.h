/*
 * What must hold of every item that a record gave, whatever the record: its
 * texts are what the store can keep, and reading the stored bytes again gives
 * the same item.
 */
#ifndef TESTS_FUZZ_ITEMS_H
#define TESTS_FUZZ_ITEMS_H

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/item/item.h"
#include "core/base/text.h"
#include "core/base/utf8.h"
#include "core/json/value.h"
#include "core/shape/read.h"
#include "tests/fuzz/must.h"

static inline void
must_be_text(struct slice s)
{
	MUST(s.p != NULL || s.n == 0);
	MUST(utf8_valid(s.p, s.n) == s.n);
	MUST(s.n == 0 || memchr(s.p, '\0', s.n) == NULL);
}

static inline void
must_be_json(struct slice s, enum json_kind kind)
{
	struct json d = JSON_INIT;
	struct json_error why;

	if (s.p == NULL)
		return;
	must_be_text(s);
	MUST(json_parse(&d, s, 2 * JSON_DEPTH_MAX, 0, &why) == STATUS_OK);
	MUST(json_kind(&d, 0) == kind);
	json_release(&d);
}

static inline void
must_be_guards(const struct item *i)
{
	const struct caller_guard *g;
	size_t n, k;

	for (n = 0; n < i->nguards; n++) {
		g = &i->guards[n];
		must_be_text(g->name);
		must_be_text(g->kind);
		must_be_text(g->message);
		MUST(g->name.n > 0 && !isinf(g->score));
		for (k = 0; k < g->nspans; k++)
			MUST(g->spans[k][0] <= g->spans[k][1]);
	}
}

static inline void
must_be_item(const struct item *i)
{
	MUST(i->id.n > 0 && i->queue.n > 0 && i->shape != NULL);
	MUST(i->record.p != NULL && i->output.p != NULL);
	MUST(i->id.n <= ITEM_NAME_MAX && i->queue.n <= ITEM_NAME_MAX);
	MUST(i->model.n <= ITEM_NAME_MAX && i->prompt.n <= ITEM_NAME_MAX &&
	    i->variant.n <= ITEM_NAME_MAX);
	must_be_text(i->id);
	must_be_text(i->queue);
	must_be_text(i->model);
	must_be_text(i->prompt);
	must_be_text(i->variant);
	must_be_text(i->output);
	must_be_text(i->confidence_source);
	must_be_json(i->messages, TOKEN_ARRAY);
	must_be_json(i->context, TOKEN_ARRAY);
	must_be_json(i->metadata, TOKEN_OBJECT);
	MUST(!i->has_confidence || (i->confidence >= 0 && i->confidence <= 1));
	MUST(i->input_tokens >= -1 && i->output_tokens >= -1);
	MUST(isfinite(i->cost_usd) && isfinite(i->latency_ms));
	must_be_guards(i);
	/* What has this fault and no text is refused, or beside one that has. */
	MUST(i->fault <= FAULT_BROKEN);
	MUST(i->fault == FAULT_NONE || i->stop == STOP_ERROR);
}

static inline void
must_be_same(struct slice a, struct slice b)
{
	MUST((a.p == NULL) == (b.p == NULL) && slice_eq(a, b));
}

static inline void
must_read_again(const struct item *i)
{
	struct item_stored stored = { i->record, i->input,
	    i->forced ? slice_of(i->shape) : SLICE_NONE, i->choice, i->mapping };
	struct arena arena = ARENA_INIT;
	struct item_reader reader = { .arena = &arena };
	struct error err = { STATUS_OK, "" };
	struct item j;
	size_t n;

	if (item_reread(&reader, &stored, &j, &err) != STATUS_OK) {
		(void)fprintf(stderr, "%s\n", err.text);
		abort();
	}
	must_be_same(i->id, j.id);
	must_be_same(i->queue, j.queue);
	must_be_same(i->model, j.model);
	must_be_same(i->prompt, j.prompt);
	must_be_same(i->variant, j.variant);
	must_be_same(i->output, j.output);
	must_be_same(i->messages, j.messages);
	must_be_same(i->context, j.context);
	must_be_same(i->metadata, j.metadata);
	must_be_same(i->confidence_source, j.confidence_source);
	MUST(strcmp(i->shape, j.shape) == 0 && i->forced == j.forced);
	MUST(i->output_is_string == j.output_is_string);
	MUST(i->stop == j.stop && item_answers(i) == item_answers(&j));
	MUST(i->has_confidence == j.has_confidence && (!i->has_confidence ||
	    fabs(i->confidence - j.confidence) < 1e-12));
	MUST(i->input_tokens == j.input_tokens &&
	    i->output_tokens == j.output_tokens);
	MUST(i->created_ms == j.created_ms && i->nguards == j.nguards);
	for (n = 0; n < i->nguards; n++) {
		must_be_same(i->guards[n].name, j.guards[n].name);
		MUST(i->guards[n].result == j.guards[n].result);
	}
	item_reader_release(&reader);
	arena_release(&arena);
}

#endif
