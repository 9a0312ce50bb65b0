#include "queue/loop/stored.h"

#include "core/json/value.h"
#include "core/json/write.h"
#include "core/prompt/ref.h"
#include "core/prompt/render.h"
#include "queue/prompt/prompts.h"

enum status
stored_prompt(struct session *s, const char *ref, struct arena *arena,
    const struct suite_prompt **out, struct error *err)
{
	struct prompt_version *v = arena_zalloc(arena, sizeof(*v));
	struct suite_prompt *p = arena_zalloc(arena, sizeof(*p));
	enum status st;

	if (v == NULL || p == NULL)
		return error_nomem(err);
	st = prompts_get(s->store, slice_of(ref), arena, v, err);
	if (st == STATUS_NOT_FOUND) {
		/* Nothing can be run then; "not found" is what a run may find. */
		err->code = STATUS_INVALID;
		st = STATUS_INVALID;
	}
	if (st != STATUS_OK)
		return error_prefix(err, "prompt");
	*p = (struct suite_prompt){ .name = v->ref.p, .stored = v->ref.p,
	    .chat = v->body.chat, .body = &v->body };
	*out = p;
	return STATUS_OK;
}

static void
message_put(struct writer *w, struct slice role, struct slice content)
{
	write_object(w, NULL);
	write_text(w, "role", role);
	write_text(w, "content", content);
	write_end(w);
}

enum status
stored_messages(const struct suite_prompt *p, const struct suite_case *c,
    const struct json *vars, struct buf *out, struct error *err)
{
	struct writer w = WRITER(out, WRITE_KEPT);
	struct arena arena = ARENA_INIT;
	struct prompt_message *m;
	enum status st;
	size_t i;

	if ((st = prompt_render(p->body, vars, false, &arena, &m, err)) ==
	    STATUS_OK) {
		write_array(&w, NULL);
		for (i = 0; i < p->body->n; i++)
			message_put(&w, m[i].role.p != NULL ? m[i].role :
			    c->messages.n > 2 ? SLICE("system") :
			    SLICE("user"), m[i].content);
		if (c->messages.n > 2)
			write_inside(&w, c->messages);
		write_end(&w);
	}
	arena_release(&arena);
	return st;
}

enum status
stored_rubric(struct session *s, const char *ref, struct arena *arena,
    const struct suite_prompt **out, struct error *err)
{
	struct prompt_ref parsed;

	if (prompt_ref_parse(slice_of(ref), &parsed, err) != STATUS_OK)
		return err->code;
	if (parsed.version == 0)
		return error_set(err, STATUS_INVALID, "judge = \"%s\": a version "
		    "is wanted, such as %.*s@1: where a label moves, runs cannot "
		    "be compared", ref, SLICE_ARG(parsed.name));
	if (stored_prompt(s, ref, arena, out, err) != STATUS_OK)
		return err->code;
	return !(*out)->chat ? STATUS_OK : error_set(err, STATUS_INVALID,
	    "judge = \"%s\": that prompt has messages; a text is wanted", ref);
}

/* The variables of the case, with what it expects beside them. */
static void
variables_put(const struct suite_case *c, const struct json *vars,
    struct buf *out)
{
	struct writer w = WRITER(out, WRITE_KEPT);
	bool own = vars->n > 0 && json_get(vars, 0, "expect") != JSON_NONE;

	write_object(&w, NULL);
	if (c->vars.p != NULL)
		write_inside(&w, c->vars);
	if (c->expect.p != NULL && !own)
		write_raw(&w, "expect", c->expect);
	write_end(&w);
}

enum status
stored_criterion(const struct suite_prompt *p, const struct suite_case *c,
    struct buf *out, struct error *err)
{
	struct arena arena = ARENA_INIT;
	struct json vars = JSON_INIT;
	struct buf all = BUF_INIT;
	struct json_error why;
	struct prompt_message *m;
	enum status st;

	st = json_parse(&vars, c->vars.p == NULL ? SLICE("{}") : c->vars,
	    JSON_DEPTH_MAX, JSON_NUL_ALLOWED, &why);
	if (st != STATUS_OK)
		st = error_set(err, st, "vars: %s", why.reason);
	else {
		variables_put(c, &vars, &all);
		st = buf_check(&all, err);
	}
	if (st == STATUS_OK && (st = prompt_render_text(p->body,
	    buf_slice(&all), false, &arena, &m, err)) == STATUS_OK)
		buf_add_slice(out, m[0].content);
	if (st != STATUS_OK)
		st = error_prefix(err, "case %.200s: judge %s", c->id, p->name);
	buf_release(&all);
	json_release(&vars);
	arena_release(&arena);
	return st;
}
