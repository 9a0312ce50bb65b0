#include "db/sqlite/batch.h"

#include <stdlib.h>

#include "db/sqlite/handle.h"

struct table {
	sqlite3_vtab	 base;
	const struct batch **shown;
};

struct batch_cursor {
	sqlite3_vtab_cursor base;
	size_t		 row;
};

static const struct batch *
batch_of(const sqlite3_vtab_cursor *c)
{
	return *((const struct table *)(const void *)c->pVtab)->shown;
}

static int
batch_connect(sqlite3 *db, void *arg, int argc, const char *const *argv,
    sqlite3_vtab **out, char **why)
{
	struct buf text = BUF_INIT;
	struct table *t;
	int i, rc;

	(void)argc;
	(void)argv;
	(void)why;
	buf_puts(&text, "CREATE TABLE batch (");
	for (i = 1; i <= BATCH_COLUMNS; i++)
		buf_printf(&text, "%sv%d", i == 1 ? "" : ", ", i);
	buf_puts(&text, ")");
	rc = text.failed ? SQLITE_NOMEM :
	    sqlite3_declare_vtab(db, buf_str(&text));
	buf_release(&text);
	if (rc == SQLITE_OK)
		rc = sqlite3_vtab_config(db, SQLITE_VTAB_DIRECTONLY);
	if (rc != SQLITE_OK)
		return rc;
	if ((t = calloc(1, sizeof(*t))) == NULL)
		return SQLITE_NOMEM;
	t->shown = arg;
	*out = &t->base;
	return SQLITE_OK;
}

static int
batch_disconnect(sqlite3_vtab *t)
{
	free(t);
	return SQLITE_OK;
}

/* There is one way through it: from the first row to the last. */
static int
batch_plan(sqlite3_vtab *t, sqlite3_index_info *info)
{
	(void)t;
	(void)info;
	return SQLITE_OK;
}

static int
batch_open(sqlite3_vtab *t, sqlite3_vtab_cursor **out)
{
	struct batch_cursor *c = calloc(1, sizeof(*c));

	(void)t;
	if (c == NULL)
		return SQLITE_NOMEM;
	*out = &c->base;
	return SQLITE_OK;
}

static int
batch_close(sqlite3_vtab_cursor *c)
{
	free(c);
	return SQLITE_OK;
}

static int
batch_first(sqlite3_vtab_cursor *c, int plan, const char *name, int argc,
    sqlite3_value **argv)
{
	(void)plan;
	(void)name;
	(void)argc;
	(void)argv;
	((struct batch_cursor *)(void *)c)->row = 0;
	return SQLITE_OK;
}

static int
batch_next(sqlite3_vtab_cursor *c)
{
	((struct batch_cursor *)(void *)c)->row++;
	return SQLITE_OK;
}

static int
batch_eof(sqlite3_vtab_cursor *c)
{
	return batch_of(c) == NULL ||
	    ((struct batch_cursor *)(void *)c)->row >= batch_of(c)->n;
}

static int
batch_column(sqlite3_vtab_cursor *c, sqlite3_context *ctx, int column)
{
	const struct value *v = &batch_of(c)->row[
	    ((struct batch_cursor *)(void *)c)->row][column];

	switch (v->type) {
	case VALUE_NULL:
		break;
	case VALUE_INT:
		sqlite3_result_int64(ctx, v->number);
		break;
	case VALUE_REAL:
		sqlite3_result_double(ctx, v->real);
		break;
	case VALUE_TEXT:
		sqlite3_result_text64(ctx, v->bytes, v->n, SQLITE_STATIC,
		    SQLITE_UTF8);
		break;
	case VALUE_BLOB:
		sqlite3_result_blob64(ctx, v->bytes, v->n, SQLITE_STATIC);
		break;
	}
	return SQLITE_OK;
}

static int
batch_rowid(sqlite3_vtab_cursor *c, sqlite3_int64 *out)
{
	*out = (sqlite3_int64)((struct batch_cursor *)(void *)c)->row;
	return SQLITE_OK;
}

/* Without xCreate there is only the one table, under the module's name. */
static const sqlite3_module batch_module = {
	.xConnect = batch_connect, .xDisconnect = batch_disconnect,
	.xBestIndex = batch_plan, .xOpen = batch_open, .xClose = batch_close,
	.xFilter = batch_first, .xNext = batch_next, .xEof = batch_eof,
	.xColumn = batch_column, .xRowid = batch_rowid
};

enum status
batch_install(sqlite3 *db, const struct batch **shown, struct error *err)
{
	return sqlite3_create_module(db, "batch", &batch_module,
	    (void *)shown) == SQLITE_OK ? STATUS_OK : error_nomem(err);
}

enum status
sqlite_load(struct store *s, enum query_id id, const struct batch *b,
    size_t *loaded, struct error *err)
{
	struct query *q;
	enum status st;

	if ((st = query_get(&q, s, id, err)) != STATUS_OK)
		return st;
	lite(s)->batch = b;
	st = query_run(q, err);
	lite(s)->batch = NULL;
	*loaded = (size_t)sqlite3_changes64(lite(s)->db);
	return st;
}
