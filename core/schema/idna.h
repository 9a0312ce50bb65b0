/*
 * The labels of internationalised host names (RFC 5890 to 5892).
 *
 * What a label may hold is told from the characters' general categories and the
 * contextual rules of RFC 5892, appendix A; where these need joining types (a
 * ZERO WIDTH NON-JOINER after no virama) the scripts that join stand for them.
 * Not looked at: the bidi rule, and whether a label is in NFC.
 */
#ifndef CORE_SCHEMA_IDNA_H
#define CORE_SCHEMA_IDNA_H

#include "core/base/buf.h"

/* A label as people write it, in UTF-8, with a character beyond ASCII. */
bool	idna_u_label(struct slice);
/* What follows "xn--". */
bool	idna_a_label(struct slice);

#endif
