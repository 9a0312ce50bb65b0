#include "core/guard/pii/check.h"

#include "core/guard/pii/ascii.h"

static unsigned
digit(char c)
{
	return (unsigned)(c - '0');
}

bool
check_luhn(const char *d, size_t n)
{
	unsigned sum = 0, v;
	size_t i;

	for (i = 0; i < n; i++) {
		v = digit(d[n - 1 - i]);
		if (i % 2 == 1)
			v = v > 4 ? v * 2 - 9 : v * 2;
		sum += v;
	}
	return sum % 10 == 0;
}

unsigned
check_mod(const char *d, size_t n, unsigned modulus)
{
	unsigned r = 0;
	size_t i;

	for (i = 0; i < n; i++)
		r = (r * 10 + digit(d[i])) % modulus;
	return r;
}

unsigned
check_mod97(const char *s, size_t n)
{
	unsigned r = 0;
	size_t i;

	for (i = 0; i < n; i++)
		r = is_digit(s[i]) ? (r * 10 + digit(s[i])) % 97 :
		    (r * 100 + (unsigned)(s[i] - 'A') + 10) % 97;
	return r;
}

unsigned
check_weights(const char *d, const unsigned char *w, size_t n)
{
	unsigned sum = 0;
	size_t i;

	for (i = 0; i < n; i++)
		sum += digit(d[i]) * w[i];
	return sum;
}

bool
check_verhoeff(const char *d, size_t n)
{
	/* The dihedral group D5, and the permutation applied i times. */
	static const unsigned char mul[10][10] = {
		{ 0, 1, 2, 3, 4, 5, 6, 7, 8, 9 },
		{ 1, 2, 3, 4, 0, 6, 7, 8, 9, 5 },
		{ 2, 3, 4, 0, 1, 7, 8, 9, 5, 6 },
		{ 3, 4, 0, 1, 2, 8, 9, 5, 6, 7 },
		{ 4, 0, 1, 2, 3, 9, 5, 6, 7, 8 },
		{ 5, 9, 8, 7, 6, 0, 4, 3, 2, 1 },
		{ 6, 5, 9, 8, 7, 1, 0, 4, 3, 2 },
		{ 7, 6, 5, 9, 8, 2, 1, 0, 4, 3 },
		{ 8, 7, 6, 5, 9, 3, 2, 1, 0, 4 },
		{ 9, 8, 7, 6, 5, 4, 3, 2, 1, 0 }
	};
	static const unsigned char turn[8][10] = {
		{ 0, 1, 2, 3, 4, 5, 6, 7, 8, 9 },
		{ 1, 5, 7, 6, 2, 8, 3, 0, 9, 4 },
		{ 5, 8, 0, 3, 7, 9, 6, 1, 4, 2 },
		{ 8, 9, 1, 6, 0, 4, 3, 5, 2, 7 },
		{ 9, 4, 5, 3, 1, 2, 6, 8, 7, 0 },
		{ 4, 2, 8, 6, 5, 7, 3, 9, 0, 1 },
		{ 2, 7, 9, 3, 8, 0, 6, 4, 1, 5 },
		{ 7, 0, 4, 6, 9, 1, 3, 2, 5, 8 }
	};
	unsigned c = 0;
	size_t i;

	for (i = 0; i < n; i++)
		c = mul[c][turn[i % 8][digit(d[n - 1 - i])]];
	return c == 0;
}

bool
check_mod11_10(const char *d, size_t n)
{
	unsigned p = 10, sum;
	size_t i;

	for (i = 0; i + 1 < n; i++) {
		sum = (p + digit(d[i])) % 10;
		p = (sum == 0 ? 10 : sum) * 2 % 11;
	}
	return (11 - p) % 10 == digit(d[n - 1]);
}

bool
check_same(const char *s, size_t n)
{
	size_t i;

	for (i = 1; i < n && s[i] == s[0]; i++)
		;
	return i >= n;
}

unsigned
check_number(const char *d, size_t n)
{
	unsigned v = 0;
	size_t i;

	for (i = 0; i < n; i++)
		v = v * 10 + digit(d[i]);
	return v;
}

bool
check_date(unsigned y, unsigned m, unsigned d)
{
	static const unsigned char days[] = { 31, 29, 31, 30, 31, 30, 31, 31,
	    30, 31, 30, 31 };
	bool leap = y % 4 == 0 && (y % 100 != 0 || y % 400 == 0);

	if (m < 1 || m > 12 || d < 1 || d > days[m - 1])
		return false;
	return m != 2 || d < 29 || leap;
}

struct issuer {
	unsigned	digits;		/* of first and last */
	unsigned	first, last;
	uint32_t	lengths;	/* bit n: n digits */
};
#define LEN(n)		(UINT32_C(1) << (n))
#define LEN_TO(a, b)	((LEN((b) + 1) - 1) & ~(LEN(a) - 1))

/* Issuer identification ranges, from the networks' public lists. */
static const struct issuer issuers[] = {
	{ 1, 4, 4, LEN(13) | LEN(16) | LEN(19) },		/* Visa */
	{ 2, 51, 55, LEN(16) },					/* Mastercard */
	{ 4, 2221, 2720, LEN(16) },
	{ 2, 34, 34, LEN(15) }, { 2, 37, 37, LEN(15) },		/* Amex */
	{ 3, 300, 305, LEN_TO(14, 19) }, { 4, 3095, 3095, LEN_TO(14, 19) },
	{ 2, 36, 36, LEN_TO(14, 19) }, { 2, 38, 39, LEN_TO(14, 19) },
	{ 4, 6011, 6011, LEN_TO(16, 19) },			/* Discover */
	{ 3, 644, 649, LEN_TO(16, 19) }, { 2, 65, 65, LEN_TO(16, 19) },
	{ 4, 3528, 3589, LEN_TO(16, 19) },			/* JCB */
	{ 4, 2131, 2131, LEN(15) }, { 4, 1800, 1800, LEN(15) },
	{ 2, 62, 62, LEN_TO(16, 19) }, { 2, 81, 81, LEN_TO(16, 19) },
	{ 4, 2200, 2204, LEN_TO(16, 19) },			/* Mir */
	{ 4, 5018, 5019, LEN_TO(16, 19) }, { 4, 5020, 5020, LEN_TO(16, 19) },
	{ 4, 5038, 5038, LEN_TO(16, 19) }, { 4, 5893, 5893, LEN_TO(16, 19) },
	{ 4, 6304, 6304, LEN_TO(16, 19) }, { 4, 6390, 6390, LEN_TO(16, 19) },
	{ 2, 67, 67, LEN_TO(16, 19) }				/* Maestro */
};
/* Ranges so wide that they say little. */
static const struct issuer wide_issuers[] = {
	{ 2, 50, 50, LEN_TO(12, 19) }, { 2, 56, 58, LEN_TO(12, 19) },
	{ 1, 6, 6, LEN_TO(12, 19) }, { 1, 1, 1, LEN(15) }
};

static bool
issued(const struct issuer *rows, size_t nrows, const char *d, size_t n)
{
	unsigned prefix;
	size_t i;

	for (i = 0; i < nrows; i++) {
		prefix = check_number(d, rows[i].digits);
		if (prefix >= rows[i].first && prefix <= rows[i].last &&
		    (rows[i].lengths >> n & 1) != 0)
			return true;
	}
	return false;
}

bool
valid_card(const char *d, size_t n)
{
	return issued(issuers, sizeof(issuers) / sizeof(issuers[0]), d, n) &&
	    !check_same(d, n) && check_luhn(d, n);
}

bool
valid_card_wide(const char *d, size_t n)
{
	return valid_card(d, n) || (issued(wide_issuers,
	    sizeof(wide_issuers) / sizeof(wide_issuers[0]), d, n) &&
	    !check_same(d, n) && check_luhn(d, n));
}

/* By any issuer, where a word says that it is a card's. */
bool
valid_card_any(const char *d, size_t n)
{
	return d[0] != '0' && !check_same(d, n) && check_luhn(d, n);
}

bool
valid_us_ssn(const char *d, size_t n)
{
	unsigned area = check_number(d, 3);

	return n == 9 && area != 0 && area != 666 && area < 900 &&
	    check_number(d + 3, 2) != 0 && check_number(d + 5, 4) != 0 &&
	    !check_same(d, 9) && strcmp(d, "078051120") != 0 &&
	    strcmp(d, "219099999") != 0 && strcmp(d, "123456789") != 0;
}

bool
valid_us_itin(const char *d, size_t n)
{
	unsigned g = check_number(d + 3, 2);

	return n == 9 && d[0] == '9' && ((g >= 50 && g <= 65) ||
	    (g >= 70 && g <= 88) || (g >= 90 && g <= 92) || g >= 94);
}

bool
valid_us_aba(const char *d, size_t n)
{
	static const unsigned char w[] = { 3, 7, 1, 3, 7, 1, 3, 7, 1 };
	unsigned bank = check_number(d, 2);

	return n == 9 && (bank <= 12 || (bank >= 21 && bank <= 32) ||
	    (bank >= 61 && bank <= 72) || bank == 80) && !check_same(d, n) &&
	    check_weights(d, w, n) % 10 == 0;
}

bool
valid_us_npi(const char *d, size_t n)
{
	char all[16] = "80840";

	if (n != 10 || (d[0] != '1' && d[0] != '2') || check_same(d + 1, 9))
		return false;
	memcpy(all + 5, d, n);
	return check_luhn(all, n + 5);
}

bool
valid_us_dea(const char *s, size_t n)
{
	const char *d = s + 2;

	return n == 9 && strchr("ABCDEFGHJKLMPRSTUX", s[0]) != NULL &&
	    (digit(d[0]) + digit(d[2]) + digit(d[4]) +
	    2 * (digit(d[1]) + digit(d[3]) + digit(d[5]))) % 10 == digit(d[6]);
}

bool
valid_us_mbi(const char *s, size_t n)
{
	size_t i;

	if (n != 11 || s[0] == '0')
		return false;
	for (i = 0; i < n; i++)
		if (strchr("SLOIBZ", s[i]) != NULL)
			return false;
	return true;
}

bool
valid_us_bank(const char *d, size_t n)
{
	return !check_same(d, n);
}

bool
valid_uk_nhs(const char *d, size_t n)
{
	static const unsigned char w[] = { 10, 9, 8, 7, 6, 5, 4, 3, 2 };
	unsigned c = (11 - check_weights(d, w, 9) % 11) % 11;

	return n == 10 && c != 10 && c == digit(d[9]) && !check_same(d, n);
}

bool
valid_uk_nino(const char *s, size_t n)
{
	static const char *const never[] = { "BG", "GB", "NK", "KN", "TN",
	    "NT", "ZZ" };
	size_t i;

	if (n != 9 || strchr("DFIQUV", s[0]) != NULL ||
	    strchr("DFIQUVO", s[1]) != NULL || s[8] > 'D')
		return false;
	for (i = 0; i < sizeof(never) / sizeof(never[0]); i++)
		if (strncmp(s, never[i], 2) == 0)
			return false;
	return true;
}

/* Five of the surname padded with 9, decade, month (women +50), day, year. */
bool
valid_uk_licence(const char *s, size_t n)
{
	unsigned month = check_number(s + 6, 2), day = check_number(s + 8, 2);
	size_t i = 0;

	if (n != 16 || !is_letter(s[0]))
		return false;
	while (i < 5 && is_letter(s[i]))
		i++;
	while (i < 5 && s[i] == '9')
		i++;
	if (month > 50)
		month -= 50;
	return i == 5 && check_date(0, month, day) &&
	    (is_letter(s[11]) || s[11] == '9') &&
	    (is_letter(s[12]) || s[12] == '9');
}

bool
valid_uk_postcode(const char *s, size_t n)
{
	return strchr("QVX", s[0]) == NULL && n >= 5 &&
	    strchr("CIKMOV", s[n - 1]) == NULL &&
	    strchr("CIKMOV", s[n - 2]) == NULL;
}

bool
valid_uk_vehicle(const char *s, size_t n)
{
	unsigned age = check_number(s + 2, 2);
	size_t i;

	for (i = 0; i < n; i++)
		if (s[i] == 'I' || s[i] == 'Q')
			return false;
	return n == 7 && ((age >= 2 && age <= 29) || (age >= 51 && age <= 79));
}

bool
valid_au_abn(const char *d, size_t n)
{
	static const unsigned char w[] = { 10, 1, 3, 5, 7, 9, 11, 13, 15, 17,
	    19 };

	return n == 11 && d[0] != '0' &&
	    (check_weights(d, w, n) - 10) % 89 == 0;
}

bool
valid_au_acn(const char *d, size_t n)
{
	static const unsigned char w[] = { 8, 7, 6, 5, 4, 3, 2, 1 };

	return n == 9 && !check_same(d, n) &&
	    (10 - check_weights(d, w, 8) % 10) % 10 == digit(d[8]);
}

bool
valid_au_tfn(const char *d, size_t n)
{
	static const unsigned char w[] = { 1, 4, 3, 7, 5, 8, 6, 9, 10 };

	return n == 9 && !check_same(d, n) && check_weights(d, w, n) % 11 == 0;
}

bool
valid_au_medicare(const char *d, size_t n)
{
	static const unsigned char w[] = { 1, 3, 7, 9, 1, 3, 7, 9 };

	return n >= 10 && d[0] >= '2' && d[0] <= '6' &&
	    check_weights(d, w, 8) % 10 == digit(d[8]);
}

bool
valid_ca_sin(const char *d, size_t n)
{
	return n == 9 && d[0] != '0' && d[0] != '8' && !check_same(d, n) &&
	    check_luhn(d, n);
}

bool
valid_za_id(const char *d, size_t n)
{
	return n == 13 && check_date(check_number(d, 2), check_number(d + 2, 2),
	    check_number(d + 4, 2)) && d[10] <= '1' && check_luhn(d, n);
}

bool
valid_ng_nin(const char *d, size_t n)
{
	return n == 11 && !check_same(d, n) && check_verhoeff(d, n);
}
