#include "tui/screen/placed.h"

#include <curses.h>
#include <stdlib.h>
#include <term.h>
#undef columns	/* a capability that term.h makes a macro of */

struct one {
	int		 row, column;
	struct text_cell cell;
};

static struct {
	struct one	*v;
	size_t		 n, size;
	uint64_t	*sum[2];	/* of each row: of the last frame, of this */
	size_t		 rows;		/* that there is room for */
	size_t		 known;		/* rows of sum[0]; 0: none are known */
} placed;

static struct buf *sink;

void
placed_begin(void)
{
	placed.n = 0;
}

void
placed_again(void)
{
	placed.known = 0;
}

/* Blanks that no text has: invisible ones. */
static void
filler_put(int row, int column, int width)
{
	static const wchar_t blank[2] = L" ";
	cchar_t cell;
	attr_t attr;
	short pair;
	int i;

	(void)attr_get(&attr, &pair, NULL);
	if (setcchar(&cell, blank, attr | A_INVIS, pair, NULL) == ERR)
		return;
	for (i = 0; i < width; i++)
		(void)mvadd_wch(row, column + i, &cell);
}

bool
placed_add(int row, int column, const struct text_cell *c)
{
	size_t size = placed.size == 0 ? 16 : 2 * placed.size;
	struct one *v;

	if (placed.n == placed.size) {
		if ((v = realloc(placed.v, size * sizeof(*v))) == NULL)
			return false;
		placed.v = v;
		placed.size = size;
	}
	placed.v[placed.n++] = (struct one){ row, column, *c };
	filler_put(row, column, c->width);
	return true;
}

/* Do its cells still hold what stands for it?  In which look? */
static bool
cell_read(int row, int column, attr_t *attr, short *pair)
{
	wchar_t wide[CCHARW_MAX + 1];
	cchar_t cell;

	if (mvin_wch(row, column, &cell) == ERR ||
	    getcchar(&cell, wide, attr, pair, NULL) == ERR ||
	    (*attr & A_INVIS) == 0)
		return false;
	*attr &= ~A_INVIS;
	return true;
}

const char *
placed_at(int row, int column, int *columns)
{
	attr_t attr;
	short pair;
	size_t i;

	for (i = placed.n; i-- > 0;) {
		if (placed.v[i].row != row || placed.v[i].column != column ||
		    !cell_read(row, column, &attr, &pair))
			continue;
		*columns = placed.v[i].cell.width;
		return placed.v[i].cell.draw;
	}
	return NULL;
}

static uint64_t
sum_add(uint64_t sum, const void *p, size_t n)
{
	const unsigned char *c = p;
	size_t i;

	for (i = 0; i < n; i++)
		sum = (sum ^ c[i]) * 0x100000001b3u;
	return sum;
}

static uint64_t
row_sum(int row, int columns, cchar_t *cells)
{
	uint64_t sum = 0xcbf29ce484222325u;
	size_t i;

	memset(cells, 0, ((size_t)columns + 1) * sizeof(*cells));
	if (mvin_wchnstr(row, 0, cells, columns) != ERR)
		sum = sum_add(sum, cells, (size_t)columns * sizeof(*cells));
	for (i = 0; i < placed.n; i++) {
		if (placed.v[i].row == row)
			sum = sum_add(sum, placed.v[i].cell.draw,
			    placed.v[i].cell.bytes);
	}
	return sum;
}

static bool
sums_take(int rows, int columns)
{
	cchar_t *cells = calloc((size_t)columns + 1, sizeof(*cells));
	uint64_t *sum;
	int i;

	for (i = 0; i < 2 && placed.rows < (size_t)rows; i++) {
		sum = realloc(placed.sum[i], (size_t)rows * sizeof(*sum));
		if (sum != NULL)
			placed.sum[i] = sum;
		if (sum == NULL || cells == NULL) {
			free(cells);
			return false;
		}
	}
	if (placed.rows < (size_t)rows)
		placed.rows = (size_t)rows;
	for (i = 0; cells != NULL && i < rows; i++)
		placed.sum[1][i] = row_sum(i, columns, cells);
	free(cells);
	return cells != NULL;
}

/* May curses have moved rows, for what stands in one now stood in another? */
static bool
rows_moved(size_t rows)
{
	size_t i, k;

	for (i = 0; i < rows; i++) {
		if (placed.sum[0][i] == placed.sum[1][i])
			continue;
		for (k = 0; k < rows; k++) {
			if (placed.sum[0][k] == placed.sum[1][i])
				return true;
		}
	}
	return false;
}

static int
sink_put(int c)
{
	buf_putc(sink, (char)c);
	return c;
}

static void
cursor_put(int row, int column)
{
	(void)tputs(tparm(cursor_address, (long)row, (long)column, 0L, 0L, 0L,
	    0L, 0L, 0L, 0L), 1, sink_put);
}

static void
one_send(const struct one *o)
{
	attr_t attr;
	short pair;
	int i;

	if (!cell_read(o->row, o->column, &attr, &pair))
		return;		/* something was drawn over it */
	cursor_put(o->row, o->column);
	(void)vid_puts(attr, pair, NULL, sink_put);
	for (i = 0; i < o->cell.width; i++)
		buf_putc(sink, ' ');
	cursor_put(o->row, o->column);
	buf_puts(sink, o->cell.draw);
}

void
placed_send(int row, int column, struct buf *out)
{
	int rows, columns;
	uint64_t *last;
	bool all;
	size_t i;

	if (placed.n == 0) {
		placed.known = 0;
		return;
	}
	getmaxyx(stdscr, rows, columns);
	if (!sums_take(rows, columns)) {
		placed.known = 0;
		return;
	}
	sink = out;
	all = placed.known != (size_t)rows || rows_moved((size_t)rows);
	for (i = 0; i < placed.n; i++) {
		if (placed.v[i].row >= 0 && placed.v[i].row < rows && (all ||
		    placed.sum[0][placed.v[i].row] !=
		    placed.sum[1][placed.v[i].row]))
			one_send(&placed.v[i]);
	}
	if (out->n > 0) {
		(void)vid_puts(A_NORMAL, 0, NULL, sink_put);
		cursor_put(row, column);
	}
	last = placed.sum[0];
	placed.sum[0] = placed.sum[1];
	placed.sum[1] = last;
	placed.known = (size_t)rows;
	(void)move(row, column);
}
