/* UTF-8, and what may reach a terminal of a text that somebody else wrote. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>

#include "core/json/parse.h"
#include "core/base/text.h"
#include "tests/unit/values.h"
#include "core/base/text_cells.h"
#include "core/base/utf8.h"
#include "core/json/value.h"

static FILE *
shared(const char *rest)
{
	const char *dir = getenv("HANDRAIL_SHARED");
	char path[8192];
	FILE *f;

	(void)snprintf(path, sizeof(path), "%s/vectors/%s", dir == NULL ?
	    "../shared" : dir, rest);
	if ((f = fopen(path, "rb")) == NULL) {
		print_message("no %s: skipped\n", path);
		skip();
	}
	return f;
}

static const char *
form_of(struct buf *b, struct slice s, enum text_form form)
{
	buf_clear(b);
	text_sanitize(b, s, form);
	return buf_str(b);
}

/* Only what every terminal shows as it is, or what a cell may hold joined. */
static void
assert_safe(struct slice s, bool cells)
{
	size_t at, n, tags = SIZE_MAX;
	uint32_t cp;

	for (at = 0; at < s.n; at += n) {
		n = utf8_decode(s.p + at, s.n - at, &cp);
		assert_int_not_equal(n, 0);
		/* The flag of a region; more would be text. */
		if (cp == 0x1f3f4)
			tags = 0;
		else if (cells && cp >= 0xe0030 && cp <= 0xe007f && tags < 7) {
			tags++;
			continue;
		} else
			tags = SIZE_MAX;
		if (cp == '\n' || cp == '\t')
			assert_false(cells);
		else if (text_class(cp) != TEXT_PLAIN &&
		    text_class(cp) != TEXT_MARK)
			assert_true(cells && (cp == 0x200c || cp == 0x200d ||
			    (cp >= 0xfe00 && cp <= 0xfe0f) ||
			    (cp >= 0xe0100 && cp <= 0xe01ef) ||
			    (cp >= 0x1160 && cp <= 0x11ff)));
	}
}

/* All cells of a text: safe, of the width they say, and nothing left out. */
static void
assert_cells(struct slice s)
{
	struct text_cell cell;
	size_t at = 0, column = 0;
	struct slice draw;

	while (at < s.n) {
		if (!text_cell(s, at, column, &cell)) {
			assert_int_equal(s.p[at], '\n');
			at++;
			column = 0;
			continue;
		}
		draw = slice_of(cell.draw);
		assert_in_range(cell.width, 1, 16);
		if (cell.placed)
			assert_op(text_width(draw), <=, cell.width);
		else
			assert_int_equal(text_width(draw), cell.width);
		assert_in_range(cell.bytes, 1, s.n - at);
		assert_safe(draw, true);
		if (!cell.marked && cell.draw[0] != ' ')
			assert_slices(draw, ((struct slice){ s.p + at,
			    cell.bytes }));
		at += cell.bytes;
		column += cell.width;
	}
	assert_int_equal(at, s.n);
}

/* TEXT_JSON read by a JSON reader gives the text back. */
static void
assert_json(struct slice s)
{
	struct json d = JSON_INIT;
	struct arena arena = ARENA_INIT;
	struct json_error why;
	struct buf b = BUF_INIT, raw = BUF_INIT;
	struct slice back;

	text_json(&b, s);
	assert_safe(buf_slice(&b), false);
	assert_int_equal(json_parse(&d, buf_slice(&b), 1, JSON_NUL_ALLOWED,
	    &why), STATUS_OK);
	back = json_text(&d, 0, &arena);
	if (utf8_valid(s.p, s.n) == s.n)
		assert_slices(back, s);
	/* What is safe already is not changed a second time. */
	text_json_raw(&raw, buf_slice(&b));
	assert_string_equal(buf_str(&raw), buf_str(&b));
	buf_release(&b);
	buf_release(&raw);
	arena_release(&arena);
	json_release(&d);
}

static void
base64(struct slice s, struct buf *out)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "abcdefghijklmnopqrstuvwxyz0123456789+/";
	unsigned bits = 0, have = 0;
	size_t i;

	for (i = 0; i < s.n && s.p[i] != '='; i++) {
		bits = bits << 6 | (unsigned)(strchr(digits, s.p[i]) - digits);
		have += 6;
		if (have >= 8) {
			have -= 8;
			buf_putc(out, (char)(bits >> have & 0xff));
		}
	}
}

static void
test_terminal_attacks(void **state)
{
	FILE *f = shared("terminal-attacks/terminal-attacks.jsonl");
	struct json d = JSON_INIT;
	struct arena arena = ARENA_INIT;
	struct buf text = BUF_INIT, out = BUF_INIT;
	struct json_error why;
	unsigned n = 0, compared = 0;
	char *line = NULL;
	size_t cap = 0;
	struct slice want;
	ssize_t len;
	uint32_t t;

	(void)state;
	while ((len = getline(&line, &cap, f)) > 0) {
		assert_int_equal(json_parse(&d, (struct slice){ line,
		    (size_t)len }, 4, JSON_NUL_ALLOWED, &why), STATUS_OK);
		buf_clear(&text);
		base64(json_text(&d, json_get(&d, 0, "input_b64"), &arena),
		    &text);
		(void)form_of(&out, buf_slice(&text), TEXT_CLI);
		assert_safe(buf_slice(&out), false);
		t = json_get_value(&d, 0, "expected_cli");
		if (t != JSON_NONE) {
			want = json_text(&d, t, &arena);
			if (!slice_eq(want, buf_slice(&out)))
				fail_msg("%.*s: got %s", (int)len, line,
				    buf_str(&out));
			compared++;
		}
		assert_json(buf_slice(&text));
		assert_cells(buf_slice(&text));
		(void)form_of(&out, buf_slice(&text), TEXT_SCREEN);
		assert_safe(buf_slice(&out), true);
		buf_clear(&out);
		text_sanitize_line(&out, buf_slice(&text), 20);
		assert_safe(buf_slice(&out), false);
		assert_op(text_width(buf_slice(&out)), <=, 20);
		assert_null(strpbrk(buf_str(&out), "\n\t"));
		arena_reset(&arena);
		n++;
	}
	(void)fclose(f);
	free(line);
	assert_int_equal(n, 1066);
	assert_int_equal(compared, 1061);
	buf_release(&text);
	buf_release(&out);
	arena_release(&arena);
	json_release(&d);
}

static size_t
unhex(const char *hex, char *out)
{
	size_t n = 0;
	unsigned byte;
	int used;

	for (; sscanf(hex, " %2x%n", &byte, &used) == 1; hex += used)
		out[n++] = (char)byte;
	return n;
}

/*
 * Lines "num:valid hex:HEX", "num:valid:TEXT" and "num:invalid hex:HEX:..",
 * where an invalid one is followed by what replacing its invalid bytes gives.
 */
static void
test_utf8tests(void **state)
{
	FILE *f = shared("utf8tests/utf8tests.txt");
	char *line = NULL, *kind, *arg, text[4096], *stop;
	unsigned valid = 0, invalid = 0;
	size_t cap = 0, n;

	(void)state;
	while (getline(&line, &cap, f) > 0) {
		if (line[0] == '#' || (kind = strchr(line, ':')) == NULL ||
		    (arg = strchr(++kind, ':')) == NULL)
			continue;
		*arg++ = '\0';
		kind += strspn(kind, " ");
		arg[strcspn(arg, "\n")] = '\0';
		if ((stop = strchr(arg, ':')) != NULL)
			*stop = '\0';
		if (strcmp(kind, "valid") == 0) {
			n = strlen(arg);
			memcpy(text, arg, n);
		} else {
			n = unhex(arg, text);
		}
		if (strncmp(kind, "valid", 5) == 0) {
			assert_int_equal(utf8_valid(text, n), n);
			valid++;
		} else if (strcmp(kind, "invalid hex") == 0) {
			assert_op(utf8_valid(text, n), <, n);
			invalid++;
		}
		assert_cells((struct slice){ text, n });
		assert_json((struct slice){ text, n });
	}
	(void)fclose(f);
	free(line);
	assert_int_equal(valid + invalid, 222);
}

static void
test_grapheme_lines(void **state)
{
	FILE *f = shared("unicode-grapheme/tests/GraphemeBreakTest.txt");
	char *line = NULL, text[256];
	unsigned long cp;
	size_t cap = 0, n;
	unsigned lines = 0;
	char *p, *end;

	(void)state;
	while (getline(&line, &cap, f) > 0) {
		line[strcspn(line, "#")] = '\0';
		for (n = 0, p = line; *p != '\0'; ) {
			cp = strtoul(p, &end, 16);
			if (end == p) {
				p++;
				continue;
			}
			n += utf8_encode((uint32_t)cp, text + n);
			p = end;
		}
		if (n == 0)
			continue;
		assert_cells((struct slice){ text, n });
		lines++;
	}
	(void)fclose(f);
	free(line);
	assert_int_equal(lines, 602);
}

static void
test_every_code_point(void **state)
{
	char text[8] = "a";
	uint32_t cp, back;
	size_t n;

	(void)state;
	for (cp = 0; cp < 0x110000; cp++) {
		if (cp >= 0xd800 && cp < 0xe000)
			continue;
		n = utf8_encode(cp, text + 1);
		assert_int_equal(utf8_decode(text + 1, n, &back), n);
		assert_int_equal(back, cp);
		assert_cells((struct slice){ text, n + 1 });
		assert_cells((struct slice){ text + 1, n });
	}
}

/* What is one picture is one cell, as wide as the widest terminal draws it. */
static void
test_pictures(void **state)
{
	static const struct {
		const char	*text;
		unsigned	bytes, width;	/* of its first cell */
		bool		placed;
	} rows[] = {
		{ "\U0001f600x", 4, 2, false },
		{ "\U0001f44d\U0001f3fdx", 8, 4, true },
		{ "\U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466x",
		    25, 8, true },
		{ "\U0001f3f3\ufe0f\u200d\U0001f308x", 14, 4, true },
		{ "\U0001f1e9\U0001f1ea\U0001f1eb", 8, 2, true },
		{ "\U0001f1e9x", 4, 1, false },
		{ "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e"
		    "\U000e0067\U000e007fx", 28, 2, true },
		/* Seven letters, and no end: text that hides. */
		{ "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e"
		    "\U000e0067\U000e0067\U000e0067\U000e007f", 4, 2, false },
		{ "\U0001f3f4\U000e0067\U000e0062\U000e0065x", 4, 2, false },
		{ "\u2764\ufe0fx", 6, 2, true },
		{ "\u2764x", 3, 1, false },
		{ "1\ufe0f\u20e3x", 7, 2, true },
		{ "12", 1, 1, false },
		{ "\u00a9\ufe0fx", 5, 2, true },
		{ "\U0001f468\u200dx", 4, 2, false },
		{ "\u0645\u200c\u062e", 5, 1, false },
		/* Sinhala: two letters joined, a vowel sign beside. */
		{ "\u0dc1\u0dca\u200d\u0dbb\u0dd3 x", 15, 2, true },
		{ "x\u200dy", 1, 1, false }
	};
	struct text_cell c;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_true(text_cell(slice_of(rows[i].text), 0, 0, &c));
		assert_op(c.bytes, ==, rows[i].bytes);
		assert_op(c.width, ==, rows[i].width);
		assert_op(c.placed, ==, rows[i].placed);
		assert_false(c.marked);
		assert_cells(slice_of(rows[i].text));
	}
}

/* On the command line too writing keeps its joiners, and nothing else does. */
static void
test_joiners(void **state)
{
	static const struct {
		const char	*text, *cli;
	} rows[] = {
		{ "\u0645\u06cc\u200c\u062e", "\u0645\u06cc\u200c\u062e" },
		{ "\u0dc1\u0dca\u200d\u0dbb", "\u0dc1\u0dca\u200d\u0dbb" },
		{ "\u0645\u200c\u200c\u062e",
		    "\u0645\\u{200c}\\u{200c}\u062e" },
		{ "\u0645\u200c", "\u0645\\u{200c}" },
		{ "\u200c\u0645", "\\u{200c}\u0645" },
		{ "\u0645\u200cb", "\u0645\\u{200c}b" },
		{ "a\u200db", "a\\u{200d}b" }
	};
	struct buf b = BUF_INIT, safe = BUF_INIT;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_string_equal(form_of(&b, slice_of(rows[i].text),
		    TEXT_CLI), rows[i].cli);
		buf_clear(&safe);
		text_make_safe(&safe, buf_slice(&b));
		assert_string_equal(buf_str(&safe), rows[i].cli);
	}
	buf_release(&b);
	buf_release(&safe);
}

static void
test_screen_form(void **state)
{
	static const struct {
		const char	*text, *screen;
	} rows[] = {
		{ "plain \\ text", "plain \\ text" },
		{ "a\tb\nc", "a       b c" },
		{ "\x1b[31m\x7f", "^[[31m^?" },
		{ "\xe2\x80\xaeX", "<U+202E>X" },
		{ "a\xc2\xa0""b", "a b" },
		{ "\xff", "\\xff" },
		{ "\xcc\x81x", "<U+0301>x" },
		/* Persian with a ZWNJ stays, and what is one picture. */
		{ "\xd9\x85\xdb\x8c\xe2\x80\x8c\xd8\xb1",
		    "\xd9\x85\xdb\x8c\xe2\x80\x8c\xd8\xb1" },
		{ "\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x92\xbb",
		    "\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x92\xbb" },
		{ "\xf0\x9f\x91\xa9\xe2\x80\x8d""b",
		    "\xf0\x9f\x91\xa9<U+200D>b" },
		{ "a\xe2\x80\x8d""b", "a<U+200D>b" },
		/* Hindi with a spacing mark. */
		{ "\xe0\xa4\x95\xe0\xa4\xbf", "\xe0\xa4\x95\xe0\xa4\xbf" },
		{ "e\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81",
		    "e\xcc\x81\xcc\x81\xcc\x81\xcc\x81<U+0301>" }
	};
	struct buf b = BUF_INIT;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_string_equal(form_of(&b, slice_of(rows[i].text),
		    TEXT_SCREEN), rows[i].screen);
	buf_release(&b);
}

static void
test_json_forms(void **state)
{
	struct buf b = BUF_INIT;

	(void)state;
	text_json(&b, SLICE("a\"\\\n\x1b\xe2\x80\xae\xf3\xa0\x81\x81\xff"));
	assert_string_equal(buf_str(&b), "\"a\\\"\\\\\\n\\u001b\\u202e"
	    "\\udb40\\udc41\\ufffd\"");
	buf_clear(&b);
	text_json(&b, SLICE_NONE);
	assert_string_equal(buf_str(&b), "null");
	buf_clear(&b);
	text_json_raw(&b, SLICE("{\"a\xe2\x80\xae\":\r[1.50,\"\\u0041"
	    "\\\"\xc2\x9b\"]}"));
	assert_string_equal(buf_str(&b), "{\"a\\u202e\": [1.50,\"\\u0041"
	    "\\\"\\u009b\"]}");
	/* What is no JSON harms no terminal either. */
	buf_clear(&b);
	text_json_raw(&b, SLICE("[1\x1b[31m\x7f\xc2\x9b]"));
	assert_string_equal(buf_str(&b), "[1?[31m???]");
	buf_release(&b);
}

/* How far a text is plain, of every length and with each other byte at each place; it
 * ends where its memory does, for the sanitizers. */
static void
test_plain(void **state)
{
	static const char others[] = { '\x1f', '\n', '\0', '"', '\\', '\x7f',
	    '\x80', '\xff', '\xa0' };
	static const char shown[] = " !#[]^~az09";
	char room[40], *text;
	size_t n, at, i, k;

	(void)state;
	for (n = 0; n <= sizeof(room); n++)
		for (at = 0; at <= n; at++)
			for (i = 0; i < sizeof(others); i++) {
				text = room + sizeof(room) - n;
				for (k = 0; k < n; k++)
					text[k] = shown[(n + at + i + k) % 11];
				if (at < n)
					text[at] = others[i];
				if (at + 1 < n)
					text[n - 1] = others[(i + 1) % 9];
				if (text_plain(text, n) != at)
					fail_msg("%zu of %zu bytes are plain "
					    "before %02x, not %zu", at, n,
					    (unsigned char)others[i],
					    text_plain(text, n));
			}
}

/* The last line of defence changes nothing that is as it should be. */
static void
test_what_is_safe_stays(void **state)
{
	static const char bad[] = "a\\\\b\x1b[1m\t\n\xe2\x80\xae \x7f\xff "
	    "e\xcc\x81";
	struct buf b = BUF_INIT, again = BUF_INIT;

	(void)state;
	assert_true(text_is_safe(SLICE("{\"a\": 1}\n\t~")));
	assert_false(text_is_safe(SLICE("a\x1b")));
	assert_false(text_is_safe(SLICE("a\x7f")));
	text_make_safe(&b, SLICE(bad));
	assert_string_equal(buf_str(&b), "a\\\\b\\x1b[1m\t\n\\u{202e} "
	    "\\x7f\\xff e\xcc\x81");
	text_make_safe(&again, buf_slice(&b));
	assert_string_equal(buf_str(&again), buf_str(&b));
	buf_release(&b);
	buf_release(&again);
}

static void
test_points_and_bytes(void **state)
{
	static const char text[] = "a\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80z and "
	    "so on \xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9";
	struct utf8_cursor c = { SLICE(text), 0, 0 };
	struct utf8_cursor back = { SLICE(text), 0, 0 };
	size_t byte = 0, point = 0;
	uint32_t cp;

	(void)state;
	assert_int_equal(utf8_count(text, sizeof(text) - 1), 5 + 11 + 7);
	while (byte < sizeof(text) - 1) {
		assert_int_equal(utf8_point(&c, byte), point);
		assert_int_equal(utf8_byte(&back, point), byte);
		byte += utf8_decode(text + byte, sizeof(text) - byte, &cp);
		point++;
	}
	assert_int_equal(utf8_point(&c, 3), 2);
	assert_int_equal(utf8_byte(&back, 2), 3);
	assert_int_equal(utf8_byte(&back, 1000), sizeof(text) - 1);
	assert_int_equal(utf8_point(&c, 1000), point);
}

/* Whether what is printed just fits or not, it is there in full. */
static void
test_print_to_the_edge(void **state)
{
	static const char digits[] = "0123456789";
	size_t before, n, i;
	struct buf b;

	(void)state;
	for (before = 0; before < 70; before++) {
		for (n = 0; n < 140; n++) {
			buf_init(&b);
			for (i = 0; i < before; i++)
				buf_putc(&b, digits[i % 10]);
			buf_printf(&b, "%s%0*d", "", (int)n + 1, 7);
			assert_false(b.failed);
			assert_int_equal(b.n, before + n + 1);
			assert_int_equal(strlen(buf_str(&b)), b.n);
			for (i = 0; i < before; i++)
				assert_int_equal(b.p[i], digits[i % 10]);
			for (; i < b.n - 1; i++)
				assert_int_equal(b.p[i], '0');
			assert_int_equal(b.p[i], '7');
			buf_release(&b);
		}
	}
}

/* Where nothing is seen, and texts that are cut, broken or at the edge of a line. */
static void
test_edges(void **state)
{
	static const struct {
		const char	*text;
		bool		 blank;
		size_t		 width;
	} rows[] = {
		{ "", true, 0 }, { " \t\n", true, 2 }, { "a", false, 1 }, { "\xff", false, 1 },
		{ "\xcc\x81", false, 0 }, { "\x01", true, 0 }, { "\xe2\x80\x8b", true, 0 },
		{ "\xe3\x80\x80", true, 2 }, { " .", false, 2 }, { "a\nb", false, 2 }
	};
	static const struct {
		const char	*text;
		size_t		 columns;
		const char	*line;
	} lines[] = {
		{ "a\tb\nc", 0, "a b c" }, { "abc", 2, "ab" }, { "a\xff", 0, "a\\xff" },
		{ "a\xff", 3, "a" }, { "\xe4\xb8\xad\xe4\xb8\xad", 3, "\xe4\xb8\xad" },
		{ "\tx\xcc\x81\xcc\x81", 2, " x\xcc\x81\xcc\x81" }
	};
	static const struct {
		const char	*raw, *safe;
	} raws[] = {
		{ "[1,\r\n\t\"a\"]", "[1,   \"a\"]" }, { "\"\\", "\"\\" },
		{ "\"\\u00", "\"\\u00" }, { "\"\\u0041\\n\"", "\"\\u0041\\n\"" },
		{ "\x01\x7f\xc3", "???" }, { "\"\xff\"", "\"\\ufffd\"" }
	};
	struct buf b = BUF_INIT;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (text_blank(slice_of(rows[i].text)) != rows[i].blank ||
		    (i != 5 && text_width(slice_of(rows[i].text)) != rows[i].width))
			fail_msg("row %zu: %d %zu", i, text_blank(slice_of(rows[i].text)),
			    text_width(slice_of(rows[i].text)));
	}
	for (i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		buf_clear(&b);
		text_sanitize_line(&b, slice_of(lines[i].text), lines[i].columns);
		assert_string_equal(buf_str(&b), lines[i].line);
	}
	for (i = 0; i < sizeof(raws) / sizeof(raws[0]); i++) {
		buf_clear(&b);
		text_json_raw(&b, slice_of(raws[i].raw));
		assert_string_equal(buf_str(&b), raws[i].safe);
	}
	buf_clear(&b);
	text_json(&b, SLICE_NONE);
	assert_string_equal(buf_str(&b), "null");
	buf_release(&b);
	assert_slice(utf8_clip(SLICE("a\xc3\xa9"), 2), "a");
	assert_slice(utf8_clip(SLICE("a\xc3\xa9"), 3), "a\xc3\xa9");
	assert_slice(utf8_clip(SLICE("a\xc3\xa9"), 1), "a");
	assert_slice(utf8_clip(SLICE("\x80\x80"), 1), "");
}

/* What follows a base is drawn with it where its width is sure, else by its name. */
static void
test_followers(void **state)
{
	static const struct {
		const char	*text;
		bool		 with;		/* all of it is one cell */
	} rows[] = {
		{ "\xe4\xb8\xad\xef\xb8\x80", true },		/* ideograph, VS1 */
		{ "a\xef\xb8\x80", false },
		{ "\xe2\x9c\x94\xef\xb8\x8e", true },		/* check mark as text */
		{ "a\xef\xb8\x8e", false }, { "a\xef\xb8\x8f", false },
		{ "\xe2\x9c\x94\xef\xb8\x8e\xef\xb8\x8e", false },
		{ "\xe4\xb8\xad\xef\xb8\x8f", true },		/* wide anyway */
		{ "\xe4\xb8\xad\xf3\xa0\x84\x80", true },	/* ideograph, VS17 */
		{ "a\xf3\xa0\x84\x80", false },
		{ "\xe1\x84\x80\xe1\x85\xa1\xe1\x86\xa8", true },	/* jamo */
		{ "\xea\xa5\xa0\xe1\x85\xa1", true },	/* an older head */
		{ "\xea\xb0\x80\xe1\x86\xa8", true },	/* a syllable and its tail */
		{ "a\xe1\x86\xa8", false },
		{ "\xd8\xa8\xe2\x80\x8d\xd8\xa8", true },	/* joined by ZWJ */
		{ "\xd8\xa8\xe2\x80\x8d" "a", false },
		{ "\xd8\xa8\xe2\x80\x8d\xff", false },
		{ "\xd8\xa8\xe2\x80\x8d", true },
	};
	struct text_cell cell;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_true(text_cell(slice_of(rows[i].text), 0, 0, &cell));
		if ((cell.bytes == strlen(rows[i].text)) != rows[i].with)
			fail_msg("row %zu: %u bytes, \"%s\"", i, cell.bytes, cell.draw);
	}
	assert_false(text_cell(SLICE("a"), 1, 0, &cell));
	assert_false(text_cell(SLICE("\n"), 0, 0, &cell));
	/* A joiner joins letters of its scripts alone. */
	assert_true(text_joins(SLICE("\xd8\xa8\xe2\x80\x8c\xd8\xa8"), 2));
	assert_false(text_joins(SLICE("\xd8\xa8\xe2\x80\x8c" "a"), 2));
	assert_false(text_joins(SLICE("\xd8\xa8\xe2\x80\x8c"), 2));
	assert_false(text_joins(SLICE("a\xe2\x80\x8c\xd8\xa8"), 1));
	assert_false(text_joins(SLICE("\x80\xe2\x80\x8c\xd8\xa8"), 1));
	assert_false(text_joins(SLICE("\xd8\xa8\xe2\x80\x8c\xcc\x81"), 2));
	assert_false(text_joins(SLICE("\xe2\x80\x8c\xd8\xa8"), 0));
	assert_false(text_joins(SLICE("\xff"), 0));
	assert_false(text_joins(SLICE("ab"), 1));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_terminal_attacks),
		cmocka_unit_test(test_utf8tests),
		cmocka_unit_test(test_grapheme_lines),
		cmocka_unit_test(test_every_code_point),
		cmocka_unit_test(test_pictures), cmocka_unit_test(test_joiners),
		cmocka_unit_test(test_screen_form),
		cmocka_unit_test(test_json_forms),
		cmocka_unit_test(test_plain),
		cmocka_unit_test(test_what_is_safe_stays),
		cmocka_unit_test(test_points_and_bytes),
		cmocka_unit_test(test_print_to_the_edge),
		cmocka_unit_test(test_edges),
		cmocka_unit_test(test_followers),
	};

	return cmocka_run_group_tests_name("text", tests, NULL, NULL);
}
