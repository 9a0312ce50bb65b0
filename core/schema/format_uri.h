/*
 * URIs and IRIs (RFC 3986, 3987), and templates of them (RFC 6570).
 */
#ifndef CORE_SCHEMA_FORMAT_URI_H
#define CORE_SCHEMA_FORMAT_URI_H

#include "core/base/buf.h"

bool	format_uri(struct slice);
bool	format_uri_reference(struct slice);
bool	format_iri(struct slice);
bool	format_iri_reference(struct slice);
bool	format_uri_template(struct slice);

#endif
