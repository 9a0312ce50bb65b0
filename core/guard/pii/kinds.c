#include "core/guard/pii/kinds.h"

#include <strings.h>

#define STRONG	PII_STRONG
#define GROUPED	PII_GROUPED
#define SPOKEN	PII_SPOKEN
#define CHECK	"check digit ok"
#define ROW(...)	{ __VA_ARGS__ },
#define BY_CODE
#define KIND(name, locale, what, context, rows)		\
	{ #name, locale, what, context,			\
	    (const struct pii_row[]){ rows { 0, 0, NULL, NULL, NULL } } },

const struct pii_kind_row pii_kind_rows[PII_NKINDS] = {
	PII_KINDS(KIND)
};

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
