/*
 * A policy: all guards, queues, rules and roles, read from a file
 * (handrail-policy.5).  Immutable once loaded; its id is the SHA-256 of a
 * manifest of every file it is made of.
 */
#ifndef CORE_POLICY_POLICY_H
#define CORE_POLICY_POLICY_H

#include "core/guard/guard.h"
#include "core/base/hash.h"
#include "core/base/titles.h"

struct sweep;			/* core/guard/sweep.h */

enum route { ROUTE_APPROVE, ROUTE_FLAG, ROUTE_ESCALATE };
const char	*route_name(enum route);	/* "approve" ... */

enum may {
	MAY_REVIEW = 1 << 0, MAY_ESCALATED = 1 << 1, MAY_UNDO = 1 << 2,
	MAY_LEASE = 1 << 3, MAY_EXPORT = 1 << 4, MAY_AUDIT = 1 << 5,
	MAY_POLICY = 1 << 6, MAY_ERASE = 1 << 7, MAY_HOOK = 1 << 8,
	MAY_ADMIN = (1 << 9) - 1
};
const char	*may_name(unsigned may);	/* "review"; NULL: not one of them */

struct guard {
	const char		*name;
	const struct guard_kind	*kind;
	const struct option_value *values;	/* beside kind->options */
	const struct guard_own	*own;
	size_t			 nown;
	const char		*file;
	int			 line, column;	/* of its title */
	enum severity		 severity;	/* SEVERITY_NONE: the kind's */
	enum redact		 redact;
	const char		*category;	/* of moderations; NULL: none */
	bool			 fail_open, on_input, on_record;
	size_t			 window;	/* kind->window's; 0: sees the whole */
	enum guard_reads	 reads;
	bool			 reads_bytes;	/* a JSON output's too */
	bool			 reads_keys;	/* with each value its key */
	void			*compiled;
};

struct rule {
	const char	*name, *when;
	enum route	 route;
	int		 priority;
	const char	*suggest;	/* what to do, in words; NULL */
	const char	*file;
	int		 line, column;	/* of its condition */
};

/* A number from 1 to max that a reviewer gives with a decision, by one key. */
#define RATINGS_MAX	9
struct rating {
	const char	*name;
	int		 max;		/* 2..9 */
};

#define QUEUE_NONE	SIZE_MAX
struct queue_policy {
	const char		*name;
	size_t			 number;	/* in policy.queues, or QUEUE_NONE */
	const struct guard	**guards;	/* in cost order */
	size_t			 nguards;
	struct sweep		*sweep;		/* of guards, or NULL */
	bool			 sweep_shared;	/* another queue's */
	const char *const	*expects;
	size_t			 nexpects;
	const struct rule	*rules;
	size_t			 nrules;
	const char		**conditions;	/* that its gateways ask beside */
	size_t			 nconditions;
	const char *const	*regions;	/* none: all */
	size_t			 nregions;
	const char *const	*reasons, *const *labels;
	size_t			 nreasons, nlabels;
	const char *const	*skip_reasons;
	size_t			 nskip_reasons;
	const struct rating	*ratings;
	size_t			 nratings;	/* RATINGS_MAX at most */
	bool			 evidence;	/* spans of the output are asked for */
	int64_t			 lease_ms, sla_ms, hold_ms;
	double			 sample;	/* 0..1 */
	const char		*fallback;	/* NULL: none */
	const char		*guidelines;	/* text of the file, or NULL */
	bool			 four_eyes;
	bool			 suite;		/* its rules are a suite's checks */
};

struct role {
	const char	*name, *group;
	unsigned	 may;			/* enum may */
};

/* What a key of the service may call (handrail-serve.1). */
enum service_may {
	SERVICE_CHECK = 1 << 0, SERVICE_SUBMIT = 1 << 1, SERVICE_READ = 1 << 2,
	SERVICE_GATEWAY = 1 << 3
};

struct service_key {
	const char	*name;
	const char	*token_env, *token_file;	/* one of them; else NULL */
	unsigned	 may;		/* enum service_may */
	const char *const *queues;	/* none: all */
	size_t		 nqueues;
	const char *const *gateways;	/* none: all */
	size_t		 ngateways;
	const char *const *regions;	/* none: all */
	size_t		 nregions;
	/* Limits, of a day and a month of UTC; 0, for usd -1: none. */
	uint64_t	 tokens_day, request_tokens;
	double		 usd_month;
};

/* A model service, and what it is asked for (handrail-serve.1). */
enum upstream_shape { UPSTREAM_OPENAI, UPSTREAM_ANTHROPIC };

struct upstream {
	const char	*name, *url;		/* without "/" at its end */
	int		 shape;			/* enum upstream_shape */
	const char	*token_env, *token_file;	/* one, or neither */
	const char	*region;		/* NULL: not said */
	const char	*proxy;			/* NULL: none */
	uint64_t	 in_flight;
	size_t		 number;		/* among the policy's */
};

struct model {
	const char	*name;
	const struct upstream *upstream;
	const char	*upstream_name;		/* what its service calls it */
	double		 in_usd, out_usd;	/* a million tokens; -1: not said */
	size_t		 number;
};

enum gateway_stream { GATEWAY_BUFFER, GATEWAY_WINDOW };
enum gateway_flag { GATEWAY_FALLBACK, GATEWAY_WAIT, GATEWAY_BLOCK };

#define GATEWAY_DEADLINE_MS	120000
#define GATEWAY_WAIT_MS		60000
#define GATEWAY_WINDOW_CHARS	200
struct gateway {
	const char	*name;
	const struct queue_policy *queue;
	const struct model **models;	/* as `try` names them */
	size_t		 nmodels;
	const char	*prompt;		/* "refund@production"; NULL: none */
	int		 stream;		/* enum gateway_stream */
	int		 on_flag;		/* enum gateway_flag */
	int64_t		 deadline_ms, wait_ms;
	uint64_t	 window;		/* code points */
	uint64_t	 retries;
	bool		 wants_logprobs;	/* a rule or `next` asks for confidence */
	/* Among its queue's conditions, or CONDITION_NONE. */
	size_t		 refuse, next;
	size_t		 number;
};
#define CONDITION_NONE	SIZE_MAX

/* When a call's log is committed: before its answer's last byte, or behind it. */
enum service_log { LOG_BEFORE, LOG_AFTER };

#define SERVICE_LISTEN	"127.0.0.1:8787"
#define SERVICE_INFLIGHT	1024
#define SERVICE_BODY	((uint64_t)32 << 20)
#define SERVICE_LOOPS_MAX	16
struct service_policy {
	const char *const *listen, *const *hosts;
	size_t		 nlisten, nhosts;
	const char	*status_listen;	/* NULL: none */
	bool		 status_key;	/* a key is asked for there too */
	uint64_t	 loops;		/* threads with connections; 0: one a core */
	uint64_t	 inflight;	/* calls at once */
	uint64_t	 body_max;	/* bytes */
	int		 log;		/* enum service_log */
	const struct service_key *keys;
	size_t		 nkeys;
	const struct upstream *upstreams;
	size_t		 nupstreams;
	const struct model *models;
	size_t		 nmodels;
	const struct gateway *gateways;
	size_t		 ngateways;
};

/* Who is told of releases (handrail-hook.1). */
#define HOOK_SECRETS_MAX	4
struct hook_policy {
	const char	*name, *url;	/* https, or http to this machine */
	const char *const *secret_env, *const *secret_file;
	size_t		 nenv, nfiles;	/* the newest first, those of env before */
	const char *const *queues;	/* none: all */
	size_t		 nqueues;
};

struct policy {
	char			 id[HASH_HEX];
	const char		*path;		/* "built-in", or as it was given */
	const struct guard	*guards;
	size_t			 nguards;
	const struct queue_policy *queues;
	size_t			 nqueues;
	struct titles		 queue_titles;
	const struct role	*roles;
	size_t			 nroles;
	struct service_policy		 service;
	const struct hook_policy *hooks;
	size_t			 nhooks;
	const struct policy_file *files;	/* first: the policy file itself */
	size_t			 nfiles;
	struct arena		 arena;		/* all of the above */
};
#define POLICY_SHORT	12	/* digits of the id that people see */

void		policy_free(struct policy *);
/*
 * The id is the SHA-256 of one line a file, in the order they were first used:
 * 64 hexadecimal digits, two spaces, the path, LF.  Paths are relative to the
 * folder of the policy file, so that a policy keeps its id wherever it lies.
 */
enum status	policy_files_id(const struct policy_file *, size_t n,
		    char id[HASH_HEX], struct error *) MUST_CHECK;

/* The names that a queue's conditions may ask about; in the arena. */
struct expr_names;
enum status	policy_names(struct arena *, const struct queue_policy *,
		    struct expr_names *, struct error *) MUST_CHECK;

/*
 * The rules of a queue: its own, else those of `default`; with no `default`
 * in the file a queue that flags everything.  Never NULL.
 */
const struct queue_policy *policy_queue(const struct policy *, struct slice name);
/* Of that name, or NULL. */
const struct gateway *policy_gateway(const struct policy *, struct slice name);

#endif
