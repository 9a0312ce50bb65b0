#include "tui/cmd/cmd.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "core/shape/shape.h"
#include "core/base/text.h"
#include "core/base/when.h"
#include "core/policy/known.h"
#include "queue/file.h"
#include "queue/review/queue_known.h"
#include "tui/private.h"

volatile sig_atomic_t cmd_stop;

const struct cmd *
cmd_find(const char *name)
{
	size_t i;

	for (i = 0; cmd_table[i] != NULL; i++)
		if (strcmp(cmd_table[i]->name, name) == 0)
			return cmd_table[i];
	return NULL;
}

const char *
cmd_value(const struct cmd_run *run, const char *name)
{
	size_t i;

	for (i = 0; run->cmd->options[i].name != NULL; i++)
		if (strcmp(run->cmd->options[i].name, name) == 0)
			return run->value[i];
	return NULL;
}

size_t
cmd_values(const struct cmd_run *run, const char *name, const char **out,
    size_t max)
{
	size_t i, n = 0;

	for (i = 0; i < run->ngiven && n < max; i++)
		if (strcmp(run->cmd->options[run->given[i].option].name, name) ==
		    0)
			out[n++] = run->given[i].value;
	return n;
}

/* Everything on standard error passes here, so that nothing a record holds
 * reaches the terminal as it is. */
static void
complain(const char *what, const char *why)
{
	struct buf b = BUF_INIT;

	buf_puts(&b, "handrail: ");
	if (what != NULL)
		buf_printf(&b, "%s: ", what);
	text_sanitize(&b, slice_of(why), TEXT_CLI);
	buf_putc(&b, '\n');
	(void)fflush(stdout);
	if (!b.failed)
		(void)fwrite(buf_str(&b), 1, b.n, stderr);
	else	/* without memory there is that to be said, and it takes none */
		(void)fprintf(stderr, "handrail: %s%sout of memory\n",
		    what == NULL ? "" : what, what == NULL ? "" : ": ");
	buf_release(&b);
}

void
cmd_notice(const char *line)
{
	complain(NULL, line);
}

void
cmd_complain(const struct cmd_run *run, const char *line)
{
	complain(run->cmd->name, line);
}

int
cmd_fail(struct cmd_run *run)
{
	complain(run->cmd->name, run->err.code == STATUS_OK ? "failed" :
	    run->err.text);
	switch (run->err.code) {
	case STATUS_CONFLICT:
	case STATUS_NOT_FOUND:
	case STATUS_DENIED:
	case STATUS_INTERRUPTED:
		return EXIT_SHORT;
	default:
		return EXIT_UNABLE;
	}
}

int
cmd_unable(struct cmd_run *run)
{
	(void)cmd_fail(run);
	return EXIT_UNABLE;
}

int
cmd_usage(struct cmd_run *run, const char *fmt, ...)
{
	char why[512], line[1024];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(why, sizeof(why), fmt, ap);
	va_end(ap);
	if (why[0] != '\0' && why[strlen(why) - 1] == '?')
		(void)snprintf(line, sizeof(line), "%s", why);
	else if (run->cmd->name == NULL)
		(void)snprintf(line, sizeof(line), "%s; see handrail help", why);
	else
		(void)snprintf(line, sizeof(line), "%s; see handrail %s --help",
		    why, run->cmd->name);
	complain(run->cmd->name, line);
	return EXIT_UNABLE;
}

enum status
cmd_number(struct cmd_run *run, const char *option, int64_t min, int64_t max,
    int64_t *out)
{
	const char *text = cmd_value(run, option);
	char *end;
	long long v;

	if (text == NULL)
		return STATUS_OK;
	errno = 0;
	v = strtoll(text, &end, 10);
	if (end == text || *end != '\0' || errno != 0 || v < min || v > max)
		return error_set(&run->err, STATUS_INVALID, "--%s %s: a whole "
		    "number from %" PRId64 " to %" PRId64 " is wanted", option,
		    text, min, max);
	*out = v;
	return STATUS_OK;
}

bool
cmd_parse_age(const char *text, int64_t *ms)
{
	return when_age(text, ms);
}

enum status
cmd_shape(struct cmd_run *run, const char **name)
{
	struct buf names = BUF_INIT;
	size_t i;

	*name = cmd_value(run, "format");
	if (*name == NULL || shape_find(slice_of(*name)) != NULL)
		return STATUS_OK;
	for (i = 0; shape_name(i) != NULL; i++)
		buf_printf(&names, "%s%s", i == 0 ? "" : ", ", shape_name(i));
	(void)error_set(&run->err, STATUS_INVALID, "--format %s: one of %s is "
	    "wanted", *name, buf_str(&names));
	buf_release(&names);
	return run->err.code;
}

enum status
cmd_inputs(struct cmd_run *run, const char **path)
{
	const char *scores = cmd_value(run, "scores");

	*path = cmd_value(run, "inputs");
	if (*path != NULL && scores != NULL)
		return error_set(&run->err, STATUS_INVALID, "one of --inputs "
		    "and --scores is wanted");
	if (scores != NULL)
		*path = scores;
	return STATUS_OK;
}

enum status
cmd_time(struct cmd_run *run, const char *option, struct cmd_when *out)
{
	int64_t ms;

	out->text = cmd_value(run, option);
	if (out->text == NULL || when_parse(out->text, 0, &ms))
		return STATUS_OK;
	return error_set(&run->err, STATUS_INVALID, "--%s %s: a time is wanted, "
	    "like " WHEN_FORMS, option, out->text);
}

int64_t
cmd_when_ms(const struct cmd_when *w, const struct session *s)
{
	int64_t ms = -1;

	if (w->text != NULL && !when_parse(w->text, store_now_ms(s->store),
	    &ms))
		return -1;
	return ms;
}

enum status
cmd_open(struct cmd_run *run, struct session **s, struct session_options o)
{
	struct identity who;
	enum status st;

	*s = NULL;
	if ((st = identity_get(&who, &run->err)) != STATUS_OK)
		return st;
	o.who = &who;
	o.named |= run->store_named;
	return session_open(s, &o, &run->err);
}

struct session *
cmd_session(struct cmd_run *run, int flags)
{
	struct session_options o = {
		.store_path = run->store, .policy_path = run->policy,
		.via = "cli", .create = (flags & CMD_CREATES) != 0,
		.read_only = (flags & (CMD_WRITES | CMD_CREATES)) == 0,
		.any_policy = (flags & CMD_ANY_POLICY) != 0,
		.any_version = (flags & CMD_ANY_VERSION) != 0,
		.wait_ms = run->wait_ms, .notice = cmd_notice
	};
	struct session *s;

	if (cmd_open(run, &s, o) == STATUS_OK)
		return s;
	(void)cmd_fail(run);
	return NULL;
}

/* sure: also where the policy leaves all queues to `default`. */
static enum status
queue_check(struct cmd_run *run, struct session *s, bool sure)
{
	const char *name = cmd_value(run, "queue");
	struct buf said = BUF_INIT;
	enum status st;

	if (name == NULL ||
	    (!sure && !policy_doubts_queue(s->policy, slice_of(name))))
		return STATUS_OK;
	buf_printf(&said, "--queue %s: the policy does not name it, and nothing "
	    "came for it", name);
	st = queue_known(s, name, buf_str(&said), &run->err);
	buf_release(&said);
	return st;
}

enum status
cmd_queue(struct cmd_run *run, struct session *s)
{
	return queue_check(run, s, true);
}

enum status
cmd_queue_soon(struct cmd_run *run, struct session *s)
{
	return queue_check(run, s, false);
}

enum status
cmd_print(struct buf *b, struct error *err)
{
	struct buf safe = BUF_INIT;
	enum status st;

	if (b->failed || text_is_safe(buf_slice(b)))
		return cmd_print_raw(b, err);
	text_make_safe(&safe, buf_slice(b));
	st = cmd_print_raw(&safe, err);
	buf_release(&safe);
	buf_clear(b);
	return st;
}

enum status
cmd_print_raw(struct buf *b, struct error *err)
{
	enum status st = memory_short() ? error_nomem(err) : buf_check(b, err);

	if (st == STATUS_OK && b->n > 0 &&
	    (fwrite(b->p, 1, b->n, stdout) != b->n))
		st = error_set(err, STATUS_IO, "standard output: %s",
		    strerror(errno));
	buf_clear(b);
	return st;
}

static pid_t pager_pid;
static size_t pager_columns;	/* of the terminal behind the pager */

size_t
cmd_columns(void)
{
	struct winsize w;

	if (pager_pid > 0)
		return pager_columns;
	if (!isatty(STDOUT_FILENO))
		return 0;
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &w) == -1 || w.ws_col == 0)
		return 80;
	return w.ws_col;
}

bool
cmd_on_terminal(void)
{
	return pager_pid > 0 || isatty(STDOUT_FILENO);
}

/* What is said behind the pager, and of which command. */
static const char *after_name;
static char after_line[512];

void
cmd_after(const struct cmd_run *run, const char *line)
{
	if (pager_pid <= 0) {
		cmd_complain(run, line);
		return;
	}
	after_name = run->cmd->name;
	(void)snprintf(after_line, sizeof(after_line), "%s", line);
}

static void
pager_wait(void)
{
	int status;

	(void)fflush(stdout);
	(void)close(STDOUT_FILENO);
	while (waitpid(pager_pid, &status, 0) == -1 && errno == EINTR)
		;
	if (after_line[0] != '\0')
		complain(after_name, after_line);
}

void
cmd_pager(void)
{
	const char *pager = getenv("PAGER");
	int fd[2];

	if (!isatty(STDOUT_FILENO) || pager_pid != 0)
		return;
	if (pager == NULL)
		pager = "less";
	if (pager[0] == '\0' || strcmp(pager, "cat") == 0 || pipe(fd) == -1)
		return;
	(void)fflush(stdout);
	(void)setenv("LESS", "FRX", 0);
	pager_columns = cmd_columns();
	if ((pager_pid = fork()) == 0) {
		(void)dup2(fd[0], STDIN_FILENO);
		(void)close(fd[0]);
		(void)close(fd[1]);
		private_end();
		(void)execl("/bin/sh", "sh", "-c", pager, (char *)NULL);
		_exit(127);
	}
	(void)close(fd[0]);
	if (pager_pid > 0) {
		(void)dup2(fd[1], STDOUT_FILENO);
		(void)atexit(pager_wait);
	}
	(void)close(fd[1]);
}

static void
on_stop(int sig)
{
	(void)sig;
	cmd_stop = 1;
}

void
cmd_catch_stop(void)
{
	struct sigaction sa = { .sa_handler = on_stop };

	(void)sigaction(SIGINT, &sa, NULL);
	(void)sigaction(SIGTERM, &sa, NULL);
	(void)sigaction(SIGHUP, &sa, NULL);
}

int64_t
cmd_clock_ns(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

enum status
cmd_read(struct cmd_run *run, const char *path, struct buf *b)
{
	enum status st;
	ssize_t n;

	if (strcmp(path, "-") != 0) {
		/* NOT_FOUND is for what a store lacks. */
		st = file_read(path, b, &run->err);
		if (st == STATUS_NOT_FOUND)
			st = run->err.code = STATUS_INVALID;
		return st;
	}
	do {
		if (!buf_reserve(b, 65536) || b->n > ITEM_RECORD_MAX)
			return error_set(&run->err, STATUS_LIMIT, "standard "
			    "input: over 8 MiB");
		n = read(STDIN_FILENO, b->p + b->n, 65536);
		if (n > 0)
			b->n += (size_t)n;
	} while (n > 0 || (n == -1 && errno == EINTR));
	buf_add(b, "", 0);
	return n == 0 ? STATUS_OK : error_set(&run->err, STATUS_IO,
	    "standard input: %s", strerror(errno));
}
