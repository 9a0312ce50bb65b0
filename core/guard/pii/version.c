#include "core/guard/pii/version.h"

#include "core/guard/pii/ascii.h"
#include "core/guard/pii/words.h"

#define SMALL	10	/* parts of a version are below it more often than not */
#define MAJOR	30	/* and the first one, or all, seldom above this */

static const char net[] = "ip|ipv4|ipv6|address|addr|host|server|gateway|"
    "client|router|subnet|dns|ping|network|src|dst|dest|source|destination|"
    "route|login|logged|connect|connected|connection|gw|peer|remote|firewall|"
    "proxy|vpn|lan|wan|traffic|packet|ssh|whois|visitor|localhost|netmask|"
    "blocked|banned|attack|request|website|hosted|adresse|direcci\303\263n|"
    "indirizzo|serveur|servidor";

bool
words_of_net(const struct pii_words *w)
{
	return words_speak(w, net);
}

static bool
says_version(const struct pii_words *w)
{
	static const char before[] = "v|ver|version|versions|release|build|"
	    "firmware|section|chapter|revision|update|paragraph|clause|"
	    "schema|sdk|driver|chrome|software|oid|rev|sect|annex|appendix|"
	    "article|table|figure|item|step|rule";
	static const char around[] = "upgrade|upgraded|upgrading|downgrade|"
	    "downgraded|version|release|released|patched|patch|changelog|"
	    "vulnerable|affected|fixed in|fixes|installed|install|library|"
	    "package|dependency|plugin|module|driver|firmware|build|section|"
	    "subsection|kernel|sdk|jar";

	return words_end(w, before) || (words_speak(w, around) &&
	    !words_of_net(w));
}

/* A line that begins with it and goes on as a title does. */
static bool
heads_line(struct slice t, size_t start, size_t end)
{
	char then = byte_at(t, end + 1);

	while (start > 0 && (t.p[start - 1] == ' ' || t.p[start - 1] == '#'))
		start--;
	return (start == 0 || t.p[start - 1] == '\n') &&
	    byte_at(t, end) == ' ' && then >= 'A' && then <= 'Z';
}

/* "log4j 2.17.1.0": right behind a name, and none that goes before an address. */
static bool
follows_name(const struct pii_scan *s, size_t start)
{
	static const char others[] = "from|to|at|by|on|is|was|of|and|or|the|"
	    "with|via|for|in|node|use|using|add|machine|box|computer|device|"
	    "user|through|against|between|be|are|were|has|have|had|that|this|"
	    "if|as|it|its|than|not|a|an|set|see|target|curl|wget|telnet|nmap|"
	    "visit|reach|try|open|access|allow|deny|block|ban|block|von|de|"
	    "le|la|el|il|auf|an|zu|der|die|das";

	return start > 1 && s->text.p[start - 1] == ' ' &&
	    is_alnum(s->text.p[start - 2]) && s->words.nbefore > 0 &&
	    !words_end(&s->words, others);
}

/* Resolvers that everybody knows: 1.1.1.1, 8.8.4.4, 9.9.9.9, 4.2.2.2. */
static bool
is_resolver(const unsigned char *b)
{
	return (b[0] == b[1] && b[1] == b[2] && b[2] == b[3]) ||
	    (b[0] == 8 && b[1] == 8) || (b[0] == 4 && b[1] == 2 && b[2] == 2);
}

/* "nginx/1.25.3.1", "Chrome/114.0.0.0", a paragraph's sign. */
static bool
is_marked(struct slice t, size_t start, const unsigned char *b, unsigned small)
{
	if (start > 1 && t.p[start - 1] == ' ')
		start--;
	if (start > 1 && memcmp(t.p + start - 2, "\302\247", 2) == 0)
		return true;
	return start > 1 && t.p[start - 1] == '/' && is_letter(t.p[start - 2]) &&
	    (b[0] <= MAJOR || small > 1) && b[0] != 10 && b[0] != 192 &&
	    b[0] != 172;
}

bool
pii_is_version(const struct pii_scan *s, size_t start, size_t end,
    const unsigned char *b)
{
	unsigned small = (unsigned)(b[1] < SMALL) + (unsigned)(b[2] < SMALL) +
	    (unsigned)(b[3] < SMALL);
	char after = byte_at(s->text, end);

	if (says_version(&s->words) || is_marked(s->text, start, b, small))
		return true;
	if (words_of_net(&s->words) || b[0] > MAJOR || b[0] == 10 ||
	    is_resolver(b) || after == '/' || after == ':')
		return false;
	if (small > 0 && (heads_line(s->text, start, end) ||
	    follows_name(s, start)))
		return true;
	return small > 1 || (b[1] <= MAJOR && b[2] <= MAJOR && b[3] <= MAJOR);
}
