#include "tui/review/minutes.h"

#include <stdio.h>

void
minutes_text(int64_t ms, char out[16])
{
	int64_t m = ms < 0 ? 0 : ms / 60000;

	if (m < 100)
		(void)snprintf(out, 16, "%lldm", (long long)m);
	else if (m < 100 * 60)
		(void)snprintf(out, 16, "%lldh", (long long)(m / 60));
	else
		(void)snprintf(out, 16, "%lldd", (long long)(m / 1440 % 100000));
}
