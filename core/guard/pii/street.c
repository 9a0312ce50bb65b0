/*
 * A number and a street's name, in either order, a post box, or what stands behind
 * a word that announces an address; then what goes on with it: flat, town, country,
 * post code.
 */
#include "core/guard/pii/street.h"

#include "core/guard/pii/ascii.h"

#define NAME_MAX_WORDS	6
#define TAIL_MAX	6	/* parts behind the street */

static const char *const endings[] = { "stra\303\237e", "strasse", "str", "weg",
    "gasse", "platz", "allee", "damm", "ufer", "markt", "straat", "laan",
    "gracht", "plein", "kade", "dijk", "singel", "steeg", "gatan", "gata",
    "v\303\244gen", "v\303\244g", "gr\303\244nd", "stigen", "backen", "gade",
    "vej", "vejen", "veien", "vegen", "veg", "vei", "gaten", "braut", "g\303\266tu",
    "katu", "tie", "kuja", "polku", "torget", "t\303\244ppan",
    "straten", "kaari", "raitti", "tien", "bakken", "ulica",
    "allmenning", "stien", "torg", "all\303\251n", "straete" };

/* Does a word end with a street's, more before it: "Bergstrasse"? */
static bool
ends_as_street(struct slice w)
{
	size_t i, n;

	for (i = 0; i < sizeof(endings) / sizeof(endings[0]); i++) {
		n = strlen(endings[i]);
		if (w.n >= n + 3 && strncasecmp(w.p + w.n - n, endings[i], n) == 0)
			return true;
	}
	return false;
}

static bool
near(const struct tokens *x, size_t i)
{
	return x->v[i].gap == GAP_BLANK || x->v[i].gap == GAP_DOT;
}

static bool
is_house(const struct tokens *x, size_t i)
{
	struct slice w = token_slice(x, i);

	return x->v[i].kind == TOKEN_NUMBER && w.n <= 6 &&
	    byte_at(x->text, x->v[i].end) != '%' &&
	    !(byte_at(x->text, x->v[i].end) == '.' &&
	    is_digit(byte_at(x->text, x->v[i].end + 1))) &&
	    (x->v[i].start == 0 || strchr("$.:/#=+*",
	    x->text.p[x->v[i].start - 1]) == NULL);
}

/* A word that a street's name may be made of. */
static bool
is_name(const struct tokens *x, size_t i)
{
	return x->v[i].kind == TOKEN_CAPITAL || (x->v[i].kind == TOKEN_SMALL &&
	    (token_is(x, i, WORD_SMALL) || token_is(x, i, WORD_STREET_FIRST)));
}

/* Numbers before a name: "53 524 Ireland St"; behind the last of them. */
static size_t
skip_numbers(const struct tokens *x, size_t at)
{
	size_t i = at;

	while (i < at + 3 && is_house(x, i) && (i == at ||
	    x->v[i].gap == GAP_BLANK))
		i++;
	if (i > at && x->v[i].gap == GAP_BLANK && token_among(x, i, "bis|ter"))
		i++;
	return i;
}

/* Does the word at i, one of a name from `at`, say that it is a street's? */
static bool
says_street(const struct tokens *x, size_t at, size_t i, bool led)
{
	uint32_t behind = led ? WORD_STREET : WORD_STREET_FIRST;

	if (x->v[i].kind != TOKEN_CAPITAL)
		return !led && i > at && token_is(x, i, WORD_STREET_FIRST);
	return ends_as_street(token_slice(x, i)) || (i > at &&
	    token_is(x, i, behind));
}

/*
 * Words of a street's name, one saying that it is one; behind them, 0: none.  Is a
 * number before it?
 */
static size_t
read_name(const struct tokens *x, size_t at, bool led)
{
	size_t i, end = 0;

	if (x->v[at].kind != TOKEN_CAPITAL)
		return 0;
	for (i = at; i < at + NAME_MAX_WORDS && is_name(x, i) && (i == at ||
	    (near(x, i) && !(led && token_among(x, i, "the")))); i++)
		if (says_street(x, at, i, led))
			end = i + 1;
	return end;
}

/* "Via Roma", "Rue de la Paix"; behind the name, 0: none. */
static size_t
read_led_name(const struct tokens *x, size_t at, bool led)
{
	size_t i = at + 1, last = 0;

	if (token_among(x, at, "c") ? byte_at(x->text, x->v[at].end) != '/' :
	    token_among(x, at, "place") && !led)
		return 0;
	if (token_among(x, at, "c"))
		return x->v[i].kind == TOKEN_CAPITAL ? i + 1 : 0;
	if (!token_is(x, at, WORD_STREET_BEFORE) ||
	    (x->v[at].kind == TOKEN_SMALL && !token_among(x, at, "rue|via|"
	    "calle|rua|ul|ulica|avenida|viale|piazza|boulevard|avenue|"
	    "quai|impasse|chemin|all\303\251e|place")))
		return 0;
	while (i < at + NAME_MAX_WORDS + 1 && is_name(x, i) && near(x, i)) {
		if (x->v[i].kind == TOKEN_CAPITAL)
			last = i + 1;
		i++;
	}
	return last;
}

/* "P.O.", "PO", "PSC 12", "Unit 5" before "Box"; behind it, or `at`. */
static size_t
skip_box_lead(const struct tokens *x, size_t at)
{
	if (token_among(x, at, "p") && token_among(x, at + 1, "o"))
		return at + 2;
	if (token_among(x, at, "unit|psc|cmr") && is_house(x, at + 1))
		return at + 2;
	return token_among(x, at, "po") ? at + 1 : at;
}

/* "P.O. Box 12", "Unit 5 Box 9", "Postfach 1234"; behind it, 0: none. */
static size_t
read_box(const struct tokens *x, size_t at)
{
	size_t i = skip_box_lead(x, at);

	if (i > at && token_among(x, i, "box") && is_house(x, i + 1))
		return i + 2;
	/* Of the US forces. */
	if (token_among(x, at, "fpo|apo|dpo") && token_among(x, at + 1,
	    "aa|ae|ap") && x->v[at + 2].kind == TOKEN_NUMBER)
		return at + 3;
	return x->v[at].kind == TOKEN_CAPITAL && token_among(x, at, "postfach|"
	    "postbus|postboks|apartado|bp|boks") && is_house(x, at + 1) &&
	    near(x, at + 1) ? at + 2 : 0;
}

/* A flat, floor or the like at i; behind it, or i. */
static size_t
skip_unit(const struct tokens *x, size_t i)
{
	if (x->v[i].gap == GAP_OTHER || !token_is(x, i, WORD_UNIT) ||
	    x->v[i + 1].gap == GAP_OTHER || (x->v[i + 1].kind != TOKEN_NUMBER &&
	    x->v[i + 1].end - x->v[i + 1].start != 1))
		return i;
	return i + 2;
}

/* A post code at i, "12345-6789", "1234 AB", "SW1A 2AA"; behind it, or i. */
static size_t
skip_code(const struct tokens *x, size_t i)
{
	size_t n = x->v[i].end - x->v[i].start;

	if (x->v[i].kind != TOKEN_NUMBER || x->v[i].gap == GAP_OTHER ||
	    n < 4 || n > 6)
		return i;
	i++;
	if (x->v[i].gap == GAP_HYPHEN && x->v[i].kind == TOKEN_NUMBER &&
	    x->v[i].start == x->v[i - 1].end + 1 && x->v[i].end -
	    x->v[i].start <= 4)
		i++;
	return i;
}

/* Words of a town or country at i; behind them, or i. */
static size_t
skip_town(const struct tokens *x, size_t i, bool *ended)
{
	size_t k = i;

	while (k < i + 6 && (x->v[k].kind == TOKEN_CAPITAL || (k > i &&
	    token_is(x, k, WORD_SMALL))) && (k == i || near(x, k) ||
	    x->v[k].gap == GAP_HYPHEN) && (k > i || !token_among(x, k, "I|He|"
	    "She|It|We|They|The|Please|Thanks|Phone|Tel|Fax|Email|Date|Name|"
	    "And|But|If|When|Mobile|Office")))
		k++;
	while (k > i && x->v[k - 1].kind != TOKEN_CAPITAL)
		k--;
	/* A sentence that begins so goes on with small words. */
	*ended = !(near(x, k) && (x->v[k].kind == TOKEN_SMALL ||
	    x->v[k].kind == TOKEN_UNCASED));
	return k;
}

/* A town or country as the n-th part behind a street; behind it, or i. */
static size_t
skip_place(const struct tokens *x, size_t i, unsigned n, bool coded)
{
	size_t k;
	bool ended;

	if (x->v[i].gap == GAP_DOT || (k = skip_town(x, i, &ended)) == i)
		return i;
	if (coded || skip_code(x, k) != k)
		return k;
	if (!ended)
		return i;
	/* Right behind the street without a sign: not a sentence that goes on. */
	return n == 0 && x->v[i].gap == GAP_BLANK && x->v[k].gap != GAP_LINE &&
	    x->v[k].gap != GAP_COMMA && x->v[k].kind != TOKEN_END ? i : k;
}

/* What goes on with an address; behind it. */
static size_t
read_tail(const struct tokens *x, size_t i)
{
	unsigned n;
	size_t k;
	bool coded = false;	/* was the part before a post code? */

	for (n = 0; n < TAIL_MAX; n++) {
		if (x->v[i].gap == GAP_OTHER || x->v[i].gap == GAP_HYPHEN)
			break;
		if ((k = skip_unit(x, i)) == i && !coded)
			k = skip_code(x, i);
		if (k == i && (k = skip_place(x, i, n, coded)) == i)
			break;
		coded = skip_code(x, i) == k;
		i = k;
	}
	return i;
}

/* Does a word up to six before announce an address? */
static bool
announced(const struct tokens *x, size_t at)
{
	size_t i;

	for (i = at; i > 0 && at - i < 7; i--) {
		if (token_is(x, i - 1, WORD_ADDRESS))
			return true;
		if (x->v[i].gap == GAP_LINE && i < at)
			return false;
		if (x->v[i].gap == GAP_DOT && x->v[i].kind == TOKEN_CAPITAL &&
		    i < at)
			return false;
	}
	return false;
}

/* Does a post code come right behind the next sign: ", 10117 Berlin"? */
static bool
code_follows(const struct tokens *x, size_t i)
{
	return (x->v[i].gap == GAP_COMMA || x->v[i].gap == GAP_LINE) &&
	    skip_code(x, i) > i && x->v[skip_code(x, i)].kind == TOKEN_CAPITAL &&
	    x->v[skip_code(x, i)].gap == GAP_BLANK;
}

/* Is what follows a name and number, up to `end`, an address's rest? */
static bool
goes_on(const struct tokens *x, size_t i, size_t end, bool led)
{
	/* "65 Alt Moabit 86, Berlin 10559" */
	return code_follows(x, i) || skip_unit(x, i) > i || (led && end > i &&
	    skip_code(x, end - 1) == end);
}

/* Words at `from` that may be a name; behind them, or `from`. */
static size_t
skip_words(const struct tokens *x, size_t from)
{
	size_t i = from;

	if (x->v[from].kind == TOKEN_SMALL)
		return from;
	while (i < from + NAME_MAX_WORDS && is_name(x, i) &&
	    !token_is(x, i, WORD_NO_STREET) && (i == from || near(x, i)))
		i++;
	return i;
}

/*
 * Words that do not say that they are a street, a number before or behind them,
 * where something else says so.
 */
static size_t
read_bare(const struct tokens *x, size_t at, size_t from)
{
	size_t i = skip_words(x, from), end;
	bool led = from > at, numbered;

	if (i == from)
		return 0;
	numbered = is_house(x, i) && x->v[i].gap == GAP_BLANK;
	i += numbered;
	if ((!numbered && !led) || byte_at(x->text, x->v[i - 1].end) == ':')
		return 0;
	end = read_tail(x, i);
	/* "12 N. Stadion, Suite 5, Larnaka" */
	if (numbered ? goes_on(x, i, end, led) : skip_unit(x, i) > i &&
	    end > skip_unit(x, i))
		return i;
	if (at > 0 && token_among(x, at - 1, "in"))
		return 0;
	return (numbered || end > i) && announced(x, at) ? i : 0;
}

/* A lone year, or what looks like one, before the name. */
static bool
is_year(const struct tokens *x, size_t at, size_t from)
{
	struct slice w = token_slice(x, at);

	return from == at + 1 && w.n == 4 && (memcmp(w.p, "19", 2) == 0 ||
	    memcmp(w.p, "20", 2) == 0);
}

/* "Via Roma 5", "12 rue de Rivoli"; behind it, 0: none. */
static size_t
read_led(const struct tokens *x, size_t at, size_t from)
{
	size_t end = read_led_name(x, from, from > at);

	if (end == 0)
		return 0;
	if (is_house(x, end) && x->v[end].gap != GAP_OTHER &&
	    x->v[end].gap != GAP_HYPHEN && x->v[end].gap != GAP_LINE)
		return end + 1;
	return from > at ? end : 0;
}

/* "12 Hill Road", "Bergstrasse 5"; behind it, 0: none. */
static size_t
read_named(const struct tokens *x, size_t at, size_t from)
{
	bool led = from > at;
	size_t end = read_name(x, from, led);

	if (end == 0)
		return 0;
	if (is_house(x, end) && near(x, end) && (!led || end - from == 1))
		return end + 1;
	if (!led || ends_as_street(token_slice(x, end - 1)))
		return 0;
	/* "The 2008 Wall Street crash" */
	return !is_year(x, at, from) || read_tail(x, end) > end ||
	    announced(x, at) ? end : 0;
}

/* May a word in small letters be of a street's name? */
static bool
is_small_name(const struct tokens *x, size_t i)
{
	return x->v[i].kind == TOKEN_SMALL &&
	    !token_is(x, i, WORD_SMALL | WORD_NO_STREET) &&
	    !token_among(x, i, "from|to|down|up|per|for|with|is|was|miles|"
	    "blocks|feet|minutes|hours|km|more|of|my|your");
}

/*
 * A street in small letters, as people type: only where a word announces it or a
 * flat follows; behind it, 0: none.
 */
static size_t
read_small(const struct tokens *x, size_t at, size_t from)
{
	size_t i, end = 0;

	for (i = from; i < from + 4 && is_small_name(x, i) && (i == from ||
	    near(x, i)); i++)
		if (ends_as_street(token_slice(x, i)) || (i > from &&
		    token_among(x, i, "street|road|rd|avenue|ave|boulevard|"
		    "blvd|drive|lane|court|highway|parkway|terrace|close")))
			end = i + 1;
	if (end == 0)
		return 0;
	if (ends_as_street(token_slice(x, end - 1)) && is_house(x, end) &&
	    near(x, end))
		end++;
	return skip_unit(x, end) > end || announced(x, at) ? end : 0;
}

/* "Chapter 5 Main Road", "Top 10 Hill Climbs" */
static bool
is_counted(const struct tokens *x, size_t at)
{
	return at > 0 && token_among(x, at - 1, "chapter|section|figure|table|"
	    "page|version|step|part|rule|article|act|scene|psalm|volume|"
	    "episode|season|top|level|lesson");
}

/* An address at the token without what goes on with it; behind it, 0: none. */
static size_t
read_street(const struct tokens *x, size_t at)
{
	size_t from = skip_numbers(x, at), end;

	if (token_is(x, from, WORD_NO_STREET) && !token_among(x, from, "st"))
		return 0;
	if ((end = read_box(x, from)) != 0)
		return end;
	/* "3, place de la Bourse" */
	if (from == at + 1 && x->v[from].gap == GAP_COMMA && !is_year(x, at,
	    from) && token_is(x, from, WORD_STREET_BEFORE))
		return read_led(x, at, from);
	/* "3. Item" */
	if (from > at && (x->v[from].gap != GAP_BLANK || is_counted(x, at)))
		return 0;
	if (read_led_name(x, from, from > at) != 0)
		return read_led(x, at, from);
	if (read_name(x, from, from > at) != 0)
		return read_named(x, at, from);
	return from > at && x->v[from].kind == TOKEN_SMALL ?
	    read_small(x, at, from) : read_bare(x, at, from);
}

size_t
find_street(struct pii_scan *s, const struct tokens *x, size_t at)
{
	size_t end;

	if (!pii_wants(s, PII_STREET_ADDRESS) || (x->v[at].kind !=
	    TOKEN_NUMBER && x->v[at].kind != TOKEN_CAPITAL &&
	    !token_among(x, at, "rue|via|calle|rua|ul|p|po")) ||
	    (x->v[at].kind == TOKEN_NUMBER && !is_house(x, at)) ||
	    (end = read_street(x, at)) == 0)
		return at + 1;
	end = read_tail(x, end);
	(void)pii_hit(s, PII_STREET_ADDRESS, x->v[at].start, x->v[end - 1].end,
	    0.9, false, NULL);
	return end;
}
