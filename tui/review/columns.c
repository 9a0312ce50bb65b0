#include "tui/review/columns.h"

/* rank: the higher one falls away first. */
static const struct {
	int	min, want, rank;
} columns[COLUMN_COUNT] = {
	[COLUMN_AGE] = { 4, 4, 4 },
	[COLUMN_DUE] = { 4, 4, 2 },
	[COLUMN_SEVERITY] = { 4, 4, 5 },
	[COLUMN_CONFIDENCE] = { 4, 4, 3 },
	[COLUMN_WHY] = { 16, 34, 1 },
	[COLUMN_QUEUE] = { 8, 12, 7 },
	[COLUMN_MODEL] = { 8, 20, 8 },
	[COLUMN_ID] = { 10, 24, 6 },
	[COLUMN_WORDS] = { 22, 10000, 0 }
};

const char *const column_titles[COLUMN_COUNT] = {
	"AGE", "DUE", "SEV", "CONF", "WHY", "QUEUE", "MODEL", "ID", "OUTPUT"
};

/* What the columns need that are still in. */
static int
needed(const int out[COLUMN_COUNT])
{
	int i, sum = COLUMN_MARKS - 1;

	for (i = 0; i < COLUMN_COUNT; i++)
		sum += out[i] > 0 ? out[i] + 1 : 0;
	return sum;
}

/* The words stay to the end. */
static bool
drop_worst(int out[COLUMN_COUNT])
{
	int i, worst = -1;

	for (i = 0; i < COLUMN_WORDS; i++) {
		if (out[i] > 0 && (worst < 0 ||
		    columns[i].rank > columns[worst].rank))
			worst = i;
	}
	if (worst >= 0)
		out[worst] = 0;
	return worst >= 0;
}

void
columns_fit(int width, bool one_queue, int out[COLUMN_COUNT])
{
	int i, spare, more;

	for (i = 0; i < COLUMN_COUNT; i++)
		out[i] = columns[i].min;
	if (one_queue)
		out[COLUMN_QUEUE] = 0;
	while (needed(out) > width && drop_worst(out))
		;
	spare = width - needed(out);
	if (spare < 0) {
		out[COLUMN_WORDS] += spare;
		if (out[COLUMN_WORDS] < 0)
			out[COLUMN_WORDS] = 0;
		return;
	}
	/* A third of what is left for each in turn, the rest for the words. */
	for (i = COLUMN_WHY; i < COLUMN_WORDS; i++) {
		if (out[i] == 0)
			continue;
		more = columns[i].want - out[i];
		if (more > spare / 3)
			more = spare / 3;
		out[i] += more;
		spare -= more;
	}
	if (out[COLUMN_WORDS] > 0)
		out[COLUMN_WORDS] += spare;
}
