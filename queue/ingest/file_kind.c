#include "queue/ingest/file_kind.h"

#include "core/base/utf8.h"
#include "queue/ingest/file_stream.h"

#define HEAD_MAX	((size_t)64 << 10)	/* a first line that is longer is one */

struct magic {
	const char	*bytes;
	size_t		 n;
	const char	*what;
};
#define MAGIC(s, what)	{ s, sizeof(s) - 1, what }

static const struct magic magics[] = {
	MAGIC("\xff\xfe", "this is UTF-16: iconv -f UTF-16 -t UTF-8 makes UTF-8 of "
	    "it"),
	MAGIC("\xfe\xff", "this is UTF-16: iconv -f UTF-16 -t UTF-8 makes UTF-8 of "
	    "it"),
	MAGIC("{\0", "this is UTF-16: iconv -f UTF-16LE -t UTF-8 makes UTF-8 of "
	    "it"),
	MAGIC("\0{", "this is UTF-16: iconv -f UTF-16BE -t UTF-8 makes UTF-8 of "
	    "it"),
	MAGIC("PAR1", "this is Parquet: duckdb -c \"COPY (FROM 'FILE') TO "
	    "'FILE.jsonl'\" makes lines of JSON of it"),
	MAGIC("ARROW1", "this is Arrow: write it as lines of JSON"),
	MAGIC("Obj\1", "this is Avro: avro-tools tojson makes lines of JSON of "
	    "it"),
	MAGIC("PK\3\4", "this is a ZIP archive, as XLSX is too: unpack it, or save "
	    "the sheet as lines of JSON"),
	MAGIC("SQLite format 3", "this is an SQLite database"),
	MAGIC("%PDF-", "this is PDF"),
	MAGIC("BZh", "this is compressed by bzip2: bunzip2 unpacks it"),
	MAGIC("\xfd" "7zXZ", "this is compressed by xz: unxz unpacks it"),
	MAGIC("\x89HDF", "this is HDF5"),
	MAGIC("\x89PNG", "this is a PNG image"),
	MAGIC("\xff\xd8\xff", "this is a JPEG image"),
	MAGIC("GIF8", "this is a GIF image"),
	MAGIC("\x7f" "ELF", "this is a program"),
	MAGIC("\x80\2", "this is Python's pickle: write it as lines of JSON"),
	MAGIC("\x80\3", "this is Python's pickle: write it as lines of JSON"),
	MAGIC("\x80\4", "this is Python's pickle: write it as lines of JSON"),
	MAGIC("\x80\5", "this is Python's pickle: write it as lines of JSON"),
	MAGIC("<!DOCTYPE", "this is HTML"),
	MAGIC("<!doctype", "this is HTML"),
	MAGIC("<html", "this is HTML"),
	MAGIC("<?xml", "this is XML")
};

static const char *
magic_find(struct slice head, bool *more)
{
	size_t i;

	*more = false;
	for (i = 0; i < sizeof(magics) / sizeof(magics[0]); i++) {
		if (head.n >= magics[i].n && memcmp(head.p, magics[i].bytes,
		    magics[i].n) == 0)
			return magics[i].what;
		*more |= head.n > 0 && head.n < magics[i].n &&
		    memcmp(head.p, magics[i].bytes, head.n) == 0;
	}
	return NULL;
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

static bool
begins(struct slice s, const char *with)
{
	size_t n = strlen(with);

	return s.n >= n && memcmp(s.p, with, n) == 0;
}

/* A field of an event at the very beginning; a comment is one too. */
static bool
is_event(struct slice s)
{
	static const char *const fields[] = { "data:", "event:", "id:",
	    "retry:", ":" };
	size_t i;

	for (i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
		if (begins(s, fields[i]))
			return true;
	return false;
}

/* Ollama says of each line whether it is the last one. */
static bool
is_piece(struct slice line)
{
	static const char key[] = "\"done\"";
	const char *at = memmem(line.p, line.n, key, sizeof(key) - 1);
	struct slice s;

	if (at == NULL)
		return false;
	s = skip((struct slice){ at + sizeof(key) - 1, (size_t)(line.p +
	    line.n - at) - (sizeof(key) - 1) });
	if (s.n == 0 || s.p[0] != ':')
		return false;
	return begins(skip((struct slice){ s.p + 1, s.n - 1 }), "false");
}

/* What is behind a text that s begins with, and blanks; absent: another. */
static struct slice
behind(struct slice s, const char *text)
{
	s = skip(s);
	return begins(s, text) ? (struct slice){ s.p + strlen(text), s.n -
	    strlen(text) } : SLICE_NONE;
}

/* What an agent on a command line prints first: an object that begins with its
 * type, and names its run. */
static bool
is_run(struct slice s)
{
	static const struct {
		const char	*type, *key;
	} runs[] = {
		{ "\"system\"", "\"session_id\"" },
		{ "\"init\"", "\"session_id\"" },
		{ "\"thread.started\"", "\"thread_id\"" }
	};
	const char *lf = memchr(s.p, '\n', s.n);
	struct slice type;
	size_t i;

	if (lf != NULL)
		s.n = (size_t)(lf - s.p);
	type = behind(behind(behind(s, "{"), "\"type\""), ":");
	for (i = 0; i < sizeof(runs) / sizeof(runs[0]); i++)
		if (behind(type, runs[i].type).p != NULL && memmem(s.p, s.n,
		    runs[i].key, strlen(runs[i].key)) != NULL)
			return true;
	return false;
}

/* An array of the same: how its first element begins. */
static enum file_kind
run_array(struct slice s, bool ended)
{
	struct slice type = behind(behind(behind(s, "{"), "\"type\""), ":");

	if (is_run(s))
		return FILE_CHUNKS;
	return behind(type, "\"system\"").p != NULL && s.n < HEAD_MAX &&
	    !ended ? FILE_MORE : file_stream(s, ended);
}

/* An object whose first line ends where a value or a member is still to come. */
static enum file_kind
object_kind(struct slice s, bool ended)
{
	const char *lf = memchr(s.p, '\n', s.n);
	struct slice line = { s.p, lf == NULL ? s.n : (size_t)(lf - s.p) };
	enum file_kind kind;

	if (lf == NULL && !ended && s.n < HEAD_MAX)
		return FILE_MORE;
	if (is_piece(line) || is_run(line))
		return FILE_PIECES;
	if ((kind = file_stream_lines(s, ended)) != FILE_LINES)
		return kind;
	while (line.n > 0 && is_blank(line.p[line.n - 1]))
		line.n--;
	return lf != NULL && strchr("{[,:", line.p[line.n - 1]) != NULL ?
	    FILE_VALUES : FILE_LINES;
}

static size_t
count(struct slice s, char c)
{
	const char *p = s.p, *end = s.p + s.n;
	size_t n = 0;

	while (p < end && (p = memchr(p, c, (size_t)(end - p))) != NULL) {
		n++;
		p++;
	}
	return n;
}

static bool
is_control(char c)
{
	return (unsigned char)c < 0x20 && (c < '\t' || c > '\r') && c != 0x1b;
}

/* Does an object begin there, as far as two bytes say? */
static bool
is_object(struct slice s)
{
	return s.n > 0 && s.p[0] == '{' && (s.n == 1 || is_blank(s.p[1]) ||
	    strchr("\"'}", s.p[1]) != NULL);
}

/*
 * One byte in ten is a control character or no UTF-8, and no line begins an object:
 * a few such bytes are a line's mistake, and so many are no text.
 */
static bool
is_binary(struct slice s)
{
	size_t i, len, bad = 0;
	uint32_t c;

	for (i = 0; i < s.n; i += len == 0 ? 1 : len) {
		len = utf8_decode(s.p + i, s.n - i, &c);
		bad += is_control(s.p[i]) || (len == 0 && s.n - i >= 4);
		if (s.p[i] == '\n' && is_object((struct slice){ s.p + i + 1,
		    s.n - i - 1 }))
			return false;
	}
	return bad > 2 && bad * 10 >= s.n;
}

/* Two lines with as many commas, or tabs, and no object in either. */
static bool
is_table(struct slice s)
{
	const char *lf = memchr(s.p, '\n', s.n);
	struct slice one, two;
	size_t n;

	if (lf == NULL || lf + 1 == s.p + s.n)
		return false;
	one = (struct slice){ s.p, (size_t)(lf - s.p) };
	two = (struct slice){ lf + 1, s.n - one.n - 1 };
	if ((lf = memchr(two.p, '\n', two.n)) != NULL)
		two.n = (size_t)(lf - two.p);
	if (memchr(one.p, '{', one.n) != NULL || memchr(two.p, '{', two.n) !=
	    NULL)
		return false;
	n = count(one, ',') > 0 ? count(one, ',') : count(one, ';');
	return (n > 0 && count(two, ',') + count(two, ';') >= n) ||
	    (count(one, '\t') > 0 && count(two, '\t') >= count(one, '\t'));
}

static enum file_kind
text_kind(struct slice s, bool ended, const char **what)
{
	struct slice inner;

	if (!is_object(s) && is_binary(s)) {
		*what = "this is no text in UTF-8; a record is a line of JSON";
		return FILE_BINARY;
	}
	if (s.p[0] == '{')
		return object_kind(s, ended);
	if (s.p[0] != '[') {
		if (is_event(s))
			return FILE_EVENTS;
		if (!is_table(s))
			return FILE_LINES;
		*what = "this is CSV: csvjson --stream, or jq -R with split, "
		    "makes lines of JSON of it; the answer's column is "
		    "\"output\"";
		return FILE_BINARY;
	}
	inner = skip((struct slice){ s.p + 1, s.n - 1 });
	if (inner.n == 0)
		return ended ? FILE_LINES : FILE_MORE;
	return inner.p[0] == '{' ? run_array(inner, ended) : FILE_LINES;
}

enum file_kind
file_kind(struct slice head, bool ended, const char **what)
{
	struct slice s = skip(head);
	bool more;

	if ((*what = magic_find(head, &more)) != NULL)
		return FILE_BINARY;
	if (more && !ended && head.n < 16)
		return FILE_MORE;
	if (s.n == 0)
		return ended || head.n > HEAD_MAX ? FILE_LINES : FILE_MORE;
	if (s.n < 6 && !ended && s.p[0] != '{' && s.p[0] != '[' &&
	    strchr("deir", s.p[0]) != NULL)
		return FILE_MORE;
	return text_kind(s, ended, what);
}
