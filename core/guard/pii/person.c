/*
 * A name is never one word alone: an honorific, a word that announces or follows a
 * person, a second name of the lists, or others in a row have to stand by it.
 */
#include "core/guard/pii/person.h"

#include "core/guard/pii/ascii.h"
#include "core/guard/pii/names.h"

#define RUN_MAX		6	/* words of a name */
#define SCORE_SPOKEN	0.85	/* an honorific or cue, or both names listed */
#define SCORE_LIKELY	0.6

/* A token without the 's of a genitive. */
static struct slice
bare(const struct tokens *x, size_t i)
{
	struct slice w = token_slice(x, i);

	if (w.n > 2 && to_lower(w.p[w.n - 1]) == 's') {
		if (w.p[w.n - 2] == '\'')
			w.n -= 2;
		else if (w.n > 4 && memcmp(w.p + w.n - 4, "\342\200\231", 3) == 0)
			w.n -= 4;
	}
	return w;
}

static bool
is_genitive(const struct tokens *x, size_t i)
{
	return bare(x, i).n != x->v[i].end - x->v[i].start;
}

/* What the lists say of a word; of "Anne-Marie" what they say of its parts. */
static unsigned
listed(const struct pii_scan *s, const struct tokens *x, size_t i)
{
	struct slice w = bare(x, i), head = w;
	const char *hyphen = memchr(w.p, '-', w.n);
	uint32_t is = x->v[i].is;

	if (is_genitive(x, i))
		is = names_find(s->pii->names, w);
	is &= NAME_GIVEN | NAME_WEAK | NAME_SUR;
	if (is == 0 && hyphen != NULL) {
		head.n = (size_t)(hyphen - w.p);
		is = names_find(s->pii->names, head);
	}
	return is & (NAME_GIVEN | NAME_WEAK | NAME_SUR);
}

static bool
is_capital(const struct tokens *x, size_t i)
{
	return x->v[i].kind == TOKEN_CAPITAL && !is_digit(x->text.p[x->v[i].start]);
}

/* "J." or "J" */
static bool
is_initial(const struct tokens *x, size_t i)
{
	return is_capital(x, i) && x->v[i].end - x->v[i].start == 1;
}

/* In capitals throughout, longer than an initial. */
static bool
is_shouted(const struct tokens *x, size_t i)
{
	struct slice w = bare(x, i);

	return w.n > 1 && w.p[1] >= 'A' && w.p[1] <= 'Z' &&
	    w.p[w.n - 1] >= 'A' && w.p[w.n - 1] <= 'Z';
}

/* May token i go on with the name that token i - 1 is of? */
static bool
joined(const struct tokens *x, size_t i)
{
	return (x->v[i].gap == GAP_BLANK && x->v[i].start ==
	    x->v[i - 1].end + 1) || (x->v[i].gap == GAP_DOT &&
	    is_initial(x, i - 1) && x->v[i].start <= x->v[i - 1].end + 2);
}

static bool
ends_name(const struct tokens *x, size_t i)
{
	return token_is(x, i, WORD_NO_PERSON);
}

/* Behind the words that make a name from `at`. */
static size_t
run_end(const struct tokens *x, size_t at)
{
	size_t i = at + 1, k;

	while (i < at + RUN_MAX && !is_genitive(x, i - 1)) {
		for (k = i; k < i + 3 && x->v[k].kind == TOKEN_SMALL &&
		    x->v[k].gap == GAP_BLANK && token_is(x, k, WORD_PARTICLE); k++)
			;
		if (!is_capital(x, k) || !joined(x, k) || ends_name(x, k))
			break;
		i = k + 1;
	}
	/* A lone initial at the end is a sentence's beginning as often. */
	if (i > at + 1 && is_initial(x, i - 1))
		i--;
	return i;
}

/* "PhD", "Jr." behind a name; behind them, or i. */
static size_t
skip_suffix(const struct tokens *x, size_t i)
{
	return (x->v[i].gap == GAP_BLANK || x->v[i].gap == GAP_COMMA) &&
	    is_capital(x, i) && token_is(x, i, WORD_SUFFIX) ? i + 1 : i;
}

/* Words from `at` to `end` of a place, firm, work ... */
static bool
is_thing(const struct tokens *x, size_t at, size_t end)
{
	size_t i;

	for (i = at; i < end; i++)
		if (token_is(x, i, WORD_THING))
			return true;
	/* The capitalised word that stopped the run, "Anna Freud Centre". */
	if (is_capital(x, end) && joined(x, end) && token_is(x, end, WORD_THING))
		return true;
	return at > 0 && joined(x, at) && token_is(x, at - 1, WORD_HEAD);
}

static size_t
say(struct pii_scan *s, const struct tokens *x, size_t at, size_t end,
    double score)
{
	size_t last = skip_suffix(x, end), to = x->v[last - 1].end;

	if (last == end)
		to = x->v[end - 1].start + bare(x, end - 1).n;
	(void)pii_hit(s, PII_PERSON, x->v[at].start, to, score, false, NULL);
	return last;
}

/* Behind the honorifics at `at`, "Frau Dr."; `at`: none. */
static size_t
skip_titles(const struct tokens *x, size_t at)
{
	size_t i = at;

	if (!is_capital(x, at) || !token_is(x, at, WORD_TITLE | WORD_TITLE_WEAK))
		return at;
	while (i < at + 3 && (i == at || token_is(x, i, WORD_TITLE)) &&
	    (x->v[i + 1].gap == GAP_BLANK || x->v[i + 1].gap == GAP_DOT))
		i++;
	return i;
}

/* "Mr. Smith", "Frau Dr. Meyer" */
static size_t
by_honorific(struct pii_scan *s, const struct tokens *x, size_t at)
{
	size_t first = skip_titles(x, at), end;

	if (first == at || !is_capital(x, first) || ends_name(x, first) ||
	    is_initial(x, first) || x->v[first].start > x->v[first - 1].end + 2)
		return at;
	end = run_end(x, first);
	if (is_thing(x, first, end) || (!token_is(x, at, WORD_TITLE) &&
	    listed(s, x, first) == 0))
		return at;
	return say(s, x, first, end, SCORE_SPOKEN);
}

/* What a word that means a name, before i, announces: 0: no person's. */
static int
name_before(const struct tokens *x, size_t i, bool said)
{
	if (i > 1 && token_is(x, i - 2, WORD_NOT_NAMED))
		return 0;
	return said && i > 1 && token_among(x, i - 2, "my|his|her|maiden|"
	    "first|last|middle|full") ? 3 : 2;
}

/* Is the word before i one of a, and the one before it one of b? */
static bool
both_before(const struct tokens *x, size_t i, const char *a, const char *b)
{
	return i > 1 && token_among(x, i - 1, a) && token_among(x, i - 2, b);
}

/* 3: a name follows, whatever it is, 2: one of the lists is to, 1: may. */
static int
cue_before(const struct tokens *x, size_t at)
{
	size_t i = at;

	if (i == 0)
		return 0;
	if (i > 1 && token_among(x, i - 1, "is|was|are|be|:|est|ist|es|\303\250|"
	    "to") && token_is(x, i - 2, WORD_NAME))
		i--;
	if (token_is(x, i - 1, WORD_NAME))
		return name_before(x, i, i < at);
	/* But not "Be patient: Hope ..." */
	if (token_is(x, i - 1, WORD_CUE))
		return both_before(x, i, "patient", "be|very|is|are|was|more") ?
		    0 : 2;
	/* "Best regards,\nAna" */
	if (x->v[at].gap != GAP_OTHER && token_is(x, at - 1, WORD_CLOSING))
		return 2;
	if (both_before(x, i, "me|him|her", "call|calls|called"))
		return 2;
	if (both_before(x, i, "is|am", "this|i|here"))
		return 1;
	return token_is(x, i - 1, WORD_CUE_WEAK) ? 1 : 0;
}

/* "Ana, could you ...", "..., Paul!" */
static bool
is_addressed(const struct tokens *x, size_t i)
{
	char after = byte_at(x->text, x->v[i].end);

	if (x->v[i].gap == GAP_COMMA && (after == '!' || after == '?'))
		return true;
	return x->v[i + 1].gap == GAP_COMMA && x->v[i].gap != GAP_COMMA &&
	    token_among(x, i + 1, "can|could|would|will|please|you|your|i|do|"
	    "did|are|have|what|why|how|where|thank|thanks|let|we|don't");
}

/* A word behind it that goes with a person. */
static bool
cue_after(const struct tokens *x, size_t end)
{
	if (is_genitive(x, end - 1))
		return token_is(x, end, WORD_OWNED);
	if (x->v[end].gap == GAP_BLANK || (x->v[end].gap == GAP_COMMA &&
	    token_among(x, end, "said|asked|who|whose")))
		return token_is(x, end, WORD_VERB);
	/* "Emma: ..." at the beginning of a line. */
	return byte_at(x->text, x->v[end - 1].end) == ':' && end > 0 &&
	    (x->v[end - 1].gap == GAP_LINE || end == 1 ||
	    byte_at(x->text, x->v[end - 1].start - 1) == '\n');
}

static size_t
by_cue(struct pii_scan *s, const struct tokens *x, size_t at, unsigned is)
{
	int cue = cue_before(x, at);
	size_t end;

	if (cue == 0 || !is_capital(x, at) || ends_name(x, at) ||
	    is_initial(x, at))
		return at;
	end = run_end(x, at);
	if (is_thing(x, at, end))
		return at;
	if (end == at + 1 && cue < 3 && (cue == 2 ? is == 0 :
	    (is & NAME_GIVEN) == 0))
		return at;
	if (end > at + 1 && is == 0 && cue < 2)
		return at;
	return say(s, x, at, end, SCORE_SPOKEN);
}

/* In a script without capitals: a given name and a surname, both listed. */
static size_t
by_uncased(struct pii_scan *s, const struct tokens *x, size_t at, unsigned is)
{
	return (is & NAME_GIVEN) != 0 && x->v[at + 1].kind == TOKEN_UNCASED &&
	    joined(x, at + 1) && (listed(s, x, at + 1) & NAME_SUR) != 0 ?
	    say(s, x, at, at + 2, SCORE_LIKELY) : at;
}

/* Given name and surname, or the other way round. */
static size_t
by_lists(struct pii_scan *s, const struct tokens *x, size_t at, unsigned is)
{
	size_t end = run_end(x, at);
	unsigned last;

	if (x->v[at].kind == TOKEN_UNCASED)
		return by_uncased(s, x, at, is);
	if (end < at + 2 || is_thing(x, at, end))
		return at;
	last = listed(s, x, end - 1);
	if ((is & (NAME_GIVEN | NAME_WEAK)) != 0 && (last & NAME_SUR) != 0)
		return say(s, x, at, end, SCORE_SPOKEN);
	if (is_shouted(x, at) || is_shouted(x, end - 1))
		return at;
	if ((is & NAME_GIVEN) != 0 || ((is & NAME_SUR) != 0 &&
	    (last & NAME_GIVEN) != 0 && end == at + 2))
		return say(s, x, at, end, SCORE_LIKELY);
	return at;
}

/* One given name alone at i, no more of a name beside it. */
static bool
is_lone(const struct pii_scan *s, const struct tokens *x, size_t i)
{
	return is_capital(x, i) && !is_shouted(x, i) &&
	    (listed(s, x, i) & NAME_GIVEN) != 0 && run_end(x, i) == i + 1 &&
	    !is_thing(x, i, i + 1) && !ends_name(x, i);
}

/* The next of "Ana, Ben and Cem" behind i; 0: none. */
static size_t
next_in_list(const struct tokens *x, size_t i, bool *and)
{
	size_t k = i + 1;

	*and = (x->v[k].gap == GAP_BLANK || x->v[k].gap == GAP_COMMA) &&
	    token_among(x, k, "and|und|et|y|e|i|en|och|og|ja|or");
	if (*and)
		return x->v[k + 1].gap == GAP_BLANK ? k + 1 : 0;
	return x->v[k].gap == GAP_COMMA ? k : 0;
}

/* Given names in a row: three of them, or two with "and". */
static size_t
by_row(struct pii_scan *s, const struct tokens *x, size_t at)
{
	size_t at_next, i = at, n = 0, from;
	bool and = false, any = false;

	while (is_lone(s, x, i)) {
		n++;
		from = i;
		at_next = next_in_list(x, i, &and);
		if (at_next == 0 || !is_lone(s, x, at_next)) {
			i = from;
			break;
		}
		any |= and;
		i = at_next;
	}
	if (n < 2 || (n == 2 && !any))
		return at;
	for (i = at; n > 0; i++)
		if (is_lone(s, x, i)) {
			(void)say(s, x, i, i + 1, SCORE_LIKELY);
			n--;
		}
	return i;
}

/* In small letters: behind "mr." or "my name is" alone, and of the lists alone. */
static size_t
by_small(struct pii_scan *s, const struct tokens *x, size_t at)
{
	unsigned is = listed(s, x, at);
	size_t end = at + 1;

	if (at == 0 || is == 0 || ends_name(x, at) ||
	    token_is(x, at, WORD_PARTICLE))
		return at + 1;
	if (!(token_among(x, at - 1, "mr|mrs|ms|dr|prof") &&
	    x->v[at].gap == GAP_DOT) && ((is & NAME_GIVEN) == 0 ||
	    cue_before(x, at) < 2))
		return at + 1;
	if (x->v[end].kind == TOKEN_SMALL && joined(x, end) &&
	    (listed(s, x, end) & NAME_SUR) != 0)
		end++;
	return say(s, x, at, end, SCORE_LIKELY);
}

size_t
find_person(struct pii_scan *s, const struct tokens *x, size_t at)
{
	unsigned is;
	size_t end;

	if (x->v[at].kind == TOKEN_SMALL)
		return by_small(s, x, at);
	if (x->v[at].kind != TOKEN_CAPITAL && x->v[at].kind != TOKEN_UNCASED)
		return at + 1;
	if ((end = by_honorific(s, x, at)) != at)
		return end;
	is = listed(s, x, at);
	if ((end = by_cue(s, x, at, is)) != at)
		return end;
	if (is == 0 || ends_name(x, at))
		return at + 1;
	if ((end = by_lists(s, x, at, is)) != at ||
	    (end = by_row(s, x, at)) != at)
		return end;
	if (is_lone(s, x, at) && (cue_after(x, at + 1) || is_addressed(x, at)))
		return say(s, x, at, at + 1, SCORE_LIKELY);
	/* No name begins within a row of capitals that names a thing. */
	end = x->v[at].kind == TOKEN_CAPITAL ? run_end(x, at) : at + 1;
	return is_thing(x, at, end) ? end : at + 1;
}
