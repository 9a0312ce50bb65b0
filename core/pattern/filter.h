/*
 * Where in a text any of many patterns may begin, found in one pass.
 *
 * Three forms of the pass (AVX2, SSSE3, plain C) give the same places.  Vectors
 * rule positions out by nibble masks of FIRST_BYTES bytes in eight buckets (or
 * 16 or 32, as many as the patterns need), plain C by a table of byte pairs; what
 * is left is looked at byte by byte.
 */
#ifndef CORE_PATTERN_FILTER_H
#define CORE_PATTERN_FILTER_H

#include "core/pattern/pattern.h"
#include "core/pattern/first.h"

struct pattern_filter;

enum status	filter_new(struct pattern_filter **, struct error *) MUST_CHECK;
void		filter_free(struct pattern_filter *);
/* Each of the sequences stands for the pattern. */
enum status	filter_add(struct pattern_filter *, unsigned id,
		    const struct first_seq *, unsigned n, struct error *)
		    MUST_CHECK;
enum status	filter_compile(struct pattern_filter *, struct error *)
		    MUST_CHECK;

/*
 * Calls at() for each place and pattern that may begin there, in ascending
 * order of places.  What it returns other than STATUS_OK ends the pass.
 */
typedef enum status filter_fn(void *, unsigned id, size_t at, struct error *);
enum status	filter_run(const struct pattern_filter *, enum filter_form,
		    struct slice, filter_fn *at, void *arg, struct error *)
		    MUST_CHECK;

#endif
