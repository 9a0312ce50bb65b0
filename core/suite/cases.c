#include "core/suite/cases.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/json/value.h"
#include "core/json/write.h"
#include "core/suite/csv.h"
#include "core/suite/expected.h"
#include "core/suite/test.h"
#include "core/suite/yaml.h"

/* One file of cases. */
struct case_file {
	struct suite_reading *r;
	const char	*path;		/* as the suite names it */
	struct json	 json;
	struct arena	 arena;		/* reset with each line */
	int		 line;
};

/* The line's text lives as long as the file; what is made of it is copied. */
static struct slice
raw(struct case_file *f, const char *key)
{
	return suite_raw(&f->json, 0, key);
}

/* A list with one message of the user, whose text is JSON already. */
static struct slice
one_message(struct case_file *f, struct slice text)
{
	struct buf b = BUF_INIT;
	struct writer w = WRITER(&b, WRITE_KEPT);
	struct slice out = SLICE_NONE;

	write_array(&w, NULL);
	write_object(&w, NULL);
	write_word(&w, "role", "user");
	write_raw(&w, "content", text);
	write_end(&w);
	write_end(&w);
	if (!b.failed)
		out = (struct slice){ arena_copy(f->r->arena, b.p, b.n), b.n };
	buf_release(&b);
	return out;
}

static enum status
evals_input(struct case_file *f, struct suite_case *c, struct error *err)
{
	c->messages = raw(f, "input");
	if (c->messages.p[0] == '"')
		c->messages = one_message(f, c->messages);
	else if (c->messages.p[0] != '[')
		return error_set(err, STATUS_INVALID,
		    "input is neither messages nor a text");
	c->expect = raw(f, "ideal");
	return c->messages.p == NULL ? error_nomem(err) : STATUS_OK;
}

/* An item's fields are variables, by their names and below "item". */
static enum status
evals_item(struct case_file *f, struct suite_case *c, struct error *err)
{
	struct slice item = raw(f, "item");
	struct buf b = BUF_INIT;
	struct writer w = WRITER(&b, WRITE_KEPT);
	enum status st;

	if (item.p[0] != '{')
		return error_set(err, STATUS_INVALID, "item is no object");
	write_object(&w, NULL);
	write_raw(&w, "item", item);
	if (json_get(&f->json, json_get(&f->json, 0, "item"), "item") ==
	    JSON_NONE)
		write_inside(&w, item);
	write_end(&w);
	if ((st = buf_check(&b, err)) == STATUS_OK) {
		c->vars = (struct slice){ arena_copy(f->r->arena, b.p, b.n),
		    b.n };
		c->expect = item;
		if (c->vars.p == NULL)
			st = error_nomem(err);
	}
	buf_release(&b);
	return st;
}

static void
case_output(struct case_file *f, struct suite_case *c)
{
	uint32_t out = json_get_value(&f->json, 0, "output");

	if (out != JSON_NONE)
		c->output = json_kind(&f->json, out) == TOKEN_STRING ?
		    json_text(&f->json, out, f->r->arena) :
		    json_raw(&f->json, out);
}

static enum status
case_own(struct case_file *f, struct suite_case *c, struct error *err)
{
	c->vars = raw(f, "vars");
	c->messages = raw(f, "messages");
	c->expect = raw(f, "expect");
	if (c->vars.p != NULL && c->vars.p[0] != '{')
		return error_set(err, STATUS_INVALID, "vars is no object");
	if (c->messages.p != NULL && c->messages.p[0] != '[')
		return error_set(err, STATUS_INVALID, "messages is no list");
	return STATUS_OK;
}

/* The forms that a case has, by what it is told apart by. */
enum case_form { FORM_OWN = 1, FORM_INPUT = 2, FORM_ITEM = 4 };

/* Each member is read, or named: none is passed over. */
static enum status
names_check(const struct json *j, enum case_form form, struct error *err)
{
	static const unsigned any = FORM_OWN | FORM_INPUT | FORM_ITEM;
	const struct {
		const char	*name;
		unsigned	 forms;
	} names[] = {
		{ "id", any }, { "description", any }, { "metadata", any },
		{ "output", any }, { "vars", FORM_OWN },
		{ "messages", FORM_OWN }, { "expect", FORM_OWN },
		{ "input", FORM_INPUT }, { "ideal", FORM_INPUT },
		{ "item", FORM_ITEM }
	};
	uint32_t m;
	size_t i;

	for (m = json_first(j, 0); m != JSON_NONE; m = json_next(j, 0, m)) {
		for (i = 0; i < sizeof(names) / sizeof(names[0]) &&
		    !json_string_is(j, m, names[i].name);)
			i++;
		if (i == sizeof(names) / sizeof(names[0]))
			return error_set(err, STATUS_INVALID, "%.*s is not known "
			    "of a case", SLICE_ARG(json_raw(j, m)));
		if ((names[i].forms & form) == 0)
			return error_set(err, STATUS_INVALID, "%s does not go "
			    "with %s", names[i].name, form == FORM_INPUT ?
			    "input" : form == FORM_ITEM ? "item" :
			    "a case that has no input");
	}
	return STATUS_OK;
}

static enum case_form
case_form(const struct json *j)
{
	return json_get_value(j, 0, "input") != JSON_NONE ? FORM_INPUT :
	    json_get_value(j, 0, "item") != JSON_NONE ? FORM_ITEM : FORM_OWN;
}

static const char *
case_id(struct case_file *f, struct error *err)
{
	uint32_t t = json_get_value(&f->json, 0, "id");

	if (t == JSON_NONE)
		return suite_text(f->r, &f->json, 0, "description");
	if (json_kind(&f->json, t) == TOKEN_STRING)
		return suite_text(f->r, &f->json, 0, "id");
	if (json_kind(&f->json, t) == TOKEN_NUMBER)
		return arena_str(f->r->arena, json_raw(&f->json, t));
	(void)error_set(err, STATUS_INVALID, "id is no text");
	return NULL;
}

static enum status
case_read(struct case_file *f, struct error *err)
{
	struct suite_case c = { .line = f->line, .threshold = NAN };
	const struct json *j = &f->json;
	enum case_form form;
	char where[64];
	enum status st;

	if (json_kind(j, 0) != TOKEN_OBJECT)
		return error_set(err, STATUS_INVALID, "a case is an object");
	if (json_get_value(j, 0, "assert") != JSON_NONE ||
	    json_get_value(j, 0, "options") != JSON_NONE) {
		(void)snprintf(where, sizeof(where), "line %d", f->line);
		return test_read(f->r, j, 0, where, f->path, f->line, err);
	}
	form = case_form(j);
	if ((st = names_check(j, form, err)) != STATUS_OK)
		return st;
	c.id = case_id(f, err);
	if (err->code != STATUS_OK)
		return err->code;
	c.metadata = raw(f, "metadata");
	case_output(f, &c);
	st = form == FORM_INPUT ? evals_input(f, &c, err) :
	    form == FORM_ITEM ? evals_item(f, &c, err) : case_own(f, &c, err);
	return st == STATUS_OK ? suite_case_add(f->r, &c, err) : st;
}

static enum status
lines_read(struct case_file *f, struct slice text, struct error *err)
{
	const char *p = text.p, *end = p + text.n, *lf;
	struct json_error why;
	enum status st = STATUS_OK;
	struct slice line;

	for (f->line = 1; p < end && st == STATUS_OK; p = lf + 1, f->line++) {
		if ((lf = memchr(p, '\n', (size_t)(end - p))) == NULL)
			lf = end;
		line = (struct slice){ p, (size_t)(lf - p) };
		while (line.n > 0 && strchr(" \t\r", line.p[line.n - 1]) != NULL)
			line.n--;
		if (line.n == 0)
			continue;
		st = json_parse(&f->json, line, JSON_DEPTH_MAX, 0, &why);
		if (st == STATUS_INVALID)
			st = error_set(err, st, "byte %zu: %s", why.offset,
			    why.reason);
		else if (st == STATUS_OK)
			st = case_read(f, err);
		if (st != STATUS_OK)
			(void)error_prefix(err, "%s:%d", load_shown(&f->r->load,
			    f->path), f->line);
	}
	return st;
}

static struct slice
cell(const struct csv *c, size_t i)
{
	return i < c->nfields ? c->field[i] : SLICE("");
}

static bool
is_special(struct slice name)
{
	return name.n >= 2 && memcmp(name.p, "__", 2) == 0;
}

static bool
is_expected(struct slice name)
{
	return name.n >= 10 && memcmp(name.p, "__expected", 10) == 0;
}

static bool
is_blank(struct slice s)
{
	size_t i;

	for (i = 0; i < s.n && (unsigned char)s.p[i] <= ' '; i++)
		;
	return i == s.n;
}

/* A row on its way to the JSON of a test. */
struct csv_row {
	const struct csv *csv;
	const struct slice *head;
	size_t		 n;
	struct writer	 w;
	struct buf	 piece;
};

static void
row_vars(struct csv_row *r)
{
	size_t i;

	write_object(&r->w, "vars");
	for (i = 0; i < r->n; i++) {
		if (is_special(r->head[i]))
			continue;
		write_name_text(&r->w, r->head[i]);
		write_text(&r->w, NULL, cell(r->csv, i));
	}
	write_end(&r->w);
}

static enum status
row_asserts(struct csv_row *r, const char *metric, struct error *err)
{
	enum status st = STATUS_OK;
	size_t i;

	write_array(&r->w, "assert");
	for (i = 0; i < r->n && st == STATUS_OK; i++) {
		if (!is_expected(r->head[i]) || is_blank(cell(r->csv, i)))
			continue;
		buf_clear(&r->piece);
		st = expected_json(cell(r->csv, i), metric, &r->piece, err);
		write_raw(&r->w, NULL, buf_slice(&r->piece));
	}
	write_end(&r->w);
	return st;
}

/* Columns with two underscores say more than a variable's value. */
static void
row_special(struct csv_row *r)
{
	static const struct {
		const char	*column, *name;
		bool		 option;
	} special[] = {
		{ "__prefix", "prefix", true }, { "__suffix", "suffix", true },
		{ "__description", "description", false },
		{ "__providerOutput", "providerOutput", false }
	};
	bool options;
	size_t i, k;
	int turn;

	for (turn = 0; turn < 2; turn++) {
		if ((options = turn == 0))
			write_object(&r->w, "options");
		for (i = 0; i < r->n; i++)
			for (k = 0; k < sizeof(special) / sizeof(special[0]);
			    k++)
				if (special[k].option == options &&
				    cell(r->csv, i).n > 0 &&
				    slice_is(r->head[i], special[k].column))
					write_text(&r->w, special[k].name,
					    cell(r->csv, i));
		if (options)
			write_end(&r->w);
	}
	for (i = 0; i < r->n; i++)
		if (slice_is(r->head[i], "__threshold") &&
		    cell(r->csv, i).n > 0)
			write_double(&r->w, "threshold",
			    strtod(cell(r->csv, i).p, NULL));
}

static enum status
row_json(const struct csv *c, const struct slice *head, size_t n,
    const char *metric, struct buf *out, struct error *err)
{
	struct csv_row r = { .csv = c, .head = head, .n = n,
	    .w = WRITER(out, WRITE_KEPT) };
	enum status st;

	write_object(&r.w, NULL);
	row_vars(&r);
	st = row_asserts(&r, metric, err);
	row_special(&r);
	write_end(&r.w);
	buf_release(&r.piece);
	return st == STATUS_OK ? buf_check(out, err) : st;
}

/* The names of the columns: of variables they can be used in templates. */
static enum status
head_read(const struct csv *c, struct slice **head, struct arena *a,
    struct error *err)
{
	static const char *const known[] = { "__prefix", "__suffix",
	    "__description", "__providerOutput", "__metric", "__threshold" };
	struct slice name;
	size_t i, k;

	for (i = 0; i < c->nfields; i++) {
		name = c->field[i];
		for (k = 0; k < name.n; k++)
			if ((unsigned char)name.p[k] < ' ' ||
			    strchr("\"\\", name.p[k]) != NULL)
				return error_set(err, STATUS_INVALID,
				    "column %zu has no name of a variable",
				    i + 1);
		if (!is_special(name) || is_expected(name))
			continue;
		for (k = 0; k < sizeof(known) / sizeof(known[0]) &&
		    !slice_is(name, known[k]);)
			k++;
		if (k == sizeof(known) / sizeof(known[0]))
			return error_set(err, STATUS_INVALID,
			    "column %.*s is not known", SLICE_ARG(name));
	}
	*head = arena_copy(a, c->field, (c->nfields + 1) * sizeof(**head));
	return *head == NULL ? error_nomem(err) : STATUS_OK;
}

static enum status
row_read(struct case_file *f, const struct csv *c, const struct slice *head,
    size_t n, int line, struct buf *b, struct error *err)
{
	const char *metric = NULL;
	struct json_error why;
	char where[64];
	enum status st;
	size_t i;

	for (i = 0; i < n; i++)
		if (slice_is(head[i], "__metric") && cell(c, i).n > 0 &&
		    (metric = arena_str(f->r->arena, cell(c, i))) == NULL)
			return error_nomem(err);
	buf_clear(b);
	if ((st = row_json(c, head, n, metric, b, err)) != STATUS_OK)
		return st;
	if (json_parse(&f->json, buf_slice(b), JSON_DEPTH_MAX, 0, &why) !=
	    STATUS_OK)
		return error_set(err, STATUS_INVALID, "%s", why.reason);
	(void)snprintf(where, sizeof(where), "line %d", line);
	return test_read(f->r, &f->json, 0, where, f->path, line, err);
}

static enum status
csv_read(struct case_file *f, struct slice text, struct error *err)
{
	struct slice *head = NULL;
	struct buf b = BUF_INIT;
	struct csv c;
	enum status st;
	size_t n;
	bool row;
	int line = 1;

	if ((st = csv_begin(&c, text, f->r->arena, err)) == STATUS_OK &&
	    (st = csv_next(&c, f->r->arena, &row, err)) == STATUS_OK)
		st = head_read(&c, &head, f->r->arena, err);
	n = c.nfields;
	while (st == STATUS_OK && row) {
		line = c.line;
		arena_reset(&f->arena);
		if ((st = csv_next(&c, &f->arena, &row, err)) == STATUS_OK &&
		    row)
			st = row_read(f, &c, head, n, line, &b, err);
	}
	if (st != STATUS_OK)
		(void)error_prefix(err, "%s:%d", load_shown(&f->r->load,
		    f->path), line);
	buf_release(&b);
	return st;
}

/* A list of tests in one document. */
static enum status
list_read(struct case_file *f, struct slice text, struct error *err)
{
	struct buf b = BUF_INIT;
	struct json_error why;
	enum status st;
	uint32_t t;
	char where[64];
	int n = 0;

	if ((st = yaml_to_json(text, &b, err)) == STATUS_OK &&
	    json_parse(&f->json, buf_slice(&b), JSON_DEPTH_MAX, 0, &why) !=
	    STATUS_OK)
		st = error_set(err, STATUS_INVALID, "%s", why.reason);
	if (st == STATUS_OK && json_kind(&f->json, 0) != TOKEN_ARRAY)
		st = error_set(err, STATUS_INVALID, "it holds no list of tests");
	for (t = st != STATUS_OK ? JSON_NONE : json_first(&f->json, 0);
	    t != JSON_NONE && st == STATUS_OK;
	    t = json_next(&f->json, 0, t)) {
		(void)snprintf(where, sizeof(where), "test %d", ++n);
		st = json_kind(&f->json, t) != TOKEN_OBJECT ?
		    error_set(err, STATUS_INVALID, "%s is no object", where) :
		    test_read(f->r, &f->json, t, where, f->path, 0, err);
	}
	if (st != STATUS_OK)
		(void)error_prefix(err, "%s", load_shown(&f->r->load, f->path));
	buf_release(&b);
	return st;
}

static bool
ends_with(const char *s, const char *end)
{
	return strlen(s) >= strlen(end) &&
	    strcmp(s + strlen(s) - strlen(end), end) == 0;
}

enum status
cases_load(struct suite_reading *r, const char *from, const char *name,
    struct error *err)
{
	struct case_file f = { .r = r };
	const struct policy_file *file;
	enum status st;

	if ((st = load_file(&r->load, from, name, &file, err)) != STATUS_OK)
		return st;
	f.path = file->path;
	if (ends_with(name, ".csv"))
		st = csv_read(&f, file->bytes, err);
	else if (ends_with(name, ".yaml") || ends_with(name, ".yml") ||
	    ends_with(name, ".json"))
		st = list_read(&f, file->bytes, err);
	else
		st = lines_read(&f, file->bytes, err);
	json_release(&f.json);
	arena_release(&f.arena);
	return st;
}
