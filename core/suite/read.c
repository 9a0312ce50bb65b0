#include "core/suite/read.h"

#include <math.h>
#include <stdlib.h>

#include "core/suite/conf.h"
#include "core/suite/probe.h"
#include "core/suite/promptfoo.h"

static bool
ends_with(const char *s, const char *end)
{
	return strlen(s) >= strlen(end) &&
	    strcmp(s + strlen(s) - strlen(end), end) == 0;
}

static bool
copy(struct arena *a, void *to, const void *v, size_t size)
{
	*(void **)to = size == 0 ? arena_alloc(a, 1) : arena_copy(a, v, size);
	return *(void **)to != NULL;
}

/* What was gathered, in arrays of the suite's own. */
static enum status
seal(struct suite_reading *r, struct error *err)
{
	struct suite *s = r->suite;
	struct policy_file *files;
	size_t i;

	s->ncases = 0;
	files = arena_alloc(r->arena, (r->load.nfiles + 1) * sizeof(*files));
	if (files == NULL || !copy(r->arena, &s->cases, r->cases, r->ncases *
	    sizeof(*r->cases)) || !copy(r->arena, &s->endpoints, r->endpoints,
	    r->nendpoints * sizeof(*r->endpoints)) ||
	    !copy(r->arena, &s->prompts, r->prompts, r->nprompts *
	    sizeof(*r->prompts)) || !copy(r->arena, &s->skipped, r->skipped,
	    r->nskipped * sizeof(*r->skipped)))
		return error_nomem(err);
	s->ncases = r->ncases;
	s->nendpoints = r->nendpoints;
	s->nprompts = r->nprompts;
	s->nskipped = r->nskipped;
	for (i = 0; i < r->load.nfiles; i++)
		files[i] = *r->load.files[i];
	s->files = files;
	s->nfiles = r->load.nfiles;
	return policy_files_id(files, s->nfiles, s->id, err);
}

static enum status
reading_run(struct suite_reading *r, const char *path, struct error *err)
{
	const char *base = strrchr(path, '/') == NULL ? path :
	    strrchr(path, '/') + 1;
	const struct policy_file *first;
	enum status st;

	r->load.dir = arena_str(r->arena, (struct slice){ path,
	    (size_t)(base - path) });
	if (r->load.dir == NULL)
		return error_nomem(err);
	if ((st = load_file(&r->load, "", base, &first, err)) != STATUS_OK)
		return st;
	if (ends_with(base, ".yaml") || ends_with(base, ".yml") ||
	    ends_with(base, ".json"))
		st = promptfoo_read(r, first, err);
	else if (r->grader != NULL)
		st = error_set(err, STATUS_INVALID, "--grader is for promptfoo's "
		    "configs: a check of %s names its endpoint", path);
	else
		st = suite_conf_read(r, first, err);
	if (st != STATUS_OK)
		return st;
	if (r->suite->name == NULL)
		r->suite->name = arena_str(r->arena, slice_of(base));
	return r->suite->name == NULL ? error_nomem(err) : seal(r, err);
}

enum status
suite_load(struct suite **out, const char *path, const char *grader,
    const struct loader *loader, struct error *err)
{
	struct suite_reading r = { .ids = TITLES_INIT, .grader = grader };
	enum status st;
	size_t i, k;

	*out = NULL;
	if ((r.suite = calloc(1, sizeof(*r.suite))) == NULL)
		return error_nomem(err);
	r.suite->repeat = 1;
	r.suite->probes = PROBE_ALL;
	r.suite->gate = (struct suite_gate){ .pass_rate = NAN,
	    .confidence = NAN, .each = NAN, .p95_ms = NAN, .mean_usd = NAN,
	    .alpha = 0.05, .margin = 0.02 };
	r.arena = r.load.arena = &r.suite->arena;
	r.load.loader = loader;
	r.suite->path = arena_str(r.arena, slice_of(path));
	st = r.suite->path == NULL ? error_nomem(err) :
	    reading_run(&r, path, err);
	/* Until it is sealed the suite does not know its cases. */
	for (i = 0; r.suite->ncases == 0 && i < r.ncases; i++)
		for (k = 0; k < r.cases[i].nasserts; k++)
			assert_release(&r.cases[i].asserts[k]);
	load_release(&r.load);
	titles_release(&r.ids);
	free(r.cases);
	free(r.endpoints);
	free(r.prompts);
	free(r.skipped);
	if (st != STATUS_OK) {
		suite_free(r.suite);
		return st;
	}
	*out = r.suite;
	return STATUS_OK;
}
