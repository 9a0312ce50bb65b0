#include "tui/embed.h"

#include <string.h>

const struct embedded *
embedded_find(const char *path)
{
	const struct embedded	*e;

	for (e = embedded_files; e->path != NULL; e++)
		if (strcmp(e->path, path) == 0)
			return e;
	return NULL;
}
