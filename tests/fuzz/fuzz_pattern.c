/*
 * libFuzzer: what a set of patterns finds, in every form of its pass, is what
 * PCRE2 finds for each alone.  The input decides what the patterns and the text
 * are made of.
 */
#include "tests/unit/pattern_fuzz.h"

struct input {
	const uint8_t	*p;
	size_t		 n;
};

/* Of an input that has ended always the last choice: the one that adds nothing. */
static unsigned
draw(void *arg, unsigned n)
{
	struct input *in = arg;
	unsigned v = n - 1;

	if (in->n > 0) {
		v = *in->p++;
		in->n--;
	}
	if (n > 256 && in->n > 0) {
		v = v << 8 | *in->p++;
		in->n--;
	}
	return v % n;
}

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	static struct fuzz_state state;
	struct input in = { p, n };
	struct fuzz z = { draw, &in };
	struct error err = { STATUS_OK, "" };

	if (state.scratch == NULL &&
	    scratch_new(&state.scratch, &err) != STATUS_OK)
		return 0;
	if (!fuzz_round(&z, &state))
		abort();
	return 0;
}
