/*
 * Names with a value behind them, however they are written: API_KEY=v,
 * "dbPassword": "v", <token>v</token>, key="Password" value="v", password => 'v',
 * "the password for the server is v".
 *
 * Everything is looked at within a bounded distance of the name, so that a text
 * of nothing but names takes linear time.
 */
#include "core/guard/secrets_assign.h"

#define WORD_MAX	16	/* longer ones are in no list here */
#define TAIL_MAX	48	/* bytes between a name and its sign */
#define VALUE_MAX	256

/* Names of what is no secret: token_count, "password_field" ... */
static const char *const not_after[] = {
	"id", "ids", "name", "names", "url", "uri", "urls", "path", "paths",
	"file", "files", "filename", "type", "types", "length", "len", "size",
	"count", "max", "min", "limit", "limits", "expiry", "expires",
	"expiration", "ttl", "age", "algorithm", "alg", "hint", "field", "label",
	"header", "endpoint", "ref", "version", "format", "policy", "regex",
	"pattern", "index", "number", "num", "class", "error", "required",
	"rotation", "usage", "fingerprint", "checksum", "integrity", "digest",
	"code", "event", "column", "prefix", "suffix", "schema", "hash",
	"signature", "location", "arn"
};
static const char *const not_before[] = {
	"public", "pub", "publishable", "primary", "foreign", "cache", "sort",
	"partition", "object", "host", "index", "unique", "hash", "map", "i18n",
	"row", "group", "translation", "bucket", "natural", "sequence", "schema",
	"next", "page", "continuation", "resume", "sync", "known", "no", "site",
	"build", "commit", "etag", "content", "search", "lookup", "dict",
	"idempotency", "dedupe", "cursor", "block", "lock", "event", "trace",
	"image", "layer", "asset", "digest", "file", "sha", "merkle",
	"storage_path"
};
static const char *const is_words[] = {
	"is", "was", "are", "to", "be", "ist", "lautet", "es", "est", "has",
	"becomes", "equals"
};
static const char *const types[] = {
	"string", "str", "String", "Str", "char", "text", "varchar", "any",
	"final", "const", "SecretStr", "bytes", "object", "var"
};

#define IN(list, s)	is_one(list, sizeof(list) / sizeof((list)[0]), s)

static char
lower(char c)
{
	return (char)(c >= 'A' && c <= 'Z' ? c + 32 : c);
}

static bool
is_one(const char *const *list, size_t n, struct slice s)
{
	size_t i;

	if (s.n == 0 || s.n > WORD_MAX)
		return false;
	for (i = 0; i < n; i++)
		if (lower(list[i][0]) == lower(s.p[0]) &&
		    strncasecmp(list[i], s.p, s.n) == 0 &&
		    list[i][s.n] == '\0')
			return true;
	return false;
}

static bool
is_letter(char c)
{
	return lower(c) >= 'a' && lower(c) <= 'z';
}

static bool
is_upper(char c)
{
	return c >= 'A' && c <= 'Z';
}

static bool
is_word(char c)
{
	return is_letter(c) || (c >= '0' && c <= '9');
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static bool
is_quote(char c)
{
	return c == '"' || c == '\'' || c == '`';
}

/* The byte at `at`, 0 beyond the end. */
static char
peek(struct slice text, size_t at)
{
	return at < text.n ? text.p[at] : '\0';
}

static size_t
skip(struct slice text, size_t at, const char *set, size_t most)
{
	size_t n = 0;

	while (n < most && at + n < text.n && text.p[at + n] != '\0' &&
	    strchr(set, text.p[at + n]) != NULL)
		n++;
	return at + n;
}

/* Is a name that ends at `end` at the end of a word: Token, TOKEN_2, tokenA? */
static bool
ends_word(struct slice text, size_t end)
{
	char last = text.p[end - 1], next = peek(text, end);

	return !is_letter(next) || (!is_upper(last) && is_upper(next));
}

static bool
begins_word(struct slice text, size_t start)
{
	char before;

	if (start == 0)
		return true;
	before = text.p[start - 1];
	return !is_letter(before) ||
	    (!is_upper(before) && is_upper(text.p[start]));
}

/* The word of a name that ends before `at`, behind '_', '-' or a space. */
static struct slice
word_before(struct slice text, size_t at)
{
	size_t end = at, from;

	if (end > 0 && memchr("_- .", text.p[end - 1], 4) != NULL)
		end--;
	for (from = end; from > 0 && end - from <= WORD_MAX &&
	    is_letter(text.p[from - 1]);) {
		from--;
		if (is_upper(text.p[from]) && from + 1 < end &&
		    !is_upper(text.p[from + 1]))
			break;
	}
	return (struct slice){ text.p + from, end - from };
}

/* The end of the word at `at`: "Max" of "MaxAge", "MAX" of "MAX_AGE". */
static size_t
word_end(struct slice text, size_t at)
{
	size_t end = at;

	while (end < text.n && is_word(text.p[end])) {
		if (end > at && is_upper(text.p[end]) &&
		    !is_upper(text.p[end - 1]))
			break;
		end++;
	}
	return end;
}

/* Does the byte at `at` stand between two parts of a name? */
static bool
joins(struct slice text, size_t at)
{
	char next = peek(text, at + 1);

	return text.p[at] == ' ' ? is_word(next) :
	    memchr("_-.", text.p[at], 3) != NULL && next != '=';
}

/*
 * Reads what follows in a name: "_BASE", " for the server"; *prose where it ends
 * in "is".  False where the name is one of something else.
 */
static bool
tail_read(struct slice text, size_t *at, enum secret_name names, bool *prose)
{
	static const char *const hashes[] = { "hash", "digest" };
	size_t i = *at, end;
	struct slice word;

	*prose = false;
	while (i < text.n && i - *at < TAIL_MAX) {
		if (is_word(text.p[i])) {
			end = word_end(text, i);
			word = (struct slice){ text.p + i, end - i };
			if (IN(not_after, word) &&
			    !(names == SECRET_PASSWORD && IN(hashes, word)))
				return false;
			i = end;
			if (is_blank(peek(text, i)) &&
			    IN(is_words, word)) {
				*prose = true;
				break;
			}
		} else if (joins(text, i)) {
			i++;
		} else {
			break;
		}
	}
	*at = i;
	return true;
}

/* ": str =" of a name with its type: behind the type; else at. */
static size_t
skip_type(struct slice text, size_t at)
{
	size_t i = skip(text, at, " \t&'", 4), end = word_end(text, i);

	while (is_word(peek(text, end)))
		end = word_end(text, end);
	if (!IN(types, ((struct slice){ text.p + i, end - i })))
		return at;
	i = skip(text, end, " \t?", 3);
	return peek(text, i) == '=' ? i + 1 : at;
}

/* Where the name that holds `start` begins, with what may stand before it. */
static size_t
name_start(struct slice text, size_t start)
{
	size_t from = start;

	while (from > 0 && start - from < 40 && (is_word(text.p[from - 1]) ||
	    memchr("_-.:", text.p[from - 1], 4) != NULL))
		from--;
	return from;
}

/* Is the name an XML element's: "<" or "<x:" stands before it? */
static bool
is_element(struct slice text, size_t start)
{
	size_t from = name_start(text, start);

	return from > 0 && text.p[from - 1] == '<';
}

/* --db-password v, ENV DB_PASSWORD v, setx DB_PASSWORD v */
static bool
is_flag(struct slice text, size_t start)
{
	static const char *const words[] = { "ENV ", "setx " };
	size_t from = name_start(text, start), i, n;

	for (i = 0; i < 2; i++) {
		n = strlen(words[i]);
		if (from >= n && memcmp(text.p + from - n, words[i], n) == 0 &&
		    (from == n || text.p[from - n - 1] == '\n'))
			return true;
	}
	return start - from >= 2 && text.p[from] == '-' &&
	    text.p[from + 1] == '-';
}

/* Reads ":=", "?=", "=>", ":" and the like. */
static bool
equals_read(struct slice text, size_t *at)
{
	size_t end = skip(text, *at, ":=?+.", 4), n = end - *at;

	if (n == 0 || (memchr(text.p + *at, '=', n) == NULL &&
	    (n > 1 || text.p[*at] != ':')))
		return false;
	if (peek(text, end) == '>')
		end++;
	*at = text.p[end - 1] == ':' ? skip_type(text, end) : end;
	return true;
}

/* What stands between a name that ends before `at` and its value. */
static bool
sign_read(struct slice text, size_t start, bool closed, size_t *at)
{
	char c = peek(text, *at), next = peek(text, *at + 1);

	switch (c) {
	case '>':
		(*at)++;
		return is_element(text, start);
	case ',':
		(*at)++;
		return closed ? next == ' ' || is_quote(next) : is_word(next);
	case '|':
		*at = skip(text, *at, "|", 2);
		return true;
	case '(':
		(*at)++;
		return is_quote(next);
	default:
		return equals_read(text, at);
	}
}

/* key="Password" value="v", "name": "TOKEN", "value": "v": behind its sign. */
static size_t
pair_read(struct slice text, size_t at)
{
	static const char *const names[] = { "value", "val", "default" };
	size_t i = skip(text, at, " \t\r\n,", 16), end;

	if (i == at)
		return at;
	i = skip(text, i, "\\\"'", 2);
	end = word_end(text, i);
	if (!IN(names, ((struct slice){ text.p + i, end - i })))
		return at;
	end = skip(text, end, "\\\"'", 2);
	end = skip(text, end, " \t", 3);
	return peek(text, end) == '=' || peek(text, end) == ':' ? end + 1 : at;
}

/* Blanks, "|" and a new line of YAML, a new line within an element. */
static size_t
skip_blanks(struct slice text, size_t at, bool element)
{
	size_t i = skip(text, at, " \t", 40), n;

	if (peek(text, i) == '|' || peek(text, i) == '>') {
		n = skip(text, i + 1, "+-", 1);
		n = skip(text, n, "\r", 1);
		if (peek(text, n) == '\n')
			return skip(text, n + 1, " \t", 40);
	}
	n = skip(text, i, "\r", 1);
	if (element && peek(text, n) == '\n')
		return skip(text, n + 1, " \t", 80);
	return i;
}

/* "NAME=" + "value": behind the plus, where there is one. */
static size_t
skip_plus(struct slice text, size_t at)
{
	size_t i = at;

	if (!is_quote(peek(text, i)))
		return at;
	i = skip(text, i + 1, " ", 2);
	if (peek(text, i) != '+' && peek(text, i) != '.')
		return at;
	i = skip(text, i + 1, " ", 2);
	return is_quote(peek(text, i)) ? i : at;
}

/* "Bearer ", "Basic ": what may stand before the token of a header. */
static size_t
skip_scheme(struct slice text, size_t at)
{
	static const char *const schemes[] = {
		"bearer", "basic", "token", "apikey"
	};
	size_t end = word_end(text, at);

	return peek(text, end) == ' ' &&
	    IN(schemes, ((struct slice){ text.p + at, end - at })) ?
	    end + 1 : at;
}

/* Is the byte at `at` the end of a value? */
static bool
ends_value(struct slice text, size_t at, char quote, enum secret_name names)
{
	char c = text.p[at];

	if ((unsigned char)c <= ' ' || c == 0x7f)
		return true;
	if (quote != '\0')
		return c == quote || (c == '\\' && peek(text, at + 1) == quote);
	return memchr("\"'`<>;,", c, 7) != NULL ||
	    (names != SECRET_PASSWORD && memchr("&)]}\\", c, 5) != NULL);
}

static struct slice
trimmed(struct slice s)
{
	while (s.n > 0 && memchr(".:*)", s.p[s.n - 1], 4) != NULL &&
	    (s.p[s.n - 1] != ')' || memchr(s.p, '(', s.n) == NULL))
		s.n--;
	return s;
}

static bool
value_read(struct slice text, size_t at, enum secret_name names,
    struct secret_value *v)
{
	size_t i = skip(text, at, "*", 3), end;
	char quote = '\0';

	i = skip(text, i, " ", 1);
	i = skip_plus(text, i);
	if (is_letter(peek(text, i)) && is_quote(peek(text, i + 1)))
		i++;			/* r"..." */
	i = skip(text, i, "\\", 3);
	if (is_quote(peek(text, i))) {
		quote = text.p[i];
		i = skip(text, i, (char[]){ quote, '\0' }, 3);
	}
	if (names != SECRET_PASSWORD)
		i = skip_scheme(text, i);
	for (end = i; end < text.n && end - i <= VALUE_MAX &&
	    !ends_value(text, end, quote, names);)
		end++;
	v->quoted = quote != '\0';
	v->text = (struct slice){ text.p + i, end - i };
	if (end - i > VALUE_MAX || (quote != '\0' && is_blank(peek(text, end))))
		return false;
	if (!v->quoted)
		v->text = trimmed(v->text);
	return v->text.n > 0 &&
	    memmem(v->text.p, v->text.n, "://", 3) == NULL;
}

/* "AWS::IAM::AccessKey": the name of a type. */
static bool
is_type(struct slice text, size_t start)
{
	size_t from = start;

	while (from > 0 && start - from < 40 && is_word(text.p[from - 1]))
		from--;
	return from > 1 && text.p[from - 1] == ':' && text.p[from - 2] == ':';
}

/* Does one of these stand before a "key" at `at`, joined to it or not? */
static bool
is_qualified(struct slice text, size_t at)
{
	static const char *const words[] = {
		"api", "access", "secret", "private", "auth", "encryption",
		"encrypt", "signing", "master", "license", "account", "shared",
		"subscription", "service", "webhook", "deploy"
	};
	size_t i, n;

	if (at > 0 && memchr("_- .", text.p[at - 1], 4) != NULL)
		at--;
	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		n = strlen(words[i]);
		if (at >= n && strncasecmp(text.p + at - n, words[i], n) == 0)
			return true;
	}
	return false;
}

/* "HMAC_KEY", "appKey": a key of something. */
static bool
is_joined_name(struct slice text, size_t start)
{
	char before = start > 0 ? text.p[start - 1] : ' ';

	return before == '_' || before == '-' ||
	    (is_letter(before) && begins_word(text, start));
}

/* Is what the pattern found a name of its own, or a part of a longer word? */
static bool
is_name(struct slice text, size_t start, size_t end, enum secret_name *names)
{
	if (!ends_word(text, end))
		return false;
	if (*names == SECRET_WEAK && is_qualified(text, start))
		*names = SECRET_KEY;
	else if (*names == SECRET_WEAK && is_joined_name(text, start))
		*names = SECRET_JOINED;
	else if ((*names == SECRET_WEAK || end - start == 4) &&
	    !begins_word(text, start))
		return false;	/* monkey, bypass */
	return !is_type(text, start) && (*names == SECRET_PASSWORD ||
	    !IN(not_before, word_before(text, start)));
}

bool
secret_assigned(struct slice text, size_t start, size_t end,
    enum secret_name *names, struct secret_value *v)
{
	size_t at = end, name, sign;
	bool element;

	v->prose = false;
	if (!is_name(text, start, end, names))
		return false;
	if (peek(text, end) == ' ' && is_flag(text, start))
		return value_read(text, end + 1, *names, v);
	if (!tail_read(text, &at, *names, &v->prose))
		return false;
	if (v->prose)
		return value_read(text, skip(text, at, " :", 3), *names, v);
	name = at;
	sign = skip(text, at, "\\\"'`*])", 4);
	if ((at = pair_read(text, sign)) == sign) {
		at = skip(text, sign, " \t", 8);
		if (!sign_read(text, start, sign > name, &at))
			return false;
	}
	element = text.p[at - 1] == '>';
	return value_read(text, skip_blanks(text, at, element), *names, v);
}
