#include "db/sqlite/place.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>
#include <unistd.h>

/* SQLite's WAL needs shared memory between its users; none of these has it. */
static const struct {
	unsigned long	 magic;
	const char	*name;
} network_fs[] = {
	{ 0x6969, "NFS" }, { 0x517b, "SMB" }, { 0xff534d42, "CIFS" },
	{ 0xfe534d42, "SMB2" }, { 0x01021997, "9P" }, { 0x5346414f, "AFS" },
	{ 0x6b414653, "AFS" }, { 0x73757245, "Coda" }, { 0x00c36400, "Ceph" },
	{ 0x564c, "NCP" }, { 0x19830326, "FhGFS" }, { 0x0bd00bd0, "Lustre" },
	{ 0x47504653, "GPFS" }, { 0x20030528, "OrangeFS" }, { 0x7461636f, "OCFS2" },
	{ 0x01161970, "GFS2" }
};
/* FUSE covers local and remote alike; the mount's type tells. */
#define FUSE_MAGIC	0x65735546ul
static const char *const network_fuse[] = {
	"sshfs", "rclone", "s3fs", "glusterfs", "gcsfuse", "davfs", "davfs2",
	"curlftpfs", "ceph-fuse", "ceph", "smbnetfs", "goofys", "juicefs",
	"seaweedfs", "afpfs", "hdfs", "blobfuse", "blobfuse2"
};
#define COUNT(a)	(sizeof(a) / sizeof((a)[0]))

void
place_dir(const char *path, struct buf *out)
{
	const char *slash = strrchr(path, '/');

	buf_clear(out);
	if (slash == NULL)
		buf_puts(out, ".");
	else if (slash == path)
		buf_puts(out, "/");
	else
		buf_add(out, path, (size_t)(slash - path));
}

enum status
place_make_dir(const char *path, struct error *err)
{
	struct buf dir = BUF_INIT;
	enum status st;
	char *p;

	place_dir(path, &dir);
	if ((st = buf_check(&dir, err)) != STATUS_OK)
		goto out;
	for (p = dir.p + 1; ; p++) {
		if (*p != '/' && *p != '\0')
			continue;
		*p = '\0';
		if (mkdir(dir.p, 0700) != 0 && errno != EEXIST &&
		    errno != EROFS && errno != EACCES && errno != EISDIR) {
			st = error_set(err, STATUS_IO, "%s: %s", dir.p,
			    strerror(errno));
			break;
		}
		if ((size_t)(p - dir.p) >= dir.n)
			break;
		*p = '/';
	}
out:
	buf_release(&dir);
	return st;
}

static enum status
group_find(const char *group, gid_t *gid, struct error *err)
{
	struct group *g;

	errno = 0;
	if ((g = getgrnam(group)) == NULL)
		return error_set(err, STATUS_INVALID, "group %s: %s", group,
		    errno == 0 ? "no such group" : strerror(errno));
	*gid = g->gr_gid;
	return STATUS_OK;
}

enum status
place_share_dir(const char *path, const char *group, gid_t *gid,
    struct error *err)
{
	struct buf dir = BUF_INIT;
	struct stat sb;
	enum status st;
	bool made = false;

	if ((st = group_find(group, gid, err)) != STATUS_OK)
		return st;
	place_dir(path, &dir);
	if ((st = buf_check(&dir, err)) != STATUS_OK)
		goto out;
	if (stat(dir.p, &sb) != 0) {
		if ((st = place_make_dir(path, err)) != STATUS_OK)
			goto out;
		made = true;
	}
	if (made && (chown(dir.p, (uid_t)-1, *gid) != 0 ||
	    chmod(dir.p, 02770) != 0)) {
		st = error_set(err, STATUS_IO, "%s: %s", dir.p, strerror(errno));
		goto out;
	}
	if (stat(dir.p, &sb) != 0)
		st = error_set(err, STATUS_IO, "%s: %s", dir.p, strerror(errno));
	else if (sb.st_gid != *gid || (sb.st_mode & 02070) != 02070)
		st = error_set(err, STATUS_INVALID, "%s: a store shared with "
		    "group %s needs it with mode 2770: chgrp %s %s && "
		    "chmod 2770 %s", dir.p, group, group, dir.p, dir.p);
out:
	buf_release(&dir);
	return st;
}

/* The FUSE type of the mount that a device is, "fuse.sshfs" -> "sshfs". */
static bool
fuse_type(dev_t dev, char *out, size_t n)
{
	char line[4096], want[32], *at, *end;
	bool found = false;
	FILE *f;

	if ((f = fopen("/proc/self/mountinfo", "re")) == NULL)
		return false;
	(void)snprintf(want, sizeof(want), " %u:%u ", major(dev), minor(dev));
	while (!found && fgets(line, sizeof(line), f) != NULL) {
		if (strstr(line, want) == NULL ||
		    (at = strstr(line, " - ")) == NULL)
			continue;
		at += 3;
		if ((end = strchr(at, ' ')) == NULL)
			continue;
		*end = '\0';
		if (strncmp(at, "fuse.", 5) == 0)
			at += 5;
		(void)snprintf(out, n, "%s", at);
		found = true;
	}
	(void)fclose(f);
	return found;
}

static const char *
network_name(const char *dir, char *type, size_t n)
{
	struct statfs fs;
	struct stat sb;
	size_t i;

	if (statfs(dir, &fs) != 0)
		return NULL;
	for (i = 0; i < COUNT(network_fs); i++)
		if (((unsigned long)fs.f_type & 0xffffffffu) ==
		    network_fs[i].magic)
			return network_fs[i].name;
	if (((unsigned long)fs.f_type & 0xffffffffu) != FUSE_MAGIC ||
	    stat(dir, &sb) != 0 || !fuse_type(sb.st_dev, type, n))
		return NULL;
	for (i = 0; i < COUNT(network_fuse); i++)
		if (strcmp(type, network_fuse[i]) == 0)
			return type;
	return NULL;
}

enum status
place_local(const char *path, struct error *err)
{
	struct buf dir = BUF_INIT;
	const char *name;
	char type[64];
	enum status st;

	place_dir(path, &dir);
	if ((st = buf_check(&dir, err)) == STATUS_OK &&
	    (name = network_name(dir.p, type, sizeof(type))) != NULL)
		st = error_set(err, STATUS_IO, "%s: on a network file system "
		    "(%s), where a store would be damaged; keep it on a local "
		    "disk", path, name);
	buf_release(&dir);
	return st;
}

enum status
place_make_file(const char *path, mode_t mode, gid_t gid, struct error *err)
{
	enum status st = STATUS_OK;
	int fd;

	fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode);
	if (fd == -1)
		return error_set(err, errno == EEXIST ? STATUS_CONFLICT :
		    STATUS_IO, "%s: %s", path, strerror(errno));
	if ((gid != (gid_t)-1 && fchown(fd, (uid_t)-1, gid) != 0) ||
	    fchmod(fd, mode) != 0) {
		st = error_set(err, STATUS_IO, "%s: %s", path, strerror(errno));
		(void)unlink(path);
	}
	(void)close(fd);
	return st;
}

enum status
place_sync_dir(const char *path, struct error *err)
{
	struct buf dir = BUF_INIT;
	enum status st;
	int fd = -1;

	place_dir(path, &dir);
	if ((st = buf_check(&dir, err)) == STATUS_OK) {
		fd = open(dir.p, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		if (fd == -1 || (fsync(fd) != 0 && errno != EINVAL))
			st = error_set(err, STATUS_IO, "%s: its folder %s: %s",
			    path, dir.p, strerror(errno));
	}
	if (fd != -1)
		(void)close(fd);
	buf_release(&dir);
	return st;
}

static bool
is_unknown(int e)
{
	return e == EOPNOTSUPP || e == EISDIR || e == EINVAL || e == ENOENT ||
	    e == EACCES;
}

enum status
place_room(const char *path, struct error *err)
{
	static const char bytes[PLACE_ROOM];
	struct buf dir = BUF_INIT;
	enum status st = STATUS_OK;
	ssize_t n;
	int fd;

	place_dir(path, &dir);
	if ((st = buf_check(&dir, err)) != STATUS_OK) {
		buf_release(&dir);
		return st;
	}
	fd = open(buf_str(&dir), O_TMPFILE | O_RDWR | O_CLOEXEC, PLACE_MODE);
	buf_release(&dir);
	if (fd == -1)
		return is_unknown(errno) ? STATUS_OK : error_set(err, STATUS_IO,
		    "%s: its folder takes no file: %s", path, strerror(errno));
	if ((n = pwrite(fd, bytes, sizeof(bytes), 0)) < (ssize_t)sizeof(bytes))
		st = error_set(err, STATUS_IO, "%s: its disk takes no more: %s",
		    path, n == -1 ? strerror(errno) : "full");
	(void)close(fd);
	return st;
}
