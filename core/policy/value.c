#include "core/policy/value.h"

#include <locale.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A number as a person would write one: no "inf", no hexadecimal. */
enum status
value_number(const char *text, double *out, struct error *err)
{
	locale_t c = newlocale(LC_ALL_MASK, "C", (locale_t)0);
	char *end = NULL;
	double v = 0;

	if (c == (locale_t)0)
		return error_nomem(err);
	if (text[0] != '\0' && strspn(text, "+-.0123456789eE") == strlen(text))
		v = strtod_l(text, &end, c);
	freelocale(c);
	if (end == NULL || *end != '\0' || !isfinite(v))
		return error_set(err, STATUS_INVALID, "'%s' is not a number",
		    text);
	*out = v;
	return STATUS_OK;
}

enum status
value_bool(const char *text, bool *out, struct error *err)
{
	if (strcmp(text, "true") != 0 && strcmp(text, "false") != 0)
		return error_set(err, STATUS_INVALID,
		    "'%s' is neither true nor false", text);
	*out = text[0] == 't';
	return STATUS_OK;
}

static enum status
value_whole(const char *text, const char *end, uint64_t unit, uint64_t max,
    uint64_t *out, struct error *err)
{
	uint64_t n = 0;
	const char *p;

	for (p = text; p < end && *p >= '0' && *p <= '9' && n <= max; p++)
		n = n * 10 + (uint64_t)(*p - '0');
	if (p == text || (p < end && n <= max))
		return error_set(err, STATUS_INVALID, "'%s' is not a whole "
		    "number%s", text, unit == 0 ? "" : " of bytes such as "
		    "65536, 64KiB or 32MiB");
	if (n == 0 || n > max / (unit == 0 ? 1 : unit))
		return error_set(err, STATUS_INVALID, "'%s' is not between 1 "
		    "and %llu", text, (unsigned long long)max);
	*out = n * (unit == 0 ? 1 : unit);
	return STATUS_OK;
}

enum status
value_count(const char *text, uint64_t max, uint64_t *out, struct error *err)
{
	return value_whole(text, text + strlen(text), 0, max, out, err);
}

enum status
value_size(const char *text, uint64_t max, uint64_t *out, struct error *err)
{
	static const struct {
		const char	*name;
		uint64_t	 bytes;
	} units[] = {
		{ "KiB", (uint64_t)1 << 10 }, { "MiB", (uint64_t)1 << 20 },
		{ "GiB", (uint64_t)1 << 30 }
	};
	size_t i, n = strlen(text);

	for (i = 0; i < sizeof(units) / sizeof(units[0]); i++)
		if (n > 3 && strcmp(text + n - 3, units[i].name) == 0)
			return value_whole(text, text + n - 3, units[i].bytes,
			    max, out, err);
	return value_whole(text, text + n, 1, max, out, err);
}

enum status
value_duration(const char *text, int64_t *ms, struct error *err)
{
	static const struct {
		char	unit;
		int64_t	ms;
	} units[] = {
		{ 's', 1000 }, { 'm', 60000 }, { 'h', 3600000 },
		{ 'd', 86400000 }
	};
	int64_t n = 0;
	size_t i, k;

	for (i = 0; text[i] >= '0' && text[i] <= '9' && i < 9; i++)
		n = n * 10 + (text[i] - '0');
	for (k = 0; k < sizeof(units) / sizeof(units[0]); k++)
		if (i > 0 && text[i] == units[k].unit && text[i + 1] == '\0')
			break;
	if (k == sizeof(units) / sizeof(units[0]))
		return error_set(err, STATUS_INVALID, "'%s' is not a duration "
		    "such as 30s, 15m, 4h or 7d", text);
	*ms = n * units[k].ms;
	if (*ms > (int64_t)3650 * 86400000)
		return error_set(err, STATUS_INVALID,
		    "'%s' is more than 3650d", text);
	return STATUS_OK;
}

enum status
value_choice(const char *text, const char *choices, int *out,
    struct error *err)
{
	size_t n, len = strlen(text);
	const char *c;
	int i;

	for (c = choices, i = 0; *c != '\0'; i++) {
		n = strcspn(c, "|");
		if (n == len && memcmp(c, text, n) == 0) {
			*out = i;
			return STATUS_OK;
		}
		c += n + (c[n] == '|');
	}
	return error_set(err, STATUS_INVALID, "'%s' is none of %s", text,
	    choices);
}
