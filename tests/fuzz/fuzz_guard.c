/*
 * Every kind of guard over a text.  The first byte chooses the guard, 'a' the
 * first; behind a NUL byte stands what a guard service answers.
 *
 * It must hold that findings lie within the text, on its characters, that a
 * second run finds the same (of profanity one that looks at every token), that
 * what is redacted is text, and JSON where it was, and that what is released has
 * nothing in it that would be redacted but the marks themselves.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/json/decoded.h"
#include "core/guard/profanity/profanity.h"
#include "core/pattern/pattern.h"
#include "core/judge/redact.h"
#include "core/judge/judge.h"
#include "core/base/text.h"
#include "core/base/utf8.h"
#include "core/policy/loader.h"
#include "core/policy/read.h"

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static const char policy_text[] =
    "guard \"a\" { kind = \"pii\" }\n"
    "guard \"b\" { kind = \"pii\"  min_score = 0  decode = { base64, url }\n"
    "  own \"X\" { pattern = '[a-c]+\\d'  validator = luhn }\n"
    "  own \"Y\" { pattern = '\\d{3}'  context = { \"card\", \"a b\" } } }\n"
    "guard \"c\" { kind = \"secrets\" }\n"
    "guard \"d\" { kind = \"secrets\"  min_entropy = 0 }\n"
    "guard \"e\" { kind = \"hidden\" }\n"
    "guard \"f\" { kind = \"profanity\"  words = { \"words\" }\n"
    "  languages = { en, de, es, fr, it } }\n"
    "guard \"g\" { kind = \"refusal\" }\n"
    "guard \"h\" { kind = \"repetition\"  max = 1 }\n"
    "guard \"i\" { kind = \"ending\" }\n"
    "guard \"j\" { kind = \"length\"  min = 3  max = 9 }\n"
    "guard \"k\" { kind = \"contains\"  pattern = 'a\xc3\xa4' }\n"
    "guard \"l\" { kind = \"regex\"  pattern = '(a+)+\xc3\xa4|\\W\\d*' }\n"
    "guard \"m\" { kind = \"format\"  is = json }\n"
    "guard \"n\" { kind = \"format\"  is = xml }\n"
    "guard \"o\" { kind = \"format\"  is = markdown }\n"
    "guard \"p\" { kind = \"format\"  is = sql }\n"
    "guard \"q\" { kind = \"json-schema\"  schema = \"schema\" }\n"
    "guard \"r\" { kind = \"json-schema\"  schema = \"schema\"  extract = true\n"
    "  format = true }\n"
    "guard \"s\" { kind = \"http\"  url = \"http://h\"  shape = presidio }\n"
    "guard \"t\" { kind = \"http\"  url = \"http://h\"\n"
    "  shape = openai-moderation }\n"
    "guard \"u\" { kind = \"http\"  url = \"http://h\"  shape = litellm }\n"
    "guard \"v\" { kind = \"http\"  url = \"http://h\"  shape = generic\n"
    "  spans = \"/a\"  score = \"/b/0\" }\n"
    "guard \"label-pii\" { kind = \"pii\"  redact = label }\n"
    "guard \"label-secrets\" { kind = \"secrets\"  redact = label }\n"
    "guard \"hash-pii\" { kind = \"pii\"  redact = hash }\n"
    "guard \"hash-secrets\" { kind = \"secrets\"  redact = hash }\n"
    "guard \"mask-pii\" { kind = \"pii\"  redact = mask }\n"
    "guard \"mask-profanity\" { kind = \"profanity\"  redact = mask }\n"
    "queue \"label\" { guards = { \"label-pii\", \"label-secrets\" }\n"
    "  rule \"all\" { when = \"1\"  route = approve } }\n"
    "queue \"hash\" { guards = { \"hash-pii\", \"hash-secrets\" }\n"
    "  rule \"all\" { when = \"1\"  route = approve } }\n"
    "queue \"mask\" { guards = { \"mask-pii\", \"mask-profanity\" }\n"
    "  rule \"all\" { when = \"1\"  route = approve } }\n";

static const char schema_text[] =
    "{\"type\":\"object\",\"required\":[\"a\"],\"properties\":{\"a\":{"
    "\"type\":\"string\",\"format\":\"email\",\"maxLength\":9},\"b\":{"
    "\"items\":{\"multipleOf\":0.1,\"not\":{\"const\":1}},"
    "\"uniqueItems\":true}},\"patternProperties\":{\"^x+$\":{\"$ref\":"
    "\"#\"}},\"unevaluatedProperties\":false}";

static const enum redact marks[] = { REDACT_LABEL, REDACT_MASK, REDACT_HASH };
static const char *const queues[] = { "label", "hash", "mask" };

static struct {
	struct policy	*policy;
	struct judge	*judge;
	struct scratch	*scratch;
	struct decoded	 decoded;
	struct arena	 arena;
	struct findings	 found[2];
	struct slice	 answer;
} s;

static enum status
load(void *arg, const char *path, struct buf *out, struct error *err)
{
	(void)arg;
	buf_puts(out, strcmp(path, "schema") == 0 ? schema_text :
	    strcmp(path, "words") == 0 ? "weasel high\nna\xc3\xafve\n" :
	    policy_text);
	return buf_check(out, err);
}

static enum status
answer(void *arg, const struct guard_request *r, struct buf *out,
    struct error *err)
{
	(void)arg;
	if (r->body.n == 0)
		abort();
	buf_add_slice(out, s.answer);
	return buf_check(out, err);
}

static void
setup(void)
{
	static const struct guard_outside outside = { answer, NULL };
	static const struct judge_options options = { .key = { "key", 3 } };
	struct loader loader = { load, NULL, NULL };
	struct error err = { STATUS_OK, "" };

	if (policy_load(&s.policy, "policy.conf", &loader, &outside, &err) !=
	    STATUS_OK || scratch_new(&s.scratch, &err) != STATUS_OK ||
	    judge_new(&s.judge, s.policy, &options, &err) != STATUS_OK) {
		fprintf(stderr, "%s\n", err.text);
		abort();
	}
}

static bool
at_character(struct slice text, size_t at)
{
	return at == text.n || ((unsigned char)text.p[at] & 0xc0) != 0x80;
}

static void
look_at(const struct finding *f, struct slice text)
{
	if (f->start > f->end || f->end > text.n ||
	    !at_character(text, f->start) || !at_character(text, f->end) ||
	    !(f->score >= 0 && f->score <= 1) || f->severity < SEVERITY_INFO ||
	    f->severity > SEVERITY_CRITICAL || f->message.n == 0 ||
	    utf8_valid(f->message.p, f->message.n) != f->message.n ||
	    utf8_valid(f->kind.p, f->kind.n) != f->kind.n)
		abort();
}

static enum status
run(const struct guard *g, struct slice text, struct findings *out)
{
	struct guard_run r = { text, true, NULL, s.scratch, &s.arena, out,
	    g->name, g->kind };
	struct error err = { STATUS_OK, "" };
	enum status st;
	size_t i;

	out->n = 0;
	st = g->kind->run(g->compiled, &r, &err);
	if (st != STATUS_OK && (err.code != st || err.text[0] == '\0'))
		abort();
	for (i = 0; st == STATUS_OK && i < out->n; i++)
		look_at(&out->v[i], text);
	return st;
}

static bool
is_json(struct slice text)
{
	struct error err = { STATUS_OK, "" };

	if (decoded_read(&s.decoded, text, true, &err) != STATUS_OK)
		abort();
	return s.decoded.is_json;
}

/* What stands for the findings is text, and JSON stays JSON. */
static void
redact(const struct guard *g, struct slice text, enum redact mark)
{
	struct redact_text of = { .text = text, .is_string = true,
	    .key = SLICE("key") };
	struct findings *f = &s.found[0];
	struct error err = { STATUS_OK, "" };
	struct redacted out;
	size_t i;

	for (i = 0; i < f->n; i++) {
		f->v[i].redact = (int)mark;
		if (strcmp(g->kind->name, "pii") == 0 && i > 0 &&
		    f->v[i].start < f->v[i - 1].end)
			abort();
	}
	if (redact_apply(&of, f->v, f->n, &s.arena, &out, &err) != STATUS_OK ||
	    utf8_valid(out.text.p, out.text.n) != out.text.n ||
	    (is_json(text) && !is_json(out.text)))
		abort();
}

/* The byte behind a mark that begins at p, or p where none does. */
static const char *
mark_end(const char *p, const char *end)
{
	const char *q = p;

	if (q < end && *q == '*') {
		for (; q < end && *q == '*'; q++)
			;
		return end - q < 64 ? end : q + 64;	/* four characters */
	}
	if (q == end || *q++ != '<')
		return p;
	while (q < end && (isalnum((unsigned char)*q) ||
	    memchr("_-:", *q, 3) != NULL))
		q++;
	return q < end && *q == '>' ? q + 1 : p;
}

/* Is there nothing in the finding but what stands for others? */
static bool
is_marks(struct slice text, const struct finding *f)
{
	const char *p = text.p, *end = p + text.n, *q;
	const char *at = p + f->start;

	while (p < end && p <= at) {
		q = mark_end(p, end);
		if (q > at)
			at = q;
		for (p++; p < end && p[-1] == '*' && *p == '*'; p++)
			;
	}
	return at >= text.p + f->end;
}

static void
release(const char *queue, struct slice text)
{
	struct item item = { .id = SLICE("x"), .queue = slice_of(queue),
	    .output = text, .output_is_string = true };
	struct error err = { STATUS_OK, "" };
	struct verdict v, again;
	size_t i;

	if (judge_item(s.judge, &item, &s.arena, &v, &err) != STATUS_OK)
		abort();
	for (i = 0; i < v.nfindings; i++)
		look_at(&v.findings[i], text);
	if (!v.released)
		return;
	if (utf8_valid(v.release.p, v.release.n) != v.release.n ||
	    (is_json(text) && !is_json(v.release)))
		abort();
	item.output = v.release;
	if (judge_item(s.judge, &item, &s.arena, &again, &err) != STATUS_OK)
		abort();
	for (i = 0; i < again.nfindings && v.release.p != text.p; i++)
		if (!is_marks(v.release, &again.findings[i]))
			abort();
}

/* Is the second list what the first is? */
static bool
same(const struct findings *a, const struct findings *b)
{
	size_t i;

	for (i = 0; i < a->n && i < b->n; i++)
		if (a->v[i].start != b->v[i].start ||
		    a->v[i].end != b->v[i].end ||
		    !slice_eq(a->v[i].kind, b->v[i].kind))
			return false;
	return a->n == b->n;
}

static void
scan_all(const struct guard *g, bool all)
{
	if (strcmp(g->kind->name, "profanity") == 0)
		profanity_form(g->compiled, all ? SCAN_ALL : SCAN_BEST);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	const struct guard *g;
	struct slice text;
	const char *nul;
	enum status st, again;
	size_t i;

	if (n == 0)
		return 0;
	if (s.policy == NULL)
		setup();
	g = &s.policy->guards[(uint8_t)(data[0] - 'a') % s.policy->nguards];
	text = (struct slice){ (const char *)data + 1, n - 1 };
	s.answer = SLICE("[]");
	if ((nul = memchr(text.p, '\0', text.n)) != NULL) {
		s.answer = (struct slice){ nul + 1,
		    text.n - (size_t)(nul - text.p) - 1 };
		text.n = (size_t)(nul - text.p);
	}
	text.n = utf8_valid(text.p, text.n);
	arena_reset(&s.arena);
	st = run(g, text, &s.found[0]);
	scan_all(g, true);
	again = run(g, text, &s.found[1]);
	scan_all(g, false);
	if (st != again && st != STATUS_LIMIT && again != STATUS_LIMIT)
		abort();		/* of limits one is of time */
	if (st != STATUS_OK || again != STATUS_OK)
		return 0;
	if (!same(&s.found[0], &s.found[1]))
		abort();
	for (i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
		redact(g, text, marks[i]);
	for (i = 0; i < sizeof(queues) / sizeof(queues[0]); i++)
		release(queues[i], text);
	return 0;
}
