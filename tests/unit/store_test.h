/*
 * A folder of its own for each test, and a store in it.  A test fails that leaves
 * other files there than those named here.
 */
#ifndef TESTS_STORE_TEST_H
#define TESTS_STORE_TEST_H

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "db/audit/audit.h"
#include "tests/unit/values.h"

#define UNUSED	__attribute__((unused))

static char dir[64], path[128], copy[128], other[128];
static struct store *store UNUSED;	/* open with store_setup() */
static const struct store_options making UNUSED = { .create = true,
    .wait_ms = 5000 };
static const struct store_options making_test UNUSED = { .create = true,
    .test = true, .wait_ms = 5000 };
static const struct actor ana UNUSED = { "ana", "member", "cli", 1001 };

/* A folder in which nothing is yet. */
static UNUSED int
dir_setup(void **state)
{
	(void)state;
	(void)snprintf(dir, sizeof(dir), "/tmp/handrail-unit-XXXXXX");
	if (mkdtemp(dir) == NULL)
		return -1;
	(void)snprintf(path, sizeof(path), "%s/store.db", dir);
	(void)snprintf(copy, sizeof(copy), "%s/copy.db", dir);
	(void)snprintf(other, sizeof(other), "%s/other", dir);
	return 0;
}

static UNUSED struct store *
open_at(const char *p, const struct store_options *o, bool *created)
{
	struct error err = { 0 };
	struct store *s = NULL;

	if (store_open(&s, p, o, created, &err) != STATUS_OK)
		fail_msg("%s", err.text);
	return s;
}

static UNUSED int
store_setup(void **state)
{
	if (dir_setup(state) != 0)
		return -1;
	store = open_at(path, &making, NULL);
	return 0;
}

static UNUSED void
remove_store(const char *p)
{
	static const char *const suffix[] = { "", "-wal", "-shm", "-lock", "-key" };
	char name[256];
	size_t i;

	for (i = 0; i < sizeof(suffix) / sizeof(suffix[0]); i++) {
		(void)snprintf(name, sizeof(name), "%s%s", p, suffix[i]);
		(void)unlink(name);
	}
}

static UNUSED int
store_teardown(void **state)
{
	(void)state;
	store_close(store);
	store = NULL;
	remove_store(path);
	remove_store(copy);
	(void)unlink(other);
	return rmdir(dir);
}

#endif
