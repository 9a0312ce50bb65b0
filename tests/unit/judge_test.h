/*
 * What the tests of judging share: a judge of a policy, an item to change, and
 * its verdict.
 */
#ifndef TESTS_JUDGE_TEST_H
#define TESTS_JUDGE_TEST_H

#include <math.h>

#include "core/judge/judge.h"
#include "tests/unit/policy_test.h"
#include "tests/unit/cpu_stands.h"
#include "tests/unit/values.h"

struct fixture {
	struct policy	*policy;
	struct judge	*judge;
	struct arena	 arena;
	struct item	 item;
	struct verdict	 v;
	struct error	 err;
};

static inline void
fixture_init(struct fixture *f, const char *policy,
    const struct judge_options *o)
{
	memset(f, 0, sizeof(*f));
	f->policy = policy_of(policy);
	assert_int_equal(judge_new(&f->judge, f->policy, o, &f->err),
	    STATUS_OK);
	f->item.id = SLICE("tkt-1");
	f->item.queue = SLICE("q");
	f->item.output = SLICE("We guarantee it.");
	f->item.output_is_string = true;
	f->item.has_confidence = true;
	f->item.confidence = 0.95;
	f->item.input_tokens = f->item.output_tokens = -1;
	f->item.cost_usd = f->item.latency_ms = -1;
}

static inline void
fixture_release(struct fixture *f)
{
	judge_free(f->judge);
	policy_free(f->policy);
	arena_release(&f->arena);
}

static inline void
judge(struct fixture *f)
{
	arena_reset(&f->arena);
	if (judge_item(f->judge, &f->item, &f->arena, &f->v, &f->err) !=
	    STATUS_OK)
		fail_msg("%s", f->err.text);
}

#endif
