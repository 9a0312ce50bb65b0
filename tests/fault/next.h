/* The function that a preloaded one stands before. */
#ifndef TESTS_FAULT_NEXT_H
#define TESTS_FAULT_NEXT_H

#include <dlfcn.h>
#include <stdlib.h>

static void *
next(const char *name)
{
	void *p = dlsym(RTLD_NEXT, name);

	if (p == NULL)
		abort();
	return p;
}

#define NEXT(name)	(*(__typeof__(name) **)&(void *){ next(#name) })

#endif
