#include "tui/cmd/review_plain.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "core/base/time.h"
#include "queue/file.h"
#include "queue/review/item_why.h"
#include "queue/review/edit_check.h"
#include "queue/review/decide.h"
#include "tui/cmd/plain_line.h"
#include "tui/cmd/plain_many.h"
#include "tui/cmd/show_text.h"
#include "tui/review/draft.h"
#include "tui/review/edit.h"
#include "tui/review/plan.h"

#define LABELS_MAX	64

struct plain {
	struct session		*s;
	const struct list_filter *filter;
	struct arena		 arena;		/* of the current item */
	struct item_detail	 d;
	struct lease		 lease;
	bool			 held;
	struct buf		 labels;	/* for its decision, */
	struct rated		 rated[RATINGS_MAX];	/* as are these */
	struct evidence		 evidence[EVIDENCE_MAX];
	size_t			 nrated, nevidence;
	struct buf		 ratings;	/* what the names of those stand in */
	int64_t			 last;		/* decided before; -1: none */
	int64_t			 last_seq;	/* its leaf */
	int64_t			*many;		/* or all of these; NULL */
	size_t			 nmany;
	bool			 any_said;	/* the last decision, for = */
	enum decision		 said_as;
	struct buf		 said;		/* with its reason or note */
	bool			 quit;
	struct plain_line	 line;		/* the last one read */
};

/* What a line may ask for.  act() gets the rest of the line after the word; an
 * error is printed, and ends nothing. */
struct plain_row {
	char		 letter;
	bool		 free;		/* needs no item */
	const char	*name, *args, *help;
	enum status	(*act)(struct plain *, const char *rest, struct error *);
};

static enum status
show(struct plain *p, const char *rest, struct error *err)
{
	struct buf b = BUF_INIT;
	enum status st;

	(void)rest;
	show_text(&b, &p->d);
	st = cmd_print(&b, err);
	buf_release(&b);
	return st;
}

static void
marks_clear(struct plain *p)
{
	buf_clear(&p->labels);
	p->nrated = p->nevidence = 0;
}

static enum status edit_from(struct plain *, const char *folder, struct error *);

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
static enum status
draft_offer(struct plain *p, struct error *err)
{
	char path[600], key[DRAFT_KEY], at[TIME_LOCAL];
	int64_t ms;
	bool edit;

	draft_key(key, store_path(p->s->store), p->d.row.queue, p->d.row.id);
	if (!draft_find(key, path, sizeof(path), &edit, &ms))
		return STATUS_OK;
	time_local(ms, at);
	plain_say("%s of %s was never stored: %s", edit ? "Your edit" :
	    "What you typed here", at, path);
	if (!draft_show(p, path, edit) || !edit) {
		plain_say("note TEXT stores it");
		return STATUS_OK;
	}
	if (plain_ask_yes(&p->line, "Type yes to go on with it, no to throw it away, or "
	    "nothing to keep it: "))
		return edit_from(p, path, err);
	if (p->line.text != NULL && strcmp(p->line.text, "no") == 0) {
		edit_remove(path);
		plain_say("thrown away");
	}
	return STATUS_OK;
}

/* Claims and prints the next item; without one the review is over. */
static enum status
item_next(struct plain *p, struct error *err)
{
	enum status st;

	marks_clear(p);
	st = review_claim_next(p->s, p->filter, &p->lease, err);
	if (st == STATUS_NOT_FOUND && err->code == STATUS_OK) {
		plain_say("nothing left to review here");
		return STATUS_OK;
	}
	if (st != STATUS_OK)
		return st;
	arena_reset(&p->arena);
	p->held = true;
	st = item_detail_load(p->s, p->lease.item, &p->arena, &p->d, err);
	if (st == STATUS_OK)
		st = item_why_load(p->s, &p->d, &p->arena, err);
	if (st == STATUS_OK)
		st = show(p, "", err);
	return st == STATUS_OK ? draft_offer(p, err) : st;
}

static void
said_keep(struct plain *p, enum decision decision, struct slice said)
{
	p->any_said = true;
	p->said_as = decision;
	if (said.p != buf_str(&p->said)) {
		buf_clear(&p->said);
		buf_add_slice(&p->said, said);
	}
}

static void
many_forget(struct plain *p)
{
	free(p->many);
	p->many = NULL;
	p->nmany = 0;
}

/* What the queue asks for beside it and was not given by a line before; false: it is
 * not to be decided. */
static bool
besides_ask(struct plain *p, const struct decide *d)
{
	const struct queue_policy *q = p->d.queue;

	if (d->decision > DECISION_REJECT)
		return true;
	if (p->nrated == 0 && !plain_ask_ratings(&p->line, q, p->rated, &p->nrated))
		return false;
	return !q->evidence || p->nevidence > 0 ||
	    plain_ask_evidence(&p->line, p->evidence, &p->nevidence);
}

static enum status
decide(struct plain *p, struct decide *d, struct error *err)
{
	bool given = p->nrated + p->nevidence > 0;
	struct slice labels[LABELS_MAX];
	struct decided done;
	enum status st;

	if (!besides_ask(p, d))
		return error_set(err, STATUS_INTERRUPTED, "not decided: no answer");

	d->item = p->lease.item;
	d->token = p->lease.token;
	d->labels = labels;
	d->nlabels = p->labels.n == 0 ? 0 :
	    review_labels(buf_str(&p->labels), labels, LABELS_MAX);
	d->rated = p->rated;
	d->nrated = p->nrated;
	d->evidence = p->evidence;
	d->nevidence = p->nevidence;
	if ((st = review_decide(p->s, d, &done, err)) != STATUS_OK) {
		if (!given)
			p->nrated = p->nevidence = 0;	/* to be asked anew */
		return st;
	}
	p->last = d->item;
	p->last_seq = done.seq;
	many_forget(p);
	said_keep(p, d->decision, d->reason.p != NULL ? d->reason : d->note);
	p->held = false;
	plain_say("%s: %.*s", done.state, SLICE_ARG(p->d.row.id));
	return STATUS_OK;
}

static struct slice
given(const char *rest)
{
	return rest[0] == '\0' ? SLICE_NONE : slice_of(rest);
}

static enum status
act_accept(struct plain *p, const char *rest, struct error *err)
{
	struct decide d = { .decision = DECISION_ACCEPT, .note = given(rest) };
	const char *warning = item_detail_warning(&p->d);
	char question[100];

	(void)snprintf(question, sizeof(question), "%s Type yes to accept it "
	    "all the same: ", warning == NULL ? "" : warning);
	if (warning != NULL && !plain_ask_yes(&p->line, question)) {
		plain_say("not accepted");
		return STATUS_OK;
	}
	return decide(p, &d, err);
}

/* Asked for why only on a terminal: in a pipe the next line is the next decision. */
static enum status
decide_for_reason(struct plain *p, enum decision decision, const char *rest,
    struct error *err)
{
	const struct queue_policy *q = p->d.queue;
	struct decide d = { .decision = decision };
	char *why = NULL;
	enum status st;

	if (rest[0] == '\0' && q->nreasons > 0 && isatty(STDIN_FILENO) &&
	    !plain_ask_reason(&p->line, q->reasons, q->nreasons, &why))
		return error_set(err, STATUS_INTERRUPTED, "not decided: no answer");
	d.reason = given(why != NULL ? why : rest);
	st = decide(p, &d, err);
	free(why);
	return st;
}

static enum status
act_reject(struct plain *p, const char *rest, struct error *err)
{
	return decide_for_reason(p, DECISION_REJECT, rest, err);
}

static enum status
act_escalate(struct plain *p, const char *rest, struct error *err)
{
	return decide_for_reason(p, DECISION_ESCALATE, rest, err);
}

static enum status
act_return(struct plain *p, const char *rest, struct error *err)
{
	struct decide d = { .decision = DECISION_RETURN, .note = given(rest) };

	return decide(p, &d, err);
}

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
	return decide(p, &d, err);
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
	edit_remove(folder);
	return STATUS_OK;
}

static enum status
act_edit(struct plain *p, const char *rest, struct error *err)
{
	char folder[512], key[DRAFT_KEY];
	enum status st;

	(void)rest;
	draft_key(key, store_path(p->s->store), p->d.row.queue, p->d.row.id);
	st = edit_begin(key, folder, sizeof(folder),
	    !p->d.item.output_is_string, p->d.item.output, err);
	return st == STATUS_OK ? edit_from(p, folder, err) : st;
}

/* The last decision again, with its reason. */
static enum status
act_again(struct plain *p, const char *rest, struct error *err)
{
	struct decide d = { .decision = p->said_as };
	struct slice said = p->said.n > 0 ? buf_slice(&p->said) : SLICE_NONE;

	(void)rest;
	if (!p->any_said)
		return error_set(err, STATUS_INVALID, "again: nothing was decided "
		    "in this session yet");
	if (p->said_as == DECISION_EDIT)
		return error_set(err, STATUS_INVALID, "again: the last decision "
		    "was an edit, which no other item can have");
	if (p->said_as == DECISION_ACCEPT)
		return act_accept(p, said.n > 0 ? buf_str(&p->said) : "", err);
	if (p->said_as == DECISION_RETURN)
		d.note = said;
	else
		d.reason = said;
	return decide(p, &d, err);
}

static void
fail_say(const char *why)
{
	plain_say("left as it was: %s", why);
}

/* A word of what is said of all: accept, reject or escalate. */
static bool
all_word(const char *rest, enum decision *decision, const char **behind)
{
	size_t n = strcspn(rest, " \t");
	char word[12];

	if (n == 0 || n >= sizeof(word))
		return false;
	(void)snprintf(word, sizeof(word), "%.*s", (int)n, rest);
	*behind = rest + n + strspn(rest + n, " \t");
	return decision_from(word, decision) && (*decision == DECISION_ACCEPT ||
	    *decision == DECISION_REJECT || *decision == DECISION_ESCALATE);
}

static enum status
all_decide(struct plain *p, struct plan *plan, struct slice reason,
    struct error *err)
{
	struct decide d = { .decision = plan->decision, .token = -1,
	    .here_only = true, .reason = reason };
	size_t done = 0, of = plan->n;
	int64_t seq = 0;
	enum status st;

	many_forget(p);
	p->many = plan->item;
	plan->item = NULL;
	st = plain_many_decide(p->s, &d, p->many, of, &done, &seq, fail_say,
	    err);
	p->nmany = done;
	p->last = -1;
	p->last_seq = seq;
	plain_say("%s: %zu decided of %zu; undo takes them back",
	    decision_name(d.decision), done, of);
	said_keep(p, d.decision, reason);
	if (p->held && st == STATUS_OK) {
		p->held = false;
		st = review_release(p->s, &p->lease, err);
	}
	return st;
}

/* All that the list holds, as one act: the plan first. */
static enum status
act_all(struct plain *p, const char *rest, struct error *err)
{
	struct buf text = BUF_INIT;
	struct plan *plan = NULL;
	enum decision decision;
	char *reason = NULL;
	const char *behind;
	enum status st;

	if (!all_word(rest, &decision, &behind))
		return error_set(err, STATUS_INVALID, "all: accept, reject or "
		    "escalate is wanted behind it");
	if (behind[0] != '\0' && (reason = strdup(behind)) == NULL)
		return error_nomem(err);
	st = plain_many_plan(p->s, p->filter, decision, &plan, &text, err);
	if (st == STATUS_OK) {
		plain_say("%s", buf_str(&text));
		if (plan->n == 0 || !plain_ask_yes(&p->line, "Type yes to do so: "))
			plain_say("not decided");
		else
			st = all_decide(p, plan, slice_of(reason), err);
	}
	plan_free(plan);
	buf_release(&text);
	free(reason);
	return st;
}

/* Takes a decision back; its item is the current one again. */
static enum status
undo_run(struct plain *p, struct error *err)
{
	struct decide d = { .decision = DECISION_UNDO, .item = p->last,
	    .token = -1, .here_only = true, .upto = p->last_seq };
	struct decided done;
	enum status st;

	if ((st = review_decide(p->s, &d, &done, err)) != STATUS_OK)
		return st;
	if (p->held &&
	    (st = review_release(p->s, &p->lease, err)) != STATUS_OK)
		return st;
	p->held = false;
	plain_say("undone; it is %s again", done.state);
	if ((st = review_claim(p->s, p->last, &p->lease, err)) != STATUS_OK)
		return st;
	p->last = -1;
	arena_reset(&p->arena);
	p->held = true;
	st = item_detail_load(p->s, p->lease.item, &p->arena, &p->d, err);
	if (st == STATUS_OK)
		st = item_why_load(p->s, &p->d, &p->arena, err);
	return st == STATUS_OK ? show(p, "", err) : st;
}

static enum status
many_undo(struct plain *p, struct error *err)
{
	const struct decide d = { .decision = DECISION_UNDO, .token = -1,
	    .here_only = true, .no_lease = true, .upto = p->last_seq };
	size_t done = 0;
	int64_t seq;
	enum status st;

	if (!plain_ask_yes(&p->line, "Type yes to undo all of the last batch, and recall what "
	    "is out: ")) {
		plain_say("not undone");
		return STATUS_OK;
	}
	st = plain_many_decide(p->s, &d, p->many, p->nmany, &done, &seq,
	    fail_say, err);
	plain_say("undone: %zu of %zu", done, p->nmany);
	if (st == STATUS_OK)
		many_forget(p);
	return st;
}

static enum status
act_undo(struct plain *p, const char *rest, struct error *err)
{
	struct undoable u;
	enum status st;

	(void)rest;
	if (p->nmany > 0)
		return many_undo(p, err);
	if (p->last < 0) {
		plain_say("nothing was decided here that could be undone");
		return STATUS_OK;
	}
	if ((st = review_undoable(p->s, p->last, &u, err)) != STATUS_OK)
		return st;
	if (u.recalls) {
		plain_say("The %s of %.*s is out.", u.decision, SLICE_ARG(u.id));
		if (!plain_ask_yes(&p->line, "Type yes to undo and recall it: ")) {
			plain_say("not undone");
			return STATUS_OK;
		}
	}
	return undo_run(p, err);
}

static enum status
act_skip(struct plain *p, const char *rest, struct error *err)
{
	const struct queue_policy *q = p->d.queue;
	char *why = NULL;
	enum status st;

	if (rest[0] == '\0' && q->nskip_reasons > 0 &&
	    !plain_ask_reason(&p->line, q->skip_reasons, q->nskip_reasons, &why)) {
		plain_say("not skipped");
		return STATUS_OK;
	}
	st = review_skip(p->s, &p->lease, given(why != NULL ? why : rest), err);
	free(why);
	if (st != STATUS_OK)
		return st;
	p->held = false;
	plain_say("skipped: %.*s", SLICE_ARG(p->d.row.id));
	return STATUS_OK;
}

static enum status
act_note(struct plain *p, const char *rest, struct error *err)
{
	enum status st;

	if (rest[0] == '\0')
		return error_set(err, STATUS_INVALID,
		    "note: the text is wanted behind it");
	st = review_note(p->s, p->lease.item, slice_of(rest), err);
	if (st == STATUS_OK)
		plain_say("noted");
	return st;
}

static enum status
act_labels(struct plain *p, const char *rest, struct error *err)
{
	buf_clear(&p->labels);
	buf_puts(&p->labels, rest);
	plain_say(rest[0] == '\0' ? "no labels" : "to be labelled with the decision");
	return buf_check(&p->labels, err);
}

static enum status
act_ratings(struct plain *p, const char *rest, struct error *err)
{
	enum status st;

	buf_clear(&p->ratings);
	buf_puts(&p->ratings, rest);
	if ((st = buf_check(&p->ratings, err)) == STATUS_OK)
		st = rated_parse(buf_str(&p->ratings), p->rated, RATINGS_MAX,
		    &p->nrated, err);
	if (st != STATUS_OK)
		p->nrated = 0;
	else
		plain_say(p->nrated == 0 ? "no ratings" : "to go with the decision");
	return st;
}

static enum status
act_evidence(struct plain *p, const char *rest, struct error *err)
{
	enum status st = evidence_parse(rest, p->evidence, EVIDENCE_MAX,
	    &p->nevidence, err);

	if (st != STATUS_OK)
		p->nevidence = 0;
	else
		plain_say(p->nevidence == 0 ? "no evidence" :
		    "to go with the decision");
	return st;
}

static enum status
act_next(struct plain *p, const char *rest, struct error *err)
{
	(void)rest;
	if (p->held) {
		plain_say("%.*s is not decided yet: decide or skip it",
		    SLICE_ARG(p->d.row.id));
		return STATUS_OK;
	}
	return item_next(p, err);
}

static enum status
act_quit(struct plain *p, const char *rest, struct error *err)
{
	(void)rest;
	(void)err;
	p->quit = true;
	return STATUS_OK;
}

static enum status act_help(struct plain *, const char *, struct error *);

/* The letters are the screen's keys. */
static const struct plain_row rows[] = {
	{ 'a', false, "accept", "[NOTE]", "let it out as it is", act_accept },
	{ 'e', false, "edit", "", "change it in $VISUAL or $EDITOR", act_edit },
	{ 'r', false, "reject", "[REASON]", "it does not go out", act_reject },
	{ 'x', false, "escalate", "[REASON]", "to those who may decide it",
	    act_escalate },
	{ 'R', false, "return", "[NOTE]", "back from escalated", act_return },
	{ 'S', false, "skip", "[REASON]", "give it back, not to see it again here",
	    act_skip },
	{ 'c', false, "note", "TEXT", "keep a note on it", act_note },
	{ 'l', false, "labels", "[A,B]", "labels for the decision to come",
	    act_labels },
	{ '*', false, "ratings", "NAME=N,...", "what the queue asks to be rated",
	    act_ratings },
	{ 'm', false, "evidence", "START-END,...", "characters of the output that "
	    "speak for the decision", act_evidence },
	{ '=', false, "again", "", "the last decision again, with its reason",
	    act_again },
	{ 'T', true, "all", "accept|reject|escalate [REASON]", "on all that the "
	    "list holds, after a plan", act_all },
	{ 'p', false, "print", "", "print it again", show },
	{ 'u', true, "undo", "", "take the last decision back", act_undo },
	{ 'n', true, "next", "", "look for a next item", act_next },
	{ '?', true, "help", "", "these lines", act_help },
	{ 'q', true, "quit", "", "give back what is held, and end", act_quit },
	{ 0, false, NULL, NULL, NULL, NULL }
};

static enum status
act_help(struct plain *p, const char *rest, struct error *err)
{
	const struct plain_row *r;

	(void)p;
	(void)rest;
	(void)err;
	for (r = rows; r->name != NULL; r++)
		(void)printf("%c or %s%s%s: %s\n", r->letter, r->name,
		    r->args[0] == '\0' ? "" : " ", r->args, r->help);
	return STATUS_OK;
}

static const struct plain_row *
row_of(const char *word, size_t n)
{
	const struct plain_row *r;

	for (r = rows; r->name != NULL; r++)
		if ((n == 1 && word[0] == r->letter) || (n == strlen(r->name) &&
		    memcmp(word, r->name, n) == 0))
			return r;
	return NULL;
}

/* One line: a word or its letter, and what it takes.  Once the current item is
 * done with, the next one comes. */
static enum status
line_run(struct plain *p, char *line, struct error *err)
{
	const struct plain_row *r;
	char *word = line + strspn(line, " \t"), *rest;
	enum status st;
	size_t n = strcspn(word, " \t");
	bool held = p->held;

	if (n == 0)
		return STATUS_OK;
	rest = word + n + strspn(word + n, " \t");
	if ((r = row_of(word, n)) == NULL)
		return error_set(err, STATUS_INVALID,
		    "%.*s: no such word; ? shows them", (int)n, word);
	if (!r->free && !p->held)
		return error_set(err, STATUS_INVALID,
		    "%s: there is no current item; next looks for one", r->name);
	if (p->held && !r->free &&
	    (st = review_renew(p->s, &p->lease, err)) != STATUS_OK)
		return st;
	st = r->act(p, rest, err);
	return st == STATUS_OK && held && !p->held ? item_next(p, err) : st;
}

/* Who reads may go away; what is held is given back even so.  A handler, unlike
 * SIG_IGN, ends with the exec of an editor. */
static void
on_pipe(int sig)
{
	(void)sig;
}

static void
pipe_catch(void)
{
	struct sigaction sa = { .sa_handler = on_pipe, .sa_flags = SA_RESTART };

	(void)sigaction(SIGPIPE, &sa, NULL);
}

enum status
review_plain(struct cmd_run *run, struct session *s,
    const struct list_filter *f)
{
	struct plain p = { .s = s, .filter = f, .last = -1 };
	enum status st;
	char *line;

	cmd_catch_stop();
	pipe_catch();
	if (store_is_test(s->store))
		plain_say("%s", STORE_TEST_SAYS);
	st = item_next(&p, &run->err);
	while (st == STATUS_OK && !p.quit && !p.line.ended) {
		if (!plain_ask(&p.line, p.held ?
		    "accept, edit, reject, escalate, skip, help? " : "? "))
			break;
		/* Acting may ask, and so read the next line. */
		if ((line = strdup(p.line.text)) == NULL) {
			st = error_nomem(&run->err);
			break;
		}
		if (line_run(&p, line, &run->err) != STATUS_OK) {
			(void)cmd_fail(run);
			error_clear(&run->err);
		}
		free(line);
	}
	if (st == STATUS_OK)
		st = review_release_all(s, &run->err);
	if (st == STATUS_OK && p.line.unread)
		st = error_set(&run->err, STATUS_IO, "nobody reads what is printed "
		    "any more; what was held is given back");
	plain_line_release(&p.line);
	buf_release(&p.labels);
	buf_release(&p.ratings);
	buf_release(&p.said);
	many_forget(&p);
	arena_release(&p.arena);
	return st;
}
