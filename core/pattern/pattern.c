#include "core/pattern/pattern.h"

#include <stdlib.h>

#include "core/base/cpu.h"
#include "core/base/utf8.h"
#include "core/pattern/code.h"

#define JIT_STACK_MIN	((size_t)32 * 1024)
#define JIT_STACK_MAX	((size_t)1024 * 1024)
#define OVECTOR_MIN	16
#define STEPS_FEW	1000u	/* what nearly every attempt needs at most */
#define STEPS_MORE	3u	/* the next attempt gets so many times more */
#define NEXT_LONGER	5	/* and may take so many times as long */
#define STEPS_TEXT	16u	/* limits that a pattern may use on 10 kB */
#define HARD_NS		16000000	/* CPU time for hard places of 10 kB */
#define ATTEMPTS_NS	26000000	/* and for all others, which count no steps */
#define SAMPLE		256u	/* of so many attempts one is timed */
#define SAMPLES_MIN	8	/* that must agree on that they take too long */
#define PART_WORK	((size_t)1 << 24)	/* places times bytes of a part */
#define PART_MIN	((size_t)64)
#define PART_MAX	((size_t)4096)
#define PART_SHORT_NS	20000
#define PART_LONG_NS	1000000

/* How far a pattern is within the text that is being scanned. */
struct progress {
	uint64_t	scan;	/* what is below is of this scan */
	size_t		next;	/* where its next match may begin */
	bool		held;	/* the text holds what it must hold */
	enum { UNKNOWN, POSSIBLE, IMPOSSIBLE } chance;
	uint64_t	spent;	/* steps of attempts that needed more than few */
	int64_t		hard_ns;	/* and the time that these took */
	uint32_t	attempts;
	int64_t		attempts_ns;
	uint64_t	allowed;	/* steps, of all attempts */
};

struct scratch {
	pcre2_match_context	*context;
	pcre2_jit_stack		*stack;
	pcre2_match_data	*data;
	uint32_t		 nspan;		/* pairs that data holds */
	uint32_t		 limit;		/* set in the context */
	struct progress		*progress;
	unsigned		 nprogress;
	uint64_t		 scan;		/* number of the current one */
	enum filter_form	 form;
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
	free(s->progress);
	free(s);
}

void
scratch_form(struct scratch *s, enum filter_form form)
{
	s->form = form;
}

void
scratch_effort(const struct scratch *s, unsigned id, struct pattern_effort *e)
{
	const struct progress *pr = &s->progress[id];

	memset(e, 0, sizeof(*e));
	if (pr->scan != s->scan)
		return;
	e->attempts = pr->attempts;
	e->steps = pr->allowed;
}

/* Room for the progress of every pattern of a set. */
static enum status
scratch_fit(struct scratch *s, const struct pattern_set *set,
    struct error *err)
{
	struct progress *progress;

	s->scan++;
	if (set->n <= s->nprogress)
		return STATUS_OK;
	progress = realloc(s->progress, set->n * sizeof(*progress));
	if (progress == NULL)
		return error_nomem(err);
	memset(progress + s->nprogress, 0, (set->n - s->nprogress) *
	    sizeof(*progress));
	s->progress = progress;
	s->nprogress = set->n;
	return STATUS_OK;
}

/* Room for the spans of a pattern. */
static enum status
scratch_spans(struct scratch *s, uint32_t nspan, struct error *err)
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

/* Most patterns of a scan never ask for it, so it begins when one does. */
static struct progress *
progress_of(struct scratch *s, unsigned id)
{
	struct progress *pr = &s->progress[id];

	if (pr->scan != s->scan)
		*pr = (struct progress){ .scan = s->scan };
	return pr;
}

/* One scan of one text. */
struct search {
	struct pattern_set *set;
	struct slice	 text;
	struct scratch	*s;
	pattern_fn	*each;
	void		*arg;
	struct error	*err;
};

enum { FAILED = -1, ABSENT, FOUND };	/* what an attempt gives */

/* What 10 kB may take, for a text of that length. */
static int64_t
text_ns(const struct search *q, int64_t ns)
{
	return ns * (int64_t)(1 + q->text.n / 10240);
}

/*
 * A step of compiled code may look at all that follows, "(?=.*x)", so that an
 * attempt which counts none takes as long as the text is.  True once those of
 * the pattern have taken too long.
 */
static bool
attempts_spent(const struct search *q, unsigned id, int64_t ns)
{
	struct progress *pr = progress_of(q->s, id);

	pr->attempts_ns += ns;
	return pr->attempts_ns > text_ns(q, ATTEMPTS_NS);
}

static int
run(const struct search *q, unsigned id, enum pattern_use use, size_t from,
    uint32_t options, uint32_t limit)
{
	struct scratch *s = q->s;
	struct progress *pr = progress_of(s, id);
	bool timed = ++pr->attempts % SAMPLE == 0;
	int64_t begun, most, ns;
	const pcre2_code *code;
	int rc;

	if (pattern_code(q->set, id, use, &code, q->err) != STATUS_OK ||
	    scratch_spans(s, q->set->v[id].nspan, q->err) != STATUS_OK)
		return PCRE2_ERROR_NOMEMORY;
	begun = timed ? cpu_ns() : 0;
	pr->allowed += limit;
	if (s->limit != limit) {
		pcre2_set_match_limit(s->context, limit);
		s->limit = limit;
	}
	rc = pcre2_match(code, (PCRE2_SPTR)q->text.p, q->text.n, from,
	    options | PCRE2_NO_UTF_CHECK, s->data, s->context);
	if (!timed || rc == PCRE2_ERROR_MATCHLIMIT)
		return rc;
	ns = (cpu_ns() - begun) * SAMPLE;
	most = text_ns(q, ATTEMPTS_NS) / SAMPLES_MIN;
	return attempts_spent(q, id, ns < most ? ns : most) ?
	    PCRE2_ERROR_DEPTHLIMIT : rc;
}

static int
answer(const struct search *q, unsigned id, int rc)
{
	if (rc > 0)
		return FOUND;
	if (rc == PCRE2_ERROR_NOMATCH)
		return ABSENT;
	if (rc == PCRE2_ERROR_NOMEMORY)
		(void)error_nomem(q->err);
	else if (rc == PCRE2_ERROR_DEPTHLIMIT)
		(void)error_set(q->err, STATUS_LIMIT, "pattern %u: no answer in "
		    "the time that a text of this length has", id);
	else
		(void)error_set(q->err, STATUS_LIMIT,
		    "pattern %u: no answer within %u steps", id,
		    q->set->v[id].limit);
	return FAILED;
}

static uint32_t
fewer(uint32_t a, uint32_t b)
{
	return a < b ? a : b;
}

/*
 * Matches at a place where few steps did not suffice, by the interpreter, which
 * counts more of its steps than compiled code does, with more and more of them
 * up to the pattern's limit.  What all such places of a text may take together
 * is bounded too, by steps and, since a step can be long, by time: by what the
 * next attempt would take, if its steps are longer than those of the last.
 */
static int
match_hard(const struct search *q, unsigned id, size_t at, uint32_t options,
    uint32_t limit)
{
	const struct pattern *p = &q->set->v[id];
	struct progress *pr = progress_of(q->s, id);
	uint64_t share = 1 + q->text.n / 10240;
	int64_t from = cpu_ns(), now, last = 0;
	int rc;

	do {
		pr->spent += limit;
		if (limit == p->limit ||
		    pr->spent > p->limit * STEPS_TEXT * share ||
		    pr->hard_ns + last * NEXT_LONGER > text_ns(q, HARD_NS))
			return PCRE2_ERROR_MATCHLIMIT;
		limit = limit > p->limit / STEPS_MORE ? p->limit :
		    limit * STEPS_MORE;
		rc = run(q, id, PATTERN_HERE, at, options | PCRE2_NO_JIT, limit);
		now = cpu_ns();
		last = now - from;
		pr->hard_ns += last;
		from = now;
	} while (rc == PCRE2_ERROR_MATCHLIMIT);
	return rc;
}

static int
match_here(const struct search *q, unsigned id, size_t at, uint32_t options)
{
	const struct pattern *p = &q->set->v[id];
	uint32_t few = fewer(STEPS_FEW, p->limit);
	int rc = run(q, id, PATTERN_HERE, at, options, few);

	if (rc == PCRE2_ERROR_MATCHLIMIT)
		rc = match_hard(q, id, at, options, few);
	return answer(q, id, rc);
}

static size_t
point_after(struct slice text, size_t at)
{
	for (at++; at < text.n && utf8_is_tail(text.p[at]);)
		at++;
	return at;
}

/* A search from `from` on, for the first match that begins at `to` or before. */
static int
run_part(const struct search *q, unsigned id, size_t from, size_t to,
    uint32_t limit)
{
	pcre2_match_context *context = q->s->context;
	int rc;

	(void)pcre2_set_offset_limit(context, to);
	rc = run(q, id, PATTERN_SEARCH, from, 0, limit);
	(void)pcre2_set_offset_limit(context, PCRE2_UNSET);
	return rc;
}

/* A long text is searched part after part, with a look at the time between. */
static int
run_search(const struct search *q, unsigned id, size_t from, uint32_t limit)
{
	const struct pattern *p = &q->set->v[id];
	size_t part = PART_WORK / (q->text.n + 1);
	int64_t begun = 0, now;
	int rc;

	part = part < PART_MIN ? PART_MIN : part > PART_MAX ? PART_MAX : part;
	while (p->stepwise && q->text.n - from > part) {
		rc = run_part(q, id, from, from + part, limit);
		if (rc != PCRE2_ERROR_NOMATCH)
			return rc;
		now = cpu_ns();
		if (begun != 0 && attempts_spent(q, id, now - begun))
			return PCRE2_ERROR_DEPTHLIMIT;
		from = point_after(q->text, from + part);
		if (begun != 0 && now - begun < PART_SHORT_NS)
			part *= 2;
		else if (now - begun > PART_LONG_NS && begun != 0 && part > 1)
			part /= 2;
		begun = now;
	}
	return from > q->text.n ? PCRE2_ERROR_NOMATCH :
	    run(q, id, PATTERN_SEARCH, from, 0, limit);
}

/* The first match at `from` or behind. */
static int
search_next(const struct search *q, unsigned id, size_t from)
{
	const struct pattern *p = &q->set->v[id];
	uint64_t *spent = &progress_of(q->s, id)->spent, before;
	uint32_t few = p->stepwise ? fewer(STEPS_FEW, p->limit) : p->limit;
	bool costly = true;
	int rc;

	for (; from <= q->text.n; from = point_after(q->text, from)) {
		if (costly) {
			rc = run_search(q, id, from, few);
			if (rc != PCRE2_ERROR_MATCHLIMIT || !p->stepwise)
				return answer(q, id, rc);
		}
		before = *spent;
		if ((rc = match_here(q, id, from, 0)) != ABSENT)
			return rc;
		costly = *spent > before;
	}
	return ABSENT;
}

/* The match that was found, and in *end where it ends. */
static enum status
tell(const struct search *q, unsigned id, size_t *end)
{
	const size_t *o = pcre2_get_ovector_pointer(q->s->data);
	struct pattern_match m = { id, (const size_t (*)[2])o,
	    q->set->v[id].nspan };

	*end = o[1];
	return q->each(q->arg, &m, q->err);
}

/* Every match of one pattern, found by a search over the whole text. */
static enum status
search_all(const struct search *q, unsigned id)
{
	bool empty = false;
	size_t from = 0;
	enum status st;
	int rc;

	while (from <= q->text.n) {
		/* Behind an empty match: what is not empty there, or the next. */
		rc = empty ? match_here(q, id, from, PCRE2_NOTEMPTY_ATSTART) :
		    search_next(q, id, from);
		if (rc == FAILED)
			return q->err->code;
		if (rc == ABSENT && !empty)
			return STATUS_OK;
		if (rc == ABSENT) {
			from = point_after(q->text, from);
			empty = false;
			continue;
		}
		if ((st = tell(q, id, &from)) != STATUS_OK)
			return st;
		empty = pcre2_get_ovector_pointer(q->s->data)[0] == from;
	}
	return STATUS_OK;
}

/* Can the text hold a match of the pattern at all? */
static bool
is_possible(const struct pattern *p, struct slice text)
{
	return p->required < 0 || (text.n > 0 &&
	    memchr(text.p, p->required, text.n) != NULL);
}

/* The same, found out when it is first asked. */
static bool
has_chance(const struct search *q, unsigned id)
{
	struct progress *pr = progress_of(q->s, id);

	if (pr->chance == UNKNOWN)
		pr->chance = is_possible(&q->set->v[id], q->text) ?
		    POSSIBLE : IMPOSSIBLE;
	return pr->chance == POSSIBLE;
}

/* Matches at a place unless it lies within the last match. */
static enum status
try_place(const struct search *q, unsigned id, size_t at)
{
	int rc;

	if (at < progress_of(q->s, id)->next || !has_chance(q, id))
		return STATUS_OK;
	if ((rc = match_here(q, id, at, 0)) == FAILED)
		return q->err->code;
	return rc == ABSENT ? STATUS_OK :
	    tell(q, id, &progress_of(q->s, id)->next);
}

static enum status
filter_place(void *arg, unsigned id, size_t at, struct error *err)
{
	(void)err;		/* the search has it */
	return try_place(arg, id, at);
}

/* Every match of a pattern that begins with a run and the byte that ends it:
 * only places in a run before such a byte are tried. */
static enum status
search_runs(const struct search *q, unsigned id)
{
	const struct pattern *p = &q->set->v[id];
	const char *text = q->text.p, *end = text + q->text.n, *k, *at;
	enum status st;

	for (k = text; k < end && (k = memchr(k, p->run_end,
	    (size_t)(end - k))) != NULL; k++) {
		for (at = k; at > text + progress_of(q->s, id)->next &&
		    first_has(&p->run, (unsigned char)at[-1]);)
			at--;
		for (; at < k; at++) {
			if (utf8_is_tail(*at))
				continue;
			st = try_place(q, id, (size_t)(at - text));
			if (st != STATUS_OK)
				return st;
		}
	}
	return STATUS_OK;
}

static enum status
note_held(void *arg, unsigned id, size_t at, struct error *err)
{
	const struct search *q = arg;

	(void)at;
	(void)err;
	progress_of(q->s, id)->held = true;
	return STATUS_OK;
}

/* Every match of a pattern whose beginnings are not in the filter. */
static enum status
search_one(const struct search *q, unsigned id)
{
	const struct pattern *p = &q->set->v[id];

	if (q->s->form == FILTER_NONE)
		return search_all(q, id);
	if ((p->inner && !progress_of(q->s, id)->held) ||
	    !is_possible(p, q->text))
		return STATUS_OK;
	return p->run_end >= 0 ? search_runs(q, id) : search_all(q, id);
}

enum status
pattern_scan(struct pattern_set *set, struct slice text,
    struct scratch *s, pattern_fn *each, void *arg, struct error *err)
{
	struct search q = { set, text, s, each, arg, err };
	bool none = s->form == FILTER_NONE;
	enum status st;
	unsigned i, n;

	if (text.p == NULL)
		q.text = SLICE("");
	if ((st = pattern_set_ready(set, err)) != STATUS_OK ||
	    (st = scratch_fit(s, set, err)) != STATUS_OK || (!none &&
	    (st = filter_run(set->inner, s->form, q.text, note_held, &q,
	    err)) != STATUS_OK))
		return st;
	n = none ? set->n : set->nsearched;
	for (i = 0; i < n; i++) {
		st = search_one(&q, none ? i : set->searched[i]);
		if (st != STATUS_OK)
			return st;
	}
	return none || set->nsearched == set->n ? STATUS_OK :
	    filter_run(set->filter, s->form, q.text, filter_place, &q, err);
}

enum status
pattern_test(struct pattern_set *set, unsigned id, struct slice text,
    struct scratch *s, bool *found, struct error *err)
{
	struct search q = { set, text, s, NULL, NULL, err };
	enum status st;
	int rc;

	if (text.p == NULL)
		q.text = SLICE("");
	if ((st = pattern_set_ready(set, err)) != STATUS_OK ||
	    (st = scratch_fit(s, set, err)) != STATUS_OK)
		return st;
	*found = false;
	if (!is_possible(&set->v[id], text))
		return STATUS_OK;
	if ((rc = search_next(&q, id, 0)) == FAILED)
		return err->code;
	*found = rc == FOUND;
	return STATUS_OK;
}
