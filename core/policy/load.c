#include "core/policy/load.h"

#include <stdlib.h>
#include <string.h>

#include "core/expr/expr.h"

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

void
load_release(struct load *l)
{
	free(l->files);
	titles_release(&l->paths);
	titles_release(&l->guards);
	titles_release(&l->listed);
	titles_release(&l->alike);
	expr_set_free(l->check);
}
