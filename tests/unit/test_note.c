/* Signed notes and checkpoints: made, read, and the vectors of others. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>

#include <jansson.h>
#include <openssl/evp.h>

#include "core/base/note.h"
#include "values.h"

static json_t *
vectors(const char *name)
{
	const char *shared = getenv("HANDRAIL_SHARED");
	json_error_t why;
	char path[512];
	json_t *root;

	(void)snprintf(path, sizeof(path), "%s/vectors/%s",
	    shared == NULL ? "../shared" : shared, name);
	if ((root = json_load_file(path, 0, &why)) == NULL)
		print_message("%s is not here\n", path);
	return root;
}

static const char *
word(const json_t *o, const char *key)
{
	return json_string_value(json_object_get(o, key));
}

static size_t
unhex(const char *s, uint8_t *out, size_t max)
{
	size_t i, n = strlen(s) / 2;

	assert_op(n, <=, max);
	for (i = 0; i < n; i++)
		out[i] = (uint8_t)(hex_digit(s[2 * i]) << 4 |
		    hex_digit(s[2 * i + 1]));
	return n;
}

static void
test_ed25519_vectors(void **state)
{
	json_t *root = vectors("wycheproof/testvectors_v1/ed25519_test.json");
	json_t *groups, *group, *t;
	uint8_t key[64], msg[4096], sig[256];
	struct error err = { 0 };
	size_t i, j, nmsg, nsig, n = 0;

	(void)state;
	if (root == NULL)
		skip();
	groups = json_object_get(root, "testGroups");
	json_array_foreach(groups, i, group) {
		assert_int_equal(unhex(word(json_object_get(group, "publicKey"),
		    "pk"), key, sizeof(key)), NOTE_KEY_LEN);
		json_array_foreach(json_object_get(group, "tests"), j, t) {
			nmsg = unhex(word(t, "msg"), msg, sizeof(msg));
			nsig = unhex(word(t, "sig"), sig, sizeof(sig));
			if ((note_signed_by(key, (struct slice){ (char *)msg, nmsg },
			    (struct slice){ (char *)sig, nsig }, &err) == STATUS_OK) !=
			    (strcmp(word(t, "result"), "valid") == 0))
				fail_msg("test %lld: %s", (long long)
				    json_integer_value(json_object_get(t, "tcId")),
				    word(t, "comment"));
			n++;
		}
	}
	json_decref(root);
	assert_int_equal(n, 151);
}

/* One note of the vectors: opened as it must be, by those keys and no other. */
static void
open_holds(const json_t *o)
{
	const json_t *vkeys = json_object_get(o, "vkeys");
	const json_t *by = json_object_get(o, "verified_by");
	const char *b64 = word(o, "note_b64");
	unsigned char *bytes = malloc(strlen(b64) + 4);
	struct note_key keys[4];
	struct error err = { 0 };
	size_t i, n, known = json_array_size(vkeys), found = 0;
	bool signed_by[4];
	struct slice text;

	assert_op(known, <=, 4);
	for (i = 0; i < known; i++)
		assert_int_equal(note_key_read(&keys[i], slice_of(
		    json_string_value(json_array_get(vkeys, i))), &err), STATUS_OK);
	n = (size_t)EVP_DecodeBlock(bytes, (const unsigned char *)b64,
	    (int)strlen(b64));
	for (i = strlen(b64); i > 0 && b64[i - 1] == '='; i--)
		n--;
	if ((note_open((struct slice){ (char *)bytes, n }, keys, known, &text,
	    signed_by, &err) == STATUS_OK) !=
	    json_is_true(json_object_get(o, "valid")))
		fail_msg("%s: %s", word(o, "name"), err.text);
	for (i = 0; i < known; i++)
		found += signed_by[i];
	if (err.code == STATUS_OK)
		assert_int_equal(found, json_array_size(by));
	free(bytes);
}

static void
test_note_vectors(void **state)
{
	json_t *root = vectors("signed-note/vectors.json"), *o;
	struct note_signer s;
	struct error err = { 0 };
	struct buf b = BUF_INIT;
	size_t i;

	(void)state;
	if (root == NULL)
		skip();
	json_array_foreach(json_object_get(root, "open"), i, o)
		open_holds(o);
	assert_int_equal(i, 14);
	o = json_object_get(root, "sign");
	assert_int_equal(note_signer_read(&s, slice_of(word(o, "skey")), &err),
	    STATUS_OK);
	assert_int_equal(note_sign(&s, slice_of(word(o, "text")), &b, &err),
	    STATUS_OK);
	assert_non_null(strstr(buf_str(&b), word(o, "signature_line")));
	buf_clear(&b);
	note_signer_write(&s, &b);
	assert_string_equal(buf_str(&b), word(o, "skey"));
	buf_release(&b);
	json_decref(root);
}

/* A key and a checkpoint go round: written, read, and the same. */
static void
test_checkpoint_goes_round(void **state)
{
	static const uint8_t seed[NOTE_KEY_LEN] = { 1, 2, 3 };
	struct checkpoint c = { "host-12345678", 7, { { 9 } } }, d;
	struct buf text = BUF_INIT, note = BUF_INIT, vkey = BUF_INIT;
	struct error err = { 0 };
	struct note_signer s;
	struct note_key k;
	struct slice got;
	bool by;

	(void)state;
	assert_int_equal(note_signer_make(&s, c.origin, seed, &err), STATUS_OK);
	note_key_write(&s.key, &vkey);
	buf_putc(&vkey, '\n');
	assert_int_equal(note_key_read(&k, buf_slice(&vkey), &err), STATUS_OK);
	checkpoint_write(&c, &text);
	assert_int_equal(note_sign(&s, buf_slice(&text), &note, &err), STATUS_OK);
	assert_int_equal(note_open(buf_slice(&note), &k, 1, &got, &by, &err),
	    STATUS_OK);
	assert_true(by && slice_eq(got, buf_slice(&text)));
	assert_int_equal(checkpoint_read(&d, got, &err), STATUS_OK);
	assert_true(d.size == 7 && hash_eq(&d.root, &c.root));
	assert_string_equal(d.origin, c.origin);
	note.p[3] ^= 1;			/* another log's name */
	assert_int_equal(note_open(buf_slice(&note), &k, 1, &got, &by, &err),
	    STATUS_CORRUPT);
	error_clear(&err);
	vkey.p[2] ^= 1;
	assert_int_equal(note_key_read(&k, buf_slice(&vkey), &err),
	    STATUS_INVALID);
	error_clear(&err);
	assert_int_equal(note_signer_make(&s, "a b", seed, &err), STATUS_INVALID);
	buf_release(&text);
	buf_release(&note);
	buf_release(&vkey);
}

/* What is no checkpoint: a size with a leading zero, a root cut short. */
static void
test_checkpoint_is_strict(void **state)
{
	static const char *const bad[] = {
		"", "a\n", "a\n7\n", "\n7\nAAAA\n", "a\n07\nAAAA\n",
		"a\n-1\nAAAA\n", "a\n7\nAAAA\n", "a\n7x\nAAAA\n", "a\n\nAAAA\n",
		"a\n1234567890123456789\nAAAA\n", "a\n7\n", "a\n0\nAA=A\n",
		"a\n7\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n"
	};
	struct error err;
	struct checkpoint c;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		error_clear(&err);
		assert_int_equal(checkpoint_read(&c, slice_of(bad[i]), &err),
		    STATUS_INVALID);
	}
}

/* A key whose id is that of its name and bytes, and what is none. */
static void
test_keys_are_strict(void **state)
{
	static const uint8_t seed[NOTE_KEY_LEN] = { 1, 2, 3 };
	static const char *const bad[] = {
		"", "\n", "host", "+00000000+AAAA", "a b+00000000+AAAA", "a\x7f+00000000+AAAA",
		"a\xff+00000000+AAAA", "a+0000", "a+00000000AAAAAA", "a+zz000000+AAAA",
		"a+0z000000+AAAA", "a+00000000+", "a+00000000+A", "a+00000000+AA*A",
		"a+00000000+AAAA", "a+00000000+AAAA====", "a+00000000+AAB="
	};
	char name[NOTE_NAME_MAX + 2], wrong[400];
	struct buf key = BUF_INIT, secret = BUF_INIT, b = BUF_INIT;
	struct error err = { 0 };
	struct note_signer s;
	struct note_key k;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		error_clear(&err);
		if (note_key_read(&k, slice_of(bad[i]), &err) != STATUS_INVALID)
			fail_msg("%s", bad[i]);
		error_clear(&err);
		assert_int_equal(note_signer_read(&s, slice_of(bad[i]), &err),
		    STATUS_INVALID);
		(void)snprintf(wrong, sizeof(wrong), "PRIVATE+KEY+%s", bad[i]);
		assert_int_equal(note_signer_read(&s, slice_of(wrong), &err),
		    STATUS_INVALID);
	}
	error_clear(&err);
	memset(name, 'n', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	assert_int_equal(note_signer_make(&s, name, seed, &err), STATUS_INVALID);
	error_clear(&err);
	assert_int_equal(note_signer_make(&s, "", seed, &err), STATUS_INVALID);
	error_clear(&err);
	assert_int_equal(note_signer_make(&s, "host", seed, &err), STATUS_OK);
	note_key_write(&s.key, &key);
	note_signer_write(&s, &secret);
	/* Of another algorithm; too long for any key. */
	buf_add_slice(&b, buf_slice(&key));
	b.p[strlen("host+00000000+")] = 'B';
	assert_int_equal(note_key_read(&k, buf_slice(&b), &err), STATUS_INVALID);
	error_clear(&err);
	for (i = 0; i < 300; i++)
		buf_puts(&b, "AAAA");
	assert_int_equal(note_key_read(&k, buf_slice(&b), &err), STATUS_INVALID);
	error_clear(&err);
	/* Its id is another's. */
	i = strlen("PRIVATE+KEY+host+");
	secret.p[i] = secret.p[i] == '0' ? '1' : '0';
	assert_int_equal(note_signer_read(&s, buf_slice(&secret), &err), STATUS_INVALID);
	buf_release(&key);
	buf_release(&secret);
	buf_release(&b);
}

/* What is no note, whoever may have signed it. */
static void
test_notes_are_strict(void **state)
{
	static const char *const bad[] = {
		"", "x", "\n", "\n\n", "x\n", "x\n\n", "x\n\ny\n", "x\n\n\xe2\x80\x94\n",
		"x\n\n\xe2\x80\x94 host\n", "x\n\n\xe2\x80\x94 ho+st AAAAAAAA\n",
		"x\n\n\xe2\x80\x94 host AAAA\n", "x\n\n\xe2\x80\x94 host AAAAA\n",
		"x\n\n\xe2\x80\x94  AAAAAAAA\n", "x\r\n\n\xe2\x80\x94 host AAAAAAAA\n",
		"x\xff\n\n\xe2\x80\x94 host AAAAAAAA\n", "x\n\n\xe2\x80\x94 host AAAAAAAA"
	};
	static const char line[] = "\xe2\x80\x94 host AAAAAAAAAAA=\n";
	struct buf b = BUF_INIT;
	struct error err = { 0 };
	struct slice text;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		error_clear(&err);
		if (note_open(slice_of(bad[i]), NULL, 0, &text, NULL, &err) !=
		    STATUS_INVALID)
			fail_msg("%zu: %s", i, bad[i]);
	}
	error_clear(&err);
	buf_puts(&b, "x\n\n");
	for (i = 0; i < NOTE_SIGS_MAX; i++)
		buf_puts(&b, line);
	assert_int_equal(note_open(buf_slice(&b), NULL, 0, &text, NULL, &err),
	    STATUS_NOT_FOUND);
	error_clear(&err);
	buf_puts(&b, line);
	assert_int_equal(note_open(buf_slice(&b), NULL, 0, &text, NULL, &err),
	    STATUS_INVALID);
	error_clear(&err);
	while (b.n <= NOTE_MAX)
		buf_puts(&b, line);
	assert_int_equal(note_open(buf_slice(&b), NULL, 0, &text, NULL, &err),
	    STATUS_INVALID);
	buf_release(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ed25519_vectors),
		cmocka_unit_test(test_note_vectors),
		cmocka_unit_test(test_checkpoint_goes_round),
		cmocka_unit_test(test_checkpoint_is_strict),
		cmocka_unit_test(test_keys_are_strict),
		cmocka_unit_test(test_notes_are_strict)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
