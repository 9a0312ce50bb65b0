/*
 * Requests and answers of the model services that others write programs for:
 * OpenAI's chat completions and Responses, Anthropic's Messages.  What is sent
 * is bytes in and bytes out; nothing here has a socket.
 *
 *	request.h	a client's request; request_write.h what goes upstream
 *	stream.h	events of an answer gathered into its non-stream shape
 *	release.h	an answer as it goes to the client
 *	window.h	events held until their text may go out
 *	errors.h	errors in the form that each API's clients read
 *
 * Each API is one const row (api.h).
 */
#ifndef CORE_WIRE_WIRE_H
#define CORE_WIRE_WIRE_H

#include <stdbool.h>
#include <stdint.h>

enum wire_api { WIRE_CHAT, WIRE_RESPONSES, WIRE_MESSAGES };
#define WIRE_APIS	3

#define WIRE_CHOICES_MAX	128	/* of one answer: OpenAI's own limit */

/* What a text of an answer is to the client that sees it. */
enum wire_kind {
	WIRE_TEXT, WIRE_REFUSAL,
	WIRE_REASONING,		/* thoughts, and summaries of them */
	WIRE_TOOL_NAME,
	WIRE_ARGUMENTS,		/* of a call: JSON, or what a custom tool takes */
	WIRE_OTHER,		/* of a member or event that is none of the known */
	WIRE_BYTES		/* base64 and signatures: nothing that one can read */
};

struct wire_usage {
	int64_t	input, output;		/* tokens, with those below; -1: not said */
	int64_t	cached, reasoning;
	bool	estimated;		/* set by whoever estimated */
};
#define WIRE_USAGE_NONE	((struct wire_usage){ -1, -1, -1, -1, false })

#endif
