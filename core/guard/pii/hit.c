#include "core/guard/pii/hit.h"

#include "core/base/arena.h"
#include "core/guard/guard.h"
#include "core/guard/pii/kinds.h"

/* Before they are settled: more than one text can hold on all its findings. */
#define HITS_MAX	(PII_NKINDS * (size_t)FINDINGS_MAX)

bool
pii_wants(const struct pii_scan *s, enum pii_kind kind)
{
	return s->pii->wanted[kind];
}

bool
pii_wants_locale(const struct pii *p, const char *locale)
{
	size_t i;

	if (p->all_locales || *locale == '\0')
		return true;
	for (i = 0; i < p->nlocales; i++)
		if (strcasecmp(p->locales[i], locale) == 0)
			return true;
	return false;
}

const struct pii_form *
pii_forms(const struct pii *p, bool letters, size_t n, unsigned next,
    size_t *count)
{
	const size_t *first = p->first[letters][next];
	size_t k = n < FORM_LEAD ? n : FORM_LEAD - 1;

	*count = first[k + 1] - first[k];
	return p->forms + first[k];
}

struct pii_hit *
pii_hit(struct pii_scan *s, unsigned kind, size_t start, size_t end,
    double score, bool checked, const char *why)
{
	struct pii_hit *more;
	size_t cap;

	if ((kind < PII_NKINDS && !s->pii->wanted[kind]) || score < s->pii->min_score ||
	    s->n == HITS_MAX)
		return NULL;
	if (s->n == s->cap) {
		cap = s->cap == 0 ? 32 : s->cap * 2;
		if ((more = arena_alloc(s->arena, cap * sizeof(*more))) ==
		    NULL) {
			s->nomem = true;
			return NULL;
		}
		if (s->n > 0)
			memcpy(more, s->hit, s->n * sizeof(*more));
		s->hit = more;
		s->cap = cap;
	}
	s->hit[s->n] = (struct pii_hit){ (uint32_t)start, (uint32_t)end, kind,
	    score, checked, false, false, why, NULL };
	return &s->hit[s->n++];
}
