/* The section hook with every mistake in it, the secrets, and the specification's own
 * example of a signature. */
#include <stdlib.h>

#include "queue/release/signature.h"
#include "tests/unit/policy_test.h"

#define QUEUE	"queue \"a\" {}\n"

static enum status
load(const char *hook, struct policy **p, struct error *err)
{
	char text[1024];
	const struct memory_file files[] = { { "p.conf", text }, { NULL, NULL } };

	(void)snprintf(text, sizeof(text), QUEUE "hook \"h\" { %s }", hook);
	return memory_policy(p, files, "p.conf", err);
}

static void
refused(const char *hook, const char *message)
{
	struct policy *p;
	struct error err;

	assert_int_equal(load(hook, &p, &err), STATUS_INVALID);
	assert_string_equal(err.text, message);
}

static struct policy *
loaded(const char *hook)
{
	struct policy *p;
	struct error err;

	if (load(hook, &p, &err) != STATUS_OK)
		fail_msg("%s: %s", hook, err.text);
	return p;
}

static void
what_is_said_holds(void **state)
{
	struct policy *p = loaded("url = \"https://x.example:8443/h?a=1\" "
	    "secret_env = A secret_file = { b, \"c\" } queues = { a }");
	const struct hook_policy *h = p->hooks;

	(void)state;
	assert_int_equal(p->nhooks, 1);
	assert_string_equal(h->name, "h");
	assert_string_equal(h->url, "https://x.example:8443/h?a=1");
	assert_int_equal(h->nenv, 1);
	assert_string_equal(h->secret_env[0], "A");
	assert_int_equal(h->nfiles, 2);
	assert_string_equal(h->secret_file[1], "c");
	assert_int_equal(h->nqueues, 1);
	policy_free(p);
}

static void
http_is_for_this_machine(void **state)
{
	static const char *const well[] = {
		"http://localhost/", "http://localhost:80", "http://127.0.0.1",
		"http://[::1]:9/x"
	};
	static const char *const wrong[] = {
		"http://x.example/", "http://127.0.0.1.evil/",
		"http://localhost.evil", "http://127.0.0.2/", "http://[::2]/",
		"http://10.0.0.1?127.0.0.1"
	};
	char hook[256];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(well) / sizeof(well[0]); i++) {
		(void)snprintf(hook, sizeof(hook), "url = \"%s\" secret_env = A",
		    well[i]);
		policy_free(loaded(hook));
	}
	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		(void)snprintf(hook, sizeof(hook), "url = \"%s\" secret_env = A",
		    wrong[i]);
		refused(hook, "p.conf:2:18: hook \"h\": url: https is wanted; "
		    "http is for localhost, 127.0.0.1 and [::1] alone");
	}
}

static void
mistakes_have_their_place(void **state)
{
	(void)state;
	refused("secret_env = A", "p.conf:2:6: hook \"h\": url is missing");
	refused("url = \"https://x\"",
	    "p.conf:2:6: hook \"h\": secret_env or secret_file is missing");
	refused("url = \"ftp://x\" secret_env = A", "p.conf:2:18: hook \"h\": "
	    "url: begins neither with https:// nor with http://");
	refused("url = \"https://u:p@x/\" secret_env = A", "p.conf:2:18: hook "
	    "\"h\": url: a host is wanted, without a user and a password");
	refused("url = \"https://[::1\" secret_env = A", "p.conf:2:18: hook "
	    "\"h\": url: a host is wanted, without a user and a password");
	refused("url = \"https://x/a b\" secret_env = A", "p.conf:2:18: hook "
	    "\"h\": url: an address has visible ASCII characters, and no #");
	refused("url = \"https://x\" secret_env = A queues = {}",
	    "p.conf:2:45: hook \"h\": queues: names none");
	refused("url = \"https://x\" secret_env = A queues = { b }",
	    "p.conf:2:56: hook \"h\": queues: no queue of this policy is "
	    "called 'b'; the queue is a");
	refused("url = \"https://x\" secret_env = { A, B, C } "
	    "secret_file = { d, e }",
	    "p.conf:2:6: hook \"h\": it has more than four secrets");
	refused("url = \"https://x\" secrets = A",
	    "p.conf:2:30: no such option 'secrets'; of a hook there are "
	    "url, secret_env, secret_file, queues");
}

/* What is wrong with a variable that says that. */
static void
not_a_secret(const char *value)
{
	const char *const names[] = { "HOOK_TEST" };
	const struct hook_policy h = { .name = "h", .secret_env = names,
	    .nenv = 1 };
	struct hook_secrets s;
	struct error err = { 0 };

	assert_int_equal(setenv("HOOK_TEST", value, 1), 0);
	assert_int_equal(hook_secrets_read(&s, &h, &err), STATUS_INVALID);
	assert_string_equal(err.text, "hook \"h\": HOOK_TEST: a secret is whsec_ "
	    "and the base64 of 24 to 64 bytes");
}

static void
a_secret_has_one_form(void **state)
{
	(void)state;
	not_a_secret("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
	not_a_secret("whsec_");
	not_a_secret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaS");
	not_a_secret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLa==");
	not_a_secret("whsec_MfKQ9r8GKYqrTwjU-D8ILPZIo2LaLaSw");
	not_a_secret("whsec_MfKQ=r8GKYqrTwjUPD8ILPZIo2LaLaSw");
}

/* From the reference libraries' tests. */
static void
the_specifications_example_is_signed_so(void **state)
{
	const char *const names[] = { "HOOK_TEST", "HOOK_TEST" };
	const struct hook_policy h = { .name = "h", .secret_env = names,
	    .nenv = 2 };
	struct hook_secrets s;
	struct buf b = BUF_INIT;
	struct error err = { 0 };

	(void)state;
	assert_int_equal(setenv("HOOK_TEST",
	    "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", 1), 0);
	assert_int_equal(hook_secrets_read(&s, &h, &err), STATUS_OK);
	assert_int_equal(hook_sign(&b, &s, "msg_p5jXN8AQM9LWM0D4loKWxJek",
	    1614265330, SLICE("{\"test\": 2432232314}"), &err), STATUS_OK);
	assert_string_equal(buf_str(&b),
	    "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE= "
	    "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
	buf_release(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_said_holds),
		cmocka_unit_test(http_is_for_this_machine),
		cmocka_unit_test(mistakes_have_their_place),
		cmocka_unit_test(a_secret_has_one_form),
		cmocka_unit_test(the_specifications_example_is_signed_so)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
