/*
 * Everything a key or a `:` command can do: one row each.  The name is what
 * handrail.conf and the command line call it; the help is what `?` prints; the
 * needs are checked once (act.c), before any view sees the action.
 */
#ifndef TUI_SCREEN_ACTION_H
#define TUI_SCREEN_ACTION_H

#include "core/base/buf.h"

enum need {
	NEED_ITEM = 1 << 0,	/* an item is selected or open */
	NEED_LEASE = 1 << 1,	/* the open item is claimed here */
	NEED_OPEN = 1 << 2,	/* an item is open */
	NEED_CALM = 1 << 3,	/* it decides: pressed deliberately (deliberate.h) */
	NEED_TOP = 1 << 4	/* of a view's row: no other view stands on it */
};

enum action_group { GROUP_MOVE, GROUP_READ, GROUP_LIST, GROUP_DECIDE, GROUP_SCREEN };

#define ACTIONS(X) \
	X(NONE, "none", SCREEN, 0, "do nothing (frees a key)") \
	X(DOWN, "down", MOVE, 0, "one line down") \
	X(UP, "up", MOVE, 0, "one line up") \
	X(HALF_DOWN, "half-down", MOVE, 0, "half a page down") \
	X(HALF_UP, "half-up", MOVE, 0, "half a page up") \
	X(PAGE_DOWN, "page-down", MOVE, 0, "a page down") \
	X(PAGE_UP, "page-up", MOVE, 0, "a page up") \
	X(FIRST, "first", MOVE, 0, "to the beginning") \
	X(LAST, "last", MOVE, 0, "to the end") \
	X(OPEN, "open", READ, NEED_ITEM, "open and claim the item (in it: claim it again)") \
	X(NEXT_ITEM, "next-item", READ, NEED_OPEN, "the next item of the list") \
	X(PREV_ITEM, "previous-item", READ, NEED_OPEN, "the previous item of the list") \
	X(NEXT_PANEL, "next-panel", READ, NEED_OPEN, "the next part of the page") \
	X(PREV_PANEL, "previous-panel", READ, NEED_OPEN, "the part before it") \
	X(PANEL_1, "panel-input", READ, NEED_OPEN, "to what was asked") \
	X(PANEL_2, "panel-output", READ, NEED_OPEN, "to the answer") \
	X(PANEL_3, "panel-findings", READ, NEED_OPEN, "to findings and rules") \
	X(PANEL_4, "panel-metadata", READ, NEED_OPEN, "to the metadata") \
	X(PANEL_5, "panel-history", READ, NEED_OPEN, "to the history: decisions and notes") \
	X(PANEL_6, "panel-record", READ, NEED_OPEN, "to the raw record") \
	X(FOLD, "fold", READ, 0, "show what is folded here, or fold it") \
	X(NEXT_FINDING, "next-finding", READ, NEED_OPEN, "the next finding") \
	X(PREV_FINDING, "previous-finding", READ, NEED_OPEN, "the previous finding") \
	X(DIFF, "diff", READ, 0, "old and new text by word, after an edit; else this item beside the one other that is tagged") \
	X(PREVIEW, "preview", READ, NEED_OPEN, "the answer beside what accepting sends") \
	X(PIPE, "pipe", READ, NEED_OPEN, "give the answer to a command, and show what it prints") \
	X(PAGER, "pager", READ, NEED_OPEN, "read the item in $PAGER") \
	X(COPY, "copy", READ, NEED_ITEM, "copy the answer, or in a list the id, to the clipboard") \
	X(WRITE, "write", READ, 0, "write the answer, or what is tagged, else listed, to a file") \
	X(SEARCH, "search", READ, 0, "search for text") \
	X(NEXT_MATCH, "next-match", READ, 0, "the next match") \
	X(PREV_MATCH, "previous-match", READ, 0, "the previous match") \
	X(FILTER, "filter", LIST, 0, "list only what a condition holds for") \
	X(STOP, "stop", LIST, 0, "look no further; once more, without the filter") \
	X(SORT, "sort", LIST, 0, "sort by due, age, confidence in turn") \
	X(FLAGGED, "flagged", LIST, 0, "list what is flagged") \
	X(ESCALATED, "escalated", LIST, 0, "list what is escalated") \
	X(DECIDED, "decided", LIST, 0, "what was decided: by whom, when, why") \
	X(SECOND, "second-look", LIST, 0, "where D lists what was decided: a second look at a random sample of it") \
	X(AUDIT, "audit", LIST, 0, "the audit log: who did what, when") \
	X(RUNS, "runs", LIST, 0, "runs of suites: checks, what broke, what is fixed") \
	X(PROMPTS, "prompts", LIST, 0, "prompts: versions, labels, who moved them") \
	X(WAITING, "waiting", LIST, 0, "open the item that a caller waits for, who gives up first") \
	X(STATS, "stats", LIST, 0, "statistics: routes, decisions, by rule, guard, model") \
	X(TAG, "tag", LIST, NEED_ITEM, "tag the item, or take the tag off") \
	X(TAG_ALL, "tag-all", LIST, 0, "tag all that the list shows") \
	X(TAGGED, "tagged", LIST, 0, "apply the next key to the tagged items") \
	X(ACCEPT, "accept", DECIDE, NEED_LEASE | NEED_CALM, "accept the output") \
	X(EDIT, "edit", DECIDE, NEED_LEASE | NEED_CALM, "edit the output in $VISUAL or $EDITOR") \
	X(EDIT_HERE, "edit-here", DECIDE, NEED_LEASE | NEED_CALM, "edit the output in place") \
	X(REJECT, "reject", DECIDE, NEED_LEASE | NEED_CALM, "reject the output") \
	X(ESCALATE, "escalate", DECIDE, NEED_LEASE | NEED_CALM, "escalate the item") \
	X(RETURN, "return", DECIDE, NEED_LEASE | NEED_CALM, "return an escalated item, with a note") \
	X(AGAIN, "again", DECIDE, NEED_LEASE | NEED_CALM, "the last decision again, with its reason") \
	X(SKIP, "skip", DECIDE, NEED_LEASE | NEED_CALM, "give the item back and hide it from this session") \
	X(UNDO, "undo", DECIDE, NEED_CALM, "take the latest decision back") \
	X(NOTE, "note", DECIDE, NEED_OPEN, "write a note on the item") \
	X(LABELS, "labels", DECIDE, NEED_LEASE, "choose labels for the decision") \
	X(MARK, "mark", DECIDE, NEED_LEASE, "mark a span of the answer as evidence, where the queue asks for it") \
	X(KEEP, "keep", DECIDE, NEED_OPEN | NEED_CALM, "after an edit: keep it as it is") \
	X(DROP, "drop", DECIDE, NEED_OPEN, "after an edit: drop it") \
	X(FLAG, "make-item", DECIDE, 0, "make the case of a run a flagged item") \
	X(COMMAND, "command", SCREEN, 0, "any action by its name") \
	X(HELP, "help", SCREEN, 0, "this help") \
	X(MESSAGES, "messages", SCREEN, 0, "the messages shown so far") \
	X(BACK, "back", SCREEN, 0, "one level back") \
	X(QUIT, "quit", SCREEN, 0, "leave") \
	X(REDRAW, "redraw", SCREEN, 0, "draw the screen again") \
	X(SUSPEND, "suspend", SCREEN, 0, "suspend, as ^Z does elsewhere")

#define ACTION_ENUM(id, name, group, needs, help) ACTION_##id,
enum action { ACTIONS(ACTION_ENUM) ACTION_COUNT };
#undef ACTION_ENUM

struct action_row {
	const char		*name;
	enum action_group	 group;
	unsigned		 needs;		/* enum need */
	const char		*help;
};

extern const struct action_row action_rows[ACTION_COUNT];
extern const char *const action_groups[];	/* titles, beside enum action_group */

/* False where no action has that name. */
bool	action_from(struct slice name, enum action *);
/* The i-th name, as near_hint() asks for it. */
const char	*action_name(void *arg, size_t i);

#endif
