#include "tui/review/log_proof.h"

#include "core/base/time.h"
#include "tui/review/count.h"
#include "tui/review/review.h"

static enum status
proof_run(struct session *s, void *arg, struct error *err)
{
	return verified_run(arg, s, err);
}

static void
proof_drop(void *arg)
{
	verified_free(arg);
}

static void
watch(struct screen *scr, struct log_proof *c, bool on)
{
	if (c->watched != on)
		scr->asides += on ? 1 : -1;
	c->watched = on;
}

void
log_proof_begin(struct screen *scr)
{
	struct review *r = review_of(scr);
	struct log_proof *c = &r->proof;
	struct error err = { STATUS_OK, "" };
	struct verified *v;

	if (!c->running) {
		log_proof_end(c);
		v = verified_new();
		if (v == NULL || aside_start(&c->aside, r->session, proof_run, v,
		    proof_drop, &err) != STATUS_OK) {
			verified_free(v);
			screen_fail(scr, "the log is not verified: %s", v == NULL ?
			    "out of memory" : err.text);
			return;
		}
		c->verified = v;
		c->running = true;
	}
	watch(scr, c, true);
}

void
log_proof_leave(struct screen *scr)
{
	watch(scr, &review_of(scr)->proof, false);
}

void
log_proof_tick(struct screen *scr)
{
	struct log_proof *c = &review_of(scr)->proof;
	struct error err = { STATUS_OK, "" };
	struct verified_state state;
	enum status st;

	if (!c->running || !aside_ended(c->aside, &st, &err))
		return;
	c->running = false;
	watch(scr, c, false);
	verified_get(c->verified, &state);
	if (st != STATUS_OK) {
		log_proof_end(c);
		screen_fail(scr, "the log is not verified: %s", err.text);
	} else if (state.problems > 1)
		screen_fail(scr, "the log does NOT verify (audit verify names all "
		    "%llu): %s", (unsigned long long)state.problems,
		    state.problem);
	else if (state.problems == 1)
		screen_fail(scr, "the log does NOT verify: %s", state.problem);
}

void
log_proof_text(const struct log_proof *c, struct buf *b)
{
	char at[COUNT_TEXT], all[COUNT_TEXT], when[TIME_LOCAL];
	struct verified_state state;

	if (c->aside == NULL)
		return;
	verified_get(c->verified, &state);
	if (c->running && state.before > 0 && state.problems == 0) {
		time_local(state.before_ms, when);
		buf_printf(b, "  verified up to leaf %s at %s;",
		    count_text((int64_t)state.before - 1, at), when);
	}
	if (c->running && state.leaves == 0)
		buf_puts(b, "  verifying");
	else if (c->running)
		buf_printf(b, "  verifying: %s of %s",
		    count_text((int64_t)state.leaves, at),
		    count_text((int64_t)state.total, all));
	else if (state.problems > 0)
		buf_printf(b, "  NOT verified: %s problem%s",
		    count_text((int64_t)state.problems, at),
		    state.problems == 1 ? "" : "s");
	else
		buf_printf(b, "  verified up to leaf %s",
		    count_text((int64_t)state.leaves - 1, at));
}

void
log_proof_end(struct log_proof *c)
{
	if (c->aside == NULL)
		return;
	verified_stop(c->verified);
	aside_leave(c->aside);
	*c = (struct log_proof){ .aside = NULL };
}
