#include "core/suite/expected.h"

#include <stdlib.h>

#include "core/json/write.h"
#include "core/suite/assert.h"

/* Short forms that stand for code and for a judge. */
static const struct {
	const char	*prefix, *type;
} short_forms[] = {
	{ "javascript:", "javascript" }, { "fn:", "javascript" },
	{ "eval:", "javascript" }, { "python:", "python" },
	{ "grade:", "llm-rubric" }
};

static struct slice
trimmed(struct slice s)
{
	while (s.n > 0 && (unsigned char)s.p[0] <= ' ') {
		s.p++;
		s.n--;
	}
	return s;
}

static bool
begins(struct slice s, const char *with)
{
	return s.n >= strlen(with) && memcmp(s.p, with, strlen(with)) == 0;
}

/* The letters and dashes that a text begins with; false: no assertion's name. */
static bool
type_read(struct slice s, struct slice *type)
{
	char name[64];
	bool inverse;
	size_t i = 0;

	while (i < s.n && i < sizeof(name) - 1 && (s.p[i] == '-' ||
	    (s.p[i] >= 'a' && s.p[i] <= 'z')))
		i++;
	*type = (struct slice){ s.p, i };
	memcpy(name, s.p, i);
	name[i] = '\0';
	return assert_find(name, &inverse) != NULL;
}

/* "(0.8)" at its beginning; false: a bracket that holds something else. */
static bool
threshold_read(struct slice *s, struct slice *threshold)
{
	size_t i = 1;

	if (s->n == 0 || s->p[0] != '(')
		return true;
	while (i < s->n && (s->p[i] == '.' || (s->p[i] >= '0' &&
	    s->p[i] <= '9')))
		i++;
	*threshold = (struct slice){ s->p + 1, i - 1 };
	if (i == s->n || s->p[i] != ')' || i == 1)
		return false;
	*s = (struct slice){ s->p + i + 1, s->n - i - 1 };
	return true;
}

/* TYPE, TYPE(0.8), TYPE:VALUE or TYPE(0.8):VALUE; false: none of these. */
static bool
form_read(struct slice s, struct slice *type, struct slice *threshold,
    struct slice *value)
{
	if (!type_read(s, type))
		return false;
	s = (struct slice){ s.p + type->n, s.n - type->n };
	if (!threshold_read(&s, threshold) || (s.n > 0 && s.p[0] != ':'))
		return false;
	if (s.n > 0)
		*value = (struct slice){ s.p + 1, s.n - 1 };
	return true;
}

enum status
expected_json(struct slice s, const char *metric, struct buf *out,
    struct error *err)
{
	struct slice type = SLICE("equals"), threshold = SLICE_NONE;
	struct slice value = s;
	struct writer w = WRITER(out, WRITE_KEPT);
	char number[32];
	size_t i;

	for (i = 0; i < sizeof(short_forms) / sizeof(short_forms[0]); i++)
		if (begins(s, short_forms[i].prefix)) {
			type = slice_of(short_forms[i].type);
			value = (struct slice){ s.p +
			    strlen(short_forms[i].prefix), s.n -
			    strlen(short_forms[i].prefix) };
			break;
		}
	if (i == sizeof(short_forms) / sizeof(short_forms[0])) {
		value = SLICE_NONE;
		if (!form_read(s, &type, &threshold, &value)) {
			type = SLICE("equals");
			threshold = SLICE_NONE;
			value = s;
		} else
			value = trimmed(value);
	}
	write_object(&w, NULL);
	write_text(&w, "type", type);
	if (value.p != NULL)
		write_text(&w, "value", value);
	if (threshold.n > 0 && threshold.n < sizeof(number)) {
		memcpy(number, threshold.p, threshold.n);
		number[threshold.n] = '\0';
		write_double(&w, "threshold", strtod(number, NULL));
	}
	if (metric != NULL)
		write_word(&w, "metric", metric);
	write_end(&w);
	return buf_check(out, err);
}
