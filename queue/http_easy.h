/* What every transfer of libcurl is set to: where it may go, whom it trusts. */
#ifndef QUEUE_HTTP_EASY_H
#define QUEUE_HTTP_EASY_H

#include <curl/curl.h>

/* TLS verified, no redirects, http and https only; no proxy that the environment
 * names, unless it is "env". */
void	http_easy_set(CURL *, const char *url, const char *proxy);

#endif
