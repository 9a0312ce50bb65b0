#include "core/policy/hook.h"

#include <stddef.h>
#include <string.h>

#include "core/policy/known.h"
#include "core/policy/field.h"

#define AT(name)	offsetof(struct hook_policy, name)
static const struct field_row fields[] = {
	{ "url", FIELD_TEXT, AT(url), 0, 0, NULL },
	{ "secret_env", FIELD_LIST, AT(secret_env), AT(nenv), 0, NULL },
	{ "secret_file", FIELD_LIST, AT(secret_file), AT(nfiles), 0, NULL },
	{ "queues", FIELD_LIST, AT(queues), AT(nqueues), 0, NULL },
	{ NULL, FIELD_TEXT, 0, 0, 0, NULL }
};
#undef AT

/* A name that stands for this machine, whatever a name server says. */
static bool
is_loopback(struct slice host)
{
	return slice_is(host, "127.0.0.1") || slice_is(host, "localhost") ||
	    slice_is(host, "[::1]");
}

/* The host of "HOST[:PORT][/...]"; absent where nothing can be made of it. */
static struct slice
url_host(const char *s)
{
	size_t authority = strcspn(s, "/?#"), n;

	if (memchr(s, '@', authority) != NULL)
		return SLICE_NONE;
	if (s[0] == '[') {
		n = strcspn(s, "]") + 1;
		if (n > authority)
			return SLICE_NONE;
	} else {
		n = strcspn(s, ":/?#");
	}
	return n == 0 || (n < authority && s[n] != ':') ? SLICE_NONE :
	    (struct slice){ s, n };
}

static enum status
url_check(const char *url, struct error *err)
{
	bool plain = strncmp(url, "http://", 7) == 0;
	struct slice host;
	const char *p;

	for (p = url; *p != '\0'; p++)
		if (*p <= ' ' || *p > '~' || *p == '#')
			return error_set(err, STATUS_INVALID, "an address has "
			    "visible ASCII characters, and no #");
	if (!plain && strncmp(url, "https://", 8) != 0)
		return error_set(err, STATUS_INVALID,
		    "begins neither with https:// nor with http://");
	host = url_host(url + (plain ? 7 : 8));
	if (host.p == NULL)
		return error_set(err, STATUS_INVALID, "a host is wanted, without "
		    "a user and a password");
	if (plain && !is_loopback(host))
		return error_set(err, STATUS_INVALID, "https is wanted; http is "
		    "for localhost, 127.0.0.1 and [::1] alone");
	return STATUS_OK;
}

/* Each queue is one of the policy's: a mistyped one would be told of nothing. */
static enum status
hook_queues(const struct load *l, const struct section *s,
    const struct hook_policy *h, struct error *err)
{
	const struct setting *set = conf_get(s, "queues");
	char hint[QUEUE_HINT];
	uint32_t at;
	size_t i;

	if (set != NULL && set->n == 0) {
		(void)error_set(err, STATUS_INVALID, "names none");
		return field_refuse(err, s, "hook", set, 0);
	}
	for (i = 0; i < h->nqueues; i++)
		if (!titles_find(&l->policy->queue_titles, 0,
		    slice_of(h->queues[i]), &at)) {
			(void)error_set(err, STATUS_INVALID,
			    "no queue of this policy is called '%s'%s",
			    h->queues[i], policy_queue_hint(hint, l->policy,
			    NULL, 0, slice_of(h->queues[i])));
			return field_refuse(err, s, "hook", set, i);
		}
	return STATUS_OK;
}

static enum status
hook_make(const struct load *l, const struct section *s, struct hook_policy *h,
    struct error *err)
{
	enum status st;

	*h = (struct hook_policy){ .name = s->title };
	if ((st = fields_read(s, "hook", fields, h, err)) != STATUS_OK)
		return st;
	if (h->url == NULL)
		return section_refuse(err, s, "hook", "url is missing");
	if (url_check(h->url, err) != STATUS_OK)
		return field_refuse(err, s, "hook", conf_get(s, "url"), 0);
	if (h->nenv + h->nfiles == 0)
		return section_refuse(err, s, "hook", "secret_env or secret_file "
		    "is missing");
	if (h->nenv + h->nfiles > HOOK_SECRETS_MAX)
		return section_refuse(err, s, "hook", "it has more than four "
		    "secrets");
	return hook_queues(l, s, h, err);
}

enum status
policy_hooks(struct load *l, struct error *err)
{
	const struct sections *hooks = &l->top[SECTION_HOOK];
	struct hook_policy *h;
	enum status st = STATUS_OK;
	size_t i;

	if ((h = arena_zalloc(l->arena, (hooks->n + 1) * sizeof(*h))) == NULL)
		return error_nomem(err);
	l->policy->hooks = h;
	l->policy->nhooks = hooks->n;
	for (i = 0; i < hooks->n && st == STATUS_OK; i++)
		st = hook_make(l, &hooks->v[i], &h[i], err);
	return st;
}
