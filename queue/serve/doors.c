#include "queue/serve/doors.h"

#include <errno.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include "queue/serve/conn.h"
#include "queue/serve/service.h"

#define TURN_ACCEPTS	64

/* As many connections as may be, or no descriptor for one more a moment ago. */
static bool
door_shut(const struct service *v, const struct door *d)
{
	return (v->doors.full_ms != 0 && v->loop[0]->now_ms - v->doors.full_ms <
	    DOORS_FULL_MS) || (d->status ?
	    service_connections(v, true) >= STATUS_CONNECTIONS_MAX :
	    service_connections(v, false) >= v->doors.conns_max);
}

bool
doors_are_full(const struct server *s)
{
	return s == s->service->loop[0] && s->service->doors.full_ms != 0;
}

static void
door_ready(struct server *s, struct watch *w, uint32_t events)
{
	struct door *d = (struct door *)w;
	struct service *v = s->service;
	int fd, n;

	(void)events;
	for (n = 0; n < TURN_ACCEPTS; n++) {
		if (door_shut(v, d))
			return;
		fd = accept4(d->listener.fd, NULL, NULL,
		    SOCK_CLOEXEC | SOCK_NONBLOCK);
		if (fd == -1) {
			if (errno != EAGAIN && errno != EINTR &&
			    errno != ECONNABORTED)
				v->doors.full_ms = s->now_ms;
			return;
		}
		/* Probes are answered here, and who comes too late. */
		if (d->status) {
			s->nstatus++;
			conn_new(s, fd, true, v->draining);
		} else {
			server_give(v->draining ? s : service_least(v), s, fd);
		}
	}
}

/* Who leaves while it is looked at may not know yet that it is waited for. */
static bool
door_crowded(struct service *v, const struct door *d)
{
	if (!door_shut(v, d))
		return false;
	v->doors.crowded = true;
	return door_shut(v, d);
}

void
doors_watch(struct service *v)
{
	struct epoll_event e = { .events = 0 };
	struct door *d;
	bool shut;
	size_t i;

	if (v->loop[0]->now_ms - v->doors.full_ms >= DOORS_FULL_MS)
		v->doors.full_ms = 0;
	v->doors.crowded = false;
	for (i = 0; i < v->doors.n; i++) {
		d = &v->doors.door[i];
		if (d->listener.fd == -1 ||
		    d->shut == (shut = door_crowded(v, d)))
			continue;
		d->shut = shut;
		e.events = d->shut ? 0 : EPOLLIN;
		e.data.ptr = &d->watch;
		(void)epoll_ctl(v->loop[0]->epoll, EPOLL_CTL_MOD, d->listener.fd,
		    &e);
	}
}

void
doors_left(struct server *s)
{
	struct service *v = s->service;

	if (s != v->loop[0] && atomic_load(&v->doors.crowded))
		server_wake(v->loop[0]);
}

static enum status
door_open(struct service *v, const char *address, bool status, struct error *err)
{
	struct door *d = &v->doors.door[v->doors.n];
	enum status st;

	if (v->doors.n == LISTENERS_MAX)
		return error_set(err, STATUS_LIMIT, "more than %d addresses to "
		    "listen on", LISTENERS_MAX);
	if ((st = listener_open(&d->listener, address, err)) != STATUS_OK)
		return st;
	v->doors.n++;
	d->status = status;
	d->watch = (struct watch){ d->listener.fd, door_ready };
	service_notice(v, "serve: listening on %s%s", address,
	    status ? ", for status alone" : "");
	return watch_add(v->loop[0]->epoll, &d->watch, err);
}

/* Sockets that came with the process are the ones of `listen`, in order. */
static enum status
doors_inherit(struct service *v, int n, struct error *err)
{
	enum status st = STATUS_OK;
	struct door *d;
	int i;

	/* Who comes to one that nobody looks at would wait for ever. */
	if (n > LISTENERS_MAX)
		return error_set(err, STATUS_LIMIT, "%d sockets came with the "
		    "process (LISTEN_FDS); it listens on %d at most", n,
		    LISTENERS_MAX);
	for (i = 0; i < n && st == STATUS_OK; i++) {
		d = &v->doors.door[v->doors.n++];
		d->listener = (struct listener){ .fd = 3 + i,
		    .address = "inherited", .inherited = true };
		d->watch = (struct watch){ 3 + i, door_ready };
		st = watch_add(v->loop[0]->epoll, &d->watch, err);
	}
	service_notice(v, "serve: listening on %d socket%s that came with the "
	    "process", n, n == 1 ? "" : "s");
	return st;
}

enum status
doors_open(struct service *v, struct error *err)
{
	const struct service_policy *p = &v->loop[0]->session->policy->service;
	int inherited = listener_inherited();
	enum status st = STATUS_OK;
	size_t i;

	if (inherited > 0)
		st = doors_inherit(v, inherited, err);
	else
		for (i = 0; i < p->nlisten && st == STATUS_OK; i++)
			st = door_open(v, p->listen[i], false, err);
	if (st == STATUS_OK && p->status_listen != NULL)
		st = door_open(v, p->status_listen, true, err);
	return st;
}

/* Is it the address of the door that follows, where there is one more? */
static bool
door_is(const struct doors *ds, size_t *i, const char *address)
{
	if (address == NULL)
		return true;
	return *i < ds->n &&
	    strcmp(ds->door[(*i)++].listener.address, address) == 0;
}

/* Doors are opened at the start alone; those that came with the process stand for
 * listen, whatever it says. */
void
doors_compare(struct service *v)
{
	const struct service_policy *p = &v->loop[0]->session->policy->service;
	const struct doors *ds = &v->doors;
	bool inherited = ds->n > 0 && ds->door[0].listener.inherited, same = true;
	size_t i = 0, n;

	while (i < ds->n && ds->door[i].listener.inherited)
		i++;
	for (n = 0; n < p->nlisten && !inherited && same; n++)
		same = door_is(ds, &i, p->listen[n]);
	if (!same || !door_is(ds, &i, p->status_listen) || i < ds->n)
		service_notice(v, "serve: the policy has other addresses to "
		    "listen on: they are taken at the next start");
}

/* Another process may have the socket too, so that closing it does not end the watch. */
void
doors_leave(struct service *v)
{
	struct door *d;
	size_t i;

	for (i = 0; i < v->doors.n; i++) {
		d = &v->doors.door[i];
		if (!d->listener.inherited)
			continue;
		if (d->listener.fd != -1)
			(void)epoll_ctl(v->loop[0]->epoll, EPOLL_CTL_DEL,
			    d->listener.fd, NULL);
		listener_close(&d->listener);
	}
}

void
doors_close(struct doors *ds)
{
	size_t i;

	for (i = 0; i < ds->n; i++)
		listener_close(&ds->door[i].listener);
}

void
doors_prepare(struct doors *ds)
{
	struct rlimit r = { 0, 0 };
	const rlim_t least = CONNECTIONS_MAX + DESCRIPTORS_OWN;
	const rlim_t wanted = least + CONNECTIONS_MAX;	/* each asks a model */

	ds->conns_max = CONNECTIONS_MAX;
	if (getrlimit(RLIMIT_NOFILE, &r) != 0)
		return;
	if (r.rlim_cur < wanted) {
		r.rlim_cur = r.rlim_max < wanted ? r.rlim_max : wanted;
		if (setrlimit(RLIMIT_NOFILE, &r) != 0 &&
		    getrlimit(RLIMIT_NOFILE, &r) != 0)
			return;
	}
	if (r.rlim_cur < least)
		ds->conns_max = r.rlim_cur > 2 * DESCRIPTORS_OWN ?
		    (size_t)r.rlim_cur - DESCRIPTORS_OWN : DESCRIPTORS_OWN;
}
