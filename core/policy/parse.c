#include "core/policy/parse.h"

#include <stdio.h>
#include <string.h>

#include "core/base/near.h"
#include "core/policy/lex.h"

/*
 * The grammar of a policy file, one function for each of its rules:
 *
 *	file    = { include | section }
 *	include = "include" "(" text ")"
 *	section = NAME text "{" { setting | section } "}"
 *	setting = NAME "=" ( text | "{" [ text { "," text } [ "," ] ] "}" )
 *
 * Which sections and settings there are, and what may stand in what, is
 * core/policy/names.h's to say: sections within sections go one deep.
 */

#define FILES_MAX	100	/* a policy and all that it includes */

struct policy_reader {
	struct load	*load;
	struct error	*err;
	struct titles	 titles;	/* each list of sections a scope */
	uint32_t	 scopes;	/* given out so far */
	int		 nfiles;
};

/* One file of the policy, and which one includes it. */
struct source {
	struct policy_reader		*parser;
	const struct source	*outer;
	const char		*named;
	int			 depth;		/* how many are open */
	struct lexer		 lexer;
	struct token		 token;		/* the next */
};

static enum status parse_file(struct policy_reader *, const struct source *outer,
    const struct policy_file *);

static enum status
next(struct source *s)
{
	return lexer_next(&s->lexer, &s->token, s->parser->err);
}

/* v with room for one more; NULL: no memory. */
static void *
grow(struct source *s, void *v, size_t n, size_t *cap, size_t size)
{
	size_t more = *cap == 0 ? 4 : *cap * 2;
	char *big;

	if (n < *cap)
		return v;
	big = arena_alloc(s->parser->load->arena, more * size);
	if (big == NULL)
		return NULL;
	if (n > 0)
		memcpy(big, v, n * size);
	*cap = more;
	return big;
}

/* The next token is not what must stand here. */
static enum status
refuse_token(struct source *s, const char *wanted, const char *of)
{
	const struct token *t = &s->token;

	if (t->kind == TOKEN_END)
		return position_error(s->parser->err, t->at,
		    "the file ends where %s%s is expected", wanted, of);
	return position_error(s->parser->err, t->at,
	    "found %.*s where %s%s is expected", SLICE_ARG(token_shown(t)),
	    wanted, of);
}

/* Of the sections that may stand in the file. */
static const char *
section_candidate(void *arg, size_t i)
{
	const struct load *l = arg;

	return i < l->nrows ? l->rows[i].name :
	    i == l->nrows ? "include" : NULL;
}

/* "; a rule has when, route": where nothing is near, and they are not too many. */
static void
list_names(char *out, size_t size, const char *what, near_name *name, void *arg)
{
	size_t i, n = (size_t)snprintf(out, size, "; %s", what);
	const char *c;

	for (i = 0; (c = name(arg, i)) != NULL && n < size; i++)
		n += (size_t)snprintf(out + n, size - n, "%s%s", i == 0 ? " " :
		    ", ", c);
	if (n >= size)
		out[0] = '\0';
}

static enum status
refuse_name(struct source *s, const struct section_row *in,
    const struct token *name)
{
	near_name *names = in == NULL ? section_candidate : statement_candidate;
	void *arg = in == NULL ? (void *)s->parser->load :
	    (void *)(uintptr_t)in;
	struct slice shown = token_shown(name);
	char hint[NEAR_TEXT], what[64];

	if (near_hint(hint, shown, names, arg)[0] == '\0') {
		(void)snprintf(what, sizeof(what), "%s%s%sthere are",
		    in == NULL ? "" : "of a ", in == NULL ? "" : in->name,
		    in == NULL ? "" : " ");
		list_names(hint, sizeof(hint), what, names, arg);
	}
	return position_error(s->parser->err, name->at, "no such %s '%.*s'%s",
	    in == NULL ? "section" : "option", SLICE_ARG(shown), hint);
}

static enum status
value_add(struct source *s, struct setting *set)
{
	const struct token *t = &s->token;
	size_t cap = set->cap;

	set->v = grow(s, set->v, set->n, &cap, sizeof(*set->v));
	if (set->v != NULL)
		set->spots = grow(s, set->spots, set->n, &set->cap,
		    sizeof(*set->spots));
	if (set->v == NULL || set->spots == NULL || (set->v[set->n] =
	    token_text(s->parser->load->arena, t)) == NULL)
		return error_nomem(s->parser->err);
	set->spots[set->n++] = (struct spot){ t->at.line, t->at.column };
	return next(s);
}

/* From after the opening brace to after the closing one. */
static enum status
parse_list(struct source *s, struct setting *set)
{
	enum status st = STATUS_OK;

	while (st == STATUS_OK && !token_is_sign(&s->token, '}')) {
		if (!token_is_text(&s->token))
			return refuse_token(s, "a value of ", set->name);
		if ((st = value_add(s, set)) != STATUS_OK)
			return st;
		if (token_is_sign(&s->token, ','))
			st = next(s);
		else if (!token_is_sign(&s->token, '}'))
			return refuse_token(s, "a comma or } of ", set->name);
	}
	return st == STATUS_OK ? next(s) : st;
}

static enum status
parse_value(struct source *s, const struct setting_row *row, struct setting *set)
{
	const struct token *t = &s->token;
	enum status st;

	if (token_is_sign(t, '{')) {
		if (!row->list)
			return position_error(s->parser->err, t->at,
			    "%s takes one value, not a list", row->name);
		return (st = next(s)) == STATUS_OK ? parse_list(s, set) : st;
	}
	if (!token_is_text(t))
		return refuse_token(s, row->list ? "the list of " :
		    "the value of ", row->name);
	if (row->list == VALUE_LIST)
		return position_error(s->parser->err, t->at,
		    "%s takes a list: %s = { %.*s }", row->name, row->name,
		    SLICE_ARG(token_shown(t)));
	if (t->kind != TOKEN_SINGLE && strcmp(row->name, "pattern") == 0)
		return position_error(s->parser->err, t->at,
		    "write a pattern in single quotes");
	return value_add(s, set);
}

static enum status
parse_setting(struct source *s, const struct section_row *in,
    struct section *section, const struct token *name)
{
	struct setting *set;
	struct setting_row row;

	if (!setting_find(in, name->raw, &row))
		return refuse_name(s, in, name);
	if (!token_is_sign(&s->token, '='))
		return refuse_token(s, "= after ", row.name);
	if (conf_get(section, row.name) != NULL)
		return position_error(s->parser->err, name->at,
		    "%s is set a second time", row.name);
	section->settings = grow(s, section->settings, section->nsettings,
	    &section->cap, sizeof(*section->settings));
	if (section->settings == NULL)
		return error_nomem(s->parser->err);
	set = &section->settings[section->nsettings++];
	*set = (struct setting){ .name = row.name, .at = name->at };
	if (next(s) != STATUS_OK)
		return s->parser->err->code;
	return parse_value(s, &row, set);
}

/* The title, different from all others of its scope, and the brace. */
static enum status
parse_title(struct source *s, const struct section_row *row,
    struct section *section, uint32_t scope)
{
	struct policy_reader *p = s->parser;
	struct token title = s->token;
	bool fresh = false;

	if (!token_is_text(&title))
		return refuse_token(s, "the title of a ", row->name);
	section->at = title.at;
	section->title = token_text(p->load->arena, &title);
	if (section->title == NULL)
		return error_nomem(p->err);
	if (section->title[0] == '\0' ||
	    strlen(section->title) > POLICY_NAME_MAX)
		return position_error(p->err, title.at,
		    "a name has 1 to %d bytes", POLICY_NAME_MAX);
	if (strpbrk(section->title, "\t\r\n") != NULL)
		return position_error(p->err, title.at,
		    "a name holds no control characters");
	if (titles_add(&p->titles, scope, section->title, 0, &fresh, p->err) !=
	    STATUS_OK)
		return p->err->code;
	if (!fresh)
		return position_error(p->err, title.at,
		    "%s \"%s\" is there already", row->name, section->title);
	if (next(s) != STATUS_OK)
		return p->err->code;
	return token_is_sign(&s->token, '{') ? STATUS_OK :
	    refuse_token(s, "{ after the title of a ", row->name);
}

/* A section that needs no name, as there is one; only its brace. */
static enum status
parse_untitled(struct source *s, const struct section_row *row,
    struct section *section, const struct sections *there)
{
	size_t i;

	section->at = s->token.at;
	section->title = "";
	if (!token_is_sign(&s->token, '{'))
		return refuse_token(s, "{ after ", row->name);
	for (i = 0; i < there->n; i++)
		if (there->v[i].row == row)
			return position_error(s->parser->err, section->at,
			    "%s is there already", row->name);
	return STATUS_OK;
}

static enum status parse_section(struct source *, const struct section_row *,
    struct sections *into, uint32_t scope);

/* Titles of different kinds of sections may be the same. */
static uint32_t
scope_of(const struct section_row *row, const struct section_row *inner)
{
	const struct section_row *r;
	uint32_t n = 0;

	for (r = row->inner; r != inner; r = r->beside)
		n++;
	return n;
}

/* From after the opening brace to after the closing one. */
static enum status
parse_body(struct source *s, const struct section_row *row,
    struct section *section, struct position brace)
{
	const struct section_row *inner;
	uint32_t scope = s->parser->scopes;
	enum status st = STATUS_OK;
	struct token name;

	/* One for each kind of section that may stand in this one. */
	for (inner = row->inner; inner != NULL; inner = inner->beside)
		s->parser->scopes++;

	while (st == STATUS_OK && !token_is_sign(&s->token, '}')) {
		name = s->token;
		if (name.kind == TOKEN_END)
			return position_error(s->parser->err, brace,
			    "this section is never closed");
		if (!token_is_text(&name))
			return refuse_token(s, "a setting of the ", row->name);
		if (name.kind != TOKEN_WORD)
			return refuse_name(s, row, &name);
		if ((st = next(s)) != STATUS_OK)
			return st;
		if ((inner = section_inner(row, name.raw)) != NULL)
			st = parse_section(s, inner, &section->inner,
			    scope + scope_of(row, inner));
		else
			st = parse_setting(s, row, section, &name);
	}
	return st == STATUS_OK ? next(s) : st;
}

/* From behind its name. */
static enum status
parse_section(struct source *s, const struct section_row *row,
    struct sections *into, uint32_t scope)
{
	struct section section = { .title = NULL };
	struct position brace;
	enum status st;

	section.row = row;
	if ((st = row->untitled ? parse_untitled(s, row, &section, into) :
	    parse_title(s, row, &section, scope)) != STATUS_OK)
		return st;
	brace = s->token.at;
	if ((st = next(s)) != STATUS_OK ||
	    (st = parse_body(s, row, &section, brace)) != STATUS_OK)
		return st;
	into->v = grow(s, into->v, into->n, &into->cap, sizeof(*into->v));
	if (into->v == NULL)
		return error_nomem(s->parser->err);
	into->v[into->n++] = section;
	return STATUS_OK;
}

static enum status
include_file(struct source *s, const struct token *name)
{
	struct policy_reader *p = s->parser;
	const struct policy_file *f;
	const struct source *o;
	struct error why = { 0 };
	char *text = token_text(p->load->arena, name);

	if (text == NULL)
		return error_nomem(p->err);
	if (load_file(p->load, s->named, text, &f, &why) != STATUS_OK)
		return error_set(p->err, why.code, "%s:%d:%d: %s",
		    name->at.file, name->at.line, name->at.column, why.text);
	if (s->depth == POLICY_INCLUDES_MAX)
		return position_error(p->err, name->at, "more than %d files "
		    "include one another", POLICY_INCLUDES_MAX);
	if (p->nfiles == FILES_MAX)
		return position_error(p->err, name->at,
		    "more than %d files are included", FILES_MAX);
	for (o = s; o != NULL; o = o->outer)
		if (strcmp(o->named, f->path) == 0)
			return position_error(p->err, name->at,
			    "%s includes itself", f->path);
	return parse_file(p, s, f);
}

/* From behind its name. */
static enum status
parse_include(struct source *s, struct position start)
{
	struct error *err = s->parser->err;
	struct token name;
	enum status st;

	if (!token_is_sign(&s->token, '('))
		return refuse_token(s, "( after ", "include");
	if ((st = next(s)) != STATUS_OK)
		return st;
	name = s->token;
	if (token_is_text(&name) && (st = next(s)) != STATUS_OK)
		return st;
	if (s->token.kind == TOKEN_END)
		return position_error(err, start, "include() is never closed");
	if (!token_is_text(&name) || !token_is_sign(&s->token, ')'))
		return position_error(err, s->token.at,
		    "include() takes one file");
	if ((st = include_file(s, &name)) != STATUS_OK)
		return st;
	return next(s);
}

static enum status
parse_statement(struct source *s)
{
	struct load *l = s->parser->load;
	struct token name = s->token;
	enum status st;
	size_t i;

	if (!token_is_text(&name))
		return refuse_token(s, "a section", "");
	if (name.kind != TOKEN_WORD)
		return refuse_name(s, NULL, &name);
	if ((st = next(s)) != STATUS_OK)
		return st;
	if (slice_is(name.raw, "include"))
		return parse_include(s, name.at);
	for (i = 0; i < l->nrows; i++)
		if (slice_is(name.raw, l->rows[i].name))
			return parse_section(s, &l->rows[i], &l->top[i],
			    (uint32_t)i);
	return refuse_name(s, NULL, &name);
}

static enum status
parse_file(struct policy_reader *p, const struct source *outer,
    const struct policy_file *f)
{
	struct source s = { p, outer, f->path,
	    outer == NULL ? 1 : outer->depth + 1, .token = { 0 } };
	const char *shown = load_shown(p->load, f->path);
	enum status st;

	if (shown == NULL)
		return error_nomem(p->err);
	p->nfiles++;
	st = lexer_init(&s.lexer, f->bytes, shown, f->path, p->err);
	if (st == STATUS_OK)
		st = next(&s);
	while (st == STATUS_OK && s.token.kind != TOKEN_END)
		st = parse_statement(&s);
	return st;
}

enum status
conf_read(struct load *load, const struct policy_file *file, struct error *err)
{
	struct policy_reader p = { load, err, TITLES_INIT, SECTION_TOP, 0 };
	enum status st = parse_file(&p, NULL, file);

	titles_release(&p.titles);
	return st;
}
