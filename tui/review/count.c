#include "tui/review/count.h"

#include <stdio.h>

const char *
count_text(int64_t n, char out[COUNT_TEXT])
{
	char digits[COUNT_TEXT];
	int len, i, at = 0;

	len = snprintf(digits, sizeof(digits), "%lld", (long long)n);
	for (i = 0; i < len && at < COUNT_TEXT - 2; i++) {
		if (i > 0 && (len - i) % 3 == 0 && digits[i - 1] != '-')
			out[at++] = ',';
		out[at++] = digits[i];
	}
	out[at] = '\0';
	return out;
}
