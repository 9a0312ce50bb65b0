#include "core/guard/pii/names.h"

#include <stdlib.h>
#include <strings.h>

#include "core/guard/pii/ascii.h"

#define SLOTS	(UINT32_C(1) << 15)	/* for some 16,000 names */

struct name_book {
	struct {
		const char	*p;
		uint32_t	 is;
		unsigned char	 n;
	} slot[SLOTS];
};

static uint32_t
name_hash(struct slice w)
{
	uint32_t h = UINT32_C(2166136261);
	size_t i;

	for (i = 0; i < w.n; i++)
		h = (h ^ (unsigned char)to_lower(w.p[i])) * UINT32_C(16777619);
	return (h ^ h >> 15) & (SLOTS - 1);
}

/* The slot of a word, or the free one where it would be. */
static uint32_t
name_slot(const struct name_book *x, struct slice w)
{
	uint32_t i = name_hash(w);

	while (x->slot[i].p != NULL && (x->slot[i].n != w.n ||
	    strncasecmp(x->slot[i].p, w.p, w.n) != 0))
		i = (i + 1) & (SLOTS - 1);
	return i;
}

/* Adds the words of a line; a sign of `parts` is between them. */
static void
add_words(struct name_book *x, const char *line, const char *parts, uint32_t is)
{
	const char *p;
	struct slice w;
	uint32_t i;

	for (p = line; *p != '\0'; p += w.n + (p[w.n] != '\0')) {
		w = (struct slice){ p, strcspn(p, parts) };
		i = name_slot(x, w);
		x->slot[i].p = p;
		x->slot[i].n = (unsigned char)w.n;
		x->slot[i].is |= is;
	}
}

static void
add_lines(struct name_book *x, const char *const *lines, uint32_t is)
{
	for (; *lines != NULL; lines++)
		add_words(x, *lines, " ", is);
}

struct name_book *
names_new(void)
{
	struct name_book *x = calloc(1, sizeof(*x));
	const struct beside_list *list;

	if (x == NULL)
		return NULL;
	add_lines(x, pii_given, NAME_GIVEN);
	add_lines(x, pii_given_more, NAME_GIVEN);
	add_lines(x, pii_given_weak, NAME_WEAK);
	add_lines(x, pii_surnames, NAME_SUR);
	for (list = pii_word_lists; list->words != NULL; list++)
		add_words(x, list->words, "|", list->is);
	return x;
}

void
names_free(struct name_book *x)
{
	free(x);
}

uint32_t
names_find(const struct name_book *x, struct slice w)
{
	return w.n == 0 || w.n > UINT8_MAX ? 0 : x->slot[name_slot(x, w)].is;
}
