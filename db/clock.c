#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "db/store.h"

static char boot_id[64];
static pthread_once_t boot_once = PTHREAD_ONCE_INIT;

/* HANDRAIL_CLOCK is "WALL" or "WALL,BOOT", in milliseconds. */
static bool
clock_fixed(int which, int64_t *out)
{
	const char *s = getenv("HANDRAIL_CLOCK");
	char *end;

	if (s != NULL && which == 1 && (s = strchr(s, ',')) != NULL)
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
clock_now_ms(void)
{
	int64_t ms;

	return clock_fixed(0, &ms) ? ms : clock_read(CLOCK_REALTIME);
}

int64_t
clock_boot_ms(void)
{
	int64_t ms;

	return clock_fixed(1, &ms) ? ms : clock_read(CLOCK_BOOTTIME);
}

void
clock_local(int64_t ms, char out[CLOCK_TEXT])
{
	time_t t = (time_t)(ms / 1000);
	struct tm tm;
	size_t n;

	if (localtime_r(&t, &tm) == NULL || (n = strftime(out, CLOCK_TEXT - 8,
	    "%Y-%m-%dT%H:%M:%S", &tm)) == 0) {
		out[0] = '\0';
		return;
	}
	if (tm.tm_gmtoff == 0)
		(void)snprintf(out + n, CLOCK_TEXT - n, "Z");
	else
		(void)snprintf(out + n, CLOCK_TEXT - n, "%c%02ld:%02ld",
		    tm.tm_gmtoff < 0 ? '-' : '+', labs(tm.tm_gmtoff) / 3600 % 100,
		    labs(tm.tm_gmtoff) / 60 % 60);
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
