#include "queue/review/verified_note.h"

#include <inttypes.h>
#include <stdio.h>
#include <sys/stat.h>

#include "core/base/time.h"
#include "queue/file.h"
#include "queue/state_folder.h"

#define FOLDER	"verified"

/* The witness's name of the log, in a folder of its own; false: there is none. */
static bool
note_path(const struct session *s, char *path, size_t n, struct error *err)
{
	const char *name = s->witness == NULL ? NULL :
	    strrchr(s->witness->path, '/');
	size_t at;

	if (name == NULL || state_folder(path, n, FOLDER, err) != STATUS_OK)
		return false;
	at = strlen(path);
	return snprintf(path + at, n - at, "%s", name) < (int)(n - at);
}

enum status
verified_note_read(struct session *s, struct verified_note *out,
    struct error *err)
{
	char path[WITNESS_PATH], when[TIME_LOCAL];
	struct error none = { STATUS_OK, "" };
	struct buf text = BUF_INIT;
	struct checkpoint c;
	struct hash root;
	struct stat st;
	enum status code = STATUS_OK;
	uint64_t size;

	*out = (struct verified_note){ 0, 0 };
	if (note_path(s, path, sizeof(path), &none) && stat(path, &st) == 0 &&
	    file_read(path, &text, &none) == STATUS_OK &&
	    checkpoint_read(&c, buf_slice(&text), &none) == STATUS_OK &&
	    strcmp(c.origin, store_log(s->store)) == 0) {
		*out = (struct verified_note){ c.size,
		    (int64_t)st.st_mtime * 1000 };
		code = audit_root(s->store, &size, &root, err);
		if (code == STATUS_OK && size > c.size)
			code = audit_root_at(s->store, c.size, &root, err);
		time_local(out->ms, when);
		if (code == STATUS_OK && (size < c.size ||
		    !hash_eq(&root, &c.root)))
			code = error_set(err, STATUS_CORRUPT, "the first %" PRIu64
			    " leaves are not those that verified at %s", c.size,
			    when);
	}
	buf_release(&text);
	return code;
}

enum status
verified_note_keep(struct session *s, uint64_t leaves, struct error *err)
{
	char path[WITNESS_PATH];
	struct error none = { STATUS_OK, "" };
	struct out_file f;
	struct buf text = BUF_INIT;
	struct checkpoint c;
	enum status st;

	if (leaves == 0 || !note_path(s, path, sizeof(path), &none))
		return none.code;
	(void)snprintf(c.origin, sizeof(c.origin), "%s", store_log(s->store));
	c.size = leaves;
	if ((st = audit_root_at(s->store, leaves, &c.root, err)) != STATUS_OK)
		return st;
	checkpoint_write(&c, &text);
	if ((st = buf_check(&text, err)) == STATUS_OK &&
	    (st = out_file_open(&f, path, 0600, err)) == STATUS_OK) {
		st = out_file_add(&f, buf_slice(&text), err);
		if (st == STATUS_OK)
			st = out_file_commit(&f, err);
		out_file_drop(&f);
	}
	buf_release(&text);
	return st;
}
