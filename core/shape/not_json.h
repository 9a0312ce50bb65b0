/*
 * What bytes are that are not JSON.
 */
#ifndef CORE_SHAPE_NOT_JSON_H
#define CORE_SHAPE_NOT_JSON_H

#include "core/json/parse.h"

/* The reason for whoever made the record, instead of the parser's own: what it is
 * and what to do.  Static. */
const char	*not_json(struct slice record, const struct json_error *);

#endif
