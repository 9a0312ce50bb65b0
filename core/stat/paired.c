#include "core/stat/paired.h"

#include <assert.h>
#include <math.h>

#include "core/stat/special.h"

const char *
comparison_name(enum comparison c)
{
	static const char *const names[] = {
		[COMPARED_BETTER] = "better", [COMPARED_NOT_WORSE] = "not_worse",
		[COMPARED_WORSE] = "worse", [COMPARED_UNDECIDED] = "undecided"
	};

	assert((size_t)c < sizeof(names) / sizeof(names[0]));
	return names[c];
}

double
stat_mcnemar(double b, double c)
{
	double p = 2 * stat_binomial(fmin(b, c), b + c, 0.5);

	return b + c > 0 && p < 1 ? p : 1;
}

double
stat_need(double pd, double delta, double alpha, double power)
{
	double za, zb, left = pd - delta * delta, root;

	if (!(delta > 0))
		return NAN;
	za = stat_normal_inverse(1 - alpha / 2);
	zb = stat_normal_inverse(power);
	root = za * sqrt(pd) + zb * sqrt(left > 0 ? left : 0);
	return root * root / (delta * delta);
}

static bool
is_whole(double share)
{
	return !(share > 0) || !(share < 1);
}

/* Bonett and Price: one more of each kind of change, two more cases. */
static void
paired_once(struct paired *r, double alpha)
{
	double n = (double)r->cases + 2, z, half;
	double p = ((double)r->fixed + 1) / n, q = ((double)r->broken + 1) / n;

	z = stat_normal_inverse(1 - alpha / 2);
	half = z * sqrt((p + q - (p - q) * (p - q)) / n);
	r->low = p - q - half;
	r->high = p - q + half;
	r->p = stat_mcnemar((double)r->fixed, (double)r->broken);
}

static void
paired_means(struct paired *r, double squares, double alpha)
{
	double n = (double)r->cases, var, se;

	r->p = 1;
	r->low = -1;
	r->high = 1;
	if (r->cases < 2)
		return;
	var = (squares - n * r->diff * r->diff) / (n - 1);
	se = var > 0 ? sqrt(var / n) : 0;
	r->low = r->diff;
	r->high = r->diff;
	if (!(se > 0)) {
		r->p = fabs(r->diff) > 0 ? 0 : 1;
		return;
	}
	r->p = stat_t_two_sided(r->diff / se, n - 1);
	se *= stat_t_inverse(1 - alpha / 2, n - 1);
	r->low -= se;
	r->high += se;
}

static enum comparison
paired_verdict(const struct paired *r, const struct paired_options *o)
{
	if (r->p < o->alpha && r->diff > 0)
		return COMPARED_BETTER;
	if (r->low > -o->margin)
		return COMPARED_NOT_WORSE;
	return r->p < o->alpha && r->diff < 0 ? COMPARED_WORSE :
	    COMPARED_UNDECIDED;
}

struct paired
stat_paired(const struct pair *v, size_t n, const struct paired_options *o)
{
	struct paired r = { .cases = n, .need = NAN };
	double sum = 0, squares = 0, d, want;
	bool once = true;
	size_t i;

	for (i = 0; i < n; i++) {
		d = v[i].now - v[i].before;
		sum += d;
		squares += d * d;
		r.fixed += d > 0;
		r.broken += d < 0;
		once = once && is_whole(v[i].now) && is_whole(v[i].before);
	}
	r.diff = n == 0 ? 0 : sum / (double)n;
	if (once)
		paired_once(&r, o->alpha);
	else
		paired_means(&r, squares, o->alpha);
	r.verdict = n == 0 ? COMPARED_UNDECIDED : paired_verdict(&r, o);
	if (n > 0) {
		want = ceil(stat_need(squares / (double)n, r.diff + o->margin,
		    o->alpha, o->power)) - (double)n;
		r.need = want < 0 ? 0 : want;
	}
	return r;
}
