#include "queue/serve/judges.h"

#include <stdlib.h>

#include "queue/serve/mailbox.h"

#define THREADS_MAX	64

struct judge_thread {
	struct judges	*judges;
	pthread_t	 thread;
};

struct judges {
	struct mailbox	 in;
	struct judge_options o;
	unsigned	 started;
	struct judge_thread thread[THREADS_MAX];
};

void
judge_bench_run(struct judge_bench *b, struct call *c)
{
	error_clear(&c->err);
	c->st = STATUS_OK;
	if (b->policy == NULL || !call_policy_is(c, b->policy)) {
		judge_scratch_free(b->scratch);
		b->policy = NULL;
		c->st = judge_scratch_new(&b->scratch, c->policy, &b->o,
		    &c->err);
		if (c->st != STATUS_OK)
			return;
		b->policy = c->policy;
	}
	c->judge(b->scratch, c);
}

void
judge_bench_release(struct judge_bench *b)
{
	judge_scratch_free(b->scratch);
	*b = (struct judge_bench){ .o = b->o };
}

bool
judge_waits(const struct policy *p)
{
	size_t i;

	for (i = 0; i < p->nguards; i++)
		if (p->guards[i].kind->waits)
			return true;
	return false;
}

static void *
judge_main(void *arg)
{
	struct judge_thread *t = arg;
	struct judges *j = t->judges;
	struct judge_bench bench = { .o = j->o };
	struct call *c;

	while (!mailbox_closed(&j->in)) {
		if ((c = mailbox_wait(&j->in, 1, 0)) == NULL)
			continue;
		judge_bench_run(&bench, c);
		mailbox_put(c->done, c);
	}
	judge_bench_release(&bench);
	return NULL;
}

void
judges_grow(struct judges *j, unsigned threads)
{
	struct judge_thread *t;

	for (; j->started < threads && j->started < THREADS_MAX; j->started++) {
		t = &j->thread[j->started];
		t->judges = j;
		if (pthread_create(&t->thread, NULL, judge_main, t) != 0)
			return;
	}
}

enum status
judges_new(struct judges **out, unsigned threads, struct slice key,
    const volatile sig_atomic_t *stop, struct error *err)
{
	struct judges *j = calloc(1, sizeof(*j));
	enum status st;

	*out = NULL;
	if (j == NULL)
		return error_nomem(err);
	j->o = (struct judge_options){ .key = key, .stop = stop };
	if ((st = mailbox_init(&j->in, false, err)) != STATUS_OK) {
		free(j);
		return st;
	}
	judges_grow(j, threads < 1 ? 1 : threads);
	if (j->started == 0) {
		judges_free(j);
		return error_set(err, STATUS_NOMEM, "cannot start a thread");
	}
	*out = j;
	return STATUS_OK;
}

void
judges_free(struct judges *j)
{
	if (j == NULL)
		return;
	mailbox_close(&j->in);
	while (j->started > 0)
		(void)pthread_join(j->thread[--j->started].thread, NULL);
	mailbox_release(&j->in);
	free(j);
}

void
judges_put(struct judges *j, struct call *c)
{
	mailbox_put(&j->in, c);
}
