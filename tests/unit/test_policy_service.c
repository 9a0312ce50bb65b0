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
	    "p.conf:1:5: key \"k\": may is missing: check, submit, "
	    "read or gateway");
	refused("key \"k\" { token_env = a may = { read, raed } }",
	    "p.conf:1:39: key \"k\": may: 'raed' is none of "
	    "check|submit|read|gateway");
	refused("key \"k\" { token_env = a may = { read } queues = { \"q\" } }",
	    "p.conf:1:51: key \"k\": queues: no queue of this policy is called "
	    "'q'");
	refused("queue \"support\" {}\n"
	    "key \"k\" { token_env = a may = { read } queues = { suport } }",
	    "p.conf:2:51: key \"k\": queues: no queue of this policy is called "
	    "'suport'; did you mean support?");
}

#define UPSTREAM	"upstream \"u\" { url = \"http://h/v1/\" shape = openai }\n"
#define MODEL	"model \"m\" { upstream = \"u\" }\n"
#define QUEUE	"queue \"q\" {}\n"

static void
gateways_are_read(void **state)
{
	struct policy *p = loaded("queue \"q\" { guards = { \"refusal\" }\n"
	    "regions = { eu } }\n"
	    "upstream \"u\" { url = \"http://h/v1/\" shape = openai\n"
	    "token_env = T in_flight = 3 region = eu }\n"
	    "model \"m\" { upstream = u name = \"gpt\" in_usd = 0.15\n"
	    "out_usd = 0.6 }\n"
	    "model \"n\" { upstream = u }\n"
	    "gateway \"g\" { queue = q try = { m, n } retries = 0\n"
	    "next = 'confidence < 0.7' refuse = \"failed('refusal')\"\n"
	    "deadline = 30s on_flag = wait }\n"
	    "key \"k\" { token_env = K may = { gateway } gateways = { g }\n"
	    "tokens_day = 2000 usd_month = 1.5 request_tokens = 10 }\n");
	const struct service_policy *s = &p->service;
	const struct gateway *g = policy_gateway(p, SLICE("g"));

	(void)state;
	assert_non_null(g);
	assert_null(policy_gateway(p, SLICE("h")));
	assert_string_equal(g->queue->name, "q");
	assert_int_equal(g->nmodels, 2);
	assert_string_equal(g->models[0]->upstream_name, "gpt");
	assert_string_equal(g->models[1]->upstream_name, "n");
	assert_string_equal(g->models[0]->upstream->url, "http://h/v1");
	assert_int_equal(g->models[0]->upstream->in_flight, 3);
	assert_true(g->models[0]->in_usd == 0.15);
	assert_true(g->models[1]->in_usd == -1);
	assert_int_equal(g->retries, 0);
	assert_int_equal(g->deadline_ms, 30000);
	assert_int_equal(g->wait_ms, 30000);
	assert_int_equal(g->on_flag, GATEWAY_WAIT);
	assert_int_equal(g->queue->nconditions, 2);
	assert_string_equal(g->queue->conditions[g->next],
	    "confidence < 0.7");
	assert_string_equal(g->queue->conditions[g->refuse],
	    "failed('refusal')");
	assert_int_equal(s->keys[0].may, SERVICE_GATEWAY);
	assert_int_equal(s->keys[0].tokens_day, 2000);
	assert_true(s->keys[0].usd_month == 1.5);
	policy_free(p);
}

static void
gateways_mistakes_have_their_place(void **state)
{
	(void)state;
	refused("upstream \"u\" { shape = openai }",
	    "p.conf:1:10: upstream \"u\": url is missing");
	refused("upstream \"u\" { url = \"ftp://h\" shape = openai }",
	    "p.conf:1:22: upstream \"u\": url: 'ftp://h' is no URL such as "
	    "https://api.openai.com/v1");
	refused("model \"m\" { upstream = \"x\" }", "p.conf:1:24: model \"m\": "
	    "upstream: no upstream of this policy is called 'x'");
	refused("upstream \"cloud\" { url = \"http://h/\" shape = openai }\n"
	    "model \"m\" { upstream = cluod }", "p.conf:2:24: model \"m\": "
	    "upstream: no upstream of this policy is called 'cluod'; did you mean "
	    "cloud?");
	refused(UPSTREAM MODEL QUEUE "gateway \"g\" { queue = q try = { m, x } }",
	    "p.conf:4:36: gateway \"g\": try: no model of this policy is "
	    "called 'x'");
	refused(UPSTREAM MODEL QUEUE "gateway \"g\" { queue = x try = { m } }",
	    "p.conf:4:23: gateway \"g\": queue: no queue of this policy is "
	    "called 'x'");
	refused(UPSTREAM MODEL QUEUE "gateway \"g\" { queue = q try = { m }\n"
	    "next = 'confidnce < 1' }", "p.conf:5:8: gateway \"g\": next: "
	    "no such column: confidnce; did you mean confidence?");
	refused(UPSTREAM MODEL QUEUE "gateway \"g\" { queue = q try = { m }\n"
	    "trial = \"p4\" }", "p.conf:4:9: gateway \"g\": trial: trials are "
	    "not there yet");
	refused(UPSTREAM MODEL QUEUE "gateway \"g\" { queue = q try = { m }\n"
	    "stream = window on_flag = wait }", "p.conf:4:9: gateway \"g\": "
	    "stream = window cannot wait for a person: on_flag = wait takes "
	    "stream = buffer");
	refused(UPSTREAM MODEL "upstream \"a\" { url = \"http://h\"\n"
	    "shape = anthropic }\nmodel \"n\" { upstream = a }\n" QUEUE
	    "gateway \"g\" { queue = q try = { m, n } }",
	    "p.conf:7:36: gateway \"g\": try: 'n' has another API than 'm': "
	    "nothing is translated between them");
	refused(UPSTREAM MODEL "queue \"q\" { regions = { eu } }\n"
	    "gateway \"g\" { queue = q try = { m } }",
	    "p.conf:4:33: gateway \"g\": try: 'm' is asked in a region that "
	    "the queue \"q\" does not name: its upstream says none");
	refused("key \"k\" { token_env = a may = { gateway }\n"
	    "gateways = { g } }", "p.conf:2:14: key \"k\": gateways: no gateway "
	    "of this policy is called 'g'");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_not_said_has_a_value),
		cmocka_unit_test(what_is_said_holds),
		cmocka_unit_test(mistakes_have_their_place),
		cmocka_unit_test(gateways_are_read),
		cmocka_unit_test(gateways_mistakes_have_their_place)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
