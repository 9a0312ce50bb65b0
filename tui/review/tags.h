/* What is tagged in the list: items one by one, or a condition as a whole. */
#ifndef TUI_REVIEW_TAGS_H
#define TUI_REVIEW_TAGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct tags {
	bool	 all;		/* all of the list but those here */
	int64_t	*item;
	size_t	 n, size;
};

void	tags_clear(struct tags *);	/* releases it, too */
bool	tags_has(const struct tags *, int64_t item);
/* Tags it, or takes its tag off; false: out of memory. */
bool	tags_toggle(struct tags *, int64_t item);
/* All of the list, whatever comes to it; once more, none. */
void	tags_all(struct tags *);
/* Over what there was; false: out of memory. */
bool	tags_copy(struct tags *, const struct tags *from);
bool	tags_any(const struct tags *);

#endif
