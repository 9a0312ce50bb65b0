/*
 * Authorization: Basic (RFC 7617), for clients that can name a key in a URL alone:
 * http://any:TOKEN@host/.
 */
#ifndef CORE_HTTP_BASIC_H
#define CORE_HTTP_BASIC_H

#include "core/base/buf.h"

/* The password in "Basic BASE64" at the end of *out; false where it is none.  As ever,
 * the one who uses the bytes asks buf_check(). */
bool	http_basic_password(struct slice value, struct buf *out);

#endif
