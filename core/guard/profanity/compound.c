#include "core/guard/profanity/compound.h"

#include <stdlib.h>

#include "core/pattern/pattern.h"

#define WORD_MAX	60	/* bytes on one side of a stem */

enum compound_where {
	BEGINS,		/* a word */
	WITHIN		/* a word, anywhere */
};

struct stem {
	const char	*language;
	const char	*pattern;	/* caseless */
	enum compound_where	 place;
	enum severity	 severity;
	const char	*clean;		/* "a b": words that hold it and are clean */
};

#define STRONG	SEVERITY_MEDIUM
#define SLUR	SEVERITY_HIGH

static const struct stem stems[] = {
	{ "en", "fuck", WITHIN, STRONG, "" },
	{ "en", "shit", BEGINS, STRONG,
	    "shitak shittak shital shitij shittim shitil shitov shito" },
	{ "en", "(?:bull|horse|bat|dip|ape|chicken|dog|rat|jack|cow|pig|holy|dumb|"
	    "piece.?of.?|eat|cat|bird)shit", WITHIN, STRONG, "" },
	{ "en", "cunt", WITHIN, STRONG, "scunthorp cuntis" },
	{ "en", "bitch", WITHIN, STRONG, "bitchute bitchum habitch orbitch rabbitch" },
	{ "en", "asshol", WITHIN, STRONG, "" },
	{ "en", "arsehol", WITHIN, STRONG, "" },
	{ "en", "whore", BEGINS, STRONG, "" },
	{ "en", "wank", BEGINS, STRONG, "wankel wankhed wankaner wankdorf" },
	{ "en", "twat", BEGINS, STRONG, "" },
	{ "en", "slut", BEGINS, STRONG, "slutsk slutzk" },
	{ "en", "cocksuck", WITHIN, STRONG, "" },
	{ "en", "jizz", BEGINS, STRONG, "" },
	{ "en", "mother ?f[-.*_]{1,6}(?:ing|in|ers?|a)\\b", BEGINS, STRONG, "" },
	{ "en", "nigger", WITHIN, SLUR, "snigger" },
	{ "en", "nigga", WITHIN, SLUR, "niggard" },
	{ "en", "faggot", WITHIN, SLUR, "" },
	{ "de", "schei(?:ss|\xc3\x9f)", WITHIN, STRONG, "" },
	{ "de", "arsch", BEGINS, STRONG, "arschin" },
	{ "de", "(?:leck|drecks?|fett|lahm|feig)arsch", WITHIN, STRONG, "" },
	{ "de", "fick", BEGINS, STRONG, "fickle ficker's" },
	{ "de", "(?:ge|ver|ab|durch)fick", WITHIN, STRONG, "" },
	{ "de", "wichs", BEGINS, STRONG, "" },
	{ "de", "(?:ge|ab)wichs", WITHIN, STRONG, "" },
	{ "de", "fotze", WITHIN, STRONG, "" },
	{ "de", "hurens", WITHIN, STRONG, "" },
	{ "de", "(?<!st)nutten", BEGINS, STRONG, "" },
	{ "de", "schlampe", WITHIN, STRONG, "" },
	{ "de", "drecks", BEGINS, STRONG, "" },
	{ "de", "kanake", BEGINS, SLUR, "" },
	{ "de", "neger", BEGINS, SLUR, "" },
	{ "de", "schwuchtel", WITHIN, SLUR, "" },
	{ "es", "hij(?:o|a|ue)put", BEGINS, STRONG, "" },
	{ "es", "gilipoll", BEGINS, STRONG, "" },
	{ "es", "mierd", WITHIN, STRONG, "" },
	{ "es", "pendej", BEGINS, STRONG, "" },
	{ "es", "chupapoll|comepoll|soplapoll", BEGINS, STRONG, "" },
	{ "es", "(?:en|a)?cojon", BEGINS, STRONG, "" },
	{ "es", "chinga(?:d|r|t|n|s)", BEGINS, STRONG, "" },
	{ "fr", "encul", BEGINS, STRONG, "" },
	{ "fr", "emmerd", WITHIN, STRONG, "" },
	{ "fr", "conna(?:rd|ss)", BEGINS, STRONG, "" },
	{ "fr", "salope", WITHIN, STRONG, "" },
	{ "fr", "couillon", WITHIN, STRONG, "" },
	{ "fr", "bougnoul", BEGINS, SLUR, "" },
	{ "it", "(?:in|s)?cazz", BEGINS, STRONG, "cazzol cazzulan cazzag" },
	{ "it", "stronz", WITHIN, STRONG, "" },
	{ "it", "(?:vaf)?fancul", BEGINS, STRONG, "" },
	{ "it", "(?:rin|s)?coglion", BEGINS, STRONG, "" },
	{ "it", "puttan", BEGINS, STRONG, "puttanesc" },
	{ "it", "smerd", BEGINS, STRONG, "smerdiak" }
};
#define NSTEMS	(sizeof(stems) / sizeof(stems[0]))

struct compounds {
	struct pattern_set	*set;
	unsigned		 row[NSTEMS];	/* of each pattern */
};

struct found {
	const struct compounds	*compounds;
	struct guard_run	*run;
	struct compound		*v;
	size_t			 n, cap;
};

static bool
is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	    (unsigned char)c >= 0x80;
}

static bool
is_upper(char c)
{
	return c >= 'A' && c <= 'Z';
}

/* "rabbitChar" holds no "bitch": a new word begins within it. */
static bool
is_joined(const char *p, size_t n)
{
	size_t i;

	for (i = 1; i < n; i++)
		if (is_upper(p[i]) && is_letter(p[i - 1]) && !is_upper(p[i - 1]))
			return true;
	return false;
}

/* Does the word hold one of these, which is clean? */
static bool
is_clean(struct slice word, const char *clean)
{
	size_t i, n;

	for (; *clean != '\0'; clean += n + (clean[n] == ' ')) {
		n = strcspn(clean, " ");
		for (i = 0; i + n <= word.n; i++)
			if (strncasecmp(word.p + i, clean, n) == 0)
				return true;
	}
	return false;
}

static enum status
compound_add(struct found *f, struct compound c, struct error *err)
{
	size_t cap = f->cap == 0 ? 8 : f->cap * 2;
	struct compound *v;

	if (f->n == f->cap) {
		if ((v = arena_alloc(f->run->arena, cap * sizeof(*v))) == NULL)
			return error_nomem(err);
		if (f->n > 0)
			memcpy(v, f->v, f->n * sizeof(*v));
		f->v = v;
		f->cap = cap;
	}
	f->v[f->n++] = c;
	return STATUS_OK;
}

static enum status
stem_found(void *arg, const struct pattern_match *m, struct error *err)
{
	struct found *f = arg;
	const struct stem *stem = &stems[f->compounds->row[m->id]];
	struct slice text = f->run->text;
	size_t start = m->span[0][0], end = m->span[0][1];

	if (is_joined(text.p + start, end - start))
		return STATUS_OK;
	while (start > 0 && m->span[0][0] - start < WORD_MAX &&
	    is_letter(text.p[start - 1]) &&
	    !(is_upper(text.p[start]) && !is_upper(text.p[start - 1])))
		start--;
	if (stem->place == BEGINS && start < m->span[0][0])
		return STATUS_OK;
	while (end < text.n && end - m->span[0][1] < WORD_MAX &&
	    is_letter(text.p[end]))
		end++;
	if (is_clean((struct slice){ text.p + start, end - start },
	    stem->clean))
		return STATUS_OK;
	return compound_add(f, (struct compound){ (uint32_t)start,
	    (uint32_t)end, stem->severity }, err);
}

static int
compound_cmp(const void *pa, const void *pb)
{
	const struct compound *a = pa, *b = pb;

	if (a->start != b->start)
		return a->start < b->start ? -1 : 1;
	return a->end > b->end ? -1 : a->end < b->end;
}

enum status
compounds_find(const struct compounds *c, struct guard_run *r,
    struct compound **out, size_t *n, struct error *err)
{
	struct found f = { c, r, NULL, 0, 0 };
	enum status st;
	size_t i, k = 0;

	st = pattern_scan(c->set, r->text, r->scratch, stem_found, &f, err);
	if (f.n > 1)
		qsort(f.v, f.n, sizeof(*f.v), compound_cmp);
	for (i = 0; i < f.n; i++)
		if (k == 0 || f.v[i].start >= f.v[k - 1].end)
			f.v[k++] = f.v[i];
	*out = f.v;
	*n = k;
	return st;
}

void
compounds_free(struct compounds *c)
{
	if (c == NULL)
		return;
	pattern_set_free(c->set);
	free(c);
}

enum status
compounds_new(struct compounds **out, const char *const *languages, size_t n,
    struct error *err)
{
	struct compounds *c;
	enum status st;
	unsigned i, id;
	size_t k;

	if ((c = calloc(1, sizeof(*c))) == NULL)
		return error_nomem(err);
	st = pattern_set_new(&c->set, err);
	for (i = 0; st == STATUS_OK && i < NSTEMS; i++) {
		for (k = 0; k < n && strcmp(languages[k], stems[i].language) != 0;)
			k++;
		if (k == n)
			continue;
		st = pattern_add(c->set, stems[i].pattern,
		    PATTERN_CASELESS | PATTERN_ASCII | PATTERN_KNOWN, 0, &id, err);
		if (st == STATUS_OK)
			c->row[id] = i;
	}
	if (st != STATUS_OK) {
		compounds_free(c);
		return st;
	}
	*out = c;
	return STATUS_OK;
}
