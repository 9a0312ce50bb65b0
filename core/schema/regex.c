#define PCRE2_CODE_UNIT_WIDTH 8
#include "core/schema/regex.h"

#include <pcre2.h>
#include <pthread.h>
#include <stdlib.h>

#include "core/base/cpu.h"
#include "core/base/utf8.h"
#include "core/pattern/paths.h"
#include "core/schema/ecma.h"

#define JIT_STACK_MIN	((size_t)32 << 10)
#define JIT_STACK_MAX	((size_t)1 << 20)
#define HEAP_LIMIT_KB	4096u
#define TEXT_NS		35000000	/* CPU time for 10 kB of a text */
#define PART_WORK	((size_t)1 << 24)	/* places times bytes of a part */
#define PART_MIN	((size_t)64)
#define PART_MAX	((size_t)4096)

struct regex {
	struct regex	*next;
	pcre2_code	*code;
	bool		 jit;
};

/* What one thread matches with, made at its first match. */
struct regex_worker {
	pcre2_match_data	*data;
	pcre2_match_context	*context;
	pcre2_jit_stack		*stack;
};

static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_key_t key;
static bool have_key;

static void
worker_free(void *p)
{
	struct regex_worker *w = p;

	if (w == NULL)
		return;
	pcre2_jit_stack_free(w->stack);
	pcre2_match_context_free(w->context);
	pcre2_match_data_free(w->data);
	free(w);
}

static void
key_make(void)
{
	have_key = pthread_key_create(&key, worker_free) == 0;
}

static struct regex_worker *
worker_get(void)
{
	struct regex_worker *w;

	if (pthread_once(&once, key_make) != 0 || !have_key)
		return NULL;
	if ((w = pthread_getspecific(key)) != NULL)
		return w;
	if ((w = calloc(1, sizeof(*w))) == NULL)
		return NULL;
	w->data = pcre2_match_data_create(1, NULL);
	w->context = pcre2_match_context_create(NULL);
	w->stack = pcre2_jit_stack_create(JIT_STACK_MIN, JIT_STACK_MAX, NULL);
	if (w->data == NULL || w->context == NULL || w->stack == NULL ||
	    pthread_setspecific(key, w) != 0) {
		worker_free(w);
		return NULL;
	}
	pcre2_set_match_limit(w->context, REGEX_MATCH_LIMIT);
	pcre2_set_heap_limit(w->context, HEAP_LIMIT_KB);
	pcre2_jit_stack_assign(w->context, NULL, w->stack);
	return w;
}

/*
 * May it run as compiled code, which does not count all of its steps?  NUL is no
 * end here, and "[]" an empty class.
 */
static bool
runs_compiled(struct slice text)
{
	return memchr(text.p, '\0', text.n) == NULL &&
	    strstr(text.p, "[]") == NULL && strstr(text.p, "[^]") == NULL &&
	    pattern_paths(text.p) <= PATTERN_PATHS_MAX;
}

static pcre2_code *
compile(struct slice pattern, bool *jit, struct error *err)
{
	struct buf text = BUF_INIT;
	const char *why = "";
	pcre2_code *code = NULL;
	PCRE2_UCHAR reason[128];
	PCRE2_SIZE at;
	int number;

	if (pattern.n > REGEX_LEN_MAX) {
		error_set(err, STATUS_INVALID, "pattern is longer than %zu bytes",
		    REGEX_LEN_MAX);
		return NULL;
	}
	if (!regex_translate(pattern, &text, &why)) {
		error_set(err, STATUS_INVALID, "pattern: %s", why);
	} else if (buf_check(&text, err) == STATUS_OK) {
		*jit = runs_compiled((struct slice){ buf_str(&text), text.n });
		code = pcre2_compile((PCRE2_SPTR)buf_str(&text), text.n,
		    PCRE2_UTF | PCRE2_NO_UTF_CHECK | PCRE2_DOLLAR_ENDONLY |
		    PCRE2_ALLOW_EMPTY_CLASS | PCRE2_MATCH_UNSET_BACKREF |
		    PCRE2_NEVER_BACKSLASH_C | PCRE2_USE_OFFSET_LIMIT, &number,
		    &at, NULL);
		if (code == NULL && number == PCRE2_ERROR_HEAP_FAILED) {
			error_nomem(err);
		} else if (code == NULL) {
			pcre2_get_error_message(number, reason, sizeof(reason));
			error_set(err, STATUS_INVALID, "pattern: %s",
			    (const char *)reason);
		}
	}
	buf_release(&text);
	return code;
}

enum status
regex_new(struct regex **list, struct slice pattern, struct error *err)
{
	struct regex *re;
	uint32_t there = 0;
	bool jit = false;

	if ((re = calloc(1, sizeof(*re))) == NULL)
		return error_nomem(err);
	if ((re->code = compile(pattern, &jit, err)) == NULL) {
		free(re);
		return err->code;
	}
	(void)pcre2_config(PCRE2_CONFIG_JIT, &there);
	re->jit = jit && there != 0 &&
	    pcre2_jit_compile(re->code, PCRE2_JIT_COMPLETE) == 0;
	re->next = *list;
	*list = re;
	return STATUS_OK;
}

void
regex_free_all(struct regex *re)
{
	struct regex *next;

	for (; re != NULL; re = next) {
		next = re->next;
		pcre2_code_free(re->code);
		free(re);
	}
}

const struct regex *
regex_next(const struct regex *re)
{
	return re->next;
}

/* A match that begins at `from` or behind, and not behind `to`. */
static int
match_part(const struct regex *re, const struct regex_worker *w, struct slice text,
    size_t from, size_t to)
{
	PCRE2_SPTR p = (PCRE2_SPTR)text.p;

	(void)pcre2_set_offset_limit(w->context, to);
	return re->jit ? pcre2_jit_match(re->code, p, text.n, from, 0, w->data,
	    w->context) : pcre2_match(re->code, p, text.n, from,
	    PCRE2_NO_UTF_CHECK, w->data, w->context);
}

/*
 * A long text is searched part after part, with a look at the time between: a
 * step may look at all that follows, "(?=.*x)", and counts as one all the same.
 */
static int
match(const struct regex *re, const struct regex_worker *w, struct slice text)
{
	size_t part = PART_WORK / (text.n + 1), from = 0;
	int64_t begun, most = TEXT_NS * (int64_t)(1 + text.n / 10240);
	int rc;

	part = part < PART_MIN ? PART_MIN : part > PART_MAX ? PART_MAX : part;
	begun = text.n > part ? cpu_ns() : 0;
	while (text.n - from > part) {
		rc = match_part(re, w, text, from, from + part);
		if (rc != PCRE2_ERROR_NOMATCH)
			return rc;
		if (cpu_ns() - begun > most)
			return PCRE2_ERROR_MATCHLIMIT;
		for (from += part + 1; from < text.n &&
		    utf8_is_tail(text.p[from]);)
			from++;
	}
	return match_part(re, w, text, from, PCRE2_UNSET);
}

enum status
regex_test(const struct regex *re, struct slice text, bool *found,
    struct error *err)
{
	struct regex_worker *w = worker_get();
	int rc;

	*found = false;
	if (w == NULL)
		return error_nomem(err);
	rc = match(re, w, text);
	if (rc >= 0 || rc == PCRE2_ERROR_NOMATCH) {
		*found = rc >= 0;
		return STATUS_OK;
	}
	if (rc == PCRE2_ERROR_NOMEMORY)
		return error_nomem(err);
	return error_set(err, STATUS_LIMIT,
	    "a pattern takes more than %u steps, or too long",
	    REGEX_MATCH_LIMIT);
}

bool
regex_valid(struct slice pattern)
{
	struct error err = { STATUS_OK, "" };
	bool jit;
	pcre2_code *code = compile(pattern, &jit, &err);

	pcre2_code_free(code);
	return code != NULL;
}
