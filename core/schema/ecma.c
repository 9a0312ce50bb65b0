/* regex_translate(): an ECMA-262 pattern in PCRE2's spelling. */
#include "core/schema/ecma.h"


#define BLANKS	"\\x{9}-\\x{d}\\x{20}\\x{a0}\\x{1680}\\x{2000}-\\x{200a}" \
	"\\x{2028}\\x{2029}\\x{202f}\\x{205f}\\x{3000}\\x{feff}"
#define NOT_BLANKS "\\x{0}-\\x{8}\\x{e}-\\x{1f}\\x{21}-\\x{9f}" \
	"\\x{a1}-\\x{167f}\\x{1681}-\\x{1fff}\\x{200b}-\\x{2027}" \
	"\\x{202a}-\\x{202e}\\x{2030}-\\x{205e}\\x{2060}-\\x{2fff}" \
	"\\x{3001}-\\x{fefe}\\x{ff00}-\\x{10ffff}"

struct reader {
	const char	*p, *end;
	struct buf	*out;
	bool		 in_class;
	const char	*why;
};

/* The general categories' long names; PCRE2 knows the short ones only. */
static const struct {
	const char *name, *code;
} categories[] = {
	{ "Cased_Letter", "L&" }, { "Close_Punctuation", "Pe" },
	{ "Connector_Punctuation", "Pc" }, { "Control", "Cc" },
	{ "Currency_Symbol", "Sc" }, { "Dash_Punctuation", "Pd" },
	{ "Decimal_Number", "Nd" }, { "Enclosing_Mark", "Me" },
	{ "Final_Punctuation", "Pf" }, { "Format", "Cf" },
	{ "Initial_Punctuation", "Pi" }, { "Letter", "L" },
	{ "Letter_Number", "Nl" }, { "Line_Separator", "Zl" },
	{ "Lowercase_Letter", "Ll" }, { "Mark", "M" }, { "Math_Symbol", "Sm" },
	{ "Modifier_Letter", "Lm" }, { "Modifier_Symbol", "Sk" },
	{ "Nonspacing_Mark", "Mn" }, { "Number", "N" },
	{ "Open_Punctuation", "Ps" }, { "Other", "C" }, { "Other_Letter", "Lo" },
	{ "Other_Number", "No" }, { "Other_Punctuation", "Po" },
	{ "Other_Symbol", "So" }, { "Paragraph_Separator", "Zp" },
	{ "Private_Use", "Co" }, { "Punctuation", "P" }, { "Separator", "Z" },
	{ "Space_Separator", "Zs" }, { "Spacing_Mark", "Mc" },
	{ "Surrogate", "Cs" }, { "Symbol", "S" }, { "Titlecase_Letter", "Lt" },
	{ "Unassigned", "Cn" }, { "Uppercase_Letter", "Lu" },
	{ "digit", "Nd" }, { "punct", "P" }, { "cntrl", "Cc" },
	{ "Combining_Mark", "M" }, { NULL, NULL }
};

static bool
refuse(struct reader *r, const char *why)
{
	r->why = why;
	return false;
}

/* At most `max` and at least `min` hexadecimal digits. */
static bool
read_hex(struct reader *r, int min, int max, uint32_t *v)
{
	int n = 0;
	char c;

	for (*v = 0; n < max && r->p < r->end; n++, r->p++) {
		c = *r->p;
		if (c >= '0' && c <= '9')
			*v = *v * 16 + (uint32_t)(c - '0');
		else if ((c | 32) >= 'a' && (c | 32) <= 'f')
			*v = *v * 16 + (uint32_t)((c | 32) - 'a' + 10);
		else
			break;
	}
	return n >= min;
}

/* The second half of a pair, where one follows the first half in *v. */
static bool
low_surrogate(struct reader *r, uint32_t *v)
{
	uint32_t low;

	if (*v < 0xd800 || *v > 0xdbff || r->end - r->p < 3 ||
	    r->p[0] != '\\' || r->p[1] != 'u')
		return true;
	r->p += 2;
	if (!read_hex(r, 4, 4, &low) || low < 0xdc00 || low > 0xdfff)
		return false;
	*v = 0x10000 + ((*v - 0xd800) << 10) + (low - 0xdc00);
	return true;
}

/* After "\u": \uXXXX, a pair of them, or \u{X...}. */
static bool
escape_unicode(struct reader *r)
{
	uint32_t v;

	if (r->p < r->end && *r->p == '{') {
		r->p++;
		if (!read_hex(r, 1, 6, &v) || r->p == r->end || *r->p++ != '}')
			return refuse(r, "bad \\u{...}");
	} else if (!read_hex(r, 4, 4, &v)) {
		return refuse(r, "\\u needs four hexadecimal digits");
	} else if (!low_surrogate(r, &v)) {
		return refuse(r, "a lone surrogate");
	}
	if (v > 0x10ffff || (v >= 0xd800 && v < 0xe000))
		return refuse(r, "a code point that is none");
	buf_printf(r->out, "\\x{%x}", v);
	return true;
}

/* After "\p" or "\P". */
static bool
escape_property(struct reader *r, char c)
{
	const char *name, *close, *eq;
	char short_name[64];
	size_t n;

	if (r->p == r->end || *r->p != '{' ||
	    (close = memchr(r->p, '}', (size_t)(r->end - r->p))) == NULL)
		return refuse(r, "\\p needs a name in braces");
	name = r->p + 1;
	n = (size_t)(close - name);
	r->p = close + 1;
	if ((eq = memchr(name, '=', n)) != NULL &&
	    (strncmp(name, "gc=", 3) == 0 ||
	    strncmp(name, "General_Category=", 17) == 0)) {
		n -= (size_t)(eq + 1 - name);
		name = eq + 1;
	}
	if (n == 0 || n >= sizeof(short_name) || *name == '^')
		return refuse(r, "no such property");
	memcpy(short_name, name, n);
	short_name[n] = '\0';
	for (int i = 0; categories[i].name != NULL; i++) {
		if (strcmp(categories[i].name, short_name) == 0) {
			buf_printf(r->out, "\\%c{%s}", c, categories[i].code);
			return true;
		}
	}
	buf_printf(r->out, "\\%c{%s}", c, short_name);
	return true;
}

static bool
escape_hex(struct reader *r)
{
	uint32_t v;

	if (!read_hex(r, 2, 2, &v))
		return refuse(r, "\\x needs two hexadecimal digits");
	buf_printf(r->out, "\\x{%x}", v);
	return true;
}

static bool
escape_control(struct reader *r)
{
	char c = r->p < r->end ? *r->p++ : '\0';

	if ((c | 32) < 'a' || (c | 32) > 'z')
		return refuse(r, "\\c needs a letter");
	buf_printf(r->out, "\\x{%x}", (unsigned)(c & 31));
	return true;
}

static bool
escape_blank(struct reader *r, char c)
{
	if (r->in_class)
		buf_puts(r->out, c == 's' ? BLANKS : NOT_BLANKS);
	else
		buf_printf(r->out, "[%s%s]", c == 's' ? "" : "^", BLANKS);
	return true;
}

/* Outside a class \b is a word's edge, inside it is a backspace. */
static bool
escape_plain(struct reader *r, char c)
{
	static const char both[] = "dDwWtnrf", outside[] = "bBk123456789";

	if (strchr(both, c) != NULL || (!r->in_class && strchr(outside, c) != NULL))
		buf_printf(r->out, "\\%c", c);
	else if (c == 'v')
		buf_puts(r->out, "\\x{b}");
	else if (c == 'b')
		buf_puts(r->out, "\\x{8}");
	else if ((c | 32) >= 'a' && (c | 32) <= 'z')
		return refuse(r, "an escape that ECMA-262 does not have");
	else if (c >= '1' && c <= '9')
		return refuse(r, "a back reference in a class");
	else if ((unsigned char)c < 128)
		buf_printf(r->out, "\\%c", c);
	else
		buf_putc(r->out, c);
	return true;
}

static bool
escape(struct reader *r)
{
	char c;

	if (r->p == r->end)
		return refuse(r, "a backslash at the end");
	switch (c = *r->p++) {
	case 'u':
		return escape_unicode(r);
	case 'x':
		return escape_hex(r);
	case 'c':
		return escape_control(r);
	case 'p':
	case 'P':
		return escape_property(r, c);
	case 's':
	case 'S':
		return escape_blank(r, c);
	case '0':
		if (r->p < r->end && *r->p >= '0' && *r->p <= '9')
			return refuse(r, "an octal escape");
		buf_puts(r->out, "\\x{0}");
		return true;
	case '\0':
		buf_puts(r->out, "\\x{0}");
		return true;
	default:
		return escape_plain(r, c);
	}
}

/* After "(": groups that only PCRE2 has are refused, flags for the rest of the
 * pattern ("(?i)") too; (?i:...) is ECMA's. */
static bool
group(struct reader *r)
{
	const char *p = r->p;

	buf_putc(r->out, '(');
	if (p == r->end || (*p != '?' && *p != '*'))
		return true;
	if (*p == '*')
		return refuse(r, "nothing to repeat");
	for (p++; p < r->end && *p != '\0' && strchr("ims-", *p) != NULL; p++)
		;
	if (p == r->end || *p == '\0' ||
	    strchr(p == r->p + 1 ? ":=!<" : ":", *p) == NULL)
		return refuse(r, "a group that ECMA-262 does not have");
	return true;
}

static bool
in_class(struct reader *r, char c)
{
	if (c == ']') {
		r->in_class = false;
		buf_putc(r->out, ']');
	} else if (c == '[') {
		buf_puts(r->out, "\\[");
	} else if (c == '\0') {
		buf_puts(r->out, "\\x{0}");
	} else {
		buf_putc(r->out, c);
	}
	return true;
}

static bool
outside(struct reader *r, char c)
{
	switch (c) {
	case '(':
		return group(r);
	case '.':
		buf_puts(r->out, "[^\\n\\r\\x{2028}\\x{2029}]");
		return true;
	case '[':
		r->in_class = true;
		buf_putc(r->out, c);
		if (r->p < r->end && *r->p == '^')
			buf_putc(r->out, *r->p++);
		return true;
	case '\0':
		buf_puts(r->out, "\\x{0}");
		return true;
	default:
		buf_putc(r->out, c);
		return true;
	}
}

bool
regex_translate(struct slice pattern, struct buf *out, const char **why)
{
	struct reader r = { pattern.p, pattern.p + pattern.n, out, false, NULL };
	bool ok = true;

	while (ok && r.p < r.end) {
		char c = *r.p++;

		if (c == '\\')
			ok = escape(&r);
		else
			ok = r.in_class ? in_class(&r, c) : outside(&r, c);
	}
	if (ok && r.in_class)
		ok = refuse(&r, "a class without its end");
	*why = r.why;
	return ok;
}
