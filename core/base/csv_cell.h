/* A cell of CSV (RFC 4180) that no spreadsheet takes for a formula. */
#ifndef CORE_BASE_CSV_CELL_H
#define CORE_BASE_CSV_CELL_H

#include "core/base/buf.h"

/* In quotes, with a comma before it unless it is a line's first; one that would be a
 * formula begins with an apostrophe. */
void	csv_cell(struct buf *, struct slice, bool first);

#endif
