#include "core/shape/not_json.h"

static bool
begins(struct slice s, const char *with)
{
	size_t n = strlen(with);

	return s.n >= n && memcmp(s.p, with, n) == 0;
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static struct slice
skip(struct slice s)
{
	while (s.n > 0 && is_blank(s.p[0])) {
		s.p++;
		s.n--;
	}
	return s;
}

/* The last byte before `at` that is not blank, or NUL. */
static char
before(struct slice record, size_t at)
{
	while (at > 0 && is_blank(record.p[at - 1]))
		at--;
	return at == 0 ? '\0' : record.p[at - 1];
}

/* Words that other languages print where JSON has its own. */
static const struct {
	const char	*word, *reason;
} words[] = {
	{ "NaN", "NaN is not JSON: null says that there is no number" },
	{ "nan", "nan is not JSON: null says that there is no number" },
	{ "-Infinity", "-Infinity is not JSON: null says that there is no "
	    "number" },
	{ "Infinity", "Infinity is not JSON: null says that there is no "
	    "number" },
	{ "-inf", "-inf is not JSON: null says that there is no number" },
	{ "inf", "inf is not JSON: null says that there is no number" },
	{ "None", "None is Python's null: json.dumps() writes JSON, print() "
	    "does not" },
	{ "True", "True is Python's true: json.dumps() writes JSON, print() "
	    "does not" },
	{ "False", "False is Python's false: json.dumps() writes JSON, print() "
	    "does not" },
	{ "undefined", "undefined is not JSON: JSON.stringify() writes JSON" },
	{ "'", "a string in single quotes, as Python prints it: json.dumps() "
	    "writes JSON" },
	{ "//", "a comment: JSON has none" },
	{ "/*", "a comment: JSON has none" },
	{ "\xe2\x80\x9c", "a typographic quote: JSON has \" alone" },
	{ "\xe2\x80\x9d", "a typographic quote: JSON has \" alone" },
	{ "data:", "an event of a stream: a file that begins with one is read "
	    "as such" },
	{ "\xef\xbb\xbf", "a byte order mark: one may stand at the beginning of "
	    "a file alone" },
	{ "<", "this is HTML or XML, not JSON" },
	{ "\x1f\x8b", "this is compressed by gzip: gunzip unpacks it" },
	{ "PAR1", "this is Parquet: write it as lines of JSON" },
	{ "PK\3\4", "this is a ZIP archive, as XLSX is too: unpack it" },
	{ "\xff\xfe", "this is UTF-16: iconv -f UTF-16 -t UTF-8 makes UTF-8 of "
	    "it" },
	{ "\xfe\xff", "this is UTF-16: iconv -f UTF-16 -t UTF-8 makes UTF-8 of "
	    "it" }
};

static const char *
word_at(struct slice rest)
{
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (begins(rest, words[i].word))
			return words[i].reason;
	return NULL;
}

/* Bytes that are no UTF-8 are nearly always one of two things. */
static const char *
bytes_reason(struct slice record, size_t at)
{
	size_t i, nul = 0;

	for (i = 0; i < record.n && i < 4096; i++)
		nul += record.p[i] == '\0';
	if (nul > 1 && nul * 3 > (record.n < 4096 ? record.n : 4096))
		return "this is UTF-16: iconv -f UTF-16LE -t UTF-8 makes UTF-8 "
		    "of it";
	if (at < record.n && (unsigned char)record.p[at] >= 0x80)
		return "invalid UTF-8; if it is Windows-1252: iconv -f "
		    "WINDOWS-1252 -t UTF-8";
	return NULL;
}

static bool
is_name(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static const char *
place_reason(struct slice record, size_t at)
{
	size_t sign = at > 0 && record.p[at - 1] == '-';
	struct slice rest = skip((struct slice){ record.p + at - sign,
	    record.n - at + sign });
	char last = before(record, at);
	const char *reason = word_at(rest);

	if (reason != NULL)
		return reason;
	if (rest.n == 0)
		return NULL;
	if (last == ',' && (rest.p[0] == '}' || rest.p[0] == ']'))
		return "a comma before the end: JSON has none there";
	if (is_name(rest.p[0]) && (last == '{' || last == ','))
		return "a key without quotes, as JavaScript has them: "
		    "JSON.stringify() writes JSON";
	return NULL;
}

/* As the one who made the file reads it. */
static const char *
parser_reason(struct slice record, const struct json_error *why)
{
	struct slice rest = skip((struct slice){ record.p + why->offset,
	    record.n - why->offset });

	if (strcmp(why->reason, "nested too deeply") == 0)
		return "depth over 64";
	if (strcmp(why->reason, "unexpected end") == 0)
		return "unexpected end; a record is one line (jq -c . makes it "
		    "one)";
	if (strcmp(why->reason, "text after the value") == 0 && rest.n > 0 &&
	    (rest.p[0] == '{' || rest.p[0] == '['))
		return "two records on a line: jq -c . makes a line of each";
	if (strcmp(why->reason, "text after the value") == 0 && rest.n > 0 &&
	    rest.p[0] == ',')
		return "a comma behind the record: a line of JSON ends without "
		    "one";
	return why->reason;
}

const char *
not_json(struct slice record, const struct json_error *why)
{
	const char *reason = NULL;
	size_t at = why->offset < record.n ? why->offset : record.n;

	if (strstr(why->reason, "UTF-8") != NULL || (at < record.n &&
	    (unsigned char)record.p[at] < ' ' && !is_blank(record.p[at])))
		reason = bytes_reason(record, at);
	if (reason == NULL && (strncmp(why->reason, "expected", 8) == 0 ||
	    strncmp(why->reason, "invalid number", 14) == 0 ||
	    strncmp(why->reason, "invalid literal", 15) == 0))
		reason = place_reason(record, at);
	return reason != NULL ? reason : parser_reason(record, why);
}
