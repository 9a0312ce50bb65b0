#include "tui/review/aside.h"

#include <pthread.h>
#include <stdlib.h>
#include <sys/resource.h>

#define ASIDE_NICE	10	/* keys go first where there are too few processors */
#define ASIDE_WAIT_MS	1000	/* for the store */

struct aside {
	pthread_mutex_t	 lock;		/* of what follows */
	int		 users;		/* the thread and the caller */
	bool		 ended;
	enum status	 status;
	struct error	 err;

	char		*store;
	struct identity	 who;
	aside_fn	*run;
	void		*arg;
	void		(*drop)(void *);
};

static void
aside_free(struct aside *a)
{
	(void)pthread_mutex_destroy(&a->lock);
	free(a->store);
	free(a);
}

void
aside_leave(struct aside *a)
{
	bool last;

	if (a == NULL)
		return;
	(void)pthread_mutex_lock(&a->lock);
	last = --a->users == 0;
	(void)pthread_mutex_unlock(&a->lock);
	if (!last)
		return;
	a->drop(a->arg);
	aside_free(a);
}

static void *
aside_main(void *arg)
{
	struct aside *a = arg;
	struct session_options o = {
		.who = &a->who, .store_path = a->store, .via = "tui", .read_only = true,
		.wait_ms = ASIDE_WAIT_MS
	};
	struct error err = { STATUS_OK, "" };
	struct session *s = NULL;
	enum status st;

#ifdef __linux__	/* elsewhere it would be the whole program */
	(void)setpriority(PRIO_PROCESS, 0, ASIDE_NICE);
#endif
	st = session_open(&s, &o, &err);
	if (st == STATUS_OK) {
		st = a->run(s, a->arg, &err);
		session_close(s);
	}
	(void)pthread_mutex_lock(&a->lock);
	a->status = st;
	a->err = err;
	a->ended = true;
	(void)pthread_mutex_unlock(&a->lock);
	aside_leave(a);
	return NULL;
}

enum status
aside_start(struct aside **out, const struct session *s, aside_fn *run,
    void *arg, void (*drop)(void *), struct error *err)
{
	struct aside *a = calloc(1, sizeof(*a));
	pthread_t thread;

	if (a == NULL || (a->store = strdup(store_path(s->store))) == NULL) {
		free(a);
		return error_nomem(err);
	}
	(void)pthread_mutex_init(&a->lock, NULL);
	a->users = 2;
	a->who = s->who;
	a->run = run;
	a->arg = arg;
	a->drop = drop;
	/* The screen's signals are blocked here, and so in the thread. */
	if (pthread_create(&thread, NULL, aside_main, a) != 0) {
		aside_free(a);
		return error_set(err, STATUS_LIMIT, "no thread to be had");
	}
	(void)pthread_detach(thread);
	*out = a;
	return STATUS_OK;
}

bool
aside_ended(struct aside *a, enum status *st, struct error *err)
{
	bool ended;

	(void)pthread_mutex_lock(&a->lock);
	ended = a->ended;
	*st = a->status;
	*err = a->err;
	(void)pthread_mutex_unlock(&a->lock);
	return ended;
}
