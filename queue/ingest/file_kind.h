/*
 * What a file is by its first bytes.
 */
#ifndef QUEUE_INGEST_FILE_KIND_H
#define QUEUE_INGEST_FILE_KIND_H

#include "core/base/buf.h"

enum file_kind {
	FILE_LINES,	/* a record a line */
	FILE_VALUES,	/* an array of them, or one over several lines */
	FILE_EVENTS,	/* server-sent events */
	FILE_PIECES,	/* lines that are the pieces of a response */
	FILE_CHUNKS,	/* an array of them */
	FILE_BINARY,	/* no text: *what says which */
	FILE_MORE	/* more has to be read to tell */
};

/* `ended`: there is no more than these. */
enum file_kind	file_kind(struct slice head, bool ended, const char **what);

#endif
