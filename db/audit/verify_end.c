#include "db/audit/verify_end.h"

#include <stdio.h>

#include "db/audit/known.h"
#include "db/audit/verify_bound.h"
#include "db/audit/verify_content.h"
#include "db/audit/verify_decision.h"
#include "db/audit/verify_eval.h"
#include "db/audit/verify_hook.h"
#include "db/audit/verify_item.h"
#include "db/audit/verify_opinion.h"
#include "db/audit/verify_policy.h"
#include "db/audit/verify_prompt.h"
#include "db/audit/verify_release.h"
#include "db/audit/verify_search.h"
#include "db/schema.h"

static void
tell_schema(void *arg, enum schema_fault fault, const char *type, const char *name)
{
	struct verify *v = arg;
	char line[256];

	if (fault != SCHEMA_FOREIGN) {
		verify_problem(v, "%s %s: %s", type, name, fault == SCHEMA_PLANTED ?
		    "is not Handrail's" : "is gone, or not as it was made");
		return;
	}
	(void)snprintf(line, sizeof(line), AUDIT_NOTE "%s %s is not Handrail's", type, name);
	if (v->report != NULL)
		v->report(v->arg, line);
}

static enum status
verify_schema(struct verify *v, struct error *err)
{
	struct error why = { 0 };
	enum status st = schema_check(v->store, tell_schema, v, err);

	if (st != STATUS_OK || (st = schema_indexes(v->store, &why)) == STATUS_OK)
		return st;
	if (st != STATUS_CORRUPT)
		return error_set(err, st, "%s", why.text);
	verify_problem(v, "%s", why.text);
	return STATUS_OK;
}

void
verify_size(struct verify *v)
{
	if (!v->gap)
		v->r->problems += known_end(v->known, v->r->leaves,
		    store_log(v->store), v->report, v->arg);
	merkle_root(v->chain.hasher, &v->chain.tree, &v->r->root);
	v->r->unsigned_leaves = v->r->leaves - v->known->signed_to;
}

/* Rows that no leaf was there for. */
static enum status
verify_others_end(struct verify *v, struct error *err)
{
	enum status st;

	if ((st = verify_evals_end(v, err)) != STATUS_OK ||
	    (st = verify_opinions_end(v, err)) != STATUS_OK)
		return st;
	if ((st = verify_search_end(v, err)) != STATUS_OK)
		return st;
	return verify_drops_end(v, err);
}

static enum status
verify_contents_end(struct verify *v, struct error *err)
{
	return contents_end(v->contents, v, err);
}

const struct verify_end verify_ends[] = {
	{ verify_contents_end, false },
	{ verify_items_end, false },
	{ verify_counts_end, false },
	{ verify_totals_end, true },
	{ verify_bound_end, false },
	{ verify_decisions_end, false },
	{ verify_states_end, true },
	{ verify_releases_end, false },
	{ verify_feed_end, true },
	{ verify_policies_end, false },
	{ verify_prompts_end, false },
	{ verify_others_end, false },
	{ verify_schema, false }
};
const size_t verify_ends_count = sizeof(verify_ends) / sizeof(verify_ends[0]);
