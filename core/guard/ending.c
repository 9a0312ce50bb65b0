/*
 * Guard kind "ending": the text breaks off, as an answer does that met its
 * limit of tokens: open code, an open bracket of JSON, the middle of a sentence.
 */
#include "core/guard/guard.h"

#include <stdlib.h>

extern const struct guard_kind guard_ending;

#define SENTENCE_WORDS	6	/* fewer may be a label, a title, an answer */
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

/* A full stop of some script, behind it closing signs only. */
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

/* The end of a list's item, a heading, a table, an address: no sentence. */
static bool
is_loose(const struct tail *t)
{
	const char *p = t->text.p + t->line, *end = t->text.p + t->text.n;
	const char *digits;

	while (p < end && (*p == ' ' || *p == '\t'))
		p++;
	if (p < end && strchr("#|>-*+", *p) != NULL)
		return true;
	if (end - p >= 3 && memcmp(p, "\xe2\x80\xa2", 3) == 0)
		return true;
	for (digits = p; p < end && *p >= '0' && *p <= '9';)
		p++;
	if (p > digits && p < end && (*p == '.' || *p == ')'))
		return true;
	return memmem(t->text.p + t->word, t->text.n - t->word, "://", 3) !=
	    NULL;
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
	while (i > 0 && ((unsigned char)text.p[i] & 0xc0) == 0x80)
		i--;
	lead = (unsigned char)text.p[i];
	return lead < 0xf0 && lead != 0xe2;	/* no emoji, no symbols */
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
	if (strchr(",;([{&=", last) != NULL)
		return "it ends behind a sign that more must follow";
	if (last == ':')
		return "it ends behind a colon";
	if (t->words >= 3 && is_linking(word))
		return "it ends behind a word that more must follow";
	if (is_closed(t->text) || is_loose(t) || !is_open(t->text))
		return NULL;
	if (t->words >= SENTENCE_WORDS ||
	    (t->words <= 2 && line.n >= SENTENCE_BYTES &&
	    (unsigned char)line.p[0] >= 0x80))
		return "it ends in the middle of a sentence";
	return NULL;
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
