#include "core/policy/loader.h"

#include <string.h>

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
