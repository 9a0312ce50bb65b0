#include "tui/review/filter.h"

#include <ctype.h>

#define NAME_MAX_BYTES	32
#define NEAR		2	/* letters that differ, at most */

const char *const filter_columns[] = {
	"id", "queue", "state", "route", "rule", "guards", "policy", "model",
	"prompt", "variant", "snippet", "stop", "priority", "confidence",
	"severity", "failures", "errors", "sampled", "created_at",
	"ingested_at", "due_at", "cost_usd", "latency_ms", "input_tokens",
	"output_tokens", "first_token_ms", "attempts", "tier", "sent",
	"metadata", "output", "by", "decided_at", NULL
};
#define NCOLUMNS	(sizeof(filter_columns) / sizeof(filter_columns[0]) - 1)

/* Neither a column by itself nor anything that an expression is made of. */
static bool
words_only(struct slice s)
{
	size_t i;

	for (i = 0; i < NCOLUMNS; i++) {
		if (slice_is(s, filter_columns[i]))
			return false;
	}
	for (i = 0; i < s.n; i++) {
		if (!isalnum((unsigned char)s.p[i]) &&
		    (unsigned char)s.p[i] < 0x80 &&
		    memchr(" -_.@", s.p[i], 5) == NULL)
			return false;
	}
	return s.n > 0;
}

/* "confidence IS NULL" and "NOT sampled" are words too, but no text to find. */
static bool
names_column(struct slice s)
{
	size_t at, end, i;

	for (at = 0; at < s.n; at = end + 1) {
		for (end = at; end < s.n && s.p[end] != ' '; end++)
			;
		for (i = 0; i < NCOLUMNS; i++) {
			if (slice_is((struct slice){ s.p + at, end - at },
			    filter_columns[i]))
				return true;
		}
	}
	return false;
}

void
filter_condition(struct slice typed, struct buf *where)
{
	bool operator = memmem(typed.p, typed.n, " IS ", 4) != NULL ||
	    memmem(typed.p, typed.n, "NOT ", 4) != NULL ||
	    memmem(typed.p, typed.n, " is ", 4) != NULL;

	if (!words_only(typed) || (operator && names_column(typed))) {
		buf_add_slice(where, typed);
		return;
	}
	buf_puts(where, "instr(lower(output), lower('");
	buf_add_slice(where, typed);
	buf_puts(where, "')) > 0 OR instr(lower(id), lower('");
	buf_add_slice(where, typed);
	buf_puts(where, "')) > 0");
}

/* How many letters to change, add or leave out (Levenshtein). */
static size_t
distance(struct slice a, const char *b)
{
	size_t row[NAME_MAX_BYTES + 1], n = strlen(b), i, k, up, diagonal;

	for (k = 0; k <= n; k++)
		row[k] = k;
	for (i = 0; i < a.n; i++) {
		diagonal = row[0];
		row[0] = i + 1;
		for (k = 0; k < n; k++) {
			up = row[k + 1];
			row[k + 1] = diagonal + (tolower((unsigned char)a.p[i]) !=
			    b[k]);
			if (up + 1 < row[k + 1])
				row[k + 1] = up + 1;
			if (row[k] + 1 < row[k + 1])
				row[k + 1] = row[k] + 1;
			diagonal = up;
		}
	}
	return row[n];
}

void
filter_near(struct slice error, struct buf *names)
{
	static const char mark[] = "no such column: ";
	const char *at = memmem(error.p, error.n, mark, strlen(mark));
	struct slice name;
	size_t i;

	if (at == NULL)
		return;
	at += strlen(mark);
	name = (struct slice){ at, error.n - (size_t)(at - error.p) };
	if (name.n > NAME_MAX_BYTES)
		return;
	for (i = 0; i < NCOLUMNS; i++) {
		if (distance(name, filter_columns[i]) <= NEAR)
			buf_printf(names, "%s%s", names->n > 0 ? ", " : "",
			    filter_columns[i]);
	}
}
