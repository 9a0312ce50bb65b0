#include "tui/review/review.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "queue/file.h"
#include "tui/review/draft.h"
#include "tui/review/item_view.h"
#include "tui/review/command.h"
#include "tui/review/queue_view.h"

struct review *
review_of(const struct screen *scr)
{
	return scr->owner;
}

static int64_t
host_clock(void *owner)
{
	const struct review *r = owner;

	return store_now_ms(r->session->store);
}

static void
host_keep(struct screen *scr, struct slice typed)
{
	const struct item_detail *d = item_view_detail(scr);
	struct task *t = &review_of(scr)->task;
	struct error ignored = { STATUS_OK, "" };
	char path[sizeof(t->typed)] = "";

	/* It is still in the prompt, or the terminal is gone: nowhere to say so. */
	if (typed.n > 0 && draft_save("typed", d == NULL ? "list" : t->key, typed,
	    path, sizeof(path), &ignored) != STATUS_OK)
		return;
	if (t->typed[0] != '\0')
		(void)unlink(t->typed);
	(void)snprintf(t->typed, sizeof(t->typed), "%s", path);
}

static bool
host_setting(void *owner, struct slice line, const char **why)
{
	struct review *r = owner;

	if (slice_is(line, "copy = osc52")) {
		r->copies = true;
		return true;
	}
	if (line.n > 4 && memcmp(line.p, "copy", 4) == 0 &&
	    (line.p[4] == ' ' || line.p[4] == '=')) {
		*why = "use: copy = osc52";
		return false;
	}
	return named_setting(&r->named, line, why);
}

/* The person has the answer, and no key waits. */
static void
answered(struct screen *scr)
{
	task_touch(scr);
	store_rest(review_of(scr)->session->store);
}

static const struct screen_host host = {
	.clock = host_clock,
	.answered = answered,
	.keep = host_keep,
	.setting = host_setting,
	.command = command_run,
	.offer = command_offer,
	.commands = "an action by its name, queue NAME, or an item's id; Tab: names",
	.legend = "In the list > is where you are, + tagged, * yours, o in other "
	    "hands."
};

/* The user's own keys and colours, where there are any. */
static enum status
conf_load(struct review *r, struct error *err)
{
	const char *config = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
	struct buf text = BUF_INIT;
	char path[600];
	enum status st;

	if (config != NULL && config[0] == '/')
		(void)snprintf(path, sizeof(path), "%s/handrail/handrail.conf",
		    config);
	else
		(void)snprintf(path, sizeof(path),
		    "%s/.config/handrail/handrail.conf",
		    home == NULL ? "" : home);
	if (access(path, F_OK) != 0)
		return STATUS_OK;
	st = file_read(path, &text, err);
	if (st == STATUS_OK)
		st = screen_configure(&r->scr, path, buf_slice(&text), err);
	buf_release(&text);
	return st;
}

static enum status
review_init(struct review *r, struct session *session,
    const struct list_filter *filter, struct error *err)
{
	char folder[512];
	enum status st;
	size_t left;

	memset(r, 0, sizeof(*r));
	r->session = session;
	r->filter = *filter;
	r->home = filter->state;
	if (filter->where != NULL) {
		(void)snprintf(r->where, sizeof(r->where), "%s", filter->where);
		r->filter.where = r->where;
		(void)snprintf(r->typed, sizeof(r->typed), "%s", filter->where);
	}
	task_init(&r->task);
	buf_init(&r->exported);
	buf_init(&r->to_file);
	st = screen_init(&r->scr, &host, r, err);
	if (st != STATUS_OK)
		return st;
	left = draft_left(folder, sizeof(folder));
	if (left > 0)
		screen_say(&r->scr, "%zu draft%s of earlier: %s", left,
		    left == 1 ? "" : "s", folder);
	return conf_load(r, err);
}

static void
review_end(struct review *r)
{
	struct error ignored = { STATUS_OK, "" };

	if (review_release_all(r->session, &ignored) != STATUS_OK)
		ignored.code = STATUS_OK;	/* they end by themselves */
	screen_release(&r->scr);
	log_proof_end(&r->proof);
	task_release(&r->task);
	named_release(&r->named);
	arena_release(&r->offered);
	buf_release(&r->exported);
	buf_release(&r->to_file);
}

const char *
review_script(const struct session *session)
{
	const char *script = !store_is_test(session->store) ? NULL :
	    getenv("HANDRAIL_SCRIPT");

	return script == NULL || script[0] == '\0' ? NULL : script;
}

static enum status
script_play(struct review *r, const char *file, struct error *err)
{
	struct buf text = BUF_INIT;
	enum status st;

	st = file_read(file, &text, err);
	if (st == STATUS_OK)
		st = screen_play(&r->scr, file, buf_slice(&text), err);
	buf_release(&text);
	return st;
}

enum status
review_screen(struct session *session, const struct list_filter *filter,
    struct error *err)
{
	const char *script = review_script(session);
	struct review *r = malloc(sizeof(*r));
	enum status st;

	if (r == NULL)
		return error_nomem(err);
	st = review_init(r, session, filter, err);
	if (st == STATUS_OK)
		st = queue_view_open(&r->scr, err);
	if (st == STATUS_OK)
		st = script != NULL ? script_play(r, script, err) :
		    screen_show(&r->scr, err);
	review_end(r);
	free(r);
	return st;
}
