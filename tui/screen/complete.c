#include "tui/screen/complete.h"

#include <strings.h>

void
complete_offer(struct complete *c, struct slice name)
{
	size_t i;

	if (name.n < c->word.n || name.n == 0 || c->n == COMPLETE_NAMES ||
	    strncasecmp(name.p, c->word.p, c->word.n) != 0)
		return;
	for (i = 0; i < c->n; i++) {
		if (slice_eq(c->name[i], name))
			return;
	}
	c->name[c->n++] = name;
}

/* A name is typed whole characters at a time. */
static size_t
common(const struct complete *c)
{
	size_t n = c->name[0].n, i, k;

	for (i = 1; i < c->n; i++) {
		for (k = 0; k < n && k < c->name[i].n &&
		    c->name[i].p[k] == c->name[0].p[k]; k++)
			;
		n = k;
	}
	while (n > 0 && n < c->name[0].n &&
	    ((unsigned char)c->name[0].p[n] & 0xc0) == 0x80)
		n--;
	return n;
}

bool
complete_apply(const struct complete *c, struct line *l)
{
	struct buf text = BUF_INIT;
	size_t n, from = l->at - c->word.n, at;

	if (c->n == 0)
		return false;
	n = common(c);
	if (c->n > 1 && n <= c->word.n)
		return false;
	buf_add_slice(&text, (struct slice){ l->text.p, from });
	buf_add_slice(&text, (struct slice){ c->name[0].p, n });
	at = text.n;
	buf_add_slice(&text, (struct slice){ l->text.p + l->at,
	    l->text.n - l->at });
	if (text.n <= LINE_MAX_BYTES) {
		line_set(l, buf_slice(&text));
		l->at = at;
	}
	buf_release(&text);
	return true;
}

void
complete_text(const struct complete *c, struct buf *b)
{
	size_t i;

	for (i = 0; i < c->n; i++) {
		buf_puts(b, i == 0 ? "" : "  ");
		buf_add_slice(b, c->name[i]);
	}
}
