/*
 * What a version of a prompt is: a text, or messages, with a config; named by the
 * SHA-256 of its canonical bytes (RFC 8785):
 *
 *	{"config":{"temperature":0.2},"text":"Answer {{question}} ..."}
 *	{"config":{},"messages":[{"content":"...","role":"system"}]}
 *
 * What it points to lives in the arena, or in the text that it was made from.
 */
#ifndef CORE_PROMPT_PROMPT_H
#define CORE_PROMPT_PROMPT_H

#include "core/base/arena.h"
#include "core/base/hash.h"
#include "core/json/parse.h"

#define PROMPT_BYTES_MAX	((size_t)1 << 20)	/* of the canonical form */
#define PROMPT_VARIABLES_MAX	1000
#define PROMPT_MESSAGES_MAX	1000
#define PROMPT_CONFIG_DEPTH	(JSON_DEPTH_MAX - 1)	/* it stands in the form */

struct prompt_message {
	struct slice	role, content;	/* a text has no role */
};

struct prompt_body {
	/* The caller of prompt_make() gives these, in the arena ... */
	bool			 chat;		/* messages, not one text */
	struct prompt_message	*messages;	/* of a text: one */
	size_t			 n;
	struct slice		 config;	/* a canonical object; absent: {} */
	/* ... and has these from it. */
	struct slice		 bytes;
	struct hash		 sha256;
	struct slice		*variables;	/* each once, as they first come */
	size_t			 nvariables;
};

/* Checks roles, templates and limits and fills the rest in; STATUS_INVALID,
 * STATUS_LIMIT. */
enum status	prompt_make(struct prompt_body *, struct arena *, struct error *)
		    MUST_CHECK;
/* From its canonical bytes; STATUS_INVALID where they are not the one form. */
enum status	prompt_read(struct prompt_body *, struct slice bytes,
		    struct arena *, struct error *) MUST_CHECK;
/*
 * From what somebody wrote: a text as it is, or, with chat, JSON: an array of
 * {"role","content"}, or {"messages":[...],"config":{...}}.
 */
enum status	prompt_parse(struct prompt_body *, struct slice, bool chat,
		    struct arena *, struct error *) MUST_CHECK;
/* Is it JSON that prompt_parse() may take for messages? */
bool		prompt_looks_chat(struct slice);
/* The messages of a JSON array of {"role","content"}; a key beside these is
 * refused by name, but `ignored` (NULL: none). */
enum status	prompt_messages(struct prompt_body *, const struct json *,
		    uint32_t array, const char *ignored, struct arena *,
		    struct error *) MUST_CHECK;
/* The config of a JSON object, in its canonical form. */
enum status	prompt_config(struct prompt_body *, const struct json *,
		    uint32_t object, struct arena *, struct error *) MUST_CHECK;

/* Note and tags (canonical JSON), each absent where there is none, as the bytes that
 * the leaf of a version names. */
void		prompt_about(struct buf *, struct slice note, struct slice tags);

#endif
