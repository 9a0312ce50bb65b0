#include "core/policy/field.h"

#include <string.h>

#include "core/policy/value.h"

enum status
field_refuse(struct error *err, const struct section *s, const char *what,
    const struct setting *set, size_t i)
{
	struct position at = setting_position(set, i);

	(void)error_prefix(err, "%s", set->name);
	return s->title[0] != '\0' ? position_prefix(err, at, what, s->title) :
	    error_prefix(err, "%s:%d:%d: %s", s->at.file, at.line, at.column,
	    what);
}

enum status
section_refuse(struct error *err, const struct section *s, const char *what,
    const char *message)
{
	return position_error(err, s->at, "%s \"%s\": %s", what, s->title,
	    message);
}

/* Value i: not empty, and none of those before it. */
static enum status
name_check(const struct setting *set, size_t i, struct error *err)
{
	size_t k;

	if (set->v[i][0] == '\0')
		return error_set(err, STATUS_INVALID, "empty");
	for (k = 0; k < i; k++)
		if (strcmp(set->v[k], set->v[i]) == 0)
			return error_set(err, STATUS_INVALID,
			    "\"%s\" is there twice", set->v[i]);
	return STATUS_OK;
}

static enum status
duration_read(const char *text, uint64_t max, int64_t *ms, struct error *err)
{
	enum status st = value_duration(text, ms, err);

	if (st == STATUS_OK && *ms == 0)
		return error_set(err, STATUS_INVALID, "it must last longer");
	if (st == STATUS_OK && max > 0 && (uint64_t)*ms > max)
		return error_set(err, STATUS_INVALID, "'%s' is more than %llus",
		    text, (unsigned long long)max / 1000);
	return st;
}

static enum status
usd_read(const char *text, double *usd, struct error *err)
{
	enum status st = value_number(text, usd, err);

	if (st == STATUS_OK && !(*usd >= 0))
		return error_set(err, STATUS_INVALID, "'%s' is less than 0",
		    text);
	return st;
}

/* What a setting with one value says. */
static enum status
value_read(const struct field_row *f, const struct setting *set, char *to,
    struct error *err)
{
	const char *text = set->v[0];

	switch (f->type) {
	case FIELD_BOOL:
		return value_bool(text, (bool *)(void *)to, err);
	case FIELD_COUNT:
		return value_count(text, f->max, (uint64_t *)(void *)to, err);
	case FIELD_SIZE:
		return value_size(text, f->max, (uint64_t *)(void *)to, err);
	case FIELD_DURATION:
		return duration_read(text, f->max, (int64_t *)(void *)to, err);
	case FIELD_USD:
		return usd_read(text, (double *)(void *)to, err);
	case FIELD_CHOICE:
		return value_choice(text, f->choices, (int *)(void *)to, err);
	case FIELD_TEXT:
	case FIELD_LIST:
		break;
	}
	*(const char **)(void *)to = text;
	return name_check(set, 0, err);
}

static enum status
field_read(const struct section *s, const char *what, const struct field_row *f,
    const struct setting *set, char *to, struct error *err)
{
	size_t i;

	if (f->type != FIELD_LIST)
		return value_read(f, set, to + f->at, err) == STATUS_OK ?
		    STATUS_OK : field_refuse(err, s, what, set, 0);
	for (i = 0; i < set->n; i++)
		if (name_check(set, i, err) != STATUS_OK)
			return field_refuse(err, s, what, set, i);
	*(const char *const **)(void *)(to + f->at) = set->v;
	*(size_t *)(void *)(to + f->at_n) = set->n;
	return STATUS_OK;
}

enum status
fields_read(const struct section *s, const char *what, const struct field_row *f,
    void *to, struct error *err)
{
	const struct setting *set;
	enum status st = STATUS_OK;

	for (; f->name != NULL && st == STATUS_OK; f++)
		if ((set = conf_get(s, f->name)) != NULL)
			st = field_read(s, what, f, set, to, err);
	return st;
}
