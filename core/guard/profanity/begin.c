#include "core/guard/profanity/begin.h"

#include <string.h>

/* Sets every beginning that `begin`, of n letters known, can be one of. */
static void
begin_set(struct begins *b, const unsigned char *begin, size_t n)
{
	unsigned char full[BEGIN_BYTES];
	uint32_t slot, c, all = 1;
	size_t i;

	memcpy(full, begin, n);
	for (i = n; i < BEGIN_BYTES; i++)
		all *= 32;
	for (c = 0; c < all; c++) {
		for (i = n; i < BEGIN_BYTES; i++)
			full[i] = (unsigned char)(c >> 5 * (i - n) & 31);
		slot = begin_slot(full);
		b->bits[slot >> 5] |= (uint32_t)1 << (slot & 31);
	}
}

/*
 * "shit" can be written "sshh", "shhh", "shii" ...: every letter is followed by
 * itself or by the word's next one.  Each bit of `again` is such a choice.
 */
void
begins_add(struct begins *b, const char *word, size_t n)
{
	unsigned char begin[BEGIN_BYTES];
	unsigned again;
	size_t i, at;

	for (again = 0; again < 1u << (BEGIN_BYTES - 1); again++) {
		begin[0] = (unsigned char)word[0];
		for (i = 1, at = 0; i < BEGIN_BYTES; i++) {
			at += (again >> (i - 1) & 1) == 0;
			if (at == n)
				break;
			begin[i] = (unsigned char)word[at];
		}
		begin_set(b, begin, i);
	}
}
