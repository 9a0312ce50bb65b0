/*
 * Lines that an agent on a command line prints while it works, of which only what it
 * says at last is an answer: Claude Code's (--output-format stream-json), Gemini CLI's
 * and Codex's (exec --json).
 */
#ifndef QUEUE_INGEST_JOINER_AGENT_H
#define QUEUE_INGEST_JOINER_AGENT_H

#include "core/base/buf.h"
#include "core/json/parse.h"

/* Begins as all zero. */
struct agent_joiner {
	unsigned	kind;		/* 0: nothing is under way */
	bool		open;		/* it began, and was not told to be over */
	struct buf	head;		/* the line that tells of the run, raw */
	struct buf	last;		/* the last answer's line, raw */
	struct buf	text;		/* inside of a string */
	struct buf	asked;
};

/* True: the line was one of these, and says no more; a run that is over by it is
 * added to `out`. */
bool	agent_joiner_add(struct agent_joiner *, const struct json *, struct buf *out);
/* No more lines come: adds what broke off. */
void	agent_joiner_end(struct agent_joiner *, struct buf *out);
void	agent_joiner_release(struct agent_joiner *);

#endif
