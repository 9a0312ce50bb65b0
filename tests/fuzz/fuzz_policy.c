/*
 * A policy file; behind a NUL byte what every file has that it names.
 *
 * It must hold that a mistake is told with file, line and column, and that a
 * policy which loads has an id, loads again from the bytes it keeps, and then has
 * that id; and that its rules come to an end over any item.
 */
#include <stdio.h>
#include <stdlib.h>

#include "core/judge/judge.h"
#include "core/policy/lint.h"
#include "core/policy/loader.h"
#include "core/policy/read.h"
#include "core/shape/read.h"

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

struct input {
	struct slice	policy, other;
};

static enum status
load(void *arg, const char *path, struct buf *out, struct error *err)
{
	const struct input *in = arg;

	buf_add_slice(out, strcmp(path, "policy.conf") == 0 ? in->policy :
	    in->other);
	return buf_check(out, err);
}

static enum status
list(void *arg, const char *dir, enum status (*each)(void *, const char *,
    struct error *), void *each_arg, struct error *err)
{
	(void)arg;
	(void)dir;
	return each(each_arg, "a.json", err);
}

/* "FILE:LINE:COLUMN: "; a file's name may fill the message. */
static bool
has_place(const char *text)
{
	int line, column, n = 0;
	const char *p;

	for (p = text; (p = strchr(p, ':')) != NULL; p++)
		if (sscanf(p, ":%d:%d: %n", &line, &column, &n) == 2 &&
		    n > 0 && line > 0 && column > 0)
			return true;
	return strlen(text) > 900;
}

static void
warned(void *arg, const char *text)
{
	(void)arg;
	if (!has_place(text))
		abort();
}

static void
load_again(const struct policy *p)
{
	struct policy_stored stored;
	struct loader loader = policy_stored_loader(p->files, p->nfiles,
	    &stored);
	struct error err = { STATUS_OK, "" };
	struct policy *again;

	if (policy_load(&again, "policy.conf", &loader, NULL, &err) !=
	    STATUS_OK || strcmp(again->id, p->id) != 0)
		abort();
	policy_free(again);
}

struct judging {
	struct judge	*judge;
	struct arena	 arena;
};

static enum status
judge_one(void *arg, const struct item *item, struct error *err)
{
	struct judging *j = arg;
	struct verdict v;
	enum status st = judge_item(j->judge, item, &j->arena, &v, err);

	if (st == STATUS_OK && v.rule == NULL)
		abort();
	return st;
}

/* Without guards: patterns have a fuzzer of their own. */
static void
judge(const struct policy *p)
{
	static const char empty[] = "{\"output\":\"\"}";
	static const char full[] = "{\"queue\":\"q\",\"output\":{\"a\":[1,\"x\"]},"
	    "\"confidence\":0.5,\"model\":\"m\",\"metadata\":{\"a\":\"30\",\"b\":"
	    "-1e300},\"guards\":[{\"name\":\"tox\",\"result\":\"fail\",\"score\":1}]}";
	static const char other[] = "{\"queue\":\"a\",\"output\":\"\\ud83d\\ude00 t\","
	    "\"metadata\":{\"a\":9223372036854775807}}";
	static const char *const records[] = { empty, full, other };
	struct judge_options options = { .all_rules = true };
	struct item_reader reader = { 0 };
	struct judging j = { NULL, ARENA_INIT };
	struct error err = { STATUS_OK, "" };
	size_t i;

	reader.arena = &j.arena;
	if (judge_new(&j.judge, p, &options, &err) != STATUS_OK)
		abort();
	for (i = 0; i < sizeof(records) / sizeof(records[0]); i++) {
		arena_reset(&j.arena);
		if (item_read(&reader, slice_of(records[i]), judge_one, &j,
		    &err) != STATUS_OK)
			abort();
	}
	judge_free(j.judge);
	item_reader_release(&reader);
	arena_release(&j.arena);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	const char *text = (const char *)data;
	const char *nul = n == 0 ? NULL : memchr(text, '\0', n);
	struct input in = { { text, n }, SLICE("") };
	struct loader loader = { load, list, &in };
	struct error err = { STATUS_OK, "" };
	struct policy *p;

	if (nul != NULL) {
		in.policy.n = (size_t)(nul - text);
		in.other = (struct slice){ nul + 1, n - in.policy.n - 1 };
	}
	if (policy_load(&p, "policy.conf", &loader, NULL, &err) != STATUS_OK) {
		if (err.code == STATUS_OK || (err.code == STATUS_INVALID &&
		    !has_place(err.text)))
			abort();
		return 0;
	}
	(void)policy_lint(p, warned, NULL);
	if (policy_queue(p, SLICE("x")) == NULL || strlen(p->id) != 64)
		abort();
	load_again(p);
	if (p->nguards == 0)
		judge(p);
	policy_free(p);
	return 0;
}
