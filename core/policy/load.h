/* A policy on its way from its files to what core/policy/policy.h has. */
#ifndef CORE_POLICY_LOAD_H
#define CORE_POLICY_LOAD_H

#include "core/base/titles.h"
#include "core/policy/loader.h"
#include "core/policy/names.h"
#include "core/policy/policy.h"
#include "core/policy/section.h"

struct expr_set;		/* core/expr/expr.h */

#define POLICY_NAME_MAX		256	/* bytes of a title */

struct load {
	struct policy			*policy;
	struct arena			*arena;		/* the policy's */
	const struct loader		*loader;
	const struct guard_outside	*outside;
	const char			*dir;	/* of the policy file, or "" */
	struct policy_file		**files;
	size_t				 nfiles, cap;
	struct titles			 paths;	/* of files */
	/* What may stand in the file: section_rows, or those of another kind of
	 * file, which are no more; top is beside them. */
	const struct section_row	*rows;
	size_t				 nrows;
	struct sections			 top[SECTION_TOP];
	struct titles			 guards;
	struct titles			 listed;	/* each list a scope */
	uint32_t			 lists;
	struct titles			 alike;	/* what queues have, as text */
	struct expr_set			*check;	/* for conditions' mistakes */
};

/* Frees all but the policy. */
void		load_release(struct load *);

/*
 * The bytes of a file that `from` (a file as the policy names it) calls
 * `name`; read once and kept as part of the policy, with a NUL after them.
 */
enum status	load_file(struct load *, const char *from, const char *name,
		    const struct policy_file **, struct error *) MUST_CHECK;
/* Every file below the folder, with paths relative to it. */
enum status	load_dir(struct load *, const char *from, const char *name,
		    struct policy_file **, size_t *n, struct error *)
		    MUST_CHECK;
/* The path that a message shows for a file that the policy names so. */
const char	*load_shown(struct load *, const char *name);

#endif
