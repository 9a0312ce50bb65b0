#include "core/guard/pii/hotline.h"

#include <strings.h>

#include "core/guard/pii/ascii.h"

#define REACH	100	/* bytes on either side that may say what it is */

/* Of crisis lines, poison centres and public offices, as they publish them. */
static const char *const published[] = {
	"8007997233", "8007873224", "8002738255", "8006564673", "8006624357",
	"8002221222", "8004224453", "8888434564", "8664887386", "8883737888",
	"8008435678", "8009312237", "8009506264", "8663319474", "8009855990",
	"8334564566", "8006686868", "8554842846", "8338526262", "8008291040",
	"8007721213", "8006334227", "8775658860", "8004483000", "8007862929",
	"8774384338", "8003668288", "8884264435", "116123", "116111", "116117",
	"116000", "116006", "131114", "08001111", "08082000247", "08088005000",
	"1800551800", "1800737732", "1300224636", "1300659467", "08001110111",
	"08001110222", "0800116016", "08000116016", "0800543354", "0508828865",
	"9152987821", "9820466726", "18005990019", "18602662345", "1800247247",
	"0145394000"
};

static const char *const public_words[] = { "hotline", "helpline", "lifeline",
    "toll-free", "toll free", "tollfree", "crisis", "emergency", "emergencies",
    "poison", "suicide", "prevention", "abuse", "violence", "domestic",
    "danger", "trafficking", "customer service", "customer support",
    "customer care", "samaritans", "freephone", "free of charge",
    "support line", "helpdesk", "24/7", "notruf", "seelsorge",
    "num\303\251ro vert", "medicare", "irs" };

static bool
has_word(struct slice t, const char *word)
{
	size_t n = strlen(word), i;

	for (i = 0; i + n <= t.n; i++)
		if (to_lower(t.p[i]) == word[0] &&
		    strncasecmp(t.p + i, word, n) == 0 &&
		    (i == 0 || !is_letter(t.p[i - 1])) &&
		    !(n < 5 && is_letter(byte_at(t, i + n))))
			return true;
	return false;
}

static bool
is_spoken(struct slice t, size_t start, size_t end)
{
	size_t low = start > REACH ? start - REACH : 0;
	size_t high = t.n - end > REACH ? end + REACH : t.n, i;

	for (i = 0; i < sizeof(public_words) / sizeof(public_words[0]); i++)
		if (has_word((struct slice){ t.p + low, start - low },
		    public_words[i]) || has_word((struct slice){ t.p + end,
		    high - end }, public_words[i]))
			return true;
	return false;
}

/* ITU-T E.169 and the like: the one who is called pays. */
static bool
is_free(const char *d)
{
	static const char *const codes[] = { "800", "833", "844", "855", "866",
	    "877", "888" };
	size_t i;

	for (i = 0; i < sizeof(codes) / sizeof(codes[0]); i++)
		if (strncmp(d, codes[i], 3) == 0)
			return strlen(d) == 10;
	return strncmp(d, "0800", 4) == 0 || strncmp(d, "0808", 4) == 0;
}

bool
pii_is_hotline(const char *digits, struct slice t, size_t start, size_t end)
{
	bool led = digits[0] == '1' && strlen(digits) == 11;
	const char *d = led ? digits + 1 : digits;
	size_t i;

	for (i = 0; i < sizeof(published) / sizeof(published[0]); i++)
		if (strcmp(d, published[i]) == 0 ||
		    strcmp(digits, published[i]) == 0)
			return true;
	/* As an advertisement writes it, "1-800-..."; "+1 800 ..." may be a list's. */
	return is_free(d) && ((led && byte_at(t, start) == '1') ||
	    is_spoken(t, start, end));
}
