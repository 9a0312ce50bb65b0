/*
 * `measure COMMAND [ARG]...` runs a command and writes, on file descriptor 3,
 * its wall-clock seconds and the peak resident KB of it or its largest child.
 * Exits as the command did.
 */
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

int
main(int argc, char **argv)
{
	struct timespec	from, to;
	struct rusage	usage;
	pid_t		pid;
	int		status;

	if (argc < 2) {
		fprintf(stderr, "usage: measure COMMAND [ARG]... 3>FILE\n");
		return 2;
	}
	clock_gettime(CLOCK_MONOTONIC, &from);
	pid = fork();
	if (pid == 0) {
		close(3);
		execvp(argv[1], argv + 1);
		perror(argv[1]);
		_exit(127);
	}
	if (pid == -1 || wait4(pid, &status, 0, &usage) == -1) {
		perror("measure");
		return 2;
	}
	clock_gettime(CLOCK_MONOTONIC, &to);
	dprintf(3, "%.4f %ld\n", (double)(to.tv_sec - from.tv_sec) +
	    (double)(to.tv_nsec - from.tv_nsec) / 1e9, usage.ru_maxrss);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 2;
}
