/*
 * LIKE, GLOB, instr() and replace() in time that an item's author cannot blow
 * up: SQLite's own go back on every wildcard and compare byte by byte, so that
 * two long texts keep one function busy for hours, and nothing can stop it.
 */
#ifndef CORE_EXPR_LIKE_H
#define CORE_EXPR_LIKE_H

#include "core/base/buf.h"
#include "core/expr/budget.h"

#define LIKE_PATTERN_MAX	((size_t)1000)	/* bytes */

enum like_result { LIKE_NO, LIKE_YES, LIKE_TOO_LONG };

/* SQLite's LIKE: % and _, ASCII letters alike whatever their case; escape is a
 * code point, or 0.  LIKE_TOO_LONG also where the budget (or NULL) is spent. */
enum like_result like_match(struct slice pattern, struct slice text,
		    uint32_t escape, struct expr_budget *);
/* SQLite's GLOB: *, ?, [...] and [^...]. */
enum like_result glob_match(struct slice pattern, struct slice text,
		    struct expr_budget *);
/* instr(): the code point, from 1, where needle is first found; 0: nowhere. */
size_t		text_instr(struct slice text, struct slice needle);
/* replace(); an empty `from` changes nothing.  At most max bytes. */
enum status	text_replace(struct buf *, struct slice text, struct slice from,
		    struct slice to, size_t max) MUST_CHECK;

#endif
