/* Tool calls as a reader writes them: get_weather(city: "Berlin", days: 3). */
#ifndef TUI_REVIEW_CALL_H
#define TUI_REVIEW_CALL_H

#include "core/base/arena.h"
#include "core/json/parse.h"

/*
 * The call that an object is, in any of the ways that APIs write one; absent: it
 * is none.  *whole becomes false where the object holds what the call does not
 * say.
 */
struct slice	call_text(const struct json *, uint32_t object, struct arena *,
		    bool *whole);

/*
 * The calls that an answer is or holds, a line each, with its text before them;
 * absent: there is none.  whole as above.
 */
struct slice	call_answer(struct slice answer, struct arena *, bool *whole);

#endif
