#include "tui/cmd/review_plain.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include "tui/cmd/plain_all.h"
#include "tui/cmd/plain_besides.h"
#include "tui/cmd/plain_decide.h"
#include "tui/cmd/plain_edit.h"
#include "tui/cmd/plain_undo.h"

/* What a line may ask for. */
struct plain_row {
	char		 letter;
	bool		 free;		/* needs no item */
	const char	*name, *args, *help;
	plain_fn	*act;
};

static enum status
act_next(struct plain *p, const char *rest, struct error *err)
{
	(void)rest;
	if (p->held) {
		plain_say("%.*s is not decided yet: decide or skip it",
		    SLICE_ARG(p->d.row.id));
		return STATUS_OK;
	}
	return plain_next(p, err);
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
	{ 'a', false, "accept", "[NOTE]", "let it out as it is", plain_accept },
	{ 'e', false, "edit", "", "change it in $VISUAL or $EDITOR", plain_edit },
	{ 'r', false, "reject", "[REASON]", "it does not go out (a reason by its number or in words)", plain_reject },
	{ 'x', false, "escalate", "[REASON]", "to those who may decide it",
	    plain_escalate },
	{ 'R', false, "return", "[NOTE]", "back from escalated", plain_return },
	{ 'S', false, "skip", "[REASON]", "give it back, not to see it again here",
	    plain_skip },
	{ 'c', false, "note", "TEXT", "keep a note on it", plain_note },
	{ 'l', false, "labels", "[A,B]", "labels for the decision to come",
	    plain_labels },
	{ '*', false, "ratings", "NAME=N,...", "what the queue asks to be rated",
	    plain_ratings },
	{ 'm', false, "evidence", "START-END,...", "characters of the output that "
	    "speak for the decision", plain_evidence },
	{ '=', false, "again", "", "the last decision again, with its reason",
	    plain_again },
	{ 'T', true, "all", "accept|reject|escalate [REASON]", "on all that the "
	    "list holds, after a plan", plain_all },
	{ 'p', false, "print", "", "print it again", plain_show },
	{ 'u', true, "undo", "", "take the last decision back", plain_undo },
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
	return st == STATUS_OK && held && !p->held ? plain_next(p, err) : st;
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
	st = plain_next(&p, &run->err);
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
	plain_release(&p);
	return st;
}
