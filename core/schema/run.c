#include "core/schema/run.h"

#include "core/base/arena.h"
#include "core/base/utf8.h"
#include "core/json/equal.h"
#include "core/json/value.h"
#include "core/schema/apply.h"
#include "core/schema/children.h"
#include "core/schema/format.h"
#include "core/schema/names.h"

bool
run_limit(struct run *r, enum status status, const char *why)
{
	if (r->status == STATUS_OK)
		r->status = error_set(r->err, status, "%s", why);
	r->steps = 0;		/* so that nothing more begins */
	return false;
}

bool
run_probe(struct run *r, uint32_t node, uint32_t t, struct marks *m)
{
	struct report *report = r->report;
	uint32_t failures = r->failures;
	bool ok;

	r->report = NULL;
	ok = run_node(r, node, t, m);
	r->report = report;
	r->failures = failures;
	return ok;
}

static bool
integral(const struct node *n, struct slice raw)
{
	struct number number;
	size_t i;

	for (i = raw.n > 0 && *raw.p == '-'; i < raw.n; i++) {
		if (raw.p[i] < '0' || raw.p[i] > '9')
			break;
	}
	if (i == raw.n)
		return true;
	if (n->draft4 && raw.p[i] == '.')
		return false;
	number_read(&number, raw);
	return number_integral(&number);
}

static bool
has_type(const struct run *r, const struct node *n, uint32_t t)
{
	unsigned kind = r->tok[t].type;

	if (n->types >> kind & 1)
		return true;
	return kind == TOKEN_NUMBER && (n->types & TYPE_INTEGER) &&
	    integral(n, json_raw(r->d, t));
}

/* Is it one of an enum's values, or the const? */
static bool
is_value(struct run *r, const struct any_of_values *v, uint32_t t)
{
	unsigned kind = r->tok[t].type;
	bool nomem = false, same = false;
	uint32_t one, end;

	if (!(v->types >> kind & 1))
		return false;
	if (kind <= TOKEN_TRUE)
		return true;
	if (kind == TOKEN_STRING) {
		struct slice s = value_string(r->d, t, r->arena);

		if (s.p == NULL)
			return run_limit(r, STATUS_NOMEM, "out of memory");
		return name_find(&v->strings, s,
		    run_head(r, t, s)) != NODE_NONE;
	}
	one = v->array == NODE_NONE ? v->value : v->array + 1;
	end = v->doc->tok[v->array == NODE_NONE ? v->value : v->array].next;
	for (; one < end && !same && !nomem; one = v->doc->tok[one].next)
		same = value_equal(v->doc, one, r->d, t, r->arena, &nomem);
	return nomem ? run_limit(r, STATUS_NOMEM, "out of memory") : same;
}

static bool
check_values(struct run *r, const struct any_of_values *v, uint32_t t)
{
	struct slice list = json_raw(v->doc, v->value);
	bool cut = list.n > 120;

	if (is_value(r, v, t))
		return true;
	if (r->report == NULL)
		return false;
	if (cut) {
		for (list.n = 120; utf8_is_tail(list.p[list.n]);
		    list.n--)
			;
	}
	r->failures++;
	report_expected(r->report, t, v->keyword, "%s%.*s%s",
	    v->array == NODE_NONE ? "" : "one of ", SLICE_ARG(list),
	    cut ? "..." : "");
	return !report_full(r->report);
}

/* One limit of a number: `bad` says that it does not hold. */
static bool
limit(struct run *r, uint32_t t, bool bad, const char *keyword,
    const char *what, const struct number *n)
{
	if (!bad)
		return true;
	if (r->report == NULL)
		return false;
	r->failures++;
	report_expected(r->report, t, keyword, "%s%.*s", what,
	    SLICE_ARG(n->text));
	return !report_full(r->report);
}

/* Is it surely between lo and hi?  Of a fraction the whole part is looked at. */
static bool
surely_within(struct slice raw, int64_t lo, int64_t hi)
{
	int64_t v = 0;
	size_t i;

	if (raw.n > 18)
		return false;
	for (i = 0; i < raw.n && raw.p[i] >= '0' && raw.p[i] <= '9'; i++)
		v = v * 10 + (raw.p[i] - '0');
	if (i == raw.n)
		return lo <= v && v <= hi;
	if (raw.p[i] != '.' || v < lo || v >= hi)
		return false;
	while (++i < raw.n && raw.p[i] >= '0' && raw.p[i] <= '9')
		;
	return i == raw.n;
}

static bool
check_number(struct run *r, const struct number_part *p, uint32_t t)
{
	struct number n;

	if (surely_within(json_raw(r->d, t), p->lo, p->hi))
		return true;
	number_read(&n, json_raw(r->d, t));
	if (p->min != NULL && !limit(r, t, number_compare(&n, p->min) < 0,
	    "minimum", "a number of at least ", p->min))
		return false;
	if (p->above != NULL && !limit(r, t, number_compare(&n, p->above) <= 0,
	    "exclusiveMinimum", "a number over ", p->above))
		return false;
	if (p->max != NULL && !limit(r, t, number_compare(&n, p->max) > 0,
	    "maximum", "a number of at most ", p->max))
		return false;
	if (p->below != NULL && !limit(r, t, number_compare(&n, p->below) >= 0,
	    "exclusiveMaximum", "a number under ", p->below))
		return false;
	return p->multiple == NULL || limit(r, t,
	    !number_multiple(&n, p->multiple), "multipleOf", "a multiple of ",
	    p->multiple);
}

static bool
check_length(struct run *r, const struct string_part *p, uint32_t t,
    struct slice s)
{
	uint64_t n;

	if (s.n <= p->max && s.n / 4 >= p->min)
		return true;
	n = utf8_count(s.p, s.n);
	return run_count(r, t, n, p->min, p->max, "minLength", "maxLength",
	    "characters");
}

static bool
check_string(struct run *r, const struct string_part *p, uint32_t t)
{
	struct slice s = value_string(r->d, t, r->arena);
	bool found = true;

	if (s.p == NULL)
		return run_limit(r, STATUS_NOMEM, "out of memory");
	if (!check_length(r, p, t, s))
		return false;
	if (p->pattern != NULL && !run_regex(r, p->pattern, s, &found))
		return false;
	if (!found) {
		if (r->report == NULL)
			return false;
		r->failures++;
		report_expected(r->report, t, "pattern",
		    "a match of the pattern %.*s", SLICE_ARG(p->pattern_text));
	}
	if (p->format != NULL && !p->format->ok(s)) {
		if (r->report == NULL)
			return false;
		r->failures++;
		report_expected(r->report, t, "format", "%s",
		    p->format->expected);
	}
	return r->report == NULL || !report_full(r->report);
}

static bool
wrong_type(struct run *r, const struct node *n, uint32_t t)
{
	if (r->report == NULL)
		return false;
	r->failures++;
	if (n->never)
		report_expected(r->report, t, "false", "nothing here");
	else
		report_expected(r->report, t, "type", "%.*s",
		    SLICE_ARG(n->type_text));
	return false;
}

/* What a value is asked as what it is; false: stop. */
static bool
check_kind(struct run *r, const struct node *n, uint32_t t, struct marks *m)
{
	switch (r->tok[t].type) {
	case TOKEN_NUMBER:
		return n->number == NULL || check_number(r, n->number, t);
	case TOKEN_STRING:
		return n->string == NULL || check_string(r, n->string, t);
	case TOKEN_ARRAY:
		return n->array == NULL || check_array(r, n->array, t, m);
	case TOKEN_OBJECT:
		return n->object == NULL || check_object(r, n->object, t, m);
	default:
		return true;
	}
}

static bool
node_all(struct run *r, const struct node *n, uint32_t t, struct marks *m)
{
	if (n->constant != NULL && !check_values(r, n->constant, t))
		return false;
	if (n->enumeration != NULL && !check_values(r, n->enumeration, t))
		return false;
	if (!check_kind(r, n, t, m))
		return false;
	return n->napply == 0 || check_apply(r, n, t, m);
}

/* A node with unevaluated* keeps marks of its own. */
static bool
node_unevaluated(struct run *r, const struct node *n, uint32_t t,
    struct marks *m)
{
	uint32_t before = r->failures;
	struct marks mine;

	if (!marks_init(r, &mine, t))
		return false;
	if (!node_all(r, n, t, &mine) || r->failures != before)
		return false;
	if (!check_unevaluated(r, n, t, &mine))
		return false;
	if (m != NULL)
		marks_all(r, m, t);
	return true;
}

/* A step counts for more where it looks at much. */
static uint64_t
step_cost(const struct json_token *t)
{
	return 1 + (t->type >= TOKEN_ARRAY ? t->count >> 3 :
	    (t->end - t->start) >> 6);
}

static bool
node_deep(struct run *r, const struct node *n, uint32_t t, struct marks *m)
{
	const struct scope *scope = r->scope;
	struct scope mine = { scope, n->resource };
	unsigned kind = r->tok[t].type;
	uint64_t cost = step_cost(&r->tok[t]);
	bool ok;

	if (r->depth == SCHEMA_DEPTH)
		return run_limit(r, STATUS_LIMIT,
		    "the schema recurses more than 512 deep");
	if (r->steps < cost)
		return run_limit(r, STATUS_LIMIT,
		    "the schema takes too many steps for this value");
	r->steps -= cost;
	if (scope->resource != n->resource)
		r->scope = &mine;
	r->depth++;
	if ((kind == TOKEN_ARRAY && n->unevaluated_items != NODE_NONE) ||
	    (kind == TOKEN_OBJECT && n->unevaluated_properties != NODE_NONE))
		ok = node_unevaluated(r, n, t, m);
	else
		ok = node_all(r, n, t, m);
	r->depth--;
	r->scope = scope;
	return ok;
}

bool
run_more(struct run *r, const struct node *n, uint32_t t, struct marks *m)
{
	uint32_t before = r->failures;

	if (n->never || !has_type(r, n, t))
		return wrong_type(r, n, t);
	if (n->plain >> r->tok[t].type & 1)
		return true;
	return node_deep(r, n, t, m) && r->failures == before;
}
