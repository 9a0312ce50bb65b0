#include "queue/serve/listen.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "core/http/target.h"

#define BACKLOG		1024
#define UNIX_PREFIX	"unix:"

static enum status
refuse(struct error *err, enum status st, const char *address, const char *why)
{
	return error_set(err, st, "listen %s: %s", address, why);
}

/* The numeric address of this machine that it names. */
static enum status
address_of(const char *text, struct sockaddr_storage *to, socklen_t *n,
    struct error *err)
{
	struct sockaddr_in *v4 = (struct sockaddr_in *)to;
	struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)to;
	struct http_authority a;
	char name[64];

	if (!http_authority_parse(slice_of(text), &a) || a.port == 0 ||
	    a.name.n >= sizeof(name))
		return refuse(err, STATUS_INVALID, text, "ADDRESS:PORT or "
		    "unix:PATH is wanted");
	(void)snprintf(name, sizeof(name), "%.*s", SLICE_ARG(a.name));
	if (strcmp(name, "localhost") == 0)
		(void)snprintf(name, sizeof(name), "127.0.0.1");
	memset(to, 0, sizeof(*to));
	if (a.ipv6 && inet_pton(AF_INET6, name, &v6->sin6_addr) == 1) {
		v6->sin6_family = AF_INET6;
		v6->sin6_port = htons((uint16_t)a.port);
		*n = sizeof(*v6);
		if (IN6_IS_ADDR_LOOPBACK(&v6->sin6_addr))
			return STATUS_OK;
	} else if (inet_pton(AF_INET, name, &v4->sin_addr) == 1) {
		v4->sin_family = AF_INET;
		v4->sin_port = htons((uint16_t)a.port);
		*n = sizeof(*v4);
		if (ntohl(v4->sin_addr.s_addr) >> 24 == 127)
			return STATUS_OK;
	} else {
		return refuse(err, STATUS_INVALID, text,
		    "a number such as 127.0.0.1 is wanted");
	}
	return refuse(err, STATUS_INVALID, text, "beyond this machine a proxy "
	    "with TLS has to stand in front: listen on 127.0.0.1 or unix:PATH");
}

static enum status
listen_tcp(struct listener *l, struct error *err)
{
	struct sockaddr_storage to;
	socklen_t n = 0;
	const int on = 1;
	enum status st;

	if ((st = address_of(l->address, &to, &n, err)) != STATUS_OK)
		return st;
	l->fd = socket(to.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK,
	    0);
	if (l->fd == -1 ||
	    setsockopt(l->fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) != 0 ||
	    bind(l->fd, (struct sockaddr *)&to, n) != 0 ||
	    listen(l->fd, BACKLOG) != 0)
		return refuse(err, STATUS_IO, l->address, strerror(errno));
	return STATUS_OK;
}

/* A socket that nobody listens on any more is in the way; any other file stays. */
static bool
is_stale(const struct sockaddr_un *to)
{
	struct stat st;
	bool stale;
	int fd;

	if (lstat(to->sun_path, &st) != 0 || !S_ISSOCK(st.st_mode))
		return false;
	if ((fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) == -1)
		return false;
	stale = connect(fd, (const struct sockaddr *)to, sizeof(*to)) != 0 &&
	    errno == ECONNREFUSED;
	(void)close(fd);
	return stale;
}

static enum status
listen_unix(struct listener *l, struct error *err)
{
	const char *path = l->address + sizeof(UNIX_PREFIX) - 1;
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	mode_t mask;
	int rc;

	if (path[0] == '\0' || strlen(path) >= sizeof(to.sun_path))
		return refuse(err, STATUS_INVALID, l->address,
		    "a path has 1 to 107 bytes");
	memcpy(to.sun_path, path, strlen(path));
	if (is_stale(&to) && unlink(path) != 0)
		return refuse(err, STATUS_IO, l->address, strerror(errno));
	l->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	/* Who may connect: the owner, and the group that the folder gives. */
	mask = umask(0117);
	rc = l->fd == -1 ? -1 : bind(l->fd, (struct sockaddr *)&to, sizeof(to));
	(void)umask(mask);
	if (rc != 0 || listen(l->fd, BACKLOG) != 0)
		return refuse(err, STATUS_IO, l->address, strerror(errno));
	return STATUS_OK;
}

enum status
listener_open(struct listener *l, const char *address, struct error *err)
{
	enum status st;

	*l = (struct listener){ .fd = -1, .address = address };
	st = strncmp(address, UNIX_PREFIX, sizeof(UNIX_PREFIX) - 1) == 0 ?
	    listen_unix(l, err) : listen_tcp(l, err);
	if (st != STATUS_OK && l->fd != -1) {
		(void)close(l->fd);
		l->fd = -1;
	}
	return st;
}

void
listener_close(struct listener *l)
{
	if (l->fd == -1)
		return;
	(void)close(l->fd);
	l->fd = -1;
	if (!l->inherited && l->address != NULL &&
	    strncmp(l->address, UNIX_PREFIX, sizeof(UNIX_PREFIX) - 1) == 0)
		(void)unlink(l->address + sizeof(UNIX_PREFIX) - 1);
}

int
listener_inherited(void)
{
	const char *pid = getenv("LISTEN_PID"), *fds = getenv("LISTEN_FDS");
	long n;
	int i;

	if (pid == NULL || fds == NULL || strtol(pid, NULL, 10) != getpid())
		return 0;
	n = strtol(fds, NULL, 10);
	if (n < 0 || n > 64)
		return 0;
	for (i = 0; i < n; i++)
		if (fcntl(3 + i, F_SETFL, O_NONBLOCK) == -1 ||
		    fcntl(3 + i, F_SETFD, FD_CLOEXEC) == -1)
			return i;
	return (int)n;
}
