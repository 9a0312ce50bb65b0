/*
 * Numbers of Asia and Brazil.
 */
#ifndef CORE_GUARD_PII_CHECK_ASIA_H
#define CORE_GUARD_PII_CHECK_ASIA_H

#include "core/guard/pii/check.h"

pii_valid	valid_in_aadhaar, valid_in_gstin, valid_in_pan,
		valid_in_passport;
pii_valid	valid_sg_uen, valid_sg_nric, valid_kr_rrn, valid_kr_frn,
		valid_kr_brn, valid_th_tnin, valid_ph_tin, valid_cn_id,
		valid_br_cpf, valid_br_cnpj;

#endif
