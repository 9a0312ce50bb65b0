#include "core/policy/names.h"

#include "core/guard/guard.h"

static const struct setting_row guard_settings[] = {
	{ "kind", false }, { "severity", false }, { "fail_open", false },
	{ "redact", false }, { "on", false }, { "category", false },
	{ NULL, false }
};
static const struct setting_row rule_settings[] = {
	{ "when", false }, { "route", false }, { "priority", false },
	{ "suggest", false }, { NULL, false }
};
static const struct setting_row rating_settings[] = {
	{ "max", false }, { NULL, false }
};
static const struct setting_row role_settings[] = {
	{ "group", false }, { "may", true }, { NULL, false }
};
static const struct setting_row queue_settings[] = {
	{ "guards", true }, { "expects", true }, { "lease", false },
	{ "sla", false }, { "sample", false }, { "fallback", false },
	{ "hold", false }, { "four_eyes", false }, { "reasons", true },
	{ "labels", true }, { "guidelines", false }, { "regions", true },
	{ "evidence", false }, { "skip_reasons", true }, { NULL, false }
};
static const struct setting_row serve_settings[] = {
	{ "listen", true }, { "hosts", true }, { "status_listen", false },
	{ "status_key", false }, { "inflight", false }, { "body_max", false },
	{ "log", false }, { "loops", false },
	{ NULL, false }
};
static const struct setting_row key_settings[] = {
	{ "token_env", false }, { "token_file", false }, { "may", true },
	{ "queues", true }, { "gateways", true }, { "regions", true },
	{ "tokens_day", false }, { "usd_month", false },
	{ "request_tokens", false }, { NULL, false }
};
static const struct setting_row upstream_settings[] = {
	{ "url", false }, { "shape", false }, { "token_env", false },
	{ "token_file", false }, { "region", false }, { "proxy", false },
	{ "in_flight", false }, { NULL, false }
};
static const struct setting_row model_settings[] = {
	{ "upstream", false }, { "name", false }, { "in_usd", false },
	{ "out_usd", false }, { NULL, false }
};
static const struct setting_row gateway_settings[] = {
	{ "queue", false }, { "try", true }, { "next", false },
	{ "refuse", false }, { "retries", false }, { "deadline", false },
	{ "stream", false }, { "window", false }, { "on_flag", false },
	{ "wait", false }, { "prompt", false }, { "trial", false },
	{ NULL, false }
};
static const struct setting_row hook_settings[] = {
	{ "url", false }, { "secret_env", VALUE_EITHER },
	{ "secret_file", VALUE_EITHER }, { "queues", true }, { NULL, false }
};
static const struct setting_row own_settings[] = {
	{ "pattern", false }, { "validator", false }, { "context", true },
	{ "score", false }, { NULL, false }
};

static const struct section_row own_row = {
	.name = "own", .settings = own_settings
};
static const struct section_row rating_row = {
	.name = "rating", .settings = rating_settings
};
static const struct section_row rule_row = {
	.name = "rule", .settings = rule_settings, .beside = &rating_row
};
const struct section_row section_rows[SECTION_TOP] = {
	[SECTION_GUARD] = { .name = "guard", .settings = guard_settings,
	    .kinds = true, .inner = &own_row },
	[SECTION_QUEUE] = { .name = "queue", .settings = queue_settings,
	    .inner = &rule_row },
	[SECTION_ROLE] = { .name = "role", .settings = role_settings },
	[SECTION_SERVE] = { .name = "serve", .settings = serve_settings,
	    .untitled = true },
	[SECTION_KEY] = { .name = "key", .settings = key_settings },
	[SECTION_UPSTREAM] = { .name = "upstream",
	    .settings = upstream_settings },
	[SECTION_MODEL] = { .name = "model", .settings = model_settings },
	[SECTION_GATEWAY] = { .name = "gateway", .settings = gateway_settings },
	[SECTION_HOOK] = { .name = "hook", .settings = hook_settings }
};

static bool
row_find(const struct setting_row *rows, struct slice name, struct setting_row *out)
{
	for (; rows->name != NULL; rows++) {
		if (slice_is(name, rows->name)) {
			*out = *rows;
			return true;
		}
	}
	return false;
}

bool
setting_is_common(const char *name)
{
	struct setting_row row;

	return row_find(guard_settings, slice_of(name), &row);
}

/* An option of one of the guards' kinds. */
static bool
kinds_find(struct slice name, struct setting_row *out)
{
	const struct option_row *o;
	size_t i;

	for (i = 0; guard_kinds[i] != NULL; i++)
		for (o = guard_kinds[i]->options; o->name != NULL; o++)
			if (slice_is(name, o->name)) {
				*out = (struct setting_row){ o->name,
				    o->type == OPTION_LIST ||
				    o->type == OPTION_FILES };
				return true;
			}
	return false;
}

bool
setting_find(const struct section_row *s, struct slice name, struct setting_row *out)
{
	return row_find(s->settings, name, out) ||
	    (s->kinds && kinds_find(name, out));
}

static const char *
kinds_candidate(size_t i)
{
	const struct option_row *o;
	size_t k;

	for (k = 0; guard_kinds[k] != NULL; k++)
		for (o = guard_kinds[k]->options; o->name != NULL; o++)
			if (i-- == 0)
				return o->name;
	return NULL;
}

const struct section_row *
section_inner(const struct section_row *s, struct slice name)
{
	const struct section_row *r;

	for (r = s->inner; r != NULL && !slice_is(name, r->name);)
		r = r->beside;
	return r;
}

const char *
statement_candidate(void *section, size_t i)
{
	const struct section_row *s = section, *inner;
	const struct setting_row *row;

	for (row = s->settings; row->name != NULL; row++)
		if (i-- == 0)
			return row->name;
	for (inner = s->inner; inner != NULL; inner = inner->beside)
		if (i-- == 0)
			return inner->name;
	return s->kinds ? kinds_candidate(i) : NULL;
}
