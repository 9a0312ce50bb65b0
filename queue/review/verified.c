#include "queue/review/verified.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "db/audit/known.h"
#include "db/audit/verify.h"
#include "queue/review/verified_note.h"

struct verified {
	pthread_mutex_t		lock;	/* of what follows */
	bool			stop;
	struct verified_state	state;
};

struct verified *
verified_new(void)
{
	struct verified *v = calloc(1, sizeof(*v));

	if (v != NULL)
		(void)pthread_mutex_init(&v->lock, NULL);
	return v;
}

void
verified_free(struct verified *v)
{
	if (v == NULL)
		return;
	(void)pthread_mutex_destroy(&v->lock);
	free(v);
}

void
verified_stop(struct verified *v)
{
	(void)pthread_mutex_lock(&v->lock);
	v->stop = true;
	(void)pthread_mutex_unlock(&v->lock);
}

void
verified_get(struct verified *v, struct verified_state *out)
{
	(void)pthread_mutex_lock(&v->lock);
	*out = v->state;
	(void)pthread_mutex_unlock(&v->lock);
}

static void
problem_seen(void *arg, const char *line)
{
	struct verified *v = arg;

	if (strncmp(line, AUDIT_NOTE, strlen(AUDIT_NOTE)) == 0)
		return;
	(void)pthread_mutex_lock(&v->lock);
	if (v->state.problems++ == 0)
		(void)snprintf(v->state.problem, sizeof(v->state.problem), "%s",
		    line);
	(void)pthread_mutex_unlock(&v->lock);
}

static bool
progress_seen(void *arg, uint64_t leaves, uint64_t total)
{
	struct verified *v = arg;
	bool stop;

	(void)pthread_mutex_lock(&v->lock);
	v->state.leaves = leaves;
	v->state.total = total;
	stop = v->stop;
	(void)pthread_mutex_unlock(&v->lock);
	return !stop;
}

/* What this person saw verify before; that it is not there any more is a problem. */
static enum status
before_look(struct verified *v, struct session *s, struct error *err)
{
	struct error why = { STATUS_OK, "" };
	struct verified_note n;
	enum status st = verified_note_read(s, &n, &why);

	if (st == STATUS_CORRUPT) {
		problem_seen(v, why.text);
		return STATUS_OK;
	}
	if (st != STATUS_OK)
		return error_set(err, st, "%s", why.text);
	(void)pthread_mutex_lock(&v->lock);
	v->state.before = n.leaves;
	v->state.before_ms = n.ms;
	(void)pthread_mutex_unlock(&v->lock);
	return STATUS_OK;
}

enum status
verified_run(struct verified *v, struct session *s, struct error *err)
{
	struct known_roots known = { 0 };
	/* One at a time: the other processors are for who looks at the screen. */
	const struct audit_asked asked = { .known = &known, .report = problem_seen,
	    .progress = progress_seen, .arg = v, .threads = 1 };
	struct audit_report r;
	enum status st = session_require(s, MAY_AUDIT, "verify the audit log", err);

	if (st == STATUS_OK)
		st = before_look(v, s, err);
	if (st == STATUS_OK)
		st = audit_verify_asked(s->store, &asked, &r, err);
	known_release(&known);
	if (st != STATUS_OK)
		return st;
	(void)pthread_mutex_lock(&v->lock);
	v->state.leaves = v->state.total = r.leaves;
	if (r.problems > v->state.problems)
		v->state.problems = r.problems;
	(void)pthread_mutex_unlock(&v->lock);
	return v->state.problems > 0 ? STATUS_OK :
	    verified_note_keep(s, r.leaves, err);
}
