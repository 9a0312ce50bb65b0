#include "queue/witness.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "core/base/shell.h"
#include "db/audit/audit.h"
#include "db/audit/edge.h"
#include "queue/file.h"
#include "queue/state_folder.h"

#define FOLDER	"witness"

/* LOG@PLACE, of an absolute path. */
static enum status
place_name(const struct witness *w, struct store *s, const char *path, char *out,
    size_t n, struct error *err)
{
	char hex[HASH_HEX];
	struct hash h;
	enum status st = audit_content(s, slice_of(path), NULL, 0, &h, err);

	if (st != STATUS_OK)
		return st;
	hash_hex(&h, hex);
	(void)snprintf(out, n, "%s@%.16s", w->log, hex);
	return STATUS_OK;
}

/* By its path as it is asked for: a link that is put there is no other place.  Older
 * versions named it by where the links led. */
static enum status
place_names(struct witness *w, struct store *s, struct error *err)
{
	const char *path = w->place != NULL ? w->place : store_path(s);
	char *real = realpath(path, NULL), *here = NULL;
	struct buf b = BUF_INIT;
	enum status st;

	/* Of no place there is no note: nothing would be seen to be other than it was. */
	if (real == NULL && errno == ENOMEM)
		b.failed = true;
	if (path[0] != '/') {
		here = realpath(".", NULL);
		b.failed |= here == NULL && errno == ENOMEM;
		buf_printf(&b, "%s/", here == NULL ? "." : here);
	}
	buf_puts(&b, path);
	if ((st = buf_check(&b, err)) == STATUS_OK)
		st = place_name(w, s, buf_str(&b), w->own, sizeof(w->own), err);
	if (st == STATUS_OK)
		st = place_name(w, s, real == NULL ? buf_str(&b) : real, w->old,
		    sizeof(w->old), err);
	buf_release(&b);
	free(real);
	free(here);
	return st;
}

/* FOLDER/LOG, and FOLDER/LOG@PLACE, without making anything. */
static enum status
note_names(struct witness *w, struct store *s, struct error *err)
{
	const size_t room = sizeof(w->log);
	enum status st = state_folder_name(w->log, room, err);
	const char *p;
	size_t n;

	if (st != STATUS_OK)
		return st;
	n = strlen(w->log);
	n += (size_t)snprintf(w->log + n, room - n, "/" FOLDER "/");
	for (p = store_log(s); *p != '\0' && n + 4 < room; p++)
		n += (size_t)snprintf(w->log + n, room - n,
		    isalnum((unsigned char)*p) || strchr("._-", *p) != NULL ?
		    "%c" : "%%%02X", (unsigned char)*p);
	return *p == '\0' ? place_names(w, s, err) : error_set(err, STATUS_LIMIT,
	    "the state folder's name is too long");
}

/* Which of them says what is to be there: the place's own, if this person has seen it. */
static enum status
note_choose(struct witness *w, struct store *s, struct error *err)
{
	enum status st = note_names(w, s, err);
	const char *from = w->own;

	w->path[0] = '\0';
	if (st != STATUS_OK)
		return st;
	if (access(w->own, F_OK) != 0 && access(w->log, F_OK) == 0)
		from = w->log;
	else if (access(w->own, F_OK) != 0 && access(w->old, F_OK) == 0)
		from = w->old;
	(void)snprintf(w->path, sizeof(w->path), "%s", from);
	return STATUS_OK;
}

/* What one does where all is well nevertheless. */
static enum status
refuses(const struct store *s, struct buf *why, struct error *err)
{
	enum status st;

	buf_puts(why, "; if that is as it should be: handrail -d ");
	shell_add(why, slice_of(store_path(s)));
	buf_puts(why, " audit witness accept");
	if ((st = buf_check(why, err)) == STATUS_OK)
		st = error_set(err, STATUS_CONFLICT, "%s", buf_str(why));
	buf_release(why);
	return st;
}

/* What a file says; nothing where there is none, or one that says nothing. */
static enum status
note_read(const char *path, const struct store *s, struct checkpoint *c,
    struct error *err)
{
	struct error why = { 0 };
	struct buf b = BUF_INIT, no = BUF_INIT;
	enum status st;

	memset(c, 0, sizeof(*c));
	if (path[0] == '\0' || access(path, F_OK) != 0)
		return STATUS_OK;
	if ((st = file_read(path, &b, err)) == STATUS_OK &&
	    (checkpoint_read(c, buf_slice(&b), &why) != STATUS_OK ||
	    strcmp(c->origin, store_log(s)) != 0)) {
		buf_printf(&no, "%s: this is no note of log %s: what you have seen of "
		    "it is lost: compare it with a backup, or another's note", path,
		    store_log(s));
		st = refuses(s, &no, err);
	}
	buf_release(&b);
	if (st != STATUS_OK)
		memset(c, 0, sizeof(*c));
	return st;
}

static enum status
differs(const struct store *s, const struct checkpoint *seen, uint64_t size,
    const struct hash *root, struct error *err)
{
	char was[HASH_HEX], is[HASH_HEX];
	struct buf why = BUF_INIT;

	hash_hex(&seen->root, was);
	hash_hex(root, is);
	if (size < seen->size)
		buf_printf(&why, "%s: its log has %" PRIu64 " leaves (root %s), and "
		    "you have seen %" PRIu64 " (root %s): it is an older copy, or "
		    "its end was cut off: ask its owner", store_path(s), size, is,
		    seen->size, was);
	else
		buf_printf(&why, "%s: the first %" PRIu64 " leaves of its log (root "
		    "%s) are not those that you have seen (root %s): it was "
		    "written anew, or went on in another copy: ask its owner",
		    store_path(s), seen->size, is, was);
	return refuses(s, &why, err);
}

/* Is the log what was seen, or more of it?  STATUS_CONFLICT: no. */
static enum status
continues(struct store *s, const struct checkpoint *seen, struct error *err)
{
	struct hash root;
	uint64_t size;
	enum status st = audit_root(s, &size, &root, err);

	/* Also where nothing was seen yet: it is now. */
	if (st != STATUS_OK || seen->size == 0)
		return st;
	if (size > seen->size &&
	    (st = audit_root_at(s, seen->size, &root, err)) != STATUS_OK)
		return st;
	return size >= seen->size && hash_eq(&root, &seen->root) ? STATUS_OK :
	    differs(s, seen, size, &root, err);
}

enum status
witness_look(struct witness *w, struct store *s, struct error *err)
{
	enum status st;

	memset(&w->seen, 0, sizeof(w->seen));
	/* The note first: the log only grows. */
	if ((st = note_choose(w, s, err)) == STATUS_OK)
		st = note_read(w->path, s, &w->seen, err);
	if (st == STATUS_OK)
		st = continues(s, &w->seen, err);
	w->differs = st == STATUS_CONFLICT;
	return st;
}

enum status
witness_note(const struct witness *w, struct buf *out, struct error *err)
{
	return w->seen.size == 0 ? STATUS_NOT_FOUND :
	    file_read(w->path, out, err);
}

static enum status
path_fails(const char *path, struct error *err)
{
	return error_set(err, STATUS_IO, "%s: %s", path, strerror(errno));
}

/* Under its name whole, beside others that do the same. */
static enum status
note_replace(const char *path, struct slice text, struct error *err)
{
	char part[WITNESS_NAME + 8];
	enum status st = STATUS_OK;
	ssize_t n;
	int fd;

	(void)snprintf(part, sizeof(part), "%s.part", path);
	fd = open(part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd == -1)
		return path_fails(part, err);
	while (text.n > 0 && st == STATUS_OK)
		if ((n = write(fd, text.p, text.n)) > 0)
			text = (struct slice){ text.p + n, text.n - (size_t)n };
		else if (n == 0 || errno != EINTR)
			st = path_fails(part, err);
	(void)close(fd);
	if (st == STATUS_OK && rename(part, path) != 0)
		st = path_fails(path, err);
	if (st != STATUS_OK)
		(void)unlink(part);
	return st;
}

/* Never by less than what is there; where that is accepted, also over what is no note. */
static enum status
note_grow(const char *path, struct store *s, const struct checkpoint *c,
    struct slice text, bool accept, struct error *err)
{
	struct error why = { 0 };
	struct checkpoint there;
	enum status st = note_read(path, s, &there, &why);

	if (st != STATUS_OK && !(accept && st == STATUS_CONFLICT))
		return error_set(err, st, "%s", why.text);
	return there.size < c->size ? note_replace(path, text, err) : STATUS_OK;
}

/* One at a time: the place's own, and the log's. */
static enum status
note_write(struct witness *w, struct store *s, const struct checkpoint *c,
    struct slice text, bool force, struct error *err)
{
	char folder[WITNESS_PATH];
	enum status st = state_folder(folder, sizeof(folder), FOLDER, err);
	int fd;

	if (st != STATUS_OK)
		return st;
	fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd == -1 || flock(fd, LOCK_EX) != 0)
		st = path_fails(folder, err);
	else if ((st = force ? note_replace(w->own, text, err) :
	    note_grow(w->own, s, c, text, false, err)) == STATUS_OK)
		st = note_grow(w->log, s, c, text, force, err);
	if (fd != -1)
		(void)close(fd);
	if (st != STATUS_OK)
		return st;
	memcpy(w->path, w->own, sizeof(w->path));
	return note_read(w->path, s, &w->seen, err);
}

enum status
witness_keep(struct witness *w, struct store *s, bool force, struct error *err)
{
	const struct audit_edge *e = store_edge(s);
	struct buf text = BUF_INIT;
	struct checkpoint c;
	enum status st;

	/* A place that was not seen yet has no note of its own. */
	if (!e->known || store_transaction(s) != TRANSACTION_NONE || (!force &&
	    (w->differs || (e->tree.size <= w->seen.size &&
	    strcmp(w->path, w->own) == 0))))
		return STATUS_OK;
	if (w->path[0] == '\0' && (st = note_choose(w, s, err)) != STATUS_OK)
		return st;
	(void)snprintf(c.origin, sizeof(c.origin), "%s", store_log(s));
	c.size = e->tree.size;
	merkle_root(e->hasher, &e->tree, &c.root);
	checkpoint_write(&c, &text);
	if ((st = buf_check(&text, err)) == STATUS_OK)
		st = note_write(w, s, &c, buf_slice(&text), force, err);
	buf_release(&text);
	return st;
}

enum status
witness_import(struct witness *w, struct store *s, const char *where,
    struct slice note, struct error *err)
{
	struct error why = { 0 };
	struct checkpoint c;
	enum status st;

	if (checkpoint_read(&c, note, &why) != STATUS_OK)
		return error_set(err, STATUS_INVALID, "%s: %s", where, why.text);
	if (strcmp(c.origin, store_log(s)) != 0)
		return error_set(err, STATUS_CONFLICT, "%s: a note of another log, "
		    "%s; this one is %s", where, c.origin, store_log(s));
	if (c.size > w->seen.size &&
	    (st = note_write(w, s, &c, note, false, err)) != STATUS_OK)
		return st;
	return witness_look(w, s, err);
}
