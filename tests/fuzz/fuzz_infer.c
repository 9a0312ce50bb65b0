/*
 * Values, one a line, and the schema that `schema infer` makes of them; the first byte
 * says which: closed, with enums.
 *
 * It must hold that the schema is one, and that all it was made of is valid by it.
 */
#include "core/json/parse.h"
#include "core/schema/compile.h"
#include "core/schema/infer.h"
#include "core/schema/validate.h"
#include "tests/fuzz/must.h"

#define VALUES	64

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	const struct schema_options draft = { .draft = SCHEMA_2020_12 };
	struct infer in = { .root = NULL };
	struct infer_options o = { .comment = SLICE_NONE };
	struct json v[VALUES];
	struct buf b = BUF_INIT;
	struct arena arena = ARENA_INIT;
	struct json_error why;
	struct error err = { 0 };
	struct schema *s = NULL;
	struct slice rest, line;
	const char *lf;
	size_t i, k = 0;
	bool valid;

	if (n < 1)
		return 0;
	o.closed = data[0] & 1;
	o.values = data[0] & 2 ? 3 : 0;
	rest = (struct slice){ (const char *)data + 1, n - 1 };
	for (; rest.n > 0 && k < VALUES; rest = lf == NULL ? SLICE_NONE :
	    (struct slice){ lf + 1, rest.n - line.n - 1 }) {
		lf = memchr(rest.p, '\n', rest.n);
		line = (struct slice){ rest.p, lf == NULL ? rest.n :
		    (size_t)(lf - rest.p) };
		v[k] = (struct json)JSON_INIT;
		if (json_parse(&v[k++], line, 32, JSON_NUL_ALLOWED, &why) !=
		    STATUS_OK)
			json_release(&v[--k]);
	}
	for (i = 0; i < k; i++)
		MUST(infer_add(&in, &v[i], &err) == STATUS_OK);
	if (k > 0) {
		infer_write(&in, &o, &b);
		MUST(schema_compile(&s, buf_slice(&b), &draft, &err) ==
		    STATUS_OK);
	}
	for (i = 0; i < k; i++) {
		MUST(schema_validate(s, &v[i], &arena, NULL, NULL, &valid,
		    &err) == STATUS_OK);
		MUST(valid);
		json_release(&v[i]);
	}
	MUST(in.n == k);
	schema_free(s);
	infer_release(&in);
	arena_release(&arena);
	buf_release(&b);
	return 0;
}
