/* YAML as JSON: what a suite of another tool is written in. */
#ifndef CORE_SUITE_YAML_H
#define CORE_SUITE_YAML_H

#include "core/base/buf.h"

/*
 * One document of YAML 1.2's core schema (JSON is YAML too).  Aliases are
 * resolved, `<<` merges, a name that stands twice is refused, and so is what
 * would come to far more bytes than it has itself.  Errors say "line 3: WHY".
 */
#define YAML_ROOM	((size_t)1 << 20)	/* ... beside four times as many */
#define YAML_DEPTH	60
enum status	yaml_to_json(struct slice, struct buf *json, struct error *)
		    MUST_CHECK;

#endif
