/* Figures on routes and decisions: what `stats` prints. */
#ifndef QUEUE_STATS_H
#define QUEUE_STATS_H

#include "queue/session.h"

struct stats_row {
	struct slice	name;
	int64_t		items, accept, edit, reject, escalate;
};
struct stats_table {
	struct stats_row *v;
	size_t		 n;
};
struct stats_quantiles {
	double	p50, p95, p99;		/* NAN: nothing measured */
};

/* What was asked of a model, by gateways; its name as the policy has it. */
struct stats_tier {
	struct slice	 name;
	int64_t		 attempts, answered, next, failed;
	int64_t		 input_tokens, output_tokens;
	double		 cost_usd;
};

#define STATS_HOURS	24
#define STATS_LOOKS	4	/* decisions that are looked at again */

struct stats {
	int64_t		 since_ms, until_ms;	/* -1: open */
	int64_t		 states[6];		/* in the order of stats_states */
	int64_t		 routes[3];		/* approve, flag, escalate */
	int64_t		 decisions[5];		/* in the order of stats_decisions */
	int64_t		 sla_breached, oldest_flagged_ms;
	struct stats_table by_rule, by_guard, by_model, by_prompt, by_reviewer;
	struct stats_table by_confidence;	/* "0.8": from 0.8 to 0.9; "none" */
	struct stats_hour {
		int64_t	 from_ms, items;
	}		 hour[STATS_HOURS];	/* with a decision, the latest first */
	size_t		 nhours;
	struct stats_quantiles review_ms, latency_ms, first_token_ms;
	double		 cost_usd;		/* of items; as are tokens */
	int64_t		 input_tokens, output_tokens;
	int64_t		 calls, attempts;	/* of gateways */
	/* Second looks: how often the first was that, and the second that, both in
	 * the order of stats_decisions. */
	int64_t		 looks[STATS_LOOKS][STATS_LOOKS];
	struct stats_rating {
		struct slice	name;
		int64_t		given;
		double		mean;
	}		*rating;
	size_t		 nratings;
	struct stats_tier *tier;
	size_t		 ntiers;
};
extern const char *const stats_states[6];
extern const char *const stats_decisions[5];

/*
 * Items by when they came in, decisions by when they were taken; undone
 * decisions do not count.  Names live in the arena.
 */
enum status	stats_get(struct session *, const char *queue, int64_t since_ms,
		    int64_t until_ms, struct arena *, struct stats *,
		    struct error *) MUST_CHECK;
/* (edit + reject) / (accept + edit + reject); NAN where nothing was decided. */
double		stats_override(int64_t accept, int64_t edit, int64_t reject);
/* How many second looks there were, and how many said the same; Cohen's kappa, NAN
 * where there is none. */
struct stats_agreement {
	int64_t	of, agreed;
	double	kappa;
};
struct stats_agreement stats_agreement(const struct stats *);
void		stats_json(struct buf *, const struct stats *);

#endif
