/*
 * Sections and settings, as libconfuse reads them.  Every value is a string to
 * it (numbers, durations and words are ours to read), and comes back as
 * "LINE:FILE:VALUE": libconfuse keeps no places.
 */
#include "core/policy/load.h"

#include <locale.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include <confuse.h>

#define FILES_MAX	100	/* a policy and all that it includes */

/* libconfuse's reader is one for the whole program. */
static pthread_mutex_t conf_lock = PTHREAD_MUTEX_INITIALIZER;
static struct conf_run {
	struct load		*load;
	struct error		*err;
	const char		*named[FILES_MAX];	/* as the policy does */
	const char		*shown[FILES_MAX];
	int			 nfiles;
	int			 open[POLICY_INCLUDES_MAX];	/* their numbers */
	int			 depth;		/* how many are open */
} *run;

struct name_row {
	const char	*name;
	bool		 list;
};

static const struct name_row guard_names[] = {
	{ "kind", false }, { "severity", false }, { "fail_open", false },
	{ "redact", false }, { "on", false }, { NULL, false }
};
static const struct name_row own_names[] = {
	{ "pattern", false }, { "validator", false }, { "context", true },
	{ "score", false }, { NULL, false }
};
static const struct name_row rule_names[] = {
	{ "when", false }, { "route", false }, { "priority", false },
	{ NULL, false }
};
static const struct name_row role_names[] = {
	{ "group", false }, { "may", true }, { NULL, false }
};
static const struct name_row queue_names[] = {
	{ "guards", true }, { "expects", true }, { "lease", false },
	{ "sla", false }, { "sample", false }, { "fallback", false },
	{ "hold", false }, { "four_eyes", false }, { "reasons", true },
	{ "labels", true }, { "guidelines", false }, { NULL, false }
};

static bool
option_is_list(enum option_type t)
{
	return t == OPTION_LIST || t == OPTION_FILES;
}

/* Is the name in the rows?  Then its form, else what it was. */
static enum option_form
form_in(const struct name_row *rows, struct slice name, enum option_form form)
{
	for (; rows->name != NULL; rows++)
		if (slice_is(name, rows->name))
			return rows->list ? FORM_LIST : FORM_SCALAR;
	return form;
}

enum option_form
option_form(struct slice name)
{
	enum option_form form = FORM_UNKNOWN;
	const struct option_row *o;
	size_t i;

	for (i = 0; guard_kinds[i] != NULL; i++)
		for (o = guard_kinds[i]->options; o->name != NULL; o++)
			if (slice_is(name, o->name))
				form = option_is_list(o->type) ? FORM_LIST :
				    FORM_SCALAR;
	form = form_in(guard_names, name, form);
	form = form_in(own_names, name, form);
	form = form_in(rule_names, name, form);
	form = form_in(role_names, name, form);
	return form_in(queue_names, name, form);
}

static int
run_file(void)
{
	return run->open[run->depth - 1];
}

static struct place
run_place(const cfg_t *cfg)
{
	return (struct place){ run->shown[run_file()], cfg->line,
	    run->named[run_file()] };
}

static void
conf_error(cfg_t *cfg, const char *fmt, va_list ap)
{
	char text[512];

	(void)vsnprintf(text, sizeof(text), fmt, ap);
	(void)place_error(run->err, run_place(cfg), "%s", text);
}

/* libconfuse copies what *result points at before it calls us again. */
static int
conf_value(cfg_t *cfg, cfg_opt_t *opt, const char *value, void *result)
{
	struct slice s;
	char *text, *p;

	(void)opt;
	s = arena_printf(run->load->arena, "%d:%d:%s", cfg->line, run_file(),
	    value);
	text = s.p == NULL ? NULL : arena_str(run->load->arena, s);
	if (text == NULL) {
		(void)error_nomem(run->err);
		return -1;
	}
	for (p = text; (p = strchr(p, POLICY_NEWLINE)) != NULL;)
		*p = '\n';
	*(const char **)result = text;
	return 0;
}

/* Opens a file of the policy and lets libconfuse read it into cfg. */
static enum status
conf_parse(cfg_t *cfg, const struct policy_file *f)
{
	struct buf clean = BUF_INIT;
	struct error *err = run->err;
	const char *shown = load_shown(run->load, f->path);
	enum status st;

	if (shown == NULL)
		return error_nomem(err);
	run->named[run->nfiles] = f->path;
	run->shown[run->nfiles] = shown;
	run->open[run->depth++] = run->nfiles++;
	st = policy_scan(f->bytes, shown, &clean, err);
	if (st == STATUS_OK &&
	    cfg_parse_buf(cfg, buf_str(&clean)) != CFG_SUCCESS)
		st = error_set(err, STATUS_NOMEM, "%s: out of memory", shown);
	run->depth--;
	buf_release(&clean);
	return st;
}

static enum status
include_check(struct place at, const char *name)
{
	int i;

	if (run->depth == POLICY_INCLUDES_MAX || run->nfiles == FILES_MAX)
		return place_error(run->err, at, "too many files are included");
	for (i = 0; i < run->depth; i++)
		if (strcmp(run->named[run->open[i]], name) == 0)
			return place_error(run->err, at,
			    "%s includes itself", name);
	return STATUS_OK;
}

static int
conf_include(cfg_t *cfg, cfg_opt_t *opt, int argc, const char **argv)
{
	const struct policy_file *f;
	struct place at = run_place(cfg);
	struct error why = { 0 };
	int line = cfg->line;

	(void)opt;
	if (argc != 1) {
		(void)place_error(run->err, at, "include() takes one file");
		return -1;
	}
	if (load_file(run->load, run->named[run_file()], argv[0], &f, &why) !=
	    STATUS_OK) {
		(void)error_set(run->err, why.code, "%s:%d: %s", at.file,
		    at.line, why.text);
		return -1;
	}
	if (include_check(at, f->path) != STATUS_OK ||
	    conf_parse(cfg, f) != STATUS_OK)
		return -1;
	cfg->line = line;
	return 0;
}

/* Options of a section, until CFG_END(). */
struct opts {
	cfg_opt_t	v[96];
	size_t		n;
};

static void
opts_add(struct opts *o, const char *name, bool list)
{
	cfg_opt_t one = CFG_STR_CB(name, NULL, CFGF_NODEFAULT, conf_value);
	cfg_opt_t many = CFG_STR_LIST_CB(name, NULL, CFGF_NODEFAULT,
	    conf_value);
	size_t i;

	for (i = 0; i < o->n; i++)
		if (strcmp(o->v[i].name, name) == 0)
			return;
	if (o->n + 1 < sizeof(o->v) / sizeof(o->v[0]))
		o->v[o->n++] = list ? many : one;
}

static void
opts_rows(struct opts *o, const struct name_row *rows)
{
	cfg_opt_t end = CFG_END();

	opts_add(o, "_at", false);
	for (; rows->name != NULL; rows++)
		opts_add(o, rows->name, rows->list);
	o->v[o->n] = end;
}

static void
opts_kinds(struct opts *o)
{
	cfg_opt_t end = CFG_END();
	const struct option_row *row;
	size_t i;

	for (i = 0; guard_kinds[i] != NULL; i++)
		for (row = guard_kinds[i]->options; row->name != NULL; row++)
			opts_add(o, row->name, option_is_list(row->type));
	o->v[o->n] = end;
}

/* A value as conf_value() wrote it. */
static const char *
value_split(const char *text, struct place *at)
{
	char *end;
	long file;

	at->line = (int)strtol(text, &end, 10);
	file = strtol(end + 1, &end, 10);
	at->file = run->shown[file];
	at->named = run->named[file];
	return end + 1;
}

static enum status
setting_take(const cfg_opt_t *o, struct setting *s, struct place section)
{
	unsigned i;
	const char *v;
	struct place at;

	s->name = o->name;
	s->at = section;
	s->n = o->nvalues;
	s->v = arena_alloc(run->load->arena, (s->n + 1) * sizeof(*s->v));
	if (s->v == NULL || (s->name = arena_str(run->load->arena,
	    slice_of(o->name))) == NULL)
		return error_nomem(run->err);
	for (i = 0; i < o->nvalues; i++) {
		v = value_split(o->values[i]->string, &at);
		if (i == 0)
			s->at = at;
		s->v[i] = arena_str(run->load->arena, slice_of(v));
		if (s->v[i] == NULL)
			return error_nomem(run->err);
	}
	return STATUS_OK;
}

static enum status
section_take(cfg_t *cfg, struct section *out)
{
	struct arena *a = run->load->arena;
	size_t n;
	enum status st = STATUS_OK;
	const cfg_opt_t *o;

	memset(out, 0, sizeof(*out));
	(void)value_split(cfg_getstr(cfg, "_at"), &out->at);
	for (n = 0, o = cfg->opts; o->name != NULL; o++)
		n++;
	out->settings = arena_alloc(a, (n + 1) * sizeof(*out->settings));
	out->title = arena_str(a, slice_of(cfg_title(cfg)));
	if (out->settings == NULL || out->title == NULL)
		return error_nomem(run->err);
	if (out->title[0] == '\0' || strlen(out->title) > POLICY_NAME_MAX)
		return place_error(run->err, out->at,
		    "a name has 1 to %d bytes", POLICY_NAME_MAX);
	if (strpbrk(out->title, "\t\r\n\x01") != NULL)
		return place_error(run->err, out->at,
		    "a name holds no control characters");
	for (o = cfg->opts; o->name != NULL && st == STATUS_OK; o++)
		if (o->type == CFGT_STR && o->name[0] != '_' &&
		    (o->nvalues > 0 || (o->flags & CFGF_MODIFIED) != 0))
			st = setting_take(o, &out->settings[out->nsettings++],
			    out->at);
	return st;
}

static enum status
sections_take(cfg_t *cfg, const char *name, struct section **out, size_t *n)
{
	unsigned i, count = cfg_size(cfg, name);
	struct section *v;
	enum status st = STATUS_OK;

	v = arena_zalloc(run->load->arena, (count + 1) * sizeof(*v));
	if (v == NULL)
		return error_nomem(run->err);
	for (i = 0; i < count && st == STATUS_OK; i++)
		st = section_take(cfg_getnsec(cfg, name, i), &v[i]);
	*out = v;
	*n = count;
	return st;
}

/* The sections of that name within each of n sections. */
static enum status
inner_take(cfg_t *cfg, const char *outer, const char *name, struct section *v,
    size_t n)
{
	enum status st = STATUS_OK;
	unsigned i;

	for (i = 0; i < n && st == STATUS_OK; i++)
		st = sections_take(cfg_getnsec(cfg, outer, i), name,
		    &v[i].inner, &v[i].ninner);
	return st;
}

static enum status
conf_take(cfg_t *cfg)
{
	struct conf *c = &run->load->conf;
	enum status st;

	if ((st = sections_take(cfg, "guard", &c->guards, &c->nguards)) !=
	    STATUS_OK ||
	    (st = sections_take(cfg, "queue", &c->queues, &c->nqueues)) !=
	    STATUS_OK ||
	    (st = sections_take(cfg, "role", &c->roles, &c->nroles)) !=
	    STATUS_OK ||
	    (st = inner_take(cfg, "guard", "own", c->guards, c->nguards)) !=
	    STATUS_OK)
		return st;
	return inner_take(cfg, "queue", "rule", c->queues, c->nqueues);
}

/* All the options there are, while libconfuse copies them. */
struct tables {
	struct opts	guard, own, rule, queue, role;
};

static cfg_t *
conf_init(void)
{
	const cfg_flag_t titled = CFGF_MULTI | CFGF_TITLE | CFGF_NO_TITLE_DUPES;
	cfg_opt_t end = CFG_END();
	struct tables *t;
	cfg_t *cfg;

	if ((t = calloc(1, sizeof(*t))) == NULL)
		return NULL;
	opts_rows(&t->guard, guard_names);
	opts_kinds(&t->guard);
	opts_rows(&t->own, own_names);
	t->guard.v[t->guard.n++] = (cfg_opt_t)CFG_SEC("own", t->own.v, titled);
	t->guard.v[t->guard.n] = end;
	opts_rows(&t->rule, rule_names);
	opts_rows(&t->role, role_names);
	opts_rows(&t->queue, queue_names);
	t->queue.v[t->queue.n++] = (cfg_opt_t)CFG_SEC("rule", t->rule.v,
	    titled);
	t->queue.v[t->queue.n] = end;
	{
		cfg_opt_t root[] = {
			CFG_SEC("guard", t->guard.v, titled),
			CFG_SEC("queue", t->queue.v, titled),
			CFG_SEC("role", t->role.v, titled),
			CFG_FUNC("include", conf_include),
			CFG_END()
		};
		cfg = cfg_init(root, CFGF_NONE);
	}
	free(t);
	if (cfg != NULL)
		(void)cfg_set_error_function(cfg, conf_error);
	return cfg;
}

enum status
conf_read(struct load *load, const struct policy_file *file, struct error *err)
{
	/* libconfuse's messages in one language with ours. */
	locale_t plain = newlocale(LC_ALL_MASK, "C", (locale_t)0), before;
	struct conf_run r;
	enum status st;
	cfg_t *cfg;

	if (plain == (locale_t)0)
		return error_nomem(err);
	memset(&r, 0, sizeof(r));
	r.load = load;
	r.err = err;
	(void)pthread_mutex_lock(&conf_lock);
	before = uselocale(plain);
	run = &r;
	if ((cfg = conf_init()) == NULL) {
		st = error_nomem(err);
	} else {
		if ((st = conf_parse(cfg, file)) == STATUS_OK)
			st = conf_take(cfg);
		/* Of what it made half for want of memory libconfuse follows
		 * null pointers; rather lose that than the program. */
		if (st != STATUS_NOMEM)
			(void)cfg_free(cfg);
	}
	run = NULL;
	(void)uselocale(before);
	(void)pthread_mutex_unlock(&conf_lock);
	freelocale(plain);
	return st;
}

const struct setting *
conf_get(const struct section *s, const char *name)
{
	size_t i;

	for (i = 0; i < s->nsettings; i++)
		if (strcmp(s->settings[i].name, name) == 0)
			return &s->settings[i];
	return NULL;
}
