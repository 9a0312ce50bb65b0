/*
 * Writes JSON onto the end of a buffer: {"id":"a-1","lease":null,"labels":["x"]}
 *
 *	struct writer w = WRITER(b, WRITE_SHOWN);
 *
 *	write_object(&w, NULL);
 *	write_text(&w, "id", row->id);
 *	write_object(&w, "lease");
 *	write_text(&w, "by", row->lease_by);
 *	write_time(&w, "until", row->lease_until_ms);
 *	write_end(&w);
 *	write_texts(&w, "labels", labels, nlabels);
 *	write_end(&w);
 *	write_line(&w);
 *
 * Every call writes one value.  In an object each has a name, which is a word of
 * our own that needs no escapes; in an array, and outermost, the name is NULL.
 * What does not fit that is the caller's mistake and is asserted.  Values that are
 * absent become null.  A writer allocates nothing and needs no release; what went
 * wrong is asked of the buffer (buf_check()).
 */
#ifndef CORE_JSON_WRITE_H
#define CORE_JSON_WRITE_H

#include "core/base/buf.h"

enum write_form {
	/* For anyone's terminal: every unsafe class in a string is \uXXXX, be the
	 * string a text or part of raw JSON.  A reader gets the exact value. */
	WRITE_SHOWN,
	/* For a program or the store: texts the same, raw JSON byte for byte. */
	WRITE_KEPT,
	/* To be hashed: strings as RFC 8785, 3.2.2.2 has them.  The order of the
	 * names is the caller's. */
	WRITE_CANONICAL
};

#define WRITE_DEPTH	128	/* objects and arrays within each other */

struct writer {
	struct buf	*b;
	enum write_form	 form;
	bool		 lines;		/* each outermost member on one of its own */
	bool		 comma;		/* is due before the next value */
	bool		 named;		/* write_name() gave the next value's name */
	unsigned	 depth;
	uint64_t	 objects[WRITE_DEPTH / 64];	/* a bit a level: not an array */
};

#define WRITER(buf, how)	((struct writer){ .b = (buf), .form = (how) })

/* What write_end() ends. */
void	write_object(struct writer *, const char *name);
void	write_array(struct writer *, const char *name);
void	write_end(struct writer *);
/* Nothing was written yet into what is begun. */
static inline bool
write_is_empty(const struct writer *w)
{
	return !w->comma;
}
/* After a whole value: a LF, and another value may follow (JSON Lines). */
void	write_line(struct writer *);

void	write_null(struct writer *, const char *name);
void	write_bool(struct writer *, const char *name, bool);
void	write_int(struct writer *, const char *name, int64_t);
void	write_uint(struct writer *, const char *name, uint64_t);
void	write_count(struct writer *, const char *name, int64_t);	/* -1: null */
/* As ECMAScript prints it (number.h); what is not finite is null. */
void	write_double(struct writer *, const char *name, double);
/* RFC 3339, UTC, milliseconds; -1: null. */
void	write_time(struct writer *, const char *name, int64_t ms);

/* A string; null for an absent one. */
void	write_text(struct writer *, const char *name, struct slice);
void	write_word(struct writer *, const char *name, const char *);
void	write_texts(struct writer *, const char *name, const struct slice *, size_t n);

/* JSON that was checked (core/json/parse.h); null where there is none. */
void	write_raw(struct writer *, const char *name, struct slice);
/* The name of the next value, which is written without one: a string as it stands
 * in JSON, with its quotes. */
void	write_name(struct writer *, struct slice raw);
/* The same of a text, whatever is in it. */
void	write_name_text(struct writer *, struct slice);
/* The members of an object, or an array's elements, into one that is begun. */
void	write_inside(struct writer *, struct slice raw);

#endif
