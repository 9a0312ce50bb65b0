/*
 * The words of a condition, told apart as SQLite's own tokenizer does, for the
 * checks that a prepared statement cannot make: that the text cannot leave the
 * parentheses it is put in, and that the guards it asks about exist.
 */
#ifndef CORE_EXPR_SCAN_H
#define CORE_EXPR_SCAN_H

#include "core/base/buf.h"

#define EXPR_TEXT_MAX	((size_t)16 << 10)	/* bytes of one condition */

enum expr_token_type {
	EXPR_END, EXPR_NAME, EXPR_STRING, EXPR_NUMBER, EXPR_SIGN, EXPR_BAD
};

/* text holds the quotes; a bad token's is what could not be read. */
struct expr_token {
	enum expr_token_type	 type;
	struct slice		 text;
};

/* The next token of the text behind *at; comments and blanks are skipped. */
struct expr_token expr_token_next(struct slice text, size_t *at);
/* Is the name token, unquoted, equal to s whatever its case? */
bool		expr_token_is(const struct expr_token *, const char *s);
bool		expr_token_is_one(const struct expr_token *, const char *const *words);
/* Is it this sign; is it one that a comparison is made of? */
bool		expr_token_sign(const struct expr_token *, char);
bool		expr_token_compares(const struct expr_token *);
/* Passes over what a parenthesis before *at opened; false: it is never closed. */
bool		expr_token_close(struct slice text, size_t *at);
/* The text inside a string's quotes, with '' made '; false if it has no room. */
bool		expr_token_string(const struct expr_token *, char *out,
		    size_t size);

/*
 * STATUS_INVALID where the text is empty, too long, not balanced, has more than
 * one statement, a parameter or a SELECT.
 */
enum status	expr_scan(struct slice text, struct error *) MUST_CHECK;

#endif
