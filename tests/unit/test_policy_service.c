/* The sections serve and key: what they say, and every mistake by its place. */
#include "tests/unit/policy_test.h"

static void
refused(const char *text, const char *message)
{
	const struct memory_file files[] = { { "p.conf", text }, { NULL, NULL } };
	struct policy *p;
	struct error err;

	assert_int_equal(memory_policy(&p, files, "p.conf", &err),
	    STATUS_INVALID);
	assert_string_equal(err.text, message);
}

static struct policy *
loaded(const char *text)
{
	const struct memory_file files[] = { { "p.conf", text }, { NULL, NULL } };
	struct policy *p;
	struct error err;

	if (memory_policy(&p, files, "p.conf", &err) != STATUS_OK)
		fail_msg("%s", err.text);
	return p;
}

static void
what_is_not_said_has_a_value(void **state)
{
	struct policy *p = loaded("queue \"a\" {}");

	(void)state;
	assert_int_equal(p->service.nlisten, 1);
	assert_string_equal(p->service.listen[0], "127.0.0.1:8787");
	assert_null(p->service.status_listen);
	assert_int_equal(p->service.inflight, 1024);
	assert_int_equal(p->service.body_max, 32 << 20);
	assert_int_equal(p->service.nkeys, 0);
	policy_free(p);
}

static void
what_is_said_holds(void **state)
{
	struct policy *p = loaded("key \"shop\" { token_env = \"K\"\n"
	    "may = { read, check } queues = { \"a\" } }\n"
	    "key \"all\" { token_file = \"f\" may = { submit } }\n"
	    "queue \"a\" {}\n"
	    "serve { listen = { \"[::1]:1\", \"unix:/x\" } hosts = { \"h\" }\n"
	    "status_listen = \"127.0.0.1:2\" inflight = 3 body_max = \"64KiB\" }");
	const struct service_policy *s = &p->service;

	(void)state;
	assert_int_equal(s->nlisten, 2);
	assert_string_equal(s->listen[1], "unix:/x");
	assert_string_equal(s->hosts[0], "h");
	assert_string_equal(s->status_listen, "127.0.0.1:2");
	assert_int_equal(s->inflight, 3);
	assert_int_equal(s->body_max, 65536);
	assert_int_equal(s->nkeys, 2);
	assert_string_equal(s->keys[0].name, "shop");
	assert_string_equal(s->keys[0].token_env, "K");
	assert_null(s->keys[0].token_file);
	assert_int_equal(s->keys[0].may, SERVICE_READ | SERVICE_CHECK);
	assert_string_equal(s->keys[0].queues[0], "a");
	assert_string_equal(s->keys[1].token_file, "f");
	assert_int_equal(s->keys[1].nqueues, 0);
	policy_free(p);
}

static void
mistakes_have_their_place(void **state)
{
	(void)state;
	refused("serve \"x\" {}",
	    "p.conf:1:7: found \"x\" where { after serve is expected");
	refused("serve {}\nserve {}", "p.conf:2:7: serve is there already");
	refused("serve { body_max = \"32 MiB\" }",
	    "p.conf:1:20: serve: body_max: '32 MiB' is not a whole number of "
	    "bytes such as 65536, 64KiB or 32MiB");
	refused("serve { body_max = \"2GiB\" }",
	    "p.conf:1:20: serve: body_max: '2GiB' is not between 1 and "
	    "1073741824");
	refused("serve { body_max = \"99999999999999999999GiB\" }",
	    "p.conf:1:20: serve: body_max: '99999999999999999999GiB' is not "
	    "between 1 and 1073741824");
	refused("serve { inflight = 0 }",
	    "p.conf:1:20: serve: inflight: '0' is not between 1 and 65536");
	refused("serve { inflight = 1k }",
	    "p.conf:1:20: serve: inflight: '1k' is not a whole number");
	refused("serve { listen = { \"\" } }",
	    "p.conf:1:20: serve: listen: empty");
	refused("serve { lisen = { \"a\" } }",
	    "p.conf:1:9: no such option 'lisen'; did you mean listen?");
	refused("key \"k\" { may = { read } }",
	    "p.conf:1:5: key \"k\": token_env or token_file is wanted, one of "
	    "them");
	refused("key \"k\" { token_env = a token_file = b may = { read } }",
	    "p.conf:1:5: key \"k\": token_env or token_file is wanted, one of "
	    "them");
	refused("key \"k\" { token_env = a }",
	    "p.conf:1:5: key \"k\": may is missing: check, submit or read");
	refused("key \"k\" { token_env = a may = { read, raed } }",
	    "p.conf:1:39: key \"k\": may: 'raed' is none of "
	    "check|submit|read");
	refused("key \"k\" { token_env = a may = { read } queues = { \"q\" } }",
	    "p.conf:1:51: key \"k\": queues: no queue of this policy is called "
	    "'q'");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_not_said_has_a_value),
		cmocka_unit_test(what_is_said_holds),
		cmocka_unit_test(mistakes_have_their_place)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
