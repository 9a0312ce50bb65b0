/* One record in; waits for what may go out, by whoever decides. */
#include <poll.h>
#include <stdio.h>

#include "core/shape/shape.h"
#include "queue/ingest/doubted.h"
#include "queue/ingest/items.h"
#include "queue/release/release.h"
#include "queue/review/decide.h"
#include "queue/review/list.h"
#include "queue/search.h"
#include "tui/cmd/cmd.h"

#define LOOK_MS		100	/* between two looks at the store's version */
#define WAIT_MS		600000
#define ASK_INDEXED	256	/* items that go into the index of texts on the way */

struct question {
	struct cmd_run	*run;
	struct session	*session;
	struct arena	 arena;
	struct buf	 record;
	struct ingest_item *item;
	int64_t		 key;		/* of the stored item */
	int64_t		 wait_ms;
	bool		 reject;	/* where the time is over */
};

static void
ask_doubt(void *arg, const char *line)
{
	cmd_complain(arg, line);
}

/* Judges the record: one item comes of it. */
static enum status
ask_judge(struct question *a, const struct judged_item **out)
{
	struct judge_request r = { .record = buf_slice(&a->record),
	    .queue = slice_of(cmd_value(a->run, "queue")) };
	struct doubted doubted = { .n = 0 };
	struct error *err = &a->run->err;
	enum status st;

	if ((st = cmd_shape(a->run, &r.format)) != STATUS_OK ||
	    (st = session_judge(a->session, err)) != STATUS_OK)
		return st;
	st = judge_record(a->session->judge, &r, &a->arena, out, err);
	if (st == STATUS_OK && (*out)->next != NULL)
		st = error_set(err, STATUS_INVALID, "the record makes several "
		    "items; ask for each by itself");
	/* An agent's hook names none. */
	if (st == STATUS_OK && !slice_is((*out)->item.queue, ITEM_QUEUE))
		doubted_note(&doubted, a->session->policy, (*out)->item.queue,
		    ask_doubt, a->run);
	doubted_release(&doubted);
	return st;
}

static enum status
ask_store(struct question *a)
{
	struct session *s = a->session;
	const struct judged_item *j;
	struct error *err = &a->run->err;
	struct error later = { STATUS_OK, "" };
	const char *id, *queue;
	enum status st;
	size_t n;

	if ((st = ask_judge(a, &j)) != STATUS_OK ||
	    (st = ingest_items_new(j, &a->arena, &a->item, &n, err)) !=
	    STATUS_OK ||
	    (st = ingest_items_store(s->store, s->policy, session_actor(s),
	    a->item, n, &a->arena, err)) != STATUS_OK)
		return st;
	/* Where it cannot now, whoever searches takes it in. */
	if (search_keep(s, ASK_INDEXED, NULL, &later) != STATUS_OK)
		error_clear(&later);
	id = arena_str(&a->arena, j->item.id);
	queue = arena_str(&a->arena, j->item.queue);
	if (id == NULL || queue == NULL)
		return error_nomem(err);
	if (a->item->outcome == OUTCOME_CONFLICT)
		return error_set(err, STATUS_CONFLICT, "%s: queue %s has an item "
		    "of this id with other bytes", id, queue);
	return list_find(s, id, queue, &a->key, err);
}

/* The text, with a LF; what a terminal may not have is escaped there. */
static enum status
ask_print(struct question *a, struct slice text)
{
	struct buf b = BUF_INIT;
	enum status st;

	if (text.p == NULL)
		return STATUS_OK;
	buf_add_slice(&b, text);
	if (text.n == 0 || text.p[text.n - 1] != '\n')
		buf_putc(&b, '\n');
	st = cmd_on_terminal() ? cmd_print(&b, &a->run->err) :
	    cmd_print_raw(&b, &a->run->err);
	buf_release(&b);
	return st;
}

/* Until there is a release that stands, or the time is over: STATUS_NOT_FOUND. */
static enum status
ask_wait(struct question *a, struct release *r)
{
	int64_t until = cmd_clock_ns() / 1000000 + a->wait_ms, version = -1, now;
	struct store *store = a->session->store;
	struct error *err = &a->run->err;
	int64_t due = 0;
	enum status st;

	for (;;) {
		now = cmd_clock_ns() / 1000000;
		/* A release that a queue holds back becomes due by time alone. */
		if (store_version(store) != version || now >= due) {
			/* Where the store is locked, another look finds it. */
			if ((st = release_due(store, err)) == STATUS_BUSY)
				error_clear(err);
			else if (st != STATUS_OK)
				return st;
			version = store_version(store);
			due = now + 1000;
			st = release_last(a->session, a->key, r, err);
			if (st == STATUS_OK && !slice_is(r->state, "recalled"))
				return st;
			if (st != STATUS_OK && (st != STATUS_NOT_FOUND ||
			    err->code != STATUS_OK))
				return st;
		}
		if (cmd_stop)
			return error_set(err, STATUS_INTERRUPTED,
			    "interrupted; the item waits on");
		if (now >= until)
			return STATUS_NOT_FOUND;
		if ((st = store_in_place(store, err)) != STATUS_OK)
			return st;
		(void)poll(NULL, 0, until - now < LOOK_MS ? (int)(until - now) :
		    LOOK_MS);
	}
}

/* Whoever asked in a shape with an answer of its own gets a refusal, others the
 * queue's fallback. */
static enum status
ask_print_late(struct question *a, struct slice why)
{
	const struct item *item = a->item->link.item;
	struct error *err = &a->run->err;
	struct buf b = BUF_INIT;
	enum status st = STATUS_CONFLICT;

	if (shape_answers(item->shape))
		st = shape_release(item, SHAPE_REJECT, why, &b, err);
	if (st == STATUS_OK && (st = buf_check(&b, err)) == STATUS_OK)
		st = ask_print(a, buf_slice(&b));
	else if (st == STATUS_CONFLICT) {	/* or the request allows none */
		error_clear(err);
		st = ask_print(a, slice_of(a->item->link.verdict->queue->
		    fallback));
	}
	buf_release(&b);
	return st;
}

/* It may not go out, which an agent's hook hears only with the status of success. */
static enum status
ask_refused(struct question *a, const char *why)
{
	const struct item *item = a->item->link.item;

	return shape_heeds_0(item->shape) ? STATUS_OK : error_set(&a->run->err,
	    STATUS_NOT_FOUND, "%.*s: %s", SLICE_ARG(item->id), why);
}

/* Nobody decided in time. */
static enum status
ask_late(struct question *a)
{
	struct decide d = { .decision = DECISION_REJECT, .item = a->key,
	    .token = -1, .reason = SLICE("nobody decided in time") };
	struct decided done;
	struct error *err = &a->run->err;
	enum status st = STATUS_OK;

	if (a->reject)
		st = review_decide(a->session, &d, &done, err);
	if (st == STATUS_OK)
		st = ask_print_late(a, d.reason);
	return st != STATUS_OK ? st : ask_refused(a, a->reject ?
	    "nobody decided in time; it is rejected" :
	    "nobody decided in time; it waits on");
}

/* A sender that passes over any other status gets a refusal, which says why: else it
 * would go on with what nobody has allowed. */
static enum status
ask_failed(struct question *a, enum status st)
{
	struct error *err = &a->run->err, why = *err;

	if ((st != STATUS_CONFLICT && st != STATUS_INTERRUPTED) ||
	    a->item == NULL || !shape_heeds_0(a->item->link.item->shape))
		return st;
	error_clear(err);
	return ask_print_late(a, slice_of(why.text));
}

static enum status
ask(struct question *a)
{
	struct error *err = &a->run->err;
	struct release r;
	enum status st;

	if ((st = ask_store(a)) != STATUS_OK)
		return ask_failed(a, st);
	st = ask_wait(a, &r);
	if (st == STATUS_NOT_FOUND && err->code == STATUS_OK)
		return ask_late(a);
	if (st != STATUS_OK)
		return ask_failed(a, st);
	if ((st = ask_print(a, r.text)) != STATUS_OK)
		return st;
	if (slice_is(r.state, "rejected"))
		return ask_refused(a, "rejected");
	return STATUS_OK;
}

static enum status
ask_options(struct question *a)
{
	const char *wait = cmd_value(a->run, "wait");
	const char *late = cmd_value(a->run, "on-timeout");
	struct error *err = &a->run->err;

	a->wait_ms = WAIT_MS;
	if (wait != NULL && !cmd_parse_age(wait, &a->wait_ms))
		return error_set(err, STATUS_INVALID, "--wait %s: a time such "
		    "as 30s, 10m or 4h is wanted", wait);
	a->reject = late != NULL && strcmp(late, "reject") == 0;
	if (late != NULL && !a->reject && strcmp(late, "fallback") != 0)
		return error_set(err, STATUS_INVALID, "--on-timeout %s: fallback "
		    "or reject is wanted", late);
	return STATUS_OK;
}

static int
ask_cmd(struct cmd_run *run)
{
	struct question a = { .run = run };
	enum status st = STATUS_OK;
	bool may;

	if (run->argc > 1)
		return cmd_usage(run, "one record is wanted, in a file or on "
		    "standard input");
	if (ask_options(&a) != STATUS_OK || cmd_read(run, run->argc == 0 ? "-" :
	    run->argv[0], &a.record) != STATUS_OK) {
		buf_release(&a.record);
		return cmd_unable(run);
	}
	if ((a.session = cmd_session(run, CMD_WRITES | CMD_CREATES)) == NULL) {
		buf_release(&a.record);
		return EXIT_UNABLE;
	}
	cmd_catch_stop();
	may = !a.reject || session_require(a.session, MAY_REVIEW, "reject",
	    &run->err) == STATUS_OK;
	if (may)
		st = ask(&a);
	arena_release(&a.arena);
	buf_release(&a.record);
	session_close(a.session);
	if (!may)	/* nothing was asked */
		return cmd_unable(run);
	return st == STATUS_OK ? EXIT_WELL : cmd_fail(run);
}

static const struct cmd_option options[] = {
	{ "queue", 'q', "QUEUE", "of this queue, whatever the record says" },
	{ "format", 'f', "SHAPE", "the record's shape, where its marks are not "
	    "enough" },
	{ "wait", 'w', "TIME", "how long to wait for a person: 30s, 4h (10m)" },
	{ "on-timeout", 't', "WHAT", "then: fallback (the item waits on), or "
	    "reject" },
	{ NULL, 0, NULL, NULL }
};
const struct cmd cmd_ask = {
	"ask", "[FILE|-]", "one record in; wait for what may go out, and print it",
	options, NULL, ask_cmd
};
