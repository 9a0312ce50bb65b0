/* A suite on its way from its files: what its readers share. */
#ifndef CORE_SUITE_READING_H
#define CORE_SUITE_READING_H

#include "core/base/titles.h"
#include "core/json/parse.h"
#include "core/policy/load.h"
#include "core/suite/suite.h"

#define SKIPPED_MAX	1000	/* reasons that are kept */

/* What tests of promptfoo have where they say nothing of their own. */
struct test_defaults {
	const struct json *json;	/* NULL: there are none */
	uint32_t	 object;
	const char	*file;		/* as the suite names it */
};

struct suite_reading {
	struct suite		*suite;
	struct arena		*arena;		/* the suite's */
	struct load		 load;
	struct suite_case	*cases;
	size_t			 ncases, cases_cap;
	struct suite_endpoint	*endpoints;
	size_t			 nendpoints, endpoints_cap;
	struct suite_prompt	*prompts;
	size_t			 nprompts, prompts_cap;
	const char		**skipped;
	size_t			 nskipped, skipped_cap;
	struct titles		 ids;
	struct test_defaults	 defaults;
	const struct json	*config;	/* promptfoo's, while it is read */
	const char		*grader;	/* provider of judges; NULL: none */
	size_t			 judge;		/* its endpoint */
};

/* v with room for one more of that size, or NULL without memory. */
void		*suite_grow(void *v, size_t n, size_t *cap, size_t size);
/*
 * Keeps the case.  Without an id it is named by what it is made of, so that it keeps
 * its name wherever it stands.  STATUS_INVALID: another has its id.
 */
enum status	suite_case_add(struct suite_reading *, struct suite_case *,
		    struct error *) MUST_CHECK;
enum status	suite_endpoint_add(struct suite_reading *,
		    const struct suite_endpoint *, size_t *n, struct error *)
		    MUST_CHECK;
enum status	suite_prompt_add(struct suite_reading *,
		    const struct suite_prompt *, struct error *) MUST_CHECK;
/* What cannot be run here; it is not an error yet. */
enum status	suite_skip(struct suite_reading *, struct error *,
		    const char *, ...) PRINTF(3, 4) MUST_CHECK;

/* A text of an object, in the arena, or NULL; JSON as it stands, or absent. */
const char	*suite_text(struct suite_reading *, const struct json *,
		    uint32_t object, const char *key);
struct slice	suite_raw(const struct json *, uint32_t object,
		    const char *key);
/* JSON of one text. */
struct slice	suite_quote(struct suite_reading *, struct slice);

#endif
