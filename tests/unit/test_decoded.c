/* Guards over JSON outputs: what they read, where it is, what becomes of it. */
#include "tests/unit/judge_test.h"

#include "core/json/decoded.h"
#include "tests/unit/values.h"

#define POLICY(redact) \
	"guard \"pii\" { redact = " redact " }\n" \
	"guard \"secrets\" { redact = " redact " }\n" \
	"queue \"q\" { guards = { \"pii\", \"secrets\", \"profanity\", " \
	"\"hidden\", \"refusal\" }\n" \
	"rule \"all\" { when = \"1\" route = approve } }"

static const struct finding *
found(const struct fixture *f, const char *guard)
{
	size_t i;

	for (i = 0; i < f->v.nfindings; i++)
		if (strcmp(f->v.findings[i].guard, guard) == 0)
			return &f->v.findings[i];
	return NULL;
}

/* One finding of the guard, of those bytes of the output, in that value, if any. */
static void
finds(struct fixture *f, const char *guard, const char *bytes,
    const char *pointer)
{
	const struct finding *x;
	struct slice at;
	size_t i, n = 0;

	judge(f);
	for (i = 0; i < f->v.nfindings; i++)
		n += strcmp(f->v.findings[i].guard, guard) == 0;
	if (n != 1)
		fail_msg("%zu findings of %s in %.*s", n, guard,
		    SLICE_ARG(f->item.output));
	x = found(f, guard);
	at = (struct slice){ f->item.output.p + x->start, x->end - x->start };
	if (!slice_is(at, bytes))
		fail_msg("found %.*s, not %s", SLICE_ARG(at), bytes);
	if (pointer == NULL ? x->pointer.p != NULL :
	    !slice_is(x->pointer, pointer))
		fail_msg("at %.*s, not %s", SLICE_ARG(x->pointer),
		    pointer == NULL ? "nowhere" : pointer);
}

static void
what_is_written_as_an_escape_is_found(void **state)
{
	static const struct {
		const char *output, *guard, *bytes, *pointer;
	} rows[] = {
		{ "{\"reply\":\"pay \\u202e001 now\"}", "hidden", "\\u202e",
		    "/reply" },
		{ "{\"a\":[0,\"ana\\u0040kowal.de\"]}", "pii",
		    "ana\\u0040kowal.de", "/a/1" },
		{ "[\"\\u0066uck you\"]", "profanity", "\\u0066uck", "/0" },
		{ "{\"reply\":\"Here:\\nAKIAK22S6N6LPAAX3EJO\"}", "secrets",
		    "AKIAK22S6N6LPAAX3EJO", "/reply" },
		{ "{\"arguments\":\"{\\\"body\\\":\\\"Card:\\\\n"
		    "4111 1111 1111 1111\\\"}\"}", "pii",
		    "4111 1111 1111 1111", "/arguments/body" },
		{ "{\"a/b~\":\"\\ud83d\\ude00 ana\\u0040kowal.de\\n\"}", "pii",
		    "ana\\u0040kowal.de", "/a~1b~0" },
		{ "{\"p\\u0061ssword\":\"hunter2!xyz\"}", "secrets",
		    "hunter2!xyz", "/password" },
		{ "{\"password\":[\"hunter2!xyz\"]}", "secrets",
		    "hunter2!xyz", "/password/0" },
		{ "{\"ana\\u0040kowal.de\":1}", "pii", "ana\\u0040kowal.de",
		    "/ana@kowal.de" },
		{ "{\"card\":4111111111111111}", "pii", "4111111111111111",
		    "/card" },
		/* A lone surrogate, or a key twice, hides nothing. */
		{ "{\"a\":\"\\ud83d x\\nana\\u0040kowal.de\"}", "pii",
		    "ana\\u0040kowal.de", "/a" },
		{ "{\"a\":\"ana\\u0040kowal.de\",\"a\":1}", "pii",
		    "ana\\u0040kowal.de", "/a" },
		{ "  [\"I'm sorry, but I can\\u0027t help with that.\"] ",
		    "refusal", "I'm sorry, but I can\\u0027t help with that.",
		    "/0" },
	};
	struct fixture f;
	size_t i;

	(void)state;
	fixture_init(&f, POLICY("off"), NULL);
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		f.item.output = slice_of(rows[i].output);
		finds(&f, rows[i].guard, rows[i].bytes, rows[i].pointer);
	}
	fixture_release(&f);
}

/* The same text found in the bytes and in a value is one finding. */
static void
what_is_found_twice_is_told_once(void **state)
{
	struct fixture f;

	(void)state;
	fixture_init(&f, POLICY("off"), NULL);
	f.item.output = SLICE("{\"x\":\"a\\nb\",\"to\":\"ana@kowal.de\"}");
	finds(&f, "pii", "ana@kowal.de", "/to");
	f.item.output = SLICE("{\"to\":\"mail\\tana@kowal.de\"}");
	finds(&f, "pii", "ana@kowal.de", "/to");
	fixture_release(&f);
}

static void
what_is_no_json_is_prose(void **state)
{
	struct fixture f;

	(void)state;
	fixture_init(&f, POLICY("label"), NULL);
	f.item.output = SLICE("{\"to\":\"x ana@kowal.de\\n\"");
	judge(&f);
	assert_int_equal(f.v.nfindings, 1);
	assert_null(f.v.findings[0].pointer.p);
	assert_slice(f.v.release, "{\"to\":\"x <EMAIL_ADDRESS>\\n\"");
	fixture_release(&f);
}

/* Neither a fence nor what breaks the grammar hides what the escapes say. */
static void
what_only_has_json_in_it_is_read_too(void **state)
{
	static const struct {
		const char *output, *guard, *bytes;
	} rows[] = {
		{ "\xef\xbb\xbf{\"to\":\"ana\\u0040kowal.de\"}", "pii",
		    "ana\\u0040kowal.de" },
		{ "Here:\n```json\n{\"x\":\"Here:\\nAKIAK22S6N6LPAAX3EJO\"}\n"
		    "```", "secrets", "AKIAK22S6N6LPAAX3EJO" },
		{ "{\"a\":1}\n{\"to\":\"mail:\\nana@kowal.de\"}\n", "pii",
		    "ana@kowal.de" },
		{ "{\"call\":\"{\\\"to\\\":\\\"mail:\\\\nana@kowal.de", "pii",
		    "ana@kowal.de" },
		{ "{\"to\":\"\\u0066uck\", \"n\": NaN}", "profanity",
		    "\\u0066uck" },
		{ "{\"to\":\"\\ud83d\\ude00 x\\u202ey\",}", "hidden", "\\u202e" },
		{ "\"ana\\u0040kowal.de\"", "pii", "ana\\u0040kowal.de" },
		/* Escapes that are none, and half of one at the end. */
		{ "{\"p\":\"\\x \\bana\\u0040kowal.de \\u00zz \\ud83d", "pii",
		    "ana\\u0040kowal.de" },
	};
	struct fixture f;
	size_t i;

	(void)state;
	fixture_init(&f, POLICY("off"), NULL);
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		f.item.output = slice_of(rows[i].output);
		finds(&f, rows[i].guard, rows[i].bytes, NULL);
	}
	/* In a string of JSON, its pointer is known; prose and TeX are prose. */
	f.item.output = SLICE("{\"args\":\"{\\\"to\\\":\\\"m:\\\\nana@kowal.de\"}");
	finds(&f, "pii", "ana@kowal.de", "/args");
	f.item.output = SLICE("Say \"\\u202e\"; \\nabla f = \\beta");
	judge(&f);
	assert_int_equal(f.v.nfindings, 0);
	fixture_release(&f);
	fixture_init(&f, POLICY("label"), NULL);
	f.item.output = SLICE("```\n{\"to\":\"m:\\nana@kowal.de\"}\n```");
	judge(&f);
	assert_true(slice_is(f.v.release,
	    "```\n{\"to\":\"m:\\n<EMAIL_ADDRESS>\"}\n```"));
	f.item.output = SLICE("{\"args\":\"{\\\"to\\\":\\\"m:\\\\nana@kowal.de\"}");
	judge(&f);
	assert_true(slice_is(f.v.release,
	    "{\"args\":\"{\\\"to\\\":\\\"m:\\\\n<EMAIL_ADDRESS>\"}"));
	fixture_release(&f);
}

static void
releases(struct fixture *f, const char *output, const char *want)
{
	f->item.output = slice_of(output);
	judge(f);
	if (!slice_is(f->v.release, want))
		fail_msg("%s gives %.*s, not %s", output,
		    SLICE_ARG(f->v.release), want);
}

static void
redacted_json_is_json(void **state)
{
	struct fixture f;

	(void)state;
	fixture_init(&f, POLICY("label"), NULL);
	releases(&f, "{\"to\" : \"mail:\\nana@kowal.de\\n\\u00fc\"}",
	    "{\"to\" : \"mail:\\n<EMAIL_ADDRESS>\\n\\u00fc\"}");
	releases(&f, "{\"n\":4111111111111111,\"m\":1.50}",
	    "{\"n\":\"<CREDIT_CARD>\",\"m\":1.50}");
	releases(&f, "{\"a\":\"{\\\"b\\\":\\\"x\\\\nana\\\\u0040kowal.de\\\","
	    "\\\"n\\\":4111111111111111}\"}",
	    "{\"a\":\"{\\\"b\\\":\\\"x\\\\n<EMAIL_ADDRESS>\\\","
	    "\\\"n\\\":\\\"<CREDIT_CARD>\\\"}\"}");
	f.item.output_is_string = false;
	releases(&f, "4111111111111111", "\"<CREDIT_CARD>\"");
	releases(&f, "\"x ana@kowal.de\"", "\"x <EMAIL_ADDRESS>\"");
	fixture_release(&f);
	fixture_init(&f, POLICY("mask"), NULL);
	releases(&f, "[\"ana@kowal.\\u0064e\",4111111111111111]",
	    "[\"********l.de\",\"************1111\"]");
	fixture_release(&f);
}

static void
what_overlaps_is_covered_as_a_whole(void **state)
{
	struct fixture f;

	(void)state;
	fixture_init(&f, POLICY("label"), NULL);
	releases(&f, "DE89 3704 0044 0532 0130 00_0@example.cm",
	    "<IBAN_CODE><EMAIL_ADDRESS>");
	releases(&f, "bob@example.co-45-678 (at) example (dot) com",
	    "<EMAIL_ADDRESS>-<EMAIL_ADDRESS>");
	releases(&f, "{\"a\":\"DE89 3704 0044 0532 0130 00_0@example.cm\"}",
	    "{\"a\":\"<IBAN_CODE><EMAIL_ADDRESS>\"}");
	fixture_release(&f);
}

static void
what_cannot_be_redacted_waits_for_a_person(void **state)
{
	struct fixture f;

	(void)state;
	fixture_init(&f, POLICY("label"), NULL);
	f.item.output = SLICE("{\"ana@kowal.de\":1}");
	judge(&f);
	assert_int_equal(f.v.route, ROUTE_FLAG);
	assert_string_equal(f.v.rule, "redaction incomplete");
	assert_false(f.v.released);
	fixture_release(&f);
	/* Of a thousand findings and one more the rest is looked for again. */
	fixture_init(&f, "guard \"d\" { kind = regex pattern = '\\d' "
	    "redact = label }\nqueue \"q\" { guards = { \"d\" }\n"
	    "rule \"all\" { when = \"1\" route = approve } }", NULL);
	{
		static char many[5000];

		memset(many, '7', sizeof(many));
		f.item.output = (struct slice){ many, 2500 };
		judge(&f);
		assert_int_equal(f.v.route, ROUTE_APPROVE);
		assert_null(memchr(f.v.release.p, '7', f.v.release.n));
		f.item.output.n = 5000;
		judge(&f);
		assert_string_equal(f.v.rule, "redaction incomplete");
	}
	fixture_release(&f);
}

static void
a_guard_reads_the_leaves_where_it_is_told_to(void **state)
{
	struct fixture f;

	(void)state;
	fixture_init(&f, "guard \"raw\" { kind = regex pattern = '^x$' }\n"
	    "guard \"each\" { kind = regex pattern = '^x$' on = leaves }\n"
	    "guard \"there\" { kind = contains pattern = 'hello\nx' "
	    "must = present on = leaves }\n"
	    "guard \"size\" { kind = length max = 7 on = leaves }\n"
	    "guard \"off\" { kind = pii on = output }\n"
	    "queue \"q\" { guards = { \"raw\", \"each\", \"there\", \"size\", "
	    "\"off\" } }", NULL);
	f.item.output = SLICE("{\"k\":\"hello\",\"v\":\"\\u0078\"}");
	finds(&f, "each", "\\u0078", "/v");
	assert_null(found(&f, "raw"));
	assert_null(found(&f, "there"));
	assert_null(found(&f, "size"));
	f.item.output = SLICE("{\"k\":\"hello ana\\u0040kowal.de\"}");
	judge(&f);
	assert_non_null(found(&f, "there"));
	assert_non_null(found(&f, "size"));
	assert_null(found(&f, "off"));
	fixture_release(&f);
}

/* JSON in a string in JSON ..., down to where it is text. */
static void
nesting_has_an_end(void **state)
{
	struct decoded d;
	struct buf b = BUF_INIT, next;
	struct error err = { STATUS_OK, "" };
	uint32_t deepest = 0, i, k;

	(void)state;
	memset(&d, 0, sizeof(d));
	buf_puts(&b, "{\"a\":\"\\n\"}");
	for (i = 0; i < DECODED_NEST + 3; i++) {
		buf_init(&next);
		buf_puts(&next, "{\"a\":\"");
		for (k = 0; k < b.n; k++) {
			if (b.p[k] == '"' || b.p[k] == '\\')
				buf_putc(&next, '\\');
			buf_putc(&next, b.p[k]);
		}
		buf_puts(&next, "\"}");
		buf_release(&b);
		b = next;
	}
	assert_int_equal(decoded_read(&d, buf_slice(&b), true, &err),
	    STATUS_OK);
	assert_true(d.is_json);
	for (i = 0; i < d.n; i++)
		if (decoded_depth(&d, &d.v[i]) > deepest)
			deepest = decoded_depth(&d, &d.v[i]);
	assert_int_equal(deepest, DECODED_NEST);
	assert_true(d.deeper);
	decoded_release(&d);
	buf_release(&b);
}

/* Places far into a value with many escapes, there and back again. */
static void
places_are_mapped_both_ways(void **state)
{
	static const char piece[] = "x\\n\\u00fc\\ud83d\\ude00y";
	enum { PIECES = 2000, DECODED = 1 + 1 + 2 + 4 + 1 };
	const size_t written = sizeof(piece) - 1;
	struct error err = { STATUS_OK, "" };
	struct buf b = BUF_INIT;
	struct decoded d;
	const struct decoded_value *v;
	uint32_t start, end, i;
	size_t from, to;

	(void)state;
	memset(&d, 0, sizeof(d));
	buf_puts(&b, "[\"");
	for (i = 0; i < PIECES; i++)
		buf_puts(&b, piece);
	buf_puts(&b, "\"]");
	assert_int_equal(decoded_read(&d, buf_slice(&b), true, &err),
	    STATUS_OK);
	v = &d.v[0];
	assert_int_equal(v->n, PIECES * DECODED);
	for (i = 0; i < PIECES; i++) {
		/* From the LF to behind the emoji. */
		assert_int_equal(decoded_place(&d, v, i * DECODED + 1,
		    i * DECODED + 8, &start, &end, &err), STATUS_OK);
		assert_int_equal(start, 2 + i * written + 1);
		assert_int_equal(end, 2 + (i + 1) * written - 1);
		/* Cut within both it is as much. */
		assert_int_equal(decoded_within(&d, v, start + 1, end - 1,
		    &from, &to, &err), STATUS_OK);
		assert_int_equal(from, i * DECODED + 1);
		assert_int_equal(to, i * DECODED + 8);
	}
	decoded_release(&d);
	buf_release(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_written_as_an_escape_is_found),
		cmocka_unit_test(what_is_found_twice_is_told_once),
		cmocka_unit_test(what_is_no_json_is_prose),
		cmocka_unit_test(what_only_has_json_in_it_is_read_too),
		cmocka_unit_test(redacted_json_is_json),
		cmocka_unit_test(what_overlaps_is_covered_as_a_whole),
		cmocka_unit_test(what_cannot_be_redacted_waits_for_a_person),
		cmocka_unit_test(a_guard_reads_the_leaves_where_it_is_told_to),
		cmocka_unit_test(nesting_has_an_end),
		cmocka_unit_test(places_are_mapped_both_ways),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
