#include "tui/review/search.h"

#include <stdlib.h>

#include "tui/screen/doc.h"

#define SEARCH_MAX	5000	/* rows that one search looks through */
#define SEARCH_STEP	200

static bool
row_matches(const struct list_row *r, struct slice needle)
{
	const struct slice texts[] = { r->id, r->rule, r->guards, r->model,
	    r->prompt, r->snippet };
	size_t i;

	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		if (texts[i].p != NULL &&
		    doc_search(texts[i], 0, needle) != (size_t)-1)
			return true;
	}
	return false;
}

/* The first match among rows that were read, in the direction of the search. */
static const struct list_row *
match_in(const struct list_row *rows, size_t n, bool backward,
    struct slice needle)
{
	size_t i, at;

	for (i = 0; i < n; i++) {
		at = backward ? n - 1 - i : i;
		if (row_matches(&rows[at], needle))
			return &rows[at];
	}
	return NULL;
}

/* Looks through the list from the cursor on, a step of rows at a time. */
static enum status
search_from(struct rows *q, struct session *s, const struct list_filter *f,
    const char *needle, bool backward, struct list_row *rows,
    struct arena *arena, struct error *err)
{
	struct list_row from = *rows_at(q, q->sel);
	const struct list_row *hit;
	size_t got = SEARCH_STEP, seen;
	enum status st;

	for (seen = 0; got == SEARCH_STEP && seen < SEARCH_MAX; seen += got) {
		st = list_page(s, f, &from, backward, SEARCH_STEP, arena, rows,
		    &got, err);
		if (st != STATUS_OK)
			return st;
		hit = match_in(rows, got, backward, slice_of(needle));
		if (hit != NULL)
			return rows_show(q, s, f, hit, err);
		if (got > 0)
			from = rows[backward ? 0 : got - 1];
	}
	if (got == SEARCH_STEP)
		return error_set(err, STATUS_NOT_FOUND, "not in the %s %zu items: "
		    "%s; & looks through all", backward ? "previous" : "next",
		    seen, needle);
	return error_set(err, STATUS_NOT_FOUND, "not found: %s", needle);
}

enum status
rows_search(struct rows *q, struct session *s, const struct list_filter *f,
    const char *needle, bool backward, struct error *err)
{
	struct list_row *rows = calloc(SEARCH_STEP, sizeof(*rows));
	struct arena arena = ARENA_INIT;
	enum status st;

	st = rows == NULL ? error_nomem(err) : search_from(q, s, f, needle,
	    backward, rows, &arena, err);
	arena_release(&arena);
	free(rows);
	return st;
}
