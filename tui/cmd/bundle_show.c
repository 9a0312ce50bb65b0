#include "tui/cmd/bundle_show.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/base/text.h"
#include "core/base/time.h"
#include "core/json/write.h"
#include "queue/loop/runs.h"
#include "queue/policies.h"
#include "queue/prompt/bundles.h"
#include "tui/cmd/diff.h"

/* What stands now, or stood at a time, beside a bundle. */
struct bundle_shown {
	struct cmd_run		*run;
	struct session		*s;
	struct buf		 b;
	struct arena		 arena;
	int64_t			 at_ms;		/* INT64_MAX: now */
	struct bundle_use	 use;		/* bundle 0: none was in force */
	char			 policy[HASH_HEX];	/* in force then */
	struct bundle_moved	*moved;
	size_t			 nmoved;
};

enum status
bundle_number(struct cmd_run *run, const char *text, int64_t *n)
{
	char *end;

	errno = 0;
	*n = strtoll(text, &end, 10);
	return *end == '\0' && errno == 0 && *n > 0 && text[0] >= '1' &&
	    text[0] <= '9' ? STATUS_OK : error_set(&run->err, STATUS_INVALID,
	    "%s: the number of a bundle is wanted; see handrail bundle list",
	    text);
}

static void
put_ref(struct buf *b, const struct bundle_prompt *p)
{
	text_sanitize_line(b, p->name, p->name.n);
	buf_printf(b, "@%" PRId64, p->version);
}

static void
write_body(struct writer *w, const struct bundle *b)
{
	const struct bundle_body *body = &b->body;
	size_t i;

	write_int(w, "bundle", b->n);
	write_text(w, "sha256", b->sha256);
	write_text(w, "label", body->label);
	write_text(w, "policy", body->policy);
	write_texts(w, "models", body->models, body->nmodels);
	write_array(w, "prompts");
	for (i = 0; i < body->nprompts; i++) {
		write_object(w, NULL);
		write_text(w, "name", body->prompts[i].name);
		write_int(w, "version", body->prompts[i].version);
		write_text(w, "sha256", body->prompts[i].sha256);
		write_end(w);
	}
	write_end(w);
	if (body->data_sha256.p == NULL)
		write_null(w, "data");
	else {
		write_object(w, "data");
		write_int(w, "bytes", body->data_bytes);
		write_text(w, "sha256", body->data_sha256);
		write_end(w);
	}
	write_count(w, "run", body->run == 0 ? -1 : body->run);
	write_text(w, "note", body->note);
	write_text(w, "by", b->by);
	write_time(w, "made_at", b->ts_ms);
	write_int(w, "seq", b->seq);
}

static enum status
list_one(void *arg, const struct bundle *b, struct error *err)
{
	struct bundle_shown *x = arg;
	struct writer w = WRITER(&x->b, WRITE_SHOWN);
	bool current = x->use.bundle == b->n;
	char at[TIME_LOCAL];

	if (cmd_value(x->run, "json") != NULL) {
		write_object(&w, NULL);
		write_body(&w, b);
		write_bool(&w, "in_force", current);
		write_end(&w);
		write_line(&w);
		return cmd_print(&x->b, err);
	}
	time_local(b->ts_ms, at);
	buf_printf(&x->b, "%c %-4" PRId64 "  %s  ", current ? '*' : ' ', b->n, at);
	text_sanitize_line(&x->b, b->by, 20);
	buf_printf(&x->b, "  policy ");
	text_sanitize_line(&x->b, b->body.policy, POLICY_SHORT);
	buf_printf(&x->b, "  %zu prompt%s ", b->body.nprompts,
	    b->body.nprompts == 1 ? "" : "s");
	text_sanitize_line(&x->b, b->body.label, b->body.label.n);
	if (b->body.note.p != NULL) {
		buf_puts(&x->b, "  ");
		text_sanitize_line(&x->b, b->body.note, 60);
	}
	buf_putc(&x->b, '\n');
	return cmd_print(&x->b, err);
}

static enum status
get_use(struct bundle_shown *x)
{
	int64_t before;
	enum status st = bundles_in_force(x->s->store, x->at_ms, &x->arena,
	    &x->use, &before, &x->run->err);

	return st == STATUS_NOT_FOUND ? STATUS_OK : st;
}

static void
shown_end(struct bundle_shown *x)
{
	buf_release(&x->b);
	arena_release(&x->arena);
	session_close(x->s);
}

int
bundle_list_cmd(struct cmd_run *run)
{
	struct bundle_shown x = { .run = run, .at_ms = INT64_MAX };
	enum status st;

	if ((x.s = cmd_session(run, 0)) == NULL)
		return EXIT_UNABLE;
	if (cmd_value(run, "json") == NULL)
		cmd_pager();
	if ((st = get_use(&x)) == STATUS_OK)
		st = bundles_each(x.s->store, list_one, &x, &run->err);
	shown_end(&x);
	return st == STATUS_OK ? EXIT_WELL : cmd_fail(run);
}

static enum status
policy_then(void *arg, const struct policies_row *r, struct error *err)
{
	struct bundle_shown *x = arg;

	(void)err;
	if (r->ts_ms <= x->at_ms && r->policy.n == HASH_HEX - 1)
		memcpy(x->policy, r->policy.p, HASH_HEX - 1);
	return STATUS_OK;
}

/* What of the bundle stands otherwise. */
static enum status
get_moved(struct bundle_shown *x, const struct bundle *b)
{
	struct error *err = &x->run->err;
	enum status st = policies_each(x->s->store, policy_then, x, err);

	return st == STATUS_OK ? bundles_moved(x->s->store, b, x->at_ms,
	    &x->arena, &x->moved, &x->nmoved, err) : st;
}

static void
show_json(struct bundle_shown *x, const struct bundle *b)
{
	struct writer w = WRITER(&x->b, WRITE_SHOWN);
	bool in_force = x->use.bundle == b->n;
	const struct bundle_moved *m;
	size_t i;

	write_object(&w, NULL);
	write_body(&w, b);
	write_bool(&w, "in_force", in_force);
	write_time(&w, "since", in_force ? x->use.ts_ms : -1);
	write_text(&w, "used_by", in_force ? x->use.by : SLICE_NONE);
	write_word(&w, "policy_now", x->policy[0] == '\0' ? NULL : x->policy);
	write_array(&w, "moved");
	for (i = 0; i < x->nmoved; i++) {
		m = &x->moved[i];
		write_object(&w, NULL);
		write_text(&w, "name", m->prompt->name);
		write_count(&w, "version", m->version == 0 ? -1 : m->version);
		write_text(&w, "by", m->by);
		write_time(&w, "at", m->version == 0 ? -1 : m->ts_ms);
		write_count(&w, "seq", m->version == 0 ? -1 : m->seq);
		write_end(&w);
	}
	write_end(&w);
	write_end(&w);
	write_line(&w);
}

static void
put_line(struct buf *b, const char *head, struct slice v)
{
	if (v.p == NULL)
		return;
	buf_printf(b, "%-11s", head);
	text_sanitize_line(b, v, v.n);
	buf_putc(b, '\n');
}

static void
put_body(struct buf *b, const struct bundle_body *body)
{
	size_t i;

	put_line(b, "note", body->note);
	for (i = 0; i < body->nmodels; i++)
		put_line(b, "model", body->models[i]);
	if (body->data_sha256.p != NULL) {
		buf_printf(b, "data       %" PRId64 " bytes, sha256 ",
		    body->data_bytes);
		text_sanitize_line(b, body->data_sha256, HASH_HEX);
		buf_putc(b, '\n');
	}
	put_line(b, "label", body->label);
	if (body->run != 0)
		buf_printf(b, "run        %" PRId64 "\n", body->run);
}

static const struct bundle_moved *
moved_of(const struct bundle_shown *x, const struct bundle_prompt *p)
{
	size_t i;

	for (i = 0; i < x->nmoved; i++)
		if (x->moved[i].prompt == p)
			return &x->moved[i];
	return NULL;
}

static void
put_prompts(struct bundle_shown *x, const struct bundle *b)
{
	const char *then = x->at_ms == INT64_MAX ? "now" : "then";
	const struct bundle_moved *m;
	char at[TIME_LOCAL];
	size_t i;

	for (i = 0; i < b->body.nprompts; i++) {
		buf_printf(&x->b, "%-11s", i == 0 ? "prompts" : "");
		put_ref(&x->b, &b->body.prompts[i]);
		m = moved_of(x, &b->body.prompts[i]);
		if (m != NULL && m->version == 0)
			buf_printf(&x->b, "  (%s not set)", then);
		else if (m != NULL) {
			time_local(m->ts_ms, at);
			buf_printf(&x->b, "  (%s %" PRId64 ", moved %s by ",
			    then, m->version, at);
			text_sanitize_line(&x->b, m->by, 60);
			buf_putc(&x->b, ')');
		}
		buf_putc(&x->b, '\n');
	}
}

/* What the run was that vouches for it. */
static void
put_run(struct bundle_shown *x, const struct bundle *b)
{
	struct error gone = { 0 };
	struct run_row r;

	if (b->body.run == 0 || run_get(x->s, b->body.run, &x->arena, &r,
	    &gone) != STATUS_OK)
		return;
	buf_printf(&x->b, "%-11s", "");
	text_sanitize_line(&x->b, r.name, 60);
	buf_puts(&x->b, ", ");
	text_sanitize_line(&x->b, r.variant, 60);
	buf_printf(&x->b, ": %" PRId64 " of %" PRId64 " passed", r.passed,
	    r.results);
	if (r.verdict.p != NULL) {
		buf_puts(&x->b, ", ");
		text_sanitize_line(&x->b, r.verdict, 20);
	}
	buf_putc(&x->b, '\n');
}

static void
show_text(struct bundle_shown *x, const struct bundle *b)
{
	char at[TIME_LOCAL];

	buf_printf(&x->b, "bundle %" PRId64, b->n);
	if (x->use.bundle == b->n) {
		time_local(x->use.ts_ms, at);
		buf_printf(&x->b, "  in force since %s by ", at);
		text_sanitize_line(&x->b, x->use.by, 60);
	}
	time_local(b->ts_ms, at);
	buf_putc(&x->b, '\n');
	put_line(&x->b, "sha256", b->sha256);
	buf_printf(&x->b, "made       %s by ", at);
	text_sanitize_line(&x->b, b->by, 60);
	buf_putc(&x->b, '\n');
	put_body(&x->b, &b->body);
	put_run(x, b);
	buf_puts(&x->b, "policy     ");
	text_sanitize_line(&x->b, b->body.policy, POLICY_SHORT);
	if (!slice_is(b->body.policy, x->policy))
		buf_printf(&x->b, "  (%s %.*s)", x->at_ms == INT64_MAX ? "now" :
		    "then", POLICY_SHORT, x->policy[0] == '\0' ?
		    "the built-in one" : x->policy);
	buf_putc(&x->b, '\n');
	put_prompts(x, b);
}

/* Which one is meant: a number, or the one in force. */
static enum status
show_which(struct bundle_shown *x, int64_t *n)
{
	struct cmd_run *run = x->run;
	struct cmd_when when;
	enum status st;

	if ((st = cmd_time(run, "at", &when)) != STATUS_OK)
		return st;
	x->at_ms = cmd_value(run, "at") == NULL ? INT64_MAX :
	    cmd_when_ms(&when, x->s);
	if ((st = get_use(x)) != STATUS_OK)
		return st;
	if (run->argc > 1)
		return bundle_number(run, run->argv[1], n);
	*n = x->use.bundle;
	return *n != 0 ? STATUS_OK : error_set(&run->err, STATUS_NOT_FOUND,
	    "no bundle %s in force%s%s", x->at_ms == INT64_MAX ? "is" : "was",
	    x->at_ms == INT64_MAX ? "" : " at ", x->at_ms == INT64_MAX ? "" :
	    cmd_value(run, "at"));
}

int
bundle_show_cmd(struct cmd_run *run)
{
	struct bundle_shown x = { .run = run };
	struct bundle b;
	enum status st;
	int64_t n;

	if (run->argc > 1 && cmd_value(run, "at") != NULL)
		return cmd_usage(run, "show: a number or --at, not both");
	if ((x.s = cmd_session(run, 0)) == NULL)
		return EXIT_UNABLE;
	if ((st = show_which(&x, &n)) == STATUS_OK &&
	    (st = bundles_get(x.s->store, n, &x.arena, &b, &run->err)) ==
	    STATUS_OK && (st = get_moved(&x, &b)) == STATUS_OK) {
		if (cmd_value(run, "json") != NULL)
			show_json(&x, &b);
		else {
			cmd_pager();
			show_text(&x, &b);
		}
		st = cmd_print(&x.b, &run->err);
	}
	shown_end(&x);
	return st == STATUS_OK ? EXIT_WELL : cmd_fail(run);
}

/* A bundle as lines, for diff(1). */
static void
put_whole(struct buf *out, const struct bundle_body *b)
{
	size_t i;

	put_body(out, b);
	put_line(out, "policy", b->policy);
	for (i = 0; i < b->nprompts; i++) {
		buf_puts(out, "prompt     ");
		put_ref(out, &b->prompts[i]);
		buf_putc(out, '\n');
	}
}

static enum status
diff_two(struct cmd_run *run, const struct bundle *a, const struct bundle *z)
{
	struct buf old = BUF_INIT, new = BUF_INIT, out = BUF_INIT;
	char label_a[40], label_z[40];
	enum status st;

	(void)snprintf(label_a, sizeof(label_a), "bundle %" PRId64, a->n);
	(void)snprintf(label_z, sizeof(label_z), "bundle %" PRId64, z->n);
	put_whole(&old, &a->body);
	put_whole(&new, &z->body);
	if ((st = buf_check(&old, &run->err)) == STATUS_OK &&
	    (st = buf_check(&new, &run->err)) == STATUS_OK)
		st = diff_bytes(&out, buf_slice(&old), buf_slice(&new), label_a,
		    label_z, &run->err);
	if (st == STATUS_OK) {
		cmd_pager();
		st = cmd_print(&out, &run->err);
	}
	buf_release(&old);
	buf_release(&new);
	buf_release(&out);
	return st;
}

int
bundle_diff_cmd(struct cmd_run *run)
{
	struct bundle_shown x = { .run = run, .at_ms = INT64_MAX };
	int64_t first = 0, second = 0;
	struct bundle a, z;
	bool differ = false;
	enum status st;

	if (run->argc < 2)
		return cmd_usage(run, "diff: one or two numbers of bundles are "
		    "wanted");
	if (bundle_number(run, run->argv[run->argc - 1], &second) != STATUS_OK ||
	    (run->argc == 3 && bundle_number(run, run->argv[1], &first) !=
	    STATUS_OK))
		return cmd_fail(run);
	if ((x.s = cmd_session(run, 0)) == NULL)
		return EXIT_UNABLE;
	if ((st = get_use(&x)) == STATUS_OK && first == 0 &&
	    (first = x.use.bundle) == 0)
		st = error_set(&run->err, STATUS_NOT_FOUND, "diff: no bundle is "
		    "in force: name two");
	if (st == STATUS_OK && (st = bundles_get(x.s->store, first, &x.arena, &a,
	    &run->err)) == STATUS_OK && (st = bundles_get(x.s->store, second,
	    &x.arena, &z, &run->err)) == STATUS_OK) {
		differ = !slice_eq(a.sha256, z.sha256);
		st = differ ? diff_two(run, &a, &z) : STATUS_OK;
	}
	shown_end(&x);
	if (st != STATUS_OK)
		return cmd_fail(run);
	return differ ? EXIT_SHORT : EXIT_WELL;
}
