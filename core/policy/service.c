#include "core/policy/service.h"

#include "core/policy/value.h"

#define INFLIGHT_MAX	65536
#define BODY_MAX	((uint64_t)1 << 30)

/* "serve: listen: " or "key "shop": may: " before the message. */
static enum status
refuse(struct error *err, const struct section *s, const struct setting *set,
    size_t i)
{
	(void)error_prefix(err, "%s", set->name);
	return s->title[0] == '\0' ? error_prefix(err, "%s:%d:%d: serve",
	    s->at.file, setting_position(set, i).line,
	    setting_position(set, i).column) :
	    position_prefix(err, setting_position(set, i), "key", s->title);
}

static enum status
is_missing(struct error *err, const struct section *s, const char *what)
{
	return position_error(err, s->at, "key \"%s\": %s", s->title, what);
}

static enum status
text_get(const struct section *s, const char *name, const char **out,
    struct error *err)
{
	const struct setting *set = conf_get(s, name);

	if (set == NULL)
		return STATUS_OK;
	if (set->v[0][0] == '\0') {
		(void)error_set(err, STATUS_INVALID, "empty");
		return refuse(err, s, set, 0);
	}
	*out = set->v[0];
	return STATUS_OK;
}

static enum status
list_get(const struct section *s, const char *name, const char *const **v,
    size_t *n, struct error *err)
{
	const struct setting *set = conf_get(s, name);
	size_t i;

	if (set == NULL)
		return STATUS_OK;
	for (i = 0; i < set->n; i++)
		if (set->v[i][0] == '\0') {
			(void)error_set(err, STATUS_INVALID, "empty");
			return refuse(err, s, set, i);
		}
	*v = set->v;
	*n = set->n;
	return STATUS_OK;
}

static enum status
serve_numbers(const struct section *s, struct service_policy *to, struct error *err)
{
	const struct setting *set;

	if ((set = conf_get(s, "status_key")) != NULL &&
	    value_bool(set->v[0], &to->status_key, err) != STATUS_OK)
		return refuse(err, s, set, 0);
	if ((set = conf_get(s, "inflight")) != NULL && value_count(set->v[0],
	    INFLIGHT_MAX, &to->inflight, err) != STATUS_OK)
		return refuse(err, s, set, 0);
	if ((set = conf_get(s, "body_max")) != NULL && value_size(set->v[0],
	    BODY_MAX, &to->body_max, err) != STATUS_OK)
		return refuse(err, s, set, 0);
	return STATUS_OK;
}

static enum status
serve_make(const struct section *s, struct service_policy *to, struct error *err)
{
	enum status st;

	if ((st = list_get(s, "listen", &to->listen, &to->nlisten, err)) !=
	    STATUS_OK ||
	    (st = list_get(s, "hosts", &to->hosts, &to->nhosts, err)) !=
	    STATUS_OK ||
	    (st = text_get(s, "status_listen", &to->status_listen, err)) !=
	    STATUS_OK)
		return st;
	return serve_numbers(s, to, err);
}

static enum status
key_may(const struct section *s, struct service_key *k, struct error *err)
{
	const struct setting *may = conf_get(s, "may");
	size_t i;
	int bit = 0;

	if (may == NULL || may->n == 0)
		return is_missing(err, s, "may is missing: check, submit or read");
	for (i = 0; i < may->n; i++) {
		/* In the order of enum service_may. */
		if (value_choice(may->v[i], "check|submit|read", &bit, err) !=
		    STATUS_OK)
			return refuse(err, s, may, i);
		k->may |= 1u << bit;
	}
	return STATUS_OK;
}

/* Each queue is one of the policy's: a key for a mistyped one opens nothing. */
static enum status
key_queues(const struct load *l, const struct section *s, struct service_key *k,
    struct error *err)
{
	uint32_t at;
	size_t i;

	if (list_get(s, "queues", &k->queues, &k->nqueues, err) != STATUS_OK)
		return err->code;
	for (i = 0; i < k->nqueues; i++)
		if (!titles_find(&l->policy->queue_titles, 0,
		    slice_of(k->queues[i]), &at)) {
			(void)error_set(err, STATUS_INVALID,
			    "no queue of this policy is called '%s'",
			    k->queues[i]);
			return refuse(err, s, conf_get(s, "queues"), i);
		}
	return STATUS_OK;
}

static enum status
key_make(const struct load *l, const struct section *s, struct service_key *k,
    struct error *err)
{
	enum status st;

	k->name = s->title;
	if ((st = text_get(s, "token_env", &k->token_env, err)) != STATUS_OK ||
	    (st = text_get(s, "token_file", &k->token_file, err)) != STATUS_OK)
		return st;
	if ((k->token_env == NULL) == (k->token_file == NULL))
		return is_missing(err, s, "token_env or token_file is wanted, "
		    "one of them");
	if ((st = key_may(s, k, err)) != STATUS_OK)
		return st;
	return key_queues(l, s, k, err);
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
	if (serve->n > 0 &&
	    (st = serve_make(&serve->v[0], to, err)) != STATUS_OK)
		return st;
	if ((k = arena_zalloc(l->arena, (keys->n + 1) * sizeof(*k))) == NULL)
		return error_nomem(err);
	to->keys = k;
	to->nkeys = keys->n;
	for (i = 0; i < keys->n && st == STATUS_OK; i++)
		st = key_make(l, &keys->v[i], &k[i], err);
	return st;
}
