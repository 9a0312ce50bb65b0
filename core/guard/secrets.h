/*
 * What the files of guard kind "secrets" share: the shapes of keys and tokens
 * (secrets_rules.c), names with a value behind them (secrets_names.c,
 * secrets_assign.c), and what makes a value random enough (secrets_value.c).
 */
#ifndef CORE_GUARD_SECRETS_H
#define CORE_GUARD_SECRETS_H

#include "core/base/buf.h"
#include "core/item/severity.h"

enum {
	SECRET_DIGIT = 1,	/* holds a digit and a letter */
	SECRET_NO_CODE = 2	/* is no expression: process.env.X, get_token() */
};

struct secret_shape {
	const char	*name;		/* finding.kind */
	const char	*what;
	const char	*pattern;	/* PATTERN_ASCII */
	double		 entropy;	/* bits a character at least; 0: any */
	int		 flags;
	enum severity	 severity;	/* SEVERITY_INFO: the guard's */
	/* Bytes before the match that belong to it.  A pattern that looks behind
	 * for what is common begins with what is rare, and costs no time. */
	int		 before;
};

#define SECRET_WORD	(-1)	/* all from the beginning of the word */

/* The special ones first: of two shapes over one place the first is reported. */
extern const struct secret_shape secret_shapes[];
extern const unsigned nsecret_shapes;

/* What a name is the name of. */
enum secret_name {
	SECRET_KEY,		/* token, client secret; api_key */
	SECRET_WEAK,		/* key: the name of much else, too */
	SECRET_JOINED,		/* hmac_key, appKey: becomes of SECRET_WEAK */
	SECRET_PASSWORD
};
/* The pattern finds the name only. */
struct secret_named {
	const char	*name, *what;
	const char	*pattern;
	enum secret_name names;
};
extern const struct secret_named secret_names[];
extern const unsigned nsecret_names;

/* The value that a name at [start, end) has. */
struct secret_value {
	struct slice	text;
	bool		quoted;
	bool		prose;		/* "the password is ..." */
};

#endif
