/* The service: it runs until SIGTERM or SIGINT; SIGHUP reads the policy anew. */
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include "core/policy/read.h"
#include "queue/file.h"
#include "queue/http.h"
#include "queue/serve/serve.h"
#include "tui/cmd/cmd.h"

/* Whichever thread takes the signal. */
static atomic_int stop, hangups;

static void
on_signal(int sig)
{
	if (sig == SIGHUP)
		atomic_fetch_add(&hangups, 1);
	else
		stop = 1;
}

static void
catch_signals(void)
{
	struct sigaction sa = { .sa_handler = on_signal };

	(void)sigaction(SIGINT, &sa, NULL);
	(void)sigaction(SIGTERM, &sa, NULL);
	(void)sigaction(SIGHUP, &sa, NULL);
	sa.sa_handler = SIG_IGN;
	(void)sigaction(SIGPIPE, &sa, NULL);
}

/* The policy's file as it was last read. */
struct serving {
	struct cmd_run	*run;
	char		 id[HASH_HEX];
	pthread_mutex_t	 lock;		/* one reads it anew at a time */
};

/*
 * Applies the policy of the file where it differs from the one last read: a
 * rollback in the store is not undone by a signal that means the log files.
 */
static enum status
policy_reload(struct serving *v, struct error *err)
{
	struct cmd_run run = *v->run;
	struct session_options o = { .store_path = run.store,
	    .policy_path = run.policy, .via = "serve", .wait_ms = run.wait_ms };
	struct policy *p;
	struct session *s;
	enum status st;
	bool same;

	if ((st = policy_load(&p, run.policy, &file_loader, &http_outside, err))
	    != STATUS_OK)
		return st;
	same = strcmp(p->id, v->id) == 0;
	policy_free(p);
	if (same)
		return STATUS_OK;
	error_clear(&run.err);
	if ((st = cmd_open(&run, &s, o)) != STATUS_OK)
		return error_set(err, st, "%s", run.err.text);
	(void)snprintf(v->id, sizeof(v->id), "%s", s->policy->id);
	session_close(s);
	return STATUS_OK;
}

static void *
reload_main(void *arg)
{
	struct serving *v = arg;
	struct error err = { 0 };
	char line[1200];

	(void)pthread_mutex_lock(&v->lock);
	if (policy_reload(v, &err) != STATUS_OK) {
		(void)snprintf(line, sizeof(line), "serve: %s; the policy stays "
		    "as it was", err.text);
		cmd_notice(line);
	}
	(void)pthread_mutex_unlock(&v->lock);
	return NULL;
}

/* Beside the service, since it waits for the store. */
static void
serve_reload(void *arg)
{
	struct serving *v = arg;
	pthread_t thread;

	if (v->run->policy == NULL) {
		cmd_notice("serve: SIGHUP: no -p was given, so there is no file "
		    "to read");
		return;
	}
	if (pthread_create(&thread, NULL, reload_main, v) != 0)
		cmd_notice("serve: SIGHUP: cannot start a thread");
	else
		(void)pthread_detach(thread);
}

/* What ended well but for what the store would not take. */
static int
serve_ended(size_t unstored)
{
	char line[200];

	if (unstored == 0)
		return EXIT_WELL;
	(void)snprintf(line, sizeof(line), "serve: %zu answer%s could not be stored, "
	    "and %s lost; calls without an end (state asked) are theirs", unstored,
	    unstored == 1 ? "" : "s", unstored == 1 ? "is" : "are");
	cmd_notice(line);
	return EXIT_SHORT;
}

static int
serve_cmd(struct cmd_run *run)
{
	struct session_options o = { .store_path = run->store,
	    .policy_path = run->policy, .via = "serve", .create = true,
	    .serves = true, .serves_next = serve_handed(), .wait_ms = run->wait_ms, .notice = cmd_notice };
	struct serving v = { .run = run, .lock = PTHREAD_MUTEX_INITIALIZER };
	struct serve_options so = { .stop = &stop, .notice = cmd_notice,
	    .hangups = &hangups, .reload = serve_reload, .arg = &v };
	size_t unstored = 0;
	enum status st;
	unsigned n;

	if (cmd_open(run, &so.writes, o) != STATUS_OK)
		return cmd_unable(run);
	(void)snprintf(v.id, sizeof(v.id), "%s", so.writes->policy->id);
	o.create = o.serves = o.serves_next = false;
	o.policy_path = NULL;
	o.notice = NULL;
	if ((st = cmd_open(run, &so.delivers, o)) == STATUS_OK) {
		o.read_only = true;
		st = cmd_open(run, &so.counts, o);
	}
	for (n = serve_loops(so.writes->policy); so.nreads < n &&
	    st == STATUS_OK; so.nreads += st == STATUS_OK)
		st = cmd_open(run, &so.reads[so.nreads], o);
	if (st == STATUS_OK) {
		catch_signals();
		st = serve_run(&so, &unstored, &run->err);
		(void)pthread_mutex_lock(&v.lock);	/* what reads it anew, ends */
	}
	session_close(so.counts);
	while (so.nreads > 0)
		session_close(so.reads[--so.nreads]);
	session_close(so.delivers);
	session_close(so.writes);
	return st == STATUS_OK ? serve_ended(unstored) : cmd_unable(run);
}

static const struct cmd_option options[] = {
	{ NULL, 0, NULL, NULL }
};
const struct cmd cmd_serve = {
	"serve", "", "the HTTP service: records in, verdicts and releases out",
	options, NULL, serve_cmd
};
