/* Values of settings; the errors have no position. */
#ifndef CORE_POLICY_VALUE_H
#define CORE_POLICY_VALUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/error.h"

enum status	value_number(const char *, double *, struct error *) MUST_CHECK;
enum status	value_bool(const char *, bool *, struct error *) MUST_CHECK;
/* A count from 1 to max, or bytes: "65536", "64KiB", "32MiB", "1GiB". */
enum status	value_count(const char *, uint64_t max, uint64_t *,
		    struct error *) MUST_CHECK;
enum status	value_size(const char *, uint64_t max, uint64_t *,
		    struct error *) MUST_CHECK;
enum status	value_duration(const char *, int64_t *ms, struct error *)
		    MUST_CHECK;
/* Index of a word among "a|b|c". */
enum status	value_choice(const char *, const char *choices, int *,
		    struct error *) MUST_CHECK;

#endif
