#include "db/audit/known.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

void
known_release(struct known_roots *k)
{
	size_t i;

	for (i = 0; i < k->n; i++) {
		free(k->root[i].note);
		free(k->root[i].where);
	}
	free(k->root);
	memset(k, 0, sizeof(*k));
}

/* "log   NAME\nsize  N\nroot  HEX\n", as audit show prints it. */
static bool
shown_reads(struct slice s, struct checkpoint *c)
{
	char text[512], hex[HASH_HEX];
	int end = 0;

	(void)snprintf(text, sizeof(text), "%.*s", SLICE_ARG(s));
	return sscanf(text, "log %255s size %" SCNu64 " root %64[0-9a-f]%n",
	    c->origin, &c->size, hex, &end) == 3 && c->size <= INT64_MAX &&
	    hash_from_hex(slice_of(hex), &c->root);
}

static struct known_root *
root_insert(struct known_roots *k, uint64_t size)
{
	struct known_root *r = realloc(k->root, (k->n + 1) * sizeof(*r));
	size_t i = k->n;

	if (r == NULL)
		return NULL;
	k->root = r;
	while (i > 0 && r[i - 1].c.size > size)
		i--;
	memmove(r + i + 1, r + i, (k->n - i) * sizeof(*r));
	memset(r + i, 0, sizeof(*r));
	k->n++;
	return r + i;
}

enum status
known_add(struct known_roots *k, const char *where, struct slice s, bool must_sign,
    struct error *err)
{
	struct known_root *r, one = { 0 };
	struct error why = { 0 };
	enum status st;

	if (checkpoint_read(&one.c, s, &why) == STATUS_OK)
		one.is_signed = memmem(s.p, s.n, "\n\n", 2) != NULL;
	else if (!shown_reads(s, &one.c))
		return error_set(err, STATUS_INVALID, "%s: %s", where, why.text);
	if (must_sign && !one.is_signed)
		return error_set(err, STATUS_INVALID, "%s: not signed", where);
	if (one.is_signed && (one.note = strndup(s.p, s.n)) == NULL)
		return error_nomem(err);
	st = (one.where = strdup(where)) == NULL ||
	    (r = root_insert(k, one.c.size)) == NULL ? error_nomem(err) :
	    STATUS_OK;
	if (st == STATUS_OK)
		*r = one;
	else {
		free(one.note);
		free(one.where);
	}
	return st;
}

enum status
known_key(struct known_roots *k, const char *where, struct slice vkey,
    struct error *err)
{
	if (k->nkeys == KNOWN_KEYS_MAX)
		return error_set(err, STATUS_LIMIT, "%s: more than %d keys",
		    where, KNOWN_KEYS_MAX);
	if (note_key_read(&k->key[k->nkeys], vkey, err) != STATUS_OK)
		return error_prefix(err, "%s", where);
	k->nkeys++;
	return STATUS_OK;
}

struct root_telling {
	audit_problem_fn	*report;
	void			*arg;
	unsigned		 n;
};

static void tell(struct root_telling *, const char *, ...) PRINTF(2, 3);

static void
tell(struct root_telling *t, const char *fmt, ...)
{
	char line[1024];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	if (t->report != NULL)
		t->report(t->arg, line);
	t->n++;
}

/* May it be compared: is it of this log, and its signature good? */
static bool
root_stands(struct known_roots *k, const struct known_root *r, const char *log,
    struct root_telling *t)
{
	bool by[KNOWN_KEYS_MAX];
	struct error why = { 0 };
	struct slice text;

	if (strcmp(r->c.origin, log) != 0) {
		tell(t, "%s: a checkpoint of another log, %s", r->where,
		    r->c.origin);
		return false;
	}
	if (!r->is_signed || note_open(slice_of(r->note), k->key, k->nkeys,
	    &text, by, &why) == STATUS_OK)
		return true;
	if (why.code == STATUS_NOMEM)
		k->lacked = true;
	else
		tell(t, "%s: checkpoint %" PRIu64 ": %s", r->where, r->c.size,
		    why.text);
	return false;
}

unsigned
known_compare(struct known_roots *k, struct hasher *hasher, const struct merkle *tree,
    const char *log, audit_problem_fn *report, void *arg)
{
	struct root_telling t = { report, arg, 0 };
	struct known_root *r;
	struct hash root;

	for (; k->next < k->n && k->root[k->next].c.size <= tree->size;
	    k->next++) {
		r = &k->root[k->next];
		if (r->c.size < tree->size || k->differs ||
		    !root_stands(k, r, log, &t))
			continue;
		merkle_root(hasher, tree, &root);
		if (hash_eq(&root, &r->c.root)) {
			k->holds_to = r->c.size;
			if (r->is_signed)
				k->signed_to = r->c.size;
			continue;
		}
		k->differs = true;
		tell(&t, "differs from checkpoint %" PRIu64 " (%s): what was "
		    "altered stands from leaf %" PRIu64 " on, before leaf %"
		    PRIu64, r->c.size, r->where, k->holds_to, r->c.size);
	}
	return t.n;
}

unsigned
known_end(struct known_roots *k, uint64_t size, const char *log,
    audit_problem_fn *report, void *arg)
{
	struct root_telling t = { report, arg, 0 };
	struct known_root *r;

	if (k->next == k->n || k->differs)
		return 0;
	r = &k->root[k->n - 1];
	if (root_stands(k, r, log, &t))
		tell(&t, "shorter than checkpoint %" PRIu64 " (%s): %" PRIu64
		    " leaves are left", r->c.size, r->where, size);
	return t.n;
}
