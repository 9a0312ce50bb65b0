#include "tui/cmd/prompt_show.h"

#include <stdio.h>

#include "core/base/text.h"
#include "core/base/time.h"
#include "core/json/write.h"
#include "queue/file.h"
#include "queue/prompt/prompts.h"
#include "queue/review/item_json.h"
#include "tui/cmd/diff.h"
#include "tui/cmd/prompt.h"

#define SHA_SHORT	12	/* digits of a SHA-256 that people see */

/* One walk over versions. */
struct prompt_walk {
	struct cmd_run		*run;
	struct session		*s;
	struct buf		 b;
	struct arena		 arena;		/* reset a version */
	struct out_file		*out;		/* export: NULL for standard output */
	enum prompt_format	 format;
	int64_t			 n;
};

/* The labels of one version: all of them, and their names alone. */
struct prompt_labels {
	struct prompt_label	*v;
	struct slice		*names;
	size_t			 n;
};

static enum status
labels_of(struct prompt_walk *w, const struct prompt_version *v,
    struct prompt_labels *out, struct error *err)
{
	size_t count, i;
	enum status st = prompts_labels(w->s->store, v->name, SLICE_NONE,
	    &w->arena, &out->v, &count, err);

	out->n = 0;
	if (st != STATUS_OK)
		return st;
	out->names = arena_alloc(&w->arena, (count + 1) * sizeof(*out->names));
	if (out->names == NULL)
		return error_nomem(err);
	for (i = 0; i < count; i++)
		if (out->v[i].version == v->version) {
			out->names[out->n] = out->v[i].label;
			out->v[out->n++] = out->v[i];
		}
	return STATUS_OK;
}

static void
write_head(struct writer *w, const struct prompt_version *v,
    const struct prompt_labels *labels)
{
	char hex[HASH_HEX];

	hash_hex(&v->body.sha256, hex);
	write_text(w, "prompt", v->ref);
	write_text(w, "name", v->name);
	write_int(w, "version", v->version);
	write_word(w, "type", v->body.chat ? "chat" : "text");
	write_word(w, "sha256", hex);
	write_texts(w, "labels", labels->names, labels->n);
	write_texts(w, "variables", v->body.variables, v->body.nvariables);
	write_text(w, "note", v->note);
	write_stored(w, "tags", v->tags);
	write_text(w, "by", v->by);
	write_time(w, "added_at", v->ts_ms);
	write_int(w, "seq", v->seq);
}

static void
put_list(struct buf *b, const char *head, const struct slice *v, size_t n)
{
	size_t i;

	if (n == 0)
		return;
	buf_printf(b, "%-11s", head);
	for (i = 0; i < n; i++) {
		if (i > 0)
			buf_puts(b, ", ");
		text_sanitize_line(b, v[i], v[i].n);
	}
	buf_putc(b, '\n');
}

static enum status
list_one(void *arg, const struct prompt_version *v, struct error *err)
{
	struct prompt_walk *w = arg;
	struct writer j = WRITER(&w->b, WRITE_SHOWN);
	char at[TIME_LOCAL], hex[HASH_HEX];
	struct prompt_labels labels;
	enum status st;
	size_t i;

	arena_reset(&w->arena);
	if ((st = labels_of(w, v, &labels, err)) != STATUS_OK)
		return st;
	if (cmd_value(w->run, "json") != NULL) {
		write_object(&j, NULL);
		write_head(&j, v, &labels);
		write_end(&j);
		write_line(&j);
	} else {
		hash_hex(&v->body.sha256, hex);
		time_local(v->ts_ms, at);
		buf_printf(&w->b, "%.*s  %s  ", SHA_SHORT, hex, at);
		text_sanitize_line(&w->b, v->by, 20);
		buf_puts(&w->b, "  ");
		text_sanitize_line(&w->b, v->ref, v->ref.n);
		for (i = 0; i < labels.n; i++)
			buf_printf(&w->b, "%s%.*s", i == 0 ? "  " : ", ",
			    SLICE_ARG(labels.names[i]));
		buf_putc(&w->b, '\n');
	}
	w->n++;
	return cmd_print(&w->b, err);
}

static void
walk_end(struct prompt_walk *w)
{
	buf_release(&w->b);
	arena_release(&w->arena);
	session_close(w->s);
}

int
prompt_list_cmd(struct cmd_run *run)
{
	struct prompt_walk w = { .run = run };
	struct slice name = slice_of(run->argc > 1 ? run->argv[1] : NULL);
	enum status st;

	if ((w.s = cmd_session(run, 0)) == NULL)
		return EXIT_UNABLE;
	if (cmd_value(run, "json") == NULL)
		cmd_pager();
	st = prompts_each(w.s->store, name, list_one, &w, &run->err);
	if (st == STATUS_OK && name.p != NULL && w.n == 0)
		st = error_set(&run->err, STATUS_NOT_FOUND, "%s: no such prompt",
		    run->argv[1]);
	walk_end(&w);
	return st == STATUS_OK ? EXIT_WELL : cmd_fail(run);
}

static void
put_head(struct buf *b, const struct prompt_version *v,
    const struct prompt_labels *labels)
{
	char at[TIME_LOCAL], hex[HASH_HEX];
	struct slice about = SLICE_NONE;
	size_t i;

	hash_hex(&v->body.sha256, hex);
	time_local(v->ts_ms, at);
	text_sanitize_line(b, v->ref, v->ref.n);
	buf_printf(b, "  %s\nsha256     %s\nadded      %s by ",
	    v->body.chat ? "chat" : "text", hex, at);
	text_sanitize_line(b, v->by, v->by.n);
	buf_putc(b, '\n');
	for (i = 0; i < labels->n; i++) {
		time_local(labels->v[i].ts_ms, at);
		buf_printf(b, "label      %.*s, since %s by ",
		    SLICE_ARG(labels->names[i]), at);
		text_sanitize_line(b, labels->v[i].by, 60);
		buf_putc(b, '\n');
	}
	put_list(b, "variables", v->body.variables, v->body.nvariables);
	about = v->note;
	put_list(b, "note", &about, about.p != NULL ? 1 : 0);
	about = v->tags;
	put_list(b, "tags", &about, about.p != NULL ? 1 : 0);
	about = v->body.config;
	put_list(b, "config", &about, slice_is(about, "{}") ? 0 : 1);
}

/* The template for people, and for diff(1): whole lines. */
static void
put_template(struct buf *b, const struct prompt_body *body)
{
	const struct prompt_message *m;
	size_t i;

	for (i = 0; i < body->n; i++) {
		m = &body->messages[i];
		if (body->chat)
			buf_printf(b, "%s[%.*s]\n", i == 0 ? "" : "\n",
			    SLICE_ARG(m->role));
		buf_add_slice(b, m->content);
		if (m->content.n > 0 && m->content.p[m->content.n - 1] != '\n')
			buf_putc(b, '\n');
	}
}

static enum status
show_one(struct prompt_walk *w, const struct prompt_version *v,
    struct error *err)
{
	struct writer j = WRITER(&w->b, WRITE_SHOWN);
	struct buf raw = BUF_INIT;
	struct prompt_labels labels;
	enum status st;

	if ((st = labels_of(w, v, &labels, err)) != STATUS_OK)
		return st;
	if (cmd_value(w->run, "json") != NULL) {
		write_object(&j, NULL);
		write_head(&j, v, &labels);
		write_raw(&j, "config", v->body.config);
		if (v->body.chat)
			write_null(&j, "text");
		else
			write_text(&j, "text", v->body.messages[0].content);
		if (v->body.chat)
			prompt_messages_json(&j, "messages", v->body.messages,
			    v->body.n);
		else
			write_null(&j, "messages");
		write_end(&j);
		write_line(&j);
	} else {
		cmd_pager();
		put_head(&w->b, v, &labels);
		buf_putc(&w->b, '\n');
		put_template(&raw, &v->body);
		text_sanitize(&w->b, buf_slice(&raw), TEXT_CLI);
	}
	st = buf_check(&raw, err);
	buf_release(&raw);
	return st == STATUS_OK ? cmd_print(&w->b, err) : st;
}

int
prompt_show_cmd(struct cmd_run *run)
{
	struct prompt_walk w = { .run = run };
	struct prompt_version v;
	enum status st;

	if (run->argc != 2)
		return cmd_usage(run, "show: a prompt is wanted, like NAME@3");
	if ((w.s = cmd_session(run, 0)) == NULL)
		return EXIT_UNABLE;
	st = prompts_get(w.s->store, slice_of(run->argv[1]), &w.arena, &v,
	    &run->err);
	if (st == STATUS_OK)
		st = show_one(&w, &v, &run->err);
	walk_end(&w);
	return st == STATUS_OK ? EXIT_WELL : cmd_fail(run);
}

/* Template and config as text. */
static void
put_all(struct buf *b, const struct prompt_body *body)
{
	if (!slice_is(body->config, "{}")) {
		buf_puts(b, "config ");
		buf_add_slice(b, body->config);
		buf_puts(b, "\n\n");
	}
	put_template(b, body);
}

static enum status
diff_two(struct cmd_run *run, const struct prompt_version *a,
    const struct prompt_version *z)
{
	struct buf old = BUF_INIT, new = BUF_INIT, raw = BUF_INIT, safe = BUF_INIT;
	char label_a[512], label_z[512];
	enum status st;

	(void)snprintf(label_a, sizeof(label_a), "%.*s", SLICE_ARG(a->ref));
	(void)snprintf(label_z, sizeof(label_z), "%.*s", SLICE_ARG(z->ref));
	put_all(&old, &a->body);
	put_all(&new, &z->body);
	if ((st = buf_check(&old, &run->err)) == STATUS_OK &&
	    (st = buf_check(&new, &run->err)) == STATUS_OK)
		st = diff_bytes(&raw, buf_slice(&old), buf_slice(&new), label_a,
		    label_z, &run->err);
	if (st == STATUS_OK) {
		cmd_pager();
		text_sanitize(&safe, buf_slice(&raw), TEXT_CLI);
		st = cmd_print_raw(cmd_on_terminal() ? &safe : &raw, &run->err);
	}
	buf_release(&old);
	buf_release(&new);
	buf_release(&raw);
	buf_release(&safe);
	return st;
}

int
prompt_diff_cmd(struct cmd_run *run)
{
	struct prompt_walk w = { .run = run };
	struct prompt_version a, z;
	bool differ = false;
	enum status st;

	if (run->argc != 3)
		return cmd_usage(run, "diff: two prompts are wanted, like NAME@2 "
		    "NAME@3");
	if ((w.s = cmd_session(run, 0)) == NULL)
		return EXIT_UNABLE;
	if ((st = prompts_get(w.s->store, slice_of(run->argv[1]), &w.arena, &a,
	    &run->err)) == STATUS_OK &&
	    (st = prompts_get(w.s->store, slice_of(run->argv[2]), &w.arena, &z,
	    &run->err)) == STATUS_OK) {
		differ = !hash_eq(&a.body.sha256, &z.body.sha256);
		if (differ)
			st = diff_two(run, &a, &z);
	}
	walk_end(&w);
	if (st != STATUS_OK)
		return cmd_fail(run);
	return differ ? EXIT_SHORT : EXIT_WELL;
}

static enum status
export_one(void *arg, const struct prompt_version *v, struct error *err)
{
	struct prompt_walk *w = arg;
	struct prompt_record r = { .name = v->name, .version = v->version,
	    .body = v->body, .note = v->note, .tags = v->tags };
	struct prompt_labels labels;
	enum status st;

	if ((st = labels_of(w, v, &labels, err)) != STATUS_OK)
		return st;
	r.labels = labels.names;
	r.nlabels = labels.n;
	if ((st = prompt_export(&w->b, &r, w->format, &w->arena, err)) !=
	    STATUS_OK)
		return st;
	w->n++;
	if (w->out == NULL)
		return cmd_on_terminal() ? cmd_print(&w->b, err) :
		    cmd_print_raw(&w->b, err);
	st = out_file_add(w->out, buf_slice(&w->b), err);
	buf_clear(&w->b);
	arena_reset(&w->arena);
	return st;
}

/* A name alone means all of its versions. */
static enum status
export_named(struct prompt_walk *w, const char *ref, struct error *err)
{
	struct arena arena = ARENA_INIT;
	struct prompt_version v;
	int64_t before = w->n;
	enum status st;

	if (strchr(ref, '@') != NULL) {
		st = prompts_get(w->s->store, slice_of(ref), &arena, &v, err);
		if (st == STATUS_OK)
			st = export_one(w, &v, err);
	} else {
		st = prompts_each(w->s->store, slice_of(ref), export_one, w, err);
		if (st == STATUS_OK && w->n == before)
			st = error_set(err, STATUS_NOT_FOUND, "%s: no such prompt",
			    ref);
	}
	arena_release(&arena);
	return st;
}

int
prompt_export_cmd(struct cmd_run *run)
{
	struct prompt_walk w = { .run = run };
	const char *path = cmd_value(run, "output");
	struct out_file file = { 0 };
	enum status st = STATUS_OK;
	int i;

	if (prompt_format_value(run, &w.format, NULL) != STATUS_OK)
		return cmd_fail(run);
	if ((w.s = cmd_session(run, 0)) == NULL)
		return EXIT_UNABLE;
	if (path != NULL && strcmp(path, "-") != 0) {
		w.out = &file;
		st = out_file_open(&file, path, 0600, &run->err);
	}
	if (st == STATUS_OK && run->argc == 1)
		st = prompts_each(w.s->store, SLICE_NONE, export_one, &w,
		    &run->err);
	for (i = 1; i < run->argc && st == STATUS_OK; i++)
		st = export_named(&w, run->argv[i], &run->err);
	if (st == STATUS_OK && w.out != NULL)
		st = out_file_commit(&file, &run->err);
	if (w.out != NULL)
		out_file_drop(&file);
	walk_end(&w);
	return st == STATUS_OK ? EXIT_WELL : cmd_fail(run);
}
