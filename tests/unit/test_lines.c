/* Files cut into blocks of whole lines, with small limits. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "queue/ingest/lines.h"
#include "tests/unit/values.h"

#define FILES	3

struct fixture {
	char		 path[FILES][32];
	const char	*paths[FILES];
	size_t		 n;
	struct lines_options o;
	struct lines	*lines;
	struct error	 err;
	bool		 stop;
	int		 waited;
};

static bool
stopped(void *arg)
{
	const struct fixture *f = arg;

	return f->stop;
}

static void
waiting(void *arg, bool begins)
{
	struct fixture *f = arg;

	f->waited += begins;
}

static void
setup(struct fixture *f)
{
	memset(f, 0, sizeof(*f));
	f->o = (struct lines_options){
		.paths = f->paths, .block = 16, .line_max = 40,
		.stopped = stopped, .waiting = waiting, .arg = f
	};
}

static void
add_file(struct fixture *f, const char *text)
{
	size_t n = strlen(text);
	int fd;

	(void)snprintf(f->path[f->n], sizeof(f->path[0]),
	    "/tmp/test_lines.XXXXXX");
	assert_true((fd = mkstemp(f->path[f->n])) != -1);
	assert_int_equal(write(fd, text, n), (ssize_t)n);
	(void)close(fd);
	f->paths[f->n] = f->path[f->n];
	f->o.npaths = ++f->n;
}

static void
teardown(struct fixture *f)
{
	lines_free(f->lines);
	while (f->n > 0)
		(void)unlink(f->path[--f->n]);
}

/* All blocks as "FILE:LINE<TEXT>", pieces of a line over the limit with ! and,
 * behind the first, +. */
static void
are_blocks(struct fixture *f, const char *want)
{
	struct line_block b = { 0 };
	struct buf got = BUF_INIT;
	uint64_t offset = 0;
	bool more = true;
	int file;

	assert_int_equal(lines_new(&f->lines, &f->o, &f->err), STATUS_OK);
	for (;;) {
		if (lines_next(f->lines, &b, &more, &f->err) != STATUS_OK)
			fail_msg("%s", f->err.text);
		if (!more)
			break;
		for (file = 0; strcmp(b.file, f->path[file]) != 0; file++)
			;
		buf_printf(&got, "%d:%d%s%s<%.*s>", file, (int)b.line,
		    b.overlong ? "!" : "", b.more ? "+" : "", (int)b.n,
		    b.bytes);
		assert_op(b.offset, >=, offset);
		offset = b.offset;
	}
	assert_string_equal(buf_str(&got), want);
	assert_int_equal(offset, lines_total(f->lines));
	buf_release(&got);
	line_block_release(&b);
}

static void
blocks_hold_whole_lines(void **state)
{
	struct fixture f;

	(void)state;
	setup(&f);
	add_file(&f, "one\ntwo\nthree\nfour\nfive, longer than a block\n\nsix");
	are_blocks(&f, "0:1<one\ntwo\nthree\nfour\n>"
	    "0:5<five, longer than a block\n\n>0:7<six>");
	teardown(&f);
}

static void
each_file_begins_anew(void **state)
{
	struct fixture f;

	(void)state;
	setup(&f);
	add_file(&f, "no end");
	add_file(&f, "");
	add_file(&f, "a\nb\n");
	are_blocks(&f, "0:1<no end>2:1<a\nb\n>");
	teardown(&f);
}

static void
a_single_line_can_be_asked_for(void **state)
{
	struct fixture f;

	(void)state;
	setup(&f);
	f.o.single = true;
	add_file(&f, "a\n\nb\nc");
	are_blocks(&f, "0:1<a\n>0:2<\n>0:3<b\n>0:4<c>");
	teardown(&f);
}

/* The piece that shows it is one byte over; the lines after it are whole. */
static void
a_line_over_the_limit_comes_in_pieces(void **state)
{
	struct fixture f;

	(void)state;
	setup(&f);
	add_file(&f, "a\n"
	    "0123456789012345678901234567890123456789" /* 40: at the limit */
	    "\n"
	    "0123456789012345678901234567890123456789X and on it goes, "
	    "and further on\n"
	    "b\n");
	are_blocks(&f, "0:1<a\n>0:2<0123456789012345678901234567890123456789\n>"
	    "0:3!<0123456789012345678901234567890123456789X and on it goes,>"
	    "0:3!+< and further on>0:4<b\n>");
	teardown(&f);
}

/* Whether there is more of it shows only at the next look. */
static void
a_limit_may_be_passed_at_the_very_end(void **state)
{
	struct fixture f;

	(void)state;
	setup(&f);
	add_file(&f, "0123456789012345678901234567890123456789X");
	add_file(&f, "b\n");
	are_blocks(&f, "0:1!<0123456789012345678901234567890123456789X>"
	    "0:1!+<>1:1<b\n>");
	teardown(&f);
}

static void
a_path_that_is_not_there_is_named_first(void **state)
{
	struct fixture f;

	(void)state;
	setup(&f);
	add_file(&f, "a\n");
	f.paths[f.o.npaths++] = "/nonexistent/x.jsonl";
	assert_int_equal(lines_new(&f.lines, &f.o, &f.err), STATUS_NOT_FOUND);
	assert_non_null(strstr(f.err.text, "/nonexistent/x.jsonl"));
	assert_null(f.lines);
	teardown(&f);
}

/* What came through a pipe is handed on though its block is not full. */
static void
a_pipe_hands_on_what_has_come(void **state)
{
	static const char *const input[] = { "-" };
	struct line_block b = { 0 };
	struct fixture f;
	bool more;
	int fd[2], was;

	(void)state;
	setup(&f);
	assert_int_equal(pipe(fd), 0);
	assert_true((was = dup(STDIN_FILENO)) != -1);
	assert_op(dup2(fd[0], STDIN_FILENO), !=, -1);
	f.o.paths = input;
	f.o.npaths = 1;
	assert_int_equal(lines_new(&f.lines, &f.o, &f.err), STATUS_OK);
	assert_int_equal(write(fd[1], "a\nb", 3), 3);
	assert_int_equal(lines_next(f.lines, &b, &more, &f.err), STATUS_OK);
	assert_true(more);
	assert_int_equal(f.waited, 0);
	assert_int_equal(b.n, 2);
	/* Half a line is waited with. */
	f.stop = true;
	assert_int_equal(lines_next(f.lines, &b, &more, &f.err),
	    STATUS_INTERRUPTED);
	assert_int_equal(f.waited, 1);
	(void)dup2(was, STDIN_FILENO);
	(void)close(was);
	(void)close(fd[0]);
	(void)close(fd[1]);
	line_block_release(&b);
	teardown(&f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(blocks_hold_whole_lines),
		cmocka_unit_test(each_file_begins_anew),
		cmocka_unit_test(a_single_line_can_be_asked_for),
		cmocka_unit_test(a_line_over_the_limit_comes_in_pieces),
		cmocka_unit_test(a_limit_may_be_passed_at_the_very_end),
		cmocka_unit_test(a_path_that_is_not_there_is_named_first),
		cmocka_unit_test(a_pipe_hands_on_what_has_come)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
