/* Checks a store and what surrounds it: files, rights, disk, lock. */
#ifndef DB_DOCTOR_H
#define DB_DOCTOR_H

#include "core/base/error.h"

enum doctor_level { DOCTOR_OK, DOCTOR_WARN, DOCTOR_BAD };
typedef void	doctor_fn(void *, enum doctor_level, const char *line);

/*
 * Reports one line for each check; changes nothing.  STATUS_OK also where the store
 * is bad: *worst has the worst level.  STATUS_NOT_FOUND where there is none.
 */
enum status	store_doctor(const char *path, doctor_fn *, void *,
		    enum doctor_level *worst, struct error *) MUST_CHECK;

/* Lists what of its schema is not as it was made, and mends what can be: triggers and
 * indexes.  Foreign tables, views and indexes are kept. */
enum status	store_mend(const char *path, doctor_fn *, void *,
		    enum doctor_level *worst, struct error *) MUST_CHECK;

#endif
