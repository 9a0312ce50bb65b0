#include "core/expr/format.h"

#include <sqlite3.h>
#include <stdlib.h>

#include "core/base/buf.h"

/* A connection of its own, where printf() is still SQLite's. */
struct formatter {
	sqlite3		*db;
	sqlite3_stmt	*st;
	int		 argc;		/* of st */
	int		 users;		/* printf and format */
};

/* One call's format text, and which of its values comes next. */
struct walk {
	const unsigned char	*at;
	sqlite3_value		**argv;
	int			 argc, next;
	int64_t			 width;		/* asked for so far */
};

static void
width_add(struct walk *w, int64_t n)
{
	if (n < -FORMAT_WIDTH_MAX || n > FORMAT_WIDTH_MAX)
		n = FORMAT_WIDTH_MAX + 1;
	w->width += n < 0 ? -n : n;
}

static void
number_add(struct walk *w)
{
	int64_t n = 0;

	for (; *w->at >= '0' && *w->at <= '9'; w->at++)
		if (n <= FORMAT_WIDTH_MAX)
			n = n * 10 + (*w->at - '0');
	width_add(w, n);
}

/* Behind a %: flags, widths and the letter, which takes a value of its own. */
static void
conversion_add(struct walk *w)
{
	static const char between[] = "-+ #!,.l*0123456789";

	while (*w->at != '\0' && strchr(between, *w->at) != NULL) {
		if (*w->at == '*' && w->next < w->argc)
			width_add(w, sqlite3_value_int64(w->argv[w->next++]));
		if (*w->at >= '0' && *w->at <= '9')
			number_add(w);
		else
			w->at++;
	}
	if (*w->at == '\0')
		return;
	w->next += *w->at != '%' && *w->at != 'n';
	w->at++;
}

static bool
width_fits(int argc, sqlite3_value **argv)
{
	struct walk w = { sqlite3_value_text(argv[0]), argv, argc, 1, 0 };

	while (w.at != NULL && *w.at != '\0' && w.width <= FORMAT_WIDTH_MAX)
		if (*w.at++ == '%')
			conversion_add(&w);
	return w.width <= FORMAT_WIDTH_MAX;
}

static int
formatter_prepare(struct formatter *f, int argc, int length_max)
{
	struct buf sql = BUF_INIT;
	int i, rc = SQLITE_OK;

	if (f->db == NULL)
		rc = sqlite3_open_v2(":memory:", &f->db, SQLITE_OPEN_READWRITE |
		    SQLITE_OPEN_MEMORY | SQLITE_OPEN_NOMUTEX, NULL);
	if (rc != SQLITE_OK) {
		(void)sqlite3_close(f->db);
		f->db = NULL;
		return rc;
	}
	(void)sqlite3_limit(f->db, SQLITE_LIMIT_LENGTH, length_max);
	if (f->st != NULL && f->argc == argc)
		return SQLITE_OK;
	(void)sqlite3_finalize(f->st);
	f->st = NULL;
	for (i = 0; i < argc; i++)
		buf_puts(&sql, i == 0 ? "SELECT printf(?" : ",?");
	buf_puts(&sql, ")");
	rc = sql.failed ? SQLITE_NOMEM : sqlite3_prepare_v3(f->db,
	    buf_str(&sql), -1, SQLITE_PREPARE_PERSISTENT, &f->st, NULL);
	buf_release(&sql);
	f->argc = argc;
	return rc;
}

static void
fn_format(sqlite3_context *ctx, int argc, sqlite3_value **argv)
{
	struct formatter *f = sqlite3_user_data(ctx);
	int i, rc;

	if (argc == 0 || sqlite3_value_type(argv[0]) == SQLITE_NULL)
		return;
	if (!width_fits(argc, argv)) {
		sqlite3_result_error_toobig(ctx);
		return;
	}
	rc = formatter_prepare(f, argc, sqlite3_limit(
	    sqlite3_context_db_handle(ctx), SQLITE_LIMIT_LENGTH, -1));
	for (i = 0; i < argc && rc == SQLITE_OK; i++)
		rc = sqlite3_bind_value(f->st, i + 1, argv[i]);
	if (rc == SQLITE_OK)
		rc = sqlite3_step(f->st);
	if (rc == SQLITE_ROW)
		sqlite3_result_value(ctx, sqlite3_column_value(f->st, 0));
	else
		sqlite3_result_error_code(ctx, rc);
	(void)sqlite3_reset(f->st);
	(void)sqlite3_clear_bindings(f->st);
}

static void
formatter_drop(void *arg)
{
	struct formatter *f = arg;

	if (--f->users > 0)
		return;
	(void)sqlite3_finalize(f->st);
	(void)sqlite3_close(f->db);
	free(f);
}

enum status
expr_format_install(void *sqlite, struct error *err)
{
	static const char *const names[] = { "printf", "format" };
	const int flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC;
	struct formatter *f = calloc(1, sizeof(*f));
	enum status st = STATUS_OK;
	size_t i;

	if (f == NULL)
		return error_nomem(err);
	/* SQLite drops what it was given even where it fails. */
	f->users = 1;
	for (i = 0; i < 2 && st == STATUS_OK; i++) {
		f->users++;
		if (sqlite3_create_function_v2(sqlite, names[i], -1, flags, f,
		    fn_format, NULL, NULL, formatter_drop) != SQLITE_OK)
			st = error_nomem(err);
	}
	formatter_drop(f);
	return st;
}
