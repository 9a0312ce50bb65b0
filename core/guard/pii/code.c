/* IBAN, cryptocurrency addresses, BIC. */
#include "core/guard/pii/code.h"

#include "core/base/hash.h"
#include "core/guard/pii/ascii.h"
#include "core/guard/pii/check.h"
#include "core/guard/pii/edge.h"
#include "core/guard/pii/hit.h"
#include "core/guard/pii/kinds.h"
#include "core/guard/pii/words.h"

/* SWIFT's IBAN registry: n digits, a letters, c either, behind the check. */
static const struct {
	char	country[3];
	char	bban[16];
} ibans[] = {
	{ "AD", "8n12c" }, { "AE", "19n" }, { "AL", "8n16c" }, { "AT", "16n" },
	{ "AZ", "4a20c" }, { "BA", "16n" }, { "BE", "12n" },
	{ "BG", "4a6n8c" }, { "BH", "4a14c" }, { "BI", "23n" },
	{ "BR", "23n1a1c" }, { "BY", "4c4n16c" }, { "CH", "5n12c" },
	{ "CR", "18n" }, { "CY", "8n16c" }, { "CZ", "20n" }, { "DE", "18n" },
	{ "DJ", "23n" }, { "DK", "14n" }, { "DO", "4c20n" }, { "EE", "16n" },
	{ "EG", "25n" }, { "ES", "20n" }, { "FI", "14n" }, { "FK", "2a12n" },
	{ "FO", "14n" }, { "FR", "10n11c2n" }, { "GB", "4a14n" },
	{ "GE", "2a16n" }, { "GI", "4a15c" }, { "GL", "14n" },
	{ "GR", "7n16c" }, { "GT", "24c" }, { "HN", "4a20n" }, { "HR", "17n" },
	{ "HU", "24n" }, { "IE", "4a14n" }, { "IL", "19n" },
	{ "IQ", "4a15n" }, { "IS", "22n" }, { "IT", "1a10n12c" },
	{ "JO", "4a4n18c" }, { "KW", "4a22c" }, { "KZ", "3n13c" },
	{ "LB", "4n20c" }, { "LC", "4a24c" }, { "LI", "5n12c" },
	{ "LT", "16n" }, { "LU", "3n13c" }, { "LV", "4a13c" }, { "LY", "21n" },
	{ "MC", "10n11c2n" }, { "MD", "20c" }, { "ME", "18n" },
	{ "MK", "3n10c2n" }, { "MN", "16n" }, { "MR", "23n" },
	{ "MT", "4a5n18c" }, { "MU", "4a19n3a" }, { "NI", "4a20n" },
	{ "NL", "4a10n" }, { "NO", "11n" }, { "OM", "3n16c" },
	{ "PK", "4a16c" }, { "PL", "24n" }, { "PS", "4a21c" }, { "PT", "21n" },
	{ "QA", "4a21c" }, { "RO", "4a16c" }, { "RS", "18n" },
	{ "RU", "14n15c" }, { "SA", "2n18c" }, { "SC", "4a20n3a" },
	{ "SD", "14n" }, { "SE", "20n" }, { "SI", "15n" }, { "SK", "20n" },
	{ "SM", "1a10n12c" }, { "SO", "19n" }, { "ST", "21n" },
	{ "SV", "4a20n" }, { "TL", "19n" }, { "TN", "20n" },
	{ "TR", "6n16c" }, { "UA", "6n19c" }, { "VA", "18n" },
	{ "VG", "4a16n" }, { "XK", "16n" }, { "YE", "4a4n18c" }
};
#define IBAN_MAX	34

/* How many characters the layout has; SIZE_MAX where they do not fit it. */
static size_t
layout_match(const char *layout, const char *s, size_t n)
{
	size_t at = 0, k;
	char class;

	while (*layout != '\0') {
		for (k = 0; is_digit(*layout); layout++)
			k = k * 10 + (size_t)(*layout - '0');
		for (class = *layout++; k > 0; k--, at++)
			if (at < n && ((class == 'n' && !is_digit(s[at])) ||
			    (class == 'a' && !is_letter(s[at]))))
				return SIZE_MAX;
	}
	return at;
}

/* Letters and digits from `at`, in fours that a blank or '-' may part. */
static size_t
iban_read(struct slice t, size_t at, char *code, size_t *ends)
{
	size_t n = 0, i = at;

	while (n < IBAN_MAX && i < t.n) {
		if ((t.p[i] == ' ' || t.p[i] == '-') && n > 0 && n % 4 == 0 &&
		    is_alnum(byte_at(t, i + 1)))
			i++;
		if (!is_alnum(t.p[i]))
			break;
		code[n++] = to_upper(t.p[i++]);
		ends[n] = i;
	}
	return n;
}

void
find_iban(struct pii_scan *s, size_t start, size_t end)
{
	struct slice t = s->text;
	char code[IBAN_MAX + 1], turned[IBAN_MAX];
	size_t ends[IBAN_MAX + 1], n, want, i;

	if (end - start < 4 || !is_letter(t.p[start]) ||
	    !is_letter(t.p[start + 1]) || !is_digit(t.p[start + 2]) ||
	    !is_digit(t.p[start + 3]))
		return;
	n = iban_read(t, start, code, ends);
	for (i = 0; i < sizeof(ibans) / sizeof(ibans[0]); i++)
		if (memcmp(ibans[i].country, code, 2) == 0)
			break;
	if (n < 14 || i == sizeof(ibans) / sizeof(ibans[0]))
		return;
	want = layout_match(ibans[i].bban, code + 4, n - 4);
	if (want == SIZE_MAX || want + 4 > n)
		return;
	want += 4;
	memcpy(turned, code + 4, want - 4);
	memcpy(turned + want - 4, code, 4);
	if (check_mod97(turned, want) == 1 &&
	    !is_alnum(byte_at(t, ends[want])) &&
	    !check_same(code + 4, want - 4))
		pii_hit(s, PII_IBAN_CODE, start, ends[want], 1, true,
		    "length, layout and mod 97 ok");
}

#define BASE58_LEN	25	/* version, 20 bytes of hash, 4 of checksum */

/* Exactly BASE58_LEN bytes, or false. */
static bool
base58_decode(const char *p, size_t n, unsigned char out[BASE58_LEN])
{
	static const char alphabet[] = "123456789ABCDEFGHJKLMNPQRSTUVWXYZ"
	    "abcdefghijkmnopqrstuvwxyz";
	const char *at;
	unsigned carry;
	size_t i, k, ones = 0, zeros = 0;

	memset(out, 0, BASE58_LEN);
	for (i = 0; i < n; i++) {
		if ((at = strchr(alphabet, p[i])) == NULL)
			return false;
		carry = (unsigned)(at - alphabet);
		for (k = BASE58_LEN; k-- > 0;) {
			carry += 58u * out[k];
			out[k] = (unsigned char)(carry & 0xff);
			carry >>= 8;
		}
		if (carry != 0)
			return false;
	}
	while (ones < n && p[ones] == '1')
		ones++;
	while (zeros < BASE58_LEN && out[zeros] == 0)
		zeros++;
	return ones == zeros;
}

/* A hasher for each: addresses are rare, and workers share what is compiled. */
static bool
base58_check(struct pii_scan *s, const char *p, size_t n)
{
	unsigned char b[BASE58_LEN];
	struct hasher *h;
	struct hash sum;
	struct error err = { STATUS_OK, "" };

	if (!base58_decode(p, n, b))
		return false;
	if (hasher_new(&h, &err) != STATUS_OK) {
		s->nomem = true;
		return false;
	}
	hash_bytes(h, (struct slice){ (const char *)b, BASE58_LEN - 4 }, &sum);
	hash_bytes(h, (struct slice){ (const char *)sum.b, HASH_LEN }, &sum);
	hasher_free(h);
	return memcmp(sum.b, b + BASE58_LEN - 4, 4) == 0;
}

static uint32_t
bech32_step(uint32_t c, uint32_t v)
{
	static const uint32_t gen[] = { 0x3b6a57b2, 0x26508e6d, 0x1ea119fa,
	    0x3d4233dd, 0x2a1462b3 };
	uint32_t top = c >> 25;
	unsigned i;

	c = (c & 0x1ffffff) << 5 ^ v;
	for (i = 0; i < 5; i++)
		if ((top >> i & 1) != 0)
			c ^= gen[i];
	return c;
}

/* BIP 173 and 350; Bitcoin's version 0 has the older constant. */
static bool
bech32_check(const char *p, size_t n)
{
	static const char alphabet[] = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
	const char *at;
	bool lower = false, upper = false, v0;
	uint32_t c = 1;
	size_t i, one = n;

	for (i = 0; i < n; i++) {
		lower |= p[i] >= 'a';
		upper |= p[i] >= 'A' && p[i] <= 'Z';
		if (p[i] == '1')
			one = i;
	}
	if (lower == upper || one < 2 || one > 6 || n - one < 8)
		return false;
	for (i = 0; i < one; i++)
		c = bech32_step(c, (uint32_t)to_lower(p[i]) >> 5);
	c = bech32_step(c, 0);
	for (i = 0; i < one; i++)
		c = bech32_step(c, (uint32_t)to_lower(p[i]) & 31);
	for (i = one + 1; i < n; i++) {
		if ((at = strchr(alphabet, to_lower(p[i]))) == NULL)
			return false;
		c = bech32_step(c, (uint32_t)(at - alphabet));
	}
	v0 = to_lower(p[one + 1]) == 'q';
	return v0 ? c == 1 : c == 0x2bc830a3 || (one != 2 && c == 1);
}

void
find_crypto(struct pii_scan *s, size_t start, size_t end)
{
	const char *p = s->text.p + start;
	size_t n = end - start;

	if (n < 25 || !pii_wants(s, PII_CRYPTO))
		return;
	if (n <= 36 && base58_check(s, p, n))
		pii_hit(s, PII_CRYPTO, start, end, 1, true, "Base58Check ok");
	else if (bech32_check(p, n))
		pii_hit(s, PII_CRYPTO, start, end, 1, true, "Bech32 ok");
}

static bool
is_country(const char *p)
{
	static const char codes[] =
	    "ADAEAFAGAIALAMAOARASATAUAWAXAZBABBBDBEBFBGBHBIBJBLBMBNBOBQBRBSBT"
	    "BWBYBZCACCCDCFCGCHCICKCLCMCNCOCRCUCVCWCYCZDEDJDKDMDODZECEEEGERESET"
	    "FIFJFKFMFOFRGAGBGDGEGFGGGHGIGLGMGNGPGQGRGTGUGWGYHKHNHRHTHUIDIEILIM"
	    "INIOIQIRISITJEJMJOJPKEKGKHKIKMKNKPKRKWKYKZLALBLCLILKLRLSLTLULVLYMA"
	    "MCMDMEMFMGMHMKMLMMMNMOMPMQMRMSMTMUMVMWMXMYMZNANCNENFNGNINLNONPNRNU"
	    "NZOMPAPEPFPGPHPKPLPMPRPSPTPWPYQARERORSRURWSASBSCSDSESGSHSISJSKSLSM"
	    "SNSOSRSSSTSVSXSYSZTCTDTGTHTJTKTLTMTNTOTRTTTVTWTZUAUGUSUYUZVAVCVEVG"
	    "VIVNVUWFWSXKYEYTZAZMZW";
	size_t i;

	for (i = 0; i + 2 < sizeof(codes); i += 2)
		if (memcmp(codes + i, p, 2) == 0)
			return true;
	return false;
}

static bool
is_upper(char c)
{
	return c >= 'A' && c <= 'Z';
}

/* Eight or eleven, of which the fifth and sixth name a country. */
static size_t
bic_end(struct slice t, size_t at, size_t letters)
{
	size_t end = letters;

	if (letters - at < 6 || letters - at > 11 || !is_country(t.p + at + 4))
		return at;
	while (end < t.n && (is_upper(t.p[end]) || is_digit(t.p[end])))
		end++;
	return end - at == 8 || end - at == 11 ? end : at;
}

size_t
find_bic(struct pii_scan *s, size_t at)
{
	struct slice t = s->text;
	size_t letters = at + 1, end;

	while (letters < t.n && is_upper(t.p[letters]))
		letters++;
	end = bic_end(t, at, letters);
	if (end == at || !pii_left_ok(t, at, false) ||
	    !pii_right_ok(t, end, false))
		return letters;
	words_around(s, at, end);
	if (words_speak(&s->words, pii_kind_rows[PII_BIC].context))
		pii_hit(s, PII_BIC, at, end, 0.7, true, "country ok");
	return letters;
}
