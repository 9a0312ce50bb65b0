/* Numbers of Europe. */
#include "core/guard/pii/check_eu.h"

#include "core/guard/pii/ascii.h"
#include "core/guard/pii/check.h"

static unsigned
digit(char c)
{
	return (unsigned)(c - '0');
}

/* Of the first ten digits one stands twice or thrice, the others once at most. */
bool
valid_de_tax_id(const char *d, size_t n)
{
	unsigned count[10] = { 0 }, repeated = 0;
	size_t i;

	if (n != 11 || d[0] == '0')
		return false;
	for (i = 0; i < 10; i++)
		count[digit(d[i])]++;
	for (i = 0; i < 10; i++) {
		if (count[i] > 3)
			return false;
		repeated += count[i] > 1;
	}
	for (i = 2; i < 10; i++)
		if (d[i] == d[i - 1] && d[i] == d[i - 2])
			return false;
	return repeated == 1 && check_mod11_10(d, n);
}

bool
valid_de_vat(const char *s, size_t n)
{
	return n == 11 && s[2] != '0' && check_mod11_10(s + 2, 9);
}

/* ICAO 9303: weights 7, 3, 1, letters worth 10..35. */
static bool
check_731(const char *s, size_t n, char check)
{
	static const unsigned char w[] = { 7, 3, 1 };
	unsigned sum = 0;
	size_t i;

	for (i = 0; i < n; i++)
		sum += w[i % 3] * (is_digit(s[i]) ? digit(s[i]) :
		    (unsigned)(s[i] - 'A') + 10);
	return sum % 10 == digit(check);
}

/* Ten characters, the last a check digit; the old ones end in D as well. */
static bool
check_icao(const char *s, size_t n)
{
	static const char letters[] = "CFGHJKLMNPRTVWXYZ";
	size_t i;

	if (n == 11 && s[10] == 'D')
		n = 10;
	if (n != 10 || !is_digit(s[9]))
		return false;
	for (i = 0; i < 9; i++)
		if (!is_digit(s[i]) && strchr(letters, s[i]) == NULL)
			return false;
	return check_731(s, 9, s[9]);
}

bool
valid_de_id_card(const char *s, size_t n)
{
	return (is_digit(s[0]) || strchr("LMNPRTVWXY", s[0]) != NULL) &&
	    check_icao(s, n);
}

bool
valid_de_passport(const char *s, size_t n)
{
	return strchr("CFGHJK", s[0]) != NULL && check_icao(s, n);
}

/* Sum of the decimal digits of each product. */
static unsigned
cross_sums(const char *d, const unsigned char *w, size_t n)
{
	unsigned sum = 0, v;
	size_t i;

	for (i = 0; i < n; i++) {
		v = digit(d[i]) * w[i];
		sum += v / 10 + v % 10;
	}
	return sum;
}

/* A letter as its place in the alphabet, two digits. */
static void
put_letter(char *to, char letter)
{
	unsigned place = (unsigned)(letter - 'A') + 1;

	to[0] = (char)('0' + place / 10);
	to[1] = (char)('0' + place % 10);
}

/* Two digits of the office, day of birth (day + 50 twice taken), letter, ... */
bool
valid_de_social(const char *s, size_t n)
{
	static const unsigned char w[] = { 2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1 };
	unsigned day = check_number(s + 2, 2);
	char d[12];

	if (n != 12)
		return false;
	if (day > 50)
		day -= 50;
	memcpy(d, s, 8);
	put_letter(d + 8, s[8]);
	memcpy(d + 10, s + 9, 2);
	return check_date(0, check_number(s + 4, 2), day) &&
	    cross_sums(d, w, 12) % 10 == digit(s[11]);
}

bool
valid_de_health(const char *s, size_t n)
{
	static const unsigned char w[] = { 1, 2, 1, 2, 1, 2, 1, 2, 1, 2 };
	char d[10];

	if (n != 10)
		return false;
	put_letter(d, s[0]);
	memcpy(d + 2, s + 1, 8);
	return cross_sums(d, w, 10) % 10 == digit(s[9]);
}

bool
valid_de_lanr(const char *d, size_t n)
{
	static const unsigned char w[] = { 4, 9, 4, 9, 4, 9 };

	return n == 9 && !check_same(d, n) &&
	    (10 - check_weights(d, w, 6) % 10) % 10 == digit(d[6]);
}

bool
valid_de_plz(const char *d, size_t n)
{
	unsigned v = check_number(d, 5);

	return n == 5 && v >= 1001 && v <= 99998;
}

static const char nif_letters[] = "TRWAGMYFPDXBNJZSQVHLCKE";

bool
valid_es_nif(const char *s, size_t n)
{
	/* A leading zero may be missing; zero itself is the form's example. */
	return (n == 9 || n == 8) && strspn(s, "0") < n - 1 &&
	    s[n - 1] == nif_letters[check_mod(s, n - 1, 23)];
}

bool
valid_es_nie(const char *s, size_t n)
{
	char d[8];

	if (n != 9 || s[0] < 'X' || s[0] > 'Z')
		return false;
	memcpy(d, s, 8);
	d[0] = (char)('0' + (s[0] - 'X'));
	return s[8] == nif_letters[check_mod(d, 8, 23)];
}

/* Where a digit was replaced by a letter, to tell two people apart. */
static int
fiscal_digit(char c)
{
	static const char replaced[] = "LMNPQRSTUV";
	const char *p;

	if (is_digit(c))
		return c - '0';
	p = strchr(replaced, c);
	return p == NULL ? -1 : (int)(p - replaced);
}

bool
valid_it_fiscal(const char *s, size_t n)
{
	/* By value of the character at an odd place: 0-9 as A-J. */
	static const unsigned char odd[] = { 1, 0, 5, 7, 9, 13, 15, 17, 19, 21,
	    2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23 };
	static const unsigned char places[] = { 6, 7, 9, 10, 12, 13, 14 };
	unsigned sum = 0, v;
	int day;
	size_t i;

	if (n != 16 || strchr("ABCDEHLMPRST", s[8]) == NULL)
		return false;
	for (i = 0; i < sizeof(places); i++)
		if (fiscal_digit(s[places[i]]) < 0)
			return false;
	day = fiscal_digit(s[9]) * 10 + fiscal_digit(s[10]);
	if (day == 0 || day > 71 || (day > 31 && day < 41))
		return false;
	for (i = 0; i < 15; i++) {
		v = (unsigned)(is_digit(s[i]) ? s[i] - '0' : s[i] - 'A');
		sum += i % 2 == 0 ? odd[v] : v;
	}
	return s[15] == (char)('A' + sum % 26);
}

/* Seven digits, the office's province, a check digit. */
bool
valid_it_vat(const char *s, size_t n)
{
	unsigned office;

	if (n == 13) {
		s += 2;
		n = 11;
	}
	office = check_number(s + 7, 3);
	return n == 11 && check_number(s, 7) != 0 && ((office >= 1 &&
	    office <= 100) || office == 120 || office == 121 ||
	    office == 888 || office == 999) && check_luhn(s, n);
}

bool
valid_pl_pesel(const char *d, size_t n)
{
	static const unsigned char w[] = { 1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1 };
	/* The century stands in the month: 1900 +0, 2000 +20 ... 1800 +80. */
	unsigned month = check_number(d + 2, 2), century = month / 20;

	/* Nobody is born after 2049 yet. */
	if (n != 11 || century == 2 || century == 3 ||
	    (century == 1 && d[0] > '4'))
		return false;
	return check_date((century == 4 ? 1800 : 1900 + century * 100) +
	    check_number(d, 2), month % 20, check_number(d + 4, 2)) &&
	    check_weights(d, w, n) % 10 == 0;
}

/* DDMMYY, the century's sign (dropped unless a letter), three, the check. */
bool
valid_fi_code(const char *s, size_t n)
{
	static const char letters[] = "0123456789ABCDEFHJKLMNPRSTUVWXY";
	char d[9];

	if (n == 11 && strchr("ABCDEFYXWVU", s[6]) == NULL)
		return false;
	if (n != 10 && n != 11)
		return false;
	memcpy(d, s, 6);
	memcpy(d + 6, s + n - 4, 3);
	return check_date(check_number(s + 4, 2), check_number(s + 2, 2),
	    check_number(s, 2)) && check_number(d + 6, 3) >= 2 &&
	    s[n - 1] == letters[check_mod(d, 9, 31)];
}

bool
valid_se_person(const char *d, size_t n)
{
	unsigned day, century = 0;

	if (n == 12) {
		century = check_number(d, 2);
		if (century < 18 || century > 20)
			return false;
		d += 2;
	}
	day = check_number(d + 4, 2);
	if (day > 60)
		day -= 60;	/* given to those not registered */
	return check_date(century * 100 + check_number(d, 2),
	    check_number(d + 2, 2), day) && check_luhn(d, 10);
}

bool
valid_se_org(const char *d, size_t n)
{
	return n == 10 && strchr("12356789", d[0]) != NULL && d[2] >= '2' &&
	    check_luhn(d, n);
}

bool
valid_tr_id(const char *d, size_t n)
{
	unsigned odd = 0, even = 0, sum = 0;
	size_t i;

	if (n != 11 || d[0] == '0')
		return false;
	for (i = 0; i < 9; i++)
		*(i % 2 == 0 ? &odd : &even) += digit(d[i]);
	for (i = 0; i < 10; i++)
		sum += digit(d[i]);
	return (odd * 7 + 90 - even) % 10 == digit(d[9]) &&
	    sum % 10 == digit(d[10]);
}

/* Sex, year, month, department (2A and 2B count as 19 and 18), ..., key. */
bool
valid_fr_nir(const char *s, size_t n)
{
	unsigned month;
	char d[13];

	if (n != 15 || (s[0] != '1' && s[0] != '2'))
		return false;
	month = check_number(s + 3, 2);
	if (!((month >= 1 && month <= 12) || (month >= 20 && month <= 42) ||
	    month >= 50))
		return false;
	memcpy(d, s, 13);
	if (is_letter(d[6])) {
		if (d[5] != '2' || d[6] > 'B')
			return false;
		d[6] = d[6] == 'A' ? '9' : '8';
		d[5] = '1';
	}
	return 97 - check_mod(d, 13, 97) == check_number(s + 13, 2);
}

bool
valid_nl_bsn(const char *d, size_t n)
{
	static const unsigned char w[] = { 9, 8, 7, 6, 5, 4, 3, 2 };

	/* The last digit counts minus one. */
	return n == 9 && !check_same(d, n) &&
	    (check_weights(d, w, 8) + 11 - digit(d[8])) % 11 == 0;
}

/* Born from 2000 on: a 2 stands before the nine digits. */
bool
valid_be_nrn(const char *d, size_t n)
{
	unsigned month = check_number(d + 2, 2) % 20, r, key;
	char late[10];

	if (n != 11 || month > 12 || check_number(d + 4, 2) > 31)
		return false;
	key = check_number(d + 9, 2);
	late[0] = '2';
	memcpy(late + 1, d, 9);
	r = 97 - check_mod(d, 9, 97);
	return (r == key || 97 - check_mod(late, 10, 97) == key) &&
	    !check_same(d, 9);
}
