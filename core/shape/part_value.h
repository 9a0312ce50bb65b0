/*
 * Single values of records, as the readers of other programs' records take them:
 * what is missing or of another type is passed over; memory that runs out sets
 * r->failed.
 */
#ifndef CORE_SHAPE_PART_VALUE_H
#define CORE_SHAPE_PART_VALUE_H

#include "core/shape/shape.h"

/* Of a JSON text d (the record, or one parsed into reader->inner). */
struct slice	part_text(struct reading *, const struct json *d, uint32_t t);
struct slice	part_string(struct reading *, const struct json *d,
		    uint32_t object, const char *key);
/* The bytes of an object or array, or absent. */
struct slice	part_json(const struct json *d, uint32_t object,
		    const char *key, enum json_kind);
int64_t		part_count(const struct json *d, uint32_t object,
		    const char *key);		/* -1: none */
double		part_number(const struct json *d, uint32_t object,
		    const char *key);		/* NAN: none */
/* A count within an object within an object, as its digits; absent: none. */
struct slice	part_detail(const struct json *d, uint32_t object,
		    const char *inner, const char *key);
/* An empty buffer of the reader's, for part_give() or part_keep() of parts.h. */
struct buf	part_buf(struct reading *);
void		part_give(struct reading *, struct buf *);
/* Sets a number that must not be below 0. */
void		part_amount(double *to, double value);

#endif
