#include "db/sqlite/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { BYTE_WORK, BYTE_NEXT, BYTE_USERS, BYTE_WAITING,
    BYTE_SERVE, BYTE_BULK };

/* Naps: short for the one who is next, longer for those behind. */
#define NAP_NEXT_US	200
#define NAP_NEXT_MAX_US	1500
#define NAP_QUEUE_US	700
#define NAP_QUEUE_MAX_US 4000
#define MARK_MAX	128

enum status
lock_open(struct lock *l, const char *path, mode_t mode, struct error *err)
{
	struct stat st;

	l->fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, mode);
	if (l->fd == -1)
		return error_set(err, STATUS_IO, "%s: %s", path,
		    strerror(errno));
	/* A shared store's lock must be open to its group whatever the umask. */
	if (fstat(l->fd, &st) == 0 && st.st_uid == geteuid() &&
	    (st.st_mode & 0777) != mode)
		(void)fchmod(l->fd, mode);
	l->held = l->bulk = false;
	l->random = (uint32_t)getpid() * 2654435761u ^ (uint32_t)l->fd;
	return STATUS_OK;
}

void
lock_look(struct lock *l, const char *path)
{
	l->fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
}

void
lock_close(struct lock *l)
{
	if (l->fd != -1)
		(void)close(l->fd);
	l->fd = -1;
	l->held = false;
}

/* True if the byte is now locked so (or not locked, with F_UNLCK). */
static bool
byte_lock(const struct lock *l, off_t byte, short type)
{
	struct flock f = { 0 };

	f.l_type = type;
	f.l_whence = SEEK_SET;
	f.l_start = byte;
	f.l_len = 1;
	while (fcntl(l->fd, F_OFD_SETLK, &f) == -1)
		if (errno != EINTR)
			return false;
	return true;
}

static int64_t
now_us(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

/* Between half and all of `us`, so that waiters do not walk in step. */
static void
nap(struct lock *l, int64_t us)
{
	struct timespec t = { 0, 0 };

	l->random = l->random * 1664525u + 1013904223u;
	us = us / 2 + (int64_t)(l->random >> 8) % (us / 2 + 1);
	t.tv_nsec = (long)us * 1000;
	(void)nanosleep(&t, NULL);
}

/* Tries until it has the byte or the time has come. */
static bool
byte_wait(struct lock *l, int byte, short type, int64_t until_us, int64_t nap_us,
    int64_t nap_max_us)
{
	while (!byte_lock(l, byte, type)) {
		if (now_us() >= until_us)
			return false;
		nap(l, nap_us);
		nap_us += nap_us / 4;
		if (nap_us > nap_max_us)
			nap_us = nap_max_us;
	}
	return true;
}

static int64_t
deadline_us(int64_t wait_ms)
{
	if (wait_ms > INT64_MAX / 4000)
		wait_ms = INT64_MAX / 4000;
	return now_us() + wait_ms * 1000;
}

/* A kernel or file system without OFD locks must not look like a busy store. */
static enum status
lock_refused(const struct lock *l, struct error *err)
{
	struct flock f = { 0 };

	f.l_type = F_WRLCK;
	f.l_whence = SEEK_SET;
	f.l_len = 1;
	if (fcntl(l->fd, F_OFD_GETLK, &f) == -1)
		return error_set(err, STATUS_IO, "cannot be locked: %s",
		    strerror(errno));
	return STATUS_BUSY;
}

/* Is the byte locked by another open file description? */
static bool
byte_taken(const struct lock *l, off_t byte)
{
	struct flock f = { 0 };

	f.l_type = F_WRLCK;
	f.l_whence = SEEK_SET;
	f.l_start = byte;
	f.l_len = 1;
	return fcntl(l->fd, F_OFD_GETLK, &f) == 0 && f.l_type != F_UNLCK;
}

/* Both bytes at once, where nobody is in the way. */
static bool
take_free(struct lock *l)
{
	bool got = false;

	if (byte_lock(l, BYTE_NEXT, F_WRLCK)) {
		got = byte_lock(l, BYTE_WORK, F_WRLCK);
		(void)byte_lock(l, BYTE_NEXT, F_UNLCK);
	}
	return got;
}

static bool
take_in_turn(struct lock *l, int64_t until)
{
	bool got;

	if (!byte_wait(l, BYTE_NEXT, F_WRLCK, until, NAP_QUEUE_US,
	    NAP_QUEUE_MAX_US))
		return false;
	got = byte_wait(l, BYTE_WORK, F_WRLCK, until, NAP_NEXT_US,
	    NAP_NEXT_MAX_US);
	(void)byte_lock(l, BYTE_NEXT, F_UNLCK);
	return got;
}

enum status
lock_take(struct lock *l, int64_t wait_ms, int64_t yield_ms, struct error *err)
{
	int64_t until = deadline_us(wait_ms), yield = deadline_us(yield_ms);
	bool got;

	/* Who naps at byte 1 would lose it to one who comes and tries at once. */
	while (yield_ms > 0 && lock_contended(l) && now_us() < yield)
		nap(l, NAP_NEXT_US);
	got = take_free(l);
	if (!got && wait_ms > 0) {
		(void)byte_lock(l, BYTE_WAITING, F_RDLCK);
		got = take_in_turn(l, until);
		(void)byte_lock(l, BYTE_WAITING, F_UNLCK);
	}
	if (!got)
		return lock_refused(l, err);
	l->held = true;
	return STATUS_OK;
}

void
lock_drop(struct lock *l)
{
	if (l->held)
		(void)byte_lock(l, BYTE_WORK, F_UNLCK);
	l->held = false;
}

bool
lock_contended(const struct lock *l)
{
	return byte_taken(l, BYTE_WAITING);
}

enum status
lock_enter(struct lock *l, int64_t wait_ms, bool *first, struct error *err)
{
	*first = byte_lock(l, BYTE_USERS, F_WRLCK);
	if (*first || byte_wait(l, BYTE_USERS, F_RDLCK, deadline_us(wait_ms),
	    NAP_NEXT_US, NAP_QUEUE_MAX_US))
		return STATUS_OK;
	return lock_refused(l, err);
}

void
lock_share(struct lock *l)
{
	(void)byte_lock(l, BYTE_USERS, F_RDLCK);
}

bool
lock_serve(struct lock *l)
{
	return byte_lock(l, BYTE_SERVE, F_WRLCK);
}

void
lock_bulk(struct lock *l, bool is)
{
	if (is != l->bulk)
		(void)byte_lock(l, BYTE_BULK, is ? F_RDLCK : F_UNLCK);
	l->bulk = is;
}

bool
lock_bulky(const struct lock *l)
{
	return byte_taken(l, BYTE_BULK);
}

bool
lock_own(struct lock *l, int64_t number)
{
	return byte_lock(l, LOCK_OWN + number, F_WRLCK);
}

bool
lock_owned(const struct lock *l, int64_t number)
{
	return l->fd != -1 && byte_taken(l, LOCK_OWN + number);
}

bool
lock_used(const struct lock *l)
{
	return byte_taken(l, BYTE_USERS);
}

bool
lock_last(struct lock *l)
{
	return byte_lock(l, BYTE_USERS, F_WRLCK);
}

void
lock_read_mark(const struct lock *l, char *out, size_t n)
{
	ssize_t got = pread(l->fd, out, n - 1, 0);

	out[got > 0 ? got : 0] = '\0';
	out[strcspn(out, "\n")] = '\0';
}

void
lock_write_mark(const struct lock *l, const char *mark)
{
	char line[MARK_MAX];
	size_t n = strnlen(mark, sizeof(line) - 1);

	memcpy(line, mark, n);
	line[n++] = '\n';
	/* Only a hint: where it cannot be written the store is checked again. */
	if (pwrite(l->fd, line, n, 0) == (ssize_t)n)
		(void)ftruncate(l->fd, (off_t)n);
}
