/*
 * The bytes of a file as records, one a line, whatever it is: lines as they are; the
 * elements of an array and objects that are printed over several lines, with blanks
 * for the line ends within; a stream of server-sent events, of Ollama's lines, or of
 * Gemini's array, joined into its response.  What it is is told by how it begins, a
 * byte order mark left out.  Memory is bounded whatever the input: nothing is held
 * but a joined response.
 */
#ifndef QUEUE_INGEST_FRAMES_H
#define QUEUE_INGEST_FRAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/error.h"

struct frames;

enum status frames_open(struct frames **, const char *path, struct error *)
		    MUST_CHECK;
void		frames_close(struct frames *);
/* Up to n bytes (n is 16 at least); *got may be 0 before the end. */
enum status	frames_read(struct frames *, char *, size_t n, size_t *got,
		    struct error *) MUST_CHECK;
/* There is nothing more. */
bool		frames_ended(const struct frames *);
/* Waits up to that long until the next read would not wait; false: it would. */
bool		frames_ready(const struct frames *, int timeout_ms);
/* What the file is that is no text at all ("this is Parquet: ..."); NULL: it is
 * text.  Known once something was read; such a file ends there, without a byte. */
const char	*frames_refused(const struct frames *);
/* Bytes taken from the file so far. */
uint64_t	frames_offset(const struct frames *);
/*
 * Takes, of the lines that were read, the n oldest: in which line of the file each
 * began.  False: as they are counted.
 */
bool		frames_lines(struct frames *, uint64_t *, size_t n);
/* In which one that is not whole yet began. */
uint64_t	frames_line(const struct frames *);

#endif
