/*
 * The SQL functions that db/queries.sql uses besides SQLite's own and the
 * conditions' (core/expr): a time as text, and what a stored record says.
 */
#include "db/sqlite/functions.h"

#include <stdlib.h>

#include "core/base/time.h"
#include "core/item/item.h"
#include "core/json/value.h"
#include "core/shape/read.h"

/* One connection's reader of records; freed with the connection. */
struct functions {
	struct item_reader	reader;
	struct arena		arena;
	struct expr_budget	*budget;	/* of the condition being asked */
};

static void
rfc3339(sqlite3_context *ctx, int argc, sqlite3_value **argv)
{
	char text[TIME_TEXT];

	(void)argc;
	if (sqlite3_value_type(argv[0]) == SQLITE_NULL)
		return;
	time_format(sqlite3_value_int64(argv[0]), text);
	sqlite3_result_text(ctx, text, -1, SQLITE_TRANSIENT);
}

static struct slice
value_bytes(sqlite3_value *v)
{
	struct slice s = { sqlite3_value_blob(v), 0 };

	s.n = s.p == NULL ? 0 : (size_t)sqlite3_value_bytes(v);
	return s;
}

/* (record, input, part, shape, mapping) */
static struct item_stored
stored_of(sqlite3_value **argv)
{
	return (struct item_stored){ value_bytes(argv[0]), value_bytes(argv[1]),
	    value_bytes(argv[3]), (uint32_t)sqlite3_value_int64(argv[2]),
	    (uint32_t)sqlite3_value_int64(argv[4]) };
}

/* Reads it again; a failure is the statement's error. */
static bool
read_item(sqlite3_context *ctx, sqlite3_value **argv, struct item *item)
{
	struct functions *f = sqlite3_user_data(ctx);
	struct item_stored stored;
	struct error err = { 0 };

	if (sqlite3_value_type(argv[0]) == SQLITE_NULL)
		return false;
	if (!expr_budget_spend(f->budget,
	    (size_t)sqlite3_value_bytes(argv[0]))) {
		sqlite3_result_error(ctx, "the condition takes too long", -1);
		return false;
	}
	arena_reset(&f->arena);
	stored = stored_of(argv);
	if (item_reread(&f->reader, &stored, item, &err) == STATUS_OK)
		return true;
	sqlite3_result_error(ctx, err.text, -1);
	return false;
}

static void
result_slice(sqlite3_context *ctx, struct slice s)
{
	if (s.p != NULL)
		sqlite3_result_text64(ctx, s.p, s.n, SQLITE_TRANSIENT,
		    SQLITE_UTF8);
}

static void
item_output(sqlite3_context *ctx, int argc, sqlite3_value **argv)
{
	struct item item;

	(void)argc;
	if (read_item(ctx, argv, &item))
		result_slice(ctx, item.output);
}

static void
item_metadata(sqlite3_context *ctx, int argc, sqlite3_value **argv)
{
	struct item item;

	(void)argc;
	if (read_item(ctx, argv, &item))
		result_slice(ctx, item.metadata);
}

static void
item_messages(sqlite3_context *ctx, int argc, sqlite3_value **argv)
{
	struct item item;

	(void)argc;
	if (read_item(ctx, argv, &item))
		result_slice(ctx, item.messages);
}

/* Every text that a JSON value holds, keys included, a line each. */
static void
texts_put(struct buf *b, struct slice json, struct arena *a)
{
	struct json doc = JSON_INIT;
	struct json_error why;
	uint32_t t;

	if (json.n > 0 && json_parse(&doc, json, JSON_DEPTH_MAX, JSON_LENIENT,
	    &why) == STATUS_OK)
		for (t = 0; t < doc.n; t++)
			if (json_kind(&doc, t) == TOKEN_STRING) {
				buf_add_slice(b, json_text(&doc, t, a));
				buf_putc(b, '\n');
			}
	json_release(&doc);
}

/* All that there is to be searched; nothing of a record that cannot be read. */
static void
item_text(sqlite3_context *ctx, int argc, sqlite3_value **argv)
{
	struct functions *f = sqlite3_user_data(ctx);
	struct item_stored stored = stored_of(argv);
	struct error ignored = { 0 };
	struct buf b = BUF_INIT;
	struct item item;

	(void)argc;
	arena_reset(&f->arena);
	if (item_reread(&f->reader, &stored, &item, &ignored) == STATUS_OK) {
		if (item.output_is_string)
			buf_add_slice(&b, item.output);
		else
			texts_put(&b, item.output, &f->arena);
		buf_putc(&b, '\n');
		texts_put(&b, item.messages, &f->arena);
		texts_put(&b, item.context, &f->arena);
		texts_put(&b, item.metadata, &f->arena);
	}
	sqlite3_result_text64(ctx, b.n == 0 ? "" : b.p, b.n, SQLITE_TRANSIENT,
	    SQLITE_UTF8);
	buf_release(&b);
}

static void
functions_free(void *arg)
{
	struct functions *f = arg;

	item_reader_release(&f->reader);
	arena_release(&f->arena);
	free(f);
}

enum status
functions_install(sqlite3 *db, struct expr_budget *budget, struct error *err)
{
	const int flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_DIRECTONLY;
	struct functions *f = calloc(1, sizeof(*f));

	if (f == NULL)
		return error_nomem(err);
	f->reader.arena = &f->arena;
	f->budget = budget;
	/* The first carries the reader, which SQLite frees even if it fails. */
	if (sqlite3_create_function_v2(db, "item_output", 5, flags, f,
	    item_output, NULL, NULL, functions_free) != SQLITE_OK ||
	    sqlite3_create_function_v2(db, "item_metadata", 5, flags, f,
	    item_metadata, NULL, NULL, NULL) != SQLITE_OK ||
	    sqlite3_create_function_v2(db, "item_messages", 5, flags, f,
	    item_messages, NULL, NULL, NULL) != SQLITE_OK ||
	    sqlite3_create_function_v2(db, "item_text", 5, flags, f,
	    item_text, NULL, NULL, NULL) != SQLITE_OK ||
	    sqlite3_create_function_v2(db, "rfc3339", 1, flags, NULL, rfc3339,
	    NULL, NULL, NULL) != SQLITE_OK)
		return error_nomem(err);
	return STATUS_OK;
}
