/* The audit log: query, verify, show, export. */
#include "db/audit/audit.h"
#include "db/audit/proof.h"
#include "db/audit/query.h"

#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#include "core/base/near.h"
#include "core/json/write.h"
#include "db/audit/index.h"
#include "tui/cmd/audit_check.h"
#include "tui/cmd/audit_leaf.h"
#include "tui/cmd/audit_witness.h"
#include "tui/cmd/condition.h"

/* Of --since and --until, where neither is given. */
static const struct cmd_when always[2] = { { NULL }, { NULL } };

/* What a walk over leaves prints with. */
struct leaf_telling {
	struct leaf_printing	 print;
	const struct leaf_form	*form;
	uint64_t		 n;	/* leaves so far */
};

static enum status
print_leaf(void *arg, const struct audit_found *f, struct error *err)
{
	struct leaf_telling *w = arg;
	struct buf *b = &w->print.b;
	enum status st;

	if (w->n++ == 0 && w->form->head != NULL)
		w->form->head(&w->print);
	if ((st = w->form->row(&w->print, f, err)) != STATUS_OK)
		return st;
	return w->form->raw ? cmd_print_raw(b, err) : cmd_print(b, err);
}

/* Has it taken so long that somebody wonders? */
static void
tell_index(void *arg, uint64_t done, uint64_t total)
{
	(void)arg;
	(void)fprintf(stderr, "\r\033[Kreading the log for this and later "
	    "questions: %.0f%%", 100.0 * (double)done / (double)total);
	if (done == total)
		(void)fputs("\r\033[K", stderr);
}

/* The question is answered without it too, but slower. */
static void
follow_log(struct cmd_run *run, struct session *s)
{
	char line[1100];

	if (index_follow(s->store, isatty(STDERR_FILENO) ? tell_index : NULL, NULL,
	    &run->err) == STATUS_OK)
		return;
	(void)snprintf(line, sizeof(line), "the log's index stops here: %s",
	    run->err.text);
	error_clear(&run->err);
	cmd_complain(run, line);
}

static int
print_leaves(struct cmd_run *run, struct audit_filter *f,
    const struct cmd_when span[2], const struct leaf_form *form, bool wanted)
{
	struct leaf_telling w = { .form = form };
	struct session *s;
	enum status st;

	if ((s = cmd_session(run, CMD_ANY_POLICY)) == NULL)
		return EXIT_UNABLE;
	f->since_ms = cmd_when_ms(&span[0], s);
	f->until_ms = cmd_when_ms(&span[1], s);
	st = session_require(s, MAY_AUDIT, "read the audit log", &run->err);
	if (st == STATUS_OK && cmd_value(run, "queue") != NULL)
		st = cmd_queue(run, s);
	if (st == STATUS_OK)
		condition_doubts(run, s);
	if (st == STATUS_OK && index_helps(f))
		follow_log(run, s);
	if (st == STATUS_OK && form == &leaf_table)
		cmd_pager();
	if (st == STATUS_OK)
		st = audit_query(s->store, f, print_leaf, &w, &run->err);
	if (st == STATUS_OK && wanted && w.n == 0)
		st = error_set(&run->err, STATUS_NOT_FOUND, "%s: no such item",
		    f->item);
	leaf_printing_release(&w.print);
	session_close(s);
	return st == STATUS_OK ? EXIT_WELL : cmd_fail(run);
}

static const char *
event_name(void *arg, size_t i)
{
	(void)arg;
	return audit_events[i];
}

/* A name that no leaf has is a slip: an empty answer would hide it. */
static int
event_unknown(struct cmd_run *run, const char *event)
{
	struct buf names = BUF_INIT;
	char hint[NEAR_TEXT];
	size_t i;
	int rc;

	for (i = 0; audit_events[i] != NULL; i++)
		buf_printf(&names, "%s%s", i == 0 ? "" : ", ", audit_events[i]);
	rc = cmd_usage(run, "--event %.100s: no such event; there are %s%s",
	    event, buf_str(&names), near_hint(hint, slice_of(event), event_name,
	    NULL));
	buf_release(&names);
	return rc;
}

static bool
event_known(const char *event)
{
	size_t i = 0;

	while (audit_events[i] != NULL && strcmp(audit_events[i], event) != 0)
		i++;
	return audit_events[i] != NULL;
}

static int
audit_query_cmd(struct cmd_run *run)
{
	const struct leaf_form *form = cmd_value(run, "json") != NULL ?
	    &leaf_json : cmd_value(run, "csv") != NULL ? &leaf_csv : &leaf_table;
	struct audit_filter f = {
		.where = cmd_value(run, "where"), .limit = -1, .from = -1,
		.item = cmd_value(run, "item"), .by = cmd_value(run, "by"),
		.event = cmd_value(run, "event"),
		.queue = cmd_value(run, "queue"), .rule = cmd_value(run, "rule")
	};
	struct cmd_when span[2];

	if (cmd_value(run, "json") != NULL && cmd_value(run, "csv") != NULL)
		return cmd_usage(run, "--json or --csv, not both");
	if (f.event != NULL && !event_known(f.event))
		return event_unknown(run, f.event);
	if (cmd_time(run, "since", &span[0]) != STATUS_OK ||
	    cmd_time(run, "until", &span[1]) != STATUS_OK ||
	    cmd_number(run, "limit", 0, INT64_MAX, &f.limit) != STATUS_OK ||
	    cmd_number(run, "after", 0, INT64_MAX - 1, &f.from) != STATUS_OK)
		return cmd_fail(run);
	f.from++;
	if (f.limit == 0)
		f.limit = -1;
	return print_leaves(run, &f, span, form, false);
}

static int
audit_export_cmd(struct cmd_run *run)
{
	struct audit_filter f = { .limit = -1 };

	if (run->argc > 1 && strcmp(run->argv[1], "-") != 0)
		return audit_export_dir(run, run->argv[1]);
	return print_leaves(run, &f, always, &leaf_raw, false);
}

static enum status
print_root(const char *log, uint64_t size, const struct hash *root, bool json,
    struct error *err)
{
	struct buf b = BUF_INIT;
	struct writer w = WRITER(&b, WRITE_SHOWN);
	char hex[HASH_HEX];
	enum status st;

	hash_hex(root, hex);
	if (json) {
		write_object(&w, NULL);
		write_word(&w, "log", log);
		write_uint(&w, "size", size);
		write_word(&w, "root", hex);
		write_end(&w);
		write_line(&w);
	} else
		buf_printf(&b, "log   %s\nsize  %" PRIu64 "\nroot  %s\n", log,
		    size, hex);
	st = cmd_print(&b, err);
	buf_release(&b);
	return st;
}

/* One leaf's very bytes, or the proof that it is in the log. */
static int
show_leaf(struct cmd_run *run)
{
	struct buf b = BUF_INIT;
	struct session *s;
	enum status st;
	int64_t seq = -1;

	if (cmd_value(run, "leaf") == NULL)
		return cmd_usage(run, "--proof wants --leaf SEQ");
	if (run->argc > 1 || cmd_value(run, "json") != NULL)
		return cmd_usage(run, "--leaf takes neither an ID nor --json");
	if (cmd_number(run, "leaf", 0, INT64_MAX, &seq) != STATUS_OK)
		return cmd_fail(run);
	if ((s = cmd_session(run, CMD_ANY_POLICY)) == NULL)
		return EXIT_UNABLE;
	st = session_require(s, MAY_AUDIT, "read the audit log", &run->err);
	if (st == STATUS_OK)
		st = cmd_value(run, "proof") != NULL ?
		    audit_proof(s->store, seq, &b, &run->err) :
		    audit_leaf(s->store, seq, &b, &run->err);
	if (st == STATUS_OK)
		st = cmd_on_terminal() ? cmd_print(&b, &run->err) :
		    cmd_print_raw(&b, &run->err);
	buf_release(&b);
	session_close(s);
	return st == STATUS_OK ? EXIT_WELL : cmd_fail(run);
}

static int
audit_show_cmd(struct cmd_run *run)
{
	struct audit_filter f = { .limit = -1 };
	struct session *s;
	struct hash root;
	enum status st;
	uint64_t size;

	if (cmd_value(run, "leaf") != NULL || cmd_value(run, "proof") != NULL)
		return show_leaf(run);
	if (run->argc > 1) {		/* the history of one item */
		f.item = run->argv[1];
		return print_leaves(run, &f, always,
		    cmd_value(run, "json") != NULL ? &leaf_json : &leaf_table,
		    true);
	}
	if ((s = cmd_session(run, CMD_ANY_POLICY)) == NULL)
		return EXIT_UNABLE;
	st = session_require(s, MAY_AUDIT, "read the audit log", &run->err);
	if (st == STATUS_OK)
		st = audit_root(s->store, &size, &root, &run->err);
	if (st == STATUS_OK)
		st = print_root(store_log(s->store), size, &root,
		    cmd_value(run, "json") != NULL, &run->err);
	session_close(s);
	return st == STATUS_OK ? EXIT_WELL : cmd_fail(run);
}

static const struct audit_action {
	const char	*name;
	int		(*run)(struct cmd_run *);
	const char	*operand;	/* "one ID": what may stand behind its name */
	int		 operands;	/* ... and how many words */
} actions[] = {
	{ "query", audit_query_cmd, "no operand", 0 },
	{ "verify", audit_verify_cmd, "no operand", 0 },
	{ "show", audit_show_cmd, "one ID", 1 },
	{ "checkpoint", audit_checkpoint_cmd, "no operand", 0 },
	{ "export", audit_export_cmd, "one folder", 1 },
	{ "witness", audit_witness_cmd, "accept, export or import FILE", 2 }
};

/* An option that would change nothing misleads: it is refused. */
static int
audit_action(struct cmd_run *run, const struct audit_action *a)
{
	const struct cmd_option *o = run->cmd->options;
	size_t i, n = strlen(a->name);

	if (run->argc > 1 + a->operands)
		return cmd_usage(run, "%s: %s takes %s", run->argv[run->argc - 1],
		    a->name, a->operand);
	/* An option's help begins with the action that it is for. */
	for (i = 0; o[i].name != NULL; i++) {
		if (run->value[i] != NULL && strchr(o[i].help, ':') != NULL &&
		    (strncmp(o[i].help, a->name, n) != 0 ||
		    o[i].help[n] != ':'))
			return cmd_usage(run, "--%s goes with %.*s only",
			    o[i].name, (int)strcspn(o[i].help, ":"), o[i].help);
	}
	return a->run(run);
}

static int
audit_cmd(struct cmd_run *run)
{
	size_t i;

	for (i = 0; run->argc > 0 && i < sizeof(actions) / sizeof(actions[0]);
	    i++)
		if (strcmp(actions[i].name, run->argv[0]) == 0)
			return audit_action(run, &actions[i]);
	return cmd_usage(run, "query, verify, show, checkpoint, export or witness "
	    "is wanted");
}

static const struct cmd_option options[] = {
	{ "since", 0, "TIME", "query: at that time or later" },
	{ "until", 0, "TIME", "query: before that time" },
	{ "by", 0, "NAME", "query: what this person did" },
	{ "event", 0, "EVENT", "query: route, decision, export ..." },
	{ "item", 0, "ID", "query: what concerns this item" },
	{ "queue", 'q', "QUEUE", "query: what concerns this queue" },
	{ "rule", 0, "RULE", "query: what this rule routed" },
	{ "where", 'w', "CONDITION", "query: for which this holds; the leaf's "
	    "keys are the columns" },
	{ "limit", 'n', "N", "query: at most so many; 0: all" },
	{ "after", 0, "SEQ", "query: behind this leaf: the next page" },
	{ "csv", 0, NULL, "query: CSV" },
	{ "every", 0, "TIME|N", "checkpoint: if the last one is that old, or that "
	    "many leaves behind" },
	{ "known", 0, "FILE", "verify: it continues this checkpoint; may be given "
	    "again" },
	{ "leaf", 0, "SEQ", "show: the very bytes of this leaf" },
	{ "proof", 0, NULL, "show: instead, that the leaf is in the log: a C2SP "
	    "tlog-proof" },
	{ "log", 0, "DIR", "verify: a log that was exported, without a store" },
	{ "require-signed", 0, NULL, "verify: no leaf may be unsigned" },
	{ "json", 0, NULL, "JSON" },
	{ NULL, 0, NULL, NULL }
};
const struct cmd cmd_audit = {
	"audit", "query|verify|show [ID]|checkpoint|export [DIR]|"
	    "witness [accept|export|import FILE]",
	"who decided what, when; proof that nothing was altered", options,
	"query|verify|show|checkpoint|export|witness", audit_cmd
};
