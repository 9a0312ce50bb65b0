#include "core/pattern/code.h"

#include <stdlib.h>

#include "core/pattern/first.h"
#include "core/pattern/paths.h"
#include "core/pattern/share.h"

#define DENSITY_MAX	0.03	/* beginnings a byte; above it a search is faster */
#define INNER_MAX	0.003	/* of what must be held: few texts hold it */

enum status
pattern_code_new(const struct pattern *p, enum pattern_use use, pcre2_code **out,
    struct error *err)
{
	uint32_t options = PCRE2_UTF | PCRE2_NEVER_BACKSLASH_C |
	    (use == PATTERN_SEARCH ? PCRE2_USE_OFFSET_LIMIT :
	    PCRE2_ANCHORED | PCRE2_NO_START_OPTIMIZE);
	PCRE2_UCHAR why[256];
	PCRE2_SIZE at;
	int code;

	if (p->flags & PATTERN_CASELESS)
		options |= PCRE2_CASELESS;
	if (!(p->flags & PATTERN_ASCII))
		options |= PCRE2_UCP;
	*out = pcre2_compile((PCRE2_SPTR)p->source, PCRE2_ZERO_TERMINATED,
	    options, &code, &at, NULL);
	if (*out != NULL)
		return STATUS_OK;
	if (code == PCRE2_ERROR_NOMEMORY || code == PCRE2_ERROR_HEAP_FAILED)
		return error_nomem(err);
	(void)pcre2_get_error_message(code, why, sizeof(why));
	return error_set(err, STATUS_INVALID, "byte %zu: %s", at,
	    (const char *)why);
}

/* Makes the code, or takes that which was tried. */
static enum status
code_make(struct pattern *p, enum pattern_use use, struct error *err)
{
	pcre2_code *code = NULL;
	uint32_t groups;
	enum status st;

	if (use == PATTERN_SEARCH && p->tried != NULL) {
		code = p->tried;
		p->tried = NULL;
	} else if ((st = pattern_code_new(p, use, &code, err)) != STATUS_OK)
		return st;
	if (pattern_paths(p->source) <= PATTERN_PATHS_MAX)
		(void)pcre2_jit_compile(code, PCRE2_JIT_COMPLETE);
	if (p->nspan == 0) {
		(void)pcre2_pattern_info(code, PCRE2_INFO_CAPTURECOUNT, &groups);
		p->nspan = groups + 1;
	}
	atomic_store_explicit(&p->code[use], code, memory_order_release);
	return STATUS_OK;
}

enum status
pattern_code(struct pattern_set *set, unsigned id, enum pattern_use use,
    const pcre2_code **out, struct error *err)
{
	struct pattern *p = &set->v[id];
	enum status st = STATUS_OK;

	*out = atomic_load_explicit(&p->code[use], memory_order_acquire);
	if (*out != NULL)
		return STATUS_OK;
	(void)pthread_mutex_lock(&set->lock);
	if (p->code[use] == NULL)
		st = code_make(p, use, err);
	*out = p->code[use];
	(void)pthread_mutex_unlock(&set->lock);
	return st;
}

/* Decides how the pattern is searched for. */
static enum status
pattern_plan(struct pattern_set *set, unsigned id, struct first *f,
    struct error *err)
{
	struct pattern *p = &set->v[id];

	first_of(p->source, (p->flags & PATTERN_CASELESS) != 0,
	    (p->flags & PATTERN_ASCII) == 0, f);
	p->required = f->required;
	/* Verbs and \G make where a search begins matter. */
	p->stepwise = strstr(p->source, "(*") == NULL &&
	    strstr(p->source, "\\G") == NULL;
	p->run_end = p->stepwise ? f->run_end : -1;
	p->run = f->run;
	p->literal = f->n == 1 && f->seq[0].n > 1 &&
	    first_count(&f->seq[0].set[0]) == 1 &&
	    first_count(&f->seq[0].set[1]) == 1;
	p->filtered = !f->anywhere &&
	    first_density(f->seq, f->n) <= DENSITY_MAX;
	p->inner = !p->filtered && p->run_end < 0 && f->ninner > 0 &&
	    first_density(f->inner, f->ninner) <= INNER_MAX;
	if (p->filtered)
		return filter_add(set->filter, id, f->seq, f->n, err);
	return p->inner ? filter_add(set->inner, id, f->inner, f->ninner, err) :
	    STATUS_OK;
}

/* The first error leaves the filters to be made anew. */
static enum status
set_make(struct pattern_set *set, struct first *f, struct error *err)
{
	enum status st;
	unsigned i;

	if ((st = filter_new(&set->filter, err)) != STATUS_OK ||
	    (st = filter_new(&set->inner, err)) != STATUS_OK)
		return st;
	for (i = 0; i < set->n; i++)
		if ((st = pattern_plan(set, i, f, err)) != STATUS_OK)
			return st;
	/* PCRE2's own search for two bytes is faster than a pass of ours. */
	if (set->n == 1 && set->v[0].literal) {
		set->v[0].filtered = false;
		set->v[0].run_end = -1;
	}
	for (set->nsearched = 0, i = 0; i < set->n; i++)
		if (!set->v[i].filtered)
			set->searched[set->nsearched++] = i;
	if ((st = filter_compile(set->filter, err)) != STATUS_OK)
		return st;
	return filter_compile(set->inner, err);
}

static enum status
set_begin(struct pattern_set *set, struct error *err)
{
	struct first *f = malloc(sizeof(*f));
	enum status st;

	filter_free(set->filter);
	filter_free(set->inner);
	free(set->searched);
	set->filter = set->inner = NULL;
	set->searched = calloc(set->n + 1, sizeof(*set->searched));
	st = f == NULL || set->searched == NULL ? error_nomem(err) :
	    set_make(set, f, err);
	free(f);
	return st;
}

enum status
pattern_set_ready(struct pattern_set *set, struct error *err)
{
	enum status st = STATUS_OK;

	if (atomic_load_explicit(&set->ready, memory_order_acquire))
		return STATUS_OK;
	(void)pthread_mutex_lock(&set->lock);
	if (!set->ready && (st = set_begin(set, err)) == STATUS_OK)
		atomic_store_explicit(&set->ready, true, memory_order_release);
	(void)pthread_mutex_unlock(&set->lock);
	return st;
}
