#include "tui/cmd/audit_witness.h"

#include <inttypes.h>

#include "core/json/write.h"
#include "db/audit/audit.h"

struct witnessing {
	struct cmd_run	*run;
	struct session	*s;
	struct witness	 w;
	enum status	 looked;	/* STATUS_CONFLICT: the store differs */
	struct error	 why;
	struct buf	 b;
};

/* Says whether the store is what was seen; no note yet is no failure. */
static enum status
holds(struct witnessing *a, struct error *err)
{
	return a->looked == STATUS_OK ? STATUS_OK :
	    error_set(err, a->looked, "%s", a->why.text);
}

static enum status
witness_show(struct witnessing *a, struct error *err)
{
	struct writer w = WRITER(&a->b, WRITE_SHOWN);
	char hex[HASH_HEX];

	if (a->w.seen.size == 0)
		return a->looked != STATUS_OK ? holds(a, err) :
		    error_set(err, STATUS_NOT_FOUND, "%s: nothing of its log was "
		    "noted yet", store_path(a->s->store));
	hash_hex(&a->w.seen.root, hex);
	if (cmd_value(a->run, "json") != NULL) {
		write_object(&w, NULL);
		write_word(&w, "log", a->w.seen.origin);
		write_uint(&w, "size", a->w.seen.size);
		write_word(&w, "root", hex);
		write_word(&w, "file", a->w.path);
		write_bool(&w, "holds", a->looked == STATUS_OK);
		write_end(&w);
		write_line(&w);
	} else
		buf_printf(&a->b, "log   %s\nsize  %" PRIu64 "\nroot  %s\nfile  %s\n",
		    a->w.seen.origin, a->w.seen.size, hex, a->w.path);
	return cmd_print(&a->b, err) == STATUS_OK ? holds(a, err) : err->code;
}

static enum status
witness_accept(struct witnessing *a, struct error *err)
{
	struct hash root;
	char hex[HASH_HEX];
	uint64_t size;
	enum status st = audit_root(a->s->store, &size, &root, err);

	if (st != STATUS_OK || (st = witness_keep(&a->w, a->s->store, true, err)) !=
	    STATUS_OK)
		return st;
	hash_hex(&root, hex);
	buf_printf(&a->b, "log   %s\nsize  %" PRIu64 "\nroot  %s\n",
	    store_log(a->s->store), size, hex);
	return cmd_print(&a->b, err);
}

static enum status
witness_export(struct witnessing *a, struct error *err)
{
	enum status st = witness_note(&a->w, &a->b, err);

	if (st == STATUS_NOT_FOUND)
		return error_set(err, st, "%s: nothing of its log was noted yet",
		    store_path(a->s->store));
	return st == STATUS_OK ? cmd_print(&a->b, err) : st;
}

static enum status
witness_take(struct witnessing *a, struct error *err)
{
	enum status st = cmd_read(a->run, a->run->argv[2], &a->b);

	return st == STATUS_OK ? witness_import(&a->w, a->s->store,
	    a->run->argv[2], buf_slice(&a->b), err) : st;
}

static const struct {
	const char	*name;
	int		 operands;
	enum status	(*run)(struct witnessing *, struct error *);
} whats[] = {
	{ "accept", 2, witness_accept },
	{ "export", 2, witness_export },
	{ "import", 3, witness_take }
};

static enum status
witness_open(struct witnessing *a)
{
	struct session_options o = { .store_path = a->run->store, .via = "cli",
	    .read_only = true, .any_policy = true, .wait_ms = a->run->wait_ms,
	    .witness = WITNESS_NONE, .notice = cmd_notice };
	enum status st = cmd_open(a->run, &a->s, o);

	if (st != STATUS_OK)
		return st;
	if (store_is_test(a->s->store))
		return error_set(&a->run->err, STATUS_INVALID, "%s: a test store is "
		    "not witnessed", a->run->store);
	a->looked = witness_look(&a->w, a->s->store, &a->why);
	return STATUS_OK;
}

int
audit_witness_cmd(struct cmd_run *run)
{
	struct witnessing a = { .run = run };
	enum status (*what)(struct witnessing *, struct error *) = witness_show;
	size_t i, n = sizeof(whats) / sizeof(whats[0]);
	enum status st;

	if (run->argc > 1) {
		for (i = 0; i < n && strcmp(whats[i].name, run->argv[1]) != 0; i++)
			;
		if (i == n || whats[i].operands != run->argc)
			return cmd_usage(run, "witness: accept, export or import "
			    "FILE is wanted");
		what = whats[i].run;
	}
	if ((st = witness_open(&a)) == STATUS_OK)
		st = what(&a, &run->err);
	buf_release(&a.b);
	session_close(a.s);
	return st == STATUS_OK ? EXIT_WELL : cmd_fail(run);
}
