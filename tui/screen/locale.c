#include "tui/screen/locale.h"

#include <langinfo.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *
locale_take(void)
{
	static char missing[64];
	const char *names[] = { "LC_ALL", "LC_CTYPE", "LANG" }, *v = NULL;
	size_t i;

	(void)setlocale(LC_ALL, "");
	(void)setlocale(LC_NUMERIC, "C");
	for (i = 0; i < 3; i++) {
		v = getenv(names[i]);
		if (v != NULL && v[0] != '\0')
			break;
	}
	if (i < 3 && setlocale(LC_CTYPE, "") != NULL)
		return NULL;
	/* Where none is set, a terminal of today writes UTF-8. */
	(void)setlocale(LC_CTYPE, "C.UTF-8");
	if (i == 3)
		return NULL;
	(void)snprintf(missing, sizeof(missing), "%s", v);
	return missing;
}

bool
locale_unicode(void)
{
	return strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
}
