/* Suites of both kinds and files of cases: whatever is in them, they are read or
 * refused, with a reason. */
#include <assert.h>
#include <stdlib.h>

#include "core/base/arena.h"
#include "core/suite/assert_service.h"
#include "core/suite/read.h"
#include "core/suite/request.h"
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

/* What is sent to an endpoint of one's own making, and what any answer says. */
static void
asked(const struct suite *s, const struct suite_request *q, struct slice answer)
{
	const char *headers[REQUEST_HEADERS_MAX + 2];
	struct arena a = ARENA_INIT;
	struct json vars = JSON_INIT, j = JSON_INIT;
	struct json_error why;
	struct error err = { 0 };
	struct buf b = BUF_INIT;
	struct slice out = s->ncases > 0 && s->cases[0].vars.p != NULL ?
	    s->cases[0].vars : SLICE("{\"prompt\":\"[1]\"}");
	bool is_string;
	size_t i;

	if (json_parse(&vars, out, JSON_DEPTH_MAX, JSON_NUL_ALLOWED, &why) ==
	    STATUS_OK && request_body(q, &vars, &b, &err) == STATUS_OK &&
	    request_headers(q, &vars, &a, headers, &err) == STATUS_OK)
		for (i = 0; headers[i] != NULL; i++)
			assert(strpbrk(headers[i], "\r\n") == NULL);
	error_clear(&err);
	if (request_pick(q, answer, &j, &a, &out, &is_string, &err) != STATUS_OK)
		assert(err.text[0] != '\0');
	json_release(&vars);
	json_release(&j);
	buf_release(&b);
	arena_release(&a);
}

static void
answered(const struct suite_case *c, struct slice answer)
{
	struct arena a = ARENA_INIT;
	struct assert_verdict v;
	struct error err = { 0 };
	size_t i;

	for (i = 0; i < c->nasserts; i++)
		if (c->asserts[i].row->how == ASSERT_SERVICE &&
		    service_read(&c->asserts[i], answer, &v, &a, &err) !=
		    STATUS_OK) {
			assert(err.text[0] != '\0');
			error_clear(&err);
		}
	arena_release(&a);
}

static void
suite_holds(const struct suite *s, struct slice answer)
{
	size_t i;

	for (i = 0; i < s->nendpoints; i++)
		if (s->endpoints[i].kind == ENDPOINT_HTTP)
			asked(s, s->endpoints[i].request, answer);
	for (i = 0; i < s->ncases; i++)
		answered(&s->cases[i], answer);
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
	    STATUS_OK) {
		suite_holds(s, in.rest);
		suite_free(s);
	} else
		assert(err.text[0] != '\0');
	return 0;
}
