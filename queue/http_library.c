/*
 * libcurl needs some thirty libraries of its own, which take longer to load than
 * most commands take for all that they do: so the first call out loads it.  The
 * functions here have the names of those they pass on to, so that curl.h checks
 * their callers' arguments as ever.
 */
#include "queue/http_library.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdarg.h>

#define CURL_DISABLE_TYPECHECK
#include <curl/curl.h>

#undef curl_easy_setopt
#undef curl_easy_getinfo
#undef curl_multi_setopt

#include "queue/http_memory.h"

#ifdef __APPLE__
#define LIBRARY	"libcurl.4.dylib"
#else
#define LIBRARY	"libcurl.so.4"
#endif
#define HIDDEN	__attribute__((visibility("hidden")))	/* from libcurl itself */

/* Those that give something, those that give nothing, those with `...`. */
#define GIVING(X) \
	X(CURL *, curl_easy_init, (void), ()) \
	X(CURLcode, curl_easy_pause, (CURL *easy, int mask), (easy, mask)) \
	X(CURLcode, curl_easy_perform, (CURL *easy), (easy)) \
	X(const char *, curl_easy_strerror, (CURLcode code), (code)) \
	X(CURLcode, curl_global_init_mem, (long flags, curl_malloc_callback get, \
	    curl_free_callback release, curl_realloc_callback resize, \
	    curl_strdup_callback copy, curl_calloc_callback zeroed), \
	    (flags, get, release, resize, copy, zeroed)) \
	X(CURLMcode, curl_multi_add_handle, (CURLM *multi, CURL *easy), \
	    (multi, easy)) \
	X(CURLMcode, curl_multi_cleanup, (CURLM *multi), (multi)) \
	X(CURLMsg *, curl_multi_info_read, (CURLM *multi, int *left), \
	    (multi, left)) \
	X(CURLM *, curl_multi_init, (void), ()) \
	X(CURLMcode, curl_multi_remove_handle, (CURLM *multi, CURL *easy), \
	    (multi, easy)) \
	X(CURLMcode, curl_multi_socket_action, (CURLM *multi, curl_socket_t fd, \
	    int what, int *running), (multi, fd, what, running)) \
	X(struct curl_slist *, curl_slist_append, (struct curl_slist *list, \
	    const char *text), (list, text)) \
	X(CURLU *, curl_url, (void), ()) \
	X(CURLUcode, curl_url_set, (CURLU *url, CURLUPart part, \
	    const char *text, unsigned int flags), (url, part, text, flags))
#define TAKING(X) \
	X(void, curl_easy_cleanup, (CURL *easy), (easy)) \
	X(void, curl_easy_reset, (CURL *easy), (easy)) \
	X(void, curl_slist_free_all, (struct curl_slist *list), (list)) \
	X(void, curl_url_cleanup, (CURLU *url), (url))
#define OPEN(X) \
	X(CURLcode, curl_easy_setopt, (CURL *easy, CURLoption option, ...), ) \
	X(CURLcode, curl_easy_getinfo, (CURL *easy, CURLINFO info, ...), ) \
	X(CURLMcode, curl_multi_setopt, (CURLM *multi, CURLMoption option, ...), )

#define MEMBER(type, name, takes, gives)	type (*name)takes;
static struct {
	GIVING(MEMBER)
	TAKING(MEMBER)
	OPEN(MEMBER)
} loaded;

#define PASS(type, name, takes, gives) \
	HIDDEN type name takes { return loaded.name gives; }
#define PASS_VOID(type, name, takes, gives) \
	HIDDEN type name takes { loaded.name gives; }
GIVING(PASS)
TAKING(PASS_VOID)

typedef void	function(void);

/* The options' numbers say what kind of value each takes. */
#define PASS_OPTION(call, handle, option, last) do { \
	if ((option) < CURLOPTTYPE_OBJECTPOINT) \
		rc = call(handle, option, va_arg(last, long)); \
	else if ((option) < CURLOPTTYPE_FUNCTIONPOINT || \
	    (option) >= CURLOPTTYPE_BLOB) \
		rc = call(handle, option, va_arg(last, void *)); \
	else if ((option) < CURLOPTTYPE_OFF_T) \
		rc = call(handle, option, va_arg(last, function *)); \
	else \
		rc = call(handle, option, va_arg(last, curl_off_t)); \
} while (0)

HIDDEN CURLcode
curl_easy_setopt(CURL *easy, CURLoption option, ...)
{
	CURLcode rc;
	va_list value;

	va_start(value, option);
	PASS_OPTION(loaded.curl_easy_setopt, easy, option, value);
	va_end(value);
	return rc;
}

HIDDEN CURLMcode
curl_multi_setopt(CURLM *multi, CURLMoption option, ...)
{
	CURLMcode rc;
	va_list value;

	va_start(value, option);
	PASS_OPTION(loaded.curl_multi_setopt, multi, option, value);
	va_end(value);
	return rc;
}

HIDDEN CURLcode
curl_easy_getinfo(CURL *easy, CURLINFO info, ...)
{
	CURLcode rc;
	va_list value;

	va_start(value, info);
	rc = loaded.curl_easy_getinfo(easy, info, va_arg(value, void *));
	va_end(value);
	return rc;
}

static pthread_once_t once = PTHREAD_ONCE_INIT;
static struct error missing;

static void
library_load(void)
{
	void *library = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL);

	if (library == NULL) {
		(void)error_set(&missing, STATUS_IO, "libcurl cannot be loaded: %s",
		    dlerror());
		return;
	}
#define FIND(type, name, takes, gives) \
	if ((*(void **)(void *)&loaded.name = dlsym(library, #name)) == NULL) \
		(void)error_set(&missing, STATUS_IO, LIBRARY " has no " #name \
		    ": a newer one is needed");
	GIVING(FIND)
	TAKING(FIND)
	OPEN(FIND)
	if (missing.code == STATUS_OK &&
	    loaded.curl_global_init_mem(CURL_GLOBAL_DEFAULT, http_memory_alloc,
	    http_memory_free, http_memory_resize, http_memory_string,
	    http_memory_zalloc) != CURLE_OK)
		(void)error_set(&missing, STATUS_IO, "libcurl cannot begin");
}

enum status
http_library_load(struct error *err)
{
	(void)pthread_once(&once, library_load);
	return missing.code == STATUS_OK ? STATUS_OK :
	    error_set(err, missing.code, "%s", missing.text);
}
