#include "queue/serve/upstreams.h"

#include <pthread.h>
#include <stdlib.h>

#include "queue/secret.h"

#define BREAK_ROW	5	/* failures one after the other */
#define BREAK_LAST	20	/* or half of so many ... */
#define BREAK_WITHIN_MS	10000	/* ... in that time */
#define BREAK_MS	10000
#define TELL_MS		60000	/* between two words on its failures */
#define RETRY_SHARE	0.2	/* of the calls */
#define RETRY_SPARE	10.0	/* retries saved up at most */

/*
 * A header's line, and where its token was found: a call of an earlier policy asks with
 * the token that is its own, not with one that is another address's.  Who asks with one
 * may still have it when the next is read.
 */
struct token_line {
	struct token_line *before;
	struct buf	 line;
	int		 shape;		/* enum upstream_shape */
	char		*env, *file;	/* one of them; else NULL */
};

struct upstream_state {
	struct upstream_state *next;
	char		*name;
	struct token_line *token;	/* the last one read; NULL: none */
	size_t		 in_flight;
	unsigned	 row;		/* failures one after the other */
	struct outcome_seen {
		int64_t	 at_ms;
		bool	 failed;
	}		 last[BREAK_LAST];
	size_t		 nlast;		/* counted on and on */
	int64_t		 open_until_ms;	/* 0: closed */
	bool		 probing;
	int64_t		 told_ms;	/* 0: of no failure yet */
};

struct model_state {
	struct model_state *next;
	char		*name;
	int64_t		 until_ms;
};

struct upstreams {
	pthread_mutex_t	 lock;		/* of all */
	struct upstream_state *first;
	struct model_state *models;
	double		 retries;
};

struct upstreams *
upstreams_new(void)
{
	struct upstreams *u = calloc(1, sizeof(*u));

	if (u == NULL)
		return NULL;
	u->retries = RETRY_SPARE;
	(void)pthread_mutex_init(&u->lock, NULL);
	return u;
}

static void
token_free(struct token_line *t)
{
	secret_release(&t->line);
	free(t->env);
	free(t->file);
	free(t);
}

void
upstreams_free(struct upstreams *u)
{
	struct upstream_state *s;
	struct token_line *t;
	struct model_state *m;

	if (u == NULL)
		return;
	while ((s = u->first) != NULL) {
		u->first = s->next;
		while ((t = s->token) != NULL) {
			s->token = t->before;
			token_free(t);
		}
		free(s->name);
		free(s);
	}
	while ((m = u->models) != NULL) {
		u->models = m->next;
		free(m->name);
		free(m);
	}
	(void)pthread_mutex_destroy(&u->lock);
	free(u);
}

static struct upstream_state *
state_get(struct upstreams *u, const char *name)
{
	struct upstream_state *s;

	for (s = u->first; s != NULL; s = s->next)
		if (strcmp(s->name, name) == 0)
			return s;
	if ((s = calloc(1, sizeof(*s))) == NULL ||
	    (s->name = strdup(name)) == NULL) {
		free(s);
		return NULL;
	}
	s->next = u->first;
	return u->first = s;
}

static enum status
token_line(const struct upstream *p, struct buf *line, struct error *err)
{
	const struct secret_place place = { p->token_env, p->token_file, 1 };
	enum status st;

	if (place.env == NULL && place.file == NULL)
		return STATUS_OK;
	buf_puts(line, p->shape == UPSTREAM_ANTHROPIC ? "x-api-key: " :
	    "Authorization: Bearer ");
	if ((st = secret_read(&place, line, err)) != STATUS_OK)
		return error_prefix(err, "upstream \"%s\"", p->name);
	return STATUS_OK;
}

static bool
is_same(const char *a, const char *b)
{
	return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

/* What was last read at the place of that policy's; NULL: nothing. */
static const struct token_line *
token_find(const struct upstream_state *s, const struct upstream *p)
{
	const struct token_line *t;

	for (t = s->token; t != NULL; t = t->before)
		if (t->shape == p->shape && is_same(t->env, p->token_env) &&
		    is_same(t->file, p->token_file))
			return t;
	return NULL;
}

/* Takes the line over, where it is another than the last of its place. */
static enum status
token_keep(struct upstream_state *s, const struct upstream *p, struct buf *line,
    struct error *err)
{
	const struct token_line *last = token_find(s, p);
	struct token_line *t;

	if (line->n == 0 || (last != NULL && slice_eq(buf_slice(&last->line),
	    buf_slice(line))))
		return STATUS_OK;
	if ((t = calloc(1, sizeof(*t))) == NULL)
		return error_nomem(err);
	if ((p->token_env != NULL && (t->env = strdup(p->token_env)) == NULL) ||
	    (p->token_file != NULL && (t->file = strdup(p->token_file)) == NULL)) {
		token_free(t);
		return error_nomem(err);
	}
	t->shape = p->shape;
	t->line = *line;
	*line = (struct buf)BUF_INIT;
	t->before = s->token;
	s->token = t;
	return STATUS_OK;
}

static enum status
tokens_keep(struct upstreams *u, const struct service_policy *v, struct buf *lines,
    struct error *err)
{
	struct upstream_state *s;
	enum status st = STATUS_OK;
	size_t i;

	for (i = 0; i < v->nupstreams && st == STATUS_OK; i++) {
		s = state_get(u, v->upstreams[i].name);
		st = s == NULL ? error_nomem(err) : token_keep(s,
		    &v->upstreams[i], &lines[i], err);
	}
	return st;
}

enum status
upstreams_load(struct upstreams *u, const struct policy *p, struct error *err)
{
	const struct service_policy *v = &p->service;
	struct buf *lines;
	enum status st = STATUS_OK;
	size_t i;

	if ((lines = calloc(v->nupstreams + 1, sizeof(*lines))) == NULL)
		return error_nomem(err);
	/* Read under the lock, too: else what another loop read before a change of the
	 * file would come after what was read behind it, and be the last. */
	(void)pthread_mutex_lock(&u->lock);
	for (i = 0; i < v->nupstreams && st == STATUS_OK; i++)
		st = token_line(&v->upstreams[i], &lines[i], err);
	if (st == STATUS_OK)
		st = tokens_keep(u, v, lines, err);
	(void)pthread_mutex_unlock(&u->lock);
	for (i = 0; i < v->nupstreams; i++)
		secret_release(&lines[i]);
	free(lines);
	return st;
}

static struct model_state *
model_state(const struct upstreams *u, const char *name)
{
	struct model_state *m;

	for (m = u->models; m != NULL; m = m->next)
		if (strcmp(m->name, name) == 0)
			return m;
	return NULL;
}

static enum upstream_answer
state_enter(struct upstreams *u, const struct model *model, int64_t now_ms,
    struct upstream_state **out, int64_t *until_ms)
{
	struct upstream_state *s = state_get(u, model->upstream->name);
	const struct model_state *m = model_state(u, model->name);

	*out = NULL;
	*until_ms = now_ms;
	if (m != NULL && m->until_ms > now_ms) {
		*until_ms = m->until_ms;
		return UPSTREAM_COOLING;
	}
	if (s == NULL || s->in_flight >= model->upstream->in_flight)
		return UPSTREAM_FULL;
	if (s->open_until_ms > now_ms || s->probing) {
		*until_ms = s->probing ? now_ms + 1000 : s->open_until_ms;
		return UPSTREAM_OPEN;
	}
	s->probing = s->open_until_ms != 0;
	s->in_flight++;
	*out = s;
	return UPSTREAM_FREE;
}

enum upstream_answer
upstream_enter(struct upstreams *u, const struct model *model, int64_t now_ms,
    struct upstream_state **out, int64_t *until_ms)
{
	enum upstream_answer a;

	(void)pthread_mutex_lock(&u->lock);
	a = state_enter(u, model, now_ms, out, until_ms);
	(void)pthread_mutex_unlock(&u->lock);
	return a;
}

const char *
upstream_token(struct upstreams *u, const struct upstream_state *s,
    const struct upstream *p)
{
	const struct token_line *t;

	(void)pthread_mutex_lock(&u->lock);
	t = token_find(s, p);
	(void)pthread_mutex_unlock(&u->lock);
	return t == NULL ? NULL : t->line.p;
}

/* Half of the last twenty, all of them a moment ago? */
static bool
fails_often(const struct upstream_state *s, int64_t now_ms)
{
	size_t i, n = 0;

	if (s->nlast < BREAK_LAST)
		return false;
	for (i = 0; i < BREAK_LAST; i++) {
		if (now_ms - s->last[i].at_ms > BREAK_WITHIN_MS)
			return false;
		n += s->last[i].failed;
	}
	return n * 2 >= BREAK_LAST;
}

static void
breaker_close(struct upstream_state *s)
{
	s->open_until_ms = 0;
	s->row = 0;
	s->nlast = 0;
}

static void
state_left(struct upstream_state *s, enum upstream_end end, int64_t now_ms)
{
	bool probe = s->probing;
	bool failed = end == UPSTREAM_FAILED || end == UPSTREAM_AGAIN;

	s->in_flight--;
	s->probing = false;
	if (end == UPSTREAM_NEITHER)
		return;
	if (probe && !failed) {
		breaker_close(s);
		return;
	}
	if (end == UPSTREAM_AGAIN) {
		if (probe)
			s->open_until_ms = now_ms + BREAK_MS;
		return;
	}
	s->last[s->nlast++ % BREAK_LAST] = (struct outcome_seen){ now_ms,
	    failed };
	s->row = failed ? s->row + 1 : 0;
	if (probe || s->row >= BREAK_ROW || fails_often(s, now_ms))
		s->open_until_ms = now_ms + BREAK_MS;
}

void
upstream_left(struct upstreams *u, struct upstream_state *s,
    enum upstream_end end, int64_t now_ms)
{
	(void)pthread_mutex_lock(&u->lock);
	state_left(s, end, now_ms);
	(void)pthread_mutex_unlock(&u->lock);
}

bool
upstream_tells(struct upstreams *u, struct upstream_state *s, int64_t now_ms)
{
	bool tells;

	(void)pthread_mutex_lock(&u->lock);
	tells = s->told_ms == 0 || now_ms - s->told_ms >= TELL_MS;
	if (tells)
		s->told_ms = now_ms;
	(void)pthread_mutex_unlock(&u->lock);
	return tells;
}

/* The model's, made where there is none; NULL: no memory. */
static struct model_state *
model_get(struct upstreams *u, const char *name)
{
	struct model_state *m = model_state(u, name);

	if (m != NULL)
		return m;
	if ((m = calloc(1, sizeof(*m))) == NULL ||
	    (m->name = strdup(name)) == NULL) {
		free(m);
		return NULL;
	}
	m->next = u->models;
	return u->models = m;
}

void
upstream_cool(struct upstreams *u, const struct model *model, int64_t until_ms)
{
	struct model_state *m;

	(void)pthread_mutex_lock(&u->lock);
	if ((m = model_get(u, model->name)) != NULL)
		m->until_ms = until_ms;
	(void)pthread_mutex_unlock(&u->lock);
}

void
upstreams_count(struct upstreams *u)
{
	(void)pthread_mutex_lock(&u->lock);
	u->retries += RETRY_SHARE;
	if (u->retries > RETRY_SPARE)
		u->retries = RETRY_SPARE;
	(void)pthread_mutex_unlock(&u->lock);
}

bool
upstreams_retry(struct upstreams *u)
{
	bool may;

	(void)pthread_mutex_lock(&u->lock);
	if ((may = u->retries >= 1))
		u->retries -= 1;
	(void)pthread_mutex_unlock(&u->lock);
	return may;
}

void
upstreams_each(struct upstreams *u, int64_t now_ms,
    void (*each)(void *, const char *, bool, size_t), void *arg)
{
	const struct upstream_state *s;

	(void)pthread_mutex_lock(&u->lock);
	for (s = u->first; s != NULL; s = s->next)
		each(arg, s->name, s->open_until_ms > now_ms || s->probing,
		    s->in_flight);
	(void)pthread_mutex_unlock(&u->lock);
}
