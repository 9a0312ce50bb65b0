#include "core/suite/result.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "core/json/write.h"

const char *
check_state_name(enum check_state s)
{
	static const char *const names[CHECK_STATES] = {
		[CHECK_PASSED] = "passed", [CHECK_FAILED] = "failed",
		[CHECK_ERROR] = "error", [CHECK_UNTRUSTED] = "untrusted"
	};

	assert((size_t)s < CHECK_STATES);
	return names[s];
}

void
results_release(struct results *r)
{
	free(r->v);
	arena_release(&r->arena);
	*r = (struct results){ NULL, 0, 0, ARENA_INIT };
}

struct result *
results_add(struct results *r)
{
	size_t cap = r->cap == 0 ? 256 : r->cap * 2;
	struct result *v;

	if (r->n == r->cap) {
		if ((v = realloc(r->v, cap * sizeof(*v))) == NULL)
			return NULL;
		r->v = v;
		r->cap = cap;
	}
	v = &r->v[r->n++];
	*v = (struct result){ .repeat = 1, .input_tokens = -1,
	    .output_tokens = -1, .cost_usd = -1, .latency_ms = -1 };
	return v;
}

bool
result_is_error(const struct result *r)
{
	size_t i;

	for (i = 0; i < r->nchecks; i++)
		if (r->checks[i].state == CHECK_ERROR)
			return true;
	return r->error.p != NULL;
}

static void
write_known(struct writer *w, const char *name, double v)
{
	if (v >= 0)
		write_double(w, name, v);
	else
		write_null(w, name);
}

void
result_line(struct buf *b, const struct result *r)
{
	struct writer w = WRITER(b, WRITE_CANONICAL);
	char hex[HASH_HEX];
	size_t i;

	hash_hex(&r->output_sha256, hex);
	write_object(&w, NULL);
	write_text(&w, "case", r->id);
	write_array(&w, "checks");
	for (i = 0; i < r->nchecks; i++) {
		write_object(&w, NULL);
		write_text(&w, "name", r->checks[i].name);
		write_known(&w, "score", r->checks[i].score);
		write_word(&w, "state", check_state_name(r->checks[i].state));
		write_end(&w);
	}
	write_end(&w);
	write_known(&w, "cost_usd", r->cost_usd);
	write_text(&w, "error", r->error);
	write_count(&w, "input_tokens", r->input_tokens);
	write_text(&w, "item", r->item);
	write_known(&w, "latency_ms", r->latency_ms);
	write_word(&w, "output_sha256", hex);
	write_count(&w, "output_tokens", r->output_tokens);
	write_bool(&w, "pass", r->pass);
	write_int(&w, "repeat", r->repeat);
	write_known(&w, "score", r->score);
	write_end(&w);
	write_line(&w);
}
