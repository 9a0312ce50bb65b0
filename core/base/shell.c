#include "core/base/shell.h"

#include <ctype.h>

static bool
is_plain(struct slice word)
{
	size_t i;

	for (i = 0; i < word.n && (isalnum((unsigned char)word.p[i]) ||
	    (word.p[i] != '\0' && strchr("/._-+:@%", word.p[i]) != NULL)); i++)
		;
	return i == word.n && word.n > 0;
}

void
shell_add(struct buf *b, struct slice word)
{
	size_t i;

	if (is_plain(word)) {
		buf_add_slice(b, word);
		return;
	}
	buf_putc(b, '\'');
	for (i = 0; i < word.n; i++)
		if (word.p[i] == '\'')
			buf_puts(b, "'\"'\"'");
		else
			buf_putc(b, word.p[i]);
	buf_putc(b, '\'');
}
