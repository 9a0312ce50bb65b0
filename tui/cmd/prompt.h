/* What the actions of `prompt` share. */
#ifndef TUI_CMD_PROMPT_H
#define TUI_CMD_PROMPT_H

#include "core/json/write.h"
#include "core/prompt/foreign.h"
#include "tui/cmd/cmd.h"

/* --format; *given (may be NULL): it is there.  STATUS_INVALID names those there are. */
enum status	prompt_format_value(struct cmd_run *, enum prompt_format *,
		    bool *given) MUST_CHECK;
/* JSON of a file, which points into the text. */
enum status	prompt_read_json(struct cmd_run *, const char *path, struct buf *,
		    struct json *) MUST_CHECK;

/* A version's messages, as a member of that name. */
void		prompt_messages_json(struct writer *, const char *name,
		    const struct prompt_message *, size_t n);

#endif
