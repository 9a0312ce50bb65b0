/* JSON laid out for reading, and where each byte of it came from. */
#ifndef TUI_REVIEW_INDENT_H
#define TUI_REVIEW_INDENT_H

#include <stdint.h>

#include "core/base/buf.h"

struct indent_point {
	uint32_t	raw, shown;	/* the same byte in both texts */
};
struct indented {
	struct buf		 text;
	struct indent_point	*points;	/* ascending in both */
	size_t			 n, cap;
};

void	indented_init(struct indented *);
void	indented_release(struct indented *);
/* False where the text is no JSON object or array, or memory ran out. */
bool	indent_json(struct indented *, struct slice raw);
/* The shown byte of a raw byte; raw ends go through the byte before. */
uint32_t indent_shown(const struct indented *, uint32_t raw);

#endif
