/* The item that a route or erase leaf is about. */
#ifndef DB_AUDIT_VERIFY_ITEM_H
#define DB_AUDIT_VERIFY_ITEM_H

#include "db/audit/verify_run.h"

enum status	verify_route(struct verify *, struct error *) MUST_CHECK;
enum status	verify_erase(struct verify *, struct error *) MUST_CHECK;
enum status	verify_items_end(struct verify *, struct error *) MUST_CHECK;

#endif
