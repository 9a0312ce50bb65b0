#include "tui/cmd/case_text.h"

#include "core/base/text.h"

#define TEXT_COLUMNS	400

void
xml_text(struct buf *b, struct slice s)
{
	struct buf safe = BUF_INIT;
	size_t i;

	text_sanitize_line(&safe, s, TEXT_COLUMNS);
	for (i = 0; i < safe.n; i++) {
		switch (safe.p[i]) {
		case '<':
			buf_puts(b, "&lt;");
			break;
		case '&':
			buf_puts(b, "&amp;");
			break;
		case '"':
			buf_puts(b, "&quot;");
			break;
		default:
			buf_putc(b, safe.p[i]);
		}
	}
	buf_release(&safe);
}

/* With a backslash before each of the characters. */
static void
escaped(struct buf *b, struct slice s, const char *special)
{
	struct buf safe = BUF_INIT;
	size_t i;

	text_sanitize_line(&safe, s, TEXT_COLUMNS);
	for (i = 0; i < safe.n; i++) {
		if (strchr(special, safe.p[i]) != NULL)
			buf_putc(b, '\\');
		buf_putc(b, safe.p[i]);
	}
	buf_release(&safe);
}

void
tap_text(struct buf *b, struct slice s)
{
	escaped(b, s, "#");
}

void
markdown_text(struct buf *b, struct slice s)
{
	escaped(b, s, "|`*_[]<>&#~");
}
