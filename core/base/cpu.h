/*
 * The calling thread's own processor time, in nanoseconds: what bounds of work
 * are measured by, since a busy machine makes nothing slower by it.  It stands
 * alone in its object file: a test that counts looks at the clock brings its own.
 */
#ifndef CORE_BASE_CPU_H
#define CORE_BASE_CPU_H

#include <stdint.h>

int64_t	cpu_ns(void);

#endif
