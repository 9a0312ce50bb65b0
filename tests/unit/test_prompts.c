/* Prompts and bundles of a store: who may what, and what a caller gets. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "core/prompt/render.h"
#include "queue/prompt/bundle_make.h"
#include "queue/prompt/bundle_use.h"
#include "queue/prompt/prompts.h"
#include "tests/unit/store_test.h"

static struct arena arena;
static struct session *owner, *guest;

/* The store's owner, and somebody who may only read it. */
static int
setup(void **state)
{
	struct identity who;
	struct error err = { 0 };
	struct session_options o = { .who = &who, .store_path = path,
	    .via = "cli", .create = true, .wait_ms = 5000 };

	if (dir_setup(state) != 0 || identity_get(&who, &err) != STATUS_OK ||
	    session_open(&owner, &o, &err) != STATUS_OK)
		return -1;
	o.create = false;
	who = (struct identity){ .uid = 4242, .name = "bob" };
	arena = (struct arena)ARENA_INIT;
	return session_open(&guest, &o, &err) == STATUS_OK ? 0 : -1;
}

static int
teardown(void **state)
{
	(void)state;
	session_close(owner);
	session_close(guest);
	arena_release(&arena);
	return store_teardown(state);
}

static enum status
add(struct session *s, const char *name, const char *text, struct error *err)
{
	struct prompt_adding a = { .record = { .name = slice_of(name) } };

	if (prompt_parse(&a.record.body, slice_of(text), text[0] == '[', &arena,
	    err) != STATUS_OK)
		fail_msg("%s: %s", text, err->text);
	return prompts_add(s, &a, 1, err);
}

static void
a_caller_gets_messages_by_label(void **state)
{
	struct prompt_version v;
	struct prompt_message *m;
	struct error err = { 0 };
	int64_t from, to;

	(void)state;
	assert_int_equal(add(owner, "refund", "first", &err), STATUS_OK);
	assert_int_equal(add(owner, "refund", "[{\"role\":\"system\",\"content\":"
	    "\"Be {{ tone }}.\"}]", &err), STATUS_OK);
	assert_int_equal(prompts_label(owner, SLICE("refund@2"),
	    SLICE("production"), &from, &to, &err), STATUS_OK);
	assert_int_equal(from, 0);
	assert_int_equal(to, 2);
	/* Another handle on the store, as a service has it. */
	assert_int_equal(prompts_get(guest->store, SLICE("refund@production"),
	    &arena, &v, &err), STATUS_OK);
	assert_slice(v.ref, "refund@2");
	assert_slice(v.body.config, "{}");
	assert_int_equal(prompt_render_text(&v.body, SLICE("{\"tone\":"
	    "\"{{tone}}\"}"), true, &arena, &m, &err), STATUS_OK);
	assert_int_equal(v.body.n, 1);
	assert_slice(m[0].role, "system");
	assert_slice(m[0].content, "Be {{tone}}.");
	assert_int_equal(prompt_render_text(&v.body, SLICE_NONE, true, &arena, &m,
	    &err), STATUS_INVALID);
	assert_string_equal(err.text, "variable tone: not set");
	error_clear(&err);
	assert_int_equal(prompt_render_text(&v.body, SLICE("{\"tone\":1,\"tone\":2}"),
	    true, &arena, &m, &err), STATUS_INVALID);
	error_clear(&err);
	/* A label that moves is followed at once. */
	assert_int_equal(prompts_label(owner, SLICE("refund@1"),
	    SLICE("production"), &from, &to, &err), STATUS_OK);
	assert_int_equal(prompts_get(guest->store, SLICE("refund@production"),
	    &arena, &v, &err), STATUS_OK);
	assert_slice(v.ref, "refund@1");
	assert_int_equal(prompts_get(guest->store, SLICE("refund@canary"),
	    &arena, &v, &err), STATUS_NOT_FOUND);
}

static void
denied(enum status st, struct error *err, const char *text)
{
	assert_int_equal(st, STATUS_DENIED);
	assert_string_equal(err->text, text);
	error_clear(err);
}

static void
only_who_may_changes_anything(void **state)
{
	struct bundle_making m = { .label = SLICE("production") };
	struct bundle_used used;
	struct prompt_version v;
	struct error err = { 0 };
	int64_t from, to;

	(void)state;
	assert_int_equal(add(owner, "refund", "first", &err), STATUS_OK);
	assert_int_equal(bundles_make(owner, &m, &err), STATUS_OK);
	denied(add(guest, "refund", "second", &err), &err, "bob may not add a "
	    "prompt: ask for a role with may = { \"policy\" }");
	denied(prompts_label(guest, SLICE("refund@1"), SLICE("production"), &from,
	    &to, &err), &err, "bob may not move a label: ask for a role with "
	    "may = { \"policy\" }");
	denied(bundles_make(guest, &m, &err), &err, "bob may not make a "
	    "bundle: ask for a role with may = { \"policy\" }");
	denied(bundles_use(guest, m.n, &arena, &used, &err), &err, "bob may "
	    "not put a bundle in force: ask for a role with may = { \"policy\" "
	    "}");
	assert_int_equal(prompts_get(guest->store, SLICE("refund"), &arena, &v,
	    &err), STATUS_OK);
	assert_slice(v.ref, "refund@1");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_caller_gets_messages_by_label,
		    setup, teardown),
		cmocka_unit_test_setup_teardown(only_who_may_changes_anything,
		    setup, teardown)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
