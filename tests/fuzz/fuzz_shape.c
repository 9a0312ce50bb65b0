/*
 * Records of every shape, a line each.  A line that begins with a digit or a
 * small letter is forced into the shape of that number, any other is known by its
 * marks.  The last line is also the request that every custom_id finds, and
 * what a person makes of an action that waits for an answer.
 */
#include "core/base/utf8.h"
#include "core/shape/shape.h"
#include "tests/fuzz/items.h"

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static enum status
request(void *arg, struct slice custom_id, struct arena *arena,
    struct slice *out, struct error *err)
{
	(void)custom_id;
	(void)arena;
	(void)err;
	*out = *(const struct slice *)arg;
	return STATUS_OK;
}

static void
answer(const struct item *item, struct slice text)
{
	struct buf out = BUF_INIT;
	struct error err = { STATUS_OK, "" };
	enum status st;
	int d;

	for (d = SHAPE_ACCEPT; d <= SHAPE_REJECT; d++) {
		buf_clear(&out);
		error_clear(&err);
		st = shape_release(item, (enum shape_decision)d,
		    d == SHAPE_ACCEPT ? item->output : text, &out, &err);
		if (st == STATUS_OK)
			must_be_json(buf_slice(&out), out.p[0] == '[' ?
			    TOKEN_ARRAY : TOKEN_OBJECT);
		else	/* what was typed, or what the request rules out */
			MUST(err.text[0] != '\0' && (st == STATUS_CONFLICT ||
			    (st == STATUS_INVALID && d == SHAPE_EDIT)));
	}
	buf_release(&out);
}

static enum status
take(void *arg, const struct item *item, struct error *err)
{
	const struct slice *last = arg;

	(void)err;
	must_be_item(item);
	must_read_again(item);
	if (shape_answers(item->shape) && utf8_valid(last->p, last->n) ==
	    last->n && memchr(last->p, '\0', last->n) == NULL)
		answer(item, *last);
	return STATUS_OK;
}

/* '0' is the first shape, 'a' the eleventh. */
static const char *
forced(char c)
{
	if (c >= '0' && c <= '9')
		return shape_name((size_t)(c - '0'));
	return c >= 'a' && c <= 'z' ? shape_name(10 + (size_t)(c - 'a')) : NULL;
}

static void
read_line(struct slice line, struct slice *last)
{
	struct arena arena = ARENA_INIT;
	struct item_reader reader = { .arena = &arena, .inputs = request,
	    .inputs_arg = last, .format = forced(line.p[0]) };
	struct error err = { STATUS_OK, "" };

	if (reader.format != NULL) {
		line.p++;
		line.n--;
	}
	if (item_read(&reader, line, take, last, &err) != STATUS_OK) {
		MUST(err.code == STATUS_INVALID && err.text[0] != '\0');
		MUST(utf8_valid(err.text, strlen(err.text)) ==
		    strlen(err.text));
	}
	item_reader_release(&reader);
	arena_release(&arena);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	const char *p = (const char *)data, *end = p + n, *lf;
	struct slice last;

	while (end > p && end[-1] == '\n')
		end--;
	if (p == end)
		return 0;
	lf = memrchr(p, '\n', (size_t)(end - p));
	last.p = lf == NULL ? p : lf + 1;
	last.n = (size_t)(end - last.p);
	for (; p < end; p = lf + 1) {
		if ((lf = memchr(p, '\n', (size_t)(end - p))) == NULL)
			lf = end;
		if (lf > p)
			read_line((struct slice){ p, (size_t)(lf - p) }, &last);
	}
	return 0;
}
