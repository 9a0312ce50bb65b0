/*
 * Whether an array is a stream of Gemini's (streamGenerateContent without alt=sse):
 * its first element tells of no end, and its second is of the same response.
 */
#ifndef QUEUE_INGEST_FILE_STREAM_H
#define QUEUE_INGEST_FILE_STREAM_H

#include "core/base/buf.h"
#include "queue/ingest/file_kind.h"

/* The same of lines, whose first begins there: FILE_PIECES, FILE_LINES or FILE_MORE. */
enum file_kind	file_stream_lines(struct slice, bool ended);
/* FILE_CHUNKS, FILE_VALUES or FILE_MORE: from the first element's bracket on. */
enum file_kind	file_stream(struct slice, bool ended);

#endif
