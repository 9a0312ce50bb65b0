/*
 * Guard kind "format": the text is not what it should be written in.
 *
 * json: one JSON value (RFC 8259) and nothing else.  xml: well-formed (XML 1.0),
 * with no entities of its own.  markdown: code, links and tables are whole.  sql:
 * statements that begin with a verb of SQL, with quotes, comments and brackets
 * closed.
 */
#include "core/guard/format.h"

#include <stdlib.h>

#include "core/guard/format_text.h"
#include "core/guard/format_xml.h"
#include "core/guard/guard.h"
#include "core/json/parse.h"

extern const struct guard_kind guard_format;

typedef bool format_fn(struct slice, struct format_fault *);

static bool
format_json(struct slice text, struct format_fault *f)
{
	struct json j = JSON_INIT;
	struct json_error why = { 0, NULL };
	enum status st = json_parse(&j, text, JSON_DEPTH_MAX, JSON_NUL_ALLOWED,
	    &why);

	json_release(&j);
	f->at = why.offset;
	f->why = why.reason;
	f->nomem = st == STATUS_NOMEM;
	return st == STATUS_OK;
}

static const struct {
	const char	*name;
	format_fn	*check;
} formats[] = {		/* in the order of the option's choices */
	{ "json", format_json },
	{ "xml", format_xml },
	{ "markdown", format_markdown },
	{ "sql", format_sql }
};

struct format_guard {
	size_t	is;
};

static enum status
format_compile(const struct guard_config *c, void **out, struct error *err)
{
	const struct option_value *is = guard_option(c, "is");
	struct format_guard *x;

	if (!is->set)
		return error_set(err, STATUS_INVALID, "is is needed");
	if ((x = malloc(sizeof(*x))) == NULL)
		return error_nomem(err);
	x->is = (size_t)is->number;
	*out = x;
	return STATUS_OK;
}

static enum status
format_run(const void *compiled, struct guard_run *r, struct error *err)
{
	const struct format_guard *x = compiled;
	struct format_fault f = { 0, NULL, false };
	size_t at;

	if (formats[x->is].check(r->text, &f))
		return STATUS_OK;
	if (f.nomem)
		return error_nomem(err);
	at = f.at < r->text.n ? f.at : r->text.n;
	return finding_add(r, "format", at, r->text.n, "no %s: %s",
	    formats[x->is].name, f.why) == NULL ? finding_stop(r, err) :
	    STATUS_OK;
}

static const struct option_row format_options[] = {
	{ "is", OPTION_CHOICE, "json|xml|markdown|sql", true },
	{ NULL, OPTION_STRING, NULL, false }
};

const struct guard_kind guard_format = {
	.name = "format",
	.options = format_options,
	.severity = SEVERITY_MEDIUM,
	.cost = 4,
	.leaves = READS_JOINED,
	.compile = format_compile,
	.run = format_run,
	.free = free
};
