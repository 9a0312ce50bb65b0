#include "queue/session_process.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The words of an id: chance, and then what names a process of this boot. */
enum { CHANCE, SPACE, PID, START, WORDS };

static void
word_put(uint8_t *id, int word, uint32_t v)
{
	memcpy(id + 4 * word, &v, sizeof(v));
}

static uint32_t
word_get(const char *id, int word)
{
	uint32_t v;

	memcpy(&v, id + 4 * word, sizeof(v));
	return v;
}

/* The PID namespace that this process is in; 0: not known. */
static uint32_t
space_own(void)
{
	struct stat sb;

	return stat("/proc/self/ns/pid", &sb) == 0 ? (uint32_t)sb.st_ino : 0;
}

/* ENDED is known; NOT_KNOWN: it could not be looked at, for want of a descriptor say. */
enum seen { SEEN, ENDED, NOT_KNOWN };

/* Its row of /proc; ENDED only where there is none, and no process either: one that is
 * there can be hidden from its own person, too. */
static enum seen
row_read(uint32_t pid, char *text, size_t size)
{
	char path[32];
	ssize_t n = -1;
	int fd, why;

	(void)snprintf(path, sizeof(path), "/proc/%u/stat", (unsigned)pid);
	if ((fd = open(path, O_RDONLY | O_CLOEXEC)) >= 0)
		n = read(fd, text, size - 1);
	why = errno;
	if (fd >= 0)
		(void)close(fd);
	if (n > 0) {
		text[n] = '\0';
		return SEEN;
	}
	return n < 0 && (why == ENOENT || why == ESRCH) &&
	    kill((pid_t)pid, 0) != 0 && errno == ESRCH ? ENDED : NOT_KNOWN;
}

/* When a process began, in ticks since boot. */
static enum seen
process_start(uint32_t pid, uint32_t *start)
{
	char text[1024], *at;
	enum seen seen;
	int field;

	if ((seen = row_read(pid, text, sizeof(text))) != SEEN)
		return seen;
	/* "PID (NAME) STATE ...": the name may hold anything. */
	if ((at = strrchr(text, ')')) == NULL || at[1] == '\0')
		return NOT_KNOWN;
	if (at[2] == 'Z' || at[2] == 'X')
		return ENDED;
	for (field = 2; field < 22 && at != NULL; field++)
		at = strchr(at + 1, ' ');
	if (at == NULL)
		return NOT_KNOWN;
	*start = (uint32_t)strtoull(at + 1, NULL, 10);
	return SEEN;
}

void
session_process_mark(uint8_t id[SESSION_ID])
{
	uint32_t space = space_own(), start;

	if (space == 0 ||
	    process_start((uint32_t)getpid(), &start) != SEEN)
		return;
	word_put(id, SPACE, space);
	word_put(id, PID, (uint32_t)getpid());
	word_put(id, START, start);
}

bool
session_process_gone(struct slice id)
{
	uint32_t space = space_own(), start, pid;

	if (id.n != SESSION_ID || space == 0 || word_get(id.p, SPACE) != space)
		return false;
	pid = word_get(id.p, PID);
	if (pid == 0 || pid > INT32_MAX)
		return false;
	if (kill((pid_t)pid, 0) != 0)
		return errno == ESRCH;
	switch (process_start(pid, &start)) {
	case SEEN:	/* maybe another one that has its number by now */
		return start != word_get(id.p, START);
	case ENDED:
		return true;
	case NOT_KNOWN:
		break;
	}
	return false;
}
