#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "db/clock.h"

static char boot_id[64];
static pthread_once_t boot_once = PTHREAD_ONCE_INIT;

#define OUTSIDE_MAX	64	/* bytes of a file that are read */

void
clock_from_outside(struct clock *c)
{
	c->outside = getenv("HANDRAIL_CLOCK");
}

static bool
outside_file(const char *path, char out[OUTSIDE_MAX])
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n;

	if (fd == -1)
		return false;
	n = read(fd, out, OUTSIDE_MAX - 1);
	(void)close(fd);
	if (n <= 0)
		return false;
	out[n] = '\0';
	out[strcspn(out, "\n")] = '\0';
	return true;
}

/* The first or the second of its numbers. */
static bool
outside_ms(const struct clock *c, int which, int64_t *out)
{
	const char *s = c == NULL ? NULL : c->outside;
	char text[OUTSIDE_MAX], *end;

	if (s == NULL)
		return false;
	if (s[0] == '@')
		s = outside_file(s + 1, text) ? text : "";
	if (which == 1 && (s = strchr(s, ',')) != NULL)
		s++;
	if (s == NULL || *s == '\0')
		return false;
	*out = strtoll(s, &end, 10);
	return end != s && (*end == '\0' || *end == ',');
}

static int64_t
clock_read(clockid_t id)
{
	struct timespec t;

	if (clock_gettime(id, &t) != 0)
		return 0;
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

int64_t
clock_now_ms(const struct clock *c)
{
	int64_t ms;

	return outside_ms(c, 0, &ms) ? ms : clock_read(CLOCK_REALTIME);
}

int64_t
clock_boot_ms(const struct clock *c)
{
	int64_t ms;

	return outside_ms(c, 1, &ms) ? ms : clock_read(CLOCK_BOOTTIME);
}

static void
boot_id_read(void)
{
	int fd = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC);
	ssize_t n;

	if (fd == -1)
		return;
	n = read(fd, boot_id, sizeof(boot_id) - 1);
	(void)close(fd);
	boot_id[n > 0 ? n : 0] = '\0';
	boot_id[strcspn(boot_id, "\n")] = '\0';
}

const char *
clock_boot_id(void)
{
	(void)pthread_once(&boot_once, boot_id_read);
	return boot_id[0] == '\0' ? "unknown" : boot_id;
}
