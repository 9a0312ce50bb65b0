#include "tui/cmd/plain_line.h"

#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "core/base/text.h"
#include "tui/cmd/cmd.h"

#define LINE_READ	4096
#define LINE_LONGEST	((size_t)1 << 20)	/* of one line */
#define LINE_TOO_LONG	"the line has more than 1 MiB, and was dropped"

void
plain_line_release(struct plain_line *l)
{
	buf_release(&l->in);
}

void
plain_say(const char *fmt, ...)
{
	char raw[2048];
	struct buf safe = BUF_INIT;
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(raw, sizeof(raw), fmt, ap);
	va_end(ap);
	text_sanitize(&safe, slice_of(raw), TEXT_CLI);
	(void)puts(buf_str(&safe));
	buf_release(&safe);
}

void
plain_quote(struct slice text)
{
	struct buf safe = BUF_INIT;
	const char *end;
	size_t n;

	while (text.n > 0) {
		end = memchr(text.p, '\n', text.n);
		n = end == NULL ? text.n : (size_t)(end - text.p);
		buf_clear(&safe);
		text_sanitize(&safe, (struct slice){ text.p, n }, TEXT_CLI);
		(void)printf("> %s\n", buf_str(&safe));
		n += end != NULL;
		text.p += n;
		text.n -= n;
	}
	buf_release(&safe);
}

/* More of the input, once there is some; false: there is no more, or nobody reads
 * what is printed. */
static bool
read_more(struct plain_line *l)
{
	struct pollfd fds[] = { { STDIN_FILENO, POLLIN, 0 },
	    { STDOUT_FILENO, 0, 0 } };
	ssize_t n = -1;

	while (cmd_stop == 0) {
		if (poll(fds, 2, -1) == -1) {
			if (errno == EINTR)
				continue;
			return false;
		}
		if (fds[1].revents & (POLLERR | POLLHUP | POLLNVAL)) {
			l->unread = true;
			return false;
		}
		if (fds[0].revents == 0)
			continue;
		if (l->in.n - l->next > LINE_LONGEST) {
			l->in.n = l->next;
			l->dropping = true;
		}
		if (!buf_reserve(&l->in, LINE_READ))
			return false;
		n = read(STDIN_FILENO, l->in.p + l->in.n, LINE_READ);
		if (n == -1 && errno == EINTR)
			continue;
		if (n > 0)
			l->in.n += (size_t)n;
		return n > 0;
	}
	return false;
}

/* Takes the next line of what was read, if there is a whole one; the text is NULL of
 * one that was too long. */
static bool
line_take(struct plain_line *l, bool last)
{
	char *from = l->in.p + l->next, *end;
	size_t left = l->in.n - l->next, n;

	end = left == 0 ? NULL : memchr(from, '\n', left);
	if (end == NULL && (!last || (left == 0 && !l->dropping)))
		return false;
	n = end == NULL ? left : (size_t)(end - from);
	l->next += n + (end != NULL);
	l->text = NULL;
	if (l->dropping || n > LINE_LONGEST) {
		l->dropping = false;
		(void)fprintf(stderr, "handrail: review: %s\n", LINE_TOO_LONG);
		return true;
	}
	while (n > 0 && strchr("\r\n ", from[n - 1]) != NULL)
		n--;
	from[n] = '\0';
	l->text = from;
	return true;
}

static bool
ask_once(struct plain_line *l, const char *question)
{
	(void)fputs(question, stdout);
	if (fflush(stdout) != 0)
		l->unread = true;
	/* Bytes of lines that are done with go. */
	if (!l->unread && l->next > 0) {
		memmove(l->in.p, l->in.p + l->next, l->in.n - l->next);
		l->in.n -= l->next;
		l->next = 0;
	}
	while (!l->unread && cmd_stop == 0) {
		if (line_take(l, false))
			return true;
		if (read_more(l))
			continue;
		/* The last line may have no end. */
		buf_putc(&l->in, '\0');
		l->in.n -= l->in.n > 0;
		if (!l->unread && cmd_stop == 0 && line_take(l, true))
			return true;
		break;
	}
	l->ended = true;
	l->text = NULL;
	if (!l->unread)
		(void)putchar('\n');
	return false;
}

bool
plain_ask(struct plain_line *l, const char *question)
{
	bool read;

	do
		read = ask_once(l, question);
	while (read && l->text == NULL);
	return read;
}

bool
plain_ask_yes(struct plain_line *l, const char *question)
{
	return plain_ask(l, question) && strcmp(l->text, "yes") == 0;
}

static bool
rating_of(const char *text, int max, int *value)
{
	*value = text[0] - '0';
	return text[0] != '\0' && text[1] == '\0' && *value >= 1 && *value <= max;
}

bool
plain_ask_ratings(struct plain_line *l, const struct queue_policy *q,
    struct rated *rated, size_t *n)
{
	char question[300];
	size_t i = 0;
	int value;

	while (i < q->nratings) {
		(void)snprintf(question, sizeof(question),
		    "%.200s, 1 to %d (empty: none): ", q->ratings[i].name,
		    q->ratings[i].max);
		if (!plain_ask(l, question))
			return false;
		if (rating_of(l->text, q->ratings[i].max, &value))
			rated[(*n)++] = (struct rated){
			    slice_of(q->ratings[i].name), value };
		else if (l->text[0] != '\0') {
			plain_say("%.80s: no rating; 1 to %d, or an empty line, "
			    "is wanted", l->text, q->ratings[i].max);
			continue;
		}
		i++;
	}
	return true;
}

bool
plain_ask_evidence(struct plain_line *l, struct evidence *v, size_t *n)
{
	struct error err = { STATUS_OK, "" };

	while (plain_ask(l, "evidence, characters of the output as START-END,... "
	    "(empty: none): ")) {
		if (evidence_parse(l->text, v, EVIDENCE_MAX, n, &err) == STATUS_OK)
			return true;
		plain_say("%s", err.text);
		error_clear(&err);
	}
	*n = 0;
	return false;
}

enum status
plain_reason(const char *typed, const char *const *reasons, size_t n,
    const char **out, struct error *err)
{
	char *end;
	unsigned long i = strtoul(typed, &end, 10);

	*out = typed;
	if (n == 0 || end == typed || *end != '\0')
		return STATUS_OK;
	if (i < 1 || i > n)
		return error_set(err, STATUS_INVALID, "%s: the queue has reasons 1 "
		    "to %zu; or give it in words", typed, n);
	*out = reasons[i - 1];
	return STATUS_OK;
}

bool
plain_ask_reason(struct plain_line *l, const char *const *reasons, size_t n,
    char **text)
{
	struct error err = { STATUS_OK, "" };
	struct buf question = BUF_INIT;
	const char *chosen;
	bool asked;
	size_t i;

	*text = NULL;
	for (i = 0; i < n; i++)
		buf_printf(&question, "%zu %s, ", i + 1, reasons[i]);
	buf_puts(&question, n > 0 ? "or words of your own (empty: none): " :
	    "why, in a line (empty: none): ");
	while ((asked = plain_ask(l, buf_str(&question))) &&
	    plain_reason(l->text, reasons, n, &chosen, &err) != STATUS_OK) {
		plain_say("%s", err.text);
		error_clear(&err);
	}
	buf_release(&question);
	if (asked && l->text[0] != '\0')
		*text = strdup(chosen);
	return asked;
}
