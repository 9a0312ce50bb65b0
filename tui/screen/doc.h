/*
 * A text laid out in lines of a width: paragraphs with a look, wrapped at
 * words, in sections that fold, with marks laid over byte ranges of one of its
 * texts and notes below them.  Knows no terminal.
 */
#ifndef TUI_SCREEN_DOC_H
#define TUI_SCREEN_DOC_H

#include "core/base/buf.h"
#include "tui/screen/theme.h"

#define DOC_UNMARKED	UINT32_MAX
#define DOC_HIDDEN_MAX	999	/* rows that a folded section counts */

/* When a paragraph of a section is there. */
enum doc_when { DOC_ALWAYS, DOC_FOLDED, DOC_UNFOLDED };

struct doc_para {
	struct slice	text;		/* one line, without its LF */
	struct slice	label;		/* before its first row, in the indent */
	enum face	face;
	uint16_t	indent;
	uint16_t	hang;		/* more of it, of all rows but the first */
	uint16_t	section;	/* from 1; 0: before the first */
	uint8_t		when;		/* enum doc_when */
	bool		heading;	/* begins its section */
	bool		cut;		/* one row at most */
	bool		note;		/* stands where its note says */
	uint32_t	base;		/* its first byte in the marked text */
};
struct doc_row {
	uint32_t	para, start, end;	/* bytes of the paragraph */
};
struct doc_section {
	struct slice	aside;		/* beside the heading while folded */
	size_t		most;		/* rows while folded; 0: no limit */
	size_t		hidden;		/* rows over it, DOC_HIDDEN_MAX at most */
	size_t		row, nrows;	/* of the heading; with it */
	bool		folds, folded;
	bool		spreads;	/* where there is room */
};
/* A paragraph that follows the row in which a byte of the marked text stands. */
struct doc_note {
	uint32_t	byte, para;
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
	struct doc_section *sections;
	struct doc_note	*notes;		/* by rising byte */
	size_t		 nparas, nrows, nmarks, nsections, nnotes;
	size_t		 para_cap, row_cap, section_cap, note_cap;
	size_t		 noted;		/* notes that rows were made for */
	size_t		 row_limit;	/* while rows are made */
	enum doc_when	 when;		/* of paragraphs that are added */
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
/* A text whose first row begins further left than the others. */
void	doc_add_hanging(struct doc *, enum face, unsigned indent, unsigned hang,
	    struct slice text);
/* How much further right the others of so many columns begin. */
size_t	doc_hang(const struct doc_para *, size_t columns);
/* A line of one row at most, and a text whose first line has a label before it,
 * in the indent. */
void	doc_add_cut(struct doc *, enum face, unsigned indent, struct slice label,
	    struct slice text);
void	doc_add_labelled(struct doc *, enum face, unsigned indent,
	    struct slice label, struct slice text);
/* Lines below the row of a byte of the marked text, which is added already and
 * not before the byte of the note before. */
void	doc_add_note(struct doc *, uint32_t byte, enum face, unsigned indent,
	    struct slice text);

/*
 * Begins a section, to which what is added from here on belongs: its number,
 * from 1, or 0 where memory ran out.  The title lives as long as the document.
 */
size_t	doc_section(struct doc *, struct slice title);
/* When what is added next to the section is there. */
void	doc_when(struct doc *, enum doc_when);
/* While it is folded, the section says this and shows so many rows (0: all). */
void	doc_folds(struct doc *, size_t section, struct slice aside, size_t most);
void	doc_fold(struct doc *, size_t section, bool folded);
/* It is folded for want of room alone. */
void	doc_spreads(struct doc *, size_t section);
/* Unfolds the section of a paragraph, where it is. */
void	doc_reveal(struct doc *, size_t para);

/* Makes the rows, unless they are those of this width already. */
void	doc_wrap(struct doc *, size_t width);
/* How many rows a folded section would have, unfolded, as far as max. */
size_t	doc_unfolded_rows(struct doc *, size_t section, size_t max);
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
