#include "core/policy/load.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/expr/expr.h"
#include "core/guard/sweep.h"

static const char builtin_text[] =
    "queue \"default\" { guards = { \"secrets\", \"pii\", \"profanity\" }"
    "  lease = \"15m\"  sla = \"24h\"\n"
    "  rule \"leaked secret\" { when = \"failed('secrets')\""
    "  route = escalate }\n"
    "  rule \"confident\" { when = \"confidence >= 0.92 AND failures = 0\""
    "  route = approve } }\n";
#define BUILTIN_NAME	"built-in"

/* For a queue that no policy speaks of. */
static const struct queue_policy flag_all = {
	.name = ITEM_QUEUE, .number = QUEUE_NONE, .lease_ms = 900000,
	.sla_ms = 86400000
};

const char *
route_name(enum route r)
{
	static const char *const names[] = {
		[ROUTE_APPROVE] = "approve", [ROUTE_FLAG] = "flag",
		[ROUTE_ESCALATE] = "escalate"
	};

	return names[r];
}

enum status
place_error(struct error *err, struct place at, const char *fmt, ...)
{
	char text[sizeof(err->text)];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	return error_set(err, STATUS_INVALID, "%s:%d:%d: %s", at.file, at.line,
	    at.column, text);
}

enum status
place_prefix(struct error *err, struct place at, const char *what,
    const char *title)
{
	return error_prefix(err, "%s:%d:%d: %s \"%s\"", at.file, at.line,
	    at.column, what, title);
}

/* "./a" and "a" are one file. */
static const char *
path_join(struct arena *a, const char *from, const char *name)
{
	const char *slash = strrchr(from, '/');
	size_t n = slash == NULL ? 0 : (size_t)(slash - from) + 1;

	while (name[0] == '.' && name[1] == '/')
		for (name += 2; *name == '/'; name++)
			;
	if (name[0] == '/' || n == 0)
		return arena_str(a, slice_of(name));
	return arena_printf(a, "%.*s%s", (int)n, from, name).p;
}

const char *
load_shown(struct load *l, const char *name)
{
	if (name[0] == '/')
		return name;
	return arena_printf(l->arena, "%s%s", l->dir, name).p;
}

static enum status
files_push(struct load *l, const char *path, struct buf *bytes,
    struct policy_file **out, struct error *err)
{
	struct policy_file *f, **v;
	bool fresh;
	size_t cap;

	if (l->nfiles == l->cap) {
		cap = l->cap == 0 ? 16 : l->cap * 2;
		if ((v = realloc(l->files, cap * sizeof(*v))) == NULL)
			return error_nomem(err);
		l->files = v;
		l->cap = cap;
	}
	if ((f = arena_alloc(l->arena, sizeof(*f))) == NULL)
		return error_nomem(err);
	f->path = path;
	f->bytes = (struct slice){ arena_str(l->arena, buf_slice(bytes)),
	    bytes->n };
	if (f->bytes.p == NULL)
		return error_nomem(err);
	l->files[l->nfiles] = *out = f;
	return titles_add(&l->paths, 0, path, (uint32_t)l->nfiles++, &fresh,
	    err);
}

/* The file that the policy names `path`, read at most once. */
static enum status
files_get(struct load *l, const char *path, struct policy_file **out,
    struct error *err)
{
	struct buf bytes = BUF_INIT;
	const char *shown;
	enum status st;
	uint32_t known;
	size_t i;

	if (titles_find(&l->paths, 0, slice_of(path), &known)) {
		*out = l->files[known];
		return STATUS_OK;
	}
	for (i = 0; path[i] != '\0'; i++)
		if ((unsigned char)path[i] < ' ')
			return error_set(err, STATUS_INVALID,
			    "a path holds no control characters");
	if ((shown = load_shown(l, path)) == NULL)
		return error_nomem(err);
	st = l->loader->load(l->loader->arg, shown, &bytes, err);
	if (st == STATUS_OK && (st = buf_check(&bytes, err)) == STATUS_OK)
		st = files_push(l, path, &bytes, out, err);
	buf_release(&bytes);
	return st;
}

enum status
load_file(struct load *l, const char *from, const char *name,
    const struct policy_file **out, struct error *err)
{
	const char *path = path_join(l->arena, from, name);
	struct policy_file *f;
	enum status st;

	if (path == NULL)
		return error_nomem(err);
	if ((st = files_get(l, path, &f, err)) == STATUS_OK)
		*out = f;
	return st;
}

struct dir_run {
	struct load		*load;
	const char		*dir;
	struct policy_file	*v;
	size_t			 n, cap;
};

static enum status
dir_each(void *arg, const char *relative, struct error *err)
{
	struct dir_run *d = arg;
	const char *path = arena_printf(d->load->arena, "%s/%s", d->dir,
	    relative).p;
	struct policy_file *f, *v;
	size_t cap;
	enum status st;

	if (path == NULL)
		return error_nomem(err);
	if ((st = files_get(d->load, path, &f, err)) != STATUS_OK)
		return st;
	if (d->n == d->cap) {
		cap = d->cap == 0 ? 16 : d->cap * 2;
		if ((v = realloc(d->v, cap * sizeof(*v))) == NULL)
			return error_nomem(err);
		d->v = v;
		d->cap = cap;
	}
	d->v[d->n].bytes = f->bytes;
	d->v[d->n].path = arena_str(d->load->arena, slice_of(relative));
	return d->v[d->n++].path == NULL ? error_nomem(err) : STATUS_OK;
}

enum status
load_dir(struct load *l, const char *from, const char *name,
    struct policy_file **out, size_t *n, struct error *err)
{
	struct dir_run d = { l, path_join(l->arena, from, name), NULL, 0, 0 };
	const char *shown;
	enum status st;

	shown = d.dir == NULL ? NULL : load_shown(l, d.dir);
	if (shown == NULL)
		return error_nomem(err);
	if (l->loader->list == NULL)
		return error_set(err, STATUS_INVALID,
		    "%s: folders cannot be read here", shown);
	st = l->loader->list(l->loader->arg, shown, dir_each, &d, err);
	if (st == STATUS_OK) {
		*n = d.n;
		*out = arena_copy(l->arena, d.v, d.n * sizeof(*d.v));
		if (*out == NULL)
			st = error_nomem(err);
	}
	free(d.v);
	return st;
}

enum status
policy_files_id(const struct policy_file *files, size_t n, char id[HASH_HEX],
    struct error *err)
{
	struct buf manifest = BUF_INIT;
	char hex[HASH_HEX];
	struct hasher *h;
	struct hash sum;
	enum status st;
	size_t i;

	if ((st = hasher_new(&h, err)) != STATUS_OK)
		return st;
	for (i = 0; i < n; i++) {
		hash_bytes(h, files[i].bytes, &sum);
		hash_hex(&sum, hex);
		buf_printf(&manifest, "%s  %s\n", hex, files[i].path);
	}
	if ((st = buf_check(&manifest, err)) == STATUS_OK) {
		hash_bytes(h, buf_slice(&manifest), &sum);
		hash_hex(&sum, id);
	}
	hasher_free(h);
	buf_release(&manifest);
	return st;
}

/* The id, and the files in one array. */
static enum status
policy_seal(struct load *l, struct error *err)
{
	struct policy *p = l->policy;
	struct policy_file *files;
	size_t i;

	files = arena_alloc(l->arena, l->nfiles * sizeof(*files));
	if (files == NULL)
		return error_nomem(err);
	for (i = 0; i < l->nfiles; i++)
		files[i] = *l->files[i];
	p->files = files;
	p->nfiles = l->nfiles;
	return policy_files_id(files, p->nfiles, p->id, err);
}

static enum status
policy_read(struct load *l, struct error *err)
{
	const char *path = l->policy->path, *base;
	const struct policy_file *first = NULL;
	enum status st;

	base = strrchr(path, '/') == NULL ? path : strrchr(path, '/') + 1;
	l->dir = arena_str(l->arena, (struct slice){ path,
	    (size_t)(base - path) });
	if (l->dir == NULL)
		return error_nomem(err);
	if ((st = load_file(l, "", base, &first, err)) != STATUS_OK ||
	    (st = conf_read(l, first, err)) != STATUS_OK ||
	    (st = policy_guards(l, err)) != STATUS_OK ||
	    (st = policy_queues(l, err)) != STATUS_OK ||
	    (st = policy_roles(l, err)) != STATUS_OK)
		return st;
	return policy_seal(l, err);
}

enum status
policy_load(struct policy **out, const char *path, const struct loader *loader,
    const struct guard_outside *outside, struct error *err)
{
	struct load l;
	enum status st;

	*out = NULL;
	memset(&l, 0, sizeof(l));
	if ((l.policy = calloc(1, sizeof(*l.policy))) == NULL)
		return error_nomem(err);
	l.arena = &l.policy->arena;
	l.loader = loader;
	l.outside = outside;
	l.policy->path = arena_str(l.arena, slice_of(path));
	st = l.policy->path == NULL ? error_nomem(err) : policy_read(&l, err);
	free(l.files);
	titles_release(&l.paths);
	titles_release(&l.guards);
	titles_release(&l.listed);
	titles_release(&l.alike);
	expr_set_free(l.check);
	if (st != STATUS_OK) {
		policy_free(l.policy);
		return st;
	}
	*out = l.policy;
	return STATUS_OK;
}

enum status
policy_builtin(struct policy **out, struct error *err)
{
	static const struct policy_file file = {
		BUILTIN_NAME, { builtin_text, sizeof(builtin_text) - 1 }
	};
	struct policy_stored stored;
	struct loader loader = policy_stored_loader(&file, 1, &stored);

	return policy_load(out, BUILTIN_NAME, &loader, NULL, err);
}

void
policy_free(struct policy *p)
{
	size_t i;

	if (p == NULL)
		return;
	for (i = 0; i < p->nguards; i++)
		if (p->guards[i].kind != NULL && p->guards[i].kind->free != NULL)
			p->guards[i].kind->free(p->guards[i].compiled);
	for (i = 0; i < p->nqueues; i++)
		if (!p->queues[i].sweep_shared)
			sweep_free(p->queues[i].sweep);
	titles_release(&p->queue_titles);
	arena_release(&p->arena);
	free(p);
}

const struct queue_policy *
policy_queue(const struct policy *p, struct slice name)
{
	uint32_t i;

	if (titles_find(&p->queue_titles, 0, name, &i) ||
	    titles_find(&p->queue_titles, 0, slice_of(ITEM_QUEUE), &i))
		return &p->queues[i];
	return &flag_all;
}

static const struct policy_file *
stored_find(const struct policy_stored *s, const char *path)
{
	size_t i;

	for (i = 0; i < s->n; i++)
		if (strcmp(s->files[i].path, path) == 0)
			return &s->files[i];
	return NULL;
}

/* A path as the policy names it: without the folder that it is loaded from. */
static const char *
stored_name(const struct policy_stored *s, const char *path)
{
	if (s->prefix <= strlen(path) && stored_find(s, path) == NULL)
		return path + s->prefix;
	return path;
}

/* A policy asks for its files in the order in which it once did. */
static const struct policy_file *
stored_next(const struct policy_stored *s, const char *path)
{
	const struct policy_file *f;

	if (s->next >= s->n)
		return NULL;
	f = &s->files[s->next];
	return strcmp(f->path, path) == 0 || (s->prefix <= strlen(path) &&
	    strcmp(f->path, path + s->prefix) == 0) ? f : NULL;
}

static enum status
stored_load(void *arg, const char *path, struct buf *out, struct error *err)
{
	struct policy_stored *s = arg;
	const struct policy_file *f;
	const char *slash = strrchr(path, '/');

	if (!s->begun && s->n > 0) {
		s->begun = true;
		s->prefix = slash == NULL ? 0 : (size_t)(slash - path) + 1;
		f = &s->files[0];
	} else if ((f = stored_next(s, path)) == NULL) {
		f = stored_find(s, stored_name(s, path));
	}
	if (f == NULL)
		return error_set(err, STATUS_NOT_FOUND,
		    "%s: not stored with the policy", path);
	s->next = (size_t)(f - s->files) + 1;
	buf_add_slice(out, f->bytes);
	return buf_check(out, err);
}

/* Is the file below the folder?  Then its path there, else NULL. */
static const char *
stored_below(const struct policy_file *f, const char *dir)
{
	size_t n = strlen(dir);

	return strncmp(f->path, dir, n) == 0 && f->path[n] == '/' ?
	    f->path + n + 1 : NULL;
}

static enum status
stored_list(void *arg, const char *dir, enum status (*each)(void *,
    const char *, struct error *), void *each_arg, struct error *err)
{
	struct policy_stored *s = arg;
	const char *name = dir, *relative;
	enum status st = STATUS_OK;
	size_t i;

	for (i = 0; i < s->n && stored_below(&s->files[i], name) == NULL; i++)
		;
	if (i == s->n && s->prefix <= strlen(dir))
		name = dir + s->prefix;
	for (i = 0; i < s->n && st == STATUS_OK; i++)
		if ((relative = stored_below(&s->files[i], name)) != NULL)
			st = each(each_arg, relative, err);
	return st;
}

struct loader
policy_stored_loader(const struct policy_file *files, size_t n,
    struct policy_stored *s)
{
	*s = (struct policy_stored){ files, n, 0, 0, false };
	return (struct loader){ stored_load, stored_list, s };
}

const char *
may_name(unsigned may)
{
	static const char *const names[] = {
		"review", "escalated", "undo", "lease", "export", "audit",
		"policy", "erase"
	};
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (may == 1u << i)
			return names[i];
	return NULL;
}
