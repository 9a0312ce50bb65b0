#include "core/json/equal.h"

#include <stdlib.h>
#include <sys/random.h>

#include "core/base/arena.h"
#include "core/json/number.h"
#include "core/json/value.h"

#define SORT_MIN	9	/* members from which sorting beats searching */

struct side {
	const struct json	*d;
	uint32_t		 t;
};

struct equality {
	struct arena	*arena;
	bool		*nomem;
};

static bool
string_equal(struct side a, struct side b, struct equality *w)
{
	struct slice x = value_string(a.d, a.t, w->arena);
	struct slice y = value_string(b.d, b.t, w->arena);

	if (x.p == NULL || y.p == NULL) {
		*w->nomem = true;
		return false;
	}
	return slice_eq(x, y);
}

static bool
number_equal(struct side a, struct side b)
{
	struct slice x = json_raw(a.d, a.t), y = json_raw(b.d, b.t);
	struct number m, n;

	if (slice_eq(x, y))
		return true;
	number_read(&m, x);
	number_read(&n, y);
	return number_compare(&m, &n) == 0;
}

static bool	equal(struct side, struct side, struct equality *);

static bool
array_equal(struct side a, struct side b, struct equality *w)
{
	uint32_t end = a.d->tok[a.t].next;

	for (a.t++, b.t++; a.t < end; a.t = a.d->tok[a.t].next,
	    b.t = b.d->tok[b.t].next) {
		if (!equal(a, b, w))
			return false;
	}
	return true;
}

struct member {
	struct slice	key;
	uint32_t	value;
};

static int
member_order(const void *p, const void *q)
{
	const struct member *a = p, *b = q;
	size_t n = a->key.n < b->key.n ? a->key.n : b->key.n;
	int c = n == 0 ? 0 : memcmp(a->key.p, b->key.p, n);

	return c != 0 ? c : (a->key.n > b->key.n) - (a->key.n < b->key.n);
}

/* An object's members in the order of their keys; NULL: out of memory. */
static struct member *
members_sorted(struct side o, struct equality *w)
{
	const struct json_token *tok = o.d->tok;
	uint32_t n = 0, count = tok[o.t].count, t = o.t + 1;
	struct member *v = arena_alloc(w->arena, (count + 1u) * sizeof(*v));

	for (; v != NULL && t < tok[o.t].next; t = tok[t + 1].next) {
		v[n].value = t + 1;
		v[n].key = value_string(o.d, t, w->arena);
		if (v[n++].key.p == NULL)
			v = NULL;
	}
	if (v == NULL)
		*w->nomem = true;
	else
		qsort(v, n, sizeof(*v), member_order);
	return v;
}

static bool
object_equal_sorted(struct side a, struct side b, struct equality *w)
{
	struct member *x = members_sorted(a, w), *y = members_sorted(b, w);

	if (x == NULL || y == NULL)
		return false;
	for (uint32_t i = 0; i < a.d->tok[a.t].count; i++) {
		if (!slice_eq(x[i].key, y[i].key) ||
		    !equal((struct side){ a.d, x[i].value },
		    (struct side){ b.d, y[i].value }, w))
			return false;
	}
	return true;
}

static bool
object_equal(struct side a, struct side b, struct equality *w)
{
	uint32_t end = a.d->tok[a.t].next, end2 = b.d->tok[b.t].next;
	struct side k;

	if (a.d->tok[a.t].count >= SORT_MIN)
		return object_equal_sorted(a, b, w);
	for (a.t++; a.t < end; a.t = a.d->tok[a.t + 1].next) {
		for (k = (struct side){ b.d, b.t + 1 }; k.t < end2;
		    k.t = k.d->tok[k.t + 1].next) {
			if (string_equal(a, k, w))
				break;
		}
		if (k.t >= end2 || !equal((struct side){ a.d, a.t + 1 },
		    (struct side){ k.d, k.t + 1 }, w))
			return false;
	}
	return true;
}

/* Recurses as deep as the two values are, which the parser bounds. */
static bool
equal(struct side a, struct side b, struct equality *w)
{
	const struct json_token *x = &a.d->tok[a.t], *y = &b.d->tok[b.t];

	if (x->type != y->type)
		return false;
	switch ((enum json_kind)x->type) {
	case TOKEN_NUMBER:
		return number_equal(a, b);
	case TOKEN_STRING:
		return string_equal(a, b, w);
	case TOKEN_ARRAY:
		return x->count == y->count && array_equal(a, b, w);
	case TOKEN_OBJECT:
		return x->count == y->count && object_equal(a, b, w);
	case TOKEN_NULL:
	case TOKEN_FALSE:
	case TOKEN_TRUE:
		break;
	}
	return true;
}

bool
value_equal(const struct json *a, uint32_t t, const struct json *b, uint32_t u,
    struct arena *arena, bool *nomem)
{
	struct equality w = { arena, nomem };

	return equal((struct side){ a, t }, (struct side){ b, u }, &w);
}

static uint64_t
bytes_hash(struct slice s, uint64_t h)
{
	uint64_t v;

	for (; s.n >= 8; s.p += 8, s.n -= 8) {
		memcpy(&v, s.p, 8);
		h = (h ^ v) * 0x9e3779b97f4a7c15u;
		h ^= h >> 32;
	}
	for (v = s.n; s.n > 0; s.n--, s.p++)
		v = v << 8 | (unsigned char)*s.p;
	h = (h ^ v) * 0xd6e8feb86659fd93u;
	return h ^ h >> 32;
}

/* Equal values give equal hashes; seeded, so that none can be made to meet. */
static uint64_t
value_hash(struct side v, uint64_t seed, struct equality *w)
{
	const struct json_token *tok = v.d->tok, *k = &tok[v.t];
	uint64_t h = (seed ^ k->type) * 0x9e3779b97f4a7c15u, sum = 0;
	struct number n;
	struct slice s;

	switch ((enum json_kind)k->type) {
	case TOKEN_NUMBER:
		number_read(&n, json_raw(v.d, v.t));
		return number_hash(&n, h);
	case TOKEN_STRING:
		if ((s = value_string(v.d, v.t, w->arena)).p == NULL) {
			*w->nomem = true;
			return 0;
		}
		return bytes_hash(s, h);
	case TOKEN_ARRAY:
		for (uint32_t t = v.t + 1; t < k->next; t = tok[t].next)
			h = value_hash((struct side){ v.d, t }, h, w);
		return h ^ h >> 31;
	case TOKEN_OBJECT:
		for (uint32_t t = v.t + 1; t < k->next; t = tok[t + 1].next)
			sum += value_hash((struct side){ v.d, t + 1 },
			    value_hash((struct side){ v.d, t }, h, w), w);
		return h ^ sum;
	case TOKEN_NULL:
	case TOKEN_FALSE:
	case TOKEN_TRUE:
		break;
	}
	return h;
}

struct hashed {
	uint64_t	hash;
	uint32_t	token;
};

static int
hashed_order(const void *p, const void *q)
{
	const struct hashed *a = p, *b = q;

	if (a->hash != b->hash)
		return a->hash < b->hash ? -1 : 1;
	return (a->token > b->token) - (a->token < b->token);
}

static bool
few_repeated(struct side a, uint32_t *first, uint32_t *second,
    struct equality *w)
{
	const struct json_token *tok = a.d->tok;
	uint32_t end = tok[a.t].next;

	for (uint32_t t = a.t + 1; t < end; t = tok[t].next) {
		for (uint32_t u = tok[t].next; u < end; u = tok[u].next) {
			if (equal((struct side){ a.d, t },
			    (struct side){ a.d, u }, w)) {
				*first = t;
				*second = u;
				return true;
			}
		}
	}
	return false;
}

static uint64_t
hash_seed(void)
{
	uint64_t seed = 0;

	if (getrandom(&seed, sizeof(seed), GRND_NONBLOCK) != sizeof(seed))
		seed ^= (uint64_t)(uintptr_t)&seed;
	return seed;
}

bool
value_repeated(const struct json *d, uint32_t array, struct arena *arena,
    uint32_t *first, uint32_t *second, bool *nomem)
{
	struct equality w = { arena, nomem };
	struct side a = { d, array };
	uint32_t n = d->tok[array].count, i = 0;
	uint64_t seed;
	struct hashed *v;

	if (n < SORT_MIN)
		return few_repeated(a, first, second, &w);
	if ((v = arena_alloc(arena, n * sizeof(*v))) == NULL) {
		*nomem = true;
		return false;
	}
	seed = hash_seed();
	for (uint32_t t = array + 1; i < n; t = d->tok[t].next, i++)
		v[i] = (struct hashed){
		    value_hash((struct side){ d, t }, seed, &w), t };
	qsort(v, n, sizeof(*v), hashed_order);
	for (i = 1; i < n; i++) {
		for (uint32_t j = i; j > 0 && v[j - 1].hash == v[i].hash; j--) {
			if (equal((struct side){ d, v[j - 1].token },
			    (struct side){ d, v[i].token }, &w)) {
				*first = v[j - 1].token;
				*second = v[i].token;
				return true;
			}
		}
	}
	return false;
}
