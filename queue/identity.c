#include "queue/identity.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "db/login.h"

#define GROUPS_MAX	1024

/* glibc looks people up by tables that it makes when first asked, and without
 * memory for them it reads where there is nothing. */
static bool
lookup_has_room(void)
{
	void *volatile room = malloc((size_t)64 << 10);
	bool has = room != NULL;

	free(room);
	return has;
}

enum status
identity_get(struct identity *who, struct error *err)
{
	char room[16384];
	struct passwd pw, *found = NULL;
	enum login login;
	uid_t uid = 0;
	int rc;

	memset(who, 0, sizeof(*who));
	if (!lookup_has_room())
		return error_nomem(err);
	login = login_uid(&uid);
	if (login == LOGIN_DOUBTED)
		return error_set(err, STATUS_DENIED, "who you are is not sure: the "
		    "login uid is %u, and no login of theirs led here, so that "
		    "anybody may have set it; log in anew", (unsigned)uid);
	who->from_login = login == LOGIN_SET;
	who->uid = (int64_t)(who->from_login ? uid : getuid());
	rc = getpwuid_r((uid_t)who->uid, &pw, room, sizeof(room), &found);
	if (rc != 0 && rc != ENOENT)
		return error_set(err, STATUS_IO, "identity: uid %lld: %s",
		    (long long)who->uid, strerror(rc));
	if (found != NULL && strlen(pw.pw_name) < sizeof(who->name))
		memcpy(who->name, pw.pw_name, strlen(pw.pw_name) + 1);
	else			/* no name: the number is what is sure */
		(void)snprintf(who->name, sizeof(who->name), "uid-%lld",
		    (long long)who->uid);
	return STATUS_OK;
}

/* The beginning of a file of /proc. */
static bool
proc_line(const char *path, char *text, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t got = fd == -1 ? -1 : read(fd, text, size - 1);

	if (fd != -1)
		(void)close(fd);
	text[got > 0 ? got : 0] = '\0';
	return got > 0;
}

bool
identity_hides(uid_t owner)
{
	unsigned long inside = 0, outside = 0, n = 0, nobody = 65534;
	char map[4096], text[32];

	if (!proc_line("/proc/self/uid_map", map, sizeof(map)))
		return false;
	if (sscanf(map, "%lu %lu %lu", &inside, &outside, &n) == 3 &&
	    inside == 0 && outside == 0 && n >= UINT32_MAX)
		return false;
	if (proc_line("/proc/sys/kernel/overflowuid", text, sizeof(text)))
		nobody = strtoul(text, NULL, 10);
	return owner == (uid_t)nobody;
}

bool
identity_in_group(const struct identity *who, const char *group)
{
	char room[16384], groom[65536];
	gid_t list[GROUPS_MAX];
	struct passwd pw, *found = NULL;
	struct group gr, *g = NULL;
	int i, n = GROUPS_MAX;

	if (getgrnam_r(group, &gr, groom, sizeof(groom), &g) != 0 || g == NULL)
		return false;
	if (getpwuid_r((uid_t)who->uid, &pw, room, sizeof(room), &found) != 0 ||
	    found == NULL || getgrouplist(pw.pw_name, pw.pw_gid, list, &n) == -1)
		return false;
	for (i = 0; i < n; i++)
		if (list[i] == gr.gr_gid)
			return true;
	return false;
}
