/*
 * The words of a policy file: names and values, quoted or not, signs, and the
 * position of each.  Comments and blanks are passed over.
 */
#ifndef CORE_POLICY_LEX_H
#define CORE_POLICY_LEX_H

#include "core/base/arena.h"
#include "core/policy/position.h"

#define POLICY_TEXT_MAX	((size_t)4 << 20)	/* bytes of a policy file */

enum token_kind {
	TOKEN_END,
	TOKEN_WORD,		/* no quotes */
	TOKEN_SINGLE,		/* 'x' */
	TOKEN_DOUBLE,		/* "x" */
	TOKEN_SIGN		/* one of { } ( ) = , */
};

struct token {
	enum token_kind	 kind;
	struct position	 at;		/* its first character */
	struct slice	 raw;		/* as it is written, quotes too */
};

struct lexer {
	struct slice	 text;
	size_t		 at;
	struct position	 here;		/* of the byte at `at` */
};

/* The text of one file; STATUS_INVALID where it is too long or no text. */
enum status	lexer_init(struct lexer *, struct slice text, const char *shown,
		    const char *named, struct error *) MUST_CHECK;
/* TOKEN_END at the end, however often it is asked. */
enum status	lexer_next(struct lexer *, struct token *, struct error *)
		    MUST_CHECK;

bool	token_is_sign(const struct token *, char);
/* A word or a quoted text. */
bool	token_is_text(const struct token *);
/* What a word or a quoted text stands for, in the arena; NULL: no memory. */
char	*token_text(struct arena *, const struct token *);
/* For "%.*s" in a message: the beginning of what is written. */
struct slice token_shown(const struct token *);

#endif
