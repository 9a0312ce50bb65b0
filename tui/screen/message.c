#include "tui/screen/message.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "tui/screen/screen.h"

enum status
messages_init(struct messages *m, struct error *err)
{
	*m = (struct messages){ NULL, 0, false };
	m->ring = calloc(MESSAGES_MAX, sizeof(*m->ring));
	return m->ring == NULL ? error_nomem(err) : STATUS_OK;
}

void
messages_release(struct messages *m)
{
	free(m->ring);
	*m = (struct messages){ NULL, 0, false };
}

size_t
messages_first(const struct messages *m)
{
	return m->n > MESSAGES_MAX ? m->n - MESSAGES_MAX : 0;
}

const struct message *
messages_at(const struct messages *m, size_t i)
{
	return &m->ring[i % MESSAGES_MAX];
}

const struct message *
messages_shown(const struct messages *m)
{
	return m->shown && m->n > 0 ? messages_at(m, m->n - 1) : NULL;
}

static void
message_add(struct screen *scr, bool error, const char *fmt, va_list ap)
{
	struct messages *all = &scr->messages;
	char text[MESSAGE_BYTES];
	struct message *m;

	(void)vsnprintf(text, sizeof(text), fmt, ap);
	all->shown = true;
	/* A key that is held says the same over and over. */
	if (all->n > 0 && strcmp(messages_at(all, all->n - 1)->text, text) == 0)
		return;
	m = &all->ring[all->n++ % MESSAGES_MAX];
	memcpy(m->text, text, sizeof(m->text));
	m->error = error;
	m->ms = screen_clock(scr);
}

void
screen_say(struct screen *scr, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	message_add(scr, false, fmt, ap);
	va_end(ap);
}

void
screen_fail(struct screen *scr, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	message_add(scr, true, fmt, ap);
	va_end(ap);
}
