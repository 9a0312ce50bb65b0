#include "tui/cmd/case_report.h"

#include "core/base/text.h"
#include "tui/cmd/case_text.h"

#define WHY_COLUMNS	400

void
junit_begin(struct buf *b)
{
	buf_puts(b, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n");
}

void
junit_suite(struct buf *b, const char *name, size_t tests, size_t failures,
    size_t errors)
{
	buf_puts(b, "  <testsuite name=\"");
	xml_text(b, slice_of(name));
	buf_printf(b, "\" tests=\"%zu\" failures=\"%zu\" errors=\"%zu\" "
	    "skipped=\"0\">\n", tests, failures, errors);
}

void
junit_case(struct buf *b, const char *suite, const struct case_report *c)
{
	const char *what = c->error ? "error" : "failure";

	buf_puts(b, "    <testcase classname=\"");
	xml_text(b, slice_of(suite));
	buf_puts(b, "\" name=\"");
	xml_text(b, c->name);
	if (c->ms >= 0)
		buf_printf(b, "\" time=\"%.3f", c->ms / 1000);
	if (c->passed) {
		buf_puts(b, "\"/>\n");
		return;
	}
	buf_printf(b, "\"><%s message=\"", what);
	xml_text(b, c->why);
	buf_puts(b, "\"/></testcase>\n");
}

void
junit_suite_end(struct buf *b)
{
	buf_puts(b, "  </testsuite>\n");
}

void
junit_end(struct buf *b)
{
	buf_puts(b, "</testsuites>\n");
}

void
tap_begin(struct buf *b, size_t tests)
{
	buf_printf(b, "TAP version 14\n1..%zu\n", tests);
}

void
tap_case(struct buf *b, size_t n, const struct case_report *c)
{
	buf_printf(b, "%s %zu - ", c->passed ? "ok" : "not ok", n);
	tap_text(b, c->name);
	if (!c->passed) {
		buf_puts(b, "\n# ");
		text_sanitize_line(b, c->why, WHY_COLUMNS);
	}
	buf_putc(b, '\n');
}
