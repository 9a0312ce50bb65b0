/*
 * What a condition may call beside SQLite's own functions: num(), and in their
 * stead those that an item's author could keep busy for hours.
 */
#include "core/expr/func.h"

#include <sqlite3.h>
#include <stdlib.h>

#include "core/base/likeness.h"
#include "core/base/utf8.h"
#include "core/expr/format.h"
#include "core/expr/like.h"

static struct slice
value_slice(sqlite3_value *v)
{
	const char *p = (const char *)sqlite3_value_text(v);

	return (struct slice){ p, (size_t)sqlite3_value_bytes(v) };
}

/* num(x): a number, or NULL where x is none. */
static void
fn_num(sqlite3_context *ctx, int argc, sqlite3_value **argv)
{
	int type = sqlite3_value_numeric_type(argv[0]);

	(void)argc;
	if (type == SQLITE_INTEGER || type == SQLITE_FLOAT)
		sqlite3_result_value(ctx, argv[0]);
}

/*
 * A connection's functions, and the data that each gets beside its arguments.  They charge
 * the caller's budget for the text that they go through.
 */
struct function_use {
	struct expr_budget	*budget;
	int			 data;
};

static const struct function_use *
use_of(sqlite3_context *ctx)
{
	return sqlite3_user_data(ctx);
}

/* False, with the error set, where the time is over. */
static bool
may_take(sqlite3_context *ctx, size_t bytes)
{
	if (expr_budget_spend(use_of(ctx)->budget, bytes / 8))
		return true;
	sqlite3_result_error(ctx, "the condition takes too long", -1);
	return false;
}

enum { LIKE_PLAIN, LIKE_GLOB };

static void
fn_like(sqlite3_context *ctx, int argc, sqlite3_value **argv)
{
	struct slice pattern, text, esc = SLICE("\0");
	enum like_result r;
	uint32_t cp = 0;

	if (sqlite3_value_type(argv[0]) == SQLITE_NULL ||
	    sqlite3_value_type(argv[1]) == SQLITE_NULL)
		return;
	pattern = value_slice(argv[0]);
	text = value_slice(argv[1]);
	if (argc == 3) {
		if (sqlite3_value_type(argv[2]) == SQLITE_NULL)
			return;
		esc = value_slice(argv[2]);
		if (esc.p != NULL && esc.n > 0 && (unsigned char)esc.p[0] < 128)
			cp = (unsigned char)esc.p[0];
		if (cp == 0 || esc.n != 1) {
			sqlite3_result_error(ctx,
			    "ESCAPE takes one ASCII character", -1);
			return;
		}
	}
	if (pattern.p == NULL || text.p == NULL) {
		sqlite3_result_error_nomem(ctx);
		return;
	}
	r = use_of(ctx)->data == LIKE_PLAIN ?
	    like_match(pattern, text, cp, use_of(ctx)->budget) :
	    glob_match(pattern, text, use_of(ctx)->budget);
	if (r == LIKE_TOO_LONG)
		sqlite3_result_error(ctx, "the pattern takes too long", -1);
	else
		sqlite3_result_int(ctx, r == LIKE_YES);
}

static void
fn_instr(sqlite3_context *ctx, int argc, sqlite3_value **argv)
{
	struct slice text, needle;

	(void)argc;
	if (sqlite3_value_type(argv[0]) == SQLITE_NULL ||
	    sqlite3_value_type(argv[1]) == SQLITE_NULL)
		return;
	text = value_slice(argv[0]);
	needle = value_slice(argv[1]);
	if (text.p == NULL || needle.p == NULL)
		sqlite3_result_error_nomem(ctx);
	else if (may_take(ctx, text.n))
		sqlite3_result_int64(ctx,
		    (sqlite3_int64)text_instr(text, needle));
}

static void
fn_replace(sqlite3_context *ctx, int argc, sqlite3_value **argv)
{
	struct buf b = BUF_INIT;
	struct slice s[3];
	enum status st;
	int i, most;

	(void)argc;
	for (i = 0; i < 3; i++) {
		if (sqlite3_value_type(argv[i]) == SQLITE_NULL)
			return;
		if ((s[i] = value_slice(argv[i])).p == NULL) {
			sqlite3_result_error_nomem(ctx);
			return;
		}
	}
	most = sqlite3_limit(sqlite3_context_db_handle(ctx),
	    SQLITE_LIMIT_LENGTH, -1);
	if (!may_take(ctx, s[0].n))
		return;
	st = text_replace(&b, s[0], s[1], s[2], (size_t)most);
	if (st == STATUS_NOMEM)
		sqlite3_result_error_nomem(ctx);
	else if (st != STATUS_OK)
		sqlite3_result_error_toobig(ctx);
	else
		sqlite3_result_text(ctx, buf_str(&b), (int)b.n,
		    SQLITE_TRANSIENT);
	buf_release(&b);
}

/* trim(x, set) and its kin go through the whole set for every character, so the
 * set is kept small; user data says which ends. */
enum { TRIM_LEFT = 1, TRIM_RIGHT = 2, TRIM_SET_MAX = 128 };

static bool
trim_has(struct slice set, const char *p, size_t n)
{
	size_t i, len;

	for (i = 0; i < set.n; i += len) {
		for (len = 1; i + len < set.n &&
		    utf8_is_tail(set.p[i + len]); len++)
			;
		if (len == n && memcmp(set.p + i, p, n) == 0)
			return true;
	}
	return false;
}

static struct slice
trim_text(struct slice s, struct slice set, int ends)
{
	size_t n;

	while ((ends & TRIM_LEFT) != 0 && s.n > 0) {
		for (n = 1; n < s.n && utf8_is_tail(s.p[n]);
		    n++)
			;
		if (!trim_has(set, s.p, n))
			break;
		s.p += n;
		s.n -= n;
	}
	while ((ends & TRIM_RIGHT) != 0 && s.n > 0) {
		for (n = 1; n < s.n &&
		    utf8_is_tail(s.p[s.n - n]); n++)
			;
		if (!trim_has(set, s.p + s.n - n, n))
			break;
		s.n -= n;
	}
	return s;
}

static void
fn_trim(sqlite3_context *ctx, int argc, sqlite3_value **argv)
{
	struct slice s, set;
	int ends = use_of(ctx)->data;

	(void)argc;
	if (sqlite3_value_type(argv[0]) == SQLITE_NULL ||
	    sqlite3_value_type(argv[1]) == SQLITE_NULL)
		return;
	s = value_slice(argv[0]);
	set = value_slice(argv[1]);
	if (s.p == NULL || set.p == NULL) {
		sqlite3_result_error_nomem(ctx);
		return;
	}
	if (set.n > TRIM_SET_MAX) {
		sqlite3_result_error(ctx, "too many characters to trim", -1);
		return;
	}
	if (!may_take(ctx, s.n * set.n))
		return;
	s = trim_text(s, set, ends);
	sqlite3_result_text(ctx, s.p, (int)s.n, SQLITE_TRANSIENT);
}

/* words(x) */
static void
fn_words(sqlite3_context *ctx, int argc, sqlite3_value **argv)
{
	struct slice s;

	(void)argc;
	if (sqlite3_value_type(argv[0]) == SQLITE_NULL)
		return;
	if ((s = value_slice(argv[0])).p == NULL)
		sqlite3_result_error_nomem(ctx);
	else if (may_take(ctx, s.n))
		sqlite3_result_int64(ctx, (sqlite3_int64)likeness_words(s));
}

/* levenshtein(a, b) and rouge1(a, b); user data says which. */
enum { ALIKE_DISTANCE, ALIKE_ROUGE, ALIKE_WORK_MAX = 4 << 20 };

static void
fn_alike(sqlite3_context *ctx, int argc, sqlite3_value **argv)
{
	bool rouge = use_of(ctx)->data == ALIKE_ROUGE;
	struct error err = { 0 };
	struct slice a, b;
	double share = 0;
	size_t d = 0;

	(void)argc;
	if (sqlite3_value_type(argv[0]) == SQLITE_NULL ||
	    sqlite3_value_type(argv[1]) == SQLITE_NULL)
		return;
	a = value_slice(argv[0]);
	b = value_slice(argv[1]);
	if (a.p == NULL || b.p == NULL)
		sqlite3_result_error_nomem(ctx);
	else if (!rouge && a.n > 0 && b.n > ALIKE_WORK_MAX / a.n)
		sqlite3_result_error(ctx, "texts too long for levenshtein()",
		    -1);
	else if (!may_take(ctx, rouge ? 64 * (a.n + b.n) : 8 * a.n * b.n))
		return;
	else if ((rouge ? likeness_rouge(a, b, &share, &err) :
	    likeness_distance(a, b, &d, &err)) != STATUS_OK)
		sqlite3_result_error_nomem(ctx);
	else if (rouge)
		sqlite3_result_double(ctx, share);
	else
		sqlite3_result_int64(ctx, (sqlite3_int64)d);
}

struct function_row {
	const char	*name;
	int		 nargs;
	void		(*fn)(sqlite3_context *, int, sqlite3_value **);
	int		 data;
};

/* Those that need no item: SQLite's own made safe, and num(). */
static const struct function_row plain_functions[] = {
	{ "num", 1, fn_num, 0 },
	{ "like", 2, fn_like, LIKE_PLAIN },
	{ "like", 3, fn_like, LIKE_PLAIN },
	{ "glob", 2, fn_like, LIKE_GLOB },
	{ "instr", 2, fn_instr, 0 },
	{ "replace", 3, fn_replace, 0 },
	{ "trim", 2, fn_trim, TRIM_LEFT | TRIM_RIGHT },
	{ "ltrim", 2, fn_trim, TRIM_LEFT },
	{ "rtrim", 2, fn_trim, TRIM_RIGHT },
	{ "words", 1, fn_words, 0 },
	{ "levenshtein", 2, fn_alike, ALIKE_DISTANCE },
	{ "rouge1", 2, fn_alike, ALIKE_ROUGE }
};

enum status
expr_install(void *sqlite, struct expr_budget *budget, struct error *err)
{
	const struct function_row *f;
	struct function_use *use;
	size_t i;
	int rc;

	for (i = 0; i < sizeof(plain_functions) / sizeof(*f); i++) {
		f = &plain_functions[i];
		if ((use = malloc(sizeof(*use))) == NULL)
			return error_nomem(err);
		*use = (struct function_use){ budget, f->data };
		/* SQLite frees it, also where it fails. */
		rc = sqlite3_create_function_v2(sqlite, f->name, f->nargs,
		    SQLITE_UTF8 | SQLITE_DETERMINISTIC, use, f->fn, NULL, NULL,
		    free);
		if (rc != SQLITE_OK)
			return rc == SQLITE_NOMEM ? error_nomem(err) :
			    error_set(err, STATUS_INVALID, "%s: %s", f->name,
			    sqlite3_errmsg(sqlite));
	}
	return expr_format_install(sqlite, err);
}

const char *
expr_refusal(const char *why)
{
	return strcmp(why, "parser stack overflow") == 0 ||
	    strncmp(why, "Expression tree is too large", 28) == 0 ?
	    "it is nested too deeply" : why;
}
