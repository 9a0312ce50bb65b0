#include "queue/http_easy.h"

#include <stdlib.h>
#include <string.h>

static void
proxy_set(CURL *easy, const char *proxy, const char *vouching)
{
	if (vouching != NULL)
		(void)curl_easy_setopt(easy, CURLOPT_PROXY_CAINFO, vouching);
	if (proxy != NULL && strcmp(proxy, "env") == 0)
		return;
	(void)curl_easy_setopt(easy, CURLOPT_PROXY, proxy == NULL ? "" : proxy);
	(void)curl_easy_setopt(easy, CURLOPT_NOPROXY, "");
}

void
http_easy_set(CURL *easy, const char *url, const char *proxy)
{
	const char *vouching = getenv("SSL_CERT_FILE");

	if (vouching != NULL)
		(void)curl_easy_setopt(easy, CURLOPT_CAINFO, vouching);
	proxy_set(easy, proxy, vouching);
	(void)curl_easy_setopt(easy, CURLOPT_URL, url);
	(void)curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	(void)curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
	(void)curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
	(void)curl_easy_setopt(easy, CURLOPT_USERAGENT, "handrail");
}
