#include <stdio.h>
#include <sys/stat.h>

#include "db/audit/audit.h"
#include "db/backup.h"
#include "tui/cmd/cmd.h"
#include "tui/cmd/parts.h"

static const struct cmd_option no_options[] = { { NULL, 0, NULL, NULL } };

/* The copy is an older one soon: what it was is noted of itself, for who made it, and
 * before it has its name, so that no kill leaves one that was not seen.  Without a
 * place for the note it is a copy all the same, unless what is noted of the store would
 * then speak against it. */
static enum status
backup_note(struct cmd_run *run, const char *part, struct error *err)
{
	struct witness w = { .place = run->argv[0] }, noted = w;
	struct error why = { STATUS_OK, "" };
	struct identity id;
	const struct session_options o = { .who = &id,
	    .store_path = part, .via = "cli", .any_policy = true,
	    .any_version = true, .read_only = true, .wait_ms = run->wait_ms,
	    .witness = WITNESS_NONE };
	struct session *s = NULL;
	struct hash root;
	enum status st;
	uint64_t size;

	if ((st = identity_get(&id, err)) == STATUS_OK &&
	    (st = session_open(&s, &o, err)) == STATUS_OK &&
	    !store_is_test(s->store) &&
	    (st = audit_root(s->store, &size, &root, err)) == STATUS_OK)
		st = witness_keep(&w, s->store, true, err);
	if (st != STATUS_OK && st != STATUS_NOMEM && s != NULL &&
	    witness_look(&noted, s->store, &why) != STATUS_OK) {
		session_close(s);
		return error_prefix(err, "%s: no copy, which would be taken for "
		    "an older one: it cannot be noted", run->argv[0]);
	}
	session_close(s);
	if (st == STATUS_OK || st == STATUS_NOMEM)
		return st;
	cmd_complain(run, err->text);
	error_clear(err);
	return STATUS_OK;
}

/* The copy holds all that there is: the log says so before it has its name. */
static enum status
backup_sign(void *arg, const char *part, struct error *err)
{
	struct cmd_run *run = arg;
	struct identity id;
	const struct session_options o = { .who = &id,
	    .store_path = run->store, .via = "cli", .any_policy = true,
	    .wait_ms = run->wait_ms };
	struct session *s;
	enum status st;

	if ((st = identity_get(&id, err)) != STATUS_OK ||
	    (st = session_open(&s, &o, err)) != STATUS_OK)
		return st;
	st = session_require(s, MAY_EXPORT, "backup", err);
	if (st == STATUS_OK)
		st = session_log(s, "backup", err);
	session_close(s);
	return st == STATUS_OK ? backup_note(run, part, err) : st;
}

static void
written_say(struct cmd_run *run)
{
	const char *path = run->argv[0];
	char line[600];
	struct stat sb;

	if (stat(path, &sb) != 0)
		return;
	(void)snprintf(line, sizeof(line), "%s: a copy of %s written, %lld "
	    "bytes; restore puts it back", path, run->store,
	    (long long)sb.st_size);
	cmd_complain(run, line);
}

static int
backup_cmd(struct cmd_run *run)
{
	struct session *s;
	enum status st;

	if (run->argc != 1)
		return cmd_usage(run, "one FILE is wanted");
	if (strcmp(run->argv[0], "-") == 0)
		return cmd_usage(run, "a backup goes to a file, not to standard "
		    "output; a file of that name is ./-");
	/* What an older version made is copied as it is. */
	if ((s = cmd_session(run, CMD_ANY_POLICY | CMD_ANY_VERSION)) == NULL)
		return EXIT_UNABLE;
	st = session_require(s, MAY_EXPORT, "backup", &run->err);
	if (st != STATUS_OK) {
		session_close(s);
		return cmd_fail(run);
	}
	parts_sweep(run, run->argv[0]);
	st = store_backup(s->store, run->argv[0], backup_sign, run, &run->err);
	session_close(s);
	if (st != STATUS_OK)
		return cmd_unable(run);
	written_say(run);
	return EXIT_WELL;
}

const struct cmd cmd_backup = {
	"backup", "FILE", "a consistent copy while others work", no_options, NULL,
	backup_cmd
};
