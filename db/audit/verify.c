#include "db/audit/verify.h"

#include "db/audit/audit.h"
#include "db/audit/checkpoint.h"
#include "db/audit/known.h"
#include "db/audit/verify_bound.h"
#include "db/audit/verify_end.h"
#include "db/audit/verify_leaf.h"
#include "db/audit/verify_many.h"
#include "db/audit/verify_prompt.h"

/* How many there will be; nobody is told where that cannot be known. */
static void
progress_begin(struct verify *v)
{
	struct error ignored = { 0 };
	struct hash root;

	if (v->progress != NULL && audit_root(v->store, &v->total, &root,
	    &ignored) != STATUS_OK)
		v->progress = NULL;
}

static enum status
verify_run(struct verify *v, struct error *err)
{
	enum status st;
	size_t i;

	progress_begin(v);
	if ((st = cursor_from(&v->items, v, INT64_MIN, err)) != STATUS_OK ||
	    (st = cursor_from(&v->releases, v, INT64_MIN, err)) != STATUS_OK)
		return st;
	st = verify_leaves(v, INT64_MIN, INT64_MAX, UINT64_MAX, err);
	for (i = 0; i < verify_ends_count && st == STATUS_OK; i++)
		st = verify_ends[i].run(v, err);
	if (st != STATUS_OK)
		return st;
	if (v->r->leaves == 0)
		verify_problem(v, "the log is empty");
	verify_size(v);
	return STATUS_OK;
}

/* broken: what is wrong with the store's own checkpoints. */
static enum status
verify_all(struct verify *v, const struct error *broken, struct verify_many *many,
    bool *sound, struct error *err)
{
	enum status st;

	if (broken->code != STATUS_OK)
		verify_problem(v, "%s", broken->text);
	if ((st = cursor_from(&v->decisions, v, INT64_MIN, err)) != STATUS_OK ||
	    (st = cursor_from(&v->policies, v, INT64_MIN, err)) != STATUS_OK ||
	    (st = verify_bound_begin(v, err)) != STATUS_OK ||
	    (st = verify_prompts_begin(v, err)) != STATUS_OK)
		return st;
	return many != NULL ? verify_many_run(many, v, sound, err) :
	    verify_run(v, err);
}

static enum status
verify_once(struct store *s, const struct audit_asked *a, const struct error *broken,
    struct verify_many *many, struct audit_report *r, bool *sound,
    struct error *err)
{
	struct verify v;
	enum status st = verify_init(&v, s, many == NULL, err);

	memset(r, 0, sizeof(*r));
	v.report = a->report;
	v.progress = a->progress;
	v.arg = a->arg;
	v.r = r;
	v.known = a->known;
	if (st == STATUS_OK)
		st = verify_all(&v, broken, many, sound, err);
	if (st == STATUS_OK && a->known->lacked)
		st = error_nomem(err);
	verify_release(&v);
	return st;
}

/*
 * Many at once say only whether all is well, which of nearly every store is the
 * answer; where it is not, and of a short log, one leaf after another says what is
 * wrong.
 */
static enum status
verify_begun(struct store *s, const struct audit_asked *a, struct verify_many *many,
    struct audit_report *r, struct error *err)
{
	struct error broken = { 0 }, ignored = { 0 };
	struct known_roots *k = a->known;
	enum status st = checkpoints_known(s, k, &broken);
	size_t nkeys = k->nkeys;
	bool sound = false;

	if (st != STATUS_OK && st != STATUS_CORRUPT)
		return error_set(err, st, "%s", broken.text);
	if (many != NULL && st == STATUS_OK) {
		st = verify_once(s, a, &broken, many, r, &sound, &ignored);
		if (st == STATUS_INTERRUPTED)
			return error_set(err, st, "%s", ignored.text);
		if (st == STATUS_OK && sound) {
			r->at_once = true;
			return st;
		}
	}
	k->next = 0;
	k->nkeys = nkeys;
	k->holds_to = k->signed_to = 0;
	k->differs = k->lacked = false;
	return verify_once(s, a, &broken, NULL, r, &sound, err);
}

enum status
audit_verify_asked(struct store *s, const struct audit_asked *a,
    struct audit_report *r, struct error *err)
{
	bool mine = store_transaction(s) == TRANSACTION_NONE;
	struct verify_many *many = mine ? verify_many_begin(s, a) : NULL;
	enum status st = STATUS_OK;

	/* One state of the store, even while others write. */
	if (mine && many == NULL && (st = store_begin_read(s, err)) != STATUS_OK)
		return st;
	st = verify_begun(s, a, many, r, err);
	verify_many_end(many);
	if (mine)
		store_end_read(s);
	return st;
}

enum status
audit_verify(struct store *s, audit_problem_fn *report, void *arg,
    struct audit_report *r, struct error *err)
{
	struct known_roots known = { 0 };
	const struct audit_asked asked = { .known = &known, .report = report,
	    .arg = arg };
	enum status st = audit_verify_asked(s, &asked, r, err);

	known_release(&known);
	return st;
}
