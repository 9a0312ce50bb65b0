#include "core/base/cores.h"

#include <sched.h>

unsigned
cores_count(void)
{
	cpu_set_t may;
	int n = 0;

	CPU_ZERO(&may);
	if (sched_getaffinity(0, sizeof(may), &may) == 0)
		n = CPU_COUNT(&may);
	return n > 0 ? (unsigned)n : 1;
}
