#include "db/audit/log.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>

#include "db/audit/audit.h"
#include "db/audit/chain.h"
#include "db/audit/leaf_read.h"

struct log_check {
	struct audit_chain	 chain;
	struct known_roots		*known;
	struct audit_report	*r;
	audit_problem_fn	*report;
	void			*arg;
	struct leaf_view	 leaf;
	int64_t			 next;		/* the seq that must come */
	bool			 jumped;	/* the one before next - 1 has not come */
	bool			 broken;	/* sizes no longer say which leaves */
};

static void problem(struct log_check *, const char *, ...) PRINTF(2, 3);

static void
problem(struct log_check *l, const char *fmt, ...)
{
	char line[1024];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	l->report(l->arg, line);
	l->r->problems++;
}

/* The leaf before one that was there too early never came. */
static void
settle_jump(struct log_check *l)
{
	if (l->jumped)
		problem(l, "%" PRId64 " missing", l->next - 2);
	l->jumped = false;
}

/* Is it in its place?  A leaf that comes one late was swapped with the one before. */
static bool
place_holds(struct log_check *l, int64_t seq)
{
	if (l->jumped && seq == l->next - 2) {
		problem(l, "%" PRId64 " and %" PRId64 " swapped", seq, seq + 1);
		l->jumped = false;
		return false;
	}
	settle_jump(l);
	if (seq == l->next)
		return true;
	l->broken = true;
	if (seq < l->next) {
		problem(l, "%" PRId64 " out of place: line %" PRIu64, seq,
		    l->r->leaves);
		return false;
	}
	if (seq == l->next + 1)
		l->jumped = true;
	else
		problem(l, "%" PRId64 " to %" PRId64 " missing", l->next, seq - 1);
	l->next = seq;
	return false;
}

static void
roots_compare(struct log_check *l)
{
	if (!l->broken)
		l->r->problems += known_compare(l->known, l->chain.hasher,
		    &l->chain.tree, l->chain.log, l->report, l->arg);
}

static void
leaf_check(struct log_check *l, struct slice line)
{
	struct audit_chain *c = &l->chain;
	struct hash h, prev, out[MERKLE_MAX];
	struct slice log = leaf_text(&l->leaf, LEAF_KEY_LOG);
	int64_t seq = -1, due = l->next;
	bool in_place;

	if (c->tree.size == 0)
		(void)snprintf(c->log, sizeof(c->log), "%.*s", SLICE_ARG(log));
	else if (!slice_is(log, c->log))
		problem(l, "leaf %" PRId64 ": of another log", l->next);
	(void)leaf_int(&l->leaf, LEAF_KEY_SEQ, &seq);
	in_place = place_holds(l, seq);
	if (in_place && (!leaf_hash_value(&l->leaf, LEAF_KEY_PREV, &prev) ||
	    !hash_eq(&prev, &c->prev))) {
		if (seq == 0)
			problem(l, "edited 0: it names a leaf before it");
		else
			problem(l, "edited %" PRId64 ": its hash is not the one "
			    "that leaf %" PRId64 " names", seq - 1, seq);
		l->broken = true;
	}
	/* Only now: a leaf that was edited in its place is named by the next one. */
	roots_compare(l);
	hash_leaf(c->hasher, line, &h);
	(void)merkle_add(c->hasher, &c->tree, &h, out);
	/* One that comes late is not what the next must name. */
	if (seq >= due || in_place) {
		c->prev = h;
		l->next = seq + 1;
	}
}

static enum status
line_check(struct log_check *l, struct slice line, struct error *err)
{
	struct audit_chain *c = &l->chain;
	struct error why = { 0 };
	enum status st;

	arena_reset(&c->arena);
	l->r->leaves++;
	st = leaf_read(&c->json, &c->arena, line, &l->leaf, &why);
	if (st == STATUS_NOMEM)
		return error_nomem(err);
	if (st == STATUS_OK) {
		leaf_check(l, line);
		return STATUS_OK;
	}
	/* Its hash stands for it, so that what follows is not blamed. */
	problem(l, "edited %" PRId64 ": %s", l->next, why.text);
	hash_leaf(c->hasher, line, &c->prev);
	l->broken = true;
	l->next++;
	return STATUS_OK;
}

static void
log_end(struct log_check *l)
{
	struct audit_report *r = l->r;

	settle_jump(l);
	roots_compare(l);
	if (!l->broken)
		r->problems += known_end(l->known, r->leaves, l->chain.log,
		    l->report, l->arg);
	if (r->leaves == 0)
		problem(l, "the log is empty");
	merkle_root(l->chain.hasher, &l->chain.tree, &r->root);
	r->unsigned_leaves = r->leaves - l->known->signed_to;
	if (r->problems == 0 && r->unsigned_leaves > 0)
		problem(l, "unsigned from %" PRIu64, l->known->signed_to);
}

enum status
audit_log_check(FILE *f, const char *path, struct known_roots *known,
    audit_problem_fn *report, void *arg, struct audit_report *r,
    struct error *err)
{
	struct log_check l = { .known = known, .r = r, .report = report,
	    .arg = arg };
	enum status st;
	char *line = NULL;
	size_t cap = 0;
	ssize_t n;

	memset(r, 0, sizeof(*r));
	st = audit_chain_init(&l.chain, err);
	while (st == STATUS_OK && (n = getline(&line, &cap, f)) > 0) {
		if (n > LEAF_MAX + 1)
			st = error_set(err, STATUS_INVALID, "%s: line %" PRIu64
			    ": longer than a leaf", path, r->leaves + 1);
		else
			st = line_check(&l, (struct slice){ line, (size_t)n -
			    (line[n - 1] == '\n') }, err);
	}
	if (st == STATUS_OK && ferror(f))
		st = error_set(err, STATUS_IO, "%s: %s", path, strerror(errno));
	if (st == STATUS_OK)
		log_end(&l);
	if (st == STATUS_OK && known->lacked)
		st = error_nomem(err);
	free(line);
	audit_chain_release(&l.chain);
	return st;
}
