/*
 * A session: one person (or program) works on one store under one policy.
 *
 * The caller of session_open() says who it is (identity_get() asks the kernel);
 * roles come from that identity's groups in the system's group database.  Leases
 * belong to a session; sessions of one person never share an item.
 */
#ifndef QUEUE_SESSION_H
#define QUEUE_SESSION_H

#include "core/judge/record.h"
#include "core/shape/read.h"
#include "db/audit/audit.h"
#include "queue/identity.h"
#include "queue/session_process.h"
#include "queue/witness.h"

struct session_options {
	const struct identity *who;	/* copied; never NULL */
	const char	*store_path;
	bool		 named;		/* the command's words name the store: so do
					 * commands that a message says to type */
	const char	*policy_path;	/* NULL: the one last applied, else built-in */
	const char	*via;		/* "tui" or "cli" */
	bool		 create;	/* make the store where it is not there */
	bool		 read_only;
	/* Opens it also where the current policy is damaged: the store's owner,
	 * and nobody else, may then do what needs no policy. */
	bool		 any_policy;
	bool		 any_version;	/* read_only: an older store as it is */
	bool		 serves;	/* as the store's one service, or not at all */
	bool		 serves_next;	/* with serves: waits for the end of another */
	const char	*group;		/* with create: share the store with it */
	bool		 test;		/* with create: a test store */
	/* What this person has seen of its log: compared when it is opened and noted
	 * when it is closed, unless it is left out, or taken as it is now (a copy
	 * that is put back).  A test store is not witnessed. */
	enum { WITNESS_COMPARE, WITNESS_NONE, WITNESS_ACCEPT } witness;
	const char	*witness_place;	/* the name that it will have; NULL: its own */
	/* What it leases ends with this process, however that ends: what a review
	 * holds, while that of next is to be decided on by another process. */
	bool		 with_process;
	int64_t		 wait_ms;
	/* Called with a line for standard error ("made the store PATH"). */
	void		(*notice)(const char *);
};

struct session {
	struct store		*store;
	struct policy		*policy;
	struct identity		 who;
	unsigned		 may;		/* enum may */
	char			 role[64];	/* "owner", a role's name, "member" */
	const char		*via;
	bool			 named;		/* the store, in the command's words */
	uint8_t			 id[SESSION_ID];	/* whose leases are whose */
	struct item_reader	 reader;	/* of stored records */
	struct arena		 arena;		/* the reader's; reset per item */
	struct judge_scratch	*judge;		/* made when first needed */
	int64_t			*skipped;	/* items that this session passed over */
	size_t			 nskipped;
	struct policy		*routed;	/* of an item that was looked at, or NULL */
	struct policy		**old;		/* that somebody may still read */
	size_t			 nold;
	struct witness		*witness;	/* NULL: not witnessed */
	bool			 accepts;	/* the log, whatever was seen */
	void			(*notice)(const char *);
};

/* Opens (and applies a policy given by path, with permission and leaf). */
enum status	session_open(struct session **, const struct session_options *,
		    struct error *) MUST_CHECK;
void		session_close(struct session *);
/*
 * Takes over a policy that was applied since, and the roles that it gives: a screen
 * stays open for hours.  Inside the caller's transaction.
 */
enum status	session_refresh(struct session *, struct error *) MUST_CHECK;
/* Notes what has been seen of the log, as session_close() does: for those that run
 * long. */
void		session_witness(struct session *);
struct actor	session_actor(const struct session *);
/* A leaf that says only who did it, and when. */
enum status	session_log(struct session *, const char *event, struct error *)
		    MUST_CHECK;
struct slice	session_id(const struct session *);	/* as leases have it */
/* Makes session->judge where it is not there yet. */
enum status	session_judge(struct session *, struct error *) MUST_CHECK;
/* STATUS_DENIED: "you may not WHAT: ask for a role with may = { NAME }". */
enum status	session_require(const struct session *, unsigned may,
		    const char *what, struct error *) MUST_CHECK;

#endif
