#include "queue/release/deliver.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include "db/write.h"
#include "queue/http_calls.h"
#include "queue/release/delivery.h"
#include "queue/release/hook_acts.h"
#include "queue/release/hooks.h"
#include "queue/release/webhook.h"

#define WAIT_MS		100	/* between two looks at the store */
#define IDLE_MS		1000	/* where the policy has no hook */
#define STORE_WAIT	5000	/* for the lock: what is under way waits too */
#define END_MS		5000	/* for what is under way, once told to end */
#define ANSWER_MOST	((size_t)64 << 10)	/* bytes: then the status is enough */
#define LATEST_MS	INT64_C(4320000)	/* no try is due later: 1 h + 20 % */

/* The pauses before the next try, by how many there were; then the last. */
static const int64_t pauses_ms[] = {
	5000, 60000, 300000, 1800000, 3600000
};
#define NPAUSES	(sizeof(pauses_ms) / sizeof(pauses_ms[0]))
#define BREAK_PAUSE_MAX	1	/* while a hook is down: the second of these */

enum came_of { UNDER_WAY, TAKEN, FAILED, GONE };

/* One try. */
struct sending {
	struct sending	*next;
	struct deliver	*deliver;
	struct webhook	 webhook;
	char		*hook;
	int64_t		 n, tries, due_ms;
	int		 status;		/* of the answer; 0: none yet */
	int64_t		 retry_after_s;
	size_t		 answered;		/* bytes */
	enum came_of	 outcome;
	bool		 paused;		/* GONE paused it */
	char		 why[256];
};

/* A hook of the policy in force. */
struct target {
	const struct hook_policy *hook;
	struct hook_secrets secrets;
	bool		 ready;		/* the secrets are there */
	int64_t		 failed;	/* tries in a row */
	int64_t		 left_ms;	/* not asked before, where it is down */
	int64_t		 asked;		/* as the store had it */
};

struct deliver {
	struct deliver_options o;
	struct http_calls *calls;
	int		 wake;		/* an eventfd: it shall end */
	const struct policy *policy;	/* that the targets are of */
	struct target	*target;
	size_t		 ntargets;
	struct sending	*sending;
	int		 hangups;
	int64_t		 version, now_ms;
	bool		 failing;	/* the store did */
	pthread_t	 thread;
	bool		 started;
	atomic_bool	 ending;
};

static void
notice(const struct deliver *d, const char *fmt, ...) PRINTF(2, 3);

static void
notice(const struct deliver *d, const char *fmt, ...)
{
	char line[1300];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	if (d->o.notice != NULL)
		d->o.notice(line);
}

static struct target *
target_find(const struct deliver *d, const char *name)
{
	size_t i;

	for (i = 0; i < d->ntargets; i++)
		if (strcmp(d->target[i].hook->name, name) == 0)
			return &d->target[i];
	return NULL;
}

static void
targets_free(struct target *v, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		hook_secrets_forget(&v[i].secrets);
	free(v);
}

/* The secrets as they are now; else those that there were. */
static enum status
target_secrets(const struct deliver *d, struct target *t, struct error *err)
{
	const struct target *before = target_find(d, t->hook->name);
	enum status st = hook_secrets_read(&t->secrets, t->hook, err);

	t->ready = st == STATUS_OK;
	if (before == NULL)
		return st;
	t->failed = before->failed;
	t->left_ms = before->left_ms;
	t->asked = before->asked;
	if (st != STATUS_OK && before->ready) {
		t->secrets = before->secrets;
		t->ready = true;
	}
	return st;
}

/* The hooks of the policy in force; what is wrong with one keeps no other back. */
static enum status
targets_load(struct deliver *d, struct error *err)
{
	const struct policy *p = d->o.session->policy;
	struct target *v = calloc(p->nhooks + 1, sizeof(*v));
	struct error why;
	size_t i;

	if (v == NULL)
		return error_nomem(err);
	for (i = 0; i < p->nhooks; i++) {
		why = (struct error){ .code = STATUS_OK };
		v[i].hook = &p->hooks[i];
		if (target_secrets(d, &v[i], &why) == STATUS_OK)
			continue;
		if (d->started)
			notice(d, "serve: %s; %s", why.text, v[i].ready ?
			    "its secrets stay as they were" :
			    "its deliveries wait");
		(void)error_set(err, why.code, "%s", why.text);
	}
	targets_free(d->target, d->ntargets);
	d->target = v;
	d->ntargets = p->nhooks;
	d->policy = p;
	return err->code;
}

/* Follows the policy that is applied, and SIGHUP. */
static void
deliver_follow(struct deliver *d)
{
	struct session *s = d->o.session;
	struct error err = { 0 };
	int64_t version = store_version(s->store);
	enum status st = STATUS_OK;

	if (version != d->version &&
	    (st = store_begin_read(s->store, &err)) == STATUS_OK) {
		st = session_refresh(s, &err);
		store_end_read(s->store);
		if (st == STATUS_OK)
			d->version = version;
	}
	if (s->policy != d->policy || d->hangups != *d->o.hangups) {
		d->hangups = *d->o.hangups;
		error_clear(&err);
		(void)targets_load(d, &err);
	}
}

/* Up to a fifth more or less, by chance, so that hooks do not come all at once. */
static int64_t
pause_ms(int64_t tries)
{
	size_t i = tries < 1 ? 0 : (size_t)tries - 1;
	int64_t ms = pauses_ms[i < NPAUSES ? i : NPAUSES - 1];
	struct error ignored = { 0 };
	uint32_t chance = 0;

	if (store_random(&chance, sizeof(chance), &ignored) != STATUS_OK)
		chance = UINT32_MAX / 2;
	return ms * 4 / 5 + ms * 2 / 5 * chance / UINT32_MAX;
}

static void
sending_free(struct sending *x)
{
	webhook_release(&x->webhook);
	free(x->hook);
	free(x);
}

static struct sending *
sending_new(struct deliver *d, const char *hook, const struct delivery *y)
{
	struct sending *x = calloc(1, sizeof(*x));

	if (x == NULL || (x->hook = strdup(hook)) == NULL) {
		free(x);
		return NULL;
	}
	x->deliver = d;
	x->n = y->n;
	x->tries = y->tries;
	x->next = d->sending;
	return d->sending = x;
}

/* It did not get through: when next, and why not now. */
static void
sending_failed(struct sending *x, const char *why)
{
	int64_t ms = pause_ms(x->tries + 1);
	int64_t after_s = x->retry_after_s < 3600 ? x->retry_after_s : 3600;

	if (ms < after_s * 1000)
		ms = after_s * 1000;
	x->outcome = FAILED;
	x->due_ms = x->deliver->now_ms + ms;
	(void)snprintf(x->why, sizeof(x->why), "%.*s",
	    (int)sizeof(x->why) - 1, why);
}

static void
answer_head(void *arg, int status, int64_t retry_after_s, struct slice type)
{
	struct sending *x = arg;

	(void)type;
	x->status = status;
	x->retry_after_s = retry_after_s;
}

static bool
answer_data(void *arg, struct slice piece)
{
	struct sending *x = arg;

	x->answered += piece.n;
	return x->answered <= ANSWER_MOST;
}

/* The status counts, also of an answer that had no end. */
static void
answer_end(void *arg, enum status st, const struct error *err)
{
	struct sending *x = arg;
	struct deliver *d = x->deliver;
	char status[32];

	d->now_ms = store_now_ms(d->o.session->store);
	(void)snprintf(status, sizeof(status), "HTTP status %d", x->status);
	if (x->status >= 200 && x->status <= 299) {
		x->outcome = TAKEN;
		return;
	}
	sending_failed(x, st != STATUS_OK && x->status == 0 ? err->text :
	    status);
	if (x->status == 410) {
		x->outcome = GONE;
		x->due_ms = d->now_ms;
	}
}

/* Makes the message and sends it on its way. */
static enum status
sending_begin(struct sending *x, const struct target *t, struct error *err)
{
	struct deliver *d = x->deliver;
	struct http_call_request r = { .url = t->hook->url,
	    .timeout_ms = DELIVER_TIMEOUT_MS, .head = answer_head,
	    .data = answer_data, .end = answer_end, .arg = x };
	struct http_call *call;
	enum status st;

	if ((st = webhook_make(&x->webhook, d->o.session, x->n, &t->secrets,
	    d->now_ms, err)) != STATUS_OK)
		return st;
	webhook_headers(&x->webhook, r.headers);
	r.body = buf_slice(&x->webhook.body);
	return http_calls_start(d->calls, &r, &call, err);
}

static void
send_one(struct deliver *d, const struct target *t, const struct delivery *y)
{
	struct sending *x = sending_new(d, t->hook->name, y);
	struct error err = { 0 };

	if (x != NULL && sending_begin(x, t, &err) != STATUS_OK)
		sending_failed(x, err.text[0] == '\0' ?
		    "the release cannot be read" : err.text);
}

static size_t
count_of(const struct deliver *d, const char *hook)
{
	const struct sending *x;
	size_t n = 0;

	for (x = d->sending; x != NULL; x = x->next)
		n += strcmp(x->hook, hook) == 0;
	return n;
}

static bool
is_sending(const struct deliver *d, const char *hook, int64_t n)
{
	const struct sending *x;

	for (x = d->sending; x != NULL; x = x->next)
		if (x->n == n && strcmp(x->hook, hook) == 0)
			return true;
	return false;
}

/* How many more may be sent to it: one, now and then, while it is down. */
static size_t
room_of(const struct deliver *d, const struct target *t, size_t under_way)
{
	if (t->failed < DELIVER_BREAK_AFTER)
		return DELIVER_AT_ONCE - under_way;
	return under_way == 0 && (d->now_ms >= t->left_ms ||
	    t->left_ms - d->now_ms > LATEST_MS) ? 1 : 0;
}

/* What the store says of it: may it be asked at all? */
static bool
target_open(struct deliver *d, struct target *t)
{
	struct hook_state h = { false, true, 0 };
	struct error err = { 0 };

	if (!t->ready || hook_state_get(d->o.session->store, t->hook->name, &h,
	    &err) != STATUS_OK)
		return false;
	if (h.asked != t->asked) {
		t->asked = h.asked;
		t->failed = 0;
	}
	return h.in_force && !h.paused;
}

static void
target_send(struct deliver *d, struct target *t)
{
	const char *name = t->hook->name;
	size_t under_way = count_of(d, name), room, n, i;
	struct delivery v[2 * DELIVER_AT_ONCE];
	struct error err = { 0 };

	if (!target_open(d, t) || (room = room_of(d, t, under_way)) == 0)
		return;
	/* Those under way are due too, and come first. */
	if (deliveries_due(d->o.session->store, name, d->now_ms, v,
	    under_way + room, &n, &err) != STATUS_OK)
		return;
	for (i = 0; i < n && room > 0; i++)
		if (!is_sending(d, name, v[i].n)) {
			send_one(d, t, &v[i]);
			room--;
		}
}

/* What became of those that came back, in one transaction. */
static enum status
outcomes_write(void *arg, struct error *err)
{
	struct deliver *d = arg;
	struct session *s = d->o.session;
	enum status st = STATUS_OK;
	struct sending *x;

	for (x = d->sending; x != NULL && st == STATUS_OK; x = x->next) {
		if (x->outcome == TAKEN)
			st = delivery_taken(s->store, x->hook, x->n, d->now_ms,
			    err);
		else if (x->outcome != UNDER_WAY)
			st = delivery_failed(s->store, x->hook, x->n, x->due_ms,
			    x->why, err);
		if (st == STATUS_OK && x->outcome == GONE)
			st = hook_pause(s, x->hook, x->n, &x->paused, err);
	}
	return st;
}

/* It takes again: what waits for its next try need wait no longer. */
static void
target_back(struct deliver *d, struct target *t)
{
	struct error err = { 0 };

	notice(d, "serve: hook %s takes again", t->hook->name);
	if (store_begin(d->o.session->store, DURABLE_LATER, &err) != STATUS_OK)
		return;
	if (deliveries_hurry(d->o.session->store, t->hook->name, d->now_ms,
	    d->now_ms, &err) != STATUS_OK ||
	    store_commit(d->o.session->store, &err) != STATUS_OK)
		store_rollback(d->o.session->store);
}

static void
outcome_tell(struct deliver *d, const struct sending *x)
{
	struct target *t = target_find(d, x->hook);
	int64_t tries;

	if (x->paused)
		notice(d, "serve: hook %s: %s for release %lld: paused; handrail "
		    "hook resume %s", x->hook, x->why, (long long)x->n, x->hook);
	if (t == NULL || x->outcome == GONE)
		return;
	if (x->outcome == TAKEN) {
		if (t->failed >= DELIVER_BREAK_AFTER)
			target_back(d, t);
		t->failed = 0;
		return;
	}
	if (t->failed++ == 0)
		notice(d, "serve: hook %s: release %lld: %s; it is tried again",
		    x->hook, (long long)x->n, x->why);
	tries = t->failed - DELIVER_BREAK_AFTER;
	t->left_ms = d->now_ms + pause_ms(tries > BREAK_PAUSE_MAX ?
	    BREAK_PAUSE_MAX + 1 : tries + 1);
}

static bool
any_outcome(const struct deliver *d, bool *gone)
{
	const struct sending *x;
	bool any = false;

	*gone = false;
	for (x = d->sending; x != NULL; x = x->next) {
		any |= x->outcome != UNDER_WAY;
		*gone |= x->outcome == GONE;
	}
	return any;
}

/* Notes what came back; where the store cannot take it now, later: until then none
 * of these is sent again. */
static void
outcomes_keep(struct deliver *d)
{
	struct sending **at = &d->sending, *x;
	struct error err = { 0 };
	bool gone;

	if (!any_outcome(d, &gone))
		return;
	if (store_write(d->o.session->store, gone ? DURABLE_NOW : DURABLE_LATER,
	    outcomes_write, d, &err) != STATUS_OK) {
		if (!d->failing)
			notice(d, "serve: deliveries: %s", err.text[0] == '\0' ?
			    "the store is locked by another process" : err.text);
		d->failing = true;
		return;
	}
	d->failing = false;
	while ((x = *at) != NULL) {
		if (x->outcome == UNDER_WAY) {
			at = &x->next;
			continue;
		}
		*at = x->next;
		outcome_tell(d, x);
		sending_free(x);
	}
}

/* A clock that ran ahead and was set back must not keep anything for years. */
static void
clock_check(struct deliver *d)
{
	struct store *store = d->o.session->store;
	int64_t now = store_now_ms(store);
	struct error err = { 0 };
	enum status st;
	size_t i;

	if (now < d->now_ms &&
	    (st = store_begin(store, DURABLE_LATER, &err)) == STATUS_OK) {
		for (i = 0; i < d->ntargets && st == STATUS_OK; i++)
			st = deliveries_hurry(store, d->target[i].hook->name,
			    now, now + LATEST_MS, &err);
		if (st != STATUS_OK || store_commit(store, &err) != STATUS_OK)
			store_rollback(store);
	}
	d->now_ms = now;
}

static int64_t
boot_ms(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_BOOTTIME, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* Goes on with what is under way, and waits where there is nothing to do. */
static void
calls_wait(struct deliver *d, int ms)
{
	struct pollfd p[2] = {
		{ .fd = http_calls_fd(d->calls), .events = POLLIN },
		{ .fd = d->wake, .events = POLLIN }
	};
	int most = http_calls_timeout(d->calls);

	(void)poll(p, atomic_load(&d->ending) ? 1 : 2, most >= 0 && most < ms ?
	    most : ms);
	http_calls_run(d->calls);
}

static bool
any_under_way(const struct deliver *d)
{
	const struct sending *x = d->sending;

	while (x != NULL && x->outcome != UNDER_WAY)
		x = x->next;
	return x != NULL;
}

static void *
deliver_main(void *arg)
{
	struct deliver *d = arg;
	int64_t end;
	size_t i;

	while (!atomic_load(&d->ending)) {
		calls_wait(d, d->ntargets == 0 && d->sending == NULL ? IDLE_MS :
		    WAIT_MS);
		outcomes_keep(d);
		deliver_follow(d);
		clock_check(d);
		for (i = 0; i < d->ntargets && !d->failing; i++)
			target_send(d, &d->target[i]);
	}
	end = boot_ms() + END_MS;
	while (any_under_way(d) && boot_ms() < end)
		calls_wait(d, WAIT_MS);
	outcomes_keep(d);
	return NULL;
}

enum status
deliver_new(struct deliver **out, const struct deliver_options *o,
    struct error *err)
{
	struct deliver *d = calloc(1, sizeof(*d));
	enum status st;

	*out = NULL;
	if (d == NULL)
		return error_nomem(err);
	d->o = *o;
	d->wake = -1;
	d->hangups = *o->hangups;
	/* Behind any time: what is due too late for that is found at the start. */
	d->now_ms = INT64_MAX;
	d->version = -1;
	store_set_wait(o->session->store, STORE_WAIT);
	if ((st = targets_load(d, err)) != STATUS_OK ||
	    (st = http_calls_new(&d->calls, err)) != STATUS_OK)
		goto fail;
	if ((d->wake = eventfd(0, EFD_CLOEXEC)) == -1) {
		st = error_set(err, STATUS_IO, "eventfd: %s", strerror(errno));
		goto fail;
	}
	d->started = true;
	if (pthread_create(&d->thread, NULL, deliver_main, d) != 0) {
		d->started = false;
		st = error_set(err, STATUS_NOMEM, "cannot start a thread");
		goto fail;
	}
	*out = d;
	return STATUS_OK;
fail:
	deliver_free(d);
	return st;
}

void
deliver_free(struct deliver *d)
{
	struct sending *x;

	if (d == NULL)
		return;
	if (d->started) {
		atomic_store(&d->ending, true);
		(void)eventfd_write(d->wake, 1);
		(void)pthread_join(d->thread, NULL);
	}
	http_calls_free(d->calls);
	if (d->wake != -1)
		(void)close(d->wake);
	while ((x = d->sending) != NULL) {
		d->sending = x->next;
		sending_free(x);
	}
	targets_free(d->target, d->ntargets);
	free(d);
}
