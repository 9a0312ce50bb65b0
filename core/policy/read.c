#include "core/policy/read.h"

#include <stdlib.h>
#include <string.h>

#include "core/policy/guard.h"
#include "core/policy/hook.h"
#include "core/policy/load.h"
#include "core/policy/parse.h"
#include "core/policy/queue.h"
#include "core/policy/service.h"

static const char builtin_text[] =
    "queue \"default\" { guards = { \"secrets\", \"pii\", \"profanity\" }"
    "  lease = \"15m\"  sla = \"24h\"\n"
    "  rule \"leaked secret\" { when = \"failed('secrets')\""
    "  route = escalate }\n"
    "  rule \"confident\" { when = \"confidence >= 0.92 AND failures = 0\""
    "  route = approve } }\n";
#define BUILTIN_NAME	"built-in"

/* The id, and the files in one array. */
static enum status
policy_seal(struct load *l, struct error *err)
{
	struct policy *p = l->policy;
	struct policy_file *files;
	size_t i;

	files = arena_alloc(l->arena, l->nfiles * sizeof(*files));
	if (files == NULL)
		return error_nomem(err);
	for (i = 0; i < l->nfiles; i++)
		files[i] = *l->files[i];
	p->files = files;
	p->nfiles = l->nfiles;
	return policy_files_id(files, p->nfiles, p->id, err);
}

static enum status
policy_read(struct load *l, struct error *err)
{
	const char *path = l->policy->path, *base;
	const struct policy_file *first = NULL;
	enum status st;

	base = strrchr(path, '/') == NULL ? path : strrchr(path, '/') + 1;
	l->dir = arena_str(l->arena, (struct slice){ path,
	    (size_t)(base - path) });
	if (l->dir == NULL)
		return error_nomem(err);
	if ((st = load_file(l, "", base, &first, err)) != STATUS_OK ||
	    (st = conf_read(l, first, err)) != STATUS_OK ||
	    (st = policy_guards(l, err)) != STATUS_OK ||
	    (st = policy_queues(l, err)) != STATUS_OK ||
	    (st = policy_roles(l, err)) != STATUS_OK ||
	    (st = policy_service(l, err)) != STATUS_OK ||
	    (st = policy_hooks(l, err)) != STATUS_OK)
		return st;
	return policy_seal(l, err);
}

enum status
policy_load(struct policy **out, const char *path, const struct loader *loader,
    const struct guard_outside *outside, struct error *err)
{
	struct load l;
	enum status st;

	*out = NULL;
	memset(&l, 0, sizeof(l));
	if ((l.policy = calloc(1, sizeof(*l.policy))) == NULL)
		return error_nomem(err);
	l.arena = &l.policy->arena;
	l.rows = section_rows;
	l.nrows = SECTION_TOP;
	l.loader = loader;
	l.outside = outside;
	l.policy->path = arena_str(l.arena, slice_of(path));
	st = l.policy->path == NULL ? error_nomem(err) : policy_read(&l, err);
	load_release(&l);
	if (st != STATUS_OK) {
		policy_free(l.policy);
		return st;
	}
	*out = l.policy;
	return STATUS_OK;
}

enum status
policy_builtin(struct policy **out, struct error *err)
{
	static const struct policy_file file = {
		BUILTIN_NAME, { builtin_text, sizeof(builtin_text) - 1 }
	};
	struct policy_stored stored;
	struct loader loader = policy_stored_loader(&file, 1, &stored);

	return policy_load(out, BUILTIN_NAME, &loader, NULL, err);
}
