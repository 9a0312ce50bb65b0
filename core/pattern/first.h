/*
 * What a PCRE2 pattern can begin with, read from its source.
 *
 * Conservative: what is not understood means "anywhere", and a sequence says
 * never less than the pattern allows.  The text is UTF-8 and PCRE2_UTF is on.
 */
#ifndef CORE_PATTERN_FIRST_H
#define CORE_PATTERN_FIRST_H

#include <stdbool.h>
#include <stdint.h>

#define FIRST_BYTES	4	/* of a match that are looked at */
#define FIRST_SEQS	24	/* sequences of one pattern */

struct first_set {
	uint64_t	w[4];	/* a bit for each byte */
};

/* Up to n bytes, each one of its set; behind them anything may follow. */
struct first_seq {
	struct first_set set[FIRST_BYTES];
	uint8_t		 n;
	bool		 cut;	/* the match may go on with what is not known */
};

struct first {
	struct first_seq seq[FIRST_SEQS];
	unsigned	 n;
	bool		 anywhere;	/* seq does not hold */
	int		 required;	/* a byte of every match, or -1 */
	/*
	 * -1, or the byte that ends the run of bytes (not of itself) that every
	 * match begins within: "@" of "\b[\w.]+@..."
	 */
	int		 run_end;
	struct first_set run;
	/* What every match holds somewhere: the rarest of what its parts begin
	 * with; none: not known. */
	struct first_seq inner[FIRST_SEQS];
	unsigned	 ninner;
};

static inline bool
first_has(const struct first_set *s, unsigned byte)
{
	return s->w[byte >> 6] >> (byte & 63) & 1;
}

static inline unsigned
first_count(const struct first_set *s)
{
	unsigned i, n = 0;

	for (i = 0; i < 4; i++)
		n += (unsigned)__builtin_popcountll(s->w[i]);
	return n;
}

/* The pattern must be one that pcre2_compile() has taken. */
void	first_of(const char *pattern, bool caseless, bool ucp, struct first *);

#endif
