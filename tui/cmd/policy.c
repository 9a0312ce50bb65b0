/* Policies: check, apply, list, show. */
#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#include "core/base/text.h"
#include "core/base/time.h"
#include "core/json/write.h"
#include "core/policy/read.h"
#include "queue/http.h"
#include "queue/file.h"
#include "queue/policies.h"
#include "tui/cmd/cmd.h"
#include "tui/cmd/policy_check.h"
#include "tui/cmd/policy_diff.h"
#include "tui/cmd/policy_test.h"

/* Loads the file that the words name; NULL after an error line. */
static struct policy *
load_named(struct cmd_run *run)
{
	const char *path = run->argc > 1 ? run->argv[1] : run->policy;
	struct policy *p = NULL;

	if (path == NULL)
		(void)cmd_usage(run, "%s: a policy's FILE is wanted",
		    run->argv[0]);
	else if (policy_load(&p, path, &file_loader, &http_outside,
	    &run->err) !=
	    STATUS_OK)
		(void)cmd_fail(run);
	return p;
}

static int
check_cmd(struct cmd_run *run)
{
	struct policy *p;
	int code;

	if ((p = load_named(run)) == NULL)
		return EXIT_UNABLE;
	code = policy_check_print(run, p);
	policy_free(p);
	return code;
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
	if ((s = cmd_session(run, CMD_CREATES | CMD_ANY_POLICY)) == NULL) {
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
	struct writer w = WRITER(&b, WRITE_SHOWN);
	char at[TIME_LOCAL];
	enum status st;

	if (cmd_value(run, "json") != NULL) {
		write_object(&w, NULL);
		write_int(&w, "n", r->n);
		write_text(&w, "policy", r->policy);
		write_time(&w, "applied_at", r->ts_ms);
		write_text(&w, "by", r->by);
		write_int(&w, "seq", r->seq);
		write_bool(&w, "current", r->current);
		write_end(&w);
		write_line(&w);
	} else {
		time_local(r->ts_ms, at);
		buf_printf(&b, "%c %-4" PRId64 " ", r->current ? '*' : ' ', r->n);
		text_sanitize_line(&b, r->policy, POLICY_SHORT);
		buf_printf(&b, "  %s  ", at);
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
	if (cmd_on_terminal())
		text_sanitize(&b, p->files[0].bytes, TEXT_CLI);
	else			/* into a file: the very bytes, to apply again */
		buf_add_slice(&b, p->files[0].bytes);
	st = cmd_print_raw(&b, &run->err);
	buf_release(&b);
	policy_free(p);
	return st == STATUS_OK ? EXIT_WELL : cmd_fail(run);
}

/* A policy named by an id of the store, or by a file. */
static enum status
get_either(struct cmd_run *run, struct session *s, const char *name,
    struct policy **out)
{
	if (access(name, R_OK) == 0)
		return policy_load(out, name, &file_loader, &http_outside,
	    &run->err);
	return policies_get(s->store, name, out, &run->err);
}

/* diff [A] B: what is different in B; with one name, from the current one. */
static int
diff_cmd(struct cmd_run *run)
{
	struct policy *old = NULL, *new = NULL;
	struct buf raw = BUF_INIT, safe = BUF_INIT;
	struct session *s;
	bool differ = false;
	enum status st;

	if (run->argc < 2 || run->argc > 3)
		return cmd_usage(run, "diff: one or two policies are wanted, "
		    "each an id or a file");
	if ((s = cmd_session(run, 0)) == NULL)
		return EXIT_UNABLE;
	st = run->argc == 3 ? get_either(run, s, run->argv[1], &old) :
	    policies_current(s->store, &old, &run->err);
	if (st == STATUS_OK)
		st = get_either(run, s, run->argv[run->argc - 1], &new);
	if (st == STATUS_OK)
		st = policy_diff(&raw, old, new, &differ, &run->err);
	if (st == STATUS_OK) {
		cmd_pager();
		text_sanitize(&safe, buf_slice(&raw), TEXT_CLI);
		st = cmd_print_raw(cmd_on_terminal() ? &safe : &raw, &run->err);
	}
	buf_release(&raw);
	buf_release(&safe);
	policy_free(old);
	policy_free(new);
	session_close(s);
	if (st != STATUS_OK)
		return cmd_fail(run);
	return differ ? EXIT_SHORT : EXIT_WELL;
}

/* The policy that was the current one before it last changed. */
struct previous {
	char	id[HASH_HEX], last[HASH_HEX];
};

static enum status
find_previous(void *arg, const struct policies_row *r, struct error *err)
{
	struct previous *p = arg;

	(void)err;
	if (r->policy.n != HASH_HEX - 1 || slice_is(r->policy, p->last))
		return STATUS_OK;
	memcpy(p->id, p->last, sizeof(p->id));
	memcpy(p->last, r->policy.p, r->policy.n);
	p->last[r->policy.n] = '\0';
	return STATUS_OK;
}

static int
rollback_cmd(struct cmd_run *run)
{
	struct previous before = { "", "" };
	struct policy *p = NULL;
	struct session *s;
	enum status st;

	run->policy = NULL;
	if ((s = cmd_session(run, CMD_WRITES | CMD_ANY_POLICY)) == NULL)
		return EXIT_UNABLE;
	st = policies_each(s->store, find_previous, &before, &run->err);
	if (st == STATUS_OK && run->argc < 2 && before.id[0] == '\0')
		st = error_set(&run->err, STATUS_NOT_FOUND, "rollback: no policy "
		    "was applied before this one; see handrail policy list");
	if (st == STATUS_OK)
		st = policies_get(s->store, run->argc > 1 ? run->argv[1] :
		    before.id, &p, &run->err);
	if (st == STATUS_OK)
		st = policies_apply(s, p, NULL, &run->err);
	if (st == STATUS_OK)
		(void)printf("policy %.*s applied\n", POLICY_SHORT, p->id);
	policy_free(p);
	session_close(s);
	return st == STATUS_OK ? EXIT_WELL : cmd_fail(run);
}

static const struct {
	const char	*name;
	int		 operands;	/* at most, with this one */
	int		(*run)(struct cmd_run *);
} actions[] = {
	{ "check", 2, check_cmd }, { "test", 2, policy_test_cmd },
	{ "apply", 2, apply_cmd }, { "list", 1, list_cmd },
	{ "show", 2, show_cmd }, { "diff", 3, diff_cmd },
	{ "rollback", 2, rollback_cmd }
};

static int
policy_cmd(struct cmd_run *run)
{
	size_t i;

	for (i = 0; run->argc > 0 && i < sizeof(actions) / sizeof(actions[0]);
	    i++)
		if (strcmp(actions[i].name, run->argv[0]) == 0) {
			if (run->argc > actions[i].operands)
				return cmd_usage(run, "%s: one operand too many "
				    "for policy %s",
				    run->argv[actions[i].operands],
				    actions[i].name);
			return actions[i].run(run);
		}
	return cmd_usage(run, "check, test, apply, list, show, diff or rollback "
	    "is wanted");
}

static const struct cmd_option options[] = {
	{ "json", 0, NULL, "list: JSON Lines" },
	{ "junit", 0, NULL, "test: JUnit XML instead of TAP" },
	{ NULL, 0, NULL, NULL }
};
const struct cmd cmd_policy = {
	"policy", "check FILE|test FILE|apply FILE|list|show [ID]|diff [A] B|"
	"rollback [ID]",
	"policies as code, with their history", options,
	"check|test|apply|list|show|diff|rollback", policy_cmd
};
