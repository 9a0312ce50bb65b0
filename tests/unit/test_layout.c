/* What is where on the screen: columns, wrapped lines, marks, JSON, words. */
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "tui/screen/cell.h"
#include "tui/screen/line.h"
#include "tui/review/columns.h"
#include "tui/screen/doc.h"
#include "tui/review/indent.h"
#include "tui/review/words.h"
#include "tests/unit/values.h"

static void
test_columns(void **state)
{
	int out[COLUMN_COUNT], width, i, sum, shown, before = COLUMN_COUNT;

	(void)state;
	for (width = 300; width >= 1; width--) {
		columns_fit(width, false, out);
		sum = COLUMN_MARKS - 1;
		shown = 0;
		for (i = 0; i < COLUMN_COUNT; i++) {
			sum += out[i] > 0 ? out[i] + 1 : 0;
			shown += out[i] > 0;
		}
		assert_true(sum <= width || shown == 0);
		assert_true(width <= COLUMN_MARKS || out[COLUMN_WORDS] > 0);
		assert_op(shown, <=, before);
		before = shown;
		if (width >= 120)
			assert_int_equal(shown, COLUMN_COUNT);
	}
	columns_fit(80, true, out);
	assert_op(out[COLUMN_ID], >, 0);
	assert_op(out[COLUMN_SEVERITY], >, 0);
	columns_fit(200, true, out);
	assert_int_equal(out[COLUMN_QUEUE], 0);
	columns_fit(44, false, out);
	assert_int_equal(out[COLUMN_MODEL], 0);
	assert_op(out[COLUMN_WORDS], >, 0);
	assert_op(out[COLUMN_WHY], >, 0);
}

static void
ends_are(const char *text, size_t columns, const char *want)
{
	struct buf b = BUF_INIT;

	cell_ends(slice_of(text), columns, &b);
	assert_string_equal(buf_str(&b), want);
	buf_release(&b);
}

/* A name that is too wide keeps both ends, in whole characters. */
static void
test_ends(void **state)
{
	(void)state;
	ends_are("inv-9002", 8, "inv-9002");
	ends_are("call-0192aa54-4f2a", 10, "call-\xe2\x80\xa6" "4f2a");
	ends_are("call-0192aa54-4f2a", 11, "call-\xe2\x80\xa6-4f2a");
	ends_are("\xe8\xa8\xb1\xe5\x8f\xaf\xe8\xa8\xb1\xe5\x8f\xaf", 6,
	    "\xe8\xa8\xb1\xe2\x80\xa6\xe5\x8f\xaf");
	ends_are("abc", 2, "abc");
	ends_are("", 5, "");
}

static struct slice
row_text(const struct doc *d, size_t i)
{
	const struct doc_row *r = &d->rows[i];

	return (struct slice){ d->paras[r->para].text.p + r->start,
	    r->end - r->start };
}

/* The rows as one text, a line each; what is folded is not there. */
static void
rows_are(struct doc *d, size_t width, const char *want)
{
	struct buf b = BUF_INIT;
	size_t i;

	doc_wrap(d, width);
	for (i = 0; i < d->nrows; i++) {
		buf_add_slice(&b, row_text(d, i));
		buf_putc(&b, '\n');
	}
	assert_string_equal(buf_str(&b), want);
	buf_release(&b);
}

static void
test_sections(void **state)
{
	const struct doc_place later = { 7, 0, 1 };
	struct doc d;
	size_t s, t;

	(void)state;
	doc_init(&d);
	s = doc_section(&d, SLICE("one"));
	doc_when(&d, DOC_UNFOLDED);
	doc_add(&d, FACE_TEXT, 0, SLICE("whole"));
	doc_when(&d, DOC_FOLDED);
	doc_add_cut(&d, FACE_TEXT, 0, SLICE_NONE, SLICE("first words of it"));
	doc_when(&d, DOC_ALWAYS);
	doc_add(&d, FACE_TEXT, 0, SLICE("a b c d e\nf g h i j"));
	rows_are(&d, 10, "one\nwhole\na b c d e\nf g h i j\n");
	rows_are(&d, 2, "on\nwh\nol\ne\na \nb \nc \nd \ne\nf \ng \nh \ni \nj\n");
	doc_folds(&d, s, SLICE("more"), 2);
	doc_fold(&d, s, true);
	rows_are(&d, 10, "one\nfirst \na b c d e\n");
	assert_op(d.sections[0].hidden, ==, 1);
	t = doc_section(&d, SLICE("two"));
	doc_add_marked(&d, FACE_TEXT, 0, SLICE("aaa bbb ccc ddd\neee"));
	doc_add_note(&d, 6, FACE_TEXT, 0, SLICE("^1"));
	doc_add_note(&d, 6, FACE_TEXT, 0, SLICE("^2"));
	doc_add_note(&d, 18, FACE_TEXT, 0, SLICE("^3"));
	rows_are(&d, 8, "one\nfirs\na b c d \ntwo\naaa bbb \n^1\n^2\nccc ddd\n"
	    "eee\n^3\n");
	assert_op(d.sections[t - 1].row, ==, 3);
	assert_op(d.sections[t - 1].nrows, ==, 7);
	assert_op(doc_row_of(&d, 9), ==, 7);
	assert_op(doc_row_of_place(&d, &later), ==, 8);
	doc_reveal(&d, 2);
	rows_are(&d, 80, "one\nwhole\na b c d e\nf g h i j\ntwo\n"
	    "aaa bbb ccc ddd\n^1\n^2\neee\n^3\n");
	doc_release(&d);
}

static void
test_wrap(void **state)
{
	struct doc d;

	(void)state;
	doc_init(&d);
	doc_add_marked(&d, FACE_TEXT, 0,
	    SLICE("the quick brown\nfoxes\n\nabcdefghijklm"));
	doc_wrap(&d, 10);
	assert_int_equal(d.nrows, 6);
	assert_slice(row_text(&d, 0), "the quick ");
	assert_slice(row_text(&d, 1), "brown");
	assert_slice(row_text(&d, 2), "foxes");
	assert_slice(row_text(&d, 3), "");
	assert_slice(row_text(&d, 4), "abcdefghij");
	assert_slice(row_text(&d, 5), "klm");
	assert_int_equal(doc_row_of(&d, 0), 0);
	assert_int_equal(doc_row_of(&d, 12), 1);
	assert_int_equal(doc_row_of(&d, 24), 4);
	/* Twice the width of one character is still one row each. */
	doc_wrap(&d, 1);
	assert_op(d.nrows, >, 20);
	doc_wrap(&d, 80);
	assert_int_equal(d.nrows, 4);
	doc_release(&d);
}

static void
test_hang(void **state)
{
	struct doc d;

	(void)state;
	doc_init(&d);
	doc_add_hanging(&d, FACE_TEXT, 0, 10, SLICE("aaaaaaaa bbbbbbbb cccccccc "
	    "dddddddd eeeeeeee ffffffff"));
	rows_are(&d, 31, "aaaaaaaa bbbbbbbb cccccccc \ndddddddd eeeeeeee \n"
	    "ffffffff\n");
	assert_op(doc_hang(&d.paras[0], 31), ==, 10);
	/* Too narrow for it. */
	rows_are(&d, 28, "aaaaaaaa bbbbbbbb cccccccc \ndddddddd eeeeeeee ffffffff\n");
	assert_op(doc_hang(&d.paras[0], 28), ==, 0);
	doc_release(&d);
}

static void
test_hidden(void **state)
{
	struct doc d;

	(void)state;
	doc_init(&d);
	/* A right-to-left override, a zero width space, an escape; and a
	 * blank look-alike, which is shown but hides nothing. */
	doc_add_marked(&d, FACE_TEXT, 0,
	    SLICE("a\xe2\x80\xae" "b\xe2\x80\x8b" "c\x1b[31m d\xc2\xa0" "e"));
	doc_wrap(&d, 80);
	assert_int_equal(d.hidden, 3);
	doc_wrap(&d, 20);
	assert_int_equal(d.hidden, 3);
	doc_release(&d);
}

/* A long text is laid out in one pass, not in one a line. */
static void
test_long(void **state)
{
	size_t n = (size_t)4 << 20, i;
	char *text = malloc(n);
	struct doc d;

	(void)state;
	assert_non_null(text);
	for (i = 0; i < n; i++)
		text[i] = i % 7 == 6 ? ' ' : 'x';
	doc_init(&d);
	doc_add_marked(&d, FACE_TEXT, 0, (struct slice){ text, n });
	doc_wrap(&d, 80);
	assert_in_range(d.nrows, n / 80, n / 70);
	assert_false(d.failed);
	doc_release(&d);
	free(text);
}

static void
test_marks(void **state)
{
	struct doc_mark marks[] = {
		{ 4, 9, FACE_LOW, 1 }, { 6, 12, FACE_HIGH, 2 }
	};
	struct doc d;

	(void)state;
	doc_init(&d);
	doc_add_marked(&d, FACE_TEXT, 0, SLICE("the quick brown fox"));
	d.marks = marks;
	d.nmarks = 2;
	doc_wrap(&d, 80);
	assert_null(doc_mark_at(&d, 3));
	assert_int_equal(doc_mark_at(&d, 4)->number, 1);
	/* The worse one is seen where two overlap. */
	assert_int_equal(doc_mark_at(&d, 7)->number, 2);
	assert_null(doc_mark_at(&d, 12));
	assert_int_equal(doc_row_number(&d, 0), 1);
	doc_release(&d);
}

static void
test_find(void **state)
{
	struct doc_place at = { 0, 0, 0 };
	struct doc d;

	(void)state;
	doc_init(&d);
	doc_add(&d, FACE_TEXT, 0, SLICE("one Two\ntwo three\nfour"));
	doc_wrap(&d, 80);
	assert_true(doc_find(&d, SLICE("two"), false, &at));
	assert_int_equal(at.para, 0);
	assert_int_equal(at.start, 4);
	assert_true(doc_find(&d, SLICE("two"), false, &at));
	assert_int_equal(at.para, 1);
	assert_true(doc_find(&d, SLICE("two"), true, &at));
	assert_int_equal(at.para, 0);
	/* A capital asks for the capital. */
	assert_true(doc_find(&d, SLICE("Two"), false, &at));
	assert_int_equal(at.para, 0);
	assert_false(doc_find(&d, SLICE("six"), false, &at));
	doc_release(&d);
}

static void
test_indent(void **state)
{
	struct slice raw = SLICE("{\"a\":[1,2],\"b\":{},\"c\":\"x y\"}");
	struct indented in;
	size_t at;

	(void)state;
	indented_init(&in);
	assert_true(indent_json(&in, raw));
	assert_string_equal(buf_str(&in.text),
	    "{\n  \"a\": [\n    1,\n    2\n  ],\n  \"b\": {},\n"
	    "  \"c\": \"x y\"\n}");
	/* Every byte of a value is found again where it is shown. */
	for (at = 0; at < raw.n; at++) {
		if (strchr(":,", raw.p[at]) != NULL)
			continue;
		assert_int_equal(in.text.p[indent_shown(&in, (uint32_t)at)],
		    raw.p[at]);
	}
	assert_false(indent_json(&in, SLICE("12")));
	assert_false(indent_json(&in, SLICE("{\"a\":")));
	assert_false(indent_json(&in, SLICE("plain words")));
	assert_false(indent_json(&in, SLICE("")));
	indented_release(&in);
}

static void
diff_is(const char *old, const char *new, const char *want)
{
	struct error err = { STATUS_OK, "" };
	struct words w;

	assert_int_equal(words_diff(slice_of(old), slice_of(new), &w, &err),
	    STATUS_OK);
	assert_string_equal(buf_str(&w.text), want);
	words_release(&w);
}

static void
test_words(void **state)
{
	(void)state;
	diff_is("a b c", "a b c", "a b c");
	diff_is("You get 30 EUR back.", "You get 25 EUR back.",
	    "You get [-30-]{+25+} EUR back.");
	diff_is("", "new", "{+new+}");
	diff_is("old", "", "[-old-]");
	diff_is("", "", "");
	diff_is("one two three", "one three", "one [-two -]three");
	diff_is("a\nb\n", "a\nc\n", "a\n[-b-]{+c+}\n");
}

/* The text of a diff without one side's runs is the other side. */
static void
test_words_whole(void **state)
{
	char old[600], new[600], line[8];
	struct error err = { STATUS_OK, "" };
	unsigned seed = 7, round, i;
	struct words w;
	size_t k, m, before, after;

	(void)state;
	for (round = 0; round < 200; round++) {
		old[0] = new[0] = '\0';
		for (i = 0; i < 40; i++) {
			seed = seed * 1103515245u + 12345u;
			(void)snprintf(line, sizeof(line), "%c ",
			    (char)('a' + seed / 65536 % 5));
			if (seed / 3 % 4 != 0)
				(void)strncat(old, line, sizeof(old) - strlen(old) - 1);
			if (seed / 7 % 4 != 0)
				(void)strncat(new, line, sizeof(new) - strlen(new) - 1);
		}
		assert_int_equal(words_diff(slice_of(old), slice_of(new), &w,
		    &err), STATUS_OK);
		before = strlen(old);
		after = strlen(new);
		for (k = 0, m = 0; k < w.nmarks; k++) {
			size_t run = w.marks[k].end - w.marks[k].start - 4;

			m += 4;
			if (w.marks[k].face == FACE_OLD)
				before -= run;
			else
				after -= run;
			m += run;
		}
		assert_int_equal(before, after);
		assert_int_equal(before, w.text.n - m);
		words_release(&w);
	}
}

static void
test_words_many(void **state)
{
	size_t n = 200000, i;
	char *a = malloc(n + 1), *b = malloc(n + 1);
	struct error err = { STATUS_OK, "" };
	struct words w;

	(void)state;
	for (i = 0; i < n; i++) {
		a[i] = i % 2 ? ' ' : 'a';
		b[i] = i % 2 ? ' ' : 'b';
	}
	a[n] = b[n] = '\0';
	assert_int_equal(words_diff((struct slice){ a, n },
	    (struct slice){ b, n }, &w, &err), STATUS_OK);
	assert_op(w.text.n, >=, 2 * n - 2);
	words_release(&w);
	free(a);
	free(b);
}

static void
type(struct line *l, const char *s)
{
	for (; *s != '\0'; s++)
		(void)line_key(l, (unsigned char)*s);
}

static void
test_line(void **state)
{
	struct line l;
	size_t from, column;

	(void)state;
	line_init(&l);
	type(&l, "hello world");
	(void)line_key(&l, KEYS_CONTROL('W'));
	assert_string_equal(buf_str(&l.text), "hello ");
	(void)line_key(&l, 0xe9);
	(void)line_key(&l, KEYS_LEFT);
	(void)line_key(&l, '-');
	assert_string_equal(buf_str(&l.text), "hello -\xc3\xa9");
	(void)line_key(&l, KEYS_END);
	(void)line_key(&l, KEYS_BACKSPACE);
	assert_string_equal(buf_str(&l.text), "hello -");
	(void)line_key(&l, KEYS_HOME);
	(void)line_key(&l, KEYS_DELETE);
	assert_string_equal(buf_str(&l.text), "ello -");
	(void)line_key(&l, KEYS_CONTROL('K'));
	assert_string_equal(buf_str(&l.text), "");
	assert_int_equal(line_key(&l, KEYS_BACKSPACE), LINE_MORE);
	assert_int_equal(line_key(&l, KEYS_ENTER), LINE_DONE);
	assert_int_equal(line_key(&l, KEYS_ESCAPE), LINE_CANCEL);
	type(&l, "abcdefghijklmnopqrstuvwxyz");
	line_window(&l, 10, &from, &column);
	assert_op(column, <, 10);
	assert_int_equal(from + column, 26);
	line_release(&l);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_columns),
		cmocka_unit_test(test_ends),
		cmocka_unit_test(test_sections), cmocka_unit_test(test_wrap),
		cmocka_unit_test(test_hang),
		cmocka_unit_test(test_hidden),
		cmocka_unit_test(test_long),
		cmocka_unit_test(test_marks),
		cmocka_unit_test(test_find),
		cmocka_unit_test(test_indent),
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_words_whole),
		cmocka_unit_test(test_words_many),
		cmocka_unit_test(test_line),
	};

	(void)setlocale(LC_CTYPE, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
