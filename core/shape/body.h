/*
 * The bodies of API calls, which stand alone or in wrappers (batch lines, log
 * entries, a request and its response).
 */
#ifndef CORE_SHAPE_BODY_H
#define CORE_SHAPE_BODY_H

#include "core/shape/shape.h"

/* Reads the object at `body`: adds its items, each begun as a copy of *base, of
 * which what is set already stays. */
typedef enum status body_fn(struct reading *, uint32_t body,
		    const struct item *base);

/* Does the value at `body` bear the marks of one that is known? */
bool		body_known(const struct reading *, uint32_t body);
/* With none of them *known is false. */
enum status	body_read(struct reading *, uint32_t body,
		    const struct item *base, bool *known) MUST_CHECK;
/* The same, but refused where it is not known: with its error, or as `what` of no
 * known shape. */
enum status	body_read_known(struct reading *, uint32_t body,
		    const struct item *base, const char *what) MUST_CHECK;
/* A body that is the record itself, with the messages and tools that some
 * gateways send along. */
enum status	body_alone(struct reading *, body_fn *) MUST_CHECK;

/* Where a body has what all have; the first name that is there counts. */
struct body_names {
	const char	*id[3], *model[4], *created[3], *usage[3];
};
/* Sets what is not set yet; the token of the usage, or JSON_NONE. */
uint32_t	body_common(struct reading *, uint32_t body,
		    const struct body_names *, struct item *);
/* ID#2 for the second of several choices. */
void		body_choice_id(struct reading *, struct item *, uint32_t index,
		    uint32_t choices);
/* finish_reason, cached_tokens and reasoning_tokens into the metadata, with what
 * the body's own metadata says. */
void		body_metadata(struct reading *, uint32_t body,
		    struct slice finish_reason, uint32_t usage, struct item *);

#endif
