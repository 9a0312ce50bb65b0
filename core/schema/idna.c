#include "core/schema/idna.h"

#include <pthread.h>

#include "core/base/utf8.h"
#include "core/schema/regex.h"

#define LABEL_MAX	63		/* bytes of it, as xn--... */

/* Parameters of punycode (RFC 3492, section 5). */
enum { BASE = 36, TMIN = 1, TMAX = 26, SKEW = 38, DAMP = 700, BIAS = 72,
    FIRST = 128 };

static const char virama[] = "[\\u094d\\u09cd\\u0a4d\\u0acd\\u0b4d\\u0bcd"
    "\\u0c4d\\u0ccd\\u0d3b\\u0d3c\\u0d4d\\u0dca\\u0e3a\\u0eba\\u0f84\\u1039"
    "\\u103a\\u1714\\u1734\\u17d2\\u1a60\\u1b44\\u1baa\\u1bab\\u1bf2\\u1bf3"
    "\\u2d7f\\ua806\\ua8c4\\ua953\\ua9c0\\uaaf6\\uabed]";
#define JOINING	"[\\p{Script=Arabic}\\p{Script=Syriac}\\p{Script=Nko}" \
	"\\p{Script=Mongolian}\\p{Script=Mandaic}\\p{Script=Phags_Pa}]"

/* Each finds what makes a label wrong. */
static const char *const rules[] = {
	"^--|^-|-$|^..--",
	"^\\p{M}",
	/* No letter, mark, digit or exception of RFC 5892, section 2.6. */
	"[^\\p{Ll}\\p{Lo}\\p{Lm}\\p{M}\\p{Nd}\\-\\u00b7\\u0375\\u05f3\\u05f4"
	"\\u06fd\\u06fe\\u0f0b\\u3007\\u30fb\\u200c\\u200d]",
	"[\\u0640\\u07fa\\u302e\\u302f\\u3031-\\u3035\\u303b]",
	/* Appendix A. */
	"(?<!l)\\u00b7|\\u00b7(?!l)",
	"\\u0375(?!\\p{Script=Greek})",
	"(?<!\\p{Script=Hebrew})[\\u05f3\\u05f4]",
	"^(?=.*\\u30fb)(?!.*[\\p{Script=Hiragana}\\p{Script=Katakana}"
	"\\p{Script=Han}])",
	"[\\u0660-\\u0669].*[\\u06f0-\\u06f9]|[\\u06f0-\\u06f9].*"
	"[\\u0660-\\u0669]"
};

static pthread_once_t once = PTHREAD_ONCE_INIT;
static struct regex *compiled;		/* stay as long as the process */
static bool usable;

static void
add_rule(struct slice rule)
{
	struct error err = { STATUS_OK, "" };

	/* A PCRE2 before 10.40 knows no Script=: then that rule is left out. */
	if (regex_new(&compiled, rule, &err) != STATUS_OK &&
	    err.code != STATUS_INVALID)
		usable = false;
}

static void
compile(void)
{
	struct error err = { STATUS_OK, "" };
	struct buf joiner = BUF_INIT;

	usable = true;
	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++)
		add_rule(slice_of(rules[i]));
	buf_printf(&joiner, "(?<!%s)\\u200d|(?<!%s|" JOINING ")\\u200c|"
	    "(?<!%s)\\u200c(?!" JOINING ")", virama, virama, virama);
	if (buf_check(&joiner, &err) == STATUS_OK)
		add_rule(buf_slice(&joiner));
	else
		usable = false;
	buf_release(&joiner);
}

static bool
follows_rules(struct slice label)
{
	struct error err = { STATUS_OK, "" };
	bool found;

	if (pthread_once(&once, compile) != 0 || !usable)
		return false;
	for (const struct regex *re = compiled; re != NULL;
	    re = regex_next(re)) {
		if (regex_test(re, label, &found, &err) != STATUS_OK || found)
			return false;
	}
	return true;
}

static int
digit_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0' + 26;
	if ((c | 32) >= 'a' && (c | 32) <= 'z')
		return (c | 32) - 'a';
	return -1;
}

static uint32_t
adapt(uint32_t delta, uint32_t n, bool first)
{
	uint32_t k = 0;

	delta = first ? delta / DAMP : delta / 2;
	for (delta += delta / n; delta > (BASE - TMIN) * TMAX / 2; k += BASE)
		delta /= BASE - TMIN;
	return k + (BASE - TMIN + 1) * delta / (delta + SKEW);
}

static uint32_t
threshold(uint32_t k, uint32_t bias)
{
	return k <= bias + TMIN ? TMIN : k >= bias + TMAX ? TMAX : k - bias;
}

/* One number of variable length, added to *v; false where there is none. */
static bool
take_delta(struct slice *s, uint32_t bias, uint32_t *v)
{
	uint64_t sum = *v, weight = 1;

	for (uint32_t k = BASE;; k += BASE) {
		uint32_t t = threshold(k, bias);
		int digit = s->n == 0 ? -1 : digit_value(*s->p);

		if (digit < 0)
			return false;
		s->p++;
		s->n--;
		sum += (uint64_t)digit * weight;
		if (sum > UINT32_MAX)
			return false;
		if ((uint32_t)digit < t)
			break;
		weight *= BASE - t;
	}
	*v = (uint32_t)sum;
	return true;
}

/* The code points of punycode; how many, or 0 where it is none. */
static uint32_t
decode(struct slice s, uint32_t cp[LABEL_MAX])
{
	const char *dash = s.n == 0 ? NULL : memrchr(s.p, '-', s.n);
	uint32_t n = 0, code = FIRST, bias = BIAS, at = 0, old, i;

	for (; dash != NULL && s.p < dash; s.p++, s.n--)
		cp[n++] = (uint32_t)(*s.p >= 'A' && *s.p <= 'Z' ? *s.p | 32 :
		    *s.p);
	if (dash != NULL) {
		s.p++;
		s.n--;
	}
	while (s.n > 0) {
		old = at;
		if (n == LABEL_MAX || !take_delta(&s, bias, &at))
			return 0;
		bias = adapt(at - old, n + 1, old == 0);
		if (at / (n + 1) > 0x10ffff - code)
			return 0;
		code += at / (n + 1);
		at %= n + 1;
		for (i = n++; i > at; i--)
			cp[i] = cp[i - 1];
		cp[at++] = code;
	}
	return code == FIRST ? 0 : n;	/* nothing beyond ASCII needs no xn-- */
}

/* How many bytes a number takes. */
static uint32_t
delta_length(uint64_t v, uint32_t bias)
{
	uint32_t n = 1;

	for (uint32_t k = BASE;; k += BASE, n++) {
		uint32_t t = threshold(k, bias);

		if (v < t)
			return n;
		v = (v - t) / (BASE - t);
	}
}

/* The bytes that n code points take as punycode. */
static uint32_t
encoded_length(const uint32_t *cp, uint32_t n)
{
	uint32_t len = 0, done = 0, bias = BIAS, basic, next, code = FIRST;
	uint64_t delta = 0;

	for (uint32_t i = 0; i < n; i++)
		done += cp[i] < FIRST;
	basic = done;
	len = done + (done > 0);
	for (; done < n; delta++, code++) {
		next = UINT32_MAX;
		for (uint32_t i = 0; i < n; i++) {
			if (cp[i] >= code && cp[i] < next)
				next = cp[i];
		}
		delta += (uint64_t)(next - code) * (done + 1);
		code = next;
		for (uint32_t i = 0; i < n; i++) {
			delta += cp[i] < code;
			if (cp[i] != code)
				continue;
			len += delta_length(delta, bias);
			bias = adapt((uint32_t)delta, done + 1, done == basic);
			delta = 0;
			done++;
		}
	}
	return len;
}

bool
idna_a_label(struct slice s)
{
	uint32_t cp[LABEL_MAX], n;
	char text[LABEL_MAX * 4];
	size_t len = 0;

	if (s.n > LABEL_MAX - 4 || (n = decode(s, cp)) == 0 ||
	    encoded_length(cp, n) != s.n)
		return false;
	for (uint32_t i = 0; i < n; i++) {
		if (cp[i] >= 0xd800 && cp[i] < 0xe000)
			return false;
		len += utf8_encode(cp[i], text + len);
	}
	return follows_rules((struct slice){ text, len });
}

bool
idna_u_label(struct slice s)
{
	uint32_t cp[LABEL_MAX], n;
	size_t i, len;

	for (i = n = 0; i < s.n; i += len, n++)
		if (n == LABEL_MAX ||
		    (len = utf8_decode(s.p + i, s.n - i, &cp[n])) == 0)
			return false;
	return encoded_length(cp, n) <= LABEL_MAX - 4 && follows_rules(s);
}
