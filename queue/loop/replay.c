#include "queue/loop/replay.h"

#include "core/json/value.h"
#include "core/json/write.h"
#include "core/prompt/render.h"
#include "queue/loop/stored.h"

static struct slice
member(const struct json *j, uint32_t message, const char *key,
    struct arena *arena)
{
	uint32_t t = json_get_value(j, message, key);

	return t != JSON_NONE && json_kind(j, t) == TOKEN_STRING ?
	    json_text(j, t, arena) : SLICE_NONE;
}

/* Is that the message at t?  A text has no role of its own. */
static bool
is_message(const struct json *j, uint32_t t, const struct prompt_message *m,
    struct arena *arena)
{
	struct slice content = member(j, t, "content", arena);

	return content.p != NULL && slice_eq(content, m->content) &&
	    (m->role.p == NULL || slice_eq(m->role, member(j, t, "role",
	    arena)));
}

static bool
is_system(const struct json *j, uint32_t t, struct arena *arena)
{
	struct slice role = member(j, t, "role", arena);

	return slice_is(role, "system") || slice_is(role, "developer");
}

/* How many messages are those of that version; 0 where they are others, or where
 * the store does not have it. */
static uint32_t
prompt_length(struct session *s, const struct json *j, struct slice ref,
    struct slice vars, struct arena *arena)
{
	const struct suite_prompt *p;
	struct prompt_message *m;
	struct error why = { 0 };
	const char *name = arena_str(arena, ref);
	uint32_t t;
	size_t i = 0;

	if (ref.n == 0 || name == NULL || stored_prompt(s, name, arena, &p,
	    &why) != STATUS_OK || prompt_render_text(p->body, vars, false,
	    arena, &m, &why) != STATUS_OK)
		return 0;
	for (t = json_first(j, 0); t != JSON_NONE && i < p->body->n;
	    t = json_next(j, 0, t), i++)
		if (!is_message(j, t, &m[i], arena))
			return 0;
	return i == p->body->n ? (uint32_t)i : 0;
}

/* The variables that a gateway kept of the client's. */
static struct slice
variables(struct slice metadata, struct arena *arena)
{
	struct json j = JSON_INIT;
	struct json_error why;
	struct slice out = SLICE_NONE;
	uint32_t t;

	if (metadata.p != NULL && json_parse(&j, metadata, JSON_DEPTH_MAX,
	    JSON_NUL_ALLOWED, &why) == STATUS_OK &&
	    json_kind(&j, 0) == TOKEN_OBJECT &&
	    (t = json_get_value(&j, 0, "variables")) != JSON_NONE &&
	    json_kind(&j, t) == TOKEN_OBJECT) {
		out = json_raw(&j, t);
		out.p = arena_copy(arena, out.p, out.n);
	}
	json_release(&j);
	return out;
}

static enum status
rest_keep(const struct json *j, uint32_t skip, struct suite_case *c,
    struct arena *arena, struct error *err)
{
	struct buf b = BUF_INIT;
	struct writer w = WRITER(&b, WRITE_KEPT);
	uint32_t t, n = 0;
	enum status st;

	write_array(&w, NULL);
	for (t = json_first(j, 0); t != JSON_NONE; t = json_next(j, 0, t))
		if (n++ >= skip)
			write_raw(&w, NULL, json_raw(j, t));
	write_end(&w);
	if ((st = buf_check(&b, err)) == STATUS_OK) {
		c->messages = (struct slice){ arena_copy(arena, b.p, b.n), b.n };
		if (c->messages.p == NULL)
			st = error_nomem(err);
	}
	/* A prompt alone is the user's message then. */
	if (st == STATUS_OK && n <= skip)
		c->messages = SLICE_NONE;
	buf_release(&b);
	return st;
}

static enum status
case_take(struct answers *a, struct session *s, const struct eval_answer *v,
    struct arena *arena, struct error *err)
{
	struct suite_case *c = &a->cases[v->at];
	struct json j = JSON_INIT;
	struct json_error why;
	enum status st = STATUS_OK;
	uint32_t t, skip;

	c->vars = variables(c->metadata, &a->arena);
	if (c->messages.p != NULL && json_parse(&j, c->messages, JSON_DEPTH_MAX,
	    JSON_NUL_ALLOWED, &why) == STATUS_OK &&
	    json_kind(&j, 0) == TOKEN_ARRAY) {
		skip = prompt_length(s, &j, v->item.prompt, c->vars, arena);
		for (t = skip == 0 ? json_first(&j, 0) : JSON_NONE;
		    t != JSON_NONE && is_system(&j, t, arena);
		    t = json_next(&j, 0, t))
			skip++;
		if (skip > 0)
			st = rest_keep(&j, skip, c, &a->arena, err);
	}
	json_release(&j);
	return st;
}

enum status
replay_cases(struct answers *a, struct session *s, struct error *err)
{
	struct arena arena = ARENA_INIT;
	enum status st = STATUS_OK;
	size_t i;

	for (i = 0; i < a->n && st == STATUS_OK; i++) {
		arena_reset(&arena);
		st = case_take(a, s, &a->v[i], &arena, err);
	}
	arena_release(&arena);
	return st;
}
