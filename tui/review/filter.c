#include "tui/review/filter.h"

#include <ctype.h>

static const char *const item_columns[] = {
	"id", "queue", "state", "route", "rule", "guards", "policy", "model",
	"prompt", "variant", "snippet", "stop", "priority", "confidence",
	"severity", "failures", "errors", "sampled", "created_at",
	"ingested_at", "due_at", "cost_usd", "latency_ms", "input_tokens",
	"output_tokens", "first_token_ms", "attempts", "tier", "sent",
	"metadata", "output", "by", "decided_at", NULL
};
static const char *const decided_columns[] = {
	"decision", "role", "via", "reason", "labels", "note", "dwell_ms",
	"undone", NULL
};
static const char *const audit_columns[] = {
	"seq", "ts", "event", "item", "queue", "decision", "route", "rule",
	"policy", "state", "from", "to", "confidence_ppm", "by", "role", "uid",
	"via", "prompt", "label", "version", "bundle", NULL
};
const char *const *const filter_columns[][2] = {
	[FILTER_ITEMS] = { item_columns, NULL },
	[FILTER_DECIDED] = { item_columns, decided_columns },
	[FILTER_AUDIT] = { audit_columns, NULL }
};

/* Where words are looked for. */
static const char *const searched[][8] = {
	[FILTER_ITEMS] = { "output", "id", "rule", NULL },
	[FILTER_DECIDED] = { "output", "id", "rule", "reason", "note", "by",
	    NULL },
	[FILTER_AUDIT] = { "item", "event", "by", "decision", "rule", "queue",
	    "prompt", NULL }
};

/* The columns of both lists, one after the other; NULL behind the last. */
static const char *
column_at(enum filter_of of, size_t i)
{
	size_t k, n;

	for (k = 0; k < 2 && filter_columns[of][k] != NULL; k++) {
		for (n = 0; filter_columns[of][k][n] != NULL; n++) {
			if (i-- == 0)
				return filter_columns[of][k][n];
		}
	}
	return NULL;
}

static bool
is_column(enum filter_of of, struct slice s)
{
	const char *name;
	size_t i;

	for (i = 0; (name = column_at(of, i)) != NULL; i++) {
		if (slice_is(s, name))
			return true;
	}
	return false;
}

/* Neither a column by itself nor anything that an expression is made of. */
static bool
words_only(enum filter_of of, struct slice s)
{
	size_t i;

	for (i = 0; i < s.n; i++) {
		if (!isalnum((unsigned char)s.p[i]) &&
		    (unsigned char)s.p[i] < 0x80 &&
		    memchr(" -_.@", s.p[i], 5) == NULL)
			return false;
	}
	return s.n > 0 && !is_column(of, s);
}

/* "confidence IS NULL" and "NOT sampled" are words too, but no text to find. */
static bool
names_column(enum filter_of of, struct slice s)
{
	size_t at, end;

	for (at = 0; at < s.n; at = end + 1) {
		for (end = at; end < s.n && s.p[end] != ' '; end++)
			;
		if (is_column(of, (struct slice){ s.p + at, end - at }))
			return true;
	}
	return false;
}

void
filter_condition(enum filter_of of, struct slice typed, struct buf *where)
{
	bool operator = memmem(typed.p, typed.n, " IS ", 4) != NULL ||
	    memmem(typed.p, typed.n, "NOT ", 4) != NULL ||
	    memmem(typed.p, typed.n, " is ", 4) != NULL;
	size_t i;

	if (!words_only(of, typed) || (operator && names_column(of, typed))) {
		buf_add_slice(where, typed);
		return;
	}
	for (i = 0; searched[of][i] != NULL; i++)
		buf_printf(where, "%sinstr(lower(%s), lower('%.*s')) > 0",
		    i > 0 ? " OR " : "", searched[of][i], SLICE_ARG(typed));
}
