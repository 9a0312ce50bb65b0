#include "tests/unit/test_pii.h"
#include "tests/unit/values.h"

#define CHECK_ALL(cases)	\
	pii_check_all(cases, sizeof(cases) / sizeof((cases)[0]))

static void
finds_mail_addresses(void **state)
{
	static const struct pii_case cases[] = {
		{ "EMAIL_ADDRESS", "Mail ana.b@example.com now.",
		    "ana.b@example.com" },
		{ "EMAIL_ADDRESS", "'o'brien+x@mail.co.uk'",
		    "o'brien+x@mail.co.uk" },
		{ "EMAIL_ADDRESS", "<J_R-3%x@sub.d-x.museum>,",
		    "J_R-3%x@sub.d-x.museum" },
		{ "EMAIL_ADDRESS", "j\303\274rgen@b\303\274ro.de",
		    "j\303\274rgen@b\303\274ro.de" },
		{ "EMAIL_ADDRESS", "a@x.com.Then we left", "a@x.com" },
		{ "EMAIL_ADDRESS", "mailto:a@x.org?subject=b", "a@x.org" },
		{ "EMAIL_ADDRESS", "bob@example.co-45-6789, tel",
		    "bob@example.co" },
		{ "EMAIL_ADDRESS", "in ana@example.com-style", "ana@example.com" },
		{ "EMAIL_ADDRESS", "ana@example.de-mail.com",
		    "ana@example.de-mail.com" },
		/* Run together they are one, of which nothing is left over. */
		{ "EMAIL_ADDRESS", "to a@x.org.b@y.org,", "a@x.org.b@y.org" },
		{ "EMAIL_ADDRESS", "to a@x.org@y.org,", "a@x.org@y.org" },
		{ "EMAIL_ADDRESS", "16@x dot \303\2441+6@x dot org",
		    "16@x dot \303\2441+6@x dot org" },
		{ "EMAIL_ADDRESS", "by @ana@mastodon.social", "ana@mastodon.social" },
		{ "EMAIL_ADDRESS", "ana (at) example (dot) com.",
		    "ana (at) example (dot) com" },
		{ "EMAIL_ADDRESS", "ana[at]mail[dot]example[dot]org",
		    "ana[at]mail[dot]example[dot]org" },
		{ "EMAIL_ADDRESS", "email me: ana.b at example dot com please",
		    "ana.b at example dot com" },
		{ "EMAIL_ADDRESS", "ana@example dot com", "ana@example dot com" },
		{ "EMAIL_ADDRESS", "a\342\200\213na@exam\342\200\213ple.com",
		    "a\342\200\213na@exam\342\200\213ple.com" },
		{ "EMAIL_ADDRESS", "ana\357\274\240example.com",
		    "ana\357\274\240example.com" },
		{ "EMAIL_ADDRESS", "user@localhost", NULL },
		{ "EMAIL_ADDRESS", "lodash@4.17.21 react@18.2.0", NULL },
		{ "EMAIL_ADDRESS", "@app.route('/x') def f(): a@b", NULL },
		{ "EMAIL_ADDRESS", "git clone git@github.com:a/b.git", NULL },
		{ "EMAIL_ADDRESS", "https://joe:pw@example.com/", NULL },
		{ "EMAIL_ADDRESS", "icon@2x.png", NULL },
		{ "EMAIL_ADDRESS", "react@18.2.0-rc.1", NULL },
		{ "EMAIL_ADDRESS", "look at the dot com boom", NULL },
		{ "EMAIL_ADDRESS", "array[at] index (dot) product", NULL },
		{ "EMAIL_ADDRESS", "he @ example.nosuch", NULL }
	};

	(void)state;
	CHECK_ALL(cases);
}

static void
finds_urls_and_domains(void **state)
{
	static const struct pii_case cases[] = {
		{ "URL", "see https://example.com/a_(b)?c=1#d.",
		    "https://example.com/a_(b)?c=1#d" },
		{ "URL", "(http://www.x.co.nz/)", "http://www.x.co.nz/" },
		{ "URL", "www.Example.org, now", "www.Example.org" },
		{ "URL", "[a](https://a.io/b)", "https://a.io/b" },
		{ "URL", "http://localhost:8080/", NULL },
		{ "URL", "std://vector.size", NULL },
		{ "URL", "https://nosuchtld.invalid/", NULL },
		{ "URL", "a://b", NULL },
		{ "URL", "http:// example", NULL },
		{ "DOMAIN_NAME", "buy at shop.example.com today",
		    "shop.example.com" },
		{ "DOMAIN_NAME", "example.org.", "example.org" },
		{ "DOMAIN_NAME", "the website my-site.photography is new",
		    "my-site.photography" },
		{ "DOMAIN_NAME", "Run main.py, then README.md", NULL },
		{ "DOMAIN_NAME", "user.name = self.data.items()", NULL },
		{ "DOMAIN_NAME", "I did it.So what", NULL },
		{ "DOMAIN_NAME", "Node.js and e.g. U.S. 3.14", NULL },
		{ "DOMAIN_NAME", "-bad-.com ..com", NULL }
	};

	(void)state;
	CHECK_ALL(cases);
}

static void
finds_addresses_of_machines(void **state)
{
	static const struct pii_case cases[] = {
		{ "IP_ADDRESS", "from 86.231.85.193.", "86.231.85.193" },
		{ "IP_ADDRESS", "http://10.218.6.131/x", "10.218.6.131" },
		{ "IP_ADDRESS", "8.8.8.8 answers", "8.8.8.8" },
		{ "IP_ADDRESS", "at 2a01:db8::8a2e:370:7334:",
		    "2a01:db8::8a2e:370:7334" },
		{ "IP_ADDRESS", "3b20:9a3a:1b2f:7ce:9ef1:4787:85fc:261e",
		    "3b20:9a3a:1b2f:7ce:9ef1:4787:85fc:261e" },
		{ "IP_ADDRESS", "[fe80::1%eth0]", "fe80::1" },
		{ "IP_ADDRESS", "::ffff:192.0.2.128 is it",
		    "::ffff:192.0.2.128" },
		{ "IP_ADDRESS", "version 10.0.19041.1", NULL },
		{ "IP_ADDRESS", "256.1.1.1 and 1.2.3 and 01.20.30.40", NULL },
		{ "IP_ADDRESS", "mask 255.255.255.0 on 127.0.0.1", NULL },
		{ "IP_ADDRESS", "std::vector a::b a[1::2] 12:30:45", NULL },
		{ "IP_ADDRESS", "section 1.2.3.4 of 10.20.30.40.50", NULL },
		/* Of many machines, or kept for what is written about them. */
		{ "IP_ADDRESS", "ping 239.255.255.250, 240.0.0.1, ff05::c", NULL },
		{ "IP_ADDRESS", "host 192.0.2.9, 198.51.100.7, 203.0.113.40, 169.254.1.2", NULL },
		{ "IP_ADDRESS", "server 2001:db8:1::2 and 198.19.4.4", NULL },
		{ "IP_ADDRESS", "server 203.0.114.40", "203.0.114.40" },
		/* Versions and sections. */
		{ "IP_ADDRESS", "spring-core 4.3.2.1 broke", NULL },
		{ "IP_ADDRESS", "Upgraded to 6.12.44.17 last week", NULL },
		{ "IP_ADDRESS", "as 12.4.2.9 says", NULL },
		{ "IP_ADDRESS", "intro\n7.14.3.22 Scope of Work", NULL },
		{ "IP_ADDRESS", "Rails 6.1.47.3 is out", NULL },
		{ "IP_ADDRESS", "the server 6.1.7.3 is down", "6.1.7.3" },
		{ "IP_ADDRESS", "ping 4.2.2.2", "4.2.2.2" },
		{ "IP_ADDRESS", "came from 24.16.4.200 twice", "24.16.4.200" },
		{ "IP_ADDRESS", "via 5.6.7.8:443", "5.6.7.8" },
		{ "IP_ADDRESS", "it is 10.1.2.3 then", "10.1.2.3" },
		{ "MAC_ADDRESS", "MAC 00:1B:44:11:3A:B7,", "00:1B:44:11:3A:B7" },
		{ "MAC_ADDRESS", "aa-bb-cc-dd-0e-ff", "aa-bb-cc-dd-0e-ff" },
		{ "MAC_ADDRESS", "001b.4411.3ab7", "001b.4411.3ab7" },
		{ "MAC_ADDRESS", "00:1B:44:11:3A", NULL },
		{ "MAC_ADDRESS", "00:1B:44:11:3A:B7:99", NULL },
		{ "MAC_ADDRESS", "00:1B-44:11-3A:B7", NULL },
		{ "MAC_ADDRESS", "ff:ff:ff:ff:ff:ff", NULL },
		{ "MAC_ADDRESS", "00:1G:44:11:3A:B7", NULL },
		{ "MAC_ADDRESS", "x00:1B:44:11:3A:B7", NULL }
	};

	(void)state;
	CHECK_ALL(cases);
}

static void
finds_accounts_and_wallets(void **state)
{
	static const struct pii_case cases[] = {
		{ "IBAN_CODE", "to DE89 3704 0044 0532 0130 00 please",
		    "DE89 3704 0044 0532 0130 00" },
		{ "IBAN_CODE", "gb29nwbk60161331926819",
		    "gb29nwbk60161331926819" },
		{ "IBAN_CODE", "MT84MALT011000012345MTLCAST001S.",
		    "MT84MALT011000012345MTLCAST001S" },
		{ "IBAN_CODE", "FR14-2004-1010-0505-0001-3M02-606 x",
		    "FR14-2004-1010-0505-0001-3M02-606" },
		{ "IBAN_CODE", "DE88370400440532013000", NULL },
		{ "IBAN_CODE", "DE8937040044053201300", NULL },
		{ "IBAN_CODE", "XX89370400440532013000", NULL },
		{ "IBAN_CODE", "GB29NWBK6016133192681X", NULL },
		{ "IBAN_CODE", "DE893704004405320130001", NULL },
		{ "CRYPTO", "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa",
		    "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa" },
		{ "CRYPTO", "to 3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy.",
		    "3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy" },
		{ "CRYPTO", "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4",
		    "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4" },
		{ "CRYPTO", "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4"
		    "k9hcz7vqzk5jj0", "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z"
		    "3k2e72q4k9hcz7vqzk5jj0" },
		{ "CRYPTO", "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb", NULL },
		{ "CRYPTO", "1A1zP1eP5QGefi2DMPTfTL5SLmv7Divf", NULL },
		{ "CRYPTO", "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t5", NULL },
		{ "CRYPTO", "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3T4", NULL },
		{ "CRYPTO", "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4"
		    "k9hcz7vqh2y7hd", NULL }
	};

	(void)state;
	CHECK_ALL(cases);
}

static void
finds_telephone_numbers(void **state)
{
	static const struct pii_case cases[] = {
		{ "PHONE_NUMBER", "Ask (415) 555-2671 x12.",
		    "(415) 555-2671 x12" },
		{ "PHONE_NUMBER", "+44 (0)20 7946 0958 works",
		    "+44 (0)20 7946 0958" },
		{ "PHONE_NUMBER", "+491711234567", "+491711234567" },
		{ "PHONE_NUMBER", "0033 1 23 45 67 89 or not",
		    "0033 1 23 45 67 89" },
		{ "PHONE_NUMBER", "am 01 23 45 67 89.", "01 23 45 67 89" },
		{ "PHONE_NUMBER", "Phone: 33 93 31", "33 93 31" },
		{ "PHONE_NUMBER", "\347\224\265\350\257\235"
		    "13812345678", "13812345678" },
		{ "PHONE_NUMBER", "call 555-123-4567 5 times", "555-123-4567" },
		{ "PHONE_NUMBER", "tel \357\274\220\357\274\222\357\274\220 "
		    "7946 0958", "\357\274\220\357\274\222\357\274\220 "
		    "7946 0958" },
		{ "PHONE_NUMBER", "order 415-555-2671", NULL },
		{ "PHONE_NUMBER", "call it 1 200 000 dollars", NULL },
		{ "PHONE_NUMBER", "the office has 1234567 users", NULL },
		{ "PHONE_NUMBER", "from 1999-2004, pages 123-145", NULL },
		{ "PHONE_NUMBER", "call f(3.14159265) = 0x1234567", NULL },
		{ "PHONE_NUMBER", "call on 2024-01-15 or 12.05.1985", NULL },
		{ "PHONE_NUMBER", "$415-555-2671 #4155552671", NULL },
		{ "PHONE_NUMBER", "a taxi call to 03 2657 Koontz Lane", NULL },
		{ "PHONE_NUMBER", "rows: 208 399 9442 35432 24", NULL },
		{ "PHONE_NUMBER", "1-800-799-SAFE", NULL },
		{ "PHONE_NUMBER", "call me: 88286 * 76484 = 6752266424", NULL },
		/* Sums, ranges, decimals and what is counted. */
		{ "PHONE_NUMBER", "the phone costs 81500-12700 = 68800", NULL },
		{ "PHONE_NUMBER", "a call of <<4400-350=4050>>4050 s", NULL },
		{ "PHONE_NUMBER", "for the office 7500/250 boxes", NULL },
		{ "PHONE_NUMBER", "the office sold 12000-14000 seats", NULL },
		{ "PHONE_NUMBER", "contact 120-145 clients", NULL },
		{ "PHONE_NUMBER", "fax rates are 11.75-20.50 a page", NULL },
		{ "PHONE_NUMBER", "he texts 4500 \303\227 1200 = 5400000", NULL },
		{ "PHONE_NUMBER", "the phone has 8388608 pixels", NULL },
		{ "PHONE_NUMBER", "the phone made 3500000 last year", NULL },
		{ "PHONE_NUMBER", "the phone costs 1417.2236 each", NULL },
		{ "PHONE_NUMBER", "call 0x1f 87654321", NULL },
		{ "PHONE_NUMBER", "dial 555-0199 - ask for Tom", "555-0199" },
		{ "PHONE_NUMBER", "212-555-0188 / 212-555", "212-555-0188" },
		{ "PHONE_NUMBER", "Tel. 0761/4012345", "0761/4012345" },
		/* A wide list of words is enough for a national form. */
		{ "PHONE_NUMBER", "no more texts to 612 345 987", "612 345 987" },
		{ "PHONE_NUMBER", "322 327 102 office", "322 327 102" },
		{ "PHONE_NUMBER", "You reach Eva on 608 317-2427.",
		    "608 317-2427" },
		{ "PHONE_NUMBER", "of 612 345 987 entries", NULL },
		/* The public's own. */
		{ "PHONE_NUMBER", "In danger call 1-800-799-7233 now", NULL },
		{ "PHONE_NUMBER", "Telefonseelsorge: Telefon 0800 111 0 111", NULL },
		{ "PHONE_NUMBER", "Samaritans, call 116 123", NULL },
		{ "PHONE_NUMBER", "the crisis line is 888-555-0143", NULL },
		{ "PHONE_NUMBER", "ask Bob: 888-555-0143", "888-555-0143" },
		{ "PHONE_NUMBER", "ask Bob: +1 888 555 0143", "+1 888 555 0143" },
		{ "PHONE_NUMBER", "127.70.148.177 stopped answering", NULL },
		{ "PHONE_NUMBER", "550e8400-e29b-41d4-a716-446655440000", NULL }
	};

	(void)state;
	CHECK_ALL(cases);
}

static void
finds_dates(void **state)
{
	static const struct pii_case cases[] = {
		{ "DATE_TIME", "at 2024-02-29T10:30:00.5+01:00.",
		    "2024-02-29T10:30:00.5+01:00" },
		{ "DATE_TIME", "born 3/23/1940", "3/23/1940" },
		{ "DATE_TIME", "am 23.3.1940,", "23.3.1940" },
		{ "DATE_TIME", "on March 5th, 2024 we", "March 5th, 2024" },
		{ "DATE_TIME", "the 12th of May 1999", "12th of May 1999" },
		{ "DATE_TIME", "till 21-May-2021.", "21-May-2021" },
		{ "DATE_TIME", "Dec-21-2021", "Dec-21-2021" },
		{ "DATE_TIME", "2023-02-29", NULL },
		{ "DATE_TIME", "13/32/1999 0/1/1999", NULL },
		{ "DATE_TIME", "1.2.3 and 10.0.19 and 3/4", NULL },
		{ "DATE_TIME", "12 may be", NULL },
		{ "DATE_TIME", "20240229 1999-2004 12-25-99-1", NULL }
	};

	(void)state;
	CHECK_ALL(cases);
}

/* What assistants write all day holds nothing that fails an output. */
static void
finds_nothing_in_common_outputs(void **state)
{
	static const char *const texts[] = {
		"Order #1047392846 ships in 3-5 days; tracking 1Z999AA10123456784.",
		"Version 2.14.0-rc.1 (build 20240115.3) fixes CVE-2024-12345.",
		"sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15",
		"id = \"123e4567-e89b-12d3-a456-426614174000\"",
		"The total is $1,234,567.89, or 1 234 567,89 EUR (VAT 19%).",
		"pi = 3.14159265358979323846; 2^64 = 18446744073709551616",
		"for (i = 0; i < 1000000; i++) a[i] = 0xdeadbeef + 0b1010;",
		"| 101 | 202 | 303 |\n| 1024 | 2048 | 4096 |\n1. 10\n2. 20\n",
		"ISBN 978-3-16-148410-0, ISSN 2049-3630, pp. 123-145, 21-14.",
		"ts=1704067200000 took 1618350801380 ns; port 8080, PID 4242",
		"Population: 8 336 817 (2020), area 891.85 km2, 40.7128, -74.0060",
		"std::vector<int> v{1, 2, 3}; foo::bar(); a[1::2]; 12:30:45",
		"Flight BA2490 leaves gate B12 at 10:45; seat 34A; room 1204.",
		"ratio 16:9, 4x4, 1080p, 5G, H2O, C6H12O6, MP3, A4, B2B, 24/7",
		"lodash@4.17.21, numpy==1.26.4, ubuntu:22.04, go1.21, py3.11",
		"DRAWING A123456 NEEDS PUBLIC REVIEW; PART NO. AB123456 REV C",
		"Mix 250 ml milk, 125 g flour, 2 eggs; bake 180 C 35-40 min.",
		"The SSN field takes 9 digits and the CVV field 3 or 4 digits.",
		"Primes: 999983 999979 999961 999959 999953 999931 999917"
	};
	struct guard_test t;
	size_t i, k;

	(void)state;
	guard_test_init(&t, "pii");
	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		for (k = guard_test_run(&t, texts[i]); k-- > 0;)
			if (t.found.v[k].severity > SEVERITY_INFO)
				fail_msg("%.*s '%.*s' in: %s",
				    SLICE_ARG(t.found.v[k].kind),
				    (int)(t.found.v[k].end - t.found.v[k].start),
				    texts[i] + t.found.v[k].start, texts[i]);
	guard_test_release(&t);
}

/* Words count whole, five before and two after, and whose number it is. */
static void
heeds_the_words_around(void **state)
{
	static const struct pii_case cases[] = {
		{ "US_PASSPORT", "passport a b c d 123456789", "123456789" },
		{ "US_PASSPORT", "passport a b c d e 123456789", NULL },
		{ "US_PASSPORT", "123456789 my Passport", "123456789" },
		{ "US_PASSPORT", "123456789 a b passport", NULL },
		{ "US_DRIVER_LICENSE", "lic A1234567", "A1234567" },
		{ "US_DRIVER_LICENSE", "public A1234567", NULL },
		{ "US_DRIVER_LICENSE", "driver\342\200\231s license no. "
		    "A1234567", "A1234567" },
		{ "US_BANK", "\"account_number\": \"12345678\"", "12345678" },
		{ "US_BANK", "account order 12345678", NULL },
		{ "UK_NHS", "NHS: 943-476-5919", "943-476-5919" },
		{ "UK_NHS", "dial 943-476-5918", NULL },
		{ "UK_VEHICLE", "into her 401k and car fund", NULL },
		{ "UK_VEHICLE", "the car is abc123d", "abc123d" },
		{ "US_BANK", "the account has 4500*2100=9450000 dollars", NULL },
		{ "US_SSN", "308-63-0237 - 415", "308-63-0237" }
	};

	(void)state;
	CHECK_ALL(cases);
}

static void
spans_are_of_the_text_as_it_came(void **state)
{
	static const struct pii_case cases[] = {
		{ "CREDIT_CARD", "\303\274 4111\302\2401111\302\2401111\302\240"
		    "1111 ok", "4111\302\2401111\302\2401111\302\2401111" },
		{ "CREDIT_CARD", "card 41\342\200\21311\342\200\21311", NULL },
		{ "CREDIT_CARD", "4111.1111.1111.1111", "4111.1111.1111.1111" },
		{ "CREDIT_CARD", "{\"n\": 4111111111111111.0}",
		    "4111111111111111" },
		{ "CREDIT_CARD", "4111111111111111.05", NULL },
		{ "CREDIT_CARD", "4111111111111111.0.1", NULL },
		{ "CREDIT_CARD", "card 4.111111111111111e15,",
		    "4.111111111111111e15" },
		{ "CREDIT_CARD", "card: 4.53102872134561E+15",
		    "4.53102872134561E+15" },
		{ "CREDIT_CARD", "mass 4.111111111111111e15 kg", NULL },
		{ "CREDIT_CARD", "card 4.111111111111112e15", NULL },
		{ "CREDIT_CARD", "card 4.1e15", NULL },
		/* Of whatever issuer, where a card is spoken of. */
		{ "CREDIT_CARD", "my card 3598899323053410 is lost",
		    "3598899323053410" },
		{ "CREDIT_CARD", "my card 7992739871300008 is lost",
		    "7992739871300008" },
		{ "CREDIT_CARD", "my card 3598899323053411 is lost", NULL },
		{ "CREDIT_CARD", "the sum 3598899323053410 is lost", NULL },
		{ "CREDIT_CARD", "3598899323053410", NULL },
		{ "CREDIT_CARD", "card order 3598899323053410 is lost", NULL },
		{ "CREDIT_CARD", "4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1",
		    "4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1" },
		{ "CREDIT_CARD", "4111\342\200\2131111\342\200\21311111111",
		    "4111\342\200\2131111\342\200\21311111111" },
		{ "CREDIT_CARD", "\357\274\224\357\274\221\357\274\221"
		    "\357\274\2211111111111\357\274\221\357\274\221",
		    "\357\274\224\357\274\221\357\274\221\357\274\221"
		    "1111111111\357\274\221\357\274\221" },
		{ "US_SSN", "SSN 308\342\200\22163\342\200\2210237",
		    "308\342\200\22163\342\200\2210237" },
		{ "US_SSN", "SSN \331\243\331\240\331\250-63-0237",
		    "\331\243\331\240\331\250-63-0237" }
	};

	(void)state;
	CHECK_ALL(cases);
}

static void
the_better_of_two_stands(void **state)
{
	struct guard_test t;

	(void)state;
	guard_test_init(&t, "pii");
	guard_test_one(&t, "https://x.org/?mail=ana@example.com",
	    "EMAIL_ADDRESS", "ana@example.com");
	guard_test_one(&t, "https://10.20.30.40/login", "IP_ADDRESS",
	    "10.20.30.40");
	guard_test_one(&t, "My SSN is 308-63-0237, call me", "US_SSN",
	    "308-63-0237");
	guard_test_one(&t, "call on 2024-01-15", "DATE_TIME", "2024-01-15");
	assert_int_equal(t.found.v[0].severity, SEVERITY_INFO);
	guard_test_one(&t, "My card: 4111111111111111", "CREDIT_CARD",
	    "4111111111111111");
	assert_int_equal(t.found.v[0].severity, SEVERITY_MEDIUM);
	assert_slice(t.found.v[0].message, "credit card number, Luhn ok");
	guard_test_release(&t);
}

static void
options_choose(void **state)
{
	static const char *const kinds[] = { "IBAN_CODE", "us_ssn" };
	static const char *const locales[] = { "DE" };
	static const char *const allow[] = { "Info@Example.com" };
	struct guard_test t;

	(void)state;
	guard_test_init(&t, "pii");
	guard_test_list(&t, "kinds", kinds, 2);
	guard_test_none(&t, "ana@example.com");
	guard_test_one(&t, "SSN 308-63-0237", "US_SSN", NULL);
	guard_test_release(&t);

	guard_test_init(&t, "pii");
	guard_test_list(&t, "locales", locales, 1);
	guard_test_none(&t, "SSN 308-63-0237");
	guard_test_one(&t, "ana@example.com", "EMAIL_ADDRESS", NULL);
	guard_test_one(&t, "DE136695976", "DE_VAT_ID", NULL);
	guard_test_release(&t);

	guard_test_init(&t, "pii");
	guard_test_list(&t, "allow", allow, 1);
	guard_test_none(&t, "info@example.com");
	guard_test_one(&t, "ana@example.com", "EMAIL_ADDRESS", NULL);
	guard_test_release(&t);

	guard_test_init(&t, "pii");
	guard_test_number(&t, "min_score", 0.99);
	guard_test_none(&t, "Ask (415) 555-2671");
	guard_test_release(&t);

	guard_test_init(&t, "pii");
	guard_test_number(&t, "min_score", 0.1);
	guard_test_one(&t, "It said 9434765919 once", "UK_NHS", NULL);
	guard_test_release(&t);
}

static void
looks_into_what_is_encoded(void **state)
{
	static const char *const decode[] = { "base64", "url" };
	struct guard_test t;

	(void)state;
	guard_test_init(&t, "pii");
	guard_test_none(&t, "token YW5hQGV4YW1wbGUuY29t");
	guard_test_list(&t, "decode", decode, 2);
	t.kind->free(t.compiled);
	t.compiled = NULL;
	guard_test_one(&t, "token YW5hQGV4YW1wbGUuY29t, so", "EMAIL_ADDRESS",
	    "YW5hQGV4YW1wbGUuY29t");
	assert_slice(t.found.v[0].message, "email address, known "
	    "top-level domain (in base64)");
	guard_test_one(&t, "q=ana%40example.com&x=1", "EMAIL_ADDRESS",
	    "ana%40example.com");
	/* Neither hides what is in the other. */
	guard_test_one(&t, "https://h.invalid/?a=%20&b=YW5hQGV4YW1wbGUuY29t",
	    "EMAIL_ADDRESS", "YW5hQGV4YW1wbGUuY29t");
	guard_test_none(&t, "SGVsbG8gd29ybGQhISE= and 100%20 camelCaseName");
	guard_test_release(&t);
}

static void
refuses_what_it_does_not_know(void **state)
{
	static const struct {
		const char	*option, *value, *error;
	} row[] = {
		{ "kinds", "SHOE_SIZE", "kinds: no such kind: SHOE_SIZE" },
		{ "locales", "xx", "locales: no such locale: xx" },
		{ "decode", "rot13",
		    "decode: neither base64 nor url: rot13" }
	};
	struct guard_test t;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
		guard_test_init(&t, "pii");
		guard_test_list(&t, row[i].option, &row[i].value, 1);
		assert_int_equal(guard_test_compile(&t), STATUS_INVALID);
		assert_string_equal(t.err.text, row[i].error);
		guard_test_release(&t);
	}
	guard_test_init(&t, "pii");
	guard_test_number(&t, "min_score", 1.5);
	assert_int_equal(guard_test_compile(&t), STATUS_INVALID);
	assert_string_equal(t.err.text,
	    "min_score: 1.5 is not between 0 and 1");
	guard_test_release(&t);
}

static uint32_t
next_random(uint32_t *x)
{
	*x = *x * 1664525u + 1013904223u;
	return *x >> 8;
}

/* Any text: in order, not overlapping, never cutting a character. */
static void
holds_on_any_text(void **state)
{
	static const char *const pieces[] = { "4111", "1", "-", " ", ".", "@",
	    ":", "::", "/", "://", "http", "www.", ".com", "DE", "+49", "(",
	    ")", "x", "ssn ", "call ", "\303\244", "\342\200\213",
	    "\357\274\221", "\360\235\237\216", "ab", "0", "99", "%40", "=",
	    " dot ", " at ", "[at]", "YW5h", "fe80", "_", "\n", "May ", "bc1q",
	    "passport ", "0x", ",", "$", "T", "2024", "\302\240" };
	static const char *const decode[] = { "base64", "url" };
	char text[400];
	struct guard_test t;
	uint32_t seed = 1;
	size_t round, n;
	const char *p;

	(void)state;
	guard_test_init(&t, "pii");
	guard_test_list(&t, "decode", decode, 2);
	guard_test_number(&t, "min_score", 0);
	for (round = 0; round < 20000; round++) {
		for (n = 0; n < 300 && next_random(&seed) % 40 != 0;
		    n += strlen(p)) {
			p = pieces[next_random(&seed) % (sizeof(pieces) /
			    sizeof(pieces[0]))];
			memcpy(text + n, p, strlen(p) + 1);
		}
		text[n] = '\0';
		(void)guard_test_run(&t, text);
		findings_hold(&t, text, n);
	}
	guard_test_release(&t);
}

/* Long runs of what a reader stops at cost time in proportion. */
static void
long_runs_end(void **state)
{
	static const char *const unit[] = { "1", "1 ", "a@", "a.", "1.", "::",
	    "1:", "http://", "(at)", " dot ", "A", "1-", "a-1", "%41", "bc1",
	    "+1 ", "\342\200\213", "card 4111", "1/", "www.", "1,", "x@x." };
	struct guard_test t;
	char *text;
	size_t i, k, n = 1 << 20, len;

	(void)state;
	text = malloc(n + 1);
	assert_non_null(text);
	guard_test_init(&t, "pii");
	for (i = 0; i < sizeof(unit) / sizeof(unit[0]); i++) {
		len = strlen(unit[i]);
		for (k = 0; k < n; k++)
			text[k] = unit[i][k % len];
		assert_int_equal(guard_test_try(&t, (struct slice){ text,
		    n / len * len }), STATUS_OK);
	}
	guard_test_release(&t);
	free(text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_mail_addresses),
		cmocka_unit_test(finds_urls_and_domains),
		cmocka_unit_test(finds_addresses_of_machines),
		cmocka_unit_test(finds_accounts_and_wallets),
		cmocka_unit_test(finds_telephone_numbers),
		cmocka_unit_test(finds_dates),
		cmocka_unit_test(finds_nothing_in_common_outputs),
		cmocka_unit_test(heeds_the_words_around),
		cmocka_unit_test(spans_are_of_the_text_as_it_came),
		cmocka_unit_test(the_better_of_two_stands),
		cmocka_unit_test(options_choose),
		cmocka_unit_test(looks_into_what_is_encoded),
		cmocka_unit_test(refuses_what_it_does_not_know),
		cmocka_unit_test(holds_on_any_text),
		cmocka_unit_test(long_runs_end)
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
