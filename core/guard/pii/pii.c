/*
 * Guard kind "pii": its options, its run, and which of what was found stands.
 */

#include <stdlib.h>

#include "core/base/arena.h"
#include "core/guard/guard.h"
#include "core/guard/pii/decode.h"
#include "core/guard/pii/fold.h"
#include "core/guard/pii/form.h"
#include "core/guard/pii/hit.h"
#include "core/guard/pii/kinds.h"
#include "core/guard/pii/own.h"
#include "core/guard/pii/scan.h"

extern const struct guard_kind guard_pii;

#define MIN_SCORE	0.4

static int
by_place(const void *a, const void *b)
{
	const struct pii_hit *x = a, *y = b;

	return (x->start > y->start) - (x->start < y->start);
}

/* Checked before not, then score, length, and the order of the kinds. */
static bool
is_better(const struct pii_hit *x, const struct pii_hit *y)
{
	uint32_t nx = x->end - x->start, ny = y->end - y->start;

	if (x->checked != y->checked)
		return x->checked;
	if (x->score > y->score || x->score < y->score)
		return x->score > y->score;
	return nx != ny ? nx > ny : x->kind < y->kind;
}

static int
by_rank(const void *a, const void *b)
{
	return is_better(b, a) - is_better(a, b);
}

/*
 * Leaves of n hits, sorted by place and each overlapping one before it, those
 * that no better one of them overlaps; how many.
 */
static size_t
settle_group(struct pii_hit *h, size_t n)
{
	size_t i, low, high, mid, kept = 0;
	struct pii_hit x;

	qsort(h, n, sizeof(*h), by_rank);
	/* Those kept stand at the front, in the order of their places. */
	for (i = 0; i < n; i++) {
		x = h[i];
		for (low = 0, high = kept; low < high;) {
			mid = (low + high) / 2;
			if (h[mid].start < x.start)
				low = mid + 1;
			else
				high = mid;
		}
		if ((low > 0 && h[low - 1].end > x.start) ||
		    (low < kept && h[low].start < x.end))
			continue;
		memmove(h + low + 1, h + low, (kept - low) * sizeof(*h));
		h[low] = x;
		kept++;
	}
	return kept;
}

static void
settle(struct pii_scan *s)
{
	size_t i, from, n, out = 0, kept;
	uint32_t end;

	qsort(s->hit, s->n, sizeof(*s->hit), by_place);
	for (from = 0; from < s->n; from += n) {
		end = s->hit[from].end;
		for (n = 1; from + n < s->n &&
		    s->hit[from + n].start < end; n++)
			if (s->hit[from + n].end > end)
				end = s->hit[from + n].end;
		kept = n == 1 ? 1 : settle_group(s->hit + from, n);
		for (i = 0; i < kept; i++)
			s->hit[out++] = s->hit[from + i];
	}
	s->n = out;
}

static bool
is_allowed(const struct pii *p, struct slice value)
{
	size_t i;

	for (i = 0; i < p->nallow; i++)
		if (strlen(p->allow[i]) == value.n &&
		    strncasecmp(p->allow[i], value.p, value.n) == 0)
			return true;
	return false;
}

static bool
is_info(unsigned kind)
{
	return kind == PII_DATE_TIME || kind == PII_URL ||
	    kind == PII_DOMAIN_NAME;
}

static enum status
report(struct guard_run *r, const struct pii_scan *s, struct error *err)
{
	const struct pii_hit *h;
	struct finding *f;
	size_t i;
	bool own;

	for (i = 0; i < s->n; i++) {
		h = &s->hit[i];
		if (h->allowed)
			continue;
		own = h->kind >= PII_NKINDS;
		f = finding_add(r, own ? pii_own_name(s->pii->own, h->kind) :
		    pii_kind_rows[h->kind].name, h->start, h->end, "%s%s%s%s",
		    own ? "a kind of the policy's own" :
		    pii_kind_rows[h->kind].what,
		    h->why == NULL ? "" : ", ", h->why == NULL ? "" : h->why,
		    h->how == NULL ? "" : h->how);
		if (f == NULL)
			return finding_stop(r, err);
		f->score = h->score;
		if (h->open || is_info(h->kind))
			f->severity = SEVERITY_INFO;
	}
	return STATUS_OK;
}

/* Reads one text, the one that came or a decoded part of it. */
static enum status
scan(struct pii_scan *s, struct slice text, const struct pii_decoded *decoded,
    struct scratch *scratch, struct error *err)
{
	struct folded folded;
	size_t i, start, end, before = s->n;
	enum status st;

	if (text_fold(text, s->arena, &folded) != STATUS_OK)
		return error_nomem(err);
	s->text = folded.text;
	s->words.start = s->words.end = SIZE_MAX;
	s->token_end = s->net_end = s->url_end = s->authority_end = 0;
	s->domain_end = s->phone_end = s->email_start = s->email_end = 0;
	pii_scan_text(s);
	pii_scan_tokens(s);
	if ((st = pii_own_scan(s->pii->own, s, scratch, err)) != STATUS_OK)
		return st;
	if (s->nomem)
		return error_nomem(err);
	for (i = before; i < s->n; i++) {
		start = s->hit[i].start;
		end = s->hit[i].end;
		s->hit[i].allowed = is_allowed(s->pii, (struct slice){
		    s->text.p + start, end - start });
		folded_span(&folded, text, &start, &end);
		if (decoded != NULL) {
			decoded_span(decoded, &start, &end);
			s->hit[i].how = decoded->how;
		}
		s->hit[i].start = (uint32_t)start;
		s->hit[i].end = (uint32_t)end;
	}
	return STATUS_OK;
}

/* Each way of its own: a part may be one as a whole and hold the other. */
static enum status
scan_decoded(struct pii_scan *s, struct slice text, enum pii_encoding how,
    struct scratch *scratch, struct error *err)
{
	struct pii_decoded d;
	size_t at = 0;
	enum status st;

	do {
		st = decode_next(text, &at, how, s->arena, &d, err);
		if (st == STATUS_OK && d.text.p != NULL)
			st = scan(s, d.text, &d, scratch, err);
	} while (st == STATUS_OK && d.text.p != NULL);
	return st;
}

static enum status
pii_run(const void *compiled, struct guard_run *r, struct error *err)
{
	const struct pii *p = compiled;
	struct pii_scan s = { .pii = p, .arena = r->arena };
	enum status st;

	if (r->text.n > UINT32_MAX)
		return error_set(err, STATUS_LIMIT, "more than 4 GiB of text");
	if (r->text.n == 0)
		return STATUS_OK;
	st = scan(&s, r->text, NULL, r->scratch, err);
	if (st == STATUS_OK && p->base64)
		st = scan_decoded(&s, r->text, PII_BASE64, r->scratch, err);
	if (st == STATUS_OK && p->url)
		st = scan_decoded(&s, r->text, PII_PERCENT, r->scratch, err);
	if (st != STATUS_OK)
		return st;
	if (s.n > 1)
		settle(&s);
	return report(r, &s, err);
}

static bool
is_in(const struct option_value *v, const char *name)
{
	size_t i;

	for (i = 0; i < v->nlist; i++)
		if (strcasecmp(v->list[i], name) == 0)
			return true;
	return false;
}

static bool
is_kind_wanted(const struct option_value *kinds, unsigned kind)
{
	bool usual = kind < PII_ASKED && (!kinds->set ||
	    is_in(kinds, "default"));

	return usual || is_in(kinds, pii_kind_rows[kind].name);
}

static bool
is_unset_or_in(const struct option_value *v, const char *name)
{
	return !v->set || is_in(v, name);
}

static enum status
check_lists(const struct guard_config *c, struct error *err)
{
	const struct option_value *kinds = guard_option(c, "kinds");
	const struct option_value *locales = guard_option(c, "locales");
	const struct option_value *decode = guard_option(c, "decode");
	size_t i, k;

	for (i = 0; i < kinds->nlist; i++) {
		for (k = 0; k < PII_NKINDS; k++)
			if (strcasecmp(kinds->list[i],
			    pii_kind_rows[k].name) == 0)
				break;
		if (k == PII_NKINDS && strcasecmp(kinds->list[i], "default") != 0)
			return error_set(err, STATUS_INVALID,
			    "kinds: no such kind: %s", kinds->list[i]);
	}
	for (i = 0; i < locales->nlist; i++)
		if (!pii_locale_known(locales->list[i]))
			return error_set(err, STATUS_INVALID,
			    "locales: no such locale: %s", locales->list[i]);
	for (i = 0; i < decode->nlist; i++)
		if (strcmp(decode->list[i], "base64") != 0 &&
		    strcmp(decode->list[i], "url") != 0)
			return error_set(err, STATUS_INVALID,
			    "decode: neither base64 nor url: %s",
			    decode->list[i]);
	return STATUS_OK;
}

/* One form under each way that it may begin; counts only while no memory. */
static void
index_form(struct pii *p, struct pii_form form,
    size_t (*at)[FORM_NEXTS][FORM_LEAD + 1])
{
	unsigned next, lead;
	uint32_t leads;
	bool letters;

	for (next = 0; next < FORM_NEXTS; next++) {
		leads = form_lead(form.form, (enum form_next)next, &letters);
		for (lead = 0; lead < FORM_LEAD; lead++) {
			if ((leads >> lead & 1) == 0)
				continue;
			if (p->forms != NULL)
				p->forms[at[letters][next][lead]] = form;
			at[letters][next][lead]++;
		}
	}
}

static void
index_rows(struct pii *p, size_t (*at)[FORM_NEXTS][FORM_LEAD + 1])
{
	const struct pii_row *row;
	const char *form;
	unsigned k;

	for (k = 0; k < PII_NKINDS; k++)
		for (row = pii_kind_rows[k].rows; p->wanted[k] &&
		    row->forms != NULL; row++)
			for (form = row->forms; form != NULL;
			    form = form_next(form))
				index_form(p, (struct pii_form){
				    (enum pii_kind)k, row, form }, at);
}

/* Counted, summed, filled. */
static bool
index_forms(struct pii *p)
{
	size_t at[2][FORM_NEXTS][FORM_LEAD + 1] = { { { 0 } } };
	size_t *flat = &at[0][0][0], n = sizeof(at) / sizeof(*flat), sum = 0;
	size_t i, count;

	index_rows(p, at);
	for (i = 0; i < n; i++) {
		count = flat[i];
		flat[i] = sum;
		sum += count;
	}
	memcpy(p->first, at, sizeof(at));
	if ((p->forms = calloc(sum + 1, sizeof(*p->forms))) == NULL)
		return false;
	index_rows(p, at);
	return true;
}

static void
pii_free(void *compiled)
{
	struct pii *p = compiled;

	if (p == NULL)
		return;
	pii_own_free(p->own);
	names_free(p->names);
	free(p->forms);
	free(p);
}

/* The lists of names, where a kind asks for them; false: no memory. */
static bool
open_names(struct pii *p)
{
	unsigned i;

	for (i = PII_ASKED; i < PII_NKINDS && !p->wanted[i]; i++)
		;
	return i == PII_NKINDS || (p->names = names_new()) != NULL;
}

static enum status
pii_compile(const struct guard_config *c, void **out, struct error *err)
{
	const struct option_value *kinds = guard_option(c, "kinds");
	const struct option_value *locales = guard_option(c, "locales");
	const struct option_value *decode = guard_option(c, "decode");
	const struct option_value *score = guard_option(c, "min_score");
	const struct option_value *allow = guard_option(c, "allow");
	struct pii *p;
	enum status st;
	unsigned i;

	if (check_lists(c, err) != STATUS_OK)
		return err->code;
	if (score->set && !(score->number >= 0 && score->number <= 1))
		return error_set(err, STATUS_INVALID,
		    "min_score: %g is not between 0 and 1", score->number);
	if ((p = calloc(1, sizeof(*p))) == NULL)
		return error_nomem(err);
	p->all_locales = !locales->set;
	p->locales = locales->list;
	p->nlocales = locales->nlist;
	p->min_score = score->set ? score->number : MIN_SCORE;
	p->allow = allow->list;
	p->nallow = allow->nlist;
	p->base64 = decode->set && is_unset_or_in(decode, "base64");
	p->url = decode->set && is_unset_or_in(decode, "url");
	for (i = 0; i < PII_NKINDS; i++)
		p->wanted[i] = is_kind_wanted(kinds, i) &&
		    pii_wants_locale(p, pii_kind_rows[i].locale);
	st = index_forms(p) && open_names(p) ? pii_own_new(&p->own, c, err) :
	    error_nomem(err);
	if (st != STATUS_OK) {
		pii_free(p);
		return st;
	}
	*out = p;
	return STATUS_OK;
}

static const char *
pii_finds(const void *compiled, size_t i)
{
	const struct pii *p = compiled;
	unsigned k;

	for (k = 0; k < PII_NKINDS; k++)
		if (p->wanted[k] && i-- == 0)
			return pii_kind_rows[k].name;
	return pii_own_name(p->own, PII_NKINDS + (unsigned)i);
}

static const struct option_row pii_options[] = {
	{ "kinds", OPTION_LIST, NULL, false },
	{ "locales", OPTION_LIST, NULL, false },
	{ "min_score", OPTION_NUMBER, NULL, false },
	{ "allow", OPTION_LIST, NULL, false },
	{ "decode", OPTION_LIST, NULL, false },
	{ NULL, OPTION_STRING, NULL, false }
};

const struct guard_kind guard_pii = {
	.name = "pii",
	.options = pii_options,
	.own = pii_own_options,
	.severity = SEVERITY_MEDIUM,
	.cost = 30,
	.reads = READS_EACH,
	.leaves = READS_EACH,
	.private = true,
	.window = guard_window_word,
	.finds = pii_finds,
	.compile = pii_compile,
	.run = pii_run,
	.free = pii_free
};
