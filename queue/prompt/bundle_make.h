/* A bundle made of what is there. */
#ifndef QUEUE_PROMPT_BUNDLE_MAKE_H
#define QUEUE_PROMPT_BUNDLE_MAKE_H

#include "queue/session.h"

struct bundle_making {
	struct slice	 label;		/* whose prompts it has */
	/* References of prompts that it has instead of, or beside, where the label
	 * points now. */
	const struct slice *refs;
	size_t		 nrefs;
	const struct policy *policy;	/* NULL: the one in force */
	/* NULL: those that the configs of its prompts name ("model", "model_name"). */
	const struct slice *models;
	size_t		 nmodels;
	const char	*data;		/* a file of which it keeps size and hash */
	int64_t		 run;		/* that vouches for it; 0: none */
	struct slice	 note;
	/* Set by bundles_make(). */
	int64_t		 n;
	bool		 known;		/* it was there already */
	size_t		 nprompts, models_found;
	char		 policy_id[HASH_HEX];
};
/* With its leaf; changes nothing that is in force.  STATUS_DENIED without
 * MAY_POLICY. */
enum status	bundles_make(struct session *, struct bundle_making *,
		    struct error *) MUST_CHECK;

#endif
