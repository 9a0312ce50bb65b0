/*
 * A store with those who work on it, and what they do while one call of it fails.  After
 * each failure the one who asked is told why, nothing is stored and no transaction stays
 * open; what can do without that call does the same.
 */
#ifndef TESTS_FAULT_DESK_H
#define TESTS_FAULT_DESK_H

#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "db/audit/verify.h"
#include "queue/review/list.h"
#include "queue/session.h"
#include "tests/fault/calls.h"

/* What is done with a store: by its owner, and by somebody else who may do all. */
struct desk {
	struct session	*owner, *other;
	struct store	*look;		/* sees whether anybody has committed */
	struct arena	 arena;
	struct error	 err;
	char		 result[256];	/* what came of it; no time, no chance in it */
};
typedef enum status desk_fn(struct desk *);
struct scenario {
	const char	*name;
	desk_fn		*before;	/* nothing fails in it; may be NULL */
	desk_fn		*run;
	bool		 old;		/* with the older store, which it opens itself */
	bool		 bound;		/* with what became of that when it was opened */
	bool		 bad;		/* with a store that was altered by hand */
	bool		 again;		/* `before` before each run */
	bool		 parts;		/* what was done before the failure stays */
	int		 way;		/* 0: WAY; fewer where each run takes long */
};

static const char *base_path, *old_path;
static unsigned ntests, nbad;

static void
must(enum status st, const struct error *err)
{
	if (st == STATUS_OK)
		return;
	printf("Bail out! %s\n", err->text);
	exit(2);
}

static int64_t
item_of(struct desk *d, const char *id)
{
	int64_t item = -1;
	bool was = armed;

	armed = false;
	must(list_find(d->owner, id, NULL, &item, &d->err), &d->err);
	armed = was;
	return item;
}

static void
file_copy(const char *from, const char *to)
{
	static char room[1 << 16];
	int in = open(from, O_RDONLY | O_CLOEXEC);
	int out = open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	ssize_t n;

	while (in != -1 && (n = read(in, room, sizeof(room))) > 0)
		if (write(out, room, (size_t)n) != n)
			abort();
	(void)close(in);
	(void)close(out);
}

static struct session *
session_of(const struct identity *who, struct error *err)
{
	struct session_options o = { .who = who, .store_path = "c.db", .via = "cli",
	    .witness = WITNESS_NONE, .wait_ms = 5000 };
	struct session *s;

	must(session_open(&s, &o, err), err);
	return s;
}

static void
desk_open(struct desk *d, const struct scenario *of)
{
	static const struct store_options look = { .read_only = true };
	struct identity who, bob = { .uid = 4242, .name = "bob" };

	memset(d, 0, sizeof(*d));
	(void)unlink("c.db-wal");
	(void)unlink("c.db-shm");
	(void)unlink("c.db-key");
	file_copy(of->old ? old_path : of->bound ? "bound.db" : of->bad ?
	    "bad.db" : base_path, "c.db");
	if (of->old)
		return;
	file_copy(of->bound ? "bound.key" : "base.key", "c.db-key");
	must(identity_get(&who, &d->err), &d->err);
	d->owner = session_of(&who, &d->err);
	d->other = session_of(&bob, &d->err);
	d->other->may = d->owner->may;
	must(store_open(&d->look, "c.db", &look, NULL, &d->err), &d->err);
}

static void
desk_close(struct desk *d)
{
	session_close(d->owner);
	session_close(d->other);
	store_close(d->look);
	arena_release(&d->arena);
	d->owner = d->other = NULL;
	d->look = NULL;
}

static void
bad(const struct scenario *of, const char *what, const struct error *err)
{
	printf("# %s: %s: %d \"%s\"\n", of->name, what, err->code, err->text);
	nbad++;
}

/* The one who asked is told that, and nothing else came of it. */
static void
told(const struct scenario *of, struct desk *d, enum status st, int64_t version)
{
	const struct error *e = &d->err;

	if (e->code != st)
		bad(of, "the status is not the error's", e);
	if (strstr(e->text, WHY) == NULL && strstr(e->text, "out of memory") == NULL &&
	    strstr(e->text, strerror(EIO)) == NULL)
		bad(of, "the reason is lost", e);
	if (d->owner == NULL)
		return;
	if (store_transaction(d->owner->store) != TRANSACTION_NONE ||
	    store_transaction(d->other->store) != TRANSACTION_NONE)
		bad(of, "a transaction is still open", e);
	if (store_version(d->look) != version && !of->parts)
		bad(of, "something was stored", e);
}

static enum status
run(const struct scenario *of, struct desk *d)
{
	enum status st;

	error_clear(&d->err);
	d->result[0] = '\0';
	armed = true;
	failed = false;
	ncalls = 0;
	st = of->run(d);
	armed = false;
	arena_reset(&d->arena);
	return st;
}

static void
before(const struct scenario *of, struct desk *d)
{
	error_clear(&d->err);
	if (of->before != NULL)
		must(of->before(d), &d->err);
	d->result[0] = '\0';
}

static void
verified(const struct scenario *of, struct desk *d)
{
	struct audit_report r;

	error_clear(&d->err);
	if (d->owner == NULL)
		return;
	must(audit_verify(d->owner->store, NULL, NULL, &r, &d->err), &d->err);
	if (r.problems > 0)
		bad(of, "the log does not verify", &d->err);
}

static void
scenario_run(const struct scenario *of)
{
	struct desk d;
	char want[sizeof(d.result)];
	unsigned tried = 0, passed = 0, was = nbad;
	int64_t version;
	enum status st;

	nways = known_calls = 0;
	way_depth = of->way == 0 ? WAY : of->way;
	desk_open(&d, of);
	before(of, &d);
	error_clear(&d.err);
	must(of->run(&d), &d.err);
	(void)snprintf(want, sizeof(want), "%s", d.result);
	desk_close(&d);
	desk_open(&d, of);
	before(of, &d);
	for (;;) {
		version = d.look == NULL ? 0 : store_version(d.look);
		st = run(of, &d);
		if (!failed && known_calls == 0)
			break;
		if (!failed)
			known_calls = 0;	/* fewer calls than the last run made */
		else
			tried++;
		if (st != STATUS_OK)
			told(of, &d, st, version);
		else {
			/* What can do without that call does the same. */
			passed += failed;
			if (strcmp(d.result, want) != 0) {
				bad(of, "other than without a failure", &d.err);
				printf("# \"%s\", not \"%s\"\n", d.result, want);
			}
		}
		if (st == STATUS_OK && (d.look == NULL ||
		    store_version(d.look) != version)) {
			desk_close(&d);
			desk_open(&d, of);
			before(of, &d);
		} else if (of->again)
			before(of, &d);
	}
	if (st != STATUS_OK || strcmp(d.result, want) != 0)
		bad(of, "not in the end", &d.err);
	if (!of->bad)
		verified(of, &d);
	desk_close(&d);
	printf("%sok %u - %s: %u calls that fail, %u that it can do without\n",
	    nbad > was ? "not " : "", ++ntests, of->name, tried, passed);
	(void)fflush(stdout);
}

#endif
