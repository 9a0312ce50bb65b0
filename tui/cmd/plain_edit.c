#include "tui/cmd/plain_edit.h"

#include <stdio.h>

#include "core/base/time.h"
#include "queue/file.h"
#include "queue/review/edit_check.h"
#include "tui/cmd/plain_decide.h"
#include "tui/review/draft.h"
#include "tui/review/edit.h"
#include "tui/review/edit_left.h"

static void
tell_news(const struct edit_check *news, struct slice text)
{
	const struct finding *f;
	size_t i;

	for (i = 0; i < news->nfound; i++) {
		f = &news->found[i];
		plain_say("found by %s: %.*s \"%.*s\": %.*s", f->guard,
		    SLICE_ARG(f->kind), (int)(f->end - f->start),
		    text.p + f->start, SLICE_ARG(f->message));
	}
	for (i = 0; i < news->nerrors; i++)
		plain_say("%s could not run: %.*s", news->errors[i].guard,
		    SLICE_ARG(news->errors[i].message));
}

enum kept { KEEP, AGAIN, DROP };

/* What the guards say of it, and what the reviewer says of that. */
static enum status
edit_look(struct plain *p, struct slice text, enum kept *kept,
    struct error *err)
{
	struct edit_check news;
	enum status st;

	*kept = KEEP;
	st = edit_check_run(&news, p->s, &p->d, text, &p->arena, err);
	if (st != STATUS_OK || news.nfound + news.nerrors == 0)
		return st;
	tell_news(&news, text);
	while (plain_ask(&p->line, "Keep it, edit again, or drop it (k, e, d)? ")) {
		switch (p->line.text[0]) {
		case 'k':
			return STATUS_OK;
		case 'e':
			*kept = AGAIN;
			return STATUS_OK;
		case 'd':
			*kept = DROP;
			return STATUS_OK;
		default:
			break;
		}
	}
	return error_set(err, STATUS_INTERRUPTED, "no answer");
}

/* On an error the draft stays, and the message says where. */
static enum status
edit_once(struct plain *p, const char *folder, bool json, struct buf *text,
    enum kept *kept, struct error *err)
{
	struct decide d = { .decision = DECISION_EDIT };
	enum status st;

	buf_clear(text);
	if ((st = edit_run(folder, json, p->d.item.output, text, err)) !=
	    STATUS_OK)
		return st;
	d.output = buf_slice(text);
	if (slice_eq(d.output, p->d.item.output)) {
		plain_say("nothing was changed");
		*kept = DROP;
		return STATUS_OK;
	}
	if ((st = edit_look(p, d.output, kept, err)) != STATUS_OK ||
	    *kept != KEEP)
		return st;
	return plain_decide(p, &d, err);
}

static void
folder_remove(const char *folder)
{
	if (!edit_remove(folder))
		plain_say("what the editor left is kept in %s", folder);
}

static enum status
edit_from(struct plain *p, const char *folder, struct error *err)
{
	bool json = !p->d.item.output_is_string;
	struct buf text = BUF_INIT;
	enum kept kept = AGAIN;
	enum status st = STATUS_OK;

	while (st == STATUS_OK && kept == AGAIN)
		st = edit_once(p, folder, json, &text, &kept, err);
	buf_release(&text);
	if (st != STATUS_OK) {
		(void)error_prefix(err, "the edit is in %s/%s", folder,
		    edit_file(json));
		return st;
	}
	if (kept == DROP)
		plain_say("edit dropped");
	folder_remove(folder);
	return STATUS_OK;
}

/* What a killed editor left of it takes its place, and that its name, or stays
 * beside it. */
static enum status
left_offer(struct plain *p, const char *folder, struct error *err)
{
	struct buf text = BUF_INIT;
	char name[EDIT_LEFT], file[900], at[TIME_LOCAL];
	bool swapped = false;
	enum status st;
	int64_t ms;

	if (!edit_left_text(folder, name, &ms))
		return STATUS_OK;
	time_local(ms, at);
	(void)snprintf(file, sizeof(file), "%s/%s", folder, name);
	plain_say("the editor left %s of %s:", name, at);
	if ((st = file_read(file, &text, err)) == STATUS_OK)
		plain_quote(buf_slice(&text));
	buf_release(&text);
	if (st == STATUS_OK && plain_ask_yes(&p->line, "Type yes to take that text: "))
		st = edit_left_take(folder, name, !p->d.item.output_is_string,
		    p->d.item.output, &swapped, err);
	if (st == STATUS_OK && swapped)
		plain_say("your own text is kept in %s", file);
	return st;
}

/* Its text, line by line; false: it cannot be read, which is said. */
static bool
draft_show(struct plain *p, const char *path, bool edit)
{
	struct error err = { STATUS_OK, "" };
	struct buf text = BUF_INIT;
	char file[700];
	enum status st;

	(void)snprintf(file, sizeof(file), "%s%s%s", path, edit ? "/" : "", edit ?
	    edit_file(!p->d.item.output_is_string) : "");
	if ((st = file_read(file, &text, &err)) == STATUS_OK)
		plain_quote(buf_slice(&text));
	else
		plain_say("%s", err.text);
	buf_release(&text);
	return st == STATUS_OK;
}

/* What was typed for it in a session that ended: an edit is gone on with here. */
enum status
plain_draft_offer(struct plain *p, struct error *err)
{
	char path[600], key[DRAFT_KEY], at[TIME_LOCAL];
	enum status st;
	int64_t ms;
	bool edit;

	draft_key(key, store_path(p->s->store), p->d.row.queue, p->d.row.id);
	if (!draft_find(key, path, sizeof(path), &edit, &ms))
		return STATUS_OK;
	time_local(ms, at);
	plain_say("%s of %s was never stored: %s", edit ? "Your edit" :
	    "What you typed here", at, path);
	if (edit && (st = left_offer(p, path, err)) != STATUS_OK)
		return st;
	if (!draft_show(p, path, edit) || !edit) {
		plain_say("note TEXT stores it");
		return STATUS_OK;
	}
	if (plain_ask_yes(&p->line, "Type yes to go on with it, no to throw it away, or "
	    "nothing to keep it: "))
		return edit_from(p, path, err);
	if (p->line.text != NULL && strcmp(p->line.text, "no") == 0) {
		plain_say("thrown away");
		folder_remove(path);
	}
	return STATUS_OK;
}

enum status
plain_edit(struct plain *p, const char *rest, struct error *err)
{
	char folder[512], key[DRAFT_KEY];
	enum status st;

	(void)rest;
	draft_key(key, store_path(p->s->store), p->d.row.queue, p->d.row.id);
	st = edit_begin(key, folder, sizeof(folder),
	    !p->d.item.output_is_string, p->d.item.output, err);
	return st == STATUS_OK ? edit_from(p, folder, err) : st;
}
