#include "queue/serve/endpoint.h"

#include "core/http/target.h"
#include "core/protocol/protocol.h"

/* A protocol of others that asks for a check. */
#define GUARD(target, row)	{ .method = METHOD_POST, .path = (target), \
	.may = SERVICE_CHECK, .body_max = ITEM_RECORD_MAX, .run = guard_post, \
	.protocol = &(row) }

const struct endpoint endpoints[] = {
	{ .method = METHOD_POST, .path = "/v1/check", .may = SERVICE_CHECK,
	    .run = check_post },
	{ .method = METHOD_POST, .path = "/v1/items", .may = SERVICE_SUBMIT,
	    .body_max = ITEM_RECORD_MAX, .run = item_post },
	{ .method = METHOD_GET, .path = "/v1/items/{queue}/{id}",
	    .may = SERVICE_READ, .run = item_get },
	{ .method = METHOD_GET, .path = "/v1/items/{queue}/{id}/release",
	    .may = SERVICE_READ, .run = item_release_get },
	{ .method = METHOD_GET, .path = "/v1/releases", .may = SERVICE_READ,
	    .run = releases_get },
	{ .method = METHOD_POST, .path = "/v1/chat/completions",
	    .may = SERVICE_GATEWAY, .body_max = ITEM_RECORD_MAX,
	    .run = chat_post },
	{ .method = METHOD_POST, .path = "/v1/responses",
	    .may = SERVICE_GATEWAY, .api = WIRE_RESPONSES,
	    .body_max = ITEM_RECORD_MAX, .run = responses_post },
	{ .method = METHOD_POST, .path = "/v1/messages",
	    .may = SERVICE_GATEWAY, .api = WIRE_MESSAGES,
	    .body_max = ITEM_RECORD_MAX, .run = messages_post },
	{ .method = METHOD_GET, .path = "/v1/models", .may = SERVICE_GATEWAY,
	    .run = models_get },
	{ .method = METHOD_POST, .path = "/v1/traces", .may = SERVICE_SUBMIT,
	    .run = traces_post },
	GUARD("/beta/litellm_basic_guardrail_api", protocol_litellm),
	GUARD("/request", protocol_agentgateway_request),
	GUARD("/response", protocol_agentgateway_response),
	GUARD("/hooks/portkey", protocol_portkey),
	GUARD("/v1/moderations", protocol_moderations),
	GUARD("/analyze", protocol_analyze),
	GUARD("/anonymize", protocol_anonymize),
	{ .method = METHOD_GET, .path = "/supportedentities",
	    .may = SERVICE_CHECK, .run = entities_get },
	{ .method = METHOD_GET, .path = "/health", .status = true,
	    .run = health_get },
	{ .method = METHOD_GET, .path = "/v1/queues", .may = SERVICE_READ,
	    .status = true, .run = queues_get },
	{ .method = METHOD_GET, .path = "/metrics", .may = SERVICE_READ,
	    .status = true, .run = metrics_get },
	{ .method = METHOD_GET, .path = "/healthz", .status = true,
	    .run = health_get },
	{ .method = METHOD_GET, .path = "/readyz", .status = true,
	    .run = ready_get },
	{ .path = NULL }
};

/* Takes the part up to the next "/" off the path. */
static struct slice
part_next(struct slice *path)
{
	const char *slash = path->n == 0 ? NULL :
	    memchr(path->p, '/', path->n);
	struct slice part = { path->p, slash == NULL ? path->n :
	    (size_t)(slash - path->p) };
	size_t taken = part.n + (slash != NULL);

	path->p += taken;
	path->n -= taken;
	return part;
}

/* Is it this row's path?  The parts that may be any come in `part`, as they are. */
static bool
path_is(const char *pattern, struct slice path, struct slice part[CALL_PARTS])
{
	struct slice row = slice_of(pattern), a, b;
	size_t n = 0;

	if (strchr(pattern, '{') == NULL)
		return slice_eq(row, path);
	while (row.n > 0 && path.n > 0) {
		a = part_next(&row);
		b = part_next(&path);
		if (a.n > 0 && a.p[0] == '{') {
			if (b.n == 0)
				return false;
			part[n++] = b;
		} else if (!slice_eq(a, b)) {
			return false;
		}
	}
	return row.n == 0 && path.n == 0;
}

/* The row of a path none of whose parts may be any; NULL: another, or none. */
static const struct endpoint *
named_find(struct slice path)
{
	const struct endpoint *e;

	for (e = endpoints; e->path != NULL; e++)
		if (strncmp(e->path, path.p, path.n) == 0 &&
		    e->path[path.n] == '\0' && strchr(e->path, '{') == NULL)
			return e;
	return NULL;
}

static bool
parts_decode(struct call *c, const struct slice part[CALL_PARTS])
{
	struct buf b = BUF_INIT;
	bool well = true;
	size_t i;

	for (i = 0; i < CALL_PARTS && part[i].p != NULL && well; i++) {
		buf_clear(&b);
		if (!http_decode(part[i], false, &b)) {
			(void)call_fail(c, 400, "invalid_path", "the path has "
			    "an escape that is none, NUL or no UTF-8");
			well = false;
		} else if (b.failed || (c->part[i].p = arena_str(&c->arena,
		    buf_slice(&b))) == NULL) {
			(void)call_fail_status(c, STATUS_NOMEM, NULL);
			well = false;
		}
		c->part[i].n = b.n;
	}
	buf_release(&b);
	return well;
}

/* What else the APIs have that gateways speak: paths, and all below them. */
static const struct {
	const char	*path;
	enum wire_api	 api;
} foreign[] = {
	{ "/v1/messages", WIRE_MESSAGES },
	{ "/v1/complete", WIRE_MESSAGES },
	{ "/v1/responses", WIRE_RESPONSES },
	{ "/v1/conversations", WIRE_RESPONSES },
	{ "/v1/chat", WIRE_CHAT },
	{ "/v1/completions", WIRE_CHAT },
	{ "/v1/embeddings", WIRE_CHAT },
	{ "/v1/models", WIRE_CHAT },
	{ "/v1/images", WIRE_CHAT },
	{ "/v1/audio", WIRE_CHAT },
	{ "/v1/videos", WIRE_CHAT },
	{ "/v1/files", WIRE_CHAT },
	{ "/v1/uploads", WIRE_CHAT },
	{ "/v1/batches", WIRE_CHAT },
	{ "/v1/fine_tuning", WIRE_CHAT },
	{ "/v1/evals", WIRE_CHAT },
	{ "/v1/vector_stores", WIRE_CHAT },
	{ "/v1/assistants", WIRE_CHAT },
	{ "/v1/threads", WIRE_CHAT },
	{ "/v1/realtime", WIRE_CHAT }
};

static void
foreign_match(struct slice path, struct endpoint_match *m)
{
	size_t i, n;

	for (i = 0; i < sizeof(foreign) / sizeof(foreign[0]); i++) {
		n = strlen(foreign[i].path);
		if (path.n < n || memcmp(path.p, foreign[i].path, n) != 0 ||
		    (path.n > n && path.p[n] != '/'))
			continue;
		m->foreign = true;
		m->api = foreign[i].api;
		return;
	}
}

void
endpoint_match(enum http_method method, struct slice path,
    struct endpoint_match *m)
{
	const struct endpoint *e = named_find(path);
	struct slice part[CALL_PARTS];

	if (method == METHOD_HEAD)
		method = METHOD_GET;
	*m = (struct endpoint_match){ .endpoint = NULL };
	/* No path has two methods. */
	for (e = e == NULL ? endpoints : e; e->path != NULL; e++) {
		memset(part, 0, sizeof(part));
		if (!path_is(e->path, path, part))
			continue;
		m->api = e->api;
		if (e->method == method) {
			m->endpoint = e;
			memcpy(m->part, part, sizeof(part));
		} else {
			m->methods = e->method == METHOD_GET ? "GET, HEAD" :
			    "POST";
		}
		return;
	}
	foreign_match(path, m);
}

bool
endpoint_take(const struct endpoint_match *m, struct call *c)
{
	if (m->endpoint != NULL) {
		c->endpoint = parts_decode(c, m->part) ? m->endpoint : NULL;
		return c->endpoint != NULL;
	}
	if (m->methods != NULL)
		(void)call_fail(c, 405, "method_not_allowed",
		    "this path takes %s", m->methods);
	else if (m->foreign)
		(void)call_fail(c, 404, "unsupported_endpoint",
		    "gateways serve /v1/chat/completions, /v1/responses and "
		    "/v1/messages, and of /v1/models the list");
	else
		(void)call_fail(c, 404, "unknown_path",
		    "there is nothing at this path; handrail-serve(1) lists "
		    "what there is");
	c->allow = slice_of(m->methods);
	return false;
}
