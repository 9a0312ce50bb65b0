/* Leaves as bytes and as chains of hashes: written, read, tampered with. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>

#include <jansson.h>

#include "db/audit/chain.h"
#include "core/base/merkle.h"
#include "db/audit/leaf.h"
#include "db/audit/leaf_read.h"

#define DATA	"tests/data/audit-reference/"

/* A leaf checked against those before it, and added. */
static enum status
chain_add(struct audit_chain *c, struct slice leaf,
    struct hash out[MERKLE_MAX], unsigned *n, struct error *err)
{
	struct leaf_view v;
	struct slice log;
	struct hash h;

	*n = 0;
	arena_reset(&c->arena);
	if (leaf_read(&c->json, &c->arena, leaf, &v, err) != STATUS_OK)
		goto bad;
	/* The first leaf names the log that all others must name. */
	log = leaf_text(&v, LEAF_KEY_LOG);
	if (c->tree.size == 0 && log.n < sizeof(c->log))
		(void)snprintf(c->log, sizeof(c->log), "%.*s", SLICE_ARG(log));
	if (leaf_follows(&v, c->log, &c->prev, (int64_t)c->tree.size, err) !=
	    STATUS_OK)
		goto bad;
	hash_leaf(c->hasher, leaf, &h);
	*n = merkle_add(c->hasher, &c->tree, &h, out);
	c->prev = h;
	return STATUS_OK;
bad:
	return error_prefix(err, "leaf %llu", (unsigned long long)c->tree.size);
}

/* Size and root of a file of leaves; false where the chain breaks. */
static bool
chain_of(const char *path, uint64_t *size, struct hash *root, struct error *err)
{
	struct hash out[MERKLE_MAX];
	struct audit_chain c;
	char line[70000];
	unsigned n;
	bool ok = true;
	FILE *f;

	assert_non_null(f = fopen(path, "r"));
	assert_int_equal(audit_chain_init(&c, err), STATUS_OK);
	while (ok && fgets(line, sizeof(line), f) != NULL) {
		line[strcspn(line, "\n")] = '\0';
		ok = chain_add(&c, slice_of(line), out, &n, err) ==
		    STATUS_OK;
	}
	*size = c.tree.size;
	merkle_root(c.hasher, &c.tree, root);
	audit_chain_release(&c);
	fclose(f);
	return ok;
}

static void
test_reference_log(void **state)
{
	struct error err = { 0 };
	struct hash out[MERKLE_MAX], root;
	struct audit_chain c;
	char line[4096], hex[HASH_HEX];
	json_t *want;
	json_error_t why;
	unsigned n;
	size_t i = 0;
	FILE *f;

	(void)state;
	assert_non_null(want = json_load_file(DATA "expected.json", 0, &why));
	assert_non_null(f = fopen(DATA "leaves.jsonl", "r"));
	assert_int_equal(audit_chain_init(&c, &err), STATUS_OK);
	while (fgets(line, sizeof(line), f) != NULL) {
		line[strcspn(line, "\n")] = '\0';
		if (chain_add(&c, slice_of(line), out, &n, &err) !=
		    STATUS_OK)
			fail_msg("%s", err.text);
		hash_hex(&out[0], hex);
		assert_string_equal(hex, json_string_value(json_array_get(
		    json_object_get(want, "leaf_hash_hex"), i)));
		merkle_root(c.hasher, &c.tree, &root);
		hash_hex(&root, hex);
		assert_string_equal(hex, json_string_value(json_array_get(
		    json_object_get(want, "root_by_size_hex"), ++i)));
	}
	assert_int_equal(i, 7);
	assert_string_equal(c.log, json_string_value(json_object_get(want,
	    "origin")));
	audit_chain_release(&c);
	json_decref(want);
	fclose(f);
}

static void
test_tampered_logs(void **state)
{
	struct error err;
	struct hash root;
	json_error_t why;
	json_t *want, *o;
	const char *name, *verdict;
	char path[256];
	uint64_t size;
	size_t n = 0;

	(void)state;
	assert_non_null(want = json_load_file(DATA "tampered/expected.json", 0,
	    &why));
	json_object_foreach(want, name, o) {
		(void)snprintf(path, sizeof(path), DATA "tampered/%s",
		    json_string_value(json_object_get(o, "file")));
		verdict = json_string_value(json_object_get(o,
		    "hash_chain_only"));
		memset(&err, 0, sizeof(err));
		if (chain_of(path, &size, &root, &err) !=
		    (strcmp(verdict, "NOT detected") == 0))
			fail_msg("%s: %s", name, err.text);
		n++;
	}
	assert_int_equal(n, 10);
	json_decref(want);
}

static const struct actor ana = { "ana \"a\"", "member", "cli", 1001 };

static void
test_written_in_canonical_form(void **state)
{
	struct error err = { 0 };
	struct hash h = { { 0xab } };
	struct leaf_field f[] = {
		{ .key = "zeal", .type = LEAF_BOOL, .number = 1 },
		{ .key = "queue", .text = SLICE("a\n\x01\x7f/\\\xc3\xa9\t\b\f\r") },
		{ .key = "amount", .type = LEAF_INT, .number = -17 },
		{ .key = "content_sha256", .type = LEAF_HASH, .hash = &h },
		{ .key = "none", .type = LEAF_NULL },
		{ .key = "absent" }
	};
	struct leaf_head head = { &ana, "decision", "host/1", SLICE("i-1"), &h, 5,
	    1767225609120, 0 };
	struct buf b = BUF_INIT;

	(void)state;
	assert_int_equal(leaf_write(&b, &head, f, 6, &err), STATUS_OK);
	assert_string_equal(buf_str(&b), "{\"absent\":\"\",\"actor\":{\"name\":"
	    "\"ana \\\"a\\\"\",\"role\":\"member\",\"uid\":1001,\"via\":\"cli\"},\"amount\":-17,"
	    "\"content_sha256\":\"ab00000000000000000000000000000000000000000000"
	    "000000000000000000\",\"event\":\"decision\",\"item\":\"i-1\","
	    "\"log\":\"host/1\",\"none\":null,\"prev\":\"ab000000000000000000"
	    "00000000000000000000000000000000000000000000\","
	    "\"queue\":\"a\\n\\u0001\x7f/\\\\\xc3\xa9\\t\\b\\f\\r\",\"seq\":5,"
	    "\"ts\":\"2026-01-01T00:00:09.120Z\",\"v\":\"audit/1\","
	    "\"zeal\":true}");
	/* The clock was set back. */
	head.back_ms = 1200;
	assert_int_equal(leaf_write(&b, &head, f, 6, &err), STATUS_OK);
	assert_non_null(strstr(buf_str(&b), "\"amount\":-17,\"back_ms\":1200,"
	    "\"content_sha256\":\"ab0"));
	assert_non_null(strstr(buf_str(&b), "\"seq\":5,\"ts\":\"2026-01-01T00:00:"
	    "09.120Z\",\"v\":\"audit/1\",\"zeal\":true}"));
	buf_release(&b);
}

/* leaf_read() finds them in one walk. */
static void
test_the_keys_looked_at_are_sorted(void **state)
{
	enum leaf_key k;

	(void)state;
	for (k = 1; k < LEAF_KEY_COUNT; k++)
		if (strcmp(leaf_key_name[k - 1], leaf_key_name[k]) >= 0)
			fail_msg("%s before %s", leaf_key_name[k - 1],
			    leaf_key_name[k]);
}

static void
test_what_cannot_be_written(void **state)
{
	struct error err = { 0 };
	const struct actor unnamed = { "\xff", "member", "cli", 1001 };
	const struct actor unranked = { "ana", "\xff", "cli", 1001 };
	struct hash h = { { 0 } };
	struct leaf_head head = { &ana, "export", "host/1", SLICE_NONE, &h, 5, 0, 0 };
	struct leaf_field big[] = {
		{ .key = "n", .type = LEAF_INT, .number = LEAF_INT_MAX + 1 }
	};
	struct leaf_field bad[] = { { .key = "t", .text = SLICE("a\xff") } };
	struct leaf_field longs[] = { { .key = "t" } };
	char *text = malloc(LEAF_MAX);
	struct buf b = BUF_INIT;

	(void)state;
	assert_non_null(text);
	memset(text, 'x', LEAF_MAX);
	longs[0].text = (struct slice){ text, LEAF_MAX };
	assert_int_equal(leaf_write(&b, &head, big, 1, &err), STATUS_INVALID);
	error_clear(&err);
	assert_int_equal(leaf_write(&b, &head, bad, 1, &err), STATUS_INVALID);
	error_clear(&err);
	assert_int_equal(leaf_write(&b, &head, longs, 1, &err), STATUS_LIMIT);
	error_clear(&err);
	big[0].number = -LEAF_INT_MAX - 1;
	assert_int_equal(leaf_write(&b, &head, big, 1, &err), STATUS_INVALID);
	error_clear(&err);
	head.item = SLICE("\xff");
	assert_int_equal(leaf_write(&b, &head, NULL, 0, &err), STATUS_INVALID);
	error_clear(&err);
	head.item = SLICE_NONE;
	head.actor = &unnamed;
	assert_int_equal(leaf_write(&b, &head, NULL, 0, &err), STATUS_INVALID);
	error_clear(&err);
	head.actor = &unranked;
	assert_int_equal(leaf_write(&b, &head, NULL, 0, &err), STATUS_INVALID);
	error_clear(&err);
	head.actor = &ana;
	head.ts_ms = -1;
	assert_int_equal(leaf_write(&b, &head, NULL, 0, &err), STATUS_INVALID);
	buf_release(&b);
	free(text);
}

#define Z64	"00000000000000000000000000000000" "00000000000000000000000000000000"
#define HEAD	"{\"actor\":{\"name\":\"a\",\"role\":\"r\",\"uid\":0,\"via\":\"cli\"},"
#define TAIL	"\"event\":\"export\",\"log\":\"h/1\",\"prev\":\"" Z64 "\",\"seq\":0,\"ts\":\"2026-01-01T00:00:00.000Z\",\"v\":\"audit/1\"}"

static void
test_only_one_form_is_read(void **state)
{
	static const struct {
		const char	*leaf;
		bool		 good;
	} rows[] = {
		{ HEAD TAIL, true },
		{ HEAD "\"c\":[1,{\"a\":-2,\"b\":[]},\"\\u001f\\n\"]," TAIL, true },
		{ HEAD "\"c\":{}," TAIL, true },
		{ HEAD TAIL " ", false },
		{ " " HEAD TAIL, false },
		{ HEAD " " TAIL, false },
		{ HEAD "\"c\": 1," TAIL, false },
		{ HEAD "\"c\" :1," TAIL, false },
		{ HEAD "\"c\":[ ]," TAIL, false },
		{ HEAD "\"c\":[1 ]," TAIL, false },
		{ HEAD "\"c\":[1, 2]," TAIL, false },
		{ HEAD "\"c\":1.0," TAIL, false },
		{ HEAD "\"c\":1e3," TAIL, false },
		{ HEAD "\"c\":-0," TAIL, false },
		{ HEAD "\"f\":1," TAIL, false },
		{ HEAD "\"c\":\"\\u0041\"," TAIL, false },
		{ HEAD "\"c\":\"\\u000a\"," TAIL, false },
		{ HEAD "\"c\":\"\\u001F\"," TAIL, false },
		{ HEAD "\"c\":\"\\/\"," TAIL, false },
		{ HEAD "\"\\u0063\":1," TAIL, false },
		{ HEAD "\"b\":1,\"b\":2," TAIL, false },
		{ "[]", false }, { "", false }, { "{}", false }, { "7", false },
		{ TAIL, false },
		{ "{\"actor\":7," TAIL, false },
		{ HEAD "\"c\":123456789012345678," TAIL, false },
		{ HEAD "\"c\":1E3," TAIL, false },
		{ HEAD "\"c\":\"\\u0100\"," TAIL, false },
		{ HEAD "\"c\":\"\\u0020\"," TAIL, false },
		{ HEAD "\"c\":\"\\u1041\"," TAIL, false },
		{ HEAD "\"c\":\"\\u0008\"," TAIL, false },
		{ HEAD "\"c\":\"\\u0001\\u000b\"," TAIL, true },
		{ HEAD "\"c\":\"\\u0018\\u001a\\\"\\\\\"," TAIL, true },
		{ HEAD "\"c\":{\"a\":1 }," TAIL, false },
		{ HEAD "\"c\":{ \"a\":1}," TAIL, false },
		{ HEAD "\"cc\":1,\"c\":2," TAIL, false },
		{ HEAD "\"c\":1,\"cc\":2," TAIL, true },
		{ HEAD TAIL "{}", false },
		{ HEAD "\"event\":\"e\",\"log\":\"h/1\",\"prev\":\"" Z64 "\",\"seq\":0,"
		    "\"ts\":\"2026-01-01T00:00:00.000Z\",\"v\":\"audit/2\"}", false },
		{ HEAD "\"event\":\"e\",\"log\":\"h/1\",\"prev\":\"" Z64 "\",\"seq\":0,"
		    "\"ts\":\"2026-01-01 00:00:00.000Z\",\"v\":\"audit/1\"}", false },
	};
	struct error err;
	struct leaf_view v;
	struct json d = JSON_INIT;
	struct arena a = ARENA_INIT;
	char *long_leaf;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		memset(&err, 0, sizeof(err));
		if ((leaf_read(&d, &a, slice_of(rows[i].leaf), &v, &err) ==
		    STATUS_OK) != rows[i].good)
			fail_msg("%s: %s", rows[i].leaf, err.text);
	}
	memset(&err, 0, sizeof(err));
	long_leaf = calloc(1, LEAF_MAX + 2);
	assert_non_null(long_leaf);
	memset(long_leaf, ' ', LEAF_MAX + 1);
	assert_int_equal(leaf_read(&d, &a, slice_of(long_leaf), &v, &err),
	    STATUS_INVALID);
	free(long_leaf);
	json_release(&d);
	arena_release(&a);
}

/* What is asked of a leaf, there or not, and of its type or not. */
static void
test_what_a_leaf_says(void **state)
{
	static const char leaf[] = "{\"actor\":{\"name\":7,\"role\":\"r\"},"
	    "\"back_ms\":\"x\",\"event\":\"export\",\"log\":\"h/1\",\"named\":null,"
	    "\"number\":7,\"prev\":\"" Z64 "\",\"seq\":4,\"test\":true,"
	    "\"ts\":\"2026-01-01T00:00:00.000Z\",\"undoes\":null,\"v\":\"audit/1\"}";
	static const char untyped[] = "{\"actor\":{\"uid\":\"x\"},\"event\":"
	    "\"export\",\"log\":\"h/1\",\"prev\":\"" Z64 "\",\"seq\":5,"
	    "\"ts\":\"2026-01-01T00:00:00.000Z\",\"v\":\"audit/1\"}";
	static const char unnamed[] = "{\"actor\":{},\"event\":"
	    "\"export\",\"log\":\"h/1\",\"prev\":\"0\",\"seq\":4,"
	    "\"ts\":\"2026-01-01T00:00:00.000Z\",\"v\":\"audit/1\"}";
	struct hash prev = { { 0 } }, other = { { 1 } };
	struct error err = { 0 };
	struct leaf_view v;
	struct json d = JSON_INIT;
	struct arena a = ARENA_INIT;
	int64_t n;

	(void)state;
	if (leaf_read(&d, &a, SLICE(leaf), &v, &err) != STATUS_OK)
		fail_msg("%s", err.text);
	assert_null(leaf_text(&v, LEAF_KEY_SEQ).p);
	assert_null(leaf_text(&v, LEAF_KEY_QUEUE).p);
	assert_null(leaf_other_text(&v, "number").p);
	assert_null(leaf_other_text(&v, "none").p);
	assert_null(leaf_actor_text(&v, "name").p);
	assert_null(leaf_actor_text(&v, "via").p);
	assert_true(slice_is(leaf_actor_text(&v, "role"), "r"));
	assert_false(leaf_other_is(&v, "none", 0));
	assert_true(leaf_other_is(&v, "named", 0));
	assert_false(leaf_other_is(&v, "named", 1));
	assert_true(leaf_other_is(&v, "number", 7));
	assert_false(leaf_other_is(&v, "number", 0));
	assert_false(leaf_other_is(&v, "number", 8));
	assert_false(leaf_other_is(&v, "log", 8));
	assert_true(leaf_int(&v, LEAF_KEY_SEQ, &n));
	assert_int_equal(n, 4);
	assert_false(leaf_int(&v, LEAF_KEY_LOG, &n));
	assert_false(leaf_int(&v, LEAF_KEY_ROWS, &n));
	assert_true(leaf_null(&v, LEAF_KEY_UNDOES));
	assert_true(leaf_null(&v, LEAF_KEY_ROWS));
	assert_false(leaf_null(&v, LEAF_KEY_SEQ));
	assert_true(leaf_true(&v, LEAF_KEY_TEST));
	assert_false(leaf_true(&v, LEAF_KEY_SEQ));
	assert_false(leaf_true(&v, LEAF_KEY_ROWS));
	assert_int_equal(leaf_follows(&v, "h/1", &prev, 4, &err), STATUS_OK);
	assert_int_equal(leaf_follows(&v, "h/2", &prev, 4, &err), STATUS_CORRUPT);
	assert_int_equal(leaf_follows(&v, "h/1", &prev, 5, &err), STATUS_CORRUPT);
	assert_int_equal(leaf_follows(&v, "h/1", &other, 4, &err), STATUS_CORRUPT);
	assert_false(leaf_actor_is(&v, 0));
	error_clear(&err);
	if (leaf_read(&d, &a, SLICE(untyped), &v, &err) != STATUS_OK)
		fail_msg("%s", err.text);
	assert_false(leaf_actor_is(&v, 0));
	assert_int_equal(leaf_follows(&v, "h/1", &prev, 4, &err), STATUS_CORRUPT);
	error_clear(&err);
	if (leaf_read(&d, &a, SLICE(unnamed), &v, &err) != STATUS_OK)
		fail_msg("%s", err.text);
	assert_int_equal(leaf_follows(&v, "h/1", &prev, 4, &err), STATUS_CORRUPT);
	json_release(&d);
	arena_release(&a);
}

static void
test_times(void **state)
{
	static const struct {
		int64_t		 ms;
		const char	*text;
	} rows[] = {
		{ 0, "1970-01-01T00:00:00.000Z" },
		{ 951782399999, "2000-02-28T23:59:59.999Z" },
		{ 951782400000, "2000-02-29T00:00:00.000Z" },
		{ 4107542399999, "2100-02-28T23:59:59.999Z" },
		{ 4107542400000, "2100-03-01T00:00:00.000Z" },
		{ 253402300799999, "9999-12-31T23:59:59.999Z" }
	};
	static const char *const bad[] = {
		"2026-02-29T00:00:00.000Z", "2026-01-01T24:00:00.000Z",
		"2026-01-01T00:60:00.000Z", "2026-13-01T00:00:00.000Z",
		"2026-00-01T00:00:00.000Z", "2026-01-00T00:00:00.000Z",
		"1969-12-31T23:59:59.999Z", "1970-01-00T00:00:00.000Z", "2026-01-01T00:00:00.000+",
		"2026-01-01 00:00:00.000Z", "2026-01-01T00:00:00Z", "",
		"202/-01-01T00:00:00.000Z", "202:-01-01T00:00:00.000Z",
		"2026-01-01T00:00:00x000Z", "0000-01-01T00:00:00.000Z"
	};
	char text[LEAF_TS_LEN + 1];
	int64_t ms;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_true(leaf_ts_write(rows[i].ms, text));
		assert_string_equal(text, rows[i].text);
		assert_true(leaf_ts_read(slice_of(text), &ms));
		assert_int_equal(ms, rows[i].ms);
	}
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(leaf_ts_read(slice_of(bad[i]), &ms));
	assert_false(leaf_ts_write(253402300800000, text));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_reference_log),
		cmocka_unit_test(test_tampered_logs),
		cmocka_unit_test(test_written_in_canonical_form),
		cmocka_unit_test(test_the_keys_looked_at_are_sorted),
		cmocka_unit_test(test_what_cannot_be_written),
		cmocka_unit_test(test_only_one_form_is_read),
		cmocka_unit_test(test_what_a_leaf_says),
		cmocka_unit_test(test_times),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
