/*
 * A schema, a line break, an instance: compiled, run, told why.  The first byte
 * chooses the draft and whether formats count.
 *
 * It must hold that the two ways of running agree, that every failure has its
 * place in the instance, and that an end is reached.
 */
#include <stdlib.h>

#include "core/schema/compile.h"
#include "core/schema/schema.h"
#include "core/schema/validate.h"

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

struct told {
	const struct json	*d;
	int			 n;
};

static enum status
tell(void *arg, const struct schema_failure *f, struct error *err)
{
	struct told *t = arg;

	(void)err;
	if (f->token >= t->d->n || f->pointer.p == NULL || f->message.n == 0)
		abort();
	t->n++;
	return STATUS_OK;
}

/* The schema itself may be asked for under any URI. */
static struct slice
remote(void *arg, const char *uri)
{
	const struct slice *text = arg;

	return strncmp(uri, "http://localhost/", 17) == 0 ? *text : SLICE_NONE;
}

static void
run(const struct schema *s, struct slice text)
{
	struct json d = JSON_INIT;
	struct json_error why;
	struct arena arena = ARENA_INIT;
	struct error err = { STATUS_OK, "" };
	struct told told = { &d, 0 };
	bool quick = false, slow = false;
	enum status a, b;

	if (json_parse(&d, text, 128, JSON_NUL_ALLOWED, &why) == STATUS_OK) {
		a = schema_validate(s, &d, &arena, NULL, NULL, &quick, &err);
		error_clear(&err);
		b = schema_validate(s, &d, &arena, tell, &told, &slow, &err);
		if (a != b || quick != slow || (a == STATUS_OK &&
		    slow != (told.n == 0)))
			abort();
	}
	arena_release(&arena);
	json_release(&d);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct schema_options options = { SCHEMA_2020_12, false, remote, NULL };
	struct error err = { STATUS_OK, "" };
	struct slice text, instance;
	struct schema *s;
	const char *end;

	if (n < 2 || (end = memchr(data + 1, '\n', n - 1)) == NULL)
		return 0;
	options.draft = (enum schema_draft)(data[0] % 5);
	options.assert_format = data[0] & 64;
	text.p = (const char *)data + 1;
	text.n = (size_t)(end - text.p);
	options.remote_arg = &text;
	instance.p = end + 1;
	instance.n = n - text.n - 2;
	if (schema_compile(&s, text, &options, &err) == STATUS_OK)
		run(s, instance);
	else if (err.code == STATUS_OK || err.text[0] == '\0')
		abort();
	schema_free(s);
	return 0;
}
