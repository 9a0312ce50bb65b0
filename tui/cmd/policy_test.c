#include "tui/cmd/policy_test.h"

#include "core/policy/read.h"
#include "queue/http.h"
#include "queue/file.h"
#include "queue/ingest/policy_test.h"
#include "tui/cmd/case_report.h"

struct case_printing {
	bool		 junit;
	const char	*suite;
	struct buf	 b;
	size_t		 n, missed;
};

static enum status
print_case(void *arg, const struct case_result *r, struct error *err)
{
	const struct case_report c = { .name = r->name, .why = r->why, .ms = -1,
	    .passed = r->passed };
	struct case_printing *p = arg;

	p->n++;
	p->missed += !r->passed;
	if (p->junit)
		junit_case(&p->b, p->suite, &c);
	else
		tap_case(&p->b, p->n, &c);
	return buf_check(&p->b, err);
}

/* How many there are stands before them. */
static enum status
print_all(struct case_printing *p, struct error *err)
{
	struct buf head = BUF_INIT;
	enum status st;

	if (p->junit) {
		junit_begin(&head);
		junit_suite(&head, p->suite, p->n, p->missed, 0);
		junit_suite_end(&p->b);
		junit_end(&p->b);
	} else
		tap_begin(&head, p->n);
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
