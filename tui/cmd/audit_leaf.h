/* How leaves are printed: a table for people, JSON Lines, CSV, their very bytes. */
#ifndef TUI_CMD_AUDIT_LEAF_H
#define TUI_CMD_AUDIT_LEAF_H

#include "core/base/arena.h"
#include "core/json/parse.h"
#include "db/audit/query.h"

struct leaf_printing {
	struct buf	 b;		/* what is to be printed next */
	struct json	 json;
	struct arena	 arena;
};
void	leaf_printing_release(struct leaf_printing *);

struct leaf_form {
	bool		raw;		/* goes out as it is, on no terminal */
	void		(*head)(struct leaf_printing *);	/* NULL: none */
	enum status	(*row)(struct leaf_printing *, const struct audit_found *,
			    struct error *);
};
extern const struct leaf_form leaf_table, leaf_json, leaf_csv, leaf_raw;

#endif
