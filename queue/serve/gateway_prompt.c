#include "queue/serve/gateway_prompt.h"

#include <stdio.h>
#include <stdlib.h>

#include "core/json/value.h"
#include "core/json/write.h"
#include "core/prompt/ref.h"
#include "core/prompt/render.h"
#include "core/wire/request_write.h"
#include "queue/prompt/prompts.h"
#include "queue/serve/reply.h"
#include "queue/serve/server.h"

/* What the reference of a gateway led to. */
struct followed {
	const char	*ref;			/* as the policy has it */
	struct prompt_version version;		/* ref absent: to nothing */
	struct error	 why;			/* then */
};

struct gateway_prompts {
	const struct policy *policy;	/* that they are of */
	int64_t		 store;		/* its version when they were found */
	struct followed	*v;
	size_t		 n;
	struct arena	 arena;
};

struct gateway_prompts *
gateway_prompts_new(void)
{
	return calloc(1, sizeof(struct gateway_prompts));
}

void
gateway_prompts_free(struct gateway_prompts *p)
{
	if (p == NULL)
		return;
	arena_release(&p->arena);
	free(p);
}

static struct followed *
followed_find(struct gateway_prompts *p, const char *ref)
{
	size_t i;

	for (i = 0; i < p->n; i++)
		if (strcmp(p->v[i].ref, ref) == 0)
			return &p->v[i];
	return NULL;
}

/* Whoever runs the service is told of what is another now. */
static void
followed_tell(struct server *s, const struct followed *f,
    const struct followed *before)
{
	char matter[NOTICE_MOST];

	if (before != NULL && slice_eq(before->version.ref, f->version.ref))
		return;
	(void)snprintf(matter, sizeof(matter), "prompt %s", f->ref);
	if (f->version.ref.p == NULL)
		service_notice_last(s, matter, "serve: prompt %s: %s; its "
		    "gateways answer 503", f->ref, f->why.text);
	else
		service_notice_last(s, matter, "serve: prompt %s is %.*s", f->ref,
		    SLICE_ARG(f->version.ref));
}

/* One more; STATUS_OK too where it leads nowhere. */
static enum status
followed_add(struct server *s, struct gateway_prompts *p, const char *ref)
{
	struct followed *f = &p->v[p->n];
	enum status st;

	f->ref = arena_str(&p->arena, slice_of(ref));
	if (f->ref == NULL)
		return STATUS_NOMEM;
	st = prompts_get(s->session->store, slice_of(ref), &p->arena,
	    &f->version, &f->why);
	if (st != STATUS_OK && st != STATUS_NOT_FOUND && st != STATUS_CORRUPT)
		return st;
	if (st != STATUS_OK)
		f->version.ref = SLICE_NONE;
	p->n++;
	followed_tell(s, f, followed_find(s->prompts, ref));
	return STATUS_OK;
}

void
gateway_prompts_follow(struct server *s)
{
	const struct policy *policy = s->session->policy;
	const struct service_policy *sp = &policy->service;
	struct gateway_prompts fresh = { .policy = policy,
	    .store = store_version(s->session->store) };
	enum status st = STATUS_OK;
	size_t i;

	if (s->prompts->policy == policy && s->prompts->store == fresh.store)
		return;
	fresh.v = arena_zalloc(&fresh.arena, (sp->ngateways + 1) *
	    sizeof(*fresh.v));
	if (fresh.v == NULL)
		st = STATUS_NOMEM;
	for (i = 0; i < sp->ngateways && st == STATUS_OK; i++)
		if (sp->gateways[i].prompt != NULL &&
		    followed_find(&fresh, sp->gateways[i].prompt) == NULL)
			st = followed_add(s, &fresh, sp->gateways[i].prompt);
	if (st != STATUS_OK) {		/* those found before stay till then */
		arena_release(&fresh.arena);
		return;
	}
	arena_release(&s->prompts->arena);
	*s->prompts = fresh;
}

bool
gateway_prompt_is(const struct gateway *p, struct slice model)
{
	struct error ignored = { 0 };
	struct prompt_ref asked, own;

	return p->prompt != NULL && memchr(model.p, '@', model.n) != NULL &&
	    prompt_ref_parse(model, &asked, &ignored) == STATUS_OK &&
	    prompt_ref_parse(slice_of(p->prompt), &own, &ignored) == STATUS_OK &&
	    slice_eq(asked.name, own.name);
}

/* What the client is told where there is no version to be had. */
static void
version_refuse(struct gateway_call *g, enum status st, const struct error *why)
{
	if (st == STATUS_NOT_FOUND && g->named.p != NULL)
		(void)reply_error(g, 404, "model_not_found", "the prompt of the "
		    "gateway %s has no such version or label",
		    g->gateway->name);
	else if (st == STATUS_NOT_FOUND || st == STATUS_CORRUPT)
		(void)reply_error(g, 503, "prompt_missing", "the prompt of the "
		    "gateway %s: %s", g->gateway->name, why->text);
	else
		(void)call_fail_status(g->call, st == STATUS_INVALID ? STATUS_IO :
		    st, why);
}

/* The version that the client names, else the gateway's; NULL after an error. */
static const struct prompt_version *
version_find(struct server *s, struct gateway_call *g)
{
	struct call *c = g->call;
	struct followed *f = g->named.p != NULL ? NULL :
	    followed_find(s->prompts, g->gateway->prompt);
	struct prompt_version *v;
	enum status st;

	if (f != NULL && f->version.ref.p != NULL)
		return &f->version;
	if (f != NULL) {
		version_refuse(g, f->why.code, &f->why);
		return NULL;
	}
	v = arena_zalloc(&c->arena, sizeof(*v));
	st = v == NULL ? error_nomem(&c->err) : prompts_get(s->session->store,
	    g->named.p != NULL ? g->named : slice_of(g->gateway->prompt),
	    &c->arena, v, &c->err);
	if (st == STATUS_OK)
		return v;
	version_refuse(g, st, &c->err);
	return NULL;
}

/* Its messages as JSON.  A text is the user's, or the system's before messages. */
static void
messages_write(const struct gateway_call *g, const struct prompt_body *body,
    const struct prompt_message *m, struct buf *out)
{
	struct writer w = WRITER(out, WRITE_KEPT);
	size_t i;

	write_array(&w, NULL);
	for (i = 0; i < body->n; i++) {
		write_object(&w, NULL);
		write_text(&w, "role", m[i].role.p != NULL ? m[i].role :
		    g->request.messages ? SLICE("system") : SLICE("user"));
		write_text(&w, "content", m[i].content);
		write_end(&w);
	}
	write_end(&w);
}

/* The request written with the messages and the config, and read again. */
static enum status
request_fill(struct gateway_call *g, struct slice messages, struct slice config,
    struct error *err)
{
	struct call *c = g->call;
	struct buf out = BUF_INIT;
	struct slice body;
	enum status st = wire_request_prompt(&out, &g->request, messages,
	    config, err);

	if (st == STATUS_OK) {
		body = (struct slice){ arena_copy(&c->arena, out.p, out.n),
		    out.n };
		st = body.p == NULL ? error_nomem(err) : wire_request_read(
		    &g->request, g->api, body, &c->arena, err);
	}
	buf_release(&out);
	return st;
}

static enum status
prompt_fill(struct gateway_call *g, const struct prompt_version *v,
    struct error *err)
{
	struct call *c = g->call;
	struct buf messages = BUF_INIT;
	struct prompt_message *m;
	enum status st;

	g->variables = g->request.variables;
	g->prompt = (struct slice){ arena_str(&c->arena, v->ref), v->ref.n };
	if (g->prompt.p == NULL)
		return error_nomem(err);
	st = prompt_render_text(&v->body, g->variables, true, &c->arena, &m,
	    err);
	if (st == STATUS_OK) {
		messages_write(g, &v->body, m, &messages);
		if ((st = buf_check(&messages, err)) == STATUS_OK)
			st = request_fill(g, buf_slice(&messages),
			    v->body.config, err);
	}
	buf_release(&messages);
	c->apart |= g->request.body.n > JUDGE_HERE_MAX;
	return st;
}

/* Does the client name a prompt that the upstream keeps? */
static bool
names_other(const struct wire_request *r)
{
	uint32_t t = json_get(&r->d, 0, "prompt");

	return t != JSON_NONE && json_kind(&r->d, t) != TOKEN_NULL &&
	    r->variables.p == NULL;
}

bool
gateway_prompt_apply(struct server *s, struct gateway_call *g)
{
	const struct prompt_version *v;
	enum status st;

	if (g->gateway->prompt == NULL) {
		if (g->request.variables.p != NULL)
			(void)reply_error(g, 400, "invalid_request", "prompt: the "
			    "gateway %s has none whose variables could be set",
			    g->gateway->name);
		return g->request.variables.p == NULL;
	}
	if (names_other(&g->request)) {
		(void)reply_error(g, 400, "invalid_request", "prompt: the gateway "
		    "%s has its own, and takes its variables alone",
		    g->gateway->name);
		return false;
	}
	if ((v = version_find(s, g)) == NULL)
		return false;
	st = prompt_fill(g, v, &g->call->err);
	if (st == STATUS_INVALID || st == STATUS_LIMIT)
		(void)reply_error(g, 400, "invalid_request", "prompt: %s",
		    g->call->err.text);
	else if (st != STATUS_OK)
		(void)call_fail_status(g->call, st, &g->call->err);
	return st == STATUS_OK;
}
