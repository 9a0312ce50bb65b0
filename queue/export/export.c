#include "queue/export/export.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/base/hash.h"
#include "core/json/write.h"
#include "db/query.h"
#include "queue/export/tools.h"
#include "queue/file.h"
#include "queue/export/redactor.h"

#define EXPORT_MODE	0600

/* One file that is written, or standard output. */
struct split {
	char		 name[64];	/* of the split; "" for the only one */
	double		 share;
	struct out_file	 file;
	struct hasher	*sha;
	int64_t		 rows;
	char		 sha256[HASH_HEX];
};

struct exporting {
	struct session	*s;
	const struct export_options *o;
	struct export_counts *counts;
	struct split	 split[EXPORT_SPLITS_MAX];
	size_t		 nsplits;
	struct out_file	 manifest;
	FILE		*spool;		/* what standard output gets */
	struct hasher	*hasher;
	struct redactor	*redactor;	/* NULL: texts go out as they are */
	struct buf	 line;
	struct arena	 arena;
	char		(*policy)[HASH_HEX];	/* the ids met, each once */
	size_t		 npolicies;
};

/* One "train=0.9" at *s, which is left behind it and its comma. */
static bool
parse_share(const char **s, struct split *p)
{
	size_t n = 0;
	char *end;

	while (isalnum((unsigned char)(*s)[n]) || (*s)[n] == '_' ||
	    (*s)[n] == '-')
		n++;
	if (n == 0 || n >= sizeof(p->name) || (*s)[n] != '=')
		return false;
	memcpy(p->name, *s, n);
	p->share = strtod(*s + n + 1, &end);
	if (end == *s + n + 1 || !(p->share > 0) || p->share > 1 ||
	    (*end != ',' && *end != '\0'))
		return false;
	*s = *end == ',' ? end + 1 : end;
	return true;
}

/* "train=0.9,test=0.1" into splits; the shares make 1, the names differ. */
static enum status
parse_split(struct exporting *x, const char *text, struct error *err)
{
	double sum = 0;
	const char *s = text;
	size_t i;

	do {
		if (x->nsplits == EXPORT_SPLITS_MAX ||
		    !parse_share(&s, &x->split[x->nsplits]))
			return error_set(err, STATUS_INVALID, "--split %s: up to "
			    "%d names with shares are wanted, like "
			    "train=0.9,test=0.1", text, EXPORT_SPLITS_MAX);
		for (i = 0; i < x->nsplits; i++)
			if (strcmp(x->split[i].name, x->split[x->nsplits].name) ==
			    0)
				return error_set(err, STATUS_INVALID, "--split "
				    "%s: %s is there twice", text,
				    x->split[i].name);
		sum += x->split[x->nsplits++].share;
	} while (*s != '\0');
	if (fabs(sum - 1) < 1e-6)
		return STATUS_OK;
	return error_set(err, STATUS_INVALID, "--split %s: the shares make "
	    "%.6g; they have to make 1, like train=0.9,test=0.1", text, sum);
}

static enum status
split_path(const struct exporting *x, const struct split *p, struct buf *b,
    struct error *err)
{
	buf_clear(b);
	buf_puts(b, x->o->path);
	if (p->name[0] != '\0')
		buf_printf(b, ".%s.%s", p->name, x->o->format->extension);
	return buf_check(b, err);
}

static enum status
split_write(struct exporting *x, struct split *p, struct slice s,
    struct error *err)
{
	hash_more(p->sha, s);
	if (x->o->path != NULL)
		return out_file_add(&p->file, s, err);
	if (s.n > 0 && fwrite(s.p, 1, s.n, x->spool) != s.n)
		return error_set(err, STATUS_IO, "a temporary file: %s",
		    strerror(errno));
	return STATUS_OK;
}

/* Does a queue of the policy ask for more than a decision? */
static bool
besides_asked(const struct exporting *x)
{
	const struct policy *p = x->s->policy;
	size_t i;

	for (i = 0; i < p->nqueues; i++)
		if (p->queues[i].nratings > 0 || p->queues[i].evidence)
			return true;
	return false;
}

/* What stands before the first row. */
static enum status
split_head(struct exporting *x, struct split *p, struct error *err)
{
	const struct export_format *f = x->o->format;
	struct buf head = BUF_INIT;
	struct writer w = WRITER(&head, WRITE_SHOWN);
	enum status st;

	if (f->head != NULL)
		buf_puts(&head, besides_asked(x) ? f->head_besides : f->head);
	if (f->member != NULL)
		write_object(&w, NULL);
	if (f->array) {
		write_array(&w, f->member);
		buf_putc(&head, '\n');
	}
	if ((st = buf_check(&head, err)) == STATUS_OK)
		st = split_write(x, p, buf_slice(&head), err);
	buf_release(&head);
	return st;
}

static enum status
split_open(struct exporting *x, struct split *p, struct error *err)
{
	struct buf path = BUF_INIT;
	enum status st = STATUS_OK;

	if ((st = hasher_new(&p->sha, err)) != STATUS_OK)
		return st;
	hash_begin(p->sha);
	if (x->o->path != NULL &&
	    (st = split_path(x, p, &path, err)) == STATUS_OK)
		st = out_file_open(&p->file, buf_str(&path), EXPORT_MODE, err);
	buf_release(&path);
	return st == STATUS_OK ? split_head(x, p, err) : st;
}

static enum status
split_finish(struct exporting *x, struct split *p, struct error *err)
{
	struct hash h;
	enum status st = STATUS_OK;

	if (x->o->format->tail != NULL)
		st = split_write(x, p, slice_of(x->o->format->tail), err);
	if (st != STATUS_OK)
		return st;
	hash_end(p->sha, &h);
	hash_hex(&h, p->sha256);
	return st;
}

/*
 * All items of one input fall on one side.  What is compared is what a row will
 * teach: the messages as they read, however their JSON is written and whatever
 * context stood beside them; the context where there are none.
 */
static struct split *
split_of(struct exporting *x, const struct item *item)
{
	struct slice key = item->messages.p != NULL ?
	    export_input_text(item, &x->arena) : item->context.p != NULL ?
	    item->context : item->id;
	uint64_t v = 0;
	struct hash h;
	double at;
	size_t i;

	if (x->nsplits == 1)
		return &x->split[0];
	hash_parts(x->hasher, &key, 1, &h);
	for (i = 0; i < 7; i++)
		v = v << 8 | h.b[i];
	at = (double)v / 72057594037927936.0;		/* 2^56 */
	for (i = 0; i + 1 < x->nsplits && at >= x->split[i].share; i++)
		at -= x->split[i].share;
	return &x->split[i];
}

static void
skip(struct exporting *x, const char *reason)
{
	struct export_counts *c = x->counts;
	int64_t i;

	for (i = 0; i < c->nskips; i++)
		if (strcmp(c->skip[i].reason, reason) == 0) {
			c->skip[i].n++;
			return;
		}
	if (c->nskips < EXPORT_SKIPS_MAX)
		c->skip[c->nskips++] = (struct export_skip){ reason, 1 };
	else
		c->skip[EXPORT_SKIPS_MAX - 1].n++;
}

static enum status
note_policy(struct exporting *x, struct slice id, struct error *err)
{
	char (*p)[HASH_HEX];
	size_t i;

	for (i = x->npolicies; i > 0; i--)
		if (slice_is(id, x->policy[i - 1]))
			return STATUS_OK;
	if (id.n >= HASH_HEX)
		return STATUS_OK;
	p = realloc(x->policy, (x->npolicies + 1) * sizeof(*p));
	if (p == NULL)
		return error_nomem(err);
	x->policy = p;
	memcpy(p[x->npolicies], id.p, id.n);
	p[x->npolicies++][id.n] = '\0';
	return STATUS_OK;
}

/* The decision that stands, and the text it made. */
static void
row_last(struct export_row *r, const struct item_detail *d, int64_t seq)
{
	size_t i;

	r->d = d;
	r->final = SLICE_NONE;
	for (i = 0; i < d->ndecisions; i++)
		if (d->decisions[i].seq == seq)
			r->last = &d->decisions[i];
	if (slice_is(r->last->decision, "edit"))
		r->final = r->last->output;
	else if (slice_is(r->last->decision, "accept"))
		r->final = d->item.output;
}

static enum status
export_item(struct exporting *x, int64_t item, int64_t seq, struct error *err)
{
	const struct export_format *f = x->o->format;
	struct export_row r = { 0 };
	struct item_detail d;
	struct split *p;
	const char *why;
	enum status st;

	arena_reset(&x->arena);
	if ((st = item_detail_load_within(x->s, item, &x->arena, &d, err)) !=
	    STATUS_OK || (st = note_policy(x, d.row.policy, err)) != STATUS_OK)
		return st;
	if (d.erased) {
		skip(x, "its text was erased");
		return STATUS_OK;
	}
	if (x->redactor != NULL && (st = redactor_detail(x->redactor, &d,
	    &x->arena, err)) != STATUS_OK)
		return error_prefix(err, "%.*s", SLICE_ARG(d.row.id));
	p = split_of(x, &d.item);	/* by the input as it goes out */
	row_last(&r, &d, seq);
	r.besides = besides_asked(x);
	buf_clear(&x->line);
	if (f->between != NULL && p->rows > 0)
		buf_puts(&x->line, f->between);
	if ((why = f->row(&x->line, &r, &x->arena)) != NULL) {
		skip(x, why);
		return STATUS_OK;
	}
	if (f->between == NULL)
		buf_puts(&x->line, f->eol);
	if ((st = buf_check(&x->line, err)) != STATUS_OK ||
	    (st = split_write(x, p, buf_slice(&x->line), err)) != STATUS_OK)
		return st;
	p->rows++;
	x->counts->rows++;
	return STATUS_OK;
}

static enum status
export_rows(struct exporting *x, struct error *err)
{
	const struct export_options *o = x->o;
	struct query *q;
	enum status st;
	bool row;

	if ((st = query_new_where(&q, x->s->store, QUERY_EXPORT_ROWS, o->where,
	    err)) != STATUS_OK)
		return st;
	query_bind_int(q, EXPORT_ROWS_since, o->since_ms);
	query_bind_int(q, EXPORT_ROWS_until, o->until_ms < 0 ? INT64_MAX :
	    o->until_ms);
	query_bind_int(q, EXPORT_ROWS_undone, o->format->undone);
	while ((st = query_step(q, &row, err)) == STATUS_OK && row) {
		if (o->stop != NULL && *o->stop != 0)
			st = error_set(err, STATUS_INTERRUPTED,
			    "interrupted; nothing was written");
		else
			st = export_item(x, query_int(q, EXPORT_ROWS_ITEM),
			    query_int(q, EXPORT_ROWS_SEQ),
			    err);
		if (st != STATUS_OK)
			break;
	}
	query_free(q);
	return st;
}

/* The leaf of the export, and the log's size and root with it. */
static enum status
export_leaf(struct exporting *x, uint64_t *size, struct hash *root,
    struct error *err)
{
	struct actor who = session_actor(x->s);
	struct hash all;
	struct slice sums[EXPORT_SPLITS_MAX];
	struct leaf_field f[] = {
		{ .key = "format", .text = slice_of(x->o->format->name) },
		{ .key = "rows", .type = LEAF_INT, .number = x->counts->rows },
		{ .key = "file_sha256", .text = slice_of(x->split[0].sha256) }
	};
	enum status st;
	int64_t seq;
	char hex[HASH_HEX];
	size_t i;

	if (x->nsplits > 1) {	/* of several files: the hash of their hashes */
		for (i = 0; i < x->nsplits; i++)
			sums[i] = slice_of(x->split[i].sha256);
		hash_parts(x->hasher, sums, x->nsplits, &all);
		hash_hex(&all, hex);
		f[2].text = slice_of(hex);
	}
	if ((st = audit_append(x->s->store, &who, store_now_ms(x->s->store), "export",
	    SLICE_NONE, f, 3, &seq, err)) != STATUS_OK)
		return st;
	return audit_root(x->s->store, size, root, err);
}

static void
manifest_filter(struct writer *w, const struct export_options *o)
{
	write_object(w, "filter");
	write_time(w, "since", o->since_ms);
	write_time(w, "until", o->until_ms);
	write_word(w, "where", o->where);
	write_word(w, "split", o->split);
	write_bool(w, "redact", o->redact);
	write_end(w);
}

static enum status
manifest_files(struct exporting *x, struct writer *w, struct error *err)
{
	struct buf path = BUF_INIT;
	enum status st = STATUS_OK;
	size_t i;

	write_array(w, "files");
	for (i = 0; i < x->nsplits && st == STATUS_OK; i++) {
		st = split_path(x, &x->split[i], &path, err);
		write_object(w, NULL);
		write_text(w, "path", buf_slice(&path));
		write_int(w, "rows", x->split[i].rows);
		write_word(w, "sha256", x->split[i].sha256);
		write_end(w);
	}
	write_end(w);
	buf_release(&path);
	return st;
}

static void
manifest_counts(struct writer *w, const struct exporting *x)
{
	size_t i;

	write_array(w, "policies");
	for (i = 0; i < x->npolicies; i++)
		write_word(w, NULL, x->policy[i]);
	write_end(w);
	write_int(w, "rows", x->counts->rows);
	write_object(w, "skipped");
	for (i = 0; i < (size_t)x->counts->nskips; i++)
		write_int(w, x->counts->skip[i].reason, x->counts->skip[i].n);
	write_end(w);
}

static enum status
manifest_text(struct exporting *x, uint64_t size, const struct hash *root,
    struct buf *b, struct error *err)
{
	struct writer w = WRITER(b, WRITE_SHOWN);
	char hex[HASH_HEX];
	enum status st;

	w.lines = true;
	hash_hex(root, hex);
	write_object(&w, NULL);
	write_word(&w, "format", x->o->format->name);
	write_time(&w, "created_at", store_now_ms(x->s->store));
	write_word(&w, "by", x->s->who.name);
	manifest_filter(&w, x->o);
	manifest_counts(&w, x);
	if ((st = manifest_files(x, &w, err)) != STATUS_OK)
		return st;
	write_object(&w, "audit");
	write_word(&w, "log", store_log(x->s->store));
	write_uint(&w, "size", size);
	write_word(&w, "root", hex);
	write_bool(&w, "test", store_is_test(x->s->store));
	write_end(&w);
	write_end(&w);
	write_line(&w);
	return buf_check(b, err);
}

static enum status
manifest_write(struct exporting *x, uint64_t size, const struct hash *root,
    struct error *err)
{
	struct buf text = BUF_INIT;
	enum status st;

	if ((st = manifest_text(x, size, root, &text, err)) == STATUS_OK &&
	    (st = out_file_add(&x->manifest, buf_slice(&text), err)) ==
	    STATUS_OK)
		st = out_file_sync(&x->manifest, err);
	buf_release(&text);
	return st;
}

/* The leaf stands before any file does, and only when every byte of them is on
 * disk, the manifest's too. */
static enum status
export_commit(struct exporting *x, struct error *err)
{
	uint64_t size;
	struct hash root;
	enum status st = STATUS_OK;
	size_t i;

	for (i = 0; i < x->nsplits && st == STATUS_OK && x->o->path != NULL; i++)
		st = out_file_sync(&x->split[i].file, err);
	if (st != STATUS_OK ||
	    (st = store_begin(x->s->store, DURABLE_NOW, err)) != STATUS_OK)
		return st;
	if ((st = export_leaf(x, &size, &root, err)) == STATUS_OK &&
	    x->o->path != NULL)
		st = manifest_write(x, size, &root, err);
	if (st != STATUS_OK) {
		store_rollback(x->s->store);
		return st;
	}
	return store_commit(x->s->store, err);
}

/* Nothing leaves through standard output before the log has its leaf, so that
 * no reader who hangs up early leaves the log without his rows. */
static enum status
spool_print(FILE *spool, struct error *err)
{
	char block[65536];
	size_t n;

	rewind(spool);
	while ((n = fread(block, 1, sizeof(block), spool)) > 0)
		if (fwrite(block, 1, n, stdout) != n)
			break;
	if (ferror(spool))
		return error_set(err, STATUS_IO, "a temporary file: %s",
		    strerror(errno));
	if (n > 0 || fflush(stdout) != 0)
		return error_set(err, STATUS_IO, "standard output: %s; the log "
		    "has the export all the same", strerror(errno));
	return STATUS_OK;
}

static enum status
export_appear(struct exporting *x, struct error *err)
{
	enum status st = STATUS_OK;
	size_t i;

	if (x->o->path == NULL)
		return spool_print(x->spool, err);
	for (i = 0; i < x->nsplits && st == STATUS_OK; i++)
		st = out_file_commit(&x->split[i].file, err);
	return st == STATUS_OK ? out_file_commit(&x->manifest, err) : st;
}

static enum status
manifest_open(struct exporting *x, struct error *err)
{
	struct buf path = BUF_INIT;
	enum status st;

	buf_printf(&path, "%s.manifest.json", x->o->path);
	if ((st = buf_check(&path, err)) == STATUS_OK)
		st = out_file_open(&x->manifest, buf_str(&path), EXPORT_MODE,
		    err);
	buf_release(&path);
	return st;
}

static enum status
export_begin(struct exporting *x, struct error *err)
{
	enum status st;
	size_t i;

	if ((st = session_require(x->s, MAY_EXPORT, "export", err)) != STATUS_OK)
		return st;
	if (x->o->split == NULL)
		x->nsplits = 1;
	else if (x->o->path == NULL)
		return error_set(err, STATUS_INVALID,
		    "--split needs -o FILE: it writes FILE.NAME.%s",
		    x->o->format->extension);
	else if ((st = parse_split(x, x->o->split, err)) != STATUS_OK)
		return st;
	if ((st = hasher_new(&x->hasher, err)) != STATUS_OK ||
	    (x->o->redact && (st = redactor_new(&x->redactor, err)) !=
	    STATUS_OK))
		return st;
	if (x->o->path == NULL && (x->spool = tmpfile()) == NULL)
		return error_set(err, STATUS_IO, "a temporary file: %s",
		    strerror(errno));
	for (i = 0; i < x->nsplits; i++)
		if ((st = split_open(x, &x->split[i], err)) != STATUS_OK)
			return st;
	return x->o->path == NULL ? STATUS_OK : manifest_open(x, err);
}

static enum status
export_all(struct exporting *x, struct error *err)
{
	enum status st;
	size_t i;

	if ((st = export_begin(x, err)) != STATUS_OK ||
	    (st = store_begin_read(x->s->store, err)) != STATUS_OK)
		return st;
	st = export_rows(x, err);
	store_end_read(x->s->store);
	for (i = 0; i < x->nsplits && st == STATUS_OK; i++)
		st = split_finish(x, &x->split[i], err);
	if (st == STATUS_OK && (st = export_commit(x, err)) == STATUS_OK)
		st = export_appear(x, err);
	return st;
}

enum status
export_run(struct session *s, const struct export_options *o,
    struct export_counts *counts, struct error *err)
{
	struct exporting x = { .s = s, .o = o, .counts = counts };
	enum status st;
	size_t i;

	memset(counts, 0, sizeof(*counts));
	st = export_all(&x, err);
	for (i = 0; i < EXPORT_SPLITS_MAX; i++) {
		out_file_drop(&x.split[i].file);
		hasher_free(x.split[i].sha);
	}
	out_file_drop(&x.manifest);
	if (x.spool != NULL)
		(void)fclose(x.spool);
	hasher_free(x.hasher);
	redactor_free(x.redactor);
	buf_release(&x.line);
	arena_release(&x.arena);
	free(x.policy);
	return st;
}
