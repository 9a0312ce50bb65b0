/* The audit log: query, verify, show, export. */
#include "db/audit/audit.h"
#include "db/audit/query.h"

#include <inttypes.h>
#include <stdio.h>

#include "core/base/text.h"
#include "core/json/value.h"
#include "core/json/write.h"
#include "tui/cmd/audit_check.h"
#include "tui/cmd/cmd.h"

/* What a walk over leaves prints with. */
struct leaf_printing {
	struct cmd_run	*run;
	struct buf	 b;
	struct json	 json;
	struct arena	 arena;
	bool		 as_json, raw;
	uint64_t	 n;		/* leaves so far */
};

/* The leaf's own keys with "leaf_sha256" added, in their sorted place. */
static enum status
print_json(struct leaf_printing *p, struct slice leaf, const struct hash *h,
    struct error *err)
{
	struct json_error why;
	struct writer w = WRITER(&p->b, WRITE_SHOWN);
	char hex[HASH_HEX];
	bool done = false;
	struct slice key;
	uint32_t t;

	if (json_parse(&p->json, leaf, JSON_DEPTH_MAX, 0, &why) != STATUS_OK ||
	    json_kind(&p->json, 0) != TOKEN_OBJECT)
		return error_set(err, STATUS_CORRUPT, "a leaf is not a JSON "
		    "object; see handrail audit verify");
	hash_hex(h, hex);
	write_object(&w, NULL);
	for (t = json_first(&p->json, 0); t != JSON_NONE;
	    t = json_next(&p->json, 0, t)) {
		key = json_raw(&p->json, t);
		if (!done && strncmp(key.p, "\"leaf_sha256\"", key.n) > 0) {
			write_word(&w, "leaf_sha256", hex);
			done = true;
		}
		write_name(&w, key);
		write_raw(&w, NULL, json_raw(&p->json, t + 1));
	}
	write_end(&w);
	write_line(&w);
	return STATUS_OK;
}

static struct slice
leaf_text(struct leaf_printing *p, uint32_t object, const char *key)
{
	uint32_t t = object == JSON_NONE ? JSON_NONE :
	    json_get_value(&p->json, object, key);

	if (t != JSON_NONE && json_kind(&p->json, t) == TOKEN_NUMBER)
		return json_raw(&p->json, t);
	if (t == JSON_NONE || json_kind(&p->json, t) != TOKEN_STRING)
		return SLICE_NONE;
	return json_text(&p->json, t, &p->arena);
}

/* One line for people: when, who, what, on which item, with what outcome. */
static enum status
print_line(struct leaf_printing *p, int64_t seq, struct slice leaf,
    struct error *err)
{
	static const char *const rest[] = {
		"queue", "prompt", "version", "label", "bundle", "decision",
		"route", "rule", "from", "to", "format", "policy"
	};
	struct json_error why;
	struct slice v;
	uint32_t test;
	size_t i;

	arena_reset(&p->arena);
	if (json_parse(&p->json, leaf, JSON_DEPTH_MAX, 0, &why) != STATUS_OK)
		return error_set(err, STATUS_CORRUPT, "leaf %" PRId64 " is not "
		    "JSON; see handrail audit verify", seq);
	buf_printf(&p->b, "%-7" PRId64 " ", seq);
	text_sanitize_line(&p->b, leaf_text(p, 0, "ts"), 40);
	buf_puts(&p->b, "  ");
	text_sanitize_line(&p->b, leaf_text(p, json_get(&p->json, 0, "actor"),
	    "name"), 20);
	buf_putc(&p->b, ' ');
	text_sanitize_line(&p->b, leaf_text(p, 0, "event"), 20);
	if ((v = leaf_text(p, 0, "item")).p != NULL) {
		buf_putc(&p->b, ' ');
		text_sanitize_line(&p->b, v, 60);
	}
	for (i = 0; i < sizeof(rest) / sizeof(rest[0]); i++) {
		if ((v = leaf_text(p, 0, rest[i])).p == NULL)
			continue;
		buf_printf(&p->b, " %s=", rest[i]);
		text_sanitize_line(&p->b, strcmp(rest[i], "policy") == 0 &&
		    v.n > POLICY_SHORT ? (struct slice){ v.p, POLICY_SHORT } : v,
		    60);
	}
	test = json_get(&p->json, 0, "test");
	if (test != JSON_NONE && json_kind(&p->json, test) == TOKEN_TRUE)
		buf_puts(&p->b, " test=true");
	buf_putc(&p->b, '\n');
	return STATUS_OK;
}

/* Of --since and --until, where neither is given. */
static const struct cmd_when always[2] = { { NULL }, { NULL } };

static enum status
print_leaf(void *arg, int64_t seq, struct slice leaf, const struct hash *h,
    struct error *err)
{
	struct leaf_printing *p = arg;
	enum status st = STATUS_OK;

	p->n++;
	/* The bytes that were hashed; whoever looks at them does not hash them. */
	if (p->raw) {
		if (cmd_on_terminal())
			text_json_raw(&p->b, leaf);
		else
			buf_add_slice(&p->b, leaf);
		buf_putc(&p->b, '\n');
		return cmd_print_raw(&p->b, err);
	} else
		st = p->as_json ? print_json(p, leaf, h, err) :
		    print_line(p, seq, leaf, err);
	return st == STATUS_OK ? cmd_print(&p->b, err) : st;
}

static int
print_leaves(struct cmd_run *run, struct audit_filter *f,
    const struct cmd_when span[2], bool raw, bool wanted)
{
	struct leaf_printing p = {
		.run = run, .as_json = cmd_value(run, "json") != NULL,
		.raw = raw
	};
	struct session *s;
	enum status st;

	if ((s = cmd_session(run, CMD_ANY_POLICY)) == NULL)
		return EXIT_UNABLE;
	f->since_ms = cmd_when_ms(&span[0], s);
	f->until_ms = cmd_when_ms(&span[1], s);
	st = session_require(s, MAY_AUDIT, "read the audit log", &run->err);
	if (st == STATUS_OK && !raw && !p.as_json)
		cmd_pager();
	if (st == STATUS_OK)
		st = audit_query(s->store, f, print_leaf, &p, &run->err);
	if (st == STATUS_OK && wanted && p.n == 0)
		st = error_set(&run->err, STATUS_NOT_FOUND, "%s: no such item",
		    f->item);
	buf_release(&p.b);
	arena_release(&p.arena);
	json_release(&p.json);
	session_close(s);
	return st == STATUS_OK ? EXIT_WELL : cmd_fail(run);
}

static int
audit_query_cmd(struct cmd_run *run)
{
	struct audit_filter f = {
		.where = cmd_value(run, "where"), .limit = -1,
		.item = cmd_value(run, "item"), .by = cmd_value(run, "by"),
		.event = cmd_value(run, "event")
	};
	struct cmd_when span[2];

	if (cmd_time(run, "since", &span[0]) != STATUS_OK ||
	    cmd_time(run, "until", &span[1]) != STATUS_OK ||
	    cmd_number(run, "limit", 0, INT64_MAX, &f.limit) != STATUS_OK)
		return cmd_fail(run);
	return print_leaves(run, &f, span, false, false);
}

static int
audit_export_cmd(struct cmd_run *run)
{
	struct audit_filter f = { .limit = -1 };

	if (run->argc > 1)
		return audit_export_dir(run, run->argv[1]);
	return print_leaves(run, &f, always, true, false);
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

static int
audit_show_cmd(struct cmd_run *run)
{
	struct audit_filter f = { .limit = -1 };
	struct session *s;
	struct hash root;
	enum status st;
	uint64_t size;

	if (run->argc > 1) {		/* the history of one item */
		f.item = run->argv[1];
		return print_leaves(run, &f, always, false, true);
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
	const char	*operand;	/* "one ID": one at most, behind its name */
} actions[] = {
	{ "query", audit_query_cmd, NULL },
	{ "verify", audit_verify_cmd, NULL },
	{ "show", audit_show_cmd, "one ID" },
	{ "checkpoint", audit_checkpoint_cmd, NULL },
	{ "export", audit_export_cmd, "one folder" }
};

/* An option that would change nothing misleads: it is refused. */
static int
audit_action(struct cmd_run *run, const struct audit_action *a)
{
	const struct cmd_option *o = run->cmd->options;
	size_t i, n = strlen(a->name);

	if (run->argc > (a->operand == NULL ? 1 : 2))
		return cmd_usage(run, "%s: %s takes %s", run->argv[run->argc - 1],
		    a->name, a->operand == NULL ? "no operand" : a->operand);
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
	return cmd_usage(run, "query, verify, show, "
	    "checkpoint or export is wanted");
}

static const struct cmd_option options[] = {
	{ "since", 0, "TIME", "query: at that time or later" },
	{ "until", 0, "TIME", "query: before that time" },
	{ "by", 0, "NAME", "query: what this person did" },
	{ "event", 0, "EVENT", "query: route, decision, export ..." },
	{ "item", 0, "ID", "query: what concerns this item" },
	{ "where", 'w', "CONDITION", "query: for which this holds; the leaf's "
	    "keys are the columns" },
	{ "limit", 'n', "N", "query: at most so many" },
	{ "every", 0, "TIME|N", "checkpoint: if the last one is that old, or that "
	    "many leaves behind" },
	{ "known", 0, "FILE", "verify: it continues this checkpoint; may be given "
	    "again" },
	{ "log", 0, "DIR", "verify: a log that was exported, without a store" },
	{ "require-signed", 0, NULL, "verify: no leaf may be unsigned" },
	{ "json", 0, NULL, "JSON" },
	{ NULL, 0, NULL, NULL }
};
const struct cmd cmd_audit = {
	"audit", "query|verify|show [ID]|checkpoint|export [DIR]",
	"who decided what, when; proof that nothing was altered", options,
	"query|verify|show|checkpoint|export", audit_cmd
};
