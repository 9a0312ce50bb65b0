#include "tui/review/hand.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/text.h"
#include "queue/export/export.h"
#include "queue/file.h"
#include "queue/review/item_json.h"
#include "tui/review/count.h"
#include "tui/review/item_view.h"
#include "tui/review/printed.h"
#include "tui/review/queue_list.h"
#include "tui/review/review.h"
#include "tui/screen/pager.h"
#include "tui/screen/tty.h"

#define PAGE		256

static enum status
memory_file(int *fd, struct slice text, struct error *err)
{
	ssize_t got = 0;

	*fd = memfd_create("handrail", MFD_CLOEXEC);
	while (*fd >= 0 && text.n > 0 && got >= 0) {
		got = write(*fd, text.p, text.n);
		if (got > 0) {
			text.p += got;
			text.n -= (size_t)got;
		}
	}
	if (*fd >= 0 && got >= 0 && lseek(*fd, 0, SEEK_SET) == 0)
		return STATUS_OK;
	return error_set(err, STATUS_IO, "a file in memory: %s",
	    strerror(errno));
}

/* The beginning of what was printed, fit to be shown. */
static void
printed_show(struct screen *scr, const struct buf *raw, bool more, int code)
{
	struct buf clean = BUF_INIT;

	text_sanitize(&clean, (struct slice){ raw->p, raw->n }, TEXT_CLI);
	if (raw->n > 0)
		pager_show(scr, "What the command printed", buf_slice(&clean));
	if (more)
		screen_fail(scr, "the command printed over 1 MiB: only the "
		    "beginning is kept");
	else if (code < 0)
		screen_fail(scr, "a signal ended the command");
	else if (code != 0)
		screen_fail(scr, "the command ended with %d", code);
	else
		screen_say(scr, raw->n > 0 ? "done" :
		    "done; the command printed nothing");
	buf_release(&clean);
}

/* While it runs the terminal would be empty: what it prints is kept. */
static enum status
pipe_run(char *const argv[], const int fd[2], int *code, struct error *err)
{
	struct buf shown = BUF_INIT;
	enum status st;

	buf_puts(&shown, "running: ");
	text_sanitize_line(&shown, slice_of(argv[2]), SIZE_MAX);
	buf_puts(&shown, "  (^C ends it)\n");
	st = tty_run(argv, fd, buf_slice(&shown), code, err);
	buf_release(&shown);
	return st;
}

static void
pipe_typed(struct screen *scr, void *arg, struct slice text)
{
	const struct item_detail *d = item_view_detail(scr);
	struct error err = { STATUS_OK, "" };
	int fd[2] = { -1, -1 }, code = 0;
	char *command, *argv[4] = { "sh", "-c", NULL, NULL };
	struct buf raw = BUF_INIT;
	struct printed *p = NULL;
	bool more = false;
	enum status st;

	(void)arg;
	if (text.n == 0 || d == NULL)
		return;
	if ((command = strndup(text.p, text.n)) == NULL) {
		screen_fail(scr, "out of memory");
		return;
	}
	argv[2] = command;
	st = memory_file(&fd[0], d->item.output, &err);
	if (st == STATUS_OK)
		st = printed_begin(&p, &fd[1], &err);
	if (st == STATUS_OK)
		st = pipe_run(argv, fd, &code, &err);
	if (p != NULL)
		more = printed_end(p, fd[1], &raw);
	deliberate_new(&scr->calm);
	if (st == STATUS_INTERRUPTED)
		scr->leave = true;
	else if (st != STATUS_OK)
		screen_fail(scr, "%s", err.text);
	else
		printed_show(scr, &raw, more, code);
	if (fd[0] >= 0)
		(void)close(fd[0]);
	buf_release(&raw);
	free(command);
}

void
hand_pipe(struct view *v, enum action action)
{
	(void)action;
	prompt_line(v->scr, "Pipe the answer to:", SLICE(""), pipe_typed, NULL);
	prompt_recall(v->scr, HISTORY_PIPE, NULL);
}

static void
page_text(const struct item_detail *d, struct buf *out)
{
	text_sanitize_line(out, d->row.id, SIZE_MAX);
	buf_puts(out, "  ");
	text_sanitize_line(out, d->row.queue, SIZE_MAX);
	buf_printf(out, "  %.*s\n", SLICE_ARG(d->row.state));
	if (d->item.messages.p != NULL) {
		buf_puts(out, "\n-- asked --\n");
		text_sanitize(out, d->item.messages, TEXT_CLI);
		buf_putc(out, '\n');
	}
	buf_puts(out, "\n-- answered --\n");
	text_sanitize(out, d->item.output, TEXT_CLI);
	buf_putc(out, '\n');
}

void
hand_page(struct view *v, enum action action)
{
	const char *pager = getenv("PAGER");
	char *argv[] = { "sh", "-c", "less", NULL };
	const struct item_detail *d = item_view_detail(v->scr);
	struct error err = { STATUS_OK, "" };
	int fd[2] = { -1, -1 }, code = 0;
	struct buf text = BUF_INIT;
	enum status st;

	(void)action;
	if (d == NULL)
		return;
	/* The reviewer's own words, as a shell reads them. */
	if (pager != NULL && pager[0] != '\0')
		argv[2] = (char *)(uintptr_t)pager;
	page_text(d, &text);
	st = memory_file(&fd[0], buf_slice(&text), &err);
	if (st == STATUS_OK)
		st = tty_run(argv, fd, SLICE_NONE, &code, &err);
	deliberate_new(&v->scr->calm);
	if (st == STATUS_INTERRUPTED)
		v->scr->leave = true;
	else if (st != STATUS_OK)
		screen_fail(v->scr, "%s", err.text);
	else if (code != 0)
		screen_fail(v->scr, "the pager ended with %d: PAGER names it",
		    code);
	if (fd[0] >= 0)
		(void)close(fd[0]);
	buf_release(&text);
}

void
hand_copy(struct screen *scr, const char *what, struct slice text)
{
	struct buf clean = BUF_INIT;

	text_sanitize(&clean, text, TEXT_CLI);
	if (!review_of(scr)->copies)
		screen_fail(scr, "copying is off: 'copy = osc52' in handrail.conf "
		    "allows it");
	else if (!tty_copy(buf_slice(&clean)))
		screen_fail(scr, "not copied: this terminal takes none, or it is "
		    "over %d bytes", TTY_COPY_MAX);
	else
		screen_say(scr, "%s copied", what);
	buf_release(&clean);
}

void
hand_copy_item(struct view *v, enum action action)
{
	const struct item_detail *d = item_view_detail(v->scr);

	(void)action;
	if (d != NULL)
		hand_copy(v->scr, "the answer is", d->item.output);
}

/* What is written to a file that was asked for, and how its path is found in what
 * was typed. */
struct hand_file {
	void		(*write)(struct screen *, const char *typed);
	const char	*(*path)(const char *typed);
};

static void
file_go(struct screen *scr, const struct hand_file *to)
{
	struct buf *typed = &review_of(scr)->to_file;

	to->write(scr, buf_str(typed));
}

static void
over_answered(struct screen *scr, void *arg, struct slice text)
{
	if (text.p == NULL)
		screen_say(scr, "nothing is written");
	else
		file_go(scr, arg);
}

/* A file that is there is not written over unasked. */
static void
file_typed(struct screen *scr, void *arg, struct slice text)
{
	struct buf *typed = &review_of(scr)->to_file;
	const struct hand_file *to = arg;
	char question[300];
	struct stat sb;

	buf_clear(typed);
	buf_add_slice(typed, text);
	if (text.n == 0 || to->path(buf_str(typed))[0] == '\0')
		screen_say(scr, "nothing is written");
	else if (stat(to->path(buf_str(typed)), &sb) != 0 ||
	    !S_ISREG(sb.st_mode))
		file_go(scr, to);
	else {
		(void)snprintf(question, sizeof(question), "%.200s is there, "
		    "%lld bytes. Write over it?", to->path(buf_str(typed)),
		    (long long)sb.st_size);
		prompt_confirm(scr, question, over_answered, arg);
	}
}

static void
file_ask(struct screen *scr, const char *label, const struct hand_file *to)
{
	prompt_line(scr, label, SLICE(""), file_typed, (void *)(uintptr_t)to);
	prompt_recall(scr, HISTORY_FILE, NULL);
}

static const char *
path_whole(const char *typed)
{
	return typed;
}

static void
written_say(struct screen *scr, enum status st, const struct error *err,
    const char *path, size_t n, const char *what)
{
	if (st != STATUS_OK)
		screen_fail(scr, "%s", err->text);
	else
		screen_say(scr, "%zu %s%s written to %s", n, what,
		    n == 1 ? "" : "s", path);
}

static void
answer_write(struct screen *scr, const char *path)
{
	const struct item_detail *d = item_view_detail(scr);
	struct error err = { STATUS_OK, "" };
	struct out_file f = { .f = NULL };
	enum status st;

	if (d == NULL)
		return;
	st = out_file_open(&f, path, 0600, &err);
	if (st == STATUS_OK)
		st = out_file_add(&f, d->item.output, &err);
	if (st == STATUS_OK)
		st = out_file_commit(&f, &err);
	out_file_drop(&f);
	written_say(scr, st, &err, path, d->item.output.n, "byte");
}

void
hand_write(struct view *v, enum action action)
{
	static const struct hand_file answer = { answer_write, path_whole };

	(void)action;
	file_ask(v->scr, "Write the answer to the file:", &answer);
}

static enum status
row_write(const struct list_row *r, struct out_file *f, size_t *n,
    struct error *err)
{
	struct buf line = BUF_INIT;
	struct writer w = WRITER(&line, WRITE_SHOWN);
	enum status st;

	list_row_json(&w, r);
	buf_putc(&line, '\n');
	st = buf_check(&line, err);
	if (st == STATUS_OK)
		st = out_file_add(f, buf_slice(&line), err);
	*n += st == STATUS_OK;
	buf_release(&line);
	return st;
}

/* Items that were tagged one by one. */
static enum status
items_write(struct session *s, const struct tags *t, struct out_file *f, size_t *n,
    struct error *err)
{
	struct arena arena = ARENA_INIT;
	enum status st = STATUS_OK;
	struct list_row row;
	size_t i;

	for (i = 0; i < t->n && st == STATUS_OK; i++) {
		arena_reset(&arena);
		st = list_row_get(s, t->item[i], &arena, &row, err);
		if (st == STATUS_OK)
			st = list_besides_get(s, &row, 1, &arena, err);
		if (st == STATUS_OK)
			st = row_write(&row, f, n, err);
	}
	arena_release(&arena);
	return st;
}

/* All that is listed, but what a tag of all leaves out. */
static enum status
rows_write(struct session *s, const struct list_filter *filter,
    const struct tags *t, struct out_file *f, size_t *n, struct error *err)
{
	struct list_row *rows = calloc(PAGE, sizeof(*rows)), from;
	struct arena arena[2] = { ARENA_INIT, ARENA_INIT };
	enum status st = STATUS_OK;
	size_t got = PAGE, i;
	bool first = true;
	int at = 0;

	if (rows == NULL)
		return error_nomem(err);
	while (st == STATUS_OK && got == PAGE) {
		arena_reset(&arena[at]);
		st = list_page(s, filter, first ? NULL : &from, false, PAGE,
		    &arena[at], rows, &got, err);
		if (st == STATUS_OK)
			st = list_besides_get(s, rows, got, &arena[at], err);
		for (i = 0; st == STATUS_OK && i < got; i++)
			if (!t->all || tags_has(t, rows[i].item))
				st = row_write(&rows[i], f, n, err);
		if (got > 0)
			from = rows[got - 1];
		first = false;
		at = !at;
	}
	arena_release(&arena[0]);
	arena_release(&arena[1]);
	free(rows);
	return st;
}

static void
list_write(struct screen *scr, const char *path)
{
	struct review *r = review_of(scr);
	struct list_filter filter = r->filter;
	const struct tags *tags = &queue_list_of(scr)->tags;
	struct error err = { STATUS_OK, "" };
	struct out_file f = { .f = NULL };
	size_t n = 0;
	enum status st;

	st = out_file_open(&f, path, 0600, &err);
	if (st == STATUS_OK)
		st = tags_any(tags) && !tags->all ?
		    items_write(r->session, tags, &f, &n, &err) :
		    rows_write(r->session, &filter, tags, &f, &n, &err);
	if (st == STATUS_OK)
		st = out_file_commit(&f, &err);
	out_file_drop(&f);
	written_say(scr, st, &err, path, n, tags_any(tags) ? "tagged item" :
	    "item");
}

void
hand_write_list(struct view *v, enum action action)
{
	static const struct hand_file list = { list_write, path_whole };
	const struct queue_list *q = queue_list_of(v->scr);
	char label[120], n[COUNT_TEXT];

	(void)action;
	(void)snprintf(label, sizeof(label), "Write the %s tagged to the file "
	    "(JSON Lines):", count_text(queue_list_tagged(q), n));
	file_ask(v->scr, tags_any(&q->tags) ? label :
	    "Write what is listed to the file (JSON Lines):", &list);
}

/* "sft edits.jsonl", or a file alone: jsonl, or csv where it ends so. */
static const struct export_format *
format_take(struct slice *text)
{
	const struct export_format *f = NULL;
	const char *blank = memchr(text->p, ' ', text->n);
	char name[32];

	if (blank != NULL && (size_t)(blank - text->p) < sizeof(name)) {
		(void)snprintf(name, sizeof(name), "%.*s",
		    (int)(blank - text->p), text->p);
		f = export_format_find(name);
	}
	if (f != NULL) {
		text->n -= (size_t)(blank - text->p) + 1;
		text->p = blank + 1;
		return f;
	}
	if (text->n > 4 && memcmp(text->p + text->n - 4, ".csv", 4) == 0)
		return export_format_find("csv");
	return export_format_find("jsonl");
}

static const char *
export_path(const char *typed)
{
	struct slice text = slice_of(typed);

	(void)format_take(&text);
	return text.p;
}

/* What was left out is said with what was written. */
static void
exported_say(struct screen *scr, const struct export_counts *c, const char *path)
{
	struct buf said = BUF_INIT;
	int64_t i;

	for (i = 0; i < c->nskips; i++)
		buf_printf(&said, "; %lld skipped: %s",
		    (long long)c->skip[i].n, c->skip[i].reason);
	screen_say(scr, "%lld decided item%s written to %s%s",
	    (long long)c->rows, c->rows == 1 ? "" : "s", path, buf_str(&said));
	buf_release(&said);
}

static void
export_write(struct screen *scr, const char *typed)
{
	struct review *r = review_of(scr);
	struct slice text = slice_of(typed);
	struct export_options o = { .since_ms = -1, .until_ms = -1 };
	struct export_counts c = { .rows = 0 };
	struct error err = { STATUS_OK, "" };
	enum status st;

	o.format = format_take(&text);
	o.path = text.p;
	o.where = r->exported.n > 0 ? buf_str(&r->exported) : NULL;
	st = export_run(r->session, &o, &c, &err);
	if (st == STATUS_OK)
		exported_say(scr, &c, o.path);
	else
		screen_fail(scr, "%s", err.text);
}

void
hand_export(struct screen *scr, const char *where)
{
	static const struct hand_file decided = { export_write, export_path };
	struct buf *b = &review_of(scr)->exported;
	const char *queue = review_of(scr)->filter.queue;

	buf_clear(b);
	if (queue != NULL) {
		buf_puts(b, "queue = '");
		for (; *queue != '\0'; queue++)
			buf_printf(b, *queue == '\'' ? "''" : "%c", *queue);
		buf_puts(b, where[0] == '\0' ? "'" : "' AND (");
	}
	buf_puts(b, where);
	if (queue != NULL && where[0] != '\0')
		buf_puts(b, "\n)");
	file_ask(scr, "Export to ([FORMAT] FILE, as sft edits.jsonl):", &decided);
}
