#include "core/expr/ago.h"

#include "core/base/time.h"
#include "core/base/when.h"
#include "core/expr/scan.h"

#define WORD_BYTES	64

static bool
sign(const struct expr_token *t, char c)
{
	return t->type == EXPR_SIGN && t->text.p[0] == c;
}

/* ('1d') at a place: where it ends, and the time; false: it is no such call. */
static enum status
call_read(struct slice s, size_t *at, int64_t now_ms, char time[TIME_TEXT],
    struct error *err)
{
	struct expr_token open, text, close;
	char word[WORD_BYTES] = "";
	int64_t ms;

	open = expr_token_next(s, at);
	text = expr_token_next(s, at);
	close = expr_token_next(s, at);
	if (!sign(&open, '(') || text.type != EXPR_STRING ||
	    !sign(&close, ')') ||
	    !expr_token_string(&text, word, sizeof(word)) ||
	    !when_parse(word, now_ms, &ms))
		return error_set(err, STATUS_INVALID, "ago() takes a time in "
		    "single quotes, like " WHEN_FORMS);
	time_format(ms, time);
	return STATUS_OK;
}

enum status
ago_expand(const char *where, int64_t now_ms, struct buf *out,
    struct error *err)
{
	struct slice s = slice_of(where);
	char time[TIME_TEXT];
	struct expr_token t;
	size_t at = 0, kept = 0;
	enum status st;

	while ((t = expr_token_next(s, &at)).type != EXPR_END) {
		if (!expr_token_is(&t, "ago"))
			continue;
		buf_add(out, s.p + kept, (size_t)(t.text.p - s.p) - kept);
		if ((st = call_read(s, &at, now_ms, time, err)) != STATUS_OK)
			return st;
		buf_printf(out, "'%s'", time);
		kept = at;
	}
	buf_add(out, s.p + kept, s.n - kept);
	return buf_check(out, err);
}
