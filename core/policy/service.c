#include "core/policy/service.h"

#include <stddef.h>

#include "core/policy/known.h"
#include "core/policy/field.h"
#include "core/policy/gateway.h"
#include "core/policy/value.h"

#define INFLIGHT_MAX	65536
#define TOKENS_MAX	((uint64_t)1 << 50)
#define BODY_MAX	((uint64_t)1 << 30)

#define AT(name)	offsetof(struct service_policy, name)
static const struct field_row serve_fields[] = {
	{ "listen", FIELD_LIST, AT(listen), AT(nlisten), 0, NULL },
	{ "hosts", FIELD_LIST, AT(hosts), AT(nhosts), 0, NULL },
	{ "status_listen", FIELD_TEXT, AT(status_listen), 0, 0, NULL },
	{ "status_key", FIELD_BOOL, AT(status_key), 0, 0, NULL },
	{ "loops", FIELD_COUNT, AT(loops), 0, SERVICE_LOOPS_MAX, NULL },
	{ "inflight", FIELD_COUNT, AT(inflight), 0, INFLIGHT_MAX, NULL },
	{ "body_max", FIELD_SIZE, AT(body_max), 0, BODY_MAX, NULL },
	{ "log", FIELD_CHOICE, AT(log), 0, 0, "before|after" },
	{ NULL, FIELD_TEXT, 0, 0, 0, NULL }
};
#undef AT

#define AT(name)	offsetof(struct service_key, name)
static const struct field_row key_fields[] = {
	{ "token_env", FIELD_TEXT, AT(token_env), 0, 0, NULL },
	{ "token_file", FIELD_TEXT, AT(token_file), 0, 0, NULL },
	{ "queues", FIELD_LIST, AT(queues), AT(nqueues), 0, NULL },
	{ "gateways", FIELD_LIST, AT(gateways), AT(ngateways), 0, NULL },
	{ "regions", FIELD_LIST, AT(regions), AT(nregions), 0, NULL },
	{ "tokens_day", FIELD_COUNT, AT(tokens_day), 0, TOKENS_MAX, NULL },
	{ "request_tokens", FIELD_COUNT, AT(request_tokens), 0, TOKENS_MAX,
	    NULL },
	{ "usd_month", FIELD_USD, AT(usd_month), 0, 0, NULL },
	{ NULL, FIELD_TEXT, 0, 0, 0, NULL }
};
#undef AT

static enum status
key_may(const struct section *s, struct service_key *k, struct error *err)
{
	const struct setting *may = conf_get(s, "may");
	size_t i;
	int bit = 0;

	if (may == NULL || may->n == 0)
		return section_refuse(err, s, "key", "may is missing: check, "
		    "submit, read or gateway");
	for (i = 0; i < may->n; i++) {
		/* In the order of enum service_may. */
		if (value_choice(may->v[i], "check|submit|read|gateway", &bit,
		    err) != STATUS_OK)
			return field_refuse(err, s, "key", may, i);
		k->may |= 1u << bit;
	}
	return STATUS_OK;
}

/* Each queue is one of the policy's: a key for a mistyped one opens nothing. */
static enum status
key_queues(const struct load *l, const struct section *s,
    const struct service_key *k, struct error *err)
{
	char hint[QUEUE_HINT];
	uint32_t at;
	size_t i;

	for (i = 0; i < k->nqueues; i++)
		if (!titles_find(&l->policy->queue_titles, 0,
		    slice_of(k->queues[i]), &at)) {
			(void)error_set(err, STATUS_INVALID,
			    "no queue of this policy is called '%s'%s",
			    k->queues[i], policy_queue_hint(hint, l->policy,
			    NULL, 0, slice_of(k->queues[i])));
			return field_refuse(err, s, "key",
			    conf_get(s, "queues"), i);
		}
	return STATUS_OK;
}

static const char *
gateway_name(void *arg, size_t i)
{
	const struct policy *p = arg;

	return i < p->service.ngateways ? p->service.gateways[i].name : NULL;
}

static enum status
key_gateways(const struct load *l, const struct section *s,
    const struct service_key *k, struct error *err)
{
	char hint[NEAR_TEXT];
	size_t i;

	if ((k->may & SERVICE_GATEWAY) == 0 && k->ngateways > 0)
		return section_refuse(err, s, "key", "gateways are named, but "
		    "may does not hold gateway");
	for (i = 0; i < k->ngateways; i++)
		if (policy_gateway(l->policy, slice_of(k->gateways[i])) ==
		    NULL) {
			(void)error_set(err, STATUS_INVALID,
			    "no gateway of this policy is called '%s'%s",
			    k->gateways[i], near_hint(hint,
			    slice_of(k->gateways[i]), gateway_name,
			    l->policy));
			return field_refuse(err, s, "key",
			    conf_get(s, "gateways"), i);
		}
	return STATUS_OK;
}

static enum status
key_make(const struct load *l, const struct section *s, struct service_key *k,
    struct error *err)
{
	enum status st;

	*k = (struct service_key){ .name = s->title, .usd_month = -1 };
	if ((st = fields_read(s, "key", key_fields, k, err)) != STATUS_OK)
		return st;
	if ((k->token_env == NULL) == (k->token_file == NULL))
		return section_refuse(err, s, "key", "token_env or token_file "
		    "is wanted, one of them");
	if ((st = key_may(s, k, err)) != STATUS_OK ||
	    (st = key_queues(l, s, k, err)) != STATUS_OK)
		return st;
	return key_gateways(l, s, k, err);
}

enum status
policy_service(struct load *l, struct error *err)
{
	static const char *const listen[] = { SERVICE_LISTEN };
	const struct sections *serve = &l->top[SECTION_SERVE];
	const struct sections *keys = &l->top[SECTION_KEY];
	struct service_policy *to = &l->policy->service;
	struct service_key *k;
	enum status st = STATUS_OK;
	size_t i;

	*to = (struct service_policy){ .listen = listen, .nlisten = 1,
	    .status_key = true, .inflight = SERVICE_INFLIGHT,
	    .body_max = SERVICE_BODY };
	if (serve->n > 0 && (st = fields_read(&serve->v[0], "serve",
	    serve_fields, to, err)) != STATUS_OK)
		return st;
	if ((st = policy_gateways(l, to, err)) != STATUS_OK)
		return st;
	if ((k = arena_zalloc(l->arena, (keys->n + 1) * sizeof(*k))) == NULL)
		return error_nomem(err);
	to->keys = k;
	to->nkeys = keys->n;
	for (i = 0; i < keys->n && st == STATUS_OK; i++)
		st = key_make(l, &keys->v[i], &k[i], err);
	return st;
}
