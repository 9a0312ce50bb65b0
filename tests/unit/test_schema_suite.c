/* The JSON Schema Test Suite: every required test of five drafts, and what of
 * the optional ones is taken. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/json/value.h"
#include "core/schema/compile.h"
#include "core/schema/schema.h"
#include "tests/unit/values.h"
#include "core/schema/validate.h"

#define REMOTES	"http://localhost:1234/"
#define FILES	200

static char root[512];
static bool quiet;	/* failures are counted, not told */

/* Remote documents, read once. */
static struct {
	char		path[700];
	struct slice	bytes;
} files[FILES];

static struct slice
file_read(const char *path)
{
	FILE *f;
	char *p;
	size_t n;
	int i;

	for (i = 0; i < FILES && files[i].bytes.p != NULL; i++) {
		if (strcmp(files[i].path, path) == 0)
			return files[i].bytes;
	}
	assert_op(i, <, FILES);
	if ((f = fopen(path, "rb")) == NULL)
		return SLICE_NONE;
	p = malloc(1 << 20);
	assert_non_null(p);
	n = fread(p, 1, 1 << 20, f);
	fclose(f);
	snprintf(files[i].path, sizeof(files[i].path), "%s", path);
	files[i].bytes = (struct slice){ p, n };
	return files[i].bytes;
}

static struct slice
remote(void *arg, const char *uri)
{
	char path[700];

	(void)arg;
	if (strncmp(uri, REMOTES, strlen(REMOTES)) != 0)
		return SLICE_NONE;
	snprintf(path, sizeof(path), "%s/remotes/%s", root,
	    uri + strlen(REMOTES));
	return file_read(path);
}

struct tally {
	int	run, failed;
};

struct told {
	int		 n;
	uint32_t	 last;
	uint32_t	 tokens;
};

/* Every failure is somewhere, says something, and comes in order. */
static enum status
tell(void *arg, const struct schema_failure *f, struct error *err)
{
	struct told *told = arg;

	(void)err;
	assert_op(f->token, <, told->tokens);
	assert_op(f->token, >=, told->last);
	assert_non_null(f->pointer.p);
	assert_op(f->keyword[0], !=, '\0');
	assert_op(f->message.n, >, 0);
	told->last = f->token;
	told->n++;
	return STATUS_OK;
}

static bool
verdict(const struct schema *schema, struct slice data, struct error *err)
{
	struct json d = JSON_INIT;
	struct json_error why;
	struct arena arena = ARENA_INIT;
	struct told told = { 0, 0, 0 };
	bool valid = false;

	assert_int_equal(json_parse(&d, data, 512, JSON_NUL_ALLOWED, &why),
	    STATUS_OK);
	told.tokens = d.n;
	if (schema_validate(schema, &d, &arena, tell, &told, &valid, err) !=
	    STATUS_OK)
		valid = false;
	else
		assert_true(valid ? told.n == 0 : told.n > 0);
	arena_release(&arena);
	json_release(&d);
	return valid;
}

static struct slice
get(const struct json *d, uint32_t object, const char *key)
{
	return json_raw(d, json_get(d, object, key));
}

static void
run_group(const char *path, const struct json *d, uint32_t group,
    const struct schema_options *options, struct tally *t)
{
	struct error err = { STATUS_OK, "" };
	struct schema *schema;
	uint32_t tests = json_get(d, group, "tests");

	if (schema_compile(&schema, get(d, group, "schema"), options, &err) !=
	    STATUS_OK)
		schema = NULL;
	for (uint32_t i = json_first(d, tests); i != JSON_NONE;
	    i = json_next(d, tests, i)) {
		bool want = json_kind(d, json_get(d, i, "valid")) == TOKEN_TRUE;

		t->run++;
		if (schema != NULL) {
			error_clear(&err);
			if (verdict(schema, get(d, i, "data"), &err) == want &&
			    err.code == STATUS_OK)
				continue;
		}
		t->failed++;
		if (quiet)
			continue;
		print_message("%s: %.*s: %.*s: not %s%s%s\n",
		    strstr(path, "tests/") + 6,
		    SLICE_ARG(get(d, group, "description")),
		    SLICE_ARG(get(d, i, "description")),
		    want ? "valid" : "invalid", err.text[0] ? ": " : "",
		    err.text);
	}
	schema_free(schema);
}

static struct tally
run_files(const char *pattern, const struct schema_options *options)
{
	struct tally t = { 0, 0 };
	struct json d = JSON_INIT;
	struct json_error why;
	char path[700];
	glob_t g;

	snprintf(path, sizeof(path), "%s/tests/%s", root, pattern);
	if (glob(path, 0, NULL, &g) != 0)
		return t;
	for (size_t i = 0; i < g.gl_pathc; i++) {
		struct slice text = file_read(g.gl_pathv[i]);

		assert_int_equal(json_parse(&d, text, 512, JSON_NUL_ALLOWED,
		    &why), STATUS_OK);
		for (uint32_t k = json_first(&d, 0); k != JSON_NONE;
		    k = json_next(&d, 0, k))
			run_group(g.gl_pathv[i], &d, k, options, &t);
	}
	globfree(&g);
	json_release(&d);
	return t;
}

static void
forget_files(void)
{
	for (int i = 0; i < FILES; i++) {
		free((char *)(uintptr_t)files[i].bytes.p);
		files[i].bytes = SLICE_NONE;
	}
}

static void
find_suite(void)
{
	const char *shared = getenv("HANDRAIL_SHARED");
	FILE *f;
	char path[700];

	snprintf(root, sizeof(root), "%s/vectors/json-schema-test-suite",
	    shared == NULL ? "../shared" : shared);
	snprintf(path, sizeof(path), "%s/SOURCE.txt", root);
	if ((f = fopen(path, "r")) == NULL) {
		print_message("skipped: no %s\n", root);
		skip();
	}
	fclose(f);
}

static void
required(const char *files_of, enum schema_draft draft, int count)
{
	struct schema_options options = { draft, false, remote, NULL };
	struct tally t;

	find_suite();
	t = run_files(files_of, &options);
	forget_files();
	assert_int_equal(t.failed, 0);
	assert_int_equal(t.run, count);
}

static void
test_draft_2020_12(void **state)
{
	(void)state;
	required("draft2020-12/*.json", SCHEMA_2020_12, 1299);
}

static void
test_draft_2019_09(void **state)
{
	(void)state;
	required("draft2019-09/*.json", SCHEMA_2019_09, 1259);
}

static void
test_draft_7(void **state)
{
	(void)state;
	required("draft7/*.json", SCHEMA_DRAFT_7, 927);
}

static void
test_draft_6(void **state)
{
	(void)state;
	required("draft6/*.json", SCHEMA_DRAFT_6, 839);
}

static void
test_draft_4(void **state)
{
	(void)state;
	required("draft4/*.json", SCHEMA_DRAFT_4, 618);
}

static const struct {
	const char		*folder;
	enum schema_draft	 draft;
} drafts[] = {
	{ "draft4", SCHEMA_DRAFT_4 }, { "draft6", SCHEMA_DRAFT_6 },
	{ "draft7", SCHEMA_DRAFT_7 }, { "draft2019-09", SCHEMA_2019_09 },
	{ "draft2020-12", SCHEMA_2020_12 }
};

/* How many tests of each draft, in the order above, fail (-1: not looked at). */
static const struct {
	const char	*file;
	bool		 format;
	int		 misses[5];
} optional[] = {
	{ "bignum.json", false, { 0, 0, 0, 0, 0 } },
	{ "float-overflow.json", false, { 0, 0, 0, 0, 0 } },
	{ "ecmascript-regex.json", false, { 0, 0, 0, 0, 0 } },
	{ "non-bmp-regex.json", false, { 0, 0, 0, 0, 0 } },
	{ "id.json", false, { 0, 0, 0, 0, 0 } },
	{ "anchor.json", false, { 0, 0, 0, 0, 0 } },
	{ "cross-draft.json", false, { 0, 0, 0, 0, 0 } },
	{ "dependencies-compatibility.json", false, { 0, 0, 0, 0, 0 } },
	{ "dynamicRef.json", false, { 0, 0, 0, 0, 0 } },
	{ "format-assertion.json", false, { 0, 0, 0, 0, 0 } },
	{ "no-schema.json", false, { 0, 0, 0, 0, 0 } },
	{ "refOfUnknownKeyword.json", false, { 0, 0, 0, 0, 0 } },
	{ "unknownKeyword.json", false, { 0, 0, 0, 0, 0 } },
	{ "zeroTerminatedFloats.json", false, { 0, 0, 0, 0, 0 } },
	/* contentEncoding and contentMediaType are never asserted. */
	{ "content.json", false, { 0, 0, 4, 0, 0 } },
	{ "format/date-time.json", true, { 0, 0, 0, 0, 0 } },
	{ "format/date.json", true, { 0, 0, 0, 0, 0 } },
	{ "format/time.json", true, { 0, 0, 0, 0, 0 } },
	{ "format/duration.json", true, { 0, 0, 0, 0, 0 } },
	{ "format/email.json", true, { 0, 0, 0, 0, 0 } },
	{ "format/ipv4.json", true, { 0, 0, 0, 0, 0 } },
	{ "format/ipv6.json", true, { 0, 0, 0, 0, 0 } },
	{ "format/uri.json", true, { 0, 0, 0, 0, 0 } },
	{ "format/uri-reference.json", true, { 0, 0, 0, 0, 0 } },
	{ "format/uuid.json", true, { 0, 0, 0, 0, 0 } },
	{ "format/json-pointer.json", true, { 0, 0, 0, 0, 0 } },
	{ "format/relative-json-pointer.json", true, { 0, 0, 0, 0, 0 } },
	{ "format/regex.json", true, { 0, 0, 0, 0, 0 } },
	{ "format/unknown.json", true, { 0, 0, 0, 0, 0 } },
	/* A lookbehind with no fixed length. */
	{ "format/ecmascript-regex.json", true, { 0, 0, 1, 1, 1 } },
	{ "format/hostname.json", true, { 0, 0, 0, 0, 0 } },
	{ "format/idn-email.json", true, { 0, 0, 0, 0, 0 } },
	{ "format/iri.json", true, { 0, 0, 0, 0, 0 } },
	{ "format/iri-reference.json", true, { 0, 0, 0, 0, 0 } },
	{ "format/uri-template.json", true, { 0, 0, 0, 0, 0 } },
	/* The bidi rule, and a name of over 253 bytes as xn-- labels. */
	{ "format/idn-hostname.json", true, { 0, 0, 6, 6, 6 } }
};

static void
test_optional(void **state)
{
	int run = 0;

	(void)state;
	find_suite();
	quiet = true;
	for (size_t i = 0; i < sizeof(optional) / sizeof(optional[0]); i++) {
		for (size_t k = 0; k < 5; k++) {
			struct schema_options options = { drafts[k].draft,
			    optional[i].format, remote, NULL };
			struct tally t;
			char path[200];

			snprintf(path, sizeof(path), "%s/optional/%s",
			    drafts[k].folder, optional[i].file);
			t = run_files(path, &options);
			run += t.run;
			if (t.failed != optional[i].misses[k])
				fail_msg("%s: %d of %d failed", path, t.failed,
				    t.run);
		}
		forget_files();
	}
	quiet = false;
	print_message("%d optional tests\n", run);
	assert_op(run, >, 2500);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_draft_2020_12),
		cmocka_unit_test(test_draft_2019_09),
		cmocka_unit_test(test_draft_7),
		cmocka_unit_test(test_draft_6),
		cmocka_unit_test(test_draft_4),
		cmocka_unit_test(test_optional),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
