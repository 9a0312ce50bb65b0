/*
 * A text laid out in lines of a width: paragraphs with a look, wrapped at
 * words, with marks laid over byte ranges of one of its texts.  Knows no
 * terminal.
 */
#ifndef TUI_SCREEN_DOC_H
#define TUI_SCREEN_DOC_H

#include "core/base/buf.h"
#include "tui/screen/theme.h"

#define DOC_UNMARKED	UINT32_MAX

struct doc_para {
	struct slice	text;		/* one line, without its LF */
	enum face	face;
	uint16_t	indent;
	uint32_t	base;		/* its first byte in the marked text */
};
struct doc_row {
	uint32_t	para, start, end;	/* bytes of the paragraph */
};
struct doc_mark {
	uint32_t	start, end;	/* bytes of the marked text */
	enum face	face;
	uint32_t	number;		/* from 1; 0: none is shown */
};

struct doc {
	struct doc_para	*paras;
	struct doc_row	*rows;
	struct doc_mark	*marks;		/* sorted by start; the owner's */
	size_t		 nparas, nrows, nmarks, para_cap, row_cap;
	size_t		 width;		/* that rows were made for; 0: none */
	size_t		 hidden;	/* marked cells of the marked text */
	bool		 failed;	/* out of memory: some of it is not there */
};

void	doc_init(struct doc *);
void	doc_release(struct doc *);
void	doc_clear(struct doc *);
/* Adds every line of a text, which must live as long as the document. */
void	doc_add(struct doc *, enum face, unsigned indent, struct slice text);
/* The same, for the one text that marks are about. */
void	doc_add_marked(struct doc *, enum face, unsigned indent, struct slice);
/* Makes the rows, unless they are those of this width already. */
void	doc_wrap(struct doc *, size_t width);
/* The row that shows a byte of the marked text (0 where none does). */
size_t	doc_row_of(const struct doc *, uint32_t byte);
/* The mark that a byte of the marked text looks like; NULL: none. */
const struct doc_mark *doc_mark_at(const struct doc *, uint32_t byte);
/* The number of the first mark that begins in a row; 0: none. */
uint32_t doc_row_number(const struct doc *, size_t row);

/*
 * The next place of a needle after (or before) a place; small letters match
 * both cases unless the needle has a capital.  Goes round at the end.
 */
struct doc_place {
	uint32_t	para, start, end;
};
bool	doc_find(const struct doc *, struct slice needle, bool backward,
	    struct doc_place *);
/* Where a needle is in a text at or after `at`; (size_t)-1: nowhere. */
size_t	doc_search(struct slice text, size_t at, struct slice needle);
size_t	doc_row_of_place(const struct doc *, const struct doc_place *);

#endif
