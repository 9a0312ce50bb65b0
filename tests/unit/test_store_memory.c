/* Each allocation of opening, appending, asking and verifying fails in turn. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "db/audit/query.h"
#include "db/audit/verify.h"
#include "db/backup.h"
#include "db/query.h"
#include "tests/unit/memory_test.h"
#include "tests/unit/store_test.h"
#include "tests/unit/values.h"

static enum status
count_leaf(void *arg, const struct audit_found *f, struct error *err)
{
	(void)f;
	(void)err;
	++*(int *)arg;
	return STATUS_OK;
}

static enum status
use(struct store *s, struct error *err)
{
	struct audit_filter f = { .where = "uid = 1001", .since_ms = -1,
	    .until_ms = -1, .limit = -1 };
	struct audit_report r;
	enum status st;
	int n = 0;

	if ((st = store_begin(s, DURABLE_BULK, err)) != STATUS_OK)
		return st;
	if ((st = audit_append(s, &ana, 1, "export", SLICE_NONE, NULL, 0, NULL,
	    err)) != STATUS_OK) {
		store_rollback(s);
		return st;
	}
	if ((st = store_commit(s, err)) != STATUS_OK ||
	    (st = audit_query(s, &f, count_leaf, &n, err)) != STATUS_OK ||
	    (st = audit_verify(s, NULL, NULL, &r, err)) != STATUS_OK)
		return st;
	assert_op(n, >, 0);
	assert_int_equal(r.problems, 0);
	return store_backup(s, copy, NULL, NULL, err);
}

/* Everything once with n allocations. */
static enum status
run_with(long n, struct error *err)
{
	struct store *s;
	enum status st;

	memset(err, 0, sizeof(*err));
	left = n;
	if ((st = store_open(&s, path, &making_test, NULL, err)) == STATUS_OK)
		st = use(s, err);
	store_close(s);
	left = -1;
	(void)unlink(copy);
	return st;
}

static void
test_no_memory_is_an_error_and_no_more(void **state)
{
	struct error err;
	enum status st;
	long n, before;

	(void)state;
	/* Once for what the libraries set up and keep. */
	if (run_with(-1, &err) != STATUS_OK)
		fail_msg("%s", err.text);
	st = run_with(-1, &err);
	before = live;
	for (n = 0; ; n += 1 + n / 100) {
		if ((st = run_with(n, &err)) == STATUS_OK)
			break;
		if (err.text[0] == '\0' || live > before)
			fail_msg("%ld allocations: %d \"%s\", %ld kept", n, st,
			    err.text, live - before);
	}
#ifndef SANITIZED
	print_message("%ld allocations were enough\n", n);
	assert_op(n, >, 50);
#endif
	if (run_with(-1, &err) != STATUS_OK)
		fail_msg("afterwards: %s", err.text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
		    test_no_memory_is_an_error_and_no_more, dir_setup,
		    store_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
