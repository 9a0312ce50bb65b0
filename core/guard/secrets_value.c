/* What tells a secret from a word, a name, a number or a placeholder. */
#include "core/guard/secrets_value.h"

#include <math.h>

/* Parts of what people write in place of a secret; lower case. */
static const char *const placeholder[] = {
	"example", "xxxx", "your-", "your_", "yourkey", "yourtoken", "yoursecret",
	"yourapi", "placeholder", "redacted", "dummy", "sample", "changeme",
	"change-me", "change_me", "replace", "insert", "goes-here", "goes_here",
	"goeshere", "foobar", "****", "....", "0000000", "1234567890", "12345678",
	"abcdefgh", "abcd1234", "abc123", "deadbeef", "my-secret", "my_secret",
	"mysecret", "api_key_here", "not-a-real", "fake", "_here", "-here",
	"hmac-sha"
};
/* A password that is one of these is none. */
static const char *const nopassword[] = {
	"password", "passwd", "pass", "pwd", "secret", "mypassword", "user",
	"username", "token", "key", "root", "admin", "test", "guest", "none",
	"null", "postgres", "mysql", "redis", "pw", "yourpassword", "port"
};
/* Parts of the names of passwords in programs. */
static const char *const passwordlike[] = {
	"password", "passwd", "passphrase", "pass_", "_pass", "pwd", "secret",
	"token",
	"user", "string", "base64", "utf8", "utf-8", "sha256", "sha1", "bcrypt",
	"argon2", "md5", "latin"
};
/* Which letter commonly follows which in English words and names in programs: a
 * bit for each. */
static const uint32_t follows[26] = {
	0x13eb94e, 0x1164b15, 0x09e5d95, 0x0164119, 0x1efb87f, 0x01a6931,
	0x0066990, 0x01a4111, 0x22ef87f, 0x0040010, 0x0040114, 0x13c4939,
	0x014d913, 0x03c4d7d, 0x07efd6f, 0x11ecd11, 0x0100000, 0x13ef95d,
	0x11eed95, 0x1ded99d, 0x00eb93f, 0x0005111, 0x0004191, 0x0888000,
	0x0048000, 0x0000010
};

enum { LOWER = 1, UPPER = 2, NUMBER = 4, OTHER = 8 };

double
secret_entropy(struct slice s)
{
	unsigned count[256] = { 0 };
	double sum = 0, p;
	size_t i;

	for (i = 0; i < s.n; i++)
		count[(unsigned char)s.p[i]]++;
	for (i = 0; i < 256; i++) {
		if (count[i] == 0)
			continue;
		p = (double)count[i] / (double)s.n;
		sum -= p * log2(p);
	}
	return sum;
}

static char
lower(char c)
{
	return (char)(c >= 'A' && c <= 'Z' ? c + 32 : c);
}

/* Does s hold word (given in lower case), however it is written? */
static bool
holds(struct slice s, const char *word)
{
	size_t n = strlen(word), i, j;

	for (i = 0; i + n <= s.n; i++) {
		for (j = 0; j < n && lower(s.p[i + j]) == word[j]; j++)
			;
		if (j == n)
			return true;
	}
	return false;
}

bool
secret_is_placeholder(struct slice s)
{
	size_t i;

	for (i = 0; i < sizeof(placeholder) / sizeof(placeholder[0]); i++)
		if (holds(s, placeholder[i]))
			return true;
	for (i = 0; i < sizeof(nopassword) / sizeof(nopassword[0]); i++)
		if (s.n == strlen(nopassword[i]) && holds(s, nopassword[i]))
			return true;
	for (i = 1; i < s.n && s.p[i] == s.p[0]; i++)
		;
	return i >= s.n || s.p[0] == '<' || s.p[0] == '[' || s.p[0] == '{' ||
	    s.p[0] == '%' ||
	    (s.p[0] == '$' && memchr(s.p + 1, '$', s.n - 1) == NULL);
}

static unsigned
classes(struct slice s)
{
	unsigned seen = 0;
	size_t i;

	for (i = 0; i < s.n; i++) {
		if (s.p[i] >= 'a' && s.p[i] <= 'z')
			seen |= LOWER;
		else if (s.p[i] >= 'A' && s.p[i] <= 'Z')
			seen |= UPPER;
		else if (s.p[i] >= '0' && s.p[i] <= '9')
			seen |= NUMBER;
		else
			seen |= OTHER;
	}
	return seen;
}

static bool
secret_is_code(struct slice s)
{
	size_t i;

	for (i = 0; i < s.n; i++)
		if (memchr("({[", s.p[i], 3) != NULL)
			return true;
	return holds(s, "env.") || holds(s, "environ") || holds(s, "config.") ||
	    holds(s, "settings.") || holds(s, "self.") || holds(s, "this.") ||
	    holds(s, "->") || holds(s, "::");
}

bool
secret_flags_hold(int flags, struct slice s)
{
	unsigned seen = classes(s);

	if ((flags & SECRET_DIGIT) &&
	    (!(seen & NUMBER) || !(seen & (LOWER | UPPER))))
		return false;
	return !(flags & SECRET_NO_CODE) || !secret_is_code(s);
}

/* The number of a letter, or 26. */
static unsigned
letter(char c)
{
	unsigned i = (unsigned char)lower(c) - (unsigned)'a';

	return i < 26 ? i : 26;
}

/*
 * Of pairs of letters nearly all are common ones in words and two in five in
 * what is random.  "aB" is no pair: a new word begins there.  Digits among
 * letters twice and more are no part of words.
 */
static bool
secret_is_wordy(struct slice s)
{
	unsigned pairs = 0, common = 0, numbers = 0, a, b;
	bool behind = false;		/* a letter and digits */
	size_t i;

	for (i = 1; i < s.n; i++) {
		a = letter(s.p[i - 1]);
		b = letter(s.p[i]);
		if (b != 26)
			numbers += behind;
		behind = (a != 26 || behind) &&
		    s.p[i] >= '0' && s.p[i] <= '9';
		if (a == 26 || b == 26 ||
		    (s.p[i - 1] >= 'a' && s.p[i] <= 'Z'))
			continue;
		pairs++;
		common += follows[a] >> b & 1;
	}
	if (pairs < 4 || numbers >= 2)
		return false;
	return pairs < 6 ? common == pairs :
	    common * 10 >= pairs * (numbers > 0 ? 9 : 8);
}

static bool
is_hex(struct slice s)
{
	size_t i;

	for (i = 0; i < s.n; i++)
		if (!(s.p[i] >= '0' && s.p[i] <= '9') &&
		    !(lower(s.p[i]) >= 'a' && lower(s.p[i]) <= 'f') &&
		    s.p[i] != '-' && s.p[i] != ':')
			return false;
	return true;
}

/* A number, a version, a date, a size. */
static bool
is_number(struct slice s)
{
	size_t i, digits = 0;

	for (i = 0; i < s.n; i++) {
		if (s.p[i] >= '0' && s.p[i] <= '9')
			digits++;
		else if (strchr(".,:/_+-", s.p[i]) == NULL)
			return false;
	}
	return digits > 0;
}

/* The longest of its parts where that is long: "live_pub_8fe2..." */
static struct slice
longest_part(struct slice s)
{
	struct slice best = { s.p, 0 };
	size_t i, from = 0;

	for (i = 0; i <= s.n; i++) {
		if (i < s.n && strchr("_-.", s.p[i]) == NULL)
			continue;
		if (i - from > best.n)
			best = (struct slice){ s.p + from, i - from };
		from = i + 1;
	}
	return best.n >= 24 ? best : s;
}

static bool
is_likely_hex(struct slice s, enum secret_name names, bool mixed, double min)
{
	size_t least = names == SECRET_KEY ? 16 : 24;

	if (!mixed || s.n < least ||
	    (names == SECRET_WEAK && (s.n == 40 || s.n == 64)))
		return false;		/* lengths of commits and sums */
	return secret_entropy(s) >= (min >= 0 ? min : 2.5);
}

static bool
is_likely_key(const struct secret_value *v, enum secret_name names, double min)
{
	struct slice s = longest_part(v->text);
	unsigned seen = classes(s);
	bool mixed = (seen & NUMBER) && (seen & (LOWER | UPPER));
	bool cases = (seen & LOWER) && (seen & UPPER) && s.n >= 24;

	if (is_hex(s))
		return is_likely_hex(s, names, mixed, min);
	if (s.n < (names == SECRET_KEY ? 10 : 20) || (!mixed && !cases) ||
	    secret_is_wordy(s))
		return false;
	if (min < 0)
		min = s.n < 16 ? 2.6 : s.n < 24 ? 3 : 3.3;
	return secret_entropy(s) >= min;
}

/* An identifier of words: old_password_2, form.pass1. */
static bool
is_identifier(struct slice s)
{
	size_t i;
	bool joined = false;

	for (i = 0; i < sizeof(passwordlike) / sizeof(passwordlike[0]); i++)
		if (holds(s, passwordlike[i]))
			return true;
	for (i = 0; i < s.n; i++) {
		if (strchr("_.-/", s.p[i]) != NULL)
			joined = true;
		else if (letter(s.p[i]) == 26 &&
		    !(s.p[i] >= '0' && s.p[i] <= '9'))
			return false;
	}
	return joined && secret_is_wordy(s);
}

/* Without a digit a password has signs and letters of both cases, or is long. */
static bool
is_likely_letters(struct slice s, unsigned seen)
{
	if (secret_is_wordy(s))
		return false;
	return __builtin_popcount(seen) > 2 || (s.n >= 10 && !(seen & OTHER));
}

static bool
is_likely_password(const struct secret_value *v, double min)
{
	struct slice s = v->text;
	unsigned seen = classes(s);
	int kinds = __builtin_popcount(seen);

	if (s.n < 6 || kinds < 2 || is_number(s) || is_identifier(s))
		return false;
	if (!(seen & NUMBER) && (v->prose || !is_likely_letters(s, seen)))
		return false;
	if (v->prose && kinds < 3 && (seen & OTHER))
		return false;		/* "is 8-16 characters long" */
	return secret_entropy(s) >= (min >= 0 ? min : 2);
}

/* The letters and signs of keys and tokens. */
static bool
is_key_text(struct slice s)
{
	size_t i;

	for (i = 0; i < s.n; i++)
		if (letter(s.p[i]) == 26 && !(s.p[i] >= '0' && s.p[i] <= '9') &&
		    memchr("+/_=.~:|%-", s.p[i], 10) == NULL)
			return false;
	return true;
}

/* A "client secret" that is rather a password: "PF?Z0ec4B5DL" */
static bool
is_likely_other(const struct secret_value *v, enum secret_name names,
    double min)
{
	unsigned seen = classes(v->text);

	return names == SECRET_KEY && v->text.n >= 10 && (seen & NUMBER) &&
	    (seen & LOWER) && (seen & UPPER) && is_likely_password(v, min);
}

bool
secret_is_likely(const struct secret_value *v, enum secret_name names,
    double min_entropy)
{
	if (secret_is_placeholder(v->text) || secret_is_code(v->text))
		return false;
	if (names == SECRET_PASSWORD)
		return is_likely_password(v, min_entropy);
	return is_key_text(v->text) ? is_likely_key(v, names, min_entropy) :
	    is_likely_other(v, names, min_entropy);
}
