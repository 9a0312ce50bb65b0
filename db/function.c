#include "db/handle.h"

/* num(x): a number, or NULL where x is no number as a whole ('30' is one). */
static void
function_num(sqlite3_context *ctx, int n, sqlite3_value **v)
{
	int type = sqlite3_value_numeric_type(v[0]);

	(void)n;
	if (type == SQLITE_INTEGER || type == SQLITE_FLOAT)
		sqlite3_result_value(ctx, v[0]);
	else
		sqlite3_result_null(ctx);
}

static const struct {
	const char	*name;
	int		 args;
	void		(*call)(sqlite3_context *, int, sqlite3_value **);
} functions[] = {
	{ "num", 1, function_num }
};

enum status
store_functions(struct store *s, struct error *err)
{
	size_t i;
	int rc;

	for (i = 0; i < sizeof(functions) / sizeof(functions[0]); i++) {
		rc = sqlite3_create_function_v2(s->db, functions[i].name,
		    functions[i].args, SQLITE_UTF8 | SQLITE_DETERMINISTIC |
		    SQLITE_INNOCUOUS, NULL, functions[i].call, NULL, NULL, NULL);
		if (rc != SQLITE_OK)
			return store_failed(s, rc, functions[i].name, err);
	}
	return STATUS_OK;
}
