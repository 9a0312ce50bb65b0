#include "queue/session.h"

#include <assert.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "core/policy/read.h"
#include "core/shape/read.h"
#include "db/audit/bind.h"
#include "db/schema.h"
#include "db/write.h"
#include "queue/file.h"
#include "queue/http.h"
#include "queue/policies.h"

#define SERVE_LOOK_MS	100	/* between two looks whether another has ended */

static void
session_add_role(struct session *s, const char *name, unsigned may)
{
	if (may != 0 && s->role[0] == '\0')
		(void)snprintf(s->role, sizeof(s->role), "%s", name);
	s->may |= may;
}

/* What this identity may do: the owner everything, others what the policy's
 * roles give their groups; with no role at all, a shared store's group reviews,
 * exports and audits.  Who may read the file and not write it can read its log with
 * any program: no role keeps that person from asking and verifying. */
static void
session_roles(struct session *s)
{
	const struct policy *p = s->policy;
	const char *group = store_group(s->store);
	size_t i;

	s->may = 0;
	s->role[0] = '\0';
	if (s->who.uid == (int64_t)store_owner(s->store))
		session_add_role(s, "owner", MAY_ADMIN);
	for (i = 0; i < p->nroles; i++)
		if (identity_in_group(&s->who, p->roles[i].group))
			session_add_role(s, p->roles[i].name, p->roles[i].may);
	if (p->nroles == 0 && group != NULL && identity_in_group(&s->who, group))
		session_add_role(s, "member", MAY_REVIEW | MAY_EXPORT |
		    MAY_AUDIT);
	if (!store_writable(s->store))
		session_add_role(s, "reader", MAY_AUDIT);
	if (s->role[0] == '\0')
		(void)snprintf(s->role, sizeof(s->role), "none");
}

static void
session_notice(const struct session *s, const char *what, const char *why)
{
	char line[1200];

	if (s->notice == NULL)
		return;
	(void)snprintf(line, sizeof(line), "%s%s", what, why);
	s->notice(line);
}

/* One that comes to take over waits as long as the other has something under way. */
static enum status
session_serve(struct session *s, const struct session_options *o,
    struct error *err)
{
	enum status st = store_serve(s->store, err);

	if (st == STATUS_BUSY && o->serves_next)
		session_notice(s, "serve: waiting for the end of the service that "
		    "has this store", "");
	while (st == STATUS_BUSY && o->serves_next) {
		error_clear(err);
		(void)poll(NULL, 0, SERVE_LOOK_MS);
		st = store_serve(s->store, err);
	}
	return st;
}

static enum status
session_policy(struct session *s, const struct session_options *o,
    struct error *err)
{
	struct policy *given = NULL;
	enum status st;
	bool lost;

	/* A service that may not begin applies no policy to one that runs. */
	if (o->serves && (st = session_serve(s, o, err)) != STATUS_OK)
		return st;
	st = policies_current(s->store, &s->policy, err);
	if ((lost = o->any_policy && (st == STATUS_CORRUPT ||
	    st == STATUS_NOT_FOUND || st == STATUS_INVALID))) {
		error_clear(err);
		st = policy_builtin(&s->policy, err);
	}
	if (st != STATUS_OK)
		return st;
	session_roles(s);
	if (lost && s->who.uid != (int64_t)store_owner(s->store))
		s->may = 0;
	if (o->policy_path == NULL)
		return STATUS_OK;
	st = policy_load(&given, o->policy_path, &file_loader, &http_outside,
	    err);
	if (st != STATUS_OK)
		return st;
	if (!o->read_only && (st = policies_apply(s, given, NULL, err)) !=
	    STATUS_OK) {
		policy_free(given);
		return st;
	}
	policy_free(s->policy);
	s->policy = given;
	session_roles(s);
	return STATUS_OK;
}

/* Who would write to a store that is not as it was made was refused already. */
static enum status
session_sound(struct session *s, struct error *err)
{
	struct error why = { 0 };
	enum status st = schema_sound(s->store, &why);

	if (st == STATUS_CORRUPT) {
		session_notice(s, why.text, "");
		return STATUS_OK;
	}
	return st == STATUS_OK ? st : error_set(err, st, "%s", why.text);
}

/* A log that does not continue what this person has seen: who reads is warned, who
 * would write may not. */
static enum status
session_compare(struct session *s, const struct session_options *o, bool created,
    struct error *err)
{
	struct error why = { 0 };
	enum status st;

	if (o->witness == WITNESS_NONE || store_is_test(s->store))
		return STATUS_OK;
	if ((s->witness = calloc(1, sizeof(*s->witness))) == NULL)
		return error_nomem(err);
	s->accepts = o->witness == WITNESS_ACCEPT;
	s->witness->place = o->witness_place;
	if (created || s->accepts)
		return STATUS_OK;
	st = witness_look(s->witness, s->store, &why);
	if (st == STATUS_OK)
		return STATUS_OK;
	if (st == STATUS_NOMEM || (st == STATUS_CONFLICT && !o->read_only))
		return error_set(err, st, "%s", why.text);
	session_notice(s, st == STATUS_CONFLICT ? "" : "no witness: ", why.text);
	return STATUS_OK;
}

void
session_witness(struct session *s)
{
	struct error why = { 0 };

	if (s->witness != NULL && s->store != NULL && witness_keep(s->witness,
	    s->store, s->accepts, &why) != STATUS_OK) {
		session_notice(s, "no witness of the log is kept: ", why.text);
		free(s->witness);
		s->witness = NULL;
	}
}

/* An older store's owner binds what its leaves did not, once. */
static enum status
session_bind(struct session *s, struct error *err)
{
	struct actor who = session_actor(s);
	bool needed = false;
	enum status st;

	if (geteuid() != store_owner(s->store))
		return STATUS_OK;
	if ((st = bind_needed(s->store, &needed, err)) != STATUS_OK || !needed)
		return st;
	if ((st = bind_log(s->store, &who, err)) == STATUS_OK)
		session_notice(s, "the log of an older version binds all of its "
		    "store from now on", "");
	return st;
}

static void
session_tell_copy(const struct session *s)
{
	if (store_is_copy(s->store))
		session_notice(s, store_path(s->store), ": an older version made it: "
		    "what is read is a copy that was brought up to date; a command "
		    "that writes does so with the store itself");
}

/* The id by which its leases are known. */
static enum status
session_name(struct session *s, const struct session_options *o, struct error *err)
{
	enum status st = store_random(s->id, sizeof(s->id), err);

	if (st == STATUS_OK && o->with_process)
		session_process_mark(s->id);
	return st;
}

enum status
session_open(struct session **out, const struct session_options *o,
    struct error *err)
{
	struct store_options so = {
		.create = o->create, .read_only = o->read_only,
		.any_version = o->any_version,
		.wait_ms = o->wait_ms, .group = o->group, .test = o->test
	};
	struct session *s;
	enum status st;
	bool created = false;
	char line[4200];

	assert(o->who != NULL);
	*out = NULL;
	if ((s = calloc(1, sizeof(*s))) == NULL)
		return error_nomem(err);
	s->who = *o->who;
	s->via = o->via;
	s->named = o->named;
	s->notice = o->notice;
	s->reader.arena = &s->arena;
	if ((st = session_name(s, o, err)) != STATUS_OK ||
	    (st = store_open(&s->store, o->store_path, &so, &created, err)) !=
	    STATUS_OK)
		goto fail;
	if (identity_hides(store_owner(s->store))) {
		st = error_set(err, STATUS_DENIED, "%s: its owner is unknown in this "
		    "user namespace, where anybody may be anyone: run it outside "
		    "of unshare and the like", o->store_path);
		goto fail;
	}
	session_tell_copy(s);
	if (store_unsettled(s->store))
		store_settle_left(s->store);
	if (created && o->notice != NULL) {
		(void)snprintf(line, sizeof(line), "made the %sstore %s",
		    store_is_test(s->store) ? "test " : "",
		    store_path(s->store));
		o->notice(line);
	}
	if ((o->read_only && (st = session_sound(s, err)) != STATUS_OK) ||
	    (st = session_compare(s, o, created, err)) != STATUS_OK ||
	    (st = session_policy(s, o, err)) != STATUS_OK)
		goto fail;
	if (!o->read_only && (st = session_bind(s, err)) != STATUS_OK)
		goto fail;
	*out = s;
	return STATUS_OK;
fail:
	session_close(s);
	return st;
}

enum status
session_refresh(struct session *s, struct error *err)
{
	struct policy **old, *now;
	char id[HASH_HEX];
	enum status st;

	st = policies_current_id(s->store, id, err);
	if (st == STATUS_NOT_FOUND || (st == STATUS_OK &&
	    strcmp(id, s->policy->id) == 0))
		return STATUS_OK;
	if (st != STATUS_OK ||
	    (st = policies_current(s->store, &now, err)) != STATUS_OK)
		return st;
	old = realloc(s->old, (s->nold + 1) * sizeof(*old));
	if (old == NULL) {
		policy_free(now);
		return error_nomem(err);
	}
	s->old = old;
	s->old[s->nold++] = s->policy;
	s->policy = now;
	judge_scratch_free(s->judge);
	s->judge = NULL;
	session_roles(s);
	return STATUS_OK;
}

void
session_close(struct session *s)
{
	if (s == NULL)
		return;
	session_witness(s);
	free(s->witness);
	policy_free(s->routed);
	while (s->nold > 0)
		policy_free(s->old[--s->nold]);
	free(s->old);
	item_reader_release(&s->reader);
	arena_release(&s->arena);
	judge_scratch_free(s->judge);
	policy_free(s->policy);
	store_close(s->store);
	free(s->skipped);
	free(s);
}

enum status
session_judge(struct session *s, struct error *err)
{
	struct judge_options o = { .key = store_key(s->store) };

	return s->judge != NULL ? STATUS_OK :
	    judge_scratch_new(&s->judge, s->policy, &o, err);
}

struct slice
session_id(const struct session *s)
{
	return (struct slice){ (const char *)s->id, sizeof(s->id) };
}

struct actor
session_actor(const struct session *s)
{
	return (struct actor){ s->who.name, s->role, s->via, s->who.uid };
}

struct logging {
	struct session	*s;
	const char	*event;
};

static enum status
log_write(void *arg, struct error *err)
{
	const struct logging *l = arg;
	struct actor who = session_actor(l->s);

	return audit_append(l->s->store, &who, store_now_ms(l->s->store),
	    l->event, SLICE_NONE, NULL, 0, NULL, err);
}

enum status
session_log(struct session *s, const char *event, struct error *err)
{
	struct logging l = { s, event };

	return store_write(s->store, DURABLE_NOW, log_write, &l, err);
}

enum status
session_require(const struct session *s, unsigned may, const char *what,
    struct error *err)
{
	const char *name;

	if ((s->may & may) == may)
		return STATUS_OK;
	name = may_name(may);
	return error_set(err, STATUS_DENIED, "%s may not %s: ask for a role with "
	    "may = { \"%s\" }", s->who.name, what, name == NULL ? "admin" : name);
}
