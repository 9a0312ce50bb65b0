/* Reads connections on standard input, each a length (4 bytes, the lowest first)
 * and so many bytes, and prints what the program reads of each, ended by NUL. */
#include <stdio.h>

#include "tests/unit/http_test.h"

static bool
connection_read(struct buf *b)
{
	unsigned char length[4];
	size_t n;

	if (fread(length, 1, sizeof(length), stdin) != sizeof(length))
		return false;
	n = (size_t)length[0] | (size_t)length[1] << 8 | (size_t)length[2] << 16 |
	    (size_t)length[3] << 24;
	buf_clear(b);
	if (!buf_reserve(b, n) || fread(b->p, 1, n, stdin) != n)
		return false;
	b->n = n;
	return true;
}

int
main(void)
{
	struct buf bytes = BUF_INIT, out = BUF_INIT;
	struct transcript t;

	while (connection_read(&bytes)) {
		buf_clear(&out);
		t = (struct transcript){ .out = &out };
		transcribe(&t, buf_slice(&bytes), &http_test_limits,
		    (struct cuts){ cut_never, 0 });
		buf_putc(&out, '\0');
		if (out.failed || fwrite(out.p, 1, out.n, stdout) != out.n)
			return 1;
	}
	buf_release(&bytes);
	buf_release(&out);
	return ferror(stdin) || fflush(stdout) != 0;
}
