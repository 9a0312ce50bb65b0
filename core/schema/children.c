/* What arrays and objects are asked: their size, elements and members. */
#include "core/schema/children.h"

#include "core/base/arena.h"
#include "core/base/cpu.h"
#include "core/base/utf8.h"
#include "core/json/equal.h"
#include "core/json/value.h"
#include "core/schema/apply.h"
#include "core/schema/names.h"
#include "core/schema/run.h"

#define NAME_SHOWN	100	/* bytes of a property's name in a message */
#define LOOK_MAX	((uint64_t)64 << 10)	/* bytes between two looks at the clock */
#define LOOK_SHORT_NS	100000

bool
run_miscount(struct run *r, uint32_t t, uint64_t n, uint64_t min, uint64_t max,
    const char *min_keyword, const char *max_keyword, const char *of_what)
{
	if (r->report == NULL)
		return false;
	r->failures++;
	report_message(r->report, t, n < min ? min_keyword : max_keyword,
	    "expected %llu or %s %s, got %llu",
	    (unsigned long long)(n < min ? min : max),
	    n < min ? "more" : "fewer", of_what, (unsigned long long)n);
	return !report_full(r->report);
}

/*
 * Each match has its limit; here is that of all of them together.  The clock is
 * read often where matches turn out to be slow, and seldom where they are not.
 */
static bool
matching_is_over(struct run *r, size_t n)
{
	int64_t ns;

	if ((r->matched += n + 64) < r->look)
		return false;
	r->matched = 0;
	ns = cpu_ns();
	if (r->first_ns == 0)
		r->first_ns = ns;
	else if (ns - r->last_ns < LOOK_SHORT_NS && r->look < LOOK_MAX)
		r->look *= 2;
	else if (ns - r->last_ns > LOOK_SHORT_NS)
		r->look /= 2;
	r->last_ns = ns;
	return ns - r->first_ns > r->matching_ns;
}

bool
run_regex(struct run *r, const struct regex *regex, struct slice s, bool *found)
{
	enum status st;

	if (matching_is_over(r, s.n)) {
		*found = false;
		return run_limit(r, STATUS_LIMIT,
		    "the patterns take too long for this value");
	}
	if ((st = regex_test(regex, s, found, r->err)) != STATUS_OK)
		return run_limit(r, st, "");
	return true;
}

static int
shown(struct slice s)
{
	if (s.n <= NAME_SHOWN)
		return (int)s.n;
	for (s.n = NAME_SHOWN; s.n > 0 &&
	    utf8_is_tail(s.p[s.n]); s.n--)
		;
	return (int)s.n;
}

/* An element or a member that may not be there. */
static bool
unwanted(struct run *r, uint32_t t, const char *keyword, struct slice name)
{
	if (r->report == NULL)
		return false;
	r->failures++;
	if (name.p == NULL)
		report_expected(r->report, t, keyword, "no more elements");
	else
		report_message(r->report, t, keyword,
		    "the property \"%.*s\" is not allowed", shown(name), name.p);
	return !report_full(r->report);
}

static bool
check_contains(struct run *r, const struct array_part *a, uint32_t t,
    struct marks *m)
{
	uint64_t n = 0;
	uint32_t i = 0;

	for (uint32_t k = t + 1; k < r->tok[t].next; k = r->tok[k].next, i++) {
		if (!run_probe(r, a->contains, k, NULL))
			continue;
		n++;
		if (m != NULL && a->contains_marks)
			marks_set(m, i);
		else if (n >= a->contains_min && a->contains_max == UINT64_MAX)
			break;
	}
	if (r->status != STATUS_OK)
		return false;
	return run_count(r, t, n, a->contains_min, a->contains_max,
	    a->contains_min == 1 ? "contains" : "minContains", "maxContains",
	    "elements that match \"contains\"");
}

static bool
check_unique(struct run *r, uint32_t t)
{
	uint32_t first = 0, second = 0, i = 0, k;
	bool nomem = false;

	if (!value_repeated(r->d, t, r->arena, &first, &second, &nomem) ||
	    nomem)
		return nomem ? run_limit(r, STATUS_NOMEM, "out of memory") :
		    true;
	if (r->report == NULL)
		return false;
	r->failures++;
	for (k = t + 1; k < first; k = r->tok[k].next)
		i++;
	report_message(r->report, second, "uniqueItems",
	    "expected elements that differ, got the one at %u again", i);
	return !report_full(r->report);
}

/* The elements from number i, token k, on. */
static bool
check_rest(struct run *r, const struct array_part *a, uint32_t t, uint32_t k,
    uint32_t i, struct marks *m)
{
	const struct node *n = &r->s->node[a->rest];
	uint32_t end = r->tok[t].next;

	if (n->accept == TYPE_ALL && m == NULL)
		return true;
	for (; k < end; k = r->tok[k].next, i++) {
		if (!(n->never ? unwanted(r, k, a->rest_keyword, SLICE_NONE) :
		    run_on(r, a->rest, k, NULL)))
			return false;
		if (m != NULL)
			marks_set(m, i);
	}
	return true;
}

bool
check_array(struct run *r, const struct array_part *a, uint32_t t,
    struct marks *m)
{
	uint32_t i = 0, k = t + 1, end = r->tok[t].next;

	if (!run_count(r, t, r->tok[t].count, a->min, a->max, "minItems",
	    "maxItems", "elements"))
		return false;
	for (; i < a->nprefix && k < end; k = r->tok[k].next, i++) {
		if (!run_on(r, a->prefix[i], k, NULL))
			return false;
		if (m != NULL)
			marks_set(m, i);
	}
	if (a->rest != NODE_NONE && !check_rest(r, a, t, k, i, m))
		return false;
	if (a->contains != NODE_NONE && !check_contains(r, a, t, m))
		return false;
	return !a->unique || check_unique(r, t);
}

/* Patterns over a key; *known where one of them matched. */
static bool
check_patterns(struct run *r, const struct object_part *o, uint32_t k,
    struct slice key, bool *known)
{
	bool found;

	for (uint32_t i = 0; i < o->npattern; i++) {
		if (!run_regex(r, o->pattern[i].regex, key, &found))
			return false;
		if (!found)
			continue;
		*known = true;
		if (!run_on(r, o->pattern[i].node, k + 1, NULL))
			return false;
	}
	return true;
}

/* A member; *at is the schema's name that comes next where they are in order. */
static bool
check_member(struct run *r, const struct object_part *o, uint32_t k,
    uint32_t *at, uint32_t *found, bool *known)
{
	struct slice key = value_string(r->d, k, r->arena);
	const struct names *names = &o->names;
	uint32_t i = *at;
	uint64_t head;

	if (key.p == NULL)
		return run_limit(r, STATUS_NOMEM, "out of memory");
	head = run_head(r, k, key);
	if (i >= names->n || !name_is(&names->v[i], key, head))
		i = name_find(names, key, head);
	if (i != NODE_NONE) {
		*at = i + 1;
		*found += names->v[i].required;
		*known = names->v[i].node != NODE_NONE;
		if (*known && !run_on(r, names->v[i].node, k + 1, NULL))
			return false;
	}
	if (o->npattern > 0 && !check_patterns(r, o, k, key, known))
		return false;
	if (!*known && o->additional != NODE_NONE) {
		*known = true;
		if (r->s->node[o->additional].never ?
		    !unwanted(r, k + 1, "additionalProperties", key) :
		    !run_on(r, o->additional, k + 1, NULL))
			return false;
	}
	return o->property_names == NODE_NONE ||
	    run_on(r, o->property_names, k, NULL);
}

/* The key's token in an object, or NODE_NONE. */
static uint32_t
find_key(struct run *r, uint32_t t, struct slice key)
{
	struct slice s;

	for (uint32_t k = t + 1; k < r->tok[t].next; k = r->tok[k + 1].next) {
		s = value_string(r->d, k, r->arena);
		if (s.p == NULL) {
			(void)run_limit(r, STATUS_NOMEM, "out of memory");
			break;
		}
		if (slice_eq(s, key))
			return k;
	}
	return NODE_NONE;
}

static bool
missing(struct run *r, uint32_t t, const char *keyword, struct slice name,
    struct slice because)
{
	if (r->report == NULL)
		return false;
	r->failures++;
	if (because.p == NULL)
		report_message(r->report, t, keyword,
		    "the property \"%.*s\" is missing", shown(name), name.p);
	else
		report_message(r->report, t, keyword, "the property \"%.*s\" "
		    "is missing, which \"%.*s\" needs", shown(name), name.p,
		    shown(because), because.p);
	if (!r->report->nomem && r->report->n > 0)
		r->report->v[r->report->n - 1].missing = name;
	return !report_full(r->report);
}

static bool
check_required(struct run *r, const struct object_part *o, uint32_t t)
{
	if (r->report == NULL)
		return false;
	for (uint32_t i = 0; i < o->names.n; i++) {
		struct name *n = &o->names.v[i];

		if (n->required && find_key(r, t, n->key) == NODE_NONE &&
		    !missing(r, t, "required", n->key, SLICE_NONE))
			return false;
	}
	return true;
}

static bool
check_dependencies(struct run *r, const struct object_part *o, uint32_t t,
    struct marks *m)
{
	for (uint32_t i = 0; i < o->ndepend; i++) {
		const struct dependency *d = &o->depend[i];

		if (find_key(r, t, d->key) == NODE_NONE)
			continue;
		for (uint32_t k = 0; k < d->nrequired; k++) {
			if (find_key(r, t, d->required[k]) == NODE_NONE &&
			    !missing(r, t, d->keyword, d->required[k], d->key))
				return false;
		}
		if (d->node != NODE_NONE && !run_on(r, d->node, t, m))
			return false;
	}
	return r->status == STATUS_OK;
}

/*
 * The members from k on that come in the schema's own order, as most do; the
 * first that does not is returned, or `end`.  *ok is false where to stop.
 */
static uint32_t
check_in_order(struct run *r, const struct object_part *o, uint32_t k,
    uint32_t end, uint32_t *at, uint32_t *found, bool *ok)
{
	const struct name *name = &o->names.v[*at];
	const struct name *last = &o->names.v[o->names.n];
	const struct json_token *tok = r->tok;
	size_t readable = r->d->len - 9;	/* a head's bytes and a quote */

	for (; k < end && name < last; k = tok[k + 1].next, name++) {
		struct slice key = { r->d->text + tok[k].start + 1,
		    tok[k].end - tok[k].start - 2 };

		if (tok[k].escaped || tok[k].start > readable ||
		    name->node == NODE_NONE ||
		    !name_is(name, key, name_head_fast(key.p, key.n)))
			break;
		*found += name->required;
		if (!run_on(r, name->node, k + 1, NULL)) {
			*ok = false;
			break;
		}
	}
	*at = (uint32_t)(name - o->names.v);
	return k;
}

static bool
check_members(struct run *r, const struct object_part *o, uint32_t t,
    struct marks *m, uint32_t *found)
{
	const bool quick = m == NULL && o->npattern == 0 &&
	    o->property_names == NODE_NONE && r->d->len >= 9;
	uint32_t at = 0, i = 0, end = r->tok[t].next;
	bool ok = true;

	for (uint32_t k = t + 1; k < end; k = r->tok[k + 1].next, i++) {
		bool known = false;

		if (quick && at < o->names.n)
			k = check_in_order(r, o, k, end, &at, found, &ok);
		if (!ok || k >= end)
			break;
		if (!check_member(r, o, k, &at, found, &known))
			return false;
		if (known && m != NULL)
			marks_set(m, i);
	}
	return ok;
}

bool
check_object(struct run *r, const struct object_part *o, uint32_t t,
    struct marks *m)
{
	uint32_t found = 0;

	if (!run_count(r, t, r->tok[t].count, o->min, o->max, "minProperties",
	    "maxProperties", "properties"))
		return false;
	if (o->walk && !check_members(r, o, t, m, &found))
		return false;
	if (found < o->nrequired && !check_required(r, o, t))
		return false;
	return o->ndepend == 0 || check_dependencies(r, o, t, m);
}

/* unevaluated*: a child that nothing has looked at. */
static bool
check_unmarked(struct run *r, uint32_t node, uint32_t k, struct slice name)
{
	const char *keyword = name.p == NULL ? "unevaluatedItems" :
	    "unevaluatedProperties";

	if (r->s->node[node].never)
		return unwanted(r, k, keyword, name);
	return run_on(r, node, k, NULL);
}

bool
check_unevaluated(struct run *r, const struct node *n, uint32_t t,
    struct marks *m)
{
	bool object = r->tok[t].type == TOKEN_OBJECT;
	uint32_t node = object ? n->unevaluated_properties : n->unevaluated_items;
	struct slice name = SLICE_NONE;
	uint32_t i = 0;

	for (uint32_t k = t + 1; k < r->tok[t].next; k = r->tok[k].next, i++) {
		bool marked = m->bits[i / 64] >> i % 64 & 1;

		if (object) {
			name = value_string(r->d, k++, r->arena);
			if (name.p == NULL)
				return run_limit(r, STATUS_NOMEM,
				    "out of memory");
		}
		if (!marked && !check_unmarked(r, node, k, name))
			return false;
	}
	return true;
}
