/*
 * What bench_hostile.c lets every kind of guard read: what their scanners look
 * for, begun and not ended, nested, again and again.
 */
#ifndef TESTS_BENCH_HOSTILE_H
#define TESTS_BENCH_HOSTILE_H

struct hostile_file {
	const char	*path, *text;
};

/* Of each queue the one guard that it is named after. */
static const struct hostile_file hostile_files[] = {
	{ "policy.conf",
	    "guard \"contains\" { pattern = 'aaaaaaaaab' }\n"
	    "guard \"each\" { kind = contains  pattern = 'ab'  on = leaves }\n"
	    "guard \"format-json\" { kind = format  is = json }\n"
	    "guard \"format-xml\" { kind = format  is = xml }\n"
	    "guard \"format-markdown\" { kind = format  is = markdown }\n"
	    "guard \"format-sql\" { kind = format  is = sql }\n"
	    "guard \"http\" { url = \"http://127.0.0.1/\"  shape = generic }\n"
	    "guard \"schema\" { kind = \"json-schema\"  schema = \"s.json\""
	    "  format = true  extract = true }\n"
	    "guard \"tree\" { kind = \"json-schema\"  schema = \"t.json\" }\n"
	    "guard \"length\" { max = 1 }\n"
	    "guard \"pii-all\" { kind = pii  decode = { base64, url } }\n"
	    "guard \"profanity-all\" { kind = profanity"
	    "  languages = { en, de, es, fr, it } }\n"
	    "guard \"regex\" { pattern = '(a+)+$' }\n"
	    "guard \"regex-runs\" { kind = regex  pattern = '(a+)+[bc]'"
	    "  on = leaves }\n"
	    "guard \"pii-own\" { kind = pii"
	    "  own \"SLOW\" { pattern = 'x*x*[yz]' } }\n"
	    "guard \"regex-cubic\" { kind = regex  pattern = 'x*x*[yz]'"
	    "  on = leaves }\n"
	    "guard \"regex-twice\" { kind = regex  pattern = '(a|b|ab)*c'"
	    "  on = leaves }\n"
	    "guard \"regex-each\" { kind = regex  pattern = '\\b(\\w+ ?)+:'"
	    "  on = leaves }\n"
	    "queue \"contains\" { guards = { \"contains\" } }\n"
	    "queue \"each\" { guards = { \"each\" } }\n"
	    "queue \"ending\" { guards = { \"ending\" } }\n"
	    "queue \"format-json\" { guards = { \"format-json\" } }\n"
	    "queue \"format-xml\" { guards = { \"format-xml\" } }\n"
	    "queue \"format-markdown\" { guards = { \"format-markdown\" } }\n"
	    "queue \"format-sql\" { guards = { \"format-sql\" } }\n"
	    "queue \"hidden\" { guards = { \"hidden\" } }\n"
	    "queue \"http\" { guards = { \"http\" } }\n"
	    "queue \"schema\" { guards = { \"schema\" } }\n"
	    "queue \"tree\" { guards = { \"tree\" } }\n"
	    "queue \"length\" { guards = { \"length\" } }\n"
	    "queue \"pii\" { guards = { \"pii\" } }\n"
	    "queue \"pii-all\" { guards = { \"pii-all\" } }\n"
	    "queue \"profanity\" { guards = { \"profanity\" } }\n"
	    "queue \"profanity-all\" { guards = { \"profanity-all\" } }\n"
	    "queue \"refusal\" { guards = { \"refusal\" } }\n"
	    "queue \"regex\" { guards = { \"regex\" } }\n"
	    "queue \"regex-runs\" { guards = { \"regex-runs\" } }\n"
	    "queue \"pii-own\" { guards = { \"pii-own\" } }\n"
	    "queue \"regex-cubic\" { guards = { \"regex-cubic\" } }\n"
	    "queue \"regex-twice\" { guards = { \"regex-twice\" } }\n"
	    "queue \"regex-each\" { guards = { \"regex-each\" } }\n"
	    "queue \"repetition\" { guards = { \"repetition\" } }\n"
	    "queue \"secrets\" { guards = { \"secrets\" } }\n" },
	{ "s.json",
	    "{\"type\":[\"array\",\"object\",\"string\",\"number\"],"
	    "\"uniqueItems\":true,\"pattern\":\"^(a+)+$\","
	    "\"items\":{\"anyOf\":[{\"format\":\"email\"},{\"pattern\":"
	    "\"^(\\\\w+\\\\s?)*$\"},{\"format\":\"uri\"},{\"format\":\"regex\"},"
	    "{\"format\":\"date-time\"},{\"format\":\"idn-hostname\"}]},"
	    "\"contains\":{\"const\":[1,[2]]},\"minContains\":2,"
	    "\"patternProperties\":{\"(x+x+)+y\":false,\"^a|b$\":true},"
	    "\"propertyNames\":{\"pattern\":\"^([a-z]|a|b)+$\"},"
	    "\"unevaluatedProperties\":{\"multipleOf\":0.01}}" },
	{ "t.json",
	    "{\"$ref\":\"#/$defs/t\",\"$defs\":{\"t\":{\"oneOf\":["
	    "{\"type\":\"object\",\"additionalProperties\":{\"$ref\":\"#/$defs/t\"}},"
	    "{\"type\":\"array\",\"items\":{\"$ref\":\"#/$defs/t\"},"
	    "\"uniqueItems\":true},{\"type\":[\"array\",\"number\"],"
	    "\"items\":{\"$ref\":\"#/$defs/t\"}},{\"type\":\"string\"}]}}}" },
	{ "", "" }
};

static const char *const hostile_parts[] = {
	/* Nothing but letters, digits, marks. */
	"a", "A", "x", "0", "1", "9", " ", "\n", "\t", ".", ",", ";", ":", "-", "_",
	"/", "\\", "\"", "'", "`", "(", ")", "[", "]", "{", "}", "<", ">", "=",
	"+", "*", "#", "@", "%", "&", "|", "~", "!", "?", "$", "^", "\x01",
	"\x1b", "\x1b[", "\x1b]8;;", "\x7f", "ab", "a ", "a.", "a-", "a@", "a:",
	"a=", "1 ", "1-", "1.", "1:", "1/", "12 ", "12-", "123 ", "a1", "aA",
	"a_", "a\n", "0x", "-a", " a.", "a. ", "A. ", "A b. ", "a, ", "a/",
	/* Addresses, numbers, names. */
	"a@b.", "a@b.c", "a.b@", "@a.b", "a@@b.com", "x@y.com ", "http://",
	"http://a.", "https://a@", "www.", "a.com", "a.co.uk/", "://", "ftp://a:b@",
	"192.168.", "1.1.1.1 ", "1.1.1.1/", "::", "fe80::", "a:b:", "00:11:",
	"+1 (555) ", "(555) ", "555-0100 ", "+49 30 ", "0049", "+", "tel: ",
	"4111 ", "4111-", "41111111", "5500 0000 ", "123-45-", "078-05-1120 ",
	"DE89 ", "GB82 WEST ", "DE893704", "BE71 ", "2026-11-27 ", "27.11.",
	"1/1/1", "Nov 27, ", "10:00:", "1BvBMSEYst", "bc1q", "0xde0B295669a9FD93",
	"12.345.678-", "AB 12 34 56 C ", "SW1A 1AA ", "ssn ", "passport: ",
	"born on ", "IBAN: DE", "Mr. ", "Dr. Smith ", "12 Main St, ", "Main Street ",
	/* Keys and passwords. */
	"AKIA", "AKIAABCD", "ghp_", "sk-", "xoxb-1-", "eyJ", "eyJhbGciOi.",
	"-----BEGIN ", "-----BEGIN RSA PRIVATE KEY-----\n", "password=",
	"password: ", "password is ", "token=a", "API_KEY=\"", "secret: {",
	"\"apiKey\": \"", "<password>", "<key value=\"", "curl -u a:", "Bearer ",
	"Authorization: Basic ", "postgres://a:b@", "AIza", "glpat-", "$2b$10$",
	"$6$a$", "a=b;", "a=b&", "x_token_", "pwd", "deadbeef", "0123456789abcdef",
	"QUJDREVGR0hJSktMTU5P", "QUJD", "QUJD ", "cGFzc3dvcmQ9", "a/b+c=", "%41",
	"%25", "%2541", "%40", "&#64;", "&amp;", "\\u0041", "\\n", "\\x41", "\\\\",
	"\\\"",
	/* Markup and code. */
	"<a", "<a>", "</a>", "<a ", "<a href=\"", "<!--", "-->", "<!-- -->", "<!",
	"<![CDATA[", "<?", "<script", "<script>", "</script", "<style>", "<div>",
	"<div hidden>", "<div style=\"display:none\">", "<p style='", "<img src=",
	"<a b='c' ", "<svg onload=", "<br/>", "<b><i>", "javascript:", "onload=",
	"data:text/html,", "![", "![a](", "![a](http://b/", "![](", "![](//",
	"![](//a/b?c=", "![](https://a.b/", "src=//", "url(//a?", "[a]://", "[a](", "[a]: ",
	"[comment]: <> (", "[", "[[", "[a][", "](", "**", "**a", "*a* ", "_a_ ",
	"`a", "```", "```\n", "~~~\n", "~~~json\n", "```json\n", "```json\n{",
	"# ", "- ", "- a\n", "1. a\n", "> ", "| a ", "|-|\n", "| a | b |\n", "---\n",
	"<<", "&lt;", "{{", "${", "${a", "{%", "function a(){", "if (a) {", "/*", "*/",
	"//", "--", "-- a\n", "SELECT ", "SELECT (", "SELECT 1;", "((", "('", "''",
	"'a'", "$$", "$a$", "CASE WHEN ", "E'", "x'", "BEGIN;",
	/* JSON. */
	"{\"", "{\"a\":", "[1,", "[[", "[{", "[\"", "\"a\",", "\"a\":1,", "{}",
	"{},", "[]", "null", "null,", "true,", "1e", "1e999,", "-", "-0.",
	"\"\\u0000", "\"\\ud83d", "\\\"{\\\"a\\\":", "{\"a\":1}", "{\"a\":1}\n",
	"[1][", "\"password\":\"", "\"a\":\"b@c.de\",", "Here: {",
	/* Prose. */
	"I ", "I cannot ", "I can't help. ", "I'm sorry, but ", "As an AI ",
	"as an AI language model, I ", "I am unable to ", "Unfortunately, ",
	"not able ", "cannot ", "sorry ", "don't ", "it is not ", "I won't. But ",
	"However, ", "Here is ", "the ", "the the ", "and so on, ", "Yes. ", "No. ",
	"A b c d. ", "This is a line.\n", "One. Two. ", "Mr. A. B. ", "e.g. ", "...",
	"a b a b ", "ha", "ha ha ", "\n\n", "\r\n", "\r", " \n", "a\n\n", "Hello, ",
	"word, word ", "well-known ", "isn't ", "\"He said ", "(see ", "- item and\n",
	/* Words of the lists, whole and in disguise. */
	"fuck", "f*ck ", "f u c k ", "f.u.c.k.", "sh1t", "s h i t ", "a$$ ", "fu",
	"f", "f-", "f ", "fffuuuccckkk", "cum_", "ass ", "assass", "class ", "scunthorpe ",
	"mother", "motherfuck", "sch", "scheisse", "hurensohn", "puta ", "merde ",
	"cazzo ", "shit_shit_", "sHiT", "\xD1\x95hit",
	/* What nobody sees, and other scripts. */
	"\xE2\x80\x8B", "\xE2\x80\x8D", "\xE2\x80\x8E", "\xE2\x80\xAE", "\xE2\x81\xA6",
	"\xEF\xBB\xBF", "\xC2\xAD", "a\xC2\xAD", "\xE2\x80\xA8", "\xE2\xA0\x80",
	"\xEE\x80\x80", "\xF3\xA0\x81\x81", "\xEF\xB8\x8F", "\xF3\xA0\x84\x80",
	"\xCC\x81", "a\xCC\x81", "\xD0\xB0", "a\xD0\xB0", "\xD0\xB0 ", "p\xD0\xB0yp\xD0\xB0l ",
	"\xCE\xB1", "\xC3\xA9", "\xC3\x9F", "\xE4\xB8\xAD", "\xE4\xB8\xAD\xE6\x96\x87\xE3\x80\x82",
	"\xED\x95\x9C", "\xD8\xA7", "\xD7\x90", "\xE0\xA4\x95\xE0\xA5\x8D", "\xE0\xB8\x81",
	"\xEF\xBC\x91", "\xEF\xBC\xA1", "\xD9\xA1", "\xF0\x9F\x98\x80",
	"\xF0\x9F\x91\xA8\xE2\x80\x8D", "\xF0\x9F\x87\xA9", "\xE2\x80\x99", "\xE2\x80\x9C",
	"\xF0\x9D\x90\x80", "\xE2\x92\xB6", "f\xE2\x80\x8Bu\xE2\x80\x8B"
};

/* Around what is repeated: a beginning and an end. */
static const char *const hostile_frames[][2] = {
	{ "", "" }, { "x", "#@:x" }, { "[\"", "\"]" }, { "{\"password\":\"", "\"}" },
	{ "```json\n", "\n```" }, { "<div>", "</div>" }, { "\"", "" }, { "{", "}" }
};

/* What goes into itself: begun, in the middle, ended. */
static const char *const hostile_pairs[][3] = {
	{ "[", "1", "]" }, { "[1,", "1", "]" }, { "{\"a\":", "1", "}" },
	{ "{\"a\":[", "{}", "]}" }, { "[{},", "\"a\"", ",{}]" },
	{ "<a>", "b", "</a>" }, { "(", "a", ")" }, { "{", "a", "}" },
	{ "**", "a", "**" }, { "![a](", "b", ")" }, { "\"", "a", "\"" },
	{ "[a](", "b", ")" }, { "> ", "a", "\n" }, { "(SELECT ", "1", ")" },
	{ "CASE WHEN ", "1", " END" }, { "<div hidden>", "a", "</div>" }
};

#endif
