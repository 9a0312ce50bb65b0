#include "db/audit/checkpoint.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <openssl/crypto.h>

#include "db/audit/leaf_read.h"
#include "db/query.h"
#include "db/write.h"

#define KEY_FILE_MAX	1024

/* Beside the file itself, whatever links lead to it. */
static enum status
key_path(const struct store *s, struct buf *out, struct error *err)
{
	char *real = realpath(store_path(s), NULL);

	buf_printf(out, "%s-key", real == NULL ? store_path(s) : real);
	free(real);
	return buf_check(out, err);
}

static enum status
key_fail(const char *path, int fd, struct error *err)
{
	enum status st = error_set(err, STATUS_IO, "%s: %s", path,
	    strerror(errno));

	if (fd != -1)
		(void)close(fd);
	return st;
}

/* Whole under its name, or not there: a key of which half was written signs
 * nothing. */
static enum status
key_make(struct store *s, const char *path, struct note_signer *signer,
    struct error *err)
{
	struct buf text = BUF_INIT, part = BUF_INIT;
	uint8_t seed[NOTE_KEY_LEN];
	enum status st;
	int fd = -1;

	if ((st = store_random(seed, 16, err)) != STATUS_OK ||
	    (st = store_random(seed + 16, 16, err)) != STATUS_OK ||
	    (st = note_signer_make(signer, store_log(s), seed, err)) != STATUS_OK)
		goto out;
	note_signer_write(signer, &text);
	buf_putc(&text, '\n');
	buf_printf(&part, "%s.part", path);
	if ((st = buf_check(&text, err)) != STATUS_OK ||
	    (st = buf_check(&part, err)) != STATUS_OK)
		goto out;
	(void)unlink(part.p);		/* of one who was killed here */
	fd = open(part.p, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW,
	    0600);
	if (fd == -1 || write(fd, text.p, text.n) != (ssize_t)text.n ||
	    fsync(fd) != 0 || rename(part.p, path) != 0) {
		st = key_fail(part.p, fd, err);
		(void)unlink(part.p);
	} else
		(void)close(fd);
out:
	if (text.p != NULL)
		OPENSSL_cleanse(text.p, text.n);
	OPENSSL_cleanse(seed, sizeof(seed));
	buf_release(&text);
	buf_release(&part);
	return st;
}

static enum status
key_read(struct store *s, const char *path, struct note_signer *signer,
    struct error *err)
{
	char text[KEY_FILE_MAX];
	struct stat sb;
	enum status st;
	ssize_t n;
	/* Of a pipe that somebody put there nothing is awaited. */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);

	if (fd == -1)
		return errno == ENOENT ? STATUS_NOT_FOUND : key_fail(path, fd, err);
	if (fstat(fd, &sb) != 0 || (n = read(fd, text, sizeof(text))) == -1)
		return key_fail(path, fd, err);
	(void)close(fd);
	if (!S_ISREG(sb.st_mode) || sb.st_uid != geteuid())
		st = error_set(err, STATUS_DENIED, "%s: not a file of your own: "
		    "remove it: the next checkpoint makes a new key", path);
	else if ((sb.st_mode & 077) != 0)
		st = error_set(err, STATUS_DENIED, "%s: others may read it, and "
		    "sign with it: chmod 600, and if somebody may have read it, "
		    "remove it: the next checkpoint makes a new one", path);
	else if ((st = note_signer_read(signer, (struct slice){ text,
	    (size_t)n }, err)) != STATUS_OK)
		st = error_prefix(err, "%s", path);
	else if (strcmp(signer->key.name, store_log(s)) != 0)
		st = error_set(err, STATUS_CONFLICT, "%s: the key of another "
		    "log, %s; this one is %s", path, signer->key.name,
		    store_log(s));
	OPENSSL_cleanse(text, sizeof(text));
	return st;
}

enum status
checkpoint_key_make(struct store *s, struct buf *vkey, struct error *err)
{
	struct buf path = BUF_INIT, old = BUF_INIT;
	struct note_signer signer;
	enum status st = key_path(s, &path, err);

	buf_printf(&old, "%s.old", buf_str(&path));
	if (st == STATUS_OK && (st = buf_check(&old, err)) == STATUS_OK &&
	    rename(path.p, old.p) != 0 && errno != ENOENT)
		st = key_fail(path.p, -1, err);
	if (st == STATUS_OK &&
	    (st = key_make(s, path.p, &signer, err)) == STATUS_OK) {
		note_key_write(&signer.key, vkey);
		OPENSSL_cleanse(&signer, sizeof(signer));
		st = buf_check(vkey, err);
	}
	buf_release(&path);
	buf_release(&old);
	return st;
}

/* By which leaf 0 says that the log is signed; nothing where it is older. */
static enum status
key_first(struct store *s, struct buf *vkey, struct error *err)
{
	struct error why = { 0 };
	struct arena arena = ARENA_INIT;
	struct json json = { 0 };
	struct leaf_view leaf;
	struct query *q;
	enum status st = query_get(&q, s, QUERY_AUDIT_FIRST, err);

	if (st != STATUS_OK)
		return st;
	if ((st = query_row(q, err)) == STATUS_OK &&
	    leaf_read(&json, &arena, query_text(q, AUDIT_FIRST_LEAF), &leaf,
	    &why) == STATUS_OK)
		buf_add_slice(vkey, leaf_other_text(&leaf, "key"));
	query_done(q);
	json_release(&json);
	arena_release(&arena);
	if (why.code == STATUS_NOMEM)
		return error_nomem(err);
	return st == STATUS_NOT_FOUND ? STATUS_OK : st;
}

enum status
checkpoint_key(struct store *s, struct buf *vkey, struct error *err)
{
	struct checkpoint_last last = { 0 };
	enum status st = checkpoint_last(s, &last, err);

	buf_clear(vkey);
	if (st == STATUS_OK)
		buf_add_slice(vkey, buf_slice(&last.key));
	else if (st == STATUS_NOT_FOUND)
		st = key_first(s, vkey, err);
	checkpoint_last_release(&last);
	if (st == STATUS_OK && (st = buf_check(vkey, err)) == STATUS_OK &&
	    vkey->n == 0)
		return STATUS_NOT_FOUND;
	return st;
}

enum status
checkpoint_key_look(struct store *s, struct error *err)
{
	struct buf path = BUF_INIT, known = BUF_INIT, held = BUF_INIT;
	struct note_signer signer;
	enum status st = key_path(s, &path, err);

	if (st == STATUS_OK && (st = key_read(s, path.p, &signer, err)) == STATUS_OK) {
		note_key_write(&signer.key, &held);
		OPENSSL_cleanse(&signer, sizeof(signer));
		if ((st = buf_check(&held, err)) == STATUS_OK &&
		    (st = checkpoint_key(s, &known, err)) == STATUS_NOT_FOUND)
			st = STATUS_OK;
		else if (st == STATUS_OK && !slice_eq(buf_slice(&known),
		    buf_slice(&held)))
			st = error_set(err, STATUS_CONFLICT, "%s: not the key that "
			    "the log names: put that one back, or the next "
			    "checkpoint says in the log that it is signed with "
			    "this one", path.p);
	}
	buf_release(&path);
	buf_release(&known);
	buf_release(&held);
	return st;
}

void
checkpoint_last_release(struct checkpoint_last *l)
{
	buf_release(&l->note);
	buf_release(&l->key);
}

enum status
checkpoint_last(struct store *s, struct checkpoint_last *l, struct error *err)
{
	struct query *q;
	enum status st = query_get(&q, s, QUERY_CHECKPOINT_LAST, err);

	l->size = 0;
	buf_clear(&l->note);
	buf_clear(&l->key);
	if (st != STATUS_OK)
		return st;
	if ((st = query_row(q, err)) == STATUS_OK) {
		l->size = (uint64_t)query_int(q, CHECKPOINT_LAST_SIZE);
		l->ts_ms = query_int(q, CHECKPOINT_LAST_TS_MS);
		buf_add_slice(&l->note, query_text(q, CHECKPOINT_LAST_NOTE));
		buf_add_slice(&l->key, query_text(q, CHECKPOINT_LAST_KEY));
		if ((st = buf_check(&l->note, err)) == STATUS_OK)
			st = buf_check(&l->key, err);
	}
	query_done(q);
	return st;
}

enum status
checkpoint_due(struct store *s, int64_t age_ms, uint64_t leaves, bool *due,
    struct error *err)
{
	struct checkpoint_last last = { 0 };
	enum status st = checkpoint_last(s, &last, err);
	uint64_t size, behind;
	struct hash root;

	*due = st == STATUS_NOT_FOUND;
	if (st == STATUS_OK &&
	    (st = audit_root(s, &size, &root, err)) == STATUS_OK) {
		behind = size > last.size ? size - last.size : 0;
		*due = behind > 0 && ((age_ms > 0 &&
		    store_now_ms(s) - last.ts_ms >= age_ms) ||
		    (leaves > 0 && behind >= leaves));
	}
	checkpoint_last_release(&last);
	return st == STATUS_NOT_FOUND ? STATUS_OK : st;
}

enum status
checkpoints_known(struct store *s, struct known_roots *k, struct error *err)
{
	struct error why = { 0 };
	struct checkpoint c;
	struct slice note;
	struct query *q;
	enum status st;
	char where[64];
	bool row;

	if ((st = query_get(&q, s, QUERY_CHECKPOINTS, err)) != STATUS_OK)
		return st;
	while ((st = query_step(q, &row, err)) == STATUS_OK && row) {
		(void)snprintf(where, sizeof(where), "the store's checkpoint "
		    "%lld", (long long)query_int(q, CHECKPOINTS_SIZE));
		note = query_text(q, CHECKPOINTS_NOTE);
		st = known_add(k, where, note, true, &why);
		if (st == STATUS_OK && (checkpoint_read(&c, note, &why) !=
		    STATUS_OK || c.size != (uint64_t)query_int(q,
		    CHECKPOINTS_SIZE)))
			st = error_set(&why, STATUS_CORRUPT, "%s is of another "
			    "size", where);
		if (st != STATUS_OK)
			break;
	}
	query_done(q);
	if (why.code == STATUS_NOMEM)
		return error_nomem(err);
	return why.code == STATUS_OK ? st :
	    error_set(err, STATUS_CORRUPT, "%s", why.text);
}

struct log_signing {
	struct store		*s;
	const struct actor	*actor;
	struct buf		*note;
	const struct note_signer *signer;
	struct checkpoint_last	 last;
	struct buf		 key, text;
};

static enum status
note_store(struct log_signing *w, uint64_t size, struct error *err)
{
	struct query *q;
	enum status st = query_get(&q, w->s, QUERY_CHECKPOINT_INSERT, err);

	if (st != STATUS_OK)
		return st;
	query_bind_int(q, CHECKPOINT_INSERT_size, (int64_t)size);
	query_bind_text(q, CHECKPOINT_INSERT_note, buf_slice(w->note));
	query_bind_text(q, CHECKPOINT_INSERT_key, buf_slice(&w->key));
	query_bind_int(q, CHECKPOINT_INSERT_ts, store_now_ms(w->s));
	return query_run(q, err);
}

/* The leaf by which this key's signatures are known, once. */
static enum status
key_announce(struct log_signing *w, struct error *err)
{
	const struct leaf_field f = { .key = "key", .type = LEAF_TEXT,
	    .text = buf_slice(&w->key) };
	struct buf known = BUF_INIT;
	enum status st = checkpoint_last(w->s, &w->last, err);
	bool same;

	if (st == STATUS_OK || st == STATUS_NOT_FOUND)
		st = checkpoint_key(w->s, &known, err);
	same = slice_eq(buf_slice(&known), buf_slice(&w->key));
	buf_release(&known);
	if (st == STATUS_OK && same)
		return STATUS_OK;
	if (st != STATUS_OK && st != STATUS_NOT_FOUND)
		return st;
	buf_clear(&w->last.note);
	w->last.size = 0;
	return audit_append(w->s, w->actor, store_now_ms(w->s), "log.key",
	    SLICE_NONE, &f, 1, NULL, err);
}

static enum status
sign_write(void *arg, struct error *err)
{
	struct log_signing *w = arg;
	struct checkpoint c;
	enum status st;

	buf_clear(w->note);
	buf_clear(&w->text);
	if ((st = key_announce(w, err)) != STATUS_OK ||
	    (st = audit_root(w->s, &c.size, &c.root, err)) != STATUS_OK)
		return st;
	if (w->last.size == c.size) {
		buf_add_slice(w->note, buf_slice(&w->last.note));
		return buf_check(w->note, err);
	}
	(void)snprintf(c.origin, sizeof(c.origin), "%s", store_log(w->s));
	checkpoint_write(&c, &w->text);
	if ((st = buf_check(&w->text, err)) != STATUS_OK ||
	    (st = note_sign(w->signer, buf_slice(&w->text), w->note, err)) !=
	    STATUS_OK)
		return st;
	return note_store(w, c.size, err);
}

enum status
checkpoint_sign(struct store *s, const struct actor *actor, struct buf *note,
    struct error *err)
{
	struct note_signer signer;
	struct log_signing w = { .s = s, .actor = actor, .note = note,
	    .signer = &signer };
	struct buf path = BUF_INIT;
	enum status st;

	if (geteuid() != store_owner(s))
		return error_set(err, STATUS_DENIED, "only the owner of %s signs "
		    "its log", store_path(s));
	if ((st = key_path(s, &path, err)) == STATUS_OK &&
	    (st = key_read(s, path.p, &signer, err)) == STATUS_NOT_FOUND)
		st = key_make(s, path.p, &signer, err);
	if (st == STATUS_OK) {
		note_key_write(&signer.key, &w.key);
		if ((st = buf_check(&w.key, err)) == STATUS_OK)
			st = store_write(s, DURABLE_NOW, sign_write, &w, err);
	}
	OPENSSL_cleanse(&signer, sizeof(signer));
	checkpoint_last_release(&w.last);
	buf_release(&w.key);
	buf_release(&w.text);
	buf_release(&path);
	return st;
}
