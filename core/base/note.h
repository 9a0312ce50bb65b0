/*
 * Signed notes and checkpoints (C2SP signed-note, tlog-checkpoint), with Ed25519 by
 * libcrypto.  Keys have the forms of those texts: "NAME+ID+BASE64" for the public
 * half, "PRIVATE+KEY+NAME+ID+BASE64" for the one that signs.
 */
#ifndef CORE_BASE_NOTE_H
#define CORE_BASE_NOTE_H

#include "core/base/hash.h"

#define NOTE_NAME_MAX	255	/* bytes */
#define NOTE_KEY_LEN	32	/* of either half */
#define NOTE_SIG_LEN	64
#define NOTE_MAX	65536	/* bytes of a note */
#define NOTE_SIGS_MAX	100

struct note_key {
	char	 name[NOTE_NAME_MAX + 1];
	uint8_t	 id[4];
	uint8_t	 bytes[NOTE_KEY_LEN];
};
struct note_signer {
	struct note_key	 key;
	uint8_t		 seed[NOTE_KEY_LEN];
};

/* Base64 with its padding, as notes and proofs have it (RFC 4648, 4). */
void		note_base64(const uint8_t *, size_t n, struct buf *);
/* Is it the signature that this key made of the text?  STATUS_CORRUPT: it is not, with
 * no error set. */
enum status	note_signed_by(const uint8_t key[NOTE_KEY_LEN], struct slice text,
		    struct slice sig, struct error *) MUST_CHECK;

/* STATUS_INVALID with the reason alone; a line feed at the end is no part of it. */
enum status	note_key_read(struct note_key *, struct slice, struct error *)
		    MUST_CHECK;
void		note_key_write(const struct note_key *, struct buf *);
enum status	note_signer_read(struct note_signer *, struct slice,
		    struct error *) MUST_CHECK;
void		note_signer_write(const struct note_signer *, struct buf *);
/* A signer of that name from 32 random bytes. */
enum status	note_signer_make(struct note_signer *, const char *name,
		    const uint8_t seed[NOTE_KEY_LEN], struct error *) MUST_CHECK;

/* The text, which ends with a line feed, with its signature: a note. */
enum status	note_sign(const struct note_signer *, struct slice text,
		    struct buf *out, struct error *) MUST_CHECK;
/*
 * STATUS_OK: a note that is signed by at least one of the keys, and by none of them
 * wrongly; signed_by[i] says which.  Signatures of other keys are passed over.
 * STATUS_INVALID: no note; STATUS_CORRUPT: a signature of a known key is wrong;
 * STATUS_NOT_FOUND: none of the keys signed it.  The error is the reason alone.
 */
enum status	note_open(struct slice note, const struct note_key *, size_t n,
		    struct slice *text, bool *signed_by, struct error *)
		    MUST_CHECK;

/* What a note says of a log. */
struct checkpoint {
	char		 origin[NOTE_NAME_MAX + 1];
	uint64_t	 size;
	struct hash	 root;
};
/* Of a note's text, or of a note: lines after the third are passed over. */
enum status	checkpoint_read(struct checkpoint *, struct slice, struct error *)
		    MUST_CHECK;
void		checkpoint_write(const struct checkpoint *, struct buf *);

#endif
