#include "queue/serve/mailbox.h"

#include <errno.h>
#include <stdint.h>
#include <sys/eventfd.h>
#include <unistd.h>

enum status
mailbox_init(struct mailbox *m, bool with_fd, struct error *err)
{
	pthread_condattr_t attr;

	*m = (struct mailbox){ .made = true, .fd = -1,
	    .last = &m->first };
	pthread_mutex_init(&m->lock, NULL);
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&m->filled, &attr);
	pthread_condattr_destroy(&attr);
	if (with_fd && (m->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) == -1)
		return error_set(err, STATUS_IO, "eventfd: %s", strerror(errno));
	return STATUS_OK;
}

void
mailbox_release(struct mailbox *m)
{
	struct call *c;

	if (!m->made)
		return;
	while ((c = m->first) != NULL) {
		m->first = c->next;
		call_free(c, NULL);
	}
	if (m->fd != -1)
		(void)close(m->fd);
	pthread_cond_destroy(&m->filled);
	pthread_mutex_destroy(&m->lock);
	m->made = false;
}

void
mailbox_put(struct mailbox *m, struct call *c)
{
	c->next = NULL;
	mailbox_put_all(m, c);
}

void
mailbox_put_all(struct mailbox *m, struct call *first)
{
	const uint64_t one = 1;
	struct call *last = first;
	size_t n = 1;
	bool wake;

	if (first == NULL)
		return;
	for (; last->next != NULL; last = last->next)
		n++;
	pthread_mutex_lock(&m->lock);
	wake = m->first == NULL;
	*m->last = first;
	m->last = &last->next;
	m->n += n;
	pthread_mutex_unlock(&m->lock);
	/* Not before: who is woken would wait for the lock at once. */
	pthread_cond_signal(&m->filled);
	/* Full is as good as written: it is readable. */
	if (m->fd != -1 && wake && write(m->fd, &one, sizeof(one)) == -1)
		return;
}

void
mailbox_return(struct call *c)
{
	struct call *mine, **mine_end, *others, **others_end, *next;
	struct mailbox *to;

	for (; c != NULL; c = others) {
		mine_end = &mine;
		others_end = &others;
		for (to = c->done; c != NULL; c = next) {
			struct call ***end = c->done == to ? &mine_end :
			    &others_end;

			next = c->next;
			**end = c;
			*end = &c->next;
		}
		*mine_end = *others_end = NULL;
		mailbox_put_all(to, mine);
	}
}

/* The first `most` of them, with the lock held. */
static struct call *
part_off(struct mailbox *m, size_t most)
{
	struct call *first = m->first, **at = &m->first;

	if (m->n <= most) {
		m->first = NULL;
		m->last = &m->first;
		m->n = 0;
		return first;
	}
	for (; most > 0; most--, m->n--)
		at = &(*at)->next;
	m->first = *at;
	*at = NULL;
	return first;
}

struct call *
mailbox_take(struct mailbox *m)
{
	uint64_t n;
	struct call *c;

	if (!m->made)
		return NULL;
	pthread_mutex_lock(&m->lock);
	if (m->fd != -1 && read(m->fd, &n, sizeof(n)) == -1)
		n = 0;
	c = part_off(m, SIZE_MAX);
	pthread_mutex_unlock(&m->lock);
	return c;
}

struct call *
mailbox_wait(struct mailbox *m, size_t most, int64_t until_ms)
{
	struct timespec t = { (time_t)(until_ms / 1000),
	    (long)(until_ms % 1000) * 1000000 };
	struct call *c;
	int rc = 0;

	pthread_mutex_lock(&m->lock);
	while (m->first == NULL && !m->closed && rc != ETIMEDOUT)
		rc = until_ms == 0 ? pthread_cond_wait(&m->filled, &m->lock) :
		    pthread_cond_timedwait(&m->filled, &m->lock, &t);
	c = part_off(m, most);
	pthread_mutex_unlock(&m->lock);
	return c;
}

void
mailbox_close(struct mailbox *m)
{
	pthread_mutex_lock(&m->lock);
	m->closed = true;
	pthread_cond_broadcast(&m->filled);
	pthread_mutex_unlock(&m->lock);
}

bool
mailbox_closed(struct mailbox *m)
{
	bool closed;

	pthread_mutex_lock(&m->lock);
	closed = m->closed && m->first == NULL;
	pthread_mutex_unlock(&m->lock);
	return closed;
}

size_t
mailbox_count(struct mailbox *m)
{
	size_t n;

	pthread_mutex_lock(&m->lock);
	n = m->n;
	pthread_mutex_unlock(&m->lock);
	return n;
}
