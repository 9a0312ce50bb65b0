/*
 * Words that are none: parts of base64, short names in programs, powers.
 */
#ifndef CORE_GUARD_PROFANITY_CODE_H
#define CORE_GUARD_PROFANITY_CODE_H

#include "core/base/buf.h"

/* Is [start, end) no word: in "cum_weights", "np.cum(", "k**3", base64? */
bool	token_is_code(struct slice text, size_t start, size_t end);
/* Is it a part of a long run of letters of both cases and digits? */
bool	token_is_base64(struct slice text, size_t start, size_t end);

#endif
