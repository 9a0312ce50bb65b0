#include "queue/prompt/import.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/json/value.h"
#include "queue/prompt/prompts.h"

#define LINES_LOOK	3	/* lines that tell what the text is */

/* Records read so far point into the texts and the arena, which live as long. */
struct prompt_importing {
	const struct prompts_import_options *o;
	struct prompts_import_counts	*counts;
	struct prompt_adding		*v;
	size_t				 n, cap;
	struct arena			 arena;
	size_t				 place;	/* of the next: line, or its number */
	bool				 lines;
};

static void
complain(struct prompt_importing *x, const char *line)
{
	x->o->complain(x->o->arg, line);
}

/* Where it stands and what it is called: "line 3: refund: ". */
static void
refuse(struct prompt_importing *x, struct slice name, const char *why)
{
	struct buf line = BUF_INIT;

	buf_printf(&line, "%s %zu: ", x->lines ? "line" : "prompt", x->place);
	if (name.p != NULL)
		buf_printf(&line, "%.*s: ", name.n > 80 ? 80 : (int)name.n,
		    name.p);
	buf_puts(&line, why);
	complain(x, buf_str(&line));
	buf_release(&line);
	x->counts->refused++;
}

static enum status
grow(struct prompt_importing *x, struct error *err)
{
	size_t cap = x->cap == 0 ? 16 : x->cap * 2;
	struct prompt_adding *v;

	if (x->n < x->cap)
		return STATUS_OK;
	if ((v = realloc(x->v, cap * sizeof(*v))) == NULL)
		return error_nomem(err);
	x->v = v;
	x->cap = cap;
	return STATUS_OK;
}

static enum status
take(struct prompt_importing *x, const struct json *d, uint32_t t, struct error *err)
{
	struct prompt_adding *a;
	struct error why = { 0 };
	enum prompt_format f = PROMPT_LANGFUSE;
	enum status st;

	if ((st = grow(x, err)) != STATUS_OK)
		return st;
	a = &x->v[x->n];
	*a = (struct prompt_adding){ .move = x->o->move };
	if (x->o->format != NULL)
		f = *x->o->format;
	else if (!prompt_recognise(d, t, &f)) {
		refuse(x, SLICE_NONE, "neither \"prompt\" (langfuse) nor "
		    "\"template\" (mlflow) is in it");
		return STATUS_OK;
	}
	st = prompt_import(&a->record, d, t, f, &x->arena, &why);
	if (st == STATUS_NOMEM)
		return error_nomem(err);
	if (st == STATUS_OK)
		x->n++;
	else
		refuse(x, a->record.name, why.text);
	return STATUS_OK;
}

/* JSON whose text lives in the arena as long as what is read from it. */
static enum status
take_text(struct prompt_importing *x, struct slice text, struct json *d,
    struct json_error *why, struct error *err)
{
	enum status st = json_parse(d, text, JSON_DEPTH_MAX, 0, why);
	bool list = st == STATUS_OK && json_kind(d, 0) == TOKEN_ARRAY;
	uint32_t t;

	if (st == STATUS_NOMEM)
		return error_nomem(err);
	if (st != STATUS_OK)
		return st;
	if (!list) {
		x->place = x->lines ? x->place : 1;
		return take(x, d, 0, err);
	}
	for (t = json_first(d, 0); t != JSON_NONE && st == STATUS_OK;
	    t = json_next(d, 0, t)) {
		x->place += x->lines ? 0 : 1;
		st = take(x, d, t, err);
	}
	return st;
}

static struct slice
next_line(struct slice *rest)
{
	const char *end = memchr(rest->p, '\n', rest->n);
	size_t n = end == NULL ? rest->n : (size_t)(end - rest->p);
	struct slice line = { rest->p, n };

	n += end == NULL ? 0 : 1;
	rest->p += n;
	rest->n -= n;
	return line;
}

static bool
is_blank(struct slice s)
{
	size_t i;

	for (i = 0; i < s.n; i++)
		if (strchr(" \t\r", s.p[i]) == NULL || s.p[i] == '\0')
			return false;
	return true;
}

/* Does one of its first lines stand alone?  Then it is one object a line. */
static bool
is_lines(struct slice text, struct json *d)
{
	struct json_error why;
	struct slice line;
	int seen = 0;

	while (text.n > 0 && seen < LINES_LOOK) {
		line = next_line(&text);
		if (is_blank(line))
			continue;
		seen++;
		if (json_parse(d, line, JSON_DEPTH_MAX, 0, &why) == STATUS_OK &&
		    json_kind(d, 0) == TOKEN_OBJECT)
			return true;
	}
	return false;
}

static enum status
take_lines(struct prompt_importing *x, struct slice text, struct json *d,
    struct error *err)
{
	struct json_error why;
	struct slice line;
	enum status st = STATUS_OK;
	char reason[256];

	x->lines = true;
	while (text.n > 0 && st == STATUS_OK) {
		x->place++;
		line = next_line(&text);
		if (is_blank(line))
			continue;
		st = take_text(x, line, d, &why, err);
		if (st != STATUS_OK && st != STATUS_NOMEM) {
			(void)snprintf(reason, sizeof(reason), "not JSON at byte "
			    "%zu: %s", why.offset, why.reason);
			refuse(x, SLICE_NONE, reason);
			st = STATUS_OK;
		}
	}
	return st;
}

static enum status
read_all(struct prompt_importing *x, struct slice text, struct error *err)
{
	struct json d = JSON_INIT;
	struct json_error why;
	enum status st;

	if (text.n >= 3 && memcmp(text.p, "\xef\xbb\xbf", 3) == 0)
		text = (struct slice){ text.p + 3, text.n - 3 };
	st = take_text(x, text, &d, &why, err);
	if (st == STATUS_INVALID && is_lines(text, &d))
		st = take_lines(x, text, &d, err);
	else if (st == STATUS_INVALID)
		st = error_set(err, STATUS_INVALID, "not JSON at byte %zu: %s",
		    why.offset, why.reason);
	json_release(&d);
	return st;
}

static void
told_stay(struct prompt_importing *x, const struct prompt_adding *a)
{
	const struct prompt_label *l = &a->stay;
	struct buf line = BUF_INIT;

	buf_printf(&line, "%.*s@%.*s stays at %" PRId64 ", not %" PRId64,
	    SLICE_ARG(l->name), SLICE_ARG(l->label), l->version, a->version);
	if (a->nstay > 1)
		buf_printf(&line, ", and %zu more labels of it", a->nstay - 1);
	buf_puts(&line, ": --move moves labels that are set");
	complain(x, buf_str(&line));
	buf_release(&line);
}

static void
count(struct prompt_importing *x, const struct prompt_adding *a)
{
	struct buf line = BUF_INIT;

	switch (a->outcome) {
	case PROMPT_ADDED:
		x->counts->added++;
		break;
	case PROMPT_KNOWN:
		x->counts->known++;
		break;
	case PROMPT_OTHER:
		x->counts->conflicts++;
		buf_printf(&line, "%.*s@%" PRId64 ": is there with other text",
		    SLICE_ARG(a->record.name), a->version);
		complain(x, buf_str(&line));
		break;
	}
	if (a->nstay > 0)
		told_stay(x, a);
	buf_release(&line);
}

enum status
prompts_import(struct session *s, struct slice text,
    const struct prompts_import_options *o, struct prompts_import_counts *counts,
    struct error *err)
{
	struct prompt_importing x = { .o = o, .counts = counts, .arena = ARENA_INIT };
	enum status st;
	size_t i;

	*counts = (struct prompts_import_counts){ 0 };
	st = read_all(&x, text, err);
	if (st == STATUS_OK)
		st = prompts_add(s, x.v, x.n, err);
	for (i = 0; i < x.n && st == STATUS_OK; i++)
		count(&x, &x.v[i]);
	free(x.v);
	arena_release(&x.arena);
	return st;
}
