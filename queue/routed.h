/* What a verdict leaves in the store: used by ingest and by reroute, inside
 * their transactions. */
#ifndef QUEUE_ROUTED_H
#define QUEUE_ROUTED_H

#include "queue/session.h"

/* The state that each route leads to. */
extern const char *const routed_state[];

/* A digit for each rule tried, and the failed guards as a JSON array; p is NULL
 * where there is no memory. */
struct slice	routed_rules(const struct verdict *, struct arena *);
struct slice	routed_guards(const struct verdict *, struct arena *);

enum status	routed_findings(struct store *, int64_t item,
		    const struct verdict *, struct error *) MUST_CHECK;
enum status	routed_errors(struct store *, int64_t item,
		    const struct verdict *, struct error *) MUST_CHECK;
/* salt and content: the item's, as it is stored. */
enum status	routed_leaf(struct session *, const struct item *,
		    const struct verdict *, struct slice salt,
		    const struct hash *content, int64_t now_ms, int64_t *seq,
		    struct error *) MUST_CHECK;
/* The release of what was approved; nothing for other routes. */
enum status	routed_release(struct store *, int64_t item, int64_t seq,
		    int64_t now_ms, const struct item *, const struct verdict *,
		    struct error *) MUST_CHECK;
/* Adds to a queue's count of a state, or of "review". */
enum status	routed_total(struct store *, struct slice queue,
		    const char *state, int64_t n, struct error *) MUST_CHECK;

#endif
