/*
 * What the readers of other programs' records have in common.  They take what
 * they know and pass over what is missing or of another type; memory that runs
 * out sets r->failed, which shape_read() turns into an error.
 */
#ifndef CORE_SHAPE_PARTS_H
#define CORE_SHAPE_PARTS_H

#include "core/shape/shape.h"

/* RFC 3339, or a number of seconds; -1: none. */
int64_t		part_time(struct reading *, const struct json *d,
		    uint32_t object, const char *key);

/* The same; a time that names no zone is UTC. */
int64_t		part_time_utc(struct reading *, const struct json *d,
		    uint32_t object, const char *key);

/* An empty item to copy from, with the keys that may stand beside any shape. */
enum status	part_base(struct reading *, struct item *base) MUST_CHECK;
struct item	*part_item(struct reading *, const struct item *base);
#define PARTS_MAX	128	/* choices of one response: OpenAI's own limit */
/* One more result of a guard; NULL with r->failed when there is no room. */
struct caller_guard *part_guard(struct reading *, struct item *,
		    struct slice name, enum guard_result);
/* The output: a string's text, anything else as its bytes. */
void		part_output(struct reading *, const struct json *d, uint32_t t,
		    struct item *);

/* Moves what was written into the arena, and gives the buffer back. */
struct slice	part_keep(struct reading *, struct buf *);
/* The same, but absent where it is not valid JSON (a key may be there twice).
 * Uses reader->inner. */
struct slice	part_keep_json(struct reading *, struct buf *);
/* The string inside of a raw string token's quotes, appended. */
void		part_inside(struct buf *, struct slice raw);
/* The texts of parts in the same way; false if there is one of another kind (what
 * was only thought set aside). */
bool		part_texts(const struct json *, uint32_t parts, struct buf *);
/*
 * Metadata: the members of the object `own`, and after them those added, name and
 * raw value; own ones win where a name is there twice, absent ones are left out.
 */
struct slice	part_metadata(struct reading *, const struct json *d,
		    uint32_t own, const struct slice (*add)[2], size_t n);

/* The same of the record's `own`, behind what the item has as metadata already,
 * which wins.  Uses reader->inner. */
void		part_metadata_join(struct reading *, struct item *, uint32_t own,
		    const struct slice (*add)[2], size_t n);

/* One message from the user: raw. */
struct slice	part_asked(struct reading *, struct slice content);
/* [{"role":"system",..},...messages]: both raw, each may be absent. */
struct slice	part_messages(struct reading *, struct slice system_string,
		    struct slice messages);
/*
 * What someone evaluated: a label that says pass or fail is a guard's result, and
 * so is a yes or no under a name that says that more is better; a score from 0 to
 * 1 under such a name is a confidence, source "PREFIX.NAME".  True where it was
 * neither, and belongs in the metadata.
 */
struct evaluation {
	struct slice	name, label, message;
	double		score;		/* NAN: none */
	bool		yes_no;		/* the score is 1 or 0 */
};
bool		part_evaluation(struct reading *, struct item *,
		    const struct evaluation *, const char *prefix);

#endif
