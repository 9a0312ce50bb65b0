#include "queue/serve/service.h"

#include <malloc.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/base/cores.h"
#include "queue/release/deliver.h"
#include "queue/serve/budget.h"
#include "queue/serve/committer.h"
#include "queue/serve/counter.h"
#include "queue/serve/listen.h"
#include "queue/serve/server.h"
#include "queue/serve/upstreams.h"

#define KEPT_BYTES	(2 << 20)	/* of free memory, by each thread */
#define TAKEN_BYTES	(128 << 10)	/* at once */

static void
notice_text(struct service *v, const char *line)
{
	if (v->options->notice != NULL)
		v->options->notice(line);
}

void
service_notice(struct service *v, const char *fmt, ...)
{
	char line[NOTICE_MOST];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	notice_text(v, line);
}

typedef bool said_fn(struct loops_said **, const char *, unsigned, unsigned,
    const char *);

static void
common_notice(const struct server *by, said_fn *said, const char *matter,
    const char *fmt, va_list ap)
{
	struct service *v = by->service;
	char line[NOTICE_MOST];
	unsigned loop = 0;
	bool tells;

	(void)vsnprintf(line, sizeof(line), fmt, ap);
	while (v->loop[loop] != by)
		loop++;
	(void)pthread_mutex_lock(&v->lock);
	tells = said(&v->said, matter, loop, v->nloops, line);
	(void)pthread_mutex_unlock(&v->lock);
	if (tells)
		notice_text(v, line);
}

void
service_notice_last(struct server *by, const char *matter, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	common_notice(by, said_by_all, matter, fmt, ap);
	va_end(ap);
}

void
service_notice_first(struct server *by, const char *matter, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	common_notice(by, said_by_one, matter, fmt, ap);
	va_end(ap);
}

static void
doubt_notice(void *arg, const char *line)
{
	service_notice(arg, "serve: %s", line);
}

void
service_policy(struct service *v, const struct policy *p)
{
	(void)pthread_mutex_lock(&v->lock);
	if (strcmp(v->doubted_by, p->id) != 0) {
		doubted_release(&v->doubted);
		v->doubted.unnamed = true;
		(void)snprintf(v->doubted_by, sizeof(v->doubted_by), "%s", p->id);
	}
	(void)pthread_mutex_unlock(&v->lock);
}

void
service_doubt(struct service *v, const struct policy *p, struct slice queue)
{
	(void)pthread_mutex_lock(&v->lock);
	/* Else its policy is in force no more. */
	if (strcmp(v->doubted_by, p->id) == 0)
		doubted_note(&v->doubted, p, queue, doubt_notice, v);
	(void)pthread_mutex_unlock(&v->lock);
}

void
service_lost(struct service *v, const struct error *why)
{
	(void)pthread_mutex_lock(&v->lock);
	if (v->lost.code == STATUS_OK)
		v->lost = *why;
	(void)pthread_mutex_unlock(&v->lock);
	v->ending = true;
	server_wake(v->loop[0]);
}

void
service_followed(struct service *v, const struct server *by)
{
	unsigned i;

	for (i = 0; i < v->nloops; i++) {
		if (v->loop[i] == by)
			continue;
		v->loop[i]->follow = true;
		server_wake(v->loop[i]);
	}
}

void
service_place_left(struct service *v)
{
	unsigned i;

	for (i = 0; i < v->nloops; i++) {
		if (!atomic_load(&v->loop[i]->places_wanted))
			continue;
		v->loop[i]->place_left = true;
		server_wake(v->loop[i]);
	}
}

struct server *
service_least(const struct service *v)
{
	struct server *least = v->loop[0];
	unsigned i;

	for (i = 1; i < v->nloops; i++)
		if (v->loop[i]->nconns < least->nconns)
			least = v->loop[i];
	return least;
}

size_t
service_connections(const struct service *v, bool status)
{
	size_t n = 0;
	unsigned i;

	for (i = 0; i < v->nloops; i++)
		n += status ? v->loop[i]->nstatus : v->loop[i]->nconns;
	return n;
}

/* The threads beside the loops. */
static enum status
threads_begin(struct service *v, struct error *err)
{
	const struct serve_options *o = v->options;
	struct committer_options wo = { o->writes, o->notice };
	struct deliver_options d = { o->delivers, o->hangups, o->notice };
	enum status st;

	if ((st = judges_new(&v->judges, v->loop[0]->judge_waits ?
	    JUDGES_WAITING : cores_count(), store_key(o->writes->store),
	    &v->halted, err)) != STATUS_OK ||
	    (st = committer_new(&v->committer, &wo, err)) != STATUS_OK ||
	    (st = counter_new(&v->counter, o->counts, err)) != STATUS_OK)
		return st;
	return deliver_new(&v->deliver, &d, err);
}

static enum status
loops_begin(struct service *v, struct error *err)
{
	enum status st = STATUS_OK;
	unsigned i;

	/* What all of them say is told once, also what the first does. */
	for (i = 0; i < v->options->nreads && st == STATUS_OK; i++) {
		v->nloops = v->options->nreads;
		st = server_new(&v->loop[i], v, v->options->reads[i], err);
		if (st != STATUS_OK)
			v->nloops = i;
	}
	return st;
}

static enum status
service_begin(struct service *v, struct error *err)
{
	enum status st;

	doors_prepare(&v->doors);
	if ((v->upstreams = upstreams_new()) == NULL ||
	    (v->budgets = budgets_new()) == NULL)
		return error_nomem(err);
	if ((st = loops_begin(v, err)) != STATUS_OK)
		return st;
	service_policy(v, v->loop[0]->session->policy);
	v->ready = true;
	v->ready_ms = v->loop[0]->now_ms;
	if ((st = threads_begin(v, err)) != STATUS_OK)
		return st;
	return doors_open(v, err);
}

static enum status
loops_start(struct service *v, struct error *err)
{
	enum status st = STATUS_OK;
	unsigned i;

	for (i = 1; i < v->nloops && st == STATUS_OK; i++)
		st = server_start(v->loop[i], err);
	return st;
}

/* Signals are this thread's, which they wake: those that begin here leave them alone. */
static enum status
threads_start(struct service *v, struct error *err)
{
	sigset_t told, before;
	enum status st;

	(void)sigemptyset(&told);
	(void)sigaddset(&told, SIGINT);
	(void)sigaddset(&told, SIGTERM);
	(void)sigaddset(&told, SIGHUP);
	(void)pthread_sigmask(SIG_BLOCK, &told, &before);
	st = service_begin(v, err);
	if (st == STATUS_OK)
		st = loops_start(v, err);
	(void)pthread_sigmask(SIG_SETMASK, &before, NULL);
	return st;
}

/* Until it is told to stop. */
static void
service_turn(struct service *v)
{
	const struct serve_options *o = v->options;
	int hangups = *o->hangups;

	while (!*o->stop && !v->ending) {
		server_turn(v->loop[0]);
		if (hangups == *o->hangups)
			continue;
		hangups = *o->hangups;
		o->reload(o->arg);
	}
}

/* What is under way is answered.  Our own doors stay open meanwhile: who comes is told
 * that the service is stopping, as /readyz is asked to. */
static void
service_drain(struct service *v)
{
	unsigned i;

	doors_leave(v);
	v->draining = true;
	for (i = 1; i < v->nloops; i++)
		server_wake(v->loop[i]);
	server_drain(v->loop[0]);
	while (v->running > 0)
		server_turn(v->loop[0]);
}

static void
loops_take(struct service *v)
{
	unsigned i;

	for (i = 0; i < v->nloops; i++)
		server_take(v->loop[i]);
}

static void
loops_join(struct service *v)
{
	unsigned i;

	v->draining = true;
	for (i = 1; i < v->nloops; i++)
		if (v->loop[i]->started)
			(void)pthread_join(v->loop[i]->thread, NULL);
}

/* Answers that no store has taken up to now. */
static size_t
answers_unstored(const struct service *v)
{
	size_t n = 0;
	unsigned i;

	for (i = 0; i < v->nloops; i++)
		n += server_unstored(v->loop[i]);
	return n;
}

static void
service_free(struct service *v, size_t *unstored)
{
	struct error err = { 0 };

	loops_join(v);
	doors_close(&v->doors);
	v->halted = 1;
	/* What comes back last is not sent on to who is gone. */
	judges_free(v->judges);
	v->judges = NULL;
	loops_take(v);
	deliver_free(v->deliver);
	counter_free(v->counter);
	committer_free(v->committer);
	v->committer = NULL;
	loops_take(v);
	*unstored = answers_unstored(v);
	if (v->budgets != NULL && budgets_return(v->budgets,
	    v->options->writes->store, &err) != STATUS_OK)
		service_notice(v, "serve: what keys may have left counts as "
		    "spent: %s", err.text);
	/* What ends a call may tell the loops that are still there. */
	while (v->nloops > 0)
		server_free(v->loop[--v->nloops]);
	upstreams_free(v->upstreams);
	budgets_free(v->budgets);
	doubted_release(&v->doubted);
	said_free(v->said);
	(void)pthread_mutex_destroy(&v->lock);
	free(v);
}

/* What a group of calls frees the next one takes: it is not given back and asked
 * for again each time. */
static void
memory_keep(void)
{
#ifdef M_TRIM_THRESHOLD
	(void)mallopt(M_TRIM_THRESHOLD, KEPT_BYTES);
	(void)mallopt(M_TOP_PAD, TAKEN_BYTES);
#endif
}

unsigned
serve_loops(const struct policy *p)
{
	unsigned n = p->service.loops > 0 ? (unsigned)p->service.loops :
	    cores_count();

	return n < SERVICE_LOOPS_MAX ? n : SERVICE_LOOPS_MAX;
}

bool
serve_handed(void)
{
	return listener_inherited() > 0;
}

enum status
serve_run(const struct serve_options *o, size_t *unstored, struct error *err)
{
	struct service *v = calloc(1, sizeof(*v));
	enum status st;

	*unstored = 0;
	if (v == NULL)
		return error_nomem(err);
	memory_keep();
	v->options = o;
	(void)pthread_mutex_init(&v->lock, NULL);
	if ((st = threads_start(v, err)) == STATUS_OK) {
		service_turn(v);
		service_notice(v, "serve: stopping");
		service_drain(v);
		if (v->lost.code != STATUS_OK)
			st = error_set(err, v->lost.code, "%s", v->lost.text);
	}
	service_free(v, unstored);
	return st;
}
