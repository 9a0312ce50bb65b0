#include "core/pattern/first.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/utf8.h"
#include "core/pattern/seq.h"
#include "core/pattern/share.h"

#define DEPTH_MAX	24
#define PARTS_MAX	32	/* of a branch that are looked at by themselves */

struct options {
	bool	caseless, ucp;
};

/* Where an element of a branch of the top level begins. */
struct part {
	const char	*p;
	struct options	 o;
};

struct pattern_reader {
	const char	*p;
	unsigned	 depth;
	bool		 gave_up;
	struct first_set required;	/* bytes of the top level's only branch */
	bool		 branches;	/* it has more than one */
	enum { LEAD_NONE, LEAD_RUN, LEAD_DONE, LEAD_LOST } lead;
	struct first_set run;		/* of the first element, repeated */
	int		 run_end;	/* the one that stops it */
	bool		 rest;		/* a part of a branch and what follows */
	struct part	 part[PARTS_MAX];	/* of this branch */
	unsigned	 nparts;
	struct first_list *inner;	/* NULL: not asked for, or not known */
};

static void
give_up(struct pattern_reader *ps)
{
	ps->gave_up = true;
}

/* The ASCII part of \d \w \s \h \v and of those in upper case; false: none of
 * them.  *wide: may match beyond ASCII. */
static bool
class_escape(char c, struct options o, struct first_set *s, bool *wide)
{
	memset(s, 0, sizeof(*s));
	*wide = true;
	switch (c | 32) {
	case 'd':
		set_range(s, '0', '9');
		*wide = o.ucp;
		break;
	case 'w':
		set_range(s, '0', '9');
		set_range(s, 'a', 'z');
		set_range(s, 'A', 'Z');
		set_add(s, '_');
		*wide = o.ucp;
		break;
	case 's':
		set_range(s, '\t', '\r');
		set_add(s, ' ');
		*wide = o.ucp;
		break;
	case 'h':
		set_add(s, '\t');
		set_add(s, ' ');
		break;
	case 'v':
		set_range(s, '\n', '\r');
		break;
	default:
		return false;
	}
	if (c >= 'A' && c <= 'Z') {
		set_turn(s);
		*wide = true;
	}
	return true;
}

/* \xHH or \x{H...}, the place on the x; false for what is neither. */
static bool
hex_escape(struct pattern_reader *ps, uint32_t *cp)
{
	static const char digits[] = "0123456789abcdef";
	const char *p = ps->p + 1, *at;
	bool braces = *p == '{';
	unsigned n;

	*cp = 0;
	p += braces;
	for (n = 0; n < (braces ? 6 : 2) && *p != '\0' &&
	    (at = strchr(digits, *p >= 'A' && *p <= 'F' ? *p | 32 : *p)) !=
	    NULL; n++, p++)
		*cp = *cp << 4 | (uint32_t)(at - digits);
	if (braces ? n == 0 || *p++ != '}' : n != 2)
		return false;
	ps->p = p;
	return *cp <= 0x10ffff;
}

/* \n \t and other single characters, \xHH, \x{H}; false: something else.  The
 * place is behind the backslash and moves behind the escape. */
static bool
char_escape(struct pattern_reader *ps, uint32_t *cp)
{
	static const char from[] = "aefnrt", to[] = "\a\x1b\f\n\r\t";
	const char *at;
	char c = *ps->p;
	size_t n;

	if ((unsigned char)c >= 0x80) {
		n = utf8_decode(ps->p, strlen(ps->p), cp);
		ps->p += n;
		return n > 0;
	}
	if (c == 'x')
		return hex_escape(ps, cp);
	if (c == '\0')
		return false;
	if ((at = strchr(from, c)) != NULL)
		c = to[at - from];
	else if ((c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z'))
		return false;
	*cp = (unsigned char)c;
	ps->p++;
	return true;
}

/* [:alpha:] with the place on its [; the set may hold too much. */
static bool
posix_class(struct pattern_reader *ps, struct first_set *s)
{
	const char *end = ps->p + 2;

	end += *end == '^';
	while (*end >= 'a' && *end <= 'z')
		end++;
	if (end[0] != ':' || end[1] != ']')
		return false;
	if (strncmp(ps->p, "[:digit:]", 9) == 0)
		set_range(s, '0', '9');
	else if (strncmp(ps->p, "[:space:]", 9) == 0)
		set_range(s, 0, ' ');
	else
		set_range(s, 0, 0x7f);
	ps->p = end + 2;
	return true;
}

#define CLASS_POINTS	4

struct class {
	struct first_set set;
	bool		 wide, vague;	/* vague: set may hold too much */
	uint32_t	 point[CLASS_POINTS];	/* beyond ASCII, beside wide */
	unsigned	 npoint;
};

/* One character or set of a [class]; *cp is it, or -1 after a set. */
static bool
class_item(struct pattern_reader *ps, struct options o, struct class *c, int32_t *cp)
{
	struct first_set s;
	uint32_t point;
	bool wide;
	size_t n;

	*cp = -1;
	if (ps->p[0] == '[' && strchr(":.=", ps->p[1]) != NULL &&
	    ps->p[1] != '\0') {
		c->wide = c->vague = true;
		return ps->p[1] == ':' && posix_class(ps, &c->set);
	}
	if (ps->p[0] != '\\') {
		if ((n = utf8_decode(ps->p, strlen(ps->p), &point)) == 0)
			return false;
		ps->p += n;
		*cp = (int32_t)point;
		return true;
	}
	ps->p++;
	if (class_escape(*ps->p, o, &s, &wide)) {
		ps->p++;
		set_join(&c->set, &s);
		c->wide |= wide;
		return true;
	}
	if (*ps->p == 'b') {
		ps->p++;
		*cp = '\b';
		return true;
	}
	if (!char_escape(ps, &point))
		return false;
	*cp = (int32_t)point;
	return true;
}

static void
class_range(struct class *c, struct options o, uint32_t from, uint32_t to)
{
	if (to >= 0x80)
		c->wide = true;
	if (o.caseless && from <= 0x212a && to >= 0x80) {
		set_range(&c->set, 'K', 'S');	/* of U+212A and U+017F */
		c->vague = true;
	}
	if (from < 0x80)
		set_range(&c->set, from, to < 0x80 ? to : 0x7f);
}

/* One item or range of a [class]. */
static bool
class_member(struct pattern_reader *ps, struct options o, struct class *c)
{
	int32_t from, to;

	if (*ps->p == '\0' || !class_item(ps, o, c, &from))
		return false;
	if (from < 0)
		return true;
	to = from;
	if (ps->p[0] == '-' && ps->p[1] != ']') {
		ps->p++;
		if (*ps->p == '\0' || !class_item(ps, o, c, &to))
			return false;
		if (to < 0) {		/* [a-\d]: three things */
			set_add(&c->set, '-');
			to = from;
		}
	}
	if (from == to && from >= 0x80 && c->npoint < CLASS_POINTS &&
	    (!o.caseless || !has_case((uint32_t)from)))
		c->point[c->npoint++] = (uint32_t)from;
	else
		class_range(c, o, (uint32_t)from, (uint32_t)to);
	return true;
}

static void
class_list(const struct class *c, bool not, struct options o,
    struct first_list *out)
{
	struct first_list one;
	unsigned i;

	out->n = 0;
	if (not || c->wide || c->npoint == 0 || first_count(&c->set) > 0)
		list_class(out, &c->set, not || c->wide);
	for (i = 0; !not && i < c->npoint; i++) {
		list_char(&one, c->point[i], o.caseless);
		list_join(out, &one);
	}
}

/* A [class] with the place behind its [. */
static bool
parse_class(struct pattern_reader *ps, struct options o, struct first_list *out)
{
	struct class c = { .wide = false };
	bool not = *ps->p == '^', first = true;

	ps->p += not;
	for (; first || *ps->p != ']'; first = false)
		if (!class_member(ps, o, &c))
			return false;
	ps->p++;
	if (o.caseless) {
		c.wide |= first_has(&c.set, 'k') || first_has(&c.set, 'K') ||
		    first_has(&c.set, 's') || first_has(&c.set, 'S');
		set_fold(&c.set);
	}
	if (not && c.vague)
		memset(&c.set, 0, sizeof(c.set));
	if (not)
		set_turn(&c.set);
	class_list(&c, not, o, out);
	return true;
}

static void	parse_branches(struct pattern_reader *, struct options, struct first_list *);

/* What may match anything, or nothing. */
static void
list_unknown(struct first_list *l)
{
	list_empty(l);
	list_cut(l);
}

/* The letters of (?i) (?-i) (?i:...): false for those not followed here. */
static bool
parse_options(struct pattern_reader *ps, struct options *o)
{
	bool on = true;

	for (; *ps->p != ')' && *ps->p != ':'; ps->p++) {
		if (*ps->p == '-')
			on = false;
		else if (*ps->p == 'i')
			o->caseless = on;
		else if (*ps->p == '\0' || strchr("msnJU", *ps->p) == NULL)
			return false;
	}
	return true;
}

static bool
skip_to(struct pattern_reader *ps, char c)
{
	const char *to = strchr(ps->p, c);

	if (to == NULL)
		return false;
	ps->p = to + 1;
	return true;
}

/* A name in (?<name> (?P<name> (?'name', the place behind its < or '. */
static bool
skip_name(struct pattern_reader *ps)
{
	while ((*ps->p >= '0' && *ps->p <= '9') || *ps->p == '_' ||
	    (*ps->p >= 'a' && *ps->p <= 'z') ||
	    (*ps->p >= 'A' && *ps->p <= 'Z') || (*ps->p & 0x80))
		ps->p++;
	if (*ps->p != '>' && *ps->p != '\'')
		return false;
	ps->p++;
	return true;
}

enum group_kind { GROUP, GROUP_AROUND, GROUP_OPTIONS, GROUP_UNKNOWN, GROUP_FAILED };

/* (?R) (?1) (?+1) (?-1) (?&name) (?P>name) (?P=name), the place behind "(?". */
static bool
is_reference(const char *p)
{
	if (*p == '+' || *p == '-')
		p++;
	else if (*p == 'R' || *p == '&' || *p == 'P')
		return true;
	return *p >= '0' && *p <= '9';
}

/* What a group is, with the place behind its "(?"; moves to its branches. */
static enum group_kind
group_kind(struct pattern_reader *ps, struct options *inner)
{
	static const struct {
		const char	*mark;
		enum group_kind	 kind;
		bool		 named;
	} row[] = {
		{ "=", GROUP_AROUND, false }, { "!", GROUP_AROUND, false },
		{ "<=", GROUP_AROUND, false }, { "<!", GROUP_AROUND, false },
		{ ":", GROUP, false }, { ">", GROUP, false },
		{ "|", GROUP, false }, { "<", GROUP, true },
		{ "'", GROUP, true }, { "P<", GROUP, true }
	};
	size_t i, n;

	for (i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
		n = strlen(row[i].mark);
		if (strncmp(ps->p, row[i].mark, n) != 0)
			continue;
		ps->p += n;
		return row[i].named && !skip_name(ps) ? GROUP_FAILED :
		    row[i].kind;
	}
	if (is_reference(ps->p))
		return skip_to(ps, ')') ? GROUP_UNKNOWN : GROUP_FAILED;
	if (!parse_options(ps, inner))
		return GROUP_FAILED;
	return *ps->p++ == ')' ? GROUP_OPTIONS : GROUP;
}

/* A group with the place behind its "(". */
static void
parse_group(struct pattern_reader *ps, struct options *o, struct first_list *out)
{
	struct options inner = *o;
	enum group_kind kind = GROUP;

	if (*ps->p == '*') {
		give_up(ps);
		return;
	}
	if (*ps->p == '?') {
		ps->p++;
		kind = group_kind(ps, &inner);
	}
	switch (kind) {
	case GROUP_FAILED:
		give_up(ps);
		return;
	case GROUP_OPTIONS:
		*o = inner;
		list_empty(out);
		return;
	case GROUP_UNKNOWN:
		list_unknown(out);
		return;
	default:
		break;
	}
	if (++ps->depth > DEPTH_MAX) {
		give_up(ps);
		return;
	}
	parse_branches(ps, inner, out);
	ps->depth--;
	if (ps->gave_up || *ps->p != ')') {
		give_up(ps);
		return;
	}
	ps->p++;
	if (kind == GROUP_AROUND)
		list_empty(out);
}

/* An escape outside a class, the place behind its backslash. */
static void
parse_escape(struct pattern_reader *ps, struct options o, struct first_list *out)
{
	struct first_set s;
	uint32_t cp;
	bool wide;
	char c = *ps->p;

	if (class_escape(c, o, &s, &wide)) {
		ps->p++;
		list_class(out, &s, wide);
	} else if (c != '\0' && strchr("bBAzZ", c) != NULL) {
		ps->p++;
		list_empty(out);
	} else if (c >= '1' && c <= '9') {
		while (*ps->p >= '0' && *ps->p <= '9')
			ps->p++;
		list_unknown(out);
	} else if (c == 'p' || c == 'P') {
		ps->p++;
		if (*ps->p == '{' ? !skip_to(ps, '}') : *ps->p++ == '\0')
			give_up(ps);
		memset(&s, 0, sizeof(s));
		set_turn(&s);
		list_class(out, &s, true);
	} else if (char_escape(ps, &cp)) {
		list_char(out, cp, o.caseless);
	} else {
		give_up(ps);
	}
}

/* One element without its quantifier. */
static void
parse_element(struct pattern_reader *ps, struct options *o, struct first_list *out)
{
	struct first_set s;
	uint32_t cp;
	size_t n;

	switch (*ps->p) {
	case '(':
		ps->p++;
		parse_group(ps, o, out);
		return;
	case '[':
		ps->p++;
		if (!parse_class(ps, *o, out))
			give_up(ps);
		return;
	case '\\':
		ps->p++;
		parse_escape(ps, *o, out);
		return;
	case '^':
	case '$':
		ps->p++;
		list_empty(out);
		return;
	case '.':
		ps->p++;
		memset(&s, 0, sizeof(s));
		set_turn(&s);
		list_class(out, &s, true);
		return;
	case '*':
	case '+':
	case '?':
		give_up(ps);
		return;
	default:
		n = utf8_decode(ps->p, strlen(ps->p), &cp);
		if (n == 0 || (*ps->p == '{' && (ps->p[1] == ',' ||
		    ps->p[1] == ' ' || (ps->p[1] >= '0' && ps->p[1] <= '9')))) {
			give_up(ps);
			return;
		}
		ps->p += n;
		list_char(out, cp, o->caseless);
	}
}

/* "{3}" "{3,}" "{3,5}" with the place on the {; false: a plain {. */
static bool
parse_braces(struct pattern_reader *ps, uint32_t *min, uint32_t *max)
{
	const char *p = ps->p + 1;
	char *end;

	if (*p < '0' || *p > '9')
		return false;
	*min = *max = (uint32_t)strtoul(p, &end, 10);
	if (*end == ',') {
		p = end + 1;
		*max = REPEAT_MAX;
		if (*p >= '0' && *p <= '9')
			*max = (uint32_t)strtoul(p, &end, 10);
		else
			end++;
	}
	if (*end != '}')
		return false;
	ps->p = end + 1;
	return true;
}

/* The quantifier at the place, or 1 to 1. */
static void
parse_quantifier(struct pattern_reader *ps, uint32_t *min, uint32_t *max)
{
	*min = *max = 1;
	switch (*ps->p) {
	case '*':
		*min = 0;
		*max = REPEAT_MAX;
		break;
	case '+':
		*max = REPEAT_MAX;
		break;
	case '?':
		*min = 0;
		break;
	case '{':
		if (!parse_braces(ps, min, max))
			return;
		ps->p--;
		break;
	default:
		return;
	}
	ps->p++;
	if (*ps->p == '?' || *ps->p == '+')
		ps->p++;
}

/* The ASCII byte that is all that a list stands for, or -1. */
static int
only_byte(const struct first_list *l)
{
	const uint64_t *w = l->v[0].set[0].w;

	if (l->n != 1 || l->v[0].cut || l->v[0].n != 1 ||
	    first_count(&l->v[0].set[0]) != 1 || (w[2] | w[3]) != 0)
		return -1;
	return w[0] != 0 ? __builtin_ctzll(w[0]) : 64 + __builtin_ctzll(w[1]);
}

/* The bytes of an element of one character; false where it may be longer.
 * is_class: what is cut or longer is a character beyond ASCII. */
static bool
run_of(const struct first_list *l, bool is_class, struct first_set *run)
{
	unsigned i;

	memset(run, 0, sizeof(*run));
	for (i = 0; i < l->n; i++) {
		if (is_class && (l->v[i].n > 1 || l->v[i].cut))
			set_range(run, 0x80, 0xff);
		else if (l->v[i].n != 1 || l->v[i].cut)
			return false;
		set_join(run, &l->v[i].set[0]);
	}
	return true;
}

/* Follows whether the pattern begins with a repeated character and then another
 * one that is none of those. */
static void
lead_note(struct pattern_reader *ps, const struct first_list *e, bool is_class,
    uint32_t min, uint32_t max)
{
	int byte = only_byte(e);

	if (ps->depth > 0 || ps->lead >= LEAD_DONE)
		return;
	if (ps->lead == LEAD_NONE) {
		if (e->n == 1 && e->v[0].n == 0 && !e->v[0].cut && min == 1 &&
		    max == 1)
			return;		/* \b and the like */
		ps->lead = min > 0 && run_of(e, is_class, &ps->run) ?
		    LEAD_RUN : LEAD_LOST;
	} else if (byte >= 0 && min > 0 &&
	    !first_has(&ps->run, (unsigned)byte)) {
		ps->run_end = byte;
		ps->lead = LEAD_DONE;
	} else {
		ps->lead = LEAD_LOST;
	}
}

/* Of a branch of the top level: where its next element begins. */
static void
part_note(struct pattern_reader *ps, const struct options *o)
{
	if (ps->inner != NULL && ps->depth == 0 && ps->nparts < PARTS_MAX)
		ps->part[ps->nparts++] = (struct part){ ps->p, *o };
}

static bool
is_branch_end(char c)
{
	return c == '\0' || c == '|' || c == ')';
}

static void
parse_branch(struct pattern_reader *ps, struct options *o, struct first_list *out)
{
	struct first_list e;
	uint32_t min, max;
	bool is_class;

	list_empty(out);
	ps->nparts = ps->depth == 0 ? 0 : ps->nparts;
	while (!is_branch_end(*ps->p)) {
		part_note(ps, o);
		is_class = *ps->p == '[' || *ps->p == '\\';
		parse_element(ps, o, &e);
		if (ps->gave_up)
			return;
		parse_quantifier(ps, &min, &max);
		if (min > 0 && ps->depth == 0 && only_byte(&e) >= 0)
			set_add(&ps->required, (unsigned)only_byte(&e));
		lead_note(ps, &e, is_class, min, max);
		if (min != 1 || max != 1)
			list_repeat(&e, min, max);
		list_append(out, &e);
		if (ps->rest && ps->depth == 0 && list_is_closed(out))
			return;
	}
}

/* Can it match nothing, or begin with what is not known? */
static bool
is_anywhere(const struct first_list *l)
{
	unsigned i;

	for (i = 0; i < l->n; i++)
		if (l->v[i].n == 0)
			return true;
	return false;
}

/*
 * What a branch must hold: what its rest from some part on begins with, of that
 * part where it is the rarest.
 */
static void
inner_note(struct pattern_reader *ps)
{
	struct first_list best, rest;
	struct pattern_reader sub;
	double least = 2, density;
	unsigned i;

	for (i = 0; ps->inner != NULL && i < ps->nparts; i++) {
		sub = (struct pattern_reader){ .p = ps->part[i].p, .rest = true };
		parse_branch(&sub, &ps->part[i].o, &rest);
		if (sub.gave_up || is_anywhere(&rest))
			continue;
		density = first_density(rest.v, rest.n);
		if (density < least) {
			least = density;
			best = rest;
		}
	}
	if (least > 1)
		ps->inner = NULL;
	else
		list_join(ps->inner, &best);
}

static void
parse_branches(struct pattern_reader *ps, struct options o, struct first_list *out)
{
	struct first_list branch;

	out->n = 0;
	for (;;) {
		parse_branch(ps, &o, &branch);
		if (ps->gave_up)
			return;
		if (ps->depth == 0)
			inner_note(ps);
		list_join(out, &branch);
		if (*ps->p != '|')
			return;
		if (ps->depth == 0)
			ps->branches = true;
		ps->p++;
	}
}

static int
rarest(const struct pattern_reader *ps)
{
	int best = -1;
	unsigned c;

	if (ps->branches)
		return -1;
	for (c = 0; c < 0x80; c++)
		if (first_has(&ps->required, c) && (best < 0 ||
		    first_share(c) < first_share((unsigned)best)))
			best = (int)c;
	return best;
}

void
first_of(const char *pattern, bool caseless, bool ucp, struct first *f)
{
	struct first_list l, inner = { .n = 0 };
	struct pattern_reader ps = { .p = pattern, .inner = &inner };

	f->n = f->ninner = 0;
	f->required = f->run_end = -1;
	f->anywhere = true;
	parse_branches(&ps, (struct options){ caseless, ucp }, &l);
	if (ps.gave_up || *ps.p != '\0')
		return;
	f->required = rarest(&ps);
	if (ps.lead == LEAD_DONE && !ps.branches) {
		f->run_end = ps.run_end;
		f->run = ps.run;
	}
	f->anywhere = is_anywhere(&l);
	f->n = l.n;
	memcpy(f->seq, l.v, l.n * sizeof(l.v[0]));
	if (ps.inner == NULL)
		return;
	f->ninner = inner.n;
	memcpy(f->inner, inner.v, inner.n * sizeof(inner.v[0]));
}
