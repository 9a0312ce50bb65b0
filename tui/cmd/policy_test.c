#include "tui/cmd/policy_test.h"

#include <stdio.h>

#include "core/base/text.h"
#include "core/policy/read.h"
#include "queue/http.h"
#include "queue/file.h"
#include "queue/ingest/policy_test.h"
#include "tui/cmd/case_text.h"

struct case_printing {
	bool		 junit;
	const char	*suite;
	struct buf	 b;
	size_t		 n, missed;
};

static void
print_junit(struct case_printing *p, const struct case_result *r)
{
	buf_puts(&p->b, "  <testcase classname=\"");
	xml_text(&p->b, slice_of(p->suite));
	buf_puts(&p->b, "\" name=\"");
	xml_text(&p->b, r->name);
	if (r->passed) {
		buf_puts(&p->b, "\"/>\n");
		return;
	}
	buf_puts(&p->b, "\"><failure message=\"");
	xml_text(&p->b, r->why);
	buf_puts(&p->b, "\"/></testcase>\n");
}

static void
print_tap(struct case_printing *p, const struct case_result *r)
{
	buf_printf(&p->b, "%s %zu - ", r->passed ? "ok" : "not ok", p->n);
	tap_text(&p->b, r->name);
	if (!r->passed) {
		buf_puts(&p->b, "\n# ");
		text_sanitize_line(&p->b, r->why, 400);
	}
	buf_putc(&p->b, '\n');
}

static enum status
print_case(void *arg, const struct case_result *r, struct error *err)
{
	struct case_printing *p = arg;

	p->n++;
	p->missed += !r->passed;
	if (p->junit)
		print_junit(p, r);
	else
		print_tap(p, r);
	return buf_check(&p->b, err);
}

static enum status
print_all(struct case_printing *p, struct error *err)
{
	struct buf head = BUF_INIT;
	enum status st;

	if (p->junit) {
		buf_puts(&head, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
		    "<testsuite name=\"");
		xml_text(&head, slice_of(p->suite));
		buf_printf(&head, "\" tests=\"%zu\" failures=\"%zu\">\n", p->n,
		    p->missed);
		buf_puts(&p->b, "</testsuite>\n");
	} else
		buf_printf(&head, "1..%zu\n", p->n);
	if ((st = cmd_print(&head, err)) == STATUS_OK)
		st = cmd_print(&p->b, err);
	buf_release(&head);
	return st;
}

int
policy_test_cmd(struct cmd_run *run)
{
	struct case_printing p = { .junit = cmd_value(run, "junit") != NULL };
	struct policy *policy = NULL;
	struct buf cases = BUF_INIT;
	enum status st;

	if (run->argc != 2)
		return cmd_usage(run, "test: one FILE of cases is wanted; the "
		    "policy is named with -p");
	p.suite = run->argv[1];
	st = run->policy == NULL ? policy_builtin(&policy, &run->err) :
	    policy_load(&policy, run->policy, &file_loader, &http_outside,
	    &run->err);
	if (st == STATUS_OK)
		st = file_read(run->argv[1], &cases, &run->err);
	if (st == STATUS_OK)
		st = policy_test_run(policy, run->argv[1], buf_slice(&cases),
		    print_case, &p, &run->err);
	if (st == STATUS_OK)
		st = print_all(&p, &run->err);
	buf_release(&p.b);
	buf_release(&cases);
	policy_free(policy);
	if (st != STATUS_OK)
		return cmd_unable(run);
	return p.missed == 0 ? EXIT_WELL : EXIT_SHORT;
}
