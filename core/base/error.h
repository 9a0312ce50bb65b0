/*
 * How a function says that it could not do its work.
 *
 * A function that can fail returns an enum status and fills the caller's struct
 * error with one line, "WHAT: WHY", that names the file, line or id concerned
 * and what to do where that is known.  The first error wins: error_set() on an
 * error that is already set keeps the first text and code.
 */
#ifndef CORE_BASE_ERROR_H
#define CORE_BASE_ERROR_H

enum status {
	STATUS_OK = 0,
	STATUS_INVALID,		/* the input or the request is wrong */
	STATUS_NOT_FOUND,	/* no such item, queue, file or guard */
	STATUS_CONFLICT,	/* what is stored forbids it: state, lease, other bytes */
	STATUS_DENIED,		/* the caller's roles do not give it */
	STATUS_BUSY,		/* the store stayed locked for the whole wait */
	STATUS_CORRUPT,		/* what is stored is damaged */
	STATUS_IO,		/* the system refused a read or a write */
	STATUS_LIMIT,		/* a stated maximum was reached */
	STATUS_NOMEM,		/* out of memory */
	STATUS_INTERRUPTED,	/* a signal asked for an orderly end */
	STATUS_AGAIN		/* the transaction met another: begin it anew */
};

struct error {
	enum status	code;
	char		text[1024];
};

#define MUST_CHECK	__attribute__((warn_unused_result))
#define PRINTF(f, a)	__attribute__((format(printf, f, a)))

/* Sets the error unless one is set, and returns the code of the one that is. */
enum status	error_set(struct error *, enum status, const char *, ...)
		    PRINTF(3, 4);
/* Puts "PREFIX: " before the text of an error that is set; returns its code. */
enum status	error_prefix(struct error *, const char *, ...) PRINTF(2, 3);
/* Sets STATUS_NOMEM, "out of memory"; err may be NULL. */
enum status	error_nomem(struct error *);
void		error_clear(struct error *);

#endif
