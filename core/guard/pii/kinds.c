/*
 * The shapes of all numbers and codes.  A score below 0.4 means: not without a
 * word of its context, unless the policy's min_score says otherwise.  It
 * follows how often a number drawn at random would pass: one in ten or eleven
 * is no evidence, one in fifty is some, separators in the kind's own places
 * are more.
 */
#include "core/guard/pii/kinds.h"

#include <strings.h>

#include "core/guard/pii/check.h"
#include "core/guard/pii/check_asia.h"
#include "core/guard/pii/check_eu.h"

#define PII_KIND_ROW(name, locale, what, context)	\
	{ #name, locale, what, context },
const struct pii_kind_row pii_kind_rows[PII_NKINDS] = {
	PII_KINDS(PII_KIND_ROW)
};

#define S	PII_STRONG
#define G	PII_GROUPED
#define CHECK	"check digit ok"

const struct pii_row pii_rows[] = {
	{ PII_CREDIT_CARD, 0.8, S, "9999 9999 9999 9999|9{16}|"
	    "9999 999999 99999|9999 999999 9999", valid_card, "Luhn ok" },
	{ PII_CREDIT_CARD, 0.5, S, "9 9 9 9 9 9 9 9 9 9 9 9 9 9 9 9|"
	    "99 99 99 99 99 99 99 99|9{15}|9999 9999 9999 9999 999",
	    valid_card, "Luhn ok" },
	{ PII_CREDIT_CARD, 0.3, S, "9{12,19}|9999 9999 9999 9|"
	    "9999 9999 9999 9999", valid_card_wide, "Luhn ok" },
	{ PII_CREDIT_CARD, 0.45, 0, "9{13}", valid_card, "Luhn ok" },

	{ PII_US_SSN, 0.6, 0, "999-99-9999", valid_us_ssn,
	    "ranges ok" },
	{ PII_US_SSN, 0.45, G, "999 99 9999", valid_us_ssn, "ranges ok" },
	{ PII_US_ITIN, 0.6, 0, "999-99-9999", valid_us_itin, "ranges ok" },
	{ PII_US_ITIN, 0.4, G, "999 99 9999", valid_us_itin, "ranges ok" },
	{ PII_US_ABA_ROUTING, 0.1, 0, "999999999|9999-9999-9", valid_us_aba,
	    CHECK },
	{ PII_US_NPI, 0.2, 0, "9999999999|9999 999 999", valid_us_npi,
	    "Luhn ok" },
	{ PII_US_DEA, 0.3, 0, "AA9{7}|A99{7}", valid_us_dea, CHECK },
	{ PII_US_MBI, 0.55, 0, "9AX9-AX9-AA99", valid_us_mbi,
	    "alphabet ok" },
	{ PII_US_MBI, 0.5, 0, "9AX9AX9AA99", valid_us_mbi, "alphabet ok" },
	{ PII_US_PASSPORT, 0, 0, "A9{8}|9{9}", NULL, NULL },
	{ PII_US_BANK, 0, 0, "9{8,17}", valid_us_bank, NULL },
	{ PII_US_DRIVER_LICENSE, 0, 0, "A9{4,14}|9{7,14}|AA9{3,7}A{0,1}|"
	    "A9{6}A|A999 9999 9999|A999-999-99-999-9|AAA9{6}|99AAA9{5}|"
	    "9{3}AA9{4}|9{7}A|A999-9999-9999|A9999-99999-99999|"
	    "AA-99-99-99|A{3,5}9{3,9}|99-999-9999|A99-99-9999", NULL, NULL },

	{ PII_UK_NHS, 0.2, 0, "999 999 9999", valid_uk_nhs, CHECK },
	{ PII_UK_NINO, 0.5, 0, "AA 99 99 99 A|AA 999999 A|AA999999 A",
	    valid_uk_nino, "prefix ok" },
	{ PII_UK_DRIVING_LICENCE, 0.6, 0, "XXXXX999999XX9AA|XXXXX999999XXXXX|"
	    "XXXXX 999999 XXXXX", valid_uk_licence, "date ok" },
	{ PII_UK_POSTCODE, 0.15, 0, "A9 9AA|A99 9AA|AA9 9AA|AA99 9AA|A9A 9AA|"
	    "AA9A 9AA", valid_uk_postcode, "letters ok" },
	{ PII_UK_VEHICLE, 0, 0, "AA99 AAA", valid_uk_vehicle, "age mark ok" },
	{ PII_UK_VEHICLE, 0, 0, "A9{1,3} AAA|AAA 9{1,3}A", NULL, NULL },
	{ PII_UK_PASSPORT, 0, 0, "9{9}|AA9{7}", NULL, NULL },

	{ PII_DE_TAX_ID, 0.6, 0, "99 999 999 999", valid_de_tax_id, CHECK },
	{ PII_DE_VAT_ID, 0.7, 0, "DE9{9}|DE 9{9}|DE 999 999 999",
	    valid_de_vat, CHECK },
	{ PII_DE_ID_CARD, 0.3, 0, "AXXXXXXXX9|AXXXXXXXX9D|9{10}D",
	    valid_de_id_card, CHECK },
	{ PII_DE_ID_CARD, 0, 0, "AXXXXXXXX", NULL, NULL },
	{ PII_DE_PASSPORT, 0.3, 0, "AXXXXXXXX9|AXXXXXXXX9D",
	    valid_de_passport, CHECK },
	{ PII_DE_PASSPORT, 0, 0, "AXXXXXXXX", NULL, NULL },
	{ PII_DE_SOCIAL_SECURITY, 0.6, 0, "99 999999 A 999|99 999999 A 99 9",
	    valid_de_social, CHECK },
	{ PII_DE_HEALTH_INSURANCE, 0.3, 0, "A9{9}|A999 999 999",
	    valid_de_health, CHECK },
	{ PII_DE_LANR, 0.1, 0, "9{9}|9{7} 99", valid_de_lanr, CHECK },
	{ PII_DE_TAX_NUMBER, 0, 0, "99/999/99999|999/999/99999|"
	    "999/9999/9999|999/999/9999|9{5}/9{5}|9{13}|99 999 99999|"
	    "999 999 99999|9{10,11}", NULL, NULL },
	{ PII_DE_PLZ, 0, 0, "9{5}", valid_de_plz, NULL },

	{ PII_ES_NIF, 0.5, 0, "9{8} A|99.999.999-A|99.999.999A", valid_es_nif,
	    "check letter ok" },
	{ PII_ES_NIF, 0.3, 0, "9{7} A|9.999.999-A", valid_es_nif,
	    "check letter ok" },
	{ PII_ES_NIE, 0.6, 0, "A9{7}A|A-9{7}-A|A 9{7} A", valid_es_nie,
	    "check letter ok" },
	{ PII_IT_FISCAL_CODE, 0.9, 0, "A{6}XXAXXAXXXA|AAA AAA XXAXX AXXXA",
	    valid_it_fiscal, "check letter ok" },
	{ PII_IT_VAT_CODE, 0.7, 0, "IT9{11}|IT 9{11}", valid_it_vat, CHECK },
	{ PII_IT_VAT_CODE, 0.15, 0, "9{11}", valid_it_vat, CHECK },
	{ PII_IT_IDENTITY_CARD, 0, 0, "AA9{7}|AA 9{7}|9{7}AA|AA9{5}AA|"
	    "9{7} AA|AA 9{5} AA", NULL, NULL },
	{ PII_IT_PASSPORT, 0, 0, "AA9{7}|AA 9{7}", NULL, NULL },
	{ PII_PL_PESEL, 0.4, 0, "9{11}", valid_pl_pesel,
	    "date and check digit ok" },
	{ PII_FI_PERSONAL_IDENTITY_CODE, 0.8, 0, "9{6}-999X|9{6}+999X|"
	    "9{6}A999X", valid_fi_code, "date and check character ok" },
	{ PII_SE_PERSONNUMMER, 0.6, 0, "9{6}-9999|9{6}+9999|9{8}-9999",
	    valid_se_person, "date and Luhn ok" },
	{ PII_SE_PERSONNUMMER, 0.25, 0, "9{10}|9{12}", valid_se_person,
	    "date and Luhn ok" },
	{ PII_SE_ORGANISATIONSNUMMER, 0.3, 0, "9{6}-9999", valid_se_org,
	    "Luhn ok" },
	{ PII_SE_ORGANISATIONSNUMMER, 0.1, 0, "9{10}", valid_se_org,
	    "Luhn ok" },
	{ PII_TR_NATIONAL_ID, 0.45, 0, "9{11}|999 999 999 99", valid_tr_id,
	    "both check digits ok" },

	{ PII_AU_ABN, 0.6, 0, "99 999 999 999", valid_au_abn,
	    "mod 89 ok" },
	{ PII_AU_ACN, 0.15, 0, "999 999 999", valid_au_acn, CHECK },
	{ PII_AU_TFN, 0.15, 0, "999 999 999|9{8} 9", valid_au_tfn,
	    "mod 11 ok" },
	{ PII_AU_MEDICARE, 0.5, G, "9999 99999 9", valid_au_medicare, CHECK },
	{ PII_AU_MEDICARE, 0.15, 0, "9{11}|9999 99999 9 9",
	    valid_au_medicare, CHECK },

	{ PII_IN_AADHAAR, 0.55, G, "9999 9999 9999", valid_in_aadhaar,
	    "Verhoeff ok" },
	{ PII_IN_GSTIN, 0.9, 0, "99A{5}9999AXAX", valid_in_gstin,
	    "check character ok" },
	{ PII_IN_PAN, 0.5, 0, "A{5}9999A", valid_in_pan, "status letter ok" },
	{ PII_IN_VOTER, 0, 0, "AAA9{7}", NULL, NULL },
	{ PII_IN_PASSPORT, 0, 0, "A99 99999|A9{7}", valid_in_passport,
	    NULL },

	{ PII_SG_UEN, 0.5, 0, "9{8}A|9{9}A|A99AA9999A", valid_sg_uen,
	    "check letter ok" },
	{ PII_SG_NRIC, 0.6, 0, "A9{7}A", valid_sg_nric, "check letter ok" },
	{ PII_KR_RRN, 0.6, 0, "9{6}-9{7}", valid_kr_rrn, "date ok" },
	{ PII_KR_RRN, 0.35, 0, "9{13}", valid_kr_rrn, "date ok" },
	{ PII_KR_FRN, 0.6, 0, "9{6}-9{7}", valid_kr_frn, "date ok" },
	{ PII_KR_FRN, 0.35, 0, "9{13}", valid_kr_frn, "date ok" },
	{ PII_KR_BRN, 0.45, 0, "999-99-99999", valid_kr_brn, CHECK },
	{ PII_KR_BRN, 0.1, 0, "9{10}", valid_kr_brn, CHECK },
	{ PII_TH_TNIN, 0.7, G, "9-9999-99999-99-9|9 9999 99999 99 9",
	    valid_th_tnin, CHECK },
	{ PII_TH_TNIN, 0.25, 0, "9{13}", valid_th_tnin, CHECK },
	{ PII_PH_TIN, 0.3, 0, "999-999-999-999|999-999-999-99999|999 999 999|"
	    "9{9}|9{12}", valid_ph_tin, CHECK },

	{ PII_ZA_ID_NUMBER, 0.45, 0, "9{13}|9{6} 9{4} 99 9|9{6} 9{4} 999",
	    valid_za_id, "date and Luhn ok" },
	{ PII_NG_NIN, 0.2, 0, "9{11}|9999 999 9999", valid_ng_nin,
	    "Verhoeff ok" },
	{ PII_CA_SIN, 0.4, 0, "999-999-999", valid_ca_sin, "Luhn ok" },
	{ PII_CA_SIN, 0.2, 0, "999 999 999", valid_ca_sin, "Luhn ok" },

	{ PII_BR_CPF, 0.85, 0, "999.999.999-99", valid_br_cpf,
	    "both check digits ok" },
	{ PII_BR_CPF, 0.45, 0, "9{11}|9{9}-99", valid_br_cpf,
	    "both check digits ok" },
	{ PII_BR_CNPJ, 0.9, 0, "99.999.999/9999-99", valid_br_cnpj,
	    "both check digits ok" },
	{ PII_BR_CNPJ, 0.45, 0, "9{14}", valid_br_cnpj,
	    "both check digits ok" },
	{ PII_CN_ID, 0.8, 0, "9{17}X|9{6} 9{8} 999X", valid_cn_id,
	    "date and check character ok" },
	{ PII_FR_NIR, 0.7, 0, "9{15}|9 99 99 99 999 999 99|9{6}A9{8}|"
	    "9 99 99 9A 999 999 99|9 99 99 99 999 999/99", valid_fr_nir,
	    "mod 97 ok" },
	{ PII_NL_BSN, 0.5, 0, "9999.99.999", valid_nl_bsn, "11-test ok" },
	{ PII_NL_BSN, 0.15, 0, "9{9}|999 999 999", valid_nl_bsn,
	    "11-test ok" },
	{ PII_BE_NRN, 0.85, 0, "99.99.99-999.99", valid_be_nrn, "mod 97 ok" },
	{ PII_BE_NRN, 0.5, 0, "9{11}|9{6}-999-99|9{6} 999 99|"
	    "99 99 99 999 99", valid_be_nrn, "mod 97 ok" },
	{ PII_CVV, 0, 0, "9{3,4}", NULL, NULL }
};

const size_t pii_nrows = sizeof(pii_rows) / sizeof(pii_rows[0]);

bool
pii_locale_known(const char *locale)
{
	static const char *const phones[] = { "ch", "jp" };
	size_t i;

	for (i = 0; i < sizeof(phones) / sizeof(phones[0]); i++)
		if (strcasecmp(phones[i], locale) == 0)
			return true;
	for (i = 0; i < PII_NKINDS; i++)
		if (*locale != '\0' &&
		    strcasecmp(pii_kind_rows[i].locale, locale) == 0)
			return true;
	return false;
}
