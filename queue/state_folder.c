#include "queue/state_folder.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Makes every folder of a path, 0700. */
static enum status
folders_make(char *path, struct error *err)
{
	char *p;

	for (p = path + 1;; p++) {
		if (*p != '/' && *p != '\0')
			continue;
		char was = *p;

		*p = '\0';
		if (mkdir(path, 0700) != 0 && errno != EEXIST)
			return error_set(err, STATUS_IO, "%s: %s", path,
			    strerror(errno));
		*p = was;
		if (was == '\0')
			return STATUS_OK;
	}
}

enum status
state_folder_name(char *path, size_t n, struct error *err)
{
	const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
	int got;

	if (state != NULL && state[0] == '/')
		got = snprintf(path, n, "%s/handrail", state);
	else if (home != NULL && home[0] == '/')
		got = snprintf(path, n, "%s/.local/state/handrail", home);
	else
		return error_set(err, STATUS_INVALID,
		    "neither XDG_STATE_HOME nor HOME is set");
	if (got < 0 || (size_t)got >= n)
		return error_set(err, STATUS_LIMIT,
		    "the state folder's name is too long");
	return STATUS_OK;
}

enum status
state_folder(char *path, size_t n, const char *sub, struct error *err)
{
	enum status st = state_folder_name(path, n, err);
	size_t at = st == STATUS_OK ? strlen(path) : 0;
	struct stat sb;

	if (st == STATUS_OK && sub != NULL &&
	    snprintf(path + at, n - at, "/%s", sub) >= (int)(n - at))
		return error_set(err, STATUS_LIMIT,
		    "the state folder's name is too long");
	if (st != STATUS_OK)
		return st;
	if (stat(path, &sb) != 0) {
		if ((st = folders_make(path, err)) != STATUS_OK)
			return st;
		if (stat(path, &sb) != 0)
			return error_set(err, STATUS_IO, "%s: %s", path,
			    strerror(errno));
	}
	if (sb.st_uid != geteuid() || (sb.st_mode & 022) != 0)
		return error_set(err, STATUS_INVALID, "%s: others may write to "
		    "it, so that nothing is kept there: chmod 700 it", path);
	return STATUS_OK;
}
