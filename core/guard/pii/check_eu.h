/*
 * Numbers of Europe but for the United Kingdom.
 */
#ifndef CORE_GUARD_PII_CHECK_EU_H
#define CORE_GUARD_PII_CHECK_EU_H

#include "core/guard/pii/check.h"

pii_valid	valid_de_tax_id, valid_de_vat, valid_de_id_card,
		valid_de_passport, valid_de_social, valid_de_health,
		valid_de_lanr, valid_de_plz;
pii_valid	valid_es_nif, valid_es_nie, valid_it_fiscal, valid_it_vat;
pii_valid	valid_pl_pesel, valid_fi_code, valid_se_person, valid_se_org,
		valid_tr_id, valid_fr_nir, valid_nl_bsn, valid_be_nrn;

#endif
