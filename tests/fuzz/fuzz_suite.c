/* Suites of both kinds and files of cases: whatever is in them, they are read or
 * refused, with a reason. */
#include <assert.h>
#include <stdlib.h>

#include "core/base/arena.h"
#include "core/suite/read.h"
#include "core/suite/yaml.h"
#include "core/json/parse.h"

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/* The first byte says what the input is; up to a line "===" it is the suite, and what
 * follows is any file that it asks for. */
struct input {
	struct slice	suite, rest;
	bool		first;
};

static enum status
input_load(void *arg, const char *path, struct buf *b, struct error *err)
{
	struct input *in = arg;

	(void)path;
	(void)err;
	buf_add_slice(b, in->first ? in->suite : in->rest);
	in->first = false;
	return STATUS_OK;
}

/* What YAML becomes is JSON. */
static void
yaml_holds(struct slice text)
{
	struct buf json = BUF_INIT;
	struct json j = JSON_INIT;
	struct json_error why;
	struct error err = { 0 };
	enum status st = yaml_to_json(text, &json, &err);

	if (st == STATUS_OK)
		st = json_parse(&j, buf_slice(&json), 64, JSON_NUL_ALLOWED |
		    JSON_LENIENT, &why);
	else
		assert(err.text[0] != '\0');
	json_release(&j);
	buf_release(&json);
	(void)st;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct slice all = { (const char *)data, n };
	struct input in = { .first = true };
	const struct loader loader = { input_load, NULL, &in };
	struct error err = { 0 };
	struct suite *s;
	const char *mark;
	size_t kind;

	if (n < 1)
		return 0;
	kind = data[0] % 4;
	all = (struct slice){ all.p + 1, n - 1 };
	in.suite = all;
	in.rest = SLICE("{\"id\":\"a\",\"vars\":{\"x\":[1,2]}}\n");
	if ((mark = memmem(all.p, all.n, "\n===\n", 5)) != NULL) {
		in.suite.n = (size_t)(mark - all.p);
		in.rest = (struct slice){ mark + 5, all.n - in.suite.n - 5 };
	}
	if (kind == 1)
		yaml_holds(in.suite);
	if (kind >= 2) {
		in.rest = all;
		in.suite = kind == 2 ? SLICE("suite \"x\" { cases = \"c.jsonl\" }") :
		    SLICE("suite \"x\" { cases = \"c.csv\" }");
	}
	if (suite_load(&s, kind == 1 ? "s.yaml" : "s.conf", NULL, &loader, &err) ==
	    STATUS_OK)
		suite_free(s);
	else
		assert(err.text[0] != '\0');
	return 0;
}
