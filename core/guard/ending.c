/*
 * Guard kind "ending": the text breaks off, as an answer does that met its
 * limit of tokens: open code, an open bracket of JSON, the middle of a sentence.
 */
#include "core/base/utf8.h"
#include "core/guard/guard.h"

#include <stdlib.h>

extern const struct guard_kind guard_ending;

#define SENTENCE_WORDS	6	/* fewer may be a label, a title, an answer */
#define LINE_MAX_BYTES	2000u	/* of a line before the last */
#define VERSE_LINES	3	/* before the last one */
#define VERSE_BYTES	64
#define SENTENCE_BYTES	40	/* the same where words are not spaced */

struct tail {
	struct slice	text;		/* without blanks at its end */
	size_t		line;		/* where the last line begins */
	size_t		word;		/* where the last word begins */
	size_t		words;		/* of the last line, to SENTENCE_WORDS */
};

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static struct tail
tail_of(struct slice text)
{
	struct tail t = { text, 0, 0, 0 };
	const char *line;
	size_t i;

	while (t.text.n > 0 && is_blank(t.text.p[t.text.n - 1]))
		t.text.n--;
	line = t.text.n == 0 ? NULL : memrchr(t.text.p, '\n', t.text.n);
	t.line = line == NULL ? 0 : (size_t)(line - t.text.p) + 1;
	for (t.word = t.text.n; t.word > t.line &&
	    !is_blank(t.text.p[t.word - 1]);)
		t.word--;
	for (i = t.line; i < t.text.n && t.words < SENTENCE_WORDS; i++)
		t.words += !is_blank(t.text.p[i]) &&
		    (i == t.line || is_blank(t.text.p[i - 1]));
	return t;
}

/* Is a block of code still open? */
static bool
in_code(struct slice text)
{
	const char *p = text.p, *end = text.p + text.n;
	bool open = false;

	while ((p = slice_find((struct slice){ p, (size_t)(end - p) },
	    SLICE("```"))) != NULL) {
		if (p == text.p || p[-1] == '\n' || p[-1] == ' ')
			open = !open;
		p += 3;
		while (p < end && *p == '`')
			p++;
	}
	return open;
}

/* Where the bracket stands that a text begins with, as JSON does; SIZE_MAX where
 * it begins otherwise. */
static size_t
json_start(struct slice text)
{
	size_t i;

	for (i = 0; i < text.n && is_blank(text.p[i]); i++)
		;
	if (i == text.n || (text.p[i] != '{' && text.p[i] != '[') ||
	    memchr(text.p + i, '"', text.n - i) == NULL)
		return SIZE_MAX;
	return i;
}

/* Does a text that begins as JSON end within a bracket or a string? */
static bool
in_json(struct slice text)
{
	bool string = false;
	size_t i = json_start(text), depth = 0;
	char c;

	for (; i < text.n; i++) {
		c = text.p[i];
		if (c == '"')
			string = !string;
		else if (string)
			i += c == '\\';
		else if (c == '{' || c == '[')
			depth++;
		else if ((c == '}' || c == ']') && depth > 0)
			depth--;
	}
	return string || depth > 0;
}

/* Words that another word must follow. */
static bool
is_linking(struct slice word)
{
	static const char *const words[] = {
		"and", "or", "the", "a", "an", "of", "to", "in", "for", "with",
		"is", "are", "was", "were", "that", "which", "but", "because",
		"as", "by", "from", "your", "their", "its", "our", "my", "if",
		"when", "while", "into", "than", "such", "be", "been", "will",
		"at", "during", "between", "through", "including", "whose",
		"whether", "although", "until", "every", "can", "could",
		"should", "would", "may", "might", "must", "has", "had",
		"und", "oder", "der", "die", "das", "dem", "den", "ein", "eine",
		"mit", "von", "zu", "f\xc3\xbcr", "et", "ou", "le", "la", "les",
		"un", "une", "du", "des", "pour", "que", "qui", "y", "o", "el",
		"los", "las", "una", "con", "para", "por", "il", "lo", "gli",
		"di", "per", "che"
	};
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (word.n == strlen(words[i]) &&
		    strncasecmp(word.p, words[i], word.n) == 0)
			return true;
	return false;
}

static bool
ends_with(struct slice text, const char *what)
{
	size_t n = strlen(what);

	return text.n >= n && memcmp(text.p + text.n - n, what, n) == 0;
}

/* A full stop of some script, with nothing but closing signs after it. */
static bool
is_closed(struct slice text)
{
	static const char *const stop[] = {
		".", "!", "?", "\xe2\x80\xa6", "\xe3\x80\x82", "\xef\xbc\x81",
		"\xef\xbc\x9f", "\xd8\x9f", "\xe0\xa5\xa4", "\xef\xbd\xa1",
		"\xdb\x94", "\xe2\x80\xbc", "\xef\xbc\x8e"
	};
	static const char *const closer[] = {
		"\"", "'", ")", "]", "}", "*", "_", "`", ">", "|", "~",
		"\xe2\x80\x9d", "\xe2\x80\x99", "\xc2\xbb", "\xe3\x80\x8d",
		"\xe3\x80\x8f", "\xef\xbc\x89", "\xe2\x80\x9c"
	};
	size_t i, before;
	bool any = false;

	do {
		before = text.n;
		for (i = 0; i < sizeof(closer) / sizeof(closer[0]); i++)
			if (ends_with(text, closer[i])) {
				text.n -= strlen(closer[i]);
				any = true;
			}
	} while (text.n < before);
	for (i = 0; i < sizeof(stop) / sizeof(stop[0]); i++)
		if (ends_with(text, stop[i]))
			return true;
	return any || text.n == 0;
}

/* The line that ends before `at`, without blanks around it; of the lines before
 * it the next one that is not empty.  Empty where there is none. */
static struct slice
line_before(struct slice text, size_t at)
{
	size_t end = at, from;

	while (end > 0 && is_blank(text.p[end - 1]))
		end--;
	for (from = end; from > 0 && end - from < LINE_MAX_BYTES &&
	    text.p[from - 1] != '\n';)
		from--;
	while (from < end && is_blank(text.p[from]))
		from++;
	return (struct slice){ text.p + from, end - from };
}

/* How many of these signs a line begins with, up to four. */
static size_t
run_of(struct slice line, const char *signs)
{
	size_t i = 0;

	while (i < line.n && i < 4 && line.p[i] != '\0' &&
	    strchr(signs, line.p[i]) != NULL)
		i++;
	return i;
}

/* How many bytes of a line are the sign of a list's item: "- ", "12. ", "a) ",
 * "IV. "? */
static size_t
item_sign(struct slice line)
{
	size_t i;

	if (line.n >= 3 && memcmp(line.p, "\xe2\x80\xa2", 3) == 0)
		return 3;
	if (line.n > 1 && run_of(line, "->*+") > 0)
		return 1;
	i = run_of(line, "0123456789");
	if (i == 0)
		i = run_of(line, "IVX");
	if (i == 0 && line.n > 0 && (line.p[0] | 0x20) >= 'a' &&
	    (line.p[0] | 0x20) <= 'z')
		i = 1;
	return i > 0 && i + 1 < line.n && (line.p[i] == '.' ||
	    line.p[i] == ')') && line.p[i + 1] == ' ' ? i + 2 : 0;
}

/* A full stop within the line with words behind it: it holds sentences. */
static bool
holds_sentence(struct slice line)
{
	size_t i, words = 0;

	for (i = line.n; i > 2; i--) {
		words += line.p[i - 1] == ' ';
		if (line.p[i - 1] == ' ' && words > 2 &&
		    strchr(".!?", line.p[i - 2]) != NULL &&
		    line.p[i - 3] >= 'a' && line.p[i - 3] <= 'z')
			return true;
	}
	return false;
}

/* Does an item break off?  It does where sentences end in it, or the item before
 * it ended in a full stop. */
static bool
item_is_cut(const struct tail *t, struct slice line, size_t sign)
{
	struct slice item = { line.p + sign, line.n - sign }, before;

	if (holds_sentence(item))
		return true;
	before = line_before(t->text, (size_t)(line.p - t->text.p));
	sign = item_sign(before);
	return sign > 0 && before.n > sign &&
	    strchr(".!?", before.p[before.n - 1]) != NULL;
}

/* "Location: the market square" */
static bool
is_entry(struct slice line)
{
	size_t i;

	for (i = 0; i < line.n && i < 32 && line.p[i] != ':'; i++)
		;
	return i > 1 && i + 2 < line.n && line.p[i] == ':' &&
	    line.p[i + 1] == ' ' && !holds_sentence(line) &&
	    ((line.p[0] >= 'A' && line.p[0] <= 'Z') || line.p[0] == '*');
}

/* Are the lines before it as short, and without a full stop: a song, a poem, a
 * table, credits? */
static bool
is_verse(const struct tail *t, struct slice line)
{
	size_t at = (size_t)(line.p - t->text.p);
	struct slice before;
	unsigned i;

	if (line.n > VERSE_BYTES)
		return false;
	for (i = 0; i < VERSE_LINES; i++) {
		before = line_before(t->text, at);
		if (before.n == 0 || before.n > VERSE_BYTES ||
		    strchr(".!?:", before.p[before.n - 1]) != NULL ||
		    item_sign(before) > 0)
			return false;
		at = (size_t)(before.p - t->text.p);
	}
	return true;
}

/* A heading, a table, an entry, an address, a hashtag: no sentence. */
static bool
is_loose(const struct tail *t, struct slice line)
{
	struct slice word = { t->text.p + t->word, t->text.n - t->word };
	struct slice before;

	if (line.n > 0 && (line.p[0] == '#' || line.p[0] == '|' ||
	    memchr(line.p, '\t', line.n) != NULL ||
	    memmem(line.p, line.n, " | ", 3) != NULL))
		return true;
	if (word.n > 1 && (word.p[0] == '#' || word.p[0] == '@'))
		return true;
	if (is_entry(line)) {
		before = line_before(t->text, (size_t)(line.p - t->text.p));
		if (is_entry(before))
			return true;
	}
	return is_verse(t, line) || memmem(word.p, word.n, "://", 3) != NULL;
}

/* A letter, a digit or a sign beyond ASCII that is written within sentences. */
static bool
is_open(struct slice text)
{
	unsigned char c = (unsigned char)text.p[text.n - 1], lead;
	size_t i = text.n - 1;

	if (c < 0x80)
		return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
		    (c >= '0' && c <= '9');
	while (i > 0 && utf8_is_tail(text.p[i]))
		i--;
	lead = (unsigned char)text.p[i];
	return lead < 0xf0 && lead != 0xe2;	/* no emoji, no symbols */
}

/* "x = f(y);": a statement of a program is whole. */
static bool
is_statement(struct slice line)
{
	size_t i;

	if (line.p[line.n - 1] != ';')
		return false;
	for (i = 0; i < line.n; i++)
		if (strchr("=(){}'", line.p[i]) != NULL)
			return true;
	return false;
}

/* Why the last line, which ends in a letter or digit, seems to break off. */
static const char *
cut_line(const struct tail *t, struct slice line)
{
	size_t sign;

	while (line.n > 0 && is_blank(line.p[0])) {
		line.p++;
		line.n--;
	}
	if ((sign = item_sign(line)) > 0)
		return t->words > 3 && item_is_cut(t, line, sign) ?
		    "it ends in the middle of an item" : NULL;
	if (is_loose(t, line))
		return NULL;
	if (t->words >= SENTENCE_WORDS ||
	    (t->words <= 2 && line.n >= SENTENCE_BYTES &&
	    (unsigned char)line.p[0] >= 0x80))
		return "it ends in the middle of a sentence";
	return NULL;
}

/* Why the text seems to break off, or NULL. */
static const char *
cut_reason(const struct tail *t)
{
	struct slice word = { t->text.p + t->word, t->text.n - t->word };
	struct slice line = { t->text.p + t->line, t->text.n - t->line };
	char last = t->text.p[t->text.n - 1];

	if (in_code(t->text))
		return "a block of code is not closed";
	if (in_json(t->text))
		return "a bracket or string of JSON is not closed";
	if (strchr(",;([{&=", last) != NULL && !is_statement(line))
		return "it ends behind a sign that more must follow";
	if (last == ':')
		return "it ends behind a colon";
	if (t->words >= 3 && is_linking(word))
		return "it ends behind a word that more must follow";
	if (is_closed(t->text) || !is_open(t->text))
		return NULL;
	return cut_line(t, line);
}

static enum status
ending_run(const void *compiled, struct guard_run *r, struct error *err)
{
	struct tail t = tail_of(r->text);
	const char *why;

	(void)compiled;
	if (t.text.n == 0 || (why = cut_reason(&t)) == NULL)
		return STATUS_OK;
	return finding_add(r, "cut-off", t.line, t.text.n, "breaks off: %s",
	    why) == NULL ? finding_stop(r, err) : STATUS_OK;
}

static enum status
ending_compile(const struct guard_config *c, void **out, struct error *err)
{
	(void)c;
	(void)err;
	*out = NULL;
	return STATUS_OK;
}

static const struct option_row ending_options[] = {
	{ NULL, OPTION_STRING, NULL, false }
};

const struct guard_kind guard_ending = {
	.name = "ending",
	.options = ending_options,
	.severity = SEVERITY_MEDIUM,
	.cost = 2,
	.leaves = READS_JOINED,
	.compile = ending_compile,
	.run = ending_run,
	.free = free
};
