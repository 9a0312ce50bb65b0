#include "core/base/csv_cell.h"

#include <string.h>
#include <strings.h>

/*
 * Would a spreadsheet take the cell for a formula?  Blanks before the sign are
 * passed over as some programs do, and full-width signs are folded by others.
 */
static bool
is_formula(struct slice s)
{
	static const char *const wide[] = {
		"\xef\xbc\x9d", "\xef\xbc\x8b", "\xef\xbc\x8d", "\xef\xbc\xa0"
	};
	size_t i, at = 0;

	if (s.n > 0 && (s.p[0] == '\t' || s.p[0] == '\r' || s.p[0] == '\n'))
		return true;
	while (at < s.n && (s.p[at] == ' ' || s.p[at] == '\t'))
		at++;
	if (at == s.n)
		return false;
	if (memchr("=+-@|", s.p[at], 5) != NULL)
		return true;
	for (i = 0; i < sizeof(wide) / sizeof(wide[0]); i++)
		if (s.n - at >= 3 && memcmp(s.p + at, wide[i], 3) == 0)
			return true;
	return s.n - at >= 3 && strncasecmp(s.p + at, "DDE", 3) == 0;
}

void
csv_cell(struct buf *b, struct slice s, bool first)
{
	size_t i, run = 0;

	if (!first)
		buf_putc(b, ',');
	buf_putc(b, '"');
	if (is_formula(s))
		buf_putc(b, '\'');
	for (i = 0; i < s.n; i++)
		if (s.p[i] == '"') {
			buf_add(b, s.p + run, i + 1 - run);
			run = i;		/* the quote once more */
		}
	if (s.n > run)
		buf_add(b, s.p + run, s.n - run);
	buf_putc(b, '"');
}
