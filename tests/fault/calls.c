/*
 * calls BASE OLD [NAME]: what reviewers and auditors do, with one call of it failing, on
 * every way to it (tests/fault/desk.h).  BASE is a store in which all of it is possible,
 * OLD one of an older version, bad.db one that was altered.  TAP.
 */
#include <dirent.h>

#include "db/audit/bind.h"
#include "db/audit/checkpoint.h"
#include "db/audit/edge.h"
#include "db/audit/index.h"
#include "db/audit/log.h"
#include "db/audit/proof.h"
#include "db/backup.h"
#include "db/write.h"
#include "queue/erase.h"
#include "queue/release/hook_acts.h"
#include "queue/review/decide.h"
#include "queue/review/item_detail.h"
#include "queue/review/second.h"
#include "queue/state_folder.h"
#include "queue/witness.h"
#include "tests/fault/desk.h"

static struct lease lease;

static enum status
claim(struct desk *d)
{
	enum status st = review_claim(d->owner, item_of(d, "a9"), &lease, &d->err);

	(void)snprintf(d->result, sizeof(d->result), "%d", (int)lease.token);
	return st;
}

static enum status
claim_by_other(struct desk *d)
{
	return review_claim(d->other, item_of(d, "a9"), &lease, &d->err);
}

static enum status
claim_escalated(struct desk *d)
{
	return review_claim(d->owner, item_of(d, "a4"), &lease, &d->err);
}

static enum status
claim_next(struct desk *d)
{
	struct list_filter f = { .queue = "support" };

	return review_claim_next(d->owner, &f, &lease, &d->err);
}

static enum status
claim_and_release(struct desk *d)
{
	enum status st = claim(d);

	return st != STATUS_OK ? st : review_release(d->owner, &lease, &d->err);
}

static enum status
renew(struct desk *d)
{
	return review_renew(d->owner, &lease, &d->err);
}

static enum status
release(struct desk *d)
{
	return review_release(d->owner, &lease, &d->err);
}

static enum status
skip(struct desk *d)
{
	return review_skip(d->owner, &lease, SLICE("needs an expert"), &d->err);
}

static enum status
release_all(struct desk *d)
{
	return review_release_all(d->owner, &d->err);
}

static enum status
free_lease(struct desk *d)
{
	return review_free(d->owner, item_of(d, "a9"), &d->err);
}

static enum status
note(struct desk *d)
{
	return review_note(d->owner, item_of(d, "a9"), SLICE("Said so."), &d->err);
}

static enum status
decide_as(struct desk *d, struct session *s, const char *id, struct decide how)
{
	struct decided out;
	enum status st;

	how.item = item_of(d, id);
	if (how.token == 0)
		how.token = -1;
	st = review_decide(s, &how, &out, &d->err);
	(void)snprintf(d->result, sizeof(d->result), "%s %d", out.state, out.recalled);
	return st;
}

static enum status
accept_redacted(struct desk *d)
{
	return decide_as(d, d->owner, "a2", (struct decide){ .decision = DECISION_ACCEPT });
}

static enum status
accept_held_back(struct desk *d)
{
	return decide_as(d, d->owner, "b3", (struct decide){ .decision = DECISION_ACCEPT });
}

static enum status
accept_action(struct desk *d)
{
	return decide_as(d, d->owner, "act", (struct decide){ .decision = DECISION_ACCEPT });
}

static enum status
edit(struct desk *d)
{
	static const struct rated rated = { { "helpful", 7 }, 4 };
	static const struct evidence evidence = { 0, 3 };
	static const struct slice labels[] = { { "tone", 4 }, { "fact", 4 } };

	return decide_as(d, d->owner, "a9", (struct decide){ .decision = DECISION_EDIT,
	    .token = lease.token, .output = SLICE("Better."), .reason = SLICE("tone"),
	    .note = SLICE("so"), .labels = labels, .nlabels = 2, .rated = &rated,
	    .nrated = 1, .evidence = &evidence, .nevidence = 1 });
}

static enum status
reject(struct desk *d)
{
	return decide_as(d, d->owner, "a6", (struct decide){ .decision = DECISION_REJECT,
	    .reason = SLICE("wrong") });
}

static enum status
escalate(struct desk *d)
{
	return decide_as(d, d->owner, "a9", (struct decide){
	    .decision = DECISION_ESCALATE, .reason = SLICE("unsure") });
}

static enum status
escalate_sampled(struct desk *d)
{
	return decide_as(d, d->owner, "d1", (struct decide){
	    .decision = DECISION_ESCALATE, .reason = SLICE("unsure") });
}

static enum status
give_back(struct desk *d)
{
	return decide_as(d, d->other, "a9", (struct decide){
	    .decision = DECISION_RETURN, .note = SLICE("fine") });
}

static enum status
undo_edit(struct desk *d)
{
	return decide_as(d, d->owner, "a1", (struct decide){ .decision = DECISION_UNDO });
}

static enum status
undo_recall(struct desk *d)
{
	return decide_as(d, d->other, "d1", (struct decide){ .decision = DECISION_UNDO,
	    .no_lease = true });
}

static enum status
decide_many(struct desk *d)
{
	const struct decide how = { .decision = DECISION_ACCEPT, .token = -1 };
	const int64_t items[] = { item_of(d, "a2"), item_of(d, "a9"), item_of(d, "a1"),
	    item_of(d, "b3") };
	struct decided_one out[4] = { 0 };
	enum status st = review_decide_many(d->owner, &how, items, 4, out, &d->err);

	(void)snprintf(d->result, sizeof(d->result), "%d %d %d %d", out[0].status,
	    out[1].status, out[2].status, out[3].status);
	return st;
}

static enum status
undoable(struct desk *d)
{
	struct undoable u;
	enum status st = review_undoable(d->owner, item_of(d, "a1"), &u, &d->err);

	(void)snprintf(d->result, sizeof(d->result), "%s %d", u.decision, u.recalls);
	return st;
}

static enum status
preview(struct desk *d)
{
	struct item_detail detail;
	struct slice text = SLICE_NONE;
	bool whole;
	enum status st = item_detail_load(d->owner, item_of(d, "a2"), &d->arena, &detail,
	    &d->err);

	if (st != STATUS_OK || (st = review_preview(d->owner, &detail, &d->arena, &text,
	    &whole, &d->err)) != STATUS_OK)
		return st;
	(void)snprintf(d->result, sizeof(d->result), "%.*s %d", SLICE_ARG(text), whole);
	return st;
}

static enum status
second_look_at(struct desk *d, const char *id)
{
	struct opinion o = { .value = DECISION_REJECT, .review_ms = 5 };
	struct second second[8];
	size_t n, i;
	enum status st = second_draw(d->other, NULL, "decision <> 'edit'", 8, second, &n,
	    &d->err);

	for (i = 0; st == STATUS_OK && i < n; i++)
		if (second[i].item == item_of(d, id))
			o.of = second[i];
	if (st != STATUS_OK || (st = second_give(d->other, &o, &d->err)) != STATUS_OK)
		return st;
	(void)snprintf(d->result, sizeof(d->result), "%.20s %s %d", o.id, o.first, o.agrees);
	return st;
}

static enum status
second_look(struct desk *d)
{
	return second_look_at(d, "a8");
}

static enum status
leaf_write(void *arg, struct error *err)
{
	struct desk *d = arg;
	struct actor who = session_actor(d->owner);
	struct leaf_field f = { .key = "n", .type = LEAF_INT, .number = 7 };

	return audit_append(d->owner->store, &who, 1790000000000, "export", SLICE("a9"), &f, 1,
	    NULL, err);
}

static enum status
leaf(struct desk *d)
{
	return store_write(d->owner->store, DURABLE_NOW, leaf_write, d, &d->err);
}

#define DRAFTS	600
static size_t ndrafts;

static enum status
drafts_write(void *arg, struct error *err)
{
	struct desk *d = arg;
	struct store *s = d->owner->store;
	struct actor who = session_actor(d->owner);
	struct leaf_field f = { .key = "n", .type = LEAF_INT, .number = 7 };
	struct audit_draft draft[DRAFTS];
	const struct audit_draft *drafts[DRAFTS];
	enum status st = STATUS_OK;
	size_t i;

	for (i = 0; i < ndrafts && st == STATUS_OK; i++) {
		st = audit_draft(s, &who, "export", SLICE("a9"), &f, 1, &d->arena,
		    &draft[i], err);
		drafts[i] = &draft[i];
	}
	return st != STATUS_OK ? st : audit_append_drafts(s, drafts, ndrafts,
	    store_now_ms(s), err);
}

static enum status
leaves(struct desk *d)
{
	ndrafts = 3;
	return store_write(d->owner->store, DURABLE_LATER, drafts_write, d, &d->err);
}

static enum status
many_leaves(struct desk *d)
{
	enum status st = STATUS_OK;
	int i;

	ndrafts = DRAFTS;
	for (i = 0; i < 8 && st == STATUS_OK; i++)
		st = store_write(d->owner->store, DURABLE_LATER, drafts_write, d, &d->err);
	return st;
}

static enum status
roots(struct desk *d)
{
	struct store *s = d->owner->store;
	struct hash root, was;
	uint64_t size;
	bool test;
	char hex[HASH_HEX];
	enum status st = audit_root(s, &size, &root, &d->err);

	if (st != STATUS_OK || (st = audit_root_at(s, size - 3, &was, &d->err)) !=
	    STATUS_OK || (st = audit_made_for_test(s, &test, &d->err)) != STATUS_OK)
		return st;
	hash_hex(&was, hex);
	(void)snprintf(d->result, sizeof(d->result), "%d %.16s", test, hex);
	return st;
}

static enum status
sign(struct desk *d)
{
	struct actor who = session_actor(d->owner);
	struct buf text = BUF_INIT;
	enum status st = checkpoint_sign(d->owner->store, &who, &text, &d->err);

	(void)snprintf(d->result, sizeof(d->result), "%d", text.n > 100);
	buf_release(&text);
	return st;
}

static enum status
key_lost(struct desk *d)
{
	(void)d;
	(void)unlink("c.db-key");
	return STATUS_OK;
}

static enum status
signed_last(struct desk *d)
{
	struct store *s = d->owner->store;
	struct checkpoint_last last = { .note = BUF_INIT, .key = BUF_INIT };
	struct known_roots known = { 0 };
	struct buf vkey = BUF_INIT;
	bool due = false;
	enum status st;

	if ((st = checkpoint_due(s, 0, 0, &due, &d->err)) == STATUS_OK &&
	    (st = checkpoint_due(s, INT64_MAX, 1000, &due, &d->err)) == STATUS_OK &&
	    (st = checkpoint_due(s, 1, 1000, &due, &d->err)) == STATUS_OK &&
	    (st = checkpoint_due(s, 0, 1, &due, &d->err)) == STATUS_OK &&
	    (st = checkpoint_last(s, &last, &d->err)) == STATUS_OK &&
	    (st = checkpoint_key(s, &vkey, &d->err)) == STATUS_OK &&
	    (st = checkpoint_key_look(s, &d->err)) == STATUS_OK)
		st = checkpoints_known(s, &known, &d->err);
	(void)snprintf(d->result, sizeof(d->result), "%d %d %zu %d", due, last.size > 0,
	    known.n, vkey.n > 10);
	checkpoint_last_release(&last);
	known_release(&known);
	buf_release(&vkey);
	return st;
}

static enum status
count_found(void *arg, const struct audit_found *f, struct error *err)
{
	(void)f;
	(void)err;
	++*(int *)arg;
	return STATUS_OK;
}

static enum status
ask(struct desk *d)
{
	struct audit_filter f = { .where = "seq > 1", .item = "a1", .event = "decision",
	    .since_ms = 1, .until_ms = INT64_MAX / 2, .limit = 10 };
	int n = 0;
	enum status st = audit_query(d->owner->store, &f, count_found, &n, &d->err);

	(void)snprintf(d->result, sizeof(d->result), "%d", n);
	return st;
}

static enum status
index_and_ask(struct desk *d)
{
	enum status st = index_follow(d->owner->store, NULL, NULL, &d->err);

	return st != STATUS_OK ? st : ask(d);
}

static enum status
prove(struct desk *d)
{
	struct buf out = BUF_INIT;
	enum status st = audit_proof(d->owner->store, 2, &out, &d->err);

	if (st == STATUS_OK)
		st = audit_leaf(d->owner->store, 3, &out, &d->err);
	(void)snprintf(d->result, sizeof(d->result), "%zu", out.n);
	buf_release(&out);
	return st;
}

static void
report(void *arg, const char *line)
{
	struct desk *d = arg;

	(void)snprintf(d->result, sizeof(d->result), "%s", line);
}

static bool
goes_on(void *arg, uint64_t leaves, uint64_t total)
{
	(void)arg;
	return leaves <= total;
}

static enum status
verify_as(struct desk *d, struct audit_asked asked)
{
	struct known_roots none = { 0 };
	struct audit_report r = { 0 };
	enum status st;

	asked.report = report;
	asked.progress = goes_on;
	asked.arg = d;
	if (asked.known == NULL)
		asked.known = &none;
	st = audit_verify_asked(d->owner->store, &asked, &r, &d->err);
	if (r.problems == 0)
		(void)snprintf(d->result, sizeof(d->result), "%d leaves", (int)r.leaves);
	known_release(&none);
	return st;
}

static enum status
verify(struct desk *d)
{
	return verify_as(d, (struct audit_asked){ .threads = 1 });
}

static enum status
verify_ranges(struct desk *d)
{
	return verify_as(d, (struct audit_asked){ .threads = 2, .range = 8 });
}

static enum status
verify_known(struct desk *d)
{
	struct known_roots known = { 0 };
	struct buf text = BUF_INIT;
	struct checkpoint_last last = { .note = BUF_INIT, .key = BUF_INIT };
	enum status st = checkpoint_last(d->owner->store, &last, &d->err);

	if (st == STATUS_OK && (st = known_key(&known, "here", buf_slice(&last.key),
	    &d->err)) == STATUS_OK && (st = known_add(&known, "here",
	    buf_slice(&last.note), true, &d->err)) == STATUS_OK)
		st = verify_as(d, (struct audit_asked){ .known = &known });
	checkpoint_last_release(&last);
	known_release(&known);
	buf_release(&text);
	return st;
}

static enum status
log_alone(struct desk *d)
{
	struct known_roots known = { 0 };
	struct audit_report r = { 0 };
	FILE *f = fopen("log", "r");
	enum status st;

	if (f == NULL)
		return error_set(&d->err, STATUS_IO, "log: %s", strerror(errno));
	st = audit_log_check(f, "log", &known, report, d, &r, &d->err);
	if (r.problems == 0)
		(void)snprintf(d->result, sizeof(d->result), "%d leaves", (int)r.leaves);
	known_release(&known);
	(void)fclose(f);
	return st;
}

static enum status
open_old(struct desk *d)
{
	struct identity who;
	struct session_options o = { .who = &who, .store_path = "c.db", .via = "cli",
	    .witness = WITNESS_NONE, .wait_ms = 5000 };
	struct session *s = NULL;
	enum status st = identity_get(&who, &d->err);

	if (st == STATUS_OK)
		st = session_open(&s, &o, &d->err);
	session_close(s);
	return st;
}

static void
notes_forget(void)
{
	char folder[WITNESS_PATH], name[WITNESS_PATH + 300];
	struct error ignored = { 0 };
	struct dirent *e;
	DIR *d;

	if (state_folder(folder, sizeof(folder), "witness", &ignored) != STATUS_OK ||
	    (d = opendir(folder)) == NULL)
		return;
	while ((e = readdir(d)) != NULL) {
		(void)snprintf(name, sizeof(name), "%s/%s", folder, e->d_name);
		(void)unlink(name);
	}
	(void)closedir(d);
}

/* What this person has seen of the log, which has grown since. */
static enum status
see(struct desk *d)
{
	struct witness w = { 0 };
	struct store *s = d->owner->store;
	enum status st;

	notes_forget();		/* of the copy before this one */
	st = witness_look(&w, s, &d->err);
	if (st == STATUS_OK)
		st = witness_keep(&w, s, false, &d->err);
	return st == STATUS_OK ? leaf(d) : st;
}

/* Under the names that a store will have: one note of a log holds wherever it stands. */
static enum status
look_elsewhere(struct desk *d)
{
	static const char *const places[] = { "new.db", "./new.db", "nowhere/new.db" };
	struct witness w = { 0 };
	struct buf note = BUF_INIT;
	enum status st = STATUS_OK;
	size_t i;

	for (i = 0; st == STATUS_OK && i < sizeof(places) / sizeof(places[0]); i++) {
		w.place = places[i];
		if ((st = witness_look(&w, d->owner->store, &d->err)) == STATUS_OK)
			st = witness_note(&w, &note, &d->err);
	}
	buf_release(&note);
	return st;
}

static enum status
look_again(struct desk *d)
{
	struct witness w = { 0 };
	struct store *s = d->owner->store;
	struct buf note = BUF_INIT;
	enum status st = witness_look(&w, s, &d->err);
	bool seen = w.seen.size > 0;

	if (st == STATUS_OK && (st = witness_note(&w, &note, &d->err)) == STATUS_OK &&
	    (st = witness_keep(&w, s, false, &d->err)) == STATUS_OK)
		st = witness_import(&w, s, "here", buf_slice(&note), &d->err);
	(void)snprintf(d->result, sizeof(d->result), "%d %d", seen, w.differs);
	buf_release(&note);
	return st != STATUS_OK ? st : look_elsewhere(d);
}

static const struct scenario scenarios[] = {
	{ .name = "claim", .run = claim },
	{ .name = "claim what is escalated", .run = claim_escalated },
	{ .name = "claim the next", .run = claim_next },
	{ .name = "renew", .before = claim, .run = renew },
	{ .name = "renew what ran out", .before = claim_and_release, .run = renew },
	{ .name = "release", .before = claim, .run = release },
	{ .name = "skip", .before = claim, .run = skip },
	{ .name = "release all", .before = claim, .run = release_all },
	{ .name = "free another's lease", .before = claim_by_other, .run = free_lease },
	{ .name = "note", .run = note },
	{ .name = "accept what is redacted", .run = accept_redacted },
	{ .name = "accept, held back", .run = accept_held_back },
	{ .name = "accept an action", .run = accept_action },
	{ .name = "edit, with all that can be said", .before = claim, .run = edit },
	{ .name = "reject", .run = reject },
	{ .name = "escalate", .run = escalate },
	{ .name = "escalate what was released", .run = escalate_sampled },
	{ .name = "return", .before = escalate, .run = give_back },
	{ .name = "undo", .run = undo_edit },
	{ .name = "undo a recall", .before = escalate_sampled, .run = undo_recall },
	{ .name = "decide on several", .before = claim_by_other, .run = decide_many },
	{ .name = "what could be undone", .run = undoable },
	{ .name = "preview", .run = preview },
	{ .name = "second look", .run = second_look },
	{ .name = "append a leaf", .run = leaf },
	{ .name = "append leaves", .run = leaves },
	{ .name = "roots", .run = roots },
	{ .name = "sign", .before = leaf, .run = sign },
	{ .name = "sign with a new key", .before = key_lost, .run = sign, .again = true },
	{ .name = "sign again", .before = sign, .run = sign },
	{ .name = "what was signed", .before = leaf, .run = signed_last },
	{ .name = "ask the log", .run = ask },
	{ .name = "ask a long log", .before = many_leaves, .run = index_and_ask, .parts = true },
	{ .name = "prove", .run = prove },
	{ .name = "verify", .run = verify },
	{ .name = "verify what was altered", .bad = true, .run = verify },
	{ .name = "verify by ranges", .run = verify_ranges, .way = 2 },
	{ .name = "verify with what is known", .run = verify_known },
	{ .name = "verify without the store", .run = log_alone },
	{ .name = "look at what was seen", .before = see, .run = look_again },
	{ .name = "verify an older log", .bound = true, .run = verify },
	{ .name = "bind an older log", .run = open_old, .old = true },
};

/* More of what can be in a store: what was undone, called back, erased, looked at again,
 * dropped; and the older one as the first to open it leaves it. */
static void
prepare(void)
{
	static const struct scenario base = { .name = "base" }, old = { .old = true };
	struct identity who;
	struct session *s;
	struct desk d;
	int dropped;

	desk_open(&d, &old);
	must(identity_get(&who, &d.err), &d.err);
	s = session_of(&who, &d.err);
	must(store_backup(s->store, "bound.db", NULL, NULL, &d.err), &d.err);
	session_close(s);
	file_copy("c.db-key", "bound.key");
	desk_close(&d);

	desk_open(&d, &base);
	must(escalate_sampled(&d), &d.err);
	must(undo_recall(&d), &d.err);
	must(decide_as(&d, d.owner, "b1", (struct decide){ .decision = DECISION_UNDO }),
	    &d.err);
	must(decide_as(&d, d.owner, "b4", (struct decide){ .decision = DECISION_REJECT,
	    .note = SLICE("gone") }), &d.err);
	must(review_note(d.owner, item_of(&d, "b4"), SLICE("noted"), &d.err), &d.err);
	must(erase_item(d.owner, item_of(&d, "b4"), &d.err), &d.err);
	must(second_look_at(&d, "b2"), &d.err);
	must(hook_drop(d.owner, 1, "crm", &dropped, &d.err), &d.err);
	must(store_backup(d.owner->store, "more.db", NULL, NULL, &d.err), &d.err);
	desk_close(&d);
	base_path = "more.db";
}

int
main(int argc, char **argv)
{
	void *at[2];
	size_t i;

	if (argc < 3)
		return 2;
	base_path = argv[1];
	old_path = argv[2];
	(void)backtrace(at, 2);		/* loads what it needs */
	prepare();
	for (i = 0; i < sizeof(scenarios) / sizeof(scenarios[0]); i++)
		if (argc == 3 || strstr(scenarios[i].name, argv[3]) != NULL)
			scenario_run(&scenarios[i]);
	printf("1..%u\n", ntests);
	return nbad > 0;
}
