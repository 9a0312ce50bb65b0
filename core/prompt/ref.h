/*
 * How prompts are named.  A name is text of one line without "@" and ",", a label a
 * word.  A reference is NAME@VERSION, NAME@LABEL, or NAME alone for the newest
 * version, which is also NAME@latest.
 */
#ifndef CORE_PROMPT_REF_H
#define CORE_PROMPT_REF_H

#include <stdint.h>

#include "core/base/buf.h"

#define PROMPT_NAME_MAX		128	/* bytes */
#define PROMPT_LABEL_MAX	64
#define PROMPT_VERSION_MAX	999999999
#define PROMPT_LATEST		"latest"	/* the label that nobody sets */

struct prompt_ref {
	struct slice	name;
	int64_t		version;	/* 0: by the label, else the newest */
	struct slice	label;		/* absent: none */
};
/* STATUS_INVALID says what a reference looks like. */
enum status	prompt_ref_parse(struct slice, struct prompt_ref *,
		    struct error *) MUST_CHECK;
enum status	prompt_name_check(struct slice, struct error *) MUST_CHECK;
/* One that may be set: not a number, not "latest". */
enum status	prompt_label_check(struct slice, struct error *) MUST_CHECK;

#endif
