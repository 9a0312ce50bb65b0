/* SHA-256, HMAC and their hexadecimal form. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>

#include <jansson.h>

#include "core/base/hash.h"
#include "tests/unit/values.h"

static void
test_known_hashes(void **state)
{
	static const struct slice parts[] = {
		{ "a", 1 }, { NULL, 0 }, { "bc", 2 }
	};
	struct error err = { 0 };
	struct hasher *h;
	struct hash a, b, c;
	char hex[HASH_HEX];

	(void)state;
	assert_int_equal(hasher_new(&h, &err), STATUS_OK);
	hash_bytes(h, SLICE("abc"), &a);
	hash_hex(&a, hex);
	assert_string_equal(hex, "ba7816bf8f01cfea414140de5dae2223"
	    "b00361a396177a9cb410ff61f20015ad");
	hash_parts(h, parts, 3, &b);
	assert_true(hash_eq(&a, &b));
	hash_leaf(h, SLICE("abc"), &b);
	hash_bytes(h, (struct slice){ "\0abc", 4 }, &c);
	assert_true(hash_eq(&b, &c));
	assert_false(hash_eq(&a, &b));
	hash_bytes(h, SLICE_NONE, &a);
	hash_hex(&a, hex);
	assert_string_equal(hex, "e3b0c44298fc1c149afbf4c8996fb924"
	    "27ae41e4649b934ca495991b7852b855");
	hasher_free(h);
	hasher_free(NULL);
}

static void
test_hex_is_strict(void **state)
{
	char hex[HASH_HEX], back[HASH_HEX];
	struct hash h;
	int i;

	(void)state;
	for (i = 0; i < 64; i++)
		hex[i] = "0123456789abcdef"[i * 7 % 16];
	hex[64] = '\0';
	assert_true(hash_from_hex(slice_of(hex), &h));
	hash_hex(&h, back);
	assert_string_equal(hex, back);
	assert_false(hash_from_hex((struct slice){ hex, 63 }, &h));
	assert_false(hash_from_hex(SLICE_NONE, &h));
	hex[9] = 'A';
	assert_false(hash_from_hex(slice_of(hex), &h));
	hex[9] = 'g';
	assert_false(hash_from_hex(slice_of(hex), &h));
}

static size_t
unhex(const char *s, uint8_t *out, size_t max)
{
	unsigned v;
	size_t i;

	assert_op(strlen(s) / 2, <=, max);
	for (i = 0; i < strlen(s) / 2; i++) {
		assert_int_equal(sscanf(s + 2 * i, "%2x", &v), 1);
		out[i] = (uint8_t)v;
	}
	return i;
}

static bool
hmac_vector_holds(json_t *t)
{
	uint8_t key[512], msg[1024], tag[HASH_LEN];
	struct error err = { 0 };
	struct hash h;
	size_t nkey, nmsg, ntag;

	nkey = unhex(json_string_value(json_object_get(t, "key")), key,
	    sizeof(key));
	nmsg = unhex(json_string_value(json_object_get(t, "msg")), msg,
	    sizeof(msg));
	ntag = unhex(json_string_value(json_object_get(t, "tag")), tag,
	    sizeof(tag));
	assert_int_equal(hash_hmac((struct slice){ (char *)key, nkey },
	    (struct slice){ (char *)msg, nmsg }, &h, &err), STATUS_OK);
	return memcmp(h.b, tag, ntag) == 0;
}

static void
test_hmac_vectors(void **state)
{
	const char *shared = getenv("HANDRAIL_SHARED");
	json_t *root, *groups, *tests, *t;
	json_error_t why;
	char path[512];
	size_t i, j, n = 0;
	bool valid;

	(void)state;
	(void)snprintf(path, sizeof(path),
	    "%s/vectors/wycheproof/testvectors_v1/hmac_sha256_test.json",
	    shared == NULL ? "../shared" : shared);
	if ((root = json_load_file(path, 0, &why)) == NULL) {
		print_message("%s is not here\n", path);
		skip();
	}
	groups = json_object_get(root, "testGroups");
	for (i = 0; i < json_array_size(groups); i++) {
		tests = json_object_get(json_array_get(groups, i), "tests");
		for (j = 0; j < json_array_size(tests); j++, n++) {
			t = json_array_get(tests, j);
			valid = strcmp(json_string_value(json_object_get(t,
			    "result")), "valid") == 0;
			assert_op(hmac_vector_holds(t), ==, valid);
		}
	}
	json_decref(root);
	assert_int_equal(n, 174);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_known_hashes),
		cmocka_unit_test(test_hex_is_strict),
		cmocka_unit_test(test_hmac_vectors),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
