#include "queue/loop/import.h"

#include <math.h>
#include <stdlib.h>

#include "queue/file.h"
#include "queue/loop/import_rows.h"
#include "queue/loop/runs.h"

#define DOCUMENT_DEPTH	128

void
imported_release(struct imported *in)
{
	free(in->run);
	arena_release(&in->arena);
	*in = (struct imported){ .n = 0 };
}

static enum status
parse(struct importing *x, struct slice text, struct error *err)
{
	struct json_error why;
	enum status st = json_parse(&x->json, text, DOCUMENT_DEPTH,
	    JSON_NUL_ALLOWED | JSON_LENIENT, &why);

	if (st == STATUS_NOMEM)
		return error_nomem(err);
	return st == STATUS_OK ? st : error_set(err, STATUS_INVALID,
	    "byte %zu: %s", why.offset, why.reason);
}

static const struct import_format *
format_of(const struct importing *x)
{
	const struct import_format *f;

	for (f = import_formats; f->name != NULL; f++)
		if (f->is(x))
			break;
	return f->name == NULL ? NULL : f;
}

/* The first line that is not blank. */
static struct slice
line_next(struct slice *rest, uint64_t *number)
{
	struct slice line;
	const char *lf;

	do {
		lf = memchr(rest->p, '\n', rest->n);
		line = (struct slice){ rest->p, lf == NULL ? rest->n :
		    (size_t)(lf - rest->p) };
		*rest = lf == NULL ? (struct slice){ rest->p + rest->n, 0 } :
		    (struct slice){ lf + 1, rest->n - line.n - 1 };
		++*number;
		while (line.n > 0 && strchr(" \t\r", line.p[line.n - 1]) != NULL)
			line.n--;
	} while (line.n == 0 && rest->n > 0);
	return line;
}

static enum status
lines_read(struct importing *x, const struct import_format *f,
    struct slice text, struct error *err)
{
	enum status st = STATUS_OK;
	struct slice line;

	for (x->line = 0; text.n > 0 && st == STATUS_OK;) {
		line = line_next(&text, &x->line);
		if (line.n == 0)
			break;
		if ((st = parse(x, line, err)) == STATUS_OK)
			st = f->read(x, err);
		if (st != STATUS_OK)
			(void)error_prefix(err, "line %llu",
			    (unsigned long long)x->line);
	}
	return st;
}

static enum status
format_named(const char *name, const struct import_format **f,
    struct error *err)
{
	for (*f = import_formats; (*f)->name != NULL; ++*f)
		if (strcmp((*f)->name, name) == 0)
			return STATUS_OK;
	return error_set(err, STATUS_INVALID, "--format %s: promptfoo, inspect, "
	    "openai, oaieval, langfuse or mlflow is wanted", name);
}

/* A document, or lines of one each. */
static enum status
text_read(struct importing *x, struct slice text, const struct import_format **f,
    struct error *err)
{
	struct error whole = { 0 };
	struct slice rest = text;
	uint64_t number = 0;
	enum status st = parse(x, text, &whole);

	if (st == STATUS_NOMEM)
		return error_nomem(err);
	if (st != STATUS_OK && parse(x, line_next(&rest, &number), err) !=
	    STATUS_OK) {
		error_clear(err);
		if (text.n > 2 && memcmp(text.p, "PK", 2) == 0)
			return error_set(err, STATUS_INVALID, "a ZIP file: "
			    "`inspect log convert --to json` makes JSON of an "
			    ".eval file");
		return error_set(err, STATUS_INVALID, "%s", whole.text);
	}
	if (*f == NULL && (*f = format_of(x)) == NULL)
		return error_set(err, STATUS_INVALID, "no results of a tool that "
		    "is known: promptfoo, inspect, openai, oaieval, langfuse, "
		    "mlflow");
	if (st == STATUS_OK)
		return (*f)->read(x, err);
	if (!(*f)->lines)
		return error_set(err, STATUS_INVALID, "%s", whole.text);
	return lines_read(x, *f, text, err);
}

static enum status
run_store(struct session *s, struct importing *x, struct import_run *r,
    const char *source, int64_t *number, size_t *passed, size_t *errors,
    struct error *err)
{
	const char *name = x->o->name != NULL ? x->o->name : x->name != NULL ?
	    x->name : x->o->path;
	struct run_begin b = { name, r->variant, source, NULL, 0 };
	struct run_end e = { .name = name, .variant = r->variant,
	    .source = source, .results = &r->results, .cases = r->nseen,
	    .cost_usd = NAN };
	struct hasher *h;
	enum status st;
	size_t i;

	if ((st = hasher_new(&h, err)) != STATUS_OK)
		return st;
	for (i = 0; i < r->results.n; i++) {
		e.passed += r->results.v[i].pass;
		e.errors += result_is_error(&r->results.v[i]);
		if (r->results.v[i].cost_usd >= 0)
			e.cost_usd = (isnan(e.cost_usd) ? 0 : e.cost_usd) +
			    r->results.v[i].cost_usd;
		if (r->results.v[i].output.p != NULL)
			hash_bytes(h, r->results.v[i].output,
			    &r->results.v[i].output_sha256);
	}
	hasher_free(h);
	if ((st = run_begin(s, &b, number, err)) != STATUS_OK)
		return st;
	e.run = *number;
	*passed = e.passed;
	*errors = e.errors;
	return run_end(s, &e, err);
}

static enum status
runs_store(struct session *s, struct importing *x, const char *source,
    struct imported *in, struct error *err)
{
	enum status st = STATUS_OK;
	size_t i;

	in->source = source;
	if (x->nruns == 0)
		return error_set(err, STATUS_INVALID, "%s: no result is in it",
		    x->o->path);
	if ((in->run = calloc(x->nruns, sizeof(*in->run))) == NULL)
		return error_nomem(err);
	for (i = 0; i < x->nruns && st == STATUS_OK; i++) {
		in->run[i].variant = arena_str(&in->arena,
		    slice_of(x->run[i].variant));
		if (in->run[i].variant == NULL)
			return error_nomem(err);
		in->run[i].results = x->run[i].results.n;
		st = run_store(s, x, &x->run[i], source, &in->run[i].run,
		    &in->run[i].passed, &in->run[i].errors, err);
		in->n += st == STATUS_OK;
	}
	return st;
}

enum status
run_import(struct session *s, const struct import_options *o,
    struct imported *in, struct error *err)
{
	const struct import_format *f = NULL;
	struct importing *x = calloc(1, sizeof(*x));
	struct buf text = BUF_INIT;
	enum status st;
	size_t i;

	if (x == NULL)
		return error_nomem(err);
	x->o = o;
	if ((st = session_require(s, MAY_REVIEW, "take a run in", err)) ==
	    STATUS_OK && (o->format == NULL || (st = format_named(o->format, &f,
	    err)) == STATUS_OK) && (st = file_read(o->path, &text, err)) ==
	    STATUS_OK && (st = text_read(x, buf_slice(&text), &f, err)) !=
	    STATUS_OK)
		(void)error_prefix(err, "%s", o->path);
	if (st == STATUS_OK)
		st = runs_store(s, x, f->name, in, err);
	for (i = 0; i < x->nruns; i++) {
		results_release(&x->run[i].results);
		titles_release(&x->run[i].ids);
		free(x->run[i].seen);
	}
	arena_release(&x->arena);
	json_release(&x->json);
	buf_release(&text);
	free(x);
	return st;
}
