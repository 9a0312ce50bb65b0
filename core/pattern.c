#include "core/pattern.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <stdlib.h>

#define JIT_STACK_MIN	((size_t)32 * 1024)
#define JIT_STACK_MAX	((size_t)1024 * 1024)
#define OVECTOR_MIN	16

struct pattern {
	pcre2_code	*code;
	uint32_t	 limit;
	uint32_t	 nspan;		/* the whole and its groups */
};

struct pattern_set {
	struct pattern	*v;
	unsigned	 n, cap;
	uint32_t	 nspan_max;
};

struct scratch {
	pcre2_match_context	*context;
	pcre2_jit_stack		*stack;
	pcre2_match_data	*data;
	uint32_t		 nspan;		/* pairs that data holds */
};

enum status
scratch_new(struct scratch **out, struct error *err)
{
	struct scratch *s = calloc(1, sizeof(*s));

	if (s == NULL)
		return error_nomem(err);
	s->nspan = OVECTOR_MIN;
	s->context = pcre2_match_context_create(NULL);
	s->stack = pcre2_jit_stack_create(JIT_STACK_MIN, JIT_STACK_MAX, NULL);
	s->data = pcre2_match_data_create(s->nspan, NULL);
	if (s->context == NULL || s->stack == NULL || s->data == NULL) {
		scratch_free(s);
		return error_nomem(err);
	}
	pcre2_jit_stack_assign(s->context, NULL, s->stack);
	*out = s;
	return STATUS_OK;
}

void
scratch_free(struct scratch *s)
{
	if (s == NULL)
		return;
	pcre2_match_data_free(s->data);
	pcre2_jit_stack_free(s->stack);
	pcre2_match_context_free(s->context);
	free(s);
}

/* Room for the spans of every pattern of a set. */
static enum status
scratch_fit(struct scratch *s, uint32_t nspan, struct error *err)
{
	pcre2_match_data *data;

	if (nspan <= s->nspan)
		return STATUS_OK;
	if ((data = pcre2_match_data_create(nspan, NULL)) == NULL)
		return error_nomem(err);
	pcre2_match_data_free(s->data);
	s->data = data;
	s->nspan = nspan;
	return STATUS_OK;
}

enum status
pattern_set_new(struct pattern_set **out, struct error *err)
{
	if ((*out = calloc(1, sizeof(**out))) == NULL)
		return error_nomem(err);
	return STATUS_OK;
}

void
pattern_set_free(struct pattern_set *set)
{
	unsigned i;

	if (set == NULL)
		return;
	for (i = 0; i < set->n; i++)
		pcre2_code_free(set->v[i].code);
	free(set->v);
	free(set);
}

static enum status
pattern_grow(struct pattern_set *set, struct error *err)
{
	unsigned cap = set->cap == 0 ? 16 : set->cap * 2;
	struct pattern *v;

	if (set->n < set->cap)
		return STATUS_OK;
	if ((v = realloc(set->v, cap * sizeof(*v))) == NULL)
		return error_nomem(err);
	set->v = v;
	set->cap = cap;
	return STATUS_OK;
}

static enum status
pattern_error(int code, size_t at, struct error *err)
{
	PCRE2_UCHAR why[256];

	if (code == PCRE2_ERROR_NOMEMORY ||
	    code == PCRE2_ERROR_HEAP_FAILED)
		return error_nomem(err);
	(void)pcre2_get_error_message(code, why, sizeof(why));
	return error_set(err, STATUS_INVALID, "byte %zu: %s", at,
	    (const char *)why);
}

enum status
pattern_add(struct pattern_set *set, const char *pattern, int flags,
    uint32_t match_limit, unsigned *id, struct error *err)
{
	uint32_t options = PCRE2_UTF | PCRE2_NEVER_BACKSLASH_C, groups;
	struct pattern *p;
	PCRE2_SIZE at;
	int code;

	if (pattern_grow(set, err) != STATUS_OK)
		return err->code;
	if (flags & PATTERN_CASELESS)
		options |= PCRE2_CASELESS;
	if (!(flags & PATTERN_ASCII))
		options |= PCRE2_UCP;
	p = &set->v[set->n];
	memset(p, 0, sizeof(*p));
	p->limit = match_limit == 0 ? PATTERN_MATCH_LIMIT : match_limit;
	p->code = pcre2_compile((PCRE2_SPTR)pattern, PCRE2_ZERO_TERMINATED,
	    options, &code, &at, NULL);
	if (p->code == NULL)
		return pattern_error(code, at, err);
	(void)pcre2_jit_compile(p->code, PCRE2_JIT_COMPLETE);
	(void)pcre2_pattern_info(p->code, PCRE2_INFO_CAPTURECOUNT, &groups);
	p->nspan = groups + 1;
	if (p->nspan > set->nspan_max)
		set->nspan_max = p->nspan;
	*id = set->n++;
	return STATUS_OK;
}

enum status
pattern_compile(struct pattern_set *set, struct error *err)
{
	(void)set;
	(void)err;
	return STATUS_OK;
}

/* 1 with the spans in s->data, 0 with none left, or STATUS_LIMIT in err. */
static int
pattern_next(const struct pattern_set *set, unsigned id, struct slice text,
    size_t from, uint32_t options, struct scratch *s, struct error *err)
{
	const struct pattern *p = &set->v[id];
	int rc;

	pcre2_set_match_limit(s->context, p->limit);
	rc = pcre2_match(p->code, (PCRE2_SPTR)(text.p == NULL ? "" : text.p),
	    text.n, from, options | PCRE2_NO_UTF_CHECK, s->data, s->context);
	if (rc > 0)
		return 1;
	if (rc == PCRE2_ERROR_NOMATCH)
		return 0;
	if (rc == PCRE2_ERROR_NOMEMORY)
		(void)error_nomem(err);
	else
		(void)error_set(err, STATUS_LIMIT,
		    "pattern %u: no answer within %u steps", id, p->limit);
	return -1;
}

static size_t
point_after(struct slice text, size_t at)
{
	for (at++; at < text.n && ((unsigned char)text.p[at] & 0xc0) == 0x80;)
		at++;
	return at;
}

/* Every match of one pattern, as a search over the whole text finds them. */
static enum status
pattern_each(const struct pattern_set *set, unsigned id, struct slice text,
    struct scratch *s, pattern_fn *each, void *arg, struct error *err)
{
	const size_t *o = pcre2_get_ovector_pointer(s->data);
	struct pattern_match m = { id, (const size_t (*)[2])o,
	    set->v[id].nspan };
	uint32_t options = 0;
	size_t from = 0;
	enum status st;
	int rc;

	while (from <= text.n) {
		rc = pattern_next(set, id, text, from, options, s, err);
		if (rc < 0)
			return err->code;
		if (rc == 0 && options == 0)
			return STATUS_OK;
		if (rc == 0) {		/* behind an empty match */
			from = point_after(text, from);
			options = 0;
			continue;
		}
		if ((st = each(arg, &m, err)) != STATUS_OK)
			return st;
		from = o[1];
		options = o[0] == o[1] ?
		    PCRE2_NOTEMPTY_ATSTART | PCRE2_ANCHORED : 0;
	}
	return STATUS_OK;
}

enum status
pattern_scan(const struct pattern_set *set, struct slice text,
    struct scratch *s, pattern_fn *each, void *arg, struct error *err)
{
	enum status st;
	unsigned i;

	if ((st = scratch_fit(s, set->nspan_max, err)) != STATUS_OK)
		return st;
	for (i = 0; i < set->n; i++) {
		st = pattern_each(set, i, text, s, each, arg, err);
		if (st != STATUS_OK)
			return st;
	}
	return STATUS_OK;
}

enum status
pattern_test(const struct pattern_set *set, unsigned id, struct slice text,
    struct scratch *s, bool *found, struct error *err)
{
	enum status st;
	int rc;

	if ((st = scratch_fit(s, set->nspan_max, err)) != STATUS_OK)
		return st;
	if ((rc = pattern_next(set, id, text, 0, 0, s, err)) < 0)
		return err->code;
	*found = rc == 1;
	return STATUS_OK;
}
