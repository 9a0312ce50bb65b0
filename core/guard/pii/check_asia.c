/* Numbers of Asia and Brazil. */
#include "core/guard/pii/check_asia.h"

#include "core/guard/pii/ascii.h"
#include "core/guard/pii/check.h"

static unsigned
digit(char c)
{
	return (unsigned)(c - '0');
}

bool
valid_in_aadhaar(const char *d, size_t n)
{
	size_t i;

	if (n != 12 || d[0] < '2')
		return false;
	for (i = 0; i < 6 && d[i] == d[11 - i]; i++)
		;
	return i < 6 && check_verhoeff(d, n);
}

static unsigned
base36(char c)
{
	return is_digit(c) ? digit(c) : (unsigned)(c - 'A') + 10;
}

/* State, PAN, entity, Z, check character. */
bool
valid_in_gstin(const char *s, size_t n)
{
	unsigned sum = 0, v, state = check_number(s, 2);
	size_t i;

	if (n != 15 || state == 0 || (state > 38 && state < 96) ||
	    s[13] != 'Z')
		return false;
	for (i = 0; i < 14; i++) {
		v = base36(s[i]) * (i % 2 == 0 ? 1 : 2);
		sum += v / 36 + v % 36;
	}
	return (36 - sum % 36) % 36 == base36(s[14]);
}

bool
valid_in_pan(const char *s, size_t n)
{
	return n == 10 && strchr("ABCFGHLJPTKE", s[3]) != NULL &&
	    check_number(s + 5, 4) != 0;
}

bool
valid_in_passport(const char *s, size_t n)
{
	return n == 8 && strchr("QXZ", s[0]) == NULL && s[1] != '0' &&
	    s[7] != '0';
}

/* Businesses 8 digits, companies year and 5 digits, others T, year, type. */
bool
valid_sg_uen(const char *s, size_t n)
{
	static const unsigned char business[] = { 10, 4, 9, 3, 8, 2, 7, 1 };
	static const unsigned char company[] = { 10, 8, 6, 4, 9, 7, 5, 3, 1 };
	static const unsigned char other[] = { 4, 3, 5, 3, 10, 2, 2, 5, 7 };
	static const char kinds[] = "ABCDEFGHJKLMNPQRSTUVWX0123456789";
	unsigned sum = 0, year;
	const char *p;
	size_t i;

	if (n == 9)
		return s[8] == "XMKECAWLJDB"[check_weights(s, business, 8) %
		    11];
	if (n != 10)
		return false;
	if (is_digit(s[0])) {
		year = check_number(s, 4);
		return year >= 1800 && year <= 2099 &&
		    s[9] == "ZKCMDNERGWH"[check_weights(s, company, 9) % 11];
	}
	if (strchr("RST", s[0]) == NULL)
		return false;
	for (i = 0; i < 9; i++) {
		if ((p = strchr(kinds, s[i])) == NULL)
			return false;
		sum += other[i] * (unsigned)(p - kinds);
	}
	return (s[0] != 'T' || s[1] < '5') &&
	    s[9] == kinds[(sum + 11 - 5) % 11];
}

bool
valid_sg_nric(const char *s, size_t n)
{
	static const unsigned char w[] = { 2, 7, 6, 5, 4, 3, 2 };
	static const struct {
		char		 first;
		unsigned char	 add;
		const char	*letters;
	} rows[] = {
		{ 'S', 0, "JZIHGFEDCBA" }, { 'T', 4, "JZIHGFEDCBA" },
		{ 'F', 0, "XWUTRQPNMLK" }, { 'G', 4, "XWUTRQPNMLK" },
		{ 'M', 3, "KLJNPQRTUWX" }
	};
	unsigned r;
	size_t i;

	if (n != 9)
		return false;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (rows[i].first == s[0]) {
			r = (check_weights(s + 1, w, 7) + rows[i].add) % 11;
			/* M counts from the other end. */
			return s[8] == rows[i].letters[s[0] == 'M' ? 10 - r :
			    r];
		}
	return false;
}

static bool
check_kr_birth(const char *d, unsigned *born)
{
	unsigned sex = digit(d[6]), century;

	century = sex == 9 || sex == 0 ? 1800 :
	    sex % 4 == 1 || sex % 4 == 2 ? 1900 : 2000;
	*born = (century + check_number(d, 2)) * 100 + check_number(d + 2, 2);
	return check_date(century + check_number(d, 2),
	    check_number(d + 2, 2), check_number(d + 4, 2));
}

static unsigned
kr_sum(const char *d)
{
	static const unsigned char w[] = { 2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5 };

	return check_weights(d, w, 12) % 11;
}

/* Two digits of a year of this century that is yet to come are no birth. */
#define KR_BORN_MAX	204912
/* Numbers given from October 2020 on are drawn by lot and have no check. */
#define KR_NO_CHECK	202010

static bool
is_unchecked(unsigned born)
{
	return born >= KR_NO_CHECK && born <= KR_BORN_MAX;
}

bool
valid_kr_rrn(const char *d, size_t n)
{
	unsigned born;

	if (n != 13 || (d[6] > '4' && d[6] < '9') || !check_kr_birth(d, &born))
		return false;
	return is_unchecked(born) || (11 - kr_sum(d)) % 10 == digit(d[12]);
}

bool
valid_kr_frn(const char *d, size_t n)
{
	unsigned born;

	if (n != 13 || d[6] < '5' || d[6] > '8' || !check_kr_birth(d, &born))
		return false;
	return is_unchecked(born) || (13 - kr_sum(d)) % 10 == digit(d[12]);
}

bool
valid_kr_brn(const char *d, size_t n)
{
	static const unsigned char w[] = { 1, 3, 7, 1, 3, 7, 1, 3, 5 };

	return n == 10 && check_number(d, 3) >= 101 && (10 -
	    (check_weights(d, w, 9) + digit(d[8]) * 5 / 10) % 10) % 10 ==
	    digit(d[9]);
}

bool
valid_th_tnin(const char *d, size_t n)
{
	static const unsigned char w[] = { 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3,
	    2 };

	return n == 13 && d[0] != '0' && d[0] != '9' && !check_same(d, n) &&
	    (11 - check_weights(d, w, 12) % 11) % 10 == digit(d[12]);
}

bool
valid_ph_tin(const char *d, size_t n)
{
	static const unsigned char w[] = { 9, 8, 7, 6, 5, 4, 3, 2 };

	return n >= 9 && !check_same(d, 9) &&
	    check_weights(d, w, 8) % 11 == digit(d[8]);
}

/* ISO 7064 mod 11-2; province, day of birth, order. */
bool
valid_cn_id(const char *s, size_t n)
{
	static const unsigned char w[] = { 7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9,
	    10, 5, 8, 4, 2 };
	unsigned year = check_number(s + 6, 4);

	return n == 18 && s[0] >= '1' && s[0] <= '8' && year >= 1850 &&
	    year <= 2099 && check_date(year, check_number(s + 10, 2),
	    check_number(s + 12, 2)) &&
	    s[17] == "10X98765432"[check_weights(s, w, 17) % 11];
}

/* The digit that makes the weighted sum 0 mod 11; 10 counts as 0. */
static unsigned
br_digit(const char *d, const unsigned char *w, size_t n)
{
	unsigned r = check_weights(d, w, n) % 11;

	return r < 2 ? 0 : 11 - r;
}

bool
valid_br_cpf(const char *d, size_t n)
{
	static const unsigned char w[] = { 11, 10, 9, 8, 7, 6, 5, 4, 3, 2 };

	return n == 11 && !check_same(d, n) &&
	    br_digit(d, w + 1, 9) == digit(d[9]) &&
	    br_digit(d, w, 10) == digit(d[10]);
}

bool
valid_br_cnpj(const char *d, size_t n)
{
	static const unsigned char w[] = { 6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3,
	    2 };

	return n == 14 && !check_same(d, n) &&
	    br_digit(d, w + 1, 12) == digit(d[12]) &&
	    br_digit(d, w, 13) == digit(d[13]);
}
