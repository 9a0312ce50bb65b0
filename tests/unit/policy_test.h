/* What the tests of policies share: files that are only in memory. */
#ifndef TESTS_POLICY_TEST_H
#define TESTS_POLICY_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "core/policy/loader.h"
#include "core/policy/policy.h"
#include "core/policy/read.h"
#include "tests/unit/values.h"

struct memory_file {
	const char	*path, *text;
};

/* The file that has no path ends the list. */
static inline enum status
memory_load(void *arg, const char *path, struct buf *out, struct error *err)
{
	const struct memory_file *f;

	for (f = arg; f->path != NULL; f++) {
		if (strcmp(f->path, path) == 0) {
			buf_puts(out, f->text);
			return STATUS_OK;
		}
	}
	return error_set(err, STATUS_NOT_FOUND, "%s: no such file", path);
}

static inline enum status
memory_list(void *arg, const char *dir, enum status (*each)(void *,
    const char *, struct error *), void *each_arg, struct error *err)
{
	const struct memory_file *f;
	size_t n = strlen(dir);
	enum status st = STATUS_OK;

	for (f = arg; f->path != NULL && st == STATUS_OK; f++)
		if (strncmp(f->path, dir, n) == 0 && f->path[n] == '/')
			st = each(each_arg, f->path + n + 1, err);
	return st;
}

static inline enum status
memory_policy(struct policy **p, const struct memory_file *files,
    const char *path, struct error *err)
{
	struct loader loader = { memory_load, memory_list,
	    (void *)(uintptr_t)files };

	error_clear(err);
	return policy_load(p, path, &loader, NULL, err);
}

/* A policy of one file, "policy.conf", that must load. */
static inline struct policy *
policy_of(const char *text)
{
	struct memory_file files[] = { { "policy.conf", text },
	    { NULL, NULL } };
	struct error err;
	struct policy *p;

	if (memory_policy(&p, files, "policy.conf", &err) != STATUS_OK)
		fail_msg("%s", err.text);
	return p;
}

#endif
