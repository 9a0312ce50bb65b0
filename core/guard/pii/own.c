#include "core/guard/pii/own.h"

#include <stdlib.h>

#include "core/guard/pii/ascii.h"
#include "core/guard/pii/check.h"
#include "core/guard/pii/form.h"
#include "core/guard/pii/hit.h"
#include "core/guard/pii/kinds.h"
#include "core/guard/pii/words.h"
#include "core/pattern/pattern.h"

#define SCORE_ALONE	0.85	/* without a context in the policy */
#define SCORE_SPOKEN	0.95

static bool
is_number(const char *s, size_t n)
{
	while (n > 0 && is_digit(s[n - 1]))
		n--;
	return n == 0;
}

static bool
own_luhn(const char *s, size_t n)
{
	return is_number(s, n) && check_luhn(s, n);
}

static bool
own_verhoeff(const char *s, size_t n)
{
	return is_number(s, n) && check_verhoeff(s, n);
}

static bool
own_mod97(const char *s, size_t n)
{
	return check_mod97(s, n) == 1;
}

static bool
own_mod11_10(const char *s, size_t n)
{
	return is_number(s, n) && check_mod11_10(s, n);
}

/* In the order of the option's choices. */
static const struct {
	pii_valid	*valid;
	const char	*why;
} validators[] = {
	{ own_luhn, "Luhn ok" },
	{ own_verhoeff, "Verhoeff ok" },
	{ own_mod97, "mod 97 ok" },
	{ own_mod11_10, "mod 11,10 ok" }
};

enum { OWN_PATTERN, OWN_VALIDATOR, OWN_CONTEXT, OWN_SCORE, OWN_END };

const struct option_row pii_own_options[] = {
	[OWN_PATTERN] = { "pattern", OPTION_STRING, NULL, true },
	[OWN_VALIDATOR] = { "validator", OPTION_CHOICE,
	    "luhn|verhoeff|mod97|mod11-10", false },
	[OWN_CONTEXT] = { "context", OPTION_LIST, NULL, false },
	[OWN_SCORE] = { "score", OPTION_NUMBER, NULL, false },
	[OWN_END] = { NULL, OPTION_STRING, NULL, false }
};

struct own_kind {
	const char	*name;
	pii_valid	*valid;		/* NULL: none */
	const char	*why;
	char		*context;	/* "a|b c" in small letters; NULL: none */
	double		 score;
};

struct pii_own {
	struct pattern_set	*set;	/* numbered as the kinds are */
	struct own_kind		*v;
	size_t			 n;
};

void
pii_own_free(struct pii_own *o)
{
	size_t i;

	if (o == NULL)
		return;
	for (i = 0; i < o->n; i++)
		free(o->v[i].context);
	pattern_set_free(o->set);
	free(o->v);
	free(o);
}

static enum status
own_context(struct own_kind *k, const struct option_value *v, struct error *err)
{
	struct buf b = BUF_INIT;
	enum status st;
	const char *p;
	size_t i;

	for (i = 0; i < v->nlist; i++) {
		if (i > 0)
			buf_putc(&b, '|');
		for (p = v->list[i]; *p != '\0'; p++)
			buf_putc(&b, *p == '|' ? ' ' : to_lower(*p));
	}
	if ((st = buf_check(&b, err)) == STATUS_OK && b.n > 0 &&
	    (k->context = strdup(buf_str(&b))) == NULL)
		st = error_nomem(err);
	buf_release(&b);
	return st;
}

/* A name goes into findings, marks and conditions. */
static bool
name_ok(const char *name)
{
	for (; is_alnum(*name) || *name == '_' || *name == '-'; name++)
		;
	return *name == '\0';
}

static enum status
own_add(struct pii_own *o, const struct guard_own *c, struct error *err)
{
	const struct option_value *v = c->values;
	struct own_kind *k = &o->v[o->n++];
	enum status st;
	unsigned id, i;

	k->name = c->name;
	for (i = 0; i < PII_NKINDS; i++)
		if (strcasecmp(pii_kind_rows[i].name, c->name) == 0)
			return error_set(err, STATUS_INVALID,
			    "there is a kind of that name already");
	if (!name_ok(c->name))
		return error_set(err, STATUS_INVALID,
		    "its name has letters, digits, '_' and '-' only");
	if (v[OWN_VALIDATOR].set) {
		i = (unsigned)v[OWN_VALIDATOR].number;
		k->valid = validators[i].valid;
		k->why = validators[i].why;
	}
	if ((st = own_context(k, &v[OWN_CONTEXT], err)) != STATUS_OK)
		return st;
	k->score = v[OWN_SCORE].set ? v[OWN_SCORE].number :
	    k->context == NULL ? SCORE_ALONE : 0;
	if (!(k->score >= 0 && k->score <= 1))
		return error_set(err, STATUS_INVALID,
		    "score: %g is not between 0 and 1", k->score);
	st = pattern_add(o->set, v[OWN_PATTERN].string, 0, 0, &id, err);
	return st == STATUS_OK ? st : error_prefix(err, "pattern");
}

enum status
pii_own_new(struct pii_own **out, const struct guard_config *c,
    struct error *err)
{
	struct pii_own *o;
	enum status st = STATUS_OK;
	size_t i;

	*out = NULL;
	if (c->nown == 0)
		return STATUS_OK;
	if ((o = calloc(1, sizeof(*o))) == NULL ||
	    (o->v = calloc(c->nown, sizeof(*o->v))) == NULL) {
		free(o);
		return error_nomem(err);
	}
	st = pattern_set_new(&o->set, err);
	for (i = 0; i < c->nown && st == STATUS_OK; i++)
		if ((st = own_add(o, &c->own[i], err)) == STATUS_INVALID)
			(void)error_prefix(err, "own \"%s\"", c->own[i].name);
	if (st != STATUS_OK) {
		pii_own_free(o);
		return st;
	}
	*out = o;
	return STATUS_OK;
}

const char *
pii_own_name(const struct pii_own *o, unsigned kind)
{
	return o == NULL || kind - PII_NKINDS >= o->n ? NULL :
	    o->v[kind - PII_NKINDS].name;
}

/* Does the check hold for the letters and digits of the match? */
static bool
own_valid(const struct own_kind *k, struct slice match)
{
	char code[FORM_MAX];
	size_t i, n = 0;

	if (k->valid == NULL)
		return true;
	for (i = 0; i < match.n; i++) {
		if (!is_alnum(match.p[i]))
			continue;
		if (n == sizeof(code))
			return false;
		code[n++] = to_upper(match.p[i]);
	}
	return n > 1 && k->valid(code, n);
}

struct own_scan {
	const struct pii_own	*own;
	struct pii_scan		*scan;
};

static enum status
own_found(void *arg, const struct pattern_match *m, struct error *err)
{
	const struct own_scan *o = arg;
	const struct own_kind *k = &o->own->v[m->id];
	struct pii_scan *s = o->scan;
	size_t start = m->span[0][0], end = m->span[0][1];
	double score = k->score;

	if (start == end || !own_valid(k, (struct slice){ s->text.p + start,
	    end - start }))
		return STATUS_OK;
	if (k->context != NULL) {
		words_around(s, start, end);
		if (score < SCORE_SPOKEN && words_speak(&s->words, k->context))
			score = SCORE_SPOKEN;
	}
	if (score > 0)
		pii_hit(s, PII_NKINDS + m->id, start, end, score,
		    k->valid != NULL, k->why);
	return s->nomem ? error_nomem(err) : STATUS_OK;
}

enum status
pii_own_scan(const struct pii_own *o, struct pii_scan *s, struct scratch *scratch,
    struct error *err)
{
	struct own_scan arg = { o, s };

	if (o == NULL)
		return STATUS_OK;
	return pattern_scan(o->set, s->text, scratch, own_found, &arg, err);
}
