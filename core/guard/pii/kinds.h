/*
 * The kinds of personal data, all that is known of each in one place: name, locale
 * ("" everywhere), what a message calls it, its context words (any case; a phrase
 * as it is read), and the shapes of a number or code (struct pii_row); BY_CODE: a
 * function of its own finds it.
 */
#ifndef CORE_GUARD_PII_KINDS_H
#define CORE_GUARD_PII_KINDS_H

#include <stdbool.h>
#include <stddef.h>

#include "core/guard/pii/check.h"
#include "core/guard/pii/check_asia.h"
#include "core/guard/pii/check_eu.h"

#define PII_KINDS(X) \
X(CREDIT_CARD, "", "credit card number", \
    "card|credit|debit|visa|mastercard|amex|american express|maestro|cc|pan|" \
    "diners|discover|jcb|unionpay|creditcard|kreditkarte|kreditkartennummer|" \
    "carte|tarjeta|carta|kortti|kort", \
    ROW(0.8, STRONG, "9999 9999 9999 9999|9{16}|" \
        "9999 999999 99999|9999 999999 9999", valid_card, "Luhn ok") \
    ROW(0.5, STRONG, "9 9 9 9 9 9 9 9 9 9 9 9 9 9 9 9|" \
        "99 99 99 99 99 99 99 99|9{15}|9999 9999 9999 9999 999", \
        valid_card, "Luhn ok") \
    ROW(0.3, STRONG, "9{12,19}|9999 9999 9999 9|9999 9999 9999 9999", \
        valid_card_wide, "Luhn ok") \
    ROW(0.45, 0, "9{13}", valid_card, "Luhn ok") \
    ROW(0, SPOKEN, "9{12,19}|9999 9999 9999 9999|9999 999999 99999|" \
        "9999 999999 9999|9999 9999 9999 9999 999", valid_card_any, \
        "Luhn ok")) \
X(IBAN_CODE, "", "IBAN", "iban|bank|account|konto|transfer|wire", BY_CODE) \
X(EMAIL_ADDRESS, "", "email address", "email|e-mail|mail", BY_CODE) \
X(URL, "", "URL", "url|website|link", BY_CODE) \
X(DOMAIN_NAME, "", "domain name", "domain|website|site|host|visit|at", \
    BY_CODE) \
X(IP_ADDRESS, "", "IP address", "ip|ipv4|ipv6|address|host|addr|server|gateway", \
    BY_CODE) \
X(MAC_ADDRESS, "", "MAC address", "mac|hardware|ethernet|bssid|address", \
    BY_CODE) \
X(CRYPTO, "", "cryptocurrency address", "wallet|btc|bitcoin|crypto", BY_CODE) \
X(PHONE_NUMBER, "", "phone number", \
    "phone|telephone|tel|cell|cellphone|mobile|fax|call|calling|called|dial|" \
    "ring me|text me|sms|whatsapp|viber|hotline|helpline|ph|" \
    "mob|landline|answering|office|contact|reach me|reach us|reach you|" \
    "reach him|reach her|reach them|handy|telefon|tlf|puh|" \
    "telefono|telefone|telefonnummer|handynummer|mobil|rufnummer|anrufen|" \
    "m\303\263vil|movil|celular|cellulare|\347\224\265\350\257\235|" \
    "\346\211\213\346\234\272|\351\233\273\350\251\261|" \
    "\354\240\204\355\231\224", BY_CODE) \
X(DATE_TIME, "", "date", "date|born|birth|birthday|dob|on|since", BY_CODE) \
X(US_SSN, "us", "US social security number", \
    "ssn|social security|ssns|ss|social|ssid|ssn#|ss#", \
    ROW(0.6, 0, "999-99-9999", valid_us_ssn, "ranges ok") \
    ROW(0.45, GROUPED, "999 99 9999", valid_us_ssn, "ranges ok")) \
X(US_ITIN, "us", "US taxpayer number (ITIN)", \
    "itin|taxpayer|tax|individual taxpayer|tin|payer", \
    ROW(0.6, 0, "999-99-9999", valid_us_itin, "ranges ok") \
    ROW(0.4, GROUPED, "999 99 9999", valid_us_itin, "ranges ok")) \
X(US_ABA_ROUTING, "us", "US bank routing number", \
    "aba|routing|bank|rtn|routing number|bankrouting|wire|transit", \
    ROW(0.1, 0, "999999999|9999-9999-9", valid_us_aba, CHECK)) \
X(US_NPI, "us", "US provider number (NPI)", \
    "npi|provider|national provider|prescriber|physician|doctor|clinician", \
    ROW(0.2, 0, "9999999999|9999 999 999", valid_us_npi, "Luhn ok")) \
X(US_DEA, "us", "US DEA number", \
    "dea|prescriber|prescription|narcotic|controlled|drug enforcement", \
    ROW(0.3, 0, "AA9{7}|A99{7}", valid_us_dea, CHECK)) \
X(US_MBI, "us", "US Medicare number (MBI)", "mbi|medicare|beneficiary", \
    ROW(0.55, 0, "9AX9-AX9-AA99", valid_us_mbi, "alphabet ok") \
    ROW(0.5, 0, "9AX9AX9AA99", valid_us_mbi, "alphabet ok")) \
X(US_PASSPORT, "us", "US passport number", "passport|passports|travel document", \
    ROW(0, 0, "A9{8}|9{9}", NULL, NULL)) \
X(US_BANK, "us", "US bank account number", \
    "account|acct|bank|checking|savings|account#|acct#|direct deposit", \
    ROW(0, 0, "9{8,17}", valid_us_bank, NULL)) \
X(US_DRIVER_LICENSE, "us", "US driver's license number", \
    "driver|drivers|driving|license|licence|lic|dl|dl#|permit|dls|cdls|" \
    "driver's|drivers'", \
    ROW(0, 0, "A9{4,14}|9{7,14}|AA9{3,7}A{0,1}|" \
        "A9{6}A|A999 9999 9999|A999-999-99-999-9|AAA9{6}|99AAA9{5}|" \
        "9{3}AA9{4}|9{7}A|A999-9999-9999|A9999-99999-99999|" \
        "AA-99-99-99|A{3,5}9{3,9}|99-999-9999|A99-99-9999", NULL, NULL)) \
X(UK_NHS, "uk", "UK NHS number", \
    "nhs|national health service|health service|health authority|patient", \
    ROW(0.2, 0, "999 999 9999", valid_uk_nhs, CHECK)) \
X(UK_NINO, "uk", "UK national insurance number", \
    "nino|national insurance|ni|ni number|insurance", \
    ROW(0.5, 0, "AA 99 99 99 A|AA 999999 A|AA999999 A", valid_uk_nino, \
        "prefix ok")) \
X(UK_DRIVING_LICENCE, "uk", "UK driving licence number", \
    "driver|drivers|driving|license|licence|dvla", \
    ROW(0.6, 0, "XXXXX999999XX9AA|XXXXX999999XXXXX|XXXXX 999999 XXXXX", \
        valid_uk_licence, "date ok")) \
X(UK_POSTCODE, "uk", "UK postcode", \
    "postcode|postal|post code|zip|address|postcodes|street|road|lane|avenue|" \
    "london|flat|live|lives|deliver|delivery", \
    ROW(0.15, 0, "A9 9AA|A99 9AA|AA9 9AA|AA99 9AA|A9A 9AA|AA9A 9AA", \
        valid_uk_postcode, "letters ok")) \
X(UK_VEHICLE, "uk", "UK vehicle registration", \
    "registration|reg|vehicle|plate|plates|car|van|dvla|vrm|vrn|mot|parked|" \
    "number plate", \
    ROW(0, 0, "AA99 AAA", valid_uk_vehicle, "age mark ok") \
    ROW(0, 0, "A9{1,3} AAA|AAA 9{1,3}A", NULL, NULL)) \
X(UK_PASSPORT, "uk", "UK passport number", \
    "passport|british passport|hmpo|passports|travel document", \
    ROW(0, 0, "9{9}|AA9{7}", NULL, NULL)) \
X(DE_TAX_ID, "de", "German tax ID", \
    "steuer|steuer-id|steuerid|steueridentifikationsnummer|idnr|idnummer|" \
    "steuer-identifikationsnummer|tax|tin|steuernummer|steuerliche|finanzamt", \
    ROW(0.6, 0, "99 999 999 999", valid_de_tax_id, CHECK)) \
X(DE_VAT_ID, "de", "German VAT ID", \
    "ust|ust-id|ustid|umsatzsteuer|vat|ust-idnr|ustidnr|mwst|" \
    "umsatzsteuer-identifikationsnummer", \
    ROW(0.7, 0, "DE9{9}|DE 9{9}|DE 999 999 999", valid_de_vat, CHECK)) \
X(DE_ID_CARD, "de", "German identity card number", \
    "ausweis|personalausweis|personalausweisnummer|ausweisnummer|id card|" \
    "identity card|perso|identity|npa", \
    ROW(0.3, 0, "AXXXXXXXX9|AXXXXXXXX9D|9{10}D", valid_de_id_card, CHECK) \
    ROW(0, 0, "AXXXXXXXX", NULL, NULL)) \
X(DE_PASSPORT, "de", "German passport number", \
    "reisepass|pass|passnummer|reisepassnummer|passport|pass-nr", \
    ROW(0.3, 0, "AXXXXXXXX9|AXXXXXXXX9D", valid_de_passport, CHECK) \
    ROW(0, 0, "AXXXXXXXX", NULL, NULL)) \
X(DE_SOCIAL_SECURITY, "de", "German social security number", \
    "sozialversicherungsnummer|rentenversicherungsnummer|rvnr|svnr|sv|" \
    "versicherungsnummer|sozialversicherung|rentenversicherung|" \
    "sv-nummer|social security|social insurance|vsnr", \
    ROW(0.6, 0, "99 999999 A 999|99 999999 A 99 9", valid_de_social, CHECK)) \
X(DE_HEALTH_INSURANCE, "de", "German health insurance number", \
    "krankenversicherung|krankenversichertennummer|versichertennummer|kvnr|" \
    "krankenkasse|gesundheitskarte|egk|health insurance|kv|versicherten-nr|" \
    "krankenversicherungsnummer|versicherung", \
    ROW(0.3, 0, "A9{9}|A999 999 999", valid_de_health, CHECK)) \
X(DE_LANR, "de", "German doctor's number (LANR)", \
    "lanr|arztnummer|arzt|vertragsarzt|arzt-nr|arztnr|lebenslange|physician", \
    ROW(0.1, 0, "9{9}|9{7} 99", valid_de_lanr, CHECK)) \
X(DE_TAX_NUMBER, "de", "German tax number", \
    "steuernummer|steuer|st-nr|stnr|steuer-nr|finanzamt|tax number|" \
    "tax|steuernr", \
    ROW(0, 0, "99/999/99999|999/999/99999|" \
        "999/9999/9999|999/999/9999|9{5}/9{5}|9{13}|99 999 99999|" \
        "999 999 99999|9{10,11}", NULL, NULL)) \
X(DE_PLZ, "de", "German postal code", "plz|postleitzahl|postal code|ort|wohnort", \
    ROW(0, 0, "9{5}", valid_de_plz, NULL)) \
X(ES_NIF, "es", "Spanish NIF", \
    "nif|dni|documento nacional|identificaci\303\263n|identificacion|documento", \
    ROW(0.5, 0, "9{8} A|99.999.999-A|99.999.999A", valid_es_nif, \
        "check letter ok") \
    ROW(0.3, 0, "9{7} A|9.999.999-A", valid_es_nif, "check letter ok")) \
X(ES_NIE, "es", "Spanish NIE", "nie|n\303\272mero de extranjero|extranjero", \
    ROW(0.6, 0, "A9{7}A|A-9{7}-A|A 9{7} A", valid_es_nie, \
        "check letter ok")) \
X(IT_FISCAL_CODE, "it", "Italian fiscal code", \
    "codice fiscale|cf|fiscal code|codice|fiscale", \
    ROW(0.9, 0, "A{6}XXAXXAXXXA|AAA AAA XXAXX AXXXA", valid_it_fiscal, \
        "check letter ok")) \
X(IT_VAT_CODE, "it", "Italian VAT number", \
    "piva|partita iva|partita|iva|p.iva|vat|p iva|pi", \
    ROW(0.7, 0, "IT9{11}|IT 9{11}", valid_it_vat, CHECK) \
    ROW(0.15, 0, "9{11}", valid_it_vat, CHECK)) \
X(IT_IDENTITY_CARD, "it", "Italian identity card number", \
    "carta|identit\303\240|identita|elettronica|cie|documento|id card|" \
    "identity card|riconoscimento|carta d'identit\303\240", \
    ROW(0, 0, "AA9{7}|AA 9{7}|9{7}AA|AA9{5}AA|9{7} AA|AA 9{5} AA", \
        NULL, NULL)) \
X(IT_PASSPORT, "it", "Italian passport number", \
    "passaporto|passaporti|viaggio|italian passport|dogana", \
    ROW(0, 0, "AA9{7}|AA 9{7}", NULL, NULL)) \
X(PL_PESEL, "pl", "Polish PESEL", "pesel|ewidencyjny", \
    ROW(0.4, 0, "9{11}", valid_pl_pesel, "date and check digit ok")) \
X(FI_PERSONAL_IDENTITY_CODE, "fi", "Finnish personal identity code", \
    "hetu|henkil\303\266tunnus|personbeteckningen|personal identity code|" \
    "henkilotunnus|personal identity|finnish", \
    ROW(0.8, 0, "9{6}-999X|9{6}+999X|9{6}A999X", valid_fi_code, \
        "date and check character ok")) \
X(SE_PERSONNUMMER, "se", "Swedish personal number", \
    "personnummer|personnr|pnr|samordningsnummer|svensk|personal number|" \
    "personal identity", \
    ROW(0.6, 0, "9{6}-9999|9{6}+9999|9{8}-9999", valid_se_person, \
        "date and Luhn ok") \
    ROW(0.25, 0, "9{10}|9{12}", valid_se_person, "date and Luhn ok")) \
X(SE_ORGANISATIONSNUMMER, "se", "Swedish organisation number", \
    "organisationsnummer|orgnr|org|organisationsnr|org.nr|bolag|" \
    "organization number|organisation number", \
    ROW(0.3, 0, "9{6}-9999", valid_se_org, "Luhn ok") \
    ROW(0.1, 0, "9{10}", valid_se_org, "Luhn ok")) \
X(TR_NATIONAL_ID, "tr", "Turkish identity number", \
    "tc|kimlik|tckn|t.c|kimlik no|vatanda\305\237l\304\261k|turkish|nufus", \
    ROW(0.45, 0, "9{11}|999 999 999 99", valid_tr_id, \
        "both check digits ok")) \
X(AU_ABN, "au", "Australian business number", \
    "abn|australian business number|business number", \
    ROW(0.6, 0, "99 999 999 999", valid_au_abn, "mod 89 ok")) \
X(AU_ACN, "au", "Australian company number", \
    "acn|australian company number|company number", \
    ROW(0.15, 0, "999 999 999", valid_au_acn, CHECK)) \
X(AU_TFN, "au", "Australian tax file number", \
    "tfn|tax file number|tax file|tax", \
    ROW(0.15, 0, "999 999 999|9{8} 9", valid_au_tfn, "mod 11 ok")) \
X(AU_MEDICARE, "au", "Australian Medicare number", "medicare", \
    ROW(0.5, GROUPED, "9999 99999 9", valid_au_medicare, CHECK) \
    ROW(0.15, 0, "9{11}|9999 99999 9 9", valid_au_medicare, CHECK)) \
X(IN_AADHAAR, "in", "Indian Aadhaar number", "aadhaar|aadhar|uidai|uid|aadhaar#", \
    ROW(0.55, GROUPED, "9999 9999 9999", valid_in_aadhaar, "Verhoeff ok")) \
X(IN_GSTIN, "in", "Indian GSTIN", "gstin|gst|goods and services tax", \
    ROW(0.9, 0, "99A{5}9999AXAX", valid_in_gstin, "check character ok")) \
X(IN_PAN, "in", "Indian PAN", \
    "pan|permanent account number|income tax|pancard|pan card", \
    ROW(0.5, 0, "A{5}9999A", valid_in_pan, "status letter ok")) \
X(IN_VOTER, "in", "Indian voter number", \
    "voter|epic|elector|elector photo|voter id|election", \
    ROW(0, 0, "AAA9{7}", NULL, NULL)) \
X(IN_PASSPORT, "in", "Indian passport number", \
    "passport|indian passport|passport number", \
    ROW(0, 0, "A99 99999|A9{7}", valid_in_passport, NULL)) \
X(SG_UEN, "sg", "Singapore entity number (UEN)", \
    "uen|unique entity number|business registration|acra|entity", \
    ROW(0.5, 0, "9{8}A|9{9}A|A99AA9999A", valid_sg_uen, "check letter ok")) \
X(SG_NRIC, "sg", "Singapore NRIC or FIN", \
    "nric|fin|identity card|identification card|singapore|fin#|nric#", \
    ROW(0.6, 0, "A9{7}A", valid_sg_nric, "check letter ok")) \
X(KR_RRN, "kr", "Korean resident number", \
    "rrn|resident registration|korean rrn|" \
    "\354\243\274\353\257\274\353\223\261\353\241\235|" \
    "\354\243\274\353\257\274\353\262\210\355\230\270", \
    ROW(0.6, 0, "9{6}-9{7}", valid_kr_rrn, "date ok") \
    ROW(0.35, 0, "9{13}", valid_kr_rrn, "date ok")) \
X(KR_FRN, "kr", "Korean foreigner number", \
    "frn|foreigner registration|foreigner|arc|alien registration|" \
    "\354\231\270\352\265\255\354\235\270", \
    ROW(0.6, 0, "9{6}-9{7}", valid_kr_frn, "date ok") \
    ROW(0.35, 0, "9{13}", valid_kr_frn, "date ok")) \
X(KR_BRN, "kr", "Korean business number", \
    "brn|business registration|" \
    "\354\202\254\354\227\205\354\236\220\353\223\261\353\241\235|" \
    "\354\202\254\354\227\205\354\236\220", \
    ROW(0.45, 0, "999-99-99999", valid_kr_brn, CHECK) \
    ROW(0.1, 0, "9{10}", valid_kr_brn, CHECK)) \
X(TH_TNIN, "th", "Thai identity number", \
    "thai|thai id|thai national id|tnin|national id|citizen|" \
    "\340\270\233\340\270\243\340\270\260\340\270\212\340\270\262\340\270\212" \
    "\340\270\231", \
    ROW(0.7, GROUPED, "9-9999-99999-99-9|9 9999 99999 99 9", \
        valid_th_tnin, CHECK) \
    ROW(0.25, 0, "9{13}", valid_th_tnin, CHECK)) \
X(PH_TIN, "ph", "Philippine tax number", \
    "tin|bir|taxpayer identification|tax identification|philippine", \
    ROW(0.3, 0, "999-999-999-999|999-999-999-99999|999 999 999|" \
        "9{9}|9{12}", valid_ph_tin, CHECK)) \
X(ZA_ID_NUMBER, "za", "South African identity number", \
    "id number|identity number|rsa|sa id|south african|identity|id", \
    ROW(0.45, 0, "9{13}|9{6} 9{4} 99 9|9{6} 9{4} 999", valid_za_id, \
        "date and Luhn ok")) \
X(NG_NIN, "ng", "Nigerian identity number", \
    "nin|nimc|national identification|national identity|nigerian|nin#", \
    ROW(0.2, 0, "9{11}|9999 999 9999", valid_ng_nin, "Verhoeff ok")) \
X(CA_SIN, "ca", "Canadian social insurance number", \
    "sin|social insurance|nas|assurance sociale|sin#|insurance", \
    ROW(0.4, 0, "999-999-999", valid_ca_sin, "Luhn ok") \
    ROW(0.2, 0, "999 999 999", valid_ca_sin, "Luhn ok")) \
X(BR_CPF, "br", "Brazilian CPF", "cpf|cadastro|contribuinte|cadastro de pessoas", \
    ROW(0.85, 0, "999.999.999-99", valid_br_cpf, "both check digits ok") \
    ROW(0.45, 0, "9{11}|9{9}-99", valid_br_cpf, "both check digits ok")) \
X(BR_CNPJ, "br", "Brazilian CNPJ", "cnpj|cadastro nacional|empresa", \
    ROW(0.9, 0, "99.999.999/9999-99", valid_br_cnpj, \
        "both check digits ok") \
    ROW(0.45, 0, "9{14}", valid_br_cnpj, "both check digits ok")) \
X(CN_ID, "cn", "Chinese identity number", \
    "\350\272\253\344\273\275\350\257\201|\345\205\254\346\260\221\350\272\253|" \
    "identity card|resident identity|chinese id|id number|id card|sfz", \
    ROW(0.8, 0, "9{17}X|9{6} 9{8} 999X", valid_cn_id, \
        "date and check character ok")) \
X(FR_NIR, "fr", "French social security number", \
    "nir|s\303\251curit\303\251 sociale|securite sociale|insee|s\303\251cu|" \
    "num\303\251ro de s\303\251curit\303\251|ssn|social security", \
    ROW(0.7, 0, "9{15}|9 99 99 99 999 999 99|9{6}A9{8}|" \
        "9 99 99 9A 999 999 99|9 99 99 99 999 999/99", valid_fr_nir, \
        "mod 97 ok")) \
X(NL_BSN, "nl", "Dutch citizen number", \
    "bsn|burgerservicenummer|sofinummer|sofi|citizen service|sofi-nummer", \
    ROW(0.5, 0, "9999.99.999", valid_nl_bsn, "11-test ok") \
    ROW(0.15, 0, "9{9}|999 999 999", valid_nl_bsn, "11-test ok")) \
X(BE_NRN, "be", "Belgian national number", \
    "rijksregisternummer|rrn|nrn|registre national|rijksregister|niss|insz|" \
    "num\303\251ro national|national register|national number", \
    ROW(0.85, 0, "99.99.99-999.99", valid_be_nrn, "mod 97 ok") \
    ROW(0.5, 0, "9{11}|9{6}-999-99|9{6} 999 99|99 99 99 999 99", \
        valid_be_nrn, "mod 97 ok")) \
X(BIC, "", "bank code (BIC)", "bic|swift|swift-code|bic-code|bic/swift", \
    BY_CODE) \
X(CVV, "", "card verification code", \
    "cvv|cvc|cvv2|cvc2|csc|security code|card verification|verification value", \
    ROW(0, 0, "9{3,4}", NULL, NULL)) \
X(PERSON, "", "person's name", "name|called|named", BY_CODE) \
X(AGE, "", "age", "age|aged|old", BY_CODE) \
X(STREET_ADDRESS, "", "street address", "address|street", BY_CODE) \
X(US_ZIP_CODE, "us", "US ZIP code", \
    "zip|zipcode|zip code|zip-code|postal code|postcode|post code", \
    ROW(0, 0, "99999|99999-9999", NULL, NULL))

#define PII_ENUM(name, locale, what, context, rows)	PII_##name,
enum pii_kind { PII_KINDS(PII_ENUM) PII_NKINDS };
#undef PII_ENUM
/* From here on: only where a policy names them. */
#define PII_ASKED	PII_PERSON

/*
 * A number or code of fixed shape.  Without a word of its context near it a
 * match scores `score`; 0 means that it is nothing without one.  A score below 0.4
 * means: not without such a word, unless the policy's min_score says otherwise.  It
 * follows how often a number drawn at random would pass: one in ten or eleven is no
 * evidence, one in fifty is some, separators in the kind's own places are more.
 */
struct pii_row {
	double		 score;
	unsigned	 flags;
	const char	*forms;		/* form.h, alternatives by '|' */
	/* The letters (in upper case) and digits of a match, NUL-terminated. */
	bool		(*valid)(const char *, size_t);
	const char	*why;		/* what valid() says: "check digit ok" */
};
/* Found inside addresses, and with other numbers beside it, too. */
#define PII_STRONG	1u
/* Nothing without a word of its context, even where the check holds. */
#define PII_SPOKEN	4u
/* The score holds where its separators are there; without, it is no evidence. */
#define PII_GROUPED	2u

struct pii_kind_row {
	const char	*name;
	const char	*locale;	/* "" everywhere */
	const char	*what;		/* for the message */
	const char	*context;	/* words that are found near it, "a|b c" */
	const struct pii_row *rows;	/* ends with no forms */
};
extern const struct pii_kind_row pii_kind_rows[PII_NKINDS];

bool	pii_locale_known(const char *);

#endif
