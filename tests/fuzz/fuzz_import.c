/* Results of other tools: whatever a file holds, it is gathered or refused. */
#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "core/json/parse.h"
#include "queue/loop/import_rows.h"

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void
rows_hold(const struct importing *x)
{
	const struct result *r;
	size_t i, k;

	for (i = 0; i < x->nruns; i++)
		for (k = 0; k < x->run[i].results.n; k++) {
			r = &x->run[i].results.v[k];
			assert(r->id.p != NULL && r->repeat > 0);
			assert(!r->pass || r->error.p == NULL);
			assert(r->score >= 0 && r->score <= 1);
		}
}

static void
release(struct importing *x)
{
	size_t i;

	for (i = 0; i < x->nruns; i++) {
		results_release(&x->run[i].results);
		titles_release(&x->run[i].ids);
		free(x->run[i].seen);
	}
	arena_release(&x->arena);
	json_release(&x->json);
	free(x);
}

/* The first byte names the format; where it is taken for none, by its marks. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	const struct import_options o = { .path = "f", .threshold = 0.5 };
	const struct import_format *f;
	struct importing *x = calloc(1, sizeof(*x));
	struct json_error why;
	struct error err = { 0 };

	if (x == NULL || n < 1) {
		free(x);
		return 0;
	}
	x->o = &o;
	if (json_parse(&x->json, (struct slice){ (const char *)data + 1, n - 1 },
	    128, JSON_NUL_ALLOWED | JSON_LENIENT, &why) == STATUS_OK)
		for (f = import_formats; f->name != NULL; f++)
			if (data[0] % 7 == (size_t)(f - import_formats) ||
			    (data[0] % 7 == 6 && f->is(x))) {
				if (f->read(x, &err) != STATUS_OK)
					assert(err.text[0] != '\0');
				rows_hold(x);
				break;
			}
	release(x);
	return 0;
}
