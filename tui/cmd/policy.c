/* Policies: check, apply, list, show. */
#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#include "core/text.h"
#include "queue/files.h"
#include "queue/policies.h"
#include "tui/cmd/cmd.h"

/* Loads the file that the words name; NULL after an error line. */
static struct policy *
load_named(struct cmd_run *run)
{
	const char *path = run->argc > 1 ? run->argv[1] : run->policy;
	struct policy *p = NULL;

	if (path == NULL)
		(void)cmd_usage(run, "%s: a policy's FILE is wanted",
		    run->argv[0]);
	else if (policy_load(&p, path, &file_loader, NULL, &run->err) !=
	    STATUS_OK)
		(void)cmd_fail(run);
	return p;
}

static void
print_name(struct buf *b, const char *name)
{
	text_sanitize_line(b, slice_of(name), 200);
}

static void
print_queue(struct buf *b, const struct queue_policy *q)
{
	const struct rule *r;
	size_t i;

	buf_puts(b, "queue ");
	print_name(b, q->name);
	buf_printf(b, ": lease %" PRId64 "m, sla %" PRId64 "m, sample %g\n",
	    q->lease_ms / 60000, q->sla_ms / 60000, q->sample);
	for (i = 0; i < q->nguards; i++) {
		buf_puts(b, "  guard ");
		print_name(b, q->guards[i]->name);
		buf_printf(b, " (%s)%s\n", q->guards[i]->kind->name,
		    q->guards[i]->fail_open ? ", fail open" : "");
	}
	for (i = 0; i < q->nexpects; i++) {
		buf_puts(b, "  expects ");
		print_name(b, q->expects[i]);
		buf_putc(b, '\n');
	}
	for (i = 0; i < q->nrules; i++) {
		r = &q->rules[i];
		buf_puts(b, "  rule ");
		print_name(b, r->name);
		buf_printf(b, " -> %s when ", route_name(r->route));
		print_name(b, r->when);
		buf_putc(b, '\n');
	}
	buf_puts(b, "  else -> flag\n");
}

static void
print_policy(struct buf *b, const struct policy *p)
{
	size_t i;

	buf_printf(b, "policy %s\n", p->id);
	for (i = 0; i < p->nfiles; i++) {
		buf_puts(b, "  file ");
		print_name(b, p->files[i].path);
		buf_printf(b, " (%zu bytes)\n", p->files[i].bytes.n);
	}
	for (i = 0; i < p->nroles; i++) {
		buf_puts(b, "role ");
		print_name(b, p->roles[i].name);
		buf_puts(b, ": group ");
		print_name(b, p->roles[i].group);
		buf_putc(b, '\n');
	}
	for (i = 0; i < p->nqueues; i++)
		print_queue(b, &p->queues[i]);
}

static int
check_cmd(struct cmd_run *run)
{
	struct buf b = BUF_INIT;
	struct policy *p;
	enum status st;

	if ((p = load_named(run)) == NULL)
		return EXIT_UNABLE;
	print_policy(&b, p);
	st = cmd_print(&b, &run->err);
	buf_release(&b);
	policy_free(p);
	return st == STATUS_OK ? EXIT_WELL : cmd_fail(run);
}

static int
apply_cmd(struct cmd_run *run)
{
	bool changed = false;
	struct session *s;
	struct policy *p;
	enum status st;

	if ((p = load_named(run)) == NULL)
		return EXIT_UNABLE;
	run->policy = NULL;	/* it is applied here, and said so */
	if ((s = cmd_session(run, CMD_CREATES)) == NULL) {
		policy_free(p);
		return EXIT_UNABLE;
	}
	if ((st = policies_apply(s, p, &changed, &run->err)) == STATUS_OK)
		(void)printf("policy %.*s %s\n", POLICY_SHORT, p->id,
		    changed ? "applied" : "is the current one already");
	session_close(s);
	policy_free(p);
	return st == STATUS_OK ? EXIT_WELL : cmd_fail(run);
}

static enum status
print_row(void *arg, const struct policies_row *r, struct error *err)
{
	struct cmd_run *run = arg;
	struct buf b = BUF_INIT;
	char at[TIME_TEXT];
	enum status st;

	time_format(r->ts_ms, at);
	if (cmd_value(run, "json") != NULL) {
		buf_printf(&b, "{\"n\":%" PRId64 ",\"policy\":", r->n);
		text_json(&b, r->policy);
		buf_printf(&b, ",\"applied_at\":\"%s\",\"by\":", at);
		text_json(&b, r->by);
		buf_printf(&b, ",\"seq\":%" PRId64 ",\"current\":%s}\n", r->seq,
		    r->current ? "true" : "false");
	} else {
		buf_printf(&b, "%c %-4" PRId64 " %.*s  %s  ",
		    r->current ? '*' : ' ', r->n, POLICY_SHORT, r->policy.p, at);
		text_sanitize_line(&b, r->by, 60);
		buf_putc(&b, '\n');
	}
	st = cmd_print(&b, err);
	buf_release(&b);
	return st;
}

static int
list_cmd(struct cmd_run *run)
{
	struct session *s;
	enum status st;

	if ((s = cmd_session(run, 0)) == NULL)
		return EXIT_UNABLE;
	st = policies_each(s->store, print_row, run, &run->err);
	session_close(s);
	return st == STATUS_OK ? EXIT_WELL : cmd_fail(run);
}

static int
show_cmd(struct cmd_run *run)
{
	const char *id = run->argc > 1 ? run->argv[1] : NULL;
	struct policy *p = NULL;
	struct buf b = BUF_INIT;
	struct session *s;
	enum status st;

	if ((s = cmd_session(run, 0)) == NULL)
		return EXIT_UNABLE;
	st = id == NULL ? policies_current(s->store, &p, &run->err) :
	    policies_get(s->store, id, &p, &run->err);
	session_close(s);
	if (st != STATUS_OK)
		return cmd_fail(run);
	cmd_pager();
	if (isatty(STDOUT_FILENO))
		text_sanitize(&b, p->files[0].bytes, TEXT_CLI);
	else			/* into a file: the very bytes, to apply again */
		buf_add_slice(&b, p->files[0].bytes);
	st = cmd_print(&b, &run->err);
	buf_release(&b);
	policy_free(p);
	return st == STATUS_OK ? EXIT_WELL : cmd_fail(run);
}

static const struct {
	const char	*name;
	int		(*run)(struct cmd_run *);
} actions[] = {
	{ "check", check_cmd }, { "apply", apply_cmd }, { "list", list_cmd },
	{ "show", show_cmd }
};

static int
policy_cmd(struct cmd_run *run)
{
	size_t i;

	for (i = 0; run->argc > 0 && i < sizeof(actions) / sizeof(actions[0]);
	    i++)
		if (strcmp(actions[i].name, run->argv[0]) == 0)
			return actions[i].run(run);
	return cmd_usage(run, "check FILE, apply FILE, list or show [ID] is "
	    "wanted");
}

static const struct cmd_option options[] = {
	{ "json", 0, NULL, "list: JSON Lines" },
	{ NULL, 0, NULL, NULL }
};
const struct cmd cmd_policy = {
	"policy", "check FILE|apply FILE|list|show [ID]",
	"policies as code, with their history", options,
	"check|apply|list|show", policy_cmd
};
