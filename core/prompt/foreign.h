/*
 * Prompts as others keep them: Langfuse
 * {"name","type","prompt","config","version","labels","tags","commitMessage"} and
 * MLflow {"name","version","template","aliases","tags","commit_message",
 * "model_config","response_format"}; one JSON object a version.
 */
#ifndef CORE_PROMPT_FOREIGN_H
#define CORE_PROMPT_FOREIGN_H

#include "core/prompt/prompt.h"

enum prompt_format { PROMPT_LANGFUSE, PROMPT_MLFLOW, PROMPT_FORMATS };
extern const char *const prompt_format_names[PROMPT_FORMATS];

/* A version with all that belongs to it. */
struct prompt_record {
	struct slice		 name;
	int64_t			 version;	/* 0: none is said */
	struct prompt_body	 body;
	struct slice		 note;		/* absent: none */
	struct slice		 tags;		/* canonical JSON; absent: none */
	const struct slice	*labels;	/* without "latest" */
	size_t			 nlabels;
};

/* By its keys: "prompt" or "template"; false for neither. */
bool		prompt_recognise(const struct json *, uint32_t t,
		    enum prompt_format *);
/*
 * Reads the object at t, whose text the record then points into.  STATUS_INVALID
 * names the key that is missing, of another type, or cannot be taken over.
 */
enum status	prompt_import(struct prompt_record *, const struct json *,
		    uint32_t t, enum prompt_format, struct arena *,
		    struct error *) MUST_CHECK;
/* One line of JSON; the body must be of the canonical form that it was made in. */
enum status	prompt_export(struct buf *, const struct prompt_record *,
		    enum prompt_format, struct arena *, struct error *)
		    MUST_CHECK;

#endif
