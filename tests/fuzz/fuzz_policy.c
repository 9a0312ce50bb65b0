/*
 * A policy file; behind a NUL byte what every file has that it names.
 *
 * It must hold that a mistake is told with its place, and that a policy which
 * loads has an id, loads again from the bytes it keeps, and then has that id.
 */
#include <stdlib.h>

#include "core/policy.h"

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

static void
warned(void *arg, const char *text)
{
	(void)arg;
	if (strncmp(text, "policy.conf", 6) != 0 && strchr(text, ':') == NULL)
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
		if (err.code == STATUS_OK || strchr(err.text, ':') == NULL)
			abort();
		return 0;
	}
	(void)policy_lint(p, warned, NULL);
	if (policy_queue(p, SLICE("x")) == NULL || strlen(p->id) != 64)
		abort();
	load_again(p);
	policy_free(p);
	return 0;
}
