/*
 * Guard kind "profanity": words of its lists, whole and however they are
 * disguised: "FUCK", "f*ck", "sh1t", "fuuuck", "s h i t".
 *
 * The scan leaves out nearly every word (scan.h), and a table of the
 * two different letters and the length that words begin with most others; only
 * those left are folded (case, accents, digits and signs used as letters) and
 * looked up.
 */
#include "core/guard/guard.h"

#include <stdlib.h>
#include <utf8proc.h>

#include "core/guard/profanity/profanity.h"
#include "core/guard/profanity/code.h"
#include "core/guard/profanity/compound.h"
#include "core/base/utf8.h"

extern const struct guard_kind guard_profanity;

#define FOLD_MAX	48	/* bytes of a folded word */
#define STAR		'*'	/* stands for any letter in a folded token */

struct entry {
	char		word[FOLD_MAX];		/* folded */
	uint8_t		n;
	int8_t		severity;
	bool		name;
	bool		doubles;		/* holds a letter twice running */
	bool		own;			/* of a file of the policy */
};

struct profanity {
	struct entry	*v;
	size_t		 n, cap;
	uint32_t	*table;			/* index + 1 into v, by hash */
	size_t		 mask;
	uint64_t	 pair[32][32];		/* a bit for each length */
	uint32_t	 last[32][32];		/* a bit for each last letter */
	struct begins	 begins;
	enum scan_form	 form;
	struct compounds *compounds;		/* of the lists, not of files */
	const char *const *allow;
	size_t		 nallow;
};

/* The letter that an ASCII byte is or stands for. */
static char
fold_ascii(unsigned char c)
{
	static const char from[] = "0134578@$!|#";
	static const char to[] = "oieastbasiih";
	const char *at;

	if (c >= 'A' && c <= 'Z')
		return (char)(c + 32);
	if (c >= 'a' && c <= 'z')
		return (char)c;
	at = c == '\0' ? NULL : strchr(from, c);
	return at == NULL ? STAR : c == '#' ? STAR : to[at - from];
}

/* Cyrillic and Greek letters that look like Latin ones. */
static uint32_t
fold_lookalike(uint32_t cp)
{
	static const struct {
		uint16_t	from;
		char		to;
	} row[] = {
		{ 0x430, 'a' }, { 0x435, 'e' }, { 0x456, 'i' }, { 0x458, 'j' },
		{ 0x43e, 'o' }, { 0x440, 'p' }, { 0x441, 'c' }, { 0x443, 'y' },
		{ 0x445, 'x' }, { 0x455, 's' }, { 0x43a, 'k' }, { 0x43c, 'm' },
		{ 0x442, 't' }, { 0x43d, 'h' }, { 0x3b1, 'a' }, { 0x3bf, 'o' },
		{ 0x3b9, 'i' }, { 0x3ba, 'k' }, { 0x3bd, 'v' }, { 0x3c5, 'u' }
	};
	size_t i;

	for (i = 0; i < sizeof(row) / sizeof(row[0]); i++)
		if (row[i].from == cp)
			return (uint32_t)(unsigned char)row[i].to;
	return cp;
}

/*
 * Folds a token: lower case without accents, digits and signs as the letters
 * they stand for.  Returns its length, or 0 where it is too long for a word.
 */
static size_t
fold(struct slice s, bool lookalikes, char out[FOLD_MAX])
{
	utf8proc_int32_t part[8];
	uint32_t cp;
	utf8proc_ssize_t k, i;
	size_t n = 0, at = 0, len;

	while (at < s.n) {
		if (n + 4 > FOLD_MAX)
			return 0;
		if ((unsigned char)s.p[at] < 0x80) {
			out[n++] = fold_ascii((unsigned char)s.p[at++]);
			continue;
		}
		if ((len = utf8_decode(s.p + at, s.n - at, &cp)) == 0)
			return 0;
		at += len;
		if (token_invisible(cp))
			continue;
		k = utf8proc_decompose_char((utf8proc_int32_t)cp, part, 8,
		    UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT | UTF8PROC_CASEFOLD |
		    UTF8PROC_STRIPMARK, NULL);
		for (i = 0; i < k && i < 8; i++) {
			if (n + 4 > FOLD_MAX)
				return 0;
			cp = (uint32_t)part[i];
			n += utf8_encode(lookalikes ? fold_lookalike(cp) : cp,
			    out + n);
		}
	}
	return n;
}

static const struct entry *
find(const struct profanity *x, const char *p, size_t n)
{
	const struct entry *e;
	size_t i;

	for (i = slice_hash((struct slice){ p, n }) & x->mask; x->table[i] != 0;
	    i = (i + 1) & x->mask) {
		e = &x->v[x->table[i] - 1];
		if (e->n == n && memcmp(e->word, p, n) == 0)
			return e;
	}
	return NULL;
}

/* Letters written more than `keep` times running are written that often. */
static size_t
squeeze(const char *p, size_t n, size_t keep, char out[FOLD_MAX])
{
	size_t i, k = 0, run = 0;

	for (i = 0; i < n; i++) {
		run = i > 0 && p[i] == p[i - 1] ? run + 1 : 1;
		if (run <= keep)
			out[k++] = p[i];
	}
	return k;
}

/* "f*ck", "f**k": the first letter and most others are there. */
static const struct entry *
find_starred(const struct profanity *x, const char *p, size_t n)
{
	size_t i, j, stars = 0;

	for (i = 0; i < n; i++)
		stars += p[i] == STAR;
	if (n < 4 || p[0] == STAR || p[n - 1] == STAR || stars * 2 > n)
		return NULL;
	for (i = 0; i < x->n; i++) {
		if (x->v[i].n != n || x->v[i].severity < SEVERITY_MEDIUM)
			continue;
		for (j = 0; j < n && (p[j] == STAR || p[j] == x->v[i].word[j]);)
			j++;
		if (j == n)
			return &x->v[i];
	}
	return NULL;
}

/* Looks a folded token up, also without the letters drawn out in it. */
static const struct entry *
find_folded(const struct profanity *x, const char *p, size_t n)
{
	const struct entry *e;
	char less[FOLD_MAX];
	size_t k;

	if (n < 2)
		return NULL;
	if (memchr(p, STAR, n) != NULL)
		return find_starred(x, p, n);
	if ((e = find(x, p, n)) != NULL)
		return e;
	if ((k = squeeze(p, n, 2, less)) < n &&
	    (e = find(x, less, k)) != NULL)
		return e;
	k = squeeze(p, n, 1, less);
	if (k == n || k < 3 || (k == 3 && n < 5) ||	/* Jaap is a name */
	    (e = find(x, less, k)) == NULL || e->doubles)
		return NULL;
	return e;
}

static bool
is_upper(char c)
{
	return c >= 'A' && c <= 'Z';
}

/* "Dick" in "Dick Cheney", "with Dick": written as a name is. */
static bool
is_name(struct slice text, size_t start, size_t end)
{
	size_t i;

	if (!is_upper(text.p[start]) || is_upper(text.p[start + 1]))
		return false;
	if (end + 1 < text.n && text.p[end] == ' ' && is_upper(text.p[end + 1]))
		return true;
	for (i = start; i > 0 && text.p[i - 1] == ' '; i--)
		;
	return i > 0 && strchr(".!?\n\"", text.p[i - 1]) == NULL;
}

/* Is the word beside [start, end) on that side this one? */
static bool
neighbour_is(struct slice text, size_t start, size_t end, const char *before,
    const char *after)
{
	const char *word = before != NULL ? before : after;
	size_t n = strlen(word), at;

	if (before != NULL) {
		if (start < n + 1)
			return false;
		at = start - 1 - n;
		end = start - 1;
	} else {
		at = end + 1;
		if (at + n > text.n)
			return false;
	}
	if (text.p[end] != ' ' && text.p[end] != '-')
		return false;
	if (strncasecmp(text.p + at, word, n) != 0)
		return false;
	if (before != NULL)
		return at == 0 || token_kind((unsigned char)text.p[at - 1]) == GAP;
	return at + n == text.n ||
	    token_kind((unsigned char)text.p[at + n]) == GAP;
}

static bool
is_clean(const struct entry *e, struct slice text, size_t start, size_t end)
{
	const struct word_pair *w;
	unsigned i;

	if (e->own)
		return false;
	if (e->name && is_name(text, start, end))
		return true;
	for (i = 0; word_pairs[i].word != NULL; i++) {
		w = &word_pairs[i];
		if (e->n == strlen(w->word) &&
		    memcmp(e->word, w->word, e->n) == 0 &&
		    neighbour_is(text, start, end, w->before, w->after))
			return true;
	}
	return false;
}

/* Letters apart: "s h i t", "f.u.c.k". */
struct spaced {
	char	letters[FOLD_MAX];
	size_t	n, start, end;
	size_t	others;		/* digits and signs among them */
};

struct profanity_run {
	const struct profanity	*x;
	struct guard_run	*run;
	struct spaced		 spaced;
	bool			 full;
	struct compound		*compound;	/* not told so far */
	size_t			 ncompound;
};

static enum status
report(struct profanity_run *s, const struct entry *e, size_t start,
    size_t end, struct error *err)
{
	static const char *const kind[] = {
		"word", "mild", "strong", "slur", "slur"
	};
	struct finding *f;

	if (is_clean(e, s->run->text, start, end) ||
	    (!e->own && token_is_code(s->run->text, start, end)))
		return STATUS_OK;
	f = finding_add(s->run, e->own ? "word" : kind[e->severity], start,
	    end, e->own ? "listed word: %.*s" : e->severity == SEVERITY_LOW ?
	    "mild language: %.*s" : e->severity == SEVERITY_MEDIUM ?
	    "strong language: %.*s" : "slur: %.*s", (int)e->n, e->word);
	if (f == NULL) {
		s->full = true;
		return finding_stop(s->run, err);
	}
	f->severity = (enum severity)e->severity;
	return STATUS_OK;
}

static enum status
spaced_end(struct profanity_run *s, struct error *err)
{
	const struct entry *e = NULL;

	if (s->spaced.n >= 3 && s->spaced.others * 2 < s->spaced.n)
		e = find_folded(s->x, s->spaced.letters, s->spaced.n);
	s->spaced.n = 0;
	return e == NULL ? STATUS_OK :
	    report(s, e, s->spaced.start, s->spaced.end, err);
}

static enum status
spaced_add(struct profanity_run *s, const struct word_token *t, struct error *err)
{
	struct spaced *p = &s->spaced;
	enum status st;

	if (p->n > 0 && (t->start != p->end + 1 || p->n == FOLD_MAX) &&
	    (st = spaced_end(s, err)) != STATUS_OK)
		return st;
	if (p->n == 0) {
		p->start = t->start;
		p->others = 0;
	}
	p->others += t->odd;
	p->letters[p->n++] =
	    fold_ascii((unsigned char)s->run->text.p[t->start]);
	p->end = t->end;
	return STATUS_OK;
}

/*
 * May this token of ASCII letters be a word?  Told by its two first different
 * letters, its last one and its length; one with a letter twice running may be
 * a shorter word drawn out.
 */
static inline bool
may_be(const struct profanity *x, const unsigned char *p, size_t n,
    bool doubled)
{
	unsigned a = p[0] & 31u, b = p[1] & 31u;
	size_t i;

	if (!doubled)
		return (x->pair[a][b] >> n & 1) != 0 &&
		    (x->last[a][b] >> (p[n - 1] & 31u) & 1) != 0;
	for (i = 2; b == a && i < n; i++)
		b = p[i] & 31u;
	return x->pair[a][b] != 0;
}

/* A token with more in it than letters: "sh1t", "$hit!", "f*ck". */
static const struct entry *
find_odd(const struct profanity *x, struct slice text, struct word_token *t)
{
	const struct entry *e;
	char word[FOLD_MAX];
	struct slice s;
	size_t n;

	if (t->letters == 0 || t->digits > t->letters ||
	    (t->digits == t->letters && is_upper(text.p[t->start])))
		return NULL;		/* "AB80" */
	for (;;) {
		s.p = text.p + t->start;
		s.n = t->end - t->start;
		n = fold(s, t->wide && t->letters > 1, word);
		if (n > 0 && (e = find_folded(x, word, n)) != NULL)
			return e;
		if (t->wide && (n = fold(s, false, word)) > 0 &&
		    (e = find_folded(x, word, n)) != NULL)
			return e;
		if (token_kind((unsigned char)text.p[t->end - 1]) == SIGN)
			t->end--;
		else if (token_kind((unsigned char)text.p[t->start]) == SIGN)
			t->start++;
		else
			return NULL;
	}
}

static const struct entry *
find_token(const struct profanity *x, struct slice text, struct word_token *t)
{
	const unsigned char *p = (const unsigned char *)text.p + t->start;
	char word[FOLD_MAX];
	size_t n = t->end - t->start, i;

	if (t->odd)
		return n <= 4 * FOLD_MAX ? find_odd(x, text, t) : NULL;
	if (n < 2 || n > FOLD_MAX || !may_be(x, p, n, t->doubled))
		return NULL;
	for (i = 0; i < n; i++)
		word[i] = (char)(p[i] | 0x20);
	return t->doubled ? find_folded(x, word, n) : find(x, word, n);
}

static bool
compound_allowed(const struct profanity *x, struct slice word)
{
	size_t i;

	for (i = 0; i < x->nallow; i++)
		if (strlen(x->allow[i]) == word.n &&
		    strncasecmp(x->allow[i], word.p, word.n) == 0)
			return true;
	return false;
}

/* Reports the compounds that begin before `before`. */
static enum status
compounds_report(struct profanity_run *s, size_t before, struct error *err)
{
	const struct compound *c;
	struct finding *f;
	struct slice word;

	for (; s->ncompound > 0 && s->compound->start < before && !s->full;
	    s->compound++, s->ncompound--) {
		c = s->compound;
		word = (struct slice){ s->run->text.p + c->start,
		    c->end - c->start };
		if (compound_allowed(s->x, word) ||
		    token_is_base64(s->run->text, c->start, c->end))
			continue;
		f = finding_add(s->run, c->severity == SEVERITY_HIGH ? "slur" :
		    "strong", c->start, c->end, "%s: %.*s",
		    c->severity == SEVERITY_HIGH ? "slur" : "strong language",
		    SLICE_ARG(word));
		if (f == NULL) {
			s->full = true;
			return finding_stop(s->run, err);
		}
		f->severity = c->severity;
	}
	return STATUS_OK;
}

/* A listed word at [start, end): reports those before it, and leaves out those
 * that it is. */
static enum status
compounds_pass(struct profanity_run *s, size_t start, size_t end,
    struct error *err)
{
	enum status st = compounds_report(s, start, err);

	while (s->ncompound > 0 && s->compound->start < end) {
		s->compound++;
		s->ncompound--;
	}
	return st;
}

static enum status
profanity_run(const void *compiled, struct guard_run *r, struct error *err)
{
	struct profanity_run s = { .x = compiled, .run = r };
	const struct entry *e;
	enum status st;
	struct scan scan;
	struct word_token t;

	st = compounds_find(s.x->compounds, r, &s.compound, &s.ncompound, err);
	scan_begin(&scan, &s.x->begins, s.x->form, r->text);
	while (st == STATUS_OK && !s.full && scan_next(&scan, &t)) {
		if (t.end - t.start == 1) {
			st = spaced_add(&s, &t, err);
			continue;
		}
		if (s.spaced.n > 0)
			st = spaced_end(&s, err);
		if (st != STATUS_OK ||
		    (e = find_token(s.x, r->text, &t)) == NULL)
			continue;
		st = compounds_pass(&s, t.start, t.end, err);
		if (st == STATUS_OK && !s.full)
			st = report(&s, e, t.start, t.end, err);
	}
	if (st == STATUS_OK && !s.full)
		st = spaced_end(&s, err);
	return st != STATUS_OK ? st : compounds_report(&s, r->text.n, err);
}

void
profanity_form(void *compiled, enum scan_form form)
{
	struct profanity *x = compiled;

	x->form = form;
}

static void
profanity_free(void *compiled)
{
	struct profanity *x = compiled;

	if (x == NULL)
		return;
	compounds_free(x->compounds);
	free(x->v);
	free(x->table);
	free(x);
}

static enum status
entry_add(struct profanity *x, const char *word, size_t n, struct entry like,
    struct error *err)
{
	size_t cap = x->cap == 0 ? 512 : x->cap * 2, i;
	struct entry *v;

	if (x->n == x->cap) {
		if ((v = realloc(x->v, cap * sizeof(*v))) == NULL)
			return error_nomem(err);
		x->v = v;
		x->cap = cap;
	}
	like.n = (uint8_t)n;
	memcpy(like.word, word, n);
	like.doubles = false;
	for (i = 1; i < n; i++)
		like.doubles |= word[i] == word[i - 1];
	x->v[x->n++] = like;
	return STATUS_OK;
}

static enum status
list_add(struct profanity *x, const struct word *w, struct error *err)
{
	struct entry like = { .severity = (int8_t)w->severity,
	    .name = (w->flags & WORD_NAME) != 0 };
	char word[FOLD_MAX];
	const char *e;
	size_t n, len;
	enum status st;

	n = fold(slice_of(w->stem), false, word);
	st = entry_add(x, word, n, like, err);
	for (e = w->endings; st == STATUS_OK && *e != '\0'; e += len) {
		e += *e == ' ';
		len = strcspn(e, " ");
		memcpy(word + n, e, len);
		st = entry_add(x, word, n + len, like, err);
	}
	return st;
}

static enum status
language_add(struct profanity *x, const char *language, struct error *err)
{
	const struct word_list *l;
	const struct word *w;
	enum status st;

	for (l = word_lists; l->language != NULL; l++)
		if (strcmp(l->language, language) == 0)
			break;
	if (l->language == NULL)
		return error_set(err, STATUS_INVALID,
		    "languages: no list for \"%s\" (there are en, de, es, fr, "
		    "it)", language);
	for (w = l->words; w->stem != NULL; w++)
		if ((st = list_add(x, w, err)) != STATUS_OK)
			return st;
	return STATUS_OK;
}

/* One line of a file: "word" or "word severity"; blank and # are passed. */
static enum status
line_add(struct profanity *x, struct slice line, struct error *err)
{
	struct entry like = { .severity = SEVERITY_MEDIUM, .own = true };
	struct slice word = line, level;
	char folded[FOLD_MAX];
	enum severity severity;
	size_t n;

	for (n = 0; n < line.n && line.p[n] != ' ' && line.p[n] != '\t'; n++)
		;
	word.n = n;
	for (; n < line.n && (line.p[n] == ' ' || line.p[n] == '\t'); n++)
		;
	level = (struct slice){ line.p + n, line.n - n };
	if (level.n > 0) {
		if (!severity_from(level, &severity))
			return error_set(err, STATUS_INVALID, "\"%.*s\" is no "
			    "severity (info, low, medium, high, critical)",
			    SLICE_ARG(level));
		like.severity = (int8_t)severity;
	}
	if ((n = fold(word, false, folded)) < 2)
		return error_set(err, STATUS_INVALID,
		    "a word has 2 to %d letters", FOLD_MAX - 4);
	return entry_add(x, folded, n, like, err);
}

static enum status
file_add(struct profanity *x, const struct policy_file *f, struct error *err)
{
	const char *p = f->bytes.p, *end = p + f->bytes.n, *next;
	struct slice line;
	unsigned number;
	enum status st;

	if (f->bytes.n >= 3 && memcmp(p, "\xef\xbb\xbf", 3) == 0)
		p += 3;
	for (number = 1; p < end; number++, p = next) {
		next = memchr(p, '\n', (size_t)(end - p));
		next = next == NULL ? end : next + 1;
		line = (struct slice){ p, (size_t)(next - p) };
		while (line.n > 0 && strchr(" \t\r\n", line.p[line.n - 1]) !=
		    NULL)
			line.n--;
		if (line.n == 0 || line.p[0] == '#')
			continue;
		if ((st = line_add(x, line, err)) != STATUS_OK) {
			(void)error_prefix(err, "%s:%u", f->path, number);
			return st;
		}
	}
	return STATUS_OK;
}

static bool
is_allowed(const struct option_value *allow, const struct entry *e)
{
	char word[FOLD_MAX];
	size_t i, n;

	for (i = 0; i < allow->nlist; i++) {
		n = fold(slice_of(allow->list[i]), false, word);
		if (n == e->n && memcmp(word, e->word, n) == 0)
			return true;
	}
	return false;
}

/* Puts every word that is not allowed into the table; a later one of the same
 * letters (a file's) takes the place of an earlier one. */
static enum status
table_make(struct profanity *x, const struct option_value *allow,
    struct error *err)
{
	size_t size = 64, i, j, k;
	const struct entry *e;
	int second;

	while (size < x->n * 4)
		size *= 2;
	if ((x->table = calloc(size, sizeof(*x->table))) == NULL)
		return error_nomem(err);
	x->mask = size - 1;
	for (i = 0; i < x->n; i++) {
		e = &x->v[i];
		if (is_allowed(allow, e)) {
			x->v[i].severity = SEVERITY_NONE;
			continue;
		}
		for (j = slice_hash((struct slice){ e->word, e->n }) & x->mask; x->table[j] != 0 &&
		    (x->v[x->table[j] - 1].n != e->n ||
		    memcmp(x->v[x->table[j] - 1].word, e->word, e->n) != 0);)
			j = (j + 1) & x->mask;
		x->table[j] = (uint32_t)i + 1;
		for (k = 1; k < e->n && e->word[k] == e->word[0]; k++)
			;
		second = e->word[k < e->n ? k : 0] & 31;
		x->pair[e->word[0] & 31][second] |= (uint64_t)1 << e->n;
		x->last[e->word[0] & 31][second] |= (uint32_t)1 <<
		    (e->word[e->n - 1] & 31);
		begins_add(&x->begins, e->word, e->n);
	}
	return STATUS_OK;
}

static enum status
profanity_compile(const struct guard_config *c, void **out, struct error *err)
{
	static const char *const english[] = { "en" };
	const struct option_value *languages = guard_option(c, "languages");
	const struct option_value *words = guard_option(c, "words");
	struct profanity *x;
	enum status st = STATUS_OK;
	size_t i;

	if ((x = calloc(1, sizeof(*x))) == NULL)
		return error_nomem(err);
	if (!languages->set)
		st = language_add(x, "en", err);
	for (i = 0; st == STATUS_OK && i < languages->nlist; i++)
		st = language_add(x, languages->list[i], err);
	for (i = 0; st == STATUS_OK && i < words->nfiles; i++)
		st = file_add(x, &words->files[i], err);
	x->allow = guard_option(c, "allow")->list;
	x->nallow = guard_option(c, "allow")->nlist;
	if (st == STATUS_OK)
		st = table_make(x, guard_option(c, "allow"), err);
	if (st == STATUS_OK)
		st = compounds_new(&x->compounds, languages->set ?
		    languages->list : english, languages->set ?
		    languages->nlist : 1, err);
	if (st != STATUS_OK) {
		profanity_free(x);
		return st;
	}
	*out = x;
	return STATUS_OK;
}

static const struct option_row profanity_options[] = {
	{ "words", OPTION_FILES, NULL, false },
	{ "languages", OPTION_LIST, NULL, false },
	{ "allow", OPTION_LIST, NULL, false },
	{ NULL, OPTION_STRING, NULL, false }
};

const struct guard_kind guard_profanity = {
	.name = "profanity",
	.options = profanity_options,
	.severity = SEVERITY_MEDIUM,
	.cost = 10,
	.reads = READS_EACH,
	.leaves = READS_EACH,
	.window = guard_window_word,
	.compile = profanity_compile,
	.run = profanity_run,
	.free = profanity_free
};
