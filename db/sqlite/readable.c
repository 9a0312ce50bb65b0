#include "db/sqlite/readable.h"

#include <ctype.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "db/sqlite/handle.h"
#include "db/sqlite/place.h"

/* How long it waits for another that takes the same write back. */
#define TAKE_BACK_MS	5000

/* Bytes of what stands beside the file, -1 where nothing does. */
static int64_t
size_beside(const char *path, const char *suffix)
{
	char *name = store_beside(path, suffix);
	struct stat sb;
	int64_t n = name != NULL && stat(name, &sb) == 0 ? (int64_t)sb.st_size : -1;

	free(name);
	return n;
}

static bool
dir_writable(const char *path)
{
	struct buf dir = BUF_INIT;
	bool may;

	place_dir(path, &dir);
	may = !dir.failed && faccessat(AT_FDCWD, buf_str(&dir), W_OK,
	    AT_EACCESS) == 0;
	buf_release(&dir);
	return may;
}

/*
 * SQLite takes the broken-off write back when it first reads, if it may write.  Its
 * locks see to it that this is done once, and not to a write that goes on.  What
 * fails is said by the open that follows.
 */
static void
take_back(const char *path)
{
	sqlite3 *db = NULL;

	if (sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE |
	    SQLITE_OPEN_NOMUTEX, NULL) == SQLITE_OK) {
		(void)sqlite3_db_config(db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
		(void)sqlite3_busy_timeout(db, TAKE_BACK_MS);
		(void)sqlite3_exec(db, "PRAGMA schema_version", NULL, NULL, NULL);
	}
	(void)sqlite3_close(db);
}

/* A relative name stays one behind "file:". */
static void
uri_write(struct buf *b, const char *path)
{
	buf_puts(b, "file:");
	for (; *path != '\0'; path++)
		if (isalnum((unsigned char)*path) || strchr("/._-", *path) != NULL)
			buf_putc(b, *path);
		else
			buf_printf(b, "%%%02X", (unsigned char)*path);
	buf_puts(b, "?immutable=1");
}

enum status
readable_look(const char *path, bool take, bool *immutable, struct buf *uri,
    struct error *err)
{
	char *real = realpath(path, NULL);
	enum status st = STATUS_OK;

	*immutable = false;
	/* Never immutable, which would read the half of it that was written. */
	if (real != NULL && size_beside(real, "-journal") > 0) {
		if (take && dir_writable(real) &&
		    faccessat(AT_FDCWD, real, W_OK, AT_EACCESS) == 0)
			take_back(real);
		goto out;
	}
	/* SQLite says what is wrong with a name, and -shm is enough for it. */
	if (real == NULL || size_beside(real, "-shm") >= 0 || dir_writable(real))
		goto out;
	if (size_beside(real, "-wal") > 0) {
		st = error_set(err, STATUS_IO, "%s: its last changes are in %s-wal, "
		    "which cannot be read without writing beside it: have somebody "
		    "who may write it run any handrail command, or read a copy of "
		    "both files, or of handrail backup", path, path);
		goto out;
	}
	*immutable = true;
	uri_write(uri, real);
	st = buf_check(uri, err);
out:
	free(real);
	return st;
}
