/*
 * Check digits and rules of numbers.  Each takes the number's letters (in upper
 * case) and digits without separators and says whether it can be one; that
 * their shape is right has been seen before (form.h).
 */
#ifndef CORE_GUARD_PII_CHECK_H
#define CORE_GUARD_PII_CHECK_H

#include <stdbool.h>
#include <stddef.h>

typedef bool pii_valid(const char *, size_t);

/* What the rules are made of. */
bool		check_luhn(const char *digits, size_t n);
unsigned	check_mod(const char *digits, size_t n, unsigned modulus);
/* Of letters and digits, letters worth 10..35. */
unsigned	check_mod97(const char *, size_t n);
/* Sum of digits times weights. */
unsigned	check_weights(const char *digits, const unsigned char *weights,
		    size_t n);
bool		check_verhoeff(const char *digits, size_t n);
bool		check_mod11_10(const char *digits, size_t n);	/* ISO 7064 */
bool		check_same(const char *, size_t n);	/* all one character */
unsigned	check_number(const char *digits, size_t n);	/* n < 10 */
/* Is it a day?  A year of 0 may be a leap year. */
bool		check_date(unsigned year, unsigned month, unsigned day);

pii_valid	valid_card, valid_card_wide, valid_card_any;
pii_valid	valid_us_ssn, valid_us_itin, valid_us_aba, valid_us_npi,
		valid_us_dea, valid_us_mbi, valid_us_bank;
pii_valid	valid_uk_nhs, valid_uk_nino, valid_uk_licence,
		valid_uk_postcode, valid_uk_vehicle;
pii_valid	valid_au_abn, valid_au_acn, valid_au_tfn, valid_au_medicare;
pii_valid	valid_ca_sin, valid_za_id, valid_ng_nin;

#endif
