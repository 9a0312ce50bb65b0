#include "tui/cmd/policy_diff.h"

#include <stdio.h>

#include "tui/cmd/diff.h"

static const struct policy_file *
file_of(const struct policy *p, const char *path)
{
	size_t i;

	for (i = 0; i < p->nfiles; i++)
		if (strcmp(p->files[i].path, path) == 0)
			return &p->files[i];
	return NULL;
}

static enum status
diff_one(struct buf *b, const struct policy_file *old,
    const struct policy_file *new, const struct policy *a,
    const struct policy *z, struct error *err)
{
	struct slice none = SLICE("");
	char label_a[512], label_b[512];
	const char *path = old != NULL ? old->path : new->path;

	(void)snprintf(label_a, sizeof(label_a), "%.*s/%s", POLICY_SHORT, a->id,
	    path);
	(void)snprintf(label_b, sizeof(label_b), "%.*s/%s", POLICY_SHORT, z->id,
	    path);
	return diff_bytes(b, old == NULL ? none : old->bytes,
	    new == NULL ? none : new->bytes, label_a, label_b, err);
}

enum status
policy_diff(struct buf *b, const struct policy *old, const struct policy *new,
    bool *differ, struct error *err)
{
	const struct policy_file *f, *g;
	enum status st = STATUS_OK;
	size_t i;

	*differ = strcmp(old->id, new->id) != 0;
	/* The first file is the policy itself, whatever it was called. */
	if (!slice_eq(old->files[0].bytes, new->files[0].bytes))
		st = diff_one(b, &old->files[0], &new->files[0], old, new, err);
	for (i = 1; i < old->nfiles && st == STATUS_OK; i++) {
		f = &old->files[i];
		g = file_of(new, f->path);
		if (g == NULL || !slice_eq(f->bytes, g->bytes))
			st = diff_one(b, f, g, old, new, err);
	}
	for (i = 1; i < new->nfiles && st == STATUS_OK; i++)
		if (file_of(old, new->files[i].path) == NULL)
			st = diff_one(b, NULL, &new->files[i], old, new, err);
	return st;
}
