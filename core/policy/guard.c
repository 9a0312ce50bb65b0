#include "core/policy/guard.h"

#include <assert.h>
#include <string.h>

#include "core/base/near.h"
#include "core/policy/value.h"

#define REDACTS	"off|label|mask|hash|placeholder"
#define CATEGORY_MAX	64	/* bytes */

/* The words of `on`. */
enum on { ON_OUTPUT, ON_INPUT, ON_LEAVES, ON_RECORD, ON_UNSAID };

static const char *
kind_candidate(void *arg, size_t i)
{
	(void)arg;
	return guard_kinds[i] == NULL ? NULL : guard_kinds[i]->name;
}

static enum status
guard_kind_of(const struct section *s, const struct guard_kind **out,
    struct error *err)
{
	const struct setting *set = conf_get(s, "kind");
	const char *name = set == NULL ? s->title : set->v[0];
	char hint[NEAR_TEXT];
	struct position at = set == NULL ? s->at : setting_position(set, 0);

	if ((*out = guard_kind_find(name)) != NULL)
		return STATUS_OK;
	(void)near_hint(hint, slice_of(name), kind_candidate, NULL);
	if (hint[0] == '\0' && set == NULL)
		return position_error(err, at, "guard \"%s\": its title is no "
		    "kind of guard; say which with kind = \"...\"", s->title);
	return position_error(err, at, "guard \"%s\": no kind of guard is "
	    "named \"%s\"%s", s->title, name, hint);
}

struct option_names {
	const struct guard_kind	*kind;
};

static const char *
option_candidate(void *arg, size_t i)
{
	const struct option_names *n = arg;

	return n->kind->options[i].name;
}

/* The reader takes the options of all kinds; a guard has its kind's alone. */
static enum status
check_names(const struct section *s, const struct guard_kind *kind,
    struct error *err)
{
	struct option_names names = { kind };
	char hint[NEAR_TEXT];
	size_t i, k;

	for (i = 0; i < s->nsettings; i++) {
		if (setting_is_common(s->settings[i].name))
			continue;
		for (k = 0; kind->options[k].name != NULL; k++)
			if (strcmp(kind->options[k].name,
			    s->settings[i].name) == 0)
				break;
		if (kind->options[k].name != NULL)
			continue;
		return position_error(err, s->settings[i].at, "guard \"%s\": "
		    "%s has no option %s%s", s->title, kind->name,
		    s->settings[i].name, near_hint(hint,
		    slice_of(s->settings[i].name), option_candidate, &names));
	}
	return STATUS_OK;
}

static enum status
option_files(struct load *l, const struct setting *set,
    struct option_value *v, size_t *bad, struct error *err)
{
	const struct policy_file *f = NULL;
	struct policy_file *files;
	enum status st;
	size_t i;

	files = arena_alloc(l->arena, (set->n + 1) * sizeof(*files));
	if (files == NULL)
		return error_nomem(err);
	for (i = 0; i < set->n; i++) {
		*bad = i;
		st = load_file(l, set->at.named, set->v[i], &f, err);
		if (st != STATUS_OK)
			return st;
		files[i] = *f;
	}
	v->files = files;
	v->nfiles = set->n;
	return STATUS_OK;
}

/* *bad: which of the values is wrong. */
static enum status
option_read(struct load *l, const struct option_row *row,
    const struct setting *set, struct option_value *v, size_t *bad,
    struct error *err)
{
	struct policy_file *files = NULL;
	enum status st = STATUS_OK;
	bool yes = false;
	int choice = 0;

	v->set = true;
	v->line = setting_position(set, 0).line;
	v->string = set->n > 0 ? set->v[0] : "";
	v->list = set->v;
	v->nlist = set->n;
	switch (row->type) {
	case OPTION_STRING:
	case OPTION_LIST:
		return STATUS_OK;
	case OPTION_NUMBER:
		return value_number(v->string, &v->number, err);
	case OPTION_BOOL:
		st = value_bool(v->string, &yes, err);
		v->number = yes;
		return st;
	case OPTION_CHOICE:
		st = value_choice(v->string, row->choices, &choice, err);
		v->number = choice;
		return st;
	case OPTION_FILE:
	case OPTION_FILES:
		return option_files(l, set, v, bad, err);
	case OPTION_DIR:
		st = load_dir(l, set->at.named, v->string, &files, &v->nfiles,
		    err);
		v->files = files;
		return st;
	}
	return st;
}

/* The values beside the rows; `what` is the section's, `kind` needs them. */
static enum status
options_read(struct load *l, const struct section *s, const char *what,
    const char *kind, const struct option_row *row,
    const struct option_value **values, struct error *err)
{
	const struct setting *set;
	struct option_value *v;
	enum status st;
	size_t i, n, bad;

	for (n = 0; row[n].name != NULL; n++)
		;
	if ((v = arena_zalloc(l->arena, (n + 1) * sizeof(*v))) == NULL)
		return error_nomem(err);
	*values = v;
	for (i = 0; i < n; i++) {
		if ((set = conf_get(s, row[i].name)) == NULL) {
			if (row[i].required)
				return position_error(err, s->at, "%s \"%s\": "
				    "%s needs %s", what, s->title, kind,
				    row[i].name);
			continue;
		}
		bad = 0;
		st = option_read(l, &row[i], set, &v[i], &bad, err);
		if (st != STATUS_OK) {
			(void)error_prefix(err, "%s", row[i].name);
			return position_prefix(err, setting_position(set, bad),
			    what, s->title);
		}
	}
	return STATUS_OK;
}

static enum status
own_read(struct load *l, const struct section *s, struct guard *g,
    struct error *err)
{
	struct guard_own *own;
	enum status st = STATUS_OK;
	size_t i;

	if (s->inner.n > 0 && g->kind->own == NULL)
		return position_error(err, s->inner.v[0].at,
		    "guard \"%s\": %s takes no kinds of your own", s->title, g->kind->name);
	own = arena_zalloc(l->arena, (s->inner.n + 1) * sizeof(*own));
	if (own == NULL)
		return error_nomem(err);
	g->own = own;
	g->nown = s->inner.n;
	for (i = 0; i < s->inner.n && st == STATUS_OK; i++) {
		own[i].name = s->inner.v[i].title;
		st = options_read(l, &s->inner.v[i], "own", "a kind of your own",
		    g->kind->own, &own[i].values, err);
	}
	return st;
}

/* A choice that every guard may have; without it *out stays as it is. */
static enum status
common_choice(const struct section *s, const char *name, const char *choices,
    int *out, struct error *err)
{
	const struct setting *set = conf_get(s, name);

	if (set == NULL || value_choice(set->v[0], choices, out, err) ==
	    STATUS_OK)
		return STATUS_OK;
	(void)error_prefix(err, "%s", name);
	return position_prefix(err, setting_position(set, 0), "guard",
	    s->title);
}

/*
 * A guard that looks for something reads what a JSON output says beside its
 * bytes, unless the policy says which.
 */
static void
reads_set(struct guard *g, enum on on)
{
	g->on_input = on == ON_INPUT;
	g->on_record = on == ON_RECORD;
	if (on != ON_OUTPUT && on != ON_RECORD)
		g->reads = on == ON_LEAVES ? g->kind->leaves : g->kind->reads;
	g->reads_bytes = g->kind->reads != READS_OUTPUT && !g->kind->waits;
	g->reads_keys = g->kind->reads == READS_EACH;
}

static enum status
category_read(const struct section *s, struct guard *g, struct error *err)
{
	const struct setting *set = conf_get(s, "category");

	if (set == NULL)
		return STATUS_OK;
	g->category = set->v[0];
	if (g->category[0] == '\0' || strlen(g->category) > CATEGORY_MAX)
		return position_error(err, setting_position(set, 0),
		    "guard \"%s\": category has 1 to %d bytes", s->title,
		    CATEGORY_MAX);
	return STATUS_OK;
}

static enum status
common_read(const struct section *s, struct guard *g, struct error *err)
{
	int severity = SEVERITY_NONE, redact = REDACT_OFF, on = ON_UNSAID;
	int open = 1;
	enum status st;

	if ((st = common_choice(s, "severity", "info|low|medium|high|critical",
	    &severity, err)) != STATUS_OK ||
	    (st = common_choice(s, "redact", REDACTS, &redact, err)) !=
	    STATUS_OK ||
	    (st = common_choice(s, "on", "output|input|leaves|record", &on, err)) !=
	    STATUS_OK ||
	    (st = common_choice(s, "fail_open", "true|false", &open, err)) !=
	    STATUS_OK)
		return st;
	g->severity = (enum severity)severity;
	g->redact = (enum redact)redact;
	reads_set(g, (enum on)on);
	g->fail_open = open == 0;
	if ((st = category_read(s, g, err)) != STATUS_OK)
		return st;
	if (!g->on_input && g->redact == REDACT_PLACEHOLDER)
		return position_error(err,
		    setting_position(conf_get(s, "redact"), 0),
		    "guard \"%s\": placeholder is for on = input", s->title);
	if (g->on_record && !g->kind->records)
		return position_error(err,
		    setting_position(conf_get(s, "on"), 0),
		    "guard \"%s\": on = record is for json-schema", s->title);
	if ((g->on_input && g->redact != REDACT_OFF &&
	    g->redact != REDACT_PLACEHOLDER) ||
	    (g->on_record && g->redact != REDACT_OFF))
		return position_error(err,
		    setting_position(conf_get(s, "redact"), 0),
		    "guard \"%s\": what is not the output cannot be redacted",
		    s->title);
	return STATUS_OK;
}

/* The "own" section that a message is about; *text moves past its name. */
static const struct section *
own_named(const struct section *s, const char **text)
{
	const struct section *own;
	size_t i, n;

	if (strncmp(*text, "own \"", 5) != 0)
		return s;
	for (i = 0; i < s->inner.n; i++) {
		own = &s->inner.v[i];
		n = strlen(own->title);
		if (strncmp(*text + 5, own->title, n) == 0 &&
		    strncmp(*text + 5 + n, "\": ", 3) == 0) {
			*text += n + 8;
			return own;
		}
	}
	return s;
}

/* A kind's own errors begin with the option that they are about. */
static struct position
compile_position(const struct section *s, const struct error *err)
{
	const char *text = err->text;
	const struct section *in = own_named(s, &text);
	const struct setting *set;
	size_t n = strcspn(text, ": ");
	char name[64] = "";

	if (n < sizeof(name))
		memcpy(name, text, n);
	set = conf_get(in, name);
	return set == NULL ? in->at : setting_position(set, 0);
}

static enum status
guard_make(struct load *l, const struct section *s, struct guard *g,
    struct error *err)
{
	struct guard_config *c;
	enum status st;

	g->name = s->title;
	g->file = s->at.file;
	g->line = s->at.line;
	g->column = s->at.column;
	if ((st = guard_kind_of(s, &g->kind, err)) != STATUS_OK ||
	    (st = check_names(s, g->kind, err)) != STATUS_OK ||
	    (st = common_read(s, g, err)) != STATUS_OK ||
	    (st = options_read(l, s, "guard", g->kind->name, g->kind->options,
	    &g->values, err)) != STATUS_OK ||
	    (st = own_read(l, s, g, err)) != STATUS_OK)
		return st;
	assert(arena_holds(l->arena, g->name));
	if ((c = arena_zalloc(l->arena, sizeof(*c))) == NULL)
		return error_nomem(err);
	c->name = g->name;
	c->kind = g->kind;
	c->values = g->values;
	c->outside = l->outside;
	c->own = g->own;
	c->nown = g->nown;
	c->on_input = g->on_input;
	c->on_record = g->on_record;
	if (g->reads == READS_EACH && g->kind->joins != NULL &&
	    g->kind->joins(c))
		g->reads = READS_JOINED;
	g->window = g->kind->window == NULL ? 0 : g->kind->window(c);
	st = g->kind->compile(c, &g->compiled, err);
	if (st != STATUS_OK)
		return position_prefix(err, compile_position(s, err), "guard",
		    s->title);
	return STATUS_OK;
}

/*
 * A kind that a queue names and no section describes is a guard without
 * options.  all has room for every kind behind the sections.
 */
static enum status
guards_implied(struct load *l, struct section *all, size_t *n,
    struct error *err)
{
	const struct sections *queues = &l->top[SECTION_QUEUE];
	const struct setting *set;
	bool fresh;
	size_t i, k;

	for (i = 0; i < queues->n; i++) {
		if ((set = conf_get(&queues->v[i], "guards")) == NULL)
			continue;
		for (k = 0; k < set->n; k++) {
			if (guard_kind_find(set->v[k]) == NULL)
				continue;
			if (titles_add(&l->guards, 0, set->v[k], (uint32_t)*n,
			    &fresh, err) != STATUS_OK)
				return err->code;
			if (fresh)
				all[(*n)++] = (struct section){
				    .title = set->v[k],
				    .at = setting_position(set, k) };
		}
	}
	return STATUS_OK;
}

enum status
policy_guards(struct load *l, struct error *err)
{
	const struct sections *c = &l->top[SECTION_GUARD];
	struct section *all;
	struct guard *guards;
	enum status st = STATUS_OK;
	size_t i, n = 0;
	bool fresh;

	for (i = 0; guard_kinds[i] != NULL; i++)
		n++;
	all = arena_alloc(l->arena, (c->n + n + 1) * sizeof(*all));
	if (all == NULL)
		return error_nomem(err);
	for (n = 0; n < c->n && st == STATUS_OK; n++) {
		all[n] = c->v[n];
		st = titles_add(&l->guards, 0, all[n].title, (uint32_t)n,
		    &fresh, err);
	}
	if (st != STATUS_OK || (st = guards_implied(l, all, &n, err)) !=
	    STATUS_OK)
		return st;
	guards = arena_zalloc(l->arena, (n + 1) * sizeof(*guards));
	if (guards == NULL)
		return error_nomem(err);
	l->policy->guards = guards;
	for (i = 0; i < n && st == STATUS_OK; i++) {
		l->policy->nguards = i + 1;
		st = guard_make(l, &all[i], &guards[i], err);
	}
	return st;
}
