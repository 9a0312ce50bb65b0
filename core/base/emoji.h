/*
 * Emoji of several code points that are one picture: skin tones, families joined
 * by U+200D, flags, keycaps (Unicode TS 51, the sequences for interchange).
 */
#ifndef CORE_BASE_EMOJI_H
#define CORE_BASE_EMOJI_H

#include "core/base/buf.h"

#define EMOJI_BYTES	60	/* longer ones are no sequence */

/*
 * Bytes of the sequence at `at`, 0 where there is none or how many columns it
 * takes is certain.  Some terminals draw the parts one after the other, others one
 * picture: columns is the most that any of them takes.
 */
size_t	emoji_sequence(struct slice text, size_t at, size_t *columns);

#endif
