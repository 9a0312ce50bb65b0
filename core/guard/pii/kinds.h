/*
 * The kinds of personal data: name, locale ("" everywhere), what a message
 * calls it, and its context words (any case; a phrase stands as it is read).
 */
#ifndef CORE_GUARD_PII_KINDS_H
#define CORE_GUARD_PII_KINDS_H

#include <stdbool.h>
#include <stddef.h>

#define PII_KINDS(X) \
X(CREDIT_CARD, "", "credit card number", \
    "card|credit|debit|visa|mastercard|amex|american express|maestro|cc|pan|" \
    "diners|discover|jcb|unionpay|creditcard|kreditkarte|kreditkartennummer|" \
    "carte|tarjeta|carta|kortti|kort") \
X(IBAN_CODE, "", "IBAN", "iban|bank|account|konto|transfer|wire") \
X(EMAIL_ADDRESS, "", "email address", "email|e-mail|mail") \
X(URL, "", "URL", "url|website|link") \
X(DOMAIN_NAME, "", "domain name", "domain|website|site|host|visit|at") \
X(IP_ADDRESS, "", "IP address", "ip|ipv4|ipv6|address|host|addr|server|gateway") \
X(MAC_ADDRESS, "", "MAC address", "mac|hardware|ethernet|bssid|address") \
X(CRYPTO, "", "cryptocurrency address", "wallet|btc|bitcoin|crypto") \
X(PHONE_NUMBER, "", "phone number", \
    "phone|telephone|tel|cell|cellphone|mobile|fax|call|calling|called|dial|" \
    "ring me|text me|sms|whatsapp|viber|hotline|helpline|ph|" \
    "mob|landline|answering|office|contact|reach me|reach us|reach you|" \
    "reach him|reach her|reach them|handy|telefon|tlf|puh|" \
    "telefono|telefone|telefonnummer|handynummer|mobil|rufnummer|anrufen|" \
    "m\303\263vil|movil|celular|cellulare|\347\224\265\350\257\235|" \
    "\346\211\213\346\234\272|\351\233\273\350\251\261|" \
    "\354\240\204\355\231\224") \
X(DATE_TIME, "", "date", "date|born|birth|birthday|dob|on|since") \
X(US_SSN, "us", "US social security number", \
    "ssn|social security|ssns|ss|social|ssid|ssn#|ss#") \
X(US_ITIN, "us", "US taxpayer number (ITIN)", \
    "itin|taxpayer|tax|individual taxpayer|tin|payer") \
X(US_ABA_ROUTING, "us", "US bank routing number", \
    "aba|routing|bank|rtn|routing number|bankrouting|wire|transit") \
X(US_NPI, "us", "US provider number (NPI)", \
    "npi|provider|national provider|prescriber|physician|doctor|clinician") \
X(US_DEA, "us", "US DEA number", \
    "dea|prescriber|prescription|narcotic|controlled|drug enforcement") \
X(US_MBI, "us", "US Medicare number (MBI)", "mbi|medicare|beneficiary") \
X(US_PASSPORT, "us", "US passport number", "passport|passports|travel document") \
X(US_BANK, "us", "US bank account number", \
    "account|acct|bank|checking|savings|account#|acct#|direct deposit") \
X(US_DRIVER_LICENSE, "us", "US driver's license number", \
    "driver|drivers|driving|license|licence|lic|dl|dl#|permit|dls|cdls|" \
    "driver's|drivers'") \
X(UK_NHS, "uk", "UK NHS number", \
    "nhs|national health service|health service|health authority|patient") \
X(UK_NINO, "uk", "UK national insurance number", \
    "nino|national insurance|ni|ni number|insurance") \
X(UK_DRIVING_LICENCE, "uk", "UK driving licence number", \
    "driver|drivers|driving|license|licence|dvla") \
X(UK_POSTCODE, "uk", "UK postcode", \
    "postcode|postal|post code|zip|address|postcodes|street|road|lane|avenue|" \
    "london|flat|live|lives|deliver|delivery") \
X(UK_VEHICLE, "uk", "UK vehicle registration", \
    "registration|reg|vehicle|plate|plates|car|van|dvla|vrm|vrn|mot|parked|" \
    "number plate") \
X(UK_PASSPORT, "uk", "UK passport number", \
    "passport|british passport|hmpo|passports|travel document") \
X(DE_TAX_ID, "de", "German tax ID", \
    "steuer|steuer-id|steuerid|steueridentifikationsnummer|idnr|idnummer|" \
    "steuer-identifikationsnummer|tax|tin|steuernummer|steuerliche|finanzamt") \
X(DE_VAT_ID, "de", "German VAT ID", \
    "ust|ust-id|ustid|umsatzsteuer|vat|ust-idnr|ustidnr|mwst|" \
    "umsatzsteuer-identifikationsnummer") \
X(DE_ID_CARD, "de", "German identity card number", \
    "ausweis|personalausweis|personalausweisnummer|ausweisnummer|id card|" \
    "identity card|perso|identity|npa") \
X(DE_PASSPORT, "de", "German passport number", \
    "reisepass|pass|passnummer|reisepassnummer|passport|pass-nr") \
X(DE_SOCIAL_SECURITY, "de", "German social security number", \
    "sozialversicherungsnummer|rentenversicherungsnummer|rvnr|svnr|sv|" \
    "versicherungsnummer|sozialversicherung|rentenversicherung|" \
    "sv-nummer|social security|social insurance|vsnr") \
X(DE_HEALTH_INSURANCE, "de", "German health insurance number", \
    "krankenversicherung|krankenversichertennummer|versichertennummer|kvnr|" \
    "krankenkasse|gesundheitskarte|egk|health insurance|kv|versicherten-nr|" \
    "krankenversicherungsnummer|versicherung") \
X(DE_LANR, "de", "German doctor's number (LANR)", \
    "lanr|arztnummer|arzt|vertragsarzt|arzt-nr|arztnr|lebenslange|physician") \
X(DE_TAX_NUMBER, "de", "German tax number", \
    "steuernummer|steuer|st-nr|stnr|steuer-nr|finanzamt|tax number|" \
    "tax|steuernr") \
X(DE_PLZ, "de", "German postal code", "plz|postleitzahl|postal code|ort|wohnort") \
X(ES_NIF, "es", "Spanish NIF", \
    "nif|dni|documento nacional|identificaci\303\263n|identificacion|documento") \
X(ES_NIE, "es", "Spanish NIE", "nie|n\303\272mero de extranjero|extranjero") \
X(IT_FISCAL_CODE, "it", "Italian fiscal code", \
    "codice fiscale|cf|fiscal code|codice|fiscale") \
X(IT_VAT_CODE, "it", "Italian VAT number", \
    "piva|partita iva|partita|iva|p.iva|vat|p iva|pi") \
X(IT_IDENTITY_CARD, "it", "Italian identity card number", \
    "carta|identit\303\240|identita|elettronica|cie|documento|id card|" \
    "identity card|riconoscimento|carta d'identit\303\240") \
X(IT_PASSPORT, "it", "Italian passport number", \
    "passaporto|passaporti|viaggio|italian passport|dogana") \
X(PL_PESEL, "pl", "Polish PESEL", "pesel|ewidencyjny") \
X(FI_PERSONAL_IDENTITY_CODE, "fi", "Finnish personal identity code", \
    "hetu|henkil\303\266tunnus|personbeteckningen|personal identity code|" \
    "henkilotunnus|personal identity|finnish") \
X(SE_PERSONNUMMER, "se", "Swedish personal number", \
    "personnummer|personnr|pnr|samordningsnummer|svensk|personal number|" \
    "personal identity") \
X(SE_ORGANISATIONSNUMMER, "se", "Swedish organisation number", \
    "organisationsnummer|orgnr|org|organisationsnr|org.nr|bolag|" \
    "organization number|organisation number") \
X(TR_NATIONAL_ID, "tr", "Turkish identity number", \
    "tc|kimlik|tckn|t.c|kimlik no|vatanda\305\237l\304\261k|turkish|nufus") \
X(AU_ABN, "au", "Australian business number", \
    "abn|australian business number|business number") \
X(AU_ACN, "au", "Australian company number", \
    "acn|australian company number|company number") \
X(AU_TFN, "au", "Australian tax file number", \
    "tfn|tax file number|tax file|tax") \
X(AU_MEDICARE, "au", "Australian Medicare number", "medicare") \
X(IN_AADHAAR, "in", "Indian Aadhaar number", "aadhaar|aadhar|uidai|uid|aadhaar#") \
X(IN_GSTIN, "in", "Indian GSTIN", "gstin|gst|goods and services tax") \
X(IN_PAN, "in", "Indian PAN", \
    "pan|permanent account number|income tax|pancard|pan card") \
X(IN_VOTER, "in", "Indian voter number", \
    "voter|epic|elector|elector photo|voter id|election") \
X(IN_PASSPORT, "in", "Indian passport number", \
    "passport|indian passport|passport number") \
X(SG_UEN, "sg", "Singapore entity number (UEN)", \
    "uen|unique entity number|business registration|acra|entity") \
X(SG_NRIC, "sg", "Singapore NRIC or FIN", \
    "nric|fin|identity card|identification card|singapore|fin#|nric#") \
X(KR_RRN, "kr", "Korean resident number", \
    "rrn|resident registration|korean rrn|" \
    "\354\243\274\353\257\274\353\223\261\353\241\235|" \
    "\354\243\274\353\257\274\353\262\210\355\230\270") \
X(KR_FRN, "kr", "Korean foreigner number", \
    "frn|foreigner registration|foreigner|arc|alien registration|" \
    "\354\231\270\352\265\255\354\235\270") \
X(KR_BRN, "kr", "Korean business number", \
    "brn|business registration|" \
    "\354\202\254\354\227\205\354\236\220\353\223\261\353\241\235|" \
    "\354\202\254\354\227\205\354\236\220") \
X(TH_TNIN, "th", "Thai identity number", \
    "thai|thai id|thai national id|tnin|national id|citizen|" \
    "\340\270\233\340\270\243\340\270\260\340\270\212\340\270\262\340\270\212" \
    "\340\270\231") \
X(PH_TIN, "ph", "Philippine tax number", \
    "tin|bir|taxpayer identification|tax identification|philippine") \
X(ZA_ID_NUMBER, "za", "South African identity number", \
    "id number|identity number|rsa|sa id|south african|identity|id") \
X(NG_NIN, "ng", "Nigerian identity number", \
    "nin|nimc|national identification|national identity|nigerian|nin#") \
X(CA_SIN, "ca", "Canadian social insurance number", \
    "sin|social insurance|nas|assurance sociale|sin#|insurance") \
X(BR_CPF, "br", "Brazilian CPF", "cpf|cadastro|contribuinte|cadastro de pessoas") \
X(BR_CNPJ, "br", "Brazilian CNPJ", "cnpj|cadastro nacional|empresa") \
X(CN_ID, "cn", "Chinese identity number", \
    "\350\272\253\344\273\275\350\257\201|\345\205\254\346\260\221\350\272\253|" \
    "identity card|resident identity|chinese id|id number|id card|sfz") \
X(FR_NIR, "fr", "French social security number", \
    "nir|s\303\251curit\303\251 sociale|securite sociale|insee|s\303\251cu|" \
    "num\303\251ro de s\303\251curit\303\251|ssn|social security") \
X(NL_BSN, "nl", "Dutch citizen number", \
    "bsn|burgerservicenummer|sofinummer|sofi|citizen service|sofi-nummer") \
X(BE_NRN, "be", "Belgian national number", \
    "rijksregisternummer|rrn|nrn|registre national|rijksregister|niss|insz|" \
    "num\303\251ro national|national register|national number") \
X(BIC, "", "bank code (BIC)", "bic|swift|swift-code|bic-code|bic/swift") \
X(CVV, "", "card verification code", \
    "cvv|cvc|cvv2|cvc2|csc|security code|card verification|verification value")

#define PII_ENUM(name, locale, what, context)	PII_##name,
enum pii_kind { PII_KINDS(PII_ENUM) PII_NKINDS };
#undef PII_ENUM

struct pii_kind_row {
	const char	*name;
	const char	*locale;	/* "" everywhere */
	const char	*what;		/* for the message */
	const char	*context;	/* words that speak of it, "a|b c" */
};
extern const struct pii_kind_row pii_kind_rows[PII_NKINDS];

/*
 * A number or code of fixed shape.  Without a word of its context near it a
 * match scores `score`; 0 means that it is nothing without one.
 */
struct pii_row {
	enum pii_kind	 kind;
	double		 score;
	unsigned	 flags;
	const char	*forms;		/* form.h, alternatives by '|' */
	/* The letters (in upper case) and digits of a match, NUL-terminated. */
	bool		(*valid)(const char *, size_t);
	const char	*why;		/* what valid() says: "check digit ok" */
};
/* Found inside addresses, and with other numbers beside it, too. */
#define PII_STRONG	1u
/* The score holds where its separators are there; without, it is no evidence. */
#define PII_GROUPED	2u

extern const struct pii_row pii_rows[];
extern const size_t pii_nrows;

bool	pii_locale_known(const char *);

#endif
