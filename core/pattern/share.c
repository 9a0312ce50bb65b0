/* How common bytes, and sequences of them, are in text. */
#include "core/pattern/share.h"

#include "core/pattern/first.h"

double
first_share(unsigned byte)
{
	static const double letter[26] = {
		.063, .012, .022, .033, .100, .018, .016, .047, .056, .001,
		.006, .032, .020, .056, .060, .015, .001, .048, .051, .073,
		.022, .008, .018, .001, .016, .001
	};

	if (byte >= 'a' && byte <= 'z')
		return letter[byte - 'a'];
	if (byte >= 'A' && byte <= 'Z')
		return letter[byte - 'A'] / 16 + .0005;
	if (byte == ' ')
		return .16;
	if (byte >= '0' && byte <= '9')
		return .003;
	if (byte == '.' || byte == ',' || byte == '\n')
		return .01;
	return byte < 0x20 || byte == 0x7f ? .0001 : byte < 0x80 ? .001 :
	    .0005;
}

static double
set_share(const struct first_set *s)
{
	double share = 0;
	uint64_t bits;
	unsigned i;

	for (i = 0; i < 4; i++)
		for (bits = s->w[i]; bits != 0; bits &= bits - 1)
			share += first_share(i * 64 +
			    (unsigned)__builtin_ctzll(bits));
	return share > 1 ? 1 : share;
}

double
first_density(const struct first_seq *seq, unsigned n)
{
	double sum = 0, one;
	unsigned i, k;

	for (i = 0; i < n; i++) {
		one = 1;
		for (k = 0; k < seq[i].n; k++)
			one *= set_share(&seq[i].set[k]);
		sum += one;
	}
	return sum;
}
