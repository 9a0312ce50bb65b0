/*
 * Verdicts and findings as JSON.
 */
#ifndef CORE_JUDGE_VERDICT_H
#define CORE_JUDGE_VERDICT_H

#include "core/json/write.h"
#include "core/judge/judge.h"

/* The verdict as one line of JSON with its LF (handrail-check.1); policy: its id. */
void		verdict_json(struct buf *, const struct item *,
		    const struct verdict *, struct slice policy);
/* Findings as a JSON array in that shape, spans in code points. */
void		findings_json(struct writer *, const char *name,
		    struct slice output, const struct finding *, size_t n);

#endif
