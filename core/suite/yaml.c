#include "core/suite/yaml.h"

#include <math.h>
#include <stdlib.h>

#include <yaml.h>

#include "core/base/utf8.h"
#include "core/json/parse.h"
#include "core/json/write.h"

#define NAMES_COMPARED	1000	/* of one mapping, with each before */

struct yaml_run {
	yaml_document_t	 document;
	struct writer	 writer;
	struct buf	*out;
	struct error	*err;
	int		 depth;
	size_t		 most;		/* bytes that it may come to */
};

static enum status
fault(struct yaml_run *y, const yaml_node_t *n, const char *why)
{
	return error_set(y->err, STATUS_INVALID, "line %zu: %s",
	    n->start_mark.line + 1, why);
}

static struct slice
scalar(const yaml_node_t *n)
{
	return (struct slice){ (const char *)n->data.scalar.value,
	    n->data.scalar.length };
}

static bool
is_one_of(struct slice s, const char *const *words)
{
	for (; *words != NULL; words++)
		if (slice_is(s, *words))
			return true;
	return false;
}

/* A number as JSON spells it: YAML has +1, .5 and 0x1f beside. */
static bool
number_write(struct writer *w, const char *name, struct slice s)
{
	char text[64], *end;
	double v;

	if (s.n == 0 || s.n >= sizeof(text) || strspn(s.p,
	    "0123456789+-.eExXoabcdefABCDEF") < s.n)
		return false;
	memcpy(text, s.p, s.n);
	text[s.n] = '\0';
	if (strchr("+-.0123456789", text[0]) == NULL)
		return false;
	if (strncmp(text, "0x", 2) == 0 || strncmp(text, "0o", 2) == 0) {
		write_int(w, name, strtoll(text + 2, &end,
		    text[1] == 'x' ? 16 : 8));
		return *end == '\0';
	}
	if (strpbrk(text, "xXoabcdfABCDF") != NULL)
		return false;
	v = strtod(text, &end);
	if (*end != '\0' || end == text || !isfinite(v))
		return false;
	write_double(w, name, v);
	return true;
}

/* Digits alone, as JSON has them: they keep their spelling. */
static bool
is_json_number(struct slice s)
{
	struct json j = JSON_INIT;
	struct json_error why;
	bool is = s.n > 0 && json_parse(&j, s, 1, 0, &why) == STATUS_OK &&
	    j.tok[0].type == TOKEN_NUMBER;

	json_release(&j);
	return is;
}

/* Null, true and false, whose words want no quotes. */
static bool
word_write(struct writer *w, struct slice s)
{
	static const char *const nulls[] = { "", "~", "null", "Null", "NULL",
	    NULL };
	static const char *const trues[] = { "true", "True", "TRUE", NULL };
	static const char *const falses[] = { "false", "False", "FALSE", NULL };

	if (is_one_of(s, nulls))
		write_null(w, NULL);
	else if (is_one_of(s, trues))
		write_bool(w, NULL, true);
	else if (is_one_of(s, falses))
		write_bool(w, NULL, false);
	else
		return false;
	return true;
}

static enum status
scalar_write(struct yaml_run *y, const yaml_node_t *n)
{
	struct slice s = scalar(n);
	bool plain = n->data.scalar.style == YAML_PLAIN_SCALAR_STYLE &&
	    (n->tag == NULL || strcmp((const char *)n->tag,
	    YAML_STR_TAG) == 0);

	if (utf8_valid(s.p, s.n) != s.n || (s.n > 0 &&
	    memchr(s.p, '\0', s.n) != NULL))
		return fault(y, n, "this is not text");
	if (plain && word_write(&y->writer, s))
		return STATUS_OK;
	if (plain && is_json_number(s))
		write_raw(&y->writer, NULL, s);
	else if (!plain || !number_write(&y->writer, NULL, s))
		write_text(&y->writer, NULL, s);
	return STATUS_OK;
}

static enum status node_write(struct yaml_run *, int node);

/* The pair of that name before `end`, or NULL. */
static const yaml_node_pair_t *
pair_find(struct yaml_run *y, const yaml_node_t *map, struct slice name,
    const yaml_node_pair_t *end)
{
	const yaml_node_pair_t *p;
	const yaml_node_t *k;

	for (p = map->data.mapping.pairs.start; p < end; p++) {
		k = yaml_document_get_node(&y->document, p->key);
		if (k != NULL && k->type == YAML_SCALAR_NODE &&
		    slice_eq(scalar(k), name))
			return p;
	}
	return NULL;
}

/* What `<<` brings: the members of another that are not there. */
static enum status
merge_write(struct yaml_run *y, const yaml_node_t *into, int from)
{
	const yaml_node_t *n = yaml_document_get_node(&y->document, from), *k;
	const yaml_node_pair_t *p;
	enum status st = STATUS_OK;

	if (n == NULL || n->type != YAML_MAPPING_NODE)
		return fault(y, into, "<< takes one mapping");
	for (p = n->data.mapping.pairs.start; st == STATUS_OK &&
	    p < n->data.mapping.pairs.top; p++) {
		k = yaml_document_get_node(&y->document, p->key);
		if (k->type != YAML_SCALAR_NODE || slice_is(scalar(k), "<<"))
			return fault(y, k, "this cannot be merged");
		if (pair_find(y, into, scalar(k),
		    into->data.mapping.pairs.top) != NULL)
			continue;
		write_name_text(&y->writer, scalar(k));
		st = node_write(y, p->value);
	}
	return st;
}

static enum status
mapping_write(struct yaml_run *y, const yaml_node_t *n)
{
	const yaml_node_pair_t *p;
	const yaml_node_t *k;
	enum status st = STATUS_OK;

	write_object(&y->writer, NULL);
	for (p = n->data.mapping.pairs.start; st == STATUS_OK &&
	    p < n->data.mapping.pairs.top; p++) {
		k = yaml_document_get_node(&y->document, p->key);
		if (k == NULL || k->type != YAML_SCALAR_NODE)
			return fault(y, n, "a name is a text");
		/* Of many names the reader of the JSON finds it, with no line. */
		if (p - n->data.mapping.pairs.start < NAMES_COMPARED &&
		    pair_find(y, n, scalar(k), p) != NULL)
			return fault(y, k, "this name stands here twice");
		if (slice_is(scalar(k), "<<") &&
		    k->data.scalar.style == YAML_PLAIN_SCALAR_STYLE) {
			st = merge_write(y, n, p->value);
			continue;
		}
		write_name_text(&y->writer, scalar(k));
		st = node_write(y, p->value);
	}
	/* A name without its value is left as it is: there is no JSON then. */
	if (st == STATUS_OK)
		write_end(&y->writer);
	return st;
}

static enum status
sequence_write(struct yaml_run *y, const yaml_node_t *n)
{
	const yaml_node_item_t *i;
	enum status st = STATUS_OK;

	write_array(&y->writer, NULL);
	for (i = n->data.sequence.items.start; st == STATUS_OK &&
	    i < n->data.sequence.items.top; i++)
		st = node_write(y, *i);
	if (st == STATUS_OK)
		write_end(&y->writer);
	return st;
}

static enum status
node_write(struct yaml_run *y, int node)
{
	const yaml_node_t *n = yaml_document_get_node(&y->document, node);
	enum status st;

	if (n == NULL)
		return error_nomem(y->err);
	if (y->depth == YAML_DEPTH)
		return fault(y, n, "it is nested too deep");
	if (y->out->n > y->most)
		return fault(y, n, "with all its aliases it is too large");
	y->depth++;
	st = n->type == YAML_MAPPING_NODE ? mapping_write(y, n) :
	    n->type == YAML_SEQUENCE_NODE ? sequence_write(y, n) :
	    scalar_write(y, n);
	y->depth--;
	return st;
}

static enum status
parser_fault(const yaml_parser_t *p, struct error *err)
{
	if (p->error == YAML_MEMORY_ERROR)
		return error_nomem(err);
	return error_set(err, STATUS_INVALID, "line %zu: %s",
	    (p->error == YAML_READER_ERROR ? p->mark.line :
	    p->problem_mark.line) + 1,
	    p->problem == NULL ? "no YAML" : p->problem);
}

enum status
yaml_to_json(struct slice text, struct buf *json, struct error *err)
{
	struct yaml_run y = { .writer = WRITER(json, WRITE_KEPT), .out = json,
	    .err = err, .most = YAML_ROOM + 4 * text.n };
	const yaml_node_t *root;
	yaml_parser_t parser;
	enum status st;

	if (!yaml_parser_initialize(&parser))
		return error_nomem(err);
	yaml_parser_set_input_string(&parser, (const unsigned char *)text.p,
	    text.n);
	yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
	if (!yaml_parser_load(&parser, &y.document)) {
		st = parser_fault(&parser, err);
		yaml_parser_delete(&parser);
		return st;
	}
	root = yaml_document_get_root_node(&y.document);
	if (root == NULL)
		st = error_set(err, STATUS_INVALID, "line 1: nothing is in it");
	else
		st = node_write(&y, 1);
	yaml_document_delete(&y.document);
	yaml_parser_delete(&parser);
	return st == STATUS_OK ? buf_check(json, err) : st;
}
