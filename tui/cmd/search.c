/* The index of all stored text: on, off, how far it is; and asked. */
#include "queue/search.h"

#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#include "core/base/text.h"
#include "core/json/write.h"
#include "queue/review/list.h"
#include "tui/cmd/cmd.h"

#define FIND_MAX	1000
#define FOUND_SHOWN	50	/* where nobody says how many */

static void
tell(void *arg, const struct search_state *s)
{
	(void)arg;
	(void)fprintf(stderr, "\r%" PRId64 " of %" PRId64 " items", s->done,
	    s->of);
}

static enum status
status_say(struct cmd_run *run, struct session *s)
{
	struct search_state now;
	struct buf b = BUF_INIT;
	struct writer w = WRITER(&b, WRITE_SHOWN);
	enum status st = search_state(s, &now, &run->err);

	if (st != STATUS_OK)
		return st;
	if (cmd_value(run, "json") != NULL) {
		write_object(&w, NULL);
		write_bool(&w, "on", now.on);
		write_int(&w, "indexed", now.done);
		write_int(&w, "items", now.of);
		write_end(&w);
		write_line(&w);
	} else if (!now.on)
		buf_puts(&b, "search is off\n");
	else
		buf_printf(&b, "search is on: %" PRId64 " of %" PRId64
		    " items\n", now.done, now.of);
	st = cmd_print(&b, &run->err);
	buf_release(&b);
	return st;
}

static enum status
turn_on(struct cmd_run *run, struct session *s)
{
	bool told = isatty(STDERR_FILENO) != 0;
	enum status st;

	cmd_catch_stop();
	if ((st = search_on(s, &run->err)) != STATUS_OK)
		return st;
	st = search_build(s, -1, &cmd_stop, told ? tell : NULL, NULL, &run->err);
	if (told)
		(void)fputs("\r\033[K", stderr);
	return st == STATUS_OK ? status_say(run, s) : st;
}

static enum status
turn_off(struct cmd_run *run, struct session *s)
{
	enum status st = search_off(s, &run->err);

	return st == STATUS_OK ? status_say(run, s) : st;
}

static enum status
hit_print(struct cmd_run *run, struct session *s, const struct search_hit *h,
    struct arena *a)
{
	struct buf b = BUF_INIT;
	struct writer w = WRITER(&b, WRITE_SHOWN);
	struct list_row r;
	enum status st = list_row_get(s, h->item, a, &r, &run->err);

	if (st != STATUS_OK)
		return st;
	if (cmd_value(run, "json") != NULL) {
		write_object(&w, NULL);
		write_text(&w, "id", r.id);
		write_text(&w, "queue", r.queue);
		write_text(&w, "state", r.state);
		write_text(&w, "found", h->found);
		write_end(&w);
		write_line(&w);
	} else {
		text_sanitize_line(&b, r.queue, 20);
		buf_puts(&b, "  ");
		text_sanitize_line(&b, r.state, 10);
		buf_puts(&b, "  ");
		text_sanitize_line(&b, r.id, 60);
		buf_puts(&b, "  ");
		text_sanitize_line(&b, h->found, 200);
		buf_putc(&b, '\n');
	}
	st = cmd_print(&b, &run->err);
	buf_release(&b);
	return st;
}

/* The newest first; exit 1 where there is none. */
static enum status
find(struct cmd_run *run, struct session *s)
{
	struct arena arena = ARENA_INIT;
	struct search_hit *hits;
	int64_t limit = FOUND_SHOWN + 1;
	enum status st;
	size_t i, n = 0;
	bool more;

	if (cmd_number(run, "limit", 1, FIND_MAX, &limit) != STATUS_OK)
		return run->err.code;
	if ((hits = arena_zalloc(&arena, (size_t)limit * sizeof(*hits))) == NULL)
		return error_nomem(&run->err);
	st = search_find(s, slice_of(run->argv[1]), INT64_MAX, (size_t)limit,
	    &arena, hits, &n, &run->err);
	more = cmd_value(run, "limit") == NULL && n > FOUND_SHOWN;
	for (i = 0; i < n - more && st == STATUS_OK; i++)
		st = hit_print(run, s, &hits[i], &arena);
	arena_release(&arena);
	if (st == STATUS_OK && more)
		cmd_complain(run, "50, and there are more; --limit shows up to "
		    "1000");
	if (st == STATUS_OK && n == 0)
		st = error_set(&run->err, STATUS_NOT_FOUND, "%s: not found",
		    run->argv[1]);
	return st;
}

static const struct {
	const char	*name;
	int		 operands;	/* with this one */
	int		 flags;
	enum status	(*run)(struct cmd_run *, struct session *);
} actions[] = {
	{ "on", 1, CMD_WRITES, turn_on },
	{ "off", 1, CMD_WRITES, turn_off },
	{ "status", 1, 0, status_say },
	{ "find", 2, 0, find }
};

static int
search_cmd(struct cmd_run *run)
{
	struct session *s;
	enum status st;
	size_t i, n = sizeof(actions) / sizeof(actions[0]);

	for (i = 0; i < n && (run->argc == 0 ||
	    strcmp(actions[i].name, run->argv[0]) != 0);)
		i++;
	if (i == n || run->argc != actions[i].operands)
		return cmd_usage(run, "on, off, status or find WORDS is wanted");
	if ((s = cmd_session(run, actions[i].flags)) == NULL)
		return EXIT_UNABLE;
	st = actions[i].run(run, s);
	session_close(s);
	return st == STATUS_OK ? EXIT_WELL : cmd_fail(run);
}

static const struct cmd_option options[] = {
	{ "json", 0, NULL, "status, find: JSON" },
	{ "limit", 0, "N", "find: so many at most (50)" },
	{ NULL, 0, NULL, NULL }
};
const struct cmd cmd_search = {
	"search", "on|off|status|find WORDS", "an index of all stored text",
	options, "on|off|status|find", search_cmd
};
