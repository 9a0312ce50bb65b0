/*
 * RFC 6962 trees: roots by size, proofs made and checked, and the vectors of
 * the transparency-dev project.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

#include <jansson.h>
#include <openssl/evp.h>

#include "core/base/hash.h"
#include "tests/unit/values.h"
#include "core/base/merkle.h"

#define LEAVES	8
static const char *const leaf_hex[LEAVES] = {
	"", "00", "10", "2021", "3031", "40414243", "5051525354555657",
	"606162636465666768696a6b6c6d6e6f"
};
static const char *const root_hex[LEAVES + 1] = {
	"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
	"6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
	"fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
	"aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
	"d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
	"4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
	"76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
	"ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
	"5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"
};

static struct hasher *hasher;

static int
setup(void **state)
{
	struct error err = { 0 };

	(void)state;
	return hasher_new(&hasher, &err) == STATUS_OK ? 0 : -1;
}

static int
teardown(void **state)
{
	(void)state;
	hasher_free(hasher);
	return 0;
}

static void
leaf_at(size_t i, struct hash *out)
{
	uint8_t b[16];
	unsigned v;
	size_t k, n = strlen(leaf_hex[i]) / 2;

	for (k = 0; k < n; k++) {
		assert_int_equal(sscanf(leaf_hex[i] + 2 * k, "%2x", &v), 1);
		b[k] = (uint8_t)v;
	}
	hash_leaf(hasher, (struct slice){ (char *)b, n }, out);
}

static void
test_roots_by_size(void **state)
{
	struct merkle m = { 0 };
	struct hash leaf, root, out[MERKLE_MAX];
	char hex[HASH_HEX];
	size_t i;

	(void)state;
	for (i = 0; ; i++) {
		merkle_root(hasher, &m, &root);
		hash_hex(&root, hex);
		assert_string_equal(hex, root_hex[i]);
		if (i == LEAVES)
			break;
		leaf_at(i, &leaf);
		assert_int_equal(merkle_add(hasher, &m, &leaf, out),
		    __builtin_ctzll(i + 1) + 1);
	}
}

/* A tree with all its complete subtrees kept, as the store keeps them. */
#define BIG	70
struct kept {
	struct hash	node[8][BIG];
	struct hash	root[BIG + 1];
	struct merkle	m;
};

static enum status
kept_node(void *arg, unsigned level, uint64_t index, struct hash *out,
    struct error *err)
{
	struct kept *k = arg;

	if (level > 7 || ((index + 1) << level) > k->m.size)
		return error_set(err, STATUS_CORRUPT, "no such subtree");
	*out = k->node[level][index];
	return STATUS_OK;
}

static void
kept_fill(struct kept *k)
{
	struct hash leaf, out[MERKLE_MAX];
	unsigned j, n;
	uint64_t i;

	memset(k, 0, sizeof(*k));
	for (i = 0; ; i++) {
		merkle_root(hasher, &k->m, &k->root[i]);
		if (i == BIG)
			break;
		hash_leaf(hasher, (struct slice){ (char *)&i, sizeof(i) }, &leaf);
		n = merkle_add(hasher, &k->m, &leaf, out);
		for (j = 0; j < n; j++)
			k->node[j][((i + 1) >> j) - 1] = out[j];
	}
}

static void
test_inclusion_of_every_leaf(void **state)
{
	static struct kept k;
	struct merkle_source src = { kept_node, &k };
	struct error err = { 0 };
	struct hash proof[MERKLE_MAX], root;
	uint64_t leaf, size;
	unsigned n;

	(void)state;
	kept_fill(&k);
	for (size = 1; size <= BIG; size++) {
		assert_int_equal(merkle_root_at(hasher, &src, size, &root, &err),
		    STATUS_OK);
		assert_true(hash_eq(&root, &k.root[size]));
		for (leaf = 0; leaf < size; leaf++) {
			assert_int_equal(merkle_inclusion(hasher, &src, leaf,
			    size, proof, &n, &err), STATUS_OK);
			assert_true(merkle_check_inclusion(hasher, leaf, size,
			    &k.node[0][leaf], proof, n, &root));
			assert_false(merkle_check_inclusion(hasher, leaf, size,
			    &k.node[0][(leaf + 1) % BIG], proof, n, &root));
			assert_false(merkle_check_inclusion(hasher, leaf, size,
			    &k.node[0][leaf], proof, n + 1, &root));
		}
	}
	assert_int_equal(merkle_inclusion(hasher, &src, 5, 5, proof, &n, &err),
	    STATUS_INVALID);
}

/* One that cannot read the nth part of the tree it is asked for. */
struct failing {
	struct kept	*k;
	unsigned	 after;
};

static enum status
failing_node(void *arg, unsigned level, uint64_t index, struct hash *out,
    struct error *err)
{
	struct failing *f = arg;

	if (f->after-- == 0)
		return error_set(err, STATUS_IO, "it cannot be read");
	return kept_node(f->k, level, index, out, err);
}

/* A part of the tree that cannot be read is told of, whichever it is. */
static void
test_a_tree_that_cannot_be_read(void **state)
{
	static struct kept k;
	struct failing f = { .k = &k };
	struct merkle_source src = { failing_node, &f };
	struct hash proof[2 * MERKLE_MAX], root;
	struct error err = { 0 };
	enum status st = STATUS_IO;
	unsigned n, i;

	(void)state;
	kept_fill(&k);
	for (i = 0; st == STATUS_IO; i++) {
		error_clear(&err);
		f.after = i;
		st = merkle_consistency(hasher, &src, 38, 69, proof, &n, &err);
	}
	assert_int_equal(st, STATUS_OK);
	assert_op(i, >, 4);
	assert_true(merkle_check_consistency(hasher, 38, 69, &k.root[38],
	    &k.root[69], proof, n));
	f.after = 0;
	assert_int_equal(merkle_inclusion(hasher, &src, 3, 69, proof, &n, &err),
	    STATUS_IO);
	error_clear(&err);
	/* The empty tree has nothing to read, and is the beginning of every other. */
	assert_int_equal(merkle_root_at(hasher, &src, 0, &root, &err), STATUS_OK);
	assert_true(hash_eq(&root, &k.root[0]));
	assert_int_equal(merkle_consistency(hasher, &src, 0, 5, proof, &n, &err),
	    STATUS_OK);
	assert_int_equal(n, 0);
	assert_false(merkle_check_subtree(hasher, 3, 2, 5, &root, &root, proof, 0));
}

static void
test_consistency_of_all_sizes(void **state)
{
	static struct kept k;
	struct merkle_source src = { kept_node, &k };
	struct error err = { 0 };
	struct hash proof[2 * MERKLE_MAX];
	uint64_t from, to;
	unsigned n;

	(void)state;
	kept_fill(&k);
	for (to = 1; to <= BIG; to++)
		for (from = 1; from <= to; from++) {
			assert_int_equal(merkle_consistency(hasher, &src, from,
			    to, proof, &n, &err), STATUS_OK);
			assert_true(merkle_check_consistency(hasher, from, to,
			    &k.root[from], &k.root[to], proof, n));
			assert_false(merkle_check_consistency(hasher, from, to,
			    &k.root[from - 1], &k.root[to], proof, n));
		}
	assert_int_equal(merkle_consistency(hasher, &src, 6, 5, proof, &n, &err),
	    STATUS_INVALID);
}

/* The vectors. */

/* 32 bytes as they are; anything else (false) as a hash that nothing else has. */
static bool
b64_hash(const json_t *v, struct hash *out)
{
	const char *s = json_string_value(v);
	uint8_t b[512];
	size_t len;
	int n;

	assert_non_null(s);
	len = strlen(s);
	assert_op(len, <, 512);
	n = EVP_DecodeBlock(b, (const uint8_t *)s, (int)len);
	assert_op(n, >=, 0);
	while (len > 0 && s[len - 1] == '=') {
		len--;
		n--;
	}
	if (n == HASH_LEN)
		memcpy(out->b, b, HASH_LEN);
	else
		hash_leaf(hasher, (struct slice){ (char *)b, (size_t)n }, out);
	return n == HASH_LEN;
}

static uint64_t
number(const json_t *o, const char *key)
{
	const json_t *v = json_object_get(o, key);

	/* 18446744073709551615 is beyond jansson's integers. */
	if (json_is_real(v) && json_real_value(v) >= 0x1p64)
		return UINT64_MAX;
	return (uint64_t)json_number_value(v);
}

/* A power of two not below n divides start: then [start, start + n) is whole. */
static bool
subtree_valid(uint64_t start, uint64_t end)
{
	uint64_t unit = 1;

	if (start >= end)
		return start == end;
	while (unit < end - start)
		unit <<= 1;
	return start % unit == 0;
}

static bool
vector_holds(const json_t *o)
{
	struct hash proof[2 * MERKLE_MAX], a, b;
	const json_t *list = json_object_get(o, "proof");
	bool inclusion = json_object_get(o, "leafIdx") != NULL;
	uint64_t start = 0, end;
	unsigned i;

	if (json_array_size(list) > MERKLE_MAX)
		return false;
	for (i = 0; i < json_array_size(list); i++)
		b64_hash(json_array_get(list, i), &proof[i]);
	if (!b64_hash(json_object_get(o, inclusion ? "leafHash" : "root1"), &a) &&
	    inclusion)
		return false;
	b64_hash(json_object_get(o, inclusion ? "root" : "root2"), &b);
	if (json_object_get(o, "start") != NULL) {
		start = number(o, "start");
		end = number(o, "end");
		if (!subtree_valid(start, end))
			return false;
	} else
		end = number(o, inclusion ? "treeSize" : "size1");
	if (inclusion)
		return number(o, "leafIdx") >= start && merkle_check_inclusion(
		    hasher, number(o, "leafIdx") - start, end - start, &a,
		    proof, i, &b);
	if (json_object_get(o, "size") != NULL)
		return merkle_check_subtree(hasher, start, end,
		    number(o, "size"), &a, &b, proof, i);
	return merkle_check_consistency(hasher, end, number(o, "size2"), &a, &b,
	    proof, i);
}

static unsigned
run_folder(const char *path)
{
	char sub[1024];
	struct dirent *e;
	json_error_t why;
	json_t *o;
	DIR *d;
	unsigned n = 0;

	if ((d = opendir(path)) == NULL)
		return 0;
	while ((e = readdir(d)) != NULL) {
		if (e->d_name[0] == '.')
			continue;
		(void)snprintf(sub, sizeof(sub), "%s/%s", path, e->d_name);
		if (e->d_type == DT_DIR) {
			n += run_folder(sub);
			continue;
		}
		o = json_load_file(sub, JSON_DECODE_INT_AS_REAL, &why);
		assert_non_null(o);
		if (vector_holds(o) != !json_is_true(json_object_get(o,
		    "wantErr")))
			fail_msg("%s", sub);
		json_decref(o);
		n++;
	}
	closedir(d);
	return n;
}

static void
test_vectors(void **state)
{
	const char *shared = getenv("HANDRAIL_SHARED");
	char path[512];
	unsigned n;

	(void)state;
	(void)snprintf(path, sizeof(path),
	    "%s/vectors/rfc6962-merkle-vectors/testdata",
	    shared == NULL ? "../shared" : shared);
	if ((n = run_folder(path)) == 0) {
		print_message("%s is not here\n", path);
		skip();
	}
	assert_int_equal(n, 518);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_roots_by_size),
		cmocka_unit_test(test_inclusion_of_every_leaf),
		cmocka_unit_test(test_a_tree_that_cannot_be_read),
		cmocka_unit_test(test_consistency_of_all_sizes),
		cmocka_unit_test(test_vectors),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
