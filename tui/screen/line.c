#include "tui/screen/line.h"

#include "core/base/text_cells.h"
#include "core/base/utf8.h"
#include "tui/screen/cell.h"

void
line_init(struct line *l)
{
	buf_init(&l->text);
	l->at = 0;
}

void
line_release(struct line *l)
{
	buf_release(&l->text);
	l->at = 0;
}

void
line_set(struct line *l, struct slice s)
{
	buf_clear(&l->text);
	buf_add_slice(&l->text, s);
	l->at = l->text.n;
}

static size_t
next_of(const struct line *l, size_t at)
{
	struct text_cell c;

	if (!cell_next(buf_slice(&l->text), at, 0, &c))
		return at < l->text.n ? at + 1 : at;
	return at + c.bytes;
}

/* Where the cluster that ends at `at` begins. */
static size_t
previous_of(const struct line *l, size_t at)
{
	size_t i = 0, next;

	while (i < at) {
		next = next_of(l, i);
		if (next >= at)
			return i;
		i = next;
	}
	return 0;
}

static size_t
word_before(const struct line *l)
{
	size_t at = l->at;

	while (at > 0 && l->text.p[at - 1] == ' ')
		at--;
	while (at > 0 && l->text.p[at - 1] != ' ')
		at--;
	return at;
}

/* Where the line of the cursor begins and ends; a text may hold several. */
static size_t
begin_of(const struct line *l)
{
	size_t at = l->at;

	while (at > 0 && l->text.p[at - 1] != '\n')
		at--;
	return at;
}

static size_t
end_of(const struct line *l)
{
	size_t at = l->at;

	while (at < l->text.n && l->text.p[at] != '\n')
		at++;
	return at;
}

static void
cut(struct line *l, size_t from, size_t to)
{
	if (from >= to)
		return;
	memmove(l->text.p + from, l->text.p + to, l->text.n - to);
	l->text.n -= to - from;
	l->text.p[l->text.n] = '\0';
	l->at = from;
}

void
line_insert(struct line *l, int key)
{
	char utf8[4];
	size_t n;

	n = utf8_encode((uint32_t)key, utf8);
	if (l->text.n + n > LINE_MAX_BYTES || !buf_reserve(&l->text, n + 1))
		return;
	memmove(l->text.p + l->at + n, l->text.p + l->at, l->text.n - l->at);
	memcpy(l->text.p + l->at, utf8, n);
	l->text.n += n;
	l->text.p[l->text.n] = '\0';
	l->at += n;
}

/* Keys that take something away; false where the key is another. */
static bool
key_cuts(struct line *l, int key)
{
	switch (key) {
	case KEYS_BACKSPACE:
	case KEYS_CONTROL('H'):
		cut(l, previous_of(l, l->at), l->at);
		return true;
	case KEYS_DELETE:
	case KEYS_CONTROL('D'):
		cut(l, l->at, next_of(l, l->at));
		return true;
	case KEYS_CONTROL('U'):
		cut(l, begin_of(l), l->at);
		return true;
	case KEYS_CONTROL('K'):
		cut(l, l->at, end_of(l) > l->at ? end_of(l) : next_of(l, l->at));
		return true;
	case KEYS_CONTROL('W'):
		cut(l, word_before(l), l->at);
		return true;
	default:
		return false;
	}
}

static bool
key_moves(struct line *l, int key)
{
	switch (key) {
	case KEYS_LEFT:
	case KEYS_CONTROL('B'):
		l->at = previous_of(l, l->at);
		return true;
	case KEYS_RIGHT:
	case KEYS_CONTROL('F'):
		l->at = next_of(l, l->at);
		return true;
	case KEYS_HOME:
	case KEYS_CONTROL('A'):
		l->at = begin_of(l);
		return true;
	case KEYS_END:
	case KEYS_CONTROL('E'):
		l->at = end_of(l);
		return true;
	default:
		return false;
	}
}

enum line_result
line_key(struct line *l, int key)
{
	if (key == KEYS_ENTER || key == '\n')
		return LINE_DONE;
	if (key == KEYS_ESCAPE || key == KEYS_CONTROL('C') ||
	    key == KEYS_CONTROL('G'))
		return LINE_CANCEL;
	if (key_cuts(l, key) || key_moves(l, key))
		return LINE_MORE;
	if (key >= ' ' && key < KEYS_SPECIAL)
		line_insert(l, key);
	return LINE_MORE;
}

void
line_window(const struct line *l, size_t columns, size_t *from, size_t *column)
{
	struct slice before = { l->text.p, l->at };
	size_t used;

	*from = 0;
	for (;;) {
		before.p = l->text.p + *from;
		before.n = l->at - *from;
		if (before.n == 0)
			used = 0;
		else if (cell_fit(before, columns, &used) < before.n ||
		    used >= columns) {
			*from = next_of(l, *from);
			continue;
		}
		*column = used;
		return;
	}
}
