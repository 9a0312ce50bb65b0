#include "core/guard/pii/words.h"

#include "core/base/utf8.h"
#include "core/guard/pii/ascii.h"
#include "core/guard/pii/kinds.h"

#define REACH_BEFORE	160	/* bytes looked at on either side */
#define REACH_AFTER	48

/*
 * ASCII letters and digits and whatever is not ASCII, but for the general
 * punctuation (U+2000..), Latin-1's signs (U+0080..) and CJK's (U+3000..).
 */
static bool
in_word(struct slice t, size_t i)
{
	unsigned char c = (unsigned char)t.p[i], lead, next;
	size_t at = i;

	if (c < 0x80)
		return is_alnum((char)c);
	while (at > 0 && i - at < 3 && utf8_is_tail(t.p[at]))
		at--;
	lead = (unsigned char)t.p[at];
	next = (unsigned char)byte_at(t, at + 1);
	if (lead == 0xc2)
		return false;
	return !(lead == 0xe2 && next == 0x80) &&
	    !(lead == 0xe3 && next == 0x80) && !(lead == 0xef && next >= 0xbc);
}

static bool
has_letter(struct slice w)
{
	size_t i;

	for (i = 0; i < w.n; i++)
		if (!is_digit(w.p[i]))
			return true;
	return false;
}

/* The 's of "driver's" is no word of its own. */
static bool
is_genitive(struct slice t, size_t start, size_t n)
{
	return n == 1 && to_lower(t.p[start]) == 's' && start > 1 &&
	    (t.p[start - 1] == '\'' || (unsigned char)t.p[start - 1] == 0x99);
}

static void
collect_before(struct pii_words *w, struct slice t, size_t at)
{
	size_t low = at > REACH_BEFORE ? at - REACH_BEFORE : 0, end;
	struct slice found[PII_BEFORE];
	unsigned count = 0, n = 0, k;
	bool number = true;

	while (at > low && count < PII_BEFORE) {
		while (at > low && !in_word(t, at - 1))
			at--;
		for (end = at; at > low && in_word(t, at - 1); at--)
			;
		if (at == end || is_genitive(t, at, end - at))
			continue;
		found[n] = (struct slice){ t.p + at, end - at };
		if (has_letter(found[n])) {
			number = false;
			n++;
			count++;
		} else {
			count += !number;
			number = true;
		}
	}
	for (k = 0; k < n; k++)
		w->before[k] = found[n - 1 - k];
	w->nbefore = n;
}

static void
collect_after(struct pii_words *w, struct slice t, size_t at)
{
	size_t high = at + REACH_AFTER < t.n ? at + REACH_AFTER : t.n, start;

	w->nafter = 0;
	while (at < high && w->nafter < PII_AFTER) {
		while (at < high && !in_word(t, at))
			at++;
		for (start = at; at < high && in_word(t, at); at++)
			if (is_digit(t.p[at]))
				return;
		if (at > start && !is_genitive(t, start, at - start))
			w->after[w->nafter++] = (struct slice){ t.p + start,
			    at - start };
	}
}

static uint32_t
initials(const struct slice *words, unsigned n)
{
	uint32_t bits = 0;

	while (n-- > 0)
		bits |= UINT32_C(1) << (words[n].p[0] & 31);
	return bits;
}

void
words_around(struct pii_scan *s, size_t start, size_t end)
{
	struct pii_words *w = &s->words;

	if (w->start != start)
		collect_before(w, s->text, start);
	if (w->start != start || w->end != end)
		collect_after(w, s->text, end);
	if (w->start != start || w->end != end)
		w->initials = initials(w->before, w->nbefore) |
		    initials(w->after, w->nafter);
	w->start = start;
	w->end = end;
}

/* The next word of a context at *p, before '|'; absent at its end. */
static struct slice
context_word(const char **p)
{
	const char *c = *p, *start;

	while (*c != '\0' && *c != '|' && !is_alnum(*c) &&
	    (unsigned char)*c < 0x80)
		c++;
	for (start = c; is_alnum(*c) || (unsigned char)*c >= 0x80; c++)
		;
	*p = c;
	return c == start ? SLICE_NONE :
	    (struct slice){ start, (size_t)(c - start) };
}

/* Equal in any case of ASCII, or equal but for a plural's s. */
static bool
word_is(struct slice word, struct slice want)
{
	size_t i;

	if (word.n != want.n && (word.n != want.n + 1 ||
	    to_lower(word.p[want.n]) != 's'))
		return false;
	for (i = 0; i < want.n; i++)
		if (to_lower(word.p[i]) != want.p[i])
			return false;
	return true;
}

/* Scripts that put no blanks between words. */
static bool
word_holds(struct slice word, struct slice want)
{
	return (unsigned char)want.p[0] >= 0xe0 && word.n >= want.n &&
	    memmem(word.p, word.n, want.p, want.n) != NULL;
}

/* Does the phrase at p stand at the k-th of n words? */
static bool
phrase_at(const struct slice *words, unsigned n, unsigned k, const char *p)
{
	struct slice want;

	while ((want = context_word(&p)).p != NULL) {
		if (want.n == 1 && (want.p[0] == 's'))
			continue;
		if (k == n || (!word_is(words[k], want) &&
		    !word_holds(words[k], want)))
			return false;
		k++;
	}
	return true;
}

static bool
phrase_in(const struct slice *words, unsigned n, const char *p)
{
	unsigned k;

	for (k = 0; k < n; k++)
		if (phrase_at(words, n, k, p))
			return true;
	return false;
}

bool
words_speak(const struct pii_words *w, const char *context)
{
	const char *p = context;

	while (p != NULL && *p != '\0') {
		/* Where words are not parted they may stand anywhere. */
		if (((w->initials >> (*p & 31) & 1) != 0 ||
		    (unsigned char)*p >= 0xe0) &&
		    (phrase_in(w->before, w->nbefore, p) ||
		    phrase_in(w->after, w->nafter, p)))
			return true;
		if ((p = strchr(p, '|')) != NULL)
			p++;
	}
	return false;
}

static bool
word_among(struct slice word, const char *list)
{
	const char *p = list;
	char first = to_lower(word.p[0]);

	while (p != NULL) {
		if ((*p == first || (unsigned char)*p >= 0xe0) &&
		    phrase_at(&word, 1, 0, p))
			return true;
		if ((p = strchr(p, '|')) != NULL)
			p++;
	}
	return false;
}

bool
words_end(const struct pii_words *w, const char *words)
{
	return w->nbefore > 0 && word_among(w->before[w->nbefore - 1], words);
}

bool
words_street(const struct pii_words *w)
{
	static const char streets[] = "street|st|lane|road|rd|avenue|ave|drive|"
	    "court|ct|parkway|boulevard|blvd|way|place|square|terrace|trail|"
	    "circle|highway|hwy|crescent|close|alley|row|strasse|"
	    "stra\303\237e|stra\303\237|weg|platz|gasse|rue|via|calle|rua|"
	    "plaza|piazza|apt|suite|box|ln|pkwy|heights|loop|pike|turnpike";
	unsigned k;

	for (k = 0; k < w->nafter; k++)
		if (word_among(w->after[k], streets))
			return true;
	return words_end(w, "suite|apt|apartment|unit|flat|room|box|floor");
}

bool
words_deny(const struct pii_words *w)
{
	static const char fillers[] = "number|no|nr|num|id|is|was|the|code|of|"
	    "value|your|my|a|n";
	static const char others[] = "order|invoice|tracking|ticket|case|ref|"
	    "reference|transaction|version|build|model|sku|isbn|issn|part|serial|"
	    "bug|issue|pr|error|page|chapter|section|commit|revision|rfc|"
	    "parcel|shipment|item|product|article|room|release|port|pid|patch|"
	    "confirmation|booking|timestamp|ts|epoch|population|total|approximately|about|"
	    "roughly|equals|ean|upc|barcode|batch|lot|doi|pmid|arxiv|episode";
	unsigned k;

	for (k = w->nbefore; k-- > 0;)
		if (!word_among(w->before[k], fillers))
			return word_among(w->before[k], others);
	return false;
}
