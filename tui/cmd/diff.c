#include "tui/cmd/diff.h"

#include <errno.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tui/private.h"

/* The bytes as something that diff can open: /dev/fd/N. */
static int
as_file(struct slice bytes, struct error *err)
{
	int fd = memfd_create("diff", 0);
	size_t at = 0;
	ssize_t n;

	while (fd != -1 && at < bytes.n) {
		n = write(fd, bytes.p + at, bytes.n - at);
		if (n == -1 && errno != EINTR) {
			(void)close(fd);
			fd = -1;
		} else if (n > 0)
			at += (size_t)n;
	}
	if (fd == -1)
		(void)error_set(err, STATUS_IO, "diff: %s",
		    strerror(errno));
	return fd;
}

static void
exec_diff(int a, int b, int out, const char *label_a, const char *label_b)
{
	char path_a[32], path_b[32];

	(void)snprintf(path_a, sizeof(path_a), "/dev/fd/%d", a);
	(void)snprintf(path_b, sizeof(path_b), "/dev/fd/%d", b);
	(void)dup2(out, STDOUT_FILENO);
	private_end();
	(void)execlp("diff", "diff", "-u", "--label", label_a, "--label",
	    label_b, path_a, path_b, (char *)NULL);
	_exit(127);
}

/* Reads what the child writes, to its end. */
static enum status
collect(struct buf *b, int fd, pid_t pid, struct error *err)
{
	char part[4096];
	ssize_t n;
	int status = 0;

	while ((n = read(fd, part, sizeof(part))) > 0 ||
	    (n == -1 && errno == EINTR))
		if (n > 0)
			buf_add(b, part, (size_t)n);
	while (waitpid(pid, &status, 0) == -1 && errno == EINTR)
		;
	if (!WIFEXITED(status) || WEXITSTATUS(status) > 1)
		return error_set(err, STATUS_IO, "diff: diff(1) could not "
		    "be run: install diffutils");
	return buf_check(b, err);
}

enum status
diff_bytes(struct buf *b, struct slice old, struct slice new,
    const char *label_a, const char *label_b, struct error *err)
{
	int fa = as_file(old, err), fb = as_file(new, err), fd[2];
	enum status st;
	pid_t pid;

	if (fa == -1 || fb == -1 || pipe(fd) == -1) {
		st = error_set(err, STATUS_IO, "diff: %s",
		    strerror(errno));
		goto done;
	}
	if ((pid = fork()) == 0)
		exec_diff(fa, fb, fd[1], label_a, label_b);
	(void)close(fd[1]);
	st = pid == -1 ? error_set(err, STATUS_IO, "diff: %s",
	    strerror(errno)) : collect(b, fd[0], pid, err);
	(void)close(fd[0]);
done:
	if (fa != -1)
		(void)close(fa);
	if (fb != -1)
		(void)close(fb);
	return st;
}
