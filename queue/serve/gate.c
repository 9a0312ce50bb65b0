#include "queue/serve/gate.h"

#include <arpa/inet.h>

#include "core/http/basic.h"
#include "queue/serve/committer.h"
#include "queue/serve/endpoint.h"
#include "queue/serve/inflate.h"

#define WAIT_MAX_S	600

/* A name of this machine, or one that the policy has: else a page in a browser
 * could reach the service under a name of its own. */
static bool
host_allowed(const struct service_policy *s, const struct http_authority *host)
{
	char name[64];
	struct in_addr v4;
	struct in6_addr v6;
	size_t i;

	for (i = 0; i < s->nhosts; i++)
		if (http_same(host->name, slice_of(s->hosts[i])))
			return true;
	if (http_same(host->name, SLICE("localhost")))
		return true;
	if (host->name.n >= sizeof(name))
		return false;
	memcpy(name, host->name.p, host->name.n);
	name[host->name.n] = '\0';
	if (host->ipv6)
		return inet_pton(AF_INET6, name, &v6) == 1 &&
		    IN6_IS_ADDR_LOOPBACK(&v6);
	return inet_pton(AF_INET, name, &v4) == 1 &&
	    ntohl(v4.s_addr) >> 24 == 127;
}

/* Of Authorization: Bearer, or of the password of Basic; absent: of neither. */
static struct slice
token_authorized(struct slice v, struct arena *arena)
{
	struct buf b = BUF_INIT;
	struct slice token = SLICE_NONE;

	if (v.n > 7 && http_same((struct slice){ v.p, 7 }, SLICE("bearer ")))
		return http_trim((struct slice){ v.p + 7, v.n - 7 });
	if (http_basic_password(v, &b) && !b.failed)
		token = (struct slice){ arena_str(arena, buf_slice(&b)), b.n };
	buf_release(&b);
	return token;
}

/* The token of Authorization, x-api-key or api-key. */
static struct slice
token_of(const struct http_request *r, struct arena *arena)
{
	static const char *const names[] = { "x-api-key", "api-key" };
	struct slice v, token;
	size_t i;

	if (http_request_field(r, "authorization", &v) == 1 &&
	    (token = token_authorized(v, arena)).p != NULL)
		return token;
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (http_request_field(r, names[i], &v) == 1)
			return v;
	return SLICE_NONE;
}

static bool
key_pass(struct server *s, const struct http_request *r, struct call *c)
{
	struct slice token = token_of(r, &c->arena);

	if (token.p == NULL) {
		(void)call_fail(c, 401, "no_key", "a key is wanted: "
		    "Authorization: Bearer TOKEN, or x-api-key");
		return false;
	}
	if ((c->key = keyring_find(s->keyring, token)) == NULL) {
		(void)call_fail(c, 401, "wrong_key", "no key has this token");
		return false;
	}
	if ((c->key->may & c->endpoint->may) == 0) {
		(void)call_fail(c, 403, "not_allowed", "the key %s may not do "
		    "this: its may = { ... } in the policy does not have it",
		    c->key->name);
		return false;
	}
	return true;
}

static bool
list_has(struct slice list, const char *word)
{
	struct slice element;
	const char *end;

	if (list.n < strlen(word))
		return false;
	while (http_list_next(&list, &element)) {
		end = memchr(element.p, ';', element.n);
		if (end != NULL)
			element = http_trim((struct slice){ element.p,
			    (size_t)(end - element.p) });
		if (http_same(element, slice_of(word)))
			return true;
	}
	return false;
}

/* "wait=30" among the preferences. */
static int64_t
wait_preferred(struct slice list)
{
	struct slice e;
	int64_t n;
	size_t i;

	while (http_list_next(&list, &e)) {
		if (e.n <= 5 || !http_same((struct slice){ e.p, 5 },
		    SLICE("wait=")))
			continue;
		for (n = 0, i = 5; i < e.n && e.p[i] >= '0' &&
		    e.p[i] <= '9' && n <= WAIT_MAX_S; i++)
			n = n * 10 + (e.p[i] - '0');
		if (i == e.n)
			return (n > WAIT_MAX_S ? WAIT_MAX_S : n) * 1000;
	}
	return 0;
}

static bool
type_is_lines(struct slice type)
{
	return list_has(type, "application/x-ndjson") ||
	    list_has(type, "application/jsonl") ||
	    list_has(type, "application/x-jsonlines");
}

static bool
encoding_read(const struct http_request *r, struct call *c)
{
	struct slice v;
	size_t n = http_request_field(r, "content-encoding", &v);

	if (n == 0 || (n == 1 && http_same(v, SLICE("identity"))))
		return true;
	if (n > 1 || !(http_same(v, SLICE("gzip")) ||
	    http_same(v, SLICE("x-gzip")))) {
		(void)call_fail(c, 415, "unsupported_encoding",
		    "a body comes as it is, or with Content-Encoding: gzip");
		return false;
	}
	if ((c->inflater = inflater_new()) == NULL)
		(void)call_fail_status(c, STATUS_NOMEM, NULL);
	return c->inflater != NULL;
}

/* What the other fields say; false where the body is in a form we do not read. */
static bool
fields_read(const struct http_request *r, struct call *c)
{
	struct slice v;

	if (!encoding_read(r, c))
		return false;
	if (http_request_field(r, "content-type", &v) > 0 &&
	    !http_same(v, SLICE("application/json"))) {
		c->lines = type_is_lines(v);
		c->protobuf = list_has(v, "application/x-protobuf") ||
		    list_has(v, "application/protobuf");
	}
	if (http_request_field(r, "accept", &v) > 0) {
		c->events = r->method != METHOD_HEAD &&
		    list_has(v, "text/event-stream");
		c->open_metrics = list_has(v, "application/openmetrics-text");
	}
	if (http_request_field(r, "anthropic-version", &v) == 1)
		c->anthropic_version = (struct slice){ arena_str(&c->arena, v),
		    v.n };
	if (http_request_field(r, "anthropic-beta", &v) == 1)
		c->anthropic_beta = (struct slice){ arena_str(&c->arena, v),
		    v.n };
	if (http_request_field(r, "prefer", &v) > 0)
		c->wait_ms = wait_preferred(v);
	if (http_request_field(r, "last-event-id", &v) > 0)
		c->last_event = (struct slice){ arena_str(&c->arena, v), v.n };
	if (http_request_field(r, "x-handrail-queue", &v) > 0)
		c->queue = (struct slice){ arena_str(&c->arena, v), v.n };
	c->query = r->target.query;
	if (c->query.p != NULL)
		c->query.p = arena_str(&c->arena, c->query);
	return true;
}

static bool
find(const struct endpoint_match *m, bool status, struct call *c)
{
	if (endpoint_take(m, c) && status && !c->endpoint->status) {
		c->endpoint = NULL;
		(void)call_fail(c, 404, "unknown_path",
		    "status_listen has /metrics, /healthz, /readyz and "
		    "/v1/queues alone");
	}
	return c->endpoint != NULL;
}

/* Pages in a browser do not come in, by a name of their own neither. */
static bool
origin_pass(const struct service_policy *service, const struct http_request *r,
    struct call *c)
{
	struct slice v;

	if (!host_allowed(service, &r->host)) {
		(void)call_fail(c, 403, "host_not_allowed", "the Host is none "
		    "of this machine's, nor one of serve { hosts = { ... } }");
		return false;
	}
	if (http_request_field(r, "origin", &v) > 0) {
		(void)call_fail(c, 403, "origin_not_allowed",
		    "pages in a browser may not call this service");
		return false;
	}
	return true;
}

static bool
body_pass(const struct service_policy *service, struct http_request *r,
    struct call *c)
{
	r->body_max = service->body_max;
	if (c->endpoint->body_max != 0 && c->endpoint->body_max < r->body_max)
		r->body_max = c->endpoint->body_max;
	if (r->framing == HTTP_LENGTH && r->length > r->body_max)
		(void)call_fail(c, 413, "body_too_large", "the body may have "
		    "%llu bytes", (unsigned long long)r->body_max);
	return c->status == 0;
}

static bool
room_pass(struct server *s, struct call *c)
{
	const unsigned stores = SERVICE_GATEWAY | SERVICE_SUBMIT;

	if (s->service->draining)
		(void)call_fail(c, 503, "stopping", "the service is stopping");
	else if (s->service->inflight > c->policy->service.inflight)
		(void)call_fail(c, 503, "overloaded",
		    "as many calls are under way as may be; try again");
	else if ((c->endpoint->may & stores) != 0 &&
	    committer_full(s->service->committer))
		(void)call_fail(c, 503, "overloaded",
		    "as much waits to be stored as may; try again");
	return c->status == 0;
}

bool
gate_pass(struct server *s, struct http_request *r, bool status, struct call *c)
{
	const struct service_policy *service = &s->session->policy->service;
	struct endpoint_match m;

	c->begun_ns = server_ns();
	c->policy = s->session->policy;
	endpoint_match(r->method, r->target.path, &m);
	c->api = m.api;
	if (!origin_pass(service, r, c))
		return false;
	if (!find(&m, status, c) || !fields_read(r, c))
		return false;
	if (c->endpoint->may != 0 && !status && !key_pass(s, r, c))
		return false;
	/* What is asked of status_listen is answered under load too. */
	if (c->endpoint->may != 0 && !status && !room_pass(s, c))
		return false;
	return body_pass(service, r, c);
}
