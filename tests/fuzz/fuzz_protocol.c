/*
 * Bodies of the protocols of others.  The first byte chooses one, 'a' the first, behind
 * the last the spans of OTLP.
 *
 * It must hold that an answer is JSON, that each text is what a store could keep and
 * that what was covered can be covered in its place; that what is asked twice is
 * answered alike; and that a span is one value of JSON that a strict reader takes or
 * not, but that ends where it ends.
 */
#include "core/base/utf8.h"
#include "core/policy/loader.h"
#include "core/policy/read.h"
#include "core/protocol/protocol.h"
#include "core/protocol/traces.h"
#include "tests/fuzz/must.h"

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static const char policy_text[] =
    "guard \"pii\" { redact = label  kinds = { \"EMAIL_ADDRESS\" } }\n"
    "guard \"bad\" { kind = \"contains\"  pattern = 'bad'  category = \"hate\" }\n"
    "guard \"in\"  { kind = \"contains\"  pattern = 'in'  on = input\n"
    "  category = \"x\" }\n"
    "queue \"q\" { guards = { \"pii\", \"bad\", \"in\" }\n"
    "  rule \"bad\" { when = \"failed('bad')\"  route = flag }\n"
    "  rule \"all\" { when = \"1\"  route = approve } }\n";

static const struct protocol *const protocols[] = {
	&protocol_litellm, &protocol_agentgateway_request,
	&protocol_agentgateway_response, &protocol_portkey,
	&protocol_moderations, &protocol_analyze, &protocol_anonymize
};
#define PROTOCOLS	(sizeof(protocols) / sizeof(protocols[0]))

static struct judge_scratch *scratch;

static enum status
load(void *arg, const char *path, struct buf *out, struct error *err)
{
	(void)arg;
	(void)path;
	buf_puts(out, policy_text);
	return buf_check(out, err);
}

static void
setup(void)
{
	struct loader loader = { load, NULL, NULL };
	struct error err = { STATUS_OK, "" };
	struct policy *policy;

	if (policy_load(&policy, "policy.conf", &loader, NULL, &err) !=
	    STATUS_OK || judge_scratch_new(&scratch, policy, NULL, &err) !=
	    STATUS_OK) {
		(void)fprintf(stderr, "%s\n", err.text);
		abort();
	}
}

static void
must_be_json(struct slice s)
{
	struct json d = JSON_INIT;
	struct json_error why;

	MUST(json_parse(&d, s, 4 * JSON_DEPTH_MAX, 0, &why) == STATUS_OK);
	json_release(&d);
}

static void
must_be_texts(const struct asked *a)
{
	const struct asked_text *t;
	size_t i;

	MUST(a->n <= ASKED_TEXTS_MAX);
	for (i = 0; i < a->n; i++) {
		t = &a->v[i];
		MUST(utf8_valid(t->text.p, t->text.n) == t->text.n);
		MUST(t->fate != FATE_COVER || (t->covers &&
		    utf8_valid(t->covered.p, t->covered.n) == t->covered.n));
		MUST(t->fate == FATE_PASS || t->verdict != NULL);
		MUST(i == 0 || t[-1].token <= t->token);
		if (t->fate == FATE_COVER && !t->is_string)
			must_be_json(t->covered);
	}
	MUST(asked_fate(a) != FATE_BLOCK || asked_why(a).p != NULL);
}

/* As the service does it. */
static enum status
ask(const struct protocol *p, struct slice body, struct buf *out)
{
	struct arena arena = ARENA_INIT;
	struct asked a = ASKED_INIT;
	struct writer w = WRITER(out, WRITE_SHOWN);
	struct error err = { STATUS_OK, "" };
	struct json_error why;
	enum status st;

	a.arena = &arena;
	a.queue = SLICE("q");
	a.key = SLICE("key");
	a.protocol = p->name;
	st = json_parse(&a.json, body, JSON_DEPTH_MAX, 0, &why);
	if (st == STATUS_OK)
		st = p->read(&a, &err);
	if (st == STATUS_OK) {
		MUST(asked_judge(&a, scratch, &err) == STATUS_OK);
		must_be_texts(&a);
		st = p->answer(&a, &w, &err);
	}
	MUST(st == STATUS_OK || st == STATUS_INVALID);
	if (st == STATUS_OK)
		must_be_json(buf_slice(out));
	asked_release(&a);
	arena_release(&arena);
	return st;
}

static void
walk_spans(struct slice body)
{
	struct traces t = TRACES_INIT;
	struct error err = { STATUS_OK, "" };
	struct slice span;
	bool model;

	if (traces_read(&t, body, &err) == STATUS_OK)
		while (traces_next(&t, &span, &model)) {
			MUST(span.n > 0 && span.p >= body.p);
			MUST(span.p + span.n <= body.p + body.n);
			MUST(!model || span.p[0] == '{');
		}
	traces_release(&t);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct buf one = BUF_INIT, two = BUF_INIT;
	struct slice body;
	size_t which;

	if (scratch == NULL)
		setup();
	if (n == 0)
		return 0;
	which = (size_t)(data[0] - 'a') % (PROTOCOLS + 1);
	body = (struct slice){ (const char *)data + 1, n - 1 };
	if (which == PROTOCOLS) {
		walk_spans(body);
		return 0;
	}
	MUST(ask(protocols[which], body, &one) ==
	    ask(protocols[which], body, &two));
	MUST(slice_eq(buf_slice(&one), buf_slice(&two)));
	buf_release(&one);
	buf_release(&two);
	return 0;
}
