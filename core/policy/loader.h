/* Where the files of a policy come from. */
#ifndef CORE_POLICY_LOADER_H
#define CORE_POLICY_LOADER_H

#include <stdbool.h>

#include "core/guard/guard.h"

/* Reads a file: STATUS_OK with its bytes, or an error naming it. */
struct loader {
	enum status	(*load)(void *, const char *path, struct buf *,
			    struct error *);
	/* Calls each() with every file below a folder, in name order. */
	enum status	(*list)(void *, const char *dir,
			    enum status (*each)(void *, const char *relative,
			    struct error *), void *each_arg, struct error *);
	void		*arg;
};

/* Loads a stored policy again, without the file system. */
/* Whatever path the policy is then loaded by: the first file is the policy. */
struct policy_stored {
	const struct policy_file	*files;
	size_t				 n;
	size_t				 prefix, next;
	bool				 begun;
};
struct loader	policy_stored_loader(const struct policy_file *files,
		    size_t n, struct policy_stored *);

#endif
