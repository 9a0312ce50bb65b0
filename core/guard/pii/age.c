#include "core/guard/pii/age.h"

#include "core/guard/pii/ascii.h"

#define AGE_MAX	129

/* What a number of one to three digits is worth; 0: it is no age. */
static unsigned
age_value(struct slice w)
{
	unsigned v = 0;
	size_t i;

	for (i = 0; i < w.n && is_digit(w.p[i]); i++)
		v = v < 1000 ? v * 10 + (unsigned)(w.p[i] - '0') : v;
	return i < w.n || v > AGE_MAX ? 0 : v;
}

static const char *const ages_spelt = "one|two|three|four|five|six|seven|eight|"
    "nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|"
    "eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety";

static bool
gap_near(const struct tokens *x, size_t i)
{
	return x->v[i].gap == GAP_BLANK || x->v[i].gap == GAP_HYPHEN;
}

/* Behind "years old", "-year-old", "yo", "Jahre alt" at i; or i. */
static size_t
behind_unit(const struct tokens *x, size_t i)
{
	static const char one[] = "yo|y/o|yrs-old|year-old|years-old|yr-old|"
	    "month-old|months-old|week-old|yo's|year-olds|j\303\244hrige|"
	    "j\303\244hriger|j\303\244hriges|j\303\244hrigen|-j\303\244hrige";
	static const char first[] = "years|year|yrs|yr|months|month|weeks|week|"
	    "y|jahre|monate|a\303\261os|ans|anni|jaar|\303\245r|let|lat|anos";
	static const char second[] = "old|olds|o|alt|de|d'\303\242ge|oud|gammal|"
	    "gammel";

	if (!gap_near(x, i) && x->v[i].start != x->v[i - 1].end)
		return i;
	if (token_among(x, i, one))
		return i + 1;
	if (!token_among(x, i, first))
		return i;
	if (token_among(x, i + 1, "of") && token_among(x, i + 2, "age"))
		return i + 3;
	if (token_among(x, i + 1, "de"))
		return token_among(x, i + 2, "edad|idade") ? i + 3 : i;
	if ((gap_near(x, i + 1) || (byte_at(x->text, x->v[i].end) == '/' &&
	    x->v[i + 1].start == x->v[i].end + 1)) &&
	    token_among(x, i + 1, second))
		return i + 2;
	return i;
}

/* "forty", "forty-two" */
static bool
is_spelt(const struct tokens *x, size_t at)
{
	struct slice w = token_slice(x, at), head = w;
	const char *hyphen = memchr(w.p, '-', w.n);

	if (x->v[at].kind != TOKEN_SMALL && x->v[at].kind != TOKEN_CAPITAL)
		return false;
	if (hyphen != NULL) {
		head.n = (size_t)(hyphen - w.p);
		w = (struct slice){ hyphen + 1, w.n - head.n - 1 };
	}
	return slice_among(head, ages_spelt) && slice_among(w, ages_spelt);
}

static bool
cue_before(const struct tokens *x, size_t at)
{
	size_t i = at;

	if (i > 0 && token_among(x, i - 1, "is|was|of|about|around|just|over|"
	    "under|only|between|nearly|almost"))
		i--;
	if (i == 0 || x->v[at].gap == GAP_LINE)
		return false;
	if (token_among(x, i - 1, "aged|edad|alter|et\303\240|leeftijd"))
		return true;
	/* "the age of 32", "Age: 32", not "page 12". */
	if (!token_among(x, i - 1, "age"))
		return i < at && i > 1 && token_among(x, i - 1, "age");
	return true;
}

/* May a number stand for an age, with no unit but a word before it? */
static bool
is_told(const struct tokens *x, size_t at)
{
	char after = byte_at(x->text, x->v[at].end);

	return cue_before(x, at) && !is_alnum(after) && after != '%' &&
	    !token_among(x, at + 1, "percent|million|days|hours|minutes|km");
}

void
find_age(struct pii_scan *s, const struct tokens *x, size_t at)
{
	size_t end, last = at;
	bool spelt = is_spelt(x, at);

	if (!spelt && (x->v[at].kind != TOKEN_NUMBER ||
	    age_value(token_slice(x, at)) == 0))
		return;
	if (at > 0 && x->v[at - 1].end == x->v[at].start)
		return;
	if (spelt && token_among(x, at + 1, ages_spelt) && gap_near(x, at + 1))
		last = at + 1;
	end = behind_unit(x, last + 1);
	if (end != last + 1)
		(void)pii_hit(s, PII_AGE, x->v[at].start, x->v[end - 1].end, 0.85,
		    false, NULL);
	else if (!spelt && is_told(x, at))
		(void)pii_hit(s, PII_AGE, x->v[at].start, x->v[at].end, 0.75,
		    false, NULL);
}

static const char codes[] = "AL|AK|AZ|AR|CA|CO|CT|DE|FL|GA|HI|ID|IL|IN|IA|KS|KY|"
    "LA|ME|MD|MA|MI|MN|MS|MO|MT|NE|NV|NH|NJ|NM|NY|NC|ND|OH|OK|OR|PA|RI|SC|SD|"
    "TN|TX|UT|VT|VA|WA|WV|WI|WY|DC|PR|VI|GU|AS|MP|AE|AA|AP";
static const char names[] = "Alabama|Alaska|Arizona|Arkansas|California|Colorado|"
    "Connecticut|Delaware|Florida|Georgia|Hawaii|Idaho|Illinois|Indiana|Iowa|"
    "Kansas|Kentucky|Louisiana|Maine|Maryland|Massachusetts|Michigan|"
    "Minnesota|Mississippi|Missouri|Montana|Nebraska|Nevada|Hampshire|Jersey|"
    "Mexico|York|Carolina|Dakota|Ohio|Oklahoma|Oregon|Pennsylvania|Island|"
    "Tennessee|Texas|Utah|Vermont|Virginia|Washington|Wisconsin|Wyoming|"
    "Columbia";

/* A US state before the token: its code behind a town, or its name. */
static bool
follows_state(const struct tokens *x, size_t at)
{
	struct slice w;

	if (at == 0 || (x->v[at].gap != GAP_BLANK && x->v[at].gap != GAP_COMMA &&
	    x->v[at].gap != GAP_LINE) || x->v[at - 1].kind != TOKEN_CAPITAL)
		return false;
	w = token_slice(x, at - 1);
	if (w.n == 2 && w.p[1] < 'a' && slice_among(w, codes))
		/* A town before it; "OR 12345" is none. */
		return at > 1 && x->v[at - 2].kind == TOKEN_CAPITAL &&
		    x->v[at - 1].gap != GAP_OTHER;
	return slice_among(w, names);
}

void
find_zip(struct pii_scan *s, const struct tokens *x, size_t at)
{
	size_t end = x->v[at].end;
	struct slice w = token_slice(x, at);
	const struct pii_token *next = &x->v[at + 1];

	if (w.n != 5 || !is_digit(w.p[4]) || !follows_state(x, at))
		return;
	if (next->gap == GAP_HYPHEN && next->start == end + 1 &&
	    next->end == end + 5 && next->kind == TOKEN_NUMBER &&
	    is_digit(x->text.p[end + 4]))
		end = next->end;
	else if (is_alnum(byte_at(x->text, end)) ||
	    (byte_at(x->text, end) == ',' && is_digit(byte_at(x->text, end + 1))))
		return;
	(void)pii_hit(s, PII_US_ZIP_CODE, x->v[at].start, end, 0.7, false,
	    "behind a state");
}
