/* The commands that decide without the screen: next, decide, lease. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>

#include "queue/review/decide.h"
#include "queue/review/item_json.h"
#include "queue/review/item_why.h"
#include "tui/cmd/condition.h"
#include "tui/cmd/show_text.h"

#define LABELS_MAX	64

/* Prints what was claimed.  Nobody has the token of what nobody was told of: it is
 * given back. */
static enum status
claimed_print(struct cmd_run *run, struct session *s, const struct lease *lease)
{
	struct arena arena = ARENA_INIT;
	struct buf b = BUF_INIT;
	struct writer w = WRITER(&b, WRITE_SHOWN);
	struct error ignored = { STATUS_OK, "" };
	struct item_detail d;
	enum status st;

	st = item_detail_load(s, lease->item, &arena, &d, &run->err);
	if (st == STATUS_OK)
		st = item_why_load(s, &d, &arena, &run->err);
	if (st == STATUS_OK && cmd_value(run, "json") != NULL) {
		item_detail_json(&w, &d, lease);
		write_line(&w);
	} else if (st == STATUS_OK) {
		buf_printf(&b, "%-12s%" PRId64 "\n", "token", lease->token);
		show_text(&b, &d);
	}
	if (st == STATUS_OK && (st = cmd_print(&b, &run->err)) == STATUS_OK &&
	    fflush(stdout) != 0)
		st = error_set(&run->err, STATUS_IO, "standard output: %s",
		    strerror(errno));
	if (st != STATUS_OK && review_release(s, lease, &ignored) != STATUS_OK)
		cmd_complain(run, ignored.text);
	buf_release(&b);
	arena_release(&arena);
	return st;
}

static int
next_cmd(struct cmd_run *run)
{
	struct list_filter f = {
		.queue = cmd_value(run, "queue"),
		.where = cmd_value(run, "where")
	};
	const char *state = cmd_value(run, "state");
	struct session *s;
	struct lease lease;
	enum status st;

	if (state != NULL && (!list_state_from(state, &f.state) ||
	    f.state > LIST_ESCALATED))
		return cmd_usage(run, "--state %s: flagged or escalated is "
		    "wanted", state);
	if ((s = cmd_session(run, CMD_WRITES)) == NULL)
		return EXIT_UNABLE;
	condition_doubts(run, s);
	if ((st = cmd_queue_soon(run, s)) == STATUS_OK)
		st = review_claim_next(s, &f, &lease, &run->err);
	if (st == STATUS_NOT_FOUND && run->err.code == STATUS_OK) {
		session_close(s);
		return EXIT_SHORT;
	}
	if (st == STATUS_OK)
		st = claimed_print(run, s, &lease);
	session_close(s);
	return st == STATUS_OK ? EXIT_WELL : cmd_fail(run);
}

static const struct cmd_option next_options[] = {
	{ "queue", 'q', "QUEUE", "of this queue only" },
	{ "state", 's', "STATE", "flagged (the default) or escalated" },
	{ "where", 'w', "CONDITION", "for which this holds" },
	{ "json", 0, NULL, "one JSON object, with the lease's token" },
	{ NULL, 0, NULL, NULL }
};
const struct cmd cmd_next = {
	"next", "", "claim the next item and print it", next_options, NULL,
	next_cmd
};

static enum status
print_decided(const struct decided *done, struct error *err)
{
	struct buf b = BUF_INIT;
	struct writer w = WRITER(&b, WRITE_SHOWN);
	enum status st;

	write_object(&w, NULL);
	write_int(&w, "seq", done->seq);
	write_word(&w, "state", done->state);
	write_end(&w);
	write_line(&w);
	st = cmd_print(&b, err);
	buf_release(&b);
	return st;
}

static int
decide_run(struct cmd_run *run, struct decide *d)
{
	struct decided done;
	struct session *s;
	enum status st;

	if ((s = cmd_session(run, CMD_WRITES)) == NULL)
		return EXIT_UNABLE;
	st = list_find(s, run->argv[0], cmd_value(run, "queue"), &d->item,
	    &run->err);
	if (st == STATUS_OK)
		st = review_decide(s, d, &done, &run->err);
	session_close(s);
	if (st == STATUS_OK && cmd_value(run, "json") != NULL)
		st = print_decided(&done, &run->err);
	return st == STATUS_OK ? EXIT_WELL : cmd_fail(run);
}

static int
decide_cmd(struct cmd_run *run)
{
	const char *file = cmd_value(run, "output-file");
	struct slice labels[LABELS_MAX];
	struct rated rated[RATINGS_MAX];
	struct evidence evidence[EVIDENCE_MAX];
	struct decide d = {
		.token = -1, .no_lease = true,
		.reason = slice_of(cmd_value(run, "reason")),
		.note = slice_of(cmd_value(run, "note")), .labels = labels,
		.rated = rated, .evidence = evidence
	};
	struct buf text = BUF_INIT;
	int rc;

	if (run->argc != 2)
		return cmd_usage(run, "an ID and a decision are wanted");
	if (!decision_from(run->argv[1], &d.decision) &&
	    decision_from(run->argv[0], &d.decision))
		return cmd_usage(run, "the ID comes first: decide %s %s",
		    run->argv[1], run->argv[0]);
	if (!decision_from(run->argv[1], &d.decision))
		return cmd_usage(run, "%s: accept, edit, reject, escalate, "
		    "return or undo is wanted", run->argv[1]);
	if ((d.decision == DECISION_EDIT) != (file != NULL))
		return cmd_usage(run, file == NULL ? "edit needs --output-file" :
		    "--output-file goes with edit only");
	if (cmd_number(run, "token", 0, INT64_MAX, &d.token) != STATUS_OK)
		return cmd_fail(run);
	d.nlabels = review_labels(cmd_value(run, "label"), labels,
	    LABELS_MAX);
	if (rated_parse(cmd_value(run, "rating"), rated, RATINGS_MAX, &d.nrated,
	    &run->err) != STATUS_OK || evidence_parse(cmd_value(run,
	    "evidence"), evidence, EVIDENCE_MAX, &d.nevidence, &run->err) !=
	    STATUS_OK)
		return cmd_usage(run, "%s", run->err.text);
	if (file != NULL) {
		if (cmd_read(run, file, &text) != STATUS_OK) {
			buf_release(&text);
			return cmd_unable(run);
		}
		d.output = buf_slice(&text);
	}
	rc = decide_run(run, &d);
	buf_release(&text);
	return rc;
}

static const struct cmd_option decide_options[] = {
	{ "token", 't', "N", "the lease's token, as next gave it" },
	{ "output-file", 'o', "FILE", "the new text of an edit; - is standard "
	    "input" },
	{ "reason", 'r', "TEXT", "why" },
	{ "note", 0, "TEXT", "a note to keep with the decision" },
	{ "label", 'l', "LABEL,...", "labels" },
	{ "rating", 0, "NAME=N,...", "the ratings that the queue asks for" },
	{ "evidence", 0, "START-END,...", "spans of the output that speak for it" },
	{ "queue", 'q', "QUEUE", "the item of this queue" },
	{ "json", 0, NULL, "print the leaf's number and the new state" },
	{ NULL, 0, NULL, NULL }
};
const struct cmd cmd_decide = {
	"decide", "ID (accept|edit|reject|escalate|return|undo)",
	"decide without the screen", decide_options, NULL, decide_cmd
};

static int
lease_cmd(struct cmd_run *run)
{
	struct session *s;
	enum status st;
	int64_t item;

	if (run->argc != 2 || strcmp(run->argv[0], "free") != 0)
		return cmd_usage(run, "free ID is wanted");
	if ((s = cmd_session(run, CMD_WRITES)) == NULL)
		return EXIT_UNABLE;
	st = list_find(s, run->argv[1], cmd_value(run, "queue"), &item,
	    &run->err);
	if (st == STATUS_OK)
		st = review_free(s, item, &run->err);
	session_close(s);
	return st == STATUS_OK ? EXIT_WELL : cmd_fail(run);
}

static const struct cmd_option lease_options[] = {
	{ "queue", 'q', "QUEUE", "the item of this queue" },
	{ NULL, 0, NULL, NULL }
};
const struct cmd cmd_lease = {
	"lease", "free ID", "free an item that somebody holds", lease_options,
	"free", lease_cmd
};
