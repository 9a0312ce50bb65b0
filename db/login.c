#include "db/login.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PROCESSES_MAX	4096	/* above one another */

/* A file of /proc/PID, or of /proc/self with 0. */
static bool
proc_read(long pid, const char *name, char *text, size_t size)
{
	char path[64];
	ssize_t got = -1;
	int fd;

	if (pid == 0)
		(void)snprintf(path, sizeof(path), "/proc/self/%s", name);
	else
		(void)snprintf(path, sizeof(path), "/proc/%ld/%s", pid, name);
	if ((fd = open(path, O_RDONLY | O_CLOEXEC)) != -1) {
		got = read(fd, text, size - 1);
		(void)close(fd);
	}
	text[got > 0 ? got : 0] = '\0';
	return got > 0;
}

/* Has it one, and which?  4294967295 means that it has none. */
static bool
login_of(long pid, unsigned long *uid)
{
	char text[32], *end;

	if (!proc_read(pid, "loginuid", text, sizeof(text)))
		return false;
	errno = 0;
	*uid = strtoul(text, &end, 10);
	return end != text && errno == 0 && *uid < UINT32_MAX;
}

static bool
process_of(long pid, long *parent, unsigned long *real)
{
	const char *at;
	char text[4096];

	return proc_read(pid, "status", text, sizeof(text)) &&
	    (at = strstr(text, "\nPPid:")) != NULL &&
	    sscanf(at, "\nPPid: %ld", parent) == 1 &&
	    (at = strstr(text, "\nUid:")) != NULL &&
	    sscanf(at, "\nUid: %lu", real) == 1;
}

/* Whose is the first process above that has the same login uid? */
static bool
first_with(unsigned long login, unsigned long *real)
{
	unsigned long theirs, other;
	long pid = 0, parent;
	unsigned n;

	for (n = 0; n < PROCESSES_MAX; n++) {
		if (!process_of(pid, &parent, &theirs))
			return false;
		*real = theirs;
		if (parent <= 0 || !login_of(parent, &other) || other != login)
			return true;
		pid = parent;
	}
	return false;
}

enum login
login_uid(uid_t *uid)
{
	unsigned long login, real;

	if (!login_of(0, &login))
		return LOGIN_UNSET;
	*uid = (uid_t)login;
	if (login == getuid())
		return LOGIN_SET;
	return first_with(login, &real) && (real == 0 || real == login) ?
	    LOGIN_SET : LOGIN_DOUBTED;
}
