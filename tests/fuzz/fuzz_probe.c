/*
 * A text changed in each of the ways of `handrail probe`; the first byte says whether
 * it is an output.
 *
 * It must hold that what stood in the buffer stays, that text stays text, that the same
 * comes each time, and that JSON which is to be broken is none.
 */
#include "core/base/utf8.h"
#include "core/json/parse.h"
#include "core/suite/probe.h"
#include "tests/fuzz/must.h"

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static bool
is_json(struct slice s)
{
	struct json j = JSON_INIT;
	struct json_error why;
	bool is = json_parse(&j, s, JSON_DEPTH_MAX, JSON_NUL_ALLOWED, &why) ==
	    STATUS_OK;

	json_release(&j);
	return is;
}

static void
must_hold(enum probe p, struct slice text, bool is_output, struct slice out)
{
	MUST(utf8_valid(out.p, out.n) == out.n);
	switch (p) {
	case PROBE_EMPTY:
		MUST(out.n == 0);
		break;
	case PROBE_TRUNCATED:
		MUST(out.n < text.n && memcmp(out.p, text.p, out.n) == 0);
		break;
	case PROBE_TYPOS:
	case PROBE_NUMBERS:
		MUST(out.n == text.n && memcmp(out.p, text.p, out.n) != 0);
		break;
	case PROBE_BROKEN_JSON:
		MUST(!is_json(out));
		break;
	default:
		MUST(out.n > text.n || is_output);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct buf b = BUF_INIT, again = BUF_INIT;
	struct slice text;
	bool is_output, changed;
	unsigned p;

	if (n < 1)
		return 0;
	is_output = data[0] % 2 == 1;
	text = (struct slice){ (const char *)data + 1, n - 1 };
	if (utf8_valid(text.p, text.n) != text.n)
		return 0;
	for (p = 0; p < PROBES; p++) {
		buf_clear(&b);
		buf_clear(&again);
		buf_puts(&b, "before");
		changed = probe_text((enum probe)p, text, is_output, &b);
		MUST(b.n >= 6 && memcmp(b.p, "before", 6) == 0);
		MUST(probe_text((enum probe)p, text, is_output, &again) ==
		    changed && again.n == b.n - 6 && (again.n == 0 ||
		    memcmp(again.p, b.p + 6, again.n) == 0));
		if (changed)
			must_hold((enum probe)p, text, is_output, (struct slice){
			    b.p + 6, b.n - 6 });
	}
	buf_release(&b);
	buf_release(&again);
	return 0;
}
