/* Prompts: versions and labels. */
#include "tui/cmd/prompt.h"

#include <inttypes.h>
#include <stdio.h>

#include "core/json/write.h"
#include "core/prompt/ref.h"
#include "queue/prompt/import.h"
#include "queue/prompt/prompts.h"
#include "queue/review/review.h"
#include "tui/cmd/action.h"
#include "tui/cmd/prompt_render.h"
#include "tui/cmd/prompt_show.h"

#define LABELS_MOST	32

enum status
prompt_format_value(struct cmd_run *run, enum prompt_format *out, bool *given)
{
	const char *name = cmd_value(run, "format");
	int i;

	if (given != NULL)
		*given = name != NULL;
	*out = PROMPT_LANGFUSE;
	for (i = 0; name != NULL && i < PROMPT_FORMATS; i++)
		if (strcmp(name, prompt_format_names[i]) == 0) {
			*out = (enum prompt_format)i;
			return STATUS_OK;
		}
	return name == NULL ? STATUS_OK : error_set(&run->err, STATUS_INVALID,
	    "--format %s: langfuse or mlflow is wanted", name);
}

enum status
prompt_read_json(struct cmd_run *run, const char *path, struct buf *text,
    struct json *d)
{
	struct json_error why;
	enum status st;

	if ((st = cmd_read(run, path, text)) != STATUS_OK)
		return st;
	st = json_parse(d, buf_slice(text), PROMPT_CONFIG_DEPTH, 0, &why);
	if (st == STATUS_NOMEM)
		return error_nomem(&run->err);
	return st == STATUS_OK ? st : error_set(&run->err, STATUS_INVALID,
	    "%s: not JSON at byte %zu: %s", path, why.offset, why.reason);
}

void
prompt_messages_json(struct writer *w, const char *name,
    const struct prompt_message *m, size_t n)
{
	size_t i;

	write_array(w, name);
	for (i = 0; i < n; i++) {
		write_object(w, NULL);
		/* A text alone is what a user says. */
		write_text(w, "role", m[i].role.p == NULL ? SLICE("user") :
		    m[i].role);
		write_text(w, "content", m[i].content);
		write_end(w);
	}
	write_end(w);
}

static bool
ends_in_json(const char *path)
{
	size_t n = strlen(path);

	return n > 5 && strcmp(path + n - 5, ".json") == 0;
}

/* The file, as the words say that it is to be read. */
static enum status
read_body(struct cmd_run *run, const char *path, struct buf *text,
    struct prompt_body *body, struct arena *arena)
{
	bool chat = cmd_value(run, "chat") != NULL;
	enum status st;

	if ((st = cmd_read(run, path, text)) != STATUS_OK)
		return st;
	if (cmd_value(run, "text") == NULL && !chat)
		chat = ends_in_json(path) || prompt_looks_chat(buf_slice(text));
	*body = (struct prompt_body){ 0 };
	st = prompt_parse(body, buf_slice(text), chat, arena, &run->err);
	return st == STATUS_OK ? st : error_prefix(&run->err, "%s", path);
}

static enum status
read_config(struct cmd_run *run, struct prompt_body *body, struct buf *text,
    struct json *d, struct arena *arena)
{
	const char *path = cmd_value(run, "config");
	enum status st;

	if (path == NULL)
		return STATUS_OK;
	if (!slice_is(body->config, "{}"))
		return error_set(&run->err, STATUS_INVALID, "--config %s: the "
		    "prompt's file has a config too", path);
	if ((st = prompt_read_json(run, path, text, d)) != STATUS_OK)
		return st;
	if (prompt_config(body, d, 0, arena, &run->err) != STATUS_OK ||
	    prompt_make(body, arena, &run->err) != STATUS_OK)
		return error_prefix(&run->err, "%s", path);
	return STATUS_OK;
}

static enum status
print_added(struct cmd_run *run, const struct prompt_adding *a)
{
	const struct prompt_body *body = &a->record.body;
	struct buf b = BUF_INIT;
	struct writer w = WRITER(&b, WRITE_SHOWN);
	char hex[HASH_HEX];
	enum status st;
	size_t i;

	hash_hex(&body->sha256, hex);
	if (cmd_value(run, "json") != NULL) {
		write_object(&w, NULL);
		write_text(&w, "name", a->record.name);
		write_int(&w, "version", a->version);
		write_word(&w, "sha256", hex);
		write_bool(&w, "added", a->outcome == PROMPT_ADDED);
		write_texts(&w, "variables", body->variables, body->nvariables);
		write_end(&w);
		write_line(&w);
	} else {
		buf_printf(&b, "%.*s@%" PRId64 " %s", SLICE_ARG(a->record.name),
		    a->version, a->outcome == PROMPT_ADDED ? "added" :
		    "is that already");
		if (body->chat)
			buf_printf(&b, ": %zu message%s", body->n,
			    body->n == 1 ? "" : "s");
		else
			buf_puts(&b, ": a text");
		for (i = 0; i < body->nvariables; i++)
			buf_printf(&b, "%s%.*s", i == 0 ? ", variables " : ", ",
			    SLICE_ARG(body->variables[i]));
		buf_putc(&b, '\n');
	}
	st = cmd_print(&b, &run->err);
	buf_release(&b);
	return st;
}

static enum status
check_labels(const struct slice *labels, size_t n, struct error *err)
{
	enum status st = STATUS_OK;
	size_t i;

	for (i = 0; i < n && st == STATUS_OK; i++)
		st = prompt_label_check(labels[i], err);
	return st;
}

/* Reads what the words name. */
static enum status
add_read(struct cmd_run *run, struct prompt_adding *a, struct buf *text,
    struct buf *config, struct json *d, struct arena *arena)
{
	struct prompt_record *r = &a->record;
	enum status st;

	if ((st = prompt_name_check(r->name, &run->err)) != STATUS_OK ||
	    (st = check_labels(r->labels, r->nlabels, &run->err)) != STATUS_OK ||
	    (st = read_body(run, run->argv[2], text, &r->body, arena)) !=
	    STATUS_OK)
		return st;
	return read_config(run, &r->body, config, d, arena);
}

static int
add_store(struct cmd_run *run, struct prompt_adding *a)
{
	struct session *s;
	enum status st;

	if ((s = cmd_session(run, CMD_CREATES)) == NULL)
		return EXIT_UNABLE;
	st = prompts_add(s, a, 1, &run->err);
	session_close(s);
	if (st == STATUS_OK)
		st = print_added(run, a);
	return st == STATUS_OK ? EXIT_WELL : cmd_fail(run);
}

static int
add_cmd(struct cmd_run *run)
{
	struct slice labels[LABELS_MOST];
	struct prompt_adding a = { .move = true, .record = {
	    .note = slice_of(cmd_value(run, "note")), .labels = labels } };
	struct buf text = BUF_INIT, config = BUF_INIT;
	struct arena arena = ARENA_INIT;
	struct json d = JSON_INIT;
	int rc;

	if (run->argc != 3)
		return cmd_usage(run, "add: a NAME and a FILE are wanted");
	a.record.name = slice_of(run->argv[1]);
	a.record.nlabels = review_labels(cmd_value(run, "label"), labels,
	    LABELS_MOST);
	if (add_read(run, &a, &text, &config, &d, &arena) == STATUS_OK)
		rc = add_store(run, &a);
	else
		rc = cmd_fail(run);
	json_release(&d);
	buf_release(&text);
	buf_release(&config);
	arena_release(&arena);
	return rc;
}

static enum status
print_move(struct cmd_run *run, struct slice name, const char *label,
    int64_t from, int64_t to)
{
	struct buf b = BUF_INIT;
	struct writer w = WRITER(&b, WRITE_SHOWN);
	enum status st;

	if (cmd_value(run, "json") != NULL) {
		write_object(&w, NULL);
		write_text(&w, "name", name);
		write_word(&w, "label", label);
		write_count(&w, "from", from == 0 ? -1 : from);
		write_int(&w, "to", to);
		write_end(&w);
		write_line(&w);
	} else if (from == to)
		buf_printf(&b, "%.*s@%s is %" PRId64 " already\n",
		    SLICE_ARG(name), label, to);
	else if (from == 0)
		buf_printf(&b, "%.*s@%s: %" PRId64 "\n", SLICE_ARG(name), label,
		    to);
	else
		buf_printf(&b, "%.*s@%s: %" PRId64 " -> %" PRId64 "\n",
		    SLICE_ARG(name), label, from, to);
	st = cmd_print(&b, &run->err);
	buf_release(&b);
	return st;
}

static int
label_cmd(struct cmd_run *run)
{
	struct prompt_ref ref;
	struct session *s;
	int64_t from, to;
	enum status st;

	if (run->argc != 3)
		return cmd_usage(run, "label: a version and a label are wanted, "
		    "like NAME@3 production");
	if (prompt_ref_parse(slice_of(run->argv[1]), &ref, &run->err) !=
	    STATUS_OK || prompt_label_check(slice_of(run->argv[2]),
	    &run->err) != STATUS_OK)
		return cmd_fail(run);
	if (ref.name.n == strlen(run->argv[1]))
		return cmd_usage(run, "label: %s: of which version? %s@latest is "
		    "the newest", run->argv[1], run->argv[1]);
	if ((s = cmd_session(run, CMD_WRITES)) == NULL)
		return EXIT_UNABLE;
	st = prompts_label(s, slice_of(run->argv[1]), slice_of(run->argv[2]),
	    &from, &to, &run->err);
	session_close(s);
	if (st == STATUS_OK)
		st = print_move(run, ref.name, run->argv[2], from, to);
	return st == STATUS_OK ? EXIT_WELL : cmd_fail(run);
}

static void
complain(void *arg, const char *line)
{
	cmd_complain(arg, line);
}

static enum status
print_imported(struct cmd_run *run, const struct prompts_import_counts *c)
{
	struct buf b = BUF_INIT;
	struct writer w = WRITER(&b, WRITE_SHOWN);
	enum status st;

	if (cmd_value(run, "json") != NULL) {
		write_object(&w, NULL);
		write_int(&w, "imported", c->added);
		write_int(&w, "known", c->known);
		write_int(&w, "conflicts", c->conflicts);
		write_int(&w, "refused", c->refused);
		write_end(&w);
		write_line(&w);
	} else
		buf_printf(&b, "imported %" PRId64 "; %" PRId64 " known, %" PRId64
		    " conflicts, %" PRId64 " refused\n", c->added, c->known,
		    c->conflicts, c->refused);
	st = cmd_print(&b, &run->err);
	buf_release(&b);
	return st;
}

static int
import_cmd(struct cmd_run *run)
{
	enum prompt_format format;
	struct prompts_import_options o = {
		.move = cmd_value(run, "move") != NULL,
		.complain = complain, .arg = run
	};
	struct prompts_import_counts c;
	struct buf text = BUF_INIT;
	struct session *s;
	enum status st;
	bool given;

	if (run->argc != 2)
		return cmd_usage(run, "import: a FILE is wanted");
	if (prompt_format_value(run, &format, &given) != STATUS_OK ||
	    cmd_read(run, run->argv[1], &text) != STATUS_OK) {
		buf_release(&text);
		return cmd_fail(run);
	}
	o.format = given ? &format : NULL;
	if ((s = cmd_session(run, CMD_CREATES)) == NULL) {
		buf_release(&text);
		return EXIT_UNABLE;
	}
	if ((st = prompts_import(s, buf_slice(&text), &o, &c, &run->err)) !=
	    STATUS_OK)
		(void)error_prefix(&run->err, "%s", run->argv[1]);
	session_close(s);
	buf_release(&text);
	if (st == STATUS_OK)
		st = print_imported(run, &c);
	if (st != STATUS_OK)
		return cmd_fail(run);
	return c.conflicts + c.refused > 0 ? EXIT_SHORT : EXIT_WELL;
}

static const struct cmd_action actions[] = {
	{ "add", 3, add_cmd, "config chat text note label json " },
	{ "list", 2, prompt_list_cmd, "json " },
	{ "show", 2, prompt_show_cmd, "json " },
	{ "diff", 3, prompt_diff_cmd, "" },
	{ "label", 3, label_cmd, "json " },
	{ "render", 2, prompt_render_cmd, "vars json " },
	{ "import", 2, import_cmd, "format move json " },
	{ "export", CMD_OPERANDS_ANY, prompt_export_cmd, "format output " },
	{ NULL, 0, NULL, NULL }
};

static int
prompt_cmd(struct cmd_run *run)
{
	return cmd_act(run, actions);
}

static const struct cmd_option options[] = {
	{ "config", 0, "FILE", "add: JSON to keep with it, such as the model's "
	    "parameters" },
	{ "chat", 0, NULL, "add: FILE is JSON messages, whatever its name" },
	{ "text", 0, NULL, "add: FILE is a text, whatever its name" },
	{ "note", 0, "TEXT", "add: what is new in it" },
	{ "label", 'l', "LABEL,...", "add: labels that point at it from now on" },
	{ "vars", 0, "FILE", "render: the variables, a JSON object" },
	{ "format", 'f', "FORMAT", "import, export: langfuse or mlflow" },
	{ "move", 0, NULL, "import: labels too that point elsewhere already" },
	{ "output", 'o', "FILE", "export: to this file, whole or not at all" },
	{ "json", 0, NULL, "one JSON object; list: JSON Lines" },
	{ NULL, 0, NULL, NULL }
};
const struct cmd cmd_prompt = {
	"prompt", "add NAME FILE|list [NAME]|show PROMPT|diff PROMPT PROMPT|"
	"label PROMPT LABEL|render PROMPT [--vars FILE]|import FILE|"
	"export [PROMPT]...",
	"prompts: versions that never change, and labels", options,
	"add|list|show|diff|label|render|import|export", prompt_cmd
};
