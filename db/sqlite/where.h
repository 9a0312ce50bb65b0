/* The condition of a statement that takes one. */
#ifndef DB_SQLITE_WHERE_H
#define DB_SQLITE_WHERE_H

#include "core/base/buf.h"
#include "db/query.h"
#include "db/sql.h"

/* For messages: a statement's name says nothing to who reads them. */
#define STATEMENT_DOING	"reading or writing"
enum status	sqlite_prepare(struct query *, const char *where,
		    struct error *) MUST_CHECK;
/* A statement's text with the condition (NULL: none) put where it belongs. */
enum status	statement_text(const struct sql_text *, const char *where,
		    struct buf *, struct error *) MUST_CHECK;

#endif
