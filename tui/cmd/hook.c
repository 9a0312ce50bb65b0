/* The webhooks: what waits for each, and what an operator does about it. */
#include <stdio.h>
#include <stdlib.h>

#include "core/base/text.h"
#include "core/base/text_cells.h"
#include "core/base/time.h"
#include "core/json/write.h"
#include "queue/release/hook_acts.h"
#include "tui/cmd/cmd.h"
#include "tui/cmd/show_text.h"

/* Rows on their way to standard output. */
struct printing {
	struct cmd_run	*run;
	struct buf	 b;
	int64_t		 now_ms;
	bool		 json, headed;
};

static const char *
state_name(const struct hook_row *r)
{
	return !r->in_force ? "removed" : r->paused_ms >= 0 ? "paused" :
	    "active";
}

static void
hook_json(struct writer *w, const struct hook_row *r)
{
	size_t i;

	write_object(w, NULL);
	write_text(w, "name", r->hook);
	write_word(w, "state", state_name(r));
	write_word(w, "url", r->url);
	write_array(w, "queues");
	for (i = 0; i < r->nqueues; i++)
		write_word(w, NULL, r->queues[i]);
	write_end(w);
	write_int(w, "waiting", r->waiting);
	write_time(w, "oldest_at", r->oldest_ms);
	write_time(w, "next_try_at", r->paused_ms >= 0 ? -1 : r->due_ms);
	write_text(w, "error", r->error);
	write_int(w, "taken", r->taken);
	write_time(w, "taken_at", r->taken_ms);
	write_int(w, "failed_tries", r->failed);
	write_time(w, "paused_at", r->paused_ms);
	write_end(w);
	write_line(w);
}

/* A cell of a table, and the blank behind it. */
static void
cell(struct buf *b, struct slice text, size_t width)
{
	struct buf safe = BUF_INIT;
	size_t used;

	text_sanitize_line(&safe, text, width);
	used = text_width(buf_slice(&safe));
	buf_add_slice(b, buf_slice(&safe));
	for (; used <= width; used++)
		buf_putc(b, ' ');
	buf_release(&safe);
}

static void
age_cell(struct buf *b, int64_t ms, size_t width)
{
	struct buf age = BUF_INIT;

	age_text(&age, ms);
	cell(b, buf_slice(&age), width);
	buf_release(&age);
}

static void
hook_text(struct printing *p, const struct hook_row *r)
{
	struct buf *b = &p->b;

	if (!p->headed)
		buf_puts(b, "HOOK             STATE   WAITING OLDEST NEXT   "
		    "TAKEN   LAST ERROR\n");
	p->headed = true;
	cell(b, r->hook, 16);
	cell(b, slice_of(state_name(r)), 7);
	buf_printf(b, "%-7lld ", (long long)r->waiting);
	if (r->waiting == 0) {
		buf_puts(b, "-      -      ");
	} else {
		age_cell(b, time_between(r->oldest_ms, p->now_ms), 6);
		if (r->paused_ms >= 0)
			cell(b, SLICE("-"), 6);
		else
			age_cell(b, r->due_ms <= p->now_ms ? 0 :
			    time_between(p->now_ms, r->due_ms), 6);
	}
	buf_printf(b, "%-7lld ", (long long)r->taken);
	text_sanitize_line(b, r->error.p == NULL ? SLICE("-") : r->error, 60);
	buf_putc(b, '\n');
}

static enum status
print_hook(void *arg, const struct hook_row *r, struct error *err)
{
	struct printing *p = arg;
	struct writer w = WRITER(&p->b, WRITE_SHOWN);

	if (p->json)
		hook_json(&w, r);
	else
		hook_text(p, r);
	return cmd_print(&p->b, err);
}

static void
delivery_json(struct writer *w, const struct delivery_row *r)
{
	bool waits = slice_is(r->state, "waiting");

	write_object(w, NULL);
	write_int(w, "n", r->n);
	write_text(w, "id", r->id);
	write_text(w, "queue", r->queue);
	write_time(w, "ts", r->ts_ms);
	write_text(w, "state", r->state);
	write_int(w, "tries", r->tries);
	write_time(w, "next_try_at", waits ? r->due_ms : -1);
	write_text(w, "error", r->error);
	write_time(w, "done_at", r->done_ms);
	write_end(w);
	write_line(w);
}

static void
delivery_text(struct printing *p, const struct delivery_row *r)
{
	struct buf *b = &p->b;

	if (!p->headed)
		buf_puts(b, "N        STATE   AGE    TRIES NEXT   "
		    "QUEUE        ID               ERROR\n");
	p->headed = true;
	buf_printf(b, "%-8lld ", (long long)r->n);
	cell(b, r->state, 7);
	age_cell(b, time_between(r->ts_ms, p->now_ms), 6);
	buf_printf(b, "%-5lld ", (long long)r->tries);
	if (slice_is(r->state, "waiting"))
		age_cell(b, r->due_ms <= p->now_ms ? 0 :
		    time_between(p->now_ms, r->due_ms), 6);
	else
		buf_puts(b, "-      ");
	cell(b, r->queue, 12);
	cell(b, r->id, 16);
	text_sanitize_line(b, r->error.p == NULL ? SLICE("-") : r->error, 60);
	buf_putc(b, '\n');
}

static enum status
print_delivery(void *arg, const struct delivery_row *r, struct error *err)
{
	struct printing *p = arg;
	struct writer w = WRITER(&p->b, WRITE_SHOWN);

	if (p->json)
		delivery_json(&w, r);
	else
		delivery_text(p, r);
	return cmd_print(&p->b, err);
}

static enum status
list_run(struct cmd_run *run, struct session *s)
{
	struct printing p = { .run = run, .b = BUF_INIT,
	    .now_ms = store_now_ms(s->store),
	    .json = cmd_value(run, "json") != NULL };
	enum status st;

	cmd_pager();
	if (run->argc > 1)
		st = deliveries_each(s, run->argv[1],
		    cmd_value(run, "all") != NULL, print_delivery, &p,
		    &run->err);
	else
		st = hooks_each(s, print_hook, &p, &run->err);
	buf_release(&p.b);
	return st;
}

static enum status
retry_run(struct cmd_run *run, struct session *s)
{
	return hook_retry(s, run->argc > 1 ? run->argv[1] : NULL, &run->err);
}

static enum status
resume_run(struct cmd_run *run, struct session *s)
{
	return hook_resume(s, run->argv[1], &run->err);
}

static enum status
drop_run(struct cmd_run *run, struct session *s)
{
	struct buf b = BUF_INIT;
	int dropped;
	int64_t n = strtoll(run->argv[1], NULL, 10);
	enum status st = hook_drop(s, n, run->argc > 2 ? run->argv[2] : NULL,
	    &dropped, &run->err);

	if (st == STATUS_OK && dropped > 1) {
		buf_printf(&b, "dropped for %d hooks\n", dropped);
		st = cmd_print(&b, &run->err);
	}
	buf_release(&b);
	return st;
}

static const struct hook_action {
	const char	*name;
	int		 least, most;	/* operands */
	bool		 number;	/* the first is a release's */
	enum status	(*run)(struct cmd_run *, struct session *);
} actions[] = {
	{ "list", 0, 1, false, list_run },
	{ "retry", 0, 1, false, retry_run },
	{ "drop", 1, 2, true, drop_run },
	{ "resume", 1, 1, false, resume_run }
};

static bool
is_number(const char *s)
{
	return strlen(s) > 0 && strlen(s) < 19 &&
	    strspn(s, "0123456789") == strlen(s);
}

static const struct hook_action *
action_find(const char *name)
{
	size_t i;

	for (i = 0; i < sizeof(actions) / sizeof(actions[0]); i++)
		if (strcmp(actions[i].name, name) == 0)
			return &actions[i];
	return NULL;
}

/* EXIT_WELL where the action's words are well. */
static int
words_check(struct cmd_run *run, const struct hook_action *a)
{
	bool lists = a->run == list_run, all = cmd_value(run, "all") != NULL;

	if (run->argc - 1 < a->least || run->argc - 1 > a->most)
		return cmd_usage(run, "%s takes %s", a->name, a->number ?
		    "a number, and perhaps a hook's name" : a->least == 0 ?
		    "at most one hook's name" : "one hook's name");
	if (a->number && !is_number(run->argv[1]))
		return cmd_usage(run, "%s: the number of a release is wanted",
		    run->argv[1]);
	if (!lists && (cmd_value(run, "json") != NULL || all))
		return cmd_usage(run, "--json and --all are for list");
	if (all && run->argc < 2)
		return cmd_usage(run, "--all is for the deliveries of one hook");
	return EXIT_WELL;
}

static int
hook_cmd(struct cmd_run *run)
{
	const struct hook_action *a = run->argc == 0 ? NULL :
	    action_find(run->argv[0]);
	struct session *s;
	enum status st;
	int code;

	if (a == NULL)
		return cmd_usage(run, "list, retry, drop or resume is wanted");
	if ((code = words_check(run, a)) != EXIT_WELL)
		return code;
	if ((s = cmd_session(run, a->run == list_run ? 0 : CMD_WRITES)) == NULL)
		return EXIT_UNABLE;
	st = a->run(run, s);
	session_close(s);
	return st == STATUS_OK ? EXIT_WELL : cmd_fail(run);
}

static const struct cmd_option options[] = {
	{ "all", 'a', NULL, "of one hook also what was taken or dropped" },
	{ "json", 0, NULL, "JSON Lines" },
	{ NULL, 0, NULL, NULL }
};
const struct cmd cmd_hook = {
	"hook", "list [NAME]|retry [NAME]|drop N [NAME]|resume NAME",
	"the webhooks: what waits for them, and what to do about it", options,
	"list|retry|drop|resume", hook_cmd
};
