/*
 * A suite: cases, what is asked of each output, and the gate (handrail-suite.5).
 * Every form of others is read into this one; immutable once loaded.
 */
#ifndef CORE_SUITE_SUITE_H
#define CORE_SUITE_SUITE_H

#include "core/base/arena.h"
#include "core/base/hash.h"
#include "core/guard/guard.h"
#include "core/suite/assert.h"

#define SUITE_CASES_MAX		1000000
#define SUITE_REPEAT_MAX	1000

enum endpoint_kind { ENDPOINT_CHAT, ENDPOINT_ECHO, ENDPOINT_HTTP,
    ENDPOINT_SERVICE };
struct suite_request;		/* core/suite/request.h */
struct suite_endpoint {
	const char	*name;
	enum endpoint_kind kind;
	const char	*url, *model, *token_env, *proxy;	/* NULL: none */
	const char	*base_env;	/* names a variable with another base, or NULL */
	const char	*base_path;	/* behind that base; NULL: a chat's */
	bool		 token_optional;
	struct slice	 params;	/* members of an object, as JSON, or absent */
	const struct suite_request *request;	/* of ENDPOINT_HTTP */
	struct slice	 config;	/* promptfoo's, or absent */
	double		 usd_in, usd_out;	/* for a million tokens; NAN: unknown */
	int		 in_flight, retries;
	int64_t		 timeout_ms;
};

/* What is sent: a text, or a chat as JSON; {{name}} stands for a variable. */
struct prompt_body;		/* core/prompt/prompt.h */
struct suite_prompt {
	const char	*name;
	const char	*stored;	/* "refund@next": to be found in the store */
	struct slice	 text;
	bool		 chat;
	const struct prompt_body *body;	/* what was found; or NULL */
};

/* A check of every case. */
struct suite_check {
	const char	*name;
	const char	*when;		/* a condition, or NULL */
	const char	*rubric;	/* what a judge is to look for, or NULL */
	const char	*judge;		/* NAME@VERSION of a prompt, or NULL */
	size_t		 endpoint;	/* of the judge */
	double		 min;		/* of the judge's score */
	double		 weight, trust;	/* NAN: not set */
	const char	*file;
	int		 line, column;	/* of its condition */
};

struct suite_case {
	const char	*id;
	int		 line;
	struct slice	 vars;		/* an object as JSON, or absent */
	struct slice	 messages;	/* an array as JSON, or absent */
	struct slice	 expect, metadata;	/* JSON, or absent */
	struct slice	 output;	/* what the file itself brings, or absent */
	const struct assertion *asserts;
	size_t		 nasserts;
	double		 threshold;	/* NAN: none */
	const char	*prefix, *suffix;	/* of the prompt, or NULL */
};

enum undecided { UNDECIDED_FAIL, UNDECIDED_PASS };
struct suite_gate {
	bool		 set;		/* the file has one */
	double		 pass_rate, confidence, each, p95_ms, mean_usd;	/* NAN */
	const char	*baseline;	/* NULL: none */
	double		 alpha, margin;
	enum undecided	 undecided;
};

struct suite {
	const char	*name, *path;
	char		 id[HASH_HEX];	/* of all its files, as a policy's */
	const char	*queue;		/* NULL: none */
	int		 repeat;
	unsigned	 probes;	/* of enum probe (core/suite/probe.h) */
	const struct suite_endpoint *endpoints;
	size_t		 nendpoints;
	size_t		 nvariants;	/* of the endpoints: the rest only judges */
	const struct suite_prompt *prompts;
	size_t		 nprompts;
	const struct suite_check *checks;
	size_t		 nchecks;
	const struct suite_case *cases;
	size_t		 ncases;
	struct suite_gate gate;
	const char *const *skipped;	/* "line 7: javascript: ..." */
	size_t		 nskipped;	/* reasons that stand in `skipped` */
	size_t		 dropped;	/* tests that were left out for them */
	const struct policy_file *files;	/* first: the suite itself */
	size_t		 nfiles;
	struct arena	 arena;		/* all of the above */
};

void		suite_free(struct suite *);
/* Does it ask anything of an output? */
bool		suite_asks(const struct suite *);

#endif
