/* Leases and decisions: what speaks against each, for whom, and that nothing comes of it. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "core/shape/read.h"
#include "queue/erase.h"
#include "queue/ingest/ingest.h"
#include "queue/review/decide.h"
#include "queue/review/list.h"
#include "queue/review/second.h"
#include "tests/unit/store_test.h"

static struct session *owner, *bob;
static struct error err;

static const char policy[] =
    "guard \"pii\" { redact = label  kinds = { \"EMAIL_ADDRESS\" } }\n"
    "queue \"q\" { guards = { \"pii\" }  evidence = true  rating \"helpful\" { max = 5 }\n"
    "    rule \"sure\" { when = \"confidence > 0.9\"  route = approve }\n"
    "    rule \"odd\" { when = \"confidence < 0.2\"  route = escalate } }\n"
    "queue \"eyes\" { four_eyes = true  lease = \"1h\"\n"
    "    rule \"odd\" { when = \"confidence < 0.2\"  route = escalate } }\n";
static const char records[] =
    "{\"id\":\"f1\",\"queue\":\"q\",\"output\":\"One\",\"confidence\":0.5}\n"
    "{\"id\":\"f2\",\"queue\":\"q\",\"output\":\"Two\",\"confidence\":0.5}\n"
    "{\"id\":\"f3\",\"queue\":\"q\",\"output\":\"Three\",\"confidence\":0.5}\n"
    "{\"id\":\"ok\",\"queue\":\"q\",\"output\":\"Fine\",\"confidence\":0.95}\n"
    "{\"id\":\"esc\",\"queue\":\"q\",\"output\":\"Odd\",\"confidence\":0.1}\n"
    "{\"id\":\"key\",\"queue\":\"q\",\"output\":{\"ana@example.org\":1},\"confidence\":0.5}\n"
    "{\"id\":\"eye\",\"queue\":\"eyes\",\"output\":\"Seen\",\"confidence\":0.5}\n"
    "{\"id\":\"ear\",\"queue\":\"eyes\",\"output\":\"Heard\",\"confidence\":0.1}\n";

static void
file_write(const char *name, const char *text)
{
	FILE *f = fopen(name, "w");

	assert_non_null(f);
	assert_true(fputs(text, f) >= 0);
	assert_int_equal(fclose(f), 0);
}

static int
setup(void **state)
{
	const char *in = copy;
	struct identity who;
	struct session_options o = { .who = &who, .store_path = path, .via = "cli",
	    .policy_path = other, .create = true, .test = true, .wait_ms = 5000 };
	struct ingest_options ingest = { .paths = &in, .npaths = 1 };
	struct ingest_counts counts;

	error_clear(&err);
	if (dir_setup(state) != 0 || identity_get(&who, &err) != STATUS_OK)
		return -1;
	file_write(other, policy);
	file_write(copy, records);
	if (session_open(&owner, &o, &err) != STATUS_OK ||
	    ingest_run(owner, &ingest, &counts, &err) != STATUS_OK)
		return -1;
	o.create = false;
	o.policy_path = NULL;
	who = (struct identity){ .uid = 4242, .name = "bob" };
	if (session_open(&bob, &o, &err) != STATUS_OK)
		return -1;
	bob->may = MAY_REVIEW;
	return 0;
}

static int
teardown(void **state)
{
	session_close(owner);
	session_close(bob);
	return store_teardown(state);
}

static int64_t
item(const char *id)
{
	int64_t found;

	error_clear(&err);
	if (list_find(owner, id, NULL, &found, &err) != STATUS_OK)
		fail_msg("%s", err.text);
	error_clear(&err);
	return found;
}

/* As whom, and what is to be said of it: "" where it is done. */
static void
decides(struct session *s, const char *id, struct decide d, const char *said)
{
	struct decided out;
	enum status st;

	d.item = item(id);
	if (d.token == 0)
		d.token = -1;
	st = review_decide(s, &d, &out, &err);
	assert_int_equal(st == STATUS_OK, said[0] == '\0');
	if (strstr(err.text, said) == NULL || err.code != st)
		fail_msg("%s: \"%s\", not \"%s\"", id, err.text, said);
	error_clear(&err);
}
#define DECIDE(s, id, how, said, ...)					\
	decides(s, id, (struct decide){ .decision = DECISION_##how, __VA_ARGS__ }, said)

static void
says(enum status st, enum status want, const char *said)
{
	if (st != want || strstr(err.text, said) == NULL)
		fail_msg("%d \"%s\", not %d \"%s\"", st, err.text, want, said);
	error_clear(&err);
}

static void
test_what_the_states_forbid(void **state)
{
	(void)state;
	DECIDE(owner, "ok", ACCEPT, "approved by the policy and not drawn", .token = -1);
	DECIDE(owner, "f1", RETURN, "cannot return an item that is flagged", .token = -1);
	DECIDE(owner, "esc", ESCALATE, "cannot escalate an item that is escalated",
	    .token = -1);
	DECIDE(owner, "f1", UNDO, "no decision to undo", .token = -1);
	DECIDE(owner, "f1", ACCEPT, "", .token = -1);
	DECIDE(owner, "f1", REJECT, "already accepted by", .token = -1);
	DECIDE(owner, "f1", UNDO, "was accepted anew by", .upto = 1);
	DECIDE(owner, "f1", UNDO, "", .upto = INT64_MAX);
	DECIDE(owner, "f1", ACCEPT, "", .token = -1);
	DECIDE(owner, "key", ACCEPT, "redaction cannot take out all", .token = -1);
	DECIDE(owner, "key", REJECT, "", .token = -1);
	assert_int_equal(erase_item(owner, item("f1"), &err), STATUS_OK);
	DECIDE(owner, "f1", UNDO, "was erased", .token = -1);
	says(review_note(owner, item("f1"), SLICE("x"), &err), STATUS_CONFLICT,
	    "takes no notes");
	says(review_note(owner, INT64_MAX, SLICE("x"), &err), STATUS_NOT_FOUND,
	    "no longer in the store");
}

static void
test_what_a_person_may_not(void **state)
{
	struct lease lease;

	(void)state;
	DECIDE(bob, "esc", ACCEPT, "bob may not decide on escalated items", .token = -1);
	says(review_claim(bob, item("esc"), &lease, &err), STATUS_DENIED, "escalated");
	DECIDE(owner, "f1", ACCEPT, "", .token = -1);
	DECIDE(bob, "f1", UNDO, "bob may not undo another's decision", .token = -1);
	bob->may |= MAY_UNDO | MAY_ESCALATED;
	DECIDE(bob, "f1", UNDO, "", .no_lease = true);
	DECIDE(bob, "esc", REJECT, "", .token = -1);
	/* Who escalates may not settle it, but give it back. */
	DECIDE(bob, "eye", ESCALATE, "", .reason = SLICE("unsure"));
	DECIDE(bob, "eye", ACCEPT, "wants four eyes", .token = -1);
	DECIDE(bob, "eye", RETURN, "", .token = -1);
	DECIDE(bob, "eye", ESCALATE, "", .token = -1);
	DECIDE(owner, "eye", REJECT, "", .token = -1);
	/* Nobody escalated this one: a rule did. */
	DECIDE(bob, "ear", ACCEPT, "", .token = -1);
	bob->may = 0;
	DECIDE(bob, "f2", ACCEPT, "bob may not review", .token = -1);
	says(review_note(bob, item("f2"), SLICE("x"), &err), STATUS_DENIED, "note");
}

static void
test_what_a_text_must_be(void **state)
{
	static const struct rated six = { { "helpful", 7 }, 6 }, five = { { "helpful", 7 }, 5 };
	static const struct evidence past = { 0, 99 };
	static char big[(8 << 20) + 2];

	(void)state;
	DECIDE(owner, "f1", EDIT, "the new text is empty", .output = SLICE(" \t\r\n"));
	memset(big, 'x', sizeof(big) - 1);
	DECIDE(owner, "f1", EDIT, "over 8 MiB or not UTF-8",
	    .output = { big, sizeof(big) - 1 });
	DECIDE(owner, "f1", EDIT, "over 8 MiB or not UTF-8", .output = SLICE("\xff"));
	DECIDE(owner, "f1", ACCEPT, "helpful", .rated = &six, .nrated = 1);
	DECIDE(owner, "f1", ACCEPT, "the output has 3", .evidence = &past, .nevidence = 1);
	DECIDE(owner, "f1", EDIT, "", .output = SLICE("a\0b"));
	/* What is typed is kept beside what goes out of it. */
	DECIDE(owner, "f2", EDIT, "", .output = SLICE("Write to ana@example.org"));
	DECIDE(owner, "f1", UNDO, "undo takes no ratings", .rated = &five, .nrated = 1);
	DECIDE(owner, "esc", RETURN, "return takes no ratings", .rated = &five, .nrated = 1);
	assert_false(review_blank(SLICE("a\0")));
	assert_false(review_blank(SLICE("\0")));
	assert_true(review_blank(SLICE("")));
}

static void
test_whose_a_lease_is(void **state)
{
	struct lease lease, more;

	(void)state;
	assert_int_equal(review_claim(owner, item("f1"), &lease, &err), STATUS_OK);
	assert_int_equal(review_claim(owner, item("f1"), &more, &err), STATUS_OK);
	assert_int_equal(more.token, lease.token);	/* renews the first */
	says(review_claim(bob, item("f1"), &more, &err), STATUS_CONFLICT, "held by");
	DECIDE(bob, "f1", ACCEPT, "held by", .token = -1);
	DECIDE(bob, "f1", ACCEPT, "held by", .token = lease.token);
	DECIDE(bob, "f1", ACCEPT, "the lease has passed on", .token = lease.token + 7);
	says(review_renew(bob, &lease, &err), STATUS_CONFLICT, "held by");
	says(review_free(bob, item("f1"), &err), STATUS_DENIED, "free another's lease");
	says(review_free(bob, item("f2"), &err), STATUS_CONFLICT, "nobody holds it");
	/* A lease that is not one's own is neither given back nor skipped with a leaf. */
	says(review_skip(bob, &lease, SLICE("no"), &err), STATUS_OK, "");
	DECIDE(bob, "f1", ACCEPT, "held by", .token = -1);
	/* Another session of the same person holds it. */
	bob->who.uid = owner->who.uid;
	DECIDE(bob, "f1", ACCEPT, "(you, elsewhere)", .here_only = true);
	DECIDE(bob, "f1", ACCEPT, "", .token = lease.token);
	bob->who.uid = 4242;
	says(review_claim(bob, item("f1"), &more, &err), STATUS_CONFLICT,
	    "already accepted");
	assert_int_equal(review_claim(owner, item("f2"), &lease, &err), STATUS_OK);
	assert_int_equal(review_release(owner, &lease, &err), STATUS_OK);
	DECIDE(owner, "f2", ACCEPT, "the lease has run out", .token = lease.token);
	assert_int_equal(review_renew(owner, &lease, &err), STATUS_OK);
	DECIDE(owner, "f2", ACCEPT, "", .token = lease.token);
	assert_int_equal(review_claim(owner, item("f3"), &lease, &err), STATUS_OK);
	assert_int_equal(review_free(owner, item("f3"), &err), STATUS_OK);
	assert_int_equal(review_claim(bob, item("f3"), &lease, &err), STATUS_OK);
	assert_int_equal(review_skip(bob, &lease, SLICE_NONE, &err), STATUS_OK);
	says(review_claim_next(bob, &(struct list_filter){ .queue = "none" }, &lease,
	    &err), STATUS_NOT_FOUND, "");
	assert_int_equal(review_claim_next(bob, &(struct list_filter){ .queue = "q" },
	    &lease, &err), STATUS_OK);
	assert_int_not_equal(lease.item, item("f3"));
	assert_int_equal(review_claim(owner, item("f3"), &lease, &err), STATUS_OK);
}

static void
test_several_at_once(void **state)
{
	const struct decide reject = { .decision = DECISION_REJECT, .token = -1 };
	const int64_t items[] = { item("f1"), item("ok"), item("f2"), INT64_MAX };
	struct decided_one out[4];
	struct lease lease;
	enum status st;

	(void)state;
	assert_int_equal(review_claim(owner, item("f2"), &lease, &err), STATUS_OK);
	st = review_decide_many(bob, &reject, items, 4, out, &err);
	assert_int_equal(st, STATUS_OK);
	assert_int_equal(out[0].status, STATUS_OK);
	assert_string_equal(out[0].decided.state, "rejected");
	assert_int_equal(out[1].status, STATUS_CONFLICT);
	assert_non_null(strstr(out[1].err.text, "not drawn"));
	assert_non_null(strstr(out[2].err.text, "held by"));
	assert_int_equal(out[3].status, STATUS_NOT_FOUND);
	assert_int_equal(review_decide_many(bob, &reject, items, 0, out, &err), STATUS_OK);
	bob->may = 0;
	assert_int_equal(review_decide_many(bob, &reject, items, 4, out, &err), STATUS_OK);
	assert_int_equal(out[2].status, STATUS_DENIED);
}

static void
test_a_second_look(void **state)
{
	struct second drawn[4];
	struct opinion o = { .value = DECISION_REJECT };
	size_t n;

	(void)state;
	DECIDE(owner, "f1", REJECT, "", .reason = SLICE("tone"));
	assert_int_equal(second_draw(owner, NULL, NULL, 4, drawn, &n, &err), STATUS_OK);
	assert_int_equal(n, 0);		/* one's own is not drawn */
	assert_int_equal(second_draw(bob, "q", NULL, 4, drawn, &n, &err), STATUS_OK);
	assert_int_equal(n, 1);
	o.of = drawn[0];
	says(second_give(owner, &o, &err), STATUS_CONFLICT, "does not stand any more");
	assert_int_equal(second_give(bob, &o, &err), STATUS_OK);
	assert_true(o.agrees);
	assert_string_equal(o.reason, "tone");
	says(second_give(bob, &o, &err), STATUS_CONFLICT, "look at again");
	bob->may = 0;
	says(second_draw(bob, NULL, NULL, 4, drawn, &n, &err), STATUS_DENIED, "review");
	says(second_give(bob, &o, &err), STATUS_DENIED, "review");
}

static void
test_names_and_labels(void **state)
{
	struct slice out[3];
	enum decision d;
	struct undoable u;

	(void)state;
	assert_true(decision_from("return", &d));
	assert_int_equal(d, DECISION_RETURN);
	assert_false(decision_from("", &d));
	assert_int_equal(review_labels(NULL, out, 3), 0);
	assert_int_equal(review_labels(" ,  , ", out, 3), 0);
	assert_int_equal(review_labels("a , b c ,d,e", out, 3), 3);
	assert_slice(out[0], "a");
	assert_slice(out[1], "b c");
	DECIDE(owner, "f1", ACCEPT, "", .labels = out, .nlabels = 2);
	assert_int_equal(review_undoable(owner, item("f1"), &u, &err), STATUS_OK);
	assert_string_equal(u.decision, "accept");
	assert_int_equal(review_undoable(owner, item("f2"), &u, &err), STATUS_OK);
	assert_string_equal(u.decision, "");
	says(review_undoable(owner, INT64_MAX, &u, &err), STATUS_NOT_FOUND, "no longer");
}

#define TEST(f)	cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_what_the_states_forbid), TEST(test_what_a_person_may_not),
		TEST(test_what_a_text_must_be), TEST(test_whose_a_lease_is),
		TEST(test_several_at_once), TEST(test_a_second_look),
		TEST(test_names_and_labels),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
