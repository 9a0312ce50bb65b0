/* Prompts, labels and bundles by the leaves that made and moved them. */
#ifndef DB_AUDIT_VERIFY_PROMPT_H
#define DB_AUDIT_VERIFY_PROMPT_H

#include "db/audit/verify_run.h"

enum status	verify_prompts_begin(struct verify *, struct error *) MUST_CHECK;
enum status	verify_prompt_add(struct verify *, struct error *) MUST_CHECK;
enum status	verify_prompt_label(struct verify *, struct error *) MUST_CHECK;
enum status	verify_bundle_make(struct verify *, struct error *) MUST_CHECK;
/* With the labels and the policy that it moved. */
enum status	verify_bundle_use(struct verify *, struct error *) MUST_CHECK;
enum status	verify_prompts_end(struct verify *, struct error *) MUST_CHECK;

#endif
