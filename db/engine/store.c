#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "db/audit/audit.h"
#include "db/audit/edge.h"
#include "db/engine/engine.h"
#include "db/query.h"
#include "db/store.h"

/* Names that begin with no scheme are files. */
static const struct engine *const engines[] = { &engine_sqlite };

static const struct engine *
engine_of(const char *path)
{
	size_t i, n = strcspn(path, ":");

	for (i = 0; i < sizeof(engines) / sizeof(engines[0]); i++)
		if (strlen(engines[i]->scheme) == n &&
		    strncmp(engines[i]->scheme, path, n) == 0)
			return engines[i];
	return &engine_sqlite;
}

/* As it was made: it is printed as it is. */
static bool
log_name_fits(struct slice name)
{
	size_t i;

	for (i = 0; i < name.n; i++)
		if (name.p[i] <= ' ' || name.p[i] > '~' || name.p[i] == '"' ||
		    name.p[i] == '\\')
			return false;
	return true;
}

static enum status
store_load_meta(struct store *s, struct error *err)
{
	struct query *q;
	struct slice v;
	enum status st;

	if ((st = query_get(&q, s, QUERY_STORE_META, err)) != STATUS_OK)
		return st;
	if ((st = query_row(q, err)) == STATUS_OK) {
		v = query_blob(q, STORE_META_KEY);
		if (v.n == sizeof(s->key))
			memcpy(s->key, v.p, v.n);
		v = query_text(q, STORE_META_LOG);
		if (v.n < sizeof(s->log) && log_name_fits(v))
			(void)snprintf(s->log, sizeof(s->log), "%.*s",
			    SLICE_ARG(v));
		s->unsettled = query_int(q, STORE_META_UNSETTLED) != 0;
		v = query_text(q, STORE_META_SHARED);
		if (v.p != NULL && (s->group = strndup(v.p, v.n)) == NULL)
			st = error_nomem(err);
	}
	query_done(q);
	if (st == STATUS_NOT_FOUND || (st == STATUS_OK && s->log[0] == '\0'))
		return error_set(err, STATUS_CORRUPT,
		    "%s: damaged (no log name): put a backup back with "
		    "handrail restore", s->path);
	return st;
}

static enum status
store_begin_with(struct store *s, const struct store_options *o, bool *created,
    struct error *err)
{
	enum status st;

	if ((st = s->engine->open(s, o, created, err)) != STATUS_OK ||
	    (st = store_load_meta(s, err)) != STATUS_OK ||
	    (st = audit_made_for_test(s, &s->test, err)) != STATUS_OK)
		return st;
	s->clock.outside = NULL;	/* what making it may have set */
	if (s->test)
		clock_from_outside(&s->clock);
	s->opened = true;
	return STATUS_OK;
}

enum status
store_open(struct store **out, const char *path, const struct store_options *o,
    bool *created, struct error *err)
{
	const struct engine *engine = engine_of(path);
	struct store *s;
	enum status st;
	bool made = false;

	*out = NULL;
	if ((s = calloc(1, engine->store_size)) == NULL)
		return error_nomem(err);
	s->engine = engine;
	s->read_only = o->read_only;
	s->wait_ms = o->wait_ms;
	if ((s->path = strdup(path)) == NULL)
		st = error_nomem(err);
	else
		st = store_begin_with(s, o, &made, err);
	if (created != NULL)
		*created = made;
	if (st != STATUS_OK) {
		store_close(s);
		return st;
	}
	*out = s;
	return STATUS_OK;
}

void
store_close(struct store *s)
{
	size_t i;

	if (s == NULL)
		return;
	store_rollback(s);
	store_end_read(s);
	for (i = 0; i < QUERY_COUNT; i++)
		query_free(s->kept[i]);
	if (s->path != NULL)
		s->engine->close(s);
	edge_release(&s->edge);
	explicit_bzero(s->key, sizeof(s->key));
	free(s->group);
	free(s->path);
	free(s);
}

const char *
store_path(const struct store *s)
{
	return s->path;
}

struct slice
store_key(const struct store *s)
{
	return (struct slice){ (const char *)s->key, sizeof(s->key) };
}

const char *
store_log(const struct store *s)
{
	return s->log;
}

struct audit_edge *
store_edge(struct store *s)
{
	return &s->edge;
}

bool
store_unsettled(const struct store *s)
{
	return s->unsettled;
}

uid_t
store_owner(const struct store *s)
{
	return s->owner;
}

bool
store_writable(const struct store *s)
{
	return faccessat(AT_FDCWD, s->path, W_OK, AT_EACCESS) == 0;
}

const char *
store_group(const struct store *s)
{
	return s->group;
}

bool
store_is_copy(const struct store *s)
{
	return s->copied;
}

bool
store_is_test(const struct store *s)
{
	return s->test;
}

int64_t
store_now_ms(const struct store *s)
{
	return clock_now_ms(&s->clock);
}

int64_t
store_lease_ms(const struct store *s)
{
	return s->engine->clock(s);
}

const char *
store_lease_boot(const struct store *s)
{
	return s->engine->clock_from(s);
}

enum status
store_random(void *out, size_t n, struct error *err)
{
	uint8_t *p = out;
	ssize_t got;

	while (n > 0) {
		got = getrandom(p, n, 0);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return error_set(err, STATUS_IO, "random bytes: %s",
			    strerror(errno));
		p += got;
		n -= (size_t)got;
	}
	return STATUS_OK;
}

void
store_set_wait(struct store *s, int64_t wait_ms)
{
	s->wait_ms = wait_ms;
	s->engine->wait_changed(s);
}

int64_t
store_wait(const struct store *s)
{
	return s->wait_ms;
}

int64_t
store_version(struct store *s)
{
	return s->engine->version(s);
}

/* Is none under way, and may one that writes begin? */
static enum status
may_write(const struct store *s, struct error *err)
{
	if (s->read_only)
		return error_set(err, STATUS_INVALID, "%s: opened for reading "
		    "only", s->path);
	if (s->transaction != TRANSACTION_NONE)
		return error_set(err, STATUS_INVALID, "%s: a transaction is "
		    "under way", s->path);
	return STATUS_OK;
}

enum status
store_begin(struct store *s, enum durability d, struct error *err)
{
	enum status st;

	if ((st = may_write(s, err)) != STATUS_OK ||
	    (st = s->engine->begin(s, TRANSACTION_WRITE, d, err)) != STATUS_OK)
		return st;
	s->transaction = TRANSACTION_WRITE;
	s->edge.checked = false;
	return STATUS_OK;
}

static enum status
end_write(struct store *s, bool next, struct error *err)
{
	enum status st;

	if (s->transaction != TRANSACTION_WRITE)
		return error_set(err, STATUS_INVALID,
		    "%s: no transaction is under way", s->path);
	if (s->lacked) {
		s->lacked = false;
		store_rollback(s);
		return error_nomem(err);
	}
	if ((st = s->engine->commit(s, next, err)) != STATUS_OK)
		s->edge.known = false;
	s->edge.checked = false;
	if (st != STATUS_OK || !next)
		s->transaction = TRANSACTION_NONE;
	return st;
}

enum status
store_commit(struct store *s, struct error *err)
{
	return end_write(s, false, err);
}

enum status
store_next(struct store *s, struct error *err)
{
	return end_write(s, true, err);
}

void
store_rollback(struct store *s)
{
	if (s->transaction != TRANSACTION_WRITE)
		return;
	s->engine->rollback(s);
	s->edge.known = false;
	s->transaction = TRANSACTION_NONE;
}

enum status
store_begin_read(struct store *s, struct error *err)
{
	enum status st;

	if (s->transaction != TRANSACTION_NONE)
		return error_set(err, STATUS_INVALID,
		    "%s: a transaction is under way", s->path);
	st = s->engine->begin(s, TRANSACTION_READ, DURABLE_NOW, err);
	if (st == STATUS_OK)
		s->transaction = TRANSACTION_READ;
	return st;
}

void
store_end_read(struct store *s)
{
	if (s->transaction != TRANSACTION_READ)
		return;
	s->engine->rollback(s);
	s->transaction = TRANSACTION_NONE;
}

enum transaction
store_transaction(const struct store *s)
{
	return s->transaction;
}

bool
store_yields(const struct store *s)
{
	return s->engine->yields(s);
}

bool
store_waited_for(const struct store *s)
{
	return s->engine->waited_for(s);
}

void
store_rest(struct store *s)
{
	if (!s->read_only && s->transaction == TRANSACTION_NONE)
		s->engine->rest(s);
}

enum status
store_in_place(struct store *s, struct error *err)
{
	return s->engine->in_place(s, err);
}

enum status
store_room(struct store *s, struct error *err)
{
	return s->engine->room(s, err);
}

enum status
store_serve(struct store *s, struct error *err)
{
	return s->engine->serve(s, err);
}

bool
store_own(struct store *s, int64_t number)
{
	return s->engine->own(s, number);
}

bool
store_owned(struct store *s, int64_t number)
{
	return s->engine->owned(s, number);
}

enum status
store_unsettle(struct store *s, struct error *err)
{
	struct query *q;
	enum status st = query_get(&q, s, QUERY_STORE_ERASED, err);

	return st == STATUS_OK ? query_run(q, err) : st;
}

enum status
store_settle(struct store *s, struct error *err)
{
	enum status st = may_write(s, err);

	return st == STATUS_OK ? s->engine->settle(s, err) : st;
}

void
store_settle_left(struct store *s)
{
	s->engine->settle_left(s);
}
