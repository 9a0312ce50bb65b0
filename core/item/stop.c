#include "core/item/stop.h"

struct slice
stop_name(enum stop stop)
{
	static const struct slice names[] = {
		[STOP_UNKNOWN] = { NULL, 0 }, [STOP_END] = { "end", 3 },
		[STOP_LENGTH] = { "length", 6 }, [STOP_FILTER] = { "filter", 6 },
		[STOP_REFUSAL] = { "refusal", 7 }, [STOP_TOOL] = { "tool", 4 },
		[STOP_ERROR] = { "error", 5 }
	};

	return names[stop];
}

/*
 * In lower case, letters only; the usual ones come first.  Sources: openai-python
 * (chat_completion.py, response.py), Anthropic's and AWS's stop reasons, the
 * FinishReason of Google's GenAI SDKs, Cohere v2, the AI SDK's finish reasons,
 * and what vLLM, SGLang, TGI, Mistral, DeepSeek, Z.ai, watsonx and OpenRouter
 * write.  Neither "other" nor "unknown" says why.
 */
static const struct {
	const char	*reason;
	enum stop	 stop;
} reasons[] = {
	{ "stop", STOP_END },
	{ "length", STOP_LENGTH },
	{ "endturn", STOP_END },
	{ "toolcalls", STOP_TOOL },
	{ "tooluse", STOP_TOOL },
	{ "maxtokens", STOP_LENGTH },
	{ "contentfilter", STOP_FILTER },
	{ "functioncall", STOP_TOOL },
	{ "stopsequence", STOP_END },
	{ "maxoutputtokens", STOP_LENGTH },
	{ "refusal", STOP_REFUSAL },
	{ "error", STOP_ERROR },
	{ "complete", STOP_END },
	{ "completed", STOP_END },
	{ "eos", STOP_END },
	{ "eostoken", STOP_END },
	{ "end", STOP_END },
	{ "finish", STOP_END },
	{ "endoftext", STOP_END },
	{ "normal", STOP_END },
	{ "endofturn", STOP_END },
	{ "endofmessage", STOP_TOOL },
	{ "requiresaction", STOP_TOOL },
	{ "toolcall", STOP_TOOL },
	{ "toolexecution", STOP_TOOL },
	{ "alternativestatusfinal", STOP_END },
	{ "alternativestatustoolcalls", STOP_TOOL },
	{ "alternativestatustruncatedfinal", STOP_LENGTH },
	{ "alternativestatuscontentfilter", STOP_FILTER },
	/* A limit was met, and the rest is missing. */
	{ "pauseturn", STOP_LENGTH },
	{ "compaction", STOP_LENGTH },
	{ "modelcontextwindowexceeded", STOP_LENGTH },
	{ "modellength", STOP_LENGTH },
	{ "maxlength", STOP_LENGTH },
	{ "maximumtokens", STOP_LENGTH },
	{ "tokenlimit", STOP_LENGTH },
	{ "limit", STOP_LENGTH },
	{ "errorlimit", STOP_LENGTH },
	/* Something beside the model held it back. */
	{ "contentfiltered", STOP_FILTER },
	{ "guardrailintervened", STOP_FILTER },
	{ "safety", STOP_FILTER },
	{ "recitation", STOP_FILTER },
	{ "blocklist", STOP_FILTER },
	{ "prohibitedcontent", STOP_FILTER },
	{ "spii", STOP_FILTER },
	{ "language", STOP_FILTER },
	{ "modelarmor", STOP_FILTER },
	{ "imagesafety", STOP_FILTER },
	{ "imageprohibitedcontent", STOP_FILTER },
	{ "imagerecitation", STOP_FILTER },
	{ "errortoxic", STOP_FILTER },
	{ "sensitive", STOP_FILTER },
	{ "filtered", STOP_FILTER },
	{ "refused", STOP_REFUSAL },
	/* It did not come to an end. */
	{ "malformedfunctioncall", STOP_ERROR },
	{ "malformedresponse", STOP_ERROR },
	{ "malformedmodeloutput", STOP_ERROR },
	{ "malformedtooluse", STOP_ERROR },
	{ "unexpectedtoolcall", STOP_ERROR },
	{ "toomanytoolcalls", STOP_ERROR },
	{ "missingthoughtsignature", STOP_ERROR },
	{ "insufficientsystemresource", STOP_ERROR },
	{ "networkerror", STOP_ERROR },
	{ "servererror", STOP_ERROR },
	{ "timeout", STOP_ERROR },
	{ "timelimit", STOP_ERROR },
	{ "abort", STOP_ERROR },
	{ "aborted", STOP_ERROR },
	{ "cancel", STOP_ERROR },
	{ "cancelled", STOP_ERROR },
	{ "canceled", STOP_ERROR },
	{ "usercancel", STOP_ERROR },
	{ "failed", STOP_ERROR },
	{ "failure", STOP_ERROR },
	{ "runcancelled", STOP_ERROR },
	{ "runexpired", STOP_ERROR },
	{ "runfailed", STOP_ERROR },
	{ "incomplete", STOP_ERROR },
	{ "notfinished", STOP_ERROR }
};

#define REASON_MAX	40	/* bytes; longer ones are none of ours */
#define ENUMERATION	"finishreason"

enum stop
stop_from(struct slice reason)
{
	char plain[REASON_MAX + 1];
	size_t i, n = 0;
	char c;

	if (reason.n > REASON_MAX)
		return STOP_UNKNOWN;
	for (i = 0; i < reason.n; i++) {
		c = reason.p[i];
		if (c >= 'A' && c <= 'Z')
			c = (char)(c - 'A' + 'a');
		if (c >= 'a' && c <= 'z')
			plain[n++] = c;
		else if (c != '_' && c != '-' && c != '.' && c != ' ')
			return STOP_UNKNOWN;
	}
	plain[n] = '\0';
	i = strncmp(plain, ENUMERATION, sizeof(ENUMERATION) - 1) == 0 ?
	    sizeof(ENUMERATION) - 1 : 0;
	for (n = 0; n < sizeof(reasons) / sizeof(reasons[0]); n++)
		if (strcmp(plain + i, reasons[n].reason) == 0)
			return reasons[n].stop;
	return STOP_UNKNOWN;
}
