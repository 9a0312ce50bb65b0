#include "tui/cmd/prompt_render.h"

#include <stdio.h>

#include "core/base/text.h"
#include "core/json/write.h"
#include "core/prompt/render.h"
#include "queue/prompt/prompts.h"
#include "tui/cmd/prompt.h"

static enum status
print_rendered(struct cmd_run *run, const struct prompt_version *v,
    const struct prompt_message *m)
{
	bool json = cmd_value(run, "json") != NULL;
	struct buf b = BUF_INIT;
	struct writer w = WRITER(&b, WRITE_SHOWN);
	char hex[HASH_HEX];
	enum status st;

	hash_hex(&v->body.sha256, hex);
	if (json) {
		write_object(&w, NULL);
		write_text(&w, "prompt", v->ref);
		write_word(&w, "sha256", hex);
		prompt_messages_json(&w, "messages", m, v->body.n);
		write_raw(&w, "config", v->body.config);
		write_end(&w);
		write_line(&w);
	} else if (v->body.chat) {
		prompt_messages_json(&w, NULL, m, v->body.n);
		write_line(&w);
	} else if (cmd_on_terminal())
		text_sanitize(&b, m[0].content, TEXT_CLI);
	else			/* for a program: the very bytes */
		buf_add_slice(&b, m[0].content);
	st = cmd_print_raw(&b, &run->err);
	buf_release(&b);
	return st;
}

#define UNKNOWN_TOLD	5	/* variables too many that are told by name */

struct prompt_unknowns {
	struct cmd_run	*run;
	size_t		 n;
};

static enum status
complain(void *arg, struct slice name, struct error *err)
{
	struct prompt_unknowns *u = arg;
	struct buf line = BUF_INIT;

	(void)err;
	if (u->n++ < UNKNOWN_TOLD) {
		buf_printf(&line, "variable %.*s: the prompt has none of that "
		    "name", name.n > 80 ? 80 : (int)name.n, name.p);
		cmd_complain(u->run, buf_str(&line));
	}
	buf_release(&line);
	return STATUS_OK;
}

static enum status
tell_unknown(struct cmd_run *run, const struct prompt_body *body,
    const struct json *vars, struct arena *arena)
{
	struct prompt_unknowns u = { run, 0 };
	enum status st = prompt_unknown(body, vars, complain, &u, arena,
	    &run->err);
	char line[64];

	if (u.n > UNKNOWN_TOLD) {
		(void)snprintf(line, sizeof(line), "and %zu more variables",
		    u.n - UNKNOWN_TOLD);
		cmd_complain(run, line);
	}
	return st;
}

int
prompt_render_cmd(struct cmd_run *run)
{
	const char *path = cmd_value(run, "vars");
	struct buf text = BUF_INIT;
	struct arena arena = ARENA_INIT;
	struct json d = JSON_INIT;
	struct prompt_version v;
	struct prompt_message *m;
	struct session *s = NULL;
	enum status st = STATUS_OK;
	int rc = EXIT_UNABLE;

	if (run->argc != 2)
		return cmd_usage(run, "render: a prompt is wanted, like NAME@3");
	if (path != NULL)
		st = prompt_read_json(run, path, &text, &d);
	if (st == STATUS_OK && (s = cmd_session(run, 0)) == NULL)
		goto out;
	if (st == STATUS_OK)
		st = prompts_get(s->store, slice_of(run->argv[1]), &arena, &v,
		    &run->err);
	if (st == STATUS_OK && prompt_render(&v.body, path == NULL ? NULL : &d,
	    false, &arena, &m, &run->err) != STATUS_OK)
		st = error_prefix(&run->err, "%.*s", SLICE_ARG(v.ref));
	if (st == STATUS_OK && path != NULL)
		st = tell_unknown(run, &v.body, &d, &arena);
	if (st == STATUS_OK)
		st = print_rendered(run, &v, m);
	rc = st == STATUS_OK ? EXIT_WELL : cmd_fail(run);
out:
	session_close(s);
	json_release(&d);
	buf_release(&text);
	arena_release(&arena);
	return rc;
}
