/* Bundles: a policy and prompts that go into force together, and back. */
#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#include "core/json/write.h"
#include "core/policy/read.h"
#include "queue/file.h"
#include "queue/http.h"
#include "queue/policies.h"
#include "queue/prompt/bundle_make.h"
#include "queue/prompt/bundle_use.h"
#include "queue/review/review.h"
#include "tui/cmd/action.h"
#include "tui/cmd/bundle_show.h"

#define MODELS_MOST	100

static enum status
print_made(struct cmd_run *run, const struct bundle_making *m)
{
	struct buf b = BUF_INIT;
	struct writer w = WRITER(&b, WRITE_SHOWN);
	enum status st;

	if (cmd_value(run, "json") != NULL) {
		write_object(&w, NULL);
		write_int(&w, "bundle", m->n);
		write_bool(&w, "made", !m->known);
		write_word(&w, "policy", m->policy_id);
		write_int(&w, "prompts", (int64_t)m->nprompts);
		write_int(&w, "models", (int64_t)m->models_found);
		write_end(&w);
		write_line(&w);
	} else
		buf_printf(&b, "bundle %" PRId64 " %s: policy %.*s, %zu prompt%s, "
		    "%zu model%s\n", m->n, m->known ? "is that already" : "made",
		    POLICY_SHORT, m->policy_id, m->nprompts,
		    m->nprompts == 1 ? "" : "s", m->models_found,
		    m->models_found == 1 ? "" : "s");
	st = cmd_print(&b, &run->err);
	buf_release(&b);
	return st;
}

/* The policy that the words name, a file or an id; NULL for the one in force. */
static enum status
get_policy(struct cmd_run *run, struct session *s, const char *name,
    struct policy **out)
{
	struct error why = { 0 };
	enum status st;

	*out = NULL;
	if (name == NULL)
		return STATUS_OK;
	if (access(name, R_OK) == 0)
		return policy_load(out, name, &file_loader, &http_outside,
		    &run->err);
	st = policies_get(s->store, name, out, &why);
	if (st != STATUS_NOT_FOUND) {
		run->err = why;
		return st;
	}
	return error_set(&run->err, STATUS_INVALID, "%s: no such file, "
	    "and no policy of the store has that id; see handrail policy list", name);
}

static int
make_store(struct cmd_run *run, struct bundle_making *m)
{
	const char *policy = run->policy;
	struct policy *p = NULL;
	struct session *s;
	enum status st;

	run->policy = NULL;	/* it goes into the bundle, and not into force */
	if ((s = cmd_session(run, CMD_CREATES)) == NULL)
		return EXIT_UNABLE;
	if ((st = get_policy(run, s, policy, &p)) == STATUS_OK) {
		m->policy = p;
		st = bundles_make(s, m, &run->err);
	}
	session_close(s);
	policy_free(p);
	if (st == STATUS_OK)
		st = print_made(run, m);
	return st == STATUS_OK ? EXIT_WELL : cmd_fail(run);
}

static int
make_cmd(struct cmd_run *run)
{
	const char *label = cmd_value(run, "label");
	struct slice models[MODELS_MOST];
	struct bundle_making m = {
		.label = slice_of(label == NULL ? "production" : label),
		.models = cmd_value(run, "models") == NULL ? NULL : models,
		.nmodels = review_labels(cmd_value(run, "models"), models,
		    MODELS_MOST),
		.data = cmd_value(run, "data"),
		.note = slice_of(cmd_value(run, "note"))
	};
	struct arena arena = ARENA_INIT;
	struct slice *refs;
	int i, rc;

	if (cmd_number(run, "run", 1, INT64_MAX, &m.run) != STATUS_OK)
		return cmd_fail(run);
	m.nrefs = (size_t)run->argc - 1;
	refs = arena_alloc(&arena, (m.nrefs + 1) * sizeof(*refs));
	if (refs == NULL) {
		(void)error_nomem(&run->err);
		rc = cmd_fail(run);
	} else {
		for (i = 1; i < run->argc; i++)
			refs[i - 1] = slice_of(run->argv[i]);
		m.refs = refs;
		rc = make_store(run, &m);
	}
	arena_release(&arena);
	return rc;
}

static void
used_json(struct buf *b, const struct bundle_used *used)
{
	struct writer w = WRITER(b, WRITE_SHOWN);
	const struct label_move *m;
	size_t i;

	write_object(&w, NULL);
	write_int(&w, "bundle", used->n);
	write_count(&w, "from", used->from == 0 ? -1 : used->from);
	write_bool(&w, "changed", used->changed);
	write_word(&w, "policy", used->policy);
	write_bool(&w, "policy_applied", used->applied);
	write_array(&w, "moves");
	for (i = 0; i < used->nmoves; i++) {
		m = &used->moves[i];
		write_object(&w, NULL);
		write_text(&w, "name", m->name);
		write_text(&w, "label", m->label);
		write_count(&w, "from", m->from == 0 ? -1 : m->from);
		write_int(&w, "to", m->to);
		write_end(&w);
	}
	write_end(&w);
	write_end(&w);
	write_line(&w);
}

static void
used_text(struct buf *b, const struct bundle_used *used)
{
	const struct label_move *m;
	size_t i;

	buf_printf(b, "bundle %" PRId64 " is in force%s\n", used->n,
	    used->changed ? "" : " already");
	if (used->applied)
		buf_printf(b, "policy %.*s applied\n", POLICY_SHORT,
		    used->policy);
	for (i = 0; i < used->nmoves; i++) {
		m = &used->moves[i];
		buf_printf(b, "%.*s@%.*s: ", SLICE_ARG(m->name),
		    SLICE_ARG(m->label));
		if (m->from != 0)
			buf_printf(b, "%" PRId64 " -> ", m->from);
		buf_printf(b, "%" PRId64 "\n", m->to);
	}
}

static int
put_in_force(struct cmd_run *run, int64_t n)
{
	struct arena arena = ARENA_INIT;
	struct buf b = BUF_INIT;
	struct bundle_used used;
	struct session *s;
	enum status st;

	run->policy = NULL;	/* the bundle says which */
	if ((s = cmd_session(run, CMD_WRITES | CMD_ANY_POLICY)) == NULL)
		return EXIT_UNABLE;
	st = bundles_use(s, n, &arena, &used, &run->err);
	session_close(s);
	if (st == STATUS_OK) {
		if (cmd_value(run, "json") != NULL)
			used_json(&b, &used);
		else
			used_text(&b, &used);
		st = cmd_print(&b, &run->err);
	}
	buf_release(&b);
	arena_release(&arena);
	return st == STATUS_OK ? EXIT_WELL : cmd_fail(run);
}

static int
use_cmd(struct cmd_run *run)
{
	int64_t n;

	if (run->argc != 2)
		return cmd_usage(run, "use: the number of a bundle is wanted");
	if (bundle_number(run, run->argv[1], &n) != STATUS_OK)
		return cmd_fail(run);
	return put_in_force(run, n);
}

static int
rollback_cmd(struct cmd_run *run)
{
	return put_in_force(run, 0);
}

static const struct cmd_action actions[] = {
	{ "make", CMD_OPERANDS_ANY, make_cmd, "label models data run note json " },
	{ "list", 1, bundle_list_cmd, "json " },
	{ "show", 2, bundle_show_cmd, "at json " },
	{ "diff", 3, bundle_diff_cmd, "" },
	{ "use", 2, use_cmd, "json " },
	{ "rollback", 1, rollback_cmd, "json " },
	{ NULL, 0, NULL, NULL }
};

static int
bundle_cmd(struct cmd_run *run)
{
	return cmd_act(run, actions);
}

static const struct cmd_option options[] = {
	{ "label", 'l', "LABEL", "make: the label whose prompts it has "
	    "(production)" },
	{ "models", 'm', "MODEL,...", "make: the models; else those that the "
	    "prompts' configs name" },
	{ "data", 0, "FILE", "make: a snapshot of data, kept by size and SHA-256" },
	{ "run", 0, "N", "make: the run that vouches for it" },
	{ "note", 0, "TEXT", "make: what is new in it" },
	{ "at", 0, "TIME", "show: the one that was in force then" },
	{ "json", 0, NULL, "one JSON object; list: JSON Lines" },
	{ NULL, 0, NULL, NULL }
};
const struct cmd cmd_bundle = {
	"bundle", "make [PROMPT]...|list|show [N]|diff [N] N|use N|rollback",
	"a policy and prompts that go into force together", options,
	"make|list|show|diff|use|rollback", bundle_cmd
};
